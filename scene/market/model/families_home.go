package model

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
)

// family is a parametric model with the material it is usually made of.
type family struct {
	material Material
	build    func(*kit)
}

// families are the kinds of thing; their builders are in the files families_*.go.
var families = map[string]family{
	"lamp": {Metal, lamp}, "lantern": {Metal, lantern}, "candle": {Matt, candle},
	"kettle": {Metal, kettle}, "teapot": {Ceramic, teapot}, "mug": {Ceramic, mug}, "vase": {Ceramic, vase}, "bowl": {Ceramic, bowl},
	"plate": {Ceramic, plate}, "jar": {Ceramic, jar}, "bottle": {Glass, bottle}, "pan": {Metal, pan}, "knife": {Metal, knife},
	"chair": {Wood, chair}, "stool": {Wood, stool}, "table": {Wood, table}, "cushion": {Cloth, cushion}, "rug": {Cloth, rug},
	"basket": {Wicker, basket}, "box": {Wood, chest}, "plant": {Matt, plant}, "mirror": {Wood, mirror}, "frame": {Wood, picture}, "clock": {Wood, clock},
	"book": {Cloth, book}, "notebook": {Leather, notebook}, "mask": {Wood, mask}, "guitar": {Wood, guitar}, "drum": {Wood, drum},
	"shoe": {Leather, shoe}, "bag": {Leather, bag}, "hat": {Cloth, hat}, "scarf": {Cloth, scarf}, "toy": {Wood, toy}, "ball": {Leather, ball},
	"kite": {Cloth, kite}, "radio": {Wood, radio}, "camera": {Leather, camera}, "telescope": {Metal, telescope}, "globe": {Paper, globe},
}

// Colours that do not hang on the item.
var (
	warmGlow = world.RGB{R: 1, G: .86, B: .58}
	ivory    = world.RGB{R: .95, G: .92, B: .84}
	ink      = world.RGB{R: .12, G: .11, B: .11}
	brass    = world.RGB{R: .78, G: .60, B: .27}
	steel    = world.RGB{R: .74, G: .75, B: .77}
	timber   = world.RGB{R: .52, G: .34, B: .20}
	soil     = world.RGB{R: .22, G: .15, B: .10}
	flame    = world.RGB{R: 1, G: .72, B: .28}
)

func lamp(k *kit) {
	r, h := k.w/2, k.h
	foot := k.mix(0, .42, .7) * r
	if k.shape[3] > .5 { // a turned body
		k.turnedPart(18, Rim{0, 0}, Rim{foot, 0}, Rim{foot, .03 * h}, Rim{foot * .5, .08 * h}, Rim{foot * k.mix(0, .6, 1.15), .28 * h}, Rim{foot * .35, .48 * h}, Rim{foot * .2, .56 * h}, Rim{0, .56 * h})
	} else { // a stem on a plate
		k.turnedPart(18, Rim{0, 0}, Rim{foot, 0}, Rim{foot, .025 * h}, Rim{foot * .9, .05 * h}, Rim{.07 * r, .06 * h}, Rim{.07 * r, .6 * h}, Rim{0, .6 * h})
		if k.ornate() {
			k.Ball(xyz(0, .3*h, 0), xyz(.18*r, .18*r, .18*r), 8)
		}
	}
	top := k.mix(1, .5, .8) * r
	k.in(Mix(k.accent, warmGlow, .35), Glow)
	k.turnedPart(24, Rim{r, .55 * h}, Rim{top, h})
	k.in(Dim(warmGlow, 1), Glow)
	k.turnedPart(24, Rim{top, h}, Rim{0, .985 * h})
	k.turnedPart(12, Rim{0, .56 * h}, Rim{r, .55 * h})
}

func lantern(k *kit) {
	r, h := min(k.w, k.d)/2, k.h
	n := 6
	if k.shape[1] > .6 {
		n = 4
	}
	if k.shape[2] < .35 { // a paper ball
		k.in(Mix(k.main, warmGlow, .3), Glow)
		var p []Rim
		for i := 0; i <= 8; i++ {
			a := float64(i) / 8 * math.Pi
			swell := r * (.36 + .64*math.Sin(a))
			p = append(p, Rim{swell, h * (.06 + .8*float64(i)/8)})
		}
		k.Lathe(16, p...)
		k.trim()
		k.Lathe(12, Rim{0, 0}, Rim{.36 * r, 0}, Rim{.38 * r, .07 * h}, Rim{0, .07 * h})
		k.Lathe(12, Rim{.38 * r, .85 * h}, Rim{.36 * r, .9 * h}, Rim{0, .92 * h})
	} else {
		k.body()
		k.Facets(n, Rim{0, 0}, Rim{r, 0}, Rim{r, .05 * h}, Rim{.85 * r, .09 * h}, Rim{0, .09 * h})
		k.in(Mix(warmGlow, k.accent, .3), Glow)
		k.Facets(n, Rim{.72 * r, .09 * h}, Rim{.78 * r, .6 * h})
		k.body()
		for i := 0; i < n && !k.plain(); i++ {
			s, c := math.Sincos((float64(i) + .5) / float64(n) * 2 * math.Pi)
			k.Beam(xyz(.78*r*s, .08*h, .78*r*c), xyz(.84*r*s, .62*h, .84*r*c), .05*h, .05*h)
		}
		k.Facets(n, Rim{.5 * r, .6 * h}, Rim{r, .6 * h}, Rim{.62 * r, .74 * h}, Rim{.2 * r, .84 * h}, Rim{.1 * r, .88 * h}, Rim{0, .88 * h})
	}
	if !k.plain() {
		k.in(brass, Metal).Ring(5, .012*h+.002, Circle(xyz(0, .93*h, 0), xyz(.22*r, 0, 0), xyz(0, .07*h, 0), 10, 0, 2*math.Pi)...)
	}
}

func candle(k *kit) {
	r, h := k.w/2, k.h
	dish := k.shape[2] > .4
	body := r
	if dish {
		body = r * k.mix(0, .5, .72)
		k.trim().Lathe(22, Rim{0, 0}, Rim{.7 * r, 0}, Rim{r, .09 * h}, Rim{.94 * r, .1 * h}, Rim{.6 * r, .04 * h}, Rim{0, .04 * h})
	}
	k.in(k.main, Matt)
	if k.far() {
		k.Facets(6, Rim{body, 0}, Rim{body, .8 * h}, Rim{0, .8 * h})
		k.in(flame, Glow).Facets(4, Rim{.13 * body, .86 * h}, Rim{0, h})
		return
	}
	k.turnedPart(20, Rim{0, 0}, Rim{body, .0}, Rim{body, .78 * h}, Rim{body * .93, .82 * h}, Rim{body * .8, .8 * h}, Rim{0, .78 * h})
	k.in(ink, Matt).Tube(4, .004, .003, xyz(0, .78*h, 0), xyz(0, .87*h, 0))
	k.in(flame, Glow).Lathe(8, Rim{0, .84 * h}, Rim{.14 * body, .88 * h}, Rim{.12 * body, .92 * h}, Rim{0, h})
}

// spout is a bent tube from the pot's side.
func (k *kit) spout(from, to r3.Vec, wide float64) {
	mid := xyz((from.X+to.X)/2+.1*(to.X-from.X), (from.Y*2+to.Y)/3, 0)
	k.Tube(8, wide, wide*.55, from, mid, xyz(to.X-.15*(to.X-from.X), to.Y-.12*(to.Y-from.Y), 0), to)
}

func kettle(k *kit) {
	h := k.h * .72
	r := min(k.w*.36, k.d/2)
	k.turnedPart(22, Rim{0, 0}, Rim{.92 * r, 0}, Rim{r, .07 * h}, Rim{r * k.mix(0, .92, 1.0), .4 * h}, Rim{r * k.mix(0, .6, .85), .8 * h}, Rim{.45 * r, .95 * h}, Rim{.42 * r, .97 * h}, Rim{0, 1.04 * h})
	k.spout(xyz(.8*r, .3*h, 0), xyz(1.6*r, .74*h, 0), .2*r)
	k.trim().Ball(xyz(0, 1.1*h, 0), xyz(.1*r, .1*r, .1*r), 8)
	top := k.mix(0, .6, .85) * r // where the handle meets the body
	k.in(k.accent, Wood).Tube(6, .075*r, .075*r, Circle(xyz(0, .8*h, 0), xyz(top, 0, 0), xyz(0, k.h-.8*h, 0), 11, 0, math.Pi)...)
}

func teapot(k *kit) {
	h := k.h * .86
	r := min(k.w*.34, k.d/2)
	belly := k.mix(0, .45, .6)
	k.turnedPart(18, Rim{0, 0}, Rim{.55 * r, 0}, Rim{.58 * r, .05 * h}, Rim{.9 * r, .2 * h}, Rim{r, belly * h * .9}, Rim{.85 * r, .72 * h}, Rim{.5 * r, .88 * h}, Rim{.46 * r, .9 * h})
	k.trim().turnedPart(12, Rim{.5 * r, .88 * h}, Rim{.4 * r, .96 * h}, Rim{.12 * r, h}, Rim{.07 * r, 1.03 * h}, Rim{.14 * r, 1.1 * h}, Rim{0, 1.16 * h})
	k.body().spout(xyz(.8*r, .3*h, 0), xyz(1.75*r, .82*h, 0), .19*r)
	k.Tube(6, .08*r, .07*r, Circle(xyz(-.85*r, .52*h, 0), xyz(-.55*r, 0, 0), xyz(0, .3*h, 0), 9, -math.Pi/2, math.Pi/2)...)
	if k.ornate() && !k.plain() {
		k.trim().Lathe(16, Rim{.995 * r, .36 * h}, Rim{1.03 * r, .4 * h}, Rim{.995 * r, .46 * h})
	}
}

func mug(k *kit) {
	r, h := k.d/2, k.h
	foot := k.mix(0, .72, 1) * r
	k.turnedPart(24, Rim{0, 0}, Rim{foot * .9, 0}, Rim{foot, .05 * h}, Rim{r * .98, .6 * h}, Rim{r, h}, Rim{.9 * r, h}, Rim{.86 * r, .5 * h})
	k.in(Dim(k.main, .8), k.material)
	k.Lathe(24, Rim{.86 * r, .5 * h}, Rim{0, .48 * h})
	k.trim()
	if k.ornate() && !k.plain() {
		k.turnedPart(24, Rim{1.0 * r, .66 * h}, Rim{1.025 * r, .7 * h}, Rim{1.025 * r, .82 * h}, Rim{1.0 * r, .86 * h})
	}
	k.Tube(6, .1*r, .1*r, Circle(xyz(.9*r, .52*h, 0), xyz(k.w-1.95*r, 0, 0), xyz(0, .3*h, 0), 9, -math.Pi/2, math.Pi/2)...)
}

func vase(k *kit) {
	r, h := k.w/2, k.h
	neck := r * k.mix(0, .25, .6)
	at := k.mix(3, .3, .62)
	k.turnedPart(20, Rim{0, 0}, Rim{.5 * r, 0}, Rim{.56 * r, .03 * h}, Rim{.86 * r, at * .55 * h}, Rim{r, at * h}, Rim{.85 * r, (at + .16) * h}, Rim{neck * 1.1, (at + .26) * h}, Rim{neck, .88 * h}, Rim{neck * 1.45, h}, Rim{neck * 1.25, h}, Rim{neck * .9, .86 * h})
	k.in(Dim(k.main, .25), Matt).Lathe(12, Rim{neck * .9, .86 * h}, Rim{0, .84 * h})
	if k.ornate() && !k.plain() {
		k.trim().turnedPart(18, Rim{.99 * r, (at - .05) * h}, Rim{1.02 * r, (at - .03) * h}, Rim{1.02 * r, (at + .03) * h}, Rim{.99 * r, (at + .05) * h})
		k.Lathe(14, Rim{neck * 1.08, .8 * h}, Rim{neck * 1.14, .82 * h}, Rim{neck * 1.06, .84 * h})
	}
}

func bowl(k *kit) {
	r, h := k.w/2, k.h
	belly := k.mix(0, .7, .92)
	k.turnedPart(28, Rim{0, 0}, Rim{.42 * r, 0}, Rim{.44 * r, .1 * h}, Rim{belly * r * .8, .3 * h}, Rim{belly * r, .6 * h}, Rim{r, h}, Rim{.94 * r, h})
	k.trim().turnedPart(28, Rim{.94 * r, h}, Rim{belly * r * .92, .62 * h}, Rim{.5 * r, .22 * h}, Rim{0, .18 * h})
}

func plate(k *kit) {
	r, h := k.w/2, k.h
	if k.shape[3] > .45 { // shown upright in a stand would hide others: lie on a ring
		k.turnedPart(32, Rim{0, 0}, Rim{.5 * r, 0}, Rim{.55 * r, .3 * h}, Rim{r, .9 * h}, Rim{r, h}, Rim{.97 * r, h})
		k.trim().turnedPart(32, Rim{.97 * r, h}, Rim{.8 * r, .72 * h})
		k.body().turnedPart(32, Rim{.8 * r, .72 * h}, Rim{.62 * r, .45 * h}, Rim{0, .4 * h})
		return
	}
	k.turnedPart(32, Rim{0, 0}, Rim{.6 * r, 0}, Rim{.75 * r, .4 * h}, Rim{r, .85 * h}, Rim{r, h})
	k.trim().turnedPart(32, Rim{r, h}, Rim{.72 * r, .7 * h})
	k.body().turnedPart(32, Rim{.72 * r, .7 * h}, Rim{.66 * r, .5 * h}, Rim{0, .46 * h})
	if k.ornate() && !k.plain() {
		k.trim().turnedPart(14, Rim{.34 * r, .475 * h}, Rim{.3 * r, .56 * h}, Rim{0, .56 * h})
	}
}

func jar(k *kit) {
	r, h := k.w/2, k.h
	k.turnedPart(18, Rim{0, 0}, Rim{.88 * r, 0}, Rim{r, .08 * h}, Rim{r * k.mix(0, .9, 1), .55 * h}, Rim{.95 * r, .66 * h}, Rim{.7 * r, .76 * h}, Rim{.7 * r, .8 * h}, Rim{0, .8 * h})
	if k.material == Glass && !k.plain() { // what is in it
		k.in(Mix(k.accent, RGBOf(.75, .3, .1), .6), Matt).Lathe(12, Rim{0, .03 * h}, Rim{.84 * r, .03 * h}, Rim{.88 * r, .62 * h}, Rim{0, .62 * h})
	}
	if !k.plain() { // a label
		k.in(ivory, Paper).Lathe(18, Rim{1.0 * r, .2 * h}, Rim{1.012 * r, .21 * h}, Rim{1.012 * r, .5 * h}, Rim{1.0 * r, .51 * h})
		k.in(k.accent, Paper).Lathe(18, Rim{1.012 * r, .3 * h}, Rim{1.02 * r, .31 * h}, Rim{1.02 * r, .4 * h}, Rim{1.012 * r, .41 * h})
	}
	lid := Wood
	if k.shape[3] > .5 {
		lid = Cloth
	}
	k.in(k.accent, lid).turnedPart(14, Rim{.7 * r, .78 * h}, Rim{.8 * r, .79 * h}, Rim{.8 * r, .9 * h}, Rim{.72 * r, .93 * h}, Rim{.14 * r, .93 * h}, Rim{.16 * r, h}, Rim{0, h})
}

func bottle(k *kit) {
	r, h := k.w/2, k.h
	shoulder := k.mix(0, .5, .66)
	neck := k.mix(3, .24, .4) * r
	k.turnedPart(18, Rim{0, 0}, Rim{.9 * r, 0}, Rim{r, .03 * h}, Rim{r, (shoulder - .06) * h}, Rim{.86 * r, shoulder * h}, Rim{neck, (shoulder + .14) * h}, Rim{neck, .9 * h}, Rim{neck * 1.25, .9 * h}, Rim{neck * 1.25, .94 * h}, Rim{0, .94 * h})
	if k.material == Glass && !k.plain() { // what is in it
		k.in(Mix(k.accent, RGBOf(.75, .2, .12), .55), Matt).Lathe(12, Rim{0, .03 * h}, Rim{.88 * r, .03 * h}, Rim{.9 * r, (shoulder - .08) * h}, Rim{0, (shoulder - .08) * h})
	}
	k.in(k.accent, Wood).turnedPart(8, Rim{neck * .8, .94 * h}, Rim{neck * .9, h}, Rim{0, h})
	if !k.plain() {
		k.in(Mix(ivory, k.accent, .3), Paper).Lathe(18, Rim{r, .14 * h}, Rim{1.014 * r, .145 * h}, Rim{1.014 * r, .4 * h}, Rim{r, .405 * h})
	}
}

func pan(k *kit) {
	r, h := k.d/2, k.h
	cx := -k.w/2 + r
	k.At(xyz(cx, 0, 0))
	k.Lathe(28, Rim{0, 0}, Rim{.8 * r, 0}, Rim{.88 * r, .06 * h}, Rim{r, .6 * h}, Rim{.97 * r, .62 * h})
	k.in(Dim(k.main, .55), k.material).Lathe(28, Rim{.97 * r, .62 * h}, Rim{.84 * r, .12 * h}, Rim{0, .1 * h})
	k.Home()
	wood := Wood
	if k.shape[3] < .3 {
		wood = Metal
	}
	k.in(steel, Metal).Beam(xyz(cx+.9*r, .42*h, 0), xyz(cx+1.25*r, .62*h, 0), .09*r, .1*h+.004)
	k.in(k.accent, wood).Tube(7, .085*r, .11*r, xyz(cx+1.2*r, .6*h, 0), xyz(cx+1.6*r, .78*h, 0), xyz(k.w/2, .85*h, 0))
}

func knife(k *kit) {
	w, h := k.w, k.h
	blade := k.mix(0, .6, .68) * w
	x0 := w/2 - blade
	// The blade lies on its back on a small block, edge up: so it can be seen.
	k.in(steel, Metal)
	k.Slab(-.004, .004, xyz(x0, .3*h, 0), xyz(w/2-.25*blade, .3*h, 0), xyz(w/2, .62*h, 0), xyz(w/2-.12*blade, .86*h, 0), xyz(w/2-.4*blade, h, 0), xyz(x0, h, 0))
	k.in(k.main, Wood)
	k.Slab(-k.d*.28, k.d*.28, xyz(-w/2, .42*h, 0), xyz(-w/2+.06*w, .3*h, 0), xyz(x0-.02*w, .36*h, 0), xyz(x0, .34*h, 0), xyz(x0, .96*h, 0), xyz(x0-.1*w, .88*h, 0), xyz(-w/2+.05*w, .92*h, 0), xyz(-w/2, .8*h, 0))
	k.in(k.accent, Wood).Box(xyz(-.3*w, 0, -k.d/2), xyz(.3*w, .3*h, k.d/2))
}
