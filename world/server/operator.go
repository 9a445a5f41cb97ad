package server

import (
	"crypto/rand"
	"crypto/subtle"
	"time"

	"souk/world/wire"
)

// maxHeat bounds the cells of a Floor, so that it fits a message: 2,000 cells
// of at most 18 bytes, beside at most maxPeople people.
const (
	maxHeat   = 1500
	maxPeople = 600
	maxTop    = 12
)

// watch makes the connection an operator's.
func (c *conn) watch(w *wire.Watch) error {
	s := c.s
	if w.GetVersion() != wire.Version {
		return wire.DiffersFrom(w.GetVersion(), wire.Version)
	}
	if s.cfg.OperatorToken == "" {
		return wire.Refuse(wire.CodeOperator, "the server lets nobody watch: start it with an operator token")
	}
	if subtle.ConstantTimeCompare([]byte(w.GetToken()), []byte(s.cfg.OperatorToken)) != 1 {
		s.cfg.Log.Warn("an operator's token was wrong", "from", c.ws.RemoteAddr().String())
		return wire.Refuse(wire.CodeOperator, "the operator's token is wrong: the server's is the one that it was started with")
	}
	c.operator = true
	return c.enter(w.GetRoom(), func(h *hall) bool { return h.watch(c) })
}

// sendFloor gives the operators who are ready the floor as it is; h.mu is held.
func (h *hall) sendFloor() {
	s := h.s
	f := &wire.Floor{Time: s.now(), CellM: cellSize, Events: s.metrics.events.Load(), Purchases: s.metrics.purchases.Load()}
	h.room.People(func(id uint32, name string, p wire.Place) {
		if len(f.People) < maxPeople {
			f.People = append(f.People, &wire.Person{Id: id, XCm: p.X, ZCm: p.Z, Yaw: uint32(p.Yaw), Name: clip(name, 40)})
		}
	})
	f.Heat, f.Top = s.heat.floor(f.Time, maxHeat, maxTop)
	b, err := wire.Encode(nil, &wire.Frame{Body: &wire.Frame_Floor{Floor: f}})
	if err != nil {
		s.cfg.Log.Error("the floor does not fit a message", "error", err)
		return
	}
	m := message{prepared: prepare(b), state: true}
	for c := range h.operators {
		if c.free() {
			c.give(m)
		}
	}
}

// clip cuts a text to a number of bytes at a character's end.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}

// pause waits, unless the connection is shut.
func (c *conn) pause(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-c.shutting:
		return false
	}
}

// NewToken makes a secret for an operator: 128 bits at random, in letters and digits.
func NewToken() string { return rand.Text() }
