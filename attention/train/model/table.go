package model

import (
	"context"
	"math"
	"slices"
)

// table is a sparse matrix of item × item, row by row: what a touch of one item
// says of the others.
type table struct {
	start  []int
	col    []int32
	weight []float32
}

// add adds the row of an item, times f, to dst.
func (t *table) add(dst []float32, item int32, f float32) {
	from, to := t.start[item], t.start[item+1]
	weight := t.weight[from:to]
	for k, c := range t.col[from:to] {
		dst[c] += f * weight[k]
	}
}

// rowBuilder gathers one row: a dense accumulator and the list of what it holds.
type rowBuilder struct {
	sum     []float32
	touched []int32
}

func (b *rowBuilder) add(item int32, w float32) {
	if b.sum[item] == 0 {
		b.touched = append(b.touched, item)
	}
	b.sum[item] += w
}

// buildTable fills each row by fill on all cores and keeps its best neighbours
// by weight, the smaller index first among equals, in the order of items.
// Weights are ≥ 0; rows do not depend on each other, so that the number of cores
// changes nothing.
func buildTable(items, neighbours int, fill func(b *rowBuilder, item int32)) *table {
	type row struct {
		col    []int32
		weight []float32
	}
	rows := make([]row, items)
	onAllCores(items, func() func(int) {
		b := &rowBuilder{sum: make([]float32, items)}
		return func(i int) {
			fill(b, int32(i))
			b.touched = slices.DeleteFunc(b.touched, func(c int32) bool { return !(b.sum[c] > 0) || c == int32(i) })
			slices.Sort(b.touched)
			b.touched = slices.Compact(b.touched)
			if len(b.touched) > neighbours {
				slices.SortStableFunc(b.touched, func(x, y int32) int {
					switch {
					case b.sum[x] > b.sum[y]:
						return -1
					case b.sum[x] < b.sum[y]:
						return 1
					}
					return 0
				})
				b.touched = b.touched[:neighbours]
				slices.Sort(b.touched)
			}
			r := row{slices.Clone(b.touched), make([]float32, len(b.touched))}
			for k, c := range r.col {
				r.weight[k] = b.sum[c]
			}
			rows[i] = r
			clear(b.sum)
			b.touched = b.touched[:0]
		}
	})
	t := &table{start: make([]int, items+1)}
	for i, r := range rows {
		t.start[i+1] = t.start[i] + len(r.col)
	}
	t.col, t.weight = make([]int32, 0, t.start[items]), make([]float32, 0, t.start[items])
	for _, r := range rows {
		t.col, t.weight = append(t.col, r.col...), append(t.weight, r.weight...)
	}
	return t
}

// onAllCores is [OnAllCores] to the end.
func onAllCores(n int, worker func() func(i int)) {
	OnAllCores(context.Background(), n, worker)
}

// occurrence is a place in a history.
type occurrence struct{ user, at int32 }

// occurrences lists where each item stands, in order of users and time.
func occurrences(d *Data) (start []int, list []occurrence) {
	start = make([]int, d.Items+1)
	for _, h := range d.Histories {
		for _, t := range h {
			start[t.Item+1]++
		}
	}
	for i := range d.Items {
		start[i+1] += start[i]
	}
	next := slices.Clone(start)
	list = make([]occurrence, start[d.Items])
	for u, h := range d.Histories {
		for at, t := range h {
			list[next[t.Item]] = occurrence{int32(u), int32(at)}
			next[t.Item]++
		}
	}
	return start, list
}

// counts is how often each item was touched.
func counts(d *Data) []float64 {
	out := make([]float64, d.Items)
	for _, h := range d.Histories {
		for _, t := range h {
			out[t.Item]++
		}
	}
	return out
}

// power is (count + shrink)^−exponent for each item.
func power(count []float64, shrink, exponent float64) []float32 {
	out := make([]float32, len(count))
	for i, c := range count {
		out[i] = float32(math.Pow(c+shrink, -exponent))
	}
	return out
}

// decays is e^(−age/τ) for ages from 0 to the last that matters, at most most of them.
func decays(tau float64, most int) []float32 {
	out := make([]float32, 0, most)
	for a := range most {
		w := math.Exp(-float64(a) / tau)
		if w < 1e-4 {
			break
		}
		out = append(out, float32(w))
	}
	return out
}

// tableModel scores by the rows of what was touched last.
type tableModel struct {
	items int
	table *table
	decay []float32 // by age in touches
}

func (m *tableModel) NewScorer() Scorer { return m }

// Followers are the items that follow an item and how strongly, in order of their
// indices. Callers must not write to them.
func (m *tableModel) Followers(item int) (items []int32, weights []float32) {
	from, to := m.table.start[item], m.table.start[item+1]
	return m.table.col[from:to], m.table.weight[from:to]
}

// Score implements [Scorer]: the sum of the rows of the last touches, each by its age.
func (m *tableModel) Score(dst []float32, h History) {
	clear(dst)
	for age, w := range m.decay {
		if age >= len(h) {
			return
		}
		m.table.add(dst, h[len(h)-1-age].Item, w)
	}
}
