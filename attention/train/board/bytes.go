package board

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// The numbers of the fields in TensorFlow's event.proto and summary.proto that
// are written here.
const (
	fieldWall    protowire.Number = 1 // Event.wall_time, double
	fieldStep    protowire.Number = 2 // Event.step, int64
	fieldVersion protowire.Number = 3 // Event.file_version, string
	fieldSummary protowire.Number = 5 // Event.summary, message Summary
	fieldValue   protowire.Number = 1 // Summary.value, repeated message Value
	fieldTag     protowire.Number = 1 // Value.tag, string
	fieldSimple  protowire.Number = 2 // Value.simple_value, float
)

func (e Event) append(b []byte) []byte {
	b = protowire.AppendTag(b, fieldWall, protowire.Fixed64Type)
	b = protowire.AppendFixed64(b, math.Float64bits(e.Wall))
	if e.Step != 0 {
		b = protowire.AppendTag(b, fieldStep, protowire.VarintType)
		b = protowire.AppendVarint(b, uint64(e.Step))
	}
	if e.Version != "" {
		b = protowire.AppendTag(b, fieldVersion, protowire.BytesType)
		b = protowire.AppendString(b, e.Version)
	}
	if len(e.Scalars) == 0 {
		return b
	}
	var summary []byte
	for _, s := range e.Scalars {
		var v []byte
		v = protowire.AppendTag(v, fieldTag, protowire.BytesType)
		v = protowire.AppendString(v, s.Tag)
		v = protowire.AppendTag(v, fieldSimple, protowire.Fixed32Type)
		v = protowire.AppendFixed32(v, math.Float32bits(s.Value))
		summary = protowire.AppendTag(summary, fieldValue, protowire.BytesType)
		summary = protowire.AppendBytes(summary, v)
	}
	b = protowire.AppendTag(b, fieldSummary, protowire.BytesType)
	return protowire.AppendBytes(b, summary)
}

// writeFrame writes one TFRecord.
func writeFrame(w io.Writer, payload []byte) error {
	var head [12]byte
	binary.LittleEndian.PutUint64(head[:], uint64(len(payload)))
	binary.LittleEndian.PutUint32(head[8:], masked(head[:8]))
	var foot [4]byte
	binary.LittleEndian.PutUint32(foot[:], masked(payload))
	for _, b := range [][]byte{head[:], payload, foot[:]} {
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	return nil
}

// maxFrame is the longest record that Read takes; the ones written here have some
// hundred bytes.
const maxFrame = 1 << 24

// ErrCut says that a file ends within a record, as one does whose writer was
// killed. What came before is good.
var ErrCut = errors.New("the file ends within a record")

// Read reads all events of a file; fields that are not written here are skipped.
// Where a record is damaged or cut off ([ErrCut]) it returns those before it, and an
// error that says at which byte.
func Read(r io.Reader) ([]Event, error) {
	var out []Event
	for at := int64(0); ; {
		payload, err := readFrame(r)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, fmt.Errorf("board: record %d, at byte %d: %w", len(out)+1, at, err)
		}
		e, err := parseEvent(payload)
		if err != nil {
			return out, fmt.Errorf("board: record %d, at byte %d: %w", len(out)+1, at, err)
		}
		out = append(out, e)
		at += int64(len(payload)) + 16
	}
}

func readFrame(r io.Reader) ([]byte, error) {
	var head [12]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, ErrCut
		}
		return nil, err
	}
	n := binary.LittleEndian.Uint64(head[:])
	if binary.LittleEndian.Uint32(head[8:]) != masked(head[:8]) {
		return nil, errors.New("the checksum of its length is wrong")
	}
	if n > maxFrame {
		return nil, fmt.Errorf("it says it has %d bytes, more than %d", n, maxFrame)
	}
	payload := make([]byte, n)
	var foot [4]byte
	for _, b := range [][]byte{payload, foot[:]} {
		if _, err := io.ReadFull(r, b); err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				return nil, ErrCut
			}
			return nil, err
		}
	}
	if binary.LittleEndian.Uint32(foot[:]) != masked(payload) {
		return nil, errors.New("the checksum of its payload is wrong")
	}
	return payload, nil
}

func parseEvent(b []byte) (Event, error) {
	var e Event
	err := fields(b, func(n protowire.Number, t protowire.Type, value []byte) error {
		switch {
		case n == fieldWall && t == protowire.Fixed64Type:
			x, _ := protowire.ConsumeFixed64(value)
			if e.Wall = math.Float64frombits(x); !finite(e.Wall) {
				return fmt.Errorf("its wall time is %v", e.Wall)
			}
		case n == fieldStep && t == protowire.VarintType:
			x, _ := protowire.ConsumeVarint(value)
			e.Step = int64(x)
		case n == fieldVersion && t == protowire.BytesType:
			x, _ := protowire.ConsumeBytes(value)
			e.Version = string(x)
		case n == fieldSummary && t == protowire.BytesType:
			x, _ := protowire.ConsumeBytes(value)
			return fields(x, func(n protowire.Number, t protowire.Type, value []byte) error {
				if n != fieldValue || t != protowire.BytesType {
					return nil
				}
				x, _ := protowire.ConsumeBytes(value)
				s, ok, err := parseScalar(x)
				if ok {
					e.Scalars = append(e.Scalars, s)
				}
				return err
			})
		}
		return nil
	})
	return e, err
}

// parseScalar reads a value of a summary; ok is false for one that is no number
// but a picture, a histogram or the like.
func parseScalar(b []byte) (s Scalar, ok bool, err error) {
	err = fields(b, func(n protowire.Number, t protowire.Type, value []byte) error {
		switch {
		case n == fieldTag && t == protowire.BytesType:
			x, _ := protowire.ConsumeBytes(value)
			s.Tag = string(x)
		case n == fieldSimple && t == protowire.Fixed32Type:
			x, _ := protowire.ConsumeFixed32(value)
			s.Value, ok = math.Float32frombits(x), true
		}
		return nil
	})
	return s, ok, err
}

// fields calls back with each field of a message, its value still encoded.
func fields(b []byte, visit func(n protowire.Number, t protowire.Type, value []byte) error) error {
	for len(b) > 0 {
		num, typ, n := protowire.ConsumeTag(b)
		if n < 0 {
			return fmt.Errorf("it is no protobuf: %w", protowire.ParseError(n))
		}
		b = b[n:]
		n = protowire.ConsumeFieldValue(num, typ, b)
		if n < 0 {
			return fmt.Errorf("it is no protobuf: %w", protowire.ParseError(n))
		}
		if err := visit(num, typ, b[:n]); err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}
