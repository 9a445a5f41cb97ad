package sequence

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Write writes the set in the form that we keep: a line a user, the user's name
// and then the items' names in order of time.
func (s *Set) Write(w io.Writer) error {
	out := bufio.NewWriterSize(w, 1<<16)
	fmt.Fprintf(out, "# %s: a line a user, then that user's items in order of time\n", s) //nolint:errcheck // Flush says it
	for u, q := range s.Sequences {
		out.WriteString(s.Users[u]) //nolint:errcheck // as above
		for _, item := range q {
			out.WriteByte(' ')             //nolint:errcheck // as above
			out.WriteString(s.Items[item]) //nolint:errcheck // as above
		}
		out.WriteByte('\n') //nolint:errcheck // as above
	}
	return out.Flush()
}

// Save writes the set to a file, beside its place and renamed when it is whole,
// compressed where the name ends in ".gz". A set whose names hold white space or a comma, or begin
// with #, cannot be written in this form: that is an error, and nothing is written.
func (s *Set) Save(path string) (err error) {
	for _, list := range [][]string{s.Users, s.Items} {
		for _, name := range list {
			if strings.HasPrefix(name, "#") || strings.Contains(name, ",") || len(strings.Fields(name)) != 1 || strings.Fields(name)[0] != name {
				return fmt.Errorf("sequence: the name %q cannot stand in a line of names; rename it without white space, commas or a leading #", name)
			}
		}
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".sequences-*")
	if err != nil {
		return fmt.Errorf("sequence: %w", err)
	}
	defer func() {
		if err != nil {
			f.Close()           //nolint:errcheck // it goes away
			os.Remove(f.Name()) //nolint:errcheck // as above
			err = fmt.Errorf("sequence: writing %s: %w", path, err)
		}
	}()
	if strings.HasSuffix(path, ".gz") {
		z := gzip.NewWriter(f)
		if err = s.Write(z); err == nil {
			err = z.Close()
		}
	} else {
		err = s.Write(f)
	}
	if err != nil {
		return err
	}
	if err = f.Chmod(0o644); err != nil {
		return err
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
