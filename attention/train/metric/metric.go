// Package metric judges rankings: by full ranking of all items, never of a
// sample (Krichene and Rendle 2020 show that sampled metrics may order models wrongly).
//
// Read [Place] and [Accuracy] first; the formulas are in docs/evaluation.md.
package metric

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Cuts are the lengths of list that are reported.
var Cuts = []int{5, 10, 20, 50}

// Place is the target's place among all items by score, 1 the best. What was
// touched before is left out, but for the target itself. Of equal scores the smaller index stands first, and a
// score that is no number counts as better than the target, so that it can never flatter.
// scores is left as it was; touched lists items, in any order, repeats allowed.
func Place(scores []float32, touched []int32, target int32) int {
	mine := scores[target]
	better := func(i int32) bool {
		s := scores[i]
		return !(s < mine) && i != target && (s != mine || i < target)
	}
	place := 1
	for i := range scores {
		if better(int32(i)) {
			place++
		}
	}
	for k, i := range touched {
		if better(i) && !slices.Contains(touched[:k], i) {
			place--
		}
	}
	return place
}

// Kind is one of the metrics of accuracy.
type Kind string

// The metrics of accuracy, each at a length k of list.
const (
	Recall Kind = "Recall" // share of the targets that are among the first k
	HR     Kind = "HR"     // 1 where any target is
	NDCG   Kind = "NDCG"   // Σ 1 ÷ log₂(1 + place) over the targets among the first k, over what the best ranking has
	MRR    Kind = "MRR"    // 1 ÷ the place of the first target among the first k, else 0
)

// Kinds are all of them, in the order of reports.
var Kinds = []Kind{Recall, HR, NDCG, MRR}

// Accuracy is a metric of one list, in [0,1]: places are those of its targets (1 is
// the best), in any order. 0 where there is no target.
func Accuracy(kind Kind, places []int, k int) float64 {
	hits, first, gain, ideal := 0, 0, 0.0, 0.0
	for n, p := range places {
		if n < k {
			ideal += 1 / math.Log2(2+float64(n))
		}
		if p < 1 || p > k {
			continue
		}
		hits++
		gain += 1 / math.Log2(1+float64(p))
		if first == 0 || p < first {
			first = p
		}
	}
	if hits == 0 {
		return 0
	}
	switch kind {
	case Recall:
		return float64(hits) / float64(len(places))
	case HR:
		return 1
	case NDCG:
		return gain / ideal
	case MRR:
		return 1 / float64(first)
	}
	return math.NaN()
}

// Mean is a metric's mean over lists with one target each.
func Mean(kind Kind, places []int, k int) float64 {
	sum := 0.0
	one := make([]int, 1)
	for _, p := range places {
		one[0] = p
		sum += Accuracy(kind, one, k)
	}
	return sum / float64(max(1, len(places)))
}

// Interval is a mean with a 95 % bootstrap interval over people.
type Interval struct {
	Mean float64 `json:"mean"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// String is "0.1234 [0.1201, 0.1268]".
func (i Interval) String() string { return fmt.Sprintf("%.4f [%.4f, %.4f]", i.Mean, i.Low, i.High) }

// Bootstrap is the mean of values, one a person, with its 95 % percentile
// interval (Efron 1979) over resamples of the people. All zero where there are no values.
func Bootstrap(values []float64, resamples int, seed uint64) Interval {
	return BootstrapRows(values, 1, resamples, seed)[0]
}

// BootstrapRows is Bootstrap for several values of each person, row by row and
// width wide: one interval for each column, all from the same resamples. The
// resamples are shared by all cores; the seed alone decides.
func BootstrapRows(rows []float64, width, resamples int, seed uint64) []Interval {
	out := make([]Interval, width)
	n := len(rows) / max(1, width)
	if n == 0 {
		return out
	}
	means := make([][]float64, max(1, resamples))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(len(means), runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for {
				r := int(next.Add(1)) - 1
				if r >= len(means) {
					return
				}
				means[r] = resample(rows, width, n, rand.New(rand.NewPCG(seed, 0x626f6f74+uint64(r))))
			}
		})
	}
	wg.Wait()
	column := make([]float64, len(means))
	for c := range out {
		for r := range means {
			column[r] = means[r][c]
		}
		slices.Sort(column)
		at := func(q float64) float64 { return column[int(q*float64(len(column)-1)+0.5)] }
		for i := range n {
			out[c].Mean += rows[i*width+c]
		}
		out[c] = Interval{Mean: out[c].Mean / float64(n), Low: at(0.025), High: at(0.975)}
	}
	return out
}

// resample is the columns' mean over n rows drawn with replacement.
func resample(rows []float64, width, n int, rng *rand.Rand) []float64 {
	sum := make([]float64, width)
	for range n {
		i := rng.IntN(n)
		for c, v := range rows[i*width:][:width] {
			sum[c] += v
		}
	}
	for c := range sum {
		sum[c] /= float64(n)
	}
	return sum
}

// Name is "NDCG@10".
func Name(kind Kind, k int) string { return fmt.Sprintf("%s@%d", kind, k) }

// ParseName is the metric and the cut of a name like "NDCG@10".
func ParseName(name string) (Kind, int, error) {
	kind, at, ok := strings.Cut(name, "@")
	var k int
	if n, err := fmt.Sscanf(at, "%d", &k); !ok || n != 1 || err != nil || fmt.Sprint(k) != at || k < 1 || !slices.Contains(Kinds, Kind(kind)) {
		return "", 0, fmt.Errorf("metric: there is no metric %q; there are Recall, HR, NDCG and MRR, as in NDCG@10", name)
	}
	return Kind(kind), k, nil
}
