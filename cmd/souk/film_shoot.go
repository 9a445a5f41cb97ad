//go:build cgo

package main

import (
	"context"
	"fmt"
	"time"
)

// filming is what a film needs beside the visitor.
type filming struct {
	rails  *rails // nil: the shopper's own legs lead
	extras *extras
	track  *track  // nil: without sound
	t      float64 // of the film, seconds
}

// settling is how many frames are drawn before a film begins, so that what is
// near is there in its first picture.
const settling = 40

// shoot makes the film: each picture is a step of the session of one length,
// whatever the clock says. Where the context ends or the window is closed, the film ends there and is whole.
func (v *visitor) shoot(ctx context.Context) (err error) {
	o := &v.o.filmed
	dt := 1 / float64(o.rate)
	seconds := float64(v.o.frames) * dt
	v.film = &filming{}
	if o.camera == cameras[0] {
		v.film.rails = newRails(v.market.Plan, seconds)
		v.head = v.film.rails.pose(0)
	}
	v.film.extras = newExtras(v.market.Plan, v.o.person, v.head.Pos)
	v.began = v.t - hintsFor // who watches a film presses no keys
	for range settling {
		v.scene.Settle(v.head, v.lens)
		v.scene.Draw(v.t, v.head, v.lens)
		v.win.SwapBuffers()
	}
	reel, note, err := openReel(o.path, v.width, v.height, o.rate)
	if err != nil {
		return err
	}
	if note != "" {
		v.say("%s", note)
	}
	if _, ok := reel.(*ffmpeg); ok && v.d.prefs.Volume != "off" {
		if k, err := newTrack(v.d.prefs.Hour); err != nil {
			v.say("The film has no sound: %v.", err)
		} else {
			v.film.track, v.d.scape = k, k.scape
		}
	}
	bar := progress(int64(v.o.frames), "film")
	began := time.Now()
	defer func() { v.numbers.wall = time.Since(began).Seconds() }()
	for v.numbers.drawn < v.o.frames && ctx.Err() == nil && !v.win.ShouldClose() && err == nil {
		if err = v.take(dt, reel); err == nil {
			v.numbers.drawn++
			_ = bar.Add(1) // a bar that cannot be shown is no failure
		}
	}
	_ = bar.Finish()
	path, e := reel.close()
	if err == nil {
		err = e
	}
	if e := v.film.track.into(path); err == nil && e != nil {
		v.say("The film has no sound: %v.", e)
	}
	if err == nil {
		cut := ""
		if v.numbers.drawn < v.o.frames {
			cut = fmt.Sprintf(" (cut short; %.0f s were asked for)", seconds)
		}
		v.say("Film: %s, %.1f s, %d×%d%s", path, float64(v.numbers.drawn)*dt, v.width, v.height, cut)
	}
	return err
}

// take makes one picture.
func (v *visitor) take(dt float64, to reel) error {
	v.events = v.win.Poll(v.events[:0]) // nobody plays: what is pressed is let go
	if err := v.watch(); err != nil {
		return err
	}
	f := v.film
	f.t += dt
	if err := v.live(dt); err != nil {
		return err
	}
	if f.rails != nil { // the eyes are the shopper's, the legs are not
		v.head = f.rails.pose(f.t)
		v.yaw, v.pitch = v.head.YawPitch()
	}
	f.extras.step(dt, v.head)
	v.company = f.extras.among(v.company[:0])
	v.d.scape.hear(v.session)
	v.scene.Settle(v.head, v.lens) // a film waits for its goods: the same pictures, however quick the machine is
	if err := v.show(); err != nil {
		return err
	}
	f.track.until(f.t)
	if err := to.add(v.scene.Screenshot()); err != nil {
		return err
	}
	v.win.SwapBuffers()
	return nil
}

// bare says whether the display is off: over the roofs nobody shops.
func (f *filming) bare() bool { return f != nil && f.rails != nil && f.t > f.rails.ground+.5 }
