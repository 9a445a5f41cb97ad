package server

import (
	"errors"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"

	"souk/world/wire"
)

const (
	writeWait = 10 * time.Second // for one message to a client that does not read
	helloWait = 10 * time.Second // for the first message
	byeWait   = time.Second      // for the other side's goodbye
	queueLen  = 256              // messages that must arrive and have not left yet
	inFlight  = 16               // durable requests of one connection under way
)

// message is one WebSocket message on its way out.
type message struct {
	data     []byte
	prepared *websocket.PreparedMessage // instead of data
	state    bool                       // its data is the connection's stateBuf
}

// conn is one connection. Its handler goroutine reads, write writes.
type conn struct {
	s        *Server
	ws       *websocket.Conn
	socket   atomic.Pointer[websocket.Conn] // ws, for other goroutines; nil before the upgrade
	visitor  string                         // empty for an operator
	session  string
	operator bool
	hall     *hall

	queue chan message // must arrive, in order
	state chan message // latest or nothing; capacity 1
	// busy is set from give until the writer has written the message, so that
	// whoever builds the next one may use stateBuf.
	busy     atomic.Bool
	stateBuf []byte // the hall's, while not busy
	tickets  chan struct{}

	shutOnce sync.Once
	why      *wire.Refusal // why it is shut; nil: the other side went
	shutting chan struct{}
	written  chan struct{} // closed when the writer has ended

	moves, chats, durable *rate.Limiter
}

// serve is the handler of /ws: one connection from its beginning to its end.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	c := &conn{s: s, queue: make(chan message, queueLen), state: make(chan message, 1), tickets: make(chan struct{}, inFlight),
		shutting: make(chan struct{}), written: make(chan struct{}),
		// Twice the honest rate, and enough at once for what a stalled network brings in one go.
		moves: rate.NewLimiter(2*wire.Ticks, 4*wire.Ticks), chats: rate.NewLimiter(1, 5), durable: rate.NewLimiter(50, 200)}
	if r := s.admit(c); r != nil {
		s.metrics.closed.WithLabelValues(r.Code.String()).Inc()
		http.Error(w, r.Text, http.StatusServiceUnavailable)
		return
	}
	defer s.dismiss(c)
	ws, err := s.upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // refuseUpgrade has answered
	}
	c.ws = ws
	c.socket.Store(ws)
	go c.write()
	err = c.read()
	c.end(err)
}

// end closes what read leaves behind.
func (c *conn) end(err error) {
	var r *wire.Refusal
	if errors.As(err, &r) {
		c.shut(r)
	} else {
		c.shut(nil)
	}
	if c.why != nil {
		select { // the reason goes out first, unless the network is stuck
		case <-c.written:
		case <-time.After(byeWait):
		}
		c.drain()
	}
	c.ws.Close()
	<-c.written
	if c.hall != nil {
		c.hall.leave(c)
	}
	label := "gone"
	if c.why != nil {
		label = c.why.Code.String()
	}
	c.s.metrics.closed.WithLabelValues(label).Inc()
	c.s.cfg.Log.Debug("connection closed", "why", label, "operator", c.operator)
}

// drain reads on until the other side says goodbye: closing the socket with
// unread bytes in it would throw away the close code on its way out.
func (c *conn) drain() {
	c.ws.SetReadDeadline(time.Now().Add(byeWait))
	for {
		if _, _, err := c.ws.NextReader(); err != nil {
			return
		}
	}
}

// shut ends the connection with a reason. It does not wait, and only the first
// call counts. A writer that is stuck in a full socket is let go soon; then the
// reason cannot be told any more.
func (c *conn) shut(why *wire.Refusal) {
	c.shutOnce.Do(func() {
		c.why = why
		close(c.shutting)
		if ws := c.socket.Load(); ws != nil {
			ws.NetConn().SetWriteDeadline(time.Now().Add(byeWait))
		}
	})
}

// isShut says whether shut was called.
func (c *conn) isShut() bool {
	select {
	case <-c.shutting:
		return true
	default:
		return false
	}
}

// read is the reading half. It returns a *wire.Refusal where the client is to be told why.
func (c *conn) read() error {
	c.ws.SetReadDeadline(time.Now().Add(helloWait))
	alive := func() { c.ws.SetReadDeadline(time.Now().Add(c.s.cfg.Silence)) }
	c.ws.SetPongHandler(func(string) error { alive(); return nil })
	for first := true; ; first = false {
		f, n, err := c.next()
		if err != nil {
			return err
		}
		if c.isShut() {
			return c.why
		}
		c.s.metrics.received(f, n)
		if first {
			err = c.open(f)
		} else if c.operator {
			err = wire.Refuse(wire.CodeRole, "an operator's connection only listens: send this as a visitor, on another connection")
		} else {
			err = c.take(f)
		}
		if err != nil {
			return err
		}
		alive()
	}
}

// next reads one message within the limit of the protocol.
func (c *conn) next() (*wire.Frame, int, error) {
	_, r, err := c.ws.NextReader()
	if err != nil {
		return nil, 0, c.silent(err)
	}
	b, err := io.ReadAll(io.LimitReader(r, wire.MaxMessage+1))
	if err != nil {
		return nil, 0, c.silent(err)
	}
	if len(b) > wire.MaxMessage {
		return nil, 0, wire.TooLarge()
	}
	f, err := wire.Decode(b)
	return f, len(b), err
}

// silent gives the end of the read deadline its code.
func (c *conn) silent(err error) error {
	var t interface{ Timeout() bool }
	if errors.As(err, &t) && t.Timeout() {
		return wire.Refuse(wire.CodeSilent, "nothing was heard for too long: come back")
	}
	return err
}

// free says whether the last state message has been written.
func (c *conn) free() bool { return !c.busy.Load() }

// give hands the writer a state message; only where free.
func (c *conn) give(m message) {
	c.busy.Store(true)
	c.state <- m // capacity 1, and empty: it was free
}

// post hands the writer a message that must arrive. It does not wait: a queue
// that is full ends the connection, and the client comes back for what it missed.
func (c *conn) post(m message) {
	select {
	case c.queue <- m:
	case <-c.shutting:
	default:
		c.shut(wire.Refuse(wire.CodeSlow, "the client does not read fast enough: come back"))
	}
}

// send is post for a frame of the connection's own.
func (c *conn) send(f *wire.Frame) {
	b, err := wire.Encode(nil, f)
	if err != nil {
		c.shut(wire.Refuse(wire.CodeInternal, "the server made a message that it cannot send (%v): come back", err))
		return
	}
	c.post(message{data: b})
}

// sendWait is send for the reader's goroutine, where more may be said at
// once than the queue holds: it waits for the writer.
func (c *conn) sendWait(f *wire.Frame) error {
	b, err := wire.Encode(nil, f)
	if err != nil {
		return wire.Refuse(wire.CodeInternal, "the server made a message that it cannot send (%v): come back", err)
	}
	select {
	case c.queue <- message{data: b}:
	case <-c.shutting:
	}
	return nil
}

// write is the writing goroutine.
func (c *conn) write() {
	defer close(c.written)
	ping := time.NewTicker(c.s.cfg.PingEvery)
	defer ping.Stop()
	for {
		var err error
		select {
		case <-c.shutting:
			c.goodbye()
			return
		case m := <-c.queue:
			err = c.put(m)
		case m := <-c.state:
			err = c.put(m)
			c.busy.Store(false)
		case <-ping.C:
			err = c.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeWait))
		}
		if err != nil {
			c.shut(nil)
			c.ws.Close() // wakes the reader
			return
		}
	}
}

func (c *conn) put(m message) error {
	c.ws.SetWriteDeadline(time.Now().Add(writeWait))
	if m.prepared != nil {
		return c.ws.WritePreparedMessage(m.prepared)
	}
	return c.ws.WriteMessage(websocket.BinaryMessage, m.data)
}

// goodbye sends what must arrive and the reason, as far as that goes quickly.
func (c *conn) goodbye() {
	if c.why == nil {
		return
	}
	c.ws.SetReadDeadline(time.Now().Add(byeWait)) // ends a reader that waits for more
	c.ws.SetWriteDeadline(time.Now().Add(byeWait))
	for c.why.Code != wire.CodeSlow && len(c.queue) > 0 {
		m := <-c.queue
		var err error
		if m.prepared != nil {
			err = c.ws.WritePreparedMessage(m.prepared)
		} else {
			err = c.ws.WriteMessage(websocket.BinaryMessage, m.data)
		}
		if err != nil {
			return
		}
	}
	if b, err := wire.Encode(nil, &wire.Frame{Body: &wire.Frame_Error{Error: &wire.Error{Code: uint32(c.why.Code), Text: c.why.Text}}}); err == nil {
		c.ws.WriteMessage(websocket.BinaryMessage, b)
	}
	text := c.why.Text
	if len(text) > 120 { // a control frame holds 125 bytes, 2 of them the code
		text = c.why.Code.String()
	}
	c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(int(c.why.Code), text), time.Now().Add(byeWait))
}
