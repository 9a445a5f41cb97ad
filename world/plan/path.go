package plan

import (
	"math"
	"sync"

	"gonum.org/v1/gonum/spatial/r3"
)

// walkGrid is the ground in squares, for path search: which middles a body
// can stand on with a little room to spare, so that a straight step from one to
// the next is free too.
type walkGrid struct {
	x0, z0 float64
	nx, nz int
	free   []bool
	pool   *sync.Pool // of *search
}

const (
	walkCell = 0.25
	// spareRadius leaves BodyRadius free halfway along a diagonal step past a
	// corner: √(0.36² − (0.25·√2/2)²) = 0.313.
	spareRadius = 0.36
)

func (w *walkGrid) build(p *Plan) {
	b := p.Bounds
	w.x0, w.z0 = b.Min.X, b.Min.Z
	w.nx, w.nz = int((b.Max.X-b.Min.X)/walkCell), int((b.Max.Z-b.Min.Z)/walkCell)
	w.free = make([]bool, w.nx*w.nz)
	for cz := range w.nz {
		for cx := range w.nx {
			x, z := w.middle(cz*w.nx + cx)
			w.free[cz*w.nx+cx] = x >= b.Min.X+spareRadius && x <= b.Max.X-spareRadius && z >= b.Min.Z+spareRadius && z <= b.Max.Z-spareRadius
		}
	}
	for i := range p.Stalls {
		w.block(stallRect(&p.Stalls[i]))
	}
	for i := int(p.firstFeature); i < len(p.Slots); i++ {
		w.block(pedestalRect(&p.Slots[i]))
	}
	w.pool = &sync.Pool{New: func() any {
		return &search{mark: make([]uint32, len(w.free)), cost: make([]int32, len(w.free)), prev: make([]int8, len(w.free))}
	}}
}

func (w *walkGrid) middle(c int) (x, z float64) {
	return w.x0 + (float64(c%w.nx)+.5)*walkCell, w.z0 + (float64(c/w.nx)+.5)*walkCell
}

func (w *walkGrid) block(o rect) {
	r := spareRadius
	for cz := max(0, int((o.z0-r-w.z0)/walkCell)); cz < w.nz && float64(cz)*walkCell+w.z0 < o.z1+r; cz++ {
		for cx := max(0, int((o.x0-r-w.x0)/walkCell)); cx < w.nx && float64(cx)*walkCell+w.x0 < o.x1+r; cx++ {
			x, z := w.middle(cz*w.nx + cx)
			nx, nz := o.nearest(x, z)
			if (x-nx)*(x-nx)+(z-nz)*(z-nz) < r*r {
				w.free[cz*w.nx+cx] = false
			}
		}
	}
}

// Path appends the way points of a short walk from one place to another,
// without from, ending at to: straight lines between them are walkable. An end
// where nobody can stand is replaced by the nearest place where one can. The
// height of all points is from's. Where one of the places is not finite it
// appends nothing. Safe for concurrent use.
func (p *Plan) Path(dst []r3.Vec, from, to r3.Vec) []r3.Vec {
	if s := from.X + from.Z + to.X + to.Z; math.IsNaN(s) || math.IsInf(s, 0) {
		return dst
	}
	y := from.Y
	from.X, from.Z = p.nearestWalkable(from.X, from.Z)
	to.X, to.Z = p.nearestWalkable(to.X, to.Z)
	to.Y = y
	if p.clearLine(from, to) {
		return append(dst, to)
	}
	a, okA := p.enter(from)
	b, okB := p.enter(to)
	if !okA || !okB {
		return dst
	}
	s := p.walk.pool.Get().(*search)
	defer p.walk.pool.Put(s)
	if !s.run(&p.walk, a, b) {
		return dst
	}
	s.points = append(s.points[:0], from)
	s.corners(&p.walk, a, b, y)
	s.points = append(s.points, to)
	// Pull the string tight: from each point straight to the farthest of the
	// next few that can be seen.
	const look = 12
	for i := 0; i < len(s.points)-1; {
		j := min(i+look, len(s.points)-1)
		for j > i+1 && !p.clearLine(s.points[i], s.points[j]) {
			j--
		}
		dst = append(dst, s.points[j])
		i = j
	}
	return dst
}

// enter finds the free square nearest to a place that can be walked to in a
// straight line.
func (p *Plan) enter(at r3.Vec) (int, bool) {
	w := &p.walk
	cx, cz := int((at.X-w.x0)/walkCell), int((at.Z-w.z0)/walkCell)
	best, bestD := -1, math.Inf(1)
	for ring := range 9 {
		for dz := -ring; dz <= ring; dz++ {
			for dx := -ring; dx <= ring; dx++ {
				x, z := cx+dx, cz+dz
				if max(dx, -dx, dz, -dz) != ring || x < 0 || z < 0 || x >= w.nx || z >= w.nz || !w.free[z*w.nx+x] {
					continue
				}
				mx, mz := w.middle(z*w.nx + x)
				if d := math.Hypot(mx-at.X, mz-at.Z); d < bestD && p.clearLine(at, r3.Vec{X: mx, Z: mz}) {
					best, bestD = z*w.nx+x, d
				}
			}
		}
		if best >= 0 {
			return best, true
		}
	}
	return 0, false
}

// clearLine says whether a body can walk the straight line: exactly, by the
// distance from the line to each obstacle.
func (p *Plan) clearLine(a, b r3.Vec) bool {
	length := math.Hypot(b.X-a.X, b.Z-a.Z)
	pieces := max(1, int(math.Ceil(length/cellSize)))
	for k := range pieces {
		t0, t1 := float64(k)/float64(pieces), float64(k+1)/float64(pieces)
		ax, az, bx, bz := a.X+t0*(b.X-a.X), a.Z+t0*(b.Z-a.Z), a.X+t1*(b.X-a.X), a.Z+t1*(b.Z-a.Z)
		if !p.obstacles(rect{min(ax, bx), min(az, bz), max(ax, bx), max(az, bz)}, BodyRadius, func(o rect) bool {
			return o.distance(ax, az, bx, bz) >= BodyRadius-1e-9
		}) {
			return false
		}
	}
	return true
}

// distance is the distance from a segment to the rectangle, 0 where they meet.
func (b rect) distance(ax, az, bx, bz float64) float64 {
	if b.crossed(ax, az, bx, bz) {
		return 0
	}
	d := math.Inf(1)
	for _, e := range [2][2]float64{{ax, az}, {bx, bz}} {
		x, z := b.nearest(e[0], e[1])
		d = min(d, math.Hypot(x-e[0], z-e[1]))
	}
	dx, dz := bx-ax, bz-az
	l := dx*dx + dz*dz
	for _, c := range [4][2]float64{{b.x0, b.z0}, {b.x0, b.z1}, {b.x1, b.z0}, {b.x1, b.z1}} {
		t := 0.0
		if l > 0 {
			t = max(0, min(1, ((c[0]-ax)*dx+(c[1]-az)*dz)/l))
		}
		d = min(d, math.Hypot(ax+t*dx-c[0], az+t*dz-c[1]))
	}
	return d
}

// crossed says whether a segment meets the rectangle: the slab test.
func (b rect) crossed(ax, az, bx, bz float64) bool {
	lo, hi := 0.0, 1.0
	for _, s := range [2][4]float64{{ax, bx - ax, b.x0, b.x1}, {az, bz - az, b.z0, b.z1}} {
		if s[1] == 0 {
			if s[0] < s[2] || s[0] > s[3] {
				return false
			}
			continue
		}
		t0, t1 := (s[2]-s[0])/s[1], (s[3]-s[0])/s[1]
		lo, hi = max(lo, min(t0, t1)), min(hi, max(t0, t1))
	}
	return lo <= hi
}
