package client

import (
	"google.golang.org/protobuf/proto"

	"souk/world/wire"
)

// Limits of the upload. They bound what is under way, so that a slow server
// slows the upload and not the walk.
const (
	maxInFlight   = 8        // frames that wait for their acknowledgement
	maxBatchBytes = 48 << 10 // of the events in one frame
	compactBytes  = 4 << 20  // acknowledged front of the file that is worth a rewrite
)

// pending is what is on disk and not acknowledged, in order. Its owner locks.
type pending struct {
	entries []entry
	base    uint64 // number of entries[0]
	next    uint64 // number of the first that was not sent on this connection
	flights []flight
	batch   uint64 // number of the last EventBatch
	front   int64  // bytes of the file before entries[0]
}

type entry struct {
	record
	id    string // of the purchase or cart line
	acked bool
}

// flight is one frame under way: entries [from, to).
type flight struct {
	from, to uint64
	batch    uint64 // 0: not a batch
	id       string
}

func (p *pending) add(r record, id string) { p.entries = append(p.entries, entry{record: r, id: id}) }

// idOf reads the id back that add was called with.
func idOf(r record) string {
	switch r.kind {
	case kindPurchase:
		var m wire.Purchase
		if proto.Unmarshal(r.body, &m) == nil {
			return m.GetId()
		}
	case kindCart:
		var m wire.CartSet
		if proto.Unmarshal(r.body, &m) == nil {
			return m.GetId()
		}
	}
	return ""
}

// restart forgets what was sent: a new connection begins.
func (p *pending) restart() { p.next, p.flights = p.base, p.flights[:0] }

// frame is the next one to send; nil if there is none now. Frames go out in
// the order of the outbox, so that the server sees what was done in the order in which it was done.
func (p *pending) frame() *wire.Frame {
	for len(p.flights) < maxInFlight {
		i := int(p.next - p.base)
		if i >= len(p.entries) {
			return nil
		}
		e := &p.entries[i]
		switch e.kind {
		case kindEvent:
			return p.events(i)
		case kindPurchase:
			m := new(wire.Purchase)
			if proto.Unmarshal(e.body, m) == nil {
				p.fly(1, flight{id: e.id})
				return &wire.Frame{Body: &wire.Frame_Purchase{Purchase: m}}
			}
		case kindCart:
			m := new(wire.CartSet)
			if proto.Unmarshal(e.body, m) == nil {
				p.fly(1, flight{id: e.id})
				return &wire.Frame{Body: &wire.Frame_CartSet{CartSet: m}}
			}
		}
		// A record of a later version, or one that was never a message: its
		// checksum is right, so nothing was lost here; pass over it.
		e.acked = true
		p.next++
		p.trim()
	}
	return nil
}

func (p *pending) events(i int) *wire.Frame {
	p.batch++
	m := &wire.EventBatch{Batch: p.batch}
	n, bytes := 0, 0
	for ; i+n < len(p.entries) && n < wire.MaxEvents; n++ {
		e := &p.entries[i+n]
		bytes += len(e.body) + 4
		if e.kind != kindEvent || n > 0 && bytes > maxBatchBytes {
			break
		}
		row := new(wire.Event)
		if proto.Unmarshal(e.body, row) == nil {
			m.Events = append(m.Events, row)
		}
	}
	p.fly(uint64(n), flight{batch: p.batch})
	return &wire.Frame{Body: &wire.Frame_EventBatch{EventBatch: m}}
}

func (p *pending) fly(n uint64, f flight) {
	f.from, f.to = p.next, p.next+n
	p.next = f.to
	p.flights = append(p.flights, f)
}

// ack takes an acknowledgement of a batch, or of a purchase or cart line by its id.
func (p *pending) ack(batch uint64, id string) (known bool) {
	for k, f := range p.flights {
		if f.batch != batch || f.id != id {
			continue
		}
		for n := f.from; n < f.to; n++ {
			p.entries[n-p.base].acked = true
		}
		p.flights = append(p.flights[:k], p.flights[k+1:]...)
		p.trim()
		return true
	}
	return false
}

// trim drops the acknowledged front.
func (p *pending) trim() {
	n := 0
	for n < len(p.entries) && p.entries[n].acked {
		p.front += recordHeader + 1 + int64(len(p.entries[n].body))
		n++
	}
	if n == 0 {
		return
	}
	p.base += uint64(n)
	clear(p.entries[:n])
	if p.entries = p.entries[n:]; len(p.entries) == 0 {
		p.entries = nil // lets go of the array that grew while off line
	}
	if p.next < p.base {
		p.next = p.base
	}
}
