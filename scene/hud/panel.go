package hud

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"souk/world"
)

// Bar is a name with a share.
type Bar struct {
	Label string
	Value float64 // in [0,1], drawn as it is
}

// Heard is one thing that was noticed or done.
type Heard struct {
	Text    string
	Ago     int  // seconds
	Against bool // it counts against the item
}

// Panel is what the attention panel shows, in the visitor's language.
type Panel struct {
	Categories, Styles, Items []Bar // the largest first; four, four and three are shown
	Heard                     []Heard
	Source                    world.AttentionSource
	Paused                    bool
	Off                       bool // noticing is off because there is no consent
}

// same says whether two panels show the same.
func (p *Panel) same(q *Panel) bool {
	return p.Source == q.Source && p.Paused == q.Paused && p.Off == q.Off && slices.Equal(p.Categories, q.Categories) &&
		slices.Equal(p.Styles, q.Styles) && slices.Equal(p.Items, q.Items) && slices.Equal(p.Heard, q.Heard)
}

// SetPanel changes what the attention panel shows; it is drawn where it is open.
func (h *HUD) SetPanel(p Panel) {
	if h.panel.same(&p) {
		return
	}
	old := h.panel
	h.panel = p
	h.panel.Categories = append(old.Categories[:0], p.Categories...)
	h.panel.Styles = append(old.Styles[:0], p.Styles...)
	h.panel.Items = append(old.Items[:0], p.Items...)
	h.panel.Heard = append(old.Heard[:0], p.Heard...)
	if h.panelOn {
		h.touch(layerPanel)
	}
}

// OpenPanel opens or closes the attention panel.
func (h *HUD) OpenPanel(open bool) {
	if h.panelOn != open {
		h.panelOn, h.asking = open, false
		h.opened(layerPanel, open)
	}
}

// PanelOpen says whether the attention panel is open.
func (h *HUD) PanelOpen() bool { return h.panelOn }

// buildPanel lays the attention panel out at the left of the window.
func (h *HUD) buildPanel(b *builder) {
	if !h.panelOn || h.screen != ScreenNone {
		return
	}
	var box rect
	b.fit(b.height-2*margin*b.u, func() float64 {
		box = rect{margin * b.u, margin * b.u, math.Min(490*b.u, b.width-2*margin*b.u), 0}
		b.panel(box)
		n := len(b.ops)
		box.h = h.panelBody(b, box)
		for i := n - 3; i < n; i++ {
			b.ops[i].box = box.snapped()
		}
		return box.h
	})
	b.solid = box.image()
}

// panelBody fills the panel and returns its height.
func (h *HUD) panelBody(b *builder, box rect) float64 {
	u, p := b.u, &h.panel
	x, width := box.x+pad*u, box.w-2*pad*u
	y := box.y + 20*u
	b.closeButton(box, ActClosePanel)
	title := styleTitle
	title.Size = 24
	y += b.para(x, y, width-34*u, 2, title, colText, b.w.PanelTitle) + 2*u
	y += b.para(x, y, width, 2, styleSmall, colMuted, b.w.PanelSub) + 10*u
	y += h.panelSource(b, x, y, width) + 14*u
	if len(p.Categories)+len(p.Styles)+len(p.Items)+len(p.Heard) == 0 {
		y += b.para(x, y, width, 3, styleBody, colText, b.w.NothingYet) + gap*u
	}
	y += b.bars(x, y, width, b.w.Categories, p.Categories, 4, b.accent)
	y += b.bars(x, y, width, b.w.Styles, p.Styles, 4, b.blue)
	y += b.bars(x, y, width, b.w.Items, p.Items, 3, b.accent)
	y += h.panelHeard(b, x, y, width)
	return h.panelButtons(b, x, y, width) + 20*u - box.y
}

// panelSource says what attention is measured with, honestly.
func (h *HUD) panelSource(b *builder, x, y, width float64) float64 {
	u := b.u
	sign, state, c := iconEye, b.w.Noticing, b.accent
	switch {
	case h.panel.Off:
		sign, state, c = iconHide, b.w.NotNoticing, colMuted
	case h.panel.Paused:
		sign, state, c = iconPause, b.w.Paused, b.blue
	}
	height := 38 * u
	b.box(rect{x, y, width, height}, 10*u, colRaised)
	b.icon(sign, x+12*u, y+9*u, 20*u, c)
	w := b.text(x+40*u, y, height, width*0.4, styleLabel, c, state)
	room := width - 60*u - w
	label := fmt.Sprintf(b.w.SourceF, sourceName(b.w, h.panel.Source))
	b.right(x+width-12*u, y, height, room, b.squeeze(styleSmall, room, label), colText, label)
	return height
}

// bars appends a heading and shares as bars, and returns their height.
func (b *builder) bars(x, top, width float64, title string, bars []Bar, n int, c color.NRGBA) float64 {
	if len(bars) == 0 {
		return 0
	}
	u, y := b.u, top
	b.text(x, y, b.lineHeight(styleHead), width, styleHead, colMuted, title)
	y += b.lineHeight(styleHead) + 2*u
	line := b.lineHeight(styleBody)
	for i, v := range bars {
		if i == n {
			break
		}
		b.text(x, y, line, width*0.7, styleBody, colText, v.Label)
		b.bar(x+width*0.73, y+line/2-3.5*u, width*0.27, v.Value, c)
		y += line + 1*u
	}
	return y - top + 10*u
}

// panelHeard lists what was noticed of late.
func (h *HUD) panelHeard(b *builder, x, top, width float64) float64 {
	if len(h.panel.Heard) == 0 {
		return 0
	}
	u, y := b.u, top
	b.text(x, y, b.lineHeight(styleHead), width, styleHead, colMuted, b.w.Heard)
	y += b.lineHeight(styleHead) + 2*u
	line := b.lineHeight(styleSmall)
	for i, e := range h.panel.Heard {
		if i == 5 {
			break
		}
		sign, c := iconPlus, b.accent
		if e.Against {
			sign, c = iconMinus, b.blue
		}
		b.icon(sign, x, y+line/2-8*u, 16*u, c)
		ago := fmt.Sprintf("%d s", e.Ago)
		if e.Ago >= 120 {
			ago = fmt.Sprintf("%d min", e.Ago/60)
		}
		w := b.right(x+width, y, line, width*0.25, styleSmall, colMuted, ago)
		b.text(x+24*u, y, line, width-34*u-w, styleSmall, colText, e.Text)
		y += line + 1*u
	}
	return y - top + 12*u
}

// panelButtons appends pause, erase and the way back to the consent, or the
// question whether to erase.
func (h *HUD) panelButtons(b *builder, x, y, width float64) float64 {
	u := b.u
	half := (width - gap*u) / 2
	left := rect{x, y, half, buttonH * u}
	if h.asking {
		y += b.para(x, y, width, 3, styleLabel, colText, b.w.EraseAsk) + 2*u
		y += b.para(x, y, width, 3, styleSmall, colMuted, b.w.EraseSub) + 10*u
		left.y = y
		right := left
		right.x += half + gap*u
		b.button(left, actKeep, lookMain, iconNone, b.w.EraseNo, "")
		b.button(right, ActErase, lookWarn, iconTrash, b.w.EraseYes, "")
		return y + buttonH*u
	}
	right := left
	right.x += half + gap*u
	if !h.panel.Off {
		if h.panel.Paused {
			b.button(left, ActPause, lookMain, iconPlay, b.w.Resume, h.keys.Pause)
		} else {
			b.button(left, ActPause, lookPlain, iconPause, b.w.Pause, h.keys.Pause)
		}
	}
	b.button(right, actAskErase, lookPlain, iconTrash, b.w.Erase, "")
	y += (buttonH + gap - 2) * u
	b.button(rect{x, y, width, buttonH * u}, ActChangeConsent, lookPlain, iconEye, b.w.Change, "")
	return y + buttonH*u
}
