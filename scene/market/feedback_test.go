//go:build cgo

package market_test

import (
	"testing"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/market"
	"souk/world"
)

// A frame with people, labels and an attended thing allocates nothing once
// all is there: the loop runs sixty times a second.
func TestAFrameWithPeopleAllocatesNothing(t *testing.T) {
	win := window(t, 320, 180, 0)
	p := demo(t, 400)
	s := scene(t, win, p, market.Options{})
	for i := p.FirstFeature(); int(i) < len(p.Slots); i++ {
		s.SetHolding(i, world.ItemIndex(int(i)%400), world.Text{EN: "for you", ZH: "为你推荐"})
	}
	s.SetAvatars(passersBy())
	s.SetFocus(p.FirstFeature(), 1)
	at, now := pose(0, 6, 0, 0), 0.0
	draw := func() {
		now += .016
		s.Draw(now, at, world.DesktopLens())
	}
	for range 120 {
		draw()
	}
	if n := testing.AllocsPerRun(40, draw); n > 0 {
		t.Errorf("a frame allocates %v times", n)
	}
}

// With reduced motion a scene in which nothing happens is still: two frames
// seconds apart are the same.
func TestReducedMotionKeepsStillWhatMovesForItsLooks(t *testing.T) {
	win := window(t, 320, 180, 0)
	p := demo(t, 400)
	at := pose(0, 6, 0, 0)
	for _, still := range []bool{true, false} {
		s := scene(t, win, p, market.Options{ReducedMotion: still})
		for i := p.FirstFeature(); int(i) < len(p.Slots); i++ {
			s.SetHolding(i, world.ItemIndex(int(i)%400), world.Text{})
		}
		s.SetAvatars([]market.Avatar{{ID: 3, Name: "Ada", Pose: world.Upright(r3.Vec{X: .6, Y: 1.65, Z: 3}, 2, 0), Colour: world.RGB{R: .8}}})
		for i := range 80 {
			s.Draw(float64(i)*.1, at, world.DesktopLens())
		}
		a := s.Screenshot()
		for i := range 12 {
			s.Draw(8+float64(i)*.1, at, world.DesktopLens())
		}
		if d := differ(a, s.Screenshot(), a.Rect); (d > .02) == still {
			t.Errorf("reduced motion %v: frames a second apart differ by %.3f of 255", still, d)
		}
		s.Close()
	}
}
