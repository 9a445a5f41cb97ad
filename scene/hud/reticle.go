package hud

import (
	"image"
	"image/color"
	"math"
)

// dwellSteps is how finely the reticle's ring shows a look: steps of the ring,
// so that it is not drawn anew in every frame.
const dwellSteps = 24

// fullDwell is the length of a look that closes the ring, seconds.
const fullDwell = 2.0

// Prompt is what is said under the reticle about what is attended to; an
// empty name is nothing.
type Prompt struct {
	Name, Price string
	ForYou      bool
}

// SetReticle shows or hides the reticle.
func (h *HUD) SetReticle(on bool) {
	if h.reticle != on {
		h.reticle = on
		h.touch(layerReticle)
	}
}

// SetReticleSize makes the reticle larger or smaller; 1 is usual, held within
// 0.5 and 2.
func (h *HUD) SetReticleSize(k float64) {
	if k = math.Max(0.5, math.Min(2, k)); k != h.reticleSize {
		h.reticleSize = k
		h.touch(layerReticle)
	}
}

// SetReticleAt moves the reticle to where attention points, pixels from the
// upper left; it stands in the middle until then, and again after a negative x.
func (h *HUD) SetReticleAt(x, y float64) {
	p := image.Pt(int(math.Floor(x)), int(math.Floor(y)))
	if x < 0 || math.IsNaN(x+y) {
		p = image.Pt(-1, -1)
	}
	if p != h.reticleAt {
		h.reticleAt = p
		h.touch(layerReticle)
	}
}

// Reticle says whether the reticle is shown.
func (h *HUD) Reticle() bool { return h.reticle }

// SetAttention says what is attended to and for how long, seconds: the ring of
// the reticle and the line under it.
func (h *HUD) SetAttention(p Prompt, dwell float64) {
	step := 0
	if p.Name != "" && dwell > 0 {
		step = int(math.Min(1, dwell/fullDwell) * dwellSteps)
	}
	if step != h.dwell {
		h.dwell = step
		h.touch(layerReticle)
	}
	if p != h.prompt {
		h.prompt = p
		h.touch(layerPrompt)
	}
}

// buildReticle draws a dot with a ring that fills while a look lasts.
func (h *HUD) buildReticle(b *builder) {
	if !h.reticle || h.Covered() {
		return
	}
	cx, cy, u := math.Floor(b.width/2), math.Floor(b.height/2), b.u*h.reticleSize
	if h.reticleAt.X >= 0 {
		cx, cy = float64(h.reticleAt.X), float64(h.reticleAt.Y)
	}
	dot := func(d float64) rect { return rect{cx - d/2, cy - d/2, d, d} }
	add := func(k opKind, d, line, share float64, c color.NRGBA) {
		b.ops = append(b.ops, op{kind: k, box: dot(d), radius: d / 2, line: line, share: share, colour: premultiplied(c)})
	}
	add(opArc, 27*u, 4.4*u, 1, color.NRGBA{0, 0, 0, 70})
	add(opArc, 26*u, 2.2*u, 1, color.NRGBA{255, 255, 255, 120})
	add(opRound, 7*u, 0, 0, color.NRGBA{0, 0, 0, 90})
	add(opRound, 4.4*u, 0, 0, colText)
	if h.dwell > 0 {
		add(opArc, 27*u, 3.4*u, float64(h.dwell)/dwellSteps, b.accent)
	}
}

// buildPrompt names what is attended to, under the reticle.
func (h *HUD) buildPrompt(b *builder) {
	p, u := &h.prompt, b.u
	if p.Name == "" || h.Open() {
		return
	}
	key := h.keys.Card
	kw := 0.0
	if key != "" {
		kw = math.Max(22*u, b.measure(styleKey, key)+12*u) + 10*u
	}
	pw := b.measure(styleLabel, p.Price) + 10*u
	sw := 0.0
	if p.ForYou {
		sw = 25 * u
	}
	room := math.Min(b.width*0.6, 560*u) - kw - pw - sw - 36*u
	nw := math.Min(room, b.measure(styleLabel, p.Name))
	r := rect{b.width/2 - (nw+pw+kw+sw+36*u)/2, b.height/2 + 44*u, nw + pw + kw + sw + 36*u, 40 * u}.snapped()
	b.pill(r, colPanel)
	b.frame(r, r.h/2, u, colBorder)
	x := r.x + 18*u
	if p.ForYou {
		b.icon(iconSpark, x, r.y+(r.h-18*u)/2, 18*u, b.accent)
		x += sw
	}
	b.text(x, r.y, r.h, room, styleLabel, colText, p.Name)
	x += nw + 10*u
	b.text(x, r.y, r.h, pw, styleLabel, b.accent, p.Price)
	b.key(x+pw, r.y+r.h/2, key, colMuted)
}

// SetHints shows or hides the keys that a newcomer needs.
func (h *HUD) SetHints(on bool) {
	if h.hints != on {
		h.hints = on
		h.touch(layerHints)
	}
}

// buildHints lists those keys at the bottom right.
func (h *HUD) buildHints(b *builder) {
	if !h.hints || h.Open() {
		return
	}
	u := b.u
	hints := [...][2]string{{h.keys.Card, b.w.HintCard}, {h.keys.Search, b.w.HintSearch}, {h.keys.Panel, b.w.HintPanel}, {h.keys.Menu, b.w.HintMenu}}
	total := 16 * u
	for _, t := range hints {
		total += math.Max(22*u, b.measure(styleKey, t[0])+12*u) + 8*u + b.measure(styleSmall, t[1]) + 18*u
	}
	r := rect{b.width - margin*u - total, b.height - margin*u - 38*u, total, 38 * u}.snapped()
	b.pill(r, colPanel)
	b.frame(r, r.h/2, u, colBorder)
	x := r.x + 16*u
	for _, t := range hints {
		x += b.key(x, r.y+r.h/2, t[0], b.accent) + 8*u
		x += b.text(x, r.y, r.h, b.width, styleSmall, colText, t[1]) + 18*u
	}
}
