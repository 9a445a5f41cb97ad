package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
)

// ErrIdentity says that a visitor is known with another secret.
var ErrIdentity = errors.New("the visitor is bound to another token")

// Admit binds a visitor to the secret with which it is first seen; later it
// compares. Only the secret's hash is kept. now is in seconds since the Unix epoch.
func (s *Store) Admit(visitor, secret, name string, now float64) error {
	hash := sha256.Sum256([]byte(secret))
	known, err := s.tokenOf(visitor)
	if err != nil {
		return err
	}
	if known == nil {
		// Two first sights at once: the first row stays, both compare with it.
		err := s.Do(1, func(t *Tx) error {
			if _, err := t.Exec("INSERT INTO visitors (id, token, name, seen) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
				visitor, hash[:], name, now); err != nil {
				return err
			}
			return t.Query(func(r *sql.Rows) error { return r.Scan(&known) }, "SELECT token FROM visitors WHERE id = ?", visitor)
		})
		if err != nil {
			return fmt.Errorf("admitting visitor %s: %w", visitor, err)
		}
	}
	// The hashes are of secrets: the time that comparing them takes says nothing of use.
	if !bytes.Equal(known, hash[:]) {
		return ErrIdentity
	}
	return nil
}

func (s *Store) tokenOf(visitor string) (token []byte, err error) {
	err = s.read.QueryRow("SELECT token FROM visitors WHERE id = ?", visitor).Scan(&token)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("looking up visitor %s: %w", visitor, err)
	}
	return token, nil
}

// Liked lists the ids of the items that a visitor likes, in order of id.
func (s *Store) Liked(ctx context.Context, visitor string) (items []string, err error) {
	err = s.list(ctx, func(r *sql.Rows) error {
		var id string
		err := r.Scan(&id)
		items = append(items, id)
		return err
	}, "SELECT item FROM likes WHERE visitor = ? ORDER BY item", visitor)
	return items, err
}

// Line is an item and how many of it.
type Line struct {
	Item     string
	Quantity int32
}

// Cart lists a visitor's cart, in order of item id.
func (s *Store) Cart(ctx context.Context, visitor string) (lines []Line, err error) {
	err = s.list(ctx, func(r *sql.Rows) error {
		var l Line
		err := r.Scan(&l.Item, &l.Quantity)
		lines = append(lines, l)
		return err
	}, "SELECT item, quantity FROM carts WHERE visitor = ? ORDER BY item", visitor)
	return lines, err
}

// ErrCartFull says that a cart has as many lines as it may.
var ErrCartFull = errors.New("the cart is full: take something out first")

// SetCart sets how many of an item are in a visitor's cart (0 takes it out)
// and hands done the whole cart after the commit. maxLines bounds the cart.
func (s *Store) SetCart(visitor string, line Line, maxLines int, done func([]Line, error)) error {
	var lines []Line
	return s.Submit(1, func(t *Tx) (err error) {
		if line.Quantity == 0 {
			_, err = t.Exec("DELETE FROM carts WHERE visitor = ? AND item = ?", visitor, line.Item)
		} else {
			_, err = t.Exec("INSERT INTO carts (visitor, item, quantity) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET quantity = excluded.quantity",
				visitor, line.Item, int64(line.Quantity))
		}
		if err != nil {
			return fmt.Errorf("setting the cart of %s: %w", visitor, err)
		}
		if lines, err = CartIn(t, visitor); err == nil && len(lines) > maxLines {
			err = ErrCartFull
		}
		return err
	}, func(err error) { done(lines, err) })
}

// CartIn is Cart within a transaction.
func CartIn(t *Tx, visitor string) (lines []Line, err error) {
	err = t.Query(func(r *sql.Rows) error {
		var l Line
		err := r.Scan(&l.Item, &l.Quantity)
		lines = append(lines, l)
		return err
	}, "SELECT item, quantity FROM carts WHERE visitor = ? ORDER BY item", visitor)
	if err != nil {
		return nil, fmt.Errorf("reading the cart of %s: %w", visitor, err)
	}
	return lines, nil
}

// Sold lists what was sold of each item of which something was, in order of item id.
func (s *Store) Sold(ctx context.Context) (lines []Line, err error) {
	err = s.list(ctx, func(r *sql.Rows) error {
		var l Line
		err := r.Scan(&l.Item, &l.Quantity)
		lines = append(lines, l)
		return err
	}, "SELECT item, quantity FROM sold ORDER BY item")
	return lines, err
}

func (s *Store) list(ctx context.Context, scan func(*sql.Rows) error, query string, args ...any) error {
	rows, err := s.read.QueryContext(ctx, query, args...)
	if err == nil {
		err = each(rows, scan)
	}
	if err != nil {
		return fmt.Errorf("reading from %s: %w", s.path, err)
	}
	return nil
}
