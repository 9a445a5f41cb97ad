// Package snap writes and reads the exact state of the engine's parts:
// fixed-width little-endian numbers, no reflection, no maps, so that the same
// state always gives the same bytes and comes back bit for bit.
//
// Read [Writer] first; [Reader] is its mirror.
package snap

import (
	"encoding/binary"
	"fmt"
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

// Writer appends values to Buf. The zero value is ready for use.
type Writer struct{ Buf []byte }

// U64 appends an unsigned number.
func (w *Writer) U64(v uint64) { w.Buf = binary.LittleEndian.AppendUint64(w.Buf, v) }

// I64 appends a signed number.
func (w *Writer) I64(v int64) { w.U64(uint64(v)) }

// U32 appends a 32-bit number.
func (w *Writer) U32(v uint32) { w.Buf = binary.LittleEndian.AppendUint32(w.Buf, v) }

// I32 appends a signed 32-bit number.
func (w *Writer) I32(v int32) { w.U32(uint32(v)) }

// F64 appends a number by its bits, NaN and −0 included.
func (w *Writer) F64(v float64) { w.U64(math.Float64bits(v)) }

// F32 appends a number by its bits.
func (w *Writer) F32(v float32) { w.U32(math.Float32bits(v)) }

// Bool appends one byte, 0 or 1.
func (w *Writer) Bool(v bool) {
	b := byte(0)
	if v {
		b = 1
	}
	w.Buf = append(w.Buf, b)
}

// Byte appends one byte.
func (w *Writer) Byte(v byte) { w.Buf = append(w.Buf, v) }

// Vec appends three numbers.
func (w *Writer) Vec(v r3.Vec) { w.F64(v.X); w.F64(v.Y); w.F64(v.Z) }

// Bytes appends a length and the bytes.
func (w *Writer) Bytes(b []byte) {
	w.U64(uint64(len(b)))
	w.Buf = append(w.Buf, b...)
}

// Reader takes values off Buf in the order in which they were written. The
// first failure sticks: every later read gives zero, and Err says what was
// wrong, so that a caller checks once, at the end.
type Reader struct {
	Buf  []byte
	what string // whose state it is, for the error
	err  error
}

// NewReader reads the state of what ("the gaze detector") from b.
func NewReader(b []byte, what string) *Reader { return &Reader{Buf: b, what: what} }

// Err is the first failure; nil if there was none.
func (r *Reader) Err() error { return r.err }

// Done is Err, or an error where bytes are left over.
func (r *Reader) Done() error {
	if r.err == nil && len(r.Buf) > 0 {
		r.Fail("%d bytes too many", len(r.Buf))
	}
	return r.err
}

// Fail records a failure, unless there was one before.
func (r *Reader) Fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("the saved state of %s is damaged or of another version (%s): start afresh without it", r.what, fmt.Sprintf(format, args...))
	}
	r.Buf = nil
}

func (r *Reader) take(n int) []byte {
	if r.err != nil {
		return nil
	}
	if len(r.Buf) < n {
		r.Fail("it ends %d bytes early", n-len(r.Buf))
		return nil
	}
	b := r.Buf[:n]
	r.Buf = r.Buf[n:]
	return b
}

// U64 reads what Writer.U64 wrote.
func (r *Reader) U64() uint64 {
	if b := r.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

// I64 reads what Writer.I64 wrote.
func (r *Reader) I64() int64 { return int64(r.U64()) }

// U32 reads what Writer.U32 wrote.
func (r *Reader) U32() uint32 {
	if b := r.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

// I32 reads what Writer.I32 wrote.
func (r *Reader) I32() int32 { return int32(r.U32()) }

// F64 reads what Writer.F64 wrote.
func (r *Reader) F64() float64 { return math.Float64frombits(r.U64()) }

// F32 reads what Writer.F32 wrote.
func (r *Reader) F32() float32 { return math.Float32frombits(r.U32()) }

// Bool reads what Writer.Bool wrote; another byte than 0 or 1 is a failure.
func (r *Reader) Bool() bool {
	b := r.Byte()
	if b > 1 {
		r.Fail("a yes-or-no holds %d", b)
	}
	return b == 1
}

// Byte reads one byte.
func (r *Reader) Byte() byte {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

// Vec reads what Writer.Vec wrote.
func (r *Reader) Vec() r3.Vec { return r3.Vec{X: r.F64(), Y: r.F64(), Z: r.F64()} }

// Bytes reads what Writer.Bytes wrote. The result shares Buf's memory.
func (r *Reader) Bytes() []byte {
	n := r.U64()
	if n > uint64(len(r.Buf)) {
		r.Fail("a part claims %d bytes of %d", n, len(r.Buf))
		return nil
	}
	return r.take(int(n))
}

// Count reads a number of things of which each takes at least size bytes, and
// fails if so many cannot follow: a damaged count must not reserve memory.
func (r *Reader) Count(size int) int {
	n := r.U64()
	if n > uint64(len(r.Buf)/max(1, size)) {
		r.Fail("it claims %d entries in %d bytes", n, len(r.Buf))
		return 0
	}
	return int(n)
}
