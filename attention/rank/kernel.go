package rank

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
)

// addScores adds u·v of each row v of factors to scores.
func addScores(scores, factors, u []float32) {
	if len(scores) == 0 {
		return
	}
	d := len(u)
	blas32.Gemv(blas.NoTrans, 1, blas32.General{Rows: len(scores), Cols: d, Stride: d, Data: factors},
		blas32.Vector{N: d, Inc: 1, Data: u}, 1, blas32.Vector{N: len(scores), Inc: 1, Data: scores})
}
