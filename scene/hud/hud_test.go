package hud_test

import (
	"bytes"
	"fmt"
	"image"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"souk/assets/words"
	"souk/scene/hud"
	"souk/world"
)

// Every text lies within its panel and the window, at every size of type, and
// none of the program's own words is shortened.
func TestNoTextIsClipped(t *testing.T) {
	f := load(t)
	for _, s := range states {
		for _, lang := range words.Languages() {
			for _, scale := range []float64{0.8, 1, 1.15, 1.25, 1.5} {
				for _, size := range []image.Point{{1280, 720}, {1024, 768}, {1920, 1080}, {2560, 1440}} {
					name := fmt.Sprintf("%s %s ×%v %v", s.name, lang, scale, size)
					d := lay1(f, size.X, size.Y, scale, lang, s.set)
					lines, cut := d.Lines()
					for _, l := range lines {
						room := d.Image().Rect
						if solid := d.Solid(l.Layer); !solid.Empty() {
							room = solid
						}
						if !l.Box.In(room) {
							t.Errorf("%s: %q at %v is not within %v", name, l.Text, l.Box, room)
						}
						if m := f.Missing(nil, l.Text); f.Chinese() && len(m) > 0 {
							t.Errorf("%s: no glyph for %q in %q", name, m, l.Text)
						}
						if l.Size < 8.9 {
							t.Errorf("%s: %q is %.1f pixels high", name, l.Text, l.Size)
						}
					}
					for layer, n := range cut {
						if layer != "panel" || n > 2 { // long names in the panel may be
							t.Errorf("%s: %d texts are shortened in %s", name, n, layer)
						}
					}
					noOverlap(t, name, d)
				}
			}
		}
	}
}

// noOverlap checks that no two buttons of a picture overlap.
func noOverlap(t *testing.T, name string, d *hud.HUD) {
	t.Helper()
	boxes, _ := d.Buttons()
	for i := range boxes {
		if !boxes[i].In(d.Image().Rect) {
			t.Errorf("%s: button %v is outside the window", name, boxes[i])
		}
		for k := range i {
			if boxes[i].Overlaps(boxes[k]) && !boxes[i].In(boxes[k]) { // one in a row lies over it
				t.Errorf("%s: buttons %v and %v overlap", name, boxes[i], boxes[k])
			}
		}
	}
}

// Every text of the program fits on a line of a toast or a caption.
func TestEveryWordCanBeShown(t *testing.T) {
	f := load(t)
	for _, lang := range words.Languages() {
		v := reflect.ValueOf(*words.In(lang))
		for i := range v.NumField() {
			for _, scale := range []float64{0.8, 1, 1.5} {
				d := hud.New(f, hud.Options{Width: 1280, Height: 720, Scale: scale, Lang: lang, Keys: testKeys, Buttons: testButtons})
				d.SetCaption(v.Field(i).String())
				d.Lay()
				if _, cut := d.Lines(); cut["caption"] > 0 {
					t.Errorf("%s ×%v: %s is shortened", lang, scale, v.Type().Field(i).Name)
				}
			}
		}
	}
}

// What is drawn part by part is what a whole redraw gives.
func TestPartsEqualTheWhole(t *testing.T) {
	f := load(t)
	rapid.Check(t, func(t *rapid.T) {
		d := hud.New(f, hud.Options{Width: 480, Height: 300, Lang: "en", Keys: testKeys, Buttons: testButtons})
		d.SetMap(market())
		now := 0.0
		for range rapid.IntRange(1, 16).Draw(t, "steps") {
			now += rapid.Float64Range(0, 6).Draw(t, "dt")
			change(t, d)
			d.Draw(now)
		}
		parts := append([]uint8(nil), d.Image().Pix...)
		d.RedrawAll()
		d.Draw(now)
		if string(parts) != string(d.Image().Pix) {
			t.Fatal("the parts do not add up")
		}
	})
}

// change makes one random change to a display.
func change(t *rapid.T, d *hud.HUD) {
	switch rapid.IntRange(0, 25).Draw(t, "change") {
	case 25:
		d.SetGuide(hud.GuideTo(rapid.SampledFrom([]string{"", "Lamp"}).Draw(t, "guide"), 9, rapid.Float64Range(-9, 9).Draw(t, "turn")))
	case 0:
		d.ShowCard(card(rapid.SampledFrom([]string{"en", "zh"}).Draw(t, "card")))
	case 1:
		d.CloseCard()
	case 2:
		d.SetPanel(panel("en"))
		d.OpenPanel(rapid.Bool().Draw(t, "panel"))
	case 3:
		d.AskConsent(rapid.Bool().Draw(t, "consent"))
	case 4:
		d.Toast(hud.ToneCart, rapid.SampledFrom([]string{"one", "two", "three"}).Draw(t, "toast"))
	case 5:
		d.SetAttention(hud.Prompt{Name: "Lamp", Price: "1.00"}, rapid.Float64Range(0, 3).Draw(t, "dwell"))
	case 6:
		d.SetAttention(hud.Prompt{}, 0)
	case 7:
		d.Said("Ada", "hello")
	case 8:
		d.Type(rapid.Bool().Draw(t, "type"))
		d.TypeRune('x')
	case 9:
		d.SetStatus(hud.Status{Link: hud.LinkOffline, Noticing: rapid.Bool().Draw(t, "noticing")})
	case 10:
		d.Hover(rapid.IntRange(0, 479).Draw(t, "x"), rapid.IntRange(0, 299).Draw(t, "y"))
	case 11:
		d.Navigate(hud.Nav(rapid.IntRange(1, 12).Draw(t, "nav")))
	case 12:
		d.SetScale(rapid.Float64Range(0.5, 2).Draw(t, "scale"))
	case 14, 15:
		d.Show(hud.Screen(rapid.IntRange(0, 5).Draw(t, "screen")))
	case 16:
		d.SetFound(found("en")[:rapid.IntRange(0, 12).Draw(t, "found")], 40)
	case 17:
		d.SetCart(lines("zh")[:rapid.IntRange(0, 3).Draw(t, "lines")], "9.00")
	case 18:
		d.SetSettings(settings("en")[:rapid.IntRange(0, 12).Draw(t, "settings")])
	case 19:
		m := marks()
		m.You.Pos.X += rapid.Float64Range(-20, 20).Draw(t, "step")
		d.SetMarks(m)
	case 20:
		d.Zoom(rapid.IntRange(-2, 2).Draw(t, "zoom"))
	case 21:
		d.Scroll(rapid.Float64Range(-2, 2).Draw(t, "notches"), 300, 150)
	case 22:
		d.SetPad(rapid.Bool().Draw(t, "pad"))
	case 23:
		d.SetCaptions(rapid.Bool().Draw(t, "captions"))
		d.Sound(hud.Cue(rapid.IntRange(0, 9).Draw(t, "cue")), "Ada")
	case 24:
		d.SetSafeColours(rapid.Bool().Draw(t, "colours"))
	case 13:
		d.SetLang(rapid.SampledFrom([]string{"en", "zh"}).Draw(t, "lang"))
	}
}

func TestNothingChangedCostsNothing(t *testing.T) {
	f := load(t)
	d := draw1(t, f, 1280, 720, 1, "en", func(d *hud.HUD, lang string) {
		d.ShowCard(card(lang))
		d.SetPanel(panel(lang))
		d.OpenPanel(true)
	})
	p, c, s := panel("en"), card("en"), hud.Status{Link: hud.LinkOnline, People: 3, Recording: true, Noticing: true, Source: world.SourceViewCentre}
	now := 2.0
	n := testing.AllocsPerRun(100, func() {
		now += 0.016
		d.SetPanel(p)
		d.ShowCard(c)
		d.SetStatus(s)
		d.SetAttention(hud.Prompt{}, 0)
		if parts := d.Draw(now); len(parts) != 0 {
			t.Fatalf("redrew %v", parts)
		}
	})
	if n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// The ring of the reticle touches only its own pixels, and allocates nothing.
func TestTheRingRedrawsOnlyItself(t *testing.T) {
	d := draw1(t, load(t), 1280, 720, 1, "en", func(d *hud.HUD, _ string) { d.SetAttention(hud.Prompt{Name: "Lamp"}, 0) })
	dwell := 0.0
	if n := testing.AllocsPerRun(20, func() {
		if dwell += 0.09; dwell > 1.9 {
			dwell = 0
		}
		d.SetAttention(hud.Prompt{Name: "Lamp"}, dwell)
		for _, r := range d.Draw(1) {
			if r.Dx() > 60 || r.Dy() > 60 {
				t.Fatalf("redrew %v", r)
			}
		}
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// Everything that can be clicked can be reached by keyboard.
func TestKeyboardReachesEveryButton(t *testing.T) {
	f := load(t)
	for _, s := range states {
		d := draw1(t, f, 1280, 720, 1, "en", s.set)
		if !d.Open() || d.Screen() != hud.ScreenNone {
			continue // the screens have lists: TestMovesReachEveryRow
		}
		_, actions := d.Buttons()
		reached := map[hud.Action]bool{}
		for i := range len(actions) * 2 {
			e := lay1(f, 1280, 720, 1, "en", s.set)
			for range i {
				e.Navigate(hud.NavNext)
			}
			reached[e.Navigate(hud.NavAccept)] = true
		}
		for _, a := range actions {
			if a == hud.AskErase || s.name == "erase" && a >= hud.ActLike && a <= hud.ActCloseCard {
				continue // asks within the display; the card lies behind the panel
			}
			if !reached[a] && a != hud.AskErase+1 {
				t.Errorf("%s: action %d is out of reach", s.name, a)
			}
		}
	}
}

func TestTheCarefulAnswerIsTheDefault(t *testing.T) {
	d := draw1(t, load(t), 1280, 720, 1, "en", func(d *hud.HUD, _ string) { d.AskConsent(true) })
	if a := d.Navigate(hud.NavAccept); a != hud.ActConsentNone {
		t.Errorf("Enter chooses %d", a)
	}
	d.Navigate(hud.NavDown)
	if a := d.Navigate(hud.NavAccept); a != hud.ActConsentLocal {
		t.Errorf("down and Enter choose %d", a)
	}
	d.Navigate(hud.NavDown)
	d.Navigate(hud.NavDown)
	if a := d.Navigate(hud.NavAccept); a != hud.ActConsentShare {
		t.Errorf("the last is %d", a)
	}
	if !d.Modal() || !d.Over(3, 3) {
		t.Error("the market can be used behind the question")
	}
}

// Erasing takes two steps, and the safe one is chosen first.
func TestEraseAsksFirst(t *testing.T) {
	d := draw1(t, load(t), 1280, 720, 1, "en", func(d *hud.HUD, _ string) { d.OpenPanel(true) })
	click := func(want hud.Action) hud.Action {
		boxes, actions := d.Buttons()
		for i, a := range actions {
			if a == want {
				d.Hover(boxes[i].Min.X+5, boxes[i].Min.Y+5)
				got := d.Click(boxes[i].Min.X+5, boxes[i].Min.Y+5)
				d.Draw(2)
				return got
			}
		}
		t.Fatalf("there is no button for %d", want)
		return 0
	}
	if a := click(hud.AskErase); a != hud.ActNone {
		t.Fatalf("erased at once: %d", a)
	}
	d.Navigate(hud.NavNext)
	if a := d.Navigate(hud.NavAccept); a != hud.ActNone {
		t.Errorf("the first choice is %d", a)
	}
	d.Draw(3)
	click(hud.AskErase)
	if a := click(hud.ActErase); a != hud.ActErase {
		t.Errorf("got %d", a)
	}
}

func TestToastsAndChatGoAway(t *testing.T) {
	d := draw1(t, load(t), 800, 600, 1, "en", func(d *hud.HUD, _ string) {
		d.Toast(hud.ToneInfo, "saved")
		d.Said("Ada", "hello")
	})
	count := func(layer string) (n int) {
		lines, _ := d.Lines()
		for _, l := range lines {
			if l.Layer == layer {
				n++
			}
		}
		return n
	}
	if count("toasts") != 1 || count("chat") != 2 {
		t.Fatalf("%d toasts, %d texts of chat", count("toasts"), count("chat"))
	}
	d.Draw(6)
	if count("toasts") != 0 || count("chat") != 2 {
		t.Errorf("after 6 s: %d toasts, %d texts of chat", count("toasts"), count("chat"))
	}
	d.Draw(30)
	if count("chat") != 0 {
		t.Error("chat stays")
	}
	for range hud.MaxChat * 2 {
		d.TypeRune('x')
	}
	if d.Draft() != "" {
		t.Error("typed without a line")
	}
	d.Type(true)
	for range hud.MaxChat * 2 {
		d.TypeRune('市')
	}
	d.Edit(hud.NavErase)
	if n := len(d.Draft()); n > hud.MaxChat || n < hud.MaxChat-8 || n%3 != 0 {
		t.Errorf("%d bytes typed", n)
	}
	d.Draw(31)
	if _, cut := d.Lines(); cut["chat"] > 0 {
		t.Error("what is typed is shortened rather than moved")
	}
}

// A window of any size, with any scale, draws without trouble.
func TestOddWindows(t *testing.T) {
	f := load(t)
	for _, size := range []image.Point{{1, 1}, {0, -4}, {20, 900}, {900, 20}, {320, 240}} {
		for _, s := range states {
			draw1(t, f, size.X, size.Y, 9, "zh", s.set)
		}
	}
}

func BenchmarkDrawUnchanged(b *testing.B) {
	d := draw1(b, load(b), 1920, 1080, 1, "en", states[0].set)
	b.ReportAllocs()
	for b.Loop() {
		d.Draw(2)
	}
}

func BenchmarkDrawRing(b *testing.B) {
	d := draw1(b, load(b), 1920, 1080, 1, "en", states[4].set)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		i++
		d.SetAttention(hud.Prompt{Name: "Lamp"}, float64(i%24)/12)
		d.Draw(2)
	}
}

// The naive way: the whole picture for any change.
func BenchmarkDrawWhole(b *testing.B) {
	d := draw1(b, load(b), 1920, 1080, 1, "en", states[4].set)
	b.ReportAllocs()
	for b.Loop() {
		d.RedrawAll()
		d.Draw(2)
	}
}

// A keystroke in the search: laid out and drawn.
func BenchmarkDrawKeystroke(b *testing.B) {
	d := draw1(b, load(b), 1280, 720, 1, "en", func(d *hud.HUD, lang string) { query(d, lang) })
	lists := [2][]hud.Found{found("en"), found("en")[1:]}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		i++
		d.SetQuery([]string{"lamp", "lam"}[i%2])
		d.SetFound(lists[i%2], 300)
		d.Draw(2)
	}
}

// The map with somebody walking on it: only the marks are drawn anew.
func BenchmarkDrawMapMoving(b *testing.B) {
	d := draw1(b, load(b), 1280, 720, 1, "en", func(d *hud.HUD, _ string) { d.SetMap(market()); d.SetMarks(marks()); d.Show(hud.ScreenMap) })
	m := marks()
	b.ReportAllocs()
	for b.Loop() {
		m.You.Pos.X += 0.5
		d.SetMarks(m)
		d.Draw(2)
	}
}

// TestABudgetSpreadsAPanel: under a budget a panel that opens is painted by
// several Draws, none of which shows a part of it, and is then what it would have been at once.
func TestABudgetSpreadsAPanel(t *testing.T) {
	faces := load(t)
	whole := draw1(t, faces, 1280, 720, 1, "en", states[1].set)
	spread := draw1(t, faces, 1280, 720, 1, "en", func(*hud.HUD, string) {})
	spread.SetBudget(1000)
	states[1].set(spread, "en")
	draws := 0
	for len(spread.Draw(1)) == 0 {
		if draws++; draws > 20 {
			t.Fatal("the panel never came")
		}
	}
	if draws == 0 {
		t.Error("the panel was painted by one Draw")
	}
	if draws > 3 {
		t.Errorf("the panel took %d Draws; at most four were promised", draws+1)
	}
	whole.RedrawAll()
	whole.Draw(1)
	if !bytes.Equal(whole.Image().Pix, spread.Image().Pix) {
		t.Error("painted by parts, the panel is not what it is painted at once")
	}
	if n := len(spread.Draw(1)); n != 0 {
		t.Errorf("nothing changed, and %d parts did", n)
	}
}
