package portrait

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/market/model"
	"souk/world"
)

// colour is linear light.
type colour [3]float64

func (c colour) plus(d colour) colour { return colour{c[0] + d[0], c[1] + d[1], c[2] + d[2]} }
func (c colour) times(d colour) colour {
	return colour{c[0] * d[0], c[1] * d[1], c[2] * d[2]}
}
func (c colour) by(k float64) colour { return colour{c[0] * k, c[1] * k, c[2] * k} }
func (c colour) mix(d colour, part float64) colour {
	return c.by(1 - part).plus(d.by(part))
}

func linear(c world.RGB) colour {
	return colour{model.Linear(float64(c.R)), model.Linear(float64(c.G)), model.Linear(float64(c.B))}
}

// film bends bright light over, and leaves what is below a half nearly as it is.
func film(c colour) colour {
	for i, x := range c {
		if x > .6 {
			c[i] = .6 + .4*(1-math.Exp(-(x-.6)/.4))
		}
	}
	return c
}

// The lights: a warm key from the left above, a cool sky, and what the table gives back.
var (
	keyFrom  = r3.Unit(r3.Vec{X: -.42, Y: 1.15, Z: .7})
	keyLight = colour{1.95, 1.82, 1.62}
	skyLight = colour{.62, .68, .76}
	lowLight = colour{.34, .31, .27}
)

// around is what a mirror sees in a direction: a sky, the table, a soft box to the
// left and a strip to the right.
func around(d r3.Vec) colour {
	c := colour{.50, .53, .57}.mix(colour{.95, .97, 1}, rise(-.1, .9, d.Y))
	if d.Y < 0 {
		c = colour{.40, .37, .33}.mix(colour{.20, .18, .16}, rise(0, 1, -d.Y))
	}
	box := rise(.74, .84, r3.Dot(d, r3.Unit(r3.Vec{X: -.75, Y: .62, Z: .5})))
	strip := rise(.05, 0, math.Abs(d.X-.72)) * rise(.1, .25, d.Y) * rise(-.2, .1, d.Z)
	dark := rise(.25, 0, math.Abs(d.X+.05)) * rise(.5, .1, math.Abs(d.Y)) * rise(0, .5, d.Z)
	return c.by(1 - .55*dark).plus(colour{2.3, 2.25, 2.15}.by(box)).plus(colour{.9, .93, 1}.by(strip))
}

// rise goes smoothly from 0 at a to 1 at b.
func rise(a, b, x float64) float64 {
	t := max(0, min(1, (x-a)/(b-a)))
	return t * t * (3 - 2*t)
}

// finish is how a material answers to light: what it mirrors head on, how small
// its highlights are and how strong, and what part of light goes through it.
type finish struct{ mirror, gloss, shine, through float64 }

var finishes = [model.Materials]finish{
	model.Matt: {.02, 8, .04, 0}, model.Wood: {.03, 22, .10, 0}, model.Ceramic: {.055, 120, .55, 0}, model.Metal: {.62, 50, .6, 0},
	model.Glass: {.22, 200, .9, .35}, model.Cloth: {.01, 6, .02, .25}, model.Paper: {.015, 8, .02, .2}, model.Leather: {.035, 28, .22, 0},
	model.Stone: {.03, 16, .08, 0}, model.Leaf: {.03, 20, .12, .45}, model.Glow: {0, 8, 0, 0}, model.Wicker: {.02, 14, .07, .05},
}

// shade is the light that a sample of the model sends along the ray.
func (f *frame) shade(k int, ray r3.Vec) colour {
	t := f.which[k]
	i := f.mesh.Indices[t : t+3]
	b, c := float64(f.at[k][0]), float64(f.at[k][1])
	a := 1 - b - c
	p, q, r := &f.mesh.Vertices[i[0]], &f.mesh.Vertices[i[1]], &f.mesh.Vertices[i[2]]
	blend := func(x, y, z float64) float64 { return a*x + b*y + c*z }
	blend3 := func(x, y, z r3.Vec) r3.Vec { return r3.Add(r3.Scale(a, x), r3.Add(r3.Scale(b, y), r3.Scale(c, z))) }
	at := blend3(place(p), place(q), place(r))
	n := r3.Unit(blend3(normal(p), normal(q), normal(r)))
	u, v := blend(float64(p.U), float64(q.U), float64(r.U))/model.Repeats, blend(float64(p.V), float64(q.V), float64(r.V))/model.Repeats
	m := min(p.Material, model.Materials-1)
	tex := f.studio.textures[m].read(u, v, f.level(p, q, r))
	var albedo colour
	for ch := range 3 {
		byte := blend(float64(p.Colour[ch]), float64(q.Colour[ch]), float64(r.Colour[ch])) / 255
		albedo[ch] = model.Linear(min(1, byte*2*tex[ch]))
	}
	fin := finishes[m]
	fin.gloss *= .4 + .6*tex[3]
	fin.shine *= tex[3]
	open := blend(f.open[i[0]], f.open[i[1]], f.open[i[2]])
	if m == model.Glow {
		return albedo.by(.95 + .55*max(0, -r3.Dot(ray, n))).plus(albedo.by(.15 * open))
	}
	key := r3.Dot(n, keyFrom)
	lit := f.sun.lit(r3.Add(at, r3.Scale(.012*f.size, n)), uint32(k))
	sky := lowLight.mix(skyLight, .5+.5*n.Y).by(open)
	light := sky.plus(keyLight.by(max(0, key)*lit + fin.through*max(0, -key)*open))
	out := albedo.times(light)
	// What it mirrors.
	facing := max(0, -r3.Dot(ray, n))
	edge := math.Pow(1-facing, 5)
	mirror := fin.mirror + (1-fin.mirror)*edge*min(.6, fin.shine)
	turned := r3.Sub(ray, r3.Scale(2*r3.Dot(ray, n), n))
	seen := around(turned).by(.25 + .75*open)
	tint := colour{1, 1, 1}
	if m == model.Glass && r3.Dot(ray, n) > 0 {
		n = r3.Scale(-1, n) // the inside of the far side
	}
	if m == model.Metal {
		tint = albedo.mix(colour{1, 1, 1}, edge).by(1.15)
		seen = seen.mix(colour{.62, .62, .63}.by(open), .35+.3*(1-tex[3])) // brushed: blurred
	}
	out = out.by(1 - mirror).plus(seen.times(tint).by(mirror))
	half := r3.Unit(r3.Sub(keyFrom, ray))
	glint := math.Pow(max(0, r3.Dot(n, half)), fin.gloss*2) * fin.shine * lit
	return out.plus(keyLight.times(tint).by(glint * (.2 + fin.gloss/120)))
}

// groundLight is the light on the table around the model, on a lattice.
type groundLight struct {
	half float64
	open [][]float64
}

const lattice = 72

// groundLight finds how much of the sky the table sees.
func (f *frame) groundLight() groundLight {
	g := groundLight{half: 2.4 * f.size, open: make([][]float64, lattice+1)}
	for j := range g.open {
		g.open[j] = make([]float64, lattice+1)
		for i := range g.open[j] {
			p := r3.Vec{X: f.mid.X + (2*float64(i)/lattice-1)*g.half, Y: .004 * f.size, Z: f.mid.Z + (2*float64(j)/lattice-1)*g.half}
			g.open[j][i] = f.openness(p, r3.Vec{Y: 1})
		}
	}
	return g
}

func (g *groundLight) at(x, z float64) float64 {
	u, v := (x/g.half+1)/2*lattice, (z/g.half+1)/2*lattice
	if u < 0 || v < 0 || u >= lattice || v >= lattice {
		return 1
	}
	i, j := int(u), int(v)
	a, b := u-float64(i), v-float64(j)
	return (1-b)*((1-a)*g.open[j][i]+a*g.open[j][i+1]) + b*((1-a)*g.open[j+1][i]+a*g.open[j+1][i+1])
}

// backdrop is the light of the table, and of the wall that it bends up into.
func (f *frame) backdrop(g groundLight, sx, sy float64) colour {
	wall := f.table.by(.92 + .16*(1-sy/float64(f.high)))
	ray := f.ray(sx, sy)
	if ray.Y > -1e-4 {
		return wall
	}
	p := r3.Add(f.eye, r3.Scale(-f.eye.Y/ray.Y, ray))
	x, z := p.X-f.mid.X, p.Z-f.mid.Z
	lit := f.sun.lit(r3.Vec{X: p.X, Y: .006 * f.size, Z: p.Z}, uint32(int(sx)*7919+int(sy)*104729))
	open := g.at(x, z)
	// Without a model in the way the table is as bright as its colour.
	const key = .62
	shaded := f.table.times(colour{1, .985, .97}.by(key * lit).plus(colour{.36, .38, .42}.by(open)))
	return shaded.mix(wall, rise(1.5, 2.9, math.Hypot(x, z)/f.size))
}
