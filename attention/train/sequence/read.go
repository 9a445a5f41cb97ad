package sequence

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Limits of what is read: a file beyond them is no catalogue of sequences that
// this machine could learn from.
const (
	maxLine         = 64 << 20
	maxInteractions = 200_000_000
)

// Open reads a file, plain or compressed by gzip, or a folder, in any of the
// forms that docs/evaluation.md lists. An error says in a sentence what is wrong where.
func Open(path string) (*Set, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("sequence: %w: give a file of sequences, or a folder with train, val and test (docs/evaluation.md)", err)
	}
	if info.IsDir() {
		return openFolder(path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("sequence: %w", err)
	}
	defer f.Close() //nolint:errcheck // read only
	s, err := Read(f)
	if err != nil {
		return nil, fmt.Errorf("sequence: %s: %w", path, err)
	}
	return s, nil
}

// Read reads one file's form: "user item item …" a line, "user item" a line in
// order of time, or CSV with the columns user, item and time. Compression is
// seen by its first bytes.
func Read(r io.Reader) (*Set, error) {
	in, err := uncompressed(r)
	if err != nil {
		return nil, err
	}
	head, err := in.Peek(min(in.Size(), 4096))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, readError(err)
	}
	if bytes.IndexByte(firstLine(head), ',') >= 0 {
		return readCSV(in)
	}
	lines, err := readLines(in)
	if err != nil {
		return nil, err
	}
	return fromLines(lines)
}

// firstLine is the first that is no comment.
func firstLine(head []byte) []byte {
	for len(head) > 0 {
		line, rest, _ := bytes.Cut(head, []byte("\n"))
		if !bytes.HasPrefix(line, []byte("#")) {
			return line
		}
		head = rest
	}
	return nil
}

func uncompressed(r io.Reader) (*bufio.Reader, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	if head, _ := in.Peek(2); !bytes.Equal(head, []byte{0x1f, 0x8b}) {
		return in, nil
	}
	z, err := gzip.NewReader(in)
	if err != nil {
		return nil, readError(err)
	}
	return bufio.NewReaderSize(z, 1<<16), nil
}

func readError(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the compressed file ends in the middle; copy it again")
	}
	return fmt.Errorf("cannot be read: %w", err)
}

// line is one line's fields and where it stands.
type line struct {
	number int
	fields []string
}

// readLines splits lines at white space; empty ones and those that begin with # are left out.
func readLines(r io.Reader) ([]line, error) {
	scan := bufio.NewScanner(r)
	scan.Buffer(make([]byte, 0, 1<<16), maxLine)
	var out []line
	total := 0
	for n := 1; scan.Scan(); n++ {
		text := scan.Bytes()
		if bytes.IndexByte(text, 0) >= 0 {
			return nil, fmt.Errorf("line %d holds a byte 0: this is no text file", n)
		}
		fields := strings.Fields(string(text))
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		if total += len(fields); total > maxInteractions {
			return nil, fmt.Errorf("line %d is beyond %d interactions; give a part of it", n, maxInteractions)
		}
		out = append(out, line{n, fields})
	}
	if err := scan.Err(); err != nil {
		if errors.Is(err, bufio.ErrTooLong) {
			return nil, fmt.Errorf("a line is longer than %d bytes: this is no file of sequences", maxLine)
		}
		return nil, readError(err)
	}
	return out, nil
}

// fromLines tells the two forms of lines apart: where every line has two
// fields and some user comes up again, each line is one interaction.
func fromLines(lines []line) (*Set, error) {
	if len(lines) == 0 {
		return nil, errors.New("there is no line in it; a line is a user and that user's items in order of time")
	}
	pairs := true
	seen := map[string]int{}
	again := 0
	for _, l := range lines {
		if len(l.fields) == 1 {
			return nil, fmt.Errorf("line %d has the user %q and no item", l.number, l.fields[0])
		}
		pairs = pairs && len(l.fields) == 2
		if first, ok := seen[l.fields[0]]; ok && again == 0 {
			again = l.number
			if !pairs {
				return nil, fmt.Errorf("line %d is of the user %q, as is line %d; give each user one line, or each interaction one", again, l.fields[0], first)
			}
		} else if !ok {
			seen[l.fields[0]] = l.number
		}
	}
	if again > 0 && !pairs {
		return nil, fmt.Errorf("line %d is of a user who had a line before; give each user one line, or each interaction one", again)
	}
	b := newBuilder(false)
	for _, l := range lines {
		for _, item := range l.fields[1:] {
			b.add(l.fields[0], item, 0)
		}
	}
	return b.set()
}

// builder gathers interactions.
type builder struct {
	users, items *names
	sequences    [][]int32
	times        [][]float64
	timed        bool
}

func newBuilder(timed bool) *builder {
	return &builder{users: newNames(), items: newNames(), timed: timed}
}

func (b *builder) add(user, item string, at float64) {
	u := b.users.number(user)
	if int(u) == len(b.sequences) {
		b.sequences = append(b.sequences, nil)
		b.times = append(b.times, nil)
	}
	b.sequences[u] = append(b.sequences[u], b.items.number(item))
	if b.timed {
		b.times[u] = append(b.times[u], at)
	}
}

func (b *builder) set() (*Set, error) {
	if len(b.items.list) < 2 {
		return nil, fmt.Errorf("there are only %d item(s) in it: nothing could be ranked", len(b.items.list))
	}
	s := &Set{Users: b.users.list, Sequences: b.sequences}
	s.Items = sortItems(b.items.list, b.sequences)
	if b.timed {
		s.Times = b.times
		for u := range s.Sequences {
			sortByTime(s.Sequences[u], s.Times[u])
		}
	}
	return s, nil
}

// sortByTime keeps the order of the file among equal times.
func sortByTime(items []int32, times []float64) {
	if slices.IsSorted(times) {
		return
	}
	order := make([]int, len(items))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case times[a] < times[b]:
			return -1
		case times[a] > times[b]:
			return 1
		}
		return 0
	})
	q, t := slices.Clone(items), slices.Clone(times)
	for to, from := range order {
		items[to], times[to] = q[from], t[from]
	}
}

// columns finds user, item and time in a header by the names that logs use.
func columns(header []string) (at [3]int, found bool) {
	known := [3][]string{
		{"user", "user_id", "userid", "uid", "visitor", "visitorid", "visitor_id", "session", "session_id", "sessionid"},
		{"item", "item_id", "itemid", "iid", "product_id", "parent_asin", "asin", "movie_id", "movieid"},
		{"time", "timestamp", "unix_time", "unixtime", "ts", "date", "datetime"},
	}
	for c := range at {
		at[c] = slices.IndexFunc(header, func(h string) bool {
			return slices.Contains(known[c], strings.ToLower(strings.TrimSpace(h)))
		})
	}
	return at, at[0] >= 0 && at[1] >= 0 && at[2] >= 0
}

func readCSV(r io.Reader) (*Set, error) {
	in := csv.NewReader(r)
	in.ReuseRecord, in.FieldsPerRecord, in.Comment = true, 0, '#'
	b := newBuilder(true)
	at := [3]int{0, 1, 2}
	ignored := 0
	for n := 0; ; n++ {
		rec, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			if p := (*csv.ParseError)(nil); errors.As(err, &p) {
				return nil, fmt.Errorf("line %d: %w", p.Line, p.Err)
			}
			return nil, readError(err)
		}
		line, _ := in.FieldPos(0)
		if n == 0 {
			if c, ok := columns(rec); ok {
				at, ignored = c, len(rec)-3
				continue
			}
			if len(rec) < 3 {
				return nil, fmt.Errorf("line %d has %d column(s); there must be user, item and time", line, len(rec))
			}
			if _, err := parseTime(rec[2]); err != nil {
				return nil, fmt.Errorf("line %d is neither a header with user, item and time nor a row: %w", line, err)
			}
			ignored = len(rec) - 3
		}
		if n > maxInteractions {
			return nil, fmt.Errorf("line %d is beyond %d interactions; give a part of it", line, maxInteractions)
		}
		when, err := parseTime(rec[at[2]])
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		user, item := strings.TrimSpace(rec[at[0]]), strings.TrimSpace(rec[at[1]])
		if user == "" || item == "" {
			return nil, fmt.Errorf("line %d has no user or no item", line)
		}
		b.add(strings.Clone(user), strings.Clone(item), when)
	}
	s, err := b.set()
	if err == nil && ignored > 0 {
		s.Notes = append(s.Notes, fmt.Sprintf("%d column(s) beside user, item and time are not used: every row counts alike", ignored))
	}
	return s, err
}

// parseTime reads seconds (or any growing number), or a date with or without a time of day.
func parseTime(text string) (float64, error) {
	text = strings.TrimSpace(text)
	if v, err := strconv.ParseFloat(text, 64); err == nil {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return 0, fmt.Errorf("the time %q is no number", text)
		}
		return v, nil
	}
	for _, layout := range []string{time.RFC3339, time.DateTime, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return float64(t.UnixNano()) / 1e9, nil
		}
	}
	return 0, fmt.Errorf("the time %q is neither a number nor a date like 2024-05-31 or 2024-05-31 10:00:00", text)
}
