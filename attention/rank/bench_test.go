package rank_test

import (
	"cmp"
	"slices"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
	"gonum.org/v1/gonum/mat"

	"souk/attention/rank"
	"souk/attention/signal"
	"souk/world"
)

// busy is a ranker of 50,000 items × 64 that has seen as much as it remembers.
func busy(tb testing.TB) (*rank.Ranker, []signal.Signal) {
	tb.Helper()
	m := newModel(50000, 64, 1)
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
	r, signals := busy(t)
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

// BenchmarkSymRankOne is the alternative to factorising anew: gonum's update of
// a Cholesky factor. It cannot fade the past or grow the diagonal.
func BenchmarkSymRankOne(b *testing.B) {
	const d = 64
	a := mat.NewSymDense(d, nil)
	x := mat.NewVecDense(d, nil)
	for i := range d {
		a.SetSym(i, i, 10)
		x.SetVec(i, 0.01*float64(i))
	}
	var chol, next mat.Cholesky
	chol.Factorize(a)
	next.SymRankOne(&chol, 1, x)
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		next.SymRankOne(&chol, 1, x)
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

func scoring(b *testing.B) (m *rank.Model, u, scores []float32) {
	m = newModel(50000, 64, 1)
	b.ReportAllocs()
	return m, m.Factors[:64], make([]float32, m.Items)
}

// BenchmarkScoreGonum is the kernel that the ranker uses.
func BenchmarkScoreGonum(b *testing.B) {
	m, u, scores := scoring(b)
	for b.Loop() {
		blas32.Gemv(blas.NoTrans, 1, blas32.General{Rows: m.Items, Cols: 64, Stride: 64, Data: m.Factors},
			blas32.Vector{N: 64, Inc: 1, Data: u}, 0, blas32.Vector{N: m.Items, Inc: 1, Data: scores})
	}
}

// BenchmarkScoreNaive is the loop that one would write first.
func BenchmarkScoreNaive(b *testing.B) {
	m, u, scores := scoring(b)
	for b.Loop() {
		for i := range scores {
			s := float32(0)
			for k, x := range u {
				s += x * m.Factors[i*64+k]
			}
			scores[i] = s
		}
	}
}

// BenchmarkScoreUnrolled is the loop with four sums.
func BenchmarkScoreUnrolled(b *testing.B) {
	m, u, scores := scoring(b)
	for b.Loop() {
		for i := range scores {
			v := m.Factors[i*64:][:64]
			var s0, s1, s2, s3 float32
			for k := 0; k+4 <= len(v) && k+4 <= len(u); k += 4 {
				s0 += u[k] * v[k]
				s1 += u[k+1] * v[k+1]
				s2 += u[k+2] * v[k+2]
				s3 += u[k+3] * v[k+3]
			}
			scores[i] = s0 + s1 + s2 + s3
		}
	}
}

// BenchmarkRankBySorting is the naive way to the best 200: sort all.
func BenchmarkRankBySorting(b *testing.B) {
	m, u, scores := scoring(b)
	order := make([]int, len(scores))
	for b.Loop() {
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
