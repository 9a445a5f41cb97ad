package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
	"pgregory.net/rapid"
)

func randomQuantised(rows, dim, bits int, seed uint64) (*Quantised, []float32) {
	rng := rand.New(rand.NewPCG(seed, 1))
	all := make([]float32, rows*dim)
	for i := range all {
		all[i] = float32(rng.NormFloat64())
	}
	m := NewQuantised(rows, dim, bits)
	for i := range rows {
		m.Set(i, all[i*dim:i*dim+dim])
	}
	return m, all
}

// extreme fills a matrix with its largest numbers, of either sign.
func extreme(t *rapid.T, m *Quantised) {
	most := 1<<(m.Bits-1) - 1
	for i := range m.Rows {
		m.Scale[i] = 1
		v := rapid.SampledFrom([]int{-most, most, 1, 0}).Draw(t, "v")
		for k := range m.Dim {
			m.put(i, k, v)
		}
	}
}

func TestBothFormsOfAScanGiveTheExactWholeNumbers(t *testing.T) {
	if !SIMD {
		t.Log("no vector form in this build or on this processor: the portable one alone is checked")
	}
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.IntRange(1, 40).Draw(t, "rows")
		dim := rapid.SampledFrom([]int{1, 2, 3, 5, 8, 31, 64, 256, 257, 1024}).Draw(t, "dim")
		bits := rapid.SampledFrom([]int{4, 8}).Draw(t, "bits")
		seed := rapid.Uint64().Draw(t, "seed")
		m, _ := randomQuantised(rows, dim, bits, seed)
		rng := rand.New(rand.NewPCG(seed, 2))
		u, bias := make([]float32, dim), make([]float32, rows)
		sign := rapid.SampledFrom([]float32{0, 1, -1}).Draw(t, "sign")
		for k := range u {
			if u[k] = sign; sign == 0 {
				u[k] = float32(rng.NormFloat64())
			}
		}
		for i := range bias {
			bias[i] = float32(rng.NormFloat64())
		}
		if rapid.Bool().Draw(t, "extreme") {
			extreme(t, m)
		}
		q := NewQuery(dim)
		q.Set(u)
		dst, portable := make([]float32, rows), make([]float32, rows)
		m.Scan(dst, bias, q)
		m.scanPortable(portable, bias, q, rows/Block)
		for i := range rows {
			sum := int64(0)
			for k := range dim {
				sum += int64(m.At(i, k)) * q.q[k/2][k%2]
			}
			if sum != int64(int32(sum)) {
				t.Fatalf("row %d: %d does not fit 32 bits", i, sum)
			}
			var sums [Block]int32
			if m.sums(&sums, q, i/Block); int64(sums[i%Block]) != sum {
				t.Fatalf("row %d: the portable sum is %d, want %d", i, sums[i%Block], sum)
			}
			want := finish(int32(sum), m.Scale[i], q.Scale, bias[i])
			if math.Float32bits(dst[i]) != math.Float32bits(want) {
				t.Fatalf("row %d: %v, want %v", i, dst[i], want)
			}
			if i < rows/Block*Block && math.Float32bits(portable[i]) != math.Float32bits(want) {
				t.Fatalf("row %d: the portable form gives %v, want %v", i, portable[i], want)
			}
		}
	})
}

func TestQuantisingLosesAtMostHalfAStep(t *testing.T) {
	for _, bits := range []int{8, 4} {
		m, all := randomQuantised(37, 19, bits, 3)
		other := NewQuantised(5, 19, bits)
		other.Copy(3, m, 11)
		for i := range 37 {
			for k := range 19 {
				got := float64(m.At(i, k)) * float64(m.Scale[i])
				if d := math.Abs(got - float64(all[i*19+k])); d > 0.5001*float64(m.Scale[i]) {
					t.Fatalf("%d bits: %v became %v, a step is %v", bits, all[i*19+k], got, m.Scale[i])
				}
				if i == 11 && other.At(3, k) != m.At(11, k) {
					t.Fatalf("%d bits: number %d was not copied", bits, k)
				}
			}
		}
	}
	zero := NewQuantised(1, 3, 8)
	zero.Set(0, make([]float32, 3))
	if zero.At(0, 1) != 0 || zero.Scale[0] != 0 {
		t.Error("a row of zeros is not zero")
	}
}

func TestTheFloatScanAgreesWithGonum(t *testing.T) {
	for _, dim := range []int{1, 7, 8, 48, 64} {
		for _, rows := range []int{1, 7, 8, 29} {
			_, all := randomQuantised(rows, dim, 8, uint64(dim))
			u := all[:dim]
			got, want := make([]float32, rows), make([]float32, rows)
			ScanFloat32(got, all, u)
			blas32.Gemv(blas.NoTrans, 1, blas32.General{Rows: rows, Cols: dim, Stride: dim, Data: all},
				blas32.Vector{N: dim, Inc: 1, Data: u}, 0, blas32.Vector{N: rows, Inc: 1, Data: want})
			for i := range got {
				if math.Abs(float64(got[i]-want[i])) > 1e-4 || math.Abs(float64(Dot(u, all[i*dim:i*dim+dim])-want[i])) > 1e-4 {
					t.Fatalf("%d × %d, row %d: %v, want %v", rows, dim, i, got[i], want[i])
				}
			}
		}
	}
}

// BenchmarkScan is 50,000 × 64 on one core, with what it replaces beside it.
func BenchmarkScan(b *testing.B) {
	const rows, dim = 50000, 64
	m8, all := randomQuantised(rows, dim, 8, 1)
	m4, _ := randomQuantised(rows, dim, 4, 1)
	m32 := NewQuantised(rows, dim/2, 8)
	dst, bias := make([]float32, rows), make([]float32, rows)
	u := all[:dim]
	q, half := NewQuery(dim), NewQuery(dim/2)
	q.Set(u)
	half.Set(u[:dim/2])
	for _, c := range []struct {
		name string
		scan func()
	}{
		{"int8", func() { m8.Scan(dst, bias, q) }},
		{"int4", func() { m4.Scan(dst, bias, q) }},
		{"int8-half-the-dimensions", func() { m32.Scan(dst, bias, half) }},
		{"int8-portable", func() { m8.scanPortable(dst, bias, q, rows/Block) }},
		{"int4-portable", func() { m4.scanPortable(dst, bias, q, rows/Block) }},
		{"float32", func() { ScanFloat32(dst, all, u) }},
		{"float32-portable", func() { scanFloat32Portable(dst, all, u) }},
		{"float32-gonum", func() {
			blas32.Gemv(blas.NoTrans, 1, blas32.General{Rows: rows, Cols: dim, Stride: dim, Data: all},
				blas32.Vector{N: dim, Inc: 1, Data: u}, 0, blas32.Vector{N: rows, Inc: 1, Data: dst})
		}},
		{"float32-naive", func() {
			for i := range dst {
				s := float32(0)
				for k, x := range u {
					s += x * all[i*dim+k]
				}
				dst[i] = s
			}
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.scan()
			}
		})
	}
}
