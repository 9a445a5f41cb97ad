//go:build !unix

package store

import (
	"io"
	"os"
	"path/filepath"
)

// LockDir only keeps a file open: where there is no flock, two servers on one
// directory are kept apart by SQLite's own locks, with a less clear error.
func LockDir(dir string) (io.Closer, error) {
	return os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
}
