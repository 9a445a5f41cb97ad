package loop

import (
	"bufio"
	"fmt"
	"os"

	"souk/attention/train"
	"souk/world"
)

// EventFile is an event log under way to a CSV file in the columns of
// attention/train. Rows are in the file once a batch is written, so that an
// interrupt loses none of the sessions that were finished. It belongs to one goroutine.
type EventFile struct {
	path string
	file *os.File
	buf  *bufio.Writer
	rows *train.EventWriter
}

// CreateEvents begins an event file, in place of one that is there.
func CreateEvents(path string) (*EventFile, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("create the event file: %w; choose another with -events", err)
	}
	e := &EventFile{path: path, file: f, buf: bufio.NewWriterSize(f, 1<<20)}
	if e.rows, err = train.NewEventWriter(e.buf); err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return e, nil
}

// Write appends rows and hands them to the system.
func (e *EventFile) Write(rows []world.Event) error {
	err := e.rows.Write(rows...)
	if err == nil {
		err = e.rows.Flush()
	}
	if err == nil {
		err = e.buf.Flush()
	}
	if err != nil {
		return fmt.Errorf("write %s: %w; make room on the disk, or choose another with -events", e.path, err)
	}
	return nil
}

// Rows is how many were written.
func (e *EventFile) Rows() int { return e.rows.Rows() }

// Close makes sure that all rows are on the disk.
func (e *EventFile) Close() error {
	err := e.Write(nil)
	if err == nil {
		err = e.file.Sync()
	}
	if err2 := e.file.Close(); err == nil {
		err = err2
	}
	if err != nil {
		return fmt.Errorf("finish %s: %w", e.path, err)
	}
	return nil
}
