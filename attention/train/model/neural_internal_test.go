package model

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
)

// pairs is a world in which item 2k is followed by 2k+1 and nothing else.
func pairs(people, items int, seed uint64) *Data {
	rng := rand.New(rand.NewPCG(seed, 1))
	d := &Data{Items: items}
	for range people {
		k := int32(rng.IntN(items / 2))
		d.Histories = append(d.Histories, History{{Item: 2 * k, Weight: 1}, {Item: 2*k + 1, Weight: 1, Time: 1}})
	}
	return d
}

func madeNeural(t *testing.T, set Settings) *neural {
	t.Helper()
	m, err := newNeural(set)
	if err != nil {
		t.Fatal(err)
	}
	return m.(*neural)
}

// The gradient of the whole loss, L2 and the pooled history included, against
// central differences in every parameter of a small network; some items are there twice.
func TestTheNeuralGradientIsThatOfItsLoss(t *testing.T) {
	m := madeNeural(t, Settings{"dim": 8, "l2": 0.01, "last": 3})
	m.start(6, 7)
	rng := rand.New(rand.NewPCG(3, 3))
	for _, part := range m.net.parts() {
		for i := range part {
			part[i] += 0.3 * rng.NormFloat64()
		}
	}
	s := newStep(m, 3)
	for _, e := range []example{
		{history: History{{Item: 0, Weight: 1}, {Item: 1, Weight: 2}, {Item: 0, Weight: 0.5}}, targets: []int32{2, 3, 3, 5}},
		{history: History{{Item: 4, Weight: 1}, {Item: 1, Weight: 1}, {Item: 2, Weight: 1}, {Item: 3, Weight: 3}}, targets: []int32{0, 2}},
		{history: History{{Item: 5}}, targets: []int32{4, 1, 0}},
	} {
		at := &s.examples[s.n]
		at.history, at.targets, at.slope = e.history, e.targets, make([]float64, len(e.targets))
		s.n++
	}
	got := newNetwork(6, m.dim)
	width := [...]int{m.dim, m.dim, 1, m.dim, 1}
	var mu sync.Mutex
	s.forward(m)
	s.gradient(m, func(part, row int, grad []float64) {
		mu.Lock()
		defer mu.Unlock()
		copy(got.parts()[part][row*width[part]:], grad[:width[part]])
	})
	const h = 1e-5
	for p, part := range m.net.parts() {
		for i := range part {
			was := part[i]
			part[i] = was + h
			up := s.forward(m)
			part[i] = was - h
			down := s.forward(m)
			part[i] = was
			want := (up - down) / (2 * h)
			if g := got.parts()[p][i]; math.Abs(g-want) > 1e-6*(1+math.Abs(want)) {
				t.Fatalf("part %d, parameter %d: the gradient is %v, the difference quotient %v", p, i, g, want)
			}
		}
	}
}

func TestNeuralAttentionLearnsWhatFollows(t *testing.T) {
	d := pairs(600, 40, 1)
	m := madeNeural(t, Settings{"dim": 16, "epochs": 20, "negatives": 16})
	var first, last float64
	err := m.Fit(context.Background(), d, Run{Seed: 1, Progress: func(p Progress) {
		if p.Epoch == 1 {
			first = p.Loss
		}
		last = p.Loss
	}})
	if err != nil {
		t.Fatal(err)
	}
	if !(last < first/2) {
		t.Errorf("the loss went from %v to %v only", first, last)
	}
	dst, hits := make([]float32, d.Items), 0
	s := m.NewScorer()
	for k := range int32(20) {
		s.Score(dst, History{{Item: 2 * k, Weight: 1}}) // nobody of the data
		if best := slices.Index(dst, slices.Max(dst)); best == int(2*k+1) {
			hits++
		}
	}
	if hits < 18 {
		t.Errorf("of 20 followers %d stand first", hits)
	}
}

func TestNeuralAttentionIsTheSameOnHoweverManyCores(t *testing.T) {
	fit := func(cores int) []float64 {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
		m := madeNeural(t, Settings{"dim": 8, "epochs": 3, "negatives": 8})
		if err := m.Fit(context.Background(), pairs(700, 30, 2), Run{Seed: 5}); err != nil {
			t.Fatal(err)
		}
		return slices.Concat(m.net.parts()...)
	}
	one := fit(1)
	for _, cores := range []int{2, 5} {
		if !slices.Equal(one, fit(cores)) {
			t.Errorf("%d cores make another model than one", cores)
		}
	}
}

func TestNeuralAttentionKeepsItsBestEpoch(t *testing.T) {
	d := pairs(100, 10, 3)
	m := madeNeural(t, Settings{"dim": 8, "epochs": 50, "patience": 2})
	said := []float64{1, 3, 2, 2, 9}
	epochs := 0
	var kept []float64
	err := m.Fit(context.Background(), d, Run{Seed: 1, Validate: func(func() Scorer) float64 {
		epochs++
		if epochs == 2 {
			kept = slices.Clone(m.net.out)
		}
		return said[epochs-1]
	}})
	if err != nil || epochs != 4 {
		t.Fatalf("it stopped after %d epochs (%v), want 4: two after the best", epochs, err)
	}
	if !slices.Equal(kept, m.net.out) {
		t.Error("the model is not that of the best epoch")
	}
}

func TestNeuralAttentionSaysWhatItCannotLearnFrom(t *testing.T) {
	for name, d := range map[string]*Data{
		"nobody":    {Items: 3},
		"one touch": {Items: 3, Histories: []History{{{Item: 1, Weight: 1}}}},
	} {
		if err := madeNeural(t, nil).Fit(context.Background(), d, Run{}); err == nil {
			t.Errorf("%s: nothing was said", name)
		}
	}
	one := &Data{Items: 1, Histories: []History{{{Weight: 1}, {Weight: 1}}}}
	m := madeNeural(t, Settings{"epochs": 2})
	if err := m.Fit(context.Background(), one, Run{}); err != nil {
		t.Errorf("one item: %v", err)
	}
	dst := make([]float32, 1)
	m.NewScorer().Score(dst, nil)
	if dst[0]-dst[0] != 0 {
		t.Errorf("an unknown person's score is %v", dst[0])
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := madeNeural(t, nil).Fit(ctx, pairs(10, 4, 1), Run{}); err == nil {
		t.Error("a fit that was cancelled before its first epoch ended gave a model")
	}
}
