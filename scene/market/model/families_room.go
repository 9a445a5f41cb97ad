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
		switch {
		case k.far():
			k.post(foot, head, wide)
		case k.angular():
			k.Beam(foot, head, wide, wide)
		default:
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
	if k.far() {
		k.Box(xyz(-.46*w, seat, -.5*d), xyz(.46*w, h, -.44*d))
		return
	}
	for _, s := range []float64{-1, 1} {
		k.Beam(xyz(s*.42*w, seat-.04*h, -.43*d), xyz(s*.44*w, h, -.5*d+leg/2), leg, leg*.8)
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
	splay := k.mix(0, .45, .32)
	k.legs(r-leg/2, r-leg/2, .9*h, leg, splay)
	if k.angular() {
		k.trim().Prism(xyz(-.96*r, .88*h, -.96*r), xyz(.96*r, h, .96*r), .95, .95)
	} else {
		k.trim().Lathe(16, Rim{0, .88 * h}, Rim{.86 * r, .88 * h}, Rim{.95 * r, .92 * h}, Rim{.94 * r, .97 * h}, Rim{.8 * r, h}, Rim{0, .985 * h})
	}
	if !k.plain() {
		k.body()
		y := .38 * h
		in := 1 - splay*.38/.9 // where the legs are at that height
		q, p := (r-leg/2)*in, (r-leg/2)*in
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
	if !k.far() {
		k.Box(xyz(-.44*w, .82*h, -.42*d), xyz(.44*w, .93*h, .42*d))
	}
	k.trim().Box(xyz(-w/2, .93*h, -d/2), xyz(w/2, h, d/2))
	if k.ornate() && !k.plain() {
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
	if k.far() {
		rim := [4]r3.Vec{xyz(-w/2, 0, 0), xyz(w/2, 0, 0), xyz(w/2, h, 0), xyz(-w/2, h, 0)}
		for i, p := range rim {
			q := rim[(i+1)%4]
			k.Tri(p, q, xyz(0, h/2, d/2))
			k.Tri(q, p, xyz(0, h/2, -d/2))
		}
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
	if k.far() {
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
		for i := 0; i < 4 && !k.plain(); i++ {
			a, b := .96-.24*float64(i), .96-.24*float64(i+1)
			c := k.main
			if i%2 == 0 {
				c = Dim(k.accent, .8)
			}
			k.in(c, Cloth).Lathe(12, Rim{a * r, .5*w - .002*float64(i)}, Rim{max(0, b*r), .5*w - .002*float64(i) - .004})
		}
		if k.far() {
			k.Lathe(6, Rim{.96 * r, .5 * w}, Rim{0, .5 * w})
		}
		k.Home()
	}
}

func basket(k *kit) {
	h, d := k.h, k.d
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
		k.Tube(5, .05*r, .05*r, Circle(xyz(0, .9*top, 0), xyz(.97*r, 0, 0), xyz(0, h-.9*top, 0), 11, 0, math.Pi)...)
	}
}

func chest(k *kit) {
	w, h, d := k.w, k.h, k.d
	lid := k.mix(3, .62, .75) * h
	k.Box(xyz(-.48*w, 0, -.48*d), xyz(.48*w, lid, .48*d))
	k.trim()
	if k.shape[1] < .35 && !k.plain() { // a vaulted lid
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
	if k.far() {
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
