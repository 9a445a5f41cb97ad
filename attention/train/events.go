package train

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"souk/attention/train/table"
	"souk/world"
	"souk/world/catalog"
)

// columns are the columns of an event file, in the order in which they are
// written. Angles are in degrees there, money in cents.
var columns = []string{"id", "visitor", "session", "time", "kind", "item", "dwell_s", "exposure_sr_s", "in_view_s",
	"eccentricity_deg", "propensity", "slot", "source", "amount_cents"}

// needed are the columns without which a file is no event log.
var needed = []string{"visitor", "time", "kind", "item"}

// EventWriter writes an event file row by row. Make one with [NewEventWriter].
type EventWriter struct {
	w   *csv.Writer
	row []string
	n   int
}

// NewEventWriter writes the header line and is ready for rows.
func NewEventWriter(w io.Writer) (*EventWriter, error) {
	e := &EventWriter{w: csv.NewWriter(w), row: make([]string, len(columns))}
	if err := e.w.Write(columns); err != nil {
		return nil, fmt.Errorf("write event file: %w", err)
	}
	return e, nil
}

// Write appends rows. They may stay in a buffer until Flush.
func (e *EventWriter) Write(events ...world.Event) error {
	for i := range events {
		ev := &events[i]
		e.row = append(e.row[:0], ev.ID, ev.Visitor, ev.Session, strconv.FormatFloat(ev.Time, 'f', -1, 64), ev.Kind.String(), ev.Item,
			number(ev.Dwell), number(ev.Exposure), number(ev.InView), strconv.FormatFloat(float64(ev.Eccentricity)*180/math.Pi, 'g', -1, 64),
			number(ev.Propensity), strconv.Itoa(int(ev.Slot)), ev.Source.String(), strconv.FormatInt(int64(ev.Amount), 10))
		if err := e.w.Write(e.row); err != nil {
			return fmt.Errorf("write event file: %w", err)
		}
		e.n++
	}
	return nil
}

// Rows is how many were written.
func (e *EventWriter) Rows() int { return e.n }

// Flush hands everything to the underlying writer.
func (e *EventWriter) Flush() error {
	e.w.Flush()
	if err := e.w.Error(); err != nil {
		return fmt.Errorf("write event file: %w", err)
	}
	return nil
}

func number(x float32) string { return strconv.FormatFloat(float64(x), 'g', -1, 32) }

// WriteCSV writes an event file.
func WriteCSV(w io.Writer, events []world.Event) error {
	e, err := NewEventWriter(w)
	if err != nil {
		return err
	}
	if err := e.Write(events...); err != nil {
		return err
	}
	return e.Flush()
}

// BadRow is a row that could not be read.
type BadRow struct {
	File   string
	Line   int
	Field  string // the column; empty where the line as a whole is meant
	Reason string
}

// String is "file, line 3, field dwell_s: reason"; of a table, the line is the row.
func (b BadRow) String() string {
	if b.Field == "" {
		return fmt.Sprintf("%s, line %d: %s", b.File, b.Line, b.Reason)
	}
	return fmt.Sprintf("%s, line %d, field %s: %s", b.File, b.Line, b.Field, b.Reason)
}

// Reading says what became of the rows of event files.
type Reading struct {
	Files, Rows, Bad int
	// First holds the first bad rows, at most maxBad.
	First []BadRow
}

// maxBad is how many bad rows are kept to be shown.
const maxBad = 20

func (r *Reading) bad(file string, line int, field, reason string) {
	r.Bad++
	if len(r.First) < maxBad {
		r.First = append(r.First, BadRow{file, line, field, reason})
	}
}

// ReadCSV reads an event file. Columns go by their names in the first line, in
// any order; visitor, time, kind and item must be there, unknown columns are
// passed over. A row that cannot be read is counted and named in the
// Reading; a file without a usable row is an error.
func ReadCSV(r io.Reader, name string) ([]world.Event, *Reading, error) {
	rep := &Reading{Files: 1}
	var events []world.Event
	err := rep.csv(r, name, func(ev *world.Event) error {
		events = append(events, cloned(ev))
		return nil
	})
	if err == nil && len(events) == 0 {
		err = rep.none(name)
	}
	return events, rep, err
}

// cloned is an event that shares no memory with the row that it came from.
func cloned(ev *world.Event) world.Event {
	c := *ev
	c.ID, c.Visitor, c.Session, c.Item = strings.Clone(ev.ID), strings.Clone(ev.Visitor), strings.Clone(ev.Session), strings.Clone(ev.Item)
	return c
}

func (r *Reading) none(name string) error {
	if len(r.First) > 0 {
		return fmt.Errorf("read events: no row of %s can be used, %d are bad; the first: %s", name, r.Bad, r.First[0])
	}
	return fmt.Errorf("read events: %s has no rows: record some with souklab simulate -events FILE.csv", name)
}

// ReadFiles reads an event file (CSV, CSV packed by gzip, or Parquet), or all of a folder in the order of their names.
func ReadFiles(path string) ([]world.Event, *Reading, error) {
	var events []world.Event
	rep, err := EachEvent(context.Background(), path, func(ev *world.Event, _ float64) { events = append(events, cloned(ev)) })
	if err != nil {
		return nil, rep, err
	}
	return events, rep, nil
}

// ReadLog is [ReadFiles] into columns. Progress is told how much is read, in
// [0,1], every some thousand rows; it may be nil. A cancelled ctx ends it with the context's error.
func ReadLog(ctx context.Context, path string, c *catalog.Catalog, progress func(done float64)) (*Log, *Reading, error) {
	l := NewLog(c)
	rep, err := EachEvent(ctx, path, func(ev *world.Event, done float64) {
		l.Append(ev)
		if progress != nil && l.Rows()%8192 == 0 {
			progress(done)
		}
	})
	if err != nil {
		return nil, rep, err
	}
	return l, rep, nil
}

// EachEvent calls each for every row that can be read, and with how much of the files is
// read, in [0,1]. The event and its strings are only valid during the call.
func EachEvent(ctx context.Context, path string, each func(ev *world.Event, done float64)) (*Reading, error) {
	rep := new(Reading)
	files, err := eventFiles(path)
	if err != nil {
		return rep, err
	}
	for k, name := range files {
		rep.Files++
		if err := rep.file(ctx, name, func(ev *world.Event, done float64) { each(ev, (float64(k)+done)/float64(len(files))) }); err != nil {
			return rep, err
		}
	}
	if rep.Rows == rep.Bad {
		return rep, rep.none(path)
	}
	return rep, nil
}

// eventFiles are the files of a path, in order.
func eventFiles(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read events: %w: give an event file or a folder of them", err)
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	var files []string
	for _, ending := range []string{"*.csv", "*.csv.gz", "*.parquet"} {
		some, err := filepath.Glob(filepath.Join(escape(path), ending))
		if err != nil {
			return nil, fmt.Errorf("read events: %w", err)
		}
		files = append(files, some...)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("read events: the folder %s holds no .csv, .csv.gz or .parquet file", path)
	}
	slices.Sort(files)
	return files, nil
}

// file reads one file of any form.
func (r *Reading) file(ctx context.Context, name string, each func(ev *world.Event, done float64)) error {
	if strings.HasSuffix(name, ".parquet") {
		total := float64(max(1, table.CountRows(name)))
		read := 0.0
		return table.EventLog(name, func(ev *world.Event) error {
			r.Rows++
			read++
			each(ev, read/total)
			if r.Rows%4096 == 0 {
				return ctx.Err()
			}
			return nil
		}, func(row int64, column, reason string) {
			r.Rows++
			r.bad(name, int(row), column, reason)
		})
	}
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("read events: %w", err)
	}
	defer f.Close()
	size := 1.0
	if info, err := f.Stat(); err == nil {
		size = float64(max(1, info.Size()))
	}
	in := &counted{r: bufio.NewReaderSize(f, 1<<18)}
	var text io.Reader = in
	if strings.HasSuffix(name, ".gz") {
		z, err := gzip.NewReader(in)
		if err != nil {
			return fmt.Errorf("read events: %s: %w: it is no gzip file, or cut", name, err)
		}
		text = z
	}
	return r.csv(text, name, func(ev *world.Event) error {
		each(ev, float64(in.n)/size)
		if r.Rows%4096 == 0 {
			return ctx.Err()
		}
		return nil
	})
}

// ending remembers how a text ended.
type ending struct {
	r    io.Reader
	n    int64
	last byte
	over bool
}

func (e *ending) Read(b []byte) (int, error) {
	n, err := e.r.Read(b)
	if n > 0 {
		e.n, e.last = e.n+int64(n), b[n-1]
	}
	e.over = e.over || err != nil
	return n, err
}

// within says whether the text ended at this offset and not with a line.
func (e *ending) within(offset int64) bool { return e.over && offset == e.n && e.last != '\n' }

// counted counts what is read through it.
type counted struct {
	r io.Reader
	n int64
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	return n, err
}

// escape makes a path safe as the folder part of a glob pattern.
func escape(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

func (r *Reading) csv(in io.Reader, name string, each func(ev *world.Event) error) error {
	end := &ending{r: in}
	c := csv.NewReader(end)
	c.FieldsPerRecord = -1
	c.ReuseRecord = true
	head, err := c.Read()
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read events: %s, line 1: %w", name, err)
	}
	fields := len(head)
	at := make([]int, len(columns)) // column → field, −1: not there
	for i := range at {
		at[i] = slices.IndexFunc(head, func(h string) bool {
			return strings.EqualFold(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")), columns[i])
		})
	}
	for _, n := range needed {
		if at[slices.Index(columns, n)] < 0 {
			return fmt.Errorf("read events: %s, line 1: there is no column %s; an event file has %s", name, n, strings.Join(columns, ","))
		}
	}
	for {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		r.Rows++
		var parse *csv.ParseError
		switch {
		case errors.As(err, &parse):
			r.bad(name, parse.Line, "", parse.Err.Error())
			continue
		case err != nil:
			return fmt.Errorf("read events: %s, behind row %d: %w: the file is cut or damaged, copy it again", name, r.Rows-1, err)
		}
		line, _ := c.FieldPos(0)
		if len(row) < fields && end.within(c.InputOffset()) {
			r.bad(name, line, "", "the file ends within this row: it is cut, copy it again")
			continue
		}
		p := rowParser{row: row, at: at}
		ev := p.event()
		if p.reason != "" {
			r.bad(name, line, p.field, p.reason)
			continue
		}
		if err := each(&ev); err != nil {
			return err
		}
	}
}

// rowParser reads the fields of one row; the first failure sticks.
type rowParser struct {
	row           []string
	at            []int
	field, reason string
}

func (p *rowParser) text(column int) string {
	if i := p.at[column]; i >= 0 && i < len(p.row) {
		return p.row[i]
	}
	return ""
}

func (p *rowParser) fail(column int, format string, args ...any) {
	if p.reason == "" {
		p.field, p.reason = columns[column], fmt.Sprintf(format, args...)
	}
}

// number reads a finite number; an empty field is 0.
func (p *rowParser) number(column, bits int) float64 {
	s := strings.TrimSpace(p.text(column))
	if s == "" {
		return 0
	}
	x, err := strconv.ParseFloat(s, bits)
	if err != nil || x-x != 0 {
		p.fail(column, "%q is not a finite number", s)
		return 0
	}
	return x
}

func (p *rowParser) whole(column int, none int64, bits int) int64 {
	s := strings.TrimSpace(p.text(column))
	if s == "" {
		return none
	}
	x, err := strconv.ParseInt(s, 10, bits)
	if err != nil {
		p.fail(column, "%q is not a whole number", s)
	}
	return x
}

func (p *rowParser) event() world.Event {
	ev := world.Event{ID: p.text(0), Visitor: p.text(1), Session: p.text(2), Item: p.text(5)}
	if strings.TrimSpace(p.text(3)) == "" {
		p.fail(3, "it is empty")
	}
	ev.Time = p.number(3, 64)
	kind := strings.TrimSpace(p.text(4))
	var ok bool
	if ev.Kind, ok = world.ParseEventKind(kind); !ok {
		p.fail(4, "there is no kind %q", kind)
	}
	if ev.Item == "" {
		p.fail(5, "it is empty")
	}
	ev.Dwell, ev.Exposure, ev.InView = float32(p.number(6, 32)), float32(p.number(7, 32)), float32(p.number(8, 32))
	ev.Eccentricity = float32(p.number(9, 64) * math.Pi / 180)
	if ev.Eccentricity-ev.Eccentricity != 0 {
		p.fail(9, "%q is too large", p.text(9))
	}
	ev.Propensity = float32(p.number(10, 32))
	ev.Slot = world.SlotIndex(p.whole(11, int64(world.NoSlot), 32))
	ev.Source = p.source(12)
	ev.Amount = world.Cents(p.whole(13, 0, 64))
	return ev
}

func (p *rowParser) source(column int) world.AttentionSource {
	s := strings.TrimSpace(p.text(column))
	if s == "" {
		return world.SourceNone
	}
	for k := world.SourceNone; k <= world.SourceSimulated; k++ {
		if k.String() == s {
			return k
		}
	}
	p.fail(column, "there is no source %q", s)
	return world.SourceNone
}
