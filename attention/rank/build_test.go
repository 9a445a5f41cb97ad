package rank_test

import (
	"fmt"
	"hash/crc64"
	"math"
	"math/rand/v2"
	"testing"

	"souk/attention/rank"
	"souk/attention/signal"
	"souk/world"
	"souk/world/catalog"
)

// A recording that is made on one machine must replay on another: the decisions of a
// session with everything on are compared, bit by bit, with those that are written
// down here, in the build with vector instructions and in the one without.
func TestDecisionsAreTheSameInEveryBuild(t *testing.T) {
	const want = "aff5050a8c8a4567"
	rng := rand.New(rand.NewPCG(1, 9))
	small := func() float32 { return rng.Float32() - 0.5 } // no NormFloat64: that is the library's own
	m := &rank.Model{Items: 900, Dim: 24, Factors: make([]float32, 900*24), Popularity: make([]float32, 900),
		Temperature: 0.2, Regularisation: 0.01, Base: 0.1,
		Blend:       rank.Blend{Factors: 1, Transition: 0.5, Content: 0.3, Prior: 0.3, Tau: 3, Recent: 20},
		NewReranker: func() rank.Reranker { return late{} }}
	for i := range m.Factors {
		m.Factors[i] = small()
	}
	for i := range m.Popularity {
		m.Popularity[i] = -6 - rng.Float32()
	}
	m.Transitions = someTransitions(t, m.Items, 16, 5)
	c := &catalog.Catalog{Items: make([]world.Item, m.Items), Features: make([]float32, m.Items*catalog.FeatureDim)}
	for i := range c.Features {
		c.Features[i] = small()
	}
	cfg := rank.DefaultConfig()
	cfg.Memory, cfg.Adapter, cfg.Habits = 40, 5, 2
	r := mustOpen(t, m, c, cfg)
	sum := crc64.New(crc64.MakeTable(crc64.ECMA))
	for k := range 200 {
		s := signal.Signal{T: float64(k), Item: world.ItemIndex(rng.IntN(m.Items)), Kind: world.EventKind(1 + rng.IntN(10)),
			Preference: float32(rng.IntN(2)), Confidence: rng.Float32(), Dwell: 1}
		r.Observe(s)
		for _, x := range r.Rank(250) {
			fmt.Fprintf(sum, "%d %08x %08x,", x.Item, math.Float32bits(x.Score), math.Float32bits(x.Attention))
		}
		for _, x := range r.Propose(12) {
			fmt.Fprintf(sum, "%d %08x %08x %v,", x.Item, math.Float32bits(x.Score), math.Float32bits(x.Propensity), x.Explored)
		}
		for _, x := range r.Explain(nil, s.Item, 5) {
			fmt.Fprintf(sum, "%d %d %08x,", x.Item, x.Kind, math.Float32bits(x.Share))
		}
	}
	if got := fmt.Sprintf("%016x", sum.Sum64()); got != want {
		t.Errorf("the session's decisions have the checksum %s, not %s: where the ranker was meant to decide otherwise, write it down anew", got, want)
	}
}
