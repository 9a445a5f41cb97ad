package model_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"fmt"
	"math"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"souk/attention/train/model"
)

// beauty is Amazon Beauty as salesforce/ICLRec split it; skips where it is not beside the repository.
func beauty(tb testing.TB) (sequences [][]int32, items int) {
	const path = "../../../../shared/data/shop-events/beauty-sequences.txt.gz"
	f, err := os.Open(path)
	if err != nil {
		tb.Skipf("the data is not there: %v", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var s []int32
		for _, word := range strings.Fields(lines.Text())[1:] {
			v, err := strconv.Atoi(word)
			if err != nil {
				tb.Fatal(err)
			}
			s = append(s, int32(v-1))
			items = max(items, v)
		}
		sequences = append(sequences, s)
	}
	if lines.Err() != nil {
		tb.Fatal(lines.Err())
	}
	return sequences, items
}

func history(items []int32) model.History {
	h := make(model.History, len(items))
	for i, x := range items {
		h[i] = model.Touch{Item: x, Weight: 1, Time: float64(i)}
	}
	return h
}

// leaveOut ranks all items that are not in a person's history, the item that is
// the last but back−1 being the target: HR@10 and NDCG@10 of every step-th person.
func leaveOut(sequences [][]int32, items, back, step int, newScorer func() model.Scorer) (hr, ndcg float64) {
	const workers = 2
	var hits, gains [workers]float64
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			s := newScorer()
			scores := make([]float32, items)
			for u := w * step; u < len(sequences); u += workers * step {
				before := sequences[u][:len(sequences[u])-back]
				target := sequences[u][len(before)]
				s.Score(scores, history(before))
				of, rank := scores[target], 0
				for _, x := range before {
					scores[x] = float32(math.Inf(-1))
				}
				for i, x := range scores {
					if x >= of && int32(i) != target { // ties against the target
						rank++
					}
				}
				if rank < 10 {
					hits[w]++
					gains[w] += 1 / math.Log2(float64(rank)+2)
				}
			}
		})
	}
	wg.Wait()
	n := float64((len(sequences) + step - 1) / step)
	return (hits[0] + hits[1]) / n, (gains[0] + gains[1]) / n
}

// BenchmarkBeauty trains with the default settings, stops early by every third
// person's last item but one, and reports the test's figures:
//
//	SOUK_BEAUTY=1 go test ./attention/train/model -run xx -bench Beauty -benchtime 1x -timeout 1h
//
// An interrupt ends training early and reports what it has come to.
// SOUK_BEAUTY is the seed; SOUK_SETTINGS may change settings: name=value,name=value.
func BenchmarkBeauty(b *testing.B) {
	seed, err := strconv.ParseUint(os.Getenv("SOUK_BEAUTY"), 10, 64)
	if err != nil {
		b.Skip("it takes minutes: set SOUK_BEAUTY to a seed")
	}
	sequences, items := beauty(b)
	set := settingsFromOutside(b)
	d := &model.Data{Items: items}
	for _, s := range sequences {
		d.Histories = append(d.Histories, history(s[:len(s)-2]))
	}
	spec, err := model.Lookup("self-attention")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		m, err := spec.New(set)
		if err != nil {
			b.Fatal(err)
		}
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
		start, judging := time.Now(), time.Duration(0)
		epochs := 0
		err = m.Fit(ctx, d, model.Run{Seed: seed, Validate: func(f func() model.Scorer) float64 {
			begin := time.Now()
			defer func() { judging += time.Since(begin) }()
			_, ndcg := leaveOut(sequences, items, 2, 3, f)
			return ndcg
		}, Progress: func(p model.Progress) {
			epochs = p.Epoch
			if p.Validation > 0 {
				fmt.Fprintf(os.Stderr, "epoch %d, %.0f s: loss %.4f, validation NDCG@10 %.4f\n", p.Epoch, time.Since(start).Seconds(), p.Loss, p.Validation)
			}
		}})
		if err != nil {
			b.Fatal(err)
		}
		stop()
		total := time.Since(start)
		hr, ndcg := leaveOut(sequences, items, 2, 1, m.NewScorer)
		b.ReportMetric(hr, "valid-HR@10")
		b.ReportMetric(ndcg, "valid-NDCG@10")
		hr, ndcg = leaveOut(sequences, items, 1, 1, m.NewScorer)
		b.ReportMetric(hr, "test-HR@10")
		b.ReportMetric(ndcg, "test-NDCG@10")
		b.ReportMetric((total - judging).Seconds(), "s-training")
		b.ReportMetric(judging.Seconds(), "s-judging")
		b.ReportMetric(float64(epochs), "epochs")
	}
}

// settingsFromOutside are those of SOUK_SETTINGS: name=value,name=value.
func settingsFromOutside(b *testing.B) model.Settings {
	b.Helper()
	set := model.Settings{}
	for pair := range strings.SplitSeq(os.Getenv("SOUK_SETTINGS"), ",") {
		if name, value, ok := strings.Cut(pair, "="); ok {
			x, err := strconv.ParseFloat(value, 64)
			if err != nil {
				b.Fatal(err)
			}
			set[name] = x
		}
	}
	return set
}
