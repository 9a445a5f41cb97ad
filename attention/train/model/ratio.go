package model

import (
	"context"
	"math"

	"souk/world"
)

func init() {
	register(Spec{
		Name:   "ratio",
		About:  "Count-ratio attention: which part of what people do with an item is buying it, smoothed, as a softmax over all items; the same list for everyone.",
		Source: "A2 of PRODUCT.md; the smoothing is the posterior mean of a rate under a Beta prior (Gelman et al. 2013, section 2.4)",
		Parameters: []Parameter{
			{Name: "alpha", Default: 10, Low: 0.1, High: 100, Log: true, About: "α, by which ratios are stretched before the softmax"},
			{Name: "strength", Default: 5, Low: 0.1, High: 1000, Log: true, About: "events of the average item that each item's ratio begins with"},
			{Name: "volume", Default: 0, Low: 0, High: 2, About: "weight of the logarithm of the item's events beside α·ratio; 0 is A2 alone"},
		},
		Seedless: true,
		New: func(set Settings) (Model, error) {
			v, err := values("ratio", set)
			if err != nil {
				return nil, err
			}
			return &ratio{alpha: v["alpha"], strength: v["strength"], volume: v["volume"]}, nil
		},
	})
}

// ratio is A_j = softmax_j(α·(p + s·μ) ÷ (p + r + c + s)) over the M items: p purchases,
// r browses (looks, and touches of unknown kind), c clicks (cards opened, likes,
// carts), μ the catalogue's own ratio, s the strength of the smoothing.
//
// The text that Souk comes from has s = 0, where one purchase after one click beats
// five hundred after a thousand; and an item that nobody touched has 0 ÷ 0 there: its
// ratio is 0 here, so that it stands below all that was ever bought.
type ratio struct {
	alpha, strength, volume float64
	score                   []float32
}

// Fit implements [Model].
func (m *ratio) Fit(ctx context.Context, d *Data, _ Run) error {
	bought, all := make([]float64, d.Items), make([]float64, d.Items)
	p, n := 0.0, 0.0
	for _, h := range d.Histories {
		for _, t := range h {
			if !counted(t.Kind) {
				continue
			}
			all[t.Item]++
			n++
			if t.Kind == world.EventPurchase {
				bought[t.Item]++
				p++
			}
		}
	}
	mean := 0.0
	if n > 0 {
		mean = p / n
	}
	m.score = make([]float32, d.Items)
	logits, most := make([]float64, d.Items), math.Inf(-1)
	for i := range logits {
		if all[i] > 0 {
			logits[i] = m.alpha*(bought[i]+m.strength*mean)/(all[i]+m.strength) + m.volume*math.Log1p(all[i])
		}
		most = max(most, logits[i])
	}
	sum := 0.0
	for _, x := range logits {
		sum += math.Exp(x - most)
	}
	for i, x := range logits {
		// The logarithm keeps the order and the ratios where e to the power of it would round to 0.
		m.score[i] = float32(x - most - math.Log(sum))
	}
	return ctx.Err()
}

// counted says whether a kind is a browse, a click or a purchase: what takes
// back, and what the person did not do, is none.
func counted(k world.EventKind) bool {
	switch k {
	case world.EventUnknown, world.EventDwell, world.EventOpen, world.EventLike, world.EventCart, world.EventPurchase:
		return true
	}
	return false
}

func (m *ratio) NewScorer() Scorer { return m }

// Score implements [Scorer] with log A; the history does not matter.
func (m *ratio) Score(dst []float32, _ History) { copy(dst, m.score) }
