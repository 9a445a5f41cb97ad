package model

import (
	"context"
	"fmt"
	"slices"
)

// Mix is a blend of fitted parts with weights that are known. The parts must be
// those of the weights, in their order.
func Mix(items int, parts []Part, w Weights) (Model, error) {
	var names []string
	for _, p := range parts {
		names = append(names, p.Name)
	}
	if !slices.Equal(names, w.Parts) || len(w.Values) != 2*perPart*len(parts) {
		return nil, fmt.Errorf("train: the weights of a blend are of %v, the parts are %v", w.Parts, names)
	}
	return &mix{items: items, parts: parts, weights: w}, nil
}

type mix struct {
	items   int
	parts   []Part
	weights Weights
}

// Fit implements [Model]: a mix is made of what was fitted before.
func (m *mix) Fit(ctx context.Context, _ *Data, _ Run) error { return ctx.Err() }

func (m *mix) NewScorer() Scorer {
	s := &mixScorer{m: m, scores: make([]float32, m.items)}
	for _, p := range m.parts {
		s.scorers = append(s.scorers, p.Model.NewScorer())
	}
	return s
}

type mixScorer struct {
	m       *mix
	scorers []Scorer
	scores  []float32
}

// Score implements [Scorer].
func (s *mixScorer) Score(dst []float32, h History) {
	clear(dst)
	length := lengthOf(h)
	var x [perPart]float32
	for p, scorer := range s.scorers {
		scorer.Score(s.scores, h)
		mean, inverse := normalise(s.scores)
		if inverse == 0 {
			continue
		}
		v := s.m.weights.Values[2*perPart*p:]
		a, b := float32(v[0]+length*v[1]), float32(v[2]+length*v[3])
		numbers(x[:], 0, mean, inverse)
		none := a*x[0] + b*x[1] // most items have nothing of most parts
		for i, y := range s.scores {
			if y == 0 {
				dst[i] += none
				continue
			}
			z := float64((y - mean) * inverse)
			dst[i] += a*float32(z/10) + b*float32(asinh(z))
		}
	}
}
