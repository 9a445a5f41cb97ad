package latent_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"souk/attention/train/als"
	"souk/attention/train/latent"
	"souk/world"
	"souk/world/catalog"
)

// made is evidence of people whose preferences follow from an attribute: all agree on some of it, and three basic tastes are mixed in each.
type made struct {
	m     *als.Matrix
	truth func(user, item int) float64
	f     *latent.Features
}

func draw(tb testing.TB, people, entries int) made {
	tb.Helper()
	c, err := catalog.Generate(300, 1)
	if err != nil {
		tb.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	liked := func(of map[string]float64, name string) float64 {
		x, ok := of[name]
		if !ok {
			x = rng.NormFloat64()
			of[name] = x
		}
		return x
	}
	general, basic := map[string]float64{}, [3]map[string]float64{{}, {}, {}}
	mix := make([][3]float64, people)
	for u := range mix {
		for k := range mix[u] {
			mix[u][k] = rng.NormFloat64()
		}
	}
	truth := func(u, i int) float64 {
		it := world.ItemIndex(i)
		sum := 0.5
		style := c.Attribute(it, "style")
		sum += 0.08 * liked(general, style)
		for k, b := range basic {
			sum += 0.1 * mix[u][k] * liked(b, style)
		}
		return sum
	}
	users := make([][]als.Entry, people)
	for u := range users {
		items := rng.Perm(len(c.Items))[:entries]
		slices.Sort(items)
		for _, i := range items {
			p := max(0, min(1, truth(u, i)+0.2*rng.NormFloat64()))
			users[u] = append(users[u], als.Entry{Item: world.ItemIndex(i), Confidence: 1, Preference: float32(p)})
		}
	}
	return made{als.NewMatrix(users, len(c.Items)), truth, latent.Attributes(c)}
}

// likeness is the correlation of what is said of people's items with the truth.
func (d made) likeness(score func(user int, dst []float32)) float64 {
	var n, sx, sy, sxx, syy, sxy float64
	dst := make([]float32, d.m.Items)
	for u := range d.m.Users {
		score(u, dst)
		for i, s := range dst {
			x, y := float64(s), d.truth(u, i)
			n, sx, sy, sxx, syy, sxy = n+1, sx+x, sy+y, sxx+x*x, syy+y*y, sxy+x*y
		}
	}
	return (sxy - sx*sy/n) / math.Sqrt((sxx-sx*sx/n)*(syy-sy*sy/n))
}

func settings() latent.Config {
	cfg := latent.Default()
	cfg.Dim, cfg.Rounds, cfg.Precision = 6, 8, 25
	return cfg
}

func TestTastesInAttributesAreFoundFromFewNoisyLooks(t *testing.T) {
	d := draw(t, 200, 30)
	fit, err := latent.EM(t.Context(), d.m, d.f, settings(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := fit.Scorer(d.m)
	with := d.likeness(func(u int, dst []float32) { s.Score(dst, u) })
	without := d.likeness(func(_ int, dst []float32) { copy(dst, fit.Mean) })
	t.Logf("correlation with the truth %.3f, of the mean alone %.3f", with, without)
	if with < without+0.1 {
		t.Errorf("with tastes the truth is met at %.3f, by what all like at %.3f", with, without)
	}
	factors, err := als.Fit(t.Context(), d.m, als.Config{Dim: 6, Epochs: 8, Regularisation: 0.03, Base: 0.003, Deviation: 0.1, Seed: 1, Steps: 3})
	if err != nil {
		t.Fatal(err)
	}
	plain := d.likeness(func(u int, dst []float32) {
		for i := range dst {
			dst[i] = 0
			for k, x := range factors.Users[u*6 : u*6+6] {
				dst[i] += x * factors.Items[i*6+k]
			}
		}
	})
	if with < plain {
		t.Errorf("attributes and a prior meet the truth at %.3f, ALS at %.3f", with, plain)
	}
}

func TestTheFitIsTheSameOnAnyNumberOfCoresAndAfterAStop(t *testing.T) {
	d := draw(t, 80, 20)
	cfg := settings()
	var half *latent.State
	whole, err := latent.EM(t.Context(), d.m, d.f, cfg, nil, func(s latent.State) {
		if s.Round == 2 {
			half = &latent.State{Round: 2, Row: slices.Clone(s.Row), Weights: slices.Clone(s.Weights)}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	again, err := latent.EM(t.Context(), d.m, d.f, cfg, half, nil)
	if err != nil || !slices.Equal(again.Factors, whole.Factors) || !slices.Equal(again.Mean, whole.Mean) {
		t.Errorf("gone on from round 2 on one core: another fit (%v)", err)
	}
}

func TestAStopGivesTheLastWholeRound(t *testing.T) {
	d := draw(t, 80, 20)
	ctx, cancel := context.WithCancel(t.Context())
	fit, err := latent.EM(ctx, d.m, d.f, settings(), nil, func(latent.State) { cancel() })
	if !errors.Is(err, context.Canceled) || fit == nil {
		t.Fatalf("stopped after a round: %v, %v", fit, err)
	}
	cfg := settings()
	cfg.Rounds = 1
	one, err := latent.EM(t.Context(), d.m, d.f, cfg, nil, nil)
	if err != nil || !slices.Equal(one.Factors, fit.Factors) {
		t.Errorf("it is not the fit of one round (%v)", err)
	}
	if fit, err := latent.EM(ctx, d.m, d.f, settings(), nil, nil); fit != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("stopped before the first round: %v, %v", fit, err)
	}
}

func TestBadSettingsAndDataAreNamed(t *testing.T) {
	d := draw(t, 10, 5)
	bad := settings()
	bad.Precision = math.NaN()
	if _, err := latent.EM(t.Context(), d.m, d.f, bad, nil, nil); err == nil || err.Error() != "latent factors: Precision is NaN, must be above 0" {
		t.Errorf("error %v", err)
	}
	none := als.NewMatrix([][]als.Entry{nil}, 300)
	if _, err := latent.EM(t.Context(), none, d.f, settings(), nil, nil); err == nil {
		t.Error("no evidence passes")
	}
	other := als.NewMatrix([][]als.Entry{nil}, 7)
	if _, err := latent.EM(t.Context(), other, d.f, settings(), nil, nil); err == nil {
		t.Error("a matrix of other items passes")
	}
}
