package market

import (
	"image"
	"image/color"
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/market/model"
	"souk/world"
	"souk/world/plan"
)

// trees are where trees stand on the plaza, metres from its middle.
var trees = [][2]float64{{-6.6, -2.1}, {6.6, -2.1}, {-6.6, 2.1}, {6.6, 2.1}, {-12.8, 0}, {12.8, 0}}

// buildPlace adds what stands around the stalls: wall, gates, the roofs beyond.
func buildPlace(b *model.Builder, p *plan.Plan) {
	wall(b, p)
	gates(b, p)
	beyond(b, p)
}

// tree adds a tree; planted ones stand in a round bed of stone, and only near
// ones have leaves.
func tree(b *model.Builder, at r3.Vec, size, die float64, planted, near bool) {
	b.At(at).Turn(die*6, v3(0, 1, 0))
	h := (3.1 + die) * size
	if planted {
		b.Paint(stone, model.Stone)
		b.Lathe(20, model.Rim{R: .78, Y: 0}, model.Rim{R: .78, Y: .4}, model.Rim{R: .74, Y: .44}, model.Rim{R: .6, Y: .44}, model.Rim{R: .58, Y: .34})
		b.Paint(world.RGB{R: .24, G: .17, B: .11}, model.Matt)
		b.Lathe(14, model.Rim{R: .6, Y: .35}, model.Rim{R: 0, Y: .38})
	}
	b.Paint(world.RGB{R: .42, G: .31, B: .22}, model.Wood)
	b.Tube(7, .15*size, .08*size, v3(0, 0, 0), v3(.05, h*.3, .02), v3(-.04, h*.55, 0), v3(.02, h*.8, .04))
	for i := 0; i < 4; i++ {
		s, c := math.Sincos(float64(i)*1.6 + die)
		b.Tube(4, .06*size, .03*size, v3(0, h*.5, 0), v3(s*.7*size, h*.72, c*.7*size))
	}
	crown(b, h, size, die, near)
}

// crown adds a tree's foliage: dark clumps with leaves all over them where
// the tree can be seen from near.
func crown(b *model.Builder, h, size, die float64, near bool) {
	green := model.Mix(world.RGB{R: .27, G: .42, B: .15}, world.RGB{R: .46, G: .52, B: .18}, float32(die))
	seed := uint64(die * 1e6)
	from := len(b.Mesh.Vertices)
	for i := 0; i < 9; i++ {
		s, c := math.Sincos(float64(i) * 2.39996)
		t := float64(i) / 8
		r := .95 * size * math.Sqrt(max(0, 1-t*t)) * min(1, .25+t*3)
		q := (.78 - .26*t) * size
		mid := v3(s*r, h*(.78+.34*t), c*r)
		tone := model.Dim(green, float32(.85+.25*chance(seed, i, 21)))
		b.Paint(tone, model.Leaf)
		if near {
			b.Paint(model.Dim(tone, .72), model.Leaf)
			q *= .84
		}
		round := 7
		if near {
			round = 10
		}
		b.Ball(mid, v3(q, q*.8, q), round)
		for k := 0; near && k < 80; k++ {
			// Leaves sit where a golden spiral meets the clump.
			y := 1 - 2*(float64(k)+.5)/80
			sk, ck := math.Sincos(float64(k)*2.39996 + float64(i))
			out := v3(math.Sqrt(1-y*y)*sk, y, math.Sqrt(1-y*y)*ck)
			at := r3.Add(mid, v3(out.X*q*1.06, out.Y*q*.86, out.Z*q*1.06))
			side := r3.Unit(r3.Cross(out, v3(chance(seed, k, 22)-.5, .3, chance(seed, k, 23)-.5)))
			tip := r3.Unit(r3.Add(r3.Cross(side, out), r3.Scale(.5*chance(seed, k+i*80, 24), out)))
			long, wide := (.20+.12*chance(seed, k, 25))*size, .085*size
			b.Paint(model.Dim(tone, float32(.8+.5*chance(seed, k+i*80, 26))), model.Leaf)
			mid2 := r3.Add(at, r3.Scale(.45*long, tip))
			p0, p1 := r3.Sub(mid2, r3.Scale(wide, side)), r3.Add(mid2, r3.Scale(wide, side))
			q0 := r3.Add(at, r3.Scale(long, tip))
			first := len(b.Mesh.Vertices)
			b.Quad(at, p1, q0, p0)
			b.Quad(at, p0, q0, p1)
			// Lit like the clump, not like a scatter of mirrors.
			for j := first; j < len(b.Mesh.Vertices); j++ {
				b.Mesh.Vertices[j].Normal = [3]int8{int8(out.X * 127), int8(out.Y * 127), int8(out.Z * 127)}
			}
		}
	}
	for i := from; i < len(b.Mesh.Vertices); i++ {
		v := &b.Mesh.Vertices[i]
		low := (float64(v.Y) - h*.62) / (h * .6)
		v.Open = int8(float64(v.Open) * max(.5, min(1, .55+.5*low)))
	}
}

// wall closes the market: plaster between piers, with a coping.
func wall(b *model.Builder, p *plan.Plan) {
	lo, hi := r3.Sub(p.Bounds.Min, v3(.3, 0, .3)), r3.Add(p.Bounds.Max, v3(.3, 0, .3))
	const high = 3.1
	corners := []r3.Vec{{X: lo.X, Z: lo.Z}, {X: hi.X, Z: lo.Z}, {X: hi.X, Z: hi.Z}, {X: lo.X, Z: hi.Z}}
	for i := range corners {
		p0, p1 := corners[i], corners[(i+1)%4]
		d := r3.Sub(p1, p0)
		l := r3.Norm(d)
		n := max(1, int(l/4))
		b.At(p0).Turn(math.Atan2(-d.Z, d.X), v3(0, 1, 0))
		step := l / float64(n)
		for k := 0; k < n; k++ {
			x0, x1 := float64(k)*step, float64(k+1)*step
			tone := float32(.94 + .1*chance(p.Seed, k, 30+i))
			b.Paint(model.Dim(plaster, tone), model.Stone)
			b.Open(.95)
			b.Box(v3(x0, .5, -.1), v3(x1, high, .1))
			b.Paint(model.Dim(stone, .8), model.Stone)
			b.Open(.75)
			b.Box(v3(x0, 0, -.16), v3(x1, .5, .16))
			b.Open(1)
			b.Paint(model.Dim(stone, .95), model.Stone)
			b.Box(v3(x0-.22, 0, -.24), v3(x0+.22, high+.18, .24))
			b.Prism(v3(x0-.28, high+.18, -.3), v3(x0+.28, high+.42, .3), .3, .3)
			b.Paint(world.RGB{R: .70, G: .36, B: .24}, model.Matt)
			b.Prism(v3(x0+.2, high, -.2), v3(x1-.2, high+.14, .2), 1, .2)
			// A blind arch of darker plaster on the inside.
			b.Paint(model.Dim(plaster, tone*.86), model.Stone)
			xm, w := (x0+x1)/2, step*.28
			for _, z := range []float64{.105} { // the wall runs so that +z is inside
				var arc []r3.Vec
				for j := 0; j <= 6; j++ {
					s, c := math.Sincos(float64(j) / 6 * math.Pi)
					arc = append(arc, v3(xm+w*c, 1.75+w*s*.9, z))
				}
				if z < 0 {
					b.Quad(v3(xm+w, .5, z), v3(xm-w, .5, z), v3(xm-w, 1.75, z), v3(xm+w, 1.75, z))
				} else {
					b.Quad(v3(xm-w, .5, z), v3(xm+w, .5, z), v3(xm+w, 1.75, z), v3(xm-w, 1.75, z))
				}
				for j := 0; j < 6; j++ {
					if z < 0 {
						b.Tri(v3(xm, 1.75, z), arc[j+1], arc[j])
					} else {
						b.Tri(v3(xm, 1.75, z), arc[j], arc[j+1])
					}
				}
			}
		}
	}
	b.Open(1)
}

// gates adds a gatehouse behind the wall at both ends of the main street: the
// landmarks by which one knows where one is.
func gates(b *model.Builder, p *plan.Plan) {
	tiles := [2]world.RGB{{R: .16, G: .42, B: .52}, {R: .62, G: .28, B: .18}}
	for i, z := range []float64{p.Bounds.Min.Z - .3, p.Bounds.Max.Z + .3} {
		out := math.Copysign(1, z)
		b.At(v3(0, 0, z))
		if out < 0 {
			b.Turn(math.Pi, v3(0, 1, 0))
		}
		// Local z points out of the market; the gate looks in.
		b.Paint(world.RGB{R: .84, G: .68, B: .50}, model.Stone)
		for _, x := range []float64{-4.4, 4.4} {
			b.Box(v3(x-1.3, 0, .15), v3(x+1.3, 8.2, 2.6))
			b.Box(v3(x-1.5, 8.2, -.05), v3(x+1.5, 8.7, 2.8))
			b.Prism(v3(x-1.1, 8.7, .3), v3(x+1.1, 10, 2.4), .9, .9)
			b.At(v3(x, 0, z+out*1.35))
			b.Paint(tiles[i], model.Ceramic)
			b.Lathe(14, model.Rim{R: 1.05, Y: 10}, model.Rim{R: 1.12, Y: 10.4}, model.Rim{R: .95, Y: 11.1}, model.Rim{R: .5, Y: 11.8}, model.Rim{R: .08, Y: 12.3}, model.Rim{R: 0, Y: 13})
			b.At(v3(0, 0, z))
			if out < 0 {
				b.Turn(math.Pi, v3(0, 1, 0))
			}
			b.Paint(world.RGB{R: .84, G: .68, B: .50}, model.Stone)
		}
		b.Box(v3(-3.2, 4.9, .3), v3(3.2, 7.6, 2.4))
		b.Paint(tiles[i], model.Ceramic)
		b.Box(v3(-3.1, 6.3, .24), v3(3.1, 7.1, .3))
		b.Paint(world.RGB{R: .92, G: .84, B: .70}, model.Stone)
		for k := 0; k < 9; k++ {
			x := -2.8 + .7*float64(k)
			b.Box(v3(x-.2, 7.6, .3), v3(x+.2, 8.1, .8))
		}
		// The arch: a ring of light stone around the dark of the door.
		arc := func(r float64, k int) r3.Vec {
			s, c := math.Sincos(float64(k) / 12 * math.Pi)
			return v3(-r*c, 2.6+r*s*1.12, 0)
		}
		at := func(q r3.Vec, z float64) r3.Vec { return v3(q.X, q.Y, z) }
		b.Paint(world.RGB{R: .34, G: .22, B: .14}, model.Wood)
		b.Quad(v3(2.2, .0, -.16), v3(-2.2, .0, -.16), v3(-2.2, 2.6, -.16), v3(2.2, 2.6, -.16))
		for k := 0; k < 12; k++ {
			b.Paint(world.RGB{R: .34, G: .22, B: .14}, model.Wood)
			b.Tri(v3(0, 2.6, -.16), at(arc(2.2, k), -.16), at(arc(2.2, k+1), -.16))
			c := world.RGB{R: .93, G: .86, B: .74}
			if k%2 == 1 {
				c = model.Mix(tiles[i], c, .45)
			}
			b.Paint(c, model.Stone)
			b.Quad(at(arc(2.2, k), -.2), at(arc(2.75, k), -.2), at(arc(2.75, k+1), -.2), at(arc(2.2, k+1), -.2))
		}
		b.Paint(world.RGB{R: .84, G: .68, B: .50}, model.Stone)
		for _, x := range []float64{-2.48, 2.48} {
			b.Box(v3(x-.28, 0, -.25), v3(x+.28, 2.6, .3))
		}
		b.Box(v3(-3.2, 3.1, .12), v3(3.2, 5, .3))
		b.Paint(brassKnob, model.Metal)
		for _, x := range []float64{-.18, .18} {
			b.Ball(v3(x, 1.3, -.2), v3(.09, .09, .06), 8)
		}
		b.Paint(model.Dim(timber, .6), model.Wood)
		b.Box(v3(-.03, 0, -.18), v3(.03, 5, -.15))
	}
}

// brassKnob is the colour of the gates' fittings.
var brassKnob = world.RGB{R: .80, G: .62, B: .28}

// beyond adds the town behind the wall: houses, domes, towers and trees, so
// that the world does not end there.
func beyond(b *model.Builder, p *plan.Plan) {
	c := p.Bounds.Center()
	rx, rz := (p.Bounds.Max.X-p.Bounds.Min.X)/2, (p.Bounds.Max.Z-p.Bounds.Min.Z)/2
	const n = 84
	for i := 0; i < n; i++ {
		a := (float64(i) + .6*chance(p.Seed, i, 40)) / n * 2 * math.Pi
		s, co := math.Sincos(a)
		far := 7 + 26*chance(p.Seed, i, 41)
		// Outside of the wall's rectangle along this direction.
		k := min((rx+far)/max(1e-6, math.Abs(s)), (rz+far)/max(1e-6, math.Abs(co)))
		at := v3(c.X+s*k, 0, c.Z+co*k)
		w, h := 4+5*chance(p.Seed, i, 42), 3.6+4.6*chance(p.Seed, i, 43)+far*.08
		tone := model.Mix(plaster, world.RGB{R: .93, G: .86, B: .76}, float32(chance(p.Seed, i, 44)))
		b.At(at).Turn(a+(chance(p.Seed, i, 45)-.5)*.5, v3(0, 1, 0))
		switch die := chance(p.Seed, i, 46); {
		case die < .34:
			tree(b, at, 1.5+chance(p.Seed, i, 47), chance(p.Seed, i, 48), false, false)
		case die < .44: // a tower
			b.Paint(tone, model.Stone)
			b.Box(v3(-1.3, 0, -1.3), v3(1.3, h+6, 1.3))
			b.Box(v3(-1.6, h+6, -1.6), v3(1.6, h+6.4, 1.6))
			b.Box(v3(-.9, h+6.4, -.9), v3(.9, h+8, .9))
			b.Paint(world.RGB{R: .30, G: .52, B: .50}, model.Ceramic)
			b.Lathe(12, model.Rim{R: 1.05, Y: h + 8}, model.Rim{R: 1, Y: h + 8.7}, model.Rim{R: .55, Y: h + 9.5}, model.Rim{R: 0, Y: h + 10.2})
		default:
			b.Paint(tone, model.Stone)
			b.Box(v3(-w/2, 0, -2.5), v3(w/2, h, 2.5))
			b.Paint(model.Dim(tone, .9), model.Stone)
			b.Box(v3(-w/2-.12, h, -2.62), v3(w/2+.12, h+.35, 2.62))
			b.Paint(world.RGB{R: .24, G: .19, B: .16}, model.Matt)
			for x := -w/2 + 1; x < w/2-.6; x += 1.7 {
				for _, z := range []float64{2.51, -2.51} {
					for y := 3.2; y < h-1; y += 2.2 {
						if z > 0 {
							b.Quad(v3(x-.3, y, z), v3(x+.3, y, z), v3(x+.3, y+1, z), v3(x-.3, y+1, z))
						} else {
							b.Quad(v3(x+.3, y, z), v3(x-.3, y, z), v3(x-.3, y+1, z), v3(x+.3, y+1, z))
						}
					}
				}
			}
			if die > .8 { // a dome
				b.Paint(world.RGB{R: .34, G: .56, B: .56}, model.Ceramic)
				r := w * .36
				b.Lathe(16, model.Rim{R: r * .96, Y: h + .35}, model.Rim{R: r, Y: h + .7}, model.Rim{R: r * .94, Y: h + .7 + r*.5}, model.Rim{R: r * .6, Y: h + .7 + r}, model.Rim{R: r * .12, Y: h + .7 + r*1.35}, model.Rim{R: 0, Y: h + .7 + r*1.6})
			}
		}
	}
}

// garland hangs a rope from p to q; hang is called at n points along it.
func garland(b *model.Builder, p, q r3.Vec, sag float64, n int, hang func(i int, at r3.Vec)) {
	at := func(t float64) r3.Vec {
		x := r3.Add(p, r3.Scale(t, r3.Sub(q, p)))
		x.Y -= sag * 4 * t * (1 - t)
		return x
	}
	const ropes = 8
	b.Home()
	for i := 0; i < ropes; i++ {
		b.Paint(darkest, model.Matt)
		b.Tube(3, .009, .009, at(float64(i)/ropes), at(float64(i+1)/ropes))
	}
	for i := 0; i < n; i++ {
		hang(i, at((float64(i)+.5)/float64(n)))
	}
}

// buildGarlands adds bunting over the main street and lanterns over the aisles.
func buildGarlands(b *model.Builder, p *plan.Plan) {
	flags := []world.RGB{{R: .80, G: .26, B: .20}, {R: .93, G: .72, B: .26}, {R: .20, G: .50, B: .52}, cream, {R: .36, G: .26, B: .48}}
	for i, z := 0, p.Bounds.Min.Z+4.5; z < p.Bounds.Max.Z-4; i, z = i+1, z+3.35 {
		w := plan.StreetWidth/2 + .1
		tilt := (chance(p.Seed, i, 50) - .5) * 1.2
		y := 3.15 + .5*chance(p.Seed, i, 51)
		garland(b, v3(-w, y, z-tilt), v3(w, y, z+tilt), .42, 15, func(k int, at r3.Vec) {
			b.At(at)
			b.Paint(flags[(k+i)%len(flags)], model.Cloth)
			o, t := .17, .34
			b.Tri(v3(-o, 0, .01), v3(0, -t, .03), v3(o, 0, .01))
			b.Tri(v3(-o, 0, .01), v3(o, 0, .01), v3(0, -t, .03))
		})
		for _, x := range []float64{-w, w} { // masts
			b.Home()
			b.Paint(timber, model.Wood)
			b.Beam(v3(x, 0, z), v3(x, y+.1, z), .06, .06)
		}
	}
	for i := range p.Aisles {
		a := &p.Aisles[i]
		n := int(math.Abs(a.To.X-a.From.X) / 3.2)
		for k := 0; k < n; k++ {
			x := a.From.X + (a.To.X-a.From.X)*(float64(k)+.5)/float64(n)
			z := a.From.Z
			if math.Abs(z) < plan.PlazaDepth/2 {
				continue
			}
			w := a.Width/2 + .55
			garland(b, v3(x, 2.75, z-w), v3(x+.6, 2.75, z+w), .2, 5, func(j int, at r3.Vec) {
				b.At(at)
				b.Paint(model.Mix(lantern, flags[(k+j)%len(flags)], .35), model.Glow)
				b.Lathe(7, model.Rim{R: .03, Y: -.2}, model.Rim{R: .085, Y: -.13}, model.Rim{R: .085, Y: -.09}, model.Rim{R: .03, Y: -.02})
			})
		}
	}
}

// inlay draws bands of darker stone: rings on the plaza, borders of the streets.
func inlay(p *plan.Plan, g *groundLight) {
	g.rows(g.lo.X, g.lo.Z, p.Bounds.Max.X+1, p.Bounds.Max.Z+1, func(px *[groundBytes]byte, x, z float64) {
		r := math.Hypot(x, z)
		band := func(d, half float64) float64 { return max(0, min(1, (half-math.Abs(d))*g.per+.5)) }
		v := 0.0
		if r < 4 {
			v = max(band(r-3.3, .2), band(r-2.2, .1), band(r-.7, .12))
			if r > .8 && r < 2.15 { // a star of eight
				a := math.Atan2(x, z)
				v = max(v, band(r-1.45-.62*math.Cos(8*a), .09))
			}
		} else {
			v = max(v, band(math.Abs(x)-plan.StreetWidth/2, .14))
			if math.Abs(z) < plan.PlazaDepth/2 {
				v = max(v, band(math.Abs(z)-4, .14))
			}
		}
		px[groundInlay] = byte(255 * v * .85)
	})
}

// paving is a tile of flagstones, 4 m wide: courses of uneven stones with
// joints. Its values are linear light times 255.
func paving(size int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	const courses = 14
	for y := 0; y < size; y++ {
		v := (float64(y) + .5) / float64(size)
		row := int(v * courses)
		fv := v*courses - float64(row)
		// Each course has 6 stones at uneven places, the same at both ends.
		shift := chance(3, row, 1)
		for x := 0; x < size; x++ {
			u := (float64(x) + .5) / float64(size)
			uu := math.Mod(u+shift, 1) * 8
			stone := int(uu)
			edge := func(k int) float64 { return float64(k) + .34*(chance(5, (k+8)%8+row*16, 2)-.5) }
			if uu < edge(stone) {
				stone--
			} else if uu >= edge(stone+1) {
				stone++
			}
			fu := min(uu-edge(stone), edge(stone+1)-uu) / 8 * courses
			id := (stone+8)%8 + row*16
			joint := min(fu, min(fv, 1-fv))
			k := max(0, min(1, (joint-.022)/.035))
			tone := .82 + .30*chance(7, id, 3)
			grain := .94 + .12*chance(11, x*size+y, 4)
			grain *= .96 + .08*chance(13, (x/5)*size+y/5, 5)
			bevel := .86 + .14*min(1, joint*9)
			warm := chance(17, id, 6)
			r, g, b := .50+.05*warm, .435+.02*warm, .36-.01*warm
			f := tone * grain * bevel * (.45 + .55*k)
			c := func(x float64) uint8 { return uint8(max(0, min(255, x*f*255))) }
			img.SetRGBA(x, y, color.RGBA{c(r), c(g), c(b), 255})
		}
	}
	return img
}
