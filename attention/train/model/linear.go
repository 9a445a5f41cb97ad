package model

import (
	"context"
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"
)

func init() {
	register(Spec{
		Name:     "linear",
		About:    "For each item a ridge regression: how likely it is next, given which of its neighbours were touched how long ago.",
		Source:   "SLIM (Ning and Karypis 2011) and EASE (Steck 2019) restricted to each item's neighbours, with the decayed inputs and later targets of SLIST (Choi et al. 2021)",
		Trials:   16,
		Seedless: true,
		Parameters: []Parameter{
			{Name: "neighbours", Default: 100, Low: 10, High: 400, Log: true, Whole: true, About: "inputs of an item's regression"},
			{Name: "ridge", Default: 50, Low: 0.01, High: 1000, Log: true, About: "penalty"},
			{Name: "input", Default: 2.5, Low: 0.5, High: 100, Log: true, About: "age in touches at which an input counts 1/e"},
			{Name: "both", Default: 0.2, Low: 0, High: 1, About: "what a touch before counts as input, beside one after"},
			{Name: "people", Default: 0.3, Low: 0, High: 1, About: "exponent: a person of n touches counts n^−people"},
			{Name: "target", Default: 0, Low: 0, High: 1, About: "exponent of the scaling by how common the scored item is"},
			{Name: "last", Default: 10, Low: 1, High: 100, Log: true, Whole: true, About: "touches that count at all"},
		},
		New: newLinear,
	})
}

type linear struct {
	tableModel
	neighbours, last                   int
	ridge, input, both, people, target float64
}

func newLinear(set Settings) (Model, error) {
	v, err := values("linear", set)
	if err != nil {
		return nil, err
	}
	return &linear{tableModel: tableModel{decay: decays(v["input"], int(v["last"]))}, last: int(v["last"]), neighbours: int(v["neighbours"]),
		ridge: v["ridge"], input: v["input"], both: v["both"], people: v["people"], target: v["target"]}, nil
}

// Fit implements [Model]. A question is every place t of every history: the
// inputs x are the touches around it, e^(−distance/input) each and both times that where
// they come after; the answer is the item at t. Per item j, over its neighbours N,
//
//	b = (X_NᵀX_N + ridge·I)⁻¹ X_Nᵀy.
func (m *linear) Fit(ctx context.Context, d *Data, _ Run) error {
	inputs := m.inputs(ctx, d)
	if err := ctx.Err(); err != nil {
		return err
	}
	gram := m.gram(ctx, d)
	if err := ctx.Err(); err != nil {
		return err
	}
	target := power(counts(d), 5, m.target)
	byTarget := make([]sparseRow, d.Items)
	onAllCores(d.Items, func() func(int) {
		r := &ridgeSolver{place: make([]int32, d.Items)}
		return func(j int) {
			if ctx.Err() == nil {
				byTarget[j] = r.solve(inputs, gram, int32(j), m.ridge)
				for k := range byTarget[j].weight {
					byTarget[j].weight[k] *= target[j]
				}
			}
		}
	})
	m.items = d.Items
	m.table = transpose(byTarget)
	return ctx.Err()
}

// inputs is Xᵀy: a row for each answer j, with the sum of each input over the
// places where j is the answer; only the strongest are kept.
func (m *linear) inputs(ctx context.Context, d *Data) *table {
	start, list := occurrences(d)
	scale := power(counts(d), 5, 0.5)
	near := decays(m.input, m.last)
	t := buildTable(d.Items, m.neighbours, func(b *rowBuilder, item int32) {
		if ctx.Err() != nil {
			return
		}
		for _, o := range list[start[item]:start[item+1]] {
			h, at := d.Histories[o.user], int(o.at)
			w := float32(math.Pow(float64(len(h)), -m.people))
			for g := 1; g <= len(near); g++ {
				if at-g >= 0 {
					b.add(h[at-g].Item, w*near[g-1]*scale[h[at-g].Item])
				}
				if at+g < len(h) && m.both > 0 {
					b.add(h[at+g].Item, w*float32(m.both)*near[g-1]*scale[h[at+g].Item])
				}
			}
		}
	})
	// The scaling by how common an input is chose the neighbours; the sums are without it.
	for k, c := range t.col {
		t.weight[k] /= scale[c]
	}
	return t
}

// gram is XᵀX, whole rows.
func (m *linear) gram(ctx context.Context, d *Data) *table {
	start, list := occurrences(d)
	near := decays(m.input, m.last)
	// Over the places t of a history, Σ_t x(a,t)·x(b,t) for inputs at a and b.
	value := func(distance int) float32 { // place minus input's place
		switch {
		case distance > 0 && distance <= len(near):
			return near[distance-1]
		case distance < 0 && -distance <= len(near):
			return float32(m.both) * near[-distance-1]
		}
		return 0
	}
	reach := 2 * len(near)
	product := func(at, other, size int) float32 {
		sum := float32(0)
		for t := max(0, max(at, other)-len(near)); t < min(size, min(at, other)+len(near)+1); t++ {
			sum += value(t-at) * value(t-other)
		}
		return sum
	}
	// Away from the ends of a history only the distance of the inputs counts.
	inner := make([]float32, reach+1)
	for gap := range inner {
		inner[gap] = product(2*reach, 2*reach+gap, 6*reach)
	}
	diagonal := make([]float32, d.Items)
	t := buildTable(d.Items, d.Items, func(b *rowBuilder, item int32) {
		if ctx.Err() != nil {
			return
		}
		for _, o := range list[start[item]:start[item+1]] {
			h, at := d.Histories[o.user], int(o.at)
			w := float32(math.Pow(float64(len(h)), -m.people))
			for other := max(0, at-reach); other < min(len(h), at+reach+1); other++ {
				gap := max(at, other) - min(at, other)
				sum := inner[gap]
				if min(at, other) < len(near) || max(at, other)+len(near) >= len(h) {
					sum = product(at, other, len(h))
				}
				if h[other].Item == item {
					diagonal[item] += w * sum
				} else {
					b.add(h[other].Item, w*sum)
				}
			}
		}
	})
	return withDiagonal(t, diagonal)
}

func withDiagonal(t *table, diagonal []float32) *table {
	out := &table{start: make([]int, len(t.start)), col: make([]int32, 0, len(t.col)+len(diagonal)), weight: make([]float32, 0, len(t.col)+len(diagonal))}
	for i, d := range diagonal {
		from, to := t.start[i], t.start[i+1]
		out.col = append(append(out.col, t.col[from:to]...), int32(i))
		out.weight = append(append(out.weight, t.weight[from:to]...), d)
		out.start[i+1] = len(out.col)
	}
	return out
}

type sparseRow struct {
	col    []int32
	weight []float32
}

// ridgeSolver solves the regressions of one goroutine.
type ridgeSolver struct {
	place []int32 // by item: where it stands among the inputs, from 1; 0: it does not
	a, b  []float64
}

// solve is one item's regression on its inputs.
func (r *ridgeSolver) solve(inputs, gram *table, j int32, ridge float64) sparseRow {
	from, to := inputs.start[j], inputs.start[j+1]
	col, n := inputs.col[from:to], to-from
	if n == 0 {
		return sparseRow{}
	}
	r.a, r.b = append(r.a[:0], make([]float64, n*n)...), r.b[:0]
	for k, c := range col {
		r.place[c] = int32(k + 1)
		r.b = append(r.b, float64(inputs.weight[from+k]))
	}
	for k, c := range col {
		for e := gram.start[c]; e < gram.start[c+1]; e++ {
			if p := int(r.place[gram.col[e]]); p > 0 && p-1 <= k {
				r.a[k*n+p-1] = float64(gram.weight[e])
			}
		}
		r.a[k*n+k] += ridge
	}
	for _, c := range col {
		r.place[c] = 0
	}
	t, ok := lapack64.Potrf(blas64.Symmetric{Uplo: blas.Lower, N: n, Stride: n, Data: r.a})
	if !ok {
		return sparseRow{} // not positive but for rounding: such an item has no say
	}
	b := blas64.Vector{N: n, Inc: 1, Data: r.b}
	blas64.Trsv(blas.NoTrans, t, b)
	blas64.Trsv(blas.Trans, t, b)
	out := sparseRow{col, make([]float32, n)}
	for k, x := range r.b {
		out.weight[k] = float32(x)
	}
	return out
}

// transpose turns rows by answer into rows by input.
func transpose(rows []sparseRow) *table {
	t := &table{start: make([]int, len(rows)+1)}
	for _, r := range rows {
		for _, c := range r.col {
			t.start[c+1]++
		}
	}
	for i := range rows {
		t.start[i+1] += t.start[i]
	}
	next := append([]int(nil), t.start...)
	t.col, t.weight = make([]int32, t.start[len(rows)]), make([]float32, t.start[len(rows)])
	for j, r := range rows {
		for k, c := range r.col {
			t.col[next[c]], t.weight[next[c]] = int32(j), r.weight[k]
			next[c]++
		}
	}
	return t
}
