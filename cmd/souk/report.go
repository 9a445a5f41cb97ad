package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"souk/world"
	"souk/world/client"
)

// numbers count a visit, for its report.
type numbers struct {
	frames, drawn        int
	seconds, walked      float64
	slow                 int // frames longer than 1/20 s
	visits               int
	dwell                map[world.ItemIndex]float64
	placements, explored int
	reranked             int
	likes, hides, carts  int
	purchases            int
	met                  map[uint32]string
	peak                 int
	notices              []notice
	pictures             []string
	started              bool
	wall                 float64
	x, z                 float64
	renderer             string
}

// add takes one step in.
func (n *numbers) add(s *session, dt float64) {
	d := s.decision
	n.frames++
	n.seconds += dt
	if n.started {
		dx, dz := s.head.Pos.X-n.x, s.head.Pos.Z-n.z
		n.walked += math.Hypot(dx, dz)
	}
	n.started, n.x, n.z = true, s.head.Pos.X, s.head.Pos.Z
	for i := range d.Events {
		e := &d.Events[i]
		switch e.Kind {
		case world.EventDwell:
			n.visits++
			if item, ok := s.market.Catalog.Index(e.Item); ok {
				if n.dwell == nil {
					n.dwell = map[world.ItemIndex]float64{}
				}
				n.dwell[item] += float64(e.Dwell)
			}
		case world.EventLike:
			n.likes++
		case world.EventHide:
			n.hides++
		case world.EventCart:
			n.carts++
		}
	}
	for i := range d.Placements {
		if d.Placements[i].Item != world.NoItem {
			n.placements++
			if d.Placements[i].Explored {
				n.explored++
			}
		}
	}
	if d.Reranked {
		n.reranked++
	}
}

// meet counts the people who came near, and says so the first time.
func (n *numbers) meet(s *session, people []client.Avatar) {
	n.peak = max(n.peak, len(people))
	for i := range people {
		if _, known := n.met[people[i].ID]; known {
			continue
		}
		if n.met == nil {
			n.met = map[uint32]string{}
		}
		n.met[people[i].ID] = people[i].Name
		s.tell(notice{kind: noticeCame, text: people[i].Name})
		s.say("%s is here.", people[i].Name)
	}
}

// figures are a report's numbers as they are written in JSON.
type figures struct {
	Catalogue  string   `json:"catalogue"`
	Items      int      `json:"items"`
	Model      string   `json:"model"`
	Ranker     string   `json:"ranker"`
	Renderer   string   `json:"renderer"`
	Shopper    bool     `json:"simulated_shopper"`
	Consent    string   `json:"consent"`
	Seconds    float64  `json:"seconds"`
	Frames     int      `json:"frames"`
	FPS        float64  `json:"frames_per_second"`
	Slow       int      `json:"frames_over_50_ms"`
	Walked     float64  `json:"metres_walked"`
	Attended   int      `json:"items_attended"`
	Visits     int      `json:"visits_of_attention"`
	Dwell      float64  `json:"seconds_of_attention"`
	Rankings   int      `json:"rankings"`
	Placements int      `json:"placements"`
	Explored   int      `json:"placements_to_learn"`
	Likes      int      `json:"likes"`
	Hides      int      `json:"hides"`
	Carts      int      `json:"carts"`
	Purchases  int      `json:"purchases"`
	People     []string `json:"people_met"`
	Uploaded   uint64   `json:"events_let_out"`
	Held       uint64   `json:"events_held_back"`
	Recording  string   `json:"recording,omitempty"`
	Pictures   []string `json:"pictures,omitempty"`
}

// figures sums the visit up.
func (s *session) figures() figures {
	n := &s.numbers
	f := figures{
		Catalogue: s.market.Catalog.Name, Items: len(s.market.Catalog.Items), Model: s.market.ModelName, Ranker: s.o.ranker, Renderer: n.renderer,
		Shopper: s.o.shopper, Consent: s.tier.String(), Seconds: n.seconds, Frames: n.frames, Slow: n.slow, Walked: n.walked,
		Attended: len(n.dwell), Visits: n.visits, Rankings: n.reranked, Placements: n.placements, Explored: n.explored,
		Likes: n.likes, Hides: n.hides, Carts: n.carts, Purchases: n.purchases, Pictures: n.pictures, Recording: s.recPath,
		Uploaded: s.gate.Total().Passed, Held: s.gate.Total().Held, People: []string{},
	}
	if n.wall > 0 {
		f.FPS = float64(n.drawn) / n.wall
	}
	for _, item := range slices.Sorted(maps.Keys(n.dwell)) {
		f.Dwell += n.dwell[item]
	}
	for _, id := range slices.Sorted(maps.Keys(n.met)) {
		f.People = append(f.People, n.met[id])
	}
	return f
}

// markdown words the report.
func (s *session) markdown() string {
	f := s.figures()
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("# A visit to the market\n")
	who := "A visitor"
	if f.Shopper {
		who = "A simulated shopper"
	}
	p("%s walked %.0f m through %s (%d items) in %.0f s. Pedestals by: %s, model: %s.\n", who, f.Walked, f.Catalogue, f.Items, f.Seconds, f.Ranker, f.Model)
	p("| | |\n|---|---|")
	p("| frames drawn | %d, %.1f a second (%d over 50 ms), %s |", f.Frames, f.FPS, f.Slow, f.Renderer)
	p("| items attended to | %d in %d visits, %.1f s together |", f.Attended, f.Visits, f.Dwell)
	p("| rankings of all items | %d |", f.Rankings)
	p("| items put on pedestals | %d, of them %d to learn |", f.Placements, f.Explored)
	p("| likes, hides, carts, purchases | %d, %d, %d, %d |", f.Likes, f.Hides, f.Carts, f.Purchases)
	p("| people met | %d %s |", len(f.People), strings.Join(f.People, ", "))
	p("| consent | %s: %d events left this machine, %d stayed |", f.Consent, f.Uploaded, f.Held)
	if f.Recording != "" {
		p("| recording | `%s` |", f.Recording)
	}
	p("\n## Longest looked at\n\n| item | category | seconds |\n|---|---|---|")
	items := slices.SortedFunc(maps.Keys(s.numbers.dwell), func(a, b world.ItemIndex) int {
		return cmp.Or(cmp.Compare(s.numbers.dwell[b], s.numbers.dwell[a]), cmp.Compare(a, b))
	})
	c := s.market.Catalog
	for _, item := range items[:min(10, len(items))] {
		p("| %s | %s | %.1f |", c.Items[item].Name.EN, c.Categories[c.Items[item].Category].Name.EN, s.numbers.dwell[item])
	}
	if s.decision != nil && len(s.decision.Ranked) > 0 {
		p("\n## What Souk thinks is liked\n\n| item | category | expected share of attention |\n|---|---|---|")
		for _, r := range s.decision.Ranked[:min(10, len(s.decision.Ranked))] {
			p("| %s | %s | %.2f %% |", c.Items[r.Item].Name.EN, c.Categories[c.Items[r.Item].Category].Name.EN, 100*r.Attention)
		}
	}
	if len(f.Pictures) > 0 {
		p("\n## Pictures\n")
		for _, path := range f.Pictures {
			p("![%s](%s)\n", filepath.Base(path), filepath.Base(path))
		}
	}
	return b.String()
}

// writeReport writes report.md and report.json into the report's folder and
// returns their paths.
func (s *session) writeReport() ([]string, error) {
	md, js := filepath.Join(s.o.report, "report.md"), filepath.Join(s.o.report, "report.json")
	b, err := json.MarshalIndent(s.figures(), "", "  ")
	if err == nil {
		err = writeWhole(js, append(b, '\n'))
	}
	if err == nil {
		err = writeWhole(md, []byte(s.markdown()))
	}
	if err != nil {
		return nil, fmt.Errorf("writing the report to %s: %w", s.o.report, err)
	}
	return []string{md, js}, nil
}
