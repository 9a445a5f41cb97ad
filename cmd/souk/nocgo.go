//go:build !cgo

package main

import (
	"context"
	"errors"
	"io"
)

// visit cannot open a window in a program built without cgo.
func visit(context.Context, options, io.Writer, io.Writer) error {
	return errors.New("this program was built without cgo and cannot open a window: install a C compiler and build it with CGO_ENABLED=1, or run make run")
}
