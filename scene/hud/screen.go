package hud

import "math"

// Screen is one of the large panels; one at a time is shown, and while one is
// the hands are its own.
type Screen uint8

// The screens.
const (
	ScreenNone Screen = iota
	ScreenMenu
	ScreenSearch
	ScreenCart
	ScreenMap
	ScreenSettings
)

// screenLayers are the screens' layers.
var screenLayers = [...]int{ScreenNone: -1, ScreenMenu: layerMenu, ScreenSearch: layerSearch, ScreenCart: layerCart, ScreenMap: layerMap, ScreenSettings: layerSettings}

// Show shows a screen in place of the one before; [ScreenNone] closes it.
func (h *HUD) Show(s Screen) {
	if s == h.screen || int(s) >= len(screenLayers) {
		return
	}
	before := h.screen
	h.screen = s
	switch s {
	case ScreenMenu:
		h.menu.sel = 0
	case ScreenSearch:
		h.Box()
	case ScreenMap:
		h.market.open()
	}
	for _, k := range [...]Screen{before, s} {
		if k != ScreenNone {
			h.opened(screenLayers[k], k == s)
		}
	}
	h.touch(layerMarks, layerChat)
}

// Screen is what is shown.
func (h *HUD) Screen() Screen { return h.screen }

// navigateScreen obeys a move on the screen shown.
func (h *HUD) navigateScreen(n Nav) Action {
	switch h.screen {
	case ScreenSearch:
		return h.navigateSearch(n)
	case ScreenCart:
		return h.navigateCart(n)
	case ScreenMap:
		return h.navigateMap(n)
	case ScreenSettings:
		return h.navigateSettings(n)
	}
	if n == NavAccept {
		return menuEntries[h.menu.sel].action
	}
	if n == NavNext {
		n = NavDown
	}
	h.menu.move(n)
	return ActNone
}

// pointAt chooses the row that the pointer is on.
func (h *HUD) pointAt(a Action) {
	l, row := &h.menu, a.Row()
	switch h.screen {
	case ScreenSearch:
		if l = &h.search.list; a.Kind() == actKey || a.Kind() == actBox {
			return
		}
	case ScreenCart:
		l = &h.cart.list
	case ScreenMap:
		l = &h.market.list
		if a.Kind() != ActDistrict {
			return
		}
	case ScreenSettings:
		l = &h.settings.list
	case ScreenMenu:
		row = menuRow(a)
	}
	if a == ActCloseScreen || row < 0 || row >= l.n || row == l.sel || a.Kind() == ActBuyAll {
		return
	}
	l.sel = row
	h.touch(screenLayers[h.screen], layerMarks)
}

// Scroll turns the wheel by notches, up positive, with the pointer at a point:
// lists scroll, the map comes nearer.
func (h *HUD) Scroll(notches float64, x, y int) {
	rows := int(math.Round(-3 * notches))
	switch h.screen {
	case ScreenSearch:
		h.search.list.wheel(rows)
	case ScreenCart:
		h.cart.list.wheel(rows)
	case ScreenSettings:
		h.settings.list.wheel(rows)
	case ScreenMap:
		h.zoomAt(int(math.Copysign(1, notches)), x, y)
	default:
		return
	}
	h.touch(screenLayers[h.screen])
}

// header appends a screen's sign, title and closing cross, and returns where
// the rest begins.
func (b *builder) header(box rect, sign iconID, title string) float64 {
	u := b.u
	b.closeButton(box, ActCloseScreen)
	b.icon(sign, box.x+pad*u, box.y+21*u, 26*u, b.accent)
	b.text(box.x+(pad+38)*u, box.y+12*u, 44*u, box.w-(2*pad+80)*u, styleTitle, colText, title)
	return box.y + 68*u
}

// row appends the ground of a list's row, marked where it is the chosen one.
func (b *builder) row(r rect, a Action, chosen bool) {
	r = r.snapped()
	switch {
	case chosen:
		b.box(r, 12*b.u, colRaised2)
		b.box(rect{r.x, r.y + 8*b.u, 4 * b.u, r.h - 16*b.u}, 2*b.u, b.accent)
	case b.h.hover == a:
		b.box(r, 12*b.u, colRaised)
	}
	b.hit(r, a)
}

// scrollBar appends how far a list is scrolled, where not all of it is shown.
func (b *builder) scrollBar(x, y, height float64, l *list) {
	if l.n <= l.rows || l.n == 0 {
		return
	}
	w := 4 * b.u
	b.box(rect{x, y, w, height}, w/2, colTrack)
	part := math.Max(24*b.u, height*float64(l.rows)/float64(l.n))
	at := (height - part) * float64(l.top) / float64(l.n-l.rows)
	b.box(rect{x, y + at, w, part}, w/2, colMuted)
}

// square appends a small button with a sign alone.
func (b *builder) square(r rect, a Action, sign iconID, on, dim bool) {
	r = r.snapped()
	ground, ink := colRaised, colText
	if on {
		ink = b.accent
	}
	if dim {
		ink = colMuted
	}
	if b.h.hover == a {
		ground = colRaised2
	}
	b.box(r, 10*b.u, ground)
	if on {
		b.frame(r, 10*b.u, b.u, ink)
	}
	size := 20 * b.u
	b.icon(sign, r.x+(r.w-size)/2, r.y+(r.h-size)/2, size, ink)
	b.hit(r, a)
}

// legend is a key with what it does.
type legend struct{ key, what string }

// legends appends keys with what they do, in as many lines as they need from
// the bottom up, and returns their height. With dry nothing is appended.
func (b *builder) legends(x, bottom, width float64, all []legend, dry bool) float64 {
	u := b.u
	line := 30 * u
	wide := func(l legend) float64 {
		return math.Max(22*u, b.measure(styleKey, l.key)+12*u) + 7*u + b.measure(styleSmall, l.what) + 16*u
	}
	lines, at := 1, 0.0
	for _, l := range all {
		w := wide(l)
		if at > 0 && at+w > width+16*u {
			lines, at = lines+1, 0
		}
		at += w
	}
	if dry {
		return float64(lines) * line
	}
	y, at := bottom-float64(lines)*line, 0.0
	for _, l := range all {
		w := wide(l)
		if at > 0 && at+w > width+16*u {
			y, at = y+line, 0
		}
		k := b.key(x+at, y+line/2, l.key, colMuted)
		b.text(x+at+k+7*u, y, line, width, styleSmall, colMuted, l.what)
		at += w
	}
	return float64(lines) * line
}
