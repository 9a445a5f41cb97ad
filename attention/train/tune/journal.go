package tune

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Header says which search a journal is of; one of another search is not gone on with.
type Header struct {
	Version int    `json:"version"` // 1
	Model   string `json:"model"`
	Data    string `json:"data"` // a fingerprint of what is learned from, and of how it is split
	Config  Config `json:"config"`
}

// journalVersion is that of the format, and of what a seed stands for.
const journalVersion = 1

// Journal keeps the trials of a search as lines of JSON, each synced before the
// next begins, so that a kill loses only the trial under way.
type Journal struct {
	file *os.File
	path string
}

// OpenJournal opens or begins the journal in a file, and returns the trials that
// are in it. A last line that was torn by a kill is cut off; a damaged line before it, a
// journal of another search or of a newer version is an error, and the file stays as it is.
func OpenJournal(path string, h Header) (*Journal, []Trial, error) {
	h.Version = journalVersion
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, nil, fmt.Errorf("tune: %w", err)
	}
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("tune: reading the journal: %w", err)
	}
	trials, good, err := parseJournal(data, path, h)
	if err != nil {
		return nil, nil, err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, nil, fmt.Errorf("tune: opening the journal: %w", err)
	}
	j := &Journal{file: f, path: path}
	if err := j.begin(good, h); err != nil {
		f.Close()
		return nil, nil, err
	}
	return j, trials, nil
}

// parseJournal returns the trials and how many bytes of whole lines there are.
func parseJournal(data []byte, path string, want Header) (trials []Trial, good int, err error) {
	for line := 1; good < len(data); line++ {
		n := bytes.IndexByte(data[good:], '\n')
		if n < 0 {
			return trials, good, nil // torn
		}
		text := data[good : good+n]
		if line == 1 {
			var h Header
			if err := json.Unmarshal(text, &h); err != nil {
				return nil, 0, fmt.Errorf("tune: %s is no journal of a search (line 1: %v): name another file", path, err)
			}
			if h.Version > journalVersion {
				return nil, 0, fmt.Errorf("tune: the journal %s was written by a newer version (%d, not %d): use that, or name another file", path, h.Version, journalVersion)
			}
			if h != want {
				return nil, 0, fmt.Errorf("tune: the journal %s is of another search (model %s, %+v, data %s): give the flags and the data it was made with, or name another file", path, h.Model, h.Config, h.Data)
			}
		} else {
			var t Trial
			if err := json.Unmarshal(text, &t); err != nil || t.Number != len(trials) {
				return nil, 0, fmt.Errorf("tune: line %d of the journal %s is damaged: cut the file off before it, or name another file", line, path)
			}
			trials = append(trials, t)
		}
		good += n + 1
	}
	return trials, good, nil
}

func (j *Journal) begin(good int, h Header) error {
	if err := j.file.Truncate(int64(good)); err != nil {
		return fmt.Errorf("tune: writing the journal: %w", err)
	}
	if _, err := j.file.Seek(int64(good), 0); err != nil {
		return fmt.Errorf("tune: writing the journal: %w", err)
	}
	if good == 0 {
		return j.line(h)
	}
	return nil
}

// Append adds a trial and returns when it is on the disk.
func (j *Journal) Append(t Trial) error { return j.line(t) }

func (j *Journal) line(v any) error {
	b, err := json.Marshal(v)
	if err == nil {
		_, err = j.file.Write(append(b, '\n'))
	}
	if err == nil {
		err = j.file.Sync()
	}
	if err != nil {
		return fmt.Errorf("tune: writing the journal %s: %w", j.path, err)
	}
	return nil
}

// Close closes the file.
func (j *Journal) Close() error { return j.file.Close() }
