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
	kernel.ScaleTo(r.bias, r.prior, r.priorWeight)
	r.addTransitions()
	r.addItself()
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
	keys := r.best.choose(r.scores, max(r.cfg.Rescore, r.cfg.Pool+spare))
	if r.cfg.Rescore < len(keys) {
		split(keys, r.cfg.Rescore)
		keys = keys[:r.cfg.Rescore]
	}
	r.keys = r.keys[:0]
	for _, k := range keys {
		i := keyIndex(k)
		r.keys = append(r.keys, key(r.exact(int(i)), i))
	}
	slices.Sort(r.keys)
	for _, k := range r.keys {
		r.head = append(r.head, headed{Scored: Scored{Item: world.ItemIndex(keyIndex(k)), Score: keyScore(k)}})
	}
	if r.rerank() {
		slices.SortFunc(r.head, func(a, b headed) int { return byScore(a.Scored, b.Scored) })
	}
	for _, h := range r.head {
		r.scores[h.Item], r.inHead[h.Item] = h.Score, true
	}
}

// spare is how many of the best may be out of proposals before all items are looked
// through once more for the pool.
const spare = 64

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
		for _, key := range r.long.pick(r.scores, k) {
			i := keyIndex(key)
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
	r.most = kernel.Largest(r.scores)
	if r.most-r.most != 0 { // nothing is ranked
		r.total = 0
		return
	}
	r.total = kernel.SumExp2(r.scores, r.most, float32(1/float64(r.model.Temperature)/math.Ln2))
}

// attention is the softmax of a score that is in the ranking.
func (r *Ranker) attention(score float32) float32 {
	x := float64(score-r.most) / float64(r.model.Temperature)
	if !(x > -600) {
		return math.SmallestNonzeroFloat32
	}
	return max(float32(exp(x)/r.total), math.SmallestNonzeroFloat32)
}
