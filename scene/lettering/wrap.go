package lettering

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/image/math/fixed"
)

// Wrap breaks the text into lines no wider than width pixels and appends them
// to dst; the lines are parts of text. Latin breaks at spaces, Chinese between
// any two characters but not before a closing sign nor after an opening one; a
// word wider than the line breaks where it must. A line feed always breaks.
// One rune is kept on a line even where it is wider than width.
func (f *Faces) Wrap(dst []string, s Style, width float64, text string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	for {
		para, rest, more := strings.Cut(text, "\n")
		dst = f.wrapLine(dst, s, width, para)
		if !more {
			return dst
		}
		text = rest
	}
}

// WrapAtMost is [Wrap] to at most n lines; what does not fit ends in "…".
// That line is a new string.
func (f *Faces) WrapAtMost(dst []string, s Style, width float64, n int, text string) []string {
	from := len(dst)
	dst = f.Wrap(dst, s, width, text)
	if n <= 0 {
		return dst[:from]
	}
	if len(dst)-from <= n {
		return dst
	}
	dst = dst[:from+n]
	last := dst[from+n-1]
	dst[from+n-1] = f.cut(s, width, last)
	return dst
}

// Ellipsis is the text where it fits into width pixels, else as much of it as
// fits with "…" behind.
func (f *Faces) Ellipsis(s Style, width float64, text string) string {
	if f.Measure(s, text) <= width {
		return text
	}
	return f.cut(s, width, text)
}

// cut shortens a text so that it and "…" fit.
func (f *Faces) cut(s Style, width float64, text string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.shorten(text)
	const dots = "…"
	room := width - f.measure(s, dots)
	size := fixedSize(s.Size)
	end, used := 0, 0.0
	for i, r := range text {
		used += f.advance(s.Weight, r, size)
		if used > room {
			break
		}
		end = i + utf8.RuneLen(r)
	}
	return strings.TrimRightFunc(text[:min(end, len(text))], unicode.IsSpace) + dots
}

// wrapLine breaks one paragraph.
func (f *Faces) wrapLine(dst []string, s Style, width float64, text string) []string {
	size := fixedSize(s.Size)
	for {
		end, next := f.breakAt(s.Weight, size, width, text)
		dst = append(dst, strings.TrimRight(text[:end], " "))
		text = strings.TrimLeft(text[next:], " ")
		if text == "" {
			return dst
		}
	}
}

// breakAt finds the end of the first line of a text and where the next starts.
func (f *Faces) breakAt(w Weight, size fixed.Int26_6, width float64, text string) (end, next int) {
	used := 0.0
	last := 0 // the last place where a break is allowed
	var before rune
	for i, r := range text {
		if i > 0 && mayBreak(before, r) {
			last = i
		}
		used += f.advance(w, r, size)
		// A space may hang over the edge: it is not drawn at a line's end.
		if used > width && r != ' ' && i > 0 {
			if last > 0 {
				return last, last
			}
			return i, i
		}
		before = r
	}
	return len(text), len(text)
}

// mayBreak says whether a line may end between two runes.
func mayBreak(a, b rune) bool {
	if b == ' ' || strings.ContainsRune(closing, b) || strings.ContainsRune(opening, a) {
		return false
	}
	if a == ' ' || a == '-' || a == '/' {
		return a == ' ' || unicode.IsLetter(b)
	}
	return ideographic(a) || ideographic(b)
}

// closing must not start a line, opening must not end one.
const (
	closing = "，。、；：！？）》」』”’…·,.;:!?)]}%％"
	opening = "（《「『“‘([{"
)

// ideographic says whether a rune is of a script that is written without spaces.
func ideographic(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xffef
}
