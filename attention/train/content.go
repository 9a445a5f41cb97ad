package train

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"

	"souk/attention/train/als"
	"souk/world/catalog"
)

// ridge is the penalty of the map from content to factors, per item that it is
// learned from.
const ridge = 0.02

// blendContent pulls the factors of items towards what their content predicts,
//
//	v ← (m·v + k·Wᵀf) ÷ (m + k),
//
// with m the item's positive confidence. W is the ridge regression of the
// factors of items with positive evidence on their content. An item without any
// has no factors of its own and takes those of its content whatever k is: that
// is how a new item is recommended. It returns W too, FeatureDim × dim.
func blendContent(items []float32, m *als.Matrix, features []float32, dim int, k float64) (out, w []float32) {
	const f = catalog.FeatureDim
	positive := make([]float64, m.Items)
	for e, i := range m.Col {
		positive[i] += float64(m.Confidence[e] * m.Preference[e])
	}
	a, b := make([]float64, f*f), make([]float64, f*dim)
	learned := 0
	for i, p := range positive {
		if p == 0 {
			continue
		}
		learned++
		x := features[i*f : (i+1)*f]
		for r, xr := range x {
			for c, xc := range x[:r+1] {
				a[r*f+c] += float64(xr) * float64(xc)
			}
			for c, y := range items[i*dim : (i+1)*dim] {
				b[r*dim+c] += float64(xr) * float64(y)
			}
		}
	}
	for r := range f {
		a[r*f+r] += ridge*float64(learned) + 1e-9
	}
	if t, ok := lapack64.Potrf(blas64.Symmetric{Uplo: blas.Lower, N: f, Stride: f, Data: a}); ok {
		lapack64.Potrs(t, blas64.General{Rows: f, Cols: dim, Stride: dim, Data: b})
	} else {
		clear(b)
	}
	w = make([]float32, len(b))
	for i, x := range b {
		w[i] = float32(x)
	}
	out = make([]float32, len(items))
	for i, p := range positive {
		own := 0.0
		if p > 0 {
			own = p / (p + k)
		}
		row := out[i*dim : (i+1)*dim]
		for c := range row {
			predicted := 0.0
			for r, x := range features[i*f : (i+1)*f] {
				predicted += float64(x) * b[r*dim+c]
			}
			row[c] = float32(own*float64(items[i*dim+c]) + (1-own)*predicted)
		}
	}
	return out, w
}
