package catalog

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Open makes the catalogue that spec names: "demo" ([DemoItems] items from
// [DemoSeed]), "demo:seed=1,items=2000" (either part may be missing), or the path of a
// CSV file, whose column map is read from the file beside it with
// ".columns.json" added, if there is one. Bad rows of the file are left out; call
// [ImportCSV] for the report of them.
func Open(spec string) (*Catalog, error) {
	if spec == "demo" || strings.HasPrefix(spec, "demo:") {
		items, seed, err := parseDemo(spec)
		if err != nil {
			return nil, err
		}
		return Generate(items, seed)
	}
	c, _, err := OpenCSV(spec)
	return c, err
}

// OpenCSV reads a catalogue file with the column map beside it, as [Open]
// does, and hands out the report too. The report is nil where the file could not be read at all.
func OpenCSV(path string) (*Catalog, *Report, error) {
	m, err := ColumnsFor(path)
	if err != nil {
		return nil, nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return nil, nil, fmt.Errorf("catalogue %s: there is no such file; give the path of a CSV file, or \"demo\"", path)
		}
		return nil, nil, fmt.Errorf("opening the catalogue: %w; make the file readable", err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, nil, fmt.Errorf("catalogue %s: it is a folder; give the path of a CSV file, or \"demo\"", path)
	}
	c, rep, err := ImportCSV(f, path, m)
	if c != nil {
		c.Dir = filepath.Dir(path)
	}
	return c, rep, err
}

// ColumnsFor is the column map of a catalogue file: that of the file beside
// it, or the default.
func ColumnsFor(path string) (ColumnMap, error) {
	beside := path + ".columns.json"
	raw, err := os.ReadFile(beside)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return DefaultColumns(), nil
	case err != nil:
		return ColumnMap{}, fmt.Errorf("reading the column map %s: %w; make it readable or remove it", beside, err)
	}
	m, err := ParseColumnMap(raw)
	if err != nil {
		return ColumnMap{}, fmt.Errorf("column map %s: %w", beside, err)
	}
	return m, nil
}

func parseDemo(spec string) (items int, seed uint64, err error) {
	items, seed = DemoItems, DemoSeed
	rest, _ := strings.CutPrefix(strings.TrimPrefix(spec, "demo"), ":")
	if rest == "" {
		return items, seed, nil
	}
	for part := range strings.SplitSeq(rest, ",") {
		key, value, _ := strings.Cut(part, "=")
		switch key {
		case "items":
			items, err = strconv.Atoi(value)
		case "seed":
			seed, err = strconv.ParseUint(value, 10, 64)
		default:
			return 0, 0, fmt.Errorf("catalogue %q: it has no part %q; write it as demo:seed=1,items=2000", spec, key)
		}
		if err != nil {
			return 0, 0, fmt.Errorf("catalogue %q: %q is no whole number; write it as demo:seed=1,items=2000", spec, value)
		}
	}
	return items, seed, nil
}
