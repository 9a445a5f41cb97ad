package tune_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"souk/attention/train/metric"
	"souk/attention/train/model"
	"souk/attention/train/tune"
)

func histories(people int) *model.Data {
	rng := rand.New(rand.NewPCG(2, 2))
	d := &model.Data{Items: 30}
	for u := range people {
		var h model.History
		for k := range 1 + rng.IntN(6) {
			h = append(h, model.Touch{Item: int32(rng.IntN(30)), Weight: 1, Time: float64(u + 10*k)})
		}
		d.Histories = append(d.Histories, h)
	}
	return d
}

func TestWhatIsHeldOutIsNotLearnedFrom(t *testing.T) {
	d := histories(100)
	whole := map[string]int{}
	for _, kind := range []tune.Kind{tune.LastItem, tune.KFold, tune.InTime} {
		folds, err := tune.Split(d, kind, 4, 0.6)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range folds {
			whole[string(kind)] += len(f.Cases)
			ends := map[int]bool{}
			for _, h := range f.Data.Histories {
				ends[len(h)] = true
			}
			for _, c := range f.Cases {
				found := false
				for u, h := range d.Histories {
					n := len(c.History)
					if n < len(h) && &h[0] == &c.History[0] && h[n].Item == c.Target {
						found = len(f.Data.Histories[u]) == n
					}
				}
				if !found {
					t.Fatalf("%s: a history that is learned from goes on beyond the question", kind)
				}
			}
		}
	}
	if whole["kfold"] != whole["last"] || whole["time"] == 0 {
		t.Errorf("held out are %v: kfold must ask about everybody once", whole)
	}
}

// In the split by time nothing at all from the moment on is learned from.
func TestTheSplitByTimeHasOneMomentForAll(t *testing.T) {
	d := histories(100)
	folds, err := tune.Split(d, tune.InTime, 0, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	learned, first := -1.0, 1e18
	for u, h := range folds[0].Data.Histories {
		if n := len(h); n > 0 {
			learned = max(learned, h[n-1].Time)
		}
		if n := len(h); n < len(d.Histories[u]) {
			first = min(first, d.Histories[u][n].Time)
		}
	}
	if learned >= first {
		t.Errorf("something at %v was learned from, and something at %v held out", learned, first)
	}
}

func TestNothingToHoldOutIsSaid(t *testing.T) {
	for name, d := range map[string]*model.Data{
		"nobody":    {Items: 2},
		"one touch": {Items: 2, Histories: []model.History{{{Item: 1}}}},
	} {
		for _, kind := range []tune.Kind{tune.LastItem, tune.KFold, tune.InTime, "other"} {
			if _, err := tune.Split(d, kind, 3, 0.5); err == nil {
				t.Errorf("%s, %s: nothing was said", name, kind)
			}
		}
	}
}

func TestJudgingGivesTheSameOnHoweverManyCores(t *testing.T) {
	folds, err := tune.Split(histories(200), tune.KFold, 2, 0)
	if err != nil {
		t.Fatal(err)
	}
	spec, err := model.Lookup("neural")
	if err != nil {
		t.Fatal(err)
	}
	judge := tune.Judging{Folds: folds, Kind: metric.NDCG, K: 10, Most: 50}.Judge(spec)
	run := func(cores int) string {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
		var curve []float64
		v, err := judge(context.Background(), model.Settings{"dim": 8, "epochs": 4}, 1, func(x float64) bool { curve = append(curve, x); return true })
		if err != nil || len(curve) != 4 || !(v > 0) {
			t.Fatalf("%v after %v: %v", v, curve, err)
		}
		return fmt.Sprint(v, curve)
	}
	if one, three := run(1), run(3); one != three {
		t.Errorf("one core says %s, three %s", one, three)
	}
}

// Resuming must find the journal of the same data, and of no other.
func TestTheFingerprintTellsDataApart(t *testing.T) {
	print := func(d *model.Data) string {
		folds, err := tune.Split(d, tune.LastItem, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		return tune.Fingerprint(folds, "x")
	}
	a, b := histories(50), histories(50)
	if print(a) != print(b) {
		t.Error("the same data have two fingerprints")
	}
	b.Histories[3][0].Item ^= 1
	if print(a) == print(b) {
		t.Error("other data have the same fingerprint")
	}
}
