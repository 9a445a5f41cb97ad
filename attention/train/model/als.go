package model

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"

	"souk/attention/train/als"
)

func init() {
	register(Spec{
		Name:   "als",
		About:  "Implicit factorisation: people and items as vectors; whoever is judged is folded in from the touches, the last ones counting most.",
		Source: "Hu, Koren and Volinsky 2008, in the form and with the scaled regularisation of Rendle et al. 2022; the decay of age is ours",
		Trials: 6,
		Parameters: []Parameter{
			{Name: "dim", Default: 64, Low: 8, High: 512, Log: true, Whole: true, About: "numbers per item"},
			{Name: "epochs", Default: 8, Low: 1, High: 64, Whole: true, About: "passes over the data"},
			{Name: "lambda", Default: 0.01, Low: 1e-4, High: 0.3, Log: true, About: "regularisation, times a row's own evidence"},
			{Name: "base", Default: 0.01, Low: 1e-4, High: 1, Log: true, About: "weight of a pair of person and item without a touch"},
			{Name: "tau", Default: 10, Low: 0.5, High: 1000, Log: true, About: "age in touches at which a touch counts 1/e, in learning and in judging"},
			{Name: "floor", Default: 0.1, Low: 0, High: 1, About: "what the oldest touch counts at least"},
			{Name: "popular", Default: 0, Low: -1, High: 1, About: "exponent: scores are times an item's count to this power"},
		},
		New: newALS,
	})
}

type factors struct {
	cfg        als.Config
	tau, floor float64
	popular    float64
	items      int
	vectors    []float32 // row by row
	gram       []float64
	scale      []float32 // of the scores by item; nil where all are 1
}

func newALS(set Settings) (Model, error) {
	v, err := values("als", set)
	if err != nil {
		return nil, err
	}
	cfg := als.Config{Dim: int(v["dim"]), Epochs: int(v["epochs"]), Regularisation: v["lambda"], Base: v["base"], Deviation: 0.1}
	return &factors{cfg: cfg, tau: v["tau"], floor: v["floor"], popular: v["popular"]}, nil
}

// Fit implements [Model].
func (m *factors) Fit(ctx context.Context, d *Data, r Run) error {
	m.cfg.Seed, m.items = r.Seed, d.Items
	evidence := &als.Matrix{Users: len(d.Histories), Items: d.Items, Start: []int{0}}
	row := newEvidence(d.Items, m.tau, m.floor)
	for _, h := range d.Histories {
		row.appendTo(evidence, h)
	}
	f := als.New(evidence, m.cfg)
	done := 0
	for ; done < m.cfg.Epochs; done++ {
		if err := f.Epoch(ctx); err != nil {
			if done == 0 {
				return err
			}
			break // what there is may be used
		}
		r.Tell(Progress{Epoch: done + 1, Epochs: m.cfg.Epochs})
	}
	m.vectors = f.Items
	m.gram = als.Gram(m.vectors, m.cfg.Dim)
	if m.popular != 0 {
		m.scale = power(counts(d), 1, -m.popular)
	}
	return nil
}

// evidence turns histories into rows of a matrix: an item's confidence is the
// sum of its touches' by age.
type evidence struct {
	sum        []float32
	tau, floor float64
	items      []int32
}

func newEvidence(items int, tau, floor float64) *evidence {
	return &evidence{sum: make([]float32, items), tau: tau, floor: floor}
}

func (e *evidence) appendTo(m *als.Matrix, h History) {
	e.items = e.items[:0]
	for i, t := range h {
		if e.sum[t.Item] == 0 {
			e.items = append(e.items, t.Item)
		}
		e.sum[t.Item] += t.Weight * float32(math.Max(e.floor, math.Exp(-float64(len(h)-1-i)/e.tau)))
	}
	sortItems(e.items)
	for _, i := range e.items {
		m.Col = append(m.Col, i)
		m.Confidence = append(m.Confidence, e.sum[i])
		m.Preference = append(m.Preference, 1)
		e.sum[i] = 0
	}
	m.Start = append(m.Start, len(m.Col))
}

type factorScorer struct {
	m      *factors
	row    *evidence
	one    *als.Matrix
	solver *als.RowSolver
	u      []float32
}

func (m *factors) NewScorer() Scorer {
	return &factorScorer{m: m, row: newEvidence(m.items, m.tau, m.floor), one: &als.Matrix{Users: 1, Items: m.items},
		solver: als.NewRowSolver(m.gram, m.vectors, m.items, m.cfg), u: make([]float32, m.cfg.Dim)}
}

// foldIn solves for the person's vector.
func (s *factorScorer) foldIn(h History) {
	s.one.Start = append(s.one.Start[:0], 0)
	s.one.Col, s.one.Confidence, s.one.Preference = s.one.Col[:0], s.one.Confidence[:0], s.one.Preference[:0]
	s.row.appendTo(s.one, h)
	s.solver.Solve(s.u, s.one, 0)
}

// Score implements [Scorer]: fold-in, then the product with each item's vector.
func (s *factorScorer) Score(dst []float32, h History) {
	s.foldIn(h)
	dim := s.m.cfg.Dim
	blas32.Gemv(blas.NoTrans, 1, blas32.General{Rows: s.m.items, Cols: dim, Stride: dim, Data: s.m.vectors},
		blas32.Vector{N: dim, Inc: 1, Data: s.u}, 0, blas32.Vector{N: len(dst), Inc: 1, Data: dst})
	for i, f := range s.m.scale {
		dst[i] *= f
	}
}

// keptFactors is what a fitted model is written as.
type keptFactors struct {
	Items, Dim int
	Vectors    []float32
	Scale      []float32
}

// MarshalBinary writes what was learned.
func (m *factors) MarshalBinary() ([]byte, error) {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(keptFactors{m.items, m.cfg.Dim, m.vectors, m.scale}); err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	return b.Bytes(), nil
}

// UnmarshalBinary reads it back into a model of the same settings.
func (m *factors) UnmarshalBinary(text []byte) error {
	var k keptFactors
	if err := gob.NewDecoder(bytes.NewReader(text)).Decode(&k); err != nil {
		return fmt.Errorf("train: factors: %w", err)
	}
	if k.Items < 1 || k.Dim != m.cfg.Dim || len(k.Vectors) != k.Items*k.Dim || k.Scale != nil && len(k.Scale) != k.Items {
		return errors.New("train: factors of another shape; fit the model again")
	}
	m.items, m.vectors, m.scale = k.Items, k.Vectors, k.Scale
	m.gram = als.Gram(m.vectors, m.cfg.Dim)
	return nil
}
