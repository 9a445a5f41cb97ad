package hud

import (
	"fmt"
	"image/color"

	"souk/world"
)

// Link is the state of the connection.
type Link uint8

// The states.
const (
	LinkNone Link = iota // there is no server: not shown
	LinkConnecting
	LinkOnline
	LinkOffline
)

// Status is what the line at the top says.
type Status struct {
	Link      Link
	People    int // others nearby
	Recording bool
	Noticing  bool // attention is measured and learned from
	Paused    bool
	Source    world.AttentionSource
	Note      string // anything else short, as the frame rate; "" for nothing
}

// SetStatus changes the line at the top.
func (h *HUD) SetStatus(s Status) {
	if s != h.status {
		h.status = s
		h.touch(layerStatus)
	}
}

// buildStatus lays the line out from the window's right edge: each part a sign
// and a word.
func (h *HUD) buildStatus(b *builder) {
	u, s := b.u, &h.status
	if h.screen == ScreenMap {
		return // it would shine through
	}
	type part struct {
		sign  iconID
		text  string
		c     color.NRGBA
		inked bool
	}
	var parts []part
	if s.Note != "" {
		parts = append(parts, part{iconNone, s.Note, colMuted, false})
	}
	switch {
	case s.Paused:
		parts = append(parts, part{iconPause, b.w.Paused, b.blue, true})
	case s.Noticing:
		parts = append(parts, part{iconEye, fmt.Sprintf(b.w.NoticingF, sourceName(b.w, s.Source)), b.accent, false})
	default:
		parts = append(parts, part{iconHide, b.w.NotNoticing, colMuted, false})
	}
	if s.Recording {
		parts = append(parts, part{iconDot, b.w.Recording, b.warn, false})
	}
	switch s.Link {
	case LinkOnline:
		text := b.w.Alone
		if s.People > 0 {
			text = fmt.Sprintf(b.w.PeopleF, s.People)
		}
		parts = append(parts, part{iconPeople, text, colText, false}, part{iconLink, b.w.Online, colText, false})
	case LinkOffline:
		parts = append(parts, part{iconUnlink, b.w.Offline, b.warn, true})
	case LinkConnecting:
		parts = append(parts, part{iconLink, b.w.Connecting, colMuted, false})
	}
	size, height := 17*u, 36*u
	total := 18 * u
	for _, p := range parts {
		total += b.measure(styleSmall, p.text) + 18*u
		if p.sign != iconNone {
			total += size + 7*u
		}
	}
	r := rect{b.width - margin*u - total, margin * u, total, height}.snapped()
	b.pill(r, colPanel)
	b.frame(r, r.h/2, u, colBorder)
	b.solid = r.image()
	x := r.x + 18*u
	for _, p := range parts {
		if p.sign != iconNone {
			b.icon(p.sign, x, r.y+(r.h-size)/2, size, p.c)
			x += size + 7*u
		}
		ink := colText
		if p.inked || p.sign == iconNone {
			ink = p.c
		}
		x += b.text(x, r.y, r.h, b.width, styleSmall, ink, p.text) + 18*u
	}
}
