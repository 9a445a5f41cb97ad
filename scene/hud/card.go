package hud

import (
	"fmt"
	"math"
	"slices"

	"souk/world"
)

// Why is one reason for an item, with its share of the item's score.
type Why struct {
	Text  string
	Share float64 // in [0,1]
}

// Card is what the product card shows, in the visitor's language.
type Card struct {
	Name, Category, Seller, Price, Description string
	Primary, Accent                            world.RGB // the item's colours
	Stock                                      int32
	ForYou                                     bool // it stands on a pedestal
	Liked, Hidden, InCart                      bool
	Why                                        []Why // the largest first; at most 3 are shown
}

// same says whether two cards show the same.
func (c *Card) same(d *Card) bool {
	return c.Name == d.Name && c.Category == d.Category && c.Seller == d.Seller && c.Price == d.Price && c.Description == d.Description &&
		c.Primary == d.Primary && c.Accent == d.Accent && c.Stock == d.Stock && c.ForYou == d.ForYou && c.Liked == d.Liked &&
		c.Hidden == d.Hidden && c.InCart == d.InCart && slices.Equal(c.Why, d.Why)
}

// ShowCard opens the card, or changes what it shows.
func (h *HUD) ShowCard(c Card) {
	if !h.cardOn {
		h.cardOn = true
		h.opened(layerCard, true)
	} else if h.card.same(&c) {
		return
	}
	why := append(h.card.Why[:0], c.Why...)
	h.card = c
	h.card.Why = why
	h.touch(layerCard)
}

// CloseCard closes the card.
func (h *HUD) CloseCard() {
	if h.cardOn {
		h.cardOn = false
		h.opened(layerCard, false)
	}
}

// CardOpen says whether the card is open.
func (h *HUD) CardOpen() bool { return h.cardOn }

// buildCard lays the card out at the right of the window.
func (h *HUD) buildCard(b *builder) {
	if !h.cardOn || h.screen != ScreenNone {
		return
	}
	top := 78 * b.u
	available := b.height - top - margin*b.u
	var box rect
	b.fit(available, func() float64 {
		width := math.Min(420*b.u, b.width-2*margin*b.u)
		box = rect{b.width - width - margin*b.u, top, width, 0}
		b.panel(box) // its height is known at the end
		ground := [3]int{len(b.ops) - 3, len(b.ops) - 2, len(b.ops) - 1}
		box.h = h.cardBody(b, box)
		for _, i := range ground {
			b.ops[i].box = box.snapped()
		}
		return box.h
	})
	b.solid = box.image()
}

// cardBody fills the card and returns its height.
func (h *HUD) cardBody(b *builder, box rect) float64 {
	c, u := &h.card, b.u
	x, width := box.x+pad*u, box.w-2*pad*u
	y := box.y + 20*u
	b.closeButton(box, ActCloseCard)
	b.swatches(x, y+4*u, c)
	cx := x + 52*u
	if c.ForYou {
		label := b.w.ForYou
		w := b.measure(styleKey, label) + 40*u
		b.pill(rect{cx, y + 1*u, w, 24 * u}, b.accent)
		b.icon(iconSpark, cx+9*u, y+5*u, 16*u, b.onAcc)
		b.text(cx+29*u, y+1*u, 24*u, w, styleKey, b.onAcc, label)
		cx += w + 10*u
	}
	b.text(cx, y, 26*u, box.x+box.w-62*u-cx, styleSmall, colMuted, c.Category)
	y += 38 * u
	y += b.para(x, y, width, 3, styleTitle, colText, c.Name) + 2*u
	if c.Seller != "" {
		b.text(x, y, b.lineHeight(styleSmall), width, styleSmall, colMuted, fmt.Sprintf(b.w.ByF, c.Seller))
		y += b.lineHeight(styleSmall) + 4*u
	}
	line := b.lineHeight(stylePrice)
	b.text(x, y, line, width*0.62, stylePrice, b.accent, c.Price)
	b.stock(x+width, y+line/2, width*0.5, c.Stock)
	y += line + 8*u
	if c.Description != "" {
		y += b.para(x, y, width, 5, styleBody, colText, c.Description) + gap*u
	}
	y += h.cardWhy(b, x, y, width)
	return h.cardButtons(b, x, y, width) + 20*u - box.y
}

// swatches show the item's two colours.
func (b *builder) swatches(x, y float64, c *Card) {
	d := math.Round(20 * b.u)
	for i, col := range [...]world.RGB{c.Accent, c.Primary} {
		r := rect{x + float64(1-i)*14*b.u, y, d, d}.snapped()
		b.box(r, d/2, rgb(col))
		b.frame(r, d/2, 1.2*b.u, colMuted)
	}
}

// stock says whether the item can be had: a sign and a word, not only a
// colour. It returns how wide that came out.
func (b *builder) stock(right, middle, width float64, n int32) float64 {
	text, sign, c := fmt.Sprintf("%d %s", n, b.w.InStock), iconCheck, b.blue
	if n <= 0 {
		text, sign, c = b.w.SoldOut, iconMinus, b.warn
	}
	w := b.right(right, middle-12*b.u, 24*b.u, width, styleSmall, c, text)
	b.icon(sign, right-w-22*b.u, middle-9*b.u, 18*b.u, c)
	return w + 22*b.u
}

// cardWhy lists the reasons with their shares as bars.
func (h *HUD) cardWhy(b *builder, x, top, width float64) float64 {
	u, y := b.u, top
	b.box(rect{x, y, width, math.Max(1, u)}, 0, colBorder)
	y += 12 * u
	b.text(x, y, b.lineHeight(styleHead), width, styleHead, colMuted, b.w.Why)
	y += b.lineHeight(styleHead) + 6*u
	if len(h.card.Why) == 0 {
		y += b.para(x, y, width, 3, styleBody, colText, b.w.NoWhy) + 8*u
	}
	for i, why := range h.card.Why {
		if i == 3 {
			break
		}
		percent := fmt.Sprintf("%.0f %%", 100*why.Share)
		pw := b.measure(styleLabel, "100 %")
		b.right(x+width, y, b.lineHeight(styleBody), pw+4*u, styleLabel, b.accent, percent)
		y += b.para(x, y, width-pw-14*u, 3, styleBody, colText, why.Text) + 5*u
		b.bar(x, y, width, why.Share, b.accent)
		y += 19 * u
	}
	return y - top + 4*u
}

// cardButtons appends the four buttons and returns where they end.
func (h *HUD) cardButtons(b *builder, x, y, width float64) float64 {
	u, c, k := b.u, &h.card, &h.keys
	half := (width - gap*u) / 2
	at := func(col, row int) rect {
		return rect{x + float64(col)*(half+gap*u), y + float64(row)*(buttonH+gap-2)*u, half, buttonH * u}
	}
	if c.Liked {
		b.button(at(0, 0), ActLike, lookOn, iconHeartFull, b.w.Unlike, k.Like)
	} else {
		b.button(at(0, 0), ActLike, lookPlain, iconHeart, b.w.Like, k.Like)
	}
	b.button(at(1, 0), ActHide, onIf(c.Hidden), iconHide, b.w.Hide, k.Hide)
	if c.InCart {
		b.button(at(0, 1), ActCart, lookOn, iconCart, b.w.InCart, k.Cart)
	} else {
		b.button(at(0, 1), ActCart, lookPlain, iconCart, b.w.AddToCart, k.Cart)
	}
	b.button(at(1, 1), ActBuy, lookMain, iconBag, b.w.Buy, k.Buy)
	return y + (2*buttonH+gap-2)*u
}

// onIf is the look of a switch.
func onIf(on bool) look {
	if on {
		return lookOn
	}
	return lookPlain
}
