//go:build cgo

package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"text/tabwriter"
	"time"

	"souk/scene/market"
)

// floors are the times of empty frames, median, milliseconds.
type floors struct {
	own float64 // of a window as Souk opens it
	g3n float64 // of one as g3n opens it: eight samples a pixel
}

// emptyFrames measures the floors. It opens and closes windows of the size asked for.
func emptyFrames(o options) (f floors, err error) {
	for _, w := range []struct {
		samples int
		to      *float64
	}{{8, &f.g3n}, {0, &f.own}} {
		win, err := market.Open(market.WindowOptions{Title: "Souk", Width: o.width, Height: o.height, Hidden: o.hidden, Samples: w.samples})
		if err != nil {
			return f, err
		}
		var times []float64
		for i := range 120 {
			began := time.Now()
			win.EmptyFrame()
			if i >= 20 {
				times = append(times, time.Since(began).Seconds()*1e3)
			}
		}
		win.Close()
		slices.Sort(times)
		*w.to = times[len(times)/2]
	}
	return f, nil
}

// pace walks by the clock for as long as was asked for and measures each
// frame, from its first line of code until all of it is drawn and shown.
func (v *visitor) pace(ctx context.Context) error {
	v.began = v.t - hintsFor
	bar := progress(int64(v.o.paced.time.Seconds()+.5), "pace")
	var times, own, triangles, stalls []float64
	var before, after runtime.MemStats
	began := time.Now()
	last := began
	first := time.Duration(0)
	runtime.ReadMemStats(&before)
	for ctx.Err() == nil && !v.win.ShouldClose() && time.Since(began) < v.o.paced.time {
		now := time.Now()
		v.govern(now.Sub(last))
		if err := v.frameOnce(now.Sub(last).Seconds()); err != nil {
			return err
		}
		last = now
		v.numbers.drawn++
		v.win.SwapBuffers()
		v.win.Finish()
		took := time.Since(now)
		if first == 0 {
			first = time.Since(started)
			runtime.ReadMemStats(&before)
			continue
		}
		s := v.scene.Stats()
		times = append(times, took.Seconds()*1e3)
		own = append(own, (v.stepTook+s.Own).Seconds()*1e3)
		triangles, stalls = append(triangles, float64(s.Triangles)), append(stalls, float64(s.Stalls))
		if v.numbers.drawn%30 == 0 {
			_ = bar.Set64(int64(time.Since(began).Seconds()))
		}
	}
	_ = bar.Finish()
	if len(times) < 10 {
		return errors.New("measuring the pace: fewer than ten frames were drawn; give more time with -pace")
	}
	runtime.ReadMemStats(&after)
	v.tellPace(times, own, triangles, stalls, first, float64(after.Mallocs-before.Mallocs)/float64(len(times)))
	return nil
}

// tellPace prints what was measured.
func (v *visitor) tellPace(times, own, triangles, stalls []float64, first time.Duration, allocs float64) {
	at := func(x []float64, part float64) float64 {
		y := slices.Clone(x)
		slices.Sort(y)
		return y[min(len(y)-1, int(part*float64(len(y))))]
	}
	mean := func(x []float64) float64 {
		sum := 0.0
		for _, v := range x {
			sum += v
		}
		return sum / float64(len(x))
	}
	median, slow := at(times, .5), at(times, .99)
	f := v.floors
	w := tabwriter.NewWriter(v.out, 0, 0, 2, ' ', 0)
	line := func(name, format string, args ...any) { fmt.Fprintf(w, name+"\t"+format+"\n", args...) }
	line("renderer", "%s", v.numbers.renderer)
	line("window, quality", "%d × %d, %s, resolution %.2f", v.width, v.height, v.d.prefs.Quality, v.scene.Resolution())
	if v.fill > 0 {
		line("machine", "%.2f ms to shade a million pixels", v.fill.Seconds()*1e3)
	}
	line("frames", "%d in %.0f s, %.1f a second", len(times), v.o.paced.time.Seconds(), 1e3/mean(times))
	line("frame, median", "%.2f ms: %.2f × an empty frame of g3n's window, %.1f × one of our own", median, median/f.g3n, median/f.own)
	line("frame, 95th and 99th percentile, longest", "%.2f, %.2f, %.2f ms: the 99th is %.2f × g3n's empty frame", at(times, .95), slow, at(times, 1), slow/f.g3n)
	line("empty frame", "%.2f ms as g3n opens its window (8 samples), %.2f ms as Souk does", f.g3n, f.own)
	line("processor outside of OpenGL", "median %.2f ms, 99th percentile %.2f ms", at(own, .5), at(own, .99))
	line("allocations", "%.1f a frame, of everything in the process", allocs)
	line("drawn", "%.0f triangles and %.0f stalls in the mean", mean(triangles), mean(stalls))
	line("start to first frame", "%.2f s", first.Seconds())
	line("resident memory", "%.0f MB", residentBytes()/(1<<20))
	line("objects on the graphics card", "%d", v.scene.Objects())
	_ = w.Flush()
}
