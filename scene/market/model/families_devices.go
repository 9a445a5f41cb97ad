package model

import (
	"math"

	"souk/world"
)

func radio(k *kit) {
	w, h, d := k.w, k.h, k.d
	top := .86 * h
	if k.angular() {
		k.Box(xyz(-w/2, .03*h, -d/2), xyz(w/2, top, .42*d))
	} else {
		p := rounded(-w/2, .03*h, w/2, top, min(.16*h, .3*w), k.bend())
		k.Slab(-d/2, .42*d, p...)
	}
	if k.far() {
		k.trim().Box(xyz(-.44*w, .12*h, .4*d), xyz(.05*w, .76*h, .46*d))
		return
	}
	k.in(Mix(k.accent, ivory, .3), Cloth).Box(xyz(-.44*w, .12*h, .4*d), xyz(.06*w, .76*h, .45*d))
	k.in(Dim(k.accent, .6), Wood)
	for i := range 7 {
		x := (-.41 + .07*float64(i)) * w
		k.plate(x, .12*h, x+.02*w, .76*h, .455*d)
	}
	k.in(Mix(ivory, warmGlow, .5), Glow).Box(xyz(.12*w, .5*h, .4*d), xyz(.44*w, .74*h, .44*d))
	for i, x := range []float64{.19, .36} {
		k.in([]world.RGB{brass, steel}[i], Metal).At(xyz(x*w, .27*h, .42*d)).Turn(math.Pi/2, xyz(1, 0, 0))
		k.Lathe(12, Rim{.085 * h * 1.2, 0}, Rim{.085 * h, .07 * d}, Rim{0, .08 * d})
		k.Home()
	}
	if !k.plain() { // the scale and its needle
		k.in(ink, Matt)
		for i := range 6 {
			x := (.15 + .052*float64(i)) * w
			k.plate(x, .6*h, x+.006*w, (.64+.03*float64(i%2))*h, .442*d)
		}
		x := (.16 + .24*k.shape[3]) * w
		k.in(RGBOf(.75, .12, .1), Matt).plate(x, .53*h, x+.01*w, .71*h, .444*d)
	}
	k.in(Dim(k.main, .6), Leather).Tube(5, .02*w, .02*w, Circle(xyz(0, top*.97, 0), xyz(.34*w, 0, 0), xyz(0, h-top, 0), 8, 0, math.Pi)...)
	for _, s := range []float64{-1, 1} {
		k.in(ink, Matt).Box(xyz(s*.38*w-.03*w, 0, -.3*d), xyz(s*.38*w+.03*w, .04*h, .3*d))
	}
}

func camera(k *kit) {
	w, h, d := k.w, k.h, k.d
	body := .78 * h
	k.in(k.main, Leather).Box(xyz(-w/2, .04*h, -d/2), xyz(w/2, body*.86, .05*d))
	k.in(steel, Metal).Prism(xyz(-w/2, body*.84, -d/2), xyz(w/2, body, .05*d), .96, .9)
	if !k.far() {
		k.Box(xyz(-w/2, 0, -d/2), xyz(w/2, .06*h, .05*d))
	}
	k.Prism(xyz(-.18*w, body, -.4*d), xyz(.18*w, h, .04*d), .6, .8)
	k.At(xyz(0, .42*h, .04*d)).Turn(math.Pi/2, xyz(1, 0, 0))
	r := k.mix(0, .26, .34) * h
	k.in(k.accent, Metal).Lathe(20, Rim{1.1 * r, 0}, Rim{1.1 * r, .1 * d}, Rim{r, .12 * d}, Rim{r, .36 * d}, Rim{.9 * r, .44 * d}, Rim{.8 * r, .45 * d}, Rim{.7 * r, .38 * d})
	if k.far() {
		k.in(ink, Ceramic).lid(xyz(0, .4*d, 0), .8*r, .8*r, 4)
		return
	}
	k.in(ink, Matt).lid(xyz(0, .34*d, 0), .75*r, .75*r, 12)
	k.in(RGBOf(.25, .3, .45), Glass).Lathe(14, Rim{.72 * r, .37 * d}, Rim{.4 * r, .42 * d}, Rim{0, .43 * d})
	k.Home()
	if k.far() {
		return
	}
	k.in(steel, Metal)
	for _, x := range []float64{-.36, .34} {
		k.At(xyz(x*w, body, -.2*d))
		k.Lathe(10, Rim{.07 * w, 0}, Rim{.07 * w, .06 * h}, Rim{0, .065 * h})
	}
	k.Home()
	k.in(RGBOf(.5, .6, .7), Glass).Box(xyz(-.1*w, .84*h, .0), xyz(.1*w, .94*h, .06*d))
	k.in(RGBOf(.7, .1, .1), Ceramic).Box(xyz(.36*w, .66*h, .05*d), xyz(.42*w, .7*h, .07*d))
}

func telescope(k *kit) {
	w, h, d := k.w, k.h, k.d
	hub := xyz(0, .62*h, 0)
	k.in(timber, Wood)
	for i := 0; i < 3; i++ {
		s, c := math.Sincos(float64(i)/3*2*math.Pi + .5)
		if k.far() {
			k.post(xyz(.42*w*s, 0, .42*d*c), hub, .05*w)
			continue
		}
		k.Beam(xyz(.42*w*s, 0, .42*d*c), hub, .05*w, .05*w)
	}
	if !k.far() {
		k.in(brass, Metal).Ball(hub, xyz(.07*w, .07*w, .07*w), 8)
	}
	// The tube looks up to the front.
	tilt := k.mix(3, .9, 1.15)
	r := k.mix(0, .07, .1) * w
	long := .62 * h
	k.At(xyz(0, .68*h, 0)).Turn(tilt, xyz(1, 0, 0))
	k.body().Lathe(14, Rim{.8 * r, -.5 * long}, Rim{.8 * r, -.1 * long}, Rim{r, -.08 * long}, Rim{r, .45 * long})
	k.in(brass, Metal).Lathe(14, Rim{r, .43 * long}, Rim{1.18 * r, .44 * long}, Rim{1.18 * r, .5 * long}, Rim{r, .5 * long})
	if k.far() {
		k.in(ink, Matt).lid(xyz(0, .49*long, 0), 1.1*r, 1.1*r, 4)
		return
	}
	k.in(ink, Matt).lid(xyz(0, .4*long, 0), .98*r, .98*r, 12)
	k.in(RGBOf(.3, .4, .55), Glass).Lathe(14, Rim{r, .49 * long}, Rim{0, .47 * long})
	k.in(k.accent, Metal).Lathe(10, Rim{0, -.62 * long}, Rim{.5 * r, -.62 * long}, Rim{.55 * r, -.5 * long}, Rim{.8 * r, -.48 * long})
	k.Home()
}

func globe(k *kit) {
	h := k.h
	r := min(k.w*.46, .39*h)
	c := xyz(0, h-r*1.06, 0)
	foot := c.Y - r
	// The foot reaches to the box's sides, so that the ball stays round in it.
	wide := max(.62*r, k.w/2)
	k.in(k.accent, Wood).turnedPart(12, Rim{0, 0}, Rim{wide, 0}, Rim{.95 * wide, .03 * h}, Rim{.3 * wide, .06 * h}, Rim{.14 * r, .5*foot + .02*h}, Rim{.12 * r, foot}, Rim{0, foot})
	k.in(brass, Metal).Ring(5, .035*r, Circle(c, xyz(1.06*r*.92, 1.06*r*.39, 0), xyz(-1.06*r*.39, 1.06*r*.92, 0), 14, 0, 2*math.Pi)...)
	if k.far() {
		k.in(k.main, Paper).Ball(c, xyz(r, r, r), 6)
		return
	}
	// Land and sea: vertices of the ball are coloured by slow waves, ice at the poles.
	from := len(k.Mesh.Vertices)
	k.in(k.main, Paper).Ball(c, xyz(r, r, r), 18)
	land, shore := packColour(Mix(k.accent, RGBOf(.45, .55, .25), .55)), packColour(Mix(k.main, Mix(k.accent, RGBOf(.8, .75, .5), .6), .5))
	for i := from; i < len(k.Mesh.Vertices); i++ {
		v := &k.Mesh.Vertices[i]
		x, y, z := float64(v.Normal[0])/127, float64(v.Normal[1])/127, float64(v.Normal[2])/127
		p := k.shape[3] * 6
		high := math.Sin(2.3*x+p) + math.Sin(2.1*y+1.7*z+2*p) + .7*math.Sin(4.1*z-2.6*x+p)
		switch {
		case y > .93 || y < -.9:
			v.Colour = packColour(ivory)
		case high > .2:
			v.Colour = land
		case high > .05:
			v.Colour = shore
		}
	}
}
