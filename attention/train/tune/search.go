// Package tune searches the settings of a model by validation: at random first,
// then around the best, and the finalists once more with several seeds. A journal
// makes a search that was stopped go on where it was.
//
// Read [Search] first; [Split] says what is held out, and [Judging] how a trial is judged.
package tune

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	"souk/attention/train/model"
)

// Config holds the settings of a search. Start from [Default].
type Config struct {
	Random    int // trials at random, the first with the model's defaults, ≥ 1
	Local     int // trials around the best after that, ≥ 0
	Finalists int // best trials that are run again, ≥ 1
	Seeds     int // seeds of each finalist, the search's own included, ≥ 3; a model that chance does not touch has one
	Seed      uint64
}

// Default is 20 trials at random, 10 around the best and 3 finalists with 3 seeds.
func Default() Config { return Config{Random: 20, Local: 10, Finalists: 3, Seeds: 3, Seed: 1} }

// Check says which setting is out of range; nil if none is.
func (c Config) Check() error {
	switch {
	case c.Random < 1:
		return fmt.Errorf("tune: %d random trials, must be at least 1", c.Random)
	case c.Local < 0:
		return fmt.Errorf("tune: %d local trials, must be at least 0", c.Local)
	case c.Finalists < 1:
		return fmt.Errorf("tune: %d finalists, must be at least 1", c.Finalists)
	case c.Seeds < 3:
		return fmt.Errorf("tune: %d seeds of a finalist, must be at least 3: the spread of fewer says nothing", c.Seeds)
	}
	return nil
}

// Trial is one fit and what came of it.
type Trial struct {
	Number   int            `json:"trial"` // from 0; finalists go on counting
	Settings model.Settings `json:"settings"`
	Seed     uint64         `json:"seed"`
	Final    bool           `json:"final,omitempty"`   // a finalist's further seed
	Score    float64        `json:"score"`             // validation, more is better
	Curve    []float64      `json:"curve,omitempty"`   // validation by epoch, where there are epochs
	Stopped  bool           `json:"stopped,omitempty"` // as hopeless; the score is the best until then
	Failed   string         `json:"failed,omitempty"`  // why there is no score
}

// usable says whether the trial may be compared with others.
func (t Trial) usable() bool { return t.Failed == "" && !t.Stopped }

// Judge fits a model with the settings and the seed and says how good it is on
// validation, more is better. Where the model has epochs, it calls epoch after each
// with the validation so far and ends as soon as that returns false.
type Judge func(ctx context.Context, set model.Settings, seed uint64, epoch func(validation float64) bool) (float64, error)

// Finalist is a setting with the validation of each of its seeds.
type Finalist struct {
	Settings        model.Settings
	Scores          []float64
	Mean, Deviation float64 // over seeds; the deviation is that of the sample
}

// Result is what a search found.
type Result struct {
	Trials    []Trial
	Finalists []Finalist // best mean first
}

// Best are the settings of the finalist with the best mean.
func (r Result) Best() model.Settings {
	if len(r.Finalists) == 0 {
		return nil
	}
	return r.Finalists[0].Settings
}

// Search looks for a model's best settings. What it proposes depends on the seed and on
// what earlier trials scored, never on the clock or the cores; so a search that
// reads the trials of done back from its journal goes on exactly as one that was never
// stopped. each is called after every trial, also those of done, from this goroutine; an
// error of it ends the search. A cancelled ctx ends it with the context's error; the trial
// under way counts for nothing.
//
// Random search before anything cleverer: Bergstra and Bengio 2012. A trial is
// stopped as hopeless where its best epoch so far is below the median of what the
// finished ones had reached at that epoch (the median stopping rule of Golovin et al. 2017).
func Search(ctx context.Context, spec model.Spec, judge Judge, cfg Config, done []Trial, each func(t Trial, of int) error) (Result, error) {
	if err := cfg.Check(); err != nil {
		return Result{}, err
	}
	s := search{ctx: ctx, spec: spec, judge: judge, cfg: cfg, done: done, each: each}
	for n := range cfg.Random + cfg.Local {
		set := s.propose(n)
		if err := s.run(Trial{Number: n, Settings: set, Seed: cfg.Seed}); err != nil {
			return s.result, err
		}
	}
	finalists := s.best(cfg.Finalists)
	if len(finalists) == 0 {
		return s.result, fmt.Errorf("tune: none of %d trials of the model %s gave a score; the first said: %s", len(s.result.Trials), spec.Name, s.result.Trials[0].Failed)
	}
	for _, f := range finalists {
		out := Finalist{Settings: f.Settings, Scores: []float64{f.Score}}
		for k := 1; k < s.seeds(); k++ {
			t := Trial{Number: len(s.result.Trials), Settings: f.Settings, Seed: cfg.Seed + uint64(k), Final: true}
			if err := s.run(t); err != nil {
				return s.result, err
			}
			if t = s.result.Trials[len(s.result.Trials)-1]; t.Failed == "" {
				out.Scores = append(out.Scores, t.Score)
			}
		}
		out.Mean, out.Deviation = spread(out.Scores)
		s.result.Finalists = append(s.result.Finalists, out)
	}
	slices.SortStableFunc(s.result.Finalists, func(a, b Finalist) int { return cmp.Compare(b.Mean, a.Mean) })
	return s.result, nil
}

type search struct {
	ctx    context.Context
	spec   model.Spec
	judge  Judge
	cfg    Config
	done   []Trial
	each   func(Trial, int) error
	result Result
}

// run judges a trial, or takes what the journal says of it.
func (s *search) run(t Trial) error {
	n := len(s.result.Trials)
	if n < len(s.done) {
		d := s.done[n]
		if d.Number != t.Number || d.Seed != t.Seed || d.Final != t.Final || !maps.Equal(d.Settings, t.Settings) {
			return fmt.Errorf("tune: trial %d of the journal is not what this search would try: it was made with other settings or by another version; begin with a new journal", n)
		}
		t = d
	} else if err := s.try(&t); err != nil {
		return err
	}
	s.result.Trials = append(s.result.Trials, t)
	if s.each == nil {
		return nil
	}
	finalists := min(s.cfg.Finalists, s.cfg.Random+s.cfg.Local)
	return s.each(t, s.cfg.Random+s.cfg.Local+finalists*(s.seeds()-1))
}

// seeds is how many fits a finalist has: one where the seed changes nothing.
func (s *search) seeds() int {
	if s.spec.Seedless {
		return 1
	}
	return s.cfg.Seeds
}

func (s *search) try(t *Trial) error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(s.ctx)
	defer stop()
	best := math.Inf(-1)
	score, err := s.judge(ctx, t.Settings, t.Seed, func(v float64) bool {
		if s.ctx.Err() != nil || t.Stopped {
			return false
		}
		t.Curve = append(t.Curve, v)
		best = max(best, v)
		if !t.Final && s.hopeless(t.Curve, best) {
			t.Stopped, t.Score = true, best
			stop()
			return false
		}
		return true
	})
	switch {
	case s.ctx.Err() != nil:
		return s.ctx.Err()
	case t.Stopped:
	case errors.Is(err, context.Canceled):
		return err
	case err != nil:
		t.Failed = err.Error()
	case score-score != 0:
		t.Failed = fmt.Sprintf("its validation is %v", score)
	default:
		t.Score = score
	}
	for i, v := range t.Curve {
		if v-v != 0 {
			t.Curve[i] = 0 // JSON has no NaN; the trial has failed or another epoch was its best
		}
	}
	return nil
}

// enough is how many finished trials the median must be of, and begin the
// epoch before which nothing is stopped.
const enough, begin = 5, 3

// hopeless is the median stopping rule.
func (s *search) hopeless(curve []float64, best float64) bool {
	e := len(curve)
	if e < begin {
		return false
	}
	var others []float64
	for _, t := range s.result.Trials {
		if t.usable() && !t.Final && len(t.Curve) > 0 {
			others = append(others, slices.Max(t.Curve[:min(e, len(t.Curve))]))
		}
	}
	if len(others) < enough {
		return false
	}
	slices.Sort(others)
	return best < others[len(others)/2]
}

// best lists the best usable trials of the search, better first, without those that
// have the settings of one listed.
func (s *search) best(n int) []Trial {
	var out []Trial
	for _, t := range s.result.Trials {
		if t.usable() && !slices.ContainsFunc(out, func(o Trial) bool { return maps.Equal(o.Settings, t.Settings) }) {
			out = append(out, t)
		}
	}
	slices.SortStableFunc(out, func(a, b Trial) int { return cmp.Compare(b.Score, a.Score) })
	return out[:min(n, len(out))]
}

// propose is what trial n tries.
func (s *search) propose(n int) model.Settings {
	rng := rand.New(rand.NewPCG(s.cfg.Seed, 0x74756e65<<16|uint64(n)))
	set := model.Settings{}
	var from model.Settings
	if n >= s.cfg.Random {
		if best := s.best(1); len(best) > 0 {
			from = best[0].Settings
		}
	}
	// The steps around the best become smaller: from a quarter of a range to a twentieth.
	step := 0.25 * math.Pow(0.2, float64(n-s.cfg.Random)/float64(max(1, s.cfg.Local-1)))
	for _, p := range s.spec.Parameters {
		switch x, y := rng.Float64(), rng.NormFloat64(); {
		case n == 0 || !(p.Low < p.High):
			set[p.Name] = p.Default
		case from == nil:
			set[p.Name] = at(p, x)
		case x < 0.5 && len(s.spec.Parameters) > 2:
			set[p.Name] = from[p.Name] // half of them stay, so that a step is not lost among many
		default:
			set[p.Name] = at(p, min(1, max(0, place(p, from[p.Name])+step*y)))
		}
	}
	return set
}

// at is the value at a place in [0,1] of a parameter's range, place its inverse. A range
// from 0 has no logarithm: it is searched evenly.
func at(p model.Parameter, x float64) float64 {
	v := p.Low + x*(p.High-p.Low)
	if p.Log && p.Low > 0 {
		v = p.Low * math.Pow(p.High/p.Low, x)
	}
	if p.Whole {
		v = math.Round(v)
	}
	return min(p.High, max(p.Low, v))
}

func place(p model.Parameter, v float64) float64 {
	if p.Log && p.Low > 0 {
		return math.Log(v/p.Low) / math.Log(p.High/p.Low)
	}
	return (v - p.Low) / (p.High - p.Low)
}

func spread(xs []float64) (mean, deviation float64) {
	for _, x := range xs {
		mean += x / float64(len(xs))
	}
	if len(xs) < 2 {
		return mean, 0
	}
	for _, x := range xs {
		deviation += (x - mean) * (x - mean) / float64(len(xs)-1)
	}
	return mean, math.Sqrt(deviation)
}
