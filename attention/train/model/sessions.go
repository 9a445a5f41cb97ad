package model

import (
	"context"
	"math"

	"souk/world"
)

func init() {
	register(Spec{
		Name:   "sessions",
		About:  "Which items are touched within the same stretch of time, each by its kind of event; what was touched last, in hours and in touches, counts most.",
		Source: "item co-visitation within sessions (Ludewig and Jannach 2018, section 3), with weights by kind of event as in multi-behaviour models (Jin et al. 2020)",
		Parameters: []Parameter{
			{Name: "window", Default: 3.5, Low: 0.1, High: 200, Log: true, About: "hours within which two touches belong together"},
			{Name: "reach", Default: 6, Low: 5, High: 100, Log: true, Whole: true, About: "touches ahead and back that are looked at"},
			{Name: "gap", Default: 1.7, Low: 0, High: 2, About: "exponent: an item g touches away counts 1/g^gap"},
			{Name: "back", Default: 0.9, Low: 0, High: 1, About: "what a touch before counts beside one after"},
			{Name: "cart", Default: 0.2, Low: 0.1, High: 20, Log: true, About: "what a cart counts as the follower, beside a look"},
			{Name: "buy", Default: 0.3, Low: 0.1, High: 20, Log: true, About: "what a purchase counts as the follower, beside a look"},
			{Name: "source", Default: 0.05, Low: 0, High: 1, About: "exponent of the scaling by how common the touched item is"},
			{Name: "target", Default: 0.05, Low: 0, High: 1, About: "exponent of the scaling by how common the scored item is"},
			{Name: "shrink", Default: 10, Low: 0.1, High: 50, Log: true, About: "touches added to each item's count before scaling"},
			{Name: "tau", Default: 10, Low: 0.5, High: 100, Log: true, About: "age in touches at which a touch counts 1/e"},
			{Name: "fade", Default: 500, Low: 0.1, High: 2000, Log: true, About: "hours before the last touch at which a touch counts 1/e"},
			{Name: "floor", Default: 0.3, Low: 0, High: 1, About: "what a touch of long ago counts beside the last one"},
			{Name: "last", Default: 200, Low: 1, High: 500, Log: true, Whole: true, About: "touches that count at all"},
			{Name: "neighbours", Default: 200, Low: 50, High: 1000, Log: true, Whole: true, About: "followers kept for each item"},
		},
		Seedless: true,
		New:      newSessions,
	})
}

type sessions struct {
	table                      *table
	reach, last, neighbours    int
	window, fade, floor, tau   float64 // seconds, but for the floor, and touches
	gap, back, cart, buy       float64
	sourcePower, target, extra float64
}

func newSessions(set Settings) (Model, error) {
	v, err := values("sessions", set)
	if err != nil {
		return nil, err
	}
	return &sessions{reach: int(v["reach"]), last: int(v["last"]), neighbours: int(v["neighbours"]),
		window: 3600 * v["window"], fade: 3600 * v["fade"], tau: v["tau"], floor: v["floor"], gap: v["gap"], back: v["back"],
		cart: v["cart"], buy: v["buy"], sourcePower: v["source"], target: v["target"], extra: v["shrink"]}, nil
}

// follower is what a touch counts as what comes after another.
func (m *sessions) follower(k world.EventKind) float64 {
	switch k {
	case world.EventCart:
		return m.cart
	case world.EventPurchase:
		return m.buy
	}
	return 1
}

// Fit implements [Model]: weight(i→j) = n(i)^−source · n(j)^−target · Σ kind(j)·gap^−g over the
// places where j is touched within the window after i, and back times that before it. n counts
// the people who touched an item.
func (m *sessions) Fit(ctx context.Context, d *Data, _ Run) error {
	start, list := occurrences(d)
	people := make([]float64, d.Items)
	for i := range people {
		last := int32(-1)
		for _, o := range list[start[i]:start[i+1]] {
			if o.user != last {
				people[i]++
				last = o.user
			}
		}
	}
	source, target := power(people, m.extra, m.sourcePower), power(people, m.extra, m.target)
	near := make([]float64, m.reach+1)
	for g := 1; g <= m.reach; g++ {
		near[g] = math.Pow(float64(g), -m.gap)
	}
	m.table = buildTable(d.Items, m.neighbours, func(b *rowBuilder, item int32) {
		if ctx.Err() != nil {
			return
		}
		for _, o := range list[start[item]:start[item+1]] {
			h, at := d.Histories[o.user], int(o.at)
			for g := 1; g <= m.reach && at+g < len(h) && h[at+g].Time-h[at].Time <= m.window; g++ {
				t := h[at+g]
				b.add(t.Item, float32(near[g]*m.follower(t.Kind))*source[item]*target[t.Item])
			}
			for g := 1; m.back > 0 && g <= m.reach && at-g >= 0 && h[at].Time-h[at-g].Time <= m.window; g++ {
				t := h[at-g]
				b.add(t.Item, float32(m.back*near[g]*m.follower(t.Kind))*source[item]*target[t.Item])
			}
		}
	})
	return ctx.Err()
}

func (m *sessions) NewScorer() Scorer { return m }

// Score implements [Scorer]: the sum of the rows of the last touches, each by its
// weight and how long and how many touches before the last it was.
func (m *sessions) Score(dst []float32, h History) {
	clear(dst)
	for a := range min(m.last, len(h)) {
		t := h[len(h)-1-a]
		age := math.Exp(-(h[len(h)-1].Time-t.Time)/m.fade-float64(a)/m.tau) + m.floor
		m.table.add(dst, t.Item, float32(touchWeight(t)*age))
	}
}
