package main

import (
	"image/png"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// half an hour of samples that hold still, but for what grow adds.
func soaked(minutes float64, grow func(s *sample)) []sample {
	rnd := rand.New(rand.NewPCG(1, 1))
	var all []sample
	for clock := 0.0; clock <= minutes*60; clock += minutes * 60 / soakSamples {
		fill := 1 - math.Exp(-clock/minutes) // caches
		s := sample{clock: clock, walked: 3 * clock, frames: int(60 * clock), resident: 400 + 150*fill + 4*rnd.Float64(), live: 100 + 30*fill + rnd.Float64(),
			heap: 4e5 + 1000*rnd.Float64(), goroutines: 14, objects: math.Round(2000*fill + 40*rnd.Float64())}
		if grow != nil {
			grow(&s)
		}
		all = append(all, s)
	}
	return all
}

func TestASoakFailsByWhatGrows(t *testing.T) {
	for _, tc := range []struct {
		name    string
		minutes float64
		grow    func(*sample)
		want    string // "" passes
	}{
		{"nothing grows", 30, nil, ""},
		{"nothing grows, in a short one", 1. / 3, nil, ""},
		{"garbage", 30, func(s *sample) { s.all = 500 + 100*s.clock/600 }, ""},
		{"half a megabyte in ten minutes", 30, func(s *sample) { s.resident += .5 * s.clock / 600 }, ""},
		{"three megabytes in ten minutes", 30, func(s *sample) { s.resident += 3 * s.clock / 600 }, "resident memory grows by"},
		{"the heap alone", 30, func(s *sample) { s.live += 2 * s.clock / 600 }, "live Go heap grows by"},
		{"memory, in a soak too short to know", 1. / 3, func(s *sample) { s.resident += 3 * s.clock / 600 }, ""},
		{"a goroutine left behind", 30, func(s *sample) {
			if s.clock > 1500 {
				s.goroutines++
			}
		}, "up to 15 goroutines in the last third, and up to 14 before"},
		{"the same in a short one", 1. / 3, func(s *sample) {
			if s.clock > 18 {
				s.goroutines++
			}
		}, "goroutines"},
		{"objects on the card", 30, func(s *sample) { s.objects += s.clock / 4 }, "objects on the graphics card"},
		{"objects on the heap", 1. / 3, func(s *sample) { s.heap += 1e4 * s.clock }, "objects on the Go heap"},
	} {
		all := soaked(tc.minutes, tc.grow)
		var failed []string
		for i := range columns {
			if v := judge(all, i); v.failed != "" {
				failed = append(failed, v.failed)
			}
		}
		got := strings.Join(failed, "; ")
		if tc.want == "" && got != "" || tc.want != "" && !strings.Contains(got, tc.want) {
			t.Errorf("%s: %q", tc.name, got)
		}
	}
	if v := judge(soaked(30, func(s *sample) { s.live = 50 + 3*s.clock/600 }), 2); math.Abs(v.slope-3) > 1e-6 || v.sure > 1e-6 {
		t.Errorf("a slope of 3 is measured as %v ± %v", v.slope, v.sure)
	}
}

func TestASoakLeavesTableFileAndPlot(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "folder")
	var out strings.Builder
	if err := conclude(soaked(30, nil), dir, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"1800 s by the clock, 5400 s walked", "resident memory MB", "goroutines", "soak.csv"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in:\n%s", want, out.String())
		}
	}
	b, err := os.ReadFile(filepath.Join(dir, "soak.csv"))
	if err != nil || strings.Count(string(b), "\n") != soakSamples+2 || !strings.HasPrefix(string(b), "clock_s,") {
		t.Errorf("%d lines, %v", strings.Count(string(b), "\n"), err)
	}
	f, err := os.Open(filepath.Join(dir, "soak.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if c, err := png.DecodeConfig(f); err != nil || c.Width < 600 || c.Height < 600 {
		t.Errorf("the plot is %+v, %v", c, err)
	}
	if err := conclude(soaked(30, func(s *sample) { s.goroutines += s.clock }), dir, io.Discard); err == nil || !strings.Contains(err.Error(), "the soak failed: ") {
		t.Errorf("with goroutines left behind: %v", err)
	}
	if err := conclude(nil, dir, io.Discard); err == nil {
		t.Error("a soak without a sample passes")
	}
}

func TestSoakFlags(t *testing.T) {
	o, err := parse([]string{"-soak", "30m"}, io.Discard)
	if err != nil || o.soaked.time != 30*time.Minute || !o.shopper || o.catalogue != soakItems || o.soaked.dir != soakFolder || o.report != "" || !o.noRecord {
		t.Errorf("%+v, %v", o, err)
	}
	for _, tc := range []struct{ args, want string }{{"-soak 1ms", "2s to 48h"}, {"-soak 1m -film a.mp4", "give one"}} {
		if _, err := parse(strings.Fields(tc.args), io.Discard); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v", tc.args, err)
		}
	}
}

func TestSamplesSayWhatTheProcessHolds(t *testing.T) {
	before := takeSample(1, 2, 3, 4)
	stop := make(chan struct{})
	for range 20 {
		go func() { <-stop }()
	}
	after := takeSample(1, 2, 3, 4)
	close(stop)
	if before.resident < 5 || before.heap < 100 || before.objects != 4 {
		t.Errorf("%+v", before)
	}
	if after.goroutines != before.goroutines+20 {
		t.Errorf("20 goroutines more are %v", after.goroutines-before.goroutines)
	}
}
