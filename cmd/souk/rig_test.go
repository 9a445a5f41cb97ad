package main

import (
	"strings"
	"testing"
	"time"

	"souk/input/look"
	"souk/scene/hud"
	"souk/scene/lettering"
	"souk/world"
)

// rig is a visit with its display and the hands that use it, as the window
// would drive them.
type rig struct {
	*session
	t       *testing.T
	d       *display
	presses int // of keys and buttons
}

// visitRig opens a visit with its index made.
func visitRig(t *testing.T, data string, args ...string) *rig {
	t.Helper()
	s, _ := visitFor(t, data, append([]string{"-consent", "local", "-no-record"}, args...)...)
	t.Cleanup(func() { close1(t, s) })
	faces, err := lettering.LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{session: s, t: t, d: newDisplay(s, faces)}
	if r.d.seek(); r.d.find.ix == nil { // the first look for it begins the index
		r.d.find.ix = <-r.d.find.indexing
	}
	r.frame()
	return r
}

// frame lives through a frame, as visitor.frameOnce does.
func (r *rig) frame() {
	r.t.Helper()
	if err := r.d.obey(); err != nil {
		r.t.Fatal(err)
	}
	r.d.before(1280, 720)
	if err := r.step(1.0 / 30); err != nil {
		r.t.Fatal(err)
	}
	r.d.refresh(1280, 720)
	r.d.h.Draw(r.session.t)
}

// until lives on until something is so, for a minute at most: a disk that is
// busy with other work can make a purchase wait for seconds.
func (r *rig) until(what string, is func() bool) {
	r.t.Helper()
	for began := time.Now(); time.Since(began) < time.Minute; {
		if is() {
			return
		}
		r.frame()
		pause()
	}
	r.t.Fatalf("it never comes to be that %s", what)
}

// press presses keys, each in a frame of its own.
func (r *rig) press(keys ...look.Key) {
	r.t.Helper()
	for _, k := range keys {
		r.presses++
		r.hands.KeyDown(k)
		r.hands.KeyUp(k)
		r.frame()
	}
}

// with presses a key while another is held.
func (r *rig) with(hold, k look.Key) {
	r.t.Helper()
	r.hands.KeyDown(hold)
	r.press(k)
	r.hands.KeyUp(hold)
}

// write types a text, its keys and its characters, all in one slow frame.
func (r *rig) write(text string) {
	r.t.Helper()
	for _, c := range text {
		r.presses++
		k := look.Key(0)
		if c < 128 {
			k = look.Key(strings.ToUpper(string(c))[0])
		}
		if k != 0 {
			r.hands.KeyDown(k)
		}
		r.hands.Character(c)
		r.hands.KeyUp(k)
	}
	r.frame()
}

// button presses buttons of the gamepad, each in a frame of its own.
func (r *rig) button(buttons ...look.PadButton) {
	r.t.Helper()
	for _, b := range buttons {
		r.presses++
		var p look.Pad
		p.Down[b] = true
		r.hands.SetPad(p)
		r.frame()
		r.hands.SetPad(look.Pad{})
		r.frame()
	}
}

// clickOn clicks the middle of the first button for an action.
func (r *rig) clickOn(a hud.Action) {
	r.t.Helper()
	box, ok := r.d.h.ButtonOf(a)
	if !ok {
		r.t.Fatalf("there is no button for action %d of row %d", a.Kind(), a.Row())
	}
	x, y := float64(box.Min.X+box.Dx()/2), float64(box.Min.Y+box.Dy()/2)
	r.d.mouse(x, y)
	if err := r.d.click(x, y); err != nil {
		r.t.Fatal(err)
	}
	r.frame()
}

// inStock is an item of which there are several, from a seeded place on.
func (r *rig) inStock(from int) world.ItemIndex {
	items := r.market.Catalog.Items
	for i := range items {
		k := (from + i) % len(items)
		if r.stockOf(world.ItemIndex(k)) > 3 {
			return world.ItemIndex(k)
		}
	}
	r.t.Fatal("everything is sold out")
	return 0
}

// top are the first n items found.
func (r *rig) top(n int) (items []world.ItemIndex) {
	for _, f := range r.d.find.results[:min(n, len(r.d.find.results))] {
		items = append(items, f.Item)
	}
	return items
}
