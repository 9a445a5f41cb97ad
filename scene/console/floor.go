package console

import (
	"math"
	"slices"

	"souk/world/wire"
)

// Floor is what the console knows: the plan, the people, the heat. No pixels,
// no clock: [Floor.Advance] brings the time. The zero value is an empty floor.
type Floor struct {
	Plan   *wire.FloorPlan
	People []Person
	Top    []Top // the most attended items, most first
	// Totals since the server started.
	Events, Purchases uint64

	// The heat as a grid over the plan's bounds, row by row: what the server
	// said last, and what is shown, which follows it softly.
	CellM  float64
	W, H   int
	x0, z0 int // the grid's first cell
	target []float32
	shown  []float32
	blur   []float32
}

// Person is somebody in the market.
type Person struct {
	ID   uint32
	X, Z float64 // metres, shown position: follows the reported one softly
	Yaw  float64 // radians, as world.Upright
	Name string

	toX, toZ, toYaw float64
}

// Top is an item with the seconds of attention it won of late.
type Top struct {
	Item    string
	Name    *wire.Text
	Seconds float64
}

// SetPlan takes a new floor plan and forgets the heat.
func (f *Floor) SetPlan(p *wire.FloorPlan) {
	f.Plan = p
	f.resize(1)
}

// maxCells bounds the grid, so that a plan of absurd size costs no absurd memory.
const maxCells = 1 << 20

func (f *Floor) resize(cell float64) {
	f.CellM, f.W, f.H = cell, 0, 0
	f.target, f.shown, f.blur = nil, nil, nil
	b := f.Plan.GetBounds()
	if b == nil || !(cell > 0) {
		return
	}
	f.x0, f.z0 = int(math.Floor(float64(b.MinX)/cell)), int(math.Floor(float64(b.MinZ)/cell))
	w, h := int(math.Ceil(float64(b.MaxX)/cell))-f.x0, int(math.Ceil(float64(b.MaxZ)/cell))-f.z0
	if w <= 0 || h <= 0 || w > maxCells/h {
		return
	}
	f.W, f.H = w, h
	f.target, f.shown, f.blur = make([]float32, w*h), make([]float32, w*h), make([]float32, w*h)
}

// SetFloor takes a report of the server. Cells outside the plan are left out.
func (f *Floor) SetFloor(m *wire.Floor) {
	if c := float64(m.GetCellM()); c > 0 && math.Abs(c-f.CellM) > 1e-6 {
		f.resize(c)
	}
	clear(f.target)
	for _, h := range m.GetHeat() {
		x, z := int(h.GetX())-f.x0, int(h.GetZ())-f.z0
		if s := h.GetSeconds(); x >= 0 && x < f.W && z >= 0 && z < f.H && s > 0 && !math.IsInf(float64(s), 0) {
			f.target[z*f.W+x] = s
		}
	}
	f.smooth()
	f.setPeople(m.GetPeople())
	f.Events, f.Purchases = m.GetEvents(), m.GetPurchases()
	f.Top = f.Top[:0]
	for _, t := range m.GetTop() {
		f.Top = append(f.Top, Top{Item: t.GetItem(), Name: t.GetName(), Seconds: float64(t.GetSeconds())})
	}
	slices.SortStableFunc(f.Top, func(a, b Top) int {
		switch {
		case a.Seconds > b.Seconds:
			return -1
		case a.Seconds < b.Seconds:
			return 1
		}
		return 0
	})
}

// setPeople keeps who stays, so that they walk on from where they are shown.
func (f *Floor) setPeople(now []*wire.Person) {
	next := make([]Person, 0, len(now))
	for _, p := range now {
		x, z, yaw := float64(p.GetXCm())/100, float64(p.GetZCm())/100, float64(p.GetYaw())/256*2*math.Pi
		n := Person{ID: p.GetId(), X: x, Z: z, Yaw: yaw, Name: p.GetName()}
		if i := slices.IndexFunc(f.People, func(q Person) bool { return q.ID == n.ID }); i >= 0 {
			n.X, n.Z, n.Yaw = f.People[i].X, f.People[i].Z, f.People[i].Yaw
		}
		n.toX, n.toZ, n.toYaw = x, z, yaw
		next = append(next, n)
	}
	f.People = next
}

// Advance moves what is shown towards what was reported: people within about
// a quarter of a second, heat within about half.
func (f *Floor) Advance(dt float64) {
	k := 1 - math.Exp(-dt/0.25)
	for i := range f.People {
		p := &f.People[i]
		p.X += (p.toX - p.X) * k
		p.Z += (p.toZ - p.Z) * k
		p.Yaw += math.Remainder(p.toYaw-p.Yaw, 2*math.Pi) * k
	}
	h := float32(1 - math.Exp(-dt/0.5))
	for i, s := range f.blur {
		f.shown[i] += (s - f.shown[i]) * h
	}
}

// smooth spreads each cell over its neighbours (binomial 1 4 6 4 1, twice
// separable): attention to a stall should read as a glow, not as a tile.
func (f *Floor) smooth() {
	if f.W == 0 {
		return
	}
	kernel := [5]float32{1. / 16, 4. / 16, 6. / 16, 4. / 16, 1. / 16}
	row := make([]float32, len(f.target))
	spread := func(dst, src []float32, n, stride, lines, lineStride int) {
		for l := range lines {
			for i := range n {
				var s float32
				for k := -2; k <= 2; k++ {
					j := min(n-1, max(0, i+k))
					s += kernel[k+2] * src[l*lineStride+j*stride]
				}
				dst[l*lineStride+i*stride] = s
			}
		}
	}
	spread(row, f.target, f.W, 1, f.H, f.W)
	spread(f.blur, row, f.H, f.W, f.W, 1)
}

// Scale is the heat that is shown as full, seconds: the 98th percentile of the
// warm cells, at least half a second, so that one hot stall does not hide the rest.
func (f *Floor) Scale() float64 {
	var warm []float32
	for _, s := range f.shown {
		if s > 0.01 {
			warm = append(warm, s)
		}
	}
	if len(warm) == 0 {
		return 0.5
	}
	slices.Sort(warm)
	return max(0.5, float64(warm[(len(warm)-1)*98/100]))
}

// Warm says whether any attention is shown.
func (f *Floor) Warm() bool {
	return slices.ContainsFunc(f.shown, func(s float32) bool { return s > 0.01 })
}

// Paint writes the heat as premultiplied RGBA, one pixel a cell, into dst,
// which it grows as needed and returns.
func (f *Floor) Paint(dst []byte) []byte {
	n := 4 * len(f.shown)
	if cap(dst) < n {
		dst = make([]byte, n)
	}
	dst = dst[:n]
	scale := float32(f.Scale())
	for i, s := range f.shown {
		c := ramp(s / scale)
		dst[4*i], dst[4*i+1], dst[4*i+2], dst[4*i+3] = c.R, c.G, c.B, c.A
	}
	return dst
}
