//go:build cgo

package main

import (
	"context"
	"image"
	"math"
	"path/filepath"
	"time"

	"souk/input/look"
	"souk/scene/hud"
	"souk/scene/market"
	"souk/world"
)

// filmStep is the length of a frame where their number is given, longStep the
// longest that is lived through in one step, seconds; maxSteps bounds the steps
// of one frame: after a pause of the machine nobody has walked a mile.
const (
	filmStep = 1.0 / 30
	longStep = 1.0 / 20
	maxSteps = 10
)

// loop draws frames until the window is closed, the context ends or the time
// is up. One frame: what happened, one step of the session, what it looks like.
func (v *visitor) loop(ctx context.Context) error {
	began := time.Now()
	last := began
	defer func() { v.numbers.wall = time.Since(began).Seconds() }()
	for {
		if ctx.Err() != nil || v.win.ShouldClose() || v.d.wantQuit {
			return v.lastPicture()
		}
		if err := v.watch(); err != nil {
			return err
		}
		now := time.Now()
		took := now.Sub(last)
		dt := took.Seconds()
		last = now
		if v.numbers.drawn > 0 && dt > 0.05 {
			v.numbers.slow++
		}
		if v.o.frames > 0 {
			dt = filmStep
		} else {
			v.govern(took)
		}
		if err := v.frameOnce(dt); err != nil {
			return err
		}
		v.numbers.drawn++
		if v.o.frames > 0 && v.numbers.drawn >= v.o.frames || v.o.seconds > 0 && v.t-v.began >= v.o.seconds {
			return v.lastPicture()
		}
		v.win.SwapBuffers()
	}
}

// govern lets the governor follow the last frame's time, where the quality is
// auto: a fixed one keeps its resolution.
func (v *visitor) govern(took time.Duration) {
	if v.auto && v.numbers.drawn > 0 {
		v.scene.SetResolution(v.governor.Step(took, v.scene.Resolution()))
	}
}

// frameOnce is one frame, up to the back buffer.
func (v *visitor) frameOnce(dt float64) error {
	began := time.Now()
	v.events = v.win.Poll(v.events[:0])
	for i := range v.events {
		if err := v.happened(&v.events[i]); err != nil {
			return err
		}
	}
	if pad, ok := v.win.Gamepad(); ok {
		v.hands.SetPad(padOf(pad))
	}
	if err := v.d.obey(); err != nil {
		return err
	}
	v.d.before(v.width, v.height)
	v.rebuild()
	v.win.Capture(v.shopper == nil && v.hands.Mode() == look.Walking && !v.o.hidden)
	thought := v.thought
	if err := v.live(dt); err != nil {
		return err
	}
	v.spent.shopper = v.thought - thought
	v.d.scape.hear(v.session)
	v.spent.session = time.Since(began) - v.spent.shopper
	if err := v.show(); err != nil {
		return err
	}
	if v.d.wantFullscreen {
		v.d.wantFullscreen = false
		v.win.SetFullscreen(!v.win.Fullscreen())
	}
	return v.pictures()
}

// live steps the session through dt seconds: in one step where the machine is
// quick, in several where it draws slowly, so that legs and eyes are followed
// at 20 Hz at least.
func (v *visitor) live(dt float64) error {
	n := min(maxSteps, max(1, int(math.Ceil(dt/longStep))))
	for range n {
		if err := v.step(min(dt/float64(n), longStep)); err != nil {
			return err
		}
		for i, p := range v.decision.Placements {
			sign := world.Text{}
			if p.Item != world.NoItem {
				sign = hud.SignOf(v.market.Catalog, v.decision.Reasons[i], p.Item)
			}
			v.scene.SetHolding(p.Slot, p.Item, sign)
		}
	}
	return nil
}

// happened takes one event of the window.
func (v *visitor) happened(e *market.Event) error {
	switch e.Kind {
	case market.KeyPress, market.KeyRepeat:
		if e.Key > 0 {
			v.hands.KeyDown(look.Key(e.Key))
		}
	case market.KeyRelease:
		v.hands.KeyUp(look.Key(e.Key))
	case market.Character:
		v.hands.Character(e.Rune)
	case market.MouseMove:
		v.hands.MouseMove(e.DX, e.DY)
		v.d.mouse(v.onDisplay(e.X, e.Y))
	case market.ButtonPress:
		if e.Button == 0 {
			return v.d.click(v.onDisplay(e.X, e.Y))
		}
		v.hands.RightButton(true)
	case market.ButtonRelease:
		if e.Button != 0 {
			v.hands.RightButton(false)
		}
	case market.Scroll:
		v.d.wheel(e.DY)
	case market.Resize:
		v.resized()
	case market.FocusLost:
		v.hands.Release()
	}
	return nil
}

// resized follows the window's size.
func (v *visitor) resized() {
	width, height := v.displaySize()
	if width == v.width && height == v.height {
		return
	}
	v.width, v.height = width, height
	v.resize(v.win.Size())
	v.d.h.Resize(width, height)
	v.scene.SetOverlay(v.d.h.Image(), image.Rectangle{})
}

// show draws the market and the display as they are now.
func (v *visitor) show() error {
	began := time.Now()
	d := v.decision
	if v.d.dirtySigns {
		v.d.dirtySigns = false
		v.scene.SetLang(v.d.h.Lang())
	}
	strength := 0.0
	slot := d.Focus.Slot
	if d.Focus.Item == world.NoItem || d.Focus.Uncertain {
		slot = world.NoSlot
	} else {
		strength = math.Min(1, 0.35+d.Focus.Dwell)
	}
	v.scene.SetFocus(slot, strength)
	v.scene.SetAvatars(v.people())
	v.d.refresh(v.width, v.height)
	for _, part := range v.d.h.Draw(v.t) {
		v.scene.SetOverlay(v.d.h.Image(), part)
	}
	if v.film.bare() {
		v.scene.SetOverlay(nil, image.Rectangle{})
		v.scene.SetFocus(world.NoSlot, 0)
	}
	v.scene.SetVignette(v.d.comfort.edges(v.d.prefs.Vignette, v.bodyPose(), v.t))
	// A film is looked at by others than its shopper.
	v.scene.SetGaze(v.gaze, v.gazeOK && v.eyes && v.film == nil)
	v.spent.display = time.Since(began)
	return v.drawMarket()
}

// pictures takes those that were asked for, by F12 or by the clock.
func (v *visitor) pictures() error {
	if v.d.wantPicture {
		v.d.wantPicture = false
		path := filepath.Join(v.pictureFolder(), pictureName())
		if err := v.picture(path); err != nil {
			v.d.say(notice{kind: noticeText, tone: hud.ToneWarn, text: err.Error()})
		} else {
			v.d.say(notice{kind: noticePicture, tone: hud.TonePicture, text: filepath.Base(path)})
		}
	}
	if !v.o.shopper || v.o.paced.time > 0 || v.o.report == "" || v.t-v.began < pictureEvery*float64(v.shot+1) {
		return nil
	}
	v.shot++
	return v.picture(filepath.Join(v.o.report, "picture-"+time.Duration(float64(v.shot)*pictureEvery*1e9).String()+".png"))
}

// lastPicture takes the picture of -screenshot, of the frame in the back buffer.
func (v *visitor) lastPicture() error {
	if v.o.screenshot == "" || v.numbers.drawn == 0 {
		return nil
	}
	return v.picture(v.o.screenshot)
}

// padOf translates the window's gamepad.
func padOf(g market.Gamepad) look.Pad {
	p := look.Pad{LeftX: float64(g.LeftX), LeftY: float64(g.LeftY), RightX: float64(g.RightX), RightY: float64(g.RightY)}
	copy(p.Down[:], g.Buttons[:])
	triggers(&p, &g)
	return p
}
