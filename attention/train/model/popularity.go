package model

import (
	"context"
	"math"
)

func init() {
	register(Spec{
		Name:     "popularity",
		About:    "How often each item was touched, the last touches of each person counting most: the same list for everyone.",
		Source:   "the count is the field's common baseline; that recent popularity is the stronger one: Ji et al. 2020",
		Trials:   6,
		Seedless: true,
		Parameters: []Parameter{
			{Name: "tau", Default: 2, Low: 0.5, High: 1000, Log: true, About: "age in touches before a person's last at which a touch counts 1/e"},
		},
		New: func(set Settings) (Model, error) {
			v, err := values("popularity", set)
			if err != nil {
				return nil, err
			}
			return &popularity{tau: v["tau"]}, nil
		},
	})
}

type popularity struct {
	tau   float64
	score []float32 // log of the share, so that it may be added to other models' logarithms
}

// Fit implements [Model].
func (m *popularity) Fit(ctx context.Context, d *Data, _ Run) error {
	sum := make([]float64, d.Items)
	for _, h := range d.Histories {
		for i, t := range h {
			sum[t.Item] += math.Exp(-float64(len(h)-1-i) / m.tau)
		}
	}
	total := 0.0
	for _, s := range sum {
		total += s
	}
	m.score = make([]float32, d.Items)
	for i, s := range sum {
		m.score[i] = float32(math.Log((s + 0.1) / (total + 0.1*float64(d.Items))))
	}
	return ctx.Err()
}

func (m *popularity) NewScorer() Scorer { return m }

// Score implements [Scorer]; the history does not matter.
func (m *popularity) Score(dst []float32, _ History) { copy(dst, m.score) }
