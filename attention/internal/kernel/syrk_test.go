package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
	"pgregory.net/rapid"
)

func random(rng *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(rng.NormFloat64())
	}
	return x
}

func sameBits(t *rapid.T, what string, a, b []float32) {
	for i := range a {
		if math.Float32bits(a[i]) != math.Float32bits(b[i]) {
			t.Fatalf("%s: element %d is %v with vectors and %v without", what, i, a[i], b[i])
		}
	}
}

func TestVectorAndPortableProductsGiveTheSameBits(t *testing.T) {
	if !SIMD {
		t.Skip("this build or processor has no vectors: there is nothing to compare")
	}
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		n, p, q := rapid.IntRange(1, 19).Draw(t, "n"), Lanes*rapid.IntRange(1, 4).Draw(t, "p"), Lanes*rapid.IntRange(1, 5).Draw(t, "q")
		a, b, start := random(rng, n*p), random(rng, n*q), random(rng, p*q)
		vec, port := append([]float32(nil), start...), append([]float32(nil), start...)
		addTransposedProductSIMD(vec, a, b, n, p, q)
		addTransposedProduct(port, a, b, n, p, q)
		sameBits(t, "aᵀb", vec, port)

		m := random(rng, p*q)
		vec, port = make([]float32, n*q), make([]float32, n*q)
		rowProductSIMD(vec, a, m, n, p, q)
		rowProduct(port, a, m, n, p, q)
		sameBits(t, "ab", vec, port)

		if x, y := laneDotSIMD(a[:p], start[:p]), laneDot(a[:p], start[:p]); math.Float32bits(x) != math.Float32bits(y) {
			t.Fatalf("dot: %v with vectors and %v without", x, y)
		}
		axpySIMD(vec[:q], start[:q], 0.7)
		axpy(port[:q], start[:q], 0.7)
		sameBits(t, "axpy", vec, port)

		rows := rapid.IntRange(0, 11).Draw(t, "entries")
		col, w, target := make([]int32, rows), random(rng, rows), random(rng, rows)
		for k := range col {
			col[k] = rng.Int32N(int32(n))
		}
		if rapid.Bool().Draw(t, "no target") {
			target = nil
		}
		x := random(rng, q)
		vec, port = make([]float32, q), make([]float32, q)
		addResidualSIMD(vec, x, b, q, col, w, target)
		addResidual(port, x, b, q, col, w, target)
		sameBits(t, "residual", vec, port)

		vec, port = make([]float32, rows), make([]float32, rows)
		gatherDotsSIMD(vec, x, b, q, col)
		gatherDots(port, x, b, q, col)
		sameBits(t, "dots", vec, port)
		vec, port = make([]float32, q), make([]float32, q)
		scaledProductSIMD(vec, x, start[:q], 1.3)
		scaledProduct(port, x, start[:q], 1.3)
		sameBits(t, "scaled product", vec, port)
	})
}

func TestProductsAreThoseOfALibrary(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	const n, p, q = 37, 16, 40
	a, b := random(rng, n*p), random(rng, n*q)
	general := func(r, c int, data []float32) blas32.General {
		return blas32.General{Rows: r, Cols: c, Stride: c, Data: data}
	}
	near := func(what string, got, want []float32) {
		for i := range got {
			if math.Abs(float64(got[i]-want[i])) > 1e-4 {
				t.Fatalf("%s: element %d is %v, should be %v", what, i, got[i], want[i])
			}
		}
	}
	got, want := make([]float32, p*q), make([]float32, p*q)
	AddTransposedProduct(got, a, b, n, p, q)
	blas32.Gemm(blas.Trans, blas.NoTrans, 1, general(n, p, a), general(n, q, b), 0, general(p, q, want))
	near("aᵀb", got, want)
	rows, square := make([]float32, n*q), make([]float32, n*q)
	RowProduct(rows, a, got, n, p, q)
	blas32.Gemm(blas.NoTrans, blas.NoTrans, 1, general(n, p, a), general(p, q, got), 0, general(n, q, square))
	near("ab", rows, square)
}

func BenchmarkGram512x64(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	const n, d = 512, 64
	a, g := random(rng, n*d), make([]float32, d*d)
	for name, f := range map[string]func(){
		"here":     func() { AddTransposedProduct(g, a, a, n, d, d) },
		"portable": func() { addTransposedProduct(g, a, a, n, d, d) },
		"gonum": func() {
			blas32.Syrk(blas.Trans, 1, blas32.General{Rows: n, Cols: d, Stride: d, Data: a}, 0, blas32.Symmetric{N: d, Stride: d, Data: g, Uplo: blas.Upper})
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f()
			}
		})
	}
}

func BenchmarkResidual150x64(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	const n, d, entries = 3416, 64, 150
	v, x, acc := random(rng, n*d), random(rng, d), make([]float32, d)
	col, w := make([]int32, entries), random(rng, entries)
	for k := range col {
		col[k] = rng.Int32N(n)
	}
	for name, f := range map[string]func(){
		"here":     func() { AddResidual(acc, x, v, d, col, w, nil) },
		"portable": func() { addResidual(acc, x, v, d, col, w, nil) },
		"gonum": func() {
			for k, c := range col {
				row := blas32.Vector{N: d, Inc: 1, Data: v[int(c)*d:][:d]}
				s := blas32.Dot(row, blas32.Vector{N: d, Inc: 1, Data: x})
				blas32.Axpy(-w[k]*s, row, blas32.Vector{N: d, Inc: 1, Data: acc})
			}
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f()
			}
		})
	}
}
