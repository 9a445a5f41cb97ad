package model

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
)

func toy(k *kit) {
	switch int(k.shape[3] * 2.99) {
	case 0:
		k.robot()
	case 1:
		k.elephant()
	default:
		k.rings()
	}
}

// robot is made of blocks.
func (k *kit) robot() {
	w, h, d := k.w, k.h, k.d
	k.body().Box(xyz(-.3*w, .26*h, -.4*d), xyz(.3*w, .64*h, .4*d))
	k.trim().Box(xyz(-.22*w, .68*h, -.34*d), xyz(.22*w, .93*h, .34*d))
	if !k.far() {
		k.in(Dim(k.main, .7), k.material).Box(xyz(-.09*w, .63*h, -.15*d), xyz(.09*w, .69*h, .15*d))
	}
	for _, s := range []float64{-1, 1} {
		k.trim().Box(xyz(s*.18*w-.1*w, 0, -.36*d), xyz(s*.18*w+.1*w, .26*h, .5*d))
		k.body().Tube(6, .07*w, .07*w, xyz(s*.34*w, .58*h, 0), xyz(s*.44*w, .34*h, .1*d))
		if !k.plain() {
			k.in(k.accent, k.material).bead(xyz(s*.34*w, .58*h, 0), xyz(.09*w, .06*h, .14*d), 6)
			k.in(brass, Metal).wheel(xyz(s*.1*w, .83*h, .35*d), .07*w, .05*d, 8)
			k.in(ink, Ceramic).bead(xyz(s*.1*w, .83*h, .38*d), xyz(.04*w, .04*w, .02*d+.002), 6)
		}
	}
	if k.far() {
		return
	}
	k.in(brass, Metal).Tube(4, .015*w, .015*w, xyz(0, .93*h, 0), xyz(0, .98*h, 0))
	k.in(RGBOf(.8, .15, .12), Ceramic).bead(xyz(0, .98*h, 0), xyz(.035*w, .02*h, .035*w), 6)
	k.in(ivory, Paper).Box(xyz(-.14*w, .38*h, .4*d), xyz(.14*w, .54*h, .43*d))
	k.in(ink, Matt).plate(-.12*w, .745*h, .12*w, .765*h, .345*d)
	if k.plain() {
		return
	}
	for i, c := range []world.RGB{RGBOf(.8, .2, .15), flame, RGBOf(.25, .55, .3)} {
		k.in(c, Ceramic).disc(xyz((float64(i)-1)*.08*w, .46*h, .435*d), .025*w, .025*w, 6)
	}
}

// elephant stands on wheels; it looks to the side, its trunk over the edge.
func (k *kit) elephant() {
	w, h, d := k.w, k.h, k.d
	if k.far() {
		k.Ball(xyz(-.1*w, .58*h, 0), xyz(.33*w, .25*h, .34*d), 5)
		k.Ball(xyz(.22*w, .76*h, 0), xyz(.17*w, .19*h, .3*d), 5)
		k.Tube(3, .075*w, .035*w, xyz(.34*w, .74*h, 0), xyz(.46*w, .38*h, 0))
		k.in(k.accent, k.material)
		for _, x := range []float64{-.3, .06} {
			k.post(xyz(x*w, 0, 0), xyz(x*w, .5*h, 0), .22*w)
		}
		return
	}
	k.in(timber, Wood).Box(xyz(-.46*w, .11*h, -.36*d), xyz(.36*w, .17*h, .36*d))
	k.body()
	k.Ball(xyz(-.1*w, .58*h, 0), xyz(.33*w, .25*h, .34*d), 10)
	k.Ball(xyz(.22*w, .76*h, 0), xyz(.17*w, .19*h, .24*d), 10)
	k.Tube(6, .075*w, .035*w, xyz(.34*w, .74*h, 0), xyz(.44*w, .6*h, 0), xyz(.45*w, .42*h, 0), xyz(.5*w, .34*h, 0))
	for _, s := range []float64{-1, 1} {
		for _, x := range []float64{-.3, .06} {
			k.At(xyz(x*w, 0, s*.2*d))
			sides := 6
			if k.plain() {
				sides = 4
			}
			k.body().Lathe(sides, Rim{.085 * w, .16 * h}, Rim{.075 * w, .5 * h})
			k.Home()
			if !k.plain() {
				k.trim().wheel(xyz((x-.02)*w, .1*h, s*.42*d), .1*h, .1*d, 7)
			}
		}
		// The ear is a disc that stands off the head.
		k.in(Mix(k.main, k.accent, .75), k.material).At(xyz(.13*w, .76*h, s*.25*d)).Turn(s*.5, xyz(0, 1, 0))
		k.bead(xyz(-.04*w, 0, s*.03*d), xyz(.15*w, .19*h, .035*d), 8)
		k.Home()
		if !k.plain() {
			k.in(ink, Ceramic).bead(xyz(.32*w, .82*h, s*.15*d), xyz(.025*w, .025*h, .03*d), 6)
			k.in(ivory, Ceramic).Tube(3, .022*w, .006*w, xyz(.32*w, .66*h, s*.12*d), xyz(.42*w, .62*h, s*.17*d))
		}
	}
	if k.far() {
		return
	}
	k.in(k.accent, Cloth).At(xyz(-.1*w, .58*h, 0)) // a saddle cloth
	k.side(2, 6, func(u, v float64) r3.Vec {
		a := (v - .5) * 2.2
		x := (u - .5) * .3 * w
		swell := math.Sqrt(max(0, 1-x*x/(.33*w*.33*w))) * 1.05
		return xyz(x, .25*h*swell*math.Cos(a), .34*d*swell*math.Sin(a))
	}, false)
	k.Home()
	if !k.plain() {
		k.in(Dim(k.main, .7), k.material).Tube(3, .016*w, .01*w, xyz(-.42*w, .62*h, 0), xyz(-.49*w, .46*h, 0))
	}
}

// rings are stacked on a rod.
func (k *kit) rings() {
	w, h, d := k.w, k.h, k.d
	r := max(w, d) / 2
	k.in(timber, Wood).Lathe(12, Rim{0, 0}, Rim{r, 0}, Rim{r, .05 * h}, Rim{.94 * r, .08 * h}, Rim{0, .08 * h})
	if !k.plain() {
		k.Tube(5, .06*r, .06*r, xyz(0, .08*h, 0), xyz(0, .9*h, 0))
	}
	n := 4
	if k.ornate() {
		n = 5
	}
	if k.far() {
		n = 3
	}
	high := .74 / float64(n)
	for i := range n {
		c := k.main
		switch i % 3 {
		case 1:
			c = k.accent
		case 2:
			c = Mix(Mix(k.main, k.accent, .5), ivory, .35)
		}
		k.in(c, k.material)
		out := r * (.92 - .5*float64(i)/float64(n))
		y0, y1 := h*(.09+high*float64(i)), h*(.09+high*float64(i+1))
		if k.plain() {
			k.Lathe(6, Rim{.7 * out, y0}, Rim{out, (y0 + y1) / 2}, Rim{.7 * out, y1})
			continue
		}
		k.Lathe([]int{10, 8}[k.Detail], Rim{.1 * r, y0}, Rim{.82 * out, y0}, Rim{out, (y0 + y1) / 2}, Rim{.82 * out, y1}, Rim{.1 * r, y1})
	}
	if k.far() {
		return
	}
	k.trim().bead(xyz(0, .915*h, 0), xyz(.17*r, .085*h, .17*r), 8)
}

func ball(k *kit) {
	// The ball stays round whatever its box: on a ring where that is wide, on a
	// cup where it is high.
	r := min(k.w, k.d, k.h) / 2
	wide := max(k.w, k.d) / 2
	low := k.h - 2*r
	switch {
	case low > .04*k.h:
		k.in(Mix(timber, k.accent, .2), Wood).Lathe(16, Rim{0, 0}, Rim{wide, 0}, Rim{.96 * wide, .2 * low}, Rim{.4 * r, .5 * low}, Rim{.4 * r, low + .06*r}, Rim{0, low + .02*r})
	case wide > 1.04*r:
		k.in(Mix(timber, k.accent, .2), Wood).Lathe(18, Rim{.55 * r, 0}, Rim{wide, 0}, Rim{wide, .05 * r}, Rim{.62 * r, .14 * r}, Rim{.5 * r, .1 * r})
	}
	y := k.h - r
	if k.far() {
		k.body().Ball(xyz(0, y, 0), xyz(r, r, r), 6)
		return
	}
	// Gores in turn: each a lune of its own colour.
	gores, rows := 8, 10
	if k.ornate() {
		gores = 6
	}
	each := 16 / gores
	if k.Detail == Middle {
		gores, each, rows = 6, 1, 6
	}
	for g := range gores {
		switch {
		case g%2 == 0:
			k.body()
		case k.shape[3] > .6 && g%4 == 3:
			k.in(ivory, k.material)
		default:
			k.trim()
		}
		k.side(rows, each, func(u, v float64) r3.Vec {
			sy, cy := math.Sincos((.02 + .96*u) * math.Pi)
			s, c := math.Sincos((float64(g) + v) / float64(gores) * 2 * math.Pi)
			return xyz(r*sy*s, y-r*cy, r*sy*c)
		}, false)
	}
	k.in(ivory, k.material).bead(xyz(0, y+.965*r, 0), xyz(.16*r, .035*r, .16*r), 8)
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
	if k.far() {
		return
	}
	k.in(k.accent, Cloth)
	var tail []r3.Vec
	for i := range 7 {
		t := float64(i) / 6
		tail = append(tail, xyz(.14*w*math.Sin(t*7+k.shape[3]*6)*t, .16*h*(1-t), .1*d*t))
	}
	k.Tube(4, .006*w, .006*w, tail...)
	for i := 1; i < 6; i++ {
		p := tail[i]
		k.in([]world.RGB{k.main, k.accent}[i%2], Cloth)
		for _, s := range []float64{-1, 1} {
			both(p, xyz(p.X+s*.08*w, p.Y+.024*h, p.Z), xyz(p.X+s*.07*w, p.Y-.03*h, p.Z))
		}
	}
	if k.ornate() && !k.plain() { // an eye on each upper half
		for _, s := range []float64{-1, 1} {
			z := .22 * d
			k.in(ivory, Cloth).disc(xyz(s*.15*w, .74*h, z), .075*w, .075*w, 12)
			k.in(ink, Cloth).disc(xyz(s*.14*w, .735*h, z+.02*d), .035*w, .035*w, 8)
		}
	}
}
