package server

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"souk/world"
	"souk/world/catalog"
	"souk/world/plan"
	"souk/world/wire"
)

const (
	cellSize = 1.0  // metres: the side of a cell of the heat map
	halfLife = 60.0 // seconds in which heat goes down to a half
	cold     = 0.02 // seconds of attention below which a cell is forgotten
)

// heat is where attention was of late: seconds of dwell by cell of the floor
// and by item, fading. It is made from the aggregates that clients upload,
// and holds nothing about who looked.
type heat struct {
	slots []plan.Slot
	cat   *catalog.Catalog

	mu    sync.Mutex
	cells map[[2]int32]fading
	items map[world.ItemIndex]fading
}

// fading is an amount at a time, that halves every halfLife.
type fading struct{ seconds, t float64 }

func (f fading) at(t float64) float64 { return f.seconds * math.Exp2(-max(t-f.t, 0)/halfLife) }

// plus is the sum with an amount that dates from another time.
func (f fading) plus(seconds, t float64) fading {
	if t < f.t { // came late: it has faded since
		return fading{f.seconds + fading{seconds, t}.at(f.t), f.t}
	}
	return fading{f.at(t) + seconds, t}
}

func newHeat(p *plan.Plan) *heat {
	return &heat{slots: p.Slots, cat: p.Catalog(), cells: map[[2]int32]fading{}, items: map[world.ItemIndex]fading{}}
}

// add takes the visits of attention among the fresh rows of a batch. An event from a clock that
// is ahead counts as of now.
func (h *heat) add(events []world.Event, fresh []int, now float64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, i := range fresh {
		e := &events[i]
		if e.Kind != world.EventDwell || e.Dwell <= 0 {
			continue
		}
		t := min(e.Time, now)
		if (fading{float64(e.Dwell), t}).at(now) < cold {
			continue
		}
		if item, ok := h.cat.Index(e.Item); ok {
			h.items[item] = h.items[item].plus(float64(e.Dwell), t)
		}
		if e.Slot >= 0 && int(e.Slot) < len(h.slots) {
			p := h.slots[e.Slot].Pos
			cell := [2]int32{int32(math.Floor(p.X / cellSize)), int32(math.Floor(p.Z / cellSize))}
			h.cells[cell] = h.cells[cell].plus(float64(e.Dwell), t)
		}
	}
}

// floor is the hottest cells and items now, hottest first, at most so many; it forgets what is cold.
func (h *heat) floor(now float64, maxCells, maxItems int) ([]*wire.Heat, []*wire.ItemHeat) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var cells []*wire.Heat
	for k, f := range h.cells {
		v := f.at(now)
		if v < cold {
			delete(h.cells, k)
			continue
		}
		cells = append(cells, &wire.Heat{X: k[0], Z: k[1], Seconds: float32(v)})
	}
	slices.SortFunc(cells, func(a, b *wire.Heat) int {
		return cmp.Or(cmp.Compare(b.Seconds, a.Seconds), cmp.Compare(a.Z, b.Z), cmp.Compare(a.X, b.X))
	})
	var items []*wire.ItemHeat
	for i, f := range h.items {
		v := f.at(now)
		if v < cold {
			delete(h.items, i)
			continue
		}
		items = append(items, &wire.ItemHeat{Item: h.cat.Items[i].ID, Seconds: float32(v), Name: wire.TextOf(h.cat.Items[i].Name)})
	}
	slices.SortFunc(items, func(a, b *wire.ItemHeat) int {
		return cmp.Or(cmp.Compare(b.Seconds, a.Seconds), cmp.Compare(a.Item, b.Item))
	})
	return cells[:min(len(cells), maxCells)], items[:min(len(items), maxItems)]
}
