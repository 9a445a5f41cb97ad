package search

import (
	"math"
	"strings"
	"unicode/utf8"

	"souk/world"
)

// What can be typed: words and Chinese, in any order and mixed, and limits of
// price: <20, >5, <=19.99, >=3, 5-20, with full-width signs too. The last
// limit of a kind counts. Other signs separate words.

// maxTerms bounds a query; what is typed beyond it is left out.
const maxTerms = 48

// term is a word, or one gram of a Chinese text.
type term struct {
	from, to int // of a word, in Index.text
	gram     [2]rune
	han      bool
	counts   bool // adds to the score; a gram of a longer text only narrows
}

// part is a stretch of Index.text.
type part struct{ from, to int }

// query is what was typed, taken apart.
type query struct {
	terms       []term
	runs        []part // Chinese of three characters and more
	least, most world.Cents
}

// empty says whether no word was typed.
func (q *query) empty() bool { return len(q.terms) == 0 }

// parse takes apart what was typed.
func (ix *Index) parse(typed string) {
	q := &ix.query
	q.terms, q.runs, ix.text = q.terms[:0], q.runs[:0], ix.text[:0]
	q.least, q.most = 0, math.MaxInt64
	ix.runes = fold(ix.runes[:0], typed)
	rs := ix.runes
	for i := 0; i < len(rs) && len(q.terms) < maxTerms; {
		switch {
		case rs[i] == '<' || rs[i] == '>' || rs[i] == '《' || rs[i] == '》':
			i = q.limit(rs, i)
		case spaceless(rs[i]):
			i = ix.parseHan(rs, i)
		case ofWord(rs[i]):
			if end, ok := q.span(rs, i); ok {
				i = end
				continue
			}
			t := term{from: len(ix.text), counts: true}
			for ; i < len(rs) && ofWord(rs[i]) && !spaceless(rs[i]); i++ {
				ix.text = utf8.AppendRune(ix.text, rs[i])
			}
			t.to = len(ix.text)
			q.terms = append(q.terms, t)
		default:
			i++
		}
	}
}

// parseHan takes a run of characters without spaces and returns where it ends.
func (ix *Index) parseHan(rs []rune, i int) int {
	q := &ix.query
	end := i
	for end < len(rs) && spaceless(rs[end]) {
		end++
	}
	if end-i <= 2 {
		t := term{han: true, counts: true, gram: [2]rune{rs[i]}}
		if end-i == 2 {
			t.gram[1] = rs[i+1]
		}
		q.terms = append(q.terms, t)
		return end
	}
	from := len(ix.text)
	for k := i; k < end; k++ {
		ix.text = utf8.AppendRune(ix.text, rs[k])
		if k+1 < end && len(q.terms) < maxTerms {
			q.terms = append(q.terms, term{han: true, gram: [2]rune{rs[k], rs[k+1]}})
		}
	}
	q.runs = append(q.runs, part{from, len(ix.text)})
	return end
}

// limit reads "<20", ">= 5" and the like from a sign on, and returns where it
// ends. A sign without a number is nothing.
func (q *query) limit(rs []rune, i int) int {
	below := rs[i] == '<' || rs[i] == '《'
	i++
	orEqual := i < len(rs) && rs[i] == '='
	if orEqual {
		i++
	}
	for i < len(rs) && rs[i] == ' ' {
		i++
	}
	cents, end := money(rs, i)
	if end == i {
		return i
	}
	switch {
	case below && orEqual:
		q.most = cents
	case below:
		q.most = cents - 1
	case orEqual:
		q.least = cents
	default:
		q.least = cents + 1
	}
	return end
}

// span reads "5-20"; ok is false where that is not what stands there.
func (q *query) span(rs []rune, i int) (end int, ok bool) {
	a, k := money(rs, i)
	if k == i || k >= len(rs) || !strings.ContainsRune("-–~", rs[k]) {
		return i, false
	}
	b, end := money(rs, k+1)
	if end == k+1 || end < len(rs) && ofWord(rs[end]) {
		return i, false
	}
	q.least, q.most = min(a, b), max(a, b)
	return end, true
}

// maxAmount is more than anything costs, in hundredths, and far from overflow.
const maxAmount = 1 << 50

// money reads an amount, "12" or "12.9", and returns where it ends: i where
// there is none.
func money(rs []rune, i int) (c world.Cents, end int) {
	end = i
	for ; end < len(rs) && rs[end] >= '0' && rs[end] <= '9'; end++ {
		c = min(c*10+world.Cents(rs[end]-'0')*100, maxAmount)
	}
	if end == i || end+1 >= len(rs) || rs[end] != '.' || rs[end+1] < '0' || rs[end+1] > '9' {
		return c, end
	}
	unit := world.Cents(10)
	for end++; end < len(rs) && rs[end] >= '0' && rs[end] <= '9'; end++ {
		c += unit * world.Cents(rs[end]-'0')
		unit /= 10
	}
	return c, end
}
