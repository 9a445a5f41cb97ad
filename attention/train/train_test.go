package train_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"

	"souk/attention/rank"
	"souk/attention/train"
	"souk/attention/train/als"
	"souk/world"
)

func TestTheModelRanksHeldOutItemsBetterThanPopularityAndChance(t *testing.T) {
	c := mustGenerate(t, 400)
	cfg := train.DefaultConfig()
	cfg.ALS.Dim = 32
	last := 0.0
	m, rep, err := train.Train(context.Background(), population(c, 300, 120, 1), c, cfg, func(p train.Progress) {
		if !(p.Done > last && p.Done <= 1) {
			t.Errorf("progress goes from %v to %v", last, p.Done)
		}
		last = p.Done
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("\n%s%v", rep.Table(), rep.Curve)
	if last != 1 {
		t.Errorf("progress ends at %v", last)
	}
	als, pop, random := rep.Metrics[0], rep.Metrics[1], rep.Metrics[2]
	if !(als.Recall.Low > pop.Recall.High) || !(als.Recall.Low > random.Recall.High) || !(als.NDCG.Low > pop.NDCG.High) {
		t.Errorf("the intervals overlap:\n%s", rep.Table())
	}
	if want := 20.0 / 400; math.Abs(random.Recall.Mean-want) > 0.04 {
		t.Errorf("chance finds %v, should find about %v", random.Recall.Mean, want)
	}
	if _, err := rank.New(m, c, rank.DefaultConfig(), 1); err != nil {
		t.Error(err)
	}
	sum := 0.0
	for _, p := range m.Popularity {
		sum += math.Exp(float64(p))
	}
	if math.Abs(sum-1) > 1e-4 {
		t.Errorf("popularity sums to %v", sum)
	}
}

func TestTheSameSeedGivesTheSameBytesOnAnyNumberOfCores(t *testing.T) {
	c := mustGenerate(t, 120)
	events := population(c, 60, 60, 2)
	cfg := train.DefaultConfig()
	cfg.ALS.Dim, cfg.ALS.Epochs = 12, 4
	bytesOf := func(procs int, seed uint64) []byte {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		cfg.ALS.Seed = seed
		m, _, err := train.Train(context.Background(), events, c, cfg, nil)
		if err != nil {
			t.Fatal(err)
		}
		return mustWrite(t, m)
	}
	one := bytesOf(1, 1)
	for _, procs := range []int{2, 5} {
		if !bytes.Equal(one, bytesOf(procs, 1)) {
			t.Errorf("%d cores give other bytes than one", procs)
		}
	}
	if bytes.Equal(one, bytesOf(1, 2)) {
		t.Error("another seed gives the same bytes")
	}
}

func TestEachEpochLowersTheObjective(t *testing.T) {
	c := mustGenerate(t, 120)
	kept, _ := train.Clean(population(c, 80, 60, 3), c, train.DefaultClean())
	people := train.Convert(kept, c, train.DefaultConfig().Weights)
	cfg := als.Default()
	cfg.Dim = 8
	f := als.New(als.NewMatrix(people, len(c.Items)), cfg)
	last := math.Inf(1)
	for e := range 6 {
		if err := f.Epoch(context.Background()); err != nil {
			t.Fatal(err)
		}
		now := objective(people, f, len(c.Items), cfg)
		if !(now < last) {
			t.Errorf("epoch %d: %v after %v", e+1, now, last)
		}
		last = now
	}
}

// objective is the loss in Epoch's comment, from the definition.
func objective(people [][]als.Entry, f *als.Factors, items int, cfg als.Config) float64 {
	d := cfg.Dim
	dot := func(u, i int) (s float64) {
		for k := range d {
			s += float64(f.Users[u*d+k]) * float64(f.Items[i*d+k])
		}
		return s
	}
	norm := func(row []float32) (s float64) {
		for _, x := range row {
			s += float64(x) * float64(x)
		}
		return s
	}
	loss := 0.0
	mass := make([]float64, items)
	for u, entries := range people {
		own := 0.0
		for i := range items {
			loss += cfg.Base * dot(u, i) * dot(u, i)
		}
		for _, e := range entries {
			c := float64(e.Confidence)
			miss := float64(e.Preference) - dot(u, int(e.Item))
			loss += c * miss * miss
			own += c
			mass[e.Item] += c
		}
		loss += cfg.Regularisation * (own + cfg.Base*float64(items)) * norm(f.Users[u*d:][:d])
	}
	for i := range items {
		loss += cfg.Regularisation * (mass[i] + cfg.Base*float64(len(people))) * norm(f.Items[i*d:][:d])
	}
	return loss
}

func TestAnItemThatNobodyTouchedGetsTheFactorsOfItsContent(t *testing.T) {
	c := mustGenerate(t, 200)
	events := population(c, 150, 80, 4)
	const cold = 17
	var warm []world.Event
	for _, ev := range events {
		if ev.Item != c.Items[cold].ID {
			warm = append(warm, ev)
		}
	}
	cfg := train.DefaultConfig()
	cfg.ALS.Dim, cfg.Latent.Dim = 16, 0
	m, _, err := train.Train(context.Background(), warm, c, cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	norm := 0.0
	for k := range m.Dim {
		want := 0.0
		for r, x := range c.Feature(cold) {
			want += float64(x) * float64(m.ContentWeights[r*m.Dim+k])
		}
		got := float64(m.Factors[cold*m.Dim+k])
		if math.Abs(got-want) > 1e-5 {
			t.Errorf("factor %d is %v, content says %v", k, got, want)
		}
		norm += got * got
	}
	if norm < 1e-6 {
		t.Error("the cold item has no factors")
	}
}

func TestAnInterruptKeepsTheBestSoFar(t *testing.T) {
	c := mustGenerate(t, 200)
	events := population(c, 100, 80, 5)
	cfg := train.DefaultConfig()
	cfg.ALS.Dim = 8
	for _, after := range []int{0, 2, cfg.ALS.Epochs} {
		ctx, cancel := context.WithCancel(context.Background())
		if after == 0 {
			cancel()
		}
		seen := 0
		m, rep, err := train.Train(ctx, events, c, cfg, func(p train.Progress) {
			if seen++; seen == after || after > 2 && p.Phase == "final" {
				cancel()
			}
		})
		cancel()
		if after == 0 {
			if !errors.Is(err, context.Canceled) {
				t.Errorf("stopped before the start: %v", err)
			}
			continue
		}
		if err != nil || !rep.Interrupted || m.Check() != nil {
			t.Errorf("stopped after %d epochs: %v, %+v", after, err, rep)
		}
	}
}

func TestEveryRefusedRowIsCountedByReason(t *testing.T) {
	c := mustGenerate(t, 20)
	good := world.Event{ID: "a", Visitor: "v", Time: 10, Kind: world.EventDwell, Item: c.Items[0].ID, Dwell: 1, Exposure: 1}
	with := func(change func(*world.Event)) world.Event {
		ev := good
		ev.ID = ""
		change(&ev)
		return ev
	}
	nan := float32(math.NaN())
	events := []world.Event{good, good,
		with(func(e *world.Event) { e.Visitor = "" }),
		with(func(e *world.Event) { e.Item = "gone" }),
		with(func(e *world.Event) { e.Time = math.Inf(1) }),
		with(func(e *world.Event) { e.Dwell = nan }),
		with(func(e *world.Event) { e.Dwell = -1 }),
		with(func(e *world.Event) { e.Dwell = 451 }),
		with(func(e *world.Event) { e.InView = -1 }),
		with(func(e *world.Event) { e.Kind = world.EventUnknown }),
		with(func(e *world.Event) { e.Kind = 99 }),
		with(func(e *world.Event) { e.Time = 1 }), // good, and earlier
	}
	for k := range 400 {
		events = append(events, with(func(e *world.Event) { e.Visitor, e.Time = "robot", 100+0.1*float64(k) }))
	}
	kept, got := train.Clean(events, c, train.DefaultClean())
	if len(kept) != 2 || kept[0].Time != 1 || got.Kept != 2 || got.Rows != len(events) {
		t.Errorf("kept %d: %v", len(kept), got)
	}
	want := "2 of 412 rows kept; refused: 1 no visitor, 1 unknown item, 2 not a number, 2 impossible dwell, 1 impossible exposure, 2 unknown kind, 1 duplicate, 400 robot"
	if got.String() != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestWhatWasTakenBackLeavesNothing(t *testing.T) {
	c := mustGenerate(t, 20)
	row := func(t float64, kind world.EventKind, item int) world.Event {
		return world.Event{Visitor: "v", Time: t, Kind: kind, Item: c.Items[item].ID}
	}
	w := train.DefaultConfig().Weights
	got := train.Convert([]world.Event{
		row(1, world.EventLike, 3), row(2, world.EventUnlike, 3),
		row(3, world.EventHide, 4), row(4, world.EventUnhide, 4),
		row(5, world.EventOpen, 5), row(6, world.EventHide, 5),
		row(7, world.EventLike, 6), row(8, world.EventPurchase, 6),
	}, c, w)
	if len(got) != 1 || len(got[0]) != 2 {
		t.Fatalf("%+v", got)
	}
	if e := got[0][0]; e.Item != 5 || e.Confidence != w.Open+w.Hide || math.Abs(float64(e.Preference-w.Open/(w.Open+w.Hide))) > 1e-6 {
		t.Errorf("opened, then hidden: %+v", e)
	}
	if e := got[0][1]; e.Item != 6 || e.Confidence != w.Like+w.Purchase || e.Preference != 1 || e.First != 7 {
		t.Errorf("liked and bought: %+v", e)
	}
}

func TestRowsOfAnotherCatalogueAreRefusedInASentence(t *testing.T) {
	c := mustGenerate(t, 20)
	_, rep, err := train.Train(context.Background(), []world.Event{{Visitor: "v", Kind: world.EventLike, Item: "x"}}, c, train.DefaultConfig(), nil)
	if err == nil || !strings.Contains(err.Error(), "1 unknown item") || rep == nil {
		t.Errorf("error %v", err)
	}
	cfg := train.DefaultConfig()
	cfg.ALS.Dim = 0
	if _, _, err := train.Train(context.Background(), nil, c, cfg, nil); err == nil || !strings.Contains(err.Error(), "dimensions") {
		t.Errorf("error %v", err)
	}
}

func TestTooFewPeopleAreTrainedOnWithoutMetrics(t *testing.T) {
	c := mustGenerate(t, 50)
	cfg := train.DefaultConfig()
	cfg.ALS.Dim = 4
	m, rep, err := train.Train(context.Background(), population(c, 5, 40, 6), c, cfg, nil)
	if err != nil || m == nil || rep.Note == "" || len(rep.Metrics) != 0 {
		t.Errorf("%v, %+v", err, rep)
	}
}

// What many see is not liked for that: with the log of what was in view, the prior goes by
// how an item was liked by those who saw it.
func TestThePriorGoesByAppealAndNotByHowManyPassed(t *testing.T) {
	c := mustGenerate(t, 40)
	cfg := train.DefaultConfig()
	cfg.ALS.Dim, cfg.ALS.Epochs = 8, 2
	var events []world.Event
	for v := range 60 {
		visitor := fmt.Sprintf("v%d", v)
		at := 1e6 + float64(v)*1e4
		row := func(kind world.EventKind, item int, dwell float32) {
			at += 5
			events = append(events, world.Event{ID: fmt.Sprintf("%s-%g", visitor, at), Visitor: visitor, Session: visitor, Time: at, Kind: kind,
				Item: c.Items[item].ID, Dwell: dwell, Exposure: .2, InView: 3})
		}
		// Item 0 stands where all pass: one in four likes it. Item 1 is seen by one in six, who all like it.
		if v%4 == 0 {
			row(world.EventLike, 0, 0)
		} else {
			row(world.EventExposure, 0, 0)
		}
		if v%6 == 0 {
			row(world.EventLike, 1, 0)
		}
		for k := 2; k < 8; k++ {
			row(world.EventLike, 2+(v+k)%30, 0)
		}
	}
	m, rep, err := train.Train(context.Background(), events, c, cfg, nil)
	if err != nil {
		t.Fatal(err, rep)
	}
	if m.Popularity[1] <= m.Popularity[0] {
		t.Errorf("what all who saw it like has a prior of %.2f, what most passed by %.2f", m.Popularity[1], m.Popularity[0])
	}
}
