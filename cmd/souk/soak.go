package main

import (
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"gonum.org/v1/gonum/stat"
)

// What a soak holds, and how it looks.
const (
	soakStep    = 1.0 / 20         // seconds lived through in a frame, whatever the clock says
	soakSamples = 180              // at least so many of a soak
	soakSeldom  = time.Second / 2  // between samples, at least,
	soakOften   = 10 * time.Second // and at most
	soakWarm    = .25              // of the time is left out: caches fill
	soakWarmMin = 20 * time.Second // where there is so much
	soakJudged  = 10 * time.Minute // memory of a shorter soak is shown and not judged
	soakMost    = 1.0              // MB in ten minutes by which memory may grow
	soakItems   = "demo:seed=1,items=50000"
	soakFolder  = "soak"
)

// soakOptions are the flags of a soak.
type soakOptions struct {
	time time.Duration
	dir  string // for table, CSV and plot
}

func (o *soakOptions) flags(f *flag.FlagSet) {
	f.DurationVar(&o.time, "soak", 0, "walk for so long (30m) with the simulated shopper and fail where memory, goroutines or what is on the graphics card grows; table, CSV and plot in the -report folder")
}

// soak fits the other flags to a soak: the market of 50,000 items, a simulated
// shopper, no recording.
func (o *options) soak() error {
	if o.soaked.time == 0 {
		return nil
	}
	if o.soaked.time < 2*time.Second || o.soaked.time > 48*time.Hour {
		return fmt.Errorf("-soak %v is no time to walk: give 2s to 48h", o.soaked.time)
	}
	if o.filmed.path != "" {
		return errors.New("-soak and -film were both given: give one")
	}
	o.shopper = true
	o.noRecord = o.record == ""
	if o.quality == "" {
		o.quality = "medium" // the same on every machine
	}
	if o.catalogue == "demo" {
		o.catalogue = soakItems
	}
	// The folder is the soak's: no report of a visit is wanted, and no pictures.
	o.soaked.dir, o.report = o.report, ""
	if o.soaked.dir == "" {
		o.soaked.dir = soakFolder
	}
	if o.data == "" {
		o.data = filepath.Join(o.soaked.dir, "data") // a simulated shopper is not the user
	}
	return nil
}

// sample is what the process holds at a time of a soak.
type sample struct {
	clock, walked float64 // seconds by the clock and by the shopper's
	frames        int
	resident      float64 // MB of memory by the system's account
	live          float64 // MB of the Go heap that the last collection found in use
	heap          float64 // objects in it
	goroutines    float64
	objects       float64 // on the graphics card
}

// columns are the series of a soak, for table, file and plot.
var columns = []struct {
	name, unit string
	of         func(*sample) float64
	memory     bool    // judged by its slope; the others by growing at all
	slack      float64 // what counts as growing: so much, or so large a part of what there was
	part       float64
}{
	{"resident memory", "MB", func(s *sample) float64 { return s.resident }, true, 0, 0},
	{"live Go heap", "MB", func(s *sample) float64 { return s.live }, true, 0, 0},
	{"objects on the Go heap", "", func(s *sample) float64 { return s.heap }, false, 2000, .02},
	{"goroutines", "", func(s *sample) float64 { return s.goroutines }, false, 0, 0},
	{"objects on the graphics card", "", func(s *sample) float64 { return s.objects }, false, 40, .02},
}

// takeSample reads what the process holds, after a collection: what nobody
// holds any longer does not count.
func takeSample(clock, walked float64, frames, objects int) sample {
	runtime.GC()
	m := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/heap/objects:objects"}}
	metrics.Read(m)
	const mb = 1 << 20
	return sample{clock: clock, walked: walked, frames: frames, resident: residentBytes() / mb, live: float64(m[0].Value.Uint64()) / mb,
		heap: float64(m[1].Value.Uint64()), goroutines: float64(runtime.NumGoroutine()), objects: float64(objects)}
}

// residentBytes is the memory of the process that is in RAM; 0 where the
// system does not say.
func residentBytes() float64 {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(b))
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.ParseFloat(fields[1], 64)
	return pages * float64(os.Getpagesize())
}

// verdict is what came of a column.
type verdict struct {
	first, last, least, most float64 // after the warm-up
	slope                    float64 // in ten minutes, by least squares
	sure                     float64 // standard error of the slope
	failed                   string  // why, or empty
}

// judge looks at a column of a soak after its warm-up. Memory fails by its
// slope, where the soak was long enough to know one; a count fails where it was higher in the last
// third than ever before, by more than its slack.
func judge(all []sample, column int) verdict {
	c := columns[column]
	after := warmed(all)
	if len(after) < 6 {
		return verdict{failed: fmt.Sprintf("only %d samples of %s after the warm-up", len(after), c.name)}
	}
	x, y := make([]float64, len(after)), make([]float64, len(after))
	v := verdict{first: c.of(&after[0]), last: c.of(&after[len(after)-1])}
	v.least, v.most = v.first, v.first
	for i := range after {
		x[i], y[i] = after[i].clock/600, c.of(&after[i])
		v.least, v.most = min(v.least, y[i]), max(v.most, y[i])
	}
	var start float64
	start, v.slope = stat.LinearRegression(x, y, nil, false)
	v.sure = slopeError(x, y, start, v.slope)
	if c.memory {
		if long := after[len(after)-1].clock - all[0].clock; long >= soakJudged.Seconds()*.9 && v.slope > soakMost {
			v.failed = fmt.Sprintf("%s grows by %.2f ± %.2f %s in ten minutes, more than %.0f", c.name, v.slope, v.sure, c.unit, soakMost)
		}
		return v
	}
	third := len(y) * 2 / 3
	before, late := highest(y[:third]), highest(y[third:])
	if late > before+max(c.slack, c.part*before) {
		v.failed = fmt.Sprintf("there are up to %.0f %s in the last third, and up to %.0f before", late, c.name, before)
	}
	return v
}

// warmed are the samples after the warm-up.
func warmed(all []sample) []sample {
	if len(all) == 0 {
		return nil
	}
	long := all[len(all)-1].clock - all[0].clock
	from := all[0].clock + max(soakWarm*long, min(soakWarmMin.Seconds(), long/2))
	for i := range all {
		if all[i].clock >= from {
			return all[i:]
		}
	}
	return nil
}

func highest(v []float64) float64 {
	most := v[0]
	for _, x := range v {
		most = max(most, x)
	}
	return most
}

// slopeError is the standard error of the slope of a line of least squares.
func slopeError(x, y []float64, start, slope float64) float64 {
	m := stat.Mean(x, nil)
	var left, spread float64
	for i := range x {
		d := y[i] - start - slope*x[i]
		left += d * d
		spread += (x[i] - m) * (x[i] - m)
	}
	if spread == 0 || len(x) < 3 {
		return 0
	}
	return math.Sqrt(left / float64(len(x)-2) / spread)
}

// conclude prints the table of a soak, leaves CSV and plot in the folder, and
// is an error where something grew.
func conclude(all []sample, dir string, w io.Writer) error {
	if len(all) == 0 {
		return errors.New("the soak ended before its first sample: give it more time")
	}
	last := &all[len(all)-1]
	fmt.Fprintf(w, "Soak: %.0f s by the clock, %.0f s walked, %d frames, %d samples\n", last.clock, last.walked, last.frames, len(all))
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "after the warm-up\tfirst\tlast\tleast\tmost\tin ten minutes\t± \t")
	var failed []string
	for i, c := range columns {
		v := judge(all, i)
		digits := 0
		if c.memory {
			digits = 2
		}
		f := func(x float64) string { return strconv.FormatFloat(x, 'f', digits, 64) }
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%+.2f\t%.2f\t\n", strings.TrimSpace(c.name+" "+c.unit), f(v.first), f(v.last), f(v.least), f(v.most), v.slope, v.sure)
		if v.failed != "" {
			failed = append(failed, v.failed)
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if last.clock < soakJudged.Seconds()*.9 {
		fmt.Fprintf(w, "Memory's slope is judged in soaks of %v and more.\n", soakJudged)
	}
	if err := writeSoak(all, dir); err != nil {
		return err
	}
	if err := plotSoak(all, filepath.Join(dir, "soak.png")); err != nil {
		return err
	}
	fmt.Fprintf(w, "Soak: %s and soak.png\n", filepath.Join(dir, "soak.csv"))
	if len(failed) > 0 {
		return fmt.Errorf("the soak failed: %s; see %s", strings.Join(failed, "; "), filepath.Join(dir, "soak.png"))
	}
	return nil
}

// writeSoak writes the samples as CSV.
func writeSoak(all []sample, dir string) error {
	var b strings.Builder
	w := csv.NewWriter(&b)
	f := func(x float64, digits int) string { return strconv.FormatFloat(x, 'f', digits, 64) }
	rows := [][]string{{"clock_s", "walked_s", "frames", "resident_mb", "live_heap_mb", "heap_objects", "goroutines", "gl_objects"}}
	for i := range all {
		s := &all[i]
		rows = append(rows, []string{f(s.clock, 2), f(s.walked, 2), strconv.Itoa(s.frames), f(s.resident, 3), f(s.live, 3), f(s.heap, 0), f(s.goroutines, 0), f(s.objects, 0)})
	}
	if err := w.WriteAll(rows); err != nil {
		return err
	}
	if err := writeWhole(filepath.Join(dir, "soak.csv"), []byte(b.String())); err != nil {
		return fmt.Errorf("writing the soak's samples: %w", err)
	}
	return nil
}
