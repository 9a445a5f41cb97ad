// Package search finds items of a catalogue by what a visitor types: words
// and beginnings of words in any language written with spaces, parts of texts
// in Chinese, and limits of price. Pure: no clock, no goroutine, no I/O.
//
// Every word typed must be in the item: in its name, its category or those
// above, its attributes, its seller or its description. Where it is found
// decides the order: a name counts more than a category, that more than the rest.
//
// Read [New] first, then [Index.Find]; query.go says what can be typed.
package search

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"souk/world"
	"souk/world/catalog"
)

// field is where a word was found; a later one counts for more.
type field uint8

const (
	inDescription field = iota
	inSeller
	inAttribute
	inCategory
	inName
	fields
)

// weight is what a place is worth, by [field].
var weight = [fields]int32{1, 4, 5, 7, 10}

// The worth of a word found whole and of one found by its beginning, times its
// place's weight. A part of a Chinese text counts as a whole word: there are
// no spaces to tell.
const (
	whole     = 3
	beginning = 2
)

// posting is an item with the best field that has the term: the item in the
// upper bits, so that a list is in the order of items.
type posting uint32

const fieldBits = 3

func (p posting) item() world.ItemIndex { return world.ItemIndex(p >> fieldBits) }
func (p posting) field() field          { return field(p & (1<<fieldBits - 1)) }

// Result is an item found.
type Result struct {
	Item  world.ItemIndex
	Score int32 // higher is better; only the order means anything
}

// Index is a catalogue made ready for searching. One goroutine at a time: Find
// uses working memory of the index.
type Index struct {
	c *catalog.Catalog
	// words are the terms of scripts with spaces, sorted; grams are one or two
	// neighbouring characters of scripts without.
	words []string
	lists [][]posting // by word
	grams map[[2]rune][]posting

	query  query
	round  uint32
	seen   []uint32 // by item: round and word in which it was last found
	best   []int32  // by item: of the present word
	sum    []int32  // by item: of all words so far
	hits   []world.ItemIndex
	sorted []Result
	text   []byte
	runes  []rune
}

// New makes the index of a catalogue, which must not change afterwards. It
// takes about a second for 50,000 items: not a thing for the frame loop.
func New(c *catalog.Catalog) *Index {
	b := newBuilder(c)
	for i := range c.Items {
		b.item(world.ItemIndex(i))
	}
	n := len(c.Items)
	ix := &Index{c: c, grams: b.grams, seen: make([]uint32, n), best: make([]int32, n), sum: make([]int32, n)}
	ix.words, ix.lists = b.sortedWords()
	return ix
}

// Find searches for what was typed and appends at most limit results to dst,
// the best first; total is how many there are in all. Equal ones come with
// those in stock first, then the cheaper. Nothing typed finds everything. It
// allocates nothing once dst and the working memory have grown.
func (ix *Index) Find(dst []Result, typed string, limit int) (results []Result, total int) {
	ix.parse(typed)
	q := &ix.query
	ix.hits = ix.hits[:0]
	switch {
	case q.empty(): // nothing but limits of price, or nothing at all
		for i := range ix.c.Items {
			ix.sum[i] = 0
			ix.hits = append(ix.hits, world.ItemIndex(i))
		}
	default:
		ix.gather()
	}
	kept := ix.hits[:0]
	for _, item := range ix.hits {
		if p := ix.c.Items[item].Price; p >= q.least && p <= q.most && ix.holds(item) {
			kept = append(kept, item)
		}
	}
	return ix.pick(dst, kept, limit), len(kept)
}

// gather finds the items that have every term, and their scores.
func (ix *Index) gather() {
	const roundStep = 64 // more than maxTerms
	if ix.round += roundStep; ix.round < roundStep {
		clear(ix.seen)
		ix.round = roundStep
	}
	q := &ix.query
	for k := range q.terms {
		t := &q.terms[k]
		last := k == len(q.terms)-1
		if t.han {
			ix.take(k, last, ix.grams[t.gram], whole)
			continue
		}
		text := ix.text[t.from:t.to]
		from, _ := slices.BinarySearchFunc(ix.words, text, compare)
		for w := from; w < len(ix.words) && begins(ix.words[w], text); w++ {
			worth := int32(beginning)
			if len(ix.words[w]) == len(text) {
				worth = whole
			}
			ix.take(k, last, ix.lists[w], worth)
		}
	}
}

// take counts a list of postings for the k-th term: only for items that had
// all the terms before it, and the best of several places only. A further
// gram of a Chinese text narrows, and counts nothing.
func (ix *Index) take(k int, last bool, list []posting, worth int32) {
	now := ix.round + uint32(k)
	counts := ix.query.terms[k].counts
	for _, p := range list {
		item := p.item()
		score := int32(0)
		if counts {
			score = worth * weight[p.field()]
		}
		switch {
		case ix.seen[item] == now:
			if score > ix.best[item] {
				ix.sum[item] += score - ix.best[item]
				ix.best[item] = score
			}
			continue
		case k == 0:
			ix.sum[item] = 0
		case ix.seen[item] != now-1:
			continue
		}
		ix.seen[item], ix.best[item] = now, score
		ix.sum[item] += score
		if last {
			ix.hits = append(ix.hits, item)
		}
	}
}

// holds checks the Chinese parts of three characters and more against the
// texts themselves, because neighbours of two only narrow, and counts where
// they are.
func (ix *Index) holds(item world.ItemIndex) bool {
	for _, r := range ix.query.runs {
		f, ok := ix.where(item, ix.text[r.from:r.to])
		if !ok {
			return false
		}
		ix.sum[item] += whole * weight[f]
	}
	return true
}

// where is the best place of an item that has a part of a text.
func (ix *Index) where(item world.ItemIndex, part []byte) (field, bool) {
	it := &ix.c.Items[item]
	if has(it.Name, part) {
		return inName, true
	}
	for c := it.Category; c != world.NoCategory; c = ix.c.Categories[c].Parent {
		if has(ix.c.Categories[c].Name, part) {
			return inCategory, true
		}
	}
	for i := range it.Attributes {
		if contains(it.Attributes[i].Value, part) {
			return inAttribute, true
		}
	}
	if has(ix.c.Sellers[it.Seller].Name, part) {
		return inSeller, true
	}
	return inDescription, has(it.Description, part)
}

func has(t world.Text, part []byte) bool { return contains(t.ZH, part) || contains(t.EN, part) }

// contains is strings.Contains without a new string.
func contains(text string, part []byte) bool {
	for {
		i := strings.IndexByte(text, part[0])
		if i < 0 || len(text)-i < len(part) {
			return false
		}
		if text[i:i+len(part)] == string(part) {
			return true
		}
		text = text[i+1:]
	}
}

// pick sorts the best of what was found into dst, through a heap with the
// worst on top.
func (ix *Index) pick(dst []Result, items []world.ItemIndex, limit int) []Result {
	heap := ix.sorted[:0]
	for _, item := range items {
		r := Result{item, ix.sum[item]}
		switch {
		case len(heap) < limit:
			heap = append(heap, r)
			for i := len(heap) - 1; i > 0 && ix.before(heap[(i-1)/2], heap[i]); i = (i - 1) / 2 {
				heap[i], heap[(i-1)/2] = heap[(i-1)/2], heap[i]
			}
		case limit > 0 && ix.before(r, heap[0]):
			heap[0] = r
			ix.sink(heap, 0)
		}
	}
	ix.sorted = heap
	for n := len(heap) - 1; n > 0; n-- {
		heap[0], heap[n] = heap[n], heap[0]
		ix.sink(heap[:n], 0)
	}
	return append(dst, heap...)
}

// sink moves an entry down to where it belongs.
func (ix *Index) sink(heap []Result, i int) {
	for {
		c := 2*i + 1
		if c >= len(heap) {
			return
		}
		if c+1 < len(heap) && ix.before(heap[c], heap[c+1]) {
			c++
		}
		if !ix.before(heap[i], heap[c]) {
			return
		}
		heap[i], heap[c] = heap[c], heap[i]
		i = c
	}
}

// before says whether a is listed before b.
func (ix *Index) before(a, b Result) bool {
	if a.Score != b.Score {
		return a.Score > b.Score
	}
	x, y := &ix.c.Items[a.Item], &ix.c.Items[b.Item]
	if (x.Stock > 0) != (y.Stock > 0) {
		return x.Stock > 0
	}
	if x.Price != y.Price {
		return x.Price < y.Price
	}
	return a.Item < b.Item
}

// compare orders a word and what was typed.
func compare(word string, text []byte) int {
	n := min(len(word), len(text))
	for i := range n {
		if word[i] != text[i] {
			return cmp.Compare(word[i], text[i])
		}
	}
	return cmp.Compare(len(word), len(text))
}

// begins says whether a word begins with what was typed.
func begins(word string, text []byte) bool {
	return len(word) >= len(text) && word[:len(text)] == string(text)
}

// sortedWords are the words in order, with their lists.
func (b *builder) sortedWords() ([]string, [][]posting) {
	words := make([]string, 0, len(b.ids))
	for w := range b.ids {
		words = append(words, w)
	}
	sort.Strings(words)
	lists := make([][]posting, len(words))
	for i, w := range words {
		lists[i] = b.lists[b.ids[w]]
	}
	return words, lists
}
