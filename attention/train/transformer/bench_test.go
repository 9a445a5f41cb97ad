package transformer

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// likeMovieLens makes sequences of the shape of MovieLens-1M as gSASRec splits it: 6,040
// people, 3,416 items, 165 items each in the mean, by a sparse random Markov
// chain that each person follows within a taste of their own.
func likeMovieLens(people int) ([][]int32, int) {
	const items, tastes, next = 3416, 20, 8
	rng := rand.New(rand.NewPCG(11, 1))
	chain := make([][next]int32, items)
	for i := range chain {
		for j := range chain[i] {
			chain[i][j] = int32(rng.IntN(items))
		}
	}
	var out [][]int32
	for range people {
		taste := rng.IntN(tastes)
		n := 20 + int(145*rng.ExpFloat64())
		s := make([]int32, min(n, 2000))
		at := int32(rng.IntN(items))
		for i := range s {
			s[i] = at
			if rng.IntN(3) > 0 {
				at = chain[at][rng.IntN(next)]
			} else {
				at = int32(taste + tastes*int(float64(items/tastes)*rng.Float64()*rng.Float64()))
			}
		}
		out = append(out, s)
	}
	return out, items
}

// BenchmarkStep reports how many predictions a second training makes, on data
// of the shape of MovieLens-1M with its default settings, for each loss; and the seconds that an epoch of
// 993,571 predictions takes at that speed.
func BenchmarkStep(b *testing.B) {
	sequences, items := likeMovieLens(600)
	for _, v := range []struct {
		dim int
		o   Objective
	}{{64, Objective{Loss: Softmax}}, {128, Objective{Loss: Softmax}}, {128, Objective{Loss: Sampled, Negatives: 1024}},
		{128, Objective{Loss: Calibrated, Negatives: 256, Calibration: 0.75}}} {
		b.Run(fmt.Sprintf("%d items, %d dimensions/%s", items, v.dim, [...]string{"softmax", "sampled softmax, 1024", "gBCE, 256"}[v.o.Loss]), func(b *testing.B) {
			b.ReportAllocs()
			c := Config{Items: items, Dim: v.dim, Heads: v.dim / 64, Blocks: 2, Inner: 2 * v.dim, Length: 200, Absolute: true, Relative: true}
			tr, err := NewTrainer(c, Training{Objective: v.o, Tokens: 2048, Rate: 1e-3, Hidden: 0.2, Attention: 0.2, Deviation: 0.02, Seed: 1}, sequences)
			if err != nil {
				b.Fatal(err)
			}
			windows := tr.windows(rand.New(rand.NewPCG(1, 1)))
			tr.batch.Reset()
			for len(tr.batch.Tokens) < tr.training.Tokens {
				tr.batch.Add(windows[0])
				windows = windows[1:]
			}
			for b.Loop() {
				tr.step()
			}
			rate := float64(b.N) * float64(len(tr.batch.Tokens)) / b.Elapsed().Seconds()
			b.ReportMetric(rate, "predictions/s")
			b.ReportMetric(993571/rate, "s/epoch")
		})
	}
}

// BenchmarkRerank is what a device does after a look: read a history of 50 items
// and score 200 candidates; beside it, all of 50,000 items.
func BenchmarkRerank(b *testing.B) {
	for _, dim := range []int{64, 128} {
		c := Config{Items: 50000, Dim: dim, Heads: 2, Blocks: 2, Inner: 2 * dim, Length: 50, Absolute: true}
		w := newWeights(c)
		w.start(1, 0.02)
		m := newModel(w)
		s := m.NewScorer()
		history, candidates := make([]int32, 50), make([]int32, 200)
		rng := rand.New(rand.NewPCG(1, 1))
		for i := range history {
			history[i] = int32(rng.IntN(c.Items))
		}
		for i := range candidates {
			candidates[i] = int32(rng.IntN(c.Items))
		}
		scores, all := make([]float32, 200), make([]float32, c.Items)
		b.Run(fmt.Sprintf("%d dimensions/200 candidates", dim), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s.Rerank(scores, candidates, history)
			}
		})
		b.Run(fmt.Sprintf("%d dimensions/50,000 items", dim), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s.Score(all, history)
			}
		})
	}
}
