package model_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"syscall"
	"testing"

	"souk/attention/train/model"
)

// longHistories draws a log of the shape of MovieLens-1M: 3,416 items, 165 a person in the mean,
// none twice. A person has a taste that drifts, and goes through one of three lists of
// the items at a time, as through the pages of a site, taking what suits the taste; every
// second step is by taste alone, from all items. So the next item follows from the last, from
// which list was gone through lately, and from all that was taken before.
func longHistories(people int, seed uint64) (sequences [][]int32, items int) {
	const axes, lists, genres = 12, 3, 18
	items = 3416
	rng := rand.New(rand.NewPCG(seed, 0x6c6f6e67))
	normal := func(n int, scale float64) []float64 {
		v := make([]float64, n)
		for i := range v {
			v[i] = scale * rng.NormFloat64()
		}
		return v
	}
	var centres, places [][]float64
	for range genres {
		centres = append(centres, normal(axes, 0.7))
	}
	known := normal(items, 1.1) // how well known each item is
	order := [lists][]int32{}
	at := [lists][]int{}
	keys := [lists][]float64{}
	for l := range lists {
		order[l], at[l], keys[l] = make([]int32, items), make([]int, items), make([]float64, items)
	}
	for i := range items {
		g := rng.IntN(genres)
		v := normal(axes, 0.5)
		for k := range v {
			v[k] += centres[g][k]
		}
		places = append(places, v)
		keys[0][i] = float64(g) + rng.Float64()        // by genre
		keys[1][i] = -known[i] + 0.5*rng.NormFloat64() // by how well known
		keys[2][i] = v[0] + 0.5*rng.NormFloat64()      // by something else
	}
	for l := range lists {
		for i := range items {
			order[l][i] = int32(i)
		}
		slices.SortFunc(order[l], func(a, b int32) int {
			if keys[l][a] < keys[l][b] {
				return -1
			}
			return 1
		})
		for p, i := range order[l] {
			at[l][i] = p
		}
	}
	sums, score := make([]float64, items), make([]float64, items)
	for range people {
		taste, seen := normal(axes, 1.1), make([]bool, items)
		n := min(20+int(math.Exp(4.35+1.05*rng.NormFloat64())), 1500)
		var s []int32
		list := rng.IntN(lists)
		for step := 0; len(s) < n; step++ {
			if step%25 == 0 { // the taste has moved
				total := 0.0
				for k := range taste {
					taste[k] = 0.95*taste[k] + 0.25*rng.NormFloat64()
				}
				for i := range items {
					score[i] = known[i]
					for k, x := range places[i] {
						score[i] += taste[k] * x
					}
					total += math.Exp(score[i])
					sums[i] = total
				}
			}
			if rng.IntN(12) == 0 {
				list = rng.IntN(lists)
			}
			next := int32(-1)
			if len(s) > 0 && rng.IntN(2) > 0 {
				for p := at[list][s[len(s)-1]] + 1; p < items && next < 0; p++ {
					i := order[list][p]
					if !seen[i] && rng.Float64() < 1/(1+math.Exp(4-score[i])) {
						next = i
					}
				}
			}
			if next < 0 {
				x := rng.Float64() * sums[items-1]
				p, _ := slices.BinarySearch(sums, x)
				next = int32(min(p, items-1))
			}
			if !seen[next] {
				seen[next] = true
				s = append(s, next)
			}
		}
		sequences = append(sequences, s)
	}
	return sequences, items
}

// BenchmarkLong trains on drawn long histories and reports NDCG@10 of the last item, which was kept
// apart, and the processor seconds of training, epoch by epoch:
//
//	SOUK_LONG=2000 SOUK_SETTINGS=epochs=12 go test ./attention/train/model -run xx -bench Long -benchtime 1x -timeout 1h
//
// SOUK_LONG is how many people; SOUK_MODEL another model than self-attention.
func BenchmarkLong(b *testing.B) {
	people, err := strconv.Atoi(os.Getenv("SOUK_LONG"))
	if err != nil {
		b.Skip("it takes minutes: set SOUK_LONG to a number of people")
	}
	sequences, items := longHistories(people, 1)
	name := os.Getenv("SOUK_MODEL")
	if name == "" {
		name = "self-attention"
	}
	spec, err := model.Lookup(name)
	if err != nil {
		b.Fatal(err)
	}
	set := settingsFromOutside(b)
	d := &model.Data{Items: items}
	events := 0
	for _, s := range sequences {
		d.Histories = append(d.Histories, history(s[:len(s)-1]))
		events += len(s)
	}
	fmt.Fprintf(os.Stderr, "%d people, %d events\n", len(sequences), events)
	for b.Loop() {
		m, err := spec.New(set)
		if err != nil {
			b.Fatal(err)
		}
		best, judging, begin := 0.0, 0.0, processorSeconds()
		err = m.Fit(context.Background(), d, model.Run{Seed: 1, Validate: func(f func() model.Scorer) float64 {
			start := processorSeconds()
			defer func() { judging += processorSeconds() - start }()
			_, ndcg := leaveOut(sequences, items, 1, max(1, people/2000), f)
			return ndcg
		}, Progress: func(p model.Progress) {
			if p.Validation > 0 {
				best = max(best, p.Validation)
				fmt.Fprintf(os.Stderr, "epoch %d, %.0f processor seconds: loss %.4f, NDCG@10 %.4f\n", p.Epoch, processorSeconds()-begin-judging, p.Loss, p.Validation)
			}
		}})
		if err != nil {
			b.Fatal(err)
		}
		spent := processorSeconds() - begin - judging
		if best == 0 {
			_, best = leaveOut(sequences, items, 1, max(1, people/2000), m.NewScorer)
		}
		b.ReportMetric(best, "best-NDCG@10")
		b.ReportMetric(spent, "processor-s")
	}
}

func processorSeconds() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
}
