//go:build cgo

package main

import (
	"context"
	"time"
)

// soak walks for as long as was asked for, by the clock, a frame's step of a
// fixed length at a time, with everything on: engine, server, display, market; and
// samples what the process holds. An interrupt ends it there, and it is judged as it is.
func (v *visitor) soak(ctx context.Context) error {
	v.began = v.t - hintsFor
	long := v.o.soaked.time
	every := max(soakSeldom, min(soakOften, long/soakSamples))
	bar := progress(int64(long.Seconds()+.5), "soak")
	began := time.Now()
	defer func() { v.numbers.wall = time.Since(began).Seconds() }()
	samples := make([]sample, 0, long/every+2)
	next := time.Duration(0)
	at := v.t
	for ctx.Err() == nil && !v.win.ShouldClose() {
		now := time.Since(began)
		if now >= next {
			samples = append(samples, takeSample(now.Seconds(), v.t-at, v.numbers.drawn, v.scene.Objects()))
			next += every
			_ = bar.Set64(int64(now.Seconds())) // a bar that cannot be shown is no failure
		}
		if now >= long || v.o.frames > 0 && v.numbers.drawn >= v.o.frames {
			break
		}
		if err := v.watch(); err != nil {
			return err
		}
		if err := v.frameOnce(soakStep); err != nil {
			return err
		}
		v.numbers.drawn++
		v.win.SwapBuffers()
	}
	_ = bar.Finish()
	return conclude(samples, v.o.soaked.dir, v.out)
}
