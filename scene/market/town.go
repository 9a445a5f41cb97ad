package market

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/market/model"
	"souk/world"
	"souk/world/plan"
)

// standing is something that stands around the stalls: a form for near by, one
// for afar, and the distance beyond which it is not drawn, 0 for none.
type standing struct {
	build func(b *model.Builder, near bool)
	reach float64
	// lamp is the part of lantern light that comes to a height above the
	// ground; nil is none.
	lamp func(y float64) float64
}

// surroundings is all that stands around the stalls at an hour, so that the
// market does not end at them. Nothing of it stands where people walk.
func surroundings(p *plan.Plan, l *light) []standing {
	gaps := gapsOf(p)
	all := walls(p)
	all = append(all, gates(p, l)...)
	all = append(all, beyond(p, l)...)
	for _, m := range landmarksOf(p, gaps) {
		all = append(all, standing{build: func(b *model.Builder, near bool) { m.build(b, p, near) }, reach: 230,
			// Lanterns below light a tower from its foot.
			lamp: func(y float64) float64 { return .55 * math.Exp(-max(0, y-2.6)/3.2) }})
	}
	all = append(all, trees(p, gaps)...)
	all = append(all, masts(p, gaps)...)
	return append(all, garlands(p)...)
}

// wallHigh is the height of the wall around the market, metres.
const wallHigh = 3.1

// walls close the market: plaster between piers, with a coping and blind
// arches, in stretches. Only their inner side is ever seen.
func walls(p *plan.Plan) (all []standing) {
	lo, hi := r3.Sub(p.Bounds.Min, v3(.12, 0, .12)), r3.Add(p.Bounds.Max, v3(.12, 0, .12))
	corners := []r3.Vec{{X: lo.X, Z: lo.Z}, {X: hi.X, Z: lo.Z}, {X: hi.X, Z: hi.Z}, {X: lo.X, Z: hi.Z}}
	const bay, stretch = 4.2, 5 // metres, bays
	for i := range corners {
		p0, p1 := corners[i], corners[(i+1)%4]
		d := r3.Sub(p1, p0)
		n := max(1, int(r3.Norm(d)/bay))
		step := r3.Scale(1/float64(n), d)
		turn := math.Atan2(-d.Z, d.X)
		for k := 0; k < n; k += stretch {
			from, bays := r3.Add(p0, r3.Scale(float64(k), step)), min(stretch, n-k)
			all = append(all, standing{reach: 190, lamp: func(y float64) float64 { return .22 }, build: func(b *model.Builder, near bool) {
				b.At(from).Turn(turn, v3(0, 1, 0))
				wallStretch(b, bays, r3.Norm(step), near, func(j int) float64 { return chance(p.Seed, k+j, 30+i) })
			}})
		}
	}
	return all
}

// wallStretch builds bays of wall along x from the origin; its inner side
// looks along +z.
func wallStretch(b *model.Builder, bays int, step float64, near bool, die func(bay int) float64) {
	front := func(x0, y0, x1, y1, z float64) {
		b.Quad(v3(x0, y0, z), v3(x1, y0, z), v3(x1, y1, z), v3(x0, y1, z))
	}
	long := float64(bays) * step
	b.Open(.75)
	b.Paint(model.Dim(stone, .8), model.Stone)
	front(0, 0, long, .5, .06)
	b.Open(.95)
	tiles := world.RGB{R: .70, G: .36, B: .24}
	if !near {
		b.Paint(model.Dim(plaster, .97), model.Stone)
		front(0, .5, long, wallHigh, 0)
		b.Open(1)
		b.Paint(tiles, model.Matt)
		b.Quad(v3(0, wallHigh, .1), v3(long, wallHigh, .1), v3(long, wallHigh+.16, -.1), v3(0, wallHigh+.16, -.1))
	}
	for j := range bays {
		x0 := float64(j) * step
		tone := .94 + .1*die(j)
		b.Open(1)
		b.Paint(model.Dim(stone, .95), model.Stone)
		front(x0-.22, 0, x0+.22, wallHigh+.18, .14)
		if !near {
			continue
		}
		side := func(x, out float64) {
			p, q := v3(x, 0, .14), v3(x, 0, 0)
			if out < 0 {
				p, q = q, p
			}
			b.Quad(p, q, r3.Add(q, v3(0, wallHigh+.18, 0)), r3.Add(p, v3(0, wallHigh+.18, 0)))
		}
		side(x0+.22, 1)
		side(x0-.22, -1)
		b.Prism(v3(x0-.28, wallHigh+.18, -.2), v3(x0+.28, wallHigh+.42, .2), .3, .3)
		b.Open(.95)
		b.Paint(model.Dim(plaster, float32(tone)), model.Stone)
		front(x0+.2, .5, x0+step-.2, wallHigh, 0)
		b.Quad(v3(x0+.2, .5, .0), v3(x0+.2, .5, .06), v3(x0+step-.2, .5, .06), v3(x0+step-.2, .5, 0))
		b.Open(1)
		b.Paint(tiles, model.Matt)
		b.Quad(v3(x0+.2, wallHigh, .12), v3(x0+step-.2, wallHigh, .12), v3(x0+step-.2, wallHigh+.16, -.1), v3(x0+.2, wallHigh+.16, -.1))
		// A blind arch of darker plaster.
		b.Open(.9)
		b.Paint(model.Dim(plaster, float32(tone*.86)), model.Stone)
		xm, w := x0+step/2, step*.28
		front(xm-w, .5, xm+w, 1.75, .012)
		for k := range 6 {
			s0, c0 := math.Sincos(float64(k) / 6 * math.Pi)
			s1, c1 := math.Sincos(float64(k+1) / 6 * math.Pi)
			b.Tri(v3(xm, 1.75, .012), v3(xm+w*c0, 1.75+w*s0*.9, .012), v3(xm+w*c1, 1.75+w*s1*.9, .012))
		}
	}
	b.Open(1)
}

// brassKnob is the colour of fittings.
var brassKnob = world.RGB{R: .80, G: .62, B: .28}

// gates are gatehouses in the wall at both ends of the main street. They stand
// out of it by less than a body is wide, so that nobody walks into them.
func gates(p *plan.Plan, l *light) (all []standing) {
	tiles := [2]world.RGB{{R: .16, G: .42, B: .52}, {R: .62, G: .28, B: .18}}
	for i, z := range []float64{p.Bounds.Min.Z - .02, p.Bounds.Max.Z + .02} {
		all = append(all, standing{reach: 260, lamp: func(y float64) float64 { return .5 * math.Exp(-y/3.5) }, build: func(b *model.Builder, near bool) {
			home := func(x, zz float64) {
				b.At(v3(x, 0, z))
				if z < 0 {
					b.Turn(math.Pi, v3(0, 1, 0))
				}
				if zz != 0 || x != 0 {
					b.At(v3(x, 0, z+math.Copysign(zz, z)))
				}
			}
			gate(b, home, tiles[i], near, l.lamps > .3)
		}})
	}
	return all
}

// gate builds a gatehouse whose z points out of the market: its other side is seen.
func gate(b *model.Builder, home func(x, z float64), tiles world.RGB, near, lit bool) {
	wall := world.RGB{R: .84, G: .68, B: .50}
	n := 6
	if near {
		n = 12
	}
	// All fronts look along −z.
	face := func(x0, y0, x1, y1, z float64) {
		b.Quad(v3(x1, y0, z), v3(x0, y0, z), v3(x0, y1, z), v3(x1, y1, z))
	}
	home(0, 0)
	b.Paint(wall, model.Stone)
	for _, x := range []float64{-4.4, 4.4} {
		b.Box(v3(x-1.3, 0, .15), v3(x+1.3, 8.2, 2.6))
		b.Box(v3(x-1.5, 8.2, -.05), v3(x+1.5, 8.7, 2.8))
		b.Prism(v3(x-1.1, 8.7, .3), v3(x+1.1, 10, 2.4), .9, .9)
		windowColour(b, lit)
		face(x-.3, 6.0, x+.3, 7.1, .13)
		b.Paint(wall, model.Stone)
	}
	b.Box(v3(-3.2, 4.9, .3), v3(3.2, 7.6, 2.4))
	b.Paint(tiles, model.Ceramic)
	face(-3.1, 6.3, 3.1, 7.1, .27)
	b.Paint(world.RGB{R: .92, G: .84, B: .70}, model.Stone)
	for k := range 9 {
		x := -2.8 + .7*float64(k)
		face(x-.2, 7.6, x+.2, 8.1, .3)
	}
	// The arch: a ring of light stone around the dark of the door.
	arc := func(r float64, k int, z float64) r3.Vec {
		s, c := math.Sincos(float64(k) / float64(n) * math.Pi)
		return v3(-r*c, 2.6+r*s*1.12, z)
	}
	door := world.RGB{R: .34, G: .22, B: .14}
	b.Paint(door, model.Wood)
	face(-2.2, 0, 2.2, 2.6, -.16)
	for k := range n {
		b.Paint(door, model.Wood)
		b.Tri(v3(0, 2.6, -.16), arc(2.2, k, -.16), arc(2.2, k+1, -.16))
		c := world.RGB{R: .93, G: .86, B: .74}
		if k%2 == 1 {
			c = model.Mix(tiles, c, .45)
		}
		b.Paint(c, model.Stone)
		b.Quad(arc(2.2, k, -.2), arc(2.75, k, -.2), arc(2.75, k+1, -.2), arc(2.2, k+1, -.2))
	}
	b.Paint(wall, model.Stone)
	for _, x := range []float64{-2.48, 2.48} {
		face(x-.28, 0, x+.28, 2.6, -.22)
	}
	face(-3.2, 3.1, 3.2, 5, .12)
	b.Paint(brassKnob, model.Metal)
	for _, x := range []float64{-.18, .18} {
		b.Ball(v3(x, 1.3, -.2), v3(.09, .09, .06), 5)
	}
	for _, x := range []float64{-4.4, 4.4} {
		home(x, 1.35)
		b.Paint(tiles, model.Ceramic)
		b.Lathe(n, rim(1.05, 10), rim(1.12, 10.4), rim(.95, 11.1), rim(.5, 11.8), rim(0, 13))
	}
}

// windowColour paints a window: dark by day, in the evening mostly lit.
func windowColour(b *model.Builder, lit bool) {
	if lit {
		b.Paint(world.RGB{R: 1, G: .72, B: .36}, model.Glow)
		return
	}
	b.Paint(world.RGB{R: .24, G: .19, B: .16}, model.Matt)
}

// beyond is the town behind the wall: houses, domes and towers, so that the
// world does not end there. Only what looks over the wall is built.
func beyond(p *plan.Plan, l *light) (all []standing) {
	c := p.Bounds.Center()
	rx, rz := (p.Bounds.Max.X-p.Bounds.Min.X)/2, (p.Bounds.Max.Z-p.Bounds.Min.Z)/2
	n := int(max(56, min(120, 4*(rx+rz)/4.6)))
	for i := range n {
		die := func(salt int) float64 { return chance(p.Seed, i, salt) }
		a := (float64(i) + .6*die(40)) / float64(n) * 2 * math.Pi
		s, co := math.Sincos(a)
		far := 7 + 26*die(41)
		// Outside of the wall's rectangle along this direction.
		k := min((rx+far)/max(1e-6, math.Abs(s)), (rz+far)/max(1e-6, math.Abs(co)))
		at := v3(c.X+s*k, 0, c.Z+co*k)
		turn := a + math.Pi + (die(45)-.5)*.5 // its front looks at the market
		kind := die(46)
		q := standing{reach: 170, lamp: func(y float64) float64 { return .12 * math.Exp(-y/5) }}
		switch {
		case kind < .34:
			q.build = func(b *model.Builder, _ bool) { tree(b, at, 1.6+die(47), die(48), false) }
		case kind < .44:
			q.build = func(b *model.Builder, _ bool) {
				b.At(at).Turn(turn, v3(0, 1, 0))
				townTower(b, 3.6+4.6*die(43)+far*.08, die(44), l.lamps > .3)
			}
		default:
			q.build = func(b *model.Builder, _ bool) {
				b.At(at).Turn(turn, v3(0, 1, 0))
				house(b, 4+5*die(42), 3.8+4.6*die(43)+far*.08, die(44), kind > .8, func(w int) bool { return l.lamps > .3 && chance(p.Seed, i*16+w, 49) < .6*l.lamps })
			}
		}
		all = append(all, q)
	}
	return all
}

// townTone is the plaster of a house.
func townTone(die float64) world.RGB {
	return model.Mix(plaster, world.RGB{R: .93, G: .86, B: .76}, float32(die))
}

// house builds a house wide and high whose front looks along +z.
func house(b *model.Builder, wide, high, die float64, domed bool, lit func(window int) bool) {
	tone := townTone(die)
	w, low := wide/2, 2.4
	shell := func(w, d, y0, y1 float64) {
		b.Quad(v3(-w, y0, d), v3(w, y0, d), v3(w, y1, d), v3(-w, y1, d))
		b.Quad(v3(w, y0, d), v3(w, y0, -d), v3(w, y1, -d), v3(w, y1, d))
		b.Quad(v3(-w, y0, -d), v3(-w, y0, d), v3(-w, y1, d), v3(-w, y1, -d))
	}
	b.Paint(tone, model.Stone)
	shell(w, 2.5, low, high)
	b.Paint(model.Dim(tone, .9), model.Stone)
	shell(w+.12, 2.62, high, high+.35)
	k := 0
	for y := 3.5; y < high-1.2; y += 2.1 {
		for x := -w + 1; x < w-.6; x += 1.9 {
			windowColour(b, lit(k))
			b.Quad(v3(x-.3, y, 2.52), v3(x+.3, y, 2.52), v3(x+.3, y+1, 2.52), v3(x-.3, y+1, 2.52))
			k++
		}
	}
	if domed {
		r := wide * .36
		b.Paint(world.RGB{R: .34, G: .56, B: .56}, model.Ceramic)
		b.Lathe(9, rim(r, high+.4), rim(r*.94, high+.7+r*.5), rim(r*.55, high+.7+r), rim(0, high+.7+r*1.5))
	}
}

// townTower builds a slim tower with a cap of tiles.
func townTower(b *model.Builder, high, die float64, lit bool) {
	tone := townTone(die)
	b.Paint(tone, model.Stone)
	b.Prism(v3(-1.3, 2.4, -1.3), v3(1.3, high+6, 1.3), .92, .92)
	b.Box(v3(-1.5, high+6, -1.5), v3(1.5, high+6.4, 1.5))
	b.Box(v3(-.9, high+6.4, -.9), v3(.9, high+8, .9))
	windowColour(b, lit)
	b.Quad(v3(-.35, high+6.6, .92), v3(.35, high+6.6, .92), v3(.35, high+7.7, .92), v3(-.35, high+7.7, .92))
	b.Paint(world.RGB{R: .30, G: .52, B: .50}, model.Ceramic)
	b.Lathe(7, rim(1.05, high+8), rim(.9, high+8.8), rim(0, high+10.2))
}
