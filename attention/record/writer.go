package record

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/foxglove/mcap/go/mcap"
	"github.com/klauspost/compress/zstd"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/types/descriptorpb"

	"souk/attention"
	"souk/attention/record/recordpb"
)

const (
	// queueLength is how many frames wait for the disk at most: 4 s at 60 Hz.
	queueLength = 256
	// chunkSeconds is the most of the session's time that one chunk holds, and
	// with it what a killed process loses; below the promised 2 s by what the queue may hold in a bad moment.
	chunkSeconds = 1.0
	// chunkBytes is the most that one chunk holds, before compression, bytes.
	chunkBytes = 1 << 20
)

// ErrClosed is returned by Write and Close after a Close.
var ErrClosed = errors.New("the recording is closed")

// Writer writes a recording. Write belongs to one goroutine (the frame loop);
// encoding, compression and the disk are on another.
type Writer struct {
	path    string
	queue   chan *entryMessage
	free    chan *entryMessage
	blocked atomic.Uint64
	frames  uint64
	closed  bool
	done    chan struct{} // closed when the writing goroutine has ended

	mu  sync.Mutex
	err error // the first failure of the writing goroutine
}

// Create makes a new recording, and its folder where there is none. It
// refuses to write over a file that exists. The header is on the disk when it returns.
func Create(path string, h Header) (*Writer, error) {
	if err := h.check(); err != nil {
		return nil, fmt.Errorf("create recording %s: %w", path, err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("create recording: %w", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("create recording %s: the file exists already; move it away or choose another name", path)
	}
	if err != nil {
		return nil, fmt.Errorf("create recording: %w", err)
	}
	return newWriter(f, path, &h)
}

// file is what a writer needs of an *os.File.
type file interface {
	io.WriteCloser
	Sync() error
}

func newWriter(f file, path string, h *Header) (*Writer, error) {
	d, err := newDisk(f, h)
	if err == nil {
		err = f.Sync()
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("create recording %s: %w", path, err)
	}
	w := &Writer{path: path, queue: make(chan *entryMessage, queueLength),
		free: make(chan *entryMessage, queueLength+4), done: make(chan struct{})}
	go w.run(f, d)
	return w, nil
}

// Write takes copies of a frame and its decision and returns; it allocates
// nothing once as much has been seen as there is. Where the disk is slower
// than the session, it waits rather than loses: see [Writer.Blocked]. An error is of
// the disk, may be of an earlier frame, and is final.
func (w *Writer) Write(f *attention.Frame, d *attention.Decision) error {
	if w.closed {
		return fmt.Errorf("write recording %s: %w", w.path, ErrClosed)
	}
	if err := w.failure(); err != nil {
		return err
	}
	var e *entryMessage
	select {
	case e = <-w.free:
	default:
		e = new(entryMessage)
	}
	e.setFrame(f)
	e.setDecision(d)
	e.frame.Number, e.decision.Number = w.frames, w.frames
	w.frames++
	select {
	case w.queue <- e:
	default:
		w.blocked.Add(1)
		w.queue <- e // the writing goroutine drains the queue whatever happens
	}
	return nil
}

// Blocked is how many calls of Write had to wait for the disk.
func (w *Writer) Blocked() uint64 { return w.blocked.Load() }

// Close writes what is queued, finishes the file with its index and puts it
// on the disk. It returns the first error of the whole recording.
func (w *Writer) Close() error {
	if w.closed {
		return fmt.Errorf("close recording %s: %w", w.path, ErrClosed)
	}
	w.closed = true
	close(w.queue)
	<-w.done
	return w.failure()
}

func (w *Writer) failure() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

func (w *Writer) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err == nil && err != nil {
		w.err = fmt.Errorf("write recording %s: %w; free some space or record elsewhere", w.path, err)
	}
}

// run is the writing goroutine. After a failure it goes on emptying the queue,
// so that the frame loop never hangs on a full disk.
func (w *Writer) run(f file, d *disk) {
	defer close(w.done)
	syncs, synced := make(chan struct{}, 1), make(chan struct{})
	go func() {
		// The disk is asked to keep each chunk, but nobody waits for it: a slow
		// fsync covers several chunks.
		defer close(synced)
		for range syncs {
			w.fail(f.Sync())
		}
	}()
	var last *entryMessage
	for e := range w.queue {
		if w.failure() == nil {
			flushed, err := d.write(e, last)
			w.fail(err)
			if flushed {
				select {
				case syncs <- struct{}{}:
				default:
				}
			}
		}
		if last != nil {
			select {
			case w.free <- last:
			default:
			}
		}
		last = e
	}
	close(syncs)
	<-synced
	if w.failure() == nil {
		w.fail(d.mcap.Close())
		w.fail(f.Sync())
	}
	w.fail(f.Close())
}

// disk is the MCAP side of a writer.
type disk struct {
	mcap    *mcap.Writer
	options *mcap.WriterOptions // the writer reads ChunkSize from here at each message
	started float64
	buf     []byte
	pending int     // bytes in the open chunk
	since   float64 // session time of the open chunk's first frame
	open    bool    // the open chunk has a frame
}

const (
	channelFrame uint16 = iota + 1
	channelDecision
)

// newDisk starts the file: header, metadata, attachments, schemas, channels.
func newDisk(out io.Writer, h *Header) (*disk, error) {
	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	d := &disk{started: h.Started, options: &mcap.WriterOptions{
		IncludeCRC: true, Chunked: true, ChunkSize: 1 << 30,
		Compressor: mcap.NewCustomCompressor(mcap.CompressionZSTD, z),
	}}
	if d.mcap, err = mcap.NewWriter(out, d.options); err != nil {
		return nil, err
	}
	if err := d.mcap.WriteHeader(&mcap.Header{Profile: "souk", Library: "souk " + h.Build}); err != nil {
		return nil, err
	}
	if err := d.mcap.WriteMetadata(&mcap.Metadata{Name: metadataName, Metadata: h.fields()}); err != nil {
		return nil, err
	}
	if len(h.Snapshot) > 0 {
		if err := d.attach(attachmentSnapshot, "application/octet-stream", h.Snapshot); err != nil {
			return nil, err
		}
	}
	if len(h.Items) > 0 {
		if err := d.attach(attachmentItems, "text/plain; charset=utf-8", []byte(strings.Join(h.Items, "\n"))); err != nil {
			return nil, err
		}
	}
	return d, d.channels()
}

func (d *disk) attach(name, mediaType string, data []byte) error {
	return d.mcap.WriteAttachment(&mcap.Attachment{Name: name, MediaType: mediaType,
		LogTime: d.stamp(0), CreateTime: d.stamp(0), DataSize: uint64(len(data)), Data: bytes.NewReader(data)})
}

// channels writes the two channels, their schema a FileDescriptorSet as
// MCAP's registry of encodings wants it for "protobuf".
func (d *disk) channels() error {
	set, err := marshal.Marshal(&descriptorpb.FileDescriptorSet{
		File: []*descriptorpb.FileDescriptorProto{protodesc.ToFileDescriptorProto(recordpb.File_session_proto)}})
	if err != nil {
		return err
	}
	for _, c := range []struct {
		id    uint16
		topic string
		m     proto.Message
	}{{channelFrame, topicFrame, &recordpb.Frame{}}, {channelDecision, topicDecision, &recordpb.Decision{}}} {
		name := string(c.m.ProtoReflect().Descriptor().FullName())
		if err := d.mcap.WriteSchema(&mcap.Schema{ID: c.id, Name: name, Encoding: "protobuf", Data: set}); err != nil {
			return err
		}
		if err := d.mcap.WriteChannel(&mcap.Channel{ID: c.id, SchemaID: c.id, Topic: c.topic, MessageEncoding: "protobuf"}); err != nil {
			return err
		}
	}
	return nil
}

// stamp is a session time as MCAP has times: nanoseconds since the Unix epoch
// (since the session's start, where that is not known).
func (d *disk) stamp(t float64) uint64 {
	if ns := (d.started + t) * 1e9; ns > 0 && ns < 1e19 {
		return uint64(ns)
	}
	return 0
}

// write adds an entry, which follows last (nil: it is the first), and closes
// the chunk with it where that is due. A frame and its decision are always in
// one chunk, and no chunk needs the one before.
func (d *disk) write(e, last *entryMessage) (flushed bool, err error) {
	t := e.frame.T
	if !d.open {
		d.open, d.since, d.pending = true, t, 0
	} else if last != nil {
		e.keep(last)
	}
	if err := d.message(channelFrame, t, e.frame.Number, &e.frame); err != nil {
		return false, err
	}
	if d.pending > chunkBytes || t-d.since >= chunkSeconds || t < d.since {
		d.options.ChunkSize, d.open, flushed = 1, false, true
	}
	err = d.message(channelDecision, t, e.decision.Number, &e.decision)
	d.options.ChunkSize = 1 << 30
	return flushed, err
}

func (d *disk) message(channel uint16, t float64, number uint64, m proto.Message) error {
	var err error
	if d.buf, err = marshal.MarshalAppend(d.buf[:0], m); err != nil {
		return err
	}
	d.pending += len(d.buf)
	stamp := d.stamp(t)
	return d.mcap.WriteMessage(&mcap.Message{ChannelID: channel, Sequence: uint32(number), LogTime: stamp, PublishTime: stamp, Data: d.buf})
}

// keep leaves out of the messages what is as in the entry before. The columns
// stay in e for the comparison with the entry after it.
func (e *entryMessage) keep(last *entryMessage) {
	if a, b := &e.visible, &last.visible; len(a.Slot) > 0 && slices.Equal(a.Slot, b.Slot) && slices.Equal(a.Item, b.Item) &&
		sameBits(a.DirX, b.DirX) && sameBits(a.DirY, b.DirY) && sameBits(a.DirZ, b.DirZ) &&
		sameBits(a.HalfWidth, b.HalfWidth) && sameBits(a.HalfHeight, b.HalfHeight) && sameBits(a.SolidAngle, b.SolidAngle) &&
		sameBits(a.Eccentricity, b.Eccentricity) && sameBits(a.Distance, b.Distance) && sameBits(a.Occluded, b.Occluded) {
		e.frame.Visible, e.frame.VisibleKept = nil, true
	}
	if a, b := &e.ranked, &last.ranked; len(a.Item) > 0 && slices.Equal(a.Item, b.Item) &&
		sameBits(a.Score, b.Score) && sameBits(a.Attention, b.Attention) {
		e.decision.Ranked, e.decision.RankedKept = nil, true
	}
}

// sameBits compares floats by their bits: −0 is not 0, and NaN is itself.
func sameBits(a, b []float32) bool {
	return slices.EqualFunc(a, b, func(x, y float32) bool { return math.Float32bits(x) == math.Float32bits(y) })
}
