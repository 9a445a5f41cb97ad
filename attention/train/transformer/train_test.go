package transformer

import (
	"bytes"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
)

// circles are sequences in which an item is followed by the one after next,
// or, for every second person, by the one before: only the order tells.
func circles(people, items int) [][]int32 {
	rng := rand.New(rand.NewPCG(9, 1))
	var out [][]int32
	for p := range people {
		step := 2
		if p%2 == 1 {
			step = items - 1
		}
		s := make([]int32, 3+rng.IntN(12))
		at := rng.IntN(items)
		for i := range s {
			s[i] = int32(at)
			at = (at + step) % items
		}
		out = append(out, s)
	}
	return out
}

func circleTrainer(t *testing.T, people int, o Objective, average float64) *Trainer {
	t.Helper()
	c := Config{Items: 40, Dim: 32, Heads: 2, Blocks: 2, Inner: 32, Length: 10, Absolute: true, Relative: true}
	tr, err := NewTrainer(c, Training{Objective: o, Tokens: 200, Rate: 3e-3, Warm: 10, Hidden: 0.1, Attention: 0.1, Masked: 0.05, Decay: 0.01,
		Deviation: 0.1, Average: average, Seed: 1}, circles(people, 40))
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func mustEpoch(t *testing.T, tr *Trainer) float64 {
	t.Helper()
	loss, err := tr.Epoch(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return loss
}

// TestOrderIsLearned asks for what two items in a row say and one alone does not.
func TestOrderIsLearned(t *testing.T) {
	if testing.Short() {
		t.Skip("it trains for seconds; left out in short runs")
	}
	for name, o := range map[string]Objective{
		"softmax": {Loss: Softmax, Smoothing: 0.05}, "sampled": {Loss: Sampled, Negatives: 20}, "gBCE": {Loss: Calibrated, Negatives: 20, Calibration: 0.75},
	} {
		t.Run(name, func(t *testing.T) {
			tr := circleTrainer(t, 400, o, 0.9)
			for range map[Loss]int{Softmax: 25, Sampled: 25, Calibrated: 80}[o.Loss] {
				mustEpoch(t, tr)
			}
			s := tr.Model().NewScorer()
			scores := make([]float32, 40)
			hits := 0
			for i := range int32(40) {
				for _, step := range []int32{2, 39} {
					s.Score(scores, []int32{i, (i + step) % 40})
					best := 0
					for j, x := range scores {
						if x > scores[best] {
							best = j
						}
					}
					if best == int(i+2*step)%40 {
						hits++
					}
				}
			}
			if hits < 76 {
				t.Errorf("%d of 80 next items found", hits)
			}
		})
	}
}

func TestTheSameSeedGivesTheSameBytesOnAnyNumberOfCores(t *testing.T) {
	state := func(cores int, o Objective) []byte {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
		tr := circleTrainer(t, 60, o, 0.9)
		mustEpoch(t, tr)
		mustEpoch(t, tr)
		return tr.State()
	}
	for _, o := range []Objective{{Loss: Softmax}, {Loss: Sampled, Negatives: 9}, {Loss: Calibrated, Negatives: 9, Calibration: 0.5}} {
		one := state(1, o)
		for _, cores := range []int{2, 5} {
			if !bytes.Equal(one, state(cores, o)) {
				t.Errorf("loss %v: %d cores give other bytes than one", o.Loss, cores)
			}
		}
	}
}

func TestAPauseChangesNothing(t *testing.T) {
	o := Objective{Loss: Softmax}
	whole := circleTrainer(t, 60, o, 0.9)
	for e := range 4 {
		mustEpoch(t, whole)
		whole.Judge([]float64{0.1, 0.3, 0.2, 0.25}[e])
	}
	first := circleTrainer(t, 60, o, 0.9)
	mustEpoch(t, first)
	first.Judge(0.1)
	mustEpoch(t, first)
	first.Judge(0.3)
	ctx, cancel := context.WithCancel(context.Background())
	if _, err := first.Epoch(ctx, func(part float64) {
		if part < 1 {
			cancel()
		}
	}); !errors.Is(err, context.Canceled) {
		t.Fatalf("cancelled within an epoch: %v", err)
	}
	second, err := Resume(first.cfg, first.training, circles(60, 40), first.State())
	if err != nil {
		t.Fatal(err)
	}
	mustEpoch(t, second)
	second.Judge(0.2)
	mustEpoch(t, second)
	if since := second.Judge(0.25); since != 2 {
		t.Errorf("%d judgements since the best, want 2", since)
	}
	if !bytes.Equal(whole.State(), second.State()) {
		t.Error("training with a pause ends elsewhere than without")
	}
}

func TestTheBestIsKept(t *testing.T) {
	tr := circleTrainer(t, 60, Objective{Loss: Softmax}, 0)
	mustEpoch(t, tr)
	tr.Judge(0.5)
	good := tr.Model()
	mustEpoch(t, tr)
	for i, score := range []float64{0.4, math.NaN(), 0.5} {
		if since := tr.Judge(score); since != i+1 {
			t.Errorf("after %v: %d since the best, want %d", score, since, i+1)
		}
	}
	for i, x := range tr.Best().weights.all {
		if x != good.weights.all[i] {
			t.Fatal("the best weights were not kept")
		}
	}
}

func TestACancelledEpochSaysSo(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := circleTrainer(t, 60, Objective{}, 0).Epoch(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestEveryItemIsPredictedOnceInAnEpoch(t *testing.T) {
	s := make([]int32, 137)
	for i := range s {
		s[i] = int32(i)
	}
	c := Config{Items: 137, Dim: 4, Heads: 1, Blocks: 1, Inner: 4, Length: 10}
	tr, err := NewTrainer(c, Training{Tokens: 1, Rate: 1e-3, Deviation: 0.1}, [][]int32{s, s[:7], s[:1], nil})
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(20) {
		counts := make([]int, 137)
		for _, w := range tr.windows(rand.New(rand.NewPCG(seed, 1))) {
			if len(w) < 2 || len(w) > 11 {
				t.Fatalf("a window of %d", len(w))
			}
			for i, x := range w[1:] {
				if w[i] != x-1 {
					t.Fatal("a window is not a piece of the sequence")
				}
				counts[x]++
			}
		}
		for i, n := range counts {
			want := 1
			if i < 7 {
				want = 2
			}
			if i == 0 {
				want = 0
			}
			if n != want {
				t.Fatalf("item %d is predicted %d times, want %d", i, n, want)
			}
		}
	}
}

func TestBadInputIsSaidPlainly(t *testing.T) {
	c := Config{Items: 5, Dim: 4, Heads: 2, Blocks: 1, Inner: 4, Length: 10}
	o := Training{Tokens: 10, Rate: 1e-3, Deviation: 0.1}
	good := [][]int32{{0, 1, 2}}
	tr, err := NewTrainer(c, o, good)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tr.Epoch(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	state := tr.State()
	flipped := bytes.Clone(state)
	flipped[len(flipped)/2] ^= 1
	change := func(f func(c *Config, o *Training)) func() error {
		return func() error {
			c, o := c, o
			f(&c, &o)
			_, err := NewTrainer(c, o, good)
			return err
		}
	}
	resume := func(o Training, s [][]int32, state []byte) func() error {
		return func() error { _, err := Resume(c, o, s, state); return err }
	}
	other := o
	other.Seed = 9
	for want, f := range map[string]func() error{
		"0 items":            change(func(c *Config, _ *Training) { c.Items = 0 }),
		"cannot be shared":   change(func(c *Config, _ *Training) { c.Heads = 3 }),
		"rate is NaN":        change(func(_ *Config, o *Training) { o.Rate = math.NaN() }),
		"dropout is 1":       change(func(_ *Config, o *Training) { o.Hidden = 1 }),
		"0 negatives":        change(func(_ *Config, o *Training) { o.Loss = Sampled }),
		"has item 5":         func() error { _, err := NewTrainer(c, o, [][]int32{{0, 5}}); return err },
		"nothing to predict": func() error { _, err := NewTrainer(c, o, [][]int32{{0}, nil}); return err },
		"checksum is wrong":  resume(o, good, flipped),
		"begin as one":       resume(o, good, []byte("x")),
		"other settings":     resume(other, good, state),
		"other data":         resume(o, [][]int32{{0, 1, 3}}, state),
		"is cut":             resume(o, good, []byte(stateMagic)),
	} {
		if err := f(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error with %q, got %v", want, err)
		}
	}
}

func TestTensorsMakeTheModelAgain(t *testing.T) {
	tr := circleTrainer(t, 60, Objective{}, 0)
	mustEpoch(t, tr)
	m := tr.Model()
	again, err := FromTensors(m.Config(), m.Tensors())
	if err != nil {
		t.Fatal(err)
	}
	a, b := make([]float32, 40), make([]float32, 40)
	m.NewScorer().Score(a, []int32{1, 2, 3})
	again.NewScorer().Score(b, []int32{1, 2, 3})
	for i := range a {
		if a[i] != b[i] || a[i] == 0 {
			t.Fatalf("item %d scores %v, then %v", i, a[i], b[i])
		}
	}
	damaged := m.Tensors()
	damaged[0].Data = append([]float32{float32(math.Inf(1))}, damaged[0].Data[1:]...)
	more := append(m.Tensors(), Tensor{Name: "hat"})
	for want, given := range map[string][]Tensor{"missing": m.Tensors()[1:], "must be": append(m.Tensors()[1:], Tensor{Name: "items"}), "+Inf": damaged, "no place": more} {
		if _, err := FromTensors(m.Config(), given); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error with %q, got %v", want, err)
		}
	}
}

func FuzzResume(f *testing.F) {
	c := Config{Items: 5, Dim: 4, Heads: 2, Blocks: 1, Inner: 4, Length: 10}
	o := Training{Tokens: 10, Rate: 1e-3, Deviation: 0.1}
	tr, err := NewTrainer(c, o, [][]int32{{0, 1, 2}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(tr.State())
	tr.Judge(0.5)
	f.Add(tr.State())
	f.Add([]byte(stateMagic))
	f.Fuzz(func(t *testing.T, state []byte) {
		tr, err := Resume(c, o, [][]int32{{0, 1, 2}}, state)
		if (tr == nil) == (err == nil) {
			t.Error("neither a trainer nor an error, or both")
		}
	})
}
