package model

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
)

func mask(k *kit) {
	w, h, d := k.w, k.h, k.d
	chin := k.mix(0, .5, .85)
	surface := func(u, v float64) r3.Vec {
		y := 2*v - 1
		x := 2*u - 1
		wide := math.Sqrt(max(0, 1-y*y*.96))
		if y < 0 {
			wide *= 1 + y*(1-chin)*.6
		}
		bulge := math.Sqrt(max(0, 1-x*x*.9)) * math.Sqrt(max(0, 1-y*y*.8))
		nose := .34 * math.Exp(-x*x*18) * math.Exp(-(y-.0)*(y-.0)*6)
		return xyz(x*wide*w/2, h/2+y*h/2, (bulge*.66+nose)*d-.3*d)
	}
	if k.far() {
		k.Sheet(3, 3, surface)
		k.Ball(xyz(0, h/2, -.1*d), xyz(w/2, h/2, .3*d), 6)
		return
	}
	k.side(10, 10, surface, true)
	k.in(Dim(k.main, .5), k.material)
	k.side(5, 5, func(u, v float64) r3.Vec { p := surface(u, v); p.Z -= .03 * d; return p }, false)
	at := func(x, y float64) r3.Vec { p := surface((x+1)/2, (y+1)/2); p.Z += .01 * d; return p }
	for _, s := range []float64{-1, 1} {
		k.in(ink, Matt).bead(at(s*.42, .22), xyz(.11*w, k.mix(3, .025, .05)*h, .07*d), 10)
		k.trim().Tube(5, .02*w, .008*w, at(s*.18, .36), at(s*.42, .48), at(s*.72, .4))
		if k.ornate() && !k.plain() {
			k.trim().bead(at(s*.6, -.25), xyz(.07*w, .05*h, .04*d), 6)
		}
	}
	k.in(Mix(k.accent, RGBOf(.6, .08, .08), .5), k.material)
	k.bead(at(0, -.48), xyz(.15*w, .035*h, .07*d), 8)
	if k.ornate() {
		k.in(brass, Metal).bead(at(0, .7), xyz(.06*w, .05*h, .05*d), 6)
	}
}

func guitar(k *kit) {
	w, h, d := k.w, k.h, k.d
	body := .47 * h
	waist := k.mix(1, .56, .72)
	var outline []r3.Vec
	n := [...]int{32, 16, 10}[k.Detail]
	for i := 0; i < n; i++ {
		a := float64(i)/float64(n)*2*math.Pi - math.Pi/2
		s, c := math.Sincos(a)
		t := (s + 1) / 2 // 0 at the bottom, 1 at the neck
		wide := w / 2 * (.99 - .24*t - (1-waist)*math.Exp(-(t-.6)*(t-.6)*40)*.8)
		outline = append(outline, xyz(wide*math.Copysign(math.Pow(math.Abs(c), .8), c), body*t, 0))
	}
	k.Slab(-d/2, .3*d, outline...)
	k.in(Dim(k.main, .35), Wood).Beam(xyz(0, .34*h, .32*d), xyz(0, .85*h, .32*d), .1*w, .12*d)
	k.in(k.accent, Wood).Prism(xyz(-.08*w, .84*h, .18*d), xyz(.08*w, h, .36*d), 1.2, 1)
	if k.far() {
		return
	}
	k.in(k.accent, Wood).disc(xyz(0, .31*h, .31*d), .16*w, .16*w, 20)
	k.in(ink, Matt).disc(xyz(0, .31*h, .33*d), .13*w, .13*w, 20)
	if k.ornate() { // a guard beside the sound hole
		k.in(Dim(k.accent, .45), Leather).disc(xyz(.2*w, .24*h, .315*d), .1*w, .06*h, 12)
	}
	k.in(Dim(k.accent, .6), Wood).Box(xyz(-.16*w, .12*h, .3*d), xyz(.16*w, .145*h, .42*d))
	k.in(steel, Metal)
	for i := 0; i < 4; i++ {
		x := (float64(i) - 1.5) * .022 * w
		k.stroke(xyz(x, .13*h, .44*d), xyz(x, .86*h, .44*d), .008*w, .008*w)
	}
	if k.plain() {
		return
	}
	k.in(brass, Metal) // frets
	for i := range 7 {
		y := (.42 + .42*(1-math.Pow(.8, float64(i)))/(1-math.Pow(.8, 7))) * h
		k.plate(-.05*w, y, .05*w, y+.004*h, .425*d)
	}
	k.in(steel, Metal)
	for i := 0; i < 3; i++ {
		for _, s := range []float64{-1, 1} {
			y := (.87 + .045*float64(i)) * h
			k.Box(xyz(s*.12*w-.03*w, y, .22*d), xyz(s*.12*w+.03*w, y+.015*h, .3*d))
		}
	}
}

func drum(k *kit) {
	r, h := k.w/2, k.h
	if k.shape[3] > .6 { // a goblet
		k.turnedPart(16, Rim{0, 0}, Rim{.6 * r, 0}, Rim{.5 * r, .1 * h}, Rim{.38 * r, .4 * h}, Rim{.5 * r, .55 * h}, Rim{.95 * r, .8 * h}, Rim{.97 * r, .94 * h})
	} else {
		belly := k.mix(0, .9, 1.0)
		k.turnedPart(16, Rim{0, 0}, Rim{.88 * r, 0}, Rim{.9 * r, .05 * h}, Rim{belly * r, .5 * h}, Rim{.92 * r, .94 * h})
		if !k.plain() {
			k.in(ivory, Cloth)
			for i := 0; i < 10; i++ {
				a, b := float64(i)/10*2*math.Pi, (float64(i)+.5)/10*2*math.Pi
				k.Beam(xyz(.97*r*math.Sin(a), .1*h, .97*r*math.Cos(a)), xyz(.97*r*math.Sin(b), .9*h, .97*r*math.Cos(b)), .03*r, .02*r)
			}
			k.trim().Lathe(16, Rim{.9 * r, .03 * h}, Rim{.98 * r, .04 * h}, Rim{.98 * r, .12 * h}, Rim{.9 * r, .13 * h})
		}
	}
	k.trim().Lathe(18, Rim{.9 * r, .88 * h}, Rim{r, .89 * h}, Rim{r, .97 * h}, Rim{.94 * r, .985 * h})
	k.in(ivory, Paper).Lathe(18, Rim{.95 * r, .98 * h}, Rim{.9 * r, h}, Rim{0, h})
}

func notebook(k *kit) {
	w, h, d := k.w, k.h, k.d
	k.Box(xyz(-w/2, 0, .3*d), xyz(w/2, h, .5*d))
	k.Box(xyz(-w/2, 0, -.5*d), xyz(w/2, h, -.3*d))
	k.in(ivory, Paper).Box(xyz(-.48*w, .015*h, -.3*d), xyz(.48*w, .985*h, .3*d))
	if k.far() {
		return
	}
	k.in(k.accent, Cloth).Box(xyz(.32*w, -.0, -.54*d), xyz(.37*w, h, .56*d))
	k.in(Mix(ivory, k.accent, .2), Paper).plate(-.28*w, .6*h, .2*w, .8*h, .505*d)
	if !k.plain() { // two lines to write on
		k.in(Mix(ink, k.accent, .3), Matt).plate(-.22*w, .72*h, .14*w, .728*h, .51*d)
		k.plate(-.22*w, .66*h, .06*w, .668*h, .51*d)
	}
	if k.shape[3] > .5 && !k.plain() { // a spiral
		k.in(steel, Metal)
		for i := range 8 {
			y := h * (.06 + .88*float64(i)/7)
			k.Ring(4, .008*w, Circle(xyz(-.48*w, y, 0), xyz(.04*w, 0, 0), xyz(0, 0, .62*d), 6, 0, 2*math.Pi)...)
		}
		return
	}
	if k.Detail == Near { // a ribbon between the pages
		k.in(Mix(k.accent, RGBOf(.7, .1, .1), .4), Cloth).Sheet(2, 1, func(u, v float64) r3.Vec {
			return xyz(-.3*w+.02*w*v, .0+.03*h*(1-u), .33*d-.1*d*u)
		})
	}
}
func book(k *kit) {
	w, h, d := k.w, k.h, k.d
	c := .12 * d
	k.Box(xyz(-w/2, 0, d/2-c), xyz(w/2, h, d/2))
	k.Box(xyz(-w/2, 0, -d/2), xyz(w/2, h, -d/2+c))
	k.Box(xyz(-w/2, 0, -d/2+c), xyz(-w/2+.05*w, h, d/2-c))
	k.in(ivory, Paper).Box(xyz(-w/2+.05*w, .015*h, -d/2+c), xyz(.47*w, .985*h, d/2-c))
	if k.far() {
		return
	}
	z := d/2 + .0008
	plate := func(col world.RGB, m Material, x0, y0, x1, y1 float64) {
		k.in(col, m).Quad(xyz(x0*w, y0*h, z), xyz(x1*w, y0*h, z), xyz(x1*w, y1*h, z), xyz(x0*w, y1*h, z))
		z += .0005
	}
	plate(k.accent, Cloth, -.36, .62, .4, .86)
	plate(ivory, Paper, -.28, .74, .32, .78)
	plate(ivory, Paper, -.2, .68, .24, .705)
	if k.ornate() {
		plate(brass, Metal, -.36, .12, .4, .15)
		plate(brass, Metal, -.36, .9, .4, .92)
	}
	switch int(k.shape[3] * 2.99) {
	case 0:
		for i, p := 0, Circle(xyz(.02*w, .38*h, 0), xyz(.26*w, 0, 0), xyz(0, .26*w, 0), 14, 0, 2*math.Pi); i < len(p); i++ {
			q := p[(i+1)%len(p)]
			k.in(k.accent, Cloth).Tri(xyz(.02*w, .38*h, z), xyz(p[i].X, p[i].Y, z), xyz(q.X, q.Y, z))
		}
	case 1:
		plate(k.accent, Cloth, -.3, .2, .34, .54)
		plate(Dim(k.main, .7), Cloth, -.2, .26, .24, .48)
	default:
		for i := 0; i < 4; i++ {
			y := .2 + .09*float64(i)
			plate(k.accent, Cloth, -.3, y, .34, y+.04)
		}
	}
}
