package hud

import (
	"image"
	"image/color"

	"gonum.org/v1/gonum/spatial/r3"
)

// Line is a text as it was laid out, for tests.
type Line struct {
	Layer string
	Text  string
	Box   image.Rectangle
	Size  float64
}

var layerNames = [layerCount]string{"reticle", "prompt", "hints", "guide", "chat", "caption", "cues", "status", "toasts", "panel", "card",
	"cart", "map", "marks", "settings", "menu", "search", "help", "consent"}

// Lines lists all texts laid out, and Cut how many were shortened by layer.
func (h *HUD) Lines() (lines []Line, cut map[string]int) {
	cut = map[string]int{}
	for i := range h.layers {
		l := &h.layers[i]
		if l.cut > 0 {
			cut[layerNames[i]] = l.cut
		}
		for _, o := range l.ops {
			if o.kind == opText {
				lines = append(lines, Line{layerNames[i], o.text, rect{o.box.x, o.box.y - 0.8*o.style.Size, o.width, o.style.Size}.image(), o.style.Size})
			}
		}
	}
	return lines, cut
}

// Solid is what a layer covers, by name.
func (h *HUD) Solid(name string) image.Rectangle {
	for i, n := range layerNames {
		if n == name {
			return h.layers[i].solid
		}
	}
	return image.Rectangle{}
}

// Buttons lists the rectangles that can be clicked, with their actions.
func (h *HUD) Buttons() (boxes []image.Rectangle, actions []Action) {
	for i := range h.layers {
		for _, t := range h.layers[i].hits {
			boxes, actions = append(boxes, t.box.image()), append(actions, t.action)
		}
	}
	return boxes, actions
}

// AskErase is the button that asks before erasing.
const AskErase = actAskErase

// RedrawAll makes the next Draw draw everything anew.
func (h *HUD) RedrawAll() { h.damage = append(h.damage[:0], h.img.Rect) }

// Lay lays everything out without drawing it.
func (h *HUD) Lay() {
	for i := range h.layers {
		h.rebuild(i)
	}
}

// OnMap is the pixel where a place of the market is drawn.
func (h *HUD) OnMap(p r3.Vec) (x, y int) {
	q := h.market.pixel(p)
	return int(q[0]), int(q[1])
}

// Ink is a text with its colour and what lies under it.
type Ink struct {
	Text        string
	Ink, Ground color.RGBA
}

// Inks lists all texts over the grounds that the panels give them, on a market
// of one colour behind.
func (h *HUD) Inks(behind color.RGBA) (all []Ink) {
	var under []op
	for i := range h.layers {
		for _, o := range h.layers[i].ops {
			if o.kind != opText {
				under = append(under, o)
				continue
			}
			x, y := o.box.x+o.width/2, o.box.y-0.35*o.style.Size
			ground := behind
			for k := range under {
				u := &under[k]
				at := image.Pt(int(x), int(y))
				switch {
				case u.kind == opRound && at.In(u.box.image()):
					ground = laid(u.colour, ground)
				case u.kind == opImage && at.In(u.box.image()):
					ground = u.img.RGBAAt(at.X-int(u.box.x), at.Y-int(u.box.y))
				}
			}
			all = append(all, Ink{o.text, laid(o.colour, ground), ground})
		}
	}
	return all
}

// laid is a premultiplied colour over an opaque one.
func laid(a, b color.RGBA) color.RGBA {
	mix := func(x, y uint8) uint8 { return uint8(int(x) + int(y)*(255-int(a.A))/255) }
	return color.RGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255}
}

// Signals are the colours that say something, by palette: what is meant first,
// what is beside it, what warns.
func Signals(row int) [3]color.NRGBA {
	p := palettes[row]
	return [3]color.NRGBA{p.accent, p.blue, p.warn}
}
