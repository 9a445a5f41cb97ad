package model_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"souk/attention/train/model"
)

// rounds are histories that go round a circle of items, up or down.
func rounds(people, items int) *model.Data {
	d := &model.Data{Items: items}
	for p := range people {
		step := 1 + p%2*(items-2)
		at := p * 7 % items
		var h model.History
		for i := range 4 + p%5 {
			h = append(h, model.Touch{Item: int32(at), Weight: 1, Time: float64(2 * i)}, model.Touch{Item: int32(at), Weight: 2, Time: float64(2*i + 1)})
			at = (at + step) % items
		}
		d.Histories = append(d.Histories, h)
	}
	return d
}

func TestSelfAttentionLearnsAnOrder(t *testing.T) {
	if testing.Short() {
		t.Skip("it trains for seconds; left out in short runs")
	}
	const items = 30
	spec, err := model.Lookup("self-attention")
	if err != nil {
		t.Fatal(err)
	}
	m, err := spec.New(model.Settings{"dim": 32, "dropout": 0.1, "tokens": 200, "rate": 0.005, "warm": 10, "epochs": 30, "patience": 4, "every": 1})
	if err != nil {
		t.Fatal(err)
	}
	right := func(f func() model.Scorer) float64 {
		s := f()
		scores, hits := make([]float32, items), 0.0
		for i := range int32(items) {
			for _, step := range []int32{1, items - 1} {
				next := (i + step) % items
				s.Score(scores, model.History{{Item: i}, {Item: i}, {Item: next}, {Item: next}})
				best := 0
				for j, x := range scores {
					if x > scores[best] {
						best = j
					}
				}
				if best == int(next+step)%items {
					hits++
				}
			}
		}
		return hits / (2 * items)
	}
	var last model.Progress
	told := 0
	err = m.Fit(context.Background(), rounds(300, items), model.Run{Seed: 1, Validate: right, Progress: func(p model.Progress) { last, told = p, told+1 }})
	if err != nil {
		t.Fatal(err)
	}
	if got := right(m.NewScorer); got < 0.95 {
		t.Errorf("%v of next items found, in %+v", got, last)
	}
	if told == 0 || told == 30 {
		t.Errorf("%d epochs of 30: it did not stop early", told)
	}
	scores := make([]float32, items)
	m.NewScorer().Score(scores, nil)
	for i, x := range scores {
		if x <= 0 || math.IsNaN(float64(x)) {
			t.Errorf("for an unknown person item %d scores %v", i, x)
		}
	}
}

func TestSelfAttentionGoesOnWhereItWasCancelled(t *testing.T) {
	settings := model.Settings{"dim": 8, "heads": 1, "tokens": 50, "epochs": 3}
	spec, _ := model.Lookup("self-attention")
	make3 := func() *model.SelfAttention {
		m, err := spec.New(settings)
		if err != nil {
			t.Fatal(err)
		}
		return m.(*model.SelfAttention)
	}
	d := rounds(40, 10)
	whole := make3()
	if err := whole.Fit(context.Background(), d, model.Run{Seed: 2}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	first := make3()
	err := first.Fit(ctx, d, model.Run{Seed: 2, Progress: func(p model.Progress) {
		if p.Epoch == 2 {
			cancel()
		}
	}})
	if err != nil {
		t.Fatalf("cancelled with a usable model: %v", err)
	}
	second := make3()
	second.Resume(first.State())
	if err := second.Fit(context.Background(), d, model.Run{Seed: 2}); err != nil {
		t.Fatal(err)
	}
	a, b := make([]float32, 10), make([]float32, 10)
	h := model.History{{Item: 1}, {Item: 2}}
	whole.NewScorer().Score(a, h)
	second.NewScorer().Score(b, h)
	for i := range a {
		if a[i] != b[i] {
			t.Fatalf("item %d scores %v without a pause and %v with one", i, a[i], b[i])
		}
	}
	if err := make3().Fit(ctx, d, model.Run{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before the first epoch: %v", err)
	}
	other := make3()
	other.Resume(first.State())
	if err := other.Fit(context.Background(), d, model.Run{Seed: 3}); err == nil {
		t.Error("the state of another seed is taken")
	}
}

func TestSelfAttentionEndsWhenTheTimeIsOver(t *testing.T) {
	spec, _ := model.Lookup("self-attention")
	m, err := spec.New(model.Settings{"dim": 8, "tokens": 50, "epochs": 9})
	if err != nil {
		t.Fatal(err)
	}
	asked, epochs := 0, 0
	err = m.Fit(context.Background(), rounds(40, 10), model.Run{Seed: 2, Late: func() bool { return epochs == 1 },
		Validate: func(func() model.Scorer) float64 { asked++; return 0.5 }, Progress: func(model.Progress) { epochs++ }})
	if err != nil || epochs != 2 || asked != 1 {
		t.Errorf("late after its first epoch, it made %d and was validated %d times: %v", epochs, asked, err)
	}
}

func TestSelfAttentionRefusesSettingsOutOfRange(t *testing.T) {
	spec, _ := model.Lookup("self-attention")
	for want, set := range map[string]model.Settings{
		"no setting": {"hat": 1}, "cannot be shared": {"dim": 10, "heads": 3}, "dropout is 2": {"dropout": 2}, "no loss number 7": {"loss": 7},
		"epochs is 0": {"epochs": 0}, "rate is NaN": {"rate": math.NaN()}, "dimensions": {"dim": math.Inf(1)},
	} {
		if m, err := spec.New(set); err == nil || m != nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: want an error with %q, got %v", set, want, err)
		}
	}
}
