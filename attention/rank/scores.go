package rank

import (
	"cmp"
	"math"
	"slices"

	"souk/attention/internal/kernel"
	"souk/world"
)

// score scores all items: by the sketch all of them, the best in full.
func (r *Ranker) score() {
	if r.scored {
		return
	}
	r.solve()
	for i, p := range r.prior {
		r.bias[i] = float32(r.priorWeight * p)
	}
	r.addTransitions()
	r.factorSketch.scan(r.scores, r.bias, r.taste)
	if r.contentSketch != nil {
		r.contentQuery()
		r.addAdapter()
		r.contentSketch.scan(r.scores, r.scores, r.wanted)
	}
	out := float32(math.Inf(-1))
	for _, i := range r.touched {
		if r.unranked(int(i)) {
			r.scores[i] = out
		}
	}
	r.fillHead()
	r.readOut()
	r.scored = true
}

// exact is an item's score in full, but for a reranker's part: one way to compute
// it, the same bits everywhere.
func (r *Ranker) exact(i int) float32 {
	d := r.model.Dim
	s := kernel.Dot(r.taste, r.model.Factors[i*d:i*d+d]) + r.bias[i]
	if r.contentSketch != nil {
		s += kernel.Dot(r.wanted, r.features(world.ItemIndex(i)))
	}
	return s
}

// fillHead scores the best of the scan in full.
func (r *Ranker) fillHead() {
	for _, h := range r.head {
		r.inHead[h.Item] = false
	}
	r.head = r.head[:0]
	for _, i := range r.best.pick(r.scores, r.cfg.Rescore) {
		r.head = append(r.head, headed{Scored: Scored{Item: world.ItemIndex(i), Score: r.exact(int(i))}})
	}
	slices.SortFunc(r.head, func(a, b headed) int { return byScore(a.Scored, b.Scored) })
	r.rerank()
	for _, h := range r.head {
		r.scores[h.Item], r.inHead[h.Item] = h.Score, true
	}
	slices.SortFunc(r.head, func(a, b headed) int { return byScore(a.Scored, b.Scored) })
}

func byScore(a, b Scored) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Item, b.Item))
}

// Rank scores all items and returns the best k, best first, hidden and lately
// bought items left out; fewer where there are fewer. Attention is the share
// of the softmax over all items that are in the ranking.
func (r *Ranker) Rank(k int) []Scored {
	r.score()
	r.ranked = r.ranked[:0]
	if k <= len(r.head) {
		for _, h := range r.head[:max(k, 0)] {
			r.ranked = append(r.ranked, h.Scored)
		}
	} else {
		for _, i := range r.best.pick(r.scores, k) {
			r.ranked = append(r.ranked, Scored{Item: world.ItemIndex(i), Score: r.full(int(i))})
		}
		slices.SortFunc(r.ranked, byScore)
	}
	for i := range r.ranked {
		r.ranked[i].Attention = r.attention(r.ranked[i].Score)
	}
	return r.ranked
}

// full is an item's score in full, a reranker's part included.
func (r *Ranker) full(i int) float32 {
	if r.inHead[i] {
		return r.scores[i]
	}
	return r.exact(i)
}

// readOut derives the softmax's normaliser from the scores.
func (r *Ranker) readOut() {
	r.most = float32(math.Inf(-1))
	for _, s := range r.scores {
		r.most = max(r.most, s)
	}
	if r.most-r.most != 0 { // nothing is ranked
		r.total = 0
		return
	}
	steps := float32(octaveSteps / float64(r.model.Temperature) / math.Ln2)
	total := 0.0
	for _, s := range r.scores {
		x := float32((r.most - s) * steps)
		if !(x < octaves*octaveSteps) { // −Inf ends here too
			continue
		}
		k := int32(x)
		lo, hi := powers[k], powers[k+1]
		total += float64(lo + float32((x-float32(k))*(hi-lo)))
	}
	r.total = total
}

// powers[k] is 2^(−k ÷ octaveSteps), as far down as a term is not lost in the sum anyway. Between two
// of them a straight line is right to 4 parts in a million, in a fifth of the time of an exponential.
var powers = func() (p [octaves*octaveSteps + 2]float32) {
	for k := range p {
		p[k] = float32(exp2(-float64(k) / octaveSteps))
	}
	return p
}()

const (
	octaves     = 43
	octaveSteps = 128
)

// attention is the softmax of a score that is in the ranking.
func (r *Ranker) attention(score float32) float32 {
	x := float64(score-r.most) / float64(r.model.Temperature)
	if !(x > -600) {
		return math.SmallestNonzeroFloat32
	}
	return max(float32(exp(x)/r.total), math.SmallestNonzeroFloat32)
}
