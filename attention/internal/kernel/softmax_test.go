package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestExponentialsAreWithinTwoUnitsInTheLastPlace(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 1))
	for range 200 {
		n := 1 + rng.IntN(70)
		x := make([]float32, n)
		for i := range x {
			x[i] = float32(rng.NormFloat64() * 20)
		}
		shift := float32(rng.NormFloat64())
		got := append([]float32(nil), x...)
		sum := ExpSum(got, shift)
		want := 0.0
		for i, v := range x {
			e := math.Exp(float64(min(max(v-shift, lowest), most)))
			want += e
			if d := math.Abs(float64(got[i])-e) / e; d > 3e-7 {
				t.Fatalf("exp(%v) is %v, want %v", v-shift, got[i], e)
			}
			if d := math.Abs(float64(Exp(v-shift))-e) / e; d > 3e-7 {
				t.Fatalf("the portable exp(%v) is %v, want %v", v-shift, Exp(v-shift), e)
			}
		}
		if math.Abs(float64(sum)-want)/want > 1e-6 {
			t.Fatalf("the sum of %d is %v, want %v", n, sum, want)
		}
	}
}

func TestVectorsAndTheirRestAreTreatedAlike(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 1))
	for n := range 40 {
		x, y := randomMatrix(rng, n), randomMatrix(rng, n)
		largest := math.Inf(-1)
		scaled, added := make([]float32, n), make([]float32, n)
		for i, v := range x {
			largest = max(largest, float64(v))
			scaled[i], added[i] = v*3, y[i]+v*0.5
		}
		if got := Largest(x); float64(got) != largest {
			t.Errorf("largest of %d: %v, want %v", n, got, largest)
		}
		AddScaled(y, 0.5, x)
		Scale(x, 3)
		for i := range x {
			if x[i] != scaled[i] || math.Abs(float64(y[i]-added[i])) > 1e-6 {
				t.Errorf("element %d of %d: scaled %v, want %v; added %v, want %v", i, n, x[i], scaled[i], y[i], added[i])
			}
		}
	}
}

func TestAdamStepsAsItsEquationsSay(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 1))
	o := Adam{Beta1: 0.9, Beta2: 0.99, Rate: 0.01, Epsilon: 1e-8, Decay: 0.001}
	for _, n := range []int{1, 7, 8, 21} {
		p, g, m, s := randomMatrix(rng, n), randomMatrix(rng, n), randomMatrix(rng, n), randomMatrix(rng, n)
		want := make([]float64, n)
		for i := range s {
			s[i] *= s[i]
			mean := 0.9*float64(m[i]) + 0.1*float64(g[i])
			square := 0.99*float64(s[i]) + 0.01*float64(g[i])*float64(g[i])
			want[i] = float64(p[i]) - 0.01*mean/(math.Sqrt(square)+1e-8) - 0.001*float64(p[i])
		}
		o.Step(p, g, m, s)
		for i, w := range want {
			if math.Abs(float64(p[i])-w) > 1e-5 {
				t.Errorf("parameter %d of %d is %v, want %v", i, n, p[i], w)
			}
		}
	}
}

func BenchmarkExpSum(b *testing.B) {
	x := make([]float32, 12101)
	b.Run("kernel", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			ExpSum(x, 0.5)
		}
	})
	b.Run("math.Exp", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for i, v := range x {
				x[i] = float32(math.Exp(float64(v - 0.5)))
			}
		}
	})
}
