package hud

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// MaxQuery is the longest text of a search, bytes.
const MaxQuery = 120

// Found is an item as a line of the search's list, in the visitor's language.
type Found struct {
	Name, Sub, Price string // Sub is what it is and from whom
	Stock            int32
	InCart           bool
}

// place is where on the search's screen the hands are.
type place uint8

const (
	placeBox  place = iota // typing
	placeKeys              // on the keyboard for the gamepad
	placeList
)

// searchBox is the search: what is typed and what was found.
type searchBox struct {
	entry
	list
	place    place
	found    []Found
	total    int
	waiting  bool
	row, col int  // of the keyboard for the gamepad
	pad      bool // the gamepad is in the hands
}

// SetFound changes the list: the best of all that was found, and how many
// there are in all.
func (h *HUD) SetFound(found []Found, total int) {
	s := &h.search
	if total == s.total && slices.Equal(found, s.found) {
		return
	}
	s.found, s.total = append(s.found[:0], found...), total
	s.resize(len(found))
	h.touch(layerSearch)
}

// SetWaiting says that nothing can be found yet.
func (h *HUD) SetWaiting(on bool) {
	if on != h.search.waiting {
		h.search.waiting = on
		h.touch(layerSearch)
	}
}

// Query is what is typed into the search.
func (h *HUD) Query() string { return h.search.text }

// SetQuery replaces what is typed; the choice goes to the best.
func (h *HUD) SetQuery(text string) {
	if text != h.search.text {
		h.search.set(strings.ToValidUTF8(text[:min(len(text), MaxQuery)], ""))
		h.typed()
	}
}

// typed follows a change of the text.
func (h *HUD) typed() {
	h.search.sel, h.search.top = 0, 0
	h.touch(layerSearch)
}

// Chosen is the chosen row of the search or the cart; −1 where there is none.
func (h *HUD) Chosen() int {
	switch {
	case h.screen == ScreenSearch && h.search.n > 0:
		return h.search.sel
	case h.screen == ScreenCart && h.cart.sel < len(h.cart.lines):
		return h.cart.sel
	}
	return -1
}

// Writing says whether what is typed is text: chat, or the search's.
func (h *HUD) Writing() bool {
	return h.chat.typing || h.screen == ScreenSearch && h.search.place != placeList && !h.Modal()
}

// SetPad says whether the gamepad is in the hands: then the search shows a
// keyboard for it, and the panels mention its buttons.
func (h *HUD) SetPad(on bool) {
	s := &h.search
	if on == s.pad {
		return
	}
	s.pad = on
	h.keys = h.named[0]
	if on {
		h.keys = h.named[1]
	}
	switch {
	case on && s.place == placeBox:
		s.place = placeKeys
	case !on && s.place == placeKeys:
		s.place = placeBox
	}
	h.touchAll()
}

// TypeRune adds a character to what is being typed: chat up to [MaxChat]
// bytes, a search up to [MaxQuery].
func (h *HUD) TypeRune(r rune) {
	switch {
	case h.chat.typing:
		if h.chat.insert(r, MaxChat) {
			h.touch(layerChat)
		}
	case h.Writing():
		if h.search.insert(r, MaxQuery) {
			h.typed()
		}
	}
}

// Edit moves the caret in what is being typed, or takes a character away;
// false where nothing is, or the move is none of these.
func (h *HUD) Edit(n Nav) bool {
	switch {
	case h.chat.typing:
		h.touch(layerChat)
		return h.chat.edit(n)
	case h.screen != ScreenSearch || h.search.place == placeList:
		return false
	}
	before := h.search.text
	ok := h.search.edit(n)
	h.touch(layerSearch)
	if h.search.text != before {
		h.typed()
	}
	return ok
}

// Box puts the hands into the search's text.
func (h *HUD) Box() {
	h.search.place = placeBox
	if h.search.pad {
		h.search.place = placeKeys
	}
	h.touch(layerSearch)
}

// Back leaves the innermost thing that the hands are in on a screen: from the
// gamepad's keyboard to the list, else the screen itself.
func (h *HUD) Back() {
	if h.screen == ScreenSearch && h.search.place == placeKeys && h.search.n > 0 {
		h.search.place = placeList
		h.touch(layerSearch)
		return
	}
	h.Show(ScreenNone)
}

// navigateSearch obeys a move: in the text, on the keyboard, in the list.
func (h *HUD) navigateSearch(n Nav) Action {
	s := &h.search
	switch s.place {
	case placeKeys:
		if n == NavErase || n == NavDelete {
			h.Edit(NavErase)
			return ActNone
		}
		return h.navigateKeys(n)
	case placeBox:
		switch {
		case n == NavAccept:
			return h.goChosen()
		case n == NavDown || n == NavNext:
			if s.n > 0 { // the best is chosen already: down is to the next
				s.place = placeList
				s.list.move(n)
			}
		case n == NavPageDown:
			s.list.move(n)
		default:
			h.Edit(n)
		}
		return ActNone
	}
	switch {
	case n == NavAccept:
		return h.goChosen()
	case n == NavUp && s.sel == 0, n == NavNext:
		h.Box()
	default:
		s.list.move(n)
	}
	return ActNone
}

// goChosen asks to go to the chosen item.
func (h *HUD) goChosen() Action {
	if h.search.n == 0 {
		return ActNone
	}
	return ActGo.Of(h.search.sel)
}

// buildSearch lays the search out at the left.
func (h *HUD) buildSearch(b *builder) {
	if h.screen != ScreenSearch {
		return
	}
	u, s := b.u, &h.search
	m := margin * u
	box := rect{m, m, math.Min(800*u, b.width-2*m), b.height - 2*m}
	b.panel(box)
	x, width := box.x+pad*u, box.w-2*pad*u
	in := rect{x - 6*u, box.y + 14*u, width - 40*u, 52 * u}
	b.box(in, 14*u, colRaised)
	if s.place == placeList {
		b.frame(in, 14*u, u, colBorder)
	} else {
		b.frame(in, 14*u, 2*u, b.accent)
	}
	b.icon(iconSearch, in.x+14*u, in.y+14*u, 24*u, b.accent)
	b.hit(in, actBox)
	b.entry(rect{in.x + 50*u, in.y, in.w - 62*u, in.h}, styleEntry, &s.entry, b.w.SearchPrompt, s.place != placeList)
	b.closeButton(box, ActCloseScreen)
	y := in.y + in.h + 8*u
	count := fmt.Sprintf(b.w.FoundF, s.total)
	if s.total == 1 {
		count = b.w.OneFound
	}
	line := b.lineHeight(styleSmall)
	w := b.right(x+width, y, line, width*0.4, styleSmall, colText, count)
	b.text(x, y, line, width-w-16*u, b.squeeze(styleSmall, width-w-16*u, b.w.SearchHelp), colMuted, b.w.SearchHelp)
	y += line + 8*u
	if s.place == placeKeys {
		y += b.keyboard(x, y, width, false) + 8*u
	}
	foot := b.legends(x, 0, width, h.searchLegend(b), true)
	bottom := box.y + box.h - 12*u
	b.legends(x, bottom, width, h.searchLegend(b), false)
	h.foundRows(b, rect{x - 10*u, y, width + 20*u, bottom - foot - 8*u - y})
}

// searchLegend is what the keys do where the hands are.
func (h *HUD) searchLegend(b *builder) []legend {
	w := b.w
	switch s := &h.search; {
	case s.pad && s.place == placeKeys:
		return []legend{{"A", w.KeyType}, {"X", "⌫"}, {"B", w.KeyList}, {"RB", w.KeyBuy}, {"Y", w.KeyTake}}
	case s.pad:
		return []legend{{"A", w.KeyGo}, {"RB", w.KeyBuy}, {"Y", w.KeyTake}, {"D-pad ↑", w.KeyType}, {"B", w.KeyClose}}
	case s.place == placeList:
		return []legend{{"Enter", w.KeyGo}, {h.keys.Buy, w.KeyBuy}, {h.keys.Cart, w.KeyTake}, {h.keys.Map, w.Map}, {h.keys.Search, w.KeyType}, {"Esc", w.KeyClose}}
	}
	return []legend{{"Enter", w.KeyGo}, {"Ctrl Enter", w.KeyBuy}, {"Shift Enter", w.KeyTake}, {"↓", w.KeyList}, {"Esc", w.KeyClose}}
}

// foundRows lists what was found.
func (h *HUD) foundRows(b *builder, r rect) {
	u, s := b.u, &h.search
	line, sub := b.lineHeight(styleLabel), b.lineHeight(styleSmall)
	rowH := math.Ceil(line + sub + 12*u)
	s.fit(int(r.h / rowH))
	if s.n == 0 {
		text := b.w.NothingFound
		if s.waiting {
			text = b.w.IndexWait
		}
		b.para(r.x+10*u, r.y+8*u, r.w-20*u, 3, styleBody, colText, text)
		return
	}
	b.scrollBar(r.x+r.w+2*u, r.y, rowH*float64(s.rows), &s.list)
	for i := s.top; i < s.shown(); i++ {
		f := &s.found[i]
		row := rect{r.x, r.y + float64(i-s.top)*rowH, r.w, rowH - 3*u}
		b.row(row, ActGo.Of(i), i == s.sel)
		if i == s.sel && s.place == placeList {
			b.frame(row, 12*u, 2*u, b.blue)
		}
		key := 40 * u
		bx := row.x + row.w - 2*key - 18*u
		b.square(rect{bx, row.y + (row.h-key)/2, key, key}, ActTake.Of(i), iconCart, f.InCart, false)
		b.square(rect{bx + key + 8*u, row.y + (row.h-key)/2, key, key}, ActBuyRow.Of(i), iconBag, false, f.Stock <= 0)
		top := row.y + (row.h-line-sub)/2
		pw := b.right(bx-16*u, top, line, 150*u, styleLabel, b.accent, f.Price)
		sw := b.stock(bx-16*u, top+line+sub/2, 170*u, f.Stock)
		tx := row.x + 16*u
		b.text(tx, top, line, bx-32*u-pw-tx, styleLabel, colText, f.Name)
		b.text(tx, top+line, sub, bx-32*u-sw-tx, styleSmall, colMuted, f.Sub)
	}
}
