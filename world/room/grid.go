package room

import (
	"math"
	"slices"

	"souk/world/wire"
)

// grid finds the people around a place: they are sorted by the square cell
// they stand in, with sides of the range, so that nine cells hold everybody in range.
type grid struct {
	side  int64 // centimetres
	cells []cell
	n     int // people who stand somewhere
	// The box around everybody, to see at once whether all are within range of all.
	minX, maxX, minZ, maxZ int32
}

// cell is one person in the sorted list, with what the search looks at.
type cell struct {
	key   uint64
	slot  int32
	place wire.Place
}

func newGrid(rangeM float64) grid { return grid{side: max(1, int64(rangeM*100))} }

// key orders cells by row, then by column.
func (g *grid) key(cx, cz int64) uint64 {
	const middle = 1 << 31
	return uint64(cz+middle)<<32 | uint64(cx+middle)
}

func (g *grid) cellOf(p wire.Place) (cx, cz int64) {
	return floorDiv(int64(p.X), g.side), floorDiv(int64(p.Z), g.side)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func (g *grid) fill(members []*Member) {
	g.cells = g.cells[:0]
	g.minX, g.maxX, g.minZ, g.maxZ = math.MaxInt32, math.MinInt32, math.MaxInt32, math.MinInt32
	for _, m := range members {
		if m == nil || !m.placed {
			continue
		}
		cx, cz := g.cellOf(m.place)
		g.cells = append(g.cells, cell{key: g.key(cx, cz), slot: m.slot, place: m.place})
		g.minX, g.maxX = min(g.minX, m.place.X), max(g.maxX, m.place.X)
		g.minZ, g.maxZ = min(g.minZ, m.place.Z), max(g.maxZ, m.place.Z)
	}
	g.n = len(g.cells)
	slices.SortFunc(g.cells, func(a, b cell) int {
		switch {
		case a.key != b.key && a.key < b.key:
			return -1
		case a.key != b.key:
			return 1
		}
		return int(a.slot) - int(b.slot)
	})
}

// remove takes one person out again.
func (g *grid) remove(slot int32) {
	g.cells = slices.DeleteFunc(g.cells, func(c cell) bool { return c.slot == slot })
	g.n = len(g.cells)
}

// fits says that everybody is told of everybody.
func (g *grid) fits(cfg Config) bool {
	if g.n-1 > cfg.Nearest {
		return false
	}
	dx, dz := float64(g.maxX)-float64(g.minX), float64(g.maxZ)-float64(g.minZ)
	return math.Hypot(dx, dz) <= cfg.Range*100
}

// around calls f for everybody in the nine cells about a place.
func (g *grid) around(p wire.Place, f func(slot int32, p wire.Place)) {
	cx, cz := g.cellOf(p)
	for dz := int64(-1); dz <= 1; dz++ {
		from, to := g.key(cx-1, cz+dz), g.key(cx+1, cz+dz)
		i, _ := slices.BinarySearchFunc(g.cells, from, func(c cell, key uint64) int {
			if c.key < key {
				return -1
			}
			return 1
		})
		for ; i < len(g.cells) && g.cells[i].key <= to; i++ {
			f(g.cells[i].slot, g.cells[i].place)
		}
	}
}
