// Package population draws event logs of people with a known taste, by chance
// alone: no market, no eyes, no legs. It is for volume, where souklab simulate, which walks
// each shopper, would take days: ten million rows in a minute.
package population

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"sort"
	"strconv"

	"souk/world"
	"souk/world/catalog"
)

// Config says how many people do how much.
type Config struct {
	People int // ≥ 1
	Events int // rows in all without the dirt, ≥ 1
	Seed   uint64
	// Dirt is the share of rows that no person can have made, in [0,0.5], in equal parts: duplicates, unknown
	// items, jumps of the clock, looks beyond the cap, hours in view, and robots.
	Dirt  float64
	Epoch float64 // Unix time of the first row, seconds
}

// Check says which setting is out of range; nil if none is.
func (c Config) Check() error {
	switch {
	case c.People < 1 || c.Events < 1:
		return fmt.Errorf("population: %d people and %d events, must be at least 1", c.People, c.Events)
	case !(c.Dirt >= 0 && c.Dirt <= 0.5):
		return fmt.Errorf("population: a share of dirt of %v, must be from 0 to 0.5", c.Dirt)
	case c.Epoch-c.Epoch != 0:
		return fmt.Errorf("population: the epoch is %v, no finite number", c.Epoch)
	}
	return nil
}

// market is the catalogue, ready to draw from.
type market struct {
	cat      *catalog.Catalog
	byRoot   [][]int32   // items of each kind of thing
	chances  [][]float64 // their summed popularity
	all      []int32
	chance   []float64
	roots    []world.CategoryIndex // of byRoot
	features int
}

// newMarket gives items a popularity that falls as 1/rank^0.8, in an order of
// its own.
func newMarket(c *catalog.Catalog, rng *rand.Rand) *market {
	m := &market{cat: c, features: catalog.FeatureDim}
	at := make(map[world.CategoryIndex]int)
	for rank, i := range rng.Perm(len(c.Items)) {
		p := math.Pow(float64(rank+1), -0.8)
		root := c.Items[i].Category
		k, ok := at[root]
		if !ok {
			k = len(m.roots)
			at[root] = k
			m.roots = append(m.roots, root)
			m.byRoot, m.chances = append(m.byRoot, nil), append(m.chances, nil)
		}
		m.byRoot[k], m.chances[k] = append(m.byRoot[k], int32(i)), grow(m.chances[k], p)
		m.all, m.chance = append(m.all, int32(i)), grow(m.chance, p)
	}
	return m
}

func grow(sums []float64, p float64) []float64 {
	if len(sums) > 0 {
		p += sums[len(sums)-1]
	}
	return append(sums, p)
}

func draw(rng *rand.Rand, items []int32, sums []float64) int32 {
	return items[min(len(items)-1, sort.SearchFloat64s(sums, rng.Float64()*sums[len(sums)-1]))]
}

// person has a few kinds of things to look for and a look that is liked.
type person struct {
	loved []int
	likes []float32
	level float64
}

func (m *market) person(rng *rand.Rand) person {
	p := person{likes: make([]float32, m.features)}
	for range 3 {
		p.loved = append(p.loved, rng.IntN(len(m.byRoot)))
	}
	for range 2 {
		of := p.loved[rng.IntN(len(p.loved))]
		for i, x := range m.cat.Feature(world.ItemIndex(draw(rng, m.byRoot[of], m.chances[of]))) {
			p.likes[i] += x / 2
		}
	}
	for _, x := range p.likes {
		p.level += float64(x) * float64(x)
	}
	return p
}

// utility is how much the person likes an item: about 0 for most, above 1 for
// what is loved.
func (m *market) utility(p *person, item int32) float64 {
	sum := 0.0
	for i, x := range m.cat.Feature(world.ItemIndex(item)) {
		sum += float64(x) * float64(p.likes[i])
	}
	return 3*sum/math.Max(p.level, 1e-9) - 1
}

// Draw calls each for every row, person after person, in order of time within
// a session. The same settings and catalogue give the same rows. The event is only valid
// during the call. A cancelled ctx, or an error of each, ends it.
func Draw(ctx context.Context, c *catalog.Catalog, cfg Config, each func(ev *world.Event) error) error {
	if err := cfg.Check(); err != nil {
		return err
	}
	rng := rand.New(rand.NewPCG(cfg.Seed, 0x706f70))
	m := newMarket(c, rng)
	s := &stream{m: m, cfg: cfg, rng: rng, each: each}
	left := cfg.Events
	for k := range cfg.People {
		if err := ctx.Err(); err != nil {
			return err
		}
		mean := float64(left) / float64(cfg.People-k)
		n := int(math.Round(mean * (0.25 + 1.5*rng.Float64())))
		if k == cfg.People-1 {
			n = left
		}
		n = min(n, left)
		left -= n
		if err := s.person(k, n); err != nil {
			return err
		}
	}
	return nil
}

// stream writes the rows of one person after the other.
type stream struct {
	m    *market
	cfg  Config
	rng  *rand.Rand
	each func(ev *world.Event) error
	row  int
	ev   world.Event
}

func (s *stream) emit() error {
	s.row++
	s.ev.ID = "e" + strconv.FormatInt(int64(s.row), 10)
	return s.each(&s.ev)
}

// person makes n rows, in sessions of about forty.
func (s *stream) person(k, n int) error {
	rng, p := s.rng, s.m.person(s.rng)
	name := fmt.Sprintf("u%07d", k)
	t := s.cfg.Epoch + 30*86400*rng.Float64()
	session := 0
	for done := 0; done < n; {
		if done == 0 || rng.IntN(40) == 0 {
			session++
			t += 86400 * (0.5 + 3*rng.Float64())
		}
		var item int32
		if rng.Float64() < 0.6 {
			of := p.loved[rng.IntN(len(p.loved))]
			item = draw(rng, s.m.byRoot[of], s.m.chances[of])
		} else {
			item = draw(rng, s.m.all, s.m.chance)
		}
		t += 1 + 4*rng.Float64()
		s.ev = world.Event{Visitor: name, Session: name + "-" + strconv.Itoa(session), Time: t, Item: s.m.cat.Items[item].ID,
			Exposure: float32(0.02 + 0.2*rng.Float64()), InView: float32(1 + 3*rng.Float64()), Eccentricity: float32(0.4 * rng.Float64()),
			Slot: world.NoSlot, Source: world.SourceSimulated}
		made, err := s.look(s.m.utility(&p, item), n-done)
		if err != nil {
			return err
		}
		done += made
		if s.cfg.Dirt > 0 && rng.Float64() < s.cfg.Dirt*float64(made) {
			if err := s.dirt(); err != nil {
				return err
			}
		}
	}
	return nil
}

// look is what a person does with an item in view: passes, or looks, the longer the
// more it is liked, and perhaps acts.
func (s *stream) look(u float64, most int) (made int, err error) {
	rng := s.rng
	if rng.Float64() > 1/(1+math.Exp(-1.5*u)) {
		s.ev.Kind = world.EventExposure
		return 1, s.emit()
	}
	s.ev.Kind, s.ev.Dwell = world.EventDwell, float32(math.Min(300, 0.6*math.Exp(0.7*u+0.5*rng.NormFloat64())))
	if err := s.emit(); err != nil {
		return 1, err
	}
	made = 1
	s.ev.Dwell = 0
	for _, act := range [...]struct {
		kind  world.EventKind
		least float64
	}{{world.EventOpen, 0.8}, {world.EventLike, 1.3}, {world.EventCart, 1.6}, {world.EventPurchase, 1.9}} {
		if made < most && u+0.4*rng.NormFloat64() > act.least {
			s.ev.Kind = act.kind
			s.ev.Time += 0.5
			if err := s.emit(); err != nil {
				return made, err
			}
			made++
		}
	}
	return made, nil
}

// dirt repeats the last row in a way that no person can have made it.
func (s *stream) dirt() error {
	was := s.ev
	defer func() { s.ev = was }()
	switch s.rng.IntN(6) {
	case 0: // the same row comes twice
		return s.each(&s.ev)
	case 1:
		s.ev.Item = "gone-" + s.ev.Item
	case 2: // the clock was set
		s.ev.Time -= 40 * 86400
	case 3:
		s.ev.Kind, s.ev.Dwell = world.EventDwell, 5000
	case 4:
		s.ev.Kind, s.ev.InView = world.EventExposure, 20_000
	default: // a robot reads the shelf: 400 rows in half a minute, so it comes seldom
		if s.rng.IntN(400) > 0 {
			return nil
		}
		s.ev.Visitor, s.ev.Session, s.ev.Kind = "robot"+strconv.Itoa(s.row), "", world.EventOpen
		for range 400 {
			s.ev.Time += 0.07
			s.ev.Item = s.m.cat.Items[draw(s.rng, s.m.all, s.m.chance)].ID
			if err := s.emit(); err != nil {
				return err
			}
		}
		return nil
	}
	return s.emit()
}
