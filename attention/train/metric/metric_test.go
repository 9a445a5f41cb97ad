package metric_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"souk/attention/train/metric"
)

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-9 || math.IsNaN(got) != math.IsNaN(want) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

func TestAccuracyByHand(t *testing.T) {
	for _, c := range []struct {
		places                []int
		k                     int
		recall, hr, ndcg, mrr float64
	}{
		{[]int{1}, 10, 1, 1, 1, 1},
		{[]int{3}, 10, 1, 1, 0.5, 1.0 / 3},
		{[]int{10}, 10, 1, 1, 1 / math.Log2(11), 0.1},
		{[]int{11}, 10, 0, 0, 0, 0},
		{[]int{7, 1}, 5, 0.5, 1, 1 / (1 + 1/math.Log2(3)), 1},
		{[]int{2, 1}, 5, 1, 1, 1, 1},
		{[]int{1, 2, 3}, 2, 2.0 / 3, 1, 1, 1},
		{nil, 5, 0, 0, 0, 0},
	} {
		near(t, "recall", metric.Accuracy(metric.Recall, c.places, c.k), c.recall)
		near(t, "HR", metric.Accuracy(metric.HR, c.places, c.k), c.hr)
		near(t, "NDCG", metric.Accuracy(metric.NDCG, c.places, c.k), c.ndcg)
		near(t, "MRR", metric.Accuracy(metric.MRR, c.places, c.k), c.mrr)
	}
	near(t, "the mean", metric.Mean(metric.HR, []int{1, 11, 10, 400}, 10), 0.5)
}

func TestPlaceIsWhatSortingGives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scores := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) float32 { return float32(rapid.IntRange(-3, 3).Draw(t, "score")) }), 1, 40).Draw(t, "scores")
		item := rapid.Int32Range(0, int32(len(scores)-1))
		touched, target := rapid.SliceOf(item).Draw(t, "touched"), item.Draw(t, "target")
		var left []int32
		for i := range scores {
			if int32(i) == target || !slices.Contains(touched, int32(i)) {
				left = append(left, int32(i))
			}
		}
		slices.SortStableFunc(left, func(a, b int32) int { return int(scores[b] - scores[a]) })
		want := slices.Index(left, target) + 1
		before := slices.Clone(scores)
		if got := metric.Place(scores, touched, target); got != want {
			t.Fatalf("place %d, sorting gives %d", got, want)
		}
		if !slices.Equal(before, scores) {
			t.Fatal("the scores were changed")
		}
		free := slices.DeleteFunc(slices.Clone(left), func(i int32) bool { return slices.Contains(touched, i) })
		k := rapid.IntRange(0, 12).Draw(t, "k")
		if got := metric.Top(nil, scores, touched, k); !slices.Equal(got, free[:min(k, len(free))]) {
			t.Fatalf("the best %d are %v, sorting gives %v", k, got, free)
		}
	})
}

func TestAScoreThatIsNoNumberNeverFlatters(t *testing.T) {
	nan := float32(math.NaN())
	if got := metric.Place([]float32{nan, 1, nan}, nil, 1); got != 3 {
		t.Errorf("behind two that are no numbers the place is %d", got)
	}
	if got := metric.Place([]float32{1, nan, 0}, nil, 1); got != 3 {
		t.Errorf("a target that is no number is at place %d, must be the last", got)
	}
	if got := metric.Top(nil, []float32{nan, 1, float32(math.Inf(-1))}, nil, 3); !slices.Equal(got, []int32{1}) {
		t.Errorf("listed are %v", got)
	}
}

func TestListsByHand(t *testing.T) {
	near(t, "coverage", metric.Coverage([][]int32{{0, 1}, {1, 2}}, 6), 0.5)
	near(t, "Gini of equal shares", metric.Gini([]float64{2, 2, 2, 2}), 0)
	near(t, "Gini of one who has all", metric.Gini([]float64{0, 0, 0, 8}), 0.75)
	near(t, "Gini of nothing", metric.Gini([]float64{0, 0}), 0)
	near(t, "Gini of 1 and 3", metric.Gini([]float64{3, 1}), 0.25)
	vectors := []float32{1, 0, 0, 1, 1, 1, 0, 0}
	d := metric.CosineOf(vectors, 2)
	near(t, "distance at a right angle", d(0, 1), 1)
	near(t, "distance to itself", d(0, 0), 0)
	near(t, "distance to nothing", d(0, 3), 1)
	near(t, "distance of a list", metric.IntraListDistance([]int32{0, 1, 2}, d), (1+2*(1-math.Sqrt(0.5)))/3)
	near(t, "distance of one item", metric.IntraListDistance([]int32{0}, d), 0)
	s := metric.CosineOfSets([][]int32{{1, 2, 3, 4}, {3}, {}, {5}})
	near(t, "distance of sets", s(0, 1), 0.5)
	near(t, "distance of sets apart", s(0, 3), 1)
	near(t, "distance of an empty set", s(0, 2), 1)
	near(t, "novelty", metric.Novelty([]int32{0, 1}, []float64{8, 2}, 8), 1)
	near(t, "novelty of what nobody had", metric.Novelty([]int32{0}, []float64{0}, 8), 4)
}

func TestCalibrationIsZeroWhereSharesAgree(t *testing.T) {
	group := []int{0, 0, 1, 1, 2}
	near(t, "the same shares", metric.Miscalibration([]int32{0, 2}, []int32{1, 3}, group, 3), 0)
	near(t, "no list", metric.Miscalibration([]int32{0, 2}, nil, group, 3), 0)
	// All of the history in a group that the list has nothing of: log(1 ÷ 0.01).
	near(t, "other shares", metric.Miscalibration([]int32{0}, []int32{2}, group, 3), math.Log(100))
	// 0.5·log(0.5 ÷ 0.995) + 0.5·log(0.5 ÷ 0.005)
	near(t, "half", metric.Miscalibration([]int32{0, 2}, []int32{0}, group, 3), 0.5*math.Log(0.5/0.995)+0.5*math.Log(100))
	if got := metric.Thirds([]float64{1, 10, 1, 10, 1, 10, 0}); !slices.Equal(got, []int{2, 0, 2, 0, 2, 1, 2}) {
		t.Errorf("thirds are %v", got)
	}
}

func TestTheIntervalCoversTheMeanAboutAsOftenAsItSays(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	covered := 0
	for trial := range 200 {
		values := make([]float64, 200)
		for i := range values {
			values[i] = rng.NormFloat64()
		}
		in := metric.Bootstrap(values, 300, uint64(trial))
		if in.Low <= 0 && 0 <= in.High {
			covered++
		}
	}
	if covered < 176 || covered == 200 {
		t.Errorf("200 intervals of 95 %% cover the truth %d times", covered)
	}
	if got := metric.Bootstrap(nil, 10, 1); got != (metric.Interval{}) {
		t.Errorf("of no values: %v", got)
	}
}

func TestTheSameSeedGivesTheSameIntervalByRowsOrAlone(t *testing.T) {
	rows := []float64{1, 5, 2, 6, 3, 9, 4, 4}
	a := metric.BootstrapRows(rows, 2, 50, 7)
	if b := metric.Bootstrap([]float64{1, 2, 3, 4}, 50, 7); a[0] != b {
		t.Errorf("by rows %v, alone %v", a[0], b)
	}
	if b := metric.Bootstrap([]float64{1, 2, 3, 4}, 50, 8); a[0] == b {
		t.Error("the seed changes nothing")
	}
}

func TestANameIsReadBack(t *testing.T) {
	for _, kind := range metric.Kinds {
		for _, k := range metric.Cuts {
			if got, at, err := metric.ParseName(metric.Name(kind, k)); got != kind || at != k || err != nil {
				t.Errorf("%s is read as %s %d %v", metric.Name(kind, k), got, at, err)
			}
		}
	}
	for _, bad := range []string{"", "NDCG", "NDCG@", "NDCG@0", "NDCG@-1", "ndcg@10", "NDCG@10x", "NDCG@1.5"} {
		if _, _, err := metric.ParseName(bad); err == nil {
			t.Errorf("%q is taken for a metric", bad)
		}
	}
}

// TestAGoodFitOfClicksDoesNotHideWrongExamination makes a log in which what is
// low on the page is seldom looked at, and judges two models whose products, the clicks, are the same.
func TestAGoodFitOfClicksDoesNotHideWrongExamination(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var right, wrong []metric.Impression
	for n := range 20000 {
		looked, attractive := 0.9, 0.2
		if n%2 == 1 {
			looked = 0.3
		}
		e := rng.Float64() < looked
		im := metric.Impression{Examined: e, Clicked: e && rng.Float64() < attractive, Examination: looked, Click: looked * attractive}
		right = append(right, im)
		im.Examination = 0.95 // all the difference is put down to attraction
		wrong = append(wrong, im)
	}
	re, rc, ra, err := metric.Clicks(right)
	if err != nil {
		t.Fatal(err)
	}
	we, wc, wa, err := metric.Clicks(wrong)
	if err != nil {
		t.Fatal(err)
	}
	if rc != wc {
		t.Errorf("the clicks' fits differ: %+v and %+v", rc, wc)
	}
	if !(re.LogLoss < we.LogLoss-0.1) || !(re.Deviation < 0.02) || !(we.Deviation > 0.2) || !(re.AUC > 0.75) || we.AUC != 0.5 {
		t.Errorf("examination: right %+v, wrong %+v", re, we)
	}
	if !(ra.LogLoss < wa.LogLoss) || ra.Events != re.Events-int(float64(re.Events)*(1-re.Rate)+0.5) {
		t.Errorf("attraction: right %+v, wrong %+v", ra, wa)
	}
	if !(re.LogLoss < re.Constant) {
		t.Errorf("examination by place is no better than a constant: %+v", re)
	}
}

func TestAClickWithoutALookIsRefused(t *testing.T) {
	for name, log := range map[string][]metric.Impression{
		"no look":             {{Clicked: true, Examination: 0.5, Click: 0.5}},
		"a probability above": {{Examination: 1.5}},
		"no number":           {{Click: math.NaN()}},
		"nothing":             nil,
	} {
		if _, _, _, err := metric.Clicks(log); err == nil {
			t.Errorf("%s is no error", name)
		}
	}
}
