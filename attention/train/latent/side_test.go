package latent_test

import (
	"fmt"
	"hash/crc64"
	"math"
	"math/rand/v2"
	"testing"

	"souk/attention/rank"
	"souk/attention/train/latent"
	"souk/world/catalog"
)

// stranger is a model that expects something and has factors at random.
func stranger(tb testing.TB, items, dim int) (*rank.Model, *catalog.Catalog) {
	tb.Helper()
	c, err := catalog.Generate(items, 1)
	if err != nil {
		tb.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	m := &rank.Model{Items: len(c.Items), Dim: dim, Popularity: make([]float32, len(c.Items)), Expected: make([]float32, len(c.Items)),
		Temperature: 0.2, Regularisation: 0.1, Base: 0.1}
	for range m.Items * dim {
		m.Factors = append(m.Factors, 0.1*(rng.Float32()-0.5)) // no NormFloat64: that is the library's own
	}
	return m, c
}

func TestSideInformationMakesItemsOfOneKindAlike(t *testing.T) {
	m, c := stranger(t, 400, 8)
	m.Side = latent.Side(m, c)
	if err := m.Check(); err != nil {
		t.Fatal(err)
	}
	like := func(v []float32, d, i, j int) float64 {
		s := 0.0
		for k := range d {
			s += float64(v[i*d+k]) * float64(v[j*d+k])
		}
		return s
	}
	var same, other, n, k float64
	for i := range m.Items {
		for j := range i {
			more := like(m.Side.Factors, m.Side.Dim, i, j) - like(m.Factors, m.Dim, i, j)
			if c.Items[i].Category == c.Items[j].Category {
				same, n = same+more, n+1
			} else {
				other, k = other+more, k+1
			}
		}
	}
	if !(same/n > 0.005) || !(other/k < 0.001) {
		t.Errorf("covariance grows by %.4f within a category and by %.4f between, want at least 0.005 (0.08² is the category's) and about none", same/n, other/k)
	}
}

// TestSideInformationKeepsWhatTheFactorsSay: Turn is a part of a rotation, so that old sums keep their meaning, as far as there are axes for it.
func TestSideInformationKeepsWhatTheFactorsSay(t *testing.T) {
	m, c := stranger(t, 400, 8)
	s := latent.Side(m, c)
	for a := range m.Dim {
		for b := range a + 1 {
			dot, want := 0.0, 0.0
			for k := range s.Dim {
				dot += s.Turn[a*s.Dim+k] * s.Turn[b*s.Dim+k]
			}
			if a == b {
				want = 1
			}
			if dot > 1+1e-9 || math.Abs(dot-want) > 0.2 {
				t.Errorf("factors' axes %d and %d have the product %.3f after the turn, want nearly %v", a, b, dot, want)
			}
		}
	}
}

func TestAModelThatExpectsNothingHasNoSideInformation(t *testing.T) {
	m, c := stranger(t, 60, 4)
	m.Expected = nil
	if latent.Side(m, c) != nil {
		t.Error("a model by ALS has side information")
	}
}

// TestSideInformationIsTheSameInEveryBuild: a recording made on one machine replays on another.
func TestSideInformationIsTheSameInEveryBuild(t *testing.T) {
	const want = "7ff54fea5b4e6a55"
	m, c := stranger(t, 400, 8)
	h := crc64.New(crc64.MakeTable(crc64.ECMA))
	for _, x := range latent.Side(m, c).Factors {
		fmt.Fprintf(h, "%08x", math.Float32bits(x))
	}
	if got := fmt.Sprintf("%016x", h.Sum64()); got != want {
		t.Errorf("side information has the sum %s, want %s", got, want)
	}
}

// BenchmarkSide is what opening a market costs more.
func BenchmarkSide(b *testing.B) {
	m, c := stranger(b, 2000, 32)
	b.ReportAllocs()
	for b.Loop() {
		latent.Side(m, c)
	}
}
