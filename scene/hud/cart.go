package hud

import (
	"fmt"
	"math"
	"slices"
)

// CartLine is a line of the cart, in the visitor's language.
type CartLine struct {
	Name, Sub, Each, Sum string // what it is and from whom; the price of one and of all
	Quantity, Stock      int32
}

// cartView is the cart's screen.
type cartView struct {
	list
	lines []CartLine
	total string
}

// SetCart changes the cart's lines and what they cost together.
func (h *HUD) SetCart(lines []CartLine, total string) {
	c := &h.cart
	if total == c.total && slices.Equal(lines, c.lines) {
		return
	}
	c.lines, c.total = append(c.lines[:0], lines...), total
	n := len(lines)
	if n > 0 {
		n++ // the last row buys all
	}
	c.resize(n)
	h.touch(layerCart)
}

// navigateCart moves the choice, changes amounts, takes lines out.
func (h *HUD) navigateCart(n Nav) Action {
	c := &h.cart
	if c.n == 0 {
		return ActNone
	}
	onLine := c.sel < len(c.lines)
	switch {
	case n == NavAccept && !onLine:
		return ActBuyAll
	case n == NavAccept:
		return ActGo.Of(c.sel)
	case onLine && n == NavLeft:
		return ActLess.Of(c.sel)
	case onLine && n == NavRight:
		return ActMore.Of(c.sel)
	case onLine && (n == NavErase || n == NavDelete):
		return ActRemove.Of(c.sel)
	case n == NavNext:
		c.sel = (c.sel + 1) % c.n
		c.fit(c.rows)
	default:
		c.move(n)
	}
	return ActNone
}

// buildCart lays the cart out in the middle.
func (h *HUD) buildCart(b *builder) {
	if h.screen != ScreenCart {
		return
	}
	u, c := b.u, &h.cart
	width := math.Min(760*u, b.width-2*margin*u)
	line, sub := b.lineHeight(styleLabel), b.lineHeight(styleSmall)
	rowH := math.Ceil(line + sub + 16*u)
	legends := h.cartLegend(b)
	foot := b.legends(0, 0, width-2*pad*u, legends, true) + (buttonH+34)*u
	if len(c.lines) == 0 {
		foot = b.legends(0, 0, width-2*pad*u, legends, true) + 12*u
	}
	body := math.Max(rowH*float64(len(c.lines)), line*3+sub)
	available := b.height - 2*margin*u - 68*u - foot
	rows := max(1, min(len(c.lines), int(available/rowH)))
	if len(c.lines) > 0 {
		body = rowH * float64(rows)
	}
	box := rect{(b.width - width) / 2, 0, width, 68*u + body + foot}
	box.y = math.Max(0, math.Round((b.height-box.h)/2))
	b.panel(box)
	x, w := box.x+pad*u, box.w-2*pad*u
	y := b.header(box, iconCart, b.w.Cart)
	b.legends(x, box.y+box.h-10*u, w, legends, false)
	if len(c.lines) == 0 {
		y += b.para(x, y, w, 2, styleLabel, colText, b.w.CartEmpty)
		b.para(x, y, w, 3, styleBody, colMuted, b.w.CartEmptySub)
		return
	}
	top := c.top
	c.fit(rows + 1) // the row that buys is always in sight
	c.top = max(0, min(max(top, c.sel-rows+1), c.sel, len(c.lines)-rows))
	if c.sel == len(c.lines) {
		c.top = len(c.lines) - rows
	}
	for i := c.top; i < c.top+rows; i++ {
		h.cartRow(b, rect{x - 10*u, y + float64(i-c.top)*rowH, w + 20*u, rowH - 4*u}, i, line, sub)
	}
	b.scrollBar(box.x+box.w-12*u, y, rowH*float64(rows), &list{n: len(c.lines), top: c.top, rows: rows})
	h.cartFoot(b, rect{x, y + body + 8*u, w, buttonH * u})
}

// cartLegend is what the keys do.
func (h *HUD) cartLegend(b *builder) []legend {
	w := b.w
	switch {
	case len(h.cart.lines) == 0 && h.search.pad:
		return []legend{{"B", w.KeyClose}}
	case len(h.cart.lines) == 0:
		return []legend{{h.keys.Search, w.Search}, {"Esc", w.KeyClose}}
	case h.search.pad:
		return []legend{{"◂ ▸", w.KeyChange}, {"A", w.KeyGo}, {"Y", w.Remove}, {"B", w.KeyClose}}
	}
	return []legend{{"← →", w.KeyChange}, {"Enter", w.KeyGo}, {"Del", w.Remove}, {"Esc", w.KeyClose}}
}

// cartRow appends one line: what it is, how many, what they cost.
func (h *HUD) cartRow(b *builder, r rect, i int, line, sub float64) {
	u, l := b.u, &h.cart.lines[i]
	chosen := i == h.cart.sel
	b.row(r, ActGo.Of(i), chosen)
	if chosen {
		b.frame(r, 12*u, 2*u, b.blue)
	}
	key := 36 * u
	at := func(k float64) rect {
		return rect{r.x + r.w - 14*u - key - k*(key+6*u), r.y + (r.h-key)/2, key, key}
	}
	b.square(at(0), ActRemove.Of(i), iconTrash, false, false)
	b.square(at(1.3), ActMore.Of(i), iconPlus, false, l.Quantity >= l.Stock)
	mid := at(2.3)
	b.centred(mid.x, mid.y, mid.h, mid.w, styleLabel, colText, fmt.Sprint(l.Quantity))
	b.square(at(3.3), ActLess.Of(i), iconMinus, false, false)
	right := at(3.3).x - 16*u
	top := r.y + (r.h-line-sub)/2
	pw := b.right(right, top, line, 150*u, styleLabel, b.accent, l.Sum)
	each := fmt.Sprintf(b.w.EachF, l.Each)
	ew := b.right(right, top+line, sub, 170*u, styleSmall, colMuted, each)
	tx := r.x + 16*u
	b.text(tx, top, line, right-pw-16*u-tx, styleLabel, colText, l.Name)
	room := right - ew - 16*u - tx
	switch {
	case l.Stock <= 0:
		b.icon(iconMinus, tx, top+line+sub/2-8*u, 16*u, b.warn)
		b.text(tx+20*u, top+line, sub, room-20*u, styleSmall, b.warn, b.w.SoldOut)
	case l.Quantity > l.Stock:
		b.icon(iconInfo, tx, top+line+sub/2-8*u, 16*u, b.warn)
		b.text(tx+20*u, top+line, sub, room-20*u, styleSmall, b.warn, fmt.Sprintf(b.w.OnlyF, l.Stock))
	default:
		b.text(tx, top+line, sub, room, styleSmall, colMuted, l.Sub)
	}
}

// cartFoot appends the sum and the button that buys everything.
func (h *HUD) cartFoot(b *builder, r rect) {
	u := b.u
	half := r.w / 2
	lw := b.text(r.x+6*u, r.y, r.h, half*0.5, styleLabel, colMuted, b.w.Total)
	b.text(r.x+6*u+lw+14*u, r.y, r.h, half, stylePrice, b.accent, h.cart.total)
	key := h.keys.Buy
	button := rect{r.x + half, r.y, half, r.h}
	b.button(button, ActBuyAll, lookMain, iconBag, b.w.BuyAll, key)
	if h.cart.sel == len(h.cart.lines) {
		b.frame(button.inset(-4*u), 16*u, 2.4*u, b.blue)
	}
}
