package rank

import (
	"math"

	"souk/attention/internal/snap"
	"souk/attention/signal"
	"souk/world"
)

// exclusion keeps what no policy may show: hidden and lately bought items are
// out of ranking and proposals, items in the cart or looked at a moment ago
// out of proposals only. All policies share it, so that they differ in taste alone.
type exclusion struct {
	rest, bought float64 // seconds
	now          float64 // the latest signal's time
	hidden       []bool
	inCart       []bool
	boughtUntil  []float64 // by item; −Inf: not bought
	restUntil    []float64
	// touched are the items that any of these says something of, each once, in
	// order of its first time: few, so that nobody looks through all items.
	touched   []int32
	isTouched []bool
}

func newExclusion(items int, cfg Config) exclusion {
	x := exclusion{rest: cfg.Rest, bought: cfg.Bought,
		hidden: make([]bool, items), inCart: make([]bool, items),
		boughtUntil: make([]float64, items), restUntil: make([]float64, items),
		touched: make([]int32, 0, min(items, 4096)), isTouched: make([]bool, items)}
	x.clear()
	return x
}

func (x *exclusion) clear() {
	x.now = math.Inf(-1)
	clear(x.hidden)
	clear(x.inCart)
	for i := range x.boughtUntil {
		x.boughtUntil[i], x.restUntil[i] = math.Inf(-1), math.Inf(-1)
	}
	x.touched = x.touched[:0]
	clear(x.isTouched)
}

func (x *exclusion) touch(i int) {
	if !x.isTouched[i] {
		x.isTouched[i] = true
		x.touched = append(x.touched, int32(i))
	}
}

// observe takes note of a usable signal.
func (x *exclusion) observe(s signal.Signal) {
	x.now = max(x.now, s.T)
	kind, undo := undone(s)
	if kind != world.EventExposure {
		x.touch(int(s.Item))
	}
	switch kind {
	case world.EventHide:
		x.hidden[s.Item] = !undo
	case world.EventCart:
		x.inCart[s.Item] = !undo
	case world.EventPurchase:
		x.inCart[s.Item] = false
		x.boughtUntil[s.Item] = math.Inf(-1)
		if !undo {
			x.boughtUntil[s.Item] = s.T + x.bought
		}
	case world.EventDwell, world.EventOpen:
		if !undo {
			x.restUntil[s.Item] = max(x.restUntil[s.Item], s.T+x.rest)
		}
	}
}

// unranked says that the item is out of the ranking.
func (x *exclusion) unranked(i int) bool { return x.hidden[i] || x.boughtUntil[i] > x.now }

// unproposed says that the item is out of proposals.
func (x *exclusion) unproposed(i int) bool {
	return x.unranked(i) || x.inCart[i] || x.restUntil[i] > x.now
}

func (x *exclusion) append(w *snap.Writer) {
	w.F64(x.now)
	count := uint64(0)
	for i := range x.hidden {
		if x.noted(i) {
			count++
		}
	}
	w.U64(count)
	for i := range x.hidden {
		if x.noted(i) {
			w.I32(int32(i))
			w.Bool(x.hidden[i])
			w.Bool(x.inCart[i])
			w.F64(x.boughtUntil[i])
			w.F64(x.restUntil[i])
		}
	}
}

func (x *exclusion) noted(i int) bool {
	return x.hidden[i] || x.inCart[i] || x.boughtUntil[i] > math.Inf(-1) || x.restUntil[i] > math.Inf(-1)
}

func (x *exclusion) restore(r *snap.Reader) {
	x.clear()
	x.now = r.F64()
	for range r.Count(22) {
		i := int(r.I32())
		if i < 0 || i >= len(x.hidden) {
			r.Fail("item %d of %d", i, len(x.hidden))
			return
		}
		x.touch(i)
		x.hidden[i], x.inCart[i] = r.Bool(), r.Bool()
		x.boughtUntil[i], x.restUntil[i] = r.F64(), r.F64()
	}
}
