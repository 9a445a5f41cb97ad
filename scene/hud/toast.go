package hud

import (
	"math"
)

// toastLife is how long a toast stays, seconds; chatLife a line of chat while
// nobody types.
const (
	toastLife = 4.0
	chatLife  = 14.0
	maxToasts = 4
	maxLines  = 8
	// MaxChat is the longest chat line, bytes.
	MaxChat = 300
)

// Tone says what a toast is about: its sign.
type Tone uint8

// The tones.
const (
	ToneInfo Tone = iota
	ToneLike
	ToneHide
	ToneCart
	ToneBought
	ToneWarn
	TonePlaced
	TonePicture
	TonePause
)

// toast is a short message that goes away by itself.
type toast struct {
	text  string
	tone  Tone
	until float64
}

// Toast shows a short message for a few seconds; the same text again only
// keeps it longer.
func (h *HUD) Toast(tone Tone, text string) {
	h.touch(layerToasts)
	until := h.now + toastLife
	for i := range h.toasts {
		if h.toasts[i].text == text {
			h.toasts[i].until = until
			return
		}
	}
	if len(h.toasts) == maxToasts {
		h.toasts = append(h.toasts[:0], h.toasts[1:]...)
	}
	h.toasts = append(h.toasts, toast{text, tone, until})
}

// expire drops toasts and chat lines whose time is over.
func (h *HUD) expire() {
	n := 0
	for _, t := range h.toasts {
		if t.until > h.now {
			h.toasts[n] = t
			n++
		}
	}
	if n != len(h.toasts) {
		h.toasts = h.toasts[:n]
		h.touch(layerToasts)
	}
	h.expireCues()
	if first := h.chat.visible(h.now); first != h.chat.first {
		h.chat.first = first
		h.touch(layerChat)
	}
}

// buildToasts stacks the toasts from the bottom, in the middle.
func (h *HUD) buildToasts(b *builder) {
	u := b.u
	y := b.height - 96*u
	for i := len(h.toasts) - 1; i >= 0; i-- {
		t := h.toasts[i]
		sign, c := iconInfo, b.blue
		switch t.tone {
		case ToneLike:
			sign, c = iconHeartFull, b.accent
		case ToneHide:
			sign, c = iconHide, colMuted
		case ToneCart:
			sign, c = iconCart, b.accent
		case ToneBought:
			sign, c = iconBag, b.accent
		case ToneWarn:
			sign, c = iconInfo, b.warn
		case TonePlaced:
			sign, c = iconSpark, b.accent
		case TonePicture:
			sign, c = iconCamera, b.blue
		case TonePause:
			sign, c = iconPause, b.blue
		}
		height := 44 * u
		room := math.Min(b.width-4*margin*u, 640*u)
		w := math.Min(room, b.measure(styleLabel, t.text))
		r := rect{b.width/2 - w/2 - 34*u, y, w + 68*u, height}.snapped()
		b.pill(r, colPanel)
		b.frame(r, r.h/2, u, colBorder)
		b.icon(sign, r.x+17*u, r.y+(r.h-22*u)/2, 22*u, c)
		b.text(r.x+48*u, r.y, r.h, room, styleLabel, colText, t.text)
		y -= height + 8*u
	}
}

// SetCaption shows a subtitle at the bottom: what is being said; "" ends it.
func (h *HUD) SetCaption(text string) {
	if text != h.caption {
		h.caption = text
		h.touch(layerCaption)
	}
}

// buildCaption lays the subtitle out above the toasts' place, two lines at most.
func (h *HUD) buildCaption(b *builder) {
	if h.caption == "" {
		return
	}
	u := b.u
	s := styleTitle
	s.Size, s.Weight = 24, styleLabel.Weight
	room := math.Min(b.width-2*margin*u, 900*u)
	lines := h.faces.WrapAtMost(nil, b.style(s), room, 3, h.caption)
	line := b.lineHeight(s)
	y := b.height*0.78 - line*float64(len(lines))
	wide := 0.0
	for _, l := range lines {
		wide = math.Max(wide, b.measure(s, l))
	}
	b.box(rect{(b.width-wide)/2 - 18*u, y - 8*u, wide + 36*u, line*float64(len(lines)) + 16*u}, 12*u, colPanel)
	for i, l := range lines {
		b.centred((b.width-wide)/2, y+float64(i)*line, line, wide+2, s, colText, l)
	}
}

// chatLine is something that was said.
type chatLine struct {
	name, text string
	at         float64
}

// chat is the log and what is being typed.
type chat struct {
	lines  []chatLine
	first  int // the oldest line shown
	typing bool
	entry
}

// visible is the first line that is still shown.
func (c *chat) visible(now float64) int {
	if c.typing {
		return max(0, len(c.lines)-maxLines)
	}
	i := 0
	for i < len(c.lines) && c.lines[i].at+chatLife <= now {
		i++
	}
	return max(i, len(c.lines)-maxLines)
}

// Said adds a line to the chat log.
func (h *HUD) Said(name, text string) {
	if len(h.chat.lines) >= 100 {
		h.chat.lines = append(h.chat.lines[:0], h.chat.lines[50:]...)
	}
	h.chat.lines = append(h.chat.lines, chatLine{name, text, h.now})
	h.chat.first = h.chat.visible(h.now)
	h.touch(layerChat)
}

// Type opens or closes the line in which chat is typed.
func (h *HUD) Type(open bool) {
	h.chat.typing, h.chat.entry = open, entry{}
	h.touch(layerChat)
}

// Typing says whether chat is being typed.
func (h *HUD) Typing() bool { return h.chat.typing }

// Draft is what has been typed.
func (h *HUD) Draft() string { return h.chat.text }

// buildChat lays the log out from the bottom left, the newest line lowest.
func (h *HUD) buildChat(b *builder) {
	u, c := b.u, &h.chat
	x, width := margin*u, math.Min(460*u, b.width*0.45)
	y := b.height - margin*u
	line := b.lineHeight(styleBody)
	if c.typing {
		y = h.chatInput(b, x, y, width)
	}
	defer func() {
		if c.typing && h.search.pad { // the keyboard can be clicked
			b.solid = rect{x, y - 2, width, b.height - margin*u - y + 4}.image()
		}
	}()
	for i := len(c.lines) - 1; i >= max(0, c.first); i-- {
		l := c.lines[i]
		lines := h.faces.WrapAtMost(nil, b.style(styleBody), width-28*u, 3, l.name+"  "+l.text)
		height := line*float64(len(lines)) + 10*u
		if y -= height + 4*u; y < b.height*0.4 {
			return
		}
		wide := 0.0
		for _, t := range lines {
			wide = math.Max(wide, b.measure(styleBody, t))
		}
		b.box(rect{x, y, wide + 28*u, height}, 12*u, colPanel)
		for k, t := range lines {
			ty := y + 5*u + float64(k)*line
			if k == 0 && len(t) >= len(l.name) && t[:len(l.name)] == l.name {
				w := b.text(x+14*u, ty, line, width, styleBody, b.accent, l.name)
				b.text(x+14*u+w, ty, line, width-w, styleBody, colText, t[len(l.name):])
				continue
			}
			b.text(x+14*u, ty, line, width, styleBody, colText, t)
		}
	}
}

// chatInput appends the line being typed, its end always in sight, and returns
// its top.
func (h *HUD) chatInput(b *builder, x, bottom, width float64) float64 {
	u, c := b.u, &h.chat
	if b.h.search.pad {
		height := b.keyboard(x+8*u, 0, width-16*u, true) + 14*u
		ground := rect{x, bottom - height, width, height}
		b.box(ground, 14*u, colPanel)
		b.keyboard(x+8*u, bottom-height+9*u, width-16*u, false)
		bottom -= height + 6*u
	}
	y := bottom - 66*u
	r := rect{x, y, width, 66 * u}.snapped()
	b.box(r, 14*u, colPanel)
	b.frame(r, 14*u, 2*u, b.accent)
	b.icon(iconTalk, x+14*u, y+9*u, 22*u, b.accent)
	room := width - 64*u
	b.entry(rect{x + 46*u, y + 4*u, room, 32 * u}, styleBody, &c.entry, b.w.ChatPrompt, true)
	keys := b.w.ChatKeys
	if b.h.search.pad {
		keys = "B: " + b.w.KeyClose
	}
	b.text(x+46*u, y+36*u, 22*u, room, styleSmall, colMuted, keys)
	return y - 4*u
}
