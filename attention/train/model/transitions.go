package model

import (
	"context"
	"math"
)

func init() {
	register(Spec{
		Name:     "transitions",
		About:    "Which items follow which within a few touches, scaled by how common they are; the last touches count most.",
		Source:   "Markov chains over items as in Rendle, Freudenthaler and Schmidt-Thieme 2010, with the windows and decays of session neighbours (Ludewig and Jannach 2018)",
		Trials:   24,
		Seedless: true,
		Parameters: []Parameter{
			{Name: "window", Default: 10, Low: 1, High: 50, Log: true, Whole: true, About: "touches ahead that count as following"},
			{Name: "gap", Default: 1, Low: 0, High: 2, About: "exponent: a follower at distance g counts 1/g^gap"},
			{Name: "back", Default: 0.5, Low: 0, High: 1, About: "what a touch before counts beside one after"},
			{Name: "source", Default: 0.5, Low: 0, High: 1, About: "exponent of the scaling by how common the touched item is"},
			{Name: "target", Default: 0.2, Low: 0, High: 1, About: "exponent of the scaling by how common the scored item is"},
			{Name: "shrink", Default: 5, Low: 0, High: 50, About: "touches added to each item's count before scaling"},
			{Name: "tau", Default: 3, Low: 0.5, High: 50, Log: true, About: "age in touches at which a touch counts 1/e"},
			{Name: "last", Default: 20, Low: 1, High: 100, Log: true, Whole: true, About: "touches that count at all"},
			{Name: "neighbours", Default: 400, Low: 50, High: 1000, Log: true, Whole: true, About: "followers kept for each item"},
		},
		New: newTransitions,
	})
}

type transitions struct {
	tableModel
	window, neighbours               int
	gap, back                        float64
	sourcePower, targetPower, shrink float64
}

func newTransitions(set Settings) (Model, error) {
	v, err := values("transitions", set)
	if err != nil {
		return nil, err
	}
	return &transitions{tableModel: tableModel{decay: decays(v["tau"], int(v["last"]))},
		window: int(v["window"]), neighbours: int(v["neighbours"]), gap: v["gap"], back: v["back"],
		sourcePower: v["source"], targetPower: v["target"], shrink: v["shrink"]}, nil
}

// Fit implements [Model]: weight(i→j) = n(i)^−source · n(j)^−target · Σ gap^−g
// over the places where j comes after i, and back times that where it comes before.
func (m *transitions) Fit(ctx context.Context, d *Data, _ Run) error {
	start, list := occurrences(d)
	count := counts(d)
	source, target := power(count, m.shrink, m.sourcePower), power(count, m.shrink, m.targetPower)
	near := make([]float32, m.window+1)
	for g := 1; g <= m.window; g++ {
		near[g] = float32(math.Pow(float64(g), -m.gap))
	}
	m.items = d.Items
	m.table = buildTable(d.Items, m.neighbours, func(b *rowBuilder, item int32) {
		if ctx.Err() != nil {
			return
		}
		for _, o := range list[start[item]:start[item+1]] {
			h, at := d.Histories[o.user], int(o.at)
			for g := 1; g <= m.window; g++ {
				if at+g < len(h) {
					j := h[at+g].Item
					b.add(j, near[g]*source[item]*target[j])
				}
				if m.back > 0 && at-g >= 0 {
					j := h[at-g].Item
					b.add(j, float32(m.back)*near[g]*source[item]*target[j])
				}
			}
		}
	})
	return ctx.Err()
}
