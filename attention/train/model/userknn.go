package model

import (
	"context"
	"math"
	"slices"
)

func init() {
	register(Spec{
		Name:     "user-knn",
		About:    "What the people touched who touched the same, rare items and the last touches counting most, what came next most of all.",
		Source:   "Vector multiplication session neighbours of Ludewig and Jannach 2018 and V-STAN of Ludewig, Mauro, Latifi and Jannach 2021, in their idea; the form is ours",
		Trials:   24,
		Seedless: true,
		Parameters: []Parameter{
			{Name: "people", Default: 300, Low: 20, High: 2000, Log: true, Whole: true, About: "neighbours that vote"},
			{Name: "tau", Default: 5, Low: 0.5, High: 100, Log: true, About: "age in touches at which a touch counts 1/e in finding neighbours"},
			{Name: "rare", Default: 0.5, Low: 0, High: 1.5, About: "exponent: a shared item of n touches counts n^−rare"},
			{Name: "length", Default: 0.5, Low: 0, High: 1, About: "exponent: a neighbour of n touches counts n^−length"},
			{Name: "near", Default: 5, Low: 0.5, High: 100, Log: true, About: "distance in touches from the shared item at which a neighbour's item counts 1/e"},
			{Name: "back", Default: 0.5, Low: 0, High: 1, About: "what a neighbour's item before the shared one counts beside one after"},
			{Name: "target", Default: 0.1, Low: 0, High: 1, About: "exponent of the scaling by how common the scored item is"},
			{Name: "last", Default: 20, Low: 1, High: 100, Log: true, Whole: true, About: "touches that find neighbours"},
		},
		New: newUserKNN,
	})
}

type userKNN struct {
	people, last                          int
	tau, rare, length, near, back, target float64

	data    *Data
	start   []int
	list    []occurrence
	rarity  []float32 // by item
	common  []float32 // by item
	size    []float32 // by user
	decay   []float32 // by age
	forward []float32 // by distance
}

func newUserKNN(set Settings) (Model, error) {
	v, err := values("user-knn", set)
	if err != nil {
		return nil, err
	}
	return &userKNN{people: int(v["people"]), last: int(v["last"]), tau: v["tau"], rare: v["rare"], length: v["length"],
		near: v["near"], back: v["back"], target: v["target"]}, nil
}

// Fit implements [Model]: it indexes the histories, which are kept.
func (m *userKNN) Fit(ctx context.Context, d *Data, _ Run) error {
	m.data = d
	m.start, m.list = occurrences(d)
	count := counts(d)
	m.rarity, m.common = power(count, 1, m.rare), power(count, 5, m.target)
	m.size = make([]float32, len(d.Histories))
	for u, h := range d.Histories {
		m.size[u] = float32(math.Pow(float64(max(1, len(h))), -m.length))
	}
	m.decay, m.forward = decays(m.tau, m.last), decays(m.near, longest)
	return ctx.Err()
}

type userScorer struct {
	m       *userKNN
	weight  []float32 // by user
	at      []int32   // by user: where the shared item that counts most stands
	most    []float32 // by user: what it counts
	touched []int32
}

func (m *userKNN) NewScorer() Scorer {
	n := len(m.data.Histories)
	return &userScorer{m: m, weight: make([]float32, n), at: make([]int32, n), most: make([]float32, n)}
}

// Score implements [Scorer].
func (s *userScorer) Score(dst []float32, h History) {
	clear(dst)
	m := s.m
	for age, w := range m.decay {
		if age >= len(h) {
			break
		}
		item := h[len(h)-1-age].Item
		w *= m.rarity[item]
		for _, o := range m.list[m.start[item]:m.start[item+1]] {
			if s.weight[o.user] == 0 {
				s.touched = append(s.touched, o.user)
			}
			s.weight[o.user] += w
			if w > s.most[o.user] {
				s.most[o.user], s.at[o.user] = w, o.at
			}
		}
	}
	s.keepBest()
	for _, u := range s.touched {
		w := s.weight[u] * m.size[u]
		for i, t := range m.data.Histories[u] {
			near := float32(1)
			if gap := i - int(s.at[u]); gap > 0 && gap < len(m.forward) {
				near = m.forward[gap]
			} else if gap < 0 && -gap < len(m.forward) {
				near = float32(m.back) * m.forward[-gap]
			} else if gap != 0 {
				continue
			}
			dst[t.Item] += w * near * m.common[t.Item]
		}
	}
	s.reset(s.touched)
	s.touched = s.touched[:0]
}

// keepBest leaves the neighbours that count most in touched.
func (s *userScorer) keepBest() {
	if len(s.touched) <= s.m.people {
		slices.Sort(s.touched)
		return
	}
	slices.SortFunc(s.touched, func(a, b int32) int {
		switch wa, wb := s.weight[a]*s.m.size[a], s.weight[b]*s.m.size[b]; {
		case wa > wb:
			return -1
		case wa < wb:
			return 1
		}
		return int(a - b)
	})
	s.reset(s.touched[s.m.people:])
	s.touched = s.touched[:s.m.people]
	slices.Sort(s.touched)
}

func (s *userScorer) reset(users []int32) {
	for _, u := range users {
		s.weight[u], s.most[u], s.at[u] = 0, 0, 0
	}
}
