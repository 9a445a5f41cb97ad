package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// job is one piece of work for the writing goroutine.
type job struct {
	rows int
	// isolated work runs in a savepoint: its failure takes back its own rows
	// alone. The failure of other work fails the whole transaction.
	isolated bool
	run      func(*Tx) error
	done     func(error) // called once, after the transaction has ended
	err      error
}

// Tx is the transaction under way, for the work that it is handed to and no longer.
type Tx struct {
	ctx   context.Context
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

// stmt prepares a statement once for the life of the store. The texts are
// constants of this program; a text made from data has no place here.
func (t *Tx) stmt(query string) (*sql.Stmt, error) {
	if s := t.stmts[query]; s != nil {
		return s, nil
	}
	s, err := t.conn.PrepareContext(t.ctx, query)
	if err != nil {
		return nil, fmt.Errorf("preparing %q: %w", query, err)
	}
	t.stmts[query] = s
	return s, nil
}

// Exec runs a statement (a constant text) and returns how many rows it changed.
func (t *Tx) Exec(query string, args ...any) (int64, error) {
	s, err := t.stmt(query)
	if err != nil {
		return 0, err
	}
	r, err := s.ExecContext(t.ctx, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// Query runs a query (a constant text) and calls scan for each row.
func (t *Tx) Query(scan func(*sql.Rows) error, query string, args ...any) error {
	s, err := t.stmt(query)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(t.ctx, args...)
	if err != nil {
		return err
	}
	return each(rows, scan)
}

func each(rows *sql.Rows, scan func(*sql.Rows) error) error {
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Submit hands work to the writing goroutine, in the order of the calls of one
// goroutine, and returns. done is called after the commit (nil) or after
// the work's or the commit's failure; it must not wait. rows is how many rows the work
// writes, about. Submit waits only while the queue is full; its error is ErrClosed, and done is not called then.
func (s *Store) Submit(rows int, run func(*Tx) error, done func(error)) error {
	return s.submit(&job{rows: rows, isolated: true, run: run, done: done})
}

// Do is Submit that waits for the end.
func (s *Store) Do(rows int, run func(*Tx) error) error {
	ended := make(chan error, 1)
	if err := s.Submit(rows, run, func(err error) { ended <- err }); err != nil {
		return err
	}
	return <-ended
}

func (s *Store) submit(j *job) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return ErrClosed
	}
	s.jobs <- j
	return nil
}

// write is the writing goroutine: gather, commit, tell.
func (s *Store) write() {
	defer close(s.done)
	ctx := context.Background()
	conn, err := s.db.Conn(ctx)
	if err == nil {
		defer conn.Close()
	}
	tx := &Tx{ctx: ctx, conn: conn, stmts: map[string]*sql.Stmt{}}
	defer func() {
		for _, st := range tx.stmts {
			st.Close()
		}
	}()
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	var batch []*job
	for {
		var ok bool
		if batch, ok = s.gather(batch[:0], timer); !ok {
			return
		}
		start, rows := time.Now(), 0
		for _, j := range batch {
			rows += j.rows
		}
		e := err
		if e == nil {
			e = tx.commit(batch)
		}
		if s.opts.Committed != nil {
			s.opts.Committed(rows, time.Since(start), e)
		}
		for i, j := range batch {
			if e != nil {
				j.err = fmt.Errorf("writing to the database: %w", e)
			}
			if j.done != nil {
				j.done(j.err)
			}
			batch[i] = nil
		}
	}
}

// gather waits for the first job and takes what follows it within the limits.
// After Close it takes what is left, and then says false.
func (s *Store) gather(batch []*job, timer *time.Timer) ([]*job, bool) {
	j, ok := <-s.jobs
	if !ok {
		return nil, false
	}
	batch = append(batch, j)
	timer.Reset(max(s.opts.Linger, 0))
	for rows := j.rows; rows < s.opts.MaxRows; rows += j.rows {
		if j, ok = s.next(timer); !ok {
			break
		}
		batch = append(batch, j)
	}
	return batch, true
}

// next is the next job, if there is one before the timer ends.
func (s *Store) next(timer *time.Timer) (j *job, ok bool) {
	select {
	case j, ok = <-s.jobs:
		return j, ok
	default:
	}
	if s.opts.Linger < 0 {
		return nil, false
	}
	select {
	case j, ok = <-s.jobs:
		return j, ok
	case <-timer.C:
		return nil, false
	}
}

// commit runs the jobs in one transaction. Its error means that nothing of it is stored;
// the failure of an isolated job is in the job.
func (t *Tx) commit(batch []*job) (err error) {
	if _, err := t.Exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			t.Exec("ROLLBACK") // SQLite may have done it already
		}
	}()
	for _, j := range batch {
		if !j.isolated {
			if err := j.run(t); err != nil {
				return err
			}
			continue
		}
		if _, err := t.Exec("SAVEPOINT job"); err != nil {
			return err
		}
		if j.err = j.run(t); j.err != nil {
			if _, err := t.Exec("ROLLBACK TO job"); err != nil {
				return err
			}
		}
		if _, err := t.Exec("RELEASE job"); err != nil {
			return err
		}
	}
	_, err = t.Exec("COMMIT")
	return err
}
