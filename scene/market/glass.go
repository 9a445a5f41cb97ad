//go:build cgo

package market

import (
	"github.com/go-gl/gl/v3.3-core/gl"

	"souk/world"
)

// drawGlass draws what is clear of near things over all that stands behind it:
// far stalls first, so that glass shows through glass. It hides nothing (no depth is
// written), and within a stall its order is that of the shelves. Far things keep their glass as it
// is drawn with the rest: it would be a few pixels.
func (s *Scene) drawGlass() {
	began := false
	begin := func(p *program) {
		if !began {
			began = true
			gl.Enable(gl.BLEND)
			// The picture's alpha says where ambient occlusion may darken: that stays.
			gl.BlendFuncSeparate(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA, gl.ZERO, gl.ONE)
			gl.DepthMask(false)
		}
		s.use(p)
	}
	s.pushGlass()
	attended := s.attendedGlass()
	if len(s.counts) > 0 || attended.count > 0 {
		begin(s.clear)
		gl.Uniform1f(s.clear.at("uFade"), 1)
		gl.Uniform4f(s.clear.at("uGlow"), 0, 0, 0, 0)
		s.flushFrom(s.solids.array)
	}
	if attended.count > 0 {
		gl.Uniform4f(s.clear.at("uGlow"), s.light.glow[0], s.light.glow[1], s.light.glow[2], float32(s.focus.level)*.5)
		s.push(attended)
		s.flushFrom(s.solids.array)
	}
	moving := false
	for i := range s.things.all {
		x := &s.things.all[i]
		if x.glass.count == 0 || s.formOf(x) != 0 || !s.things.shows(s, x) {
			continue
		}
		if !moving {
			moving = true
			begin(s.clearMoving)
		}
		gl.Uniform1f(s.clearMoving.at("uFade"), float32(x.fade*x.fade*(3-2*x.fade)))
		s.things.stand(s, s.clearMoving, x)
		s.push(x.glass)
		s.flushFrom(s.solids.array)
	}
	if began {
		gl.DepthMask(true)
		gl.Disable(gl.BLEND)
	}
}

// pushGlass pushes what is clear of the goods that are drawn near, far stalls
// first, but for what is attended.
func (s *Scene) pushGlass() {
	for i := len(s.stallViews) - 1; i >= 0; i-- {
		v := &s.stallViews[i]
		b := &s.booths.all[v.Stall]
		if !v.Open || !b.clear || float64(v.Distance) > s.detail.cards {
			continue
		}
		st := &s.plan.Stalls[v.Stall]
		for k := range int(st.Slots) {
			if p := b.glassOf(k); p.count > 0 && st.FirstSlot+world.SlotIndex(k) != s.focus.slot && s.near(st, k) {
				s.push(p)
			}
		}
	}
}

// attendedGlass is what is clear of the shelf's item that is attended, where it
// is drawn near.
func (s *Scene) attendedGlass() span {
	if s.focus.slot < 0 || s.plan.Slots[s.focus.slot].Stall < 0 {
		return span{}
	}
	n := s.plan.Slots[s.focus.slot].Stall
	b, st := &s.booths.all[n], &s.plan.Stalls[n]
	k := int(s.focus.slot - st.FirstSlot)
	if !b.clear || !s.near(st, k) {
		return span{}
	}
	return b.glassOf(k)
}

// glassOf is what is clear of the k-th item's near model.
func (b *booth) glassOf(k int) span { return span{b.glass[k], b.near[k+1] - b.glass[k]} }
