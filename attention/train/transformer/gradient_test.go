package transformer

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// small is a trainer with every part in use, and a batch in it.
func small(t *testing.T, c Config, o Objective) *Trainer {
	t.Helper()
	rng := rand.New(rand.NewPCG(7, 1))
	var sequences [][]int32
	for _, n := range []int{2, 9, 3, 40, 5, 6, 7, 8, 2, 30} {
		s := make([]int32, min(n, c.Length+1))
		for i := range s {
			s[i] = int32(rng.IntN(c.Items))
		}
		sequences = append(sequences, s)
	}
	tr, err := NewTrainer(c, Training{Objective: o, Tokens: 1 << 10, Rate: 1e-3, Deviation: 0.3, Seed: 3}, sequences)
	if err != nil {
		t.Fatal(err)
	}
	for i := range tr.weights.all { // gains, biases and distances too
		tr.weights.all[i] += float32(0.2 * rng.NormFloat64())
	}
	tr.batch.Reset()
	for _, s := range sequences {
		tr.batch.Add(s)
	}
	tr.batch.Tokens[4] = -1
	return tr
}

// TestGradientsAgreeWithFiniteDifferences moves each tensor a little way along
// random directions and compares the change of the loss with the gradient, for every loss and with dropout.
func TestGradientsAgreeWithFiniteDifferences(t *testing.T) {
	base := Config{Items: 50, Dim: 12, Heads: 2, Blocks: 2, Inner: 20, Length: 40, Absolute: true, Relative: true}
	gelu := base
	gelu.GELU, gelu.Heads, gelu.Dim = true, 3, 18
	for _, c := range []struct {
		name string
		cfg  Config
		o    Objective
		drop Dropout
	}{
		{"softmax, ReLU", base, Objective{Loss: Softmax}, Dropout{}},
		{"smoothed softmax", gelu, Objective{Loss: Softmax, Smoothing: 0.1}, Dropout{}},
		{"softmax with dropout", gelu, Objective{Loss: Softmax}, Dropout{0.3, 0.2}},
		{"sampled softmax", gelu, Objective{Loss: Sampled, Negatives: 17}, Dropout{}},
		{"gBCE", gelu, Objective{Loss: Calibrated, Negatives: 17, Calibration: 0.75}, Dropout{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			tries := 3
			if testing.Short() {
				tries = 1
			}
			tr := small(t, c.cfg, c.o)
			rng := rand.New(rand.NewPCG(8, 1))
			tr.gradients(c.drop, 5)
			gradient := append([]float32(nil), tr.gradient.all...)
			at := 0
			for _, part := range tr.weights.tensors {
				n := len(part.Data)
				for try := range tries {
					dir := make([]float64, n)
					want, norm := 0.0, 0.0
					for i := range dir {
						dir[i] = rng.NormFloat64()
						if try == 0 { // along the gradient: the largest change
							dir[i] = float64(gradient[at+i])
						}
						norm += dir[i] * dir[i]
					}
					norm = math.Sqrt(norm)
					if norm == 0 {
						t.Fatalf("%s: no gradient", part.Name)
					}
					for i := range dir {
						dir[i] /= norm
						want += dir[i] * float64(gradient[at+i])
					}
					const step = 4e-3
					saved := append([]float32(nil), part.Data...)
					loss := func(h float64) float64 {
						for i := range part.Data {
							part.Data[i] = saved[i] + float32(h*dir[i])
						}
						return tr.gradients(c.drop, 5)
					}
					got := (8*(loss(step)-loss(-step)) - (loss(2*step) - loss(-2*step))) / (12 * step)
					copy(part.Data, saved)
					tolerance := 2e-3*math.Abs(want) + 2e-4
					if !c.cfg.GELU { // a step may cross the kinks of ReLU
						tolerance *= 10
					}
					if math.Abs(got-want) > tolerance {
						t.Errorf("%s, direction %d: the loss changes by %v, the gradient says %v", part.Name, try, got, want)
					}
				}
				at += n
			}
		})
	}
}

func TestAScorerReadsAHistoryAsTheNetworkDoes(t *testing.T) {
	for _, c := range []Config{
		{Items: 50, Dim: 12, Heads: 2, Blocks: 2, Inner: 20, Length: 40, Absolute: true, Relative: true},
		{Items: 50, Dim: 8, Heads: 1, Blocks: 1, Inner: 8, Length: 40, GELU: true, Relative: true},
	} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			tr := small(t, c, Objective{Loss: Softmax})
			tr.batch.Tokens[4] = 9
			tr.gradients(Dropout{}, 0)
			s := tr.Model().NewScorer()
			scores := make([]float32, c.Items)
			some := []int32{4, 17, 3, -1, 99}
			reranked := make([]float32, len(some))
			for q := range tr.batch.Sequences() {
				end := tr.batch.Start[q+1]
				history := tr.batch.Tokens[tr.batch.Start[q]:end]
				s.Score(scores, history)
				s.Rerank(reranked, some, history)
				for i, got := range scores {
					want := float64(dot(tr.weights.items[i*c.Dim:(i+1)*c.Dim], tr.network.out[(end-1)*c.Dim:end*c.Dim]))
					if math.Abs(want-float64(got)) > 1e-4 {
						t.Fatalf("sequence %d, item %d: %v, the network says %v", q, i, got, want)
					}
				}
				for i, item := range some[:3] {
					if math.Abs(float64(reranked[i]-scores[item])) > 1e-4 {
						t.Errorf("item %d is re-ranked with %v, scored with %v", item, reranked[i], scores[item])
					}
				}
				if !math.IsInf(float64(reranked[3]), -1) || !math.IsInf(float64(reranked[4]), -1) {
					t.Errorf("unknown items score %v", reranked[3:])
				}
			}
			if n := testing.AllocsPerRun(20, func() { s.Rerank(reranked, some, tr.sequences[3]) }); n != 0 {
				t.Errorf("%v allocations to re-rank", n)
			}
		})
	}
}
