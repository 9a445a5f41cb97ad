package search

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"souk/world"
	"souk/world/catalog"
)

// builder collects the lists. Texts that many items share (categories,
// sellers, attributes) are taken apart once.
type builder struct {
	c      *catalog.Catalog
	ids    map[string]int32
	lists  [][]posting
	grams  map[[2]rune][]posting
	shared map[string]apart
	runes  []rune
	buf    []byte
}

// apart is a text taken apart.
type apart struct {
	words []int32
	grams [][2]rune
}

func newBuilder(c *catalog.Catalog) *builder {
	return &builder{c: c, ids: map[string]int32{}, grams: map[[2]rune][]posting{}, shared: map[string]apart{}}
}

// item enters an item into the lists of all its terms.
func (b *builder) item(i world.ItemIndex) {
	it := &b.c.Items[i]
	b.text(i, it.Name.EN, inName)
	b.text(i, it.Name.ZH, inName)
	for c := it.Category; c != world.NoCategory; c = b.c.Categories[c].Parent {
		b.known(i, b.c.Categories[c].Name.EN, inCategory)
		b.known(i, b.c.Categories[c].Name.ZH, inCategory)
	}
	for k := range it.Attributes {
		b.known(i, it.Attributes[k].Value, inAttribute)
	}
	s := &b.c.Sellers[it.Seller]
	b.known(i, s.Name.EN, inSeller)
	b.known(i, s.Name.ZH, inSeller)
	b.text(i, it.Description.EN, inDescription)
	b.text(i, it.Description.ZH, inDescription)
}

// text enters a text that is the item's own.
func (b *builder) text(i world.ItemIndex, text string, f field) {
	b.each(text, func(word []byte) {
		id := b.id(word)
		b.lists[id] = enter(b.lists[id], i, f)
	}, func(gram [2]rune) { b.grams[gram] = enter(b.grams[gram], i, f) })
}

// known enters a text that many items have.
func (b *builder) known(i world.ItemIndex, text string, f field) {
	a, ok := b.shared[text]
	if !ok {
		b.each(text, func(word []byte) { a.words = append(a.words, b.id(word)) }, func(gram [2]rune) { a.grams = append(a.grams, gram) })
		b.shared[text] = a
	}
	for _, id := range a.words {
		b.lists[id] = enter(b.lists[id], i, f)
	}
	for _, gram := range a.grams {
		b.grams[gram] = enter(b.grams[gram], i, f)
	}
}

// id is a word's row in lists.
func (b *builder) id(word []byte) int32 {
	if id, ok := b.ids[string(word)]; ok {
		return id
	}
	id := int32(len(b.lists))
	b.ids[string(word)] = id
	b.lists = append(b.lists, nil)
	return id
}

// enter appends an item to a list; the same item again only takes the better
// field.
func enter(list []posting, i world.ItemIndex, f field) []posting {
	p := posting(i)<<fieldBits | posting(f)
	if n := len(list); n > 0 && list[n-1].item() == i {
		list[n-1] = max(list[n-1], p)
		return list
	}
	return append(list, p)
}

// each takes a text apart: words of scripts with spaces, folded; single
// characters and pairs of neighbours of scripts without.
func (b *builder) each(text string, word func([]byte), gram func([2]rune)) {
	b.runes = fold(b.runes[:0], text)
	for i := 0; i < len(b.runes); {
		r := b.runes[i]
		switch {
		case spaceless(r):
			gram([2]rune{r})
			if i+1 < len(b.runes) && spaceless(b.runes[i+1]) {
				gram([2]rune{r, b.runes[i+1]})
			}
			i++
		case ofWord(r):
			b.buf = b.buf[:0]
			for ; i < len(b.runes) && ofWord(b.runes[i]) && !spaceless(b.runes[i]); i++ {
				b.buf = utf8.AppendRune(b.buf, b.runes[i])
			}
			word(b.buf)
		default:
			i++
		}
	}
}

// ofWord says whether a rune belongs to a word.
func ofWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// spaceless says whether a rune is of a script that is written without spaces.
func spaceless(r rune) bool {
	return r >= 0x2e80 && (unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana))
}

// fold appends a text's runes in lower case, without accents, and full-width
// forms as plain ones. Text without any of these costs nothing more.
func fold(dst []rune, text string) []rune {
	for _, r := range text {
		switch {
		case r < utf8.RuneSelf:
			if 'A' <= r && r <= 'Z' {
				r += 'a' - 'A'
			}
			dst = append(dst, r)
		case spaceless(r):
			dst = append(dst, r)
		case r >= 0xff01 && r <= 0xff5e: // full-width ASCII, as Chinese keyboards give it
			dst = fold(dst, string(r-0xfee0))
		default:
			for _, p := range norm.NFKD.String(string(r)) {
				if !unicode.Is(unicode.Mn, p) {
					dst = append(dst, unicode.ToLower(p))
				}
			}
		}
	}
	return dst
}
