package store

import (
	"context"
	"database/sql"
	"fmt"

	"souk/world"
)

// Outcome says what became of a batch of events.
type Outcome struct {
	Fresh   []int // rows of the batch that are new, in order
	Dup     int   // rows that were there already, from the same visitor
	Foreign []int // rows whose id another visitor has used: not stored
}

const insertEvent = `INSERT INTO events
 (id, visitor, session, time, kind, item, dwell, exposure, in_view, eccentricity, propensity, slot, source, amount)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`

// Append stores events, each id once and for ever, and keeps the likes that
// follow from them. done is called by the writing goroutine after the commit, and must not wait; with an
// error nothing of the batch is stored. The events must not change until then.
func (s *Store) Append(events []world.Event, done func(Outcome, error)) error {
	var out Outcome
	return s.submit(&job{
		rows: len(events),
		run: func(t *Tx) (err error) {
			out, err = insert(t, events)
			return err
		},
		done: func(err error) { done(out, err) },
	})
}

func insert(t *Tx, events []world.Event) (Outcome, error) {
	out := Outcome{Fresh: make([]int, 0, len(events))}
	for i := range events {
		e := &events[i]
		n, err := t.Exec(insertEvent, e.ID, e.Visitor, e.Session, e.Time, int64(e.Kind), e.Item, float64(e.Dwell), float64(e.Exposure),
			float64(e.InView), float64(e.Eccentricity), float64(e.Propensity), int64(e.Slot), int64(e.Source), int64(e.Amount))
		if err != nil {
			return out, fmt.Errorf("storing event %s: %w", e.ID, err)
		}
		if n == 0 {
			same := false
			err := t.Query(func(r *sql.Rows) error { same = true; return nil },
				"SELECT 1 FROM events WHERE id = ? AND visitor = ?", e.ID, e.Visitor)
			if err != nil {
				return out, fmt.Errorf("looking up event %s: %w", e.ID, err)
			}
			if same {
				out.Dup++
			} else {
				out.Foreign = append(out.Foreign, i)
			}
			continue
		}
		out.Fresh = append(out.Fresh, i)
		switch e.Kind {
		case world.EventLike:
			_, err = t.Exec("INSERT INTO likes (visitor, item) VALUES (?, ?) ON CONFLICT DO NOTHING", e.Visitor, e.Item)
		case world.EventUnlike:
			_, err = t.Exec("DELETE FROM likes WHERE visitor = ? AND item = ?", e.Visitor, e.Item)
		}
		if err != nil {
			return out, fmt.Errorf("keeping the like of event %s: %w", e.ID, err)
		}
	}
	return out, nil
}

// Events calls f for the stored events with a number above after, in the order in
// which they were stored, until f returns an error, which it returns.
func (s *Store) Events(ctx context.Context, after int64, f func(seq int64, e world.Event) error) error {
	rows, err := s.read.QueryContext(ctx, `SELECT seq, id, visitor, session, time, kind, item, dwell, exposure, in_view,
 eccentricity, propensity, slot, source, amount FROM events WHERE seq > ? ORDER BY seq`, after)
	if err != nil {
		return fmt.Errorf("reading the events of %s: %w", s.path, err)
	}
	return each(rows, func(r *sql.Rows) error {
		var seq int64
		var e world.Event
		if err := r.Scan(&seq, &e.ID, &e.Visitor, &e.Session, &e.Time, &e.Kind, &e.Item, &e.Dwell, &e.Exposure, &e.InView,
			&e.Eccentricity, &e.Propensity, &e.Slot, &e.Source, &e.Amount); err != nil {
			return fmt.Errorf("reading event %d of %s: %w", seq, s.path, err)
		}
		return f(seq, e)
	})
}

// Count is the number of stored events.
func (s *Store) Count(ctx context.Context) (n int64, err error) {
	if err := s.read.QueryRowContext(ctx, "SELECT count(*) FROM events").Scan(&n); err != nil {
		return 0, fmt.Errorf("counting the events of %s: %w", s.path, err)
	}
	return n, nil
}
