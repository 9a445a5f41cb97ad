package evaluation_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"souk/attention/train/evaluation"
	"souk/attention/train/model"
	"souk/attention/train/sequence"
)

// ring are people who mostly go from item to item+1.
func ring(people, items int) *sequence.Set {
	rng := rand.New(rand.NewPCG(1, 1))
	s := &sequence.Set{}
	for i := range items {
		s.Items = append(s.Items, string(rune('a'+i)))
	}
	for u := range people {
		at := rng.IntN(items)
		var q []int32
		for range 4 + rng.IntN(6) {
			q = append(q, int32(at))
			if rng.Float64() < 0.7 {
				at = (at + 1) % items
			} else {
				at = rng.IntN(items)
			}
		}
		s.Users = append(s.Users, string(rune(u)))
		s.Sequences = append(s.Sequences, q)
	}
	return s
}

func small(folder string) evaluation.Config {
	c := evaluation.Default()
	c.Models = []string{"popularity", "transitions", "als", evaluation.Blend}
	c.Settings = map[string]model.Settings{"als": {"dim": 8, "epochs": 3}}
	c.Seeds, c.Search, c.Cases, c.Resamples, c.Folder = 2, 0.1, 200, 50, folder
	return c
}

func run(t *testing.T, s *sequence.Set, c evaluation.Config) *evaluation.Report {
	t.Helper()
	r, err := evaluation.Run(context.Background(), s, c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func text(t *testing.T, r *evaluation.Report) string {
	t.Helper()
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestTheReportRanksWhatKnowsTheOrderFirst(t *testing.T) {
	r := run(t, ring(400, 26), small(""))
	ndcg := map[string]float64{}
	for _, m := range r.Models {
		in := m.Test["NDCG@10"]
		if !(in.Low <= in.Mean && in.Mean <= in.High && in.High > in.Low) || len(m.Seeds) != 2 || len(m.BySeed) != 2 {
			t.Errorf("%s: %v over seeds %v", m.Name, in, m.Seeds)
		}
		if m.Test["HR@10"].Mean != m.Test["Recall@10"].Mean || !(m.Test["HR@5"].Mean <= m.Test["HR@20"].Mean) {
			t.Errorf("%s: with one target, recall is the hit rate and grows with the list: %v", m.Name, m.Test)
		}
		ndcg[m.Name] = in.Mean
	}
	if !(ndcg["transitions"] > 1.5*ndcg["popularity"]) || !(ndcg[evaluation.Blend] > 0.95*ndcg["transitions"]) {
		t.Errorf("NDCG@10 of the test: %v", ndcg)
	}
	if r.Blend == nil || len(r.Blend.Weights.Values) != 12 || !(r.Blend.Without["transitions"] < r.Blend.Validation) {
		t.Errorf("the blend is %+v", r.Blend)
	}
	for _, want := range []string{"400 users", "transitions", "asinh", "HR@10"} {
		if !strings.Contains(r.Table(), want) {
			t.Errorf("the table does not hold %q:\n%s", want, r.Table())
		}
	}
}

func TestTheSameReportHoweverManyCores(t *testing.T) {
	var all []string
	for _, cores := range []int{1, 4} {
		before := runtime.GOMAXPROCS(cores)
		all = append(all, text(t, run(t, ring(200, 20), small(""))))
		runtime.GOMAXPROCS(before)
	}
	if all[0] != all[1] {
		t.Errorf("one core:\n%s\nfour:\n%s", all[0], all[1])
	}
}

// TestAStoppedEvaluationGoesOn stops at each of a few steps; what is begun
// again in the same folder ends like one that was never stopped, and repeats nothing.
func TestAStoppedEvaluationGoesOn(t *testing.T) {
	s := ring(200, 20)
	want := text(t, run(t, s, small("")))
	for _, stopAt := range []int{1, 4, 7, 10, 14, 18} {
		folder := t.TempDir()
		ctx, cancel := context.WithCancel(context.Background())
		c := small(folder)
		steps := 0
		c.Tell = func(evaluation.Progress) {
			if steps++; steps == stopAt {
				cancel()
			}
		}
		r, err := evaluation.Run(ctx, s, c)
		cancel()
		switch {
		case err != nil && !errors.Is(err, context.Canceled):
			t.Fatalf("stopped at step %d: %v", stopAt, err)
		case err == nil && (!r.Interrupted || !strings.Contains(r.Table(), "Stopped early")):
			t.Errorf("stopped at step %d, the report does not say so", stopAt)
		}
		if got := text(t, run(t, s, small(folder))); got != want {
			t.Errorf("stopped at step %d and gone on with:\n%s\nnever stopped:\n%s", stopAt, got, want)
		}
		again := small(folder)
		again.Tell = func(p evaluation.Progress) {
			if strings.Contains(p.What, "ranking") || strings.Contains(p.What, "epoch") {
				t.Errorf("a finished evaluation is repeated: %s", p.What)
			}
		}
		if got := text(t, run(t, s, again)); got != want {
			t.Error("a report from kept results differs")
		}
	}
}

func TestDamagedResultsAreMadeAnew(t *testing.T) {
	s, folder := ring(200, 20), t.TempDir()
	want := text(t, run(t, s, small(folder)))
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(files) < 6 {
		t.Fatalf("only %d results were kept, %v", len(files), err)
	}
	for i, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(f, b[:len(b)*(i%3)/3], 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got := text(t, run(t, s, small(folder))); got != want {
		t.Errorf("after damage:\n%s\nbefore:\n%s", got, want)
	}
}

func TestResultsOfOtherDataAreNotTaken(t *testing.T) {
	folder := t.TempDir()
	run(t, ring(200, 20), small(folder))
	other := ring(200, 20)
	other.Sequences[0][0] = (other.Sequences[0][0] + 1) % 20
	if got, want := text(t, run(t, other, small(folder))), text(t, run(t, other, small(""))); got != want {
		t.Error("one touch is another, and an old result was taken")
	}
}

func TestTheTestNeverShapesSettingsOrWeights(t *testing.T) {
	a := ring(300, 20)
	b := ring(300, 20)
	for u, q := range b.Sequences { // other answers of the test
		q[len(q)-1] = int32((u * 7) % 20)
	}
	ra, rb := run(t, a, small("")), run(t, b, small(""))
	for i := range ra.Models {
		if ra.Models[i].Validation != rb.Models[i].Validation {
			t.Errorf("%s: validation depends on the test's answers", ra.Models[i].Name)
		}
	}
	if !slices.Equal(ra.Blend.Weights.Values, rb.Blend.Weights.Values) {
		t.Error("the weights depend on the test's answers")
	}
	if ra.Models[1].Test["NDCG@10"] == rb.Models[1].Test["NDCG@10"] {
		t.Error("the test does not depend on its answers")
	}
}

func TestWithoutATestOnlyValidationIsReported(t *testing.T) {
	s := ring(200, 20)
	s.NoTest = true
	r := run(t, s, small(""))
	if r.TestCases != 0 || r.Models[0].Test != nil || !strings.Contains(r.Table(), "not tested") {
		t.Errorf("%s", r.Table())
	}
	if math.IsNaN(r.Blend.Validation) || r.Blend.Validation == 0 {
		t.Errorf("the blend's validation is %v", r.Blend.Validation)
	}
}

func TestTheTimeAllowedEndsTheSearchAndFurtherSeeds(t *testing.T) {
	c := small("")
	c.Late = func() bool { return true }
	r := run(t, ring(200, 20), c)
	for _, m := range r.Models {
		if len(m.Seeds) != 1 {
			t.Errorf("%s has seeds %v", m.Name, m.Seeds)
		}
	}
	if !strings.Contains(strings.Join(r.Notes, " "), "1 of 2 seeds") {
		t.Errorf("notes are %q", r.Notes)
	}
}

func TestABlendOfTwoHasNoFigureWithoutOne(t *testing.T) {
	c := small("")
	c.Models = []string{"popularity", "transitions", evaluation.Blend}
	if table := run(t, ring(200, 20), c).Table(); strings.Contains(table, "NaN") {
		t.Errorf("the table says NaN:\n%s", table)
	}
}

func TestAFitThatTheTimeAllowedCutShortIsGoneOnWith(t *testing.T) {
	folder := t.TempDir()
	c := small(folder)
	c.Models, c.Seeds = []string{"popularity", "self-attention"}, 1
	c.Settings = map[string]model.Settings{"self-attention": {"dim": 32, "tokens": 100, "rate": 0.004, "epochs": 6, "every": 2}}
	c.Late = func() bool { return true }
	set := ring(80, 20)
	short := run(t, set, c)
	c.Late = nil
	onward := run(t, set, c)
	c.Folder = ""
	if whole := run(t, set, c); text(t, onward) != text(t, whole) {
		t.Errorf("gone on with:\n%s\nin one piece:\n%s", onward.Table(), whole.Table())
	}
	if text(t, short) == text(t, onward) {
		t.Error("a fit of one epoch gives what six give")
	}
}

func TestWhatCannotBeComparedIsSaid(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*evaluation.Config)
		people int
		want   string
	}{
		"an unknown model":        {func(c *evaluation.Config) { c.Models = []string{"oracle"} }, 50, `no model "oracle"`},
		"no model":                {func(c *evaluation.Config) { c.Models = nil }, 50, "no model is named"},
		"a model twice":           {func(c *evaluation.Config) { c.Models = []string{"als", "als"} }, 50, "twice"},
		"a blend of one":          {func(c *evaluation.Config) { c.Models = []string{"als", "blend"} }, 50, "needs two"},
		"no seed":                 {func(c *evaluation.Config) { c.Seeds = 0 }, 50, "0 seeds"},
		"a setting too high":      {func(c *evaluation.Config) { c.Settings = map[string]model.Settings{"als": {"tau": 1e9}} }, 50, "tau"},
		"too few people":          {func(*evaluation.Config) {}, 5, "too few"},
		"a folder that is a file": {func(c *evaluation.Config) { c.Folder = "evaluation_test.go" }, 50, "folder for results"},
	} {
		cfg := small("")
		c.change(&cfg)
		if _, err := evaluation.Run(context.Background(), ring(c.people, 20), cfg); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error is %v, want %q", name, err, c.want)
		}
	}
}
