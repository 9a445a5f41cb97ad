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

// woodOf is the colour of a stall's timber, boardColour that of its shelves,
// backColour that of its back wall: light, so that the goods stand out.
func woodOf(p *plan.Plan, n int) world.RGB {
	return model.Mix(timber, darkest, float32(chance(p.Seed, n, 2))*.45)
}

func boardColour(wood world.RGB) world.RGB { return model.Mix(wood, cream, .35) }

func backColour(c world.RGB) world.RGB {
	return model.Mix(model.Mix(c, cream, .55), world.RGB{R: .86, G: .74, B: .56}, .3)
}

// place turns the builder into a stall's frame: origin at the middle of the
// front on the ground, z out of the front.
func place(b *model.Builder, s *plan.Stall) {
	b.At(s.Front()).Turn(s.Yaw+math.Pi, v3(0, 1, 0))
}

// buildStall adds a stall's woodwork and cloth; far leaves out what cannot be
// seen from 20 m.
func buildStall(b *model.Builder, p *plan.Plan, n int, far bool) {
	s := &p.Stalls[n]
	colour := stallColour(p, s, n)
	wood := woodOf(p, n)
	place(b, s)
	half, deep := plan.StallWidth/2, plan.StallDepth
	from := len(b.Mesh.Vertices)
	// Back and sides: planks, the back painted in the district's colour.
	b.Paint(backColour(colour), model.Wood)
	b.Quad(v3(-half, 0, -deep+.04), v3(half, 0, -deep+.04), v3(half, 2.6, -deep+.04), v3(-half, 2.6, -deep+.04))
	b.Paint(model.Dim(wood, .8), model.Wood)
	b.Quad(v3(half, 0, -deep), v3(-half, 0, -deep), v3(-half, 2.6, -deep), v3(half, 2.6, -deep))
	for _, x := range []float64{-1, 1} {
		b.Paint(model.Mix(wood, cream, .3), model.Wood)
		if far {
			side(b, x*half, -deep, -.62, 2.2)
			side(b, x*half, -.62, -.04, 1)
			continue
		}
		b.Box(v3(min(x*half, x*(half-.05)), 0, -deep), v3(max(x*half, x*(half-.05)), 2.2, -.62))
		b.Box(v3(min(x*half, x*(half-.05)), 0, -.62), v3(max(x*half, x*(half-.05)), 1.0, -.04))
	}
	// Inside is darker the deeper and the higher under the roof.
	front := s.Front()
	inside := func(x, y, z float32) float32 {
		d := math.Abs(float64(z)-front.Z) / deep
		return float32(1 - .24*min(1, d)*min(1, d))
	}
	b.Mesh.Shade(from, inside)
	counter(b, s, colour, wood, far)
	b.Paint(wood, model.Wood)
	for _, x := range []float64{-half + .06, half - .06} {
		if far {
			b.Quad(v3(x-.05, 0, .01), v3(x+.05, 0, .01), v3(x+.05, awningHigh-.28, .01), v3(x-.05, awningHigh-.28, .01))
			continue
		}
		b.Box(v3(x-.05, 0, -.09), v3(x+.05, awningHigh-.28, .01))
		if !far {
			b.Paint(model.Dim(wood, .7), model.Wood)
			b.Box(v3(x-.08, 0, -.12), v3(x+.08, .1, .04))
			b.Paint(wood, model.Wood)
			b.Beam(v3(x, awningHigh-.5, -.02), v3(x, awningLow+.05, awningOut*.7), .04, .05)
		}
	}
	awning(b, p, n, colour, far)
	if !far {
		// A lantern hangs from the awning's beam.
		x := (chance(p.Seed, n, 4) - .5) * 1.9
		b.Paint(darkest, model.Metal)
		place(b, s)
		b.Beam(v3(x, 2.22, .42), v3(x, 2.06, .42), .012, .012)
		b.At(r3.Add(s.Front(), r3.NewRotation(s.Yaw+math.Pi, v3(0, 1, 0)).Rotate(v3(x, 1.84, .42))))
		b.Paint(model.Mix(lantern, colour, .18), model.Glow)
		b.Lathe(10, model.Rim{R: .04, Y: .02}, model.Rim{R: .095, Y: .08}, model.Rim{R: .1, Y: .13}, model.Rim{R: .045, Y: .2})
		b.Paint(darkest, model.Metal)
		b.Lathe(8, model.Rim{R: 0, Y: 0}, model.Rim{R: .05, Y: 0}, model.Rim{R: .04, Y: .03})
		b.Lathe(8, model.Rim{R: .05, Y: .19}, model.Rim{R: .02, Y: .23}, model.Rim{R: 0, Y: .24})
	}
}

// side adds a wall of a stall without thickness, seen from both sides.
func side(b *model.Builder, x, back, front, high float64) {
	b.Quad(v3(x, 0, front), v3(x, 0, back), v3(x, high, back), v3(x, high, front))
	b.Quad(v3(x, 0, back), v3(x, 0, front), v3(x, high, front), v3(x, high, back))
}

// counter adds the boards that carry the goods, and what closes the front.
func counter(b *model.Builder, s *plan.Stall, colour, wood world.RGB, far bool) {
	half := plan.StallWidth/2 - .07
	for i, r := range s.Kind.Rows() {
		mid := -r.Inset
		from := len(b.Mesh.Vertices)
		b.Paint(boardColour(wood), model.Wood)
		lo, hi := v3(-half, r.Height-.04, mid-r.Board/2), v3(half, r.Height, mid+r.Board/2)
		if i == 0 {
			hi.Z += .03
		}
		if far {
			b.Quad(v3(lo.X, hi.Y, hi.Z), v3(hi.X, hi.Y, hi.Z), v3(hi.X, hi.Y, lo.Z), v3(lo.X, hi.Y, lo.Z))
			b.Paint(model.Dim(wood, .7), model.Wood)
			b.Quad(v3(lo.X, lo.Y-.05, hi.Z), v3(hi.X, lo.Y-.05, hi.Z), v3(hi.X, hi.Y, hi.Z), v3(lo.X, hi.Y, hi.Z))
			b.Mesh.Shade(from, func(_, _, _ float32) float32 { return .96 - .04*float32(i) })
			continue
		}
		b.Box(lo, hi)
		if i > 0 { // under a shelf it is dark
			b.Paint(model.Dim(wood, .6), model.Wood)
			b.Box(v3(-half, r.Height-.1, hi.Z-.05), v3(half, r.Height-.04, hi.Z-.02))
			if !far {
				for _, x := range []float64{-half + .02, 0, half - .02} {
					b.Box(v3(x-.02, .3, mid-.02), v3(x+.02, r.Height-.04, mid+.02))
				}
			}
			b.Mesh.Shade(from, func(_, _, _ float32) float32 { return .96 - .04*float32(i) })
		}
	}
	front := s.Kind.Rows()[0].Height - .04
	if s.Kind == plan.Podium {
		b.Paint(model.Dim(wood, .85), model.Wood)
		b.Quad(v3(-half, 0, -.01), v3(half, 0, -.01), v3(half, front, -.01), v3(-half, front, -.01))
		return
	}
	// Planks below, and a cloth of the district's colour over the edge.
	b.Paint(model.Dim(wood, .9), model.Wood)
	planks := 6
	if far {
		planks = 1
	}
	w := 2 * half / float64(planks)
	for i := 0; i < planks; i++ {
		x0 := -half + float64(i)*w
		b.Paint(model.Dim(wood, float32(.78+.2*chance(uint64(s.FirstSlot), i, 5))), model.Wood)
		b.Quad(v3(x0+.006, 0, -.015), v3(x0+w-.006, 0, -.015), v3(x0+w-.006, front, -.015), v3(x0+.006, front, -.015))
	}
	b.Paint(darkest, model.Wood)
	b.Quad(v3(-half, 0, -.03), v3(half, 0, -.03), v3(half, front, -.03), v3(-half, front, -.03))
	folds := 12
	if far {
		folds = 2
	}
	drop := .26
	for i := 0; i < folds; i++ {
		x0, x1 := -half+2*half*float64(i)/float64(folds), -half+2*half*float64(i+1)/float64(folds)
		c := colour
		if i%2 == 1 {
			c = model.Mix(colour, cream, .82)
		}
		b.Paint(c, model.Cloth)
		xm, y := (x0+x1)/2, front+.045
		b.Quad(v3(x0, y-drop*.72, .035), v3(x1, y-drop*.72, .035), v3(x1, y, .038), v3(x0, y, .038))
		b.Tri(v3(x0, y-drop*.72, .035), v3(xm, y-drop, .04), v3(x1, y-drop*.72, .035))
	}
}

// awning adds the striped cloth over a stall, with its scalloped edge.
func awning(b *model.Builder, p *plan.Plan, n int, colour world.RGB, far bool) {
	half := plan.StallWidth/2 + .04
	stripes := 8 + 2*int(chance(p.Seed, n, 3)*3)
	rows := 4
	if far {
		rows = 1
	}
	sag := func(x float64) float64 { return .035 * math.Cos(x/half*math.Pi*2.5) }
	at := func(x, t float64) r3.Vec {
		z := awningBack + (awningOut-awningBack)*t
		return v3(x, awningHigh+(awningLow-awningHigh)*t-.16*t*(1-t)+sag(x)*t*.4, z)
	}
	for i := 0; i < stripes; i++ {
		x0, x1 := -half+2*half*float64(i)/float64(stripes), -half+2*half*float64(i+1)/float64(stripes)
		c := colour
		if i%2 == 1 {
			c = cream
		}
		b.Paint(c, model.Cloth)
		for k := 0; k < rows; k++ {
			t0, t1 := float64(k)/float64(rows), float64(k+1)/float64(rows)
			p0, p1, q1, q0 := at(x0, t1), at(x1, t1), at(x1, t0), at(x0, t0)
			b.Quad(p0, p1, q1, q0)
			from := len(b.Mesh.Vertices)
			b.Quad(p1, p0, q0, q1)
			b.Mesh.Shade(from, func(_, _, _ float32) float32 { return .8 })
		}
		// The edge hangs down in scallops.
		e0, e1 := at(x0, 1), at(x1, 1)
		steps := 4
		if far {
			steps = 1
		}
		for k := 0; k < steps; k++ {
			u0, u1 := float64(k)/float64(steps), float64(k+1)/float64(steps)
			drop := func(u float64) float64 { return .09 + .08*math.Sin(math.Pi*u) }
			x := func(u float64) float64 { return x0 + (x1-x0)*u }
			y := func(u float64) float64 { return e0.Y + (e1.Y-e0.Y)*u }
			p0, p1 := v3(x(u0), y(u0)-drop(u0), awningOut+.01), v3(x(u1), y(u1)-drop(u1), awningOut+.01)
			q0, q1 := v3(x(u0), y(u0), awningOut), v3(x(u1), y(u1), awningOut)
			b.Quad(p0, p1, q1, q0)
			if !far {
				b.Quad(p1, p0, q0, q1)
			}
		}
	}
	// The triangles at the sides, and the back of the roof.
	b.Paint(model.Dim(colour, .9), model.Cloth)
	for _, x := range []float64{-half, half} {
		q, r, s := at(x, 0), at(x, 1), v3(x, awningLow, awningBack)
		b.Tri(q, r, s)
		b.Tri(q, s, r)
	}
	ridge, eave := at(-half, 0), -plan.StallDepth-.02
	b.Quad(v3(half, ridge.Y, awningBack), v3(half, 2.5, eave), v3(-half, 2.5, eave), v3(-half, ridge.Y, awningBack))
	b.Quad(v3(half, ridge.Y, awningBack), v3(-half, ridge.Y, awningBack), v3(-half, 2.5, eave), v3(half, 2.5, eave))
}

// buildItems adds a stall's goods, near or far models. starts gets, slot by
// slot, where each item's indices begin, and the end behind the last.
func buildItems(b *model.Mesh, starts []uint32, p *plan.Plan, n int, far bool) []uint32 {
	s := &p.Stalls[n]
	c := p.Catalog()
	front := s.Front()
	for i := s.FirstSlot; i < s.FirstSlot+world.SlotIndex(s.Slots); i++ {
		slot := &p.Slots[i]
		starts = append(starts, uint32(len(b.Indices)))
		it := &c.Items[slot.Item]
		spec := model.SpecOf(it, c.Categories[it.Category].Family)
		spec.Look.Size = p.ItemSize(i, slot.Item)
		detail := model.Near
		if far {
			detail = model.Far
		}
		from := len(b.Vertices)
		// Nobody sets goods out with a ruler.
		b.Append(model.Build(spec, detail), slot.Pos, slot.Yaw+math.Pi+(chance(p.Seed, int(i), 7)-.5)*.5)
		depth := math.Abs(slot.Pos.Z-front.Z) / plan.StallDepth
		shade := float32(1 - .18*depth)
		b.Shade(from, func(_, _, _ float32) float32 { return shade })
	}
	return append(starts, uint32(len(b.Indices)))
}

// square are the families that look like a box from far; the others look round.
var square = map[string]bool{"book": true, "notebook": true, "box": true, "frame": true, "mirror": true, "chair": true, "table": true,
	"bag": true, "radio": true, "camera": true, "cushion": true, "scarf": true, "rug": true, "knife": true}

// buildCards adds what stands for a stall's goods far away: three faces in
// the item's colours, at most six triangles.
func buildCards(b *model.Builder, p *plan.Plan, n int) {
	s := &p.Stalls[n]
	c := p.Catalog()
	for i := s.FirstSlot; i < s.FirstSlot+world.SlotIndex(s.Slots); i++ {
		slot := &p.Slots[i]
		size := p.ItemSize(i, slot.Item)
		look := &c.Items[slot.Item].Look
		b.At(slot.Pos).Turn(slot.Yaw+math.Pi, v3(0, 1, 0))
		x, y, z := size.X*.42, size.Y*.94, size.Z*.42
		from := len(b.Mesh.Vertices)
		b.Paint(model.Mix(look.Primary, look.Accent, .15), model.Matt)
		if !square[c.Categories[c.Items[slot.Item].Category].Family] {
			// Eight corners, the middle ones nearer.
			outline := [8]r3.Vec{v3(-.5*x, 0, 0), v3(.5*x, 0, 0), v3(x, .28*y, -z), v3(x, .72*y, -z), v3(.5*x, y, 0), v3(-.5*x, y, 0), v3(-x, .72*y, -z), v3(-x, .28*y, -z)}
			b.Quad(outline[0], outline[1], outline[4], outline[5])
			b.Quad(outline[1], outline[2], outline[3], outline[4])
			b.Quad(outline[7], outline[0], outline[5], outline[6])
		} else {
			b.Quad(v3(-x, 0, -z), v3(0, 0, z), v3(0, y, z), v3(-x, y, -z))
			b.Quad(v3(0, 0, z), v3(x, 0, -z), v3(x, y, -z), v3(0, y, z))
			b.Paint(model.Mix(look.Primary, look.Accent, .5), model.Matt)
			b.Tri(v3(-x, y, -z), v3(0, y, z), v3(x, y, -z))
		}
		depth := math.Abs(slot.Pos.Z-s.Front().Z) / plan.StallDepth
		shade := float32(1 - .18*depth)
		b.Mesh.Shade(from, func(_, _, _ float32) float32 { return shade })
	}
}

// buildContacts adds the soft shadows at the feet of a stall's goods.
func buildContacts(m *model.Mesh, p *plan.Plan, n int) {
	s := &p.Stalls[n]
	for i := s.FirstSlot; i < s.FirstSlot+world.SlotIndex(s.Slots); i++ {
		contact(m, p.Slots[i].Pos, p.ItemSize(i, p.Slots[i].Item), boardColour(woodOf(p, n)))
	}
}

// contact adds the soft shadow at an item's foot: a patch of the board that
// gets less light towards its middle.
func contact(m *model.Mesh, at, size r3.Vec, c world.RGB) {
	var b model.Builder
	b.At(r3.Add(at, v3(0, .0015, 0)))
	b.Paint(c, model.Wood)
	rx, rz := size.X*.5+.045, size.Z*.5+.045
	const n = 12
	at2 := func(i int, part float64) r3.Vec {
		s, co := math.Sincos(float64(i) / n * 2 * math.Pi)
		return v3(rx*part*s, 0, rz*part*co)
	}
	for i := 0; i < n; i++ {
		b.Quad(at2(i, .6), at2(i, 1), at2(i+1, 1), at2(i+1, .6))
		b.Tri(v3(0, 0, 0), at2(i, .6), at2(i+1, .6))
	}
	from := len(m.Vertices)
	m.Append(&b.Mesh, r3.Vec{}, 0)
	m.Shade(from, func(x, _, z float32) float32 {
		d := math.Hypot((float64(x)-at.X)/rx, (float64(z)-at.Z)/rz)
		return float32(.42 + .55*smoothstep(.5, 1, d))
	})
}
