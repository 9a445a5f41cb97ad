package store_test

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"souk/world"
	"souk/world/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t testing.TB, dir string, opts store.Options) *store.Store {
	t.Helper()
	s, err := store.Open(dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func event(i int) world.Event {
	return world.Event{ID: fmt.Sprintf("id-%08d", i), Visitor: "v", Session: "s", Time: 1.7e9 + float64(i)/8, Kind: world.EventDwell, Item: "lamp", Dwell: 1.5, Exposure: 0.25, Slot: world.NoSlot}
}

// add appends and waits.
func add(t testing.TB, s *store.Store, events ...world.Event) store.Outcome {
	t.Helper()
	type result struct {
		out store.Outcome
		err error
	}
	done := make(chan result, 1)
	if err := s.Append(events, func(o store.Outcome, err error) { done <- result{o, err} }); err != nil {
		t.Fatal(err)
	}
	r := <-done
	if r.err != nil {
		t.Fatal(r.err)
	}
	return r.out
}

func TestEventsAreStoredOnceForEver(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.Options{})
	if out := add(t, s, event(1), event(2), event(1)); len(out.Fresh) != 2 || out.Dup != 1 {
		t.Errorf("outcome %+v, want 2 fresh and a duplicate", out)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir, store.Options{})
	foreign := event(2)
	foreign.Visitor = "another"
	if out := add(t, s, event(1), foreign, event(3)); fmt.Sprint(out) != "{[2] 1 [1]}" {
		t.Errorf("outcome %+v, want row 2 fresh, one duplicate, row 1 foreign", out)
	}
	var got []world.Event
	s.Events(t.Context(), 0, func(_ int64, e world.Event) error { got = append(got, e); return nil })
	if len(got) != 3 || got[0] != event(1) || got[1] != event(2) || got[2] != event(3) {
		t.Errorf("stored %+v", got)
	}
}

func TestFailureOfOneJobTakesBackItsOwnRowsAlone(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{Linger: 50 * time.Millisecond})
	boom := errors.New("boom")
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			err := s.Do(1, func(tx *store.Tx) error {
				if _, err := tx.Exec("INSERT INTO sold (item, quantity) VALUES (?, ?)", fmt.Sprint("item-", i), 1); err != nil {
					return err
				}
				if i%3 == 0 {
					return boom
				}
				return nil
			})
			if (i%3 == 0) != errors.Is(err, boom) {
				t.Errorf("job %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	lines, err := s.Sold(t.Context())
	if err != nil || len(lines) != 13 {
		t.Errorf("%d rows are there, want 13: %v", len(lines), err)
	}
}

func TestWorkIsGatheredIntoFewTransactions(t *testing.T) {
	var mu sync.Mutex
	commits, rows := 0, 0
	s := open(t, t.TempDir(), store.Options{Linger: 20 * time.Millisecond, Committed: func(n int, _ time.Duration, err error) {
		mu.Lock()
		defer mu.Unlock()
		commits, rows = commits+1, rows+n
	}})
	var wg sync.WaitGroup
	for i := range 400 {
		wg.Go(func() { add(t, s, event(i)) })
	}
	wg.Wait()
	mu.Lock()
	defer mu.Unlock()
	if rows != 400 || commits > 40 {
		t.Errorf("%d rows in %d transactions, want 400 in at most 40", rows, commits)
	}
}

func TestCloseFinishesWhatWasHandedIn(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.Options{})
	var mu sync.Mutex
	acked, failed := 0, 0
	for i := range 500 {
		err := s.Append([]world.Event{event(i)}, func(_ store.Outcome, err error) {
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				acked++
			} else {
				failed++
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Append([]world.Event{event(0)}, nil); !errors.Is(err, store.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	s = open(t, dir, store.Options{})
	if n, _ := s.Count(t.Context()); acked != 500 || failed != 0 || n != 500 {
		t.Errorf("%d acknowledged, %d failed, %d stored, want 500, 0, 500", acked, failed, n)
	}
}

func TestVisitorIsBoundAtFirstSight(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{})
	if err := errors.Join(s.Admit("v", "open sesame", "V", 1), s.Admit("v", "open sesame", "W", 2), s.Admit("w", "other", "W", 2)); err != nil {
		t.Fatal(err)
	}
	if err := s.Admit("v", "other", "V", 3); !errors.Is(err, store.ErrIdentity) {
		t.Errorf("another secret: %v", err)
	}
	b, err := os.ReadFile(s.Path() + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(b, []byte("sesame")) {
		t.Error("the secret itself is on disk")
	}
}

func TestCartHasABound(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{})
	set := func(item string, n int32) (lines []store.Line, err error) {
		done := make(chan struct{})
		s.SetCart("v", store.Line{Item: item, Quantity: n}, 2, func(l []store.Line, e error) { lines, err = l, e; close(done) })
		<-done
		return lines, err
	}
	for _, item := range []string{"a", "b"} {
		if _, err := set(item, 1); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := set("c", 1); !errors.Is(err, store.ErrCartFull) {
		t.Errorf("a third line: %v", err)
	}
	if _, err := set("a", 0); err != nil {
		t.Fatal(err)
	}
	if lines, _ := s.Cart(t.Context(), "v"); len(lines) != 1 || lines[0] != (store.Line{Item: "b", Quantity: 1}) {
		t.Errorf("cart %v", lines)
	}
}

// TestDamagedDatabaseIsKept damages a real database in several ways. Opening it says so
// and changes nothing; set aside, it is there under another name, byte for byte.
func TestDamagedDatabaseIsKept(t *testing.T) {
	for name, damage := range map[string]func([]byte) []byte{
		"rubbish":   func(b []byte) []byte { return bytes.Repeat([]byte("no database"), 1000) },
		"cut head":  func(b []byte) []byte { return b[:7] },
		"cut pages": func(b []byte) []byte { return b[:len(b)/2] },
		"overwritten pages": func(b []byte) []byte {
			for i := 4096; i < len(b); i++ {
				b[i] = 0xff
			}
			return b
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, dir, store.Options{})
			var events []world.Event
			for i := range 300 {
				events = append(events, event(i))
			}
			add(t, s, events...)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, store.FileName)
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			b = damage(b)
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err = store.Open(dir, store.Options{})
			var d *store.Damaged
			if !errors.As(err, &d) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "-set-aside") {
				t.Fatalf("opening: %v", err)
			}
			if after, _ := os.ReadFile(path); !bytes.Equal(after, b) {
				t.Error("the damaged database was changed")
			}
			s = open(t, dir, store.Options{SetAside: true})
			if kept, _ := os.ReadFile(s.SetAside()); s.SetAside() == "" || !bytes.Equal(kept, b) {
				t.Errorf("set aside as %q, and not the same", s.SetAside())
			}
			if out := add(t, s, event(1)); len(out.Fresh) != 1 {
				t.Error("the new database is not empty")
			}
		})
	}
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	dir := t.TempDir()
	open(t, dir, store.Options{}).Close()
	db, err := sql.Open("sqlite", filepath.Join(dir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	if _, err := store.Open(dir, store.Options{}); err == nil || !strings.Contains(err.Error(), "version 99") {
		t.Errorf("a newer database: %v", err)
	}
}

// BenchmarkCommit is how many rows a second are on disk and acknowledged. The
// naive way is a row per transaction; the server gathers what many
// connections hand in.
func BenchmarkCommit(b *testing.B) {
	run := func(b *testing.B, opts store.Options, batch, writers int) {
		s := open(b, b.TempDir(), opts)
		b.ReportAllocs()
		b.ResetTimer()
		work := make(chan int)
		var wg sync.WaitGroup
		for range writers {
			wg.Go(func() {
				for n := range work {
					events := make([]world.Event, batch)
					for i := range events {
						events[i] = event(n*batch + i)
					}
					add(b, s, events...)
				}
			})
		}
		for n := range b.N {
			work <- n
		}
		close(work)
		wg.Wait()
		b.ReportMetric(float64(b.N*batch)/b.Elapsed().Seconds(), "rows/s")
	}
	b.Run("naive/row-per-transaction", func(b *testing.B) { run(b, store.Options{MaxRows: 1, Linger: -1}, 1, 1) })
	b.Run("group/1-row-64-writers", func(b *testing.B) { run(b, store.Options{}, 1, 64) })
	b.Run("group/1-row-256-writers", func(b *testing.B) { run(b, store.Options{}, 1, 256) })
	b.Run("group/100-rows-1-writer", func(b *testing.B) { run(b, store.Options{}, 100, 1) })
	b.Run("group/100-rows-8-writers", func(b *testing.B) { run(b, store.Options{}, 100, 8) })
}
