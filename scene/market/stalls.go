package market

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/market/model"
	"souk/world"
	"souk/world/plan"
)

// Colours of the place.
var (
	cream   = world.RGB{R: .95, G: .90, B: .80}
	timber  = world.RGB{R: .56, G: .38, B: .23}
	darkest = world.RGB{R: .30, G: .20, B: .13}
	plaster = world.RGB{R: .86, G: .74, B: .60}
	stone   = world.RGB{R: .74, G: .68, B: .60}
	lantern = world.RGB{R: 1, G: .84, B: .52}
)

// v3 is a short way to write a vector.
func v3(x, y, z float64) r3.Vec { return r3.Vec{X: x, Y: y, Z: z} }

// chance is a number in [0,1) that hangs on its arguments alone (a round of
// SplitMix64): it spreads what is decoration.
func chance(seed uint64, n, salt int) float64 {
	z := seed + uint64(n)*0x9e3779b97f4a7c15 + uint64(salt)*0xbf58476d1ce4e5b9
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return float64((z^z>>31)>>11) / (1 << 53)
}

// awning measures, in the stall's frame: x along the front, z out of it.
const (
	awningOut  = .78 // how far the cloth reaches over the aisle
	awningLow  = 2.16
	awningHigh = 2.66
	awningBack = -.95
	lampHeight = 1.94 // middle of the lantern that hangs at z = lampOut
	lampOut    = .42
)

// stallColour is the second colour of a stall's stripes.
func stallColour(p *plan.Plan, s *plan.Stall, n int) world.RGB {
	c := p.Districts[s.District].Colour
	c = model.Mix(c, model.Dim(c, .75), float32(chance(p.Seed, n, 1)))
	// Cloth of the souk is saturated: pull away from grey.
	grey := (c.R + c.G + c.B) / 3
	sat := func(x float32) float32 { return max(.05, min(.95, grey+(x-grey)*1.45)) }
	return world.RGB{R: sat(c.R), G: sat(c.G), B: sat(c.B)}
}

// woodOf is the colour of a stall's timber, backColour that of its back wall:
// light, so that the goods stand out.
func woodOf(p *plan.Plan, n int) world.RGB {
	return model.Mix(timber, darkest, float32(chance(p.Seed, n, 2))*.45)
}

func backColour(c world.RGB) world.RGB {
	return model.Mix(model.Mix(c, cream, .55), world.RGB{R: .86, G: .74, B: .56}, .3)
}

// form is how much of a stall's woodwork and cloth is built.
type form uint8

// The forms.
const (
	formFull   form = iota // with posts, planks, folds, lantern
	formSimple             // for 8 m and more
	formRoof               // for where only the roofs' line shows
	forms
)

// variants is how many stalls of a kind differ in planks, stripes and where
// their lantern hangs; their colours are each stall's own.
const variants = 4

// carpenter builds a stall in its own frame: origin at the middle of the front
// on the ground, z out of the front. What hangs on the stall is painted by
// palette entry, so that one stall's triangles serve all.
type carpenter struct {
	model.Builder
	kind    plan.StallKind
	variant int
	form    form
	marks   []mark
}

// mark says from which vertex on which palette byte holds, and whether what
// follows faces the inside of the stall.
type mark struct {
	from    int
	palette uint8
	inside  bool
}

// paint sets what follows to a palette entry, dimmed by tone, with a part of cream.
func (c *carpenter) paint(entry uint8, tone, cream float64, m model.Material) {
	c.marks = append(c.marks, mark{len(c.Mesh.Vertices), palette(entry, cream), false})
	c.Paint(grey(tone), m)
}

// inside sets what follows to the painted wall behind the goods.
func (c *carpenter) inside() {
	c.paint(paletteBack, 1, 0, model.Wood)
	c.marks[len(c.marks)-1].inside = true
}

// own sets what follows to a colour of its own.
func (c *carpenter) own(colour world.RGB, m model.Material) {
	c.marks = append(c.marks, mark{len(c.Mesh.Vertices), paletteNone, false})
	c.Paint(colour, m)
}

// dice is a number in [0,1) that hangs on the variant.
func (c *carpenter) dice(n, salt int) float64 { return chance(uint64(c.variant)+1, n, salt) }

// lampX is where a variant's lantern hangs along the front.
func lampX(variant int) float64 { return (chance(uint64(variant)+1, 0, 4) - .5) * 1.9 }

// buildStall makes the triangles of a kind of stall for a light that falls
// along sun in the stall's frame.
func buildStall(dst *pieces, kind plan.StallKind, variant int, f form, sun r3.Vec) span {
	c := carpenter{kind: kind, variant: variant, form: f}
	if f != formFull {
		c.Detail = model.Far
	}
	c.Home()
	if f == formRoof {
		c.roofline()
	} else {
		// What stands in front comes first, so that what it hides is not shaded.
		if f == formFull {
			c.lantern()
		}
		c.posts()
		c.counter()
		c.awning()
		c.walls()
	}
	return c.finish(dst, stallLight(sun, variant), insideSun(sun, kind))
}

// finish adds what was built to dst, in the light of its place; inside is the
// sun's part on what faces the inside.
func (c *carpenter) finish(dst *pieces, l lit, inside func(y, z float64) float64) span {
	from := len(dst.vertices)
	s := dst.add(&c.Mesh, l)
	for i, m := range c.marks {
		end := len(c.Mesh.Vertices)
		if i+1 < len(c.marks) {
			end = c.marks[i+1].from
		}
		for k := m.from; k < end; k++ {
			v := &dst.vertices[from+k]
			v.Palette = m.palette
			if m.inside {
				v.Sun = uint8(255 * inside(float64(v.Y), float64(v.Z)))
			}
		}
	}
	return s
}

// stallLight is the light in a stall's frame: the sun where no awning of the
// row is in its way, and the lantern's by distance. The row is taken as endless, so the
// shadow hangs on height and depth alone; its edge is soft.
func stallLight(sun r3.Vec, variant int) lit {
	x := lampX(variant)
	return func(px, py, pz float32) (uint8, uint8) {
		y, z := float64(py), float64(pz)
		part := 1.0
		if sun.Y > .02 {
			// Where the ray to the sun meets the cloth's height.
			up := max(0, awningLow+.06-y)
			at := z + up*sun.Z/sun.Y
			part = smoothstep(awningOut-.10, awningOut+.16, at)
			if y > awningLow-.2 && z > awningOut-.05 || y >= awningLow+.1 { // the cloth itself
				part = 1
			}
			if sun.Z < 0 && y < awningHigh-.1 { // the sun stands behind the stall: its back and roof are in the way
				part = min(part, smoothstep(-.1, .25, at-awningOut))
			}
		} else {
			part = 0
		}
		d := math.Hypot(math.Hypot(float64(px)-x, y-lampHeight), z-lampOut)
		return uint8(255 * part), uint8(255 * min(1, .10+.9/(1+d*d*1.1)))
	}
}

// insideSun is the part of the sun's light that comes to a stall's back wall at
// a height and a depth: where the ray passes over the counter and under the awning.
// (The rule of [stallLight], for what stands on the counter, knows no counter.)
func insideSun(sun r3.Vec, kind plan.StallKind) func(y, z float64) float64 {
	counter := kind.Rows()[0].Height
	return func(y, z float64) float64 {
		if sun.Y <= .02 || sun.Z <= .02 {
			return 0
		}
		rise := sun.Y / sun.Z // of the ray, by metre towards the front
		over := smoothstep(counter-.05, counter+.15, y-z*rise)
		under := 1 - smoothstep(awningLow-.25, awningLow+.05, y+(awningOut-z)*rise)
		return over * under
	}
}

func (c *carpenter) far() bool { return c.form != formFull }

// walls adds back and sides: planks, the back painted in the district's colour.
func (c *carpenter) walls() {
	half, deep := plan.StallWidth/2, plan.StallDepth
	from := len(c.Mesh.Vertices)
	c.inside()
	// Cut where the counter's and the awning's shadows end at most hours.
	cuts := []float64{0, .7, 1.1, 1.5, 2, 2.6}
	if c.far() {
		cuts = []float64{0, 1.1, 2.6}
	}
	for i := range cuts[1:] {
		c.Quad(v3(-half, cuts[i], -deep+.04), v3(half, cuts[i], -deep+.04), v3(half, cuts[i+1], -deep+.04), v3(-half, cuts[i+1], -deep+.04))
	}
	c.paint(paletteWood, .8, 0, model.Wood)
	c.Quad(v3(half, 0, -deep), v3(-half, 0, -deep), v3(-half, 2.6, -deep), v3(half, 2.6, -deep))
	c.paint(paletteWood, 1, .3, model.Wood)
	for _, x := range []float64{-1, 1} {
		if c.far() {
			c.side(x*half, -deep, -.62, 2.2)
			c.side(x*half, -.62, -.04, 1)
			continue
		}
		lo, hi := min(x*half, x*(half-.05)), max(x*half, x*(half-.05))
		c.Box(v3(lo, 0, -deep), v3(hi, 2.2, -.62))
		c.Box(v3(lo, 0, -.62), v3(hi, 1.0, -.04))
	}
	// Inside is darker the deeper under the roof.
	c.Mesh.Shade(from, func(_, _, z float32) float32 {
		d := float64(-z) / deep
		return float32(1 - .24*min(1, d)*min(1, d))
	})
}

// side adds a wall without thickness, seen from both sides.
func (c *carpenter) side(x, back, front, high float64) {
	c.Quad(v3(x, 0, front), v3(x, 0, back), v3(x, high, back), v3(x, high, front))
	c.Quad(v3(x, 0, back), v3(x, 0, front), v3(x, high, front), v3(x, high, back))
}

// posts adds the two posts that carry the awning.
func (c *carpenter) posts() {
	half := plan.StallWidth / 2
	for _, x := range []float64{-half + .06, half - .06} {
		c.paint(paletteWood, 1, 0, model.Wood)
		if c.far() {
			c.Quad(v3(x-.05, 0, .01), v3(x+.05, 0, .01), v3(x+.05, awningHigh-.28, .01), v3(x-.05, awningHigh-.28, .01))
			continue
		}
		c.Box(v3(x-.05, 0, -.09), v3(x+.05, awningHigh-.28, .01))
		c.Beam(v3(x, awningHigh-.5, -.02), v3(x, awningLow+.05, awningOut*.7), .04, .05)
		c.paint(paletteWood, .7, 0, model.Wood)
		c.Box(v3(x-.08, 0, -.12), v3(x+.08, .1, .04))
	}
}

// lantern hangs from the awning's beam.
func (c *carpenter) lantern() {
	x := lampX(c.variant)
	c.own(darkest, model.Metal)
	c.Beam(v3(x, 2.22, lampOut), v3(x, 2.06, lampOut), .012, .012)
	c.At(v3(x, lampHeight-.10, lampOut))
	c.own(model.Mix(lantern, cream, .1), model.Glow)
	c.Lathe(8, model.Rim{R: .04, Y: .02}, model.Rim{R: .095, Y: .08}, model.Rim{R: .1, Y: .13}, model.Rim{R: .045, Y: .2})
	c.own(darkest, model.Metal)
	c.Lathe(6, model.Rim{R: 0, Y: 0}, model.Rim{R: .05, Y: 0}, model.Rim{R: .04, Y: .03})
	c.Lathe(6, model.Rim{R: .05, Y: .19}, model.Rim{R: .02, Y: .23}, model.Rim{R: 0, Y: .24})
	c.Home()
}

// counter adds the boards that carry the goods, and what closes the front.
func (c *carpenter) counter() {
	half := plan.StallWidth/2 - .07
	for i, r := range c.kind.Rows() {
		c.board(i, r, half)
	}
	front := c.kind.Rows()[0].Height - .04
	if c.kind == plan.Podium {
		c.paint(paletteWood, .85, 0, model.Wood)
		c.Quad(v3(-half, 0, -.01), v3(half, 0, -.01), v3(half, front, -.01), v3(-half, front, -.01))
		return
	}
	// Planks below, and a cloth of the district's colour over the edge.
	planks, rises := 6, 3
	if c.far() {
		planks, rises = 1, 1
	}
	w := 2 * half / float64(planks)
	for i := 0; i < planks; i++ {
		x0 := -half + float64(i)*w
		c.paint(paletteWood, .70+.18*c.dice(i, 5), 0, model.Wood)
		for k := 0; k < rises; k++ { // cut in height, so that the awning's shadow has an edge
			y0, y1 := front*float64(k)/float64(rises), front*float64(k+1)/float64(rises)
			c.Quad(v3(x0+.006, y0, -.015), v3(x0+w-.006, y0, -.015), v3(x0+w-.006, y1, -.015), v3(x0+.006, y1, -.015))
		}
	}
	if !c.far() {
		c.own(darkest, model.Wood)
		c.Quad(v3(-half, 0, -.03), v3(half, 0, -.03), v3(half, front, -.03), v3(-half, front, -.03))
	}
	c.cloth(half, front)
}

// board adds one row's board.
func (c *carpenter) board(i int, r plan.Row, half float64) {
	mid := -r.Inset
	from := len(c.Mesh.Vertices)
	c.paint(paletteWood, 1, .35, model.Wood)
	lo, hi := v3(-half, r.Height-.04, mid-r.Board/2), v3(half, r.Height, mid+r.Board/2)
	if i == 0 {
		hi.Z += .03
	}
	dark := func(_, _, _ float32) float32 { return .96 - .04*float32(i) }
	if c.far() {
		c.Quad(v3(lo.X, hi.Y, hi.Z), v3(hi.X, hi.Y, hi.Z), v3(hi.X, hi.Y, lo.Z), v3(lo.X, hi.Y, lo.Z))
		c.paint(paletteWood, .7, 0, model.Wood)
		c.Quad(v3(lo.X, lo.Y-.05, hi.Z), v3(hi.X, lo.Y-.05, hi.Z), v3(hi.X, hi.Y, hi.Z), v3(lo.X, hi.Y, hi.Z))
		c.Mesh.Shade(from, dark)
		return
	}
	c.Box(lo, hi)
	if i > 0 { // under a shelf it is dark
		c.paint(paletteWood, .6, 0, model.Wood)
		c.Quad(v3(-half, r.Height-.1, hi.Z-.02), v3(half, r.Height-.1, hi.Z-.02), v3(half, r.Height-.04, hi.Z-.02), v3(-half, r.Height-.04, hi.Z-.02))
		for _, x := range []float64{-half + .02, 0, half - .02} {
			c.Quad(v3(x-.02, .3, mid+.02), v3(x+.02, .3, mid+.02), v3(x+.02, r.Height-.04, mid+.02), v3(x-.02, r.Height-.04, mid+.02))
		}
		c.Mesh.Shade(from, dark)
	}
}

// cloth hangs over the counter's edge in folds.
func (c *carpenter) cloth(half, front float64) {
	folds := 12
	if c.far() {
		folds = 2
	}
	const drop = .26
	for i := 0; i < folds; i++ {
		x0, x1 := -half+2*half*float64(i)/float64(folds), -half+2*half*float64(i+1)/float64(folds)
		c.paint(paletteCloth, 1, .82*float64(i%2), model.Cloth)
		xm, y := (x0+x1)/2, front+.045
		c.Quad(v3(x0, y-drop*.72, .035), v3(x1, y-drop*.72, .035), v3(x1, y, .038), v3(x0, y, .038))
		c.Tri(v3(x0, y-drop*.72, .035), v3(xm, y-drop, .04), v3(x1, y-drop*.72, .035))
	}
}

// awning adds the striped cloth over a stall, with its scalloped edge.
func (c *carpenter) awning() {
	half := plan.StallWidth/2 + .04
	stripes := 8 + 2*int(c.dice(0, 3)*3)
	rows, steps := 2, 3
	if c.far() {
		rows, steps = 1, 1
	}
	sag := func(x float64) float64 { return .035 * math.Cos(x/half*math.Pi*2.5) }
	at := func(x, t float64) r3.Vec {
		z := awningBack + (awningOut-awningBack)*t
		return v3(x, awningHigh+(awningLow-awningHigh)*t-.16*t*(1-t)+sag(x)*t*.4, z)
	}
	for i := 0; i < stripes; i++ {
		x0, x1 := -half+2*half*float64(i)/float64(stripes), -half+2*half*float64(i+1)/float64(stripes)
		c.paint(paletteCloth, 1, float64(i%2), model.Cloth)
		for k := 0; k < rows; k++ {
			t0, t1 := float64(k)/float64(rows), float64(k+1)/float64(rows)
			p0, p1, q1, q0 := at(x0, t1), at(x1, t1), at(x1, t0), at(x0, t0)
			c.Quad(p0, p1, q1, q0)
			from := len(c.Mesh.Vertices)
			c.Quad(p1, p0, q0, q1)
			c.Mesh.Shade(from, func(_, _, _ float32) float32 { return .8 })
		}
		c.scallops(at(x0, 1), at(x1, 1), steps)
	}
	// The triangles at the sides, and the back of the roof.
	c.paint(paletteCloth, .9, 0, model.Cloth)
	for _, x := range []float64{-half, half} {
		q, r, s := at(x, 0), at(x, 1), v3(x, awningLow, awningBack)
		c.Tri(q, r, s)
		c.Tri(q, s, r)
	}
	c.back(half, at(-half, 0).Y)
}

// scallops hang from the awning's edge between two points.
func (c *carpenter) scallops(e0, e1 r3.Vec, steps int) {
	at := func(u, down, out float64) r3.Vec {
		return v3(e0.X+(e1.X-e0.X)*u, e0.Y+(e1.Y-e0.Y)*u-down, awningOut+out)
	}
	drop := func(u float64) float64 { return .09 + .08*math.Sin(math.Pi*u) }
	for k := 0; k < steps; k++ {
		u0, u1 := float64(k)/float64(steps), float64(k+1)/float64(steps)
		p0, p1, q0, q1 := at(u0, drop(u0), .01), at(u1, drop(u1), .01), at(u0, 0, 0), at(u1, 0, 0)
		c.Quad(p0, p1, q1, q0)
		if !c.far() {
			c.Quad(p1, p0, q0, q1)
		}
	}
}

// back closes the roof from the awning's ridge down to the eave behind.
func (c *carpenter) back(half, ridge float64) {
	const eave = -plan.StallDepth - .02
	c.Quad(v3(half, ridge, awningBack), v3(half, 2.5, eave), v3(-half, 2.5, eave), v3(-half, ridge, awningBack))
	if !c.far() {
		c.Quad(v3(half, ridge, awningBack), v3(-half, ridge, awningBack), v3(-half, 2.5, eave), v3(half, 2.5, eave))
	}
}

// roofline is a stall as it shows from far behind others: its walls' outline
// and its cloth in four stripes.
func (c *carpenter) roofline() {
	half, deep := plan.StallWidth/2, plan.StallDepth
	c.inside()
	c.Quad(v3(-half, 0, -deep+.04), v3(half, 0, -deep+.04), v3(half, 2.6, -deep+.04), v3(-half, 2.6, -deep+.04))
	c.paint(paletteWood, .8, 0, model.Wood)
	c.Quad(v3(half, 0, -deep), v3(-half, 0, -deep), v3(-half, 2.6, -deep), v3(half, 2.6, -deep))
	c.side(-half, -deep, -.3, 1.6)
	c.side(half, -deep, -.3, 1.6)
	c.paint(paletteWood, .7, 0, model.Wood)
	front := c.kind.Rows()[0].Height
	c.Quad(v3(-half, 0, 0), v3(half, 0, 0), v3(half, front, 0), v3(-half, front, 0))
	for i := range 4 {
		x0, x1 := -half+2*half*float64(i)/4, -half+2*half*float64(i+1)/4
		c.paint(paletteCloth, 1, float64(i%2), model.Cloth)
		c.Quad(v3(x0, awningLow-.12, awningOut), v3(x1, awningLow-.12, awningOut), v3(x1, awningHigh, awningBack), v3(x0, awningHigh, awningBack))
	}
	c.paint(paletteCloth, .9, 0, model.Cloth)
	c.back(half, awningHigh)
}
