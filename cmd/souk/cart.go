package main

import (
	"slices"

	"souk/scene/hud"
	"souk/world"
	"souk/world/store"
	"souk/world/wire"
)

// cart lists what is in the cart: as the server has it, changed by what was
// asked of it and is not answered yet.
func (s *session) cart(dst []store.Line) []store.Line {
	from := len(dst)
	for _, l := range s.net.in.Cart {
		if q, asked := s.want[l.Item]; asked {
			l.Quantity = q
		}
		if l.Quantity > 0 {
			dst = append(dst, l)
		}
	}
	for id, q := range s.want {
		if q > 0 && !slices.ContainsFunc(dst[from:], func(l store.Line) bool { return l.Item == id }) {
			dst = append(dst, store.Line{Item: id, Quantity: q})
		}
	}
	slices.SortFunc(dst[from:], func(a, b store.Line) int { // the map has no order
		switch {
		case a.Item < b.Item:
			return -1
		case a.Item > b.Item:
			return 1
		}
		return 0
	})
	return dst
}

// answered drops what was asked of the cart and is now as the server has it.
func (s *session) answered() {
	for id, q := range s.want {
		has := int32(0)
		for _, l := range s.net.in.Cart {
			if l.Item == id {
				has = l.Quantity
			}
		}
		if has == q {
			delete(s.want, id)
		}
	}
	s.cartChanged = true
}

// inCart says whether an item is in the cart.
func (s *session) inCart(item world.ItemIndex) bool {
	id := s.market.Catalog.Items[item].ID
	if q, asked := s.want[id]; asked {
		return q > 0
	}
	return s.engine.InCart(item) || slices.ContainsFunc(s.net.in.Cart, func(l store.Line) bool { return l.Item == id && l.Quantity > 0 })
}

// setCart tells the server how many are wanted; off line it is kept and told
// later.
func (s *session) setCart(id string, quantity int32) {
	if s.net.cli == nil {
		return
	}
	if err := s.net.cli.SetCart(id, int(quantity)); err != nil {
		s.say("The cart: %v.", err)
		return
	}
	s.want[id] = quantity
	s.cartChanged = true
}

// amount changes how many of an item are in the cart; none takes it out.
func (s *session) amount(item world.ItemIndex, quantity int32) notice {
	if quantity <= 0 {
		return s.act(world.EventUncart, item)
	}
	s.setCart(s.market.Catalog.Items[item].ID, min(quantity, wire.MaxQuantity))
	return notice{}
}

// buyCart asks for all of the cart that is in stock.
func (s *session) buyCart(lines []store.Line) notice {
	if s.net.cli == nil {
		return notice{kind: noticeGone, tone: hud.ToneWarn}
	}
	var can []store.Line
	short := notice{}
	for _, l := range lines {
		item, ok := s.market.Catalog.Index(l.Item)
		switch {
		case !ok:
		case s.stockOf(item) < l.Quantity:
			short = notice{kind: noticeRefused, tone: hud.ToneWarn, item: item}
		default:
			can = append(can, l)
		}
	}
	told := short
	for part := range slices.Chunk(can, wire.MaxLines) {
		id, err := s.net.cli.Buy(part...)
		if err != nil {
			return notice{kind: noticeText, tone: hud.ToneWarn, text: err.Error()}
		}
		item, _ := s.market.Catalog.Index(part[0].Item)
		s.buying[id] = item
		if told.kind == 0 {
			told = notice{kind: noticeBuying, tone: hud.ToneBought, item: item}
		}
	}
	return told
}

// bought takes lines of a receipt out of the cart.
func (s *session) bought(lines []store.Line) {
	for _, l := range lines {
		for _, c := range s.cart(nil) {
			if c.Item == l.Item {
				s.setCart(l.Item, max(0, c.Quantity-l.Quantity))
			}
		}
	}
}
