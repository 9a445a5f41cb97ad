//go:build cgo

package market

import (
	"math"

	"github.com/go-gl/gl/v3.3-core/gl"
	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
	"souk/world/plan"
)

// focus is what is attended, and how much of its glow is there.
type focus struct {
	slot     world.SlotIndex
	strength float64
	level    float64
}

// SetFocus says which slot is attended and how strongly, in [0,1]; NoSlot for
// none. The glow follows within a quarter of a second.
func (s *Scene) SetFocus(slot world.SlotIndex, strength float64) {
	if slot < 0 || int(slot) >= len(s.plan.Slots) || !(strength > 0) {
		s.focus.strength = 0
		return
	}
	if slot != s.focus.slot {
		s.focus.level = 0
	}
	s.focus.slot, s.focus.strength = slot, min(1, strength)
}

func (f *focus) step(dt float64) {
	f.level += (f.strength - f.level) * (1 - math.Exp(-dt*9))
	if f.strength == 0 && f.level < .01 {
		f.level, f.slot = 0, world.NoSlot
	}
}

// drawFocus draws the attended thing again, glowing, and a soft light around it.
// What stands on a pedestal glows where it is drawn: see things.draw.
func (s *Scene) drawFocus() {
	f := &s.focus
	if f.slot < 0 || f.level < .01 {
		return
	}
	slot := &s.plan.Slots[f.slot]
	item := slot.Item
	if slot.Stall >= 0 {
		if !s.drawAttended(slot) {
			return
		}
	} else {
		item = world.NoItem
		if held, ok := s.things.holds[f.slot]; ok {
			item = held
		}
	}
	if item == world.NoItem {
		return
	}
	centre := s.plan.SlotItemCentre(f.slot, item)
	size := s.plan.ItemSize(f.slot, item)
	// The halo stands behind the thing, as seen from the eye.
	away := r3.Unit(r3.Sub(centre, s.cam.eye))
	at := r3.Add(centre, r3.Scale(.5*max(size.X, size.Z), away))
	gl.Enable(gl.BLEND)
	gl.BlendFunc(gl.ONE, gl.ONE)
	gl.DepthMask(false)
	p := s.halo
	s.use(p)
	gl.Uniform4f(p.at("uCentre"), float32(at.X), float32(at.Y), float32(at.Z), float32(1.05*max(size.X, size.Y, size.Z)))
	gl.Uniform3f(p.at("uRight"), float32(s.cam.right.X), float32(s.cam.right.Y), float32(s.cam.right.Z))
	gl.Uniform3f(p.at("uUp"), float32(s.cam.up.X), float32(s.cam.up.Y), float32(s.cam.up.Z))
	gl.Uniform4f(p.at("uGlow"), s.light.glow[0], s.light.glow[1], s.light.glow[2], float32(f.level)*.42)
	gl.BindVertexArray(s.empty)
	gl.DrawArrays(gl.TRIANGLE_STRIP, 0, 4)
	gl.DepthMask(true)
	gl.Disable(gl.BLEND)
	s.stats.DrawCalls++
}

// drawAttended draws a shelf's item again, glowing; false where it is not drawn
// as itself.
func (s *Scene) drawAttended(slot *plan.Slot) bool {
	f := &s.focus
	b := &s.booths.all[slot.Stall]
	if !b.models.ready || r3.Norm(r3.Sub(slot.Pos, s.cam.eye)) > s.detail.goods {
		return false
	}
	s.use(s.glowing)
	gl.Uniform4f(s.glowing.at("uGlow"), s.light.glow[0], s.light.glow[1], s.light.glow[2], float32(f.level)*.5)
	k := int(f.slot - s.plan.Stalls[slot.Stall].FirstSlot)
	if s.pixels(f.slot) >= s.detail.near {
		s.push(span{b.near[k], b.glass[k] - b.near[k]})
	} else {
		s.push(span{b.far[k], b.far[k+1] - b.far[k]})
	}
	s.flushFrom(s.solids.array)
	return true
}
