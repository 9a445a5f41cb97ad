package hud

import (
	"math"
	"slices"
)

// HelpRow is a line of the table of controls, in the visitor's language.
type HelpRow struct{ Keys, Pad, What string }

// SetHelp changes the table of controls.
func (h *HUD) SetHelp(rows []HelpRow) {
	if !slices.Equal(rows, h.help) {
		h.help = append(h.help[:0], rows...)
		h.touch(layerHelp)
	}
}

// OpenHelp opens or closes the controls.
func (h *HUD) OpenHelp(open bool) {
	if h.helpOn != open {
		h.helpOn = open
		h.opened(layerHelp, open)
		h.touchAll()
	}
}

// HelpOpen says whether the controls are shown.
func (h *HUD) HelpOpen() bool { return h.helpOn }

// buildHelp lays the controls out in the middle.
func (h *HUD) buildHelp(b *builder) {
	if !h.helpOn {
		return
	}
	var box rect
	b.fit(b.height-2*margin, func() float64 {
		b.dim()
		cols := h.helpColumns(b)
		width := cols[0] + cols[1] + cols[2] + (2*30+2*28)*b.u
		if width > b.width-2*margin {
			return b.height + 1 // too wide: smaller
		}
		box = rect{(b.width - width) / 2, 0, width, 0}
		line := b.lineHeight(styleBody) + 3*b.u
		box.h = (24+60+4+8+22)*b.u + line*float64(len(h.help)+1)
		box.y = math.Max(0, math.Round((b.height-box.h)/2))
		b.panel(box)
		h.helpBody(b, box, line, cols)
		return box.h
	})
	b.solid = box.image()
}

// helpColumns are the widths that the table's columns need.
func (h *HUD) helpColumns(b *builder) (cols [3]float64) {
	for i, t := range [...]string{b.w.HelpWhat, b.w.HelpKeys, b.w.HelpPad} {
		cols[i] = b.measure(styleHead, t)
	}
	for _, r := range h.help {
		cols[0] = math.Max(cols[0], b.measure(styleBody, r.What))
		cols[1] = math.Max(cols[1], b.measure(styleLabel, r.Keys))
		cols[2] = math.Max(cols[2], b.measure(styleBody, r.Pad))
	}
	for i := range cols {
		cols[i] = math.Max(cols[i]+2, [...]float64{260, 150, 120}[i]*b.u)
	}
	return cols
}

// helpBody fills the table, in columns of the widths.
func (h *HUD) helpBody(b *builder, box rect, line float64, wide [3]float64) {
	u := b.u
	x, width := box.x+30*u, box.w-60*u
	y := box.y + 24*u
	b.closeButton(box, ActCloseHelp)
	b.text(x, y, 44*u, width-40*u, styleTitle, colText, b.w.HelpTitle)
	y += 60 * u
	cols := [3]float64{x, x + wide[0] + 28*u, x + wide[0] + wide[1] + 56*u}
	for i, t := range [...]string{b.w.HelpWhat, b.w.HelpKeys, b.w.HelpPad} {
		b.text(cols[i], y, line, wide[i], styleHead, colMuted, t)
	}
	y += line + 4*u
	b.box(rect{x, y, width, math.Max(1, u)}, 0, colBorder)
	y += 8 * u
	for i, r := range h.help {
		if i%2 == 1 {
			b.box(rect{x - 10*u, y, width + 20*u, line}, 6*u, color8)
		}
		b.text(cols[0], y, line, wide[0], styleBody, colText, r.What)
		b.text(cols[1], y, line, wide[1], styleLabel, b.accent, r.Keys)
		b.text(cols[2], y, line, wide[2], styleBody, colMuted, r.Pad)
		y += line
	}
}
