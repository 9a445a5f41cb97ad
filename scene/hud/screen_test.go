package hud_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"souk/scene/hud"
)

// On every screen moves alone reach every row, and what can be done to it but
// what a key of the table does: closing, taking, buying.
func TestMovesReachEveryRow(t *testing.T) {
	f := load(t)
	byKey := []hud.Action{hud.ActCloseScreen, hud.ActTake, hud.ActBuyRow, hud.ActPlace}
	for _, s := range screens {
		d := draw1(t, f, 1280, 720, 1, "en", s.set)
		if d.Screen() == hud.ScreenNone || s.name == "keys" {
			continue
		}
		reached := map[hud.Action]bool{}
		for i := range 30 {
			for _, n := range []hud.Nav{hud.NavAccept, hud.NavLeft, hud.NavRight, hud.NavErase} {
				e := lay1(f, 1280, 720, 1, "en", s.set)
				e.Navigate(hud.NavHome)
				for range i {
					e.Navigate(hud.NavDown)
				}
				reached[e.Navigate(n)] = true
			}
		}
		boxes, actions := d.Buttons()
		for i, a := range actions {
			if !slices.Contains(byKey, a.Kind()) && a.Kind() < hud.AskErase && !reached[a] {
				t.Errorf("%s: the button at %v, action %d of row %d, is out of reach of the keyboard", s.name, boxes[i], a.Kind(), a.Row())
			}
		}
		if len(actions) < 2 && s.name != "empty" && s.name != "nothing" {
			t.Errorf("%s: %d buttons", s.name, len(actions))
		}
	}
}

// The gamepad types by the keyboard on the screen, and comes from it to the list.
func TestTheGamepadTypes(t *testing.T) {
	d := draw1(t, load(t), 1280, 720, 1, "en", func(d *hud.HUD, _ string) {
		d.SetPad(true)
		d.Show(hud.ScreenSearch)
		d.SetFound(found("en"), 12)
	})
	go1 := func(moves ...hud.Nav) {
		for _, n := range moves {
			d.Navigate(n)
		}
	}
	go1(hud.NavAccept)                                                      // 1
	go1(hud.NavDown, hud.NavAccept)                                         // q
	go1(hud.NavDown, hud.NavRight, hud.NavAccept)                           // s
	go1(hud.NavDown, hud.NavDown, hud.NavAccept, hud.NavRight)              // space
	go1(hud.NavUp, hud.NavRight, hud.NavRight, hud.NavRight, hud.NavAccept) // <
	go1(hud.NavDown, hud.NavLeft, hud.NavAccept)                            // takes it back
	go1(hud.NavErase)                                                       // and the space
	if d.Query() != "1qs" || !d.Writing() {
		t.Errorf("typed %q, writing %v", d.Query(), d.Writing())
	}
	d.Back()
	if d.Writing() || d.Screen() != hud.ScreenSearch {
		t.Error("B does not lead from the keys to the list")
	}
	if a := d.Navigate(hud.NavAccept); a != hud.ActGo {
		t.Errorf("A on the first row is %d", a)
	}
	d.Back()
	if d.Screen() != hud.ScreenNone {
		t.Error("B does not close")
	}
}

// The caret moves by characters, whatever their bytes; only so much is typed.
func TestTyping(t *testing.T) {
	d := draw1(t, load(t), 800, 600, 1, "zh", func(d *hud.HUD, _ string) { d.Show(hud.ScreenSearch) })
	for _, r := range "台x灯\n\x7f" {
		d.TypeRune(r)
	}
	d.Navigate(hud.NavLeft)
	d.Navigate(hud.NavErase)
	d.Navigate(hud.NavHome)
	d.TypeRune('黄')
	d.Navigate(hud.NavEnd)
	d.TypeRune('!')
	d.Navigate(hud.NavLeft)
	d.Navigate(hud.NavDelete)
	if d.Query() != "黄台灯" {
		t.Errorf("%q", d.Query())
	}
	for range 200 {
		d.TypeRune('灯')
	}
	if n := len(d.Query()); n > hud.MaxQuery || n%3 != 0 {
		t.Errorf("%d bytes", n)
	}
	d.Draw(2)
	lines, cut := d.Lines()
	if cut["search"] > 0 || !slices.ContainsFunc(lines, func(l hud.Line) bool { return strings.HasSuffix(l.Text, "灯灯灯") }) {
		t.Error("the end of a long text is out of sight")
	}
}

// Going through a long list keeps the chosen row in sight, page by page too.
func TestLongLists(t *testing.T) {
	var many []hud.Found
	for i := range 200 {
		many = append(many, hud.Found{Name: fmt.Sprintf("item %03d", i), Price: "1.00", Stock: 1})
	}
	d := draw1(t, load(t), 1280, 720, 1, "en", func(d *hud.HUD, _ string) { d.Show(hud.ScreenSearch); d.SetFound(many, 4000) })
	d.Navigate(hud.NavDown)
	rapid.Check(t, func(t *rapid.T) {
		for range 30 {
			n := rapid.SampledFrom([]hud.Nav{hud.NavDown, hud.NavUp, hud.NavPageDown, hud.NavPageUp, hud.NavEnd, hud.NavHome}).Draw(t, "move")
			d.Navigate(n)
			if rapid.IntRange(0, 3).Draw(t, "wheel") == 0 {
				d.Scroll(rapid.Float64Range(-2, 2).Draw(t, "notches"), 300, 300)
			}
			d.Lay()
			want := fmt.Sprintf("item %03d", d.Chosen())
			lines, _ := d.Lines()
			if !slices.ContainsFunc(lines, func(l hud.Line) bool { return l.Text == want }) {
				t.Fatalf("row %d is chosen and not shown", d.Chosen())
			}
		}
	})
}

// What is clicked on the map is where it is drawn, at every zoom.
func TestTheMapIsWhereItSays(t *testing.T) {
	f, p := load(t), market()
	for zoom := range 5 {
		d := draw1(t, f, 1280, 720, 1, "en", func(d *hud.HUD, _ string) {
			d.SetMap(p)
			d.SetMarks(marks())
			d.Show(hud.ScreenMap)
			d.Zoom(zoom)
		})
		x, y := d.OnMap(p.Spawn.Pos)
		if a := d.Click(x, y); a != hud.ActPlace {
			t.Fatalf("zoom %d: the middle of the map is action %d", zoom, a)
		}
		at := d.Place()
		if math.Hypot(at.X-p.Spawn.Pos.X, at.Z-p.Spawn.Pos.Z) > 1 {
			t.Errorf("zoom %d: the spawn is at %v, the map says %v", zoom, p.Spawn.Pos, at)
		}
	}
}
