package wire

import (
	"math"
	"unicode/utf8"

	"google.golang.org/protobuf/proto"
)

// Encode turns a frame into one WebSocket message, appended to dst. A frame
// larger than MaxMessage is an error with CodeTooLarge: the other side would refuse it.
func Encode(dst []byte, f *Frame) ([]byte, error) {
	n := len(dst)
	b, err := proto.MarshalOptions{Deterministic: true}.MarshalAppend(dst, f)
	if err != nil {
		return dst, Refuse(CodeMalformed, "encoding a frame: %v", err)
	}
	if len(b)-n > MaxMessage {
		return dst, tooLarge(len(b) - n)
	}
	return b, nil
}

// TooLarge is the refusal of a message above MaxMessage whose size is not known.
func TooLarge() *Refusal {
	return Refuse(CodeTooLarge, "the message is larger than the %d bytes that the protocol allows: split it", MaxMessage)
}

func tooLarge(n int) *Refusal {
	return Refuse(CodeTooLarge, "the message has %d bytes, the protocol allows %d: split it", n, MaxMessage)
}

// Decode reads one WebSocket message and checks every limit of the protocol,
// so that what it returns can be used without further checks of form. The
// error is a *Refusal. A field number that this version does not know is kept
// and ignored.
func Decode(b []byte) (*Frame, error) {
	if len(b) > MaxMessage {
		return nil, tooLarge(len(b))
	}
	f := new(Frame)
	if err := proto.Unmarshal(b, f); err != nil {
		return nil, Refuse(CodeMalformed, "the message is no frame of the protocol: %v", err)
	}
	if f.Body == nil {
		return nil, Refuse(CodeMalformed, "the frame is empty, or of a kind that protocol %d does not know", Version)
	}
	if err := check(f); err != nil {
		return nil, err
	}
	return f, nil
}

// check returns an error interface (not a *Refusal) so that nil stays nil.
func check(f *Frame) error {
	c := checker{}
	switch m := f.Body.(type) {
	case *Frame_Hello:
		h := m.Hello
		c.key("hello.room", h.GetRoom(), false)
		c.key("hello.visitor", h.GetVisitor(), true)
		c.key("hello.session", h.GetSession(), true)
		c.text("hello.name", h.GetName(), MaxName)
		c.text("hello.catalogue", h.GetCatalogue(), 2*MaxID)
		c.text("hello.token", h.GetToken(), MaxToken)
	case *Frame_Watch:
		c.text("watch.token", m.Watch.GetToken(), MaxToken)
		c.key("watch.room", m.Watch.GetRoom(), false)
	case *Frame_Presence:
		if m.Presence.GetYaw() > 255 {
			c.fail("presence.yaw is %d, it must be below 256", m.Presence.GetYaw())
		}
	case *Frame_Snapshot:
		c.moves(m.Snapshot.GetMoves())
	case *Frame_ChatSend:
		c.text("chat_send.text", m.ChatSend.GetText(), MaxChat)
	case *Frame_EventBatch:
		if n := len(m.EventBatch.GetEvents()); n > MaxEvents {
			c.fail("event_batch.events has %d rows, at most %d are allowed", n, MaxEvents)
		}
	case *Frame_CartSet:
		c.key("cart_set.item", m.CartSet.GetItem(), true)
		c.key("cart_set.id", m.CartSet.GetId(), false)
		if q := m.CartSet.GetQuantity(); q < 0 || q > MaxQuantity {
			c.fail("cart_set.quantity is %d, it must be between 0 and %d", q, MaxQuantity)
		}
	case *Frame_Purchase:
		c.purchase(m.Purchase)
	}
	if c.err != nil {
		return c.err
	}
	return nil
}

// checker keeps the first fault that it finds.
type checker struct{ err *Refusal }

func (c *checker) fail(format string, args ...any) {
	if c.err == nil {
		c.err = Refuse(CodeMalformed, format, args...)
	}
}

func (c *checker) text(field, s string, limit int) {
	if len(s) > limit {
		c.fail("%s has %d bytes, at most %d are allowed", field, len(s), limit)
	}
	for _, r := range s {
		if r < ' ' && r != '\n' || r == 0x7f || r == utf8.RuneError {
			c.fail("%s holds a control character", field)
			return
		}
	}
}

// key checks a text that names something: printable ASCII, no blanks at all.
func (c *checker) key(field, s string, required bool) {
	if required && s == "" {
		c.fail("%s is empty", field)
	}
	if len(s) > MaxID {
		c.fail("%s has %d bytes, at most %d are allowed", field, len(s), MaxID)
	}
	if !ValidKey(s) {
		c.fail("%s holds a blank or a character that does not print", field)
	}
}

// ValidKey says whether s can name a visitor, a session, a room or an item
// on the wire: at most MaxID bytes of UTF-8, without blanks and control
// characters. The empty string can.
func ValidKey(s string) bool {
	if len(s) > MaxID {
		return false
	}
	for _, r := range s {
		if r <= ' ' || r == 0x7f || r == utf8.RuneError {
			return false
		}
	}
	return true
}

func (c *checker) purchase(p *Purchase) {
	c.key("purchase.id", p.GetId(), true)
	if n := len(p.GetLines()); n == 0 || n > MaxLines {
		c.fail("purchase.lines has %d lines, it must have between 1 and %d", n, MaxLines)
	}
	for _, l := range p.GetLines() {
		c.key("purchase.lines.item", l.GetItem(), true)
		if q := l.GetQuantity(); q < 1 || q > MaxQuantity {
			c.fail("purchase.lines.quantity of %q is %d, it must be between 1 and %d", l.GetItem(), q, MaxQuantity)
		}
	}
}

func (c *checker) moves(b []byte) {
	for len(b) > 0 {
		var err error
		if _, b, err = NextMove(b); err != nil {
			c.fail("snapshot.moves: %v", err)
			return
		}
	}
}

func finite(v float32) bool { return !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0) }
