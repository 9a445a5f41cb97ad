package hud

import "image"

// Line is a text as it was laid out, for tests.
type Line struct {
	Layer string
	Text  string
	Box   image.Rectangle
	Size  float64
}

var layerNames = [layerCount]string{"reticle", "prompt", "hints", "chat", "caption", "status", "toasts", "panel", "card", "help", "consent"}

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
