package model

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

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
