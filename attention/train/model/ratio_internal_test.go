package model

import (
	"context"
	"math"
	"testing"

	"pgregory.net/rapid"

	"souk/world"
)

func ratioScores(t testing.TB, set Settings, d *Data) []float32 {
	s, err := Lookup("ratio")
	if err != nil {
		t.Fatal(err)
	}
	m, err := s.New(set)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Fit(context.Background(), d, Run{}); err != nil {
		t.Fatal(err)
	}
	dst := make([]float32, d.Items)
	m.NewScorer().Score(dst, nil)
	return dst
}

func many(item int32, kind world.EventKind, n int) History {
	h := make(History, n)
	for i := range h {
		h[i] = Touch{Item: item, Kind: kind, Weight: 1}
	}
	return h
}

// Three items by hand: 1 purchase of 4 events, 1 of 2, none of 0. The catalogue's
// ratio is 2/6; with strength 3 the ratios are (1+1)/7, (1+1)/5 and 0.
func TestCountRatioAttentionIsTheSoftmaxOfSmoothedRatios(t *testing.T) {
	d := &Data{Items: 3, Histories: []History{
		append(many(0, world.EventOpen, 3), many(0, world.EventPurchase, 1)...),
		append(many(1, world.EventDwell, 1), many(1, world.EventPurchase, 1)...),
		many(2, world.EventExposure, 5), // in view is not touched
		many(2, world.EventUnlike, 1),
	}}
	got := ratioScores(t, Settings{"alpha": 2, "strength": 3}, d)
	logits := []float64{2 * 2. / 7, 2 * 2. / 5, 0}
	sum := 0.0
	for _, x := range logits {
		sum += math.Exp(x)
	}
	for i, x := range logits {
		if want := math.Exp(x) / sum; math.Abs(math.Exp(float64(got[i]))-want) > 1e-6 {
			t.Errorf("A of item %d is %v, want %v", i, math.Exp(float64(got[i])), want)
		}
	}
}

func TestOnePurchaseOfOneClickDoesNotBeatHundredsOfAThousand(t *testing.T) {
	d := &Data{Items: 3, Histories: []History{many(0, world.EventPurchase, 1), many(1, world.EventPurchase, 600), many(1, world.EventOpen, 400), many(2, world.EventOpen, 3000)}}
	if s := ratioScores(t, Settings{"strength": 50}, d); !(s[1] > s[0] && s[0] > s[2]) {
		t.Errorf("the item with one purchase scores %v, that with 600 of 1000 %v", s[0], s[1])
	}
}

func TestCountRatioAttentionSumsToOne(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := &Data{Items: rapid.IntRange(1, 20).Draw(rt, "items")}
		for range rapid.IntRange(0, 30).Draw(rt, "touches") {
			d.Histories = append(d.Histories, History{{Item: int32(rapid.IntRange(0, d.Items-1).Draw(rt, "item")),
				Kind: world.EventKind(rapid.IntRange(0, 11).Draw(rt, "kind")), Weight: 1}})
		}
		sum := 0.0
		for _, s := range ratioScores(t, Settings{"alpha": rapid.Float64Range(0.1, 100).Draw(rt, "alpha")}, d) {
			sum += math.Exp(float64(s))
		}
		if math.Abs(sum-1) > 1e-5 {
			rt.Errorf("attention sums to %v", sum)
		}
	})
}
