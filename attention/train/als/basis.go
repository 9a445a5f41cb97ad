package als

import (
	"context"
	"math"

	"gonum.org/v1/gonum/mat"

	"souk/attention/internal/kernel"
)

// basis is the other side of a half, seen from where its Gram matrix is
// diagonal. The systems of all rows share that matrix; turned so, each is
//
//	(D + Σ c·vvᵀ)·u = Σ c·p·v,  D = α₀·eigenvalues + penalty
//
// and neither solver needs more than the row's own entries. Solutions are
// turned back: the loss knows no basis.
type basis struct {
	dim, width int       // width is dim, padded for the kernels
	values     []float32 // α₀ × the eigenvalues, width
	turn       []float32 // dim × width: a row times this is the row in the basis
	back       []float32 // width × width: and back again
	rows       []float32 // the other side, n × width
}

// newBasis is nil where the Gram matrix has no eigenvectors, as one with NaN.
func newBasis(gram []float64, other []float32, cfg Config) *basis {
	d, w := cfg.Dim, kernel.Pad(cfg.Dim)
	var eigen mat.EigenSym
	for _, g := range gram {
		if g-g != 0 {
			return nil
		}
	}
	if !eigen.Factorize(mat.NewSymDense(d, gram), true) {
		return nil
	}
	b := &basis{dim: d, width: w, values: make([]float32, w), turn: make([]float32, d*w), back: make([]float32, w*w)}
	for i, v := range eigen.Values(nil) {
		b.values[i] = float32(cfg.Base * math.Max(0, v))
	}
	var q mat.Dense
	eigen.VectorsTo(&q)
	for i := range d {
		for j := range d {
			x := float32(q.At(i, j))
			b.turn[i*w+j], b.back[j*w+i] = x, x
		}
	}
	n := len(other) / d
	b.rows = make([]float32, n*w)
	_ = EachChunk(context.Background(), n, func() func(from, to int) { // never cancelled
		return func(from, to int) {
			kernel.RowProduct(b.rows[from*w:to*w], other[from*d:to*d], b.turn, to-from, d, w)
		}
	})
	return b
}
