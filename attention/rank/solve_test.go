package rank

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"
	"gonum.org/v1/gonum/mat"

	"souk/attention/signal"
	"souk/world"
)

// definite is a random symmetric matrix with eigenvalues above 0.
func definite(n int, seed uint64) []float64 {
	rng := rand.New(rand.NewPCG(seed, 1))
	a := make([]float64, n*n)
	for range 2 * n {
		v := make([]float32, n)
		for i := range v {
			v[i] = float32(rng.NormFloat64())
		}
		AddGram(a, v, n)
	}
	return a
}

func TestTheSolverAgreesWithGonum(t *testing.T) {
	for _, n := range []int{1, 2, 5, 16, 64} {
		a := definite(n, uint64(n))
		b := make([]float64, n)
		for i := range b {
			b[i] = float64(i%7) - 3
		}
		var want mat.VecDense
		if err := want.SolveVec(mat.NewSymDense(n, a), mat.NewVecDense(n, b)); err != nil {
			t.Fatal(err)
		}
		l, x := append([]float64{}, a...), append([]float64{}, b...)
		if !cholesky(l, n) {
			t.Fatalf("%d: no factor", n)
		}
		solveCholesky(l, x)
		for i := range x {
			if math.Abs(x[i]-want.AtVec(i)) > 1e-9*(1+math.Abs(want.AtVec(i))) {
				t.Fatalf("%d: x[%d] is %v, want %v", n, i, x[i], want.AtVec(i))
			}
		}
	}
	if cholesky([]float64{1, 0, 2, 1}, 2) || cholesky([]float64{math.NaN()}, 1) {
		t.Error("a matrix that has no factor has one")
	}
}

func TestOwnExponentialsAreThoseOfTheLibrary(t *testing.T) {
	for x := -90.0; x <= 20; x += 0.0137 {
		if got, want := exp2(x), math.Exp2(x); math.Abs(got-want) > 1e-12*want {
			t.Fatalf("exp2(%v) is %v, want %v", x, got, want)
		}
		if got, want := exp(x), math.Exp(x); math.Abs(got-want) > 1e-12*want {
			t.Fatalf("exp(%v) is %v, want %v", x, got, want)
		}
	}
}

// A session of ten thousand signals: the sums that are updated one by one must
// be those of the definition, so that no drift needs to be guarded against.
func TestTenThousandUpdatesDoNotDrift(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	m := &Model{Items: 300, Dim: 8, Factors: make([]float32, 2400), Popularity: make([]float32, 300), Temperature: 1, Regularisation: 0.01, Base: 0.1}
	for i := range m.Factors {
		m.Factors[i] = float32(rng.NormFloat64())
	}
	r, err := New(m, nil, DefaultConfig(), 1)
	if err != nil {
		t.Fatal(err)
	}
	const n = 10000
	want := newSums(m.Dim)
	var items [n]int
	var weights, wanted [n]float64
	for k := range n {
		s := signal.Signal{T: float64(k), Item: world.ItemIndex(rng.IntN(300)), Kind: world.EventDwell, Confidence: rng.Float32(), Preference: float32(k % 2)}
		items[k], weights[k], wanted[k] = int(s.Item), float64(s.Confidence), float64(s.Preference)
		r.Observe(s)
		if k%3 == 2 { // a like that is taken back
			s.Kind = world.EventLike
			r.Observe(s)
			s.Undo = true
			r.Observe(s)
		}
	}
	later := 0.0
	for k := n - 1; k >= 0; k-- {
		w := weights[k] * math.Exp2(-later/r.cfg.HalfLife)
		want.add(1, m.Factors[items[k]*8:items[k]*8+8], w, wanted[k], 0)
		later += weights[k]
	}
	// A like that is taken back pushes a signal out of memory early, which changes no sum.
	for i := range want.a {
		if math.Abs(r.evidence.all.a[i]-want.a[i]) > 1e-9*want.mass {
			t.Fatalf("sum %d is %v, want %v", i, r.evidence.all.a[i], want.a[i])
		}
	}
	if math.Abs(r.evidence.all.mass-want.mass) > 1e-9*want.mass || math.Abs(r.evidence.all.positive-want.positive) > 1e-9*want.mass {
		t.Errorf("mass %v and %v, want %v and %v", r.evidence.all.mass, r.evidence.all.positive, want.mass, want.positive)
	}
}

// BenchmarkSolve is a visitor's vector after one more signal: factorised anew, as the
// ranker does; by gonum; and by updating the inverse (Sherman and Morrison
// 1950), which knows no fading and no growing diagonal and drifts.
func BenchmarkSolve(b *testing.B) {
	const n = 64
	a := definite(n, 1)
	l, x, v := make([]float64, n*n), make([]float64, n), make([]float64, n)
	for i := range v {
		v[i] = 0.01 * float64(i)
	}
	b.Run("cholesky", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			copy(l, a)
			copy(x, v)
			cholesky(l, n)
			solveCholesky(l, x)
		}
	})
	b.Run("cholesky-gonum", func(b *testing.B) {
		b.ReportAllocs()
		tri := blas64.Triangular{Uplo: blas.Lower, Diag: blas.NonUnit, N: n, Stride: n, Data: l}
		for b.Loop() {
			copy(l, a)
			copy(x, v)
			lapack64.Potrf(blas64.Symmetric{Uplo: blas.Lower, N: n, Stride: n, Data: l})
			blas64.Trsv(blas.NoTrans, tri, blas64.Vector{N: n, Inc: 1, Data: x})
			blas64.Trsv(blas.Trans, tri, blas64.Vector{N: n, Inc: 1, Data: x})
		}
	})
	b.Run("sherman-morrison", func(b *testing.B) {
		b.ReportAllocs()
		inverse := make([]float64, n*n)
		for i := range n {
			inverse[i*n+i] = 1
		}
		for b.Loop() {
			for i := range n {
				x[i] = dot64(inverse[i*n:i*n+n], v)
			}
			scale := 1 / (1 + dot64(x, v))
			for i := range n {
				row, f := inverse[i*n:i*n+n], scale*x[i]
				for j := range row {
					row[j] -= f * x[j]
				}
			}
			for i := range n { // u = A⁻¹b
				l[i] = dot64(inverse[i*n:i*n+n], v)
			}
		}
	})
}
