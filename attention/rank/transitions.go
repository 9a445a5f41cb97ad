package rank

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// MaxNeighbours is how many neighbours an item may have in [Transitions].
const MaxNeighbours = 64

// Transitions says what people go on to after an item: for each item at most
// Width others with a weight each, the heaviest first. Directed: what follows
// a camera is a film, what follows a film is no camera. 3 bytes a neighbour, so that
// 64 neighbours of 50,000 items take 9.8 MB.
type Transitions struct {
	Width int
	// Low and High are the neighbours' indices: the lower 16 bits and the upper
	// 8, Items × Width, row by row; High is empty where there are at most 65,536 items.
	Low  []uint16
	High []uint8
	// Weight times the row's Scale is the neighbour's weight; 0 ends a row that
	// has fewer than Width neighbours.
	Weight []uint8
	Scale  []float32 // by item, ≥ 0
}

// Neighbour is another item and how strongly it follows.
type Neighbour struct {
	Item   int32
	Weight float32
}

// NewTransitions makes the table from each item's neighbours in any order, of
// which the width heaviest are kept; ones with a weight that is not above 0, or
// too little to be told from it, are left out. Equal weights go by the smaller
// index. row is called once for each item from 0 and may use one slice again.
// An item that is none, one that is named twice or a weight that is no number is an error.
func NewTransitions(items, width int, row func(item int) []Neighbour) (*Transitions, error) {
	if items < 1 || items > 1<<24 || width < 1 || width > MaxNeighbours {
		return nil, fmt.Errorf("make transitions: %d items with %d neighbours each; 1 to %d items and 1 to %d neighbours are possible", items, width, 1<<24, MaxNeighbours)
	}
	t := &Transitions{Width: width, Low: make([]uint16, items*width), Weight: make([]uint8, items*width), Scale: make([]float32, items)}
	if items > 1<<16 {
		t.High = make([]uint8, items*width)
	}
	var sorted []Neighbour
	for i := range items {
		sorted = sorted[:0]
		for _, n := range row(i) {
			if n.Item < 0 || int(n.Item) >= items || !finite(n.Weight) {
				return nil, fmt.Errorf("make transitions: item %d is followed by item %d with weight %v; there are %d items", i, n.Item, n.Weight, items)
			}
			if n.Weight > 0 {
				sorted = append(sorted, n)
			}
		}
		slices.SortFunc(sorted, func(a, b Neighbour) int {
			return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Item, b.Item))
		})
		t.set(i, sorted[:min(width, len(sorted))])
	}
	return t, t.Check(items)
}

// set writes a row that is sorted.
func (t *Transitions) set(i int, row []Neighbour) {
	if len(row) == 0 {
		return
	}
	most := float64(row[0].Weight)
	t.Scale[i] = float32(most / 255)
	for k, n := range row {
		at := i*t.Width + k
		w := uint8(math.RoundToEven(float64(n.Weight) / most * 255))
		if w == 0 {
			return
		}
		t.Weight[at], t.Low[at] = w, uint16(n.Item)
		if t.High != nil {
			t.High[at] = uint8(n.Item >> 16)
		}
	}
}

// Row appends the neighbours of an item, the heaviest first.
func (t *Transitions) Row(dst []Neighbour, item int) []Neighbour {
	for at := item * t.Width; at < (item+1)*t.Width && t.Weight[at] > 0; at++ {
		dst = append(dst, Neighbour{t.item(at), float32(t.Weight[at]) * t.Scale[item]})
	}
	return dst
}

func (t *Transitions) item(at int) int32 {
	n := int32(t.Low[at])
	if t.High != nil {
		n |= int32(t.High[at]) << 16
	}
	return n
}

// between is the weight of a transition.
func (t *Transitions) between(from, to int) float32 {
	for at := from * t.Width; at < (from+1)*t.Width && t.Weight[at] > 0; at++ {
		if int(t.item(at)) == to {
			return float32(t.Weight[at]) * t.Scale[from]
		}
	}
	return 0
}

// Bytes is the memory that the table takes.
func (t *Transitions) Bytes() int {
	return 2*len(t.Low) + len(t.High) + len(t.Weight) + 4*len(t.Scale)
}

// Check says what is wrong with the table of so many items; nil if nothing is.
func (t *Transitions) Check(items int) error {
	n := items * t.Width
	high := 0
	if items > 1<<16 {
		high = n
	}
	if t.Width < 1 || t.Width > MaxNeighbours || len(t.Low) != n || len(t.High) != high || len(t.Weight) != n || len(t.Scale) != items {
		return fmt.Errorf("check transitions: %d items with %d neighbours each, but %d + %d indices, %d weights and %d scales", items, t.Width, len(t.Low), len(t.High), len(t.Weight), len(t.Scale))
	}
	var row []Neighbour
	for i := range items {
		if s := t.Scale[i]; !(s >= 0) || !finite(s) {
			return fmt.Errorf("check transitions: the scale of item %d is %v", i, s)
		}
		row = t.Row(row[:0], i)
		slices.SortFunc(row, func(a, b Neighbour) int { return cmp.Compare(a.Item, b.Item) })
		for k, x := range row {
			if int(x.Item) >= items || k > 0 && x.Item == row[k-1].Item {
				return fmt.Errorf("check transitions: item %d is followed by item %d, which is none or comes twice", i, x.Item)
			}
		}
		for at := i*t.Width + 1; at < (i+1)*t.Width; at++ {
			if t.Weight[at] > t.Weight[at-1] {
				return fmt.Errorf("check transitions: the neighbours of item %d are not in order of weight", i)
			}
		}
	}
	return nil
}
