package client

import (
	"souk/world"
	"souk/world/store"
)

// Inbox is what has arrived. The zero value is ready; use the same one for
// each Poll, which reuses its slices.
type Inbox struct {
	// Avatars are all the people near now, where they are to be drawn, by
	// rising ID. It is complete each time; the rest is what is new since the last Poll.
	Avatars  []Avatar
	Chats    []Chat
	Receipts []Receipt
	// Stock is what is left of items that changed; after a new connection, of
	// all that differ from the catalogue.
	Stock []store.Line
	// Cart is the whole cart, valid where CartChanged.
	Cart        []store.Line
	CartChanged bool
	// Notices are sentences from the server about what it did not accept.
	Notices []string
}

// Avatar is another person.
type Avatar struct {
	ID   uint32
	Name string
	Pose world.Pose // at the height of Config.EyeHeight
	// Speed is how fast the avatar walks, metres per second.
	Speed float64
}

// Chat is something said in the room, one's own words included.
type Chat struct {
	ID   uint32 // of the avatar
	Name string
	Text string
	Time float64 // seconds since the Unix epoch, the server's clock
	Seq  uint64  // counts without holes; after a hole in the connection too, unless Missed
	// Missed says that chats before this one are lost.
	Missed bool
}

// Receipt is what became of a purchase.
type Receipt struct {
	ID     string // as Buy returned it
	OK     bool
	Reason string // why not
	Total  world.Cents
	Lines  []store.Line
}

// Poll moves what has arrived since the last call into in, and works out where the
// avatars are now: they are shown a moment in the past, between two places
// that are known, so that they walk smoothly.
func (c *Client) Poll(in *Inbox) {
	now := c.seconds()
	c.mu.Lock()
	defer c.mu.Unlock()
	in.Chats = append(in.Chats[:0], c.in.Chats...)
	in.Receipts = append(in.Receipts[:0], c.in.Receipts...)
	in.Stock = append(in.Stock[:0], c.in.Stock...)
	in.Notices = append(in.Notices[:0], c.in.Notices...)
	in.CartChanged = c.in.CartChanged
	if in.CartChanged {
		in.Cart = append(in.Cart[:0], c.in.Cart...)
	}
	c.in.Chats, c.in.Receipts, c.in.Stock, c.in.Notices = c.in.Chats[:0], c.in.Receipts[:0], c.in.Stock[:0], c.in.Notices[:0]
	c.in.CartChanged = false
	in.Avatars = c.crowd.at(in.Avatars[:0], now, c.cfg.EyeHeight)
}

// seconds is the clock as a number; only differences count.
func (c *Client) seconds() float64 { return float64(c.cfg.Now().UnixMicro()) / 1e6 }
