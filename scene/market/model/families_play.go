package model

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
)

// RGBOf is a colour from its parts.
func RGBOf(r, g, b float32) world.RGB { return world.RGB{R: r, G: g, B: b} }

func book(k *kit) {
	w, h, d := k.w, k.h, k.d
	c := .12 * d
	k.Box(xyz(-w/2, 0, d/2-c), xyz(w/2, h, d/2))
	k.Box(xyz(-w/2, 0, -d/2), xyz(w/2, h, -d/2+c))
	k.Box(xyz(-w/2, 0, -d/2+c), xyz(-w/2+.05*w, h, d/2-c))
	k.in(ivory, Paper).Box(xyz(-w/2+.05*w, .015*h, -d/2+c), xyz(.47*w, .985*h, d/2-c))
	if k.Far {
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

func notebook(k *kit) {
	w, h, d := k.w, k.h, k.d
	k.Box(xyz(-w/2, 0, .3*d), xyz(w/2, h, .5*d))
	k.Box(xyz(-w/2, 0, -.5*d), xyz(w/2, h, -.3*d))
	k.in(ivory, Paper).Box(xyz(-.48*w, .015*h, -.3*d), xyz(.48*w, .985*h, .3*d))
	if k.Far {
		return
	}
	k.in(k.accent, Cloth).Box(xyz(.32*w, -.0, -.54*d), xyz(.37*w, h, .56*d))
	if k.shape[3] > .5 { // a spiral
		k.in(steel, Metal)
		for i := 0; i < 8; i++ {
			y := h * (.06 + .88*float64(i)/7)
			k.Ring(4, .008*w, Circle(xyz(-.48*w, y, 0), xyz(.04*w, 0, 0), xyz(0, 0, .62*d), 6, 0, 2*math.Pi)...)
		}
		return
	}
	k.in(Mix(ivory, k.accent, .2), Paper).Quad(xyz(-.3*w, .6*h, .505*d), xyz(.2*w, .6*h, .505*d), xyz(.2*w, .8*h, .505*d), xyz(-.3*w, .8*h, .505*d))
}

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
	if k.Far {
		k.Sheet(3, 3, surface)
		k.Ball(xyz(0, h/2, -.1*d), xyz(w/2, h/2, .3*d), 6)
		return
	}
	k.side(10, 10, surface, true)
	k.in(Dim(k.main, .5), k.material)
	k.side(5, 5, func(u, v float64) r3.Vec { p := surface(u, v); p.Z -= .03 * d; return p }, false)
	at := func(x, y float64) r3.Vec { p := surface((x+1)/2, (y+1)/2); p.Z += .01 * d; return p }
	for _, s := range []float64{-1, 1} {
		k.in(ink, Matt).Ball(at(s*.42, .22), xyz(.11*w, k.mix(3, .025, .05)*h, .07*d), 8)
		k.trim().Tube(5, .02*w, .008*w, at(s*.18, .36), at(s*.42, .48), at(s*.72, .4))
		if k.ornate() {
			k.trim().Ball(at(s*.6, -.25), xyz(.07*w, .05*h, .04*d), 6)
		}
	}
	k.in(Mix(k.accent, RGBOf(.6, .08, .08), .5), k.material)
	k.Ball(at(0, -.48), xyz(.15*w, .035*h, .07*d), 8)
	if k.ornate() {
		k.in(brass, Metal).Ball(at(0, .7), xyz(.06*w, .05*h, .05*d), 6)
	}
}

func guitar(k *kit) {
	w, h, d := k.w, k.h, k.d
	body := .47 * h
	waist := k.mix(1, .56, .72)
	var outline []r3.Vec
	n := 28
	if k.Far {
		n = 10
	}
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
	if k.Far {
		return
	}
	face := func(rad, z float64) {
		p := Circle(xyz(0, .31*h, 0), xyz(rad, 0, 0), xyz(0, rad, 0), 16, 0, 2*math.Pi)
		for i := range p {
			q := p[(i+1)%len(p)]
			k.Tri(xyz(0, .31*h, z), xyz(p[i].X, p[i].Y, z), xyz(q.X, q.Y, z))
		}
	}
	k.in(k.accent, Wood)
	face(.16*w, .31*d)
	k.in(ink, Matt)
	face(.13*w, .33*d)
	k.in(Dim(k.accent, .6), Wood).Box(xyz(-.16*w, .12*h, .3*d), xyz(.16*w, .145*h, .42*d))
	k.in(steel, Metal)
	for i := 0; i < 4; i++ {
		x := (float64(i) - 1.5) * .022 * w
		k.Beam(xyz(x, .13*h, .44*d), xyz(x, .86*h, .4*d), .006*w, .01*d)
	}
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
		if !k.Far {
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

func shoe(k *kit) {
	w, h, d := k.w, k.h, k.d
	// A pair, toes to the front; each is a row of cross-sections from heel to toe.
	ankle := k.mix(3, .55, 1)
	for _, s := range []float64{-1, 1} {
		k.At(xyz(s*w*.26, 0, 0))
		half := w * .22
		section := func(t float64) (wide, top float64) {
			wide = half * (.62 + .5*math.Sin(math.Pi*min(1, .12+.95*t))*(.75+.25*t))
			top = h * (ankle*(1-smooth(.3, .62, t)) + .42*smooth(.3, .62, t)*(1-.45*smooth(.75, 1, t)))
			return wide, top
		}
		n := 8
		if k.Far {
			n = 2
		}
		upper := func(u, v float64) r3.Vec {
			wide, top := section(u)
			a := v * math.Pi
			sv, cv := math.Sincos(a)
			end := math.Sqrt(max(0, 1-math.Pow(max(0, u*1.06-.06-.8)/.2, 2)))
			if u < .1 {
				end = .6 + .4*math.Sqrt(u/.1)
			}
			return xyz(wide*end*math.Copysign(math.Pow(math.Abs(cv), .7), cv)*.96, .1*h+(top-.1*h)*math.Pow(sv, .6)*max(.5, end), -d/2+d*(.01+.97*u))
		}
		k.body()
		k.side(n, k.corners(8), upper, false)
		k.in(Mix(k.accent, ivory, .3), Leather)
		var sole []r3.Vec
		m := 14
		if k.Far {
			m = 6
		}
		for i := 0; i < m; i++ {
			a := float64(i) / float64(m) * 2 * math.Pi
			t := (1 - math.Cos(a)) / 2
			wide, _ := section(t)
			sole = append(sole, xyz(math.Copysign(wide*math.Sqrt(math.Abs(math.Sin(a)))*.98, math.Sin(a)), d/2-d*t, 0))
		}
		for i, j := 0, len(sole)-1; i < j; i, j = i+1, j-1 {
			sole[i], sole[j] = sole[j], sole[i]
		}
		k.Turn(-math.Pi/2, xyz(1, 0, 0)).Slab(0, .13*h, mirrored(sole)...)
		k.At(xyz(s*w*.26, 0, 0))
		if !k.Far {
			k.in(ink, Matt).Ball(xyz(0, ankle*h*.97, -.27*d), xyz(half*.5, .03*h, .15*d), 10)
			k.in(ivory, Cloth)
			for i := 0; i < 3; i++ {
				z := (-.02 + .1*float64(i)) * d
				y := h * (.1 + .5*(ankle-.12*float64(i)))
				k.Beam(xyz(-.5*half, y, z), xyz(.5*half, y, z), .03*d, .03*h)
			}
		}
	}
	k.Home()
}

// mirrored turns an outline so that it is counter-clockwise.
func mirrored(p []r3.Vec) []r3.Vec {
	area := 0.0
	for i := range p {
		q := p[(i+1)%len(p)]
		area += p[i].X*q.Y - q.X*p[i].Y
	}
	if area < 0 {
		for i, j := 0, len(p)-1; i < j; i, j = i+1, j-1 {
			p[i], p[j] = p[j], p[i]
		}
	}
	return p
}

// smooth rises from 0 at a to 1 at b.
func smooth(a, b, x float64) float64 {
	t := max(0, min(1, (x-a)/(b-a)))
	return t * t * (3 - 2*t)
}

func bag(k *kit) {
	w, h, d := k.w, k.h, k.d
	top := k.mix(0, .62, .74) * h
	k.Prism(xyz(-.5*w, 0, -.5*d), xyz(.5*w, top, .5*d), k.mix(1, .84, 1), k.mix(3, .5, .9))
	k.trim()
	if k.shape[2] > .35 { // a flap
		k.Prism(xyz(-.46*w, .45*top, .3*d), xyz(.46*w, top*1.01, .53*d), .98, .7)
		k.in(brass, Metal).Box(xyz(-.05*w, .47*top, .5*d), xyz(.05*w, .57*top, .56*d))
	} else if !k.Far {
		k.Box(xyz(-.3*w, .2*top, .44*d), xyz(.3*w, .6*top, .51*d))
	}
	k.in(Dim(k.accent, .8), Leather)
	for _, z := range []float64{-.18, .18} {
		k.Tube(5, .025*w, .025*w, Circle(xyz(0, .95*top, z*d), xyz(.27*w, 0, 0), xyz(0, h-.97*top, 0), 9, 0, math.Pi)...)
		if k.Far {
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
	if k.ornate() && !k.Far { // a feather
		k.in(k.accent, Cloth).Sheet(4, 1, func(u, v float64) r3.Vec {
			return xyz(crown*1.05, .15*h+u*.75*h, -.3*crown-u*.5*crown+(v-.5)*.16*r*math.Sin(math.Pi*min(1, .1+u*.9)))
		})
	}
}

func scarf(k *kit) { // folded in layers, fringed
	w, h, d := k.w, k.h, k.d
	layers := 3 + int(k.shape[0]*2)
	if k.Far {
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
		for j := 0; j <= 5; j++ { // the fold is round on the front
			s, c := math.Sincos(-math.Pi/2 + float64(j)/5*math.Pi)
			p = append(p, xyz(d/2-tx+tx*c-inset, (y0+y1)/2+t*s, 0))
		}
		p = append(p, xyz(-d/2+inset, y1, 0), xyz(-d/2+inset, y0, 0))
		if k.Far {
			p = []r3.Vec{xyz(d/2, y0, 0), xyz(d/2, y1, 0), xyz(-d/2, y1, 0), xyz(-d/2, y0, 0)}
		}
		k.Turn(-math.Pi/2, xyz(0, 1, 0)).Slab(-w/2*.93+inset, w/2*.93-inset, mirrored(p)...)
		k.Home()
	}
	if k.Far {
		return
	}
	k.trim()
	for i := 0; i < 9; i++ { // fringe at the side
		z := (-.42 + .8*float64(i)/8) * d
		k.Beam(xyz(.45*w, .08*h, z), xyz(.5*w, .02*h, z), .03*d, .02*h)
		k.Beam(xyz(-.45*w, .08*h, z), xyz(-.5*w, .02*h, z), .03*d, .02*h)
	}
}

func toy(k *kit) {
	w, h, d := k.w, k.h, k.d
	switch int(k.shape[3] * 2.99) {
	case 0: // a robot
		k.Box(xyz(-.3*w, .26*h, -.4*d), xyz(.3*w, .64*h, .4*d))
		k.trim().Box(xyz(-.22*w, .68*h, -.34*d), xyz(.22*w, .93*h, .34*d))
		k.body()
		for _, s := range []float64{-1, 1} {
			k.trim().Box(xyz(s*.18*w-.1*w, 0, -.36*d), xyz(s*.18*w+.1*w, .26*h, .5*d))
			k.body().Tube(6, .07*w, .07*w, xyz(s*.34*w, .6*h, 0), xyz(s*.42*w, .34*h, .1*d))
			if !k.Far {
				k.in(ivory, Ceramic).Ball(xyz(s*.1*w, .83*h, .34*d), xyz(.06*w, .06*w, .03*d+.01), 8)
				k.in(ink, Ceramic).Ball(xyz(s*.1*w, .83*h, .38*d), xyz(.025*w, .025*w, .02*d+.01), 6)
			}
		}
		k.in(brass, Metal).Tube(5, .02*w, .02*w, xyz(0, .93*h, 0), xyz(0, h, 0))
		k.Box(xyz(-.12*w, .4*h, .4*d), xyz(.12*w, .52*h, .44*d))
	case 1: // an elephant on wheels
		k.Ball(xyz(-.05*w, .56*h, 0), xyz(.36*w, .28*h, .38*d), 10)
		k.Ball(xyz(.26*w, .74*h, 0), xyz(.2*w, .21*h, .3*d), 8)
		k.Tube(6, .07*w, .04*w, xyz(.4*w, .72*h, 0), xyz(.48*w, .5*h, 0), xyz(.46*w, .36*h, 0))
		for _, s := range []float64{-1, 1} {
			k.trim().Ball(xyz(.16*w, .78*h, s*.34*d), xyz(.14*w, .18*h, .06*d), 6)
			for _, x := range []float64{-.26, .16} {
				k.body().Tube(5, .08*w, .08*w, xyz(x*w, .5*h, s*.2*d), xyz(x*w, .18*h, s*.22*d))
				if !k.Far {
					k.in(k.accent, Wood).At(xyz(x*w, .1*h, s*.4*d)).Turn(math.Pi/2, xyz(1, 0, 0))
					k.Lathe(7, Rim{0, -.05 * d}, Rim{.1 * h, -.05 * d}, Rim{.1 * h, .05 * d}, Rim{0, .05 * d})
					k.Home()
				}
			}
		}
		k.in(timber, Wood).Box(xyz(-.4*w, .12*h, -.3*d), xyz(.34*w, .2*h, .3*d))
		k.in(k.accent, Cloth).Ball(xyz(-.06*w, .72*h, 0), xyz(.2*w, .14*h, .4*d), 8)
	default: // stacked rings
		k.in(timber, Wood).Lathe(11, Rim{0, 0}, Rim{.5 * w, 0}, Rim{.5 * w, .08 * h}, Rim{.06 * w, .1 * h}, Rim{.06 * w, .9 * h}, Rim{0, .9 * h})
		n := 4
		for i := 0; i < n; i++ {
			if i%2 == 0 {
				k.body()
			} else {
				k.trim()
			}
			r := w * (.48 - .08*float64(i))
			y0, y1 := h*(.1+.19*float64(i)), h*(.28+.19*float64(i))
			k.Lathe(11, Rim{.06 * w, y0}, Rim{.8 * r, y0}, Rim{r, (y0 + y1) / 2}, Rim{.8 * r, y1}, Rim{.06 * w, y1})
		}
		k.trim().Ball(xyz(0, .93*h, 0), xyz(.1*w, .07*h, .1*w), 7)
	}
}

func ball(k *kit) {
	r, n := k.w/2, 16
	if k.Far {
		k.Ball(xyz(0, r, 0), xyz(r, r, r), 6)
		return
	}
	// Gores in turn: each a lune of its own colour.
	gores := 8
	if k.ornate() {
		gores = 4
	}
	rows := 8
	for g := 0; g < gores; g++ {
		if g%2 == 0 {
			k.body()
		} else {
			k.trim()
		}
		k.side(rows, n/gores, func(u, v float64) r3.Vec {
			sy, cy := math.Sincos((.02 + .96*u) * math.Pi)
			s, c := math.Sincos((float64(g) + v) / float64(gores) * 2 * math.Pi)
			return xyz(r*sy*s, r-r*cy, r*sy*c)
		}, false)
	}
	k.in(ivory, k.material).Ball(xyz(0, 1.96*r, 0), xyz(.16*r, .04*r, .16*r), 8)
	k.Ball(xyz(0, .04*r, 0), xyz(.16*r, .04*r, .16*r), 8)
}

func kite(k *kit) {
	w, h, d := k.w, k.h, k.d
	cross := .66 * h
	top, bottom, left, right := xyz(0, h, 0), xyz(0, .16*h, 0), xyz(-w/2, cross, -.3*d), xyz(w/2, cross, -.3*d)
	mid := xyz(0, cross, .4*d)
	both := func(p, q, r r3.Vec) { k.Tri(p, q, r); k.Tri(p, r, q) }
	k.body()
	both(top, left, mid)
	both(mid, right, bottom)
	k.trim()
	both(top, mid, right)
	both(left, bottom, mid)
	k.in(timber, Wood)
	k.Tube(4, .008*w, .008*w, xyz(0, h, -.02*d), xyz(0, cross, .36*d), bottom)
	k.Tube(4, .008*w, .008*w, left, xyz(0, cross, .36*d), right)
	if k.Far {
		return
	}
	k.in(k.accent, Cloth)
	var tail []r3.Vec
	for i := 0; i <= 6; i++ {
		t := float64(i) / 6
		tail = append(tail, xyz(.1*w*math.Sin(t*7+k.shape[3]*6), .16*h*(1-t), .1*d*t))
	}
	k.Tube(4, .006*w, .006*w, tail...)
	for i := 1; i < 6; i++ {
		p := tail[i]
		k.in([]world.RGB{k.main, k.accent}[i%2], Cloth)
		for _, s := range []float64{-1, 1} {
			both(p, xyz(p.X+s*.07*w, p.Y+.02*h, p.Z), xyz(p.X+s*.06*w, p.Y-.03*h, p.Z))
		}
	}
}

func radio(k *kit) {
	w, h, d := k.w, k.h, k.d
	top := .86 * h
	if k.angular() {
		k.Box(xyz(-w/2, .03*h, -d/2), xyz(w/2, top, .42*d))
	} else {
		r := min(.16*h, .3*w)
		var p []r3.Vec
		for _, c := range []struct{ x, y, a float64 }{{w/2 - r, .03*h + r, -math.Pi / 2}, {w/2 - r, top - r, 0}, {-w/2 + r, top - r, math.Pi / 2}, {-w/2 + r, .03*h + r, math.Pi}} {
			p = append(p, Circle(xyz(c.x, c.y, 0), xyz(r, 0, 0), xyz(0, r, 0), k.corners(5)-k.farTwo(), c.a, c.a+math.Pi/2)...)
		}
		k.Slab(-d/2, .42*d, p...)
	}
	if k.Far {
		k.trim().Box(xyz(-.44*w, .12*h, .4*d), xyz(.05*w, .76*h, .46*d))
		return
	}
	k.in(Mix(k.accent, ivory, .3), Cloth).Box(xyz(-.44*w, .12*h, .4*d), xyz(.06*w, .76*h, .45*d))
	k.in(Dim(k.accent, .6), Wood)
	for i := 0; i < 5; i++ {
		x := (-.4 + .1*float64(i)) * w
		k.Box(xyz(x, .12*h, .44*d), xyz(x+.015*w, .76*h, .475*d))
	}
	k.in(Mix(ivory, warmGlow, .5), Glow).Box(xyz(.12*w, .5*h, .4*d), xyz(.44*w, .74*h, .44*d))
	for i, x := range []float64{.19, .36} {
		k.in([]world.RGB{brass, steel}[i], Metal).At(xyz(x*w, .27*h, .42*d)).Turn(math.Pi/2, xyz(1, 0, 0))
		k.Lathe(12, Rim{.085 * h * 1.2, 0}, Rim{.085 * h, .07 * d}, Rim{0, .08 * d})
		k.Home()
	}
	k.in(Dim(k.main, .6), Leather).Tube(5, .02*w, .02*w, Circle(xyz(0, top*.97, 0), xyz(.34*w, 0, 0), xyz(0, h-top, 0), 8, 0, math.Pi)...)
	for _, s := range []float64{-1, 1} {
		k.in(ink, Matt).Box(xyz(s*.38*w-.03*w, 0, -.3*d), xyz(s*.38*w+.03*w, .04*h, .3*d))
	}
}

// farTwo is 3 for far models, which leaves round corners two points each.
func (k *kit) farTwo() int {
	if k.Far {
		return 3
	}
	return 0
}

func camera(k *kit) {
	w, h, d := k.w, k.h, k.d
	body := .78 * h
	k.in(k.main, Leather).Box(xyz(-w/2, .04*h, -d/2), xyz(w/2, body*.86, .05*d))
	k.in(steel, Metal).Prism(xyz(-w/2, body*.84, -d/2), xyz(w/2, body, .05*d), .96, .9)
	k.Box(xyz(-w/2, 0, -d/2), xyz(w/2, .06*h, .05*d))
	k.Prism(xyz(-.18*w, body, -.4*d), xyz(.18*w, h, .04*d), .6, .8)
	k.At(xyz(0, .42*h, .04*d)).Turn(math.Pi/2, xyz(1, 0, 0))
	r := k.mix(0, .26, .34) * h
	k.in(k.accent, Metal).Lathe(16, Rim{1.1 * r, 0}, Rim{1.1 * r, .1 * d}, Rim{r, .12 * d}, Rim{r, .36 * d}, Rim{.9 * r, .44 * d}, Rim{.8 * r, .45 * d}, Rim{.7 * r, .38 * d})
	k.in(RGBOf(.12, .14, .2), Glass).Lathe(12, Rim{.72 * r, .37 * d}, Rim{.4 * r, .42 * d}, Rim{0, .43 * d})
	k.Home()
	if k.Far {
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
		k.Beam(xyz(.42*w*s, 0, .42*d*c), hub, .05*w, .05*w)
	}
	k.in(brass, Metal).Ball(hub, xyz(.07*w, .07*w, .07*w), 8)
	// The tube looks up to the front.
	tilt := k.mix(3, .9, 1.15)
	r := k.mix(0, .07, .1) * w
	long := .62 * h
	k.At(xyz(0, .68*h, 0)).Turn(tilt, xyz(1, 0, 0))
	k.body().Lathe(14, Rim{.8 * r, -.5 * long}, Rim{.8 * r, -.1 * long}, Rim{r, -.08 * long}, Rim{r, .45 * long})
	k.in(brass, Metal).Lathe(14, Rim{r, .43 * long}, Rim{1.18 * r, .44 * long}, Rim{1.18 * r, .5 * long}, Rim{r, .5 * long})
	k.in(RGBOf(.2, .26, .36), Glass).Lathe(12, Rim{r, .49 * long}, Rim{0, .47 * long})
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
	if k.Far {
		k.in(k.main, Paper).Ball(c, xyz(r, r, r), 6)
		return
	}
	// Land and sea: vertices of the ball are coloured by slow waves.
	from := len(k.Mesh.Vertices)
	k.in(k.main, Paper).Ball(c, xyz(r, r, r), 16)
	land := packColour(Mix(k.accent, RGBOf(.45, .55, .25), .5))
	for i := from; i < len(k.Mesh.Vertices); i++ {
		v := &k.Mesh.Vertices[i]
		x, y, z := float64(v.Normal[0])/127, float64(v.Normal[1])/127, float64(v.Normal[2])/127
		p := k.shape[3] * 6
		if math.Sin(3.1*x+p)+math.Sin(2.7*y+1.9*z+2*p)+math.Sin(4.3*z-2*x) > .45 {
			v.Colour = land
		}
	}
}
