package record

import "io"

// NewWriterOn writes a recording to something other than a new file, for
// tests of disks that fail or are slow.
func NewWriterOn(f interface {
	io.WriteCloser
	Sync() error
}, h Header) (*Writer, error) {
	return newWriter(f, "test", &h)
}

// Queued is how many frames wait for the disk.
func (w *Writer) Queued() int { return len(w.queue) }

// EntryCopier gives a test what Write does on the frame loop.
func EntryCopier() func(e *Entry) {
	var m entryMessage
	return func(e *Entry) {
		m.setFrame(&e.Frame)
		m.setDecision(&e.Decision)
	}
}
