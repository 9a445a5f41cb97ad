package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func TestASumOfPowersOfTwoIsTheSameInBothFormsAndRight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 3000).Draw(t, "n")
		octaves := rapid.Float32Range(0, 60).Draw(t, "octaves")
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		x := make([]float32, n)
		most := float32(math.Inf(-1))
		for i := range x {
			if x[i] = float32(rng.NormFloat64()); rng.IntN(9) == 0 {
				x[i] = float32(math.Inf(-1))
			}
			most = max(most, x[i])
		}
		if most-most != 0 {
			return
		}
		want, portable := 0.0, 0.0
		for i, v := range x {
			want += math.Exp2(math.Max(-deepest, float64(v-most)*float64(octaves)))
			if i%chunk == 0 {
				var s [Lanes]float32
				sumExp2(&s, x[i:min(n, i+chunk)], most, octaves)
				portable += float64(((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7])))
			}
		}
		got := SumExp2(x, most, octaves)
		if got != portable {
			t.Errorf("%v with vectors, %v without", got, portable)
		}
		if math.Abs(got-want) > 1e-5*want {
			t.Errorf("%v, want %v", got, want)
		}
	})
}

// BenchmarkSumExp2 is the denominator of a softmax over 50,000, beside the standard library's exponential.
func BenchmarkSumExp2(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	x := make([]float32, 50000)
	for i := range x {
		x[i] = -float32(rng.ExpFloat64())
	}
	sink := 0.0
	for name, sum := range map[string]func(){
		"vector": func() { sink += SumExp2(x, 0, 10) },
		"portable": func() {
			var s [Lanes]float32
			sumExp2(&s, x, 0, 10)
		},
		"math": func() {
			for _, v := range x {
				sink += math.Exp2(10 * float64(v))
			}
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				sum()
			}
		})
	}
}
