package client

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"souk/world"
	"souk/world/store"
	"souk/world/wire"
)

// The methods in this file are for the frame loop: they copy and return.

// SetPose says where one stands and looks. Others see the position and the
// yaw, at most ten times a second; nothing else of the pose leaves.
func (c *Client) SetPose(p world.Pose) {
	q := wire.Quantise(p)
	c.mu.Lock()
	c.place, c.placed = q, true
	c.mu.Unlock()
}

// Chat says something to the room. It is not kept while off line: the error
// says so, or that the text is empty or too long.
func (c *Client) Chat(text string) error {
	text = strings.TrimSpace(text)
	if text == "" {
		return errors.New("there is nothing to say")
	}
	if len(text) > wire.MaxChat {
		return fmt.Errorf("the message has %d bytes, at most %d are allowed: say it in two", len(text), wire.MaxChat)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state.Phase != Online {
		return errors.New("there is no connection: nobody would hear it")
	}
	c.chats = append(c.chats, strings.ToValidUTF8(text, "?"))
	wake(c.wakeSender)
	return nil
}

// Add queues events for upload; the slice may be used again at once. Events
// without an ID get one; Visitor and Session are the client's where they are
// empty; Time is moved by Config.Epoch. The rows are on disk some
// milliseconds later, see Flush.
func (c *Client) Add(events []world.Event) {
	if len(events) == 0 {
		return
	}
	c.mu.Lock()
	for i := range events {
		c.handed = append(c.handed, handed{event: events[i]})
		c.handed[len(c.handed)-1].event.Time += c.cfg.Epoch
	}
	c.count += uint64(len(events))
	c.mu.Unlock()
	wake(c.wakeKeeper)
}

// SetCart says how many of an item are to be in the cart; 0 takes it out.
// The cart as the server then has it comes back through Poll.
func (c *Client) SetCart(item string, quantity int) error {
	if item == "" || !wire.ValidKey(item) || quantity < 0 || quantity > wire.MaxQuantity {
		return fmt.Errorf("the cart cannot hold %d of %q: between 0 and %d of an item of the catalogue", quantity, item, wire.MaxQuantity)
	}
	id, err := c.newID()
	if err != nil {
		return err
	}
	c.hand(record{kindCart, marshal(&wire.CartSet{Item: item, Quantity: int32(quantity), Id: id})}, id)
	return nil
}

// Buy asks for a purchase and returns its id. The receipt with that id comes
// through Poll, now or whenever the server can be reached again: exactly once is bought, or not at all.
func (c *Client) Buy(lines ...store.Line) (id string, err error) {
	if len(lines) == 0 || len(lines) > wire.MaxLines {
		return "", fmt.Errorf("a purchase has between 1 and %d lines, not %d", wire.MaxLines, len(lines))
	}
	m := &wire.Purchase{}
	for _, l := range lines {
		if l.Item == "" || !wire.ValidKey(l.Item) || l.Quantity < 1 || l.Quantity > wire.MaxQuantity {
			return "", fmt.Errorf("%d of %q cannot be bought: between 1 and %d of an item of the catalogue", l.Quantity, l.Item, wire.MaxQuantity)
		}
		m.Lines = append(m.Lines, &wire.CartLine{Item: l.Item, Quantity: l.Quantity})
	}
	if m.Id, err = c.newID(); err != nil {
		return "", err
	}
	c.hand(record{kindPurchase, marshal(m)}, m.Id)
	return m.Id, nil
}

// hand gives a record to the keeper, in order with the events.
func (c *Client) hand(r record, id string) {
	c.mu.Lock()
	c.handed = append(c.handed, handed{r: r, id: id})
	c.count++
	c.mu.Unlock()
	wake(c.wakeKeeper)
}

// Flush waits until what was handed in before is on disk.
func (c *Client) Flush(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() {
		c.mu.Lock()
		c.idle.Broadcast()
		c.mu.Unlock()
	})
	defer stop()
	c.mu.Lock()
	defer c.mu.Unlock()
	for want := c.count; c.written < want; {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("waiting for the outbox: %w", err)
		}
		if c.state.Phase == Closed {
			return errors.New("waiting for the outbox: the client is closed")
		}
		c.idle.Wait()
	}
	return nil
}

// Settle waits until everything handed in has been acknowledged by the server.
func (c *Client) Settle(ctx context.Context) error {
	for {
		if s := c.State(); s.Pending+s.Unwritten == 0 && c.Flush(ctx) == nil && c.State().Pending == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			s := c.State()
			return fmt.Errorf("waiting for the server to acknowledge %d rows (%s): %w", s.Pending+s.Unwritten, s.Phase, ctx.Err())
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func wake(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
