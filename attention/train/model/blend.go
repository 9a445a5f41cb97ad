package model

import (
	"context"
	"fmt"
	"math"
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

func init() {
	register(Spec{
		Name:   "blend",
		About:  "All other models' scores, normalised per person and added with weights chosen on held-out touches.",
		Source: "multinomial logistic regression over candidates (McFadden 1974) on the models' scores, as in linear stacking (Breiman 1996)",
		Parameters: []Parameter{
			{Name: "attention", Default: 1, Low: 0, High: 1, Whole: true, About: "1: self-attention is a part too"},
			{Name: "cases", Default: 12000, Low: 100, High: 1e6, Log: true, Whole: true, About: "held-out touches that the weights are learned from, at most"},
		},
		New: func(set Settings) (Model, error) {
			v, err := values("blend", set)
			if err != nil {
				return nil, err
			}
			b := &blend{cases: int(v["cases"])}
			for _, name := range []string{"popularity", "transitions", "item-knn", "user-knn", "linear", "als", "content", "self-attention"} {
				if name != "self-attention" || v["attention"] == 1 {
					b.names = append(b.names, name)
				}
			}
			return b, nil
		},
	})
}

// blend is the whole way from data to a mix, with the parts' default settings.
// Where settings are searched for too, package evaluation does the same in steps.
type blend struct {
	names []string
	cases int
	mix
}

// Fit implements [Model]: the parts learn without each person's last touch,
// the weights from those last touches, then the parts anew from all.
func (m *blend) Fit(ctx context.Context, d *Data, r Run) error {
	early := *d
	early.Histories = make([]History, len(d.Histories))
	var cases []Case
	for u, h := range d.Histories {
		early.Histories[u] = h
		if n := len(h) - 1; n >= 1 {
			early.Histories[u] = h[:n]
			cases = append(cases, Case{History: h[:n], Target: h[n].Item})
		}
	}
	cfg := DefaultWeights()
	cfg.Cases = m.cases
	epochs := map[string]int{}
	first := r
	first.Validate = func(scorer func() Scorer) float64 { return NDCGAt10(d.Items, scorer, cases, 2000) }
	parts, err := m.fitParts(ctx, &early, first, epochs)
	if err != nil {
		return err
	}
	q, err := Ask(ctx, d.Items, parts, cases, cfg)
	if err != nil {
		return err
	}
	w, _, err := q.Choose(ctx, cfg, func(place int) float64 {
		if place < 1 || place > 10 {
			return 0
		}
		return 1 / math.Log2(1+float64(place))
	})
	if err != nil {
		return err
	}
	r.Validate = nil
	if parts, err = m.fitParts(ctx, d, r, epochs); err != nil {
		return err
	}
	m.mix = mix{items: d.Items, parts: parts, weights: w}
	return nil
}

// fitParts fits all parts that are known and suit the data. epochs takes what
// early stopping found where there is validation, and gives it where there is none.
func (m *blend) fitParts(ctx context.Context, d *Data, r Run, epochs map[string]int) ([]Part, error) {
	var parts []Part
	for _, name := range m.names {
		spec, err := Lookup(name)
		if err != nil || name == "content" && d.Features == nil {
			continue
		}
		set := Settings{}
		if e := epochs[name]; e > 0 && r.Validate == nil {
			set["epochs"] = float64(e)
		}
		p, err := spec.New(set)
		if err != nil {
			return nil, err
		}
		how, best := r, 0.0
		how.Progress = func(p Progress) {
			if p.Validation > best {
				best, epochs[name] = p.Validation, p.Epoch
			}
			r.Tell(p)
		}
		if err := p.Fit(ctx, d, how); err != nil {
			return nil, err
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		parts = append(parts, Part{Name: name, Model: p})
	}
	return parts, nil
}

// NDCGAt10 is the mean of 1 ÷ log₂(1 + place) of the targets that are among the
// first ten of all items not touched before, in [0,1], on at most most of the
// cases, evenly spread: what early stopping goes by.
func NDCGAt10(items int, scorer func() Scorer, cases []Case, most int) float64 {
	n := min(most, len(cases))
	gains := make([]float64, n)
	onAllCores(n, func() func(int) {
		s, scores := scorer(), make([]float32, items)
		var best []int32
		return func(i int) {
			c := cases[int(int64(i)*int64(len(cases))/int64(n))]
			s.Score(scores, c.History)
			best = bestOf(best, scores, c, 10)
			if at := slices.Index(best, c.Target); at >= 0 {
				gains[i] = 1 / math.Log2(2+float64(at))
			}
		}
	})
	sum := 0.0
	for _, g := range gains {
		sum += g
	}
	return sum / float64(max(1, n))
}
