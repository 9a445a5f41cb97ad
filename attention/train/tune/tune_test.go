package tune_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"souk/attention/train/model"
	"souk/attention/train/tune"
)

var bowl = model.Spec{Name: "bowl", Parameters: []model.Parameter{
	{Name: "x", Default: 50, Low: 0, High: 100},
	{Name: "y", Default: 1, Low: 0.001, High: 10, Log: true},
	{Name: "n", Default: 9, Low: 1, High: 9, Whole: true},
	{Name: "fixed", Default: 7},
}}

// A bowl with its top of 1 at x = 20, y = 0.1, n = 4.
func height(s model.Settings) float64 {
	return 1 - math.Pow((s["x"]-20)/100, 2) - math.Pow(math.Log10(s["y"]/0.1)/4, 2) - math.Pow((s["n"]-4)/9, 2)
}

func judgeBowl(_ context.Context, s model.Settings, seed uint64, _ func(float64) bool) (float64, error) {
	return height(s) + 0.001*float64(seed), nil
}

var cfg = tune.Config{Random: 20, Local: 30, Finalists: 2, Seeds: 3, Seed: 4}

func TestTheSearchComesNearTheBestAndNearerThanAtRandom(t *testing.T) {
	r, err := tune.Search(context.Background(), bowl, judgeBowl, cfg, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	best := height(r.Best())
	atRandom := math.Inf(-1)
	for n, tr := range r.Trials[:cfg.Random] {
		atRandom = max(atRandom, height(tr.Settings))
		if n == 0 && tr.Settings["x"] != 50 {
			t.Error("the first trial has not the defaults")
		}
	}
	if !(best > atRandom && best > 0.98) {
		t.Errorf("the best is %v, at random it was %v; the top is 1", best, atRandom)
	}
	for _, tr := range r.Trials {
		for _, p := range bowl.Parameters {
			v := tr.Settings[p.Name]
			if p.Low < p.High && (v < p.Low || v > p.High) || p.Whole && v != math.Trunc(v) || p.Low == p.High && v != p.Default {
				t.Fatalf("trial %d tries %s = %v", tr.Number, p.Name, v)
			}
		}
	}
	if f := r.Finalists[0]; len(f.Scores) != 3 || math.Abs(f.Deviation-0.001) > 1e-9 {
		t.Errorf("the finalist has scores %v with deviation %v, want three, 0.001 apart", f.Scores, f.Deviation)
	}
}

func TestAModelThatChanceDoesNotTouchIsFittedOnce(t *testing.T) {
	sure := bowl
	sure.Seedless = true
	r, err := tune.Search(context.Background(), sure, judgeBowl, cfg, nil, func(_ tune.Trial, of int) error {
		if of != 50 {
			t.Errorf("%d trials are announced, want 50", of)
		}
		return nil
	})
	if err != nil || len(r.Trials) != 50 || len(r.Finalists) != 2 {
		t.Errorf("%d trials and %d finalists (%v), want 50 and 2", len(r.Trials), len(r.Finalists), err)
	}
}

// runJournalled stops after some trials, by an error where a kill would be.
func runJournalled(t *testing.T, path string, stopAfter int) (tune.Result, error) {
	t.Helper()
	j, done, err := tune.OpenJournal(path, tune.Header{Model: "bowl", Data: "none", Config: cfg})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	n := 0
	return tune.Search(context.Background(), bowl, judgeBowl, cfg, done, func(tr tune.Trial, of int) error {
		if n++; n <= len(done) {
			return nil
		}
		if of != 54 {
			t.Errorf("%d trials are announced, want 54", of)
		}
		if err := j.Append(tr); err != nil {
			return err
		}
		if n == stopAfter {
			return errors.New("killed")
		}
		return nil
	})
}

func TestASearchThatWasKilledGoesOnAndEndsInTheSameBytes(t *testing.T) {
	dir := t.TempDir()
	whole, torn := filepath.Join(dir, "whole"), filepath.Join(dir, "torn")
	want, err := runJournalled(t, whole, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, stop := range []int{1, 7, 35, 52} {
		if _, err := runJournalled(t, torn, stop); err == nil {
			t.Fatal("it was not stopped")
		}
		f, _ := os.OpenFile(torn, os.O_APPEND|os.O_WRONLY, 0)
		fmt.Fprint(f, `{"trial":99,"setti`) // what a kill leaves of a line
		f.Close()
	}
	got, err := runJournalled(t, torn, 0)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	a, _ := os.ReadFile(whole)
	b, _ := os.ReadFile(torn)
	if !bytes.Equal(a, b) {
		t.Error("the journals differ")
	}
}

func TestAJournalThatCannotBeGoneOnWithIsLeftAsItIs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "j")
	runJournalled(t, path, 0)
	good, _ := os.ReadFile(path)
	h := tune.Header{Model: "bowl", Data: "none", Config: cfg}
	other := h
	other.Data = "another"
	for name, c := range map[string]struct {
		data string
		h    tune.Header
		want string
	}{
		"another search": {string(good), other, "another search"},
		"newer":          {`{"version":2}` + "\n", h, "newer version"},
		"no journal":     {"a,b\n1,2\n", h, "no journal"},
		"damaged":        {strings.Replace(string(good), `"trial":3`, `"tri`, 1), h, "line 5"},
		"a line missing": {strings.Replace(string(good), `"trial":3`, `"trial":4`, 1), h, "line 5"},
	} {
		os.WriteFile(path, []byte(c.data), 0o644)
		_, _, err := tune.OpenJournal(path, c.h)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: the error is %v, want %q in it", name, err, c.want)
		}
		if after, _ := os.ReadFile(path); string(after) != c.data {
			t.Errorf("%s: the file was changed", name)
		}
	}
}

func TestHopelessTrialsAreStoppedEarly(t *testing.T) {
	epochs, all := 0, 0
	judge := func(ctx context.Context, s model.Settings, _ uint64, epoch func(float64) bool) (float64, error) {
		h := height(s)
		for e := range 20 {
			all++
			if !epoch(h * (1 - math.Pow(0.8, float64(e+1)))) {
				break
			}
			epochs++
		}
		return h, ctx.Err()
	}
	r, err := tune.Search(context.Background(), bowl, judge, cfg, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	stopped := 0
	for _, tr := range r.Trials {
		if tr.Stopped {
			stopped++
			if len(tr.Curve) != 3 {
				t.Errorf("trial %d was stopped after %d epochs", tr.Number, len(tr.Curve))
			}
		}
	}
	if stopped < 5 || height(r.Best()) < 0.97 {
		t.Errorf("%d trials were stopped, and the best is %v", stopped, height(r.Best()))
	}
}

func TestTrialsThatFailAreSaidAndNotChosen(t *testing.T) {
	judge := func(_ context.Context, s model.Settings, _ uint64, _ func(float64) bool) (float64, error) {
		switch {
		case s["x"] > 50:
			return 0, errors.New("too wide")
		case s["x"] > 40:
			return math.NaN(), nil
		}
		return height(s), nil
	}
	r, err := tune.Search(context.Background(), bowl, judge, cfg, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	failed := 0
	for _, tr := range r.Trials {
		if tr.Failed != "" {
			failed++
		}
	}
	if failed < 3 || r.Best()["x"] > 40 {
		t.Errorf("%d trials failed, and the best has x = %v", failed, r.Best()["x"])
	}
	never := func(context.Context, model.Settings, uint64, func(float64) bool) (float64, error) {
		return 0, errors.New("no data")
	}
	if _, err := tune.Search(context.Background(), bowl, never, cfg, nil, nil); err == nil || !strings.Contains(err.Error(), "no data") {
		t.Errorf("a search of which all trials failed says %v", err)
	}
}

func TestACancelledSearchSaysSo(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	n := 0
	_, err := tune.Search(ctx, bowl, judgeBowl, cfg, nil, func(tune.Trial, int) error {
		if n++; n == 3 {
			cancel()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) || n != 3 {
		t.Errorf("after %d trials: %v", n, err)
	}
}

func FuzzJournal(f *testing.F) {
	f.Add([]byte(`{"version":1,"model":"bowl","data":"none","config":{"Random":20,"Local":30,"Finalists":2,"Seeds":3,"Seed":4}}` + "\n" + `{"trial":0,"settings":{"x":1},"seed":4,"score":1}` + "\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "j")
		os.WriteFile(path, data, 0o644)
		j, _, err := tune.OpenJournal(path, tune.Header{Model: "bowl", Data: "none", Config: cfg})
		if err == nil {
			j.Close()
		}
	})
}
