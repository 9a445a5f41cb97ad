package evaluation

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	"souk/attention/train/model"
)

// trial is one setting and what validation says of it.
type trial struct {
	Settings model.Settings `json:"settings"`
	Epochs   int            `json:"epochs,omitempty"` // where a model stopped early
	Value    float64        `json:"value"`            // NDCG@10 on held-out cases
}

// refit are the settings of a fit without validation.
func (t trial) refit() model.Settings {
	out := maps.Clone(t.Settings)
	if out == nil {
		out = model.Settings{}
	}
	if t.Epochs > 0 {
		out["epochs"] = float64(t.Epochs)
	}
	return out
}

// search finds a model's settings: the defaults, then steps from the best so far in a
// few settings at once, drawn from a normal distribution in the unit cube of
// their ranges and narrower each time. Kept trials are not repeated.
func (r *run) search(name string) (choice, error) {
	spec, err := model.Lookup(name)
	if err != nil {
		return choice{}, fmt.Errorf("evaluation: %w", err)
	}
	best := choice{spec: spec, trial: trial{Value: math.Inf(-1)}}
	trials := r.trials(spec)
	seed := fnv.New64a()
	seed.Write([]byte(name)) //nolint:errcheck // a hash cannot fail
	rng := rand.New(rand.NewPCG(seed.Sum64(), 0x747269616c))
	for n := range trials {
		set := maps.Clone(r.cfg.Settings[name])
		if n > 0 {
			if r.late() {
				break
			}
			set = neighbour(spec, best.trial.Settings, rng, 0.3*math.Pow(0.92, float64(n)))
		}
		what := fmt.Sprintf("%s, settings %d of %d", name, n+1, trials)
		t, fitted, err := r.try(spec, set, what)
		if err != nil {
			if r.ctx.Err() != nil && n > 0 {
				break
			}
			return best, err
		}
		if t.Value > best.trial.Value {
			best.trial, best.fitted = t, fitted
		}
	}
	return best, r.ctx.Err()
}

func (r *run) trials(spec model.Spec) int {
	if r.cfg.Settings[spec.Name] != nil {
		return 1
	}
	return max(1, int(math.Round(float64(spec.Trials)*r.cfg.Search)))
}

// neighbour changes two or three settings, about.
func neighbour(spec model.Spec, from model.Settings, rng *rand.Rand, width float64) model.Settings {
	out := maps.Clone(from)
	if out == nil {
		out = model.Settings{}
	}
	free := slices.DeleteFunc(slices.Clone(spec.Parameters), func(p model.Parameter) bool { return !(p.Low < p.High) || p.Name == "epochs" })
	if len(free) == 0 {
		return out
	}
	must := rng.IntN(len(free))
	for i, p := range free {
		step := width * rng.NormFloat64()
		if chosen := rng.Float64() < 2/float64(len(free)); i != must && !chosen {
			continue
		}
		out[p.Name] = moved(p, spec.Value(out, p.Name), step)
	}
	return out
}

// moved is a value moved by a share of its range, reflected at the ends, and
// rounded to three digits: more would only be harder to read.
func moved(p model.Parameter, v, step float64) float64 {
	low, high := p.Low, p.High
	if p.Log {
		low, high, v = math.Log(low), math.Log(high), math.Log(v)
	}
	u := (v-low)/(high-low) + step
	if u < 0 {
		u = -u
	}
	if u > 1 {
		u = 2 - u
	}
	v = low + min(1, max(0, u))*(high-low)
	if p.Log {
		v = math.Exp(v)
	}
	if p.Whole {
		v = math.Round(v)
	} else if v != 0 {
		digits := math.Pow(10, 2-math.Floor(math.Log10(math.Abs(v))))
		v = math.Round(v*digits) / digits
	}
	return min(p.High, max(p.Low, v))
}

// try fits on the validation's data and judges by a sample of its cases. The
// fitted model is nil where the trial was kept from an earlier run.
func (r *run) try(spec model.Spec, set model.Settings, what string) (trial, model.Model, error) {
	key := r.key("trial", spec.Name, whole(spec, set), r.cfg.Cases)
	var t trial
	if r.kept.load(key, &t) {
		r.step(cost(spec), what)
		return t, nil, nil
	}
	cases := sample(r.validation.Cases, r.cfg.Cases)
	m, best, cut, err := r.fitValidation(spec, set, what)
	if err != nil {
		return t, nil, err
	}
	t = trial{Settings: set, Value: measured(places(r.ctx, m.NewScorer, r.validation.Data.Items, cases))}
	if err := r.ctx.Err(); err != nil {
		return t, nil, err
	}
	t.Epochs = best
	if cut { // a later run with more time may do better
		return t, m, nil
	}
	return t, m, r.kept.save(key, t)
}

// fitValidation also says after how many epochs the model was best, where it asked, and whether the time
// allowed cut it short.
func (r *run) fitValidation(spec model.Spec, set model.Settings, what string) (m model.Model, best int, cut bool, err error) {
	stop := sample(r.validation.Cases, min(2000, r.cfg.Cases))
	validate := func(scorer func() model.Scorer) float64 {
		return measured(places(r.ctx, scorer, r.validation.Data.Items, stop))
	}
	late := func() bool {
		cut = cut || r.late()
		return cut
	}
	m, best, err = r.fit(spec, set, r.validation.Data, model.Run{Seed: 1, Validate: validate, Late: late}, what, r.key("fit", spec.Name, whole(spec, set), r.cfg.Cases, "validation"))
	return m, best, cut, err
}

// blend finds the weights, on models that know only the validation's data.
func (r *run) blend() error {
	key := r.key("weights", Blend, r.settings(), r.parts())
	var b Blended
	if r.kept.load(key, &b) {
		r.step(blendCost, "")
		r.weights, r.report.Blend = &b.Weights, &b
		return nil
	}
	var parts []model.Part
	for i, c := range r.chosen {
		if c.fitted == nil {
			m, _, _, err := r.fitValidation(c.spec, c.trial.Settings, c.spec.Name+", for the weights")
			if err != nil {
				return err
			}
			r.chosen[i].fitted = m
		}
		parts = append(parts, model.Part{Name: c.spec.Name, Model: r.chosen[i].fitted})
	}
	r.step(0, "blend: asking all models")
	cfg := model.DefaultWeights()
	q, err := model.Ask(r.ctx, r.validation.Data.Items, parts, r.validation.Cases, cfg)
	if err != nil {
		return err
	}
	r.step(blendCost/2, "blend: weights")
	gain := func(place int) float64 { return measured([]int{place}) }
	if b.Weights, b.Validation, err = q.Choose(r.ctx, cfg, gain); err != nil {
		return err
	}
	b.Without = map[string]float64{}
	if len(parts) > 2 {
		for _, p := range parts {
			if b.Without[p.Name], err = q.Without(p.Name).Halves(r.ctx, cfg, gain); err != nil {
				return err
			}
		}
	}
	r.step(blendCost/2, "")
	r.weights, r.report.Blend = &b.Weights, &b
	return r.kept.save(key, b)
}

// Costs are rough, in the unit of one fit of a counting model: they place the
// progress bar and nothing else.
const (
	judgeCost = 2
	blendCost = 20
)

func cost(spec model.Spec) float64 {
	switch {
	case spec.Seedless:
		return 1
	case spec.Trials > 0:
		return 12
	}
	return 150
}

func (r *run) plan() {
	for _, name := range r.parts() {
		spec, err := model.Lookup(name)
		if err != nil {
			continue
		}
		seeds := r.cfg.Seeds
		if spec.Seedless {
			seeds = 1
		}
		r.total += float64(r.trials(spec))*cost(spec) + float64(seeds)*(cost(spec)+judgeCost)
	}
	if slices.Contains(r.cfg.Models, Blend) {
		r.total += blendCost + float64(r.cfg.Seeds)*judgeCost
	}
}

func (r *run) step(done float64, what string) {
	r.done += done
	r.tell(0, what)
}

func (r *run) tell(ahead float64, what string) {
	if r.cfg.Tell != nil {
		r.cfg.Tell(Progress{Done: min(1, (r.done+ahead)/cmp.Or(r.total, 1)), What: what})
	}
}
