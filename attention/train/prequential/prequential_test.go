package prequential_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"souk/attention/train/model"
	"souk/attention/train/prequential"
	"souk/world"
)

// told is a learner that scores by rule and keeps what it was told.
type told struct {
	seen  []int32
	order *[]string
	score func(seen []int32, dst []float32)
}

func (l *told) Forget() { l.seen = l.seen[:0]; *l.order = append(*l.order, "forget") }
func (l *told) Learn(t model.Touch) {
	l.seen = append(l.seen, t.Item)
	*l.order = append(*l.order, fmt.Sprint("learn ", t.Item))
}
func (l *told) Score(dst []float32) {
	clear(dst)
	*l.order = append(*l.order, "score")
	l.score(l.seen, dst)
}

func view(item int32, at float64) model.Touch {
	return model.Touch{Item: item, Kind: world.EventOpen, Weight: 1, Time: at}
}

var all = make([]bool, 100)

func config() prequential.Config {
	cfg := prequential.Default()
	cfg.Resamples = 100
	return cfg
}

func replay(t *testing.T, cfg prequential.Config, people []model.History, c ...prequential.Contender) *prequential.Result {
	t.Helper()
	var r prequential.Result
	if err := r.Add(context.Background(), 100, people, all, c, cfg); err != nil {
		t.Fatal(err)
	}
	return &r
}

func TestEachViewIsPredictedBeforeItIsLearned(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var order []string
	next := func(seen []int32, dst []float32) { dst[seen[len(seen)-1]+1] = 1 } // one further
	c := prequential.Contender{Name: "next", New: func() prequential.Learner { return &told{order: &order, score: next} }}
	cfg := config()
	cfg.K, cfg.After = 1, []int{1, 2}
	cart := view(12, 3)
	cart.Kind = world.EventCart
	r := replay(t, cfg, []model.History{{view(10, 1), view(11, 2), cart, view(12, 4), view(13, 5)}}, c)
	want := "[forget learn 10 score learn 11 score learn 12 learn 12 score]"
	if fmt.Sprint(order) != want {
		t.Errorf("the order is %v, want %s", order, want)
	}
	// After 10, 11 is viewed: a hit. After 10 and 11 the next view of an item that is new is 13, since
	// 12 was carted first: a miss. After all it is 13: a hit.
	if r.HR(0, 0, cfg).Mean != 1 || r.HR(0, 1, cfg).Mean != 0 || r.Views != 2 || r.Overall(0, cfg).Mean != 1 {
		t.Errorf("after one %v, after two %v, of %d views %v", r.HR(0, 0, cfg), r.HR(0, 1, cfg), r.Views, r.Overall(0, cfg))
	}
}

func TestALearnerThatSaysNothingEarnsNothing(t *testing.T) {
	var order []string
	c := prequential.Contender{Name: "flat", New: func() prequential.Learner {
		return &told{order: &order, score: func([]int32, []float32) {}}
	}}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	r := replay(t, config(), []model.History{{view(1, 1), view(0, 2), view(2, 3)}}, c)
	if hr := r.Overall(0, config()).Mean; hr != 0 {
		t.Errorf("its hit rate is %v", hr)
	}
}

// crowd looks at items of their taste, 20 for each of four, and now and then at one
// that everybody looks at, which says nothing of taste: what comes after that, only the history
// before it tells.
func crowd(people int, seed uint64) *model.Data {
	rng := rand.New(rand.NewPCG(seed, 1))
	d := &model.Data{Items: 100}
	for u := range people {
		taste := int32(rng.IntN(4) * 20)
		own, common := rng.Perm(20), rng.Perm(20)
		var h model.History
		at := 1e9 + 1000*float64(u)
		for k := range 12 {
			item := taste + int32(own[k])
			if k%3 == 2 {
				item = 80 + int32(common[k])
			}
			h = append(h, view(item, at))
			at += 30
		}
		d.Histories = append(d.Histories, h)
	}
	return d
}

func TestThePopulationOfAWaveKnowsNothingOfWhatComesLater(t *testing.T) {
	d := crowd(200, 3)
	waves, err := prequential.Waves(d, 0.5, 4)
	if err != nil {
		t.Fatal(err)
	}
	replayed := 0
	for _, w := range waves {
		replayed += len(w.New)
		for _, h := range w.Past.Histories {
			for _, touch := range h {
				if touch.Time >= w.Begin {
					t.Fatalf("a touch of %v is in the past of %v", touch.Time, w.Begin)
				}
			}
		}
		for _, h := range w.New {
			if h[0].Time < w.Begin {
				t.Fatalf("somebody new came at %v, before %v", h[0].Time, w.Begin)
			}
		}
	}
	if replayed != 100 {
		t.Errorf("%d people are replayed, want half of 200", replayed)
	}
}

func settings() prequential.Settings {
	set := prequential.DefaultSettings()
	set.ALS.Dim = 8
	return set
}

func TestTheDeviceIsAheadOfItsBaselinesWhereTheHistorySaysMore(t *testing.T) {
	d := crowd(300, 4)
	waves, err := prequential.Waves(d, 0.3, 1)
	if err != nil {
		t.Fatal(err)
	}
	w, cfg := waves[0], config()
	cfg.K = 10
	run := func(cores int) string {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
		stages, err := prequential.FitStages(context.Background(), w.Past, settings(), cfg.K)
		if err != nil {
			t.Fatal(err)
		}
		p, err := prequential.Learn(context.Background(), w.Past, w.Begin, settings())
		if err != nil {
			t.Fatal(err)
		}
		device, err := prequential.NewDevice(p, stages)
		if err != nil {
			t.Fatal(err)
		}
		r := replay(t, cfg, w.New, device, prequential.NewLastItem(p), prequential.NewPopularity(p))
		for c := 1; c <= 2; c++ {
			if diff := r.OverallDifference(c, cfg); diff.Low <= 0 {
				t.Errorf("the device is ahead of %s by %v only", []string{"", "the last item", "popularity"}[c], diff)
			}
		}
		return r.Table(cfg)
	}
	one := run(1)
	if two := run(2); one != two {
		t.Errorf("two cores say\n%s, one says\n%s", two, one)
	}
}

func TestTheTimeOfAnUpdateIsMeasuredByTheClockThatIsGiven(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var order []string
	c := prequential.Contender{Name: "flat", New: func() prequential.Learner {
		return &told{order: &order, score: func([]int32, []float32) {}}
	}}
	cfg := config()
	tick := time.Unix(0, 0)
	cfg.Now = func() time.Time { tick = tick.Add(time.Millisecond); return tick }
	r := replay(t, cfg, []model.History{{view(1, 1), view(2, 2), view(3, 3)}}, c)
	if r.Time[0] != 0.001 || !strings.Contains(r.Table(cfg), "median 1.00 ms") {
		t.Errorf("an update takes %v s by a clock that ticks once in it:\n%s", r.Time[0], r.Table(cfg))
	}
}

func TestTooLittleToReplayIsSaid(t *testing.T) {
	for name, d := range map[string]*model.Data{
		"nobody":     {Items: 3},
		"one person": {Items: 3, Histories: []model.History{{view(1, 1), view(2, 2)}}},
	} {
		if _, err := prequential.Waves(d, 0.5, 2); err == nil || !strings.Contains(err.Error(), "too few") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := prequential.Learn(context.Background(), &model.Data{Items: 2, Histories: []model.History{{}}}, 1, settings()); err == nil {
		t.Error("a population of nobody was learned")
	}
	cfg := config()
	r := replay(t, cfg, []model.History{{view(1, 1)}, {view(1, 1)}})
	if r.Short != 2 || !strings.Contains(r.Table(cfg), "2 users had no view to predict") {
		t.Errorf("people of one event: %s", r.Table(cfg))
	}
	for _, bad := range []func(*prequential.Config){
		func(c *prequential.Config) { c.After = nil }, func(c *prequential.Config) { c.After = []int{3, 1} },
		func(c *prequential.Config) { c.K = 0 }, func(c *prequential.Config) { c.Longest = 10 }, func(c *prequential.Config) { c.Resamples = 0 },
	} {
		cfg := config()
		if bad(&cfg); cfg.Check() == nil {
			t.Errorf("%+v passes", cfg)
		}
	}
}
