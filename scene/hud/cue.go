package hud

import (
	"fmt"
	"math"

	"souk/assets/words"
)

// Cue is a moment that has a sound: the list of all there are. Whoever makes
// the sound and whoever shows its caption take it from here.
type Cue uint8

// The cues.
const (
	CueCart    Cue = iota // put into the cart
	CueBought             // the receipt is there
	CueRefused            // not bought
	CueChat               // somebody speaks
	CueNear               // somebody comes near
	CuePlaced             // something was put out for the visitor, in view
	CueArrived            // a journey ends
	CueCount              // how many there are
)

// caption words a cue: who is the person that it is about, where it is about one.
func (c Cue) caption(w *words.Words, who string) string {
	switch c {
	case CueCart:
		return w.CueCart
	case CueBought:
		return w.CueBought
	case CueRefused:
		return w.CueRefused
	case CueChat:
		return fmt.Sprintf(w.CueChatF, who)
	case CueNear:
		return fmt.Sprintf(w.CueNearF, who)
	case CuePlaced:
		return w.CuePlaced
	case CueArrived:
		return w.CueArrived
	}
	return ""
}

// cueLife is how long a caption of a sound stays, seconds; maxCues how many
// are shown.
const (
	cueLife = 3.5
	maxCues = 3
)

// cues are the captions of sounds.
type cues struct {
	on    bool
	lines []toast
}

// SetCaptions shows or hides the captions of sounds.
func (h *HUD) SetCaptions(on bool) {
	if on != h.cues.on {
		h.cues.on = on
		h.cues.lines = h.cues.lines[:0]
		h.touch(layerCues)
	}
}

// Sound shows the caption of a cue where captions are shown. who is the person
// that it is about, or "".
func (h *HUD) Sound(c Cue, who string) {
	text := c.caption(h.words(), who)
	if !h.cues.on || text == "" {
		return
	}
	l := &h.cues.lines
	for i := range *l {
		if (*l)[i].text == text {
			(*l)[i].until = h.now + cueLife
			return
		}
	}
	if len(*l) == maxCues {
		*l = append((*l)[:0], (*l)[1:]...)
	}
	*l = append(*l, toast{text: text, until: h.now + cueLife})
	h.touch(layerCues)
}

// expireCues drops captions whose time is over.
func (h *HUD) expireCues() {
	l := h.cues.lines
	n := 0
	for _, t := range l {
		if t.until > h.now {
			l[n] = t
			n++
		}
	}
	if n != len(l) {
		h.cues.lines = l[:n]
		h.touch(layerCues)
	}
}

// buildCues stacks the captions of sounds at the right, above the hints.
func (h *HUD) buildCues(b *builder) {
	u := b.u
	y := b.height - (margin+38+14+36)*u
	for i := len(h.cues.lines) - 1; i >= 0; i-- {
		text := h.cues.lines[i].text
		room := math.Min(460*u, b.width-2*margin*u-60*u)
		w := math.Min(room, b.measure(styleSmall, text))
		r := rect{b.width - margin*u - w - 56*u, y, w + 56*u, 34 * u}.snapped()
		b.pill(r, colPanel)
		b.frame(r, r.h/2, u, colBorder)
		b.icon(iconSound, r.x+14*u, r.y+(r.h-18*u)/2, 18*u, b.blue)
		b.text(r.x+40*u, r.y, r.h, room, styleSmall, colText, text)
		y -= 40 * u
	}
}
