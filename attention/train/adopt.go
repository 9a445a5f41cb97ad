package train

import (
	"context"
	"fmt"
	"math"

	"souk/attention/rank"
	"souk/attention/train/als"
	"souk/world/catalog"
)

// Training is the part of the evidence that a model judged by [Adopt] or [Train] may have
// seen: without the last two items that count, of each person.
func (e Evidence) Training(cfg Config) *als.Matrix {
	return e.People.split(e.Matrix.Items, cfg.Target).train
}

// adopted are the λ that Adopt tries, of which validation chooses.
var adopted = []float64{1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3}

// Adopt makes a model of item factors (items × dim) that another program made from
// the log's evidence, as Spark's ALS does with confidences of 1 + alpha × rating. A visitor is
// folded in with α₀ = 1/alpha, which is the same loss but for a factor, and with the λ that validation
// chooses. Judging is as in [Train]; it is only fair where the factors were made from Evidence.Training.
// Items without factors (all 0) get those of their content.
func Adopt(ctx context.Context, l *Log, items []float32, dim int, alpha float64, cfg Config) (*rank.Model, *Report, error) {
	cfg.ALS.Dim = dim
	if err := cfg.Check(); err != nil {
		return nil, nil, err
	}
	if err := checkFactors(items, dim, l.cat); err != nil {
		return nil, nil, err
	}
	if !(alpha > 0) || math.IsInf(alpha, 0) {
		return nil, nil, fmt.Errorf("adopt factors: alpha is %v, must be above 0", alpha)
	}
	rep := new(Report)
	e, err := l.Evidence(cfg)
	rep.Cleaning = e.Cleaning
	if err != nil {
		return nil, rep, err
	}
	rep.Users, rep.Entries, rep.Items = e.Matrix.Users, e.Matrix.Entries(), e.Matrix.Touched()
	t := trainer{ctx: ctx, cfg: cfg, cat: l.cat, people: e.People, all: e.Matrix, report: rep}
	t.cfg.ALS.Base, t.cfg.ALS.Regularisation = 1/alpha, 0.01
	split := t.people.split(len(l.cat.Items), cfg.Target)
	t.sample(&split)
	temperature := float32(0.1)
	if len(split.valid) < fewest {
		rep.Note = fmt.Sprintf("only %d people have three items that count: too few to judge by", len(split.valid))
	} else {
		best := math.Inf(-1)
		tried := t.cfg.ALS
		for _, lambda := range adopted {
			if err := ctx.Err(); err != nil {
				return nil, rep, fmt.Errorf("adopt factors: %w", err)
			}
			tried.Regularisation = lambda
			if ndcg := meanNDCG(ranksOf(items, split.train, split.valid, tried), 20); ndcg > best {
				best, t.cfg.ALS = ndcg, tried
			}
		}
		temperature = fitTemperature(alsScores(items, split.train, t.cfg.ALS), split.train, split.valid)
		rep.Metrics = t.test(split, items)
		rep.Metrics[0].Name = "adopted"
	}
	m := t.assemble(items, t.all, temperature)
	m.Factors, m.ContentWeights = blendContent(items, withFactors(e.Matrix, items, dim), l.cat.Features, dim, 0)
	m.Gram = rank.ComputeGram(m.Factors, dim)
	m.Trained = fmt.Sprintf("factors of another program, %d dimensions, alpha %g, folded in with λ %g, on %s", dim, alpha, t.cfg.ALS.Regularisation, l.cat.Name)
	return m, rep, m.Check()
}

// withFactors is the matrix without evidence on items that have no factors: their
// content is all there is.
func withFactors(m *als.Matrix, items []float32, dim int) *als.Matrix {
	has := make([]bool, m.Items)
	for i, x := range items {
		has[i/dim] = has[i/dim] || x != 0
	}
	w := *m
	w.Preference = make([]float32, len(m.Preference))
	for k, i := range m.Col {
		if has[i] {
			w.Preference[k] = m.Preference[k]
		}
	}
	return &w
}

// Bare makes a model of item factors alone: every item is equally popular, and
// nothing is known of how a visitor is best folded in.
func Bare(c *catalog.Catalog, items []float32, dim int, alpha float64, cfg Config) (*rank.Model, error) {
	if err := checkFactors(items, dim, c); err != nil {
		return nil, err
	}
	if !(alpha > 0) || math.IsInf(alpha, 0) {
		return nil, fmt.Errorf("adopt factors: alpha is %v, must be above 0", alpha)
	}
	cfg.ALS.Dim, cfg.ALS.Base, cfg.ALS.Regularisation = dim, 1/alpha, 0.01
	t := trainer{cfg: cfg, cat: c}
	m := t.assemble(items, &als.Matrix{Items: len(c.Items), Start: []int{0}}, 0.1)
	m.Trained = fmt.Sprintf("factors of another program, %d dimensions, alpha %g, on %s", dim, alpha, c.Name)
	return m, m.Check()
}

func checkFactors(items []float32, dim int, c *catalog.Catalog) error {
	if dim < 1 || dim > rank.MaxDim || len(items) != len(c.Items)*dim {
		return fmt.Errorf("adopt factors: %d numbers of %d dimensions are not the factors of the %d items of %s", len(items), dim, len(c.Items), c.Name)
	}
	return nil
}
