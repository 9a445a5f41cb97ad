// Package train makes models for the ranker from an event log: read, clean,
// convert, factorise, judge, write.
//
// Read [Train] first, then [als.Fit] for the mathematics, [Clean] for what is
// refused, and docs/model-file.md for the bytes of a model file.
package train

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"souk/attention/rank"
	"souk/attention/signal"
	"souk/attention/train/als"
	"souk/world"
	"souk/world/catalog"
)

// Progress says how far a training is.
type Progress struct {
	Phase         string  // "judge", "mix", "network", "final" or "network, final"
	Epoch, Epochs int     // 1 … Epochs
	Validation    float64 // NDCG@20 on the validation items; 0 in the final phase
	Loss          float64 // what the epochs make small
	Done          float64 // of the whole, in [0,1]; early stopping makes it jump
}

// Report is what a training found, besides the model.
type Report struct {
	Cleaning     Cleaning
	Users, Items int // with at least one piece of evidence
	Entries      int // pairs of user and item
	Epochs       int // that validation chose
	Blend        float64
	Mix          rank.Blend // of factors and what follows what; zero where factors alone are better
	Network      NetworkReport
	Curve        []float64 // NDCG@20 on validation, by epoch
	Metrics      []Metrics // on the held-out last items: als, popularity, random
	// Candidates is how many people have held-out items; Judged of them were ranked for.
	Candidates, Judged int
	// Resumed is the number of epochs that were found done in Config.Work.
	Resumed int
	// Interrupted: the context was cancelled; the model is the best until then,
	// and has not seen the held-out items.
	Interrupted bool
	// Note says why there are no metrics, where there are none.
	Note string
}

// fewest is how many people with a held-out item make a validation worth its name.
const fewest = 20

// Train makes a model of the catalogue from rows of the event log.
//
// Each person's last item is held out for the test and the last but one for
// validation, which chooses the number of epochs, the hold of content and the
// temperature; then all is trained on everything once more. A cancelled ctx ends
// it early: with the best model so far if there is one (Report.Interrupted), or with
// the context's error. The result depends on the rows, the settings and the seed, and
// not on the number of cores. progress may be nil; it is called from this goroutine.
func Train(ctx context.Context, events []world.Event, c *catalog.Catalog, cfg Config, progress func(Progress)) (*rank.Model, *Report, error) {
	return TrainLog(ctx, logOf(events, c), cfg, progress)
}

// TrainLog is [Train] for a log in columns, of the catalogue that the log was made for.
func TrainLog(ctx context.Context, l *Log, cfg Config, progress func(Progress)) (*rank.Model, *Report, error) {
	if err := cfg.Check(); err != nil {
		return nil, nil, err
	}
	if progress == nil {
		progress = func(Progress) {}
	}
	rep := new(Report)
	evidence, err := l.evidence(cfg, cfg.weightsOf)
	rep.Cleaning = evidence.Cleaning
	if err != nil {
		return nil, rep, err
	}
	c := l.cat
	cfg.ALS = evidence.ALS
	all := evidence.Matrix
	rep.Users, rep.Entries, rep.Items = all.Users, all.Entries(), all.Touched()
	t := trainer{ctx: ctx, cfg: cfg, cat: c, people: evidence.People, all: all, seen: evidence.Seen, looked: evidence.Looked, report: rep, progress: progress}
	if t.regresses() { // what people in general like is told as before: by all that the log says
		general, err := l.Evidence(cfg)
		if err != nil {
			return nil, rep, err
		}
		t.prior = t.priorOf(general.Matrix)
	}
	if cfg.Work != "" {
		t.work = openWork(cfg.Work, t.fingerprint())
	}
	m, err := t.run()
	if err != nil {
		return nil, rep, err
	}
	m.Trained = t.describe(rep.Cleaning.Kept)
	if err := m.Check(); err != nil {
		return nil, rep, err
	}
	if !rep.Interrupted {
		t.work.remove()
	}
	return m, rep, nil
}

// Evidence is what a log says once it is cleaned and converted.
type Evidence struct {
	Cleaning Cleaning
	People   People
	Visitors []string    // by person
	Matrix   *als.Matrix // people × items
	Seen     bool        // the log says what was in view
	Looked   bool        // and how long it was looked at
	ALS      als.Config  // with λ and α₀ chosen by what the log holds
}

// Evidence cleans and converts a log. A log that says nothing about any item is an error.
func (l *Log) Evidence(cfg Config) (Evidence, error) {
	return l.evidence(cfg, func(bool) signal.Weights { return cfg.Weights })
}

// evidence is [Log.Evidence] with weights that may hang on whether the log says what was looked at and in view.
func (l *Log) evidence(cfg Config, weights func(looked bool) signal.Weights) (Evidence, error) {
	kept, cleaning := l.clean(cfg.Clean)
	e := Evidence{Cleaning: cleaning, Seen: slices.ContainsFunc(kept, func(r int32) bool { return l.kind[r] == world.EventExposure })}
	e.Looked = e.Seen && slices.ContainsFunc(kept, func(r int32) bool { return l.kind[r] == world.EventDwell })
	e.ALS = cfg.ALS.ForLog(e.Seen)
	people, who := l.convert(kept, weights(e.Looked))
	e.People = people
	for _, v := range who {
		e.Visitors = append(e.Visitors, l.names[v])
	}
	e.Matrix = people.matrix(len(l.cat.Items), nil)
	if e.Matrix.Entries() == 0 {
		return e, fmt.Errorf("train: none of %d rows says anything about an item of %s (%s): check that the events and the catalogue belong together", l.Rows(), l.cat.Name, cleaning)
	}
	return e, nil
}

// trainer carries one training.
type trainer struct {
	ctx      context.Context
	cfg      Config
	cat      *catalog.Catalog
	people   People
	all      *als.Matrix
	seen     bool       // the log says what was in view
	looked   bool       // and how long it was looked at
	prior    []float32  // what a stranger is taken to like; for a model of tastes alone
	mix      rank.Blend // that validation chose; the zero value: factors and prior alone
	report   *Report
	progress func(Progress)
	work     *work // nil: none
}

func (t *trainer) run() (*rank.Model, error) {
	split := t.people.split(len(t.cat.Items), t.cfg.Target)
	t.sample(&split)
	if t.regresses() {
		return t.runTastes(split)
	}
	if len(split.valid) < fewest {
		t.report.Note = fewToJudge(len(split.valid))
		return t.final(t.cfg.ALS.Epochs, t.cfg.Blend, 0.1, nil)
	}
	fit, err := t.judge(split)
	if err != nil {
		return nil, err
	}
	blend := t.chooseBlend(split, fit)
	temperature := fitTemperature(alsScores(fit.Items, split.train, t.cfg.ALS), split.train, split.valid)
	t.report.Metrics = t.test(split, fit.Items)
	if t.report.Interrupted {
		return t.assemble(fit.Items, split.train, temperature), nil
	}
	if err := t.judgeFollowers(split, fit.Items, &temperature); err != nil {
		return nil, err
	}
	if err := t.judgeNetwork(split, fit.Items, &temperature); err != nil {
		if t.ctx.Err() == nil {
			return nil, err
		}
		t.report.Interrupted = true
		return t.assemble(fit.Items, split.train, temperature), nil
	}
	return t.final(t.report.Epochs, []float64{blend}, temperature, fit.Items)
}

func fewToJudge(n int) string {
	return fmt.Sprintf("only %d people have three items that count: too few to judge the model by, so it is trained without", n)
}

// sample leaves as many people to judge by as the settings allow.
func (t *trainer) sample(s *split) {
	t.report.Candidates = len(s.test)
	most := t.cfg.Judges
	if most == 0 {
		most = max(1000, 250_000_000/max(1, len(t.cat.Items)))
	}
	if len(s.test) > most {
		rng := rand.New(rand.NewPCG(t.cfg.ALS.Seed, 0x6a75646765))
		some := rng.Perm(len(s.test))[:most]
		slices.Sort(some)
		valid, test := make([]target, most), make([]target, most)
		for k, i := range some {
			valid[k], test[k] = s.valid[i], s.test[i]
		}
		s.valid, s.test = valid, test
	}
	t.report.Judged = len(s.test)
}

// judge trains without the held-out items and keeps the best epoch.
func (t *trainer) judge(s split) (*als.Factors, error) {
	fit := als.New(s.train, t.cfg.ALS)
	var best *als.Factors
	most, since, from := math.Inf(-1), 0, 1
	epochs := t.cfg.ALS.Epochs
	if w := t.work.resume(phaseJudge, fit); w != nil {
		most, since, from = w.Most, w.Since, w.Epoch+1
		t.report.Curve, t.report.Epochs = w.Curve, w.Best
		t.report.Resumed += w.Epoch
		best = fit.Clone()
		best.Users, best.Items = w.BestUsers, w.BestItems
	}
	for e := from; e <= epochs && since < t.cfg.Patience; e++ {
		if err := fit.Epoch(t.ctx); err != nil {
			break
		}
		ndcg := meanNDCG(ranksOf(fit.Items, s.train, s.valid, t.cfg.ALS), 20)
		t.report.Curve = append(t.report.Curve, ndcg)
		if ndcg > most {
			most, since, best = ndcg, 0, fit.Clone()
			t.report.Epochs = e
		} else {
			since++
		}
		t.work.save(state{Phase: phaseJudge, Epoch: e, Users: fit.Users, Items: fit.Items, Most: most, Since: since,
			Curve: t.report.Curve, Best: t.report.Epochs, BestUsers: best.Users, BestItems: best.Items})
		t.progress(Progress{Phase: "judge", Epoch: e, Epochs: epochs, Validation: ndcg, Loss: fit.Loss(), Done: float64(e) / float64(2*epochs)})
	}
	if t.ctx.Err() != nil {
		t.report.Interrupted = true
		if best == nil {
			return nil, fmt.Errorf("train: stopped before the first epoch was done: %w", t.ctx.Err())
		}
	}
	return best, nil
}

// chooseBlend tries how strongly content should hold the factors, and leaves
// the best in fit.
func (t *trainer) chooseBlend(s split, fit *als.Factors) float64 {
	best, most := fit.Items, math.Inf(-1)
	chosen := 0.0
	for _, k := range t.blends(t.cfg.Blend) {
		items, _ := blendContent(fit.Items, s.train, t.cat.Features, t.cfg.ALS.Dim, k)
		if ndcg := meanNDCG(ranksOf(items, s.train, s.valid, t.cfg.ALS), 20); ndcg > most {
			best, most, chosen = items, ndcg, k
		}
	}
	fit.Items = best
	t.report.Blend = chosen
	return chosen
}

func (t *trainer) blends(list []float64) []float64 {
	if len(list) == 0 {
		return []float64{0}
	}
	return list
}

// test judges on the last items, of which nothing was trained or chosen.
func (t *trainer) test(s split, items []float32) []Metrics {
	return t.compare("als", ranksOf(items, s.history, s.test, t.cfg.ALS), s)
}

// compare is a model's figures beside those of popularity and chance.
func (t *trainer) compare(name string, ranks []int, s split) []Metrics {
	seed := t.cfg.ALS.Seed
	pop := popularity(s.train, t.cfg.Smoothing)
	return []Metrics{
		measure(name, ranks, t.cfg.Bootstrap, seed),
		measure("popularity", ranksBy(func(dst []float32, _ int) { copy(dst, pop) }, s.history, s.test), t.cfg.Bootstrap, seed),
		measure("random", ranksBy(randomScores(seed), s.history, s.test), t.cfg.Bootstrap, seed),
	}
}

// final trains on everything. Where it is interrupted, fallback is used if
// there is one.
func (t *trainer) final(epochs int, blend []float64, temperature float32, fallback []float32) (*rank.Model, error) {
	fit := als.New(t.all, t.cfg.ALS)
	from, span := 1, 0.5 // of the progress; a network takes the second half of it
	if t.report.Network.Carried {
		span = 0.25
	}
	if w := t.work.resume(phaseFinal, fit); w != nil {
		from = w.Epoch + 1
		t.report.Resumed += w.Epoch
	}
	for e := from; e <= epochs; e++ {
		if err := fit.Epoch(t.ctx); err != nil {
			t.report.Interrupted = true
			if fallback != nil {
				return t.assemble(fallback, t.all, temperature), nil
			}
			if e == 1 { // nothing to show
				return nil, fmt.Errorf("train: stopped before the first epoch was done: %w", err)
			}
			break
		}
		t.work.saveFinal(e, fit)
		t.progress(Progress{Phase: "final", Epoch: e, Epochs: epochs, Loss: fit.Loss(), Done: 0.5 + span*float64(e)/float64(epochs)})
	}
	m := t.assemble(fit.Items, t.all, temperature)
	m.Factors, m.ContentWeights = blendContent(fit.Items, t.all, t.cat.Features, t.cfg.ALS.Dim, t.blends(blend)[0])
	m.Gram = rank.ComputeGram(m.Factors, m.Dim)
	if t.mix.Transition > 0 {
		var err error
		if m.Transitions, err = t.followers(t.all); err != nil {
			return nil, err
		}
		m.Blend = t.mix
	}
	var err error
	if m.Network, err = t.network(); err != nil {
		if t.ctx.Err() == nil {
			return nil, err
		}
		t.report.Interrupted = true // the model is whole without
	}
	if t.report.Epochs == 0 {
		t.report.Epochs = epochs
	}
	return m, nil
}

func (t *trainer) assemble(items []float32, data *als.Matrix, temperature float32) *rank.Model {
	d := len(items) / len(t.cat.Items)
	return &rank.Model{
		Items: len(t.cat.Items), Dim: d, Factors: items, Gram: rank.ComputeGram(items, d),
		Popularity: t.priorOf(data), Temperature: temperature,
		Regularisation: float32(t.cfg.ALS.Regularisation), Base: float32(t.cfg.ALS.Base),
		Catalogue: t.cat.Fingerprint(), Date: t.cfg.Date,
	}
}

func (t *trainer) describe(rows int) string {
	var b strings.Builder
	if t.regresses() {
		c := t.cfg.Latent
		fmt.Fprintf(&b, "latent regression, %d dimensions, %d rounds, precision %g, seed %d, on %d rows of %d people about %d items of %s",
			c.Dim, c.Rounds, c.Precision, c.Seed, rows, t.report.Users, t.report.Items, t.cat.Name)
		t.describeMetrics(&b)
		return b.String()
	}
	fmt.Fprintf(&b, "implicit ALS, %d dimensions, %d epochs, λ %g, α₀ %g, seed %d, on %d rows of %d people about %d items of %s",
		t.cfg.ALS.Dim, t.report.Epochs, t.cfg.ALS.Regularisation, t.cfg.ALS.Base, t.cfg.ALS.Seed, rows, t.report.Users, t.report.Items, t.cat.Name)
	t.describeMetrics(&b)
	return b.String()
}

func (t *trainer) describeMetrics(b *strings.Builder) {
	for _, m := range t.report.Metrics {
		fmt.Fprintf(b, "; %s Recall@20 %.4f NDCG@20 %.4f", m.Name, m.Recall.Mean, m.NDCG.Mean)
	}
}
