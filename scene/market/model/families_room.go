package model

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

// legs are four legs under a seat or a top, splayed outwards by splay of their place.
func (k *kit) legs(hx, hz, top, wide, splay float64) {
	for _, s := range [4][2]float64{{-1, -1}, {1, -1}, {-1, 1}, {1, 1}} {
		foot := xyz(s[0]*hx, 0, s[1]*hz)
		head := xyz(s[0]*hx*(1-splay), top, s[1]*hz*(1-splay))
		if k.angular() || k.Far {
			k.Beam(foot, head, wide, wide)
		} else {
			k.Tube(6, wide*.4, wide*.6, foot, head)
		}
	}
}

func chair(k *kit) {
	w, h, d := k.w, k.h, k.d
	seat := .5 * h
	leg := .07 * w
	k.legs(.5*w-leg/2, .5*d-leg/2, seat-.02*h, leg, .08)
	k.in(k.accent, Cloth)
	k.Prism(xyz(-.46*w, seat-.03*h, -.46*d), xyz(.46*w, seat+.05*h, .5*d), .94, .94)
	k.body()
	for _, s := range []float64{-1, 1} {
		k.Beam(xyz(s*.42*w, seat-.04*h, -.43*d), xyz(s*.44*w, h, -.5*d+leg/2), leg, leg*.8)
	}
	if k.Far {
		k.Box(xyz(-.42*w, .72*h, -.5*d), xyz(.42*w, h, -.46*d))
		return
	}
	bars := 2 + int(k.shape[2]*3)
	if k.shape[3] > .5 { // slats across
		for i := 0; i < bars; i++ {
			y := (.66 + .3*float64(i)/float64(bars)) * h
			z := -.43*d - (y/h-.5)/.5*.06*d
			k.Box(xyz(-.43*w, y, z-.02*d), xyz(.43*w, y+.055*h, z+.02*d))
		}
		k.Box(xyz(-.47*w, .94*h, -.5*d), xyz(.47*w, h, -.43*d))
		return
	}
	k.Prism(xyz(-.46*w, .9*h, -.5*d), xyz(.46*w, h, -.42*d), .9, 1) // spindles under a rail
	for i := 0; i <= bars; i++ {
		x := (-.32 + .64*float64(i)/float64(bars)) * w
		k.Tube(5, .018*w, .018*w, xyz(x, seat, -.43*d), xyz(x, .92*h, -.47*d))
	}
}

func stool(k *kit) {
	w, h, d := k.w, k.h, k.d
	r := min(w, d) / 2
	leg := .16 * r
	k.legs(.5*w-leg/2, .5*d-leg/2, .9*h, leg, k.mix(0, .35, .1))
	if k.angular() {
		k.trim().Prism(xyz(-.48*w, .88*h, -.48*d), xyz(.48*w, h, .48*d), .95, .95)
	} else {
		k.trim().Lathe(16, Rim{0, .88 * h}, Rim{.86 * r, .88 * h}, Rim{.95 * r, .92 * h}, Rim{.94 * r, .97 * h}, Rim{.8 * r, h}, Rim{0, .985 * h})
	}
	if !k.Far {
		k.body()
		y := .38 * h
		q := .5 * (1 - .12) * w * .93
		p := .5 * (1 - .12) * d * .93
		k.Beam(xyz(-q, y, -p), xyz(-q, y, p), leg*.5, leg*.5)
		k.Beam(xyz(q, y, -p), xyz(q, y, p), leg*.5, leg*.5)
	}
}

func table(k *kit) {
	w, h, d := k.w, k.h, k.d
	leg := .05 * (w + d)
	if k.shape[1] < .4 { // one turned foot under a round top
		r := min(w, d) / 2
		k.Lathe(16, Rim{0, 0}, Rim{.55 * r, 0}, Rim{.5 * r, .05 * h}, Rim{.16 * r, .12 * h}, Rim{.1 * r, .4 * h}, Rim{.18 * r, .6 * h}, Rim{.1 * r, .8 * h}, Rim{.3 * r, .93 * h})
		k.trim().Lathe(20, Rim{0, .93 * h}, Rim{.96 * r, .93 * h}, Rim{r, .95 * h}, Rim{r, .98 * h}, Rim{.96 * r, h}, Rim{0, h})
		return
	}
	k.legs(.46*w, .44*d, .92*h, leg*.7, .02)
	k.Box(xyz(-.44*w, .82*h, -.42*d), xyz(.44*w, .93*h, .42*d))
	k.trim().Box(xyz(-w/2, .93*h, -d/2), xyz(w/2, h, d/2))
	if k.ornate() && !k.Far {
		k.in(brass, Metal).Ball(xyz(0, .875*h, .43*d), xyz(.018*w, .018*w, .018*w), 8)
	}
}

func cushion(k *kit) {
	w, h, d := k.w, k.h, k.d
	puff := k.mix(0, .7, 1)
	n := 8
	pillow := func(side float64) func(u, v float64) r3.Vec {
		return func(u, v float64) r3.Vec {
			x, y := 2*u-1, 2*v-1
			full := math.Sqrt(max(0, (1-x*x)*(1-y*y)))
			pull := 1 - .09*(1-math.Abs(x))*y*y - .09*(1-math.Abs(y))*x*x
			return xyz(x*w/2*pull, h/2+y*h/2*pull, side*d/2*math.Pow(full, .75)*puff)
		}
	}
	if k.Far {
		k.Ball(xyz(0, h/2, 0), xyz(w/2, h/2, d/2), 6)
		return
	}
	k.side(n, n, pillow(1), true)
	k.in(Mix(k.main, k.accent, .6), Cloth)
	k.side(n, n, pillow(-1), false)
	if k.shape[2] > .4 {
		k.in(k.accent, Cloth).Ball(xyz(0, h/2, d/2*puff-.004), xyz(.05*w, .05*h, .02), 8)
	}
	k.in(k.accent, Cloth).Ring(4, .012*w, xyz(-w/2, 0, 0), xyz(0, .045*h, 0), xyz(w/2, 0, 0), xyz(.455*w, h/2, 0), xyz(w/2, h, 0), xyz(0, .955*h, 0), xyz(-w/2, h, 0), xyz(-.455*w, h/2, 0))
}

func rug(k *kit) { // rolled, with its end showing
	w, r := k.w, min(k.h, k.d)/2
	bands := 7
	if k.Far {
		bands = 3
	}
	for i := 0; i < bands; i++ {
		x := func(i int) float64 { return (-.5 + .96*float64(i)/float64(bands) + .02) * w }
		switch {
		case i%2 == 0:
			k.body()
		default:
			k.trim()
		}
		k.At(xyz(0, r, 0)).Turn(-math.Pi/2, xyz(0, 0, 1))
		k.Lathe(14, Rim{r, x(i)}, Rim{r, x(i + 1)})
		k.Home()
	}
	for _, s := range []float64{-1, 1} {
		k.At(xyz(0, r, 0)).Turn(-s*math.Pi/2, xyz(0, 0, 1))
		k.in(ivory, Cloth).Lathe(14, Rim{r, .46 * w}, Rim{.96 * r, .5 * w})
		for i := 0; i < 4 && !k.Far; i++ {
			a, b := .96-.24*float64(i), .96-.24*float64(i+1)
			c := k.main
			if i%2 == 0 {
				c = Dim(k.accent, .8)
			}
			k.in(c, Cloth).Lathe(12, Rim{a * r, .5*w - .002*float64(i)}, Rim{max(0, b*r), .5*w - .002*float64(i) - .004})
		}
		if k.Far {
			k.Lathe(6, Rim{.96 * r, .5 * w}, Rim{0, .5 * w})
		}
		k.Home()
	}
}

func basket(k *kit) {
	w, h, d := k.w, k.h, k.d
	r, top := .5*d, h
	handle := k.shape[3] > .4
	if handle {
		top = .62 * h
	}
	wave := .03 * r
	profile := []Rim{{0, 0}, {.74 * r, 0}}
	for i := 0; i <= 6; i++ {
		t := float64(i) / 6
		profile = append(profile, Rim{r*(.76+.2*t) + wave*float64(i%2), (.04 + .9*t) * top})
	}
	k.Lathe(14, append(profile, Rim{.88 * r, .95 * top})...)
	k.in(Dim(k.main, .5), k.material).Lathe(14, Rim{.88 * r, .95 * top}, Rim{.72 * r, .3 * top}, Rim{0, .28 * top})
	k.trim().Ring(5, .05*r, Circle(xyz(0, .95*top, 0), xyz(0, 0, .96*r), xyz(.96*r, 0, 0), 16, 0, 2*math.Pi)...)
	if handle {
		k.Tube(5, .05*r, .05*r, Circle(xyz(0, .9*top, 0), xyz(w/2*.93, 0, 0), xyz(0, h-.9*top, 0), 11, 0, math.Pi)...)
	}
}

func chest(k *kit) {
	w, h, d := k.w, k.h, k.d
	lid := k.mix(3, .62, .75) * h
	k.Box(xyz(-.48*w, 0, -.48*d), xyz(.48*w, lid, .48*d))
	k.trim()
	if k.shape[1] < .35 && !k.Far { // a vaulted lid
		var arc []r3.Vec
		for i := 0; i <= 8; i++ {
			s, c := math.Sincos(float64(i) / 8 * math.Pi)
			arc = append(arc, xyz(.5*d*c, lid+s*(h-lid), 0))
		}
		k.Turn(-math.Pi/2, xyz(0, 1, 0)).Slab(-w/2, w/2, arc...)
		k.Home()
	} else {
		k.Prism(xyz(-.5*w, lid, -.5*d), xyz(.5*w, h, .5*d), k.mix(1, .86, .97), k.mix(1, .8, .96))
	}
	if k.Far {
		return
	}
	k.in(brass, Metal)
	k.Box(xyz(-.06*w, lid-.16*h, .47*d), xyz(.06*w, lid+.07*h, .515*d))
	if k.ornate() {
		for _, s := range []float64{-1, 1} {
			k.Box(xyz(s*.36*w-.025*w, 0, -.485*d), xyz(s*.36*w+.025*w, lid, .488*d))
		}
	}
}

func plant(k *kit) {
	r, h := k.w/2, k.h
	pot := .36 * h
	pr := r * k.mix(0, .48, .62)
	k.turnedPart(14, Rim{0, 0}, Rim{.7 * pr, 0}, Rim{.95 * pr, .8 * pot}, Rim{1.05 * pr, .82 * pot}, Rim{1.05 * pr, pot}, Rim{.92 * pr, pot}, Rim{.9 * pr, .9 * pot})
	k.in(soil, Matt).Lathe(10, Rim{.92 * pr, .92 * pot}, Rim{0, .93 * pot})
	green := Mix(RGBOf(.20, .42, .16), k.accent, .18)
	leaves := 9 + int(k.shape[2]*8)
	if k.Far {
		k.in(green, Leaf).Ball(xyz(0, (pot+h)/2, 0), xyz(r, (h-pot)/2, r), 6)
		return
	}
	for i := 0; i < leaves; i++ {
		// Leaves turn by the golden angle, the outer ones lower.
		a := float64(i) * 2.39996
		t := float64(i) / float64(leaves-1)
		reach, rise := r*(1-.72*t), (h-pot)*(.45+.55*t)
		s, c := math.Sincos(a)
		wide := r * k.mix(3, .13, .3)
		k.in(Dim(green, float32(.75+.5*math.Mod(float64(i)*.618, 1))), Leaf)
		k.leaf(3, func(u, v float64) r3.Vec {
			out := reach * u
			up := rise * (1.3*u - .3*u*u*u) * (1 - .35*u*(1-t))
			side := (v - .5) * 2 * wide * math.Sin(math.Pi*min(1, .12+.88*u)) * 1
			return xyz(out*s+side*c, .93*pot+up-math.Abs(side)*.25, out*c-side*s)
		})
	}
}

// leaf is a strip seen from both sides, with flat faces: a leaf twists too
// much for normals that run from one corner to the next.
func (k *kit) leaf(n int, f func(u, v float64) r3.Vec) {
	for i := 0; i < n; i++ {
		u0, u1 := float64(i)/float64(n), float64(i+1)/float64(n)
		p, q, r, s := f(u0, 0), f(u1, 0), f(u1, 1), f(u0, 1)
		for _, t := range [2][3]r3.Vec{{p, q, r}, {p, r, s}} {
			k.Tri(t[0], t[1], t[2])
			k.Tri(t[0], t[2], t[1])
		}
	}
}

// border is a frame of four bars around a picture, wide bars, in the plane z.
func (k *kit) border(w, h, bar, back, front float64) {
	k.Box(xyz(-w/2, 0, back), xyz(w/2, bar, front))
	k.Box(xyz(-w/2, h-bar, back), xyz(w/2, h, front))
	k.Box(xyz(-w/2, bar, back), xyz(-w/2+bar, h-bar, front))
	k.Box(xyz(w/2-bar, bar, back), xyz(w/2, h-bar, front))
}

func mirror(k *kit) {
	w, h, d := k.w, k.h, k.d
	silver := RGBOf(.86, .90, .93)
	if k.shape[1] < .55 { // oval
		ring := Circle(xyz(0, h/2, 0), xyz(w/2*.9, 0, 0), xyz(0, h/2*.93, 0), 24, 0, 2*math.Pi)
		k.Ring(6, .05*w, ring...)
		k.in(silver, Glass).Slab(-.2*d, .1*d, Circle(xyz(0, h/2, 0), xyz(w/2*.9, 0, 0), xyz(0, h/2*.93, 0), k.corners(24), 0, 2*math.Pi)...)
		if k.ornate() && !k.Far {
			k.trim().Ball(xyz(0, h*.97, 0), xyz(.1*w, .03*h, d/2), 8)
		}
		return
	}
	k.border(w, h, .09*w, -d/2, d/2)
	k.in(silver, Glass).Box(xyz(-.45*w, .04*h, -.3*d), xyz(.45*w, .96*h, .1*d))
}

func picture(k *kit) {
	w, h, d := k.w, k.h, k.d
	bar := k.mix(0, .06, .12) * w
	k.border(w, h, bar, -d/2, d/2)
	k.in(ivory, Paper).Box(xyz(-w/2+bar/2, bar/2, -.3*d), xyz(w/2-bar/2, h-bar/2, .05*d))
	z := .06 * d
	face := func(lo, hi r3.Vec) {
		k.Quad(xyz(lo.X, lo.Y, z), xyz(hi.X, lo.Y, z), xyz(hi.X, hi.Y, z), xyz(lo.X, hi.Y, z))
	}
	pw, ph := w/2-bar*1.7, h/2-bar*1.7
	k.in(Mix(k.accent, ivory, .45), Paper)
	face(xyz(-pw, h/2-ph, 0), xyz(pw, h/2+ph, 0))
	if k.Far {
		return
	}
	// A landscape of the item's own: sun and hills.
	z = .09 * d
	k.in(Mix(k.accent, flame, .6), Paper)
	sun := Circle(xyz((k.shape[3]-.5)*pw, h/2+.35*ph, 0), xyz(.3*pw, 0, 0), xyz(0, .3*pw, 0), 12, 0, 2*math.Pi)
	for i := range sun {
		p, q := sun[i], sun[(i+1)%len(sun)]
		k.Tri(xyz((k.shape[3]-.5)*pw, h/2+.35*ph, z), xyz(p.X, p.Y, z), xyz(q.X, q.Y, z))
	}
	for hill := 0; hill < 2; hill++ {
		z += .03 * d
		k.in(Dim(Mix(k.accent, k.main, .3+.5*float32(hill)), .75), Paper)
		for i := 0; i < 6; i++ {
			x0, x1 := -pw+2*pw*float64(i)/6, -pw+2*pw*float64(i+1)/6
			y := func(x float64) float64 {
				return h/2 + ph*(-.1-.35*float64(hill)+.22*math.Sin(x/pw*2.4+float64(hill)*2+k.shape[0]*6))
			}
			k.Quad(xyz(x0, h/2-ph, z), xyz(x1, h/2-ph, z), xyz(x1, y(x1), z), xyz(x0, y(x0), z))
		}
	}
}

func clock(k *kit) {
	w, h, d := k.w, k.h, k.d
	r := .5 * w
	cy := h - r
	if k.shape[1] > .5 { // a case with a gable
		k.Slab(-d/2, .4*d, xyz(-r, 0, 0), xyz(r, 0, 0), xyz(r, .72*h, 0), xyz(0, h, 0), xyz(-r, .72*h, 0))
		cy = .5 * h
		r = .42 * w
	} else {
		k.Slab(-d/2, .4*d, Circle(xyz(0, cy, 0), xyz(r, 0, 0), xyz(0, r, 0), k.corners(24), 0, 2*math.Pi)...)
		k.Prism(xyz(-.45*w, 0, -d/2), xyz(.45*w, h-1.8*r, .4*d), .7, .9)
		r *= .86
	}
	face := func(p r3.Vec, rad, z float64, n int) {
		for i := 0; i < n; i++ {
			s0, c0 := math.Sincos(float64(i) / float64(n) * 2 * math.Pi)
			s1, c1 := math.Sincos(float64(i+1) / float64(n) * 2 * math.Pi)
			k.Tri(xyz(p.X, p.Y, z), xyz(p.X+rad*c0, p.Y+rad*s0, z), xyz(p.X+rad*c1, p.Y+rad*s1, z))
		}
	}
	k.in(brass, Metal)
	if !k.Far {
		face(xyz(0, cy, 0), r*1.06, .42*d, 20)
	}
	k.in(ivory, Paper)
	face(xyz(0, cy, 0), r*.96, .45*d, k.corners(20))
	if k.Far {
		return
	}
	k.in(ink, Matt)
	for i := 0; i < 12; i++ {
		s, c := math.Sincos(float64(i) / 12 * 2 * math.Pi)
		k.Beam(xyz(.76*r*s, cy+.76*r*c, .46*d), xyz(.9*r*s, cy+.9*r*c, .46*d), .05*r, .02*d)
	}
	a := k.shape[3] * 2 * math.Pi
	k.Beam(xyz(0, cy, .475*d), xyz(.5*r*math.Sin(a), cy+.5*r*math.Cos(a), .475*d), .07*r, .02*d)
	a *= 12
	k.Beam(xyz(0, cy, .49*d), xyz(.75*r*math.Sin(a), cy+.75*r*math.Cos(a), .49*d), .05*r, .02*d)
}
