package transformer

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// onDevice is a network that has learned a little, for a device.
func onDevice(tb testing.TB, items, dim, blocks int) *Model {
	tb.Helper()
	rng := rand.New(rand.NewPCG(5, 5))
	var sequences [][]int32
	for range 40 {
		s := make([]int32, 5+rng.IntN(30))
		for i := range s {
			s[i] = int32(rng.IntN(items))
		}
		sequences = append(sequences, s)
	}
	c := Config{Items: items, Dim: dim, Heads: 2, Blocks: blocks, Inner: 2 * dim, Length: 24, Relative: true}
	tr, err := NewTrainer(c, Training{Objective: Objective{Loss: Sampled, Negatives: 32}, Tokens: 128, Rate: 0.01, Deviation: 0.1, Seed: 3}, sequences)
	if err != nil {
		tb.Fatal(err)
	}
	for range 4 {
		if _, err := tr.Epoch(context.Background(), nil); err != nil {
			tb.Fatal(err)
		}
	}
	return tr.Model()
}

// TestTheDeviceScoresAsTheLaboratory compares the device's pass with the laboratory's on the
// same item table, that in 8 bits, for histories shorter and longer than what is looked back on.
func TestTheDeviceScoresAsTheLaboratory(t *testing.T) {
	const items, dim = 300, 32
	for _, blocks := range []int{1, 2} {
		m := onDevice(t, items, dim, blocks)
		n, err := m.OnDevice(1)
		if err != nil {
			t.Fatal(err)
		}
		rounded := newWeights(m.Config())
		copy(rounded.all, m.weights.all)
		for i := range rounded.items {
			rounded.items[i] = float32(n.Table[i]) * n.Scale[i/dim]
		}
		lab, device := newModel(rounded).NewScorer(), n.NewScorer()
		rng := rand.New(rand.NewPCG(1, 1))
		candidates := make([]int32, 200)
		for i := range candidates {
			candidates[i] = int32(i)
		}
		want, got := make([]float32, 200), make([]float32, 200)
		for _, length := range []int{1, 2, 7, 24, 60} {
			history := make([]int32, length)
			for i := range history {
				history[i] = int32(rng.IntN(items))
			}
			history[0] = -1 // not known: passed over by both
			if device.Score(got, candidates, history) != (length > 1) {
				t.Fatal("a history without a known item is read")
			}
			lab.Rerank(want, candidates, history)
			for i := range want {
				if length > 1 && math.Abs(float64(want[i]-got[i])) > 1e-4*(1+math.Abs(float64(want[i]))) {
					t.Fatalf("%d blocks, history of %d, candidate %d: %v on the device, %v in the laboratory", blocks, length, i, got[i], want[i])
				}
			}
			if n := testing.AllocsPerRun(10, func() { device.Score(got, candidates, history) }); n != 0 {
				t.Errorf("%v allocations", n)
			}
		}
	}
}

func TestWhatADeviceCannotReadIsRefused(t *testing.T) {
	c := Config{Items: 5, Dim: 16, Heads: 2, Blocks: 1, Inner: 16, Length: 4, Absolute: true, Relative: true}
	if _, err := newModel(newWeights(c)).OnDevice(1); err == nil {
		t.Error("a network with positions is taken")
	}
	c.Absolute, c.Dim = false, 20
	if _, err := newModel(newWeights(c)).OnDevice(1); err == nil {
		t.Error("10 dimensions a head are taken")
	}
}

// BenchmarkDevice is the last look of a visitor's machine: 200 candidates after 20 items, of a
// catalogue of 50,000, with the one block that souklab train makes, and with two; the laboratory's pass is beside it.
func BenchmarkDevice(b *testing.B) {
	history, candidates, scores := make([]int32, 20), make([]int32, 200), make([]float32, 200)
	for _, blocks := range []int{1, 2} {
		c := Config{Items: 50000, Dim: 64, Heads: 2, Blocks: blocks, Inner: 128, Length: 20, Relative: true}
		w := newWeights(c)
		w.start(1, 0.02)
		m := newModel(w)
		n, err := m.OnDevice(1)
		if err != nil {
			b.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(1, 1))
		for i := range history {
			history[i] = int32(rng.IntN(c.Items))
		}
		for i := range candidates {
			candidates[i] = int32(rng.IntN(c.Items))
		}
		device, lab := n.NewScorer(), m.NewScorer()
		b.Run(fmt.Sprintf("%d blocks/device", blocks), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				device.Score(scores, candidates, history)
			}
			b.ReportMetric(float64(n.Bytes()), "bytes")
		})
		b.Run(fmt.Sprintf("%d blocks/laboratory", blocks), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				lab.Rerank(scores, candidates, history)
			}
		})
	}
}
