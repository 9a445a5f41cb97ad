package hud

import (
	"fmt"
	"math"
)

// Guide leads to something that is looked for; no name is nothing.
type Guide struct {
	Name   string
	Metres int // of the way that is left
	// Turn is where the way goes on from where one looks, in sixteenths of a
	// circle to the left.
	Turn int
}

// GuideTo words a guide: the way left in metres, and the angle to the left at
// which it goes on, radians. Both are rounded, so that it is not drawn anew for less.
func GuideTo(name string, metres, turn float64) Guide {
	step := int(math.Round(turn/(2*math.Pi)*16)) % 16
	if step < 0 {
		step += 16
	}
	return Guide{name, int(math.Round(metres)), step}
}

// SetGuide changes what is led to.
func (h *HUD) SetGuide(g Guide) {
	if g != h.guide {
		h.guide = g
		h.touch(layerGuide)
	}
}

// Guide is what is led to.
func (h *HUD) Guide() Guide { return h.guide }

// buildGuide lays the guide out at the upper left: an arrow, what, how far.
func (h *HUD) buildGuide(b *builder) {
	g, u := &h.guide, b.u
	if g.Name == "" || h.Open() {
		return
	}
	far := fmt.Sprintf("%d m", g.Metres)
	fw := b.measure(styleLabel, far)
	room := math.Min(b.width*0.42, 440*u)
	st := b.squeeze(styleLabel, room, g.Name)
	nw := math.Min(room, b.measure(st, g.Name))
	top := margin * u
	if b.width < 1270*u {
		top += 46 * u // the status line needs the width
	}
	r := rect{margin * u, top, 52*u + nw + 12*u + fw + 18*u, 40 * u}.snapped()
	b.pill(r, colPanel)
	b.frame(r, r.h/2, u, colBorder)
	b.arrowhead([2]float64{r.x + 26*u, r.y + r.h/2}, math.Pi/2+float64(g.Turn)*math.Pi/8, 9*u, r.image())
	b.text(r.x+48*u, r.y, r.h, nw+1, st, colText, g.Name)
	b.text(r.x+48*u+nw+12*u, r.y, r.h, fw+1, styleLabel, b.accent, far)
}
