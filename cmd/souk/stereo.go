//go:build cgo

package main

import (
	"souk/input/look"
	"souk/scene/market"
	"souk/scene/market/lens"
)

// displaySize is how large the display's picture is: the window's size, or the
// panel's that each of two eyes sees.
func (v *visitor) displaySize() (width, height int) {
	width, height = v.win.Size()
	if v.o.stereo {
		_, _, width, height = v.o.optics.Panel(width, height)
	}
	return width, height
}

// onDisplay is where a place of the window is on the display.
func (v *visitor) onDisplay(x, y float64) (float64, float64) {
	if !v.o.stereo {
		return x, y
	}
	p := &v.o.optics
	width, height := v.win.Size()
	half := float64(width) / 2
	side := lens.Left
	if x >= half {
		side, x = lens.Right, x-half
	}
	tx, ty := p.Seen(side, width, height, 2*x/half-1, 1-2*y/float64(height))
	tx += p.Eyes(width, height)[side].Offset / market.PanelDepth
	return (1 + tx/v.panel[0]) / 2 * float64(v.width), (1 - ty/v.panel[1]) / 2 * float64(v.height)
}

// drawMarket draws the market with one eye or two, and what shows of a
// teleport.
func (v *visitor) drawMarket() error {
	t := &v.seat.teleport
	v.seat.fade = !v.d.prefs.ReducedMotion
	if t.Aiming() {
		v.scene.SetArc(t.Points[:t.N], t.Target, t.Valid)
	} else {
		v.scene.SetArc(nil, t.Target, false)
	}
	v.scene.SetFade(t.Dark())
	if v.o.stereo {
		return v.scene.DrawStereo(v.t, v.head, v.lens, &v.o.optics)
	}
	v.scene.Draw(v.t, v.head, v.lens)
	return nil
}

// triggers presses the pad's triggers where they are pulled half way.
func triggers(p *look.Pad, g *market.Gamepad) {
	p.Down[look.PadLeftTrigger] = g.LeftTrigger > .5
	p.Down[look.PadRightTrigger] = g.RightTrigger > .5
}
