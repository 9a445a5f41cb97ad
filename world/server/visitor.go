package server

import (
	"context"
	"errors"
	"strings"

	"souk/world"
	"souk/world/ledger"
	"souk/world/store"
	"souk/world/wire"
)

// fillRows is how many rows go into one Fill: 500 of the longest ids are below the limit of a message.
const fillRows = 400

// open takes the first message.
func (c *conn) open(f *wire.Frame) error {
	switch m := f.Body.(type) {
	case *wire.Frame_Hello:
		return c.hello(m.Hello)
	case *wire.Frame_Watch:
		return c.watch(m.Watch)
	}
	return wire.Refuse(wire.CodeOrder, "the first message must be Hello or Watch")
}

func (c *conn) hello(h *wire.Hello) error {
	s := c.s
	if h.GetVersion() != wire.Version {
		return wire.DiffersFrom(h.GetVersion(), wire.Version)
	}
	if got := h.GetCatalogue(); got != "" && got != s.cat.Fingerprint() {
		return wire.Refuse(wire.CodeCatalogue, "the client's catalogue (%.12s) is not the server's (%.12s): download it from /catalogue", got, s.cat.Fingerprint())
	}
	if h.GetToken() == "" {
		return wire.Refuse(wire.CodeIdentity, "the visitor has no token: make one at random and keep it")
	}
	switch err := s.store.Admit(h.GetVisitor(), h.GetToken(), h.GetName(), s.now()); {
	case errors.Is(err, store.ErrIdentity):
		return wire.Refuse(wire.CodeIdentity, "the visitor %s is bound to another token: restore the client's identity.json, or remove it to come in as a new visitor", h.GetVisitor())
	case err != nil:
		return c.unstored(err)
	}
	c.visitor, c.session = h.GetVisitor(), h.GetSession()
	s.settle(c)
	w := &wire.Welcome{Version: wire.Version, Catalogue: s.cat.Fingerprint(), Model: s.files.modelTag(), PlanSeed: s.plan.Seed,
		Plan: s.plan.Fingerprint(), Time: s.now()}
	err := c.enter(h.GetRoom(), func(hall *hall) bool { return hall.enter(c, h, w) })
	if err != nil {
		return err
	}
	return c.fill()
}

// enter finds the room; it may close for want of people between finding and entering.
func (c *conn) enter(name string, in func(*hall) bool) error {
	for {
		h, err := c.s.hall(name)
		if err != nil {
			return err
		}
		if in(h) {
			c.hall = h
			return nil
		}
	}
}

// fill tells the visitor how stock, likes and cart stand. It is read after the
// visitor has begun to get changes, so that none falls in between.
func (c *conn) fill() error {
	ctx := context.Background()
	stock := c.s.ledger.Changed()
	liked, err := c.s.store.Liked(ctx, c.visitor)
	if err != nil {
		return c.unstored(err)
	}
	cart, err := c.s.store.Cart(ctx, c.visitor)
	if err != nil {
		return c.unstored(err)
	}
	for {
		f := new(wire.Fill)
		n := fillRows
		for ; n > 0 && len(stock) > 0; n, stock = n-1, stock[1:] {
			f.Stock = append(f.Stock, &wire.StockChange{Item: stock[0].Item, Stock: stock[0].Quantity})
		}
		for ; n > 0 && len(liked) > 0; n, liked = n-1, liked[1:] {
			f.Liked = append(f.Liked, liked[0])
		}
		for ; n > 0 && len(cart) > 0; n, cart = n-1, cart[1:] {
			f.Cart = append(f.Cart, &wire.CartLine{Item: cart[0].Item, Quantity: cart[0].Quantity})
		}
		f.Last = len(stock)+len(liked)+len(cart) == 0
		if err := c.sendWait(&wire.Frame{Body: &wire.Frame_Fill{Fill: f}}); err != nil || f.Last {
			return err
		}
	}
}

// take handles a visitor's message.
func (c *conn) take(f *wire.Frame) error {
	switch m := f.Body.(type) {
	case *wire.Frame_Presence:
		if c.moves.Allow() {
			c.hall.move(c, wire.PlaceOf(m.Presence))
		} else {
			c.s.metrics.limited.WithLabelValues("presence").Inc()
		}
	case *wire.Frame_ChatSend:
		c.say(m.ChatSend.GetText())
	case *wire.Frame_EventBatch:
		return c.upload(m.EventBatch)
	case *wire.Frame_CartSet:
		return c.setCart(m.CartSet)
	case *wire.Frame_Purchase:
		return c.buy(m.Purchase)
	case *wire.Frame_Hello, *wire.Frame_Watch:
		return wire.Refuse(wire.CodeOrder, "Hello and Watch come first, and once")
	default:
		return wire.Refuse(wire.CodeRole, "a visitor sent a message that only the server may send")
	}
	return nil
}

func (c *conn) notice(code wire.Code, text string) {
	c.send(&wire.Frame{Body: &wire.Frame_Error{Error: &wire.Error{Code: uint32(code), Text: text}}})
}

func (c *conn) say(text string) {
	if text = strings.TrimSpace(text); text == "" {
		c.notice(wire.CodeChat, "there was nothing in the message")
		return
	}
	if !c.chats.Allow() {
		c.s.metrics.limited.WithLabelValues("chat").Inc()
		c.notice(wire.CodeRate, "that was too much at once: wait a moment, and say it again")
		return
	}
	c.hall.say(c, text)
}

// ticket waits until the connection may have one more durable request under
// way. Nothing durable is dropped for being too much: reading waits instead,
// and with it the sender. It says false where the connection is shut meanwhile.
func (c *conn) ticket() bool {
	if r := c.durable.Reserve(); r.OK() && r.Delay() > 0 {
		c.s.metrics.limited.WithLabelValues("durable").Inc()
		if !c.pause(r.Delay()) {
			return false
		}
	}
	select {
	case c.tickets <- struct{}{}:
		return true
	case <-c.shutting:
		return false
	}
}

// unstored logs a failure of the database, and is what the client gets to know of it.
func (c *conn) unstored(err error) *wire.Refusal {
	c.s.cfg.Log.Error("the database does not take rows", "error", err)
	return wire.Refuse(wire.CodeStorage, "the server cannot write to its database: nothing was acknowledged, send it again later")
}

func (c *conn) upload(b *wire.EventBatch) error {
	ack := &wire.EventAck{Batch: b.GetBatch()}
	events := make([]world.Event, 0, len(b.GetEvents()))
	for _, row := range b.GetEvents() {
		e, err := wire.ToEvent(row, c.visitor, c.session)
		reason := ""
		if err != nil {
			reason = err.Error()
		} else if _, ok := c.s.cat.Index(e.Item); !ok {
			reason = "the catalogue has no such item"
		} else if int(e.Slot) >= len(c.s.plan.Slots) {
			reason = "the plan has no such slot"
		}
		if reason != "" {
			ack.Rejected = append(ack.Rejected, reject(row.GetId(), reason))
			continue
		}
		events = append(events, e)
	}
	if !c.ticket() {
		return nil
	}
	err := c.s.store.Append(events, func(out store.Outcome, err error) {
		<-c.tickets
		if err != nil {
			c.shut(c.unstored(err))
			return
		}
		for _, i := range out.Foreign {
			ack.Rejected = append(ack.Rejected, reject(events[i].ID, "the id belongs to an event of another visitor"))
		}
		ack.Stored, ack.Duplicates = uint32(len(out.Fresh)), uint32(out.Dup)
		c.s.heat.add(events, out.Fresh, c.s.now())
		c.s.metrics.stored(ack)
		c.send(&wire.Frame{Body: &wire.Frame_EventAck{EventAck: ack}})
	})
	return c.handedIn(err)
}

// handedIn takes back the ticket of work that the store did not accept.
func (c *conn) handedIn(err error) error {
	if err == nil {
		return nil
	}
	<-c.tickets
	return wire.Refuse(wire.CodeShutdown, "the server is going down: come back in a moment")
}

func reject(id, reason string) *wire.Rejected {
	if len(id) > wire.MaxID {
		id = id[:wire.MaxID]
	}
	return &wire.Rejected{Id: strings.ToValidUTF8(id, "?"), Reason: reason}
}

func (c *conn) setCart(m *wire.CartSet) error {
	if _, ok := c.s.cat.Index(m.GetItem()); !ok {
		c.notice(wire.CodeCart, "the market has no item "+m.GetItem())
		cart, err := c.s.store.Cart(context.Background(), c.visitor)
		if err != nil {
			return c.unstored(err)
		}
		c.sendCart(cart, m.GetId())
		return nil
	}
	if !c.ticket() {
		return nil
	}
	line := store.Line{Item: m.GetItem(), Quantity: m.GetQuantity()}
	err := c.s.store.SetCart(c.visitor, line, wire.MaxCart, func(cart []store.Line, err error) {
		<-c.tickets
		if errors.Is(err, store.ErrCartFull) {
			c.notice(wire.CodeCart, err.Error())
			kept := cart[:0]
			for _, l := range cart {
				if l.Item != line.Item {
					kept = append(kept, l)
				}
			}
			cart = kept
		} else if err != nil {
			c.shut(c.unstored(err))
			return
		}
		c.sendCart(cart, m.GetId())
	})
	return c.handedIn(err)
}

func (c *conn) sendCart(cart []store.Line, ack string) {
	c.send(&wire.Frame{Body: &wire.Frame_Cart{Cart: &wire.Cart{Lines: cartLines(cart), Ack: ack}}})
}

func cartLines(lines []store.Line) []*wire.CartLine {
	w := make([]*wire.CartLine, len(lines))
	for i, l := range lines {
		w[i] = &wire.CartLine{Item: l.Item, Quantity: l.Quantity}
	}
	return w
}

func (c *conn) buy(p *wire.Purchase) error {
	if !c.ticket() {
		return nil
	}
	lines := make([]store.Line, len(p.GetLines()))
	for i, l := range p.GetLines() {
		lines[i] = store.Line{Item: l.GetItem(), Quantity: l.GetQuantity()}
	}
	err := c.s.ledger.Buy(c.visitor, p.GetId(), lines, c.s.now(), func(r ledger.Receipt, err error) {
		<-c.tickets
		if err != nil {
			c.shut(c.unstored(err))
			return
		}
		c.receipt(&r)
	})
	return c.handedIn(err)
}

// receipt tells the buyer what became of a purchase, and everybody what is left.
func (c *conn) receipt(r *ledger.Receipt) {
	c.s.metrics.bought(r)
	c.send(&wire.Frame{Body: &wire.Frame_Receipt{Receipt: &wire.Receipt{Id: r.ID, Ok: r.OK, Reason: r.Reason, Total: int64(r.Total), Lines: cartLines(r.Lines)}}})
	if !r.OK || r.Repeat {
		return
	}
	c.sendCart(r.Cart, "")
	var changes []*wire.Frame
	for i, l := range r.Lines {
		changes = append(changes, &wire.Frame{Body: &wire.Frame_StockChange{StockChange: &wire.StockChange{Item: l.Item, Stock: r.Stock[i]}}})
	}
	c.s.announce(changes)
}
