package rank

import (
	"cmp"
	"slices"

	"souk/world"
)

// Source says which part of the score a [Part] is of.
type Source uint8

// The sources.
const (
	SourceSignal   Source = iota // a past signal: Item and Kind say which
	SourcePrior                  // the popularity prior
	SourceAges                   // signals too old to be told apart
	SourceReranker               // the last look at the best: see Reranker
)

// Part is what one past signal adds to an item's score.
type Part struct {
	Source Source
	Item   world.ItemIndex // NoItem where the source is no signal
	Kind   world.EventKind // exposure where the source is ages, else unknown where it is no signal
	Dwell  float32         // seconds
	Value  float64         // may be negative
}

// why is what the split of a score needs: the user vector as it would be had
// nothing counted against anything.
type why struct {
	ready bool
	chol  []float64 // Cholesky factor of A₀
	user  []float64 // u₀ = A₀⁻¹·b
	z, z0 []float64 // A⁻¹·vⱼ and A₀⁻¹·vⱼ
	// Of the item that is being explained: the part of u·vⱼ that counts, and what a unit of surprise on itself adds.
	guessed, direct float64
	parts           []Part
}

func newWhy(dim int, cfg Config) why {
	return why{chol: make([]float64, dim*dim), user: make([]float64, dim), z: make([]float64, dim), z0: make([]float64, dim),
		parts: make([]Part, 0, cfg.Memory+4)}
}

// Parts appends the exact split of an item's score; the parts sum to it.
//
// What was wanted. With A fixed the score is linear in b, so that each signal
// with a preference has its share (Hu, Koren, Volinsky 2008, section 5). We take A₀
// for A: the precision as it would be without the signals that count against
// something (preference 0: hidden, glanced at, passed over),
//
//	u₀ = A₀⁻¹·b,   u₀·vⱼ = Σ wₖ·pₖ·(A₀⁻¹vⱼ)·vₖ.
//
// What was not. With N = A − A₀ = Σ wₖ·(vₖvₖᵀ + λI) over these signals (each also
// adds its confidence to the regularisation), A·u = b = A₀·u₀ = (A−N)·u₀, so that
// u = u₀ − A⁻¹N·u₀, and each of them has the part
//
//	−wₖ·[ (A⁻¹vⱼ·vₖ)·(vₖ·u₀) + λ·A⁻¹vⱼ·u₀ ]:
//
// negative where it is like the item and is like what is wanted. No order among
// signals is favoured, and nothing is left over.
//
// Where the model expects something of each item, u = A⁻¹·Σ wₖ·(pₖ − eₖ)·vₖ is linear in every
// signal as it is, and each has the part wₖ·(pₖ − eₖ)·(A⁻¹vⱼ)·vₖ; where something was said of item j itself, each signal
// has so much less of it, and those on j have what they say directly.
//
// What follows recent items, what content they have, and what the adapter has
// learned from a signal are added to the signal's part. Signals on the same item
// and of the same kind are taken together; those that have left the memory are one part.
//
// For an item beyond the best [Config.Rescore] the parts sum to the score in full, from
// which the scan's differs by its rounding.
func (r *Ranker) Parts(dst []Part, item world.ItemIndex) []Part {
	if item < 0 || int(item) >= r.model.Items {
		return dst
	}
	r.score()
	r.prepareWhy()
	w := &r.why
	v := r.evidence.factors(item)
	for i, x := range v {
		w.z[i], w.z0[i] = float64(x), float64(x)
	}
	solveCholesky(r.chol, w.z)
	solveCholesky(w.chol, w.z0)
	w.guessed, w.direct = r.shares(item)

	start := len(dst)
	dst = append(dst, Part{Source: SourcePrior, Item: world.NoItem, Value: float64(r.priorWeight) * float64(r.prior[item])})
	if r.inHead[item] {
		at := slices.IndexFunc(r.head, func(h headed) bool { return h.Item == item })
		if x := r.head[at].added; x != 0 {
			dst = append(dst, Part{Source: SourceReranker, Item: world.NoItem, Value: float64(x)})
		}
	}
	if r.evidence.past.mass > 0 {
		dst = append(dst, Part{Source: SourceAges, Item: world.NoItem, Kind: world.EventExposure, Value: r.agesPart()})
	}
	r.explainAdapter(item)
	first := len(dst)
	for i := range r.evidence.list {
		n := &r.evidence.list[i]
		value := r.factorPart(n) + r.adapterPart(n)
		if n.item == item {
			value += w.direct * n.weight * (float64(n.preference) - r.evidence.expected(item))
		}
		dst = addPart(dst, first, n.item, n.kind, n.dwell, value)
	}
	total := r.recentWeight()
	for _, x := range r.recent {
		value := r.transition(x, item)
		if r.contentSketch != nil && r.blend.Content > 0 {
			value += float64(r.blend.Content) * float64(x.Weight) / total * dot32(r.features(x.Item), r.features(item))
		}
		dst = addPart(dst, first, x.Item, x.Kind, 0, value)
	}
	slices.SortFunc(dst[start:], func(a, b Part) int {
		return cmp.Or(cmp.Compare(b.Value, a.Value), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Item, b.Item), cmp.Compare(a.Kind, b.Kind))
	})
	return dst
}

// addPart adds to the part of an item and a kind.
func addPart(dst []Part, first int, item world.ItemIndex, kind world.EventKind, dwell float32, value float64) []Part {
	at := first
	for at < len(dst) && (dst[at].Item != item || dst[at].Kind != kind) {
		at++
	}
	if at == len(dst) {
		dst = append(dst, Part{Item: item, Kind: kind})
	}
	dst[at].Dwell += dwell
	dst[at].Value += value
	return dst
}

// prepareWhy derives A₀ and u₀ once for what is known now.
func (r *Ranker) prepareWhy() {
	w := &r.why
	if w.ready {
		return
	}
	if r.model.Expected != nil { // nothing is against: what disappoints has a part of its own
		copy(w.chol, r.chol)
		copy(w.user, r.user)
		w.ready = true
		return
	}
	d := r.model.Dim
	diag := r.diagonal()
	r.fillPrecision(w.chol, diag)
	against := 0.0
	for i := range r.evidence.list {
		n := &r.evidence.list[i]
		if n.preference > 0 {
			continue
		}
		against += n.weight
		v := r.evidence.factors(n.item)
		for a := range d {
			row := w.chol[a*d : a*d+a+1]
			x := n.weight * float64(v[a])
			for b := range row {
				row[b] -= float64(x * float64(v[b]))
			}
		}
	}
	for a := range d {
		w.chol[a*d+a] -= float64(r.model.Regularisation) * against
	}
	if !cholesky(w.chol, d) { // by rounding alone: then nothing is against anything
		copy(w.chol, r.chol)
	}
	copy(w.user, r.evidence.all.b)
	solveCholesky(w.chol, w.user)
	w.ready = true
}

// factorPart is a signal's part in Factors·u·vⱼ.
func (r *Ranker) factorPart(n *noted) float64 {
	w, v := &r.why, r.evidence.factors(n.item)
	scale := float64(r.blend.Factors) * w.guessed * n.weight
	if r.model.Expected != nil {
		return scale * (float64(n.preference) - r.evidence.expected(n.item)) * dotMixed(w.z0, v)
	}
	if n.preference > 0 {
		return scale * float64(n.preference) * dotMixed(w.z0, v)
	}
	return -scale * (dotMixed(w.z, v)*dotMixed(w.user, v) + float64(r.model.Regularisation)*dot64(w.z, w.user))
}

// agesPart is what of u₀·vⱼ no signal of the list has brought.
func (r *Ranker) agesPart() float64 {
	rest := float64(r.blend.Factors) * r.why.guessed * dot64(r.why.z0, r.evidence.all.b)
	for i := range r.evidence.list {
		if n := &r.evidence.list[i]; n.preference > 0 || r.model.Expected != nil {
			rest -= r.factorPart(n)
		}
	}
	return rest
}

func dot32(a, b []float32) float64 {
	s := 0.0
	for k, x := range a {
		s += float64(x) * float64(b[k])
	}
	return s
}

// Explain appends the largest positive parts of the item's score, at most max,
// as shares of the sum of all positive parts that can be named; a reranker's
// cannot: see [Ranker.Parts].
func (r *Ranker) Explain(dst []Reason, item world.ItemIndex, max int) []Reason {
	r.why.parts = r.Parts(r.why.parts[:0], item)
	total := 0.0
	for _, p := range r.why.parts {
		if p.Value > 0 && p.Source != SourceReranker {
			total += p.Value
		}
	}
	for _, p := range r.why.parts {
		if max <= 0 || p.Value <= 0 {
			break
		}
		if p.Source == SourceReranker {
			continue
		}
		dst = append(dst, Reason{Item: p.Item, Kind: p.Kind, Dwell: p.Dwell, Share: float32(p.Value / total)})
		max--
	}
	return dst
}
