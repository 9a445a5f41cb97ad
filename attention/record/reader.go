package record

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/foxglove/mcap/go/mcap"
	"github.com/klauspost/compress/zstd"

	"souk/attention"
)

// maxChunk is the largest chunk that a reader unpacks, bytes.
const maxChunk = 64 << 20

// ErrDamaged is wrapped by errors about a file whose contents are wrong, as
// opposed to one that merely ends early.
var ErrDamaged = errors.New("damaged")

// Reader reads a recording from its beginning. It belongs to one goroutine.
//
// Every chunk is checked against its CRC before any entry of it is returned. A
// file that ends early, as after a power cut, is read up to its last whole
// chunk.
type Reader struct {
	name   string
	src    io.ReadSeeker
	closer io.Closer
	size   int64
	header Header
	zstd   *zstd.Decoder

	offset   int64  // of the next record
	record   []byte // body of the current record
	chunk    []byte // unpacked records not yet read
	buf      []byte // what chunk is a part of
	at       int64  // offset of the current chunk's record
	ended    bool   // no more records
	finished bool   // the end of the data section was seen
	channels map[uint16]string
	next     uint64 // number of the next entry
	frame    attention.Frame
	decision attention.Decision
	pending  bool // frame next was read, its decision not yet
	whole    bool // frame and decision are of the chunk at hand: what follows may keep parts of them
}

// Open opens a recording. The caller closes it.
func Open(path string) (*Reader, error) {
	f, err := os.Open(path)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("open recording %s: there is no such file; souk writes its recordings where its last lines say", path)
		}
		return nil, fmt.Errorf("open recording: %w", err)
	}
	r, err := NewReader(f, path)
	if err != nil {
		f.Close()
		return nil, err
	}
	r.closer = f
	return r, nil
}

// NewReader reads a recording from src; name is for messages.
func NewReader(src io.ReadSeeker, name string) (*Reader, error) {
	r := &Reader{name: name, src: src, channels: map[uint16]string{}}
	var err error
	if r.size, err = src.Seek(0, io.SeekEnd); err != nil {
		return nil, fmt.Errorf("open recording %s: %w", name, err)
	}
	if r.zstd, err = zstd.NewReader(nil, zstd.WithDecoderMaxMemory(maxChunk), zstd.WithDecoderConcurrency(1)); err != nil {
		return nil, fmt.Errorf("open recording %s: %w", name, err)
	}
	if err := r.start(); err != nil {
		r.zstd.Close()
		return nil, err
	}
	return r, nil
}

// start reads up to the first chunk, and with that the header.
func (r *Reader) start() error {
	magic := make([]byte, len(mcap.Magic))
	if err := r.readAt(magic, 0); err != nil || !bytes.Equal(magic, mcap.Magic) {
		return fmt.Errorf("open recording %s: it is not an MCAP file; give a file that souk has recorded", r.name)
	}
	r.offset = int64(len(magic))
	found := false
	for len(r.chunk) == 0 && !r.ended {
		before := r.offset
		op, body, err := r.nextRecord()
		if err != nil {
			return err
		}
		switch {
		case r.ended:
		case op == mcap.OpMetadata:
			m, err := guard(mcap.ParseMetadata, body)
			if err != nil {
				return r.damaged(before, err)
			}
			if m.Name == metadataName {
				if err := r.header.setFields(m.Metadata); err != nil {
					return fmt.Errorf("open recording %s: %w", r.name, err)
				}
				found = true
			}
		case op == mcap.OpAttachment:
			if err := r.attachment(body); err != nil {
				return r.damaged(before, err)
			}
		case op == mcap.OpChunk, op == mcap.OpDataEnd:
			if err := r.take(op, body, before); err != nil {
				return err
			}
		}
	}
	if !found && !r.finished {
		return fmt.Errorf("open recording %s: it ends before its header does (%d bytes); nothing of it can be recovered", r.name, r.size)
	}
	if !found {
		return fmt.Errorf("open recording %s: it is an MCAP file without Souk's header; give a file that souk has recorded", r.name)
	}
	return nil
}

// Header says what the session was run with.
func (r *Reader) Header() Header { return r.header }

// Truncated says, once Next has returned io.EOF, that the file ends early.
func (r *Reader) Truncated() bool { return r.ended && !r.finished }

// Close closes the file.
func (r *Reader) Close() error {
	r.zstd.Close()
	if r.closer != nil {
		return r.closer.Close()
	}
	return nil
}

// Next reads the next entry into e, whose slices it reuses. At the end it
// returns io.EOF; an error that wraps [ErrDamaged] where the file's contents
// are wrong: what came before is good.
func (r *Reader) Next(e *Entry) error {
	for {
		for len(r.chunk) > 0 {
			done, err := r.step(e)
			if err != nil {
				r.chunk, r.ended = nil, true
				return r.damaged(r.at, err)
			}
			if done {
				return nil
			}
		}
		if r.ended {
			return io.EOF
		}
		before := r.offset
		op, body, err := r.nextRecord()
		if err != nil {
			r.ended = true
			return err
		}
		if err := r.take(op, body, before); err != nil {
			r.ended = true
			return err
		}
	}
}

// take handles a record of the data section.
func (r *Reader) take(op mcap.OpCode, body []byte, at int64) error {
	switch op {
	case mcap.OpChunk:
		if err := r.unpack(body); err != nil {
			return r.damaged(at, err)
		}
		r.at, r.whole = at, false // a chunk stands by itself
	case mcap.OpDataEnd:
		r.ended, r.finished = true, true
	}
	return nil
}

// step reads one record of the chunk; done says that e is complete.
func (r *Reader) step(e *Entry) (done bool, err error) {
	if len(r.chunk) < 9 {
		return false, errors.New("a record in its chunk has no length")
	}
	op, n := mcap.OpCode(r.chunk[0]), binary.LittleEndian.Uint64(r.chunk[1:])
	if n > uint64(len(r.chunk)-9) {
		return false, errors.New("a record in its chunk is longer than the chunk")
	}
	body := r.chunk[9 : 9+n]
	r.chunk = r.chunk[9+n:]
	switch op {
	case mcap.OpChannel:
		c, err := guard(mcap.ParseChannel, body)
		if err != nil {
			return false, err
		}
		r.channels[c.ID] = c.Topic
	case mcap.OpMessage:
		m, err := guard(mcap.ParseMessage, body)
		if err != nil {
			return false, err
		}
		switch r.channels[m.ChannelID] {
		case topicFrame:
			return false, r.takeFrame(m.Data)
		case topicDecision:
			return true, r.takeDecision(m.Data, e)
		}
	}
	return false, nil
}

func (r *Reader) takeFrame(data []byte) error {
	if r.pending {
		return fmt.Errorf("frame %d has no decision", r.next)
	}
	last := r.frame.Visible
	number, kept, err := unmarshalFrame(data, &r.frame)
	if err != nil {
		return err
	}
	if number != r.next {
		return fmt.Errorf("frame %d stands where %d should", number, r.next)
	}
	if kept {
		if !r.whole || len(r.frame.Visible) > 0 {
			return fmt.Errorf("frame %d keeps a view that is not there", number)
		}
		r.frame.Visible = last
	}
	r.pending = true
	return nil
}

func (r *Reader) takeDecision(data []byte, e *Entry) error {
	if !r.pending {
		return fmt.Errorf("a decision stands where frame %d should", r.next)
	}
	last := r.decision.Ranked
	number, kept, err := unmarshalDecision(data, &r.decision)
	if err != nil {
		return err
	}
	if number != r.next {
		return fmt.Errorf("decision %d stands where %d should", number, r.next)
	}
	if kept {
		if !r.whole || len(r.decision.Ranked) > 0 {
			return fmt.Errorf("decision %d keeps a ranking that is not there", number)
		}
		r.decision.Ranked = last
	}
	r.pending, r.whole = false, true
	r.next++
	e.Number = number
	copyFrame(&e.Frame, &r.frame)
	copyDecision(&e.Decision, &r.decision)
	return nil
}

// copyFrame copies deeply, into the slices that dst has.
func copyFrame(dst, src *attention.Frame) {
	samples, visible, actions := dst.Samples[:0], dst.Visible[:0], dst.Actions[:0]
	*dst = *src
	dst.Samples = append(samples, src.Samples...)
	dst.Visible = append(visible, src.Visible...)
	dst.Actions = append(actions, src.Actions...)
}

// copyDecision copies deeply, into the slices that dst has.
func copyDecision(dst, src *attention.Decision) {
	ranked, placements, reasons := dst.Ranked[:0], dst.Placements[:0], dst.Reasons[:0]
	gaze, events := dst.Gaze[:0], dst.Events[:0]
	*dst = *src
	dst.Ranked = append(ranked, src.Ranked...)
	dst.Placements = append(placements, src.Placements...)
	dst.Reasons = append(reasons, src.Reasons...)
	dst.Gaze = append(gaze, src.Gaze...)
	dst.Events = append(events, src.Events...)
}

func (r *Reader) damaged(at int64, err error) error {
	return fmt.Errorf("read recording %s: %w at byte %d, after %d good frames: %w; use the frames before, or a copy of the file", r.name, ErrDamaged, at, r.next, err)
}
