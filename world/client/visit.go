package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"souk/world"
	"souk/world/store"
	"souk/world/wire"
)

const writeWait = 5 * time.Second

// visit is one connection. Its reader and its writer are a goroutine each.
type visit struct {
	c       *Client
	ws      *websocket.Conn
	buf     []byte // the writer's
	out     chan struct{}
	came    atomic.Bool
	refusal atomic.Pointer[wire.Refusal] // from an Error frame; says more than the close code
	last    wire.Place
	placed  bool
}

func (v *visit) send(f *wire.Frame) (err error) {
	if v.buf, err = wire.Encode(v.buf[:0], f); err != nil {
		return err
	}
	v.ws.SetWriteDeadline(time.Now().Add(writeWait))
	return v.ws.WriteMessage(websocket.BinaryMessage, v.buf)
}

func (v *visit) hello() error {
	c := v.c
	c.mu.Lock()
	h := &wire.Hello{Version: wire.Version, Room: c.cfg.Room, Visitor: c.identity.Visitor, Token: c.identity.Token,
		Session: c.cfg.Session, Name: c.cfg.Name, Catalogue: c.cfg.Catalogue, Epoch: c.epoch, ChatSeq: c.chatSeq}
	c.mu.Unlock()
	return v.send(&wire.Frame{Body: &wire.Frame_Hello{Hello: h}})
}

// write is the sending half; it ends with the context or with the reader.
func (v *visit) write(ctx context.Context, ended <-chan error) error {
	c := v.c
	tick := time.NewTicker(time.Second / wire.Ticks)
	defer tick.Stop()
	for {
		select {
		case err := <-ended:
			return err
		case <-ctx.Done():
			v.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(writeWait))
			v.ws.Close()
			<-ended
			return ctx.Err()
		case <-c.wakeSender:
		case <-tick.C:
		}
		if !v.came.Load() {
			continue
		}
		if err := v.flush(); err != nil {
			// The reader may know better why.
			v.ws.Close()
			if why := <-ended; closeCode(why) != 0 {
				return why
			}
			return err
		}
	}
}

func closeCode(err error) int {
	var ce *websocket.CloseError
	if errors.As(err, &ce) {
		return ce.Code
	}
	return 0
}

// flush sends what there is to send.
func (v *visit) flush() error {
	c := v.c
	c.mu.Lock()
	place, moved := c.place, c.placed && (!v.placed || c.place != v.last)
	chats := c.chats
	c.chats = nil
	c.mu.Unlock()
	if moved {
		v.last, v.placed = place, true
		if err := v.send(&wire.Frame{Body: &wire.Frame_Presence{Presence: place.Presence()}}); err != nil {
			return err
		}
	}
	for _, text := range chats {
		if err := v.send(&wire.Frame{Body: &wire.Frame_ChatSend{ChatSend: &wire.ChatSend{Text: text}}}); err != nil {
			return err
		}
	}
	for {
		c.pendMu.Lock()
		f := c.pending.frame()
		c.pendMu.Unlock()
		if f == nil {
			return nil
		}
		if err := v.send(f); err != nil {
			return err
		}
	}
}

// read is the receiving half, until the connection ends.
func (v *visit) read() error {
	c := v.c
	alive := func() { v.ws.SetReadDeadline(time.Now().Add(c.cfg.Silence)) }
	alive()
	ping := v.ws.PingHandler()
	v.ws.SetPingHandler(func(data string) error { alive(); return ping(data) })
	for {
		_, r, err := v.ws.NextReader()
		if err != nil {
			return err
		}
		b, err := io.ReadAll(io.LimitReader(r, wire.MaxMessage+1))
		if err != nil {
			return err
		}
		alive()
		f, err := wire.Decode(b)
		if err != nil {
			return fmt.Errorf("reading from the server: %w", err)
		}
		if err := v.take(f); err != nil {
			return err
		}
	}
}

// take applies one frame.
func (v *visit) take(f *wire.Frame) error {
	c := v.c
	now := c.seconds()
	c.mu.Lock()
	defer c.mu.Unlock()
	switch m := f.Body.(type) {
	case *wire.Frame_Welcome:
		return v.welcome(m.Welcome)
	case *wire.Frame_Fill:
		v.fill(m.Fill)
	case *wire.Frame_Snapshot:
		c.crowd.apply(m.Snapshot, now)
	case *wire.Frame_Chat:
		v.chat(m.Chat)
	case *wire.Frame_EventAck:
		for _, r := range m.EventAck.GetRejected() {
			c.state.Rejected++
			c.log.Warn("the server rejected an event", "id", r.GetId(), "reason", r.GetReason())
		}
		v.acked(m.EventAck.GetBatch(), "")
	case *wire.Frame_Cart:
		c.in.Cart, c.in.CartChanged = lines(c.in.Cart[:0], m.Cart.GetLines()), true
		if id := m.Cart.GetAck(); id != "" {
			v.acked(0, id)
		}
	case *wire.Frame_Receipt:
		r := m.Receipt
		// Before the acknowledgement: the receipt must not be lost if it was
		// the last of its copies. A copy that comes again is not known any more.
		if v.acked(0, r.GetId()) {
			c.in.Receipts = append(c.in.Receipts, Receipt{ID: r.GetId(), OK: r.GetOk(), Reason: r.GetReason(),
				Total: world.Cents(r.GetTotal()), Lines: lines(nil, r.GetLines())})
		}
	case *wire.Frame_StockChange:
		c.in.Stock = append(c.in.Stock, store.Line{Item: m.StockChange.GetItem(), Quantity: m.StockChange.GetStock()})
	case *wire.Frame_Error:
		r := &wire.Refusal{Code: wire.Code(m.Error.GetCode()), Text: m.Error.GetText()}
		if r.Code.Closes() {
			v.refusal.Store(r)
		} else {
			c.in.Notices = append(c.in.Notices, r.Text)
		}
	}
	return nil
}

// acked takes an acknowledgement; c.mu is held.
func (v *visit) acked(batch uint64, id string) bool {
	c := v.c
	c.pendMu.Lock()
	known := c.pending.ack(batch, id)
	c.pendMu.Unlock()
	wake(c.wakeSender)
	wake(c.wakeKeeper)
	return known
}

func (v *visit) welcome(w *wire.Welcome) error {
	c := v.c
	if w.GetVersion() != wire.Version {
		r := wire.DiffersFrom(wire.Version, w.GetVersion())
		v.refusal.Store(r)
		return r
	}
	c.welcome = Welcome{ID: w.GetId(), Catalogue: w.GetCatalogue(), Model: w.GetModel(), PlanSeed: w.GetPlanSeed(), Plan: w.GetPlan()}
	c.crowd.enter(w.GetId())
	if c.epoch != w.GetEpoch() {
		c.epoch, c.chatSeq = w.GetEpoch(), 0
	}
	c.gap = w.GetGap()
	c.in.Cart = c.in.Cart[:0]
	return nil
}

func (v *visit) fill(f *wire.Fill) {
	c := v.c
	for _, s := range f.GetStock() {
		c.in.Stock = append(c.in.Stock, store.Line{Item: s.GetItem(), Quantity: s.GetStock()})
	}
	c.welcome.Liked = append(c.welcome.Liked, f.GetLiked()...)
	c.in.Cart = lines(c.in.Cart, f.GetCart())
	if !f.GetLast() {
		return
	}
	c.in.CartChanged = true
	c.state.Phase, c.state.Problem, c.state.Code, c.state.Attempts = Online, "", 0, 0
	c.pendMu.Lock()
	c.pending.restart()
	c.pendMu.Unlock()
	v.came.Store(true)
	select {
	case <-c.ready:
	default:
		close(c.ready)
	}
	wake(c.wakeSender)
}

func (v *visit) chat(m *wire.Chat) {
	c := v.c
	if m.GetSeq() <= c.chatSeq {
		return
	}
	c.chatSeq = m.GetSeq()
	c.in.Chats = append(c.in.Chats, Chat{ID: m.GetId(), Name: m.GetName(), Text: m.GetText(), Time: m.GetTime(), Seq: m.GetSeq(), Missed: c.gap})
	c.gap = false
}

func lines(dst []store.Line, ls []*wire.CartLine) []store.Line {
	for _, l := range ls {
		dst = append(dst, store.Line{Item: l.GetItem(), Quantity: l.GetQuantity()})
	}
	return dst
}
