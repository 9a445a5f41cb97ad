package model

import (
	"context"
	"errors"
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"
)

func init() {
	register(Spec{
		Name:     "content",
		About:    "What an item's content says of who touches it, so that an item that nobody touched yet has a score; needs features.",
		Source:   "a ridge regression (Hoerl and Kennard 1970) from content to factors, as in the cold start of Gantner et al. 2010",
		Trials:   4,
		Seedless: false,
		Parameters: []Parameter{
			{Name: "ridge", Default: 0.02, Low: 1e-4, High: 10, Log: true, About: "penalty, per item that is learned from"},
			{Name: "dim", Default: 32, Low: 8, High: 128, Log: true, Whole: true, About: "numbers per item of the factorisation that content is fitted to"},
			{Name: "epochs", Default: 6, Low: 1, High: 64, Whole: true, About: "passes of that factorisation"},
		},
		New: func(set Settings) (Model, error) {
			v, err := values("content", set)
			if err != nil {
				return nil, err
			}
			inner, err := newALS(Settings{"dim": v["dim"], "epochs": v["epochs"]})
			if err != nil {
				return nil, err
			}
			return &content{ridge: v["ridge"], factors: inner.(*factors)}, nil
		},
	})
}

// ErrNoFeatures says that a model needs content and the data has none.
var ErrNoFeatures = errors.New("train: the model content needs features of the items, and this data has none; leave the model out")

// content is a factorisation in which each item's vector is what its content predicts.
type content struct {
	ridge     float64
	factors   *factors
	predicted []float32 // items × dim
}

// Fit implements [Model]: the factors of touched items, then W = (FᵀF + ridge·n·I)⁻¹FᵀV.
func (m *content) Fit(ctx context.Context, d *Data, r Run) error {
	if d.Features == nil || d.Width < 1 {
		return ErrNoFeatures
	}
	if err := m.factors.Fit(ctx, d, r); err != nil {
		return err
	}
	w, dim := d.Width, m.factors.cfg.Dim
	a, b := make([]float64, w*w), make([]float64, w*dim)
	learned := 0
	for i, n := range counts(d) {
		if n == 0 {
			continue
		}
		learned++
		x := d.Features[i*w : (i+1)*w]
		for p, xp := range x {
			for q, xq := range x[:p+1] {
				a[p*w+q] += float64(xp) * float64(xq)
			}
			for c, y := range m.factors.vectors[i*dim : (i+1)*dim] {
				b[p*dim+c] += float64(xp) * float64(y)
			}
		}
	}
	for p := range w {
		a[p*w+p] += m.ridge*math.Max(1, float64(learned)) + 1e-9
	}
	t, ok := lapack64.Potrf(blas64.Symmetric{Uplo: blas.Lower, N: w, Stride: w, Data: a})
	if !ok {
		return errors.New("train: the features of the items hold numbers that are not finite; correct the catalogue")
	}
	lapack64.Potrs(t, blas64.General{Rows: w, Cols: dim, Stride: dim, Data: b})
	m.predicted = make([]float32, d.Items*dim)
	for i := range d.Items {
		row := m.predicted[i*dim : (i+1)*dim]
		for p, x := range d.Features[i*w : (i+1)*w] {
			for c := range row {
				row[c] += x * float32(b[p*dim+c])
			}
		}
	}
	return nil
}

func (m *content) NewScorer() Scorer {
	return &contentScorer{m: m, fold: m.factors.NewScorer().(*factorScorer)}
}

type contentScorer struct {
	m    *content
	fold *factorScorer
}

// Score implements [Scorer]: the person's fold-in times each item's predicted vector.
func (s *contentScorer) Score(dst []float32, h History) {
	s.fold.foldIn(h)
	dim := s.m.factors.cfg.Dim
	blas32.Gemv(blas.NoTrans, 1, blas32.General{Rows: s.m.factors.items, Cols: dim, Stride: dim, Data: s.m.predicted},
		blas32.Vector{N: dim, Inc: 1, Data: s.fold.u}, 0, blas32.Vector{N: len(dst), Inc: 1, Data: dst})
}
