package latent

import "math"

// addSquare adds c·v·vᵀ to the lower triangle of a (n × n, row by row).
func addSquare(a []float64, n int, v []float64, c float64) {
	for i, x := range v {
		axpy(a[i*n:i*n+i+1], v[:i+1], c*x)
	}
}

// axpy adds c·v to dst.
func axpy(dst, v []float64, c float64) {
	v = v[:len(dst)]
	for i := range dst {
		dst[i] += c * v[i]
	}
}

// cholesky turns the lower triangle of a, positive definite by what was added to its
// diagonal, into its factor L.
func cholesky(a []float64, n int) {
	for i := range n {
		row := a[i*n : i*n+i+1]
		for j := range i {
			other := a[j*n : j*n+j+1]
			row[j] = (row[j] - dot(row[:j], other)) / other[j]
		}
		row[i] = math.Sqrt(row[i] - dot(row[:i], row))
	}
}

func dot(a, b []float64) float64 {
	var s0, s1 float64
	b = b[:len(a)]
	k := 0
	for ; k+2 <= len(a); k += 2 {
		s0 += a[k] * b[k]
		s1 += a[k+1] * b[k+1]
	}
	if k < len(a) {
		s0 += a[k] * b[k]
	}
	return s0 + s1
}

// solve turns x into (LLᵀ)⁻¹x.
func solve(l, x []float64, n int) {
	for i := range n {
		x[i] = (x[i] - dot(l[i*n:i*n+i], x)) / l[i*n+i]
	}
	for i := n - 1; i >= 0; i-- {
		x[i] /= l[i*n+i]
		axpy(x[:i], l[i*n:i*n+i], -x[i])
	}
}
