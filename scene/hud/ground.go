package hud

import (
	"image"
	"image/color"
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
	"souk/world/plan"
)

// The map's own colours.
var (
	inkGround   = color.NRGBA{46, 48, 54, 255}
	inkStreet   = color.NRGBA{70, 72, 78, 255}
	inkPlaza    = color.NRGBA{92, 90, 84, 255}
	inkPedestal = color.NRGBA{214, 208, 196, 255}
	inkStall    = color.NRGBA{12, 10, 8, 255}
	inkPath     = color.NRGBA{255, 255, 255, 235}
	inkShade    = color.NRGBA{0, 0, 0, 170}
)

// drawGround draws what does not move into the map's picture, where another
// part, size or zoom is to be seen: districts, stalls, pedestals.
func (h *HUD) drawGround() {
	v := &h.market
	centre, scale := v.frame()
	v.scale = scale
	key := mapKey{v.at.Size(), scale, centre}
	if v.ground != nil && v.drawn == key {
		return
	}
	if v.ground == nil || v.ground.Rect.Size() != key.size {
		v.ground = image.NewRGBA(image.Rectangle{Max: key.size})
	}
	v.drawn = key
	v.drawings++
	p := v.plan
	v.fill(p.Bounds, inkStreet, 0)
	v.clearOutside(p.Bounds)
	v.fill(world.Box{Min: r3.Vec{X: p.Bounds.Min.X, Z: -plan.PlazaDepth / 2}, Max: r3.Vec{X: p.Bounds.Max.X, Z: plan.PlazaDepth / 2}}, inkPlaza, 0)
	for i := range p.Districts {
		d := &p.Districts[i]
		v.fill(d.Box, mixed(rgb(d.Colour), inkGround, 0.38), 0)
	}
	for i := range p.Stalls {
		s := &p.Stalls[i]
		c := rgb(p.Districts[s.District].Colour)
		v.fill(s.Box, mixed(c, inkGround, 0.92), 0)
		if scale > 5 { // the back is darker, so that fronts can be told
			back := s.Box
			if f := s.Front(); f.Z == back.Min.Z {
				back.Min.Z = back.Max.Z - 0.35
			} else {
				back.Max.Z = back.Min.Z + 0.35
			}
			v.fill(back, mixed(c, inkGround, 0.5), 0)
		}
	}
	least := 1.0 // a pedestal is a pixel at least where the map is large enough to tell them
	if scale < 1.6 {
		return
	}
	for i := int(p.FirstFeature()); i < len(p.Slots); i++ {
		q := p.Slots[i].Pos
		const half = plan.PedestalWidth / 2
		v.fill(world.Box{Min: r3.Vec{X: q.X - half, Z: q.Z - half}, Max: r3.Vec{X: q.X + half, Z: q.Z + half}}, inkPedestal, least)
	}
}

// mixed is a colour over another.
func mixed(a, b color.NRGBA, part float64) color.NRGBA {
	m := func(x, y uint8) uint8 { return uint8(float64(x)*part + float64(y)*(1-part) + 0.5) }
	return color.NRGBA{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), 255}
}

// clearOutside paints what lies beyond the market.
func (v *mapView) clearOutside(b world.Box) {
	in := v.rect(b)
	c := premultiplied(inkGround)
	for y := range v.ground.Rect.Dy() {
		for x := range v.ground.Rect.Dx() {
			if !image.Pt(x, y).In(in) {
				v.ground.SetRGBA(x, y, c)
			}
		}
	}
}

// rect is the part of the ground's picture that a box covers.
func (v *mapView) rect(b world.Box) image.Rectangle {
	c, s := v.drawn.centre, v.drawn.scale
	hw, hh := float64(v.drawn.size.X)/2, float64(v.drawn.size.Y)/2
	at := func(p r3.Vec) (int, int) { return int(math.Round(hw + (p.X-c.X)*s)), int(math.Round(hh + (p.Z-c.Z)*s)) }
	x0, y0 := at(b.Min)
	x1, y1 := at(b.Max)
	return image.Rect(x0, y0, x1, y1).Intersect(v.ground.Rect)
}

// fill paints a box, least pixels wide at least.
func (v *mapView) fill(b world.Box, c color.NRGBA, least float64) {
	if grow := least/v.drawn.scale - (b.Max.X - b.Min.X); least > 0 && grow > 0 {
		g := r3.Vec{X: grow / 2, Z: grow / 2}
		b.Min, b.Max = r3.Sub(b.Min, g), r3.Add(b.Max, g)
	}
	r := v.rect(b)
	ink := premultiplied(c)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		i := v.ground.PixOffset(r.Min.X, y)
		row := v.ground.Pix[i : i+4*r.Dx()]
		for k := 0; k < len(row); k += 4 {
			row[k], row[k+1], row[k+2], row[k+3] = ink.R, ink.G, ink.B, 255
		}
	}
}

// buildMarks draws what moves on the map, and the path.
func (h *HUD) buildMarks(b *builder) {
	v := &h.market
	if h.screen != ScreenMap || v.plan == nil || v.at.Empty() {
		return
	}
	if h.layers[layerMap].stale {
		h.layers[layerMarks].stale = true
	}
	u, m := b.u, &v.marks
	if v.sel < v.n {
		d := v.plan.Districts[v.sel].Box
		p, q := v.pixel(d.Min), v.pixel(d.Max)
		r := rect{p[0], p[1], q[0] - p[0], q[1] - p[1]}.inset(-3 * u)
		b.outline(r, 2.4*u, b.accent, v.at)
	}
	for _, pass := range [...]struct {
		line float64
		c    color.NRGBA
	}{{6 * u, inkShade}, {3 * u, inkPath}} {
		from := v.pixel(m.You.Pos)
		for _, p := range m.Path {
			to := v.pixel(p)
			b.line(from, to, pass.line, pass.c, v.at)
			from = to
		}
	}
	for _, p := range m.ForYou {
		if q := v.pixel(p); inside(q, v.at) {
			size := math.Max(9*u, math.Min(18*u, 1.2*v.scale))
			b.icon(iconSpark, q[0]-size/2, q[1]-size/2, size, b.accent)
		}
	}
	for _, p := range m.Others {
		if q := v.pixel(p); inside(q, v.at) {
			b.dot(q, 4.5*u, b.blue)
		}
	}
	if m.HasTarget {
		if q := v.pixel(m.Target); inside(q, v.at) {
			b.target(q, u)
		}
	}
	yaw, _ := m.You.YawPitch()
	b.arrowhead(v.pixel(m.You.Pos), yaw+math.Pi/2, 9*u, v.at)
}

// inside says whether a mark at a point is on the map.
func inside(p [2]float64, r image.Rectangle) bool {
	return p[0] > float64(r.Min.X)+8 && p[0] < float64(r.Max.X)-8 && p[1] > float64(r.Min.Y)+8 && p[1] < float64(r.Max.Y)-8
}

// line appends a line, cut off at a rectangle.
func (b *builder) line(p, q [2]float64, width float64, c color.NRGBA, within image.Rectangle) {
	b.ops = append(b.ops, op{kind: opLine, points: [3][2]float64{p, q}, line: width, colour: premultiplied(c), within: within})
}

// outline appends a rectangle's outline, cut off at another.
func (b *builder) outline(r rect, width float64, c color.NRGBA, within image.Rectangle) {
	p := [4][2]float64{{r.x, r.y}, {r.x + r.w, r.y}, {r.x + r.w, r.y + r.h}, {r.x, r.y + r.h}}
	for i := range p {
		b.line(p[i], p[(i+1)%4], width, c, within)
	}
}

// dot appends a disc with a dark rim.
func (b *builder) dot(p [2]float64, radius float64, c color.NRGBA) {
	for _, d := range [...]struct {
		r float64
		c color.NRGBA
	}{{radius + 1.6*b.u, inkShade}, {radius, c}} {
		b.ops = append(b.ops, op{kind: opRound, box: rect{p[0] - d.r, p[1] - d.r, 2 * d.r, 2 * d.r}, radius: d.r, colour: premultiplied(d.c)})
	}
}

// target appends the mark of what is looked for: a ring about a dot.
func (b *builder) target(p [2]float64, u float64) {
	b.dot(p, 3.4*u, b.warn)
	for _, d := range [...]struct {
		r, line float64
		c       color.NRGBA
	}{{11.4 * u, 5 * u, inkShade}, {10 * u, 2.4 * u, b.warn}} {
		b.ops = append(b.ops, op{kind: opArc, box: rect{p[0] - d.r, p[1] - d.r, 2 * d.r, 2 * d.r}, line: d.line, share: 1, colour: premultiplied(d.c)})
	}
}

// arrowhead appends the mark of the visitor: a head that points along an
// angle, radians from the right, up positive.
func (b *builder) arrowhead(p [2]float64, angle, size float64, within image.Rectangle) {
	at := func(turn, r float64) [2]float64 {
		s, c := math.Sincos(angle + turn)
		return [2]float64{p[0] + r*c, p[1] - r*s}
	}
	for _, d := range [...]struct {
		grow float64
		c    color.NRGBA
	}{{1.45, inkShade}, {1, colText}} {
		tip, back := at(0, 1.25*size*d.grow), at(math.Pi, 0.35*size*d.grow)
		for _, side := range [...]float64{2.45, -2.45} {
			b.ops = append(b.ops, op{kind: opTriangle, points: [3][2]float64{tip, at(side, size*d.grow), back}, colour: premultiplied(d.c), within: within})
		}
	}
}
