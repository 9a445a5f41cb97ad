package look

import (
	"souk/input"
)

// Nav is a move within a panel.
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
	NavBack  // close what is open, or let the mouse go
	NavErase // the character before the cursor, while typing
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
)

// Press is one thing asked for. One of its fields is set.
type Press struct {
	Command input.Command
	Nav     Nav
	Extra   Extra
}

// KeyDown takes a key that went down; a repeat of a held key is no press,
// except that Backspace and the arrows repeat in panels and while typing.
func (s *State) KeyDown(k Key) {
	repeat := s.held[k]
	s.held[k] = true
	p, repeats := s.meaning(k)
	if p != (Press{}) && (!repeat || repeats) {
		s.presses = append(s.presses, p)
	}
}

// KeyUp takes a key that went up.
func (s *State) KeyUp(k Key) { delete(s.held, k) }

// SetPad takes the state of the gamepad, once a frame; buttons that were up
// before are presses.
func (s *State) SetPad(p Pad) {
	for b := range PadButtons {
		if !p.Down[b] || s.pad.Down[b] {
			continue
		}
		if press := s.padMeaning(b); press != (Press{}) {
			s.presses = append(s.presses, press)
		}
	}
	s.pad = p
}

// Presses appends what was asked for since the last call, oldest first.
func (s *State) Presses(dst []Press) []Press {
	dst = append(dst, s.presses...)
	s.presses = s.presses[:0]
	return dst
}

// Running says whether anything of the body is asked to move, so that a
// caller may wake from idling.
func (s *State) Running() bool {
	f, r, t, p := s.asked()
	return f != 0 || r != 0 || t != 0 || p != 0
}

// meaning is what a key asks for in the present mode.
func (s *State) meaning(k Key) (p Press, repeats bool) {
	switch k {
	case KeyEscape:
		return Press{Nav: NavBack}, false
	case KeyEnter, KeyKPEnter:
		if s.mode != Walking {
			return Press{Nav: NavAccept}, false
		}
	}
	if s.mode == Typing {
		if k == KeyBackspace {
			return Press{Nav: NavErase}, true
		}
		return Press{}, false
	}
	if s.mode == Pointing || s.mode == Modal {
		switch k {
		case KeyUp:
			return Press{Nav: NavUp}, true
		case KeyDown:
			return Press{Nav: NavDown}, true
		case KeyLeft:
			return Press{Nav: NavLeft}, true
		case KeyRight:
			return Press{Nav: NavRight}, true
		case KeySpace:
			return Press{Nav: NavAccept}, false
		}
	}
	if s.mode == Modal && k == KeyTab {
		return Press{Nav: NavNext}, true
	}
	for i := range bindings {
		if b := &bindings[i]; b.key == k && (s.mode != Modal || b.always) {
			return b.press, false
		}
	}
	return Press{}, false
}

// padMeaning is what a button asks for in the present mode.
func (s *State) padMeaning(k PadButton) Press {
	switch k {
	case PadUp:
		return Press{Nav: NavUp}
	case PadDown:
		return Press{Nav: NavDown}
	case PadLeft:
		return Press{Nav: NavLeft}
	case PadRight:
		return Press{Nav: NavRight}
	case PadB:
		return Press{Nav: NavBack}
	}
	if k == PadA && s.mode != Walking {
		return Press{Nav: NavAccept}
	}
	for i := range bindings {
		if b := &bindings[i]; b.hasPad && b.pad == k && (s.mode != Modal || b.always) {
			return b.press
		}
	}
	return Press{}
}
