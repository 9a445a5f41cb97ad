// Package store is the server's database: the event log, likes, carts and
// orders in one SQLite file that survives kill -9 and a pulled plug.
//
// One goroutine writes. It gathers what several callers want into one
// transaction (group commit), and tells each caller only when that
// transaction is on disk: what has been acknowledged is stored. Event ids
// are unique for ever, in the same transaction as the row, so that a client
// that repeats itself after a lost acknowledgement adds nothing.
//
// Read [Open] first, then [Store.Append] and [Store.Do].
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// FileName is the database's name in its directory.
const FileName = "souk.db"

// Options tune a store. The zero value is what the server uses.
type Options struct {
	// MaxRows ends the gathering of a transaction; 0 means 256.
	MaxRows int
	// Linger is how long a transaction that is not full waits for more; 0
	// means 2 ms, negative means not at all. It is part of the time to an acknowledgement.
	Linger time.Duration
	// Committed, if not nil, is told after each transaction: its rows, the
	// time from its first row to its end, its error. Called by the writing goroutine.
	Committed func(rows int, took time.Duration, err error)
	// SetAside renames a damaged database (see Damaged) and begins a new one.
	SetAside bool
}

// Damaged is the error of a file that is not a sound database. The file was
// left as it was.
type Damaged struct {
	Path   string
	Reason string
}

// Error is the sentence.
func (d *Damaged) Error() string {
	return fmt.Sprintf("the database %s is damaged (%s): it was left as it is; restore a copy, or start with -set-aside to keep it under another name and begin a new one", d.Path, d.Reason)
}

// ErrInUse says that another process holds the directory.
var ErrInUse = errors.New("another server is using it: stop that one, or give this one a directory of its own with -data")

// ErrClosed is returned for work handed in after Close.
var ErrClosed = errors.New("the store is closed")

// Store is an open database. All methods may be called from any goroutine.
type Store struct {
	opts Options
	path string
	lock io.Closer
	db   *sql.DB // the writing goroutine's
	read *sql.DB
	jobs chan *job
	done chan struct{} // closed when the writing goroutine has ended
	// mu keeps jobs open while anybody sends to it: senders share it, Close takes it alone.
	mu     sync.RWMutex
	closed bool
	once   sync.Once
	err    error

	// kept is where SetAside put a damaged database, empty otherwise.
	kept string
}

// Open opens the database in a directory, which is made where it is missing,
// checks it, and brings its tables up to date. Errors are sentences: *Damaged for
// a file that cannot be trusted, ErrInUse (wrapped) where another process has it open.
func Open(dir string, opts Options) (*Store, error) {
	if opts.MaxRows <= 0 {
		opts.MaxRows = 256
	}
	if opts.Linger == 0 {
		opts.Linger = 2 * time.Millisecond
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the data directory: %w", err)
	}
	lock, err := LockDir(dir)
	if err != nil {
		return nil, fmt.Errorf("opening the data directory %s: %w", dir, err)
	}
	s := &Store{opts: opts, path: filepath.Join(dir, FileName), lock: lock,
		jobs: make(chan *job, 1024), done: make(chan struct{})}
	err = s.open()
	var damaged *Damaged
	if errors.As(err, &damaged) && opts.SetAside {
		if s.kept, err = setAside(s.path); err == nil {
			err = s.open()
		}
	}
	if err != nil {
		lock.Close()
		return nil, err
	}
	go s.write()
	return s, nil
}

// SetAside is where Open put a damaged database; empty where it did not.
func (s *Store) SetAside() string { return s.kept }

// Path is the database file.
func (s *Store) Path() string { return s.path }

func (s *Store) open() (err error) {
	if err := checkHeader(s.path); err != nil {
		return err
	}
	// _txlock does not matter: transactions are begun by hand, see write.go.
	dsn := "file:" + (&pathURL{s.path}).String() + "?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"
	if s.db, err = sql.Open("sqlite", dsn); err != nil {
		return fmt.Errorf("opening %s: %w", s.path, err)
	}
	s.db.SetMaxOpenConns(1)
	if err := s.prepare(); err != nil {
		s.db.Close()
		return err
	}
	if s.read, err = sql.Open("sqlite", "file:"+(&pathURL{s.path}).String()+"?_pragma=busy_timeout(5000)&_pragma=query_only(1)"); err != nil {
		s.db.Close()
		return fmt.Errorf("opening %s for reading: %w", s.path, err)
	}
	s.read.SetMaxOpenConns(2)
	return nil
}

// prepare checks the pages of the file and makes the tables.
func (s *Store) prepare() error {
	var verdict string
	if err := s.db.QueryRow("PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return &Damaged{Path: s.path, Reason: err.Error()}
	} else if verdict != "ok" {
		return &Damaged{Path: s.path, Reason: firstLine(verdict)}
	}
	var version int
	if err := s.db.QueryRow("PRAGMA user_version").Scan(&version); err != nil {
		return fmt.Errorf("reading the version of %s: %w", s.path, err)
	}
	if version > schemaVersion {
		return fmt.Errorf("the database %s has version %d, this server knows up to %d: use the newer server that wrote it", s.path, version, schemaVersion)
	}
	if version < schemaVersion {
		if _, err := s.db.Exec(schema); err != nil {
			return fmt.Errorf("making the tables of %s: %w", s.path, err)
		}
	}
	return nil
}

// Close finishes the work handed in, and closes the file. It may be called twice.
func (s *Store) Close() error {
	s.once.Do(func() {
		s.mu.Lock()
		s.closed = true
		close(s.jobs)
		s.mu.Unlock()
		<-s.done
		s.err = errors.Join(s.read.Close(), s.db.Close(), s.lock.Close())
	})
	return s.err
}

// Ping says whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	if err := s.read.QueryRowContext(ctx, "SELECT 1 FROM sqlite_master LIMIT 1").Scan(&one); err != nil {
		return fmt.Errorf("asking the database %s: %w", s.path, err)
	}
	return nil
}
