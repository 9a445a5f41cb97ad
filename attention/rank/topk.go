package rank

import "math"

// top keeps the k best of a stream of scores in a heap whose root is the worst
// kept. Ties go to the smaller index, so that an order is total.
type top struct {
	index []int32
	score []float32
}

func worse(si float32, i int32, sj float32, j int32) bool {
	return si < sj || si == sj && i > j
}

// pick fills the heap with the k best of scores, −Inf left out, and sorts it,
// best first. The result is valid until the next call.
func (t *top) pick(scores []float32, k int) []int32 {
	t.index, t.score = t.index[:0], t.score[:0]
	if k <= 0 {
		return t.index
	}
	floor := float32(math.Inf(-1))
	for i, s := range scores {
		// One comparison for most items: once full, floor is the root's score. A
		// tie with the root loses, since its index is larger.
		if s > floor {
			t.offer(s, int32(i), k)
			if len(t.index) == k {
				floor = t.score[0]
			}
		}
	}
	t.drain()
	return t.index
}

// drain turns the heap into an order, best first.
func (t *top) drain() {
	for n := len(t.index) - 1; n > 0; n-- {
		t.swap(0, n)
		t.down(0, n)
	}
}

// sort puts what was picked in order, best first, after its scores have changed.
func (t *top) sort() {
	for p := len(t.index)/2 - 1; p >= 0; p-- {
		t.down(p, len(t.index))
	}
	t.drain()
}

func (t *top) offer(s float32, i int32, k int) {
	if len(t.index) < k {
		t.index, t.score = append(t.index, i), append(t.score, s)
		for c := len(t.index) - 1; c > 0; {
			p := (c - 1) / 2
			if !worse(t.score[c], t.index[c], t.score[p], t.index[p]) {
				return
			}
			t.swap(c, p)
			c = p
		}
		return
	}
	t.index[0], t.score[0] = i, s
	t.down(0, k)
}

func (t *top) down(p, n int) {
	for {
		c := 2*p + 1
		if c >= n {
			return
		}
		if c+1 < n && worse(t.score[c+1], t.index[c+1], t.score[c], t.index[c]) {
			c++
		}
		if !worse(t.score[c], t.index[c], t.score[p], t.index[p]) {
			return
		}
		t.swap(p, c)
		p = c
	}
}

func (t *top) swap(i, j int) {
	t.index[i], t.index[j] = t.index[j], t.index[i]
	t.score[i], t.score[j] = t.score[j], t.score[i]
}
