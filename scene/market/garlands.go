package market

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/market/model"
	"souk/world"
	"souk/world/plan"
)

// flagColours are the bunting's.
var flagColours = [...]world.RGB{{R: .80, G: .26, B: .20}, {R: .93, G: .72, B: .26}, {R: .20, G: .50, B: .52}, cream, {R: .36, G: .26, B: .48}}

// candle is the light of what hangs over streets and plaza.
var candle = world.RGB{R: 1, G: .70, B: .36}

// glowAlong is the lantern light on what hangs near lanterns.
func glowAlong(float64) float64 { return .35 }

// rope hangs from p to q; hang is called at n points along it.
func rope(b *model.Builder, p, q r3.Vec, sag float64, pieces, n int, hang func(i int, at r3.Vec)) {
	at := func(t float64) r3.Vec {
		x := r3.Add(p, r3.Scale(t, r3.Sub(q, p)))
		x.Y -= sag * 4 * t * (1 - t)
		return x
	}
	b.Home()
	b.Paint(darkest, model.Matt)
	side := r3.Scale(.011, r3.Unit(r3.Cross(r3.Sub(q, p), v3(0, 1, 0))))
	up := v3(0, .011, 0)
	for i := range pieces { // a cross of two bands, each seen from both sides
		a, c := at(float64(i)/float64(pieces)), at(float64(i+1)/float64(pieces))
		for i, w := range [2]r3.Vec{side, up} {
			if i == 1 && pieces < 4 { // afar one band is enough
				break
			}
			b.Quad(r3.Sub(a, w), r3.Sub(c, w), r3.Add(c, w), r3.Add(a, w))
			b.Quad(r3.Add(a, w), r3.Add(c, w), r3.Sub(c, w), r3.Sub(a, w))
		}
	}
	for i := range n {
		hang(i, at((float64(i)+.5)/float64(n)))
	}
}

// flag hangs a triangle of bunting across a rope that runs along.
func flag(b *model.Builder, at, along r3.Vec, c world.RGB) {
	b.At(at).Paint(c, model.Cloth)
	o, t := r3.Scale(.17, along), v3(along.Z*.03, -.34, -along.X*.03)
	b.Tri(r3.Scale(-1, o), t, o)
	b.Tri(o, t, r3.Scale(-1, o))
}

// paper hangs a paper lantern.
func paper(b *model.Builder, at r3.Vec, size float64, c world.RGB, near bool) {
	b.At(at).Paint(c, model.Glow)
	if near {
		b.Lathe(6, rim(0, -.225*size), rim(.095*size, -.16*size), rim(.095*size, -.07*size), rim(0, -.01*size))
		return
	}
	b.Lathe(3, rim(0, -.24*size), rim(.13*size, -.115*size), rim(0, 0))
}

// garlands are the bunting over the main street and the plaza, the lanterns
// over the aisles, and the great lantern over the plaza's middle: all above people's heads.
func garlands(p *plan.Plan) (all []standing) {
	n := 0
	strings := lanternStrings(plan.AisleWidth/2 + .55)
	for _, z := range streetRows(p) {
		for _, off := range []float64{-1.15, 1.15} {
			n++
			all = append(all, streetGarland(p, z+off, n))
		}
	}
	for i := range p.Aisles {
		a := &p.Aisles[i]
		if math.Abs(a.From.Z) < plan.PlazaDepth/2 {
			continue
		}
		lo, hi := min(a.From.X, a.To.X), max(a.From.X, a.To.X)
		n := int((hi - lo) / lanternStep)
		for k := 0; k < n; k += lanternGroup {
			all = append(all, aisleLanterns(lo+(float64(k)+.5)*lanternStep, a.From.Z, min(lanternGroup, n-k), i+k, &strings))
		}
	}
	for _, s := range signposts(p) {
		all = append(all, standing{build: s.build, reach: 90, lamp: glowAlong})
	}
	return append(all, plazaGarlands(p)...)
}

// build adds a signpost's posts in the stalls' gaps, its beam, and what its boards hang by.
func (s signpost) build(b *model.Builder, near bool) {
	t := tower{Builder: b}
	const w = plan.StreetWidth/2 + .14
	b.Home()
	b.Paint(model.Dim(timber, .8), model.Wood)
	for _, x := range []float64{-w, w} {
		t.post(x, s.z, 0, beamHigh+.25, .06)
	}
	b.Beam(v3(-w-.3, beamHigh, s.z), v3(w+.3, beamHigh, s.z), .09, .12)
	if !near {
		return
	}
	b.Paint(darkest, model.Metal)
	for i := range 3 {
		for _, e := range []float64{-.6, .6} {
			t.post((float64(i)-1)*(boardWide+.18)+e, s.z, beamHigh-.15, beamHigh-.05, .012)
		}
	}
}

// streetGarland hangs bunting across the main street from posts in the stalls at its sides.
func streetGarland(p *plan.Plan, z float64, i int) standing {
	const w = plan.StreetWidth/2 + .12
	y := 4.35 + .4*chance(p.Seed, i, 51) // over the signposts
	return standing{reach: 50, lamp: glowAlong, build: func(b *model.Builder, near bool) {
		pieces, n := 5, 15
		if !near {
			pieces, n = 2, 10
		}
		rope(b, v3(-w, y, z), v3(w, y, z), .42, pieces, n, func(k int, at r3.Vec) {
			if i%2 == 0 && k%5 == 2 {
				paper(b, at, 1.5, candle, near)
				return
			}
			flag(b, at, v3(1, 0, 0), flagColours[(k+i)%len(flagColours)])
		})
		t := tower{Builder: b}
		b.Home()
		b.Paint(timber, model.Wood)
		for _, x := range []float64{-w, w} {
			t.post(x, z, 0, y+.12, .04)
		}
	}}
}

// Lanterns hang over an aisle on strings from roof to roof, a few strings
// drawn together.
const (
	lanternStep  = 3.15 // metres
	lanternGroup = 2
)

// lanternStrings are the strings of lanterns by colour, near and far, around
// the origin: a large market has thousands.
func lanternStrings(w float64) (all [len(flagColours)][2]model.Mesh) {
	for k := range all {
		for far := range 2 {
			var b model.Builder
			pieces, n := 4, 4
			if far == 1 {
				pieces, n = 1, 3
			}
			rope(&b, v3(-.3, 2.78, -w), v3(.3, 2.78, w), .2, pieces, n, func(j int, at r3.Vec) {
				paper(&b, at, 1, model.Mix(candle, flagColours[(k+j)%len(flagColours)], .3), far == 0)
			})
			all[k][far] = b.Mesh
		}
	}
	return all
}

// aisleLanterns hangs n strings along an aisle.
func aisleLanterns(x, z float64, n, k int, strings *[len(flagColours)][2]model.Mesh) standing {
	return standing{reach: 25, lamp: glowAlong, build: func(b *model.Builder, near bool) {
		far := 1
		if near {
			far = 0
		}
		for i := range n {
			b.Mesh.Append(&strings[(k+i)%len(strings)][far], v3(x+float64(i)*lanternStep, 0, z), 0)
		}
	}}
}

// greatLantern is where the great lantern hangs.
var greatLantern = v3(0, 5.5, 0)

// poles are the plaza's: in the gaps behind the rows that face it, the same
// on all four sides of it where there are such.
func poles(p *plan.Plan) (at []r3.Vec) {
	const z = plan.PlazaDepth/2 + plan.StallDepth + plan.BackGap/2
	for _, g := range gapsOf(p) {
		if math.Abs(math.Abs(g.at.Z)-z) < .01 && (math.Abs(g.at.X) < 7 || math.Abs(math.Abs(g.at.X)-13.025) < .2) {
			at = append(at, g.at)
		}
	}
	return at
}

// poleHigh is the height of the plaza's poles.
const poleHigh = 5.6

// plazaGarlands hang from the poles to the great lantern, and across the plaza.
func plazaGarlands(p *plan.Plan) (all []standing) {
	at := poles(p)
	for i, q := range at {
		top := v3(q.X, poleHigh-.1, q.Z)
		all = append(all, standing{reach: 90, lamp: glowAlong, build: func(b *model.Builder, near bool) {
			t := tower{Builder: b}
			b.Home()
			b.Paint(timber, model.Wood)
			t.post(q.X, q.Z, 0, poleHigh, .05)
			if math.Abs(q.X) < 7 {
				rope(b, top, greatLantern, .55, 6, 8, func(k int, at r3.Vec) {
					if near || k%2 == 0 {
						paper(b, at, 1.25, model.Mix(candle, flagColours[k%len(flagColours)], .25), near)
					}
				})
			}
		}})
		for _, r := range at[i+1:] {
			if math.Abs(r.X-q.X) < .1 && math.Abs(q.X) > 7 {
				all = append(all, standing{reach: 70, lamp: glowAlong, build: func(b *model.Builder, near bool) {
					rope(b, top, v3(r.X, poleHigh-.1, r.Z), 1.1, 8, 34, func(k int, at r3.Vec) { flag(b, at, v3(0, 0, 1), flagColours[(k+i)%len(flagColours)]) })
				}})
			}
		}
	}
	if len(at) > 1 {
		all = append(all, standing{build: great, reach: 120})
	}
	return all
}

// great builds the great lantern: an octagon of paper in a frame of brass.
func great(b *model.Builder, near bool) {
	b.At(greatLantern)
	b.Paint(brassKnob, model.Metal)
	b.Facets(8, rim(.55, -.08), rim(.30, .10), rim(0, .32))
	b.Facets(8, rim(0, -1.62), rim(.22, -1.50), rim(.34, -1.42))
	b.Paint(candle, model.Glow)
	b.Facets(8, rim(.34, -1.42), rim(.62, -.95), rim(.66, -.55), rim(.55, -.08))
	if !near {
		return
	}
	b.Paint(brassKnob, model.Metal)
	for k := range 8 {
		s, c := math.Sincos((float64(k) + .5) * math.Pi / 4)
		for _, y := range [][4]float64{{.35, -1.42, .64, -.95}, {.64, -.95, .68, -.55}, {.68, -.55, .57, -.08}} {
			side := v3(c*.022, 0, -s*.022)
			p, q := v3(s*y[0], y[1], c*y[0]), v3(s*y[2], y[3], c*y[2])
			b.Quad(r3.Sub(p, side), r3.Add(p, side), r3.Add(q, side), r3.Sub(q, side))
		}
	}
	b.Paint(world.RGB{R: .72, G: .22, B: .16}, model.Cloth)
	b.Lathe(5, rim(0, -2.2), rim(.10, -2.1), rim(.05, -1.6))
}

// masts carry pennants in their district's colour over the roofs.
func masts(p *plan.Plan, gaps []gap) (all []standing) {
	for i := range gaps {
		g := &gaps[i]
		if g.used || chance(p.Seed, i, 52) > .10 {
			continue
		}
		g.used = true
		c := p.Districts[g.district].Colour
		high := 4.6 + 1.4*chance(p.Seed, i, 53)
		all = append(all, standing{reach: 75, build: func(b *model.Builder, near bool) {
			t := tower{Builder: b}
			b.At(g.at).Paint(timber, model.Wood)
			t.post(0, 0, 0, high, .03)
			wind := -.5 + .4*(chance(p.Seed, i, 54)-.5)
			s, co := math.Sincos(wind)
			b.Paint(model.Mix(c, model.Dim(c, .7), .3), model.Cloth)
			p0, p1, q := v3(0, high-.05, 0), v3(0, high-.65, 0), v3(1.25*co, high-.30, 1.25*s)
			b.Tri(p0, p1, q)
			b.Tri(p1, p0, q)
		}})
	}
	return all
}
