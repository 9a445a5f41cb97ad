package model

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
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
	if k.shape[1] < .55 && k.far() {
		k.Slab(-.5*d, .4*d, Circle(xyz(0, h/2, 0), xyz(w/2, 0, 0), xyz(0, h/2, 0), 8, 0, 2*math.Pi)...)
		k.in(silver, Glass).rosette(xyz(0, h/2, .5*d), .4*w, .43*h)
		return
	}
	if k.shape[1] < .55 { // oval
		k.Ring(6, .05*w, Circle(xyz(0, h/2, 0), xyz(w/2*.9, 0, 0), xyz(0, h/2*.93, 0), 24, 0, 2*math.Pi)...)
		k.in(Dim(silver, .72), Matt).Slab(-.2*d, .05*d, Circle(xyz(0, h/2, 0), xyz(w/2*.9, 0, 0), xyz(0, h/2*.93, 0), k.corners(24), 0, 2*math.Pi)...)
		k.in(silver, Glass).disc(xyz(0, h/2, .1*d), w/2*.9, h/2*.93, 24)
		if k.ornate() && !k.plain() {
			k.trim().Ball(xyz(0, h*.97, 0), xyz(.1*w, .03*h, d/2), 8)
		}
		return
	}
	if k.far() {
		k.Box(xyz(-w/2, 0, -d/2), xyz(w/2, h, d/2))
		k.in(silver, Glass).plate(-.41*w, .07*h, .41*w, .93*h, .505*d)
		return
	}
	k.border(w, h, .09*w, -d/2, d/2)
	k.in(Dim(silver, .72), Matt).Box(xyz(-.45*w, .04*h, -.3*d), xyz(.45*w, .96*h, .05*d))
	k.in(silver, Glass).plate(-.45*w, .04*h, .45*w, .96*h, .1*d)
}

func picture(k *kit) {
	w, h, d := k.w, k.h, k.d
	bar := k.mix(0, .06, .12) * w
	if k.far() {
		k.Box(xyz(-w/2, 0, -d/2), xyz(w/2, h, d/2))
		k.in(ivory, Paper).plate(-w/2+bar, bar, w/2-bar, h-bar, .505*d)
		k.in(Mix(k.accent, ivory, .35), Paper).plate(-w/2+bar*1.7, bar*1.7, w/2-bar*1.7, h-bar*1.7, .51*d)
		k.in(Dim(Mix(k.accent, k.main, .5), .75), Paper).plate(-w/2+bar*1.7, bar*1.7, w/2-bar*1.7, h*.42, .515*d)
		return
	}
	k.border(w, h, bar, -d/2, d/2)
	k.in(ivory, Paper).Box(xyz(-w/2+bar/2, bar/2, -.3*d), xyz(w/2-bar/2, h-bar/2, .05*d))
	z := .06 * d
	face := func(lo, hi r3.Vec) {
		k.Quad(xyz(lo.X, lo.Y, z), xyz(hi.X, lo.Y, z), xyz(hi.X, hi.Y, z), xyz(lo.X, hi.Y, z))
	}
	pw, ph := w/2-bar*1.7, h/2-bar*1.7
	k.in(Mix(k.accent, ivory, .45), Paper)
	face(xyz(-pw, h/2-ph, 0), xyz(pw, h/2+ph, 0))
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

func plant(k *kit) {
	r, h := k.w/2, k.h
	pot := .36 * h
	pr := r * k.mix(0, .48, .62)
	k.turnedPart(18, Rim{0, 0}, Rim{.7 * pr, 0}, Rim{.95 * pr, .8 * pot}, Rim{1.05 * pr, .82 * pot}, Rim{1.05 * pr, pot}, Rim{.92 * pr, pot}, Rim{.9 * pr, .9 * pot})
	k.in(soil, Matt).Lathe(12, Rim{.92 * pr, .92 * pot}, Rim{0, .93 * pot})
	green := Mix(RGBOf(.20, .42, .16), k.accent, .14)
	if k.far() {
		k.in(green, Leaf).Ball(xyz(0, (pot+h)/2, 0), xyz(r, (h-pot)/2, r), 6)
		return
	}
	switch kind := int(k.shape[3] * 3.99); {
	case k.shape[1] > .72: // a cactus: ribbed, with arms and a flower
		k.cactus(r, pot, green)
	case kind == 0:
		k.fig(r, pot, green)
	case kind == 1:
		k.blades(r, pot, 9+int(k.shape[2]*6), green)
	default:
		k.palm(r, pot, 7+int(k.shape[2]*5), green)
	}
}

// blades are upright pointed leaves that turn by the golden angle, the outer ones lower.
func (k *kit) blades(r, pot float64, leaves int, green world.RGB) {
	if k.plain() {
		leaves = 7
	}
	for i := range leaves {
		t := float64(i) / float64(leaves-1)
		reach, rise := r*(1-.72*t), (k.h-pot)*(.45+.55*t)
		s, c := math.Sincos(float64(i) * 2.39996)
		wide := r * k.mix(0, .16, .26)
		k.in(Dim(green, float32(.75+.5*math.Mod(float64(i)*.618, 1))), Leaf)
		k.leaf(3, func(u, v float64) r3.Vec {
			out, up := reach*u, rise*(1.3*u-.3*u*u*u)*(1-.35*u*(1-t))
			side := (v - .5) * 2 * wide * math.Sin(math.Pi*min(1, .12+.88*u))
			return xyz(out*s+side*c, .93*pot+up-math.Abs(side)*.25, out*c-side*s)
		})
	}
}

// palm are arching fronds that hang at their ends.
func (k *kit) palm(r, pot float64, leaves int, green world.RGB) {
	if k.plain() {
		leaves = 6
	}
	high := k.h - pot
	for i := range leaves {
		t := math.Mod(float64(i)*.618, 1)
		s, c := math.Sincos(float64(i) * 2.39996)
		wide, rise := r*k.mix(0, .14, .2), high*(.62+.38*t)
		k.in(Dim(green, float32(.8+.45*t)), Leaf)
		k.leaf(4, func(u, v float64) r3.Vec {
			out, up := r*(.25*u+.75*u*u), rise*(1.9*u-1.05*u*u)*1.16
			side := (v - .5) * 2 * wide * math.Sin(math.Pi*min(1, .06+.94*u))
			return xyz(out*s+side*c, .93*pot+up-math.Abs(side)*.5, out*c-side*s)
		})
	}
}

// fig is a bent trunk with round leaves in layers.
func (k *kit) fig(r, pot float64, green world.RGB) {
	high := k.h - pot
	lean := .18 * r * (k.shape[2]*2 - 1)
	trunk := func(t float64) r3.Vec { return xyz(lean*math.Sin(t*3), .9*pot+high*.86*t, .5*lean*math.Cos(t*4)) }
	k.in(Mix(timber, soil, .3), Wood).Tube(6, .055*r, .03*r, trunk(0), trunk(.35), trunk(.7), trunk(1))
	leaves := 15
	if k.plain() {
		leaves = 9
	}
	for i := range leaves {
		t := .28 + .72*float64(i)/float64(leaves-1)
		root := trunk(t)
		s, c := math.Sincos(float64(i) * 2.39996)
		reach := r * (1.02 - .55*t) * (.85 + .15*math.Mod(float64(i)*.37, 1))
		wide := reach * k.mix(0, .36, .5)
		up := high * (.16 - .10*(1-t))
		k.in(Dim(green, float32(.78+.5*math.Mod(float64(i)*.618, 1))), Leaf)
		k.leaf(3, func(u, v float64) r3.Vec {
			side := (v - .5) * 2 * wide * math.Sqrt(max(0, math.Sin(math.Pi*min(1, .04+.94*u))))
			out := reach * u
			return xyz(root.X+out*s+side*c, root.Y+up*(1.6*u-u*u)-math.Abs(side)*.3, root.Z+out*c-side*s)
		})
	}
}

// cactus is a ribbed column with two arms and a flower.
func (k *kit) cactus(r, pot float64, green world.RGB) {
	high := k.h - pot
	body := .42 * r
	column := func(c r3.Vec, rad, y0, y1 float64, n int) {
		k.At(c)
		k.Facets(k.corners(n), Rim{.7 * rad, y0}, Rim{rad, y0 + .25*(y1-y0)}, Rim{rad, y0 + .75*(y1-y0)}, Rim{.55 * rad, y0 + .94*(y1-y0)}, Rim{0, y1})
		k.Home()
	}
	k.in(green, Leaf)
	column(r3.Vec{}, body, .9*pot, k.h*.96, 14)
	for i, s := range []float64{-1, 1} {
		y := pot + high*(.28+.14*float64(i))
		k.in(Dim(green, 1.12), Leaf)
		if k.plain() {
			k.Tube(4, .13*r, .1*r, xyz(s*.34*r, y, 0), xyz(s*.74*r, y+.06*high, 0), xyz(s*.82*r, y+.3*high, 0))
			continue
		}
		k.Tube(6, .13*r, .13*r, xyz(s*.34*r, y, 0), xyz(s*.66*r, y+.02*high, 0), xyz(s*.82*r, y+.1*high, 0))
		column(xyz(s*.84*r, 0, 0), .16*r, y+.06*high, y+high*(.36-.1*float64(i)), 8)
	}
	if !k.plain() {
		k.in(Mix(k.accent, RGBOf(.9, .3, .45), .6), Leaf)
		for i := range 6 {
			s, c := math.Sincos(float64(i) / 6 * 2 * math.Pi)
			k.leaf(1, func(u, v float64) r3.Vec {
				return xyz(.3*body*u*s+(v-.5)*.3*body*c*(1-.3*u), k.h*(.95+.05*u), .3*body*u*c-(v-.5)*.3*body*s*(1-.3*u))
			})
		}
	}
}

func clock(k *kit) {
	w, h, d := k.w, k.h, k.d
	r := .5 * min(w, h)
	cy := h - r
	if k.far() && k.shape[1] <= .5 {
		cy, r = .5*h, .46*min(w, h)
		k.Slab(-d/2, .34*d, Circle(xyz(0, cy, 0), xyz(r, 0, 0), xyz(0, r, 0), 8, 0, 2*math.Pi)...)
		k.Prism(xyz(-.4*w, 0, -d/2), xyz(.4*w, .2*h, .3*d), .8, .9)
		k.in(ivory, Paper).rosette(xyz(0, cy, .4*d), .84*r, .84*r)
		return
	}
	switch {
	case k.shape[1] > .5: // a case with a gable, on a foot
		k.Slab(-.45*d, .34*d, xyz(-.46*w, .06*h, 0), xyz(.46*w, .06*h, 0), xyz(.46*w, .7*h, 0), xyz(0, h, 0), xyz(-.46*w, .7*h, 0))
		k.trim().Box(xyz(-w/2, 0, -d/2), xyz(w/2, .07*h, d/2))
		cy = .47 * h
		r = .38 * min(w, h)
	case k.ornate(): // an alarm clock: bells above, feet below
		r = .42 * min(w, h)
		cy = .5 * h
		k.Slab(-d/2, .34*d, Circle(xyz(0, cy, 0), xyz(r, 0, 0), xyz(0, r, 0), k.corners(24), 0, 2*math.Pi)...)
		k.alarm(r, cy)
	default:
		r *= .96
		k.Slab(-.4*d, .34*d, Circle(xyz(0, cy, 0), xyz(r, 0, 0), xyz(0, r, 0), k.corners(24), 0, 2*math.Pi)...)
		k.Prism(xyz(-.45*w, 0, -d/2), xyz(.45*w, max(.12*h, cy-.8*r), .3*d), .6, .8)
		r *= .9
	}
	if k.far() {
		k.in(ivory, Paper).rosette(xyz(0, cy, .4*d), r*.9, r*.9)
		return
	}
	k.facing(xyz(0, cy, .34*d))
	k.in(brass, Metal).Lathe(24, Rim{1.04 * r, 0}, Rim{1.04 * r, .1 * d}, Rim{.97 * r, .16 * d}, Rim{.9 * r, .03 * d})
	k.Home()
	k.in(ivory, Paper).disc(xyz(0, cy, .375*d), r*.92, r*.92, 24)
	k.in(ink, Matt)
	for i := range 12 {
		if k.plain() && i%3 != 0 {
			continue
		}
		s, c := math.Sincos(float64(i) / 12 * 2 * math.Pi)
		wide, from := .035*r, .74*r
		if i%3 == 0 {
			wide, from = .075*r, .66*r
		}
		k.stroke(xyz(from*s, cy+from*c, .39*d), xyz(.83*r*s, cy+.83*r*c, .39*d), wide, wide)
	}
	a := k.shape[3] * 2 * math.Pi
	s, c := math.Sincos(a)
	k.stroke(xyz(-.1*r*s, cy-.1*r*c, .405*d), xyz(.48*r*s, cy+.48*r*c, .405*d), .09*r, .045*r)
	s, c = math.Sincos(a * 12)
	k.stroke(xyz(-.14*r*s, cy-.14*r*c, .42*d), xyz(.76*r*s, cy+.76*r*c, .42*d), .06*r, .025*r)
	k.in(brass, Metal).disc(xyz(0, cy, .43*d), .07*r, .07*r, 8)
}

// alarm is what makes a clock an alarm clock.
func (k *kit) alarm(r, cy float64) {
	w, h, d := k.w, k.h, k.d
	for _, s := range []float64{-1, 1} {
		k.in(brass, Metal).At(xyz(s*.27*w, cy+.86*r, -.05*d)).Turn(-s*.6, xyz(0, 0, 1))
		k.Lathe(10, Rim{.17 * w, 0}, Rim{.15 * w, .06 * h}, Rim{.08 * w, .1 * h}, Rim{0, .11 * h})
		k.Home()
		k.trim().Beam(xyz(s*.5*w*.95, .03*h, 0), xyz(s*.2*w, .2*h, 0), .07*w, .2*d)
		if !k.plain() {
			k.in(brass, Metal).Beam(xyz(s*.46*w, 0, 0), xyz(s*.46*w, .05*h, 0), .08*w, .3*d)
		}
	}
	if k.plain() {
		return
	}
	k.in(steel, Metal).Tube(4, .012*w, .012*w, Circle(xyz(0, cy+.95*r, 0), xyz(.1*w, 0, 0), xyz(0, h-cy-.97*r, 0), 6, 0, math.Pi)...)
}
