//go:build cgo

package main

import (
	"testing"

	"souk/scene/hud"
	"souk/scene/market"
	"souk/world"
)

// What the window reports reaches the hands and the screens: keys with their
// characters, Chinese from an input method, the pointer, its buttons and wheel.
func TestTheWindowsEventsArrive(t *testing.T) {
	r := visitRig(t, t.TempDir())
	v := &visitor{session: r.session, d: r.d}
	happen := func(events ...market.Event) {
		t.Helper()
		for i := range events {
			if err := v.happened(&events[i]); err != nil {
				t.Fatal(err)
			}
		}
		r.frame()
	}
	key := func(k market.Key, c rune) []market.Event {
		all := []market.Event{{Kind: market.KeyPress, Key: k}}
		if c != 0 {
			all = append(all, market.Event{Kind: market.Character, Rune: c})
		}
		return append(all, market.Event{Kind: market.KeyRelease, Key: k})
	}
	// One slow frame: the key that opens the box, and a word behind it.
	var all []market.Event
	all = append(all, key(market.KeySlash, '/')...)
	for _, c := range "lamp" {
		all = append(all, key(market.Key(c-'a'+'A'), c)...)
	}
	happen(all...)
	if r.d.h.Screen() != hud.ScreenSearch || r.d.h.Query() != "lamp" || r.target() != world.NoItem && r.engine.Liked(r.target()) {
		t.Fatalf("screen %d, %q", r.d.h.Screen(), r.d.h.Query())
	}
	// An input method gives characters without keys; a held key repeats.
	happen(market.Event{Kind: market.Character, Rune: '台'}, market.Event{Kind: market.Character, Rune: '灯'})
	happen(market.Event{Kind: market.KeyPress, Key: market.KeyBackspace}, market.Event{Kind: market.KeyRepeat, Key: market.KeyBackspace}, market.Event{Kind: market.KeyRelease, Key: market.KeyBackspace})
	if r.d.h.Query() != "lamp" {
		t.Errorf("%q", r.d.h.Query())
	}
	// What was copied elsewhere, its first line.
	r.d.clipboard = func() string { return " brass\nand more" }
	happen(market.Event{Kind: market.KeyPress, Key: market.KeyControl}, market.Event{Kind: market.KeyPress, Key: 'V'},
		market.Event{Kind: market.KeyRelease, Key: 'V'}, market.Event{Kind: market.KeyRelease, Key: market.KeyControl})
	if r.d.h.Query() != "lamp brass" {
		t.Errorf("pasted %q", r.d.h.Query())
	}
	r.d.h.SetQuery("l")
	r.frame()
	// The pointer chooses what it is on, the wheel scrolls, a click acts.
	box, ok := r.d.h.ButtonOf(hud.ActGo.Of(3))
	if !ok {
		t.Fatal("there is no fourth row")
	}
	x, y := float64(box.Min.X+20), float64(box.Min.Y+20)
	happen(market.Event{Kind: market.MouseMove, X: x, Y: y})
	if r.d.h.Chosen() != 3 {
		t.Errorf("row %d is chosen under the pointer", r.d.h.Chosen())
	}
	happen(market.Event{Kind: market.Scroll, DY: -1})
	if _, still := r.d.h.ButtonOf(hud.ActGo.Of(0)); still {
		t.Error("the wheel does not scroll")
	}
	happen(market.Event{Kind: market.MouseMove, X: x + 1, Y: y}, market.Event{Kind: market.ButtonPress, X: x, Y: y}, market.Event{Kind: market.ButtonRelease, X: x, Y: y})
	if r.d.h.Open() || !r.journey.on {
		t.Error("a click on a row does not go there")
	}
	// Keys that were held when the window lost the focus are let go of.
	happen(market.Event{Kind: market.KeyPress, Key: 'W'}, market.Event{Kind: market.FocusLost})
	if r.hands.Running() {
		t.Error("walks on without the window")
	}
}
