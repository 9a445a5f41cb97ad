package hud

import (
	"math"
	"unicode/utf8"
)

// keyRows is the keyboard for the gamepad; the last row holds the space, the
// eraser and the way to the list.
var keyRows = [...]string{"1234567890", "qwertyuiop", "asdfghjkl-", "zxcvbnm<>."}

const (
	keyColumns = 10
	wideRow    = len(keyRows)
	keySpace   = 1000
	keyErase   = 1001
	keyList    = 1002
)

// wideKeys are the keys of the last row with the columns that they end before.
var wideKeys = [...]struct{ key, end int }{{keySpace, 4}, {keyErase, 7}, {keyList, keyColumns}}

// keyAt is the key at a row and column.
func keyAt(row, col int) int {
	if row < wideRow {
		return row*keyColumns + col
	}
	for _, k := range wideKeys {
		if col < k.end {
			return k.key
		}
	}
	return keyList
}

// navigateKeys moves on the keyboard, or strikes a key. Down from the last row
// is the way to the list.
func (h *HUD) navigateKeys(n Nav) Action {
	s := &h.search
	switch n {
	case NavUp:
		s.row = max(0, s.row-1)
	case NavDown:
		if s.row == wideRow && s.n > 0 && !h.chat.typing {
			s.place = placeList
		}
		s.row = min(wideRow, s.row+1)
	case NavLeft, NavRight:
		step := map[Nav]int{NavLeft: -1, NavRight: 1}[n]
		from := keyAt(s.row, s.col)
		for range keyColumns { // a wide key is left by one press
			if s.col = (s.col + step + keyColumns) % keyColumns; keyAt(s.row, s.col) != from {
				break
			}
		}
	case NavAccept:
		return h.strike(keyAt(s.row, s.col))
	}
	return ActNone
}

// Keys moves on the keyboard for the gamepad while chat is typed with it, or
// strikes a key, and returns what that asks for.
func (h *HUD) Keys(n Nav) Action {
	h.touch(layerChat)
	if n == NavErase || n == NavDelete {
		h.Edit(NavErase)
		return ActNone
	}
	return h.navigateKeys(n)
}

// strike does what a key of the keyboard does. The last one leads from a search
// to its list, and sends what was said.
func (h *HUD) strike(key int) Action {
	switch {
	case key == keyList && h.chat.typing:
		return ActSend
	case key == keySpace:
		h.TypeRune(' ')
	case key == keyErase:
		h.Edit(NavErase)
	case key == keyList:
		if h.search.n > 0 {
			h.search.place = placeList
			h.touch(layerSearch)
		}
	case key >= 0 && key < wideRow*keyColumns:
		h.TypeRune(rune(keyRows[key/keyColumns][key%keyColumns]))
	}
	return ActNone
}

// keyboard appends the keyboard and returns its height. With dry nothing is
// appended.
func (b *builder) keyboard(x, y, width float64, dry bool) float64 {
	u, s := b.u, &b.h.search
	gap := 5 * u
	kh := 34 * u
	kw := math.Min(58*u, (width-gap*(keyColumns-1))/keyColumns)
	if dry {
		return float64(wideRow+1) * (kh + gap)
	}
	for row := range wideRow {
		for col := range keyColumns {
			r := rect{x + float64(col)*(kw+gap), y + float64(row)*(kh+gap), kw, kh}
			_, n := utf8.DecodeRuneInString(keyRows[row][col:])
			b.keyCap(r, row*keyColumns+col, s.row == row && s.col == col, keyRows[row][col:col+n], iconNone)
		}
	}
	from := 0
	top := y + float64(wideRow)*(kh+gap)
	for _, k := range wideKeys {
		r := rect{x + float64(from)*(kw+gap), top, float64(k.end-from)*(kw+gap) - gap, kh}
		label, sign := b.w.Space, iconNone
		switch k.key {
		case keyErase:
			label, sign = "", iconErase
		case keyList:
			if label = b.w.KeyList; b.h.chat.typing {
				label = b.w.Send
			}
		}
		b.keyCap(r, k.key, s.row == wideRow && keyAt(s.row, s.col) == k.key, label, sign)
		from = k.end
	}
	return float64(wideRow+1) * (kh + gap)
}

// keyCap appends one key.
func (b *builder) keyCap(r rect, key int, chosen bool, label string, sign iconID) {
	a := actKey.Of(key)
	ground, ink := colRaised, colText
	if b.h.hover == a {
		ground = colRaised2
	}
	if chosen {
		ground, ink = b.accent, b.onAcc
	}
	b.box(r, 8*b.u, ground)
	if sign != iconNone {
		b.icon(sign, r.x+(r.w-20*b.u)/2, r.y+(r.h-20*b.u)/2, 20*b.u, ink)
	} else {
		b.centred(r.x, r.y, r.h, r.w, styleLabel, ink, label)
	}
	b.hit(r, a)
}
