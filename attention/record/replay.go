package record

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"

	"souk/attention"
	"souk/world"
)

// Engine is what a recording is replayed on: *attention.Engine.
type Engine interface {
	Step(*attention.Frame) *attention.Decision
	Restore([]byte) error
	Holding() []world.ItemIndex
}

// Result is what a replay found.
type Result struct {
	Frames    int
	Equal     int
	Different int
	First     *Difference // nil where all are equal
	Seconds   float64     // of the session
	Truncated bool        // the recording ends early
}

// Difference is the first place where a replay parts from its recording.
type Difference struct {
	Frame         uint64
	T             float64
	Field         string // in Go's terms: "Placements[0].Item"
	Recorded, Got string
}

// String says it in one sentence.
func (d *Difference) String() string {
	return fmt.Sprintf("frame %d (%.3f s): %s was %s, is now %s", d.Frame, d.T, d.Field, d.Recorded, d.Got)
}

// Replay runs the recording's frames through an engine made with what the
// header says and compares every decision with the recorded one, byte for
// byte in their canonical encoding. It restores the header's snapshot first.
//
// each is called for every frame, in order, with the recorded entry and the
// engine's decision, both valid until it returns; an error of it ends the
// replay and is returned. It may be nil. A difference is no error: see [Result].
func Replay(r *Reader, e Engine, each func(recorded *Entry, got *attention.Decision) error) (Result, error) {
	var res Result
	if h := r.Header(); len(h.Snapshot) > 0 {
		if err := e.Restore(h.Snapshot); err != nil {
			return res, fmt.Errorf("replay %s: the state that the session began with: %w", r.name, err)
		}
	}
	limits := limits{slots: len(e.Holding()), items: len(r.header.Items)}
	var entry Entry
	var was, is entryMessage
	var wasBytes, isBytes []byte
	first := math.NaN()
	for {
		err := r.Next(&entry)
		if errors.Is(err, io.EOF) {
			res.Truncated = r.Truncated()
			return res, nil
		}
		if err == nil {
			err = limits.check(&entry)
		}
		if err != nil {
			return res, err
		}
		got := e.Step(&entry.Frame)
		was.setDecision(&entry.Decision)
		is.setDecision(got)
		if wasBytes, err = marshal.MarshalAppend(wasBytes[:0], &was.decision); err != nil {
			return res, fmt.Errorf("replay %s: frame %d: %w", r.name, entry.Number, err)
		}
		if isBytes, err = marshal.MarshalAppend(isBytes[:0], &is.decision); err != nil {
			return res, fmt.Errorf("replay %s: frame %d: %w", r.name, entry.Number, err)
		}
		if res.Frames++; bytes.Equal(wasBytes, isBytes) {
			res.Equal++
		} else if res.Different++; res.First == nil {
			res.First = difference(&entry, got)
		}
		if math.IsNaN(first) {
			first = entry.Frame.T
		}
		res.Seconds = entry.Frame.T - first
		if each != nil {
			if err := each(&entry, got); err != nil {
				return res, err
			}
		}
	}
}

// limits are how many items and slots there are; 0 is not known.
type limits struct{ slots, items int }

// check refuses a frame with an item or a slot that is not there, which an
// engine may not be asked about.
func (l limits) check(e *Entry) error {
	bad := func(what string, v, n int) error {
		return fmt.Errorf("frame %d of the recording names %s %d of %d; the file is %w or of another catalogue", e.Number, what, v, n, ErrDamaged)
	}
	for _, v := range e.Frame.Visible {
		if v.Slot < 0 || int(v.Slot) >= l.slots {
			return bad("slot", int(v.Slot), l.slots)
		}
		if v.Item < world.NoItem || l.items > 0 && int(v.Item) >= l.items {
			return bad("item", int(v.Item), l.items)
		}
	}
	for _, a := range e.Frame.Actions {
		if a.Item < world.NoItem || l.items > 0 && int(a.Item) >= l.items {
			return bad("item", int(a.Item), l.items)
		}
	}
	return nil
}

// difference finds the first field in which two decisions differ.
func difference(e *Entry, got *attention.Decision) *Difference {
	d := &Difference{Frame: e.Number, T: e.Frame.T}
	if !differ(d, "", reflect.ValueOf(e.Decision), reflect.ValueOf(*got)) {
		d.Field, d.Recorded, d.Got = "the encoding", "another", "this one" // a field that only the encoding knows
	}
	return d
}

// differ walks two values of one type and fills in the first leaf that differs.
func differ(d *Difference, path string, a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.Struct:
		for i := range a.NumField() {
			name := a.Type().Field(i).Name
			if path != "" {
				name = path + "." + name
			}
			if differ(d, name, a.Field(i), b.Field(i)) {
				return true
			}
		}
		return false
	case reflect.Slice, reflect.Array:
		if a.Len() != b.Len() {
			d.Field, d.Recorded, d.Got = path, fmt.Sprintf("%d long", a.Len()), fmt.Sprintf("%d long", b.Len())
			return true
		}
		for i := range a.Len() {
			if differ(d, fmt.Sprintf("%s[%d]", path, i), a.Index(i), b.Index(i)) {
				return true
			}
		}
		return false
	case reflect.Float32, reflect.Float64:
		if math.Float64bits(a.Float()) == math.Float64bits(b.Float()) {
			return false
		}
	default:
		if a.Equal(b) {
			return false
		}
	}
	d.Field, d.Recorded, d.Got = path, fmt.Sprint(a.Interface()), fmt.Sprint(b.Interface())
	return true
}
