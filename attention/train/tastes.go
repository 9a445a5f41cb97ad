package train

import (
	"fmt"

	"souk/attention/rank"
	"souk/attention/signal"
	"souk/attention/train/als"
	"souk/attention/train/latent"
)

// A log that says what was seen and looked at is a record of what people were asked, as it were, and what they answered:
// a look that was long or short, a deed, a pass. There, what a person prefers can be regressed on what an item is, and
// no pair that never met need say anything. Where a log says what was done alone, implicit ALS stays: what was
// not touched is then the only evidence against.

const (
	phaseJudgeTastes = "judge tastes"
	phaseTastes      = "tastes"
)

// deedShare is what a deed counts for in a regression, of what it counts for with the visitor who is there: it comes on
// top of the long look that led to it, which says most of the same. Whole, deeds decided what is
// expected of an item, and strangers were known less well.
const deedShare = 0.35

// weightsOf are the weights of evidence for a log. To be passed over says nothing in a regression: what is in view hangs on
// where a person goes, and without it strangers and regulars were known better.
func (c Config) weightsOf(looked bool) signal.Weights {
	w := c.Weights
	if looked && c.Latent.Dim > 0 {
		w.Passed = 0
		for _, d := range []*float32{&w.Like, &w.Cart, &w.Purchase, &w.Hide} {
			*d *= deedShare
		}
	}
	return w
}

// regresses says whether the model is latent regression and not ALS.
func (t *trainer) regresses() bool { return t.looked && t.cfg.Latent.Dim > 0 }

// runTastes is run for latent regression: settings are fixed, so that validation fits the
// temperature alone.
func (t *trainer) runTastes(s split) (*rank.Model, error) {
	f := latent.Attributes(t.cat)
	t.report.Epochs = t.cfg.Latent.Rounds
	var judged *latent.Fit
	temperature := float32(0.1)
	if len(s.valid) < fewest {
		t.report.Note = fewToJudge(len(s.valid))
	} else {
		fit, err := t.tastes(phaseJudgeTastes, s.train, f)
		if fit == nil {
			return nil, fmt.Errorf("train: stopped before there was a model: %w", err)
		}
		t.report.Interrupted = err != nil
		temperature = fitTemperature(scorerOf(fit, s.train), s.train, s.valid)
		t.report.Metrics = t.compare("tastes", ranksWith(scorerOf(fit, s.history), s.history, s.test), s)
		judged = fit
	}
	fit := judged
	if !t.report.Interrupted {
		whole, err := t.tastes(phaseTastes, t.all, f)
		t.report.Interrupted = err != nil
		if whole != nil {
			fit = whole
		}
		if fit == nil {
			return nil, fmt.Errorf("train: stopped before there was a model: %w", err)
		}
	}
	m := t.assemble(fit.Factors, t.all, temperature)
	m.Expected, m.Popularity, m.Regularisation = fit.Mean, t.prior, float32(1/fit.Precision)
	_, m.ContentWeights = blendContent(fit.Factors, t.all, t.cat.Features, fit.Dim, 0)
	return m, nil
}

// tastes is one fit, which goes on where it was stopped.
func (t *trainer) tastes(phase string, m *als.Matrix, f *latent.Features) (*latent.Fit, error) {
	from := t.work.resumeTastes(phase)
	if from != nil {
		t.report.Resumed += from.Round
	}
	rounds := t.cfg.Latent.Rounds
	done := 0.0
	if phase == phaseTastes {
		done = 0.5
	}
	return latent.EM(t.ctx, m, f, t.cfg.Latent, from, func(s latent.State) {
		t.work.save(state{Phase: phase, Tastes: &s})
		t.progress(Progress{Phase: phase, Epoch: s.Round, Epochs: rounds, Done: done + 0.5*float64(s.Round)/float64(rounds)})
	})
}

func scorerOf(fit *latent.Fit, m *als.Matrix) func() func(dst []float32, user int) {
	return func() func([]float32, int) { return fit.Scorer(m).Score }
}
