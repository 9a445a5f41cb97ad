//go:build cgo

package market

import (
	"math"

	"github.com/go-gl/gl/v3.3-core/gl"
	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/market/model"
	"souk/world"
)

const (
	fadeTime = .5 // seconds for a thing to come or go
	turnRate = .5 // radians a second of a pedestal's turning
	// thingsReach is how far things are drawn, metres; a visitor of a large
	// market fills a thousand pedestals in an hour, so what is out of it by
	// thingsSpare has no triangles on the graphics card.
	thingsReach = 45.0
	thingsSpare = 8.0
)

// thing is what stands on a pedestal, or is fading from it.
type thing struct {
	slot     world.SlotIndex
	item     world.ItemIndex
	part     part    // of the scene's pool
	forms    [3]span // of the pool: near, middle, far
	glass    span    // what of the near form is clear
	size     r3.Vec
	text     world.Text
	label    part      // its sign
	placard  placard   // and how much of it shows
	coming   *delivery // what a loader makes for it, nil where nothing is under way
	again    float64   // time before which it is not asked for, since it found no room
	fade     float64
	leaving  bool
	distance float64
}

// things are the pedestals' contents, and the labels that follow the visitor.
type things struct {
	all   []thing
	holds map[world.SlotIndex]world.ItemIndex
}

func (h *things) load() { h.holds = map[world.SlotIndex]world.ItemIndex{} }

// SetHolding says what stands on a pedestal (NoItem: nothing) and what its
// sign says, in both languages; the change fades over half a second. Saying
// the same again changes nothing. Slots that are no pedestals are left alone:
// their goods never change.
func (s *Scene) SetHolding(slot world.SlotIndex, item world.ItemIndex, label world.Text) {
	p := s.plan
	if slot < p.FirstFeature() || int(slot) >= len(p.Slots) || int(item) >= len(p.Catalog().Items) || item < world.NoItem {
		return
	}
	h := &s.things
	if had, ok := h.holds[slot]; ok && had == item || !ok && item == world.NoItem {
		for i := range h.all {
			if t := &h.all[i]; t.slot == slot && !t.leaving && t.text != label {
				t.text = label
				if t.part.there() {
					s.write(t)
				}
			}
		}
		return
	}
	for i := range h.all {
		if h.all[i].slot == slot {
			h.all[i].leaving = true
		}
	}
	h.holds[slot] = item
	if item == world.NoItem {
		return
	}
	t := thing{slot: slot, item: item, size: p.ItemSize(slot, item), text: label, distance: r3.Norm(r3.Sub(p.Slots[slot].Pos, s.cam.eye))}
	switch {
	case !s.drawn:
		s.bring(&t)
	case t.distance < thingsReach:
		s.booths.askThing(s, &t)
	}
	h.all = append(h.all, t)
}

// away lets go of what of a thing is on the graphics card.
func (t *thing) away(s *Scene) {
	s.solids.drop(&t.part)
	s.prints.drop(&t.label)
}

// relabel writes all signs again, after a change of language.
func (h *things) relabel(s *Scene) {
	for i := range h.all {
		if h.all[i].part.there() {
			s.write(&h.all[i])
		}
	}
}

// write sets a thing's sign anew.
func (s *Scene) write(t *thing) {
	p := labelOf(s.letters, signLines(s.opt.Faces, t.text, s.opt.Lang))
	s.post(t, &p)
}

// post puts up a thing's sign.
func (s *Scene) post(t *thing, p *prints) {
	s.prints.drop(&t.label)
	t.placard.measure(p)
	t.label, _ = fit(s, &s.prints, p.vertices, p.indices, t.distance)
}

// step moves the fades on, drops what has gone, has made what has come near, and
// takes away what lies far behind. A thing comes once it is there.
func (h *things) step(s *Scene, t, dt float64) {
	kept := h.all[:0]
	for i := range h.all {
		x := &h.all[i]
		x.distance = r3.Norm(r3.Sub(s.plan.Slots[x.slot].Pos, s.cam.eye))
		if x.leaving {
			x.fade -= dt / fadeTime
			if x.fade <= 0 {
				x.away(s)
				continue
			}
		} else if x.part.there() || x.distance >= thingsReach {
			x.fade = min(1, x.fade+dt/fadeTime)
		}
		switch {
		case x.distance > thingsReach+thingsSpare:
			x.away(s)
		case x.distance < thingsReach && !x.part.there() && x.coming == nil && t >= x.again && !x.leaving:
			s.booths.askThing(s, x)
		}
		kept = append(kept, *x)
	}
	h.all = kept
}

// spin is the model matrix of a thing at time t.
func spin(at r3.Vec, yaw float64) matrix {
	sn, c := math.Sincos(yaw)
	return matrix{float32(c), 0, float32(-sn), 0, 0, 1, 0, 0, float32(sn), 0, float32(c), 0, float32(at.X), float32(at.Y), float32(at.Z), 1}
}

// draw draws the things in view: near ones with their materials' patterns, then
// far ones, then those that come or go.
func (h *things) draw(s *Scene) {
	for k, p := range [3]*program{s.moving, s.bareMoving, s.fading} {
		began := false
		for i := range h.all {
			x := &h.all[i]
			if h.way(s, x) != k {
				continue
			}
			if !began {
				began = true
				s.use(p)
			}
			if k == 2 {
				gl.Uniform1f(p.at("uFade"), float32(x.fade*x.fade*(3-2*x.fade)))
			}
			h.drawOne(s, p, x)
		}
	}
}

// way is which of the programs above draws a thing.
func (h *things) way(s *Scene, x *thing) int {
	switch {
	case x.fade < 1:
		return 2
	case x.distance > s.detail.pattern:
		return 1
	}
	return 0
}

func (h *things) drawOne(s *Scene, p *program, x *thing) {
	if !h.shows(s, x) {
		return
	}
	h.stand(s, p, x)
	s.push(x.forms[s.formOf(x)])
	s.flushFrom(s.solids.array)
}

// shows says whether a thing is on the card and may be in view.
func (h *things) shows(s *Scene, x *thing) bool {
	if !x.part.there() || x.distance > thingsReach || !s.stands.sees(s, x.slot) {
		return false
	}
	centre := s.plan.Slots[x.slot].Pos
	centre.Y += x.size.Y / 2
	return s.cam.sees(centre, v3(x.size.X, x.size.Y/2, x.size.X+x.size.Z))
}

// stand tells a program for moving things where a thing stands, in which light,
// and how it glows.
func (h *things) stand(s *Scene, p *program, x *thing) {
	h.turn(s, p, x)
	glow := 0.0
	if s.focus.slot == x.slot && !x.leaving {
		glow = s.focus.level
	}
	gl.Uniform4f(p.at("uGlow"), s.light.glow[0], s.light.glow[1], s.light.glow[2], float32(glow)*.5)
	s.shade(p, s.plan.Slots[x.slot].Pos)
}

// turn tells a program where a thing stands.
func (h *things) turn(s *Scene, p *program, x *thing) {
	slot := &s.plan.Slots[x.slot]
	at := slot.Pos
	at.Y += .006
	turn := slot.Yaw + math.Pi
	if !s.opt.ReducedMotion {
		turn += s.last * turnRate
	}
	s.model = spin(at, turn)
	gl.UniformMatrix4fv(p.at("uModel"), 1, false, &s.model[0])
}

// formOf is the form in which a thing is drawn, by its size on the screen.
func (s *Scene) formOf(x *thing) int {
	px := max(x.size.X, x.size.Y) / max(.1, x.distance) * s.cam.pixels
	switch {
	case px >= s.detail.near:
		return 0
	case px >= s.detail.near/2.5:
		return 1
	}
	return 2
}

// solidMesh sends a model that stands in the open.
func solidMesh(g *gpu, m *model.Mesh) mesh {
	var p pieces
	p.add(m, openAir)
	return upload(g, p.vertices, p.indices)
}

// shade tells a program for moving things the light at a place.
func (s *Scene) shade(p *program, at r3.Vec) {
	sun, lamp := s.onFloor.at(at)
	gl.Uniform2f(p.at("uShade"), float32(sun), float32(lamp))
}
