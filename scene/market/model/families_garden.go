package model

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
)

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
