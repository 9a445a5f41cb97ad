package catalog

import (
	"fmt"
	"slices"
	"strings"
)

// BadRow is a row that the importer left out, and why.
type BadRow struct {
	File   string
	Line   int // of the file, from 1; the header is line 1
	Field  string
	Reason string // what is wrong and what to do
}

// Error is the row in one sentence: cause, place, cure.
func (b BadRow) Error() string {
	if b.Field == "" {
		return fmt.Sprintf("%s, line %d: %s", b.File, b.Line, b.Reason)
	}
	return fmt.Sprintf("%s, line %d, field %s: %s", b.File, b.Line, b.Field, b.Reason)
}

// maxKept is how many bad rows and warnings a report keeps in full; the
// rest is counted.
const maxKept = 100

// Report says how an import went.
type Report struct {
	File string
	Rows int // of data, good and bad
	Good int
	// Bad holds the first hundred bad rows, in the order of the file.
	Bad []BadRow
	// Warnings holds what was mended, at most a hundred: an unknown family becomes a box.
	Warnings []BadRow
	// Reasons counts every bad row by the field that spoilt it.
	Reasons map[string]int
	// Mended counts every warning.
	Mended int

	lines map[string]int // of the good rows, by id
	model string         // the column of items' own models
}

// BadModel adds a warning about an item's own model that cannot be shown: the item
// keeps its family's.
func (r *Report) BadModel(id, reason string) {
	r.warn(BadRow{File: r.File, Line: r.lines[id], Field: r.model, Reason: reason})
}

// BadRows is the number of rows left out.
func (r *Report) BadRows() int { return r.Rows - r.Good }

func (r *Report) bad(b BadRow) {
	if r.Reasons == nil {
		r.Reasons = map[string]int{}
	}
	field := b.Field
	if field == "" {
		field = "row"
	}
	r.Reasons[field]++
	if len(r.Bad) < maxKept {
		r.Bad = append(r.Bad, b)
	}
}

func (r *Report) warn(b BadRow) {
	r.Mended++
	if len(r.Warnings) < maxKept {
		r.Warnings = append(r.Warnings, b)
	}
}

// String is the whole report in lines: counts, reasons, then the rows that it kept.
func (r *Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d rows, %d good, %d bad, %d mended\n", r.File, r.Rows, r.Good, r.BadRows(), r.Mended)
	fields := make([]string, 0, len(r.Reasons))
	for f := range r.Reasons {
		fields = append(fields, f)
	}
	slices.Sort(fields)
	for _, f := range fields {
		fmt.Fprintf(&b, "  %d bad by %s\n", r.Reasons[f], f)
	}
	list := func(kind string, rows []BadRow, all int) {
		for _, row := range rows {
			fmt.Fprintf(&b, "  %s: %s\n", kind, row.Error())
		}
		if all > len(rows) {
			fmt.Fprintf(&b, "  and %d more %s rows\n", all-len(rows), kind)
		}
	}
	list("bad", r.Bad, r.BadRows())
	list("mended", r.Warnings, r.Mended)
	return b.String()
}
