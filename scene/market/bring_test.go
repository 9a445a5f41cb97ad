//go:build cgo

package market_test

import (
	"testing"

	"souk/scene/market"
	"souk/world"
)

// TestThingsComeFromALoader: what is put on a pedestal while frames are drawn
// is made beside them and there once the scene has settled; what is taken away before it
// was there leaves nothing.
func TestThingsComeFromALoader(t *testing.T) {
	win := window(t, 64, 48, 0)
	p := demo(t, 400)
	s := scene(t, win, p, market.Options{})
	slot := p.FirstFeature()
	at, lens := p.Approach(slot), world.DesktopLens()
	s.Draw(0, at, lens)
	s.Settle(at, lens)
	none := objects(s, 1, at)
	if n := s.ThingsOnCard(); n != 0 {
		t.Fatalf("%d things are there before any was put there", n)
	}
	s.SetHolding(slot, 3, world.Text{EN: "a lamp", ZH: "灯"})
	if n := s.ThingsOnCard(); n != 0 {
		t.Errorf("the frame's thread made %d things by itself", n)
	}
	s.Settle(at, lens)
	if n := s.ThingsOnCard(); n != 1 {
		t.Errorf("%d things are there after one was put there", n)
	}
	s.SetHolding(slot, world.NoItem, world.Text{})
	s.SetHolding(slot, 5, world.Text{EN: "a kettle"})
	s.SetHolding(slot, world.NoItem, world.Text{})
	s.Settle(at, lens)
	for i := range 20 {
		s.Draw(1+.1*float64(i), at, lens)
	}
	if n := s.ThingsOnCard(); n != 0 {
		t.Errorf("%d things are left after all were taken away", n)
	}
	if n := objects(s, 4, at); n != none {
		t.Errorf("%d objects on the graphics card, %d before anything was put on the pedestal", n, none)
	}
	noErrors(t)
}
