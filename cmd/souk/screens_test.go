package main

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/input/look"
	"souk/scene/hud"
	"souk/world"
)

// Buying by the search takes no more presses than in a plain list with a
// search field: one to get to the field, one a character, one a row down, one
// to buy.
func TestBuyingBySearchIsAsShortAsInAList(t *testing.T) {
	r := visitRig(t, t.TempDir())
	for i := range 12 {
		item := r.inStock(i * 23)
		lang, name := "en", r.market.Catalog.Items[item].Name.EN
		if i%3 == 2 {
			lang, name = "zh", r.market.Catalog.Items[item].Name.ZH
		}
		if lang != r.d.h.Lang() {
			r.press(look.KeyF2)
		}
		r.presses = 0
		r.press(look.KeySlash)
		if r.hands.Mode() != look.Typing || !r.session.frame.Paused {
			t.Fatal("/ opens no text, or attention is measured behind it")
		}
		typed := 0
		for _, c := range name { // until it is among the first five
			r.write(string(c))
			if typed++; slices.Contains(r.top(5), item) {
				break
			}
		}
		row := slices.Index(r.top(5), item)
		if row < 0 {
			t.Fatalf("%q does not find itself", name)
		}
		for range row {
			r.press(look.KeyDown)
		}
		if r.d.chosen(r.d.h.Chosen()) != item {
			t.Fatalf("row %d is not chosen after %d presses down", row, row)
		}
		before := r.numbers.purchases
		r.with(look.KeyLeftCtrl, look.KeyEnter)
		if list := 1 + typed + row + 1; r.presses > list {
			t.Errorf("%q takes %d presses, a list %d", name, r.presses, list)
		}
		r.until("the receipt is there", func() bool { return r.numbers.purchases > before })
		r.press(look.KeyEscape)
		if r.d.h.Open() {
			t.Fatal("Esc does not close the search")
		}
	}
}

// Enter goes to what was found, along a way that can be walked, and looks at
// it in the end; a step of one's own ends the journey.
func TestEnterGoesThere(t *testing.T) {
	r := visitRig(t, t.TempDir())
	p := r.market.Plan
	go1 := func() world.ItemIndex {
		item := r.inStock(200)
		r.press(look.KeySlash)
		r.write(r.market.Catalog.Items[item].Name.EN)
		item = r.d.find.results[0].Item
		r.press(look.KeyEnter)
		return item
	}
	item := go1()
	if r.d.h.Open() || !r.journey.on {
		t.Fatal("no journey")
	}
	from := r.head.Pos
	r.until("one is there", func() bool {
		if !p.Walkable(r.head.Pos) {
			t.Fatalf("walks through something at %v", r.head.Pos)
		}
		if way := r3.Norm(r3.Sub(r.head.Pos, from)); way > fastest/30+1e-6 {
			t.Fatalf("jumps by %v m", way)
		}
		from = r.head.Pos
		return !r.journey.on
	})
	r.until("one looks at it", func() bool { return r.target() == item })
	r.press(look.KeyE)
	if r.card != item {
		t.Error("E is not about what was gone to")
	}
	r.press(look.KeyEscape)

	r.head, r.yaw, r.pitch = p.Spawn, 0, 0
	go1()
	r.hands.KeyDown(look.KeyS)
	r.frame()
	if r.journey.on {
		t.Error("a step of one's own does not end the journey")
	}
	r.hands.KeyUp(look.KeyS)

	r.d.prefs.AtOnce = true
	item = go1()
	r.until("one looks at it", func() bool { return r.target() == item })
	if want := p.Approach(r.slotOf[item]); r3.Norm(r3.Sub(r.head.Pos, want.Pos)) > 0.05 {
		t.Errorf("at once one is at %v, not at %v", r.head.Pos, want.Pos)
	}
}

// The cart: into it from the list, how many, what they cost together, out of
// it, all of it bought, and empty afterwards.
func TestTheCart(t *testing.T) {
	r := visitRig(t, t.TempDir())
	r.press(look.KeySlash)
	r.write("lamp")
	r.press(look.KeyDown) // into the list
	if r.hands.Mode() != look.Choosing {
		t.Fatal("the list has not the hands")
	}
	a := r.d.find.results[1].Item
	r.press(look.KeyC, look.KeyDown)
	b := r.d.find.results[2].Item
	r.press(look.KeyC)
	if !r.inCart(a) || !r.inCart(b) {
		t.Fatal("C in the list puts nothing into the cart")
	}
	r.press(look.KeyV)
	if r.d.h.Screen() != hud.ScreenCart || len(r.d.cartItems) != 2 {
		t.Fatalf("screen %d, %d lines", r.d.h.Screen(), len(r.d.cartItems))
	}
	first := r.d.cartItems[0]
	r.press(look.KeyRight, look.KeyRight, look.KeyLeft)
	if q := r.d.cartLines[0].Quantity; q != 2 {
		t.Errorf("%d of the first line", q)
	}
	sum := 2*r.market.Catalog.Items[first].Price + r.market.Catalog.Items[r.d.cartItems[1]].Price
	if got := r.d.h.Texts(nil); !slices.Contains(got, sum.String()) {
		t.Errorf("the cart does not say %s: %q", sum, got)
	}
	// The server agrees, and says so to the next visit too.
	r.until("the server has it", func() bool { return len(r.want) == 0 && len(r.net.in.Cart) == 2 })
	r.press(look.KeyDown, look.KeyDelete)
	if len(r.d.cartItems) != 1 {
		t.Error("Delete takes nothing out")
	}
	before := r.stockOf(first)
	r.press(look.KeyB)
	r.until("it is bought", func() bool { return r.numbers.purchases == 1 && r.stockOf(first) == before-2 })
	r.until("the cart is empty", func() bool { return len(r.d.cartItems) == 0 })
	if got := r.d.h.Texts(nil); !slices.Contains(got, "Nothing is in your cart.") {
		t.Errorf("an empty cart says %q", got)
	}
}

// What is sold out is said to be, and not bought with the rest.
func TestSoldOutStaysInTheCart(t *testing.T) {
	r := visitRig(t, t.TempDir())
	none, some := world.NoItem, r.inStock(0)
	for i := range r.market.Catalog.Items {
		if r.market.Catalog.Items[i].Stock == 0 {
			none = world.ItemIndex(i)
		}
	}
	if none == world.NoItem {
		none = some + 1
		r.stock[none] = 0
	}
	r.act(world.EventCart, none)
	r.act(world.EventCart, some)
	r.press(look.KeyV)
	if got := r.d.h.Texts(nil); !slices.Contains(got, "sold out") {
		t.Errorf("the cart says %q", got)
	}
	r.press(look.KeyB)
	r.until("the rest is bought", func() bool { return r.numbers.purchases == 1 && len(r.d.cartItems) == 1 })
	if r.d.cartItems[0] != none {
		t.Error("the wrong line is left")
	}
}

// The map leads to a district by keys, and by a click to where it was clicked.
func TestTheMapTravels(t *testing.T) {
	r := visitRig(t, t.TempDir(), "-teleport")
	p := r.market.Plan
	for i := range p.Districts {
		r.press(look.KeyM, look.KeyHome)
		for range i {
			r.press(look.KeyDown)
		}
		r.press(look.KeyEnter)
		box := p.Districts[i].Box
		at := r.head.Pos
		if at.X < box.Min.X-3 || at.X > box.Max.X+3 || at.Z < box.Min.Z-3 || at.Z > box.Max.Z+3 || !p.Walkable(at) {
			t.Errorf("district %d, %v: arrived at %v", i, box, at)
		}
	}
	r.press(look.KeyM)
	box, _ := r.d.h.ButtonOf(hud.ActPlace)
	x, y := float64(box.Min.X+box.Dx()/2), float64(box.Min.Y+box.Dy()/2)
	r.d.mouse(x, y)
	r.d.wheel(1)
	if err := r.d.click(x, y); err != nil {
		t.Fatal(err)
	}
	r.frame()
	if want := r.d.h.Place(); math.Hypot(r.head.Pos.X-want.X, r.head.Pos.Z-want.Z) > 3 || r.d.h.Open() {
		t.Errorf("clicked at %v, arrived at %v", want, r.head.Pos)
	}
}

// The map shows where a thing from the list is and the way to it; whoever walks
// there himself is led, and is no more once there.
func TestTheWayToWhatIsSought(t *testing.T) {
	r := visitRig(t, t.TempDir())
	r.press(look.KeySlash)
	r.write("lamp")
	r.press(look.KeyDown)
	item := r.d.find.results[1].Item
	r.press(look.KeyM)
	if r.d.h.Screen() != hud.ScreenMap || r.d.sought != item || !r.d.marks.HasTarget || len(r.d.marks.Path) == 0 {
		t.Fatalf("screen %d, %+v", r.d.h.Screen(), r.d.marks)
	}
	name := r.market.Catalog.Items[item].Name.EN
	want := r.market.Plan.Approach(r.slotOf[item]).Pos
	if end := r.d.marks.Path[len(r.d.marks.Path)-1]; r3.Norm(r3.Sub(end, want)) > 0.5 || !slices.Contains(r.d.h.Texts(nil), name) {
		t.Errorf("the way ends at %v, not at %v, or the map does not name it", end, want)
	}
	r.press(look.KeyEscape)
	// Walking as the guide says: turn to where it points, and a step ahead.
	last := 1 << 30
	for k := 0; r.d.sought != world.NoItem; k++ {
		if k > 600 {
			t.Fatalf("the guide leads nowhere: at %v, to %v, %d m", r.head.Pos, want, last)
		}
		g := r.d.h.Guide()
		r.yaw += float64(g.Turn) * math.Pi / 8
		r.head = world.Upright(r.head.Pos, r.yaw, 0)
		r.hands.KeyDown(look.KeyW)
		for range 8 {
			r.frame()
		}
		r.hands.KeyUp(look.KeyW)
		last = g.Metres
	}
	if d := r3.Norm(r3.Sub(r.head.Pos, want)); d > 3.5 {
		t.Errorf("%v m from it the guide is done", d)
	}
	r.frame()
	if g := r.d.h.Guide(); g.Name != "" {
		t.Errorf("still led: %+v", g)
	}
}

// Settings change at once, are kept, and give way to flags without being lost.
func TestSettingsAreKept(t *testing.T) {
	dir := t.TempDir()
	t.Run("changed", func(t *testing.T) {
		r := visitRig(t, dir)
		r.press(look.KeyO)
		for i := range preferenceRows {
			r.press(look.KeyHome)
			for range i {
				r.press(look.KeyDown)
			}
			before := r.d.prefs
			r.press(look.KeyRight)
			if r.d.prefs == before {
				t.Errorf("row %d does not change anything", i)
			}
			r.press(look.KeyLeft)
			if r.d.prefs != before {
				t.Errorf("row %d does not change back", i)
			}
			r.press(look.KeyRight)
		}
		c := r.hands.Config()
		if r.d.h.Lang() != "zh" || r.d.h.Scale() != 1.1 || math.Abs(c.Snap-math.Pi/6) > 1e-9 || c.Hop == 0 || !c.Invert || c.Sensitivity <= look.DefaultConfig().Sensitivity {
			t.Errorf("not obeyed: %+v, %+v", r.d.prefs, c)
		}
	})
	t.Run("kept", func(t *testing.T) {
		r := visitRig(t, dir, "-scale", "0.8", "-snap", "0", "-lang", "en")
		p := r.d.prefs
		if p.Scale != 0.8 || p.Turn != 0 || p.Lang != "en" || !p.Captions || !p.SafeColours || p.Vignette != "low" || p.Reticle != "large" || p.Hour != 19.5 || p.Quality != "low" || p.Volume != "high" {
			t.Errorf("%+v", p)
		}
		r.press(look.KeyR) // keeps something, and not what the flags say
	})
	t.Run("flags are not kept", func(t *testing.T) {
		r := visitRig(t, dir)
		if p := r.d.prefs; p.Scale != 1.1 || p.Turn != 30 || p.Lang != "zh" || p.Reticle != "off" {
			t.Errorf("%+v", p)
		}
	})
	t.Run("nonsense", func(t *testing.T) {
		dir := t.TempDir()
		text := `{"consent":"local","lang":"fr","scale":40,"vignette":"black","turn":17,"hour":-3,"mouse":1e300,"quality":"best"}`
		if err := os.WriteFile(filepath.Join(dir, "settings.json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		r := visitRig(t, dir)
		var usual preferences
		usual.tidy()
		if r.d.prefs != usual {
			t.Errorf("%+v, want %+v", r.d.prefs, usual)
		}
	})
}

// The whole by gamepad: search by the keyboard on the screen, buy, cart, map,
// settings, menu.
func TestTheGamepadDoesEverything(t *testing.T) {
	r := visitRig(t, t.TempDir())
	r.button(look.PadUp)
	if r.d.h.Screen() != hud.ScreenSearch {
		t.Fatal("the D-pad opens no search")
	}
	// l, a, m: down to the third row, and so on; X takes back.
	r.button(look.PadDown, look.PadDown, look.PadA, look.PadA, look.PadX)
	if got := r.d.h.Query(); got != "a" {
		t.Fatalf("typed %q", got)
	}
	r.button(look.PadB, look.PadDown)
	item := r.d.chosen(r.d.h.Chosen())
	r.button(look.PadY)
	if !r.inCart(item) {
		t.Error("Y puts nothing into the cart")
	}
	r.stock[item] = 5
	r.button(look.PadRightBumper)
	r.until("it is bought", func() bool { return r.numbers.purchases == 1 })
	r.button(look.PadA)
	if r.d.h.Open() || !r.journey.on {
		t.Error("A does not go there")
	}
	r.until("one is there", func() bool { return !r.journey.on })
	for button, screen := range map[look.PadButton]hud.Screen{look.PadDown: hud.ScreenCart, look.PadLeft: hud.ScreenMap, look.PadRight: hud.ScreenSettings, look.PadStart: hud.ScreenMenu} {
		r.button(button)
		if r.d.h.Screen() != screen {
			t.Errorf("button %d opens %d, not %d", button, r.d.h.Screen(), screen)
		}
		r.button(look.PadB)
		if r.d.h.Open() {
			t.Errorf("B does not close screen %d", screen)
		}
	}
	// The menu leads to every screen, the panel, help and the way out.
	for row := range 12 {
		r.button(look.PadStart)
		for range row {
			r.button(look.PadDown)
		}
		r.button(look.PadA)
		open := r.d.h.Screen() != hud.ScreenNone || r.d.h.PanelOpen() || r.d.h.HelpOpen() || r.d.h.ConsentOpen() || r.d.h.Typing() || r.d.free || r.d.wantFullscreen || r.d.wantQuit
		if open != (row > 0) {
			t.Errorf("row %d of the menu: open %v", row, open)
		}
		for range 3 {
			r.button(look.PadB)
		}
		r.d.free, r.d.wantFullscreen = false, false
	}
	if !r.d.wantQuit {
		t.Error("there is no way out")
	}
}

// The gamepad talks: by the menu, the keyboard on the screen, and its last key.
func TestTheGamepadTalks(t *testing.T) {
	r := visitRig(t, t.TempDir())
	r.button(look.PadStart)
	for range 6 {
		r.button(look.PadDown)
	}
	r.button(look.PadA)
	if !r.d.h.Typing() {
		t.Fatal("the menu's seventh row does not talk")
	}
	r.button(look.PadDown, look.PadDown, look.PadRight, look.PadA, look.PadUp, look.PadA, look.PadX) // s, then w and back
	if r.d.h.Draft() != "s" {
		t.Errorf("typed %q", r.d.h.Draft())
	}
	r.button(look.PadDown, look.PadDown, look.PadDown, look.PadLeft, look.PadA)
	if r.d.h.Typing() {
		t.Error("the last key does not send")
	}
	heard := false
	r.until("one hears oneself", func() bool {
		heard = heard || slices.Contains(r.d.h.Texts(nil), "  s")
		return heard
	})
}

// The whole by mouse.
func TestTheMouseDoesEverything(t *testing.T) {
	r := visitRig(t, t.TempDir())
	r.press(look.KeyEscape)
	r.clickOn(hud.OpenScreen(hud.ScreenSearch))
	r.write("lamp")
	r.press(look.KeyDown) // so that a wheel and a click follow keys
	item := r.d.find.results[2].Item
	r.stock[item] = 9
	r.clickOn(hud.ActTake.Of(2))
	if !r.inCart(item) {
		t.Error("the cart's button in a row does nothing")
	}
	r.clickOn(hud.ActBuyRow.Of(2))
	r.until("it is bought", func() bool { return r.numbers.purchases == 1 })
	r.clickOn(hud.ActCloseScreen)
	if r.d.h.Open() {
		t.Error("the cross does not close")
	}
	r.act(world.EventCart, item)
	r.press(look.KeyV)
	r.clickOn(hud.ActMore.Of(0))
	if r.d.cartLines[0].Quantity != 2 {
		t.Errorf("%+v", r.d.cartLines)
	}
	r.clickOn(hud.ActBuyAll)
	r.until("the cart is bought", func() bool { return r.numbers.purchases == 2 })
	r.press(look.KeyO)
	r.clickOn(hud.ActForward.Of(4))
	if !r.d.prefs.Captions {
		t.Error("a setting's arrow does nothing")
	}
	r.press(look.KeyEscape, look.KeySlash)
	r.write("lamp")
	r.clickOn(hud.ActGo.Of(1))
	if !r.journey.on {
		t.Error("a click on a row does not go there")
	}
}

// Each sound has its caption where captions are on, and none where they are off.
func TestCaptionsOfSounds(t *testing.T) {
	for _, on := range []bool{true, false} {
		args := []string{}
		if on {
			args = append(args, "-captions")
		}
		r := visitRig(t, t.TempDir(), args...)
		said := map[string]bool{}
		collect := func() {
			for _, text := range r.d.h.Texts(nil) {
				said[text] = true
			}
		}
		item := r.inStock(7)
		r.d.say(r.act(world.EventCart, item))
		r.frame()
		collect()
		r.d.say(r.buy(item))
		r.until("it is bought", func() bool { collect(); return r.numbers.purchases == 1 })
		r.stock[item] = 0
		r.d.say(r.buy(item))
		r.frame()
		collect()
		r.placed = true
		r.journey.arrived = true
		r.frame()
		collect()
		if err := r.net.cli.Chat("hello"); err != nil {
			t.Fatal(err)
		}
		r.until("one hears oneself", func() bool { collect(); return !on || said["[voice] Guest speaks"] })
		r.tell(notice{kind: noticeCame, text: "Ada"})
		r.frame()
		collect()
		want := []string{"[chime] in your cart", "[bell] bought", "[thud] not bought", "[shimmer] something is put out for you", "[steps end] you are there", "[voice] Guest speaks", "[steps] Ada is near"}
		for _, w := range want {
			if said[w] != on {
				t.Errorf("captions %v: %q was shown: %v (%v)", on, w, said[w], said)
			}
		}
	}
}

// The edges darken with motion, come back to nothing at rest, and stay light
// where the setting is off.
func TestComfortFollowsMotion(t *testing.T) {
	for setting, full := range map[string]float64{"off": 0, "low": 0.45, "high": 0.85} {
		var c comfort
		head, now, most := world.Upright(r3.Vec{}, 0, 0), 0.0, 0.0
		for i := range 120 {
			if now += 1.0 / 60; i < 60 {
				head = world.Upright(r3.Add(head.Pos, r3.Vec{Z: -5.0 / 60}), float64(i)*0.03, 0)
			}
			most = math.Max(most, c.edges(setting, head, now))
		}
		if math.Abs(most-full) > 0.02 || c.strength != 0 {
			t.Errorf("%s: %v at most, %v at rest", setting, most, c.strength)
		}
	}
}

// A search screen that is open and rests costs a frame nothing.
func TestOpenScreensRest(t *testing.T) {
	r := visitRig(t, t.TempDir())
	if err := r.net.cli.Close(); err != nil {
		t.Fatal(err)
	}
	r.net.cli = nil
	for _, key := range []look.Key{look.KeySlash, look.KeyV, look.KeyM, look.KeyO, look.KeyF10} {
		r.press(key)
		if key == look.KeySlash {
			r.write("lamp")
			r.press(look.KeyDown)
		}
		for range 60 {
			r.frame()
		}
		if n := allocations(func() {
			r.d.refreshT = r.session.t // they are worded four times a second, and may allocate
			r.frame()
		}); n > 0 {
			t.Errorf("screen %d: %v allocations a frame", r.d.h.Screen(), n)
		}
	}
}
