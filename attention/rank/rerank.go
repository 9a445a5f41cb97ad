package rank

import (
	"souk/attention/rank/selfattention"
	"souk/world"
)

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

// networkReranker lets a network that reads what was wanted in order have the last look.
type networkReranker struct {
	network             *selfattention.Network
	scorer              *selfattention.Scorer
	history, candidates []int32
	scores              []float32
}

func newNetworkReranker(n *selfattention.Network) *networkReranker {
	return &networkReranker{network: n, scorer: n.NewScorer()}
}

// Rerank adds to each score how much more the network thinks of the candidate than of the mean
// candidate, times its weight: so the head as a whole stays where it is among all items.
func (r *networkReranker) Rerank(scores []float32, recent []Recent, candidates []world.ItemIndex) {
	r.history, r.candidates = r.history[:0], r.candidates[:0]
	for k := len(recent) - 1; k >= 0; k-- {
		r.history = append(r.history, int32(recent[k].Item))
	}
	for _, c := range candidates {
		r.candidates = append(r.candidates, int32(c))
	}
	if cap(r.scores) < len(scores) {
		r.scores = make([]float32, len(scores))
	}
	s := r.scores[:len(scores)]
	if !r.scorer.Score(s, r.candidates, r.history) {
		return
	}
	mean := 0.0
	for _, x := range s {
		mean += float64(x)
	}
	mean /= float64(len(s))
	for i, x := range s {
		scores[i] += float32(r.network.Weight * float32(float64(x)-mean))
	}
}
