//go:build cgo

package market

import (
	"testing"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
)

// looking is a scene of placards alone, seen by an eye at the origin that looks along −z.
func looking(all ...*placard) *Scene {
	s := &Scene{placards: all, drawn: true}
	s.cam.look(world.Upright(r3.Vec{}, 0, 0), world.DesktopLens(), far, 720)
	return s
}

func hangs(x, y, z, wide float64) *placard {
	return &placard{x0: -.5, x1: .5, y0: -.1, y1: .1, at: r3.Vec{X: x, Y: y, Z: z}, wide: wide, alpha: 1}
}

// Of signs that would cover one another the nearer shows; it takes a quarter of
// a second to come and to go, and what has room is not touched.
func TestASignGivesWayToTheNearerOne(t *testing.T) {
	near, behind, beside, above := hangs(0, 0, -3, 1), hangs(.3, .02, -6, 1.2), hangs(3, 0, -6, 1.2), hangs(0, 1, -6, 1.2)
	s := looking(near, behind, beside, above)
	for range 60 {
		s.giveWay(1. / 60)
	}
	if near.level != 1 || behind.level != 0 || beside.level != 1 || above.level != 1 {
		t.Fatalf("near %.2f, behind it %.2f, beside %.2f, above %.2f", near.level, behind.level, beside.level, above.level)
	}
	near.at.X = -4 // it makes room
	s.giveWay(placardFade / 4)
	if behind.level < .2 || behind.level > .3 {
		t.Errorf("a quarter of the fade later %.2f of it shows", behind.level)
	}
	for range 60 {
		s.giveWay(1. / 60)
	}
	if behind.level != 1 {
		t.Errorf("with room %.2f of it shows", behind.level)
	}
}

// A trifle of overlap makes none go that shows, though it keeps one that does
// not from coming: at the border nothing flickers.
func TestASignDoesNotFlickerAtTheBorder(t *testing.T) {
	near := hangs(0, 0, -3, 1)
	edge := hangs(0, 0, -3, 1)
	edge.at.X = .91 // a tenth is covered: between one and two of what is allowed
	s := looking(near, edge)
	near.level, edge.level = 1, 1
	s.giveWay(1)
	if edge.level != 1 {
		t.Errorf("what showed is gone for a tenth")
	}
	edge.level = 0
	s.giveWay(1)
	if edge.level != 0 {
		t.Errorf("what did not show comes though a tenth is covered")
	}
}

// Who has reduced motion sees no fade, and a sign behind the eye takes no room.
func TestSignsWithoutMotion(t *testing.T) {
	back, front := hangs(0, 0, 3, 1), hangs(0, 0, -3, 1)
	s := looking(back, front)
	s.opt.ReducedMotion = true
	s.giveWay(.001)
	if front.level != 1 {
		t.Errorf("a sign behind the eye keeps one before it from showing: %.2f", front.level)
	}
}
