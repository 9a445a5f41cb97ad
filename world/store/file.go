package store

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
)

// pathURL writes a path so that SQLite's URI parser reads it back.
type pathURL struct{ path string }

func (p *pathURL) String() string { return (&url.URL{Path: p.path}).EscapedPath() }

const magic = "SQLite format 3\x00"

// checkHeader refuses a file that SQLite would either refuse in less clear
// words or, where it is empty beside a log, quietly begin anew.
func checkHeader(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("opening the database: %w", err)
	}
	defer f.Close()
	head := make([]byte, len(magic))
	n, err := io.ReadFull(f, head)
	switch {
	case n == 0:
		return nil
	case err != nil:
		return &Damaged{Path: path, Reason: fmt.Sprintf("it ends after %d bytes", n)}
	case string(head) != magic:
		return &Damaged{Path: path, Reason: "it does not begin as a SQLite file does"}
	}
	return nil
}

// setAside renames the database and its log to the first free name of the
// form path.damaged-N, and returns it. Nothing is ever overwritten.
func setAside(path string) (string, error) {
	for n := 1; ; n++ {
		kept := fmt.Sprintf("%s.damaged-%d", path, n)
		if _, err := os.Lstat(kept); err == nil {
			continue
		}
		for _, suffix := range []string{"", "-wal", "-shm"} {
			if err := os.Rename(path+suffix, kept+suffix); err != nil && !(suffix != "" && errors.Is(err, os.ErrNotExist)) {
				return "", fmt.Errorf("setting the damaged database aside: %w", err)
			}
		}
		return kept, nil
	}
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
