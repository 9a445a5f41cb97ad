package record

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"

	"github.com/foxglove/mcap/go/mcap"
)

// nextRecord reads one record of the file. Where the rest of the file is not a
// whole record, or is zeros as a power cut may leave them, it sets ended.
func (r *Reader) nextRecord() (mcap.OpCode, []byte, error) {
	var head [9]byte
	if r.size-r.offset < int64(len(head)) {
		r.ended = true
		return 0, nil, nil
	}
	if err := r.readAt(head[:], r.offset); err != nil {
		return 0, nil, fmt.Errorf("read recording %s: %w", r.name, err)
	}
	n := binary.LittleEndian.Uint64(head[1:])
	if head == [9]byte{} || n > uint64(r.size-r.offset)-uint64(len(head)) {
		r.ended = true
		return 0, nil, nil
	}
	r.record = slices.Grow(r.record[:0], int(n))[:n]
	if err := r.readAt(r.record, r.offset+int64(len(head))); err != nil {
		return 0, nil, fmt.Errorf("read recording %s: %w", r.name, err)
	}
	r.offset += int64(len(head)) + int64(n)
	return mcap.OpCode(head[0]), r.record, nil
}

func (r *Reader) readAt(p []byte, offset int64) error {
	if _, err := r.src.Seek(offset, io.SeekStart); err != nil {
		return err
	}
	_, err := io.ReadFull(r.src, p)
	return err
}

// unpack decompresses a chunk and checks it.
func (r *Reader) unpack(body []byte) error {
	c, err := guard(mcap.ParseChunk, body)
	if err != nil {
		return err
	}
	if c.UncompressedSize > maxChunk {
		return fmt.Errorf("its chunk of %d bytes is larger than %d", c.UncompressedSize, maxChunk)
	}
	switch mcap.CompressionFormat(c.Compression) {
	case mcap.CompressionNone:
		r.buf = append(r.buf[:0], c.Records...)
	case mcap.CompressionZSTD:
		if r.buf, err = r.zstd.DecodeAll(c.Records, r.buf[:0]); err != nil {
			return err
		}
	default:
		return fmt.Errorf("its chunk is compressed with %q, Souk writes zstd", c.Compression)
	}
	if uint64(len(r.buf)) != c.UncompressedSize || crc32.ChecksumIEEE(r.buf) != c.UncompressedCRC {
		return errors.New("its chunk does not fit its CRC")
	}
	r.chunk = r.buf
	return nil
}

// attachment takes in what the header does not hold: uint64 log time, uint64
// creation time, name, media type, uint64 length, data, uint32 CRC of all before.
func (r *Reader) attachment(body []byte) error {
	if len(body) < 4 {
		return errors.New("an attachment is too short")
	}
	sum := binary.LittleEndian.Uint32(body[len(body)-4:])
	body = body[:len(body)-4]
	if crc32.ChecksumIEEE(body) != sum {
		return errors.New("an attachment does not fit its CRC")
	}
	short := errors.New("an attachment is shorter than it says")
	if len(body) < 16 {
		return short
	}
	name, rest, ok := prefixed(body[16:], 4)
	if !ok {
		return short
	}
	_, rest, ok = prefixed(rest, 4)
	if !ok {
		return short
	}
	data, _, ok := prefixed(rest, 8)
	if !ok {
		return short
	}
	switch string(name) {
	case attachmentSnapshot:
		r.header.Snapshot = bytes.Clone(data)
	case attachmentItems:
		r.header.Items = strings.Split(string(data), "\n")
	}
	return nil
}

// prefixed cuts bytes off b that begin with their length in width bytes.
func prefixed(b []byte, width int) (part, rest []byte, ok bool) {
	if len(b) < width {
		return nil, nil, false
	}
	var n uint64
	if width == 8 {
		n = binary.LittleEndian.Uint64(b)
	} else {
		n = uint64(binary.LittleEndian.Uint32(b))
	}
	b = b[width:]
	if n > uint64(len(b)) {
		return nil, nil, false
	}
	return b[:n], b[n:], true
}

// guard calls a parser of the MCAP library, which trusts lengths that it
// finds in a record, and turns its panic over a damaged one into an error.
func guard[T any](parse func([]byte) (*T, error), body []byte) (v *T, err error) {
	defer func() {
		if p := recover(); p != nil {
			v, err = nil, fmt.Errorf("a record contradicts itself: %v", p)
		}
	}()
	return parse(body)
}
