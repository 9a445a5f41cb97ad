package market

import (
	"image"
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
	"souk/world/plan"
)

// groundLight is the light on the ground, seen from above: what never moves
// and lies in a plane is worked out once. Four bytes a texel: openness to the sky,
// inlay of dark stone, sun, lanterns.
type groundLight struct {
	pix  []byte
	w, h int
	lo   r3.Vec  // the ground at the corner of the first texel
	per  float64 // texels a metre
}

// The channels of a texel.
const (
	groundOpen = iota
	groundInlay
	groundSun
	groundLamp
	groundBytes
)

// newGroundLight works out the ground's light under the given sun; larger
// markets get coarser texels, so that no more than some 16 MB are taken.
func newGroundLight(p *plan.Plan, sun r3.Vec) *groundLight {
	g := &groundLight{lo: r3.Sub(p.Bounds.Min, v3(1, 0, 1)), per: 16}
	wide, deep := p.Bounds.Max.X-p.Bounds.Min.X+2, p.Bounds.Max.Z-p.Bounds.Min.Z+2
	for g.per > 2 && wide*deep*g.per*g.per > 4e6 {
		g.per /= 2
	}
	g.w, g.h = int(wide*g.per)+1, int(deep*g.per)+1
	g.pix = make([]byte, groundBytes*g.w*g.h)
	for i := 0; i < len(g.pix); i += groundBytes {
		g.pix[i+groundOpen], g.pix[i+groundSun] = 255, 255
	}
	for i := range p.Stalls {
		s := &p.Stalls[i]
		g.darken(s.Box, 1.1, .55)
		g.shadow(s.Box, awningBox(s), sun)
		g.lamp(p, i)
	}
	for i := p.FirstFeature(); int(i) < len(p.Slots); i++ {
		q := p.Slots[i].Pos
		box := world.Box{Min: v3(q.X-.2, 0, q.Z-.2), Max: v3(q.X+.2, q.Y, q.Z+.2)}
		g.darken(box, .5, .55)
		g.shadow(box, box, sun)
	}
	gaps := gapsOf(p)
	for _, m := range landmarksOf(p, gaps) {
		g.shadow(around(m.at, .1, 0), around(m.at, .9, 9.5), sun)
	}
	for _, at := range treesAt(p, gaps) {
		g.shadow(around(at, .2, 0), around(at, 1.3, 4.6), sun)
	}
	for _, z := range streetRows(p) {
		g.pool(v3(0, 0, z), 4.6, 210)
	}
	if len(poles(p)) > 1 {
		g.pool(greatLantern, 11, 330)
	}
	g.walls(p, sun)
	inlay(p, g)
	return g
}

// awningBox is a stall's roof as it throws its shadow; Max.Y is its height.
func awningBox(s *plan.Stall) world.Box {
	b := s.Box
	if faceSouth(s) {
		b.Max.Z += awningOut
	} else {
		b.Min.Z -= awningOut
	}
	b.Max.Y = (awningLow + awningHigh) / 2
	return b
}

// rows calls f for each texel of the rectangle between two corners, with its
// middle on the ground.
func (g *groundLight) rows(x0, z0, x1, z1 float64, f func(px *[groundBytes]byte, x, z float64)) {
	i0, i1 := max(0, int((x0-g.lo.X)*g.per)), min(g.w-1, int((x1-g.lo.X)*g.per))
	j0, j1 := max(0, int((z0-g.lo.Z)*g.per)), min(g.h-1, int((z1-g.lo.Z)*g.per))
	for j := j0; j <= j1; j++ {
		z := g.lo.Z + (float64(j)+.5)/g.per
		for i := i0; i <= i1; i++ {
			at := groundBytes * (j*g.w + i)
			f((*[groundBytes]byte)(g.pix[at:at+groundBytes]), g.lo.X+(float64(i)+.5)/g.per, z)
		}
	}
}

// darken lowers the openness around a box, by depth at its foot.
func (g *groundLight) darken(b world.Box, reach, depth float64) {
	g.rows(b.Min.X-reach, b.Min.Z-reach, b.Max.X+reach, b.Max.Z+reach, func(px *[groundBytes]byte, x, z float64) {
		dx, dz := max(0, b.Min.X-x, x-b.Max.X), max(0, b.Min.Z-z, z-b.Max.Z)
		px[groundOpen] = byte(float64(px[groundOpen]) * (1 - depth*math.Exp(-(dx*dx+dz*dz)/(reach*reach)*4)))
	})
}

// shadow takes the sun from where a box with the given foot and top throws its
// shadow: the hull of the foot and of the top moved away from the sun. Its edge
// is the softer the higher the top.
func (g *groundLight) shadow(foot, top world.Box, sun r3.Vec) {
	if sun.Y < .02 {
		return
	}
	away := r3.Scale(-top.Max.Y/sun.Y, r3.Vec{X: sun.X, Z: sun.Z})
	if l := r3.Norm(away); l > 30 {
		away = r3.Scale(30/l, away)
	}
	soft := .03 + .05*top.Max.Y
	// The hull of two rectangles with parallel sides: a support function in
	// the four directions of the sides and the two across the move.
	lo, hi := v3(top.Min.X+away.X, 0, top.Min.Z+away.Z), v3(top.Max.X+away.X, 0, top.Max.Z+away.Z)
	x0, x1 := min(foot.Min.X, lo.X), max(foot.Max.X, hi.X)
	z0, z1 := min(foot.Min.Z, lo.Z), max(foot.Max.Z, hi.Z)
	n := r3.Vec{X: -away.Z, Z: away.X}
	if l := r3.Norm(n); l > 1e-6 {
		n = r3.Scale(1/l, n)
	}
	across := func(b0, b1 r3.Vec) (least, most float64) {
		cx, cz := (b0.X+b1.X)/2, (b0.Z+b1.Z)/2
		m, r := n.X*cx+n.Z*cz, (math.Abs(n.X)*(b1.X-b0.X)+math.Abs(n.Z)*(b1.Z-b0.Z))/2
		return m - r, m + r
	}
	a0, a1 := across(foot.Min, foot.Max)
	t0, t1 := across(lo, hi)
	a0, a1 = min(a0, t0), max(a1, t1)
	g.rows(x0-soft, z0-soft, x1+soft, z1+soft, func(px *[groundBytes]byte, x, z float64) {
		side := n.X*x + n.Z*z
		d := max(x0-x, x-x1, z0-z, z-z1, a0-side, side-a1)
		if d < soft {
			px[groundSun] = min(px[groundSun], byte(255*smoothstep(-soft, soft, d)))
		}
	})
}

// lamp adds the pool of light under a stall's lantern.
func (g *groundLight) lamp(p *plan.Plan, n int) {
	s := &p.Stalls[n]
	f, sign := s.Front(), -1.0
	if faceSouth(s) {
		sign = 1
	}
	g.pool(v3(f.X+sign*lampX(variantOf(p, n)), 0, f.Z+sign*lampOut), 3.2, 200)
}

// around is a column about a place on the ground.
func around(at r3.Vec, half, high float64) world.Box {
	return world.Box{Min: v3(at.X-half, 0, at.Z-half), Max: v3(at.X+half, high, at.Z+half)}
}

// pool adds the light of a lantern about a place, as far as reach.
func (g *groundLight) pool(at r3.Vec, reach, strength float64) {
	g.rows(at.X-reach, at.Z-reach, at.X+reach, at.Z+reach, func(px *[groundBytes]byte, x, z float64) {
		d2 := (x-at.X)*(x-at.X) + (z-at.Z)*(z-at.Z)
		k := max(0, 1-d2/(reach*reach))
		l := k * k / (1 + d2*5/(reach*reach))
		px[groundLamp] = byte(min(255, float64(px[groundLamp])+strength*l))
	})
}

// walls shade the ground along the market's edge.
func (g *groundLight) walls(p *plan.Plan, sun r3.Vec) {
	lo, hi := p.Bounds.Min, p.Bounds.Max
	const thick, high = .3, 3.1
	for _, b := range []world.Box{
		{Min: v3(lo.X-thick, 0, lo.Z), Max: v3(lo.X, high, hi.Z)}, {Min: v3(hi.X, 0, lo.Z), Max: v3(hi.X+thick, high, hi.Z)},
		{Min: v3(lo.X, 0, lo.Z-thick), Max: v3(hi.X, high, lo.Z)}, {Min: v3(lo.X, 0, hi.Z), Max: v3(hi.X, high, hi.Z+thick)},
	} {
		g.shadow(b, b, sun)
		g.darken(b, .7, .5)
	}
}

// at is the part of the sun's and the lanterns' light at a place on the
// ground, in [0,1]; outside of the market it is the open air's.
func (g *groundLight) at(q r3.Vec) (sun, lamp float64) {
	i, j := int((q.X-g.lo.X)*g.per), int((q.Z-g.lo.Z)*g.per)
	if i < 0 || j < 0 || i >= g.w || j >= g.h {
		return 1, 0
	}
	px := g.pix[groundBytes*(j*g.w+i):]
	return float64(px[groundSun]) / 255, float64(px[groundLamp]) / 255
}

// stoneMean is the paving's mean, linear.
var stoneMean = [3]float64{.46, .40, .33}

// inlayTint is what dark inlay multiplies the stone with.
var inlayTint = [3]float64{.62, .50, .44}

// shown is the ground's light as what multiplies the stone on the screen, of
// 1.5, four bytes a texel: exact for a stone of the paving's mean colour, and within
// a few levels of 255 for the others, since the screen's curve is nearly a power.
func (g *groundLight) shown(l *light) []byte {
	out := make([]byte, len(g.pix))
	var tables [3][1024]uint8 // by channel, of linear light in steps of 1/400
	for c := range tables {
		for i := range tables[c] {
			tables[c][i] = uint8(max(0, min(255, displayed(stoneMean[c]*float64(i)/400)/displayed(stoneMean[c])*255/1.5+.5)))
		}
	}
	for i := 0; i < len(out); i += groundBytes {
		open, inlay := float64(g.pix[i+groundOpen])/255, float64(g.pix[i+groundInlay])/255
		sun, lamp := float64(g.pix[i+groundSun])/255*l.sunDir.Y*(.4+.6*open), float64(g.pix[i+groundLamp])/255
		for c := range 3 {
			v := (float64(l.sky[c])*open + float64(l.sun[c])*sun + float64(l.lamp[c])*lamp) * (1 + (inlayTint[c]-1)*inlay)
			out[i+c] = tables[c][min(1023, max(0, int(v*400)))]
		}
		out[i+3] = 255
	}
	return out
}

// shown turns linear bytes into what the screen shows.
func shown(img *image.RGBA) {
	var table [256]uint8
	for i := range table {
		table[i] = uint8(max(0, min(255, displayed(float64(i)/255)*255+.5)))
	}
	for i := range img.Pix {
		if i%4 != 3 {
			img.Pix[i] = table[img.Pix[i]]
		}
	}
}
