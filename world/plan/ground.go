package plan

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
)

// groundIndex finds stalls and pedestals by place: a grid of square cells,
// each with the rows of those whose middle lies in it, as one array cut by
// offsets.
type groundIndex struct {
	x0, z0     float64
	nx, nz     int
	stallFrom  []int32 // cell → first entry of stalls; one more at the end
	stalls     []int32
	pedestFrom []int32
	pedestals  []int32 // slots
}

const (
	cellSize = 8.0
	// reach is how far a stall or pedestal extends from its middle, at most.
	reach = 1.62
)

func (g *groundIndex) build(p *Plan) {
	b := p.Bounds
	g.x0, g.z0 = b.Min.X, b.Min.Z
	g.nx, g.nz = int((b.Max.X-b.Min.X)/cellSize)+1, int((b.Max.Z-b.Min.Z)/cellSize)+1
	where := make([]int, len(p.Stalls))
	for i := range p.Stalls {
		where[i] = g.cell(p.Stalls[i].Box.Center())
	}
	g.stallFrom, g.stalls = g.bucket(where, 0)
	where = where[:0]
	for i := int(p.firstFeature); i < len(p.Slots); i++ {
		where = append(where, g.cell(p.Slots[i].Pos))
	}
	g.pedestFrom, g.pedestals = g.bucket(where, int32(p.firstFeature))
}

func (g *groundIndex) cell(p r3.Vec) int {
	x, z := g.clampX(p.X), g.clampZ(p.Z)
	return z*g.nx + x
}

func (g *groundIndex) clampX(x float64) int { return clampCell((x-g.x0)/cellSize, g.nx) }
func (g *groundIndex) clampZ(z float64) int { return clampCell((z-g.z0)/cellSize, g.nz) }

func clampCell(v float64, n int) int { return int(max(0, min(float64(n-1), math.Floor(v)))) }

// bucket sorts rows into cells by counting, keeping their order within a cell.
func (g *groundIndex) bucket(where []int, first int32) (from, rows []int32) {
	from = make([]int32, g.nx*g.nz+1)
	for _, c := range where {
		from[c+1]++
	}
	for c := range g.nx * g.nz {
		from[c+1] += from[c]
	}
	rows = make([]int32, len(where))
	next := append([]int32(nil), from...)
	for i, c := range where {
		rows[next[c]] = first + int32(i)
		next[c]++
	}
	return from, rows
}

// rect is a rectangle on the ground.
type rect struct{ x0, z0, x1, z1 float64 }

// nearest is the point of the rectangle nearest to a point.
func (b rect) nearest(x, z float64) (nx, nz float64) {
	return max(b.x0, min(b.x1, x)), max(b.z0, min(b.z1, z))
}

func stallRect(s *Stall) rect { return rect{s.Box.Min.X, s.Box.Min.Z, s.Box.Max.X, s.Box.Max.Z} }

func pedestalRect(s *Slot) rect {
	const h = PedestalWidth / 2
	return rect{s.Pos.X - h, s.Pos.Z - h, s.Pos.X + h, s.Pos.Z + h}
}

// obstacles calls do for every stall and pedestal that may come within the
// radius of the rectangle, until it returns false.
func (p *Plan) obstacles(area rect, radius float64, do func(rect) bool) bool {
	g := &p.ground
	r := radius + reach
	for cz := g.clampZ(area.z0 - r); cz <= g.clampZ(area.z1+r); cz++ {
		for cx := g.clampX(area.x0 - r); cx <= g.clampX(area.x1+r); cx++ {
			c := cz*g.nx + cx
			for _, s := range g.stalls[g.stallFrom[c]:g.stallFrom[c+1]] {
				if !do(stallRect(&p.Stalls[s])) {
					return false
				}
			}
			for _, s := range g.pedestals[g.pedestFrom[c]:g.pedestFrom[c+1]] {
				if !do(pedestalRect(&p.Slots[s])) {
					return false
				}
			}
		}
	}
	return true
}

// FeaturesNear appends the feature slots whose place on the ground is within
// the radius of pos, in ascending order. A radius below 0 finds none.
func (p *Plan) FeaturesNear(dst []world.SlotIndex, pos r3.Vec, radius float64) []world.SlotIndex {
	if !(radius >= 0) || math.IsNaN(pos.X+pos.Z) {
		return dst
	}
	g, first := &p.ground, len(dst)
	for cz := g.clampZ(pos.Z - radius); cz <= g.clampZ(pos.Z+radius); cz++ {
		for cx := g.clampX(pos.X - radius); cx <= g.clampX(pos.X+radius); cx++ {
			c := cz*g.nx + cx
			for _, s := range g.pedestals[g.pedestFrom[c]:g.pedestFrom[c+1]] {
				q := p.Slots[s].Pos
				if math.Hypot(q.X-pos.X, q.Z-pos.Z) <= radius {
					dst = append(dst, world.SlotIndex(s))
				}
			}
		}
	}
	sortSlots(dst[first:])
	return dst
}

// sortSlots sorts a short list in place by insertion: no allocation, and the
// lists come nearly sorted.
func sortSlots[T ~int32](s []T) {
	for i := 1; i < len(s); i++ {
		v, j := s[i], i
		for ; j > 0 && s[j-1] > v; j-- {
			s[j] = s[j-1]
		}
		s[j] = v
	}
}
