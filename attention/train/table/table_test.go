package table

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"souk/attention/train/als"
	"souk/world"
	"souk/world/catalog"
)

func mustGenerate(tb testing.TB, items int) *catalog.Catalog {
	tb.Helper()
	c, err := catalog.Generate(items, 1)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func writeRows[T any](tb testing.TB, path string, rows ...T) {
	tb.Helper()
	w, err := Create[T](path)
	if err != nil {
		tb.Fatal(err)
	}
	for _, r := range rows {
		if err := w.Write(r); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
}

func TestEventsComeBackAsTheyWereWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "e.parquet")
	want := []world.Event{
		{ID: "01", Visitor: "v,1", Session: "s\"", Time: 1.7e9 + 1.0/3, Kind: world.EventDwell, Item: "集", Dwell: 1.1, Exposure: 0.3, InView: 2,
			Eccentricity: 0.12345, Slot: world.NoSlot, Source: world.SourceEye},
		{ID: "02", Visitor: "v", Time: -3, Kind: world.EventPurchase, Item: "i\n2", Amount: 1290, Slot: 7, Source: world.SourceViewCentre},
		{ID: "03", Visitor: "v", Kind: world.EventPlace, Item: "i", Propensity: 1e-7},
	}
	w, err := WriteEvents(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range want {
		if err := w.Event(&want[i]); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("the file is there before it is whole")
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var got []world.Event
	err = EventLog(path, func(ev *world.Event) error { got = append(got, *ev); return nil },
		func(row int64, column, reason string) { t.Errorf("row %d, %s: %s", row, column, reason) })
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if CountRows(path) != 3 {
		t.Errorf("%d rows", CountRows(path))
	}
}

func TestRowsThatAreNoEventsAreNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "e.parquet")
	good := EventRow{Visitor: "v", Time: 1, Kind: "like", Item: "i", Source: "eye"}
	with := func(change func(*EventRow)) EventRow {
		r := good
		change(&r)
		return r
	}
	nan := float32(math.NaN())
	writeRows(t, path, good, with(func(r *EventRow) { r.Kind = "stare" }), with(func(r *EventRow) { r.Item = "" }),
		with(func(r *EventRow) { r.Time = math.Inf(1) }), with(func(r *EventRow) { r.Dwell = nan }), with(func(r *EventRow) { r.Source = "nose" }), good)
	var bad []string
	n := 0
	err := EventLog(path, func(*world.Event) error { n++; return nil }, func(row int64, column, _ string) { bad = append(bad, column) })
	if err != nil || n != 2 {
		t.Errorf("%d rows, %v", n, err)
	}
	if diff := cmp.Diff([]string{"kind", "item", "time", "dwell_s", "source"}, bad); diff != "" {
		t.Error(diff)
	}
}

func TestRatingsAreConfidencesWithTheirMapping(t *testing.T) {
	c := mustGenerate(t, 20)
	dir := t.TempDir()
	m := als.NewMatrix([][]als.Entry{{{Item: 3, Confidence: 2, Preference: 1}, {Item: 5, Confidence: 1}}, {{Item: 0, Confidence: 4, Preference: .5}}}, 20)
	left, err := Ratings(filepath.Join(dir, "r.parquet"), m, false)
	if err != nil || left != 1 {
		t.Errorf("%d left out, %v", left, err)
	}
	var got []RatingRow
	if err := read(filepath.Join(dir, "r.parquet"), []string{"user", "item", "rating"}, func(r *RatingRow, _ int64) error { got = append(got, *r); return nil }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]RatingRow{{0, 3, 2}, {1, 0, 2}}, got); diff != "" {
		t.Error(diff)
	}
	if left, err := Ratings(filepath.Join(dir, "r.parquet"), m, true); err != nil || left != 0 {
		t.Errorf("with what speaks against: %d left out, %v", left, err)
	}
	if err := Items(filepath.Join(dir, "i.parquet"), c); err != nil {
		t.Fatal(err)
	}
	if err := CheckItems(filepath.Join(dir, "i.parquet"), c); err != nil {
		t.Error(err)
	}
	if err := CheckItems(filepath.Join(dir, "i.parquet"), mustGenerate(t, 21)); err == nil || !strings.Contains(err.Error(), "catalogue") {
		t.Errorf("another catalogue: %v", err)
	}
	if err := Users(filepath.Join(dir, "u.parquet"), []string{"a", "b"}); err != nil {
		t.Error(err)
	}
}

func TestFactorsOfSparkAreReadAndBadOnesRefused(t *testing.T) {
	dir := t.TempDir()
	folder := func(name string, parts ...[]FactorRow) string {
		at := filepath.Join(dir, name)
		if err := os.Mkdir(at, 0o755); err != nil {
			t.Fatal(err)
		}
		for k, rows := range parts {
			writeRows(t, filepath.Join(at, "part-0000"+string(rune('0'+k))+".snappy.parquet"), rows...)
		}
		if err := os.WriteFile(filepath.Join(at, "_SUCCESS"), nil, 0o644); err != nil {
			t.Fatal(err)
		}
		return at
	}
	good := folder("good", []FactorRow{{2, []float32{1, 2}}}, []FactorRow{{0, []float32{3, 4}}})
	got, dim, found, err := ReadFactors(good, 3)
	if err != nil || dim != 2 || found != 2 || !cmp.Equal(got, []float32{3, 4, 0, 0, 1, 2}) {
		t.Errorf("%v, dim %d, found %d, %v", got, dim, found, err)
	}
	for want, path := range map[string]string{
		"another catalogue":    good + "/part-00000.snappy.parquet", // asked for 2 items
		"comes twice":          folder("twice", []FactorRow{{0, []float32{1}}}, []FactorRow{{0, []float32{2}}}),
		"different models":     folder("lengths", []FactorRow{{0, []float32{1}}, {1, []float32{1, 2}}}),
		"no finite number":     folder("nan", []FactorRow{{0, []float32{float32(math.NaN())}}}),
		"0 features":           folder("none", []FactorRow{{0, nil}}),
		"no rows":              folder("empty", []FactorRow{}),
		"no .parquet":          folder("bare"),
		"no column features":   filepath.Join(dir, "r.parquet"),
		"give a Parquet file":  filepath.Join(dir, "gone"),
		"no Parquet file, or ": cutFile(t, filepath.Join(good, "part-00001.snappy.parquet"), filepath.Join(dir, "cut.parquet")),
	} {
		if path == filepath.Join(dir, "r.parquet") {
			writeRows(t, path, struct {
				ID int32 `parquet:"id"`
			}{1})
		}
		if _, _, _, err := ReadFactors(path, 2); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}

// cutFile copies the first half of a file.
func cutFile(t *testing.T, from, to string) string {
	b, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, b[:len(b)/2], 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	return to
}

func TestAFailedWriteLeavesWhatWasThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "e.parquet")
	writeRows(t, path, RatingRow{1, 2, 3})
	before, _ := os.ReadFile(path)
	w, err := Create[RatingRow](path)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(RatingRow{4, 5, 6}); err != nil {
		t.Fatal(err)
	}
	w.Abort()
	after, _ := os.ReadFile(path)
	if !bytes.Equal(before, after) {
		t.Error("what was there is gone")
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*.tmp")); len(left) > 0 {
		t.Errorf("files are left: %v", left)
	}
}

// The library keeps pools, so that no two runs cover the same lines, and the fuzzer spends its minute on
// making each input smaller unless it is told not to: -fuzzminimizetime 10x.
func FuzzTables(f *testing.F) {
	dir := f.TempDir()
	writeRows(f, filepath.Join(dir, "f"), FactorRow{1, []float32{1, 2}}, FactorRow{0, []float32{3, 4}})
	writeRows(f, filepath.Join(dir, "e"), EventRow{Visitor: "v", Time: 1, Kind: "like", Item: "i"})
	for _, name := range []string{"f", "e"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
		f.Add(b[:len(b)-9])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		rows := 0
		_ = readFrom(bytes.NewReader(b), int64(len(b)), "f", []string{"id", "features"}, func(r *FactorRow, _ int64) error { rows++; return nil })
		_ = readFrom(bytes.NewReader(b), int64(len(b)), "e", eventColumns, eventRows(func(ev *world.Event) error {
			if ev.Item == "" || ev.Time-ev.Time != 0 || ev.Kind == world.EventUnknown {
				t.Fatalf("row %+v", ev)
			}
			return nil
		}, func(int64, string, string) {}))
	})
}

// The last but four bytes of a file say how long its description is. Believed, they
// reserve 4 GiB for a file of a few hundred bytes.
func TestAnEndThatSpeaksOfMoreThanTheFileHasIsRefusedAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	writeRows(t, path, FactorRow{1, []float32{1, 2}})
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	copy(b[len(b)-8:], []byte{0xff, 0xff, 0xff, 0xff})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err = readFrom(bytes.NewReader(b), int64(len(b)), "f", nil, func(*FactorRow, int64) error { return nil })
	runtime.ReadMemStats(&after)
	if err == nil || !strings.Contains(err.Error(), "4294967295 bytes") {
		t.Errorf("error %v", err)
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > 1<<20 {
		t.Errorf("%d bytes were reserved", n)
	}
}
