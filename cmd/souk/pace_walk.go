//go:build cgo

package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"souk/scene/market"
)

// floorRounds is how often empty frames are measured, 60 at a time.
const floorRounds = 5

// floors are the times of empty frames, milliseconds: the least median of a few
// rounds.
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
		*w.to = math.Inf(1)
		for range floorRounds { // what else the machine does makes a floor higher, never lower
			var times []float64
			for range 60 {
				began := time.Now()
				win.EmptyFrame()
				times = append(times, time.Since(began).Seconds()*1e3)
			}
			slices.Sort(times)
			*w.to = min(*w.to, times[len(times)/2])
		}
		win.Close()
	}
	return f, nil
}

// spent is what the processor did in a frame outside of OpenGL.
type spent struct {
	shopper time.Duration // the simulated shopper's thinking, which a person does elsewhere
	session time.Duration // what is in view, attention, ranker, placement, recording, network, legs
	display time.Duration // the head-up display
}

// paced is a frame as it was measured; times are in milliseconds.
type paced struct {
	took                             float64 // from its first line of code until it is shown
	shopper, session, display, scene float64 // of it, on the processor outside of OpenGL
	triangles, stalls, resolution    float64
}

// own is the processor's time outside of OpenGL.
func (f *paced) own() float64 { return f.shopper + f.session + f.display + f.scene }

// pace walks by the clock for as long as was asked for and measures each
// frame, from its first line of code until all of it is drawn and shown.
func (v *visitor) pace(ctx context.Context) error {
	v.began = v.t - hintsFor
	bar := progress(int64(v.o.paced.time.Seconds()+.5), "pace")
	var frames []paced
	var before, after runtime.MemStats
	began := time.Now()
	last := began
	first := time.Duration(0)
	ms := func(d time.Duration) float64 { return d.Seconds() * 1e3 }
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
		frames = append(frames, paced{
			took: ms(took), shopper: ms(v.spent.shopper), session: ms(v.spent.session), display: ms(v.spent.display), scene: ms(s.Own),
			triangles: float64(s.Triangles), stalls: float64(s.Stalls), resolution: v.scene.Resolution(),
		})
		if v.numbers.drawn%30 == 0 {
			_ = bar.Set64(int64(time.Since(began).Seconds()))
		}
	}
	_ = bar.Finish()
	if len(frames) < 10 {
		return errors.New("measuring the pace: fewer than ten frames were drawn; give more time with -pace")
	}
	runtime.ReadMemStats(&after)
	v.tellPace(frames, first, &before, &after)
	if v.o.report == "" {
		return nil
	}
	return writePace(frames, v.o.report)
}

// part is the value of frames below which a part of them lies.
func part(frames []paced, part float64, of func(*paced) float64) float64 {
	y := make([]float64, len(frames))
	for i := range frames {
		y[i] = of(&frames[i])
	}
	slices.Sort(y)
	return y[min(len(y)-1, int(part*float64(len(y))))]
}

func mean(frames []paced, of func(*paced) float64) float64 {
	sum := 0.0
	for i := range frames {
		sum += of(&frames[i])
	}
	return sum / float64(len(frames))
}

// tellPace prints what was measured.
func (v *visitor) tellPace(frames []paced, first time.Duration, before, after *runtime.MemStats) {
	took := func(f *paced) float64 { return f.took }
	median, slow := part(frames, .5, took), part(frames, .99, took)
	f := v.floors
	w := tabwriter.NewWriter(v.out, 0, 0, 2, ' ', 0)
	line := func(name, format string, args ...any) { fmt.Fprintf(w, name+"\t"+format+"\n", args...) }
	share := func(name string, of func(*paced) float64) {
		line(name, "median %.2f ms, 99th percentile %.2f ms", part(frames, .5, of), part(frames, .99, of))
	}
	line("renderer", "%s", v.numbers.renderer)
	line("window, quality", "%d × %d, %s, resolution %.2f", v.width, v.height, v.d.prefs.Quality, v.scene.Resolution())
	if v.fill > 0 {
		line("machine", "%.2f ms to shade a million pixels", v.fill.Seconds()*1e3)
	}
	line("frames", "%d in %.0f s, %.1f a second", len(frames), v.o.paced.time.Seconds(), 1e3/mean(frames, took))
	line("frame, median", "%.2f ms: %.2f × an empty frame of g3n's window, %.1f × one of our own", median, median/f.g3n, median/f.own)
	line("frame, 95th and 99th percentile, longest", "%.2f, %.2f, %.2f ms: the 99th is %.2f × g3n's empty frame", part(frames, .95, took), slow, part(frames, 1, took), slow/f.g3n)
	line("empty frame", "%.2f ms as g3n opens its window (8 samples), %.2f ms as Souk does", f.g3n, f.own)
	share("processor outside of OpenGL", (*paced).own)
	share("  the simulated shopper's thinking", func(f *paced) float64 { return f.shopper })
	share("  attention, ranker, placement, network", func(f *paced) float64 { return f.session })
	share("  display", func(f *paced) float64 { return f.display })
	share("  what is in view, goods brought", func(f *paced) float64 { return f.scene })
	each := func(from, to uint64) float64 { return float64(to-from) / float64(len(frames)) }
	line("allocations", "%.0f a frame of %.1f kB in all, of everything in the process; %d collections", each(before.Mallocs, after.Mallocs),
		each(before.TotalAlloc, after.TotalAlloc)/1e3, after.NumGC-before.NumGC)
	line("drawn", "%.0f triangles and %.0f stalls in the mean", mean(frames, func(f *paced) float64 { return f.triangles }), mean(frames, func(f *paced) float64 { return f.stalls }))
	line("start to first frame", "%.2f s", first.Seconds())
	line("resident memory", "%.0f MB", residentBytes()/(1<<20))
	line("objects on the graphics card", "%d; %d times goods found no room there", v.scene.Objects(), v.scene.Stats().Short)
	_ = w.Flush()
}

// writePace writes the frames as CSV, pace.csv in a folder.
func writePace(frames []paced, dir string) error {
	var b strings.Builder
	w := csv.NewWriter(&b)
	rows := [][]string{{"frame", "ms", "shopper_ms", "session_ms", "display_ms", "scene_ms", "triangles", "stalls", "resolution"}}
	f := func(x float64) string { return strconv.FormatFloat(x, 'f', 3, 64) }
	for i := range frames {
		p := &frames[i]
		rows = append(rows, []string{strconv.Itoa(i + 1), f(p.took), f(p.shopper), f(p.session), f(p.display), f(p.scene), f(p.triangles), f(p.stalls), f(p.resolution)})
	}
	if err := w.WriteAll(rows); err != nil {
		return err
	}
	if err := writeWhole(filepath.Join(dir, "pace.csv"), []byte(b.String())); err != nil {
		return fmt.Errorf("writing the frames' times: %w", err)
	}
	return nil
}
