package rank_test

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"souk/attention/rank"
	"souk/attention/signal"
	"souk/world"
	"souk/world/catalog"
)

// busy is a ranker of 50,000 items × 64 that has seen as much as it remembers.
func busy(tb testing.TB) (*rank.Ranker, []signal.Signal) {
	tb.Helper()
	return busyWith(tb, newModel(50000, 64, 1))
}

// tastes is a model by latent regression, 32 dimensions and as many axes beside them.
func tastes() *rank.Model {
	m := expecting(50000, 32)
	m.Side = beside(m, 32)
	return m
}

func busyWith(tb testing.TB, m *rank.Model) (*rank.Ranker, []signal.Signal) {
	tb.Helper()
	r := mustNew(tb, m, rank.DefaultConfig(), 1)
	signals := make([]signal.Signal, 1024)
	for k := range signals {
		signals[k] = wanted(float64(k), world.ItemIndex(k*37%50000), world.EventDwell, 0.7)
		if k%3 > 0 {
			signals[k].Kind, signals[k].Preference, signals[k].Confidence = world.EventExposure, 0, 0.1
		}
		r.Observe(signals[k])
	}
	r.Rank(200)
	r.Propose(64)
	return r, signals
}

func TestAnUpdateAllocatesNothing(t *testing.T) {
	updateWithoutAllocating(t, newModel(50000, 64, 1))
	updateWithoutAllocating(t, tastes())
}

func updateWithoutAllocating(t *testing.T, m *rank.Model) {
	t.Helper()
	r, signals := busyWith(t, m)
	k := 0
	var reasons []rank.Reason
	var user []float32
	state := r.AppendState(nil)
	step := func() {
		r.Observe(signals[k%len(signals)])
		r.Rank(200)
		c := r.Propose(64)
		reasons = r.Explain(reasons[:0], c[0].Item, 3)
		user = r.UserVector(user[:0])
		state = r.AppendState(state[:0])
		k++
	}
	step()
	if n := testing.AllocsPerRun(20, step); n > 1 { // the snapshot's random numbers
		t.Errorf("%v allocations in a step", n)
	}
	if n := testing.AllocsPerRun(20, func() {
		r.Observe(signals[k%len(signals)])
		r.Rank(200)
		r.Propose(64)
		k++
	}); n != 0 {
		t.Errorf("%v allocations in an update", n)
	}
}

// BenchmarkFixation is the whole update after a fixation as the engine does it: learn,
// rank, propose. Beside the mean it reports the median and the 99th percentile.
// "everything" has 64 transitions an item, content and an adapter; "tastes" is what latent regression makes, with side information.
func BenchmarkFixation(b *testing.B) {
	for _, name := range []string{"factors", "everything", "tastes", "naive"} {
		b.Run(name, func(b *testing.B) {
			step := fixation(b, name)
			var times []time.Duration
			b.ReportAllocs()
			for b.Loop() {
				start := time.Now()
				step()
				if len(times) < 1<<16 {
					times = append(times, time.Since(start))
				}
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)/2].Nanoseconds()), "p50-ns")
			b.ReportMetric(float64(times[len(times)*99/100].Nanoseconds()), "p99-ns")
		})
	}
}

func fixation(b *testing.B, name string) func() {
	r, signals := busy(b)
	if name == "tastes" {
		r, signals = busyWith(b, tastes())
	}
	if name == "naive" {
		return naiveUpdate(newModel(50000, 64, 1))
	}
	if name == "everything" {
		m := newModel(50000, 64, 1)
		m.Transitions = someTransitions(b, m.Items, rank.MaxNeighbours, 1)
		m.Blend = rank.Blend{Factors: 1, Transition: 1, Content: 1, Prior: 0.3, Tau: 3, Recent: 20}
		cfg := rank.DefaultConfig()
		cfg.Adapter = 8
		r = mustOpen(b, m, &catalog.Catalog{Items: make([]world.Item, m.Items), Features: m.Factors}, cfg)
		for _, s := range signals {
			r.Observe(s)
		}
		r.Rank(20)
		r.Propose(48)
	}
	k := 0
	return func() {
		r.Observe(signals[k%len(signals)])
		r.Rank(20)
		r.Propose(48)
		k++
	}
}

// naiveUpdate is what one would write first: all scores by a plain loop, sorted.
func naiveUpdate(m *rank.Model) func() {
	u := m.Factors[:64]
	scores, order := make([]float32, m.Items), make([]int, m.Items)
	return func() {
		for i := range scores {
			s := float32(0)
			for k, x := range u {
				s += x * m.Factors[i*64+k]
			}
			scores[i], order[i] = s, i
		}
		slices.SortFunc(order, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	}
}

// BenchmarkUpdate is the whole way from a signal to the best 200 of 50,000.
func BenchmarkUpdate(b *testing.B) {
	r, signals := busy(b)
	b.ReportAllocs()
	b.ResetTimer()
	for k := range b.N {
		r.Observe(signals[k%len(signals)])
		r.Rank(200)
	}
}

// BenchmarkObserve is the rank-one update alone.
func BenchmarkObserve(b *testing.B) {
	r, signals := busy(b)
	b.ReportAllocs()
	b.ResetTimer()
	for k := range b.N {
		r.Observe(signals[k%len(signals)])
	}
}

// BenchmarkObserveAndSolve adds the factorisation of the 64 × 64 precision.
func BenchmarkObserveAndSolve(b *testing.B) {
	r, signals := busy(b)
	var u []float32
	b.ReportAllocs()
	b.ResetTimer()
	for k := range b.N {
		r.Observe(signals[k%len(signals)])
		u = r.UserVector(u[:0])
	}
}

// BenchmarkUndo rebuilds the sums from the whole memory.
func BenchmarkUndo(b *testing.B) {
	r, _ := busy(b)
	like := wanted(2000, 5, world.EventLike, 3)
	undo := like
	undo.Undo = true
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		r.Observe(like)
		r.Observe(undo)
	}
}

func BenchmarkPropose(b *testing.B) {
	r, _ := busy(b)
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		r.Propose(64)
	}
}

func BenchmarkExplain(b *testing.B) {
	r, _ := busy(b)
	var dst []rank.Reason
	b.ReportAllocs()
	b.ResetTimer()
	for k := range b.N {
		dst = r.Explain(dst[:0], world.ItemIndex(k%50000), 3)
	}
}
