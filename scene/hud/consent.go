package hud

import (
	"math"
)

// AskConsent opens or closes the question at the first start. The careful
// answer is chosen until another one is.
func (h *HUD) AskConsent(open bool) {
	if h.consent == open {
		return
	}
	h.consent = open
	h.opened(layerConsent, open)
	h.touchAll()
	if open {
		h.focus = 1 // after the language button: no
	}
}

// ConsentOpen says whether the question is open.
func (h *HUD) ConsentOpen() bool { return h.consent }

// dim darkens the whole window.
func (b *builder) dim() {
	b.box(rect{0, 0, b.width, b.height}, 0, colDim)
}

// buildConsent lays the question out in the middle.
func (h *HUD) buildConsent(b *builder) {
	if !h.consent {
		return
	}
	var box rect
	b.fit(b.height-2*margin, func() float64 {
		b.dim()
		width := math.Min(680*b.u, b.width-2*margin)
		box = rect{(b.width - width) / 2, 0, width, 0}
		b.panel(box)
		n := len(b.ops)
		hits := len(b.hits)
		box.h = h.consentBody(b, box)
		down := math.Round((b.height - box.h) / 2)
		for i := range b.ops[n-3:] {
			b.ops[n-3+i].box.y += down
		}
		for i := hits; i < len(b.hits); i++ {
			b.hits[i].box.y += down
		}
		box.y = down
		for i := n - 3; i < n; i++ {
			b.ops[i].box = box.snapped()
		}
		return box.h
	})
	b.solid = box.image()
}

// consentBody fills the question and returns its height.
func (h *HUD) consentBody(b *builder, box rect) float64 {
	u := b.u
	x, width := box.x+30*u, box.w-60*u
	y := box.y + 28*u
	other := "中文"
	if h.lang == "zh" {
		other = "English"
	}
	lw := b.measure(styleLabel, other) + 56*u
	b.button(rect{x + width - lw, y - 4*u, lw, 38 * u}, ActLanguage, lookPlain, iconGlobe, other, "")
	y += b.para(x, y, width-lw-16*u, 3, styleTitle, colText, b.w.ConsentTitle) + 8*u
	y += b.para(x, y, width, 4, styleBody, colMuted, b.w.ConsentSub) + 16*u
	for _, o := range [...]struct {
		action      Action
		sign        iconID
		title, text string
		careful     bool
	}{
		{ActConsentNone, iconHide, b.w.NoneTitle, b.w.NoneText, true},
		{ActConsentLocal, iconEye, b.w.LocalTitle, b.w.LocalText, false},
		{ActConsentShare, iconPeople, b.w.ShareTitle, b.w.ShareText, false},
	} {
		y += b.option(rect{x, y, width, 0}, o.action, o.sign, o.title, o.text, o.careful) + gap*u
	}
	y += 4 * u
	b.centred(x, y, b.lineHeight(styleSmall), width, styleSmall, colMuted, b.w.ConsentFoot)
	return y + b.lineHeight(styleSmall) + 20*u - box.y
}

// option appends one answer and returns its height.
func (b *builder) option(r rect, a Action, sign iconID, title, text string, careful bool) float64 {
	u := b.u
	n := len(b.ops)
	b.box(r, 14*u, colRaised)
	tx, width := r.x+64*u, r.w-64*u-20*u
	y := r.y + 14*u
	line := b.lineHeight(styleLabel)
	chosen := b.active && b.h.focus == len(b.hits)
	ink := colText
	if chosen {
		ink = b.accent
	}
	room := width
	if careful {
		w := b.measure(styleKey, b.w.Careful) + 22*u
		b.pill(rect{r.x + r.w - 20*u - w, y, w, 24 * u}, colRaised2)
		b.centred(r.x+r.w-20*u-w, y, 24*u, w, styleKey, colMuted, b.w.Careful)
		room -= w + 10*u
	}
	b.text(tx, y, line, room, styleLabel, ink, title)
	y += line + 2*u
	y += b.para(tx, y, width, 4, styleSmall, colText, text) + 14*u
	r.h = y - r.y
	b.ops[n].box = r.snapped()
	size := 28 * u
	b.icon(sign, r.x+20*u, r.y+(r.h-size)/2, size, ink)
	if b.h.hover == a {
		b.ops[n].colour = premultiplied(colRaised2)
	}
	if chosen {
		b.frame(r, 14*u, 2.4*u, b.accent)
	}
	b.hit(r, a)
	return r.h
}
