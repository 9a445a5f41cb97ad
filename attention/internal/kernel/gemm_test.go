package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
)

func randomMatrix(rng *rand.Rand, n int) []float32 {
	m := make([]float32, n)
	for i := range m {
		m[i] = float32(rng.NormFloat64())
	}
	return m
}

// TestProductsEqualTheDefinition compares all forms with sums in float64, for
// sizes around the edges of tiles, panels and blocks, with strides and a part of the depth.
func TestProductsEqualTheDefinition(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	sizes := [][3]int{{1, 1, 1}, {1, 16, 4}, {3, 5, 7}, {4, 16, 256}, {5, 17, 257}, {64, 64, 64}, {7, 100, 600}, {130, 33, 300}}
	for _, s := range sizes {
		for form := range 16 {
			m, n, k := s[0], s[1], s[2]
			ta, tb, acc, part := form&1 != 0, form&2 != 0, form&4 != 0, form&8 != 0
			lda, ldb, ldc := k+2, n+1, n+3
			rowsA, rowsB := m, k
			if ta {
				lda, rowsA = m+2, k
			}
			if tb {
				ldb, rowsB = k+1, n
			}
			from, to, cols := 0, k, n
			if part {
				from, to, cols = k/3, k-k/4, (n+1)/2
			}
			// The matrices end with their last element: a kernel that reads past it would fault or see rubbish.
			a := randomMatrix(rng, rowsA*lda-2)
			b := randomMatrix(rng, rowsB*ldb-1)
			c := randomMatrix(rng, m*ldc)
			want := make([]float64, m*ldc)
			for i := range m {
				for j := range ldc {
					want[i*ldc+j] = float64(c[i*ldc+j])
					if j >= cols {
						continue
					}
					sum := 0.0
					for q := from; q < to; q++ {
						x, y := a[min(i*lda+q, len(a)-1)], b[min(q*ldb+j, len(b)-1)]
						if ta {
							x = a[q*lda+i]
						}
						if tb {
							y = b[j*ldb+q]
						}
						sum += float64(x) * float64(y)
					}
					if acc {
						sum += want[i*ldc+j]
					}
					want[i*ldc+j] = sum
				}
			}
			var p Panels
			p.Pack(b, ldb, k, n, tb)
			p.Multiply(Product{C: c, Ldc: ldc, A: a, Lda: lda, Transposed: ta, M: m, N: cols, From: from, To: to, Accumulate: acc})
			for i, w := range want {
				if math.Abs(w-float64(c[i])) > 2e-4 {
					t.Fatalf("%d×%d×%d, form %04b: element %d is %v, want %v", m, n, k, form, i, c[i], w)
				}
			}
		}
	}
}

// TestRowsOfAProductMayBeSharedOut holds that the bytes do not depend on how rows are divided.
func TestRowsOfAProductMayBeSharedOut(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 1))
	const m, n, k = 61, 37, 515
	a, b := randomMatrix(rng, m*k), randomMatrix(rng, k*n)
	var p Panels
	p.Pack(b, n, k, n, false)
	for _, transposed := range []bool{false, true} {
		lda, step := k, k
		if transposed {
			lda, step = m, 1
		}
		whole, parts := make([]float32, m*n), make([]float32, m*n)
		p.Multiply(Product{C: whole, Ldc: n, A: a, Lda: lda, Transposed: transposed, M: m})
		for i := 0; i < m; i += 8 {
			p.Multiply(Product{C: parts[i*n:], Ldc: n, A: a[i*step:], Lda: lda, Transposed: transposed, M: min(8, m-i)})
		}
		for i := range whole {
			if whole[i] != parts[i] {
				t.Fatalf("transposed %v, element %d: %v in one piece, %v in parts", transposed, i, whole[i], parts[i])
			}
		}
	}
}

// BenchmarkProduct has gonum beside, single-threaded sizes as they occur in training.
func BenchmarkProduct(b *testing.B) {
	rng := rand.New(rand.NewPCG(3, 1))
	for _, s := range []struct {
		name    string
		m, n, k int
		ta, tb  bool
	}{
		{"NN tokens 512 by 64 by 192", 512, 192, 64, false, false},
		{"NT logits 64 by 12101 by 64", 64, 12101, 64, false, true},
		{"NN gradient 64 by 64 by 12101", 64, 64, 12101, false, false},
		{"TN gradient 12101 by 64 by 256", 12101, 64, 256, true, false},
	} {
		a, bm, c := randomMatrix(rng, s.m*s.k), randomMatrix(rng, s.k*s.n), make([]float32, s.m*s.n)
		lda, ldb := s.k, s.n
		if s.ta {
			lda = s.m
		}
		if s.tb {
			ldb = s.k
		}
		flops := 2 * float64(s.m) * float64(s.n) * float64(s.k)
		b.Run(s.name+"/kernel", func(b *testing.B) {
			b.ReportAllocs()
			var p Panels
			p.Pack(bm, ldb, s.k, s.n, s.tb)
			for b.Loop() {
				p.Multiply(Product{C: c, Ldc: s.n, A: a, Lda: lda, Transposed: s.ta, M: s.m})
			}
			b.ReportMetric(flops*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOPS")
		})
		b.Run(s.name+"/kernel with packing", func(b *testing.B) {
			b.ReportAllocs()
			var p Panels
			for b.Loop() {
				p.Pack(bm, ldb, s.k, s.n, s.tb)
				p.Multiply(Product{C: c, Ldc: s.n, A: a, Lda: lda, Transposed: s.ta, M: s.m})
			}
			b.ReportMetric(flops*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOPS")
		})
		b.Run(s.name+"/gonum on all cores", func(b *testing.B) {
			b.ReportAllocs()
			ga := blas32.General{Rows: s.m, Cols: s.k, Stride: lda, Data: a}
			gb := blas32.General{Rows: s.k, Cols: s.n, Stride: ldb, Data: bm}
			ta, tb := blas.NoTrans, blas.NoTrans
			if s.ta {
				ta, ga.Rows, ga.Cols = blas.Trans, s.k, s.m
			}
			if s.tb {
				tb, gb.Rows, gb.Cols = blas.Trans, s.n, s.k
			}
			for b.Loop() {
				blas32.Gemm(ta, tb, 1, ga, gb, 0, blas32.General{Rows: s.m, Cols: s.n, Stride: s.n, Data: c})
			}
			b.ReportMetric(flops*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOPS")
		})
	}
}
