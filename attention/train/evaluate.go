package train

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"

	"souk/attention/train/als"
	"souk/attention/train/metric"
)

// Metrics judge a ranking of all items by the place of the one held out; items
// that the person had before are left out of the ranking.
type Metrics struct {
	Name   string
	People int
	Recall metric.Interval // share of people whose item is among the first 20
	NDCG   metric.Interval // mean of 1 ÷ log₂(1 + place) where the place is at most 20, else 0
}

// ranksOf is the place (1 is the best) of each target in the ranking by u·v,
// with u folded in from the person's row of history.
func ranksOf(items []float32, history *als.Matrix, targets []target, cfg als.Config) []int {
	return ranksWith(alsScores(items, history, cfg), history, targets)
}

// alsScores makes scorers, one for each goroutine, by the fold-in of a person's row.
func alsScores(items []float32, history *als.Matrix, cfg als.Config) func() func(dst []float32, user int) {
	gram := als.Gram(items, cfg.Dim)
	return func() func(dst []float32, user int) {
		s := als.NewRowSolver(gram, items, history.Items, cfg)
		u := make([]float32, cfg.Dim)
		return func(dst []float32, user int) {
			s.Solve(u, history, user)
			blas32.Gemv(blas.NoTrans, 1, blas32.General{Rows: history.Items, Cols: cfg.Dim, Stride: cfg.Dim, Data: items},
				blas32.Vector{N: cfg.Dim, Inc: 1, Data: u}, 0, blas32.Vector{N: len(dst), Inc: 1, Data: dst})
		}
	}
}

// ranksBy is ranksOf for any score that goroutines may share.
func ranksBy(score func(dst []float32, user int), history *als.Matrix, targets []target) []int {
	return ranksWith(func() func([]float32, int) { return score }, history, targets)
}

func ranksWith(scorer func() func(dst []float32, user int), history *als.Matrix, targets []target) []int {
	out := make([]int, len(targets))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range als.Workers() {
		wg.Go(func() {
			score := scorer()
			scores := make([]float32, history.Items)
			for {
				k := int(next.Add(1)) - 1
				if k >= len(targets) {
					return
				}
				score(scores, targets[k].user)
				out[k] = place(scores, history, targets[k])
			}
		})
	}
	wg.Wait()
	return out
}

// place counts the items that score better than the target, and those that
// score the same and come first; a score that is no number counts as better,
// so that it can never flatter.
func place(scores []float32, history *als.Matrix, t target) int {
	for k := history.Start[t.user]; k < history.Start[t.user+1]; k++ {
		if history.Preference[k] > 0 && int(history.Col[k]) != int(t.item) {
			scores[history.Col[k]] = float32(math.Inf(-1))
		}
	}
	mine := scores[t.item]
	rank := 1
	for i, s := range scores {
		if !(s < mine) && i != int(t.item) && (s != mine || i < int(t.item)) {
			rank++
		}
	}
	return rank
}

// randomScores shuffles the items anew for each person, the same at every call.
func randomScores(seed uint64) func(dst []float32, user int) {
	return func(dst []float32, user int) {
		rng := rand.New(rand.NewPCG(seed^0x72616e64, (uint64(user)+1)*0x9e3779b97f4a7c15))
		for i := range dst {
			dst[i] = rng.Float32()
		}
	}
}

func gain(rank, k int) float64 {
	if rank > k {
		return 0
	}
	return 1 / math.Log2(1+float64(rank))
}

func meanNDCG(ranks []int, k int) float64 {
	sum := 0.0
	for _, r := range ranks {
		sum += gain(r, k)
	}
	return sum / float64(max(1, len(ranks)))
}

// measure turns places into metrics at 20.
func measure(name string, ranks []int, resamples int, seed uint64) Metrics {
	hit, ndcg := make([]float64, len(ranks)), make([]float64, len(ranks))
	for i, r := range ranks {
		if r <= 20 {
			hit[i] = 1
		}
		ndcg[i] = gain(r, 20)
	}
	return Metrics{Name: name, People: len(ranks), Recall: metric.Bootstrap(hit, resamples, seed), NDCG: metric.Bootstrap(ndcg, resamples, seed)}
}

// fitTemperature finds the temperature at which the softmax read-out gives the
// held-out items the highest likelihood: golden-section search on its logarithm,
// in which the likelihood of an exponential family has one peak.
func fitTemperature(scorer func() func(dst []float32, user int), history *als.Matrix, targets []target) float32 {
	// A sample of people is enough for one number.
	step := max(1, len(targets)*history.Items/4_000_000)
	score := scorer()
	var scores [][]float32 // relative to the target's
	for k := 0; k < len(targets); k += step {
		t := targets[k]
		row := make([]float32, history.Items)
		score(row, t.user)
		mine := row[t.item]
		for i := range row {
			row[i] -= mine
		}
		scores = append(scores, row)
	}
	loss := func(logT float64) float64 {
		inv, sum := math.Exp(-logT), 0.0
		for _, row := range scores {
			most := float64(slices.Max(row)) * inv
			z := 0.0
			for _, x := range row {
				if e := float64(x)*inv - most; e > -30 {
					z += math.Exp(e)
				}
			}
			sum += most + math.Log(z)
		}
		return sum
	}
	return float32(math.Exp(goldenSection(loss, math.Log(1e-3), math.Log(10), 24)))
}

// goldenSection is the place of the minimum of a function with one minimum.
func goldenSection(f func(float64) float64, lo, hi float64, steps int) float64 {
	const ratio = 0.6180339887498949 // (√5 − 1) ÷ 2
	a, b := hi-ratio*(hi-lo), lo+ratio*(hi-lo)
	fa, fb := f(a), f(b)
	for range steps {
		if fa < fb {
			hi, b, fb = b, a, fa
			a = hi - ratio*(hi-lo)
			fa = f(a)
		} else {
			lo, a, fa = a, b, fb
			b = lo + ratio*(hi-lo)
			fb = f(b)
		}
	}
	return (lo + hi) / 2
}
