package client

import (
	"context"
	"time"

	"souk/world/wire"
)

// retryWrite is the pause after the disk has refused a write.
const retryWrite = time.Second

// keep is the goroutine that owns the outbox file: it writes what was handed
// in, passes it on to the sender, and cuts off what was acknowledged. At the
// end of the context it writes what is left, once.
func (c *Client) keep(ctx context.Context) {
	var batch, spare []handed
	retry := time.NewTimer(0)
	defer retry.Stop()
	for {
		select {
		case <-c.wakeKeeper:
		case <-retry.C:
		case <-ctx.Done():
		}
		last := ctx.Err() != nil // asked before looking: what came before the end is written
		c.mu.Lock()
		if len(batch) == 0 {
			batch, c.handed = c.handed, spare[:0]
			spare = batch
		} else { // left over from a failure
			batch = append(batch, c.handed...)
			c.handed = c.handed[:0]
		}
		c.mu.Unlock()
		if err := c.store(batch); err != nil {
			c.problem(err)
			retry.Reset(retryWrite)
		} else {
			batch = batch[:0]
		}
		if last {
			return
		}
	}
}

// store writes a batch to the outbox and compacts it.
func (c *Client) store(batch []handed) error {
	if len(batch) > 0 {
		records, ids := c.encode(batch)
		if err := c.outboxFile.append(records); err != nil {
			return err
		}
		c.pendMu.Lock()
		for i := range records {
			c.pending.add(records[i], ids[i])
		}
		c.pendMu.Unlock()
		c.mu.Lock()
		c.written += uint64(len(batch))
		c.idle.Broadcast()
		c.mu.Unlock()
		wake(c.wakeSender)
	}
	return c.compact()
}

// encode turns a batch into records, and gives ids to the events that have none.
func (c *Client) encode(batch []handed) (records []record, ids []string) {
	for i := range batch {
		h := &batch[i]
		if h.r.kind != 0 {
			records, ids = append(records, h.r), append(ids, h.id)
			continue
		}
		e := &h.event
		if e.ID == "" {
			id, err := c.newID()
			if err != nil {
				c.problem(err)
				continue
			}
			e.ID = id // kept in the batch: a second attempt has the same id
		}
		if e.Session == "" {
			e.Session = c.cfg.Session
		}
		body := marshal(wire.EventOf(e))
		if body == nil {
			c.log.Warn("an event is not text that can be sent", "item", e.Item)
			continue
		}
		records, ids = append(records, record{kindEvent, body}), append(ids, e.ID)
	}
	return records, ids
}

// compact cuts the file once enough of its front was acknowledged.
func (c *Client) compact() error {
	header := int64(len(outboxMagic))
	c.pendMu.Lock()
	empty, front := len(c.pending.entries) == 0, c.pending.front
	var rest []record
	if !empty && front > compactBytes {
		for i := range c.pending.entries {
			rest = append(rest, c.pending.entries[i].record)
		}
	}
	c.pendMu.Unlock()
	// Only this goroutine adds to the file and to pending, so that what was
	// read above can only have become less.
	var err error
	switch {
	case empty && c.outboxFile.size > header:
		err = c.outboxFile.reset()
	case rest != nil:
		err = c.outboxFile.rewrite(rest)
	default:
		return nil
	}
	if err == nil {
		c.pendMu.Lock()
		c.pending.front -= front - header
		c.pendMu.Unlock()
	}
	return err
}

// problem shows a fault of this machine in the state.
func (c *Client) problem(err error) {
	c.mu.Lock()
	c.state.Problem = err.Error()
	c.mu.Unlock()
	c.log.Error("outbox", "problem", err)
}
