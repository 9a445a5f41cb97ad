package look_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"souk/input"
	"souk/input/look"
)

// Many short steps lead where one long step does: walking does not depend on
// the frame rate.
func TestMotionDoesNotDependOnTheFrameRate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.Float64Range(0.01, 2).Draw(t, "seconds")
		parts := rapid.IntRange(1, 200).Draw(t, "parts")
		run := rapid.Bool().Draw(t, "run")
		walk := func(n int) (sum input.Motion) {
			s := look.New(look.DefaultConfig())
			s.KeyDown(look.KeyW)
			s.KeyDown(look.KeyLeft)
			if run {
				s.KeyDown(look.KeyLeftShift)
			}
			for range n {
				m := s.Step(total / float64(n))
				sum.Forward += m.Forward
				sum.Yaw += m.Yaw
			}
			return sum
		}
		one, many := walk(1), walk(parts)
		if math.Abs(one.Forward-many.Forward) > 1e-5 || math.Abs(one.Yaw-many.Yaw) > 1e-5 {
			t.Fatalf("%v in one step, %v in %d", one, many, parts)
		}
	})
}

func TestDiagonalIsNotFaster(t *testing.T) {
	c := look.DefaultConfig()
	c.Settle = 0
	s := look.New(c)
	s.KeyDown(look.KeyW)
	s.KeyDown(look.KeyD)
	s.SetPad(look.Pad{LeftX: 1, LeftY: -1})
	m := s.Step(1)
	if v := math.Hypot(m.Forward, m.Right); math.Abs(v-c.WalkSpeed) > 1e-9 {
		t.Errorf("%v m/s", v)
	}
}

func TestStickRestsCurvesAndReachesTheRim(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := rapid.Float64Range(-1, 1).Draw(t, "x"), rapid.Float64Range(-1, 1).Draw(t, "y")
		ox, oy := look.Stick(x, y, 0.16, 1.7)
		in, out := math.Hypot(x, y), math.Hypot(ox, oy)
		switch {
		case in <= 0.16 && out != 0:
			t.Fatal("moves in the dead zone")
		case out > 1+1e-9:
			t.Fatal("beyond the rim")
		case in >= 1 && math.Abs(out-1) > 1e-9:
			t.Fatal("does not reach the rim")
		case out > 0 && math.Abs(x*oy-y*ox) > 1e-9:
			t.Fatal("changes the direction")
		}
	})
	if x, y := look.Stick(math.NaN(), 1, 0.1, 2); x != 0 || y != 0 {
		t.Error("a broken stick moves")
	}
}

func TestMouseTurnsOnlyWhereItLooks(t *testing.T) {
	for _, tc := range []struct {
		mode  look.Mode
		right bool
		turns bool
	}{{look.Walking, false, true}, {look.Pointing, false, false}, {look.Pointing, true, true}, {look.Modal, true, false}, {look.Typing, false, false}} {
		s := look.New(look.DefaultConfig())
		s.SetMode(tc.mode)
		s.RightButton(tc.right)
		s.MouseMove(100, 50)
		m := s.Step(0.016)
		if (m.Yaw < 0 && m.Pitch < 0) != tc.turns {
			t.Errorf("mode %d, right %v: %+v", tc.mode, tc.right, m)
		}
		if s.Step(0.016) != (input.Motion{}) {
			t.Errorf("mode %d: motion used twice", tc.mode)
		}
	}
	c := look.DefaultConfig()
	c.Invert = true
	s := look.New(c)
	s.MouseMove(0, 50)
	if s.Step(0.016).Pitch <= 0 {
		t.Error("not inverted")
	}
}

func TestEachLineOfTheTableWorks(t *testing.T) {
	want := map[look.Key]look.Press{
		look.KeyE: {Command: input.CommandCard}, look.KeyL: {Command: input.CommandLike}, look.KeyH: {Command: input.CommandHide},
		look.KeyC: {Command: input.CommandCart}, look.KeyB: {Command: input.CommandBuy}, look.KeyTab: {Command: input.CommandPanel},
		look.KeyP: {Command: input.CommandPause}, look.KeyT: {Command: input.CommandChat}, look.KeyF1: {Command: input.CommandHelp},
		look.KeyF2: {Command: input.CommandLanguage}, look.KeyF12: {Command: input.CommandScreenshot}, look.KeyEscape: {Nav: look.NavBack},
		look.KeySlash: {Command: input.CommandSearch}, look.KeyV: {Command: input.CommandShowCart}, look.KeyM: {Command: input.CommandMap},
		look.KeyO: {Command: input.CommandSettings}, look.KeyF10: {Command: input.CommandMenu},
		look.KeyR: {Extra: look.ExtraReticle}, look.KeyHome: {Extra: look.ExtraRecentre}, look.KeyF11: {Extra: look.ExtraFullscreen},
	}
	for k, p := range want {
		s := look.New(look.DefaultConfig())
		s.KeyDown(k)
		s.KeyDown(k) // a repeat
		if got := presses(s); !slices.Equal(got, []look.Press{p}) {
			t.Errorf("key %d gives %v", k, got)
		}
	}
	keys := map[string]bool{}
	for _, b := range look.Bindings() {
		if b.Keys == "" || b.What.EN == "" || b.What.ZH == "" || keys[b.Keys] {
			t.Errorf("line %+v is empty or twice in the table", b)
		}
		keys[b.Keys] = true
		if !strings.Contains(look.Markdown(), b.What.EN) {
			t.Errorf("%q is not in the README's table", b.What.EN)
		}
	}
	if look.KeyOf(input.CommandCard) != "E" || look.KeyOf(input.CommandErase) != "" {
		t.Error("KeyOf")
	}
}

func TestModesChangeWhatKeysMean(t *testing.T) {
	press := func(m look.Mode, keys ...look.Key) []look.Press {
		s := look.New(look.DefaultConfig())
		s.SetMode(m)
		for _, k := range keys {
			s.KeyDown(k)
		}
		if m == look.Modal || m == look.Typing {
			if s.Step(1) != (input.Motion{}) {
				t.Errorf("walks in mode %d", m)
			}
		}
		if m == look.Choosing && s.Step(1) != (input.Motion{}) {
			t.Error("walks in a list")
		}
		return presses(s)
	}
	if got := press(look.Typing, look.KeyE, look.KeyW, look.KeyBackspace, look.KeyBackspace, look.KeyEnter); !slices.Equal(got, []look.Press{{Nav: look.NavErase}, {Nav: look.NavErase}, {Nav: look.NavAccept}}) {
		t.Errorf("typing: %v", got)
	}
	if got := press(look.Modal, look.KeyB, look.KeyDown, look.KeyTab, look.KeyF2); !slices.Equal(got, []look.Press{{Nav: look.NavDown}, {Nav: look.NavNext}, {Command: input.CommandLanguage}}) {
		t.Errorf("modal: %v", got)
	}
	if got := press(look.Pointing, look.KeyUp, look.KeyL); !slices.Equal(got, []look.Press{{Nav: look.NavUp}, {Command: input.CommandLike}}) {
		t.Errorf("pointing: %v", got)
	}
}

// In a list the arrows move, the letters of commands act; in a text keys move
// about it, and Enter with Ctrl or Shift acts on what is chosen.
func TestListsAndTexts(t *testing.T) {
	list := []look.Key{look.KeyDown, look.KeyPageDown, look.KeyC, look.KeyB, look.KeyDelete, look.KeySlash, look.KeyTab}
	s := look.New(look.DefaultConfig())
	s.SetMode(look.Choosing)
	for _, k := range list {
		s.KeyDown(k)
	}
	want := []look.Press{{Nav: look.NavDown}, {Nav: look.NavPageDown}, {Command: input.CommandCart}, {Command: input.CommandBuy}, {Nav: look.NavDelete}, {Command: input.CommandSearch}, {Nav: look.NavNext}}
	if got := presses(s); !slices.Equal(got, want) {
		t.Errorf("in a list: %v", got)
	}
	s = look.New(look.DefaultConfig())
	s.SetMode(look.Typing)
	for _, k := range []look.Key{look.KeyC, look.KeySlash, look.KeyHome, look.KeyLeft, look.KeyF2, look.KeyEqual} {
		s.KeyDown(k)
	}
	s.KeyDown(look.KeyLeftCtrl)
	s.KeyDown(look.KeyEnter)
	s.KeyDown(look.KeyV)
	s.KeyUp(look.KeyLeftCtrl)
	s.KeyUp(look.KeyEnter)
	s.KeyDown(look.KeyRightShift)
	s.KeyDown(look.KeyEnter)
	want = []look.Press{{Nav: look.NavHome}, {Nav: look.NavLeft}, {Command: input.CommandLanguage}, {Command: input.CommandBuy}, {Nav: look.NavPaste}, {Command: input.CommandCart}}
	if got := presses(s); !slices.Equal(got, want) {
		t.Errorf("in a text: %v", got)
	}
}

// A word typed in the same slow frame as the key that opens its box goes into
// the box, without that key's own character; while walking nothing is text.
func TestTypingBehindTheKeyThatOpensTheBox(t *testing.T) {
	s := look.New(look.DefaultConfig())
	for _, r := range "/lamp" {
		k := look.Key(r)
		if r != '/' {
			k = look.Key(r - 'a' + 'A')
		}
		s.KeyDown(k)
		s.Character(r)
		s.KeyUp(k)
	}
	s.Character('灯')
	if p, _ := s.Next(); p.Command != input.CommandSearch {
		t.Fatalf("%+v", p)
	}
	s.SetMode(look.Typing)
	text := ""
	for _, p := range presses(s) {
		if p.Rune == 0 {
			t.Errorf("%+v while typing", p)
		}
		text += string(p.Rune)
	}
	if text != "lamp灯" {
		t.Errorf("typed %q", text)
	}
	s.SetMode(look.Walking)
	s.Character('x')
	if got := presses(s); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

// Turning at once and hopping: a step when pressed, another after a pause.
func TestSnapTurnsAndHops(t *testing.T) {
	c := look.DefaultConfig()
	c.Snap, c.Hop = math.Pi/6, 1.5
	s := look.New(c)
	s.KeyDown(look.KeyLeft)
	s.KeyDown(look.KeyW)
	var sum input.Motion
	steps := 0
	for range 60 { // one second
		m := s.Step(1.0 / 60)
		if m.Yaw != 0 {
			steps++
			if math.Abs(m.Yaw-c.Snap) > 1e-12 {
				t.Errorf("turned by %v", m.Yaw)
			}
		}
		sum.Yaw, sum.Forward = sum.Yaw+m.Yaw, sum.Forward+m.Forward
	}
	if steps != 3 || math.Abs(sum.Forward-3*c.Hop) > 1e-9 {
		t.Errorf("%d turns, %v m in a second", steps, sum.Forward)
	}
	s.KeyUp(look.KeyLeft)
	s.KeyUp(look.KeyW)
	if s.Step(0.1) != (input.Motion{}) {
		t.Error("goes on by itself")
	}
	s.MouseMove(10, 0)
	if s.Step(0.1).Yaw == 0 {
		t.Error("the mouse does not turn freely")
	}
}

// A thumb that trembles where the stick begins to count turns once, and the
// stick turns again when it was let go of.
func TestSnapTurnHasHysteresis(t *testing.T) {
	c := look.DefaultConfig()
	c.Snap = math.Pi / 4
	s := look.New(c)
	turns := 0
	push := func(x float64) {
		s.SetPad(look.Pad{RightX: x})
		if s.Step(1.0/60).Yaw != 0 {
			turns++
		}
	}
	for i := range 18 { // 0.3 s, shorter than the pause
		push(.72 + .02*float64(i%2*2-1))
	}
	if turns != 1 {
		t.Errorf("a trembling thumb turns %d times", turns)
	}
	push(0)
	push(1)
	if turns != 2 {
		t.Errorf("flicked again, %d turns", turns)
	}
}

// A direction held on the pad repeats in lists; the left stick is one too.
func TestThePadScrolls(t *testing.T) {
	s := look.New(look.DefaultConfig())
	s.SetMode(look.Choosing)
	n := 0
	for range 60 {
		s.SetPad(look.Pad{LeftY: 0.9})
		s.Step(1.0 / 60)
		for _, p := range presses(s) {
			if p != (look.Press{Nav: look.NavDown, Pad: true}) {
				t.Fatalf("%+v", p)
			}
			n++
		}
	}
	if n < 7 || n > 10 {
		t.Errorf("%d steps in a second", n)
	}
	s.SetPad(look.Pad{})
	s.Step(0.5)
	if got := presses(s); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

// presses takes everything that was asked for.
func presses(s *look.State) (all []look.Press) {
	for p, ok := s.Next(); ok; p, ok = s.Next() {
		all = append(all, p)
	}
	return all
}

func TestPadButtonsArePressedOnce(t *testing.T) {
	s := look.New(look.DefaultConfig())
	var p look.Pad
	p.Down[look.PadA], p.Down[look.PadX] = true, true
	s.SetPad(p)
	s.SetPad(p)
	if got := presses(s); !slices.Equal(got, []look.Press{{Command: input.CommandCard, Pad: true}, {Command: input.CommandLike, Pad: true}}) {
		t.Errorf("%v", got)
	}
	s.SetMode(look.Pointing)
	s.SetPad(look.Pad{})
	s.SetPad(p)
	if got := presses(s); got[0] != (look.Press{Nav: look.NavAccept, Pad: true}) {
		t.Errorf("%v", got)
	}
}

func TestReleaseLetsGo(t *testing.T) {
	s := look.New(look.DefaultConfig())
	s.KeyDown(look.KeyW)
	s.MouseMove(9, 9)
	if !s.Running() {
		t.Error("not running")
	}
	s.Release()
	if s.Running() || s.Step(0.1) != (input.Motion{}) || len(presses(s)) != 0 {
		t.Error("something is still held")
	}
}

func TestStepAllocatesNothing(t *testing.T) {
	s := look.New(look.DefaultConfig())
	s.KeyDown(look.KeyW)
	if n := testing.AllocsPerRun(100, func() {
		s.MouseMove(1, 1)
		s.KeyDown(look.KeyE)
		s.KeyUp(look.KeyE)
		for _, ok := s.Next(); ok; _, ok = s.Next() {
		}
		s.Step(0.016)
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
