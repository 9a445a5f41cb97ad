package model

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

func bag(k *kit) {
	w, h, d := k.w, k.h, k.d
	top := k.mix(0, .62, .74) * h
	k.Prism(xyz(-.5*w, 0, -.5*d), xyz(.5*w, top, .5*d), k.mix(1, .84, 1), k.mix(3, .5, .9))
	k.trim()
	if k.shape[2] > .35 { // a flap
		k.Prism(xyz(-.46*w, .45*top, .3*d), xyz(.46*w, top*1.01, .53*d), .98, .7)
		k.in(brass, Metal).Box(xyz(-.05*w, .47*top, .5*d), xyz(.05*w, .57*top, .56*d))
	} else if !k.plain() {
		k.Box(xyz(-.3*w, .2*top, .44*d), xyz(.3*w, .6*top, .51*d))
	}
	k.in(Dim(k.accent, .8), Leather)
	for _, z := range []float64{-.18, .18} {
		k.Tube(5, .025*w, .025*w, Circle(xyz(0, .95*top, z*d), xyz(.27*w, 0, 0), xyz(0, h-.97*top, 0), 9, 0, math.Pi)...)
		if k.far() {
			break
		}
	}
}

func hat(k *kit) {
	r, h := k.w/2, k.h
	crown := k.mix(0, .5, .62) * r
	round := k.shape[1] < .5
	k.Lathe(20, Rim{0, .02 * h}, Rim{.6 * r, .0}, Rim{r, k.mix(3, .02, .22) * h}, Rim{.99 * r, (k.mix(3, .02, .22) + .03) * h}, Rim{crown * 1.02, .1 * h})
	k.trim().Lathe(18, Rim{crown * 1.03, .08 * h}, Rim{crown * 1.03, .28 * h}, Rim{crown, .29 * h})
	k.body()
	if round {
		k.Lathe(18, Rim{crown, .28 * h}, Rim{crown * .95, .6 * h}, Rim{crown * .75, .86 * h}, Rim{crown * .4, .97 * h}, Rim{0, h})
	} else {
		k.Lathe(18, Rim{crown, .28 * h}, Rim{crown * .92, .9 * h}, Rim{crown * .8, h}, Rim{crown * .4, .93 * h}, Rim{0, .9 * h})
	}
	if k.ornate() && !k.plain() { // a feather
		k.in(k.accent, Cloth).Sheet(4, 1, func(u, v float64) r3.Vec {
			return xyz(crown*1.05, .15*h+u*.75*h, -.3*crown-u*.5*crown+(v-.5)*.16*r*math.Sin(math.Pi*min(1, .1+u*.9)))
		})
	}
}

func scarf(k *kit) { // folded in layers, fringed
	w, h, d := k.w, k.h, k.d
	layers := 3 + int(k.shape[0]*2)
	bend := [...]int{5, 3, 0}[k.Detail]
	if k.far() {
		layers = 2
	}
	for i := 0; i < layers; i++ {
		y0, y1 := h*float64(i)/float64(layers), h*float64(i+1)/float64(layers)
		if i%2 == 0 {
			k.body()
		} else {
			k.trim()
		}
		inset := .015 * float64(i) * min(w, d)
		t := (y1 - y0) / 2
		tx := min(t, .4*d)
		var p []r3.Vec
		for j := 0; j <= bend; j++ { // the fold is round on the front
			s, c := math.Sincos(-math.Pi/2 + float64(j)/float64(max(1, bend))*math.Pi)
			p = append(p, xyz(d/2-tx+tx*c-inset, (y0+y1)/2+t*s, 0))
		}
		p = append(p, xyz(-d/2+inset, y1, 0), xyz(-d/2+inset, y0, 0))
		if k.far() {
			p = []r3.Vec{xyz(d/2, y0, 0), xyz(d/2, y1, 0), xyz(-d/2, y1, 0), xyz(-d/2, y0, 0)}
		}
		k.Turn(-math.Pi/2, xyz(0, 1, 0)).Slab(-w/2*.93+inset, w/2*.93-inset, mirrored(p)...)
		k.Home()
	}
	if k.plain() {
		return
	}
	k.trim()
	for i := range 12 { // fringe at the sides
		z := (-.44 + .84*float64(i)/11) * d
		for _, s := range []float64{-1, 1} {
			p, q := xyz(s*.44*w, .10*h, z), xyz(s*.5*w, .01*h, z+.01*d*float64(i%3-1))
			wide := xyz(0, 0, s*.016*d)
			k.Tri(r3.Add(p, wide), q, r3.Sub(p, wide))
			k.Tri(r3.Add(p, wide), r3.Sub(p, wide), q)
		}
	}
}

func shoe(k *kit) {
	w, h, d := k.w, k.h, k.d
	// A pair, toes to the front; each is a row of cross-sections from heel to toe.
	ankle := k.mix(3, .58, 1)
	half := w * .22
	wide := func(t float64) float64 {
		x := half * (.70 + .30*smooth(.3, .72, t)) * (1 - .10*math.Exp(-(t-.42)*(t-.42)*60))
		if t < .16 {
			x *= math.Sqrt(max(0, 1-(.16-t)/.16*(.16-t)/.16))
		}
		if t > .66 {
			x *= math.Sqrt(max(0, 1-(t-.66)/.34*(t-.66)/.34))
		}
		return x
	}
	top := func(t float64) float64 {
		low := .46 - .10*smooth(.62, .9, t)
		y := h * (ankle + (low-ankle)*smooth(.34, .68, t))
		if t > .8 {
			y *= .55 + .45*math.Sqrt(max(0, 1-(t-.8)/.2*(t-.8)/.2))
		}
		return y
	}
	upper := func(u, v float64) r3.Vec {
		t := (1 - math.Cos(math.Pi*u)) / 2
		s, c := math.Sincos(v * math.Pi)
		return xyz(wide(t)*math.Copysign(math.Pow(math.Abs(c), .75), c)*.96, .1*h+(top(t)-.1*h)*math.Pow(s, .55), -d/2+d*(.015+.965*t))
	}
	var sole []r3.Vec
	m := k.corners(14)
	for i := range m {
		s, c := math.Sincos(float64(i) / float64(m) * 2 * math.Pi)
		t := (1 - c) / 2
		sole = append(sole, xyz(math.Copysign(max(wide(t), .12*half*math.Abs(s)), s), d/2-d*t, 0))
	}
	sole = mirrored(sole)
	if k.far() {
		for _, s := range []float64{-1, 1} {
			x := s * w * .27
			k.body().Prism(xyz(x-half*.95, .1*h, -d/2), xyz(x+half*.95, ankle*h, .1*d), .7, .8)
			k.Prism(xyz(x-half, 0, -.1*d), xyz(x+half, .42*h, d/2), .75, .7)
		}
		return
	}
	for _, s := range []float64{-1, 1} {
		k.At(xyz(s*w*.27, 0, 0))
		k.body().side(9, 8, upper, false)
		k.in(Mix(k.accent, ivory, .3), Leather)
		k.Turn(-math.Pi/2, xyz(1, 0, 0)).Slab(0, .14*h, sole...)
		k.At(xyz(s*w*.27, 0, 0))
		if k.far() {
			continue
		}
		mouth := xyz(0, ankle*h+.004*h, -.245*d)
		k.in(ink, Matt).lid(mouth, half*.56, .17*d, 10)
		if k.plain() {
			continue
		}
		k.in(k.accent, k.material).Ring(3, .03*h, Circle(mouth, xyz(0, 0, .18*d), xyz(half*.6, 0, 0), 9, 0, 2*math.Pi)...)
		k.in(ivory, Cloth)
		for i := range 3 {
			t := .50 + .075*float64(i)
			y, z := top(t)-.015*h, -d/2+d*t
			k.Beam(xyz(-.5*half, y-.03*h, z), xyz(.5*half, y-.03*h, z), .032*d, .09*h)
		}
	}
	k.Home()
}
