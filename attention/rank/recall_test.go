package rank_test

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"context"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"souk/attention/rank"
	"souk/attention/train/als"
	"souk/world"
)

const beautyFile = "../../../shared/data/shop-events/beauty-sequences.txt.gz"

// beauty reads the sequences of real people; items from 0.
func beauty(tb testing.TB) (sequences [][]int32, items int) {
	tb.Helper()
	f, err := os.Open(beautyFile)
	if err != nil {
		tb.Skipf("no real sequences to check with: %v", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	lines := bufio.NewScanner(z)
	for lines.Scan() {
		var s []int32
		for _, field := range strings.Fields(lines.Text())[1:] {
			n, err := strconv.Atoi(field)
			if err != nil {
				tb.Fatal(err)
			}
			s, items = append(s, int32(n-1)), max(items, n)
		}
		sequences = append(sequences, s)
	}
	return sequences, items
}

// beautyModel has ALS factors of real people's sequences without each one's last item.
func beautyModel(tb testing.TB) (*rank.Model, [][]int32) {
	tb.Helper()
	sequences, items := beauty(tb)
	users := make([][]als.Entry, len(sequences))
	for u, s := range sequences {
		for _, i := range s[:len(s)-1] {
			users[u] = append(users[u], als.Entry{Item: world.ItemIndex(i), Confidence: 1, Preference: 1})
		}
		slices.SortFunc(users[u], func(a, b als.Entry) int { return int(a.Item - b.Item) })
		users[u] = slices.CompactFunc(users[u], func(a, b als.Entry) bool { return a.Item == b.Item })
	}
	cfg := als.Default()
	cfg.Epochs = 3
	f, err := als.Fit(context.Background(), als.NewMatrix(users, items), cfg)
	if err != nil {
		tb.Fatal(err)
	}
	m := newModel(items, cfg.Dim, 1)
	m.Factors, m.Regularisation, m.Base = f.Items, float32(cfg.Regularisation), float32(cfg.Base)
	m.Gram = rank.ComputeGram(m.Factors, m.Dim)
	return m, sequences
}

// watch shows a ranker what a visitor looked at.
func watch(r *rank.Ranker, items []int32) {
	r.Forget()
	for k, i := range items {
		r.Observe(wanted(float64(k), world.ItemIndex(i), world.EventDwell, 1))
	}
}

// bestTen is by definition, for each visitor: all scores in float64, sorted.
func bestTen(tb testing.TB, m *rank.Model, cfg rank.Config, visitors [][]int32) [][]int {
	cfg.PriorWeight = 0
	r := mustNew(tb, m, cfg, 1)
	exact, order := make([]float64, m.Items), make([]int, m.Items)
	var best [][]int
	for _, v := range visitors {
		watch(r, v)
		u := r.UserVector(nil)
		for i := range exact {
			exact[i], order[i] = 0, i
			for k, x := range u {
				exact[i] += float64(x) * float64(m.Factors[i*m.Dim+k])
			}
		}
		slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(exact[b], exact[a]), a-b) })
		best = append(best, slices.Clone(order[:10]))
	}
	return best
}

// recall is how many of the best ten are among the ranker's.
func recall(tb testing.TB, m *rank.Model, cfg rank.Config, visitors [][]int32, best [][]int) float64 {
	tb.Helper()
	cfg.PriorWeight = 0
	r := mustNew(tb, m, cfg, 1)
	hits := 0
	for k, v := range visitors {
		watch(r, v)
		for _, s := range r.Rank(10) {
			if slices.Contains(best[k], int(s.Item)) {
				hits++
			}
		}
	}
	return float64(hits) / float64(10*len(visitors))
}

// The scan of all items is in few bits. What it costs, before and after the
// best are scored again, is printed; what is shipped must cost nothing.
func TestTheScanFindsTheBestTen(t *testing.T) {
	if testing.Short() {
		t.Skip("trains a model")
	}
	real, sequences := beautyModel(t)
	random := newModel(50000, 64, 1)
	var some [][]int32
	for k := range 100 {
		var v []int32
		for i := range 10 {
			v = append(v, int32(k*7919+i*104729)%50000)
		}
		some = append(some, v)
	}
	type catalogue struct {
		name     string
		m        *rank.Model
		visitors [][]int32
		best     [][]int
	}
	catalogues := []catalogue{{"Beauty", real, sequences[:200], nil}, {"random", random, some, nil}}
	for i := range catalogues {
		d := &catalogues[i]
		d.best = bestTen(t, d.m, rank.DefaultConfig(), d.visitors)
	}
	for _, c := range []struct {
		name       string
		bits, axes int
		before     float64 // least recall that is expected of the scan alone
		after      float64 // and with the second score; 0: printed only
	}{
		{"int8", 8, 0, 0.97, 0.999},
		{"int4", 4, 0, 0.6, 0.99},
		{"int8, 48 of 64 axes", 8, 48, 0.3, 0},
		{"int8, 32 of 64 axes", 8, 32, 0.1, 0},
		{"int4, 48 of 64 axes", 4, 48, 0.3, 0},
	} {
		for _, data := range catalogues {
			cfg := rank.DefaultConfig()
			cfg.Bits, cfg.Axes = c.bits, c.axes
			cfg.Rescore = 1
			before := recall(t, data.m, cfg, data.visitors, data.best)
			cfg.Rescore = rank.DefaultConfig().Rescore
			after := recall(t, data.m, cfg, data.visitors, data.best)
			size := 0
			for _, x := range mustNew(t, data.m, cfg, 1).Memory() {
				if x.What == "factors for the scan" {
					size = x.Bytes
				}
			}
			t.Logf("%-20s %-7s %5d items: %7.0f KB, recall@10 %.4f, after the second score %.4f", c.name, data.name, data.m.Items, float64(size)/1e3, before, after)
			if before < c.before || after < c.after {
				t.Errorf("%s on %s: recall@10 %.4f, then %.4f, want %v and %v", c.name, data.name, before, after, c.before, c.after)
			}
		}
	}
}
