// Package ledger is the market's economy on the server: stock and purchases,
// exact under crashes and retries.
//
// A purchase has an id made by the client. The order, its lines, the stock that it takes and
// the cart that it empties change in one transaction of package store; the
// same id asked for again gets the same receipt and changes nothing. Prices
// and totals come from the catalogue, never from a client.
//
// Read [Open] first, then [Ledger.Buy].
package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync"

	"souk/world"
	"souk/world/catalog"
	"souk/world/store"
)

// Receipt is what became of a purchase.
type Receipt struct {
	ID     string
	OK     bool
	Reason string // why not, a sentence; empty where OK
	Total  world.Cents
	Lines  []store.Line // what was bought, one line per item, in order of item id; empty where not OK
	Repeat bool         // the id was known: nothing has changed now
	// Cart is the visitor's cart after the purchase.
	Cart []store.Line
	// Stock is what is left of the bought items, in the order of Lines.
	Stock []int32
}

// Ledger keeps the stock of one catalogue in one store. All methods may be called from any goroutine.
type Ledger struct {
	cat   *catalog.Catalog
	store *store.Store

	mu   sync.Mutex
	sold map[string]int32 // what is committed; the truth is in the store
}

// Open reads what was sold.
func Open(ctx context.Context, c *catalog.Catalog, s *store.Store) (*Ledger, error) {
	l := &Ledger{cat: c, store: s, sold: map[string]int32{}}
	lines, err := s.Sold(ctx)
	if err != nil {
		return nil, fmt.Errorf("opening the ledger: %w", err)
	}
	for _, line := range lines {
		l.sold[line.Item] = line.Quantity
	}
	return l, nil
}

// Changed lists the items whose stock is not the catalogue's, with what is left, in order of item id.
// Items that the catalogue does not have (any more) are left out.
func (l *Ledger) Changed() []store.Line {
	l.mu.Lock()
	defer l.mu.Unlock()
	lines := make([]store.Line, 0, len(l.sold))
	for id, sold := range l.sold {
		if i, ok := l.cat.Index(id); ok && sold > 0 {
			lines = append(lines, store.Line{Item: id, Quantity: left(l.cat.Items[i].Stock, sold)})
		}
	}
	slices.SortFunc(lines, func(a, b store.Line) int {
		if a.Item < b.Item {
			return -1
		}
		return 1
	})
	return lines
}

// Stock is what is left of an item; ok is false for an item that the catalogue does not have.
func (l *Ledger) Stock(item string) (n int32, ok bool) {
	i, ok := l.cat.Index(item)
	if !ok {
		return 0, false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return left(l.cat.Items[i].Stock, l.sold[item]), true
}

// left is never negative: a catalogue may come back with less stock than was sold.
func left(stock, sold int32) int32 { return max(stock-sold, 0) }

// Buy judges a purchase and hands done its receipt after the commit; done is called by the
// store's goroutine and must not wait. A refusal (out of stock, unknown item)
// is a receipt too, and final for its id. An error means that nothing was
// decided: ask again with the same id. now is in seconds since the Unix epoch.
func (l *Ledger) Buy(visitor, id string, lines []store.Line, now float64, done func(Receipt, error)) error {
	lines = merge(lines)
	var r Receipt
	return l.store.Submit(2+2*len(lines), func(t *store.Tx) (err error) {
		r, err = l.buy(t, visitor, id, lines, now)
		return err
	}, func(err error) {
		if err == nil && r.OK && !r.Repeat {
			l.mu.Lock()
			for i, line := range r.Lines {
				l.sold[line.Item] += line.Quantity
				k, _ := l.cat.Index(line.Item)
				r.Stock[i] = left(l.cat.Items[k].Stock, l.sold[line.Item])
			}
			l.mu.Unlock()
		}
		done(r, err)
	})
}

// merge adds up lines of the same item and orders them by it.
func merge(lines []store.Line) []store.Line {
	m := slices.Clone(lines)
	slices.SortStableFunc(m, func(a, b store.Line) int {
		switch {
		case a.Item < b.Item:
			return -1
		case a.Item > b.Item:
			return 1
		}
		return 0
	})
	n := 0
	for _, line := range m {
		if n > 0 && m[n-1].Item == line.Item {
			m[n-1].Quantity += line.Quantity
			continue
		}
		m[n] = line
		n++
	}
	return m[:n]
}

func (l *Ledger) buy(t *store.Tx, visitor, id string, lines []store.Line, now float64) (Receipt, error) {
	r, known, err := order(t, visitor, id)
	if err != nil {
		return r, fmt.Errorf("looking up order %s: %w", id, err)
	}
	if !known {
		r = Receipt{ID: id}
		if r.Reason, r.Total, err = l.judge(t, lines); err != nil {
			return r, fmt.Errorf("judging order %s: %w", id, err)
		}
		if r.OK = r.Reason == ""; r.OK {
			r.Lines, r.Stock = lines, make([]int32, len(lines))
		} else {
			r.Total = 0
		}
		if err := l.enter(t, visitor, &r, now); err != nil {
			return r, fmt.Errorf("entering order %s: %w", id, err)
		}
	}
	if r.Cart, err = store.CartIn(t, visitor); err != nil {
		return r, err
	}
	return r, nil
}

// order is the receipt of an id that is known already.
func order(t *store.Tx, visitor, id string) (r Receipt, known bool, err error) {
	owner := ""
	err = t.Query(func(row *sql.Rows) error {
		known = true
		return row.Scan(&owner, &r.OK, &r.Reason, &r.Total)
	}, "SELECT visitor, ok, reason, total FROM orders WHERE id = ?", id)
	if err != nil || !known {
		return r, known, err
	}
	r.ID, r.Repeat = id, true
	if owner != visitor {
		return Receipt{ID: id, Repeat: true, Reason: "the purchase's id belongs to another visitor: make a new one"}, true, nil
	}
	err = t.Query(func(row *sql.Rows) error {
		var line store.Line
		err := row.Scan(&line.Item, &line.Quantity)
		r.Lines = append(r.Lines, line)
		return err
	}, "SELECT item, quantity FROM order_lines WHERE order_id = ? ORDER BY item", id)
	return r, true, err
}

// judge says why the lines cannot be bought, or what they cost.
func (l *Ledger) judge(t *store.Tx, lines []store.Line) (reason string, total world.Cents, err error) {
	if len(lines) == 0 {
		return "nothing was asked for", 0, nil
	}
	for _, line := range lines {
		i, ok := l.cat.Index(line.Item)
		if !ok {
			return fmt.Sprintf("the market has no item %q", line.Item), 0, nil
		}
		if line.Quantity <= 0 {
			return fmt.Sprintf("the quantity of %q is %d", line.Item, line.Quantity), 0, nil
		}
		it := &l.cat.Items[i]
		sold, err := soldOf(t, line.Item)
		if err != nil {
			return "", 0, err
		}
		if n := left(it.Stock, sold); n < line.Quantity {
			return fmt.Sprintf("out of stock: %d of %q are left, %d were asked for", n, it.Name.In("en"), line.Quantity), 0, nil
		}
		total += it.Price * world.Cents(line.Quantity)
	}
	return "", total, nil
}

func soldOf(t *store.Tx, item string) (n int32, err error) {
	err = t.Query(func(row *sql.Rows) error { return row.Scan(&n) }, "SELECT quantity FROM sold WHERE item = ?", item)
	return n, err
}

// enter writes the order, takes the stock and empties the cart of what was bought.
func (l *Ledger) enter(t *store.Tx, visitor string, r *Receipt, now float64) error {
	if _, err := t.Exec("INSERT INTO orders (id, visitor, time, ok, reason, total) VALUES (?, ?, ?, ?, ?, ?)",
		r.ID, visitor, now, r.OK, r.Reason, int64(r.Total)); err != nil {
		return err
	}
	for _, line := range r.Lines {
		i, _ := l.cat.Index(line.Item)
		if _, err := t.Exec("INSERT INTO order_lines (order_id, item, quantity, price) VALUES (?, ?, ?, ?)",
			r.ID, line.Item, int64(line.Quantity), int64(l.cat.Items[i].Price)); err != nil {
			return err
		}
		if _, err := t.Exec("INSERT INTO sold (item, quantity) VALUES (?, ?) ON CONFLICT DO UPDATE SET quantity = quantity + excluded.quantity",
			line.Item, int64(line.Quantity)); err != nil {
			return err
		}
		// What was bought leaves the cart; a cart that holds more keeps the rest.
		if _, err := t.Exec("DELETE FROM carts WHERE visitor = ? AND item = ? AND quantity <= ?", visitor, line.Item, int64(line.Quantity)); err != nil {
			return err
		}
		if _, err := t.Exec("UPDATE carts SET quantity = quantity - ? WHERE visitor = ? AND item = ?", int64(line.Quantity), visitor, line.Item); err != nil {
			return err
		}
	}
	return nil
}
