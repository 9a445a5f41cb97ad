package rank

import (
	"math/rand/v2"
	"slices"

	"souk/world"
)

// lottery draws items: some that are named, with a probability each, and all
// the rest with one and the same, so that a draw looks at the named ones alone.
type lottery struct {
	item   []int32
	p      []float64 // probability to be drawn, what the rest has included
	sure   []float64 // the part of it that comes from the greedy choice
	score  []float32
	left   int     // items that may be drawn, named or not
	rest   float64 // probability of each item that is not named
	absent []int32 // items that are named or may not be drawn, in order
}

// clear begins a lottery among so many items with the probability that each has
// for being one of them.
func (l *lottery) clear(left int, rest float64) {
	l.item, l.p, l.sure, l.score = l.item[:0], l.p[:0], l.sure[:0], l.score[:0]
	l.left, l.rest = left, rest
}

// add names an item; p comes on top of what each has.
func (l *lottery) add(item int32, p float64, score float32) {
	l.item, l.p, l.sure, l.score = append(l.item, item), append(l.p, p+l.rest), append(l.sure, p), append(l.score, score)
}

// exclude says which items may not be drawn; after the last add. No item is both.
func (l *lottery) exclude(items []int32, is func(int) bool) {
	l.absent = append(l.absent[:0], l.item...)
	for _, i := range items {
		if is(int(i)) {
			l.absent = append(l.absent, i)
		}
	}
	slices.Sort(l.absent)
}

// draw takes n items by systematic sampling (Madow 1949): the probabilities,
// which sum to n and are at most 1 each, are laid end to end, and a comb with teeth one
// apart and a random start picks the items that it falls on. The items come in
// order of score, explored ones (drawn for the sake of learning) at places drawn at
// random, since late places are seldom used.
func (l *lottery) draw(dst []Candidate, n int, rng *rand.Rand, score func(item int) float32) []Candidate {
	tooth, at := rng.Float64(), 0.0
	missed := -1
	for k, p := range l.p {
		at += p
		if at > tooth && len(dst) < n {
			dst = append(dst, l.named(k, rng))
			tooth++
		} else if p > 0 {
			missed = k
		}
	}
	others := l.left - len(l.item)
	for last := -1; len(dst) < n && last < others-1 && l.rest > 0; tooth++ {
		// Rounding may leave the last tooth a hair beyond the end.
		last = min(max(int((tooth-at)/l.rest), last+1), others-1)
		i := l.other(last)
		dst = append(dst, Candidate{Scored: Scored{Item: world.ItemIndex(i), Score: score(i)}, Propensity: float32(min(1, l.rest)), Explored: true})
	}
	if len(dst) < n && missed >= 0 {
		dst = append(dst, l.named(missed, rng))
	}
	slices.SortFunc(dst, func(a, b Candidate) int { return byScore(a.Scored, b.Scored) })
	mingle(dst, rng)
	return dst
}

func (l *lottery) named(k int, rng *rand.Rand) Candidate {
	p := min(1, l.p[k])
	return Candidate{Scored: Scored{Item: world.ItemIndex(l.item[k]), Score: l.score[k]},
		Propensity: float32(p), Explored: rng.Float64()*p >= l.sure[k]}
}

// other is the item that comes k-th of those that are not named and may be drawn.
func (l *lottery) other(k int) int {
	for _, a := range l.absent {
		if int(a) > k {
			break
		}
		k++
	}
	return k
}

// mingle moves each explored candidate to a random place.
func mingle(c []Candidate, rng *rand.Rand) {
	for i := range c {
		if !c[i].Explored {
			continue
		}
		to := rng.IntN(len(c))
		x := c[i]
		if to < i {
			copy(c[to+1:i+1], c[to:i])
		} else {
			copy(c[i:to], c[i+1:to+1])
		}
		c[to] = x
	}
}
