package main

import (
	"time"

	"souk/attention/train/board"
)

// curves writes an event file for TensorBoard. A nil *curves draws nothing. The
// first failure stops it and is said at the end, so that a full disk costs the
// picture and not the training.
type curves struct {
	writer *board.Writer
	failed error
}

// openCurves begins an event file in the folder; nil where none is named.
func openCurves(folder string) (*curves, error) {
	if folder == "" {
		return nil, nil
	}
	w, err := board.Create(folder, "souklab", time.Now)
	if err != nil {
		return nil, err
	}
	return &curves{writer: w}, nil
}

// point draws a point, at once visible to a TensorBoard that watches; what is no number is left out.
func (c *curves) point(tag string, step int64, v float64) {
	if c == nil || c.failed != nil || v-v != 0 {
		return
	}
	if c.failed = c.writer.Scalar(tag, step, v); c.failed == nil {
		c.failed = c.writer.Flush()
	}
}

// failure is the first one; nil if there was none.
func (c *curves) failure() error {
	if c == nil {
		return nil
	}
	return c.failed
}

// close ends the file and says what went wrong first.
func (c *curves) close() error {
	if c == nil {
		return nil
	}
	err := c.writer.Close()
	if c.failed != nil {
		return c.failed
	}
	return err
}
