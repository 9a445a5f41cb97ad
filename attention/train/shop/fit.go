package shop

import (
	"context"
	"fmt"
	"math"
	"slices"

	"souk/attention/train/metric"
	"souk/attention/train/model"
)

// Part is a model of the blend with its settings.
type Part struct {
	Model    string // of [model.Specs]
	Settings model.Settings
}

// Config holds the settings of a fit. Start from [Default].
type Config struct {
	Weights Weights
	Folds   int // of the validation, see [Log.Validation]
	Parts   []Part
	Blend   model.WeightConfig
	Seed    uint64
	// Tell is told what is being done and how much of all is, in [0,1]; may be nil.
	Tell func(what string, done float64)
}

// Default is the blend of the parts that the validation of a shop's log kept: see
// docs/shop-events.md for those that it dropped.
func Default() Config {
	return Config{
		Weights: DefaultWeights(), Folds: 2, Blend: model.DefaultWeights(), Seed: 1,
		Parts: []Part{
			{"sessions", nil},
			{"als", model.Settings{"tau": 1000, "lambda": 0.01, "base": 0.1}},
			{"transitions", model.Settings{"window": 12, "gap": 1.7, "back": 0.75, "source": 0.8, "target": 0, "shrink": 2.2, "tau": 24, "last": 19, "neighbours": 300}},
			{"popularity", nil},
		},
	}
}

// Choice is what the validation said of a part or of a blend.
type Choice struct {
	Name     string
	HR, NDCG float64 // at 10
}

// Fitted is a model with how it was chosen.
type Fitted struct {
	Model   model.Model
	Cases   int // held out for validation
	Choices []Choice
	Chosen  string
	Dropped []string // parts without which the blend was better
	Weights model.Weights
}

// Fit learns the parts without the validation's purchases, chooses the weights of the
// blend by them, drops parts without which it is better, and learns all that is left
// on the whole log. No file of targets has a say in any of it. Weights are judged by
// every other case, so that none is judged by weights that it shaped.
func Fit(ctx context.Context, l *Log, cfg Config) (*Fitted, error) {
	tell := func(what string, done float64) {
		if cfg.Tell != nil {
			cfg.Tell(what, done)
		}
	}
	out := &Fitted{}
	folds := l.Validation(cfg.Weights, cfg.Folds)
	steps := float64(len(cfg.Parts)*(len(folds)+1) + 1)
	at := 0.0
	var questions *model.Questions
	place := make([][]int, len(cfg.Parts))
	for _, f := range folds {
		out.Cases += len(f.Cases)
		if len(f.Cases) == 0 {
			continue
		}
		parts, err := fitParts(ctx, f.Data, cfg, func(name string) {
			tell("validation: "+name, at/steps)
			at++
		})
		if err != nil {
			return nil, err
		}
		for p, part := range parts {
			place[p] = append(place[p], Places(ctx, part.Model, len(l.Items), f.Cases)...)
		}
		q, err := model.Ask(ctx, len(l.Items), parts, f.Cases, cfg.Blend)
		if err != nil {
			return nil, err
		}
		if questions == nil {
			questions = q
		} else if err := questions.Join(q); err != nil {
			return nil, err
		}
	}
	for p, part := range cfg.Parts {
		out.Choices = append(out.Choices, choice(part.Model, place[p]))
	}
	tell("weights", at/steps)
	keep, err := out.choose(ctx, questions, cfg)
	if err != nil {
		return nil, err
	}
	at++
	final := cfg
	final.Parts = keep
	parts, err := fitParts(ctx, l.Data(cfg.Weights), final, func(name string) {
		tell("all events: "+name, at/steps)
		at++
	})
	if err != nil {
		return nil, err
	}
	if len(parts) == 1 {
		out.Model = parts[0].Model
	} else if out.Model, err = model.Mix(len(l.Items), parts, out.Weights); err != nil {
		return nil, err
	}
	tell("", 1)
	return out, nil
}

func fitParts(ctx context.Context, d *model.Data, cfg Config, tell func(name string)) ([]model.Part, error) {
	var out []model.Part
	for _, p := range cfg.Parts {
		tell(p.Model)
		spec, err := model.Lookup(p.Model)
		if err != nil {
			return nil, err
		}
		m, err := spec.New(p.Settings)
		if err != nil {
			return nil, err
		}
		if err := m.Fit(ctx, d, model.Run{Seed: cfg.Seed}); err != nil {
			return nil, fmt.Errorf("train: %s: %w", p.Model, err)
		}
		out = append(out, model.Part{Name: p.Model, Model: m})
	}
	return out, nil
}

// fewest is how many held-out purchases make weights worth their name.
const fewest = 40

// choose finds the blend: all parts at first, then without each part that makes it
// better by its absence, while one does; or the best part alone where no blend beats it.
func (out *Fitted) choose(ctx context.Context, q *model.Questions, cfg Config) ([]Part, error) {
	best := 0
	for p, c := range out.Choices {
		if c.NDCG > out.Choices[best].NDCG {
			best = p
		}
	}
	out.Chosen = out.Choices[best].Name
	if out.Cases < fewest || len(cfg.Parts) < 2 {
		return cfg.Parts[best : best+1], nil
	}
	all, err := halves(ctx, q, cfg)
	if err != nil {
		return nil, err
	}
	keep := slices.Clone(cfg.Parts)
	for len(keep) > 2 {
		drop, better := -1, all
		for p := range keep {
			c, err := halves(ctx, q.Without(keep[p].Model), cfg)
			if err != nil {
				return nil, err
			}
			if c.NDCG > better.NDCG {
				drop, better = p, c
			}
		}
		if drop < 0 {
			break
		}
		out.Dropped = append(out.Dropped, keep[drop].Model)
		q, all = q.Without(keep[drop].Model), better
		keep = slices.Delete(keep, drop, drop+1)
	}
	out.Choices = append(out.Choices, all)
	if all.NDCG <= out.Choices[best].NDCG {
		return cfg.Parts[best : best+1], nil
	}
	out.Chosen = all.Name
	out.Weights, err = q.Fit(ctx, cfg.Blend)
	return keep, err
}

func halves(ctx context.Context, q *model.Questions, cfg Config) (c Choice, err error) {
	hits, asked := 0.0, 0.0
	c.Name = "blend"
	c.NDCG, err = q.Halves(ctx, cfg.Blend, func(p int) float64 {
		hits += hit(p, 10)
		asked++
		return gain(p, 10)
	})
	c.HR = hits / max(1, asked)
	return c, err
}

// hit and gain are of a place from 1; 0 stands for none.
func hit(place, k int) float64 {
	if place < 1 || place > k {
		return 0
	}
	return 1
}

func gain(place, k int) float64 { return hit(place, k) / math.Log2(1+float64(max(1, place))) }

func choice(name string, places []int) Choice {
	c := Choice{Name: name}
	for _, p := range places {
		c.HR += hit(p, 10) / float64(len(places))
		c.NDCG += gain(p, 10) / float64(len(places))
	}
	return c
}

// Places ranks all items that are not in the history for each case, and says where
// the target stands, 1 the best; 0 where no ranking can hold it ([NoItem]). Equals stand
// before the target, so that a score that says nothing earns nothing.
func Places(ctx context.Context, m model.Model, items int, cases []model.Case) []int {
	out := make([]int, len(cases))
	model.OnAllCores(ctx, len(cases), func() func(int) {
		s, scores, touched := m.NewScorer(), make([]float32, items), make([]bool, items)
		return func(i int) {
			c := cases[i]
			if c.Target == NoItem {
				return
			}
			s.Score(scores, c.History)
			for _, t := range c.History {
				touched[t.Item] = true
			}
			mine, place := scores[c.Target], 1
			for j, x := range scores {
				if !(x < mine) && !touched[j] && int32(j) != c.Target {
					place++
				}
			}
			out[i] = place
			for _, t := range c.History {
				touched[t.Item] = false
			}
		}
	})
	return out
}

// Measure is a metric with its interval over people.
type Measure struct {
	Name  string
	Value metric.Interval
}

// Measures are HR and NDCG of targets at 5, 10, 20 and 50, by user: who has several targets
// counts with their mean.
func Measures(targets []Target, places []int, resamples int, seed uint64) []Measure {
	order := make([]int, len(targets))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return int(targets[a].User) - int(targets[b].User) })
	var out []Measure
	for _, k := range metric.Cuts {
		for _, kind := range []metric.Kind{metric.HR, metric.NDCG} {
			var values []float64
			for from := 0; from < len(order); {
				sum, to := 0.0, from
				for ; to < len(order) && targets[order[to]].User == targets[order[from]].User; to++ {
					if p := places[order[to]]; kind == metric.HR {
						sum += hit(p, k)
					} else {
						sum += gain(p, k)
					}
				}
				values = append(values, sum/float64(to-from))
				from = to
			}
			out = append(out, Measure{metric.Name(kind, k), metric.Bootstrap(values, resamples, seed)})
		}
	}
	return out
}
