package record_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"souk/attention/record"
	"souk/world/plan"
)

// fill sets every field of a value, however deep, to something that is not
// zero, so that a field which the schema lacks is missed.
func fill(v reflect.Value, rng *rand.Rand, list int) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), rng, list)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), list, list))
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), rng, list)
		}
	case reflect.Float32:
		v.SetFloat(float64(math.Float32frombits(rng.Uint32()&0x7f7fffff | 1)))
	case reflect.Float64:
		v.SetFloat(rng.NormFloat64() * 1e3)
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int, reflect.Int64:
		v.SetInt(rng.Int64N(1e4) - 5e3)
		if v.Int() == 0 {
			v.SetInt(7)
		}
	case reflect.Uint8:
		v.SetUint(1 + rng.Uint64N(255))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.String:
		v.SetString(fmt.Sprintf("s%d", rng.Uint64()))
	default:
		panic("fill: no rule for " + v.Type().String() + "; add one, and a field to session.proto")
	}
}

// session makes n frames at 60 Hz of a walk through nothing: random contents
// with the shape of real ones, part of them as in the frame before.
func session(n int, views int, seed uint64) []record.Entry {
	rng := rand.New(rand.NewPCG(seed, 1))
	entries := make([]record.Entry, n)
	var ranked reflect.Value
	var visible []plan.View
	for i := range entries {
		e := &entries[i]
		e.Number = uint64(i)
		fill(reflect.ValueOf(&e.Frame).Elem(), rng, 2)
		fill(reflect.ValueOf(&e.Decision).Elem(), rng, rng.IntN(3))
		if visible == nil || i%3 != 0 {
			visible = make([]plan.View, views)
			for j := range visible {
				fill(reflect.ValueOf(&visible[j]).Elem(), rng, 0)
			}
		}
		e.Frame.Visible = visible
		if !ranked.IsValid() || rng.IntN(20) == 0 {
			ranked = reflect.New(reflect.TypeOf(e.Decision.Ranked)).Elem()
			fill(ranked, rng, 20)
		}
		reflect.ValueOf(&e.Decision.Ranked).Elem().Set(ranked)
		e.Frame.T, e.Decision.T = float64(i)/60, float64(i)/60
	}
	return entries
}

func header() record.Header {
	return record.Header{Session: "s1", Started: 1.7e9, Build: "test", Catalogue: "demo:seed=1,items=20", CatalogueFingerprint: "c0ffee",
		PlanSeed: math.MaxUint64, PlanFingerprint: "beef", Model: "demo", ModelFingerprint: "feed", Policy: "ranker",
		PolicyConfig: json.RawMessage(`{"a":1}`), PolicySeed: 3, Config: json.RawMessage(`{"b":2}`), Seed: 4,
		Snapshot: []byte{1, 2, 3}, Items: []string{"a", "b", "é"}}
}

// write records entries and returns the file's bytes.
func write(tb testing.TB, h record.Header, entries []record.Entry) []byte {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "session.mcap")
	w, err := record.Create(path, h)
	if err != nil {
		tb.Fatal(err)
	}
	for i := range entries {
		if err := w.Write(&entries[i].Frame, &entries[i].Decision); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

// encoded is an entry's frame and decision in their canonical encoding.
func encoded(tb testing.TB, e *record.Entry) []byte {
	tb.Helper()
	f, err := record.AppendFrame(nil, &e.Frame)
	if err != nil {
		tb.Fatal(err)
	}
	d, err := record.AppendDecision(f, &e.Decision)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

// prefix reads what a file holds, and fails unless it is a prefix of want.
// It returns how many entries that were, the reader's last word, and whether
// it opened.
func prefix(tb testing.TB, data []byte, want [][]byte) (n int, truncated bool, err error) {
	tb.Helper()
	r, err := record.NewReader(bytes.NewReader(data), "test")
	if err != nil {
		return 0, false, err
	}
	defer r.Close()
	var e record.Entry
	for ; ; n++ {
		switch err := r.Next(&e); {
		case errors.Is(err, io.EOF):
			return n, r.Truncated(), nil
		case err != nil:
			return n, r.Truncated(), err
		}
		if n >= len(want) || e.Number != uint64(n) || !bytes.Equal(encoded(tb, &e), want[n]) {
			tb.Fatalf("entry %d is not what was written", n)
		}
	}
}

func encodeAll(tb testing.TB, entries []record.Entry) [][]byte {
	all := make([][]byte, len(entries))
	for i := range entries {
		all[i] = encoded(tb, &entries[i])
	}
	return all
}

func mustRead(tb testing.TB, path string) []byte {
	tb.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}
