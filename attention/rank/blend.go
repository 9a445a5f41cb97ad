package rank

import (
	"fmt"

	"souk/world"
)

// Blend says how much each part of the score counts, and how fast what was
// done moves into the past. Training chooses it on held-out visits. The zero
// value is that of models without one: factors alone, and the popularity prior
// as the ranker's settings say.
//
// With r₀, r₁, … the last Recent different items that were wanted (looked at longer
// than most, opened, liked, put into the cart, bought; hidden ones left out), the newest first,
// and gₖ = e^(−k/Tau) · min(1, confidence of what was done with rₖ),
//
//	score(j) = Factors·u·vⱼ + Transition·Σ gₖ·T[rₖ][j]
//	         + Content·Σ gₖ·c(rₖ)·c(j) ÷ Σ gₖ + prior(j),
//
// with T of [Model.Transitions], and c the catalogue's content features. Weighting by
// recency is the decay of session-based nearest neighbours (Ludewig and Jannach 2018,
// "Evaluation of session-based recommendation algorithms", section 3.3).
type Blend struct {
	Factors, Transition, Content float32 // ≥ 0
	// Prior is what the most popular item scores for an unknown visitor, ≥ 0.
	Prior float32
	// Tau is in items, > 0.
	Tau float32
	// Recent is in [1,64].
	Recent int
}

// maxRecent bounds Blend.Recent.
const maxRecent = 64

func (b Blend) check() error {
	if b == (Blend{}) {
		return nil
	}
	for _, x := range []float32{b.Factors, b.Transition, b.Content, b.Prior} {
		if !(x >= 0 && x <= 1e6) {
			return fmt.Errorf("check model: the blend's weights are %v, %v, %v and %v; they must be within 0 and 10⁶", b.Factors, b.Transition, b.Content, b.Prior)
		}
	}
	if !(b.Tau > 0) || !finite(b.Tau) || b.Recent < 1 || b.Recent > maxRecent {
		return fmt.Errorf("check model: the blend's decay is %v over %d items; above 0 and 1 to %d are possible", b.Tau, b.Recent, maxRecent)
	}
	return nil
}

// blend is the model's, or what stands for none.
func (r *Ranker) blendOf() Blend {
	b := r.model.Blend
	if b == (Blend{}) {
		b = Blend{Factors: 1, Prior: float32(r.cfg.PriorWeight), Tau: 1, Recent: 20}
	}
	return b
}

// Recent is an item of the visitor's last wanted ones.
type Recent struct {
	Item   world.ItemIndex
	Kind   world.EventKind // of the last signal that wanted it
	Dwell  float32         // seconds, of all signals that wanted it
	Weight float32         // e^(−k/Tau) · min(1, confidence), in (0,1]
}

// lately fills r.recent with the last wanted items, the newest first.
func (r *Ranker) lately() {
	r.recent = r.recent[:0]
	list := r.evidence.list
	for k := len(list) - 1; k >= 0; k-- {
		n := &list[k]
		if n.preference == 0 || r.hidden[n.item] {
			continue
		}
		at := 0
		for at < len(r.recent) && r.recent[at].Item != n.item {
			at++
		}
		if at == len(r.recent) {
			if at == r.blend.Recent {
				continue // older signals of the items that are in count yet
			}
			r.recent = append(r.recent, Recent{Item: n.item, Kind: n.kind})
		}
		r.recent[at].Dwell += n.dwell
		r.recent[at].Weight += float32(n.confidence * n.preference)
	}
	for k := range r.recent {
		r.recent[k].Weight = float32(min(1, r.recent[k].Weight) * r.fade[k])
	}
}

// addTransitions adds what follows the recent items to the bias.
func (r *Ranker) addTransitions() {
	t := r.model.Transitions
	if t == nil || r.blend.Transition == 0 {
		return
	}
	for _, x := range r.recent {
		i := int(x.Item)
		unit := float32(r.blend.Transition*x.Weight) * t.Scale[i]
		for at := i * t.Width; at < (i+1)*t.Width && t.Weight[at] > 0; at++ {
			j := t.item(at)
			r.bias[j] += float32(float32(t.Weight[at]) * unit)
		}
	}
}

// transition is the part of the item's score that comes of what follows x.
func (r *Ranker) transition(x Recent, item world.ItemIndex) float64 {
	if r.model.Transitions == nil || r.blend.Transition == 0 {
		return 0
	}
	return float64(r.blend.Transition) * float64(x.Weight) * float64(r.model.Transitions.between(int(x.Item), int(item)))
}

// contentQuery fills r.wanted with the content that is looked for: all zero where
// content has no part.
func (r *Ranker) contentQuery() {
	clear(r.wanted)
	if r.blend.Content == 0 {
		return
	}
	total := r.recentWeight()
	for _, x := range r.recent {
		w := float64(r.blend.Content) * float64(x.Weight) / total
		for k, c := range r.features(x.Item) {
			r.wanted[k] += float32(w * float64(c))
		}
	}
}

func (r *Ranker) recentWeight() float64 {
	total := 0.0
	for _, x := range r.recent {
		total += float64(x.Weight)
	}
	return total
}

// features are the content of an item.
func (r *Ranker) features(item world.ItemIndex) []float32 {
	d := len(r.wanted)
	return r.content[int(item)*d : int(item)*d+d]
}
