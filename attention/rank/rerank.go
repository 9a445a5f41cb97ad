package rank

import "souk/world"

// Reranker looks at the best items once more, with what a score that is a sum
// over items cannot see: the order of what was done. It belongs to one Ranker and
// may keep scratch memory; the same input must give the same bits.
type Reranker interface {
	// Rerank adds to the scores of the candidates (the best of the ranking,
	// best first). recent is what was wanted lately, the newest first;
	// it is not empty. Something that is no number is ignored.
	Rerank(scores []float32, recent []Recent, candidates []world.ItemIndex)
}

// rerank lets the model's reranker add to the head's scores, and says whether it did.
func (r *Ranker) rerank() bool {
	if r.reranker == nil || len(r.recent) == 0 || len(r.head) == 0 {
		return false
	}
	r.candidates, r.reranked = r.candidates[:0], r.reranked[:0]
	for _, h := range r.head {
		r.candidates = append(r.candidates, h.Item)
		r.reranked = append(r.reranked, h.Score)
	}
	r.reranker.Rerank(r.reranked, r.recent, r.candidates)
	for k := range r.head {
		if h := &r.head[k]; finite(r.reranked[k]) {
			h.added = r.reranked[k] - h.Score
			h.Score = r.reranked[k]
		}
	}
	return true
}
