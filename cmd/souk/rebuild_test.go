//go:build cgo

package main

import (
	"os"
	"testing"

	"souk/scene/hud"
	"souk/scene/lettering"
	"souk/scene/market"
	"souk/world"
)

// Quality, hour and reduced motion take effect while one is there: once, when
// the settings have been left alone for a moment, and what stood before is freed.
func TestTheMarketIsBuiltAnewForTheSettings(t *testing.T) {
	if os.Getenv("DISPLAY") == "" {
		t.Skip("no display: set DISPLAY, for instance to an Xvfb")
	}
	r := visitRig(t, t.TempDir())
	win, err := market.Open(market.WindowOptions{Width: 160, Height: 90, Hidden: true, Debug: true})
	if err != nil {
		t.Fatal(err)
	}
	defer win.Close()
	faces, err := lettering.LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{session: r.session, d: r.d, win: win, faces: faces}
	v.d.prefs.Quality, v.d.prefs.Hour = "low", 12
	if err := v.openScene(); err != nil {
		t.Fatal(err)
	}
	defer func() { v.scene.Close() }()
	frame := func() { // a tenth of a second
		t.Helper()
		v.t += .1
		v.rebuild()
		v.scene.Draw(v.t, v.head, world.DesktopLens())
		for _, c := range win.Complaints() {
			t.Errorf("OpenGL complains: %s", c)
		}
	}
	first := v.scene
	for range 10 {
		frame()
	}
	if v.scene != first {
		t.Fatal("the market is built anew though nothing was changed")
	}
	// Through the hours of a day, quicker than anything is built.
	for _, h := range []float64{16.5, 19.5, 24} {
		v.d.prefs.Hour = h
		frame()
		frame()
	}
	v.d.prefs.Quality = "medium"
	for range 5 {
		frame()
	}
	if v.scene != first {
		t.Fatal("the market is built anew while settings are being gone through")
	}
	for range 5 {
		frame()
	}
	if v.scene == first || v.built != v.d.prefs.builtFor() || v.auto {
		t.Fatalf("the market that stands is for %+v, and the settings ask for %+v", v.built, v.d.prefs.builtFor())
	}
	if n := first.Objects(); n != 0 {
		t.Errorf("%d objects of the market before are left", n)
	}
	second := v.scene
	v.d.prefs.Quality = "auto"
	for range 10 {
		frame()
	}
	if v.scene == second || !v.auto {
		t.Error("auto is not measured when it is chosen")
	}
	// What cannot be built is said once, and what stands stays.
	third := v.scene
	v.d.prefs.Hour, v.faces, v.models = 8, nil, nil
	v.market.Plan = nil
	for range 20 {
		frame()
	}
	if v.scene != third || v.d.h.Screen() != hud.ScreenNone {
		t.Error("a market that cannot be built takes the place of one that stands")
	}
}
