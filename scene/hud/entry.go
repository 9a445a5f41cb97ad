package hud

import (
	"math"
	"unicode/utf8"

	"souk/scene/lettering"
)

// entry is a line of text being typed.
type entry struct {
	text  string
	caret int // bytes before it
}

// set replaces the text; the caret goes to its end.
func (e *entry) set(text string) { e.text, e.caret = text, len(text) }

// insert puts a character before the caret, up to a length of most bytes;
// false where it is no text or too long.
func (e *entry) insert(r rune, most int) bool {
	if r < ' ' || r == 0x7f || !utf8.ValidRune(r) || len(e.text)+utf8.RuneLen(r) > most {
		return false
	}
	s := string(r)
	e.text = e.text[:e.caret] + s + e.text[e.caret:]
	e.caret += len(s)
	return true
}

// edit obeys a move of the caret or takes a character away; false where the
// move is none of these.
func (e *entry) edit(n Nav) bool {
	_, before := utf8.DecodeLastRuneInString(e.text[:e.caret])
	_, behind := utf8.DecodeRuneInString(e.text[e.caret:])
	switch n {
	case NavErase:
		e.text = e.text[:e.caret-before] + e.text[e.caret:]
		e.caret -= before
	case NavDelete:
		e.text = e.text[:e.caret] + e.text[e.caret+behind:]
	case NavLeft:
		e.caret -= before
	case NavRight:
		e.caret += behind
	case NavHome:
		e.caret = 0
	case NavEnd:
		e.caret = len(e.text)
	default:
		return false
	}
	return true
}

// entry appends a line being typed, with its caret in sight, or what to type
// where it is empty.
func (b *builder) entry(r rect, st lettering.Style, e *entry, prompt string, caret bool) {
	text := e.text
	from, room := 0, r.w-6*b.u
	for from < e.caret && b.measure(st, text[from:e.caret]) > room {
		_, n := utf8.DecodeRuneInString(text[from:])
		from += n
	}
	to := len(text)
	for to > e.caret && b.measure(st, text[from:to]) > room {
		_, n := utf8.DecodeLastRuneInString(text[:to])
		to -= n
	}
	if text == "" {
		b.text(r.x+3*b.u, r.y, r.h, room, b.squeeze(st, room, prompt), colMuted, prompt)
	} else {
		b.text(r.x, r.y, r.h, room+4, st, colText, text[from:to])
	}
	if caret {
		x := r.x + b.measure(st, text[from:e.caret])
		h := 1.2 * st.Size * b.u
		b.box(rect{x, r.y + (r.h-h)/2, math.Max(2, 2*b.u), h}, 0, b.accent)
	}
}
