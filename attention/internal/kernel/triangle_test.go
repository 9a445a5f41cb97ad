package kernel

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// substituteOne is what one right-hand side alone gives.
func substituteOne(l []float64, n int, x []float64) {
	for i := n - 1; i >= 0; i-- {
		for j := n - 1; j > i; j-- {
			x[i] -= float64(l[j*n+i] * x[j])
		}
		x[i] /= l[i*n+i]
	}
}

func triangle(n, m int, rng *rand.Rand) (l, x []float64) {
	l, x = make([]float64, n*n), make([]float64, n*m)
	for i := range n {
		for j := range i + 1 {
			l[i*n+j] = rng.NormFloat64()
		}
		l[i*n+i] += 3
	}
	for i := range x {
		x[i] = rng.NormFloat64()
	}
	return l, x
}

func TestManyRightHandSidesGiveWhatEachGivesAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, m := rapid.IntRange(0, 20).Draw(t, "n"), rapid.IntRange(0, 40).Draw(t, "m")
		l, x := triangle(n, m, rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)))
		want := make([][]float64, m)
		for k := range m {
			for i := range n {
				want[k] = append(want[k], x[i*m+k])
			}
			substituteOne(l, n, want[k])
		}
		BackSubstitute(l, n, x, m)
		for k := range m {
			for i := range n {
				if x[i*m+k] != want[k][i] {
					t.Fatalf("side %d, row %d: %v, want %v", k, i, x[i*m+k], want[k][i])
				}
			}
		}
	})
}

// BenchmarkBackSubstitute is 32 right-hand sides of 64 rows, beside one after the other.
func BenchmarkBackSubstitute(b *testing.B) {
	const n, m = 64, 32
	l, x := triangle(n, m, rand.New(rand.NewPCG(1, 1)))
	y := make([]float64, n*m)
	b.Run("together", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			copy(y, x)
			BackSubstitute(l, n, y, m)
		}
	})
	b.Run("one-by-one", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			copy(y, x)
			for k := range m {
				substituteOne(l, n, y[k*n:k*n+n])
			}
		}
	})
}
