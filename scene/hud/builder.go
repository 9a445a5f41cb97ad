package hud

import (
	"image"
	"image/color"
	"math"

	"souk/assets/words"
	"souk/scene/lettering"
)

// builder lays a panel out: it measures, places and appends shapes. All its
// lengths are pixels; u turns units of the design into them.
type builder struct {
	palette
	h      *HUD
	w      *words.Words
	u      float64
	width  float64 // of the window
	height float64
	active bool // the panel has the choice of keyboard and gamepad
	ops    []op
	hits   []hit
	solid  image.Rectangle
	lines  []string
	// cut counts the texts that had to be shortened.
	cut int
}

// reset starts a layer, reusing its lists.
func (b *builder) reset(h *HUD, ops []op, hits []hit) {
	*b = builder{palette: palettes[h.colours], h: h, w: h.words(), u: h.unit(), width: float64(h.img.Rect.Dx()), height: float64(h.img.Rect.Dy()), ops: ops, hits: hits, lines: b.lines}
}

// restart forgets what was laid out and takes another unit: for panels that
// must be made smaller to fit.
func (b *builder) restart(u float64) {
	b.ops, b.hits, b.u, b.cut = b.ops[:0], b.hits[:0], u, 0
}

// style is a style of the theme in pixels.
func (b *builder) style(s lettering.Style) lettering.Style {
	s.Size = math.Max(9, math.Round(s.Size*b.u*4)/4)
	return s
}

// fit lays a panel out at the window's unit or, where its height is more than
// the window has, at the largest smaller one that fits.
func (b *builder) fit(available float64, lay func() (height float64)) {
	for u := b.u; ; u *= 0.96 {
		b.restart(u)
		if lay() <= available || u < 0.3 {
			return
		}
	}
}

// box appends a filled rounded box.
func (b *builder) box(r rect, radius float64, c color.NRGBA) {
	b.ops = append(b.ops, op{kind: opRound, box: r.snapped(), radius: radius, colour: premultiplied(c)})
}

// frame appends an outline.
func (b *builder) frame(r rect, radius, line float64, c color.NRGBA) {
	b.ops = append(b.ops, op{kind: opFrame, box: r.snapped(), radius: radius, line: math.Max(1, line), colour: premultiplied(c)})
}

// panel appends the ground of a panel; the pointer does not look through it.
func (b *builder) panel(r rect) {
	r = r.snapped()
	b.ops = append(b.ops, op{kind: opShadow, box: r, radius: corner * b.u, line: 26 * b.u, colour: premultiplied(colShadow)})
	b.box(r, corner*b.u, colPanel)
	b.frame(r, corner*b.u, b.u, colBorder)
	b.solid = b.solid.Union(r.image())
}

// pill appends a small rounded ground.
func (b *builder) pill(r rect, c color.NRGBA) { b.box(r, r.h/2, c) }

// measure is the width of a text in a style of the theme.
func (b *builder) measure(s lettering.Style, text string) float64 {
	return b.h.faces.Measure(b.style(s), text)
}

// text appends one line whose capitals are centred on the line of height line
// at top, and returns its width. Texts wider than width are shortened.
func (b *builder) text(x, top, line, width float64, s lettering.Style, c color.NRGBA, text string) float64 {
	st := b.style(s)
	wide := b.h.faces.Measure(st, text)
	if wide > width+0.5 {
		text = b.h.faces.Ellipsis(st, width, text)
		wide = b.h.faces.Measure(st, text)
		b.cut++
	}
	base := math.Round(top + line/2 + 0.355*st.Size)
	b.ops = append(b.ops, op{kind: opText, box: rect{x: math.Round(x), y: base}, style: st, colour: premultiplied(c), text: text, width: wide})
	return wide
}

// centred is text in the middle of a width.
func (b *builder) centred(x, top, line, width float64, s lettering.Style, c color.NRGBA, text string) {
	wide := math.Min(width, b.measure(s, text))
	b.text(x+(width-wide)/2, top, line, width, s, c, text)
}

// right is text that ends at x.
func (b *builder) right(x, top, line, width float64, s lettering.Style, c color.NRGBA, text string) float64 {
	wide := math.Min(width, b.measure(s, text))
	return b.text(x-wide, top, line, width, s, c, text)
}

// lineHeight is the distance between lines of a style.
func (b *builder) lineHeight(s lettering.Style) float64 {
	return math.Round(b.h.faces.Metrics(b.style(s)).Line)
}

// para appends a text wrapped into at most n lines and returns its height.
func (b *builder) para(x, top, width float64, n int, s lettering.Style, c color.NRGBA, text string) float64 {
	st := b.style(s)
	b.lines = b.h.faces.Wrap(b.lines[:0], st, width, text)
	if len(b.lines) > n {
		b.cut++
		b.lines = b.h.faces.WrapAtMost(b.lines[:0], st, width, n, text)
	}
	line := b.lineHeight(s)
	for i, l := range b.lines {
		b.text(x, top+float64(i)*line, line, width+1, s, c, l)
	}
	return float64(len(b.lines)) * line
}

// icon appends a sign in a square.
func (b *builder) icon(id iconID, x, y, size float64, c color.NRGBA) {
	size = math.Round(size)
	b.ops = append(b.ops, op{kind: opIcon, icon: id, box: rect{math.Round(x), math.Round(y), size, size}, colour: premultiplied(c)})
}

// bar appends a share as a bar.
func (b *builder) bar(x, y, width, share float64, c color.NRGBA) {
	h := math.Max(4, math.Round(7*b.u))
	r := rect{math.Round(x), math.Round(y), math.Round(width), h}
	b.box(r, h/2, colTrack)
	if share = math.Max(0, math.Min(1, share)); share > 0 {
		r.w = math.Max(h, math.Round(r.w*share))
		b.box(r, h/2, c)
	}
}

// key appends a key's name in a small frame, middle at y, and returns its width.
func (b *builder) key(x, middle float64, name string, c color.NRGBA) float64 {
	if name == "" {
		return 0
	}
	h := math.Round(22 * b.u)
	w := math.Max(h, b.measure(styleKey, name)+12*b.u)
	r := rect{x, middle - h/2, w, h}.snapped()
	b.frame(r, 6*b.u, math.Max(1, 1.2*b.u), c)
	b.centred(r.x, r.y, r.h, r.w, styleKey, c, name)
	return r.w
}

// look says how a button looks.
type look uint8

const (
	lookPlain look = iota
	lookMain       // what most people will want
	lookOn         // a switch that is on
	lookWarn
)

// button appends a button with a sign, a label and the key that does the same.
func (b *builder) button(r rect, a Action, k look, sign iconID, label, key string) {
	r = r.snapped()
	ground, ink := colRaised, colText
	switch k {
	case lookMain:
		ground, ink = b.accent, b.onAcc
	case lookOn:
		ink = b.accent
	case lookWarn:
		ink = b.warn
	}
	hover := b.h.hover == a
	if hover && k != lookMain {
		ground = colRaised2
	}
	b.box(r, 12*b.u, ground)
	if k == lookOn || k == lookWarn {
		b.frame(r, 12*b.u, b.u, ink)
	}
	if hover && k == lookMain {
		b.frame(r, 12*b.u, 2*b.u, colText)
	}
	b.chosen(r, 12*b.u)
	size := 21 * b.u
	x := r.x + 13*b.u
	if sign != iconNone {
		b.icon(sign, x, r.y+(r.h-size)/2, size, ink)
		x += size + 9*b.u
	}
	room := r.x + r.w - 12*b.u - x
	if key != "" {
		kw := math.Max(22*b.u, b.measure(styleKey, key)+12*b.u)
		faint := ink
		faint.A = 215
		b.key(r.x+r.w-12*b.u-kw, r.y+r.h/2, key, faint)
		room -= kw + 8*b.u
	}
	st := b.squeeze(styleLabel, room, label)
	if sign == iconNone && key == "" {
		b.centred(x, r.y, r.h, room, st, ink, label)
	} else {
		b.text(x, r.y, r.h, room, st, ink, label)
	}
	b.hit(r, a)
}

// squeeze is the style made smaller, down to two thirds, so that a label fits.
func (b *builder) squeeze(s lettering.Style, width float64, text string) lettering.Style {
	if wide := b.measure(s, text); wide > width && wide > 0 {
		s.Size *= math.Max(0.66, width/wide*0.985)
	}
	return s
}

// hit lets a rectangle be clicked and chosen.
func (b *builder) hit(r rect, a Action) {
	b.hits = append(b.hits, hit{box: r.snapped(), action: a})
}

// chosen marks the button about to be appended where the keyboard's choice is on it.
func (b *builder) chosen(r rect, radius float64) {
	if b.active && b.h.focus == len(b.hits) {
		b.frame(r.inset(-4*b.u), radius+4*b.u, 2.4*b.u, b.blue)
	}
}

// closeButton appends the cross in a panel's corner.
func (b *builder) closeButton(r rect, a Action) {
	size := math.Round(34 * b.u)
	box := rect{r.x + r.w - size - 14*b.u, r.y + 14*b.u, size, size}.snapped()
	if b.h.hover == a {
		b.box(box, size/2, colRaised2)
	}
	b.chosen(box, size/2)
	b.icon(iconClose, box.x+size*0.22, box.y+size*0.22, size*0.56, colMuted)
	b.hit(box, a)
}
