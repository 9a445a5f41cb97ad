package server

import (
	"math/rand/v2"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"souk/world/room"
	"souk/world/wire"
)

// floorEvery is how many ticks lie between two floors: 2 Hz.
const floorEvery = wire.Ticks / 2

// hall is one room with the connections in it and the goroutine that ticks it.
type hall struct {
	s     *Server
	name  string
	epoch uint64 // of its chat; new with every hall, never 0
	quit  chan struct{}
	once  sync.Once

	mu        sync.Mutex
	room      *room.Room
	visitors  map[*conn]*room.Member
	operators map[*conn]struct{}
	closed    bool
	ticks     int
}

// hall finds a room or opens it.
func (s *Server) hall(name string) (*hall, error) {
	if name == "" {
		name = wire.DefaultRoom
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if h := s.halls[name]; h != nil {
		return h, nil
	}
	if s.draining || len(s.halls) >= s.cfg.MaxRooms {
		return nil, wire.Refuse(wire.CodeFull, "the server has all the %d rooms that it takes: join one of those, or come back later", s.cfg.MaxRooms)
	}
	h := &hall{s: s, name: name, epoch: rand.Uint64() | 1, quit: make(chan struct{}), room: room.New(s.cfg.Room),
		visitors: map[*conn]*room.Member{}, operators: map[*conn]struct{}{}}
	s.halls[name] = h
	s.running.Go(h.run)
	return h, nil
}

func (h *hall) stop() { h.once.Do(func() { close(h.quit) }) }

// run ticks until the hall is stopped.
func (h *hall) run() {
	t := time.NewTicker(time.Second / wire.Ticks)
	defer t.Stop()
	for {
		select {
		case <-h.quit:
			return
		case <-t.C:
			start := time.Now()
			h.tick()
			h.s.metrics.tickSeconds.Observe(time.Since(start).Seconds())
		}
	}
}

// tick hands a snapshot to everybody who has taken the last one.
func (h *hall) tick() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.visitors) > 0 {
		h.room.Step()
	}
	var prepared *websocket.PreparedMessage
	for c, m := range h.visitors {
		if !c.free() {
			h.s.metrics.skipped.Inc()
			continue
		}
		b, shared := h.room.Snapshot(m, c.stateBuf)
		if len(b) == 0 {
			continue
		}
		h.s.metrics.snapshotBytes.Add(float64(len(b)))
		if !shared {
			c.stateBuf = b
			c.give(message{data: b, state: true})
			continue
		}
		if prepared == nil {
			// The writers may still be at it when the room builds its next one: a copy.
			prepared = prepare(append([]byte(nil), b...))
		}
		c.give(message{prepared: prepared, state: true})
	}
	if h.ticks++; h.ticks%floorEvery == 0 && len(h.operators) > 0 {
		h.sendFloor()
	}
}

// prepare makes a message that is framed once for all its receivers. It
// fails only for compression, which is off.
func prepare(b []byte) *websocket.PreparedMessage {
	p, err := websocket.NewPreparedMessage(websocket.BinaryMessage, b)
	if err != nil {
		return nil
	}
	return p
}

// enter lets a visitor in: the welcome goes out first, then what was said meanwhile.
// It says false where the hall has just closed for want of people.
func (h *hall) enter(c *conn, hello *wire.Hello, welcome *wire.Welcome) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false
	}
	m := h.room.Join(hello.GetName())
	h.visitors[c] = m
	welcome.Id, welcome.Epoch = m.ID, h.epoch
	var missed []*wire.Chat
	if hello.GetEpoch() == h.epoch {
		missed, welcome.Gap = h.room.Missed(hello.GetChatSeq())
	} else {
		welcome.Gap = hello.GetEpoch() != 0
	}
	c.send(&wire.Frame{Body: &wire.Frame_Welcome{Welcome: welcome}})
	for _, chat := range missed {
		c.send(&wire.Frame{Body: &wire.Frame_Chat{Chat: chat}})
	}
	return true
}

// watch lets an operator in; see enter.
func (h *hall) watch(c *conn) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.closed {
		h.operators[c] = struct{}{}
	}
	return !h.closed
}

// leave takes a connection out, and closes a hall that is empty, except the default one.
func (h *hall) leave(c *conn) {
	h.mu.Lock()
	if m := h.visitors[c]; m != nil {
		h.room.Leave(m)
		delete(h.visitors, c)
	}
	delete(h.operators, c)
	h.closed = h.name != wire.DefaultRoom && len(h.visitors)+len(h.operators) == 0
	closed := h.closed
	h.mu.Unlock()
	if closed {
		h.s.mu.Lock()
		if h.s.halls[h.name] == h {
			delete(h.s.halls, h.name)
		}
		h.s.mu.Unlock()
		h.stop()
	}
}

// move takes a visitor's place, kept within the market.
func (h *hall) move(c *conn, p wire.Place) {
	b := h.s.bounds
	p.X, p.Z = max(b[0], min(b[1], p.X)), max(b[2], min(b[3], p.Z))
	h.mu.Lock()
	defer h.mu.Unlock()
	if m := h.visitors[c]; m != nil {
		h.room.Move(m, p)
	}
}

// say gives a chat to everybody, the speaker included.
func (h *hall) say(c *conn, text string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	m := h.visitors[c]
	if m == nil {
		return
	}
	chat := &wire.Chat{Id: m.ID, Name: m.Name, Text: text, Time: h.s.now()}
	h.room.Say(chat)
	h.broadcast(&wire.Frame{Body: &wire.Frame_Chat{Chat: chat}})
}

// broadcast gives a frame to every visitor; h.mu is held.
func (h *hall) broadcast(f *wire.Frame) {
	b, err := wire.Encode(nil, f)
	if err != nil {
		h.s.cfg.Log.Error("a frame for everybody cannot be encoded", "error", err)
		return
	}
	p := prepare(b)
	for c := range h.visitors {
		c.post(message{prepared: p})
	}
}

// announce gives a frame to every visitor in every hall.
func (s *Server) announce(frames []*wire.Frame) {
	s.mu.Lock()
	halls := make([]*hall, 0, len(s.halls))
	for _, h := range s.halls {
		halls = append(halls, h)
	}
	s.mu.Unlock()
	for _, h := range halls {
		h.mu.Lock()
		for _, f := range frames {
			h.broadcast(f)
		}
		h.mu.Unlock()
	}
}
