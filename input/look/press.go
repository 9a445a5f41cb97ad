package look

import (
	"souk/input"
)

// Nav is a move within a panel or a text.
type Nav uint8

// The moves.
const (
	NavNone Nav = iota
	NavUp
	NavDown
	NavLeft
	NavRight
	NavNext
	NavAccept
	NavBack   // close what is open
	NavErase  // the character before the caret; in a list, what is chosen
	NavDelete // the character behind the caret; in a list, what is chosen
	NavHome   // to the start
	NavEnd    // to the end
	NavPageUp
	NavPageDown
	NavPaste // what was copied elsewhere
)

// Extra is what is asked of the program itself rather than of the market.
type Extra uint8

// The extras.
const (
	ExtraNone    Extra = iota
	ExtraReticle       // show or hide the reticle
	ExtraLarger        // larger type
	ExtraSmaller
	ExtraFullscreen
	ExtraRecentre // where the head is now is straight ahead
)

// Press is one thing asked for. One of its first four fields is set.
type Press struct {
	Command input.Command
	Nav     Nav
	Extra   Extra
	Rune    rune // a character typed
	Pad     bool // by the gamepad
}

// happening is what a hand did, before it is known what it means: that hangs
// on what the presses before it opened.
type happening struct {
	key         Key
	char        rune
	pad         PadButton
	isPad       bool
	repeat      bool
	ctrl, shift bool
}

// maxQueue bounds what waits to be taken: more is a stuck key.
const maxQueue = 256

// KeyDown takes a key that went down; a repeat of a held key is no press,
// except for Backspace and the moves in panels and while typing.
func (s *State) KeyDown(k Key) {
	s.push(happening{key: k, repeat: s.held[k], ctrl: s.held[KeyLeftCtrl] || s.held[KeyRightCtrl], shift: s.held[KeyLeftShift] || s.held[KeyRightShift]})
	s.held[k] = true
}

// KeyUp takes a key that went up.
func (s *State) KeyUp(k Key) { delete(s.held, k) }

// Character takes a character that was typed; it comes after the KeyDown of
// its key where it has one. It is text while [Typing] and nothing else.
func (s *State) Character(r rune) { s.push(happening{char: r}) }

// SetPad takes the state of the gamepad, once a frame; buttons that were up
// before are presses. In a list the left stick is the four directions too.
func (s *State) SetPad(p Pad) {
	if s.mode >= Modal {
		stickAsButtons(&p)
	}
	for b := range PadButtons {
		if p.Down[b] && !s.pad.Down[b] {
			s.push(happening{pad: b, isPad: true})
		}
	}
	s.pad = p
}

// stickAsButtons presses the direction that the left stick is pushed to.
func stickAsButtons(p *Pad) {
	const far = 0.6
	switch x, y := p.LeftX, p.LeftY; {
	case max(x, -x, y, -y) < far || x != x || y != y:
	case max(x, -x) > max(y, -y):
		p.Down[PadRight], p.Down[PadLeft] = p.Down[PadRight] || x > 0, p.Down[PadLeft] || x < 0
	default:
		p.Down[PadDown], p.Down[PadUp] = p.Down[PadDown] || y > 0, p.Down[PadUp] || y < 0
	}
}

// repeatPad presses a direction held on the pad again and again, in lists.
func (s *State) repeatPad(dt float64) {
	held := PadButtons
	for _, b := range [...]PadButton{PadUp, PadDown, PadLeft, PadRight} {
		if s.pad.Down[b] {
			held = b
		}
	}
	n := s.again.step(dt, held != PadButtons && s.mode != Walking, againFirst, againEvery)
	for ; n > 0; n-- {
		if s.again.left != againFirst { // the first press came with the button
			s.push(happening{pad: held, isPad: true})
		}
	}
}

// push queues what a hand did.
func (s *State) push(h happening) {
	if len(s.queue) < maxQueue {
		s.queue = append(s.queue, h)
	}
}

// Next is the next thing asked for, oldest first; false where there is none.
// What a key means hangs on the mode at the time of Next, not of KeyDown: set
// the mode after each press, and a word typed in one slow frame behind the key
// that opened its box goes into the box.
func (s *State) Next() (Press, bool) {
	for s.first < len(s.queue) {
		h := s.queue[s.first]
		s.first++
		switch {
		case h.char != 0:
			if s.mode == Typing && h.char >= ' ' && h.char != 0x7f {
				return Press{Rune: h.char}, true
			}
		case h.isPad:
			if p := s.padMeaning(h.pad); p != (Press{}) {
				p.Pad = true
				return p, true
			}
		default:
			p, repeats := s.meaning(h)
			if p == (Press{}) || h.repeat && !repeats {
				continue
			}
			// The key's own character is not text for what the key opened.
			for s.mode != Typing && s.first < len(s.queue) && s.queue[s.first].char != 0 {
				s.first++
			}
			return p, true
		}
	}
	s.queue, s.first = s.queue[:0], 0
	return Press{}, false
}

// Running says whether anything of the body is asked to move, so that a
// caller may wake from idling.
func (s *State) Running() bool {
	f, r, t, p := s.asked()
	return f != 0 || r != 0 || t != 0 || p != 0
}

// moves are the keys that move in panels, lists and texts.
var moves = map[Key]Nav{KeyUp: NavUp, KeyDown: NavDown, KeyLeft: NavLeft, KeyRight: NavRight, KeyHome: NavHome, KeyEnd: NavEnd,
	KeyPageUp: NavPageUp, KeyPageDown: NavPageDown, KeyBackspace: NavErase, KeyDelete: NavDelete}

// meaning is what a key asks for in the present mode.
func (s *State) meaning(h happening) (p Press, repeats bool) {
	k := h.key
	switch k {
	case KeyEscape:
		return Press{Nav: NavBack}, false
	case KeyEnter, KeyKPEnter:
		return s.enter(h), false
	}
	if n, ok := moves[k]; ok && s.mode != Walking && (s.mode != Pointing || k >= KeyRight && k <= KeyUp) {
		return Press{Nav: n}, true
	}
	switch {
	case k == KeyTab && s.mode >= Modal:
		return Press{Nav: NavNext}, true
	case k == KeyV && h.ctrl && s.mode == Typing:
		return Press{Nav: NavPaste}, true
	case k == KeySpace && s.mode != Walking && s.mode != Typing:
		return Press{Nav: NavAccept}, false
	}
	for i := range bindings {
		if b := &bindings[i]; b.key == k && s.applies(b, k) {
			return b.press, false
		}
	}
	return Press{}, false
}

// enter is what Enter asks for: with Ctrl and Shift, what is done to the item
// chosen in a list.
func (s *State) enter(h happening) Press {
	switch {
	case s.mode == Walking:
		return Press{}
	case h.ctrl && s.mode >= Choosing:
		return Press{Command: input.CommandBuy}
	case h.shift && s.mode >= Choosing:
		return Press{Command: input.CommandCart}
	}
	return Press{Nav: NavAccept}
}

// applies says whether a line of the table counts in the present mode. While
// typing only keys without a character do.
func (s *State) applies(b *binding, k Key) bool {
	switch s.mode {
	case Modal:
		return b.always
	case Typing:
		return b.always && k >= KeyEscape
	}
	return true
}

// directions are the pad's, as moves.
var directions = map[PadButton]Nav{PadUp: NavUp, PadDown: NavDown, PadLeft: NavLeft, PadRight: NavRight}

// padMeaning is what a button asks for in the present mode.
func (s *State) padMeaning(k PadButton) Press {
	if n, ok := directions[k]; ok && s.mode != Walking {
		return Press{Nav: n}
	}
	switch {
	case k == PadB:
		return Press{Nav: NavBack}
	case k == PadA && s.mode != Walking:
		return Press{Nav: NavAccept}
	case k == PadX && s.mode == Typing:
		return Press{Nav: NavErase}
	}
	for i := range bindings {
		if b := &bindings[i]; b.hasPad && b.pad == k && (s.mode != Modal || b.always) {
			return b.press
		}
	}
	return Press{}
}
