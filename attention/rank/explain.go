package rank

import (
	"cmp"
	"slices"

	"souk/world"
)

// Part is what one past signal adds to an item's score.
type Part struct {
	Item  world.ItemIndex // NoItem: the popularity prior, or (Kind exposure) what is too long ago to tell apart
	Kind  world.EventKind
	Dwell float32 // seconds
	Value float64 // may be negative
}

// Parts appends the exact split of an item's score: with A fixed the score is
// linear in the signals,
//
//	u·vⱼ = vⱼᵀA⁻¹ Σ wₖ·pₖ·vₖ = Σ wₖ·pₖ·(A⁻¹vⱼ)·vₖ,
//
// so each signal has its share, signals on the same item and of the same kind are
// taken together, and the parts sum to the score (Hu, Koren, Volinsky 2008,
// section 5). Signals with preference 0 have no part of their own: they shape A.
func (r *Ranker) Parts(dst []Part, item world.ItemIndex) []Part {
	if item < 0 || int(item) >= r.model.Items {
		return dst
	}
	r.solve()
	for i, x := range r.evidence.factors(item) {
		r.work[i] = float64(x)
	}
	r.solveWith(r.work)
	start := len(dst)
	dst = append(dst, Part{Item: world.NoItem, Kind: world.EventUnknown, Value: float64(r.priorWeight) * float64(r.prior[item])})
	if r.evidence.past.positive > 0 {
		// What left the list has faded with every signal since.
		rest := 0.0
		for i, b := range r.evidence.all.b {
			rest += r.work[i] * b
		}
		for i := range r.evidence.list {
			rest -= r.value(&r.evidence.list[i])
		}
		dst = append(dst, Part{Item: world.NoItem, Kind: world.EventExposure, Value: rest})
	}
	first := len(dst)
	for i := range r.evidence.list {
		n := &r.evidence.list[i]
		if n.preference == 0 {
			continue
		}
		value := r.value(n)
		at := first
		for at < len(dst) && (dst[at].Item != n.item || dst[at].Kind != n.kind) {
			at++
		}
		if at == len(dst) {
			dst = append(dst, Part{Item: n.item, Kind: n.kind})
		}
		dst[at].Dwell += n.dwell
		dst[at].Value += value
	}
	slices.SortFunc(dst[start:], func(a, b Part) int {
		if c := cmp.Compare(b.Value, a.Value); c != 0 {
			return c
		}
		if c := cmp.Compare(a.Item, b.Item); c != 0 {
			return c
		}
		return cmp.Compare(a.Kind, b.Kind)
	})
	return dst
}

// value is the part of a signal, given A⁻¹vⱼ in r.work.
func (r *Ranker) value(n *noted) float64 {
	dot := 0.0
	for i, x := range r.evidence.factors(n.item) {
		dot += r.work[i] * float64(x)
	}
	return n.weight * float64(n.preference) * dot
}

// Explain appends the largest positive parts of the item's score, at most max,
// as shares of the sum of all positive parts: see [Ranker.Parts].
func (r *Ranker) Explain(dst []Reason, item world.ItemIndex, max int) []Reason {
	r.part = r.Parts(r.part[:0], item)
	total := 0.0
	for _, p := range r.part {
		if p.Value > 0 {
			total += p.Value
		}
	}
	for _, p := range r.part {
		if max <= 0 || p.Value <= 0 {
			break
		}
		dst = append(dst, Reason{Item: p.Item, Kind: p.Kind, Dwell: p.Dwell, Share: float32(p.Value / total)})
		max--
	}
	return dst
}
