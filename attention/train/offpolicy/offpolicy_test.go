package offpolicy

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// page is a simulated page with a known click rate for each position and item.
type page struct {
	rate  []float64
	items int
}

func newPage(items int, rng *rand.Rand) page {
	p := page{items: items, rate: make([]float64, 2*items)}
	for i := range items {
		r := 0.02 + 0.2*math.Pow(rng.Float64(), 3)
		p.rate[i], p.rate[items+i] = r, 0.6*r
	}
	return p
}

func (p page) value(pi *Policy) float64 {
	v := 0.0
	for k, x := range pi.Probability {
		v += x * p.rate[k] / 2
	}
	return v
}

func (p page) log(pi *Policy, n int, rng *rand.Rand) *Log {
	l := &Log{Contexts: 2, Actions: p.items}
	for range n {
		c := rng.IntN(2)
		u, a := rng.Float64(), 0
		for a < p.items-1 && u >= pi.Probability[c*p.items+a] {
			u -= pi.Probability[c*p.items+a]
			a++
		}
		reward := 0.0
		if rng.Float64() < p.rate[c*p.items+a] {
			reward = 1
		}
		l.Context, l.Action = append(l.Context, int32(c)), append(l.Action, int32(a))
		l.Propensity, l.Reward = append(l.Propensity, pi.Probability[c*p.items+a]), append(l.Reward, reward)
	}
	return l
}

func greedy(p page, sharpness float64) *Policy {
	pi := &Policy{2, p.items, make([]float64, 2*p.items)}
	for c := range 2 {
		sum := 0.0
		for a := range p.items {
			pi.Probability[c*p.items+a] = math.Exp(sharpness * p.rate[c*p.items+a])
			sum += pi.Probability[c*p.items+a]
		}
		for a := range p.items {
			pi.Probability[c*p.items+a] /= sum
		}
	}
	return pi
}

func TestEveryEstimatorFindsTheValueOfAPolicyThatNeverRan(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	p := newPage(20, rng)
	pi := greedy(p, 20)
	truth := p.value(pi)
	cfg := DefaultConfig()
	cfg.Resamples = 60
	within := map[string]int{}
	const worlds = 12
	for range worlds {
		rep, err := Evaluate(p.log(Uniform(2, 20), 10_000, rng), pi, cfg)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range rep.Estimates {
			if off := math.Abs(e.Value-truth) / truth; off > 0.2 {
				t.Errorf("%s says %v where the value is %v", e.Name, e.Value, truth)
			}
			if e.Low <= truth && truth <= e.High {
				within[e.Name]++
			}
		}
	}
	for _, name := range []string{"IPS", "SNIPS", "DR", "SNDR"} {
		if within[name] < worlds*6/10 {
			t.Errorf("the 95 %% interval of %s holds the value in %d of %d logs", name, within[name], worlds)
		}
	}
	t.Log(truth, within)
}

func TestTheOwnPolicyIsWorthWhatItEarned(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	p := newPage(10, rng)
	pi := greedy(p, 10)
	l := p.log(pi, 5000, rng)
	rep, err := Evaluate(l, pi, Config{Folds: 2, Resamples: 1})
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(rep.Effective-5000) > 1e-6 || math.Abs(rep.MeanW-1) > 1e-9 || rep.Uncovered > 0.02 {
		t.Errorf("%+v", rep)
	}
	for _, e := range rep.Estimates[1:7] {
		if math.Abs(e.Value-l.Mean()) > 1e-3 {
			t.Errorf("%s says %v, the log's mean is %v", e.Name, e.Value, l.Mean())
		}
	}
}

func TestShrinkageLiesBetweenTheModelAndDoublyRobust(t *testing.T) {
	for _, w := range []float64{0, 0.3, 1, 40, 1e6} {
		if x := shrinking(w, 1e12); math.Abs(x-w) > 1e-5*w*w+1e-9 {
			t.Errorf("a huge λ turns weight %v into %v", w, x)
		}
		if x := shrinking(w, 1e-12); x > 1e-5 {
			t.Errorf("a tiny λ leaves %v of weight %v", x, w)
		}
	}
	if switching(5, 5) != 5 || switching(5.1, 5) != 0 {
		t.Error("the switch is not at τ")
	}
}

func TestBadLogsAreRefusedInASentence(t *testing.T) {
	ok := func() *Log {
		return &Log{Contexts: 1, Actions: 2, Context: []int32{0}, Action: []int32{1}, Propensity: []float64{.5}, Reward: []float64{1}}
	}
	for want, change := range map[string]func(*Log){
		"no rows":      func(l *Log) { *l = Log{Contexts: 1, Actions: 2} },
		"action 2":     func(l *Log) { l.Action[0] = 2 },
		"context -1":   func(l *Log) { l.Context[0] = -1 },
		"propensity":   func(l *Log) { l.Propensity[0] = 0 },
		"finite":       func(l *Log) { l.Reward[0] = math.NaN() },
		"their number": func(l *Log) { l.Reward = nil },
		"same world":   func(l *Log) { l.Actions = 3 },
	} {
		l := ok()
		change(l)
		if _, err := Evaluate(l, Uniform(1, 2), DefaultConfig()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
	for in, want := range map[string]string{
		"":                         "line 1",
		"item_id,position,click\n": "no column propensity_score",
		"item_id,position,click,propensity_score\n":                  "no rows",
		"item_id,position,click,propensity_score\n1,1,0":             "wrong number of fields",
		"item_id,position,click,propensity_score\n1,0,0,.1\n":        "line 2, field position",
		"item_id,position,click,propensity_score\n1,1,0,.1\n1,1,0,2": "line 3, field propensity_score",
		"item_id,position,click,propensity_score\n1,1,NaN,1\n":       "field click",
		"item_id,position,click,propensity_score\n1e9,1,0,1\n":       "field item_id",
	} {
		if _, err := ReadBandit(strings.NewReader(in), "f.csv"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want one with %q", in, err, want)
		}
	}
}

// bandit reads both logs of the campaign that is not shipped.
func bandit(t *testing.T) (random, thompson *Log) {
	dir := os.Getenv("SOUK_BANDIT_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "data", "bandit-men")
	}
	var logs [2]*Log
	for k, name := range []string{"random.csv.gz", "bts.csv.gz"} {
		f, err := Open(filepath.Join(dir, name))
		if err != nil {
			t.Skipf("the Open Bandit logs are not here (name their folder in SOUK_BANDIT_DATA): %v", err)
		}
		logs[k], err = ReadBandit(f, name)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
	}
	return logs[0], logs[1]
}

// The bar of the literature is 0.16 (DRos on the larger campaign "all", mean of 30
// bootstraps). The truth is the other policy's own mean click; with 46 and 69 clicks it
// is itself known to 15 % and 12 % (one standard deviation). Measured on the whole log: .160 by DR
// and .123 by DRos; the limit here leaves half a point for rounding.
func TestOnTheOpenBanditLogsTheErrorIsThatOfTheLiteratureAndBelowThatOfIPS(t *testing.T) {
	random, thompson := bandit(t)
	for _, way := range []struct {
		name   string
		log    *Log
		policy *Policy
		truth  float64
	}{
		{"random → Thompson", random, Frequencies(thompson), thompson.Mean()},
		{"Thompson → random", thompson, Uniform(thompson.Contexts, thompson.Actions), random.Mean()},
	} {
		rep, err := Evaluate(way.log, way.policy, Config{Folds: 5, Resamples: 30, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s\n%s", way.name, rep.Table(way.truth))
		least, ips := math.Inf(1), 0.0
		for _, e := range rep.Estimates {
			switch e.Name {
			case "DR", "DRos":
				least = math.Min(least, e.Error(way.truth))
				if e.Low > way.truth || e.High < way.truth {
					t.Errorf("%s: the interval of %s does not hold the truth", way.name, e.Name)
				}
			case "IPS":
				ips = e.Error(way.truth)
			}
		}
		if least > 0.165 || least >= ips {
			t.Errorf("%s: DR and DRos are %.3f off at the least, IPS %.3f", way.name, least, ips)
		}
	}
}

func TestAPolicyThatChangesIsWeighedByItsMean(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	p := newPage(10, rng)
	l := p.log(greedy(p, 25), 4000, rng)
	second := p.log(greedy(p, -25), 4000, rng)
	if l.changing() {
		t.Error("one policy is taken for several")
	}
	l.Context, l.Action = append(l.Context, second.Context...), append(l.Action, second.Action...)
	l.Propensity, l.Reward = append(l.Propensity, second.Propensity...), append(l.Reward, second.Reward...)
	rep, err := Evaluate(l, Uniform(2, 10), Config{Folds: 5, Resamples: 1, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if !rep.Balanced || rep.Effective < 2*rep.Plain {
		t.Errorf("balanced %v, %.0f effective rows instead of %.0f", rep.Balanced, rep.Effective, rep.Plain)
	}
}

func FuzzReadBandit(f *testing.F) {
	f.Add("item_id,position,click,propensity_score\n1,1,0,.1\n")
	f.Add("a,item_id,position,click,propensity_score\n,0,3,1,1e-9\n,\"x\n")
	f.Fuzz(func(t *testing.T, in string) {
		l, err := ReadBandit(strings.NewReader(in), "f.csv")
		if err == nil && l.Check() != nil {
			t.Fatalf("%q is read as a log that cannot be: %v", in, l.Check())
		}
	})
}
