// Package evaluation compares models on a catalogue of sequences: settings and
// the blend's weights by validation, then the test, once, by full ranking.
//
// Read [Run] first; docs/evaluation.md has the protocol in words.
package evaluation

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"souk/attention/train/metric"
	"souk/attention/train/model"
	"souk/attention/train/sequence"
)

// Blend is the name of the blend of all the models that are compared.
const Blend = "blend"

// Config says what is compared, and how thoroughly.
type Config struct {
	// Models are names of [model.Specs]; "blend" among them asks for the blend of the others.
	Models []string
	// Settings are by model; where a model has some, no search is made for it.
	Settings map[string]model.Settings
	Seeds    int // fits of what depends on a seed, ≥ 1; the first has seed 1
	// Search scales how many settings each model tries: 1 is the model's own number, 0 takes the defaults.
	Search float64
	// Cases is how many held-out cases a trial of settings is judged by, at most, ≥ 1.
	Cases int
	// Refit lets the models learn from the validation's items too before the
	// test, with the settings and weights that were chosen without them.
	Refit     bool
	Resamples int    // of the bootstrap, ≥ 1
	Folder    string // where results are kept, so that a later run need not repeat them; "" keeps none
	// Late says that the time allowed is over: no further setting is tried,
	// what stops early by validation stops, and no further seed is begun. Nil: never. What is reported then
	// depends on the machine; a fit that was cut short is gone on with by a later run.
	Late func() bool
	// Tell is told of each step; may be nil.
	Tell func(Progress)
}

// Progress says how far an evaluation is.
type Progress struct {
	Done float64 // share of the estimated work, in [0,1]
	What string
}

// standard are the models that are compared where none is named: those that have
// won something somewhere. Others, and what needs content, are compared by name.
var standard = []string{"popularity", "transitions", "item-knn", "user-knn", "linear", "als", "self-attention"}

// Default compares the standard models and their blend by three seeds.
func Default() Config {
	c := Config{Seeds: 3, Search: 1, Cases: 4000, Refit: true, Resamples: 1000}
	for _, name := range standard {
		if _, err := model.Lookup(name); err == nil {
			c.Models = append(c.Models, name)
		}
	}
	c.Models = append(c.Models, Blend)
	return c
}

// check says in a sentence what is wrong.
func (c *Config) check(s *sequence.Set) error {
	switch {
	case c.Seeds < 1 || c.Cases < 1 || c.Resamples < 1:
		return fmt.Errorf("evaluation: %d seeds, %d cases and %d resamples, must be at least 1 each", c.Seeds, c.Cases, c.Resamples)
	case !(c.Search >= 0):
		return fmt.Errorf("evaluation: a search of %v, must be at least 0", c.Search)
	case len(c.Models) == 0:
		return errors.New("evaluation: no model is named")
	}
	parts := 0
	for i, name := range c.Models {
		if slices.Contains(c.Models[:i], name) {
			return fmt.Errorf("evaluation: the model %s is named twice", name)
		}
		if name == Blend {
			continue
		}
		parts++
		spec, err := model.Lookup(name)
		if err != nil {
			return fmt.Errorf("evaluation: %w", err)
		}
		if err := spec.Check(c.Settings[name]); err != nil {
			return err
		}
	}
	if slices.Contains(c.Models, Blend) && parts < 2 {
		return errors.New("evaluation: a blend needs two models; name more")
	}
	if n := len(s.Validation().Cases); n < 10 {
		return fmt.Errorf("evaluation: only %d user(s) have three items or more, too few to choose settings by; give more data", n)
	}
	return nil
}

// Run compares the models. Where ctx is cancelled, it returns what is known by
// then, marked as interrupted, without an error; with nothing known, the context's error.
func Run(ctx context.Context, s *sequence.Set, cfg Config) (*Report, error) {
	if err := cfg.check(s); err != nil {
		return nil, err
	}
	k, err := openKept(cfg.Folder, s)
	if err != nil {
		return nil, err
	}
	r := &run{ctx: ctx, set: s, cfg: cfg, kept: k, validation: s.Validation(), test: s.Test(cfg.Refit)}
	r.plan()
	r.report = newReport(s, cfg, len(r.validation.Cases), len(r.test.Cases))
	err = r.all()
	r.report.Interrupted = ctx.Err() != nil
	if err != nil && ctx.Err() != nil && len(r.report.Models) > 0 {
		err = nil
	}
	if err != nil {
		return nil, err
	}
	r.report.finish(cfg.Resamples)
	return r.report, nil
}

// run is one evaluation under way.
type run struct {
	ctx              context.Context
	set              *sequence.Set
	cfg              Config
	kept             *kept
	validation, test sequence.Split
	report           *Report
	chosen           []choice // in step with parts
	weights          *model.Weights
	done, total      float64
	beyond           *beyond
}

// choice is a model with the settings that validation chose.
type choice struct {
	spec   model.Spec
	trial  trial
	fitted model.Model // on the validation's data; nil where a kept result spared the fit
}

func (r *run) parts() []string {
	return slices.DeleteFunc(slices.Clone(r.cfg.Models), func(n string) bool { return n == Blend })
}

func (r *run) all() error {
	for _, name := range r.parts() {
		c, err := r.search(name)
		if err != nil {
			return err
		}
		r.chosen = append(r.chosen, c)
		r.report.add(c)
	}
	if slices.Contains(r.cfg.Models, Blend) {
		if err := r.blend(); err != nil {
			return err
		}
	}
	for i := range r.chosen {
		r.chosen[i].fitted = nil // the test's are fitted anew
	}
	if len(r.test.Cases) == 0 {
		return nil
	}
	var once []model.Part
	for seed := uint64(1); seed <= uint64(r.cfg.Seeds); seed++ {
		if seed > 1 && r.late() {
			r.report.Notes = append(r.report.Notes, fmt.Sprintf("the time allowed was over after %d of %d seeds", seed-1, r.cfg.Seeds))
			return nil
		}
		var err error
		if once, err = r.judgeSeed(seed, once); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) late() bool { return r.cfg.Late != nil && r.cfg.Late() }

// judgeSeed fits and judges whatever has no kept result of this seed. Parts that
// no seed changes are fitted once and handed on.
func (r *run) judgeSeed(seed uint64, once []model.Part) ([]model.Part, error) {
	var need []choice
	blendKey := ""
	if r.weights != nil {
		blendKey = r.key("test", Blend, r.weights, r.settings(), r.cfg.Refit, seed)
		if out, ok := r.kept.outcome(blendKey); ok {
			r.report.judged(Blend, seed, out)
			blendKey = ""
		}
	}
	for _, c := range r.chosen {
		if out, ok := r.kept.outcome(r.testKey(c, seed)); ok {
			r.report.judged(c.spec.Name, seed, out)
			if blendKey == "" {
				continue
			}
		}
		need = append(need, c)
	}
	var parts []model.Part
	for _, c := range need {
		at := slices.IndexFunc(once, func(p model.Part) bool { return p.Name == c.spec.Name })
		if at < 0 {
			p, err := r.fitTest(c, seed)
			if err != nil {
				return once, err
			}
			if c.spec.Seedless {
				once = append(once, p)
			}
			parts = append(parts, p)
		} else {
			parts = append(parts, once[at])
		}
		if key := r.testKey(c, seed); !r.report.has(c.spec.Name, seed) {
			if err := r.judge(parts[len(parts)-1], seed, key); err != nil {
				return once, err
			}
		}
	}
	if blendKey == "" {
		r.step(0, "")
		return once, nil
	}
	mix, err := model.Mix(len(r.set.Items), parts, *r.weights)
	if err != nil {
		return once, err
	}
	return once, r.judge(model.Part{Name: Blend, Model: mix}, seed, blendKey)
}

// testKey names a result; what no seed changes has one for all of them.
func (r *run) testKey(c choice, seed uint64) string {
	if c.spec.Seedless {
		seed = 1
	}
	return r.key("test", c.spec.Name, whole(c.spec, c.trial.refit()), r.cfg.Refit, seed)
}

func (r *run) settings() []model.Settings {
	var out []model.Settings
	for _, c := range r.chosen {
		out = append(out, whole(c.spec, c.trial.refit()))
	}
	return out
}

func (r *run) fitTest(c choice, seed uint64) (model.Part, error) {
	set := c.trial.refit()
	what := fmt.Sprintf("%s, seed %d, for the test", c.spec.Name, seed)
	m, _, err := r.fit(c.spec, set, r.test.Data, model.Run{Seed: seed}, what, r.key("fit", c.spec.Name, whole(c.spec, set), r.cfg.Refit, seed))
	return model.Part{Name: c.spec.Name, Model: m}, err
}

// judge scores the test's cases and keeps the outcome.
func (r *run) judge(p model.Part, seed uint64, key string) error {
	r.step(0, fmt.Sprintf("%s, seed %d: ranking", p.Name, seed))
	if r.beyond == nil {
		r.beyond = newBeyond(r.test.Data)
	}
	out := r.beyond.judge(r.ctx, p.Model, r.test.Cases)
	if err := r.ctx.Err(); err != nil {
		return err
	}
	r.step(judgeCost, "")
	r.report.judged(p.Name, seed, out)
	return r.kept.save(key, out)
}

// sample is an even part of the cases.
func sample(cases []model.Case, most int) []model.Case {
	if len(cases) <= most {
		return cases
	}
	out := make([]model.Case, most)
	for i := range out {
		out[i] = cases[int(int64(i)*int64(len(cases))/int64(most))]
	}
	return out
}

// measured is the metric that validation chooses by.
func measured(places []int) float64 { return metric.Mean(metric.NDCG, places, 10) }
