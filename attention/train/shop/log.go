// Package shop reads the event logs of ordinary shops (who viewed, carted and
// bought what, and when), and judges models by what people buy next.
//
// Read [Read] first, then [Log.Data] for how events become evidence, [Log.Validation]
// for what is held out, and [Fit] for the model.
package shop

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"souk/world"
)

// Event is a row of a shop's log.
type Event struct {
	Time float64 // seconds since the Unix epoch
	User int32   // row in [Log.Users]
	Item int32   // row in [Log.Items]
	Kind world.EventKind
}

// Log is a shop's log, cleaned.
type Log struct {
	Users, Items []string // names, in the order of their first row that was kept
	// Events are in order of user, then time, then row.
	Events  []Event
	Reading Reading

	users, items map[string]int32
}

// Reason is why a row was refused.
type Reason int

// The reasons, in the order in which they are looked for.
const (
	Malformed   Reason = iota // too few or too many fields, or quotes that do not match
	NoName                    // no user or no item
	NoKind                    // an event that is not view, cart or buy
	NoTime                    // a time that is no finite number above 0
	Duplicate                 // the same in all columns as a row before
	ClockJump                 // so far from the rest that the clock was wrong
	UnknownUser               // of a file of targets: the log has nobody of that name
	UnknownItem               // of a file of targets: the log has nothing of that name
	Touched                   // of a file of targets: the user had touched it before
	reasons
)

var reasonNames = [reasons]string{"malformed", "without user or item", "of unknown kind", "without a finite time", "duplicate",
	"with a clock that jumped", "of unknown users", "of unknown items", "of items touched before"}

// String is the reason in words, to follow a number.
func (r Reason) String() string {
	if r >= 0 && r < reasons {
		return reasonNames[r]
	}
	return "unknown"
}

// Reading counts what became of a file's rows.
type Reading struct {
	Path       string
	Rows, Kept int
	Refused    [reasons]int
	First      [reasons]int // line of the first row refused for the reason
	Disordered int          // rows that came before the one above them in time; they were sorted
}

func (r *Reading) refuse(why Reason, line int) {
	if r.Refused[why]++; r.First[why] == 0 {
		r.First[why] = line
	}
}

// String is "97381 of 97390 rows kept; refused: 9 duplicate (first in line 17)".
func (r Reading) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d of %d rows kept", r.Path, r.Kept, r.Rows)
	sep := "; refused: "
	for why, n := range r.Refused {
		if n > 0 {
			fmt.Fprintf(&b, "%s%d %s (first in line %d)", sep, n, Reason(why), r.First[why])
			sep = ", "
		}
	}
	if r.Disordered > 0 {
		fmt.Fprintf(&b, "; %d were out of order and were sorted", r.Disordered)
	}
	return b.String()
}

// MaxGap is the longest pause of a whole shop, seconds: what lies beyond such a
// pause from most of the rows was written by a clock that was wrong.
const MaxGap = 180 * 24 * 3600

var kinds = map[string]world.EventKind{"view": world.EventOpen, "open": world.EventOpen,
	"cart": world.EventCart, "buy": world.EventPurchase, "purchase": world.EventPurchase}

// Read reads a log: CSV, plain or gzip, whose first line names the columns unix_time, user,
// item and event (view, cart or buy), in any order. Rows that cannot be meant are counted
// by reason in Log.Reading. A file that is cut off is an error, since nobody
// could say what is missing; so is one of which no row is left.
func Read(path string) (*Log, error) {
	l := &Log{users: map[string]int32{}, items: map[string]int32{}, Reading: Reading{Path: path}}
	type key struct {
		time       float64
		user, item int32
		kind       world.EventKind
	}
	seen := map[key]bool{}
	var lines []int
	last := math.Inf(-1)
	err := rows(path, []string{"unix_time", "user", "item", "event"}, &l.Reading, func(line int, f []string) (Reason, bool) {
		if f[1] == "" || f[2] == "" {
			return NoName, false
		}
		kind, ok := kinds[strings.ToLower(f[3])]
		if !ok {
			return NoKind, false
		}
		t, err := strconv.ParseFloat(f[0], 64)
		if err != nil || !(t > 0) || t > 1e11 {
			return NoTime, false
		}
		k := key{t, intern(l.users, &l.Users, f[1]), intern(l.items, &l.Items, f[2]), kind}
		if seen[k] {
			return Duplicate, false
		}
		seen[k] = true
		if t < last {
			l.Reading.Disordered++
		}
		last = t
		l.Events = append(l.Events, Event{Time: t, User: k.user, Item: k.item, Kind: kind})
		lines = append(lines, line)
		return 0, true
	})
	if err != nil {
		return nil, err
	}
	l.dropJumps(lines)
	if l.Reading.Kept = len(l.Events); l.Reading.Kept == 0 {
		return nil, fmt.Errorf("read shop events: no row is left (%s): give a file with the columns unix_time,user,item,event", l.Reading)
	}
	l.compact()
	return l, nil
}

func intern(index map[string]int32, names *[]string, name string) int32 {
	i, ok := index[name]
	if !ok {
		i = int32(len(*names))
		name = strings.Clone(name)
		index[name] = i
		*names = append(*names, name)
	}
	return i
}

// dropJumps keeps the largest stretch of the log without a pause of MaxGap.
func (l *Log) dropJumps(lines []int) {
	if len(l.Events) == 0 {
		return
	}
	times := make([]float64, len(l.Events))
	for i, e := range l.Events {
		times[i] = e.Time
	}
	slices.Sort(times)
	from, bestFrom, bestTo := 0, 0, 0
	for i := range times {
		if i+1 == len(times) || times[i+1]-times[i] > MaxGap {
			if i+1-from > bestTo-bestFrom {
				bestFrom, bestTo = from, i+1
			}
			from = i + 1
		}
	}
	lo, hi := times[bestFrom], times[bestTo-1]
	kept := l.Events[:0]
	for i, e := range l.Events {
		if e.Time < lo || e.Time > hi {
			l.Reading.refuse(ClockJump, lines[i])
			continue
		}
		kept = append(kept, e)
	}
	l.Events = kept
}

// compact leaves out names of which no row was kept, and sorts the events.
func (l *Log) compact() {
	var out Log
	out.users, out.items = map[string]int32{}, map[string]int32{}
	for i := range l.Events {
		e := &l.Events[i]
		e.User = intern(out.users, &out.Users, l.Users[e.User])
		e.Item = intern(out.items, &out.Items, l.Items[e.Item])
	}
	l.Users, l.Items, l.users, l.items = out.Users, out.Items, out.users, out.items
	slices.SortStableFunc(l.Events, func(a, b Event) int {
		return cmp.Or(cmp.Compare(a.User, b.User), cmp.Compare(a.Time, b.Time))
	})
}

// ByUser slices the events by user.
func (l *Log) ByUser() [][]Event {
	out := make([][]Event, len(l.Users))
	for from := 0; from < len(l.Events); {
		to := from
		for to < len(l.Events) && l.Events[to].User == l.Events[from].User {
			to++
		}
		out[l.Events[from].User] = l.Events[from:to:to]
		from = to
	}
	return out
}

// rows reads a CSV file, plain or gzip, and calls keep with the wanted columns of each row.
func rows(path string, columns []string, rep *Reading, keep func(line int, fields []string) (Reason, bool)) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read shop events: %w: give a CSV file with the columns %s", err, strings.Join(columns, ","))
	}
	defer f.Close()
	return rowsFrom(f, path, columns, rep, keep)
}

func rowsFrom(in io.Reader, path string, columns []string, rep *Reading, keep func(line int, fields []string) (Reason, bool)) error {
	r := bufio.NewReader(in)
	c := csv.NewReader(r)
	if magic, _ := r.Peek(2); len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		z, err := gzip.NewReader(r)
		if err != nil {
			return cut(path, rep, err)
		}
		defer z.Close()
		c = csv.NewReader(z)
	}
	c.FieldsPerRecord = -1
	c.ReuseRecord = true
	head, err := c.Read()
	if err != nil {
		return cut(path, rep, err)
	}
	at := make([]int, len(columns))
	for i, want := range columns {
		at[i] = slices.IndexFunc(head, func(h string) bool {
			return strings.EqualFold(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")), want)
		})
		if at[i] < 0 {
			return fmt.Errorf("read shop events: %s has no column %s in its first line: name the columns %s there", path, want, strings.Join(columns, ","))
		}
	}
	width := len(head)
	fields := make([]string, len(columns))
	for {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		var parse *csv.ParseError
		if err != nil && !errors.As(err, &parse) {
			return cut(path, rep, err)
		}
		rep.Rows++
		if parse != nil {
			rep.refuse(Malformed, parse.Line)
			continue
		}
		line, _ := c.FieldPos(0)
		if len(row) != width {
			rep.refuse(Malformed, line)
			continue
		}
		for i, a := range at {
			fields[i] = strings.TrimSpace(row[a])
		}
		if why, ok := keep(line, fields); !ok {
			rep.refuse(why, line)
			continue
		}
		rep.Kept++
	}
}

// cut says that a file ends too early, or what else is wrong with reading it.
func cut(path string, rep *Reading, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("read shop events: %s is empty or cut off after %d rows: copy it again", path, rep.Rows)
	}
	return fmt.Errorf("read shop events: %s, after %d rows: %w: copy it again", path, rep.Rows, err)
}
