package rank

import (
	"souk/attention/internal/kernel"
	"souk/world"
)

// itself is what was said of each item itself, beside what that says of its like. Factors guess what a visitor thinks of an
// item; a look at it, or a deed, is an answer. With the item's own deviation from the guess normal and independent of all else
// (the variance component that latent factor models call the residual), the best score is the mean of guess
// and answers, weighted by precision: the guess counts κ ([Config.Itself]), each answer its confidence.
//
// The guess itself is left as it is without: taking the answers on one item as one, as the model would have it
// strictly, was tried and made strangers known less well, since a deed stands for more than its item.
//
// It is derived from the signals in memory, so that an undo takes its part back exactly.
type itself struct {
	place  []int32 // by item: 1 + its place in own; 0: none
	own    []said
	active bool
}

// said sums up the signals on one item.
type said struct {
	item       world.ItemIndex
	confidence float64
	surprise   float64 // Σ w·(p − e)
}

func newItself(items int, cfg Config) itself {
	return itself{place: make([]int32, items), own: make([]said, 0, cfg.Memory)}
}

// gather sums up the list of signals by item.
func (r *Ranker) gather() {
	own := r.itself.own
	for i := range own {
		r.place[own[i].item] = 0
	}
	own = own[:0]
	r.active = r.cfg.Itself > 0 && r.model.Expected != nil
	if r.active {
		for i := range r.evidence.list {
			n := &r.evidence.list[i]
			if r.place[n.item] == 0 {
				own = append(own, said{item: n.item})
				r.place[n.item] = int32(len(own))
			}
			s := &own[r.place[n.item]-1]
			s.confidence += n.weight
			s.surprise += float64(n.weight * (float64(n.preference) - r.evidence.expected(n.item)))
		}
	}
	r.itself.own = own
}

// shares says what part of the guess counts for an item, and what a unit of surprise on the item itself adds to its score.
func (r *Ranker) shares(item world.ItemIndex) (guessed, direct float64) {
	if !r.active || r.place[item] == 0 {
		return 1, 0
	}
	all := r.cfg.Itself + r.itself.own[r.place[item]-1].confidence
	return r.cfg.Itself / all, float64(r.blend.Factors) / all
}

// addItself adds to the bias what turns the guess of each item that something was said of into the mean.
func (r *Ranker) addItself() {
	r.gather()
	d := r.model.Dim
	for i := range r.itself.own {
		s := &r.itself.own[i]
		guessed, direct := r.shares(s.item)
		guess := float64(kernel.Dot(r.taste, r.model.Factors[int(s.item)*d:int(s.item)*d+d]))
		r.bias[s.item] += float32(float64(direct*s.surprise) - float64((1-guessed)*guess))
	}
}
