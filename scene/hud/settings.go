package hud

import (
	"math"
	"slices"
)

// Setting is a line of the settings, in the visitor's language: what there is
// to set, its value, and what it means.
type Setting struct{ Label, Value, Note string }

// settingsView is the settings' screen.
type settingsView struct {
	list
	lines []Setting
}

// SetSettings changes the settings' lines.
func (h *HUD) SetSettings(lines []Setting) {
	s := &h.settings
	if !slices.Equal(lines, s.lines) {
		s.lines = append(s.lines[:0], lines...)
		s.resize(len(lines))
		h.touch(layerSettings)
	}
}

// navigateSettings moves the choice or changes what is chosen.
func (h *HUD) navigateSettings(n Nav) Action {
	s := &h.settings
	switch {
	case s.n == 0:
	case n == NavLeft:
		return ActBack.Of(s.sel)
	case n == NavRight || n == NavAccept:
		return ActForward.Of(s.sel)
	case n == NavNext:
		s.sel = (s.sel + 1) % s.n
		s.fit(s.rows)
	default:
		s.move(n)
	}
	return ActNone
}

// buildSettings lays the settings out in the middle.
func (h *HUD) buildSettings(b *builder) {
	if h.screen != ScreenSettings {
		return
	}
	u, s := b.u, &h.settings
	width := math.Min(740*u, b.width-2*margin*u)
	line := b.lineHeight(styleBody)
	rowH := math.Ceil(line + 14*u)
	note := 2*b.lineHeight(styleSmall) + 10*u
	keys := []legend{{"↑ ↓  ← →", b.w.KeyChange}, {"Esc", b.w.KeyClose}}
	if s := &h.search; s.pad {
		keys = []legend{{"D-pad", b.w.KeyChange}, {"B", b.w.KeyClose}}
	}
	foot := note + b.legends(0, 0, width-2*pad*u, keys, true) + 12*u
	rows := max(1, min(len(s.lines), int((b.height-2*margin*u-68*u-foot)/rowH)))
	s.fit(rows)
	box := rect{(b.width - width) / 2, 0, width, 68*u + rowH*float64(rows) + foot}
	box.y = math.Max(0, math.Round((b.height-box.h)/2))
	b.panel(box)
	x, w := box.x+pad*u, box.w-2*pad*u
	y := b.header(box, iconGear, b.w.Settings)
	b.scrollBar(box.x+box.w-12*u, y, rowH*float64(rows), &s.list)
	for i := s.top; i < s.shown(); i++ {
		l := &s.lines[i]
		r := rect{x - 10*u, y + float64(i-s.top)*rowH, w + 20*u, rowH - 2*u}
		b.row(r, ActForward.Of(i), i == s.sel)
		b.text(r.x+16*u, r.y, r.h, r.w*0.56, b.squeeze(styleBody, r.w*0.56, l.Label), colText, l.Label)
		arrow := 30 * u
		left := rect{r.x + r.w*0.6, r.y + (r.h-arrow)/2, arrow, arrow}
		right := rect{r.x + r.w - 10*u - arrow, left.y, arrow, arrow}
		b.arrow(left, ActBack.Of(i), iconLeft)
		b.arrow(right, ActForward.Of(i), iconRight)
		room := right.x - left.x - arrow
		b.centred(left.x+arrow, r.y, r.h, room, b.squeeze(styleLabel, room, l.Value), b.accent, l.Value)
	}
	y += rowH * float64(rows)
	if s.sel < len(s.lines) {
		b.para(x+6*u, y+4*u, w-12*u, 2, styleSmall, colMuted, s.lines[s.sel].Note)
	}
	b.legends(x, box.y+box.h-8*u, w, keys, false)
}

// arrow appends a bare sign that can be clicked.
func (b *builder) arrow(r rect, a Action, sign iconID) {
	r = r.snapped()
	ink := colMuted
	if b.h.hover == a {
		ink = colText
		b.box(r, 8*b.u, colRaised)
	}
	size := 18 * b.u
	b.icon(sign, r.x+(r.w-size)/2, r.y+(r.h-size)/2, size, ink)
	b.hit(r, a)
}
