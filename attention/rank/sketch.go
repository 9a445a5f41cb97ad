package rank

import (
	"gonum.org/v1/gonum/mat"

	"souk/attention/internal/kernel"
)

// sketch is a matrix of item vectors made small, for a scan of all of them
// that finds the best few hundred; these are scored again in full.
type sketch struct {
	rows  *kernel.Quantised
	query *kernel.Query
	// turn maps a vector to the axes of the scan, which are fewer than its
	// dimensions: rows are numbers of the vector, columns axes. Nil: no turn.
	turn   []float64
	turned []float32
}

// newSketch makes the sketch of vectors (n × dim, row by row) with 8 or 4 bits
// a number, and axes axes: 0 for all dimensions as they are, else that many
// principal axes (eigenvectors of the Gram matrix, the longest first), so that what is
// cut off is what items differ least in.
func newSketch(vectors []float32, n, dim, bits, axes int, gram []float64) *sketch {
	s := &sketch{}
	width := dim
	if axes > 0 && axes < dim {
		width = axes
		s.turn = principalAxes(gram, dim, axes)
		s.turned = make([]float32, axes)
	}
	s.rows = kernel.NewQuantised(n, width, bits)
	s.query = kernel.NewQuery(width)
	for i := range n {
		s.rows.Set(i, s.onAxes(vectors[i*dim:i*dim+dim]))
	}
	return s
}

// onAxes is v on the axes of the scan; valid until the next call.
func (s *sketch) onAxes(v []float32) []float32 {
	if s.turn == nil {
		return v
	}
	axes := len(s.turned)
	for a := range axes {
		sum := 0.0
		for k, x := range v {
			sum += float64(s.turn[k*axes+a] * float64(x))
		}
		s.turned[a] = float32(sum)
	}
	return s.turned
}

// scan writes bias plus the product of each item's vector with u, nearly.
func (s *sketch) scan(dst, bias, u []float32) {
	s.query.Set(s.onAxes(u))
	s.rows.Scan(dst, bias, s.query)
}

// principalAxes are the eigenvectors of a symmetric matrix with the largest
// eigenvalues: dim × axes, row by row; the sign of each is such that its largest
// number is above 0.
func principalAxes(gram []float64, dim, axes int) []float64 {
	var eigen mat.EigenSym
	out := make([]float64, dim*axes)
	if !eigen.Factorize(mat.NewSymDense(dim, gram), true) {
		for a := range axes { // no decomposition: the first dimensions
			out[a*axes+a] = 1
		}
		return out
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	for a := range axes {
		col := dim - 1 - a // values rise
		largest := 0.0
		for k := range dim {
			if x := vectors.At(k, col); x > largest || -x > largest {
				largest = max(x, -x)
			}
		}
		sign := -1.0
		for k := range dim {
			if vectors.At(k, col) == largest {
				sign = 1
			}
		}
		for k := range dim {
			out[k*axes+a] = sign * vectors.At(k, col)
		}
	}
	return out
}
