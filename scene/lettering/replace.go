package lettering

import (
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// standIn is drawn for a rune that no font has: seen, but no box.
const standIn = '·'

// lookAlike are runes that compatibility does not take apart but that have a
// plain cousin.
var lookAlike = map[rune]rune{
	'‐': '-', '‑': '-', '‒': '–', '―': '—', '−': '-',
	'′': '\'', '″': '"', '⁄': '/', '∙': '·', '・': '·', '●': '•', '○': '•',
	'→': '>', '←': '<', '✓': '√', '✔': '√', '✕': '×', '✖': '×', '★': '*', '☆': '*',
	'，': ',', '。': '.', '、': ',', '：': ':', '；': ';', '！': '!', '？': '?',
	'（': '(', '）': ')', '「': '"', '」': '"', '『': '"', '』': '"', '《': '"', '》': '"',
}

// resolve decides what is drawn for a rune: itself, its parts, a cousin, or
// the middle dot.
func (f *Faces) resolve(w Weight, r rune) source {
	if silent(r) {
		return source{font: -1, exact: true}
	}
	if s, ok := f.direct(w, r); ok {
		return s
	}
	if c, ok := lookAlike[r]; ok {
		if s, ok := f.direct(w, c); ok {
			s.exact = false
			return s
		}
	}
	if s, ok := f.apart(w, r); ok {
		return s
	}
	s, _ := f.direct(w, standIn)
	s.exact = false
	return s
}

// apart takes a rune into its compatible letters. Marks that no font has are
// dropped; any other part that is missing makes the whole fail.
func (f *Faces) apart(w Weight, r rune) (source, bool) {
	parts := norm.NFKD.String(string(r))
	if parts == string(r) {
		return source{}, false
	}
	var first source
	var more []rune
	found := false
	for _, p := range parts {
		if unicode.Is(unicode.Mn, p) {
			continue
		}
		if c, ok := lookAlike[p]; ok {
			p = c
		}
		s, ok := f.direct(w, p)
		switch {
		case !ok:
			return source{}, false
		case !found:
			first, found = s, true
		default:
			more = append(more, p)
		}
	}
	first.exact, first.more = false, string(more)
	return first, found
}

// silent runes draw nothing and take no room.
func silent(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r)
}
