package record_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"testing"

	"souk/attention"
	"souk/attention/record"
)

// frames is a minute of the real engine, kept in memory.
func frames(b *testing.B) []record.Entry {
	r, err := record.NewReader(bytes.NewReader(recorded(b, 3600, false)), "bench")
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	var entries []record.Entry
	for {
		var e record.Entry
		if err := r.Next(&e); errors.Is(err, io.EOF) {
			return entries
		} else if err != nil {
			b.Fatal(err)
		}
		entries = append(entries, e)
	}
}

// BenchmarkCopy is what recording costs the frame loop, beside JSON on it.
func BenchmarkCopy(b *testing.B) {
	entries := frames(b)
	b.Run("columns", func(b *testing.B) {
		copyEntry := record.EntryCopier()
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			copyEntry(&entries[i%len(entries)])
		}
	})
	b.Run("naive-json", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if err := json.NewEncoder(io.Discard).Encode(&entries[i%len(entries)]); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkSession writes and reads a minute at 60 Hz, and prints its size on the disk.
func BenchmarkSession(b *testing.B) {
	entries := frames(b)
	var data []byte
	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			data = write(b, header(), entries)
		}
		b.ReportMetric(float64(len(data)), "bytes/minute")
		b.ReportMetric(float64(len(entries)*b.N)/b.Elapsed().Seconds(), "frames/s")
	})
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			r, err := record.NewReader(bytes.NewReader(data), "bench")
			if err != nil {
				b.Fatal(err)
			}
			var e record.Entry
			for r.Next(&e) == nil {
			}
			r.Close()
		}
		b.ReportMetric(float64(len(entries)*b.N)/b.Elapsed().Seconds(), "frames/s")
	})
	b.Run("replay", func(b *testing.B) {
		data := recorded(b, 3600, false)
		for b.Loop() {
			if res, err := replay(b, data, 7, nil); err != nil || res.Different > 0 {
				b.Fatalf("%+v, %v", res, err)
			}
		}
		b.ReportMetric(float64(3600*b.N)/b.Elapsed().Seconds(), "frames/s")
	})
}

var _ record.Engine = (*attention.Engine)(nil)
