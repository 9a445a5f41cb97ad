package model

import (
	"context"
	"math"
)

func init() {
	register(Spec{
		Name:     "item-knn",
		About:    "Items that the same people touched, near or far in time, scaled by how common they are and how much their people touch.",
		Source:   "Item-based neighbours of Deshpande and Karypis 2004 with shrinkage; source 1, target 0.5 to 0.8 and people 1 are the random walk RP3beta (Paudel et al. 2017)",
		Trials:   20,
		Seedless: true,
		Parameters: []Parameter{
			{Name: "source", Default: 0.5, Low: 0, High: 1, About: "exponent of the scaling by how common the touched item is"},
			{Name: "target", Default: 0.3, Low: 0, High: 1, About: "exponent of the scaling by how common the scored item is"},
			{Name: "people", Default: 0.5, Low: 0, High: 1, About: "exponent: a person of n touches counts n^−people"},
			{Name: "shrink", Default: 5, Low: 0, High: 50, About: "touches added to each item's count before scaling"},
			{Name: "tau", Default: 3, Low: 0.5, High: 100, Log: true, About: "age in touches at which a touch counts 1/e"},
			{Name: "last", Default: 50, Low: 1, High: 200, Log: true, Whole: true, About: "touches that count at all"},
			{Name: "neighbours", Default: 400, Low: 50, High: 1000, Log: true, Whole: true, About: "neighbours kept for each item"},
		},
		New: newItemKNN,
	})
}

type itemKNN struct {
	tableModel
	neighbours                                    int
	sourcePower, targetPower, peoplePower, shrink float64
}

func newItemKNN(set Settings) (Model, error) {
	v, err := values("item-knn", set)
	if err != nil {
		return nil, err
	}
	return &itemKNN{tableModel: tableModel{decay: decays(v["tau"], int(v["last"]))}, neighbours: int(v["neighbours"]),
		sourcePower: v["source"], targetPower: v["target"], peoplePower: v["people"], shrink: v["shrink"]}, nil
}

// longest is how much of a history pairs its items with each other: the time of
// a fit grows with its square.
const longest = 500

// Fit implements [Model]: weight(i,j) = n(i)^−source · n(j)^−target · Σ n(u)^−people
// over the people u who touched both.
func (m *itemKNN) Fit(ctx context.Context, d *Data, _ Run) error {
	start, list := occurrences(d)
	count := counts(d)
	source, target := power(count, m.shrink, m.sourcePower), power(count, m.shrink, m.targetPower)
	people := make([]float32, len(d.Histories))
	for u, h := range d.Histories {
		people[u] = float32(math.Pow(float64(max(1, len(h))), -m.peoplePower))
	}
	m.items = d.Items
	m.table = buildTable(d.Items, m.neighbours, func(b *rowBuilder, item int32) {
		if ctx.Err() != nil {
			return
		}
		for _, o := range list[start[item]:start[item+1]] {
			h, w := d.Histories[o.user], people[o.user]*source[item]
			for _, t := range h[max(0, int(o.at)-longest):min(len(h), int(o.at)+longest)] {
				b.add(t.Item, w*target[t.Item])
			}
		}
	})
	return ctx.Err()
}
