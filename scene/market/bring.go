//go:build cgo

package market

import (
	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/lettering"
	"souk/scene/market/model"
	"souk/scene/market/model/library"
	"souk/world"
)

// delivery is a thing for a pedestal and its sign, ready for the graphics
// card: what a loader makes off the frame's thread, since three forms of a
// model and two lines of text take up to four milliseconds.
type delivery struct {
	item    world.ItemIndex
	size    r3.Vec
	text    world.Text
	lang    string
	forms   [3]span
	glass   span // what of the near form is clear; it is no part of forms
	solid   pieces
	printed prints
}

// prints are lettered boards ready for the graphics card.
type prints struct {
	vertices []printVertex
	indices  []uint32
}

// order is what is to be made for a thing as it is now.
func (s *Scene) order(t *thing) *delivery {
	return &delivery{item: t.item, size: t.size, text: t.text, lang: s.opt.Lang}
}

// fill makes what was ordered; it may run on any goroutine.
func (d *delivery) fill(models *library.Library, l *letters) {
	for i, detail := range [...]model.Detail{model.Near, model.Middle, model.Far} {
		d.forms[i] = d.solid.add(models.Mesh(d.item, d.size, detail), openAir)
	}
	near := &d.forms[0]
	clear := d.solid.clearLast(near.first, near.first+near.count)
	d.glass = span{clear, near.first + near.count - clear}
	near.count = clear - near.first
	d.printed = labelOf(l, signLines(l.faces, d.text, d.lang))
}

// unpack sends what was made to the graphics card.
func (t *thing) unpack(s *Scene, d *delivery) {
	t.coming = nil
	var ok bool
	if t.part, ok = fit(s, &s.solids, d.solid.vertices, d.solid.indices, t.distance); !ok {
		t.again = s.last + 1
		return
	}
	for i, f := range d.forms {
		t.forms[i] = t.part.at(f)
	}
	t.glass = t.part.at(d.glass)
	if t.text != d.text || s.opt.Lang != d.lang { // changed meanwhile
		s.write(t)
		return
	}
	s.post(t, &d.printed)
}

// bring makes and sends a thing at once.
func (s *Scene) bring(t *thing) {
	d := s.order(t)
	d.fill(s.opt.Models, s.letters)
	t.unpack(s, d)
}

// askThing has a thing made by a loader, where one has time.
func (h *booths) askThing(s *Scene, t *thing) {
	d := s.order(t)
	select {
	case h.jobs <- job{thing: d}:
		t.coming = d
		h.open++
	default:
	}
}

// settle brings what is near and was not asked for.
func (h *things) settle(s *Scene) {
	for i := range h.all {
		t := &h.all[i]
		t.distance = r3.Norm(r3.Sub(s.plan.Slots[t.slot].Pos, s.cam.eye))
		if t.distance < thingsReach && !t.part.there() && t.coming == nil && !t.leaving {
			s.bring(t)
		}
	}
}

// deliver sends a thing that a loader has made; one that has gone meanwhile is
// forgotten.
func (h *things) deliver(s *Scene, d *delivery) {
	for i := range h.all {
		if t := &h.all[i]; t.coming == d {
			t.unpack(s, d)
			return
		}
	}
}

// signLines are the lines of a pedestal's sign: two in the first language, one
// in the other.
func signLines(faces *lettering.Faces, text world.Text, lang string) []line {
	first, second := text.EN, text.ZH
	if lang == "zh" {
		first, second = second, first
	}
	if first == "" {
		first, second = second, ""
	}
	var lines []line
	style := lettering.Style{Size: 31, Weight: lettering.Bold}
	for i, l := range faces.WrapAtMost(nil, style, labelWide-32, 2, first) {
		if i > 0 {
			style = lettering.Style{Size: 27, Weight: lettering.Medium}
		}
		lines = append(lines, line{l, style})
	}
	if second != "" {
		lines = append(lines, line{second, lettering.Style{Size: 22}})
	}
	return lines
}
