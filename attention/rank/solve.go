package rank

import (
	"math"

	"souk/attention/internal/kernel"
)

// The arithmetic below and in evidence.go, scores.go keeps each product from
// being fused with the sum behind it (the conversions force rounding) and calls
// no function that the standard library has in assembly: the same evidence gives the same
// bits on every processor, so that a recording made on one machine replays
// on another. gonum, which the tests compare with, is two to three times as quick
// here, in a part that is a tenth of an update.

// cholesky turns the lower triangle of a (n × n, row by row) into its Cholesky
// factor L, and says whether there is one.
func cholesky(a []float64, n int) bool {
	for i := range n {
		row := a[i*n : i*n+i+1]
		for j := range i {
			other := a[j*n : j*n+j+1]
			row[j] = (row[j] - dot64(row[:j], other[:j])) / other[j]
		}
		x := row[i] - dot64(row[:i], row[:i])
		if !(x > 0) || math.IsInf(x, 0) {
			return false
		}
		row[i] = math.Sqrt(x)
	}
	return true
}

// dot64 is Σ a[k]·b[k], in four sums.
func dot64(a, b []float64) float64 {
	var s0, s1, s2, s3 float64
	b = b[:len(a)]
	k := 0
	for ; k+4 <= len(a); k += 4 {
		x, y := a[k:k+4:k+4], b[k:k+4:k+4]
		s0 += float64(x[0] * y[0])
		s1 += float64(x[1] * y[1])
		s2 += float64(x[2] * y[2])
		s3 += float64(x[3] * y[3])
	}
	for ; k < len(a); k++ {
		s0 += float64(a[k] * b[k])
	}
	return (s0 + s1) + (s2 + s3)
}

// dotMixed is Σ a[k]·v[k].
func dotMixed(a []float64, v []float32) float64 {
	s := 0.0
	v = v[:len(a)]
	for k, x := range a {
		s += float64(x * float64(v[k]))
	}
	return s
}

// forward turns x into L⁻¹x.
func forward(l []float64, x []float64) {
	n := len(x)
	for i := range x {
		x[i] = (x[i] - dot64(l[i*n:i*n+i], x[:i])) / l[i*n+i]
	}
}

// solveCholesky turns x into (LLᵀ)⁻¹x.
func solveCholesky(l []float64, x []float64) {
	forward(l, x)
	kernel.BackSubstitute(l, len(x), x, 1)
}

// exp2 is 2ˣ for x in [−1000, 1000], to 12 digits.
func exp2(x float64) float64 {
	n := math.Floor(x + 0.5)
	f := float64((x - n) * math.Ln2)
	// Taylor's series of eᶠ, |f| ≤ 0.35.
	s := 1.0
	for k := 12; k > 0; k-- {
		s = 1 + float64(float64(s*f)/float64(k))
	}
	return s * math.Float64frombits(uint64(int64(n)+1023)<<52)
}

// exp is eˣ for x in [−600, 600], to 12 digits.
func exp(x float64) float64 { return exp2(x * (1 / math.Ln2)) }
