// Package board writes and reads TensorBoard event files: curves of numbers by
// step, which TensorBoard draws. The bytes are in docs/tensorboard.md.
//
// Read [Create] first, then [Writer.Scalar]; [Read] is the way back.
package board

import (
	"bufio"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"os"
	"path/filepath"
	"time"
)

// Version is what the first record of every file says.
const Version = "brain.Event:2"

// MaxTag is the longest name of a curve, bytes.
const MaxTag = 1024

// Writer appends to one event file. It belongs to one goroutine.
type Writer struct {
	file io.WriteCloser
	buf  *bufio.Writer
	now  func() time.Time
	rec  []byte
	path string
}

// Create makes the folder where there is none, and in it a new event file, which is
// never an existing one. name tells apart the writers that begin in the same
// second: letters, digits, '-', '_' and '.'. now is asked for the wall time of each record.
func Create(dir, name string, now func() time.Time) (*Writer, error) {
	if !plain(name) {
		return nil, fmt.Errorf("board: the name %q is no part of a file name: use letters, digits, '-', '_' and '.'", name)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("board: %w", err)
	}
	for n := 0; ; n++ {
		path := filepath.Join(dir, fmt.Sprintf("events.out.tfevents.%010d.%s.%d", now().Unix(), name, n))
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
		if os.IsExist(err) && n < 10000 {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("board: %w", err)
		}
		w, err := NewWriter(f, now)
		if err != nil {
			f.Close()
			return nil, err
		}
		w.path = path
		return w, w.Flush()
	}
}

func plain(name string) bool {
	if name == "" || len(name) > 100 {
		return false
	}
	for _, r := range name {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.') {
			return false
		}
	}
	return true
}

// NewWriter begins an event file in w, which Close closes.
func NewWriter(w io.WriteCloser, now func() time.Time) (*Writer, error) {
	b := &Writer{file: w, buf: bufio.NewWriter(w), now: now, path: "event file"}
	return b, b.record(Event{Wall: b.wall(), Version: Version})
}

// Path is where the file is; "event file" for one that [NewWriter] made.
func (w *Writer) Path() string { return w.path }

func (w *Writer) wall() float64 { return float64(w.now().UnixMicro()) / 1e6 }

// Scalar adds a point to the curve of the tag. A value that is no finite number is
// an error, and nothing is written: TensorBoard would draw a gap.
func (w *Writer) Scalar(tag string, step int64, value float64) error {
	if tag == "" || len(tag) > MaxTag {
		return fmt.Errorf("board: a tag of %d bytes in %s: give one of 1 to %d", len(tag), w.path, MaxTag)
	}
	if v := float32(value); v-v != 0 {
		return fmt.Errorf("board: the value of %s at step %d is %v, which cannot be drawn: give a finite number", tag, step, value)
	}
	return w.record(Event{Wall: w.wall(), Step: step, Scalars: []Scalar{{Tag: tag, Value: float32(value)}}})
}

// Flush hands what was written to the operating system, for a TensorBoard that watches.
func (w *Writer) Flush() error {
	if err := w.buf.Flush(); err != nil {
		return fmt.Errorf("board: writing %s: %w", w.path, err)
	}
	return nil
}

// Close flushes, syncs and closes the file.
func (w *Writer) Close() error {
	err := w.Flush()
	if f, ok := w.file.(interface{ Sync() error }); ok && err == nil {
		err = f.Sync()
	}
	if e := w.file.Close(); err == nil {
		err = e
	}
	if err != nil {
		return fmt.Errorf("board: closing %s: %w", w.path, err)
	}
	return nil
}

func (w *Writer) record(e Event) error {
	w.rec = e.append(w.rec[:0])
	if err := writeFrame(w.buf, w.rec); err != nil {
		return fmt.Errorf("board: writing %s: %w", w.path, err)
	}
	return nil
}

// Event is one record of an event file.
type Event struct {
	Wall    float64 // seconds since the Unix epoch
	Step    int64
	Version string // in the first record alone
	Scalars []Scalar
}

// Scalar is a point of a curve.
type Scalar struct {
	Tag   string
	Value float32
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// masked is the CRC-32C as TFRecord stores it: turned right by 15 bits plus a
// constant, so that a checksum of data that holds checksums stays good.
func masked(data []byte) uint32 {
	c := crc32.Checksum(data, castagnoli)
	return (c>>15 | c<<17) + 0xa282ead8
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
