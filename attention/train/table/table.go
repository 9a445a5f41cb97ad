// Package table reads and writes Parquet: event logs, ratings for Spark's
// ALS, and the factors that it makes.
//
// Read [WriteEvents] and [Ratings] first, then [ReadFactors]; docs/spark.md has
// the columns.
package table

import (
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"
)

// batch is how many rows are read or written at a time.
const batch = 4096

// read calls each for the rows of a Parquet file, in order; number counts from 1. Columns
// go by name; needed ones must be there, others are passed over. An error of each ends it.
// A file that is cut, damaged or no Parquet is an error, never a panic.
func read[T any](path string, needed []string, each func(row *T, number int64) error) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read table: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("read table: %w", err)
	}
	return readFrom(f, info.Size(), path, needed, each)
}

func readFrom[T any](f io.ReaderAt, size int64, path string, needed []string, each func(row *T, number int64) error) (err error) {
	defer func() { // the library panics on some damaged files
		if p := recover(); p != nil {
			err = fmt.Errorf("read table %s: it cannot be decoded (%v): the file is cut or damaged, copy it again", path, p)
		}
	}()
	p, err := open(f, size)
	if err != nil {
		return fmt.Errorf("read table %s: %w: no Parquet file, or cut: copy it again", path, err)
	}
	for _, name := range needed {
		if _, ok := p.Schema().Lookup(name); !ok && !hasGroup(p.Schema(), name) {
			return fmt.Errorf("read table %s: there is no column %s; it has %s", path, name, columnNames(p.Schema()))
		}
	}
	r := parquet.NewGenericReader[T](p)
	defer r.Close()
	rows := make([]T, batch)
	number := int64(0)
	for {
		clear(rows)
		n, err := r.Read(rows)
		for i := range rows[:n] {
			number++
			if err := each(&rows[i], number); err != nil {
				return err
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return fmt.Errorf("read table %s, behind row %d: %w: the file is cut or damaged, copy it again", path, number, err)
		}
		if n == 0 {
			return fmt.Errorf("read table %s, behind row %d: no more rows come: the file is damaged, copy it again", path, number)
		}
	}
	if number != p.NumRows() {
		return fmt.Errorf("read table %s: %d rows where its end says %d: the file is damaged, copy it again", path, number, p.NumRows())
	}
	return nil
}

// open opens a Parquet file whose end may be a lie: the library reserves as many bytes as the last
// but four say that the description takes, up to 4 GiB, before it looks whether the file has them.
func open(f io.ReaderAt, size int64) (*parquet.File, error) {
	const frame = 12 // the magic word at both ends and the length
	var end [8]byte
	if size < frame {
		return nil, fmt.Errorf("%d bytes are too few", size)
	}
	if _, err := f.ReadAt(end[:], size-8); err != nil {
		return nil, err
	}
	if n := int64(binary.LittleEndian.Uint32(end[:])); n > size-frame {
		return nil, fmt.Errorf("its end speaks of a description of %d bytes, and the file has %d", n, size)
	}
	return parquet.OpenFile(f, size)
}

// CountRows is how many rows a table says that it has; 0 where it cannot be read.
func CountRows(path string) (rows int64) {
	defer func() { _ = recover() }() // see readFrom; the reader that follows says what is wrong
	f, err := os.Open(path)
	if err != nil {
		return 0
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0
	}
	p, err := open(f, info.Size())
	if err != nil {
		return 0
	}
	return p.NumRows()
}

// hasGroup finds a column that is a list, which Lookup finds by its leaf only.
func hasGroup(s *parquet.Schema, name string) bool {
	return slices.ContainsFunc(s.Fields(), func(f parquet.Field) bool { return f.Name() == name })
}

func columnNames(s *parquet.Schema) string {
	var names []string
	for _, f := range s.Fields() {
		names = append(names, f.Name())
	}
	return strings.Join(names, ", ")
}

// Parts are the Parquet files of a path: itself, or those of a folder as Spark
// writes one (part-….parquet), in the order of their names; files that begin with _ or . are
// Spark's notes.
func Parts(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read table: %w: give a Parquet file or a folder of them", err)
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, fmt.Errorf("read table: %w", err)
	}
	var parts []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".parquet") && !strings.HasPrefix(e.Name(), "_") && !strings.HasPrefix(e.Name(), ".") {
			parts = append(parts, filepath.Join(path, e.Name()))
		}
	}
	if len(parts) == 0 {
		return nil, fmt.Errorf("read table: the folder %s holds no .parquet file", path)
	}
	return parts, nil
}

// Writer writes a table row by row into a file beside its place, which Close
// puts there: a crash or an error leaves what was there before.
type Writer[T any] struct {
	path string
	file *os.File
	w    *parquet.GenericWriter[T]
	rows []T
	n    int64
}

// Create begins a table. Exactly one of Close and Abort ends it.
func Create[T any](path string) (*Writer[T], error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.tmp")
	if err != nil {
		return nil, fmt.Errorf("write table %s: %w", path, err)
	}
	w := parquet.NewGenericWriter[T](f, parquet.Compression(&parquet.Zstd), parquet.MaxRowsPerRowGroup(1<<20))
	return &Writer[T]{path: path, file: f, w: w, rows: make([]T, 0, batch)}, nil
}

// Write appends a row.
func (w *Writer[T]) Write(row T) error {
	w.rows = append(w.rows, row)
	w.n++
	if len(w.rows) == batch {
		return w.flush()
	}
	return nil
}

func (w *Writer[T]) flush() error {
	if _, err := w.w.Write(w.rows); err != nil {
		return fmt.Errorf("write table %s: %w: make room on the disk, or choose another place", w.path, err)
	}
	w.rows = w.rows[:0]
	return nil
}

// Rows is how many were written.
func (w *Writer[T]) Rows() int64 { return w.n }

// Abort leaves what was there before.
func (w *Writer[T]) Abort() {
	w.file.Close()
	os.Remove(w.file.Name())
}

// Close finishes the file and puts it in its place.
func (w *Writer[T]) Close() error {
	err := w.flush()
	for _, step := range []func() error{w.w.Close, func() error { return w.file.Chmod(0o644) }, w.file.Sync, w.file.Close,
		func() error { return os.Rename(w.file.Name(), w.path) }} {
		if err == nil {
			err = step()
		}
	}
	if err != nil {
		w.Abort()
		return fmt.Errorf("write table %s: %w", w.path, err)
	}
	return nil
}
