//go:build cgo

package market

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
	"souk/world/plan"
)

// drawGoods draws the goods of the stalls in view, each item in the form that
// its size on the screen asks for: near models, or what stands for them farther
// away. Where the gaze is known, less is spent away from it.
func (s *Scene) drawGoods(near bool) {
	h := &s.booths
	for _, v := range s.stallViews {
		b := &h.all[v.Stall]
		switch d := float64(v.Distance); {
		case !v.Open || d > s.detail.cards:
		case b.models.ready && (d <= s.detail.goods || !b.cards.ready):
			s.pushGoods(&s.plan.Stalls[v.Stall], b, near)
		case b.cards.ready && !near:
			s.push(b.cards.part.all())
		}
	}
	s.flushFrom(s.solids.array)
}

// pushGoods pushes those of a stall's items that are drawn near, or the others.
func (s *Scene) pushGoods(st *plan.Stall, b *booth, near bool) {
	for k := range int(st.Slots) {
		if s.near(st, k) != near {
			continue
		}
		if near {
			s.push(span{b.near[k], b.glass[k] - b.near[k]}) // what is clear comes last: see drawGlass
		} else {
			s.push(span{b.far[k], b.far[k+1] - b.far[k]})
		}
	}
}

// near says whether a stall's k-th item is drawn as its near model.
func (s *Scene) near(st *plan.Stall, k int) bool {
	return s.pixels(st.FirstSlot+world.SlotIndex(k)) >= s.detail.near
}

// pixels is how high an item of a shelf is on the screen, less where the gaze
// is known to be elsewhere: see Scene.SetGaze.
func (s *Scene) pixels(slot world.SlotIndex) float64 {
	q := &s.plan.Slots[slot]
	size := s.plan.ItemSize(slot, q.Item)
	d := r3.Sub(q.Pos, s.cam.eye)
	r := max(.1, r3.Norm(d))
	px := max(size.X, size.Y) / r * s.cam.pixels
	if !s.gazing {
		return px
	}
	// Resolution falls with eccentricity e as 1/(1+e/E2); E2 is some 2.3° for
	// acuity (Strasburger, Rentschler and Jüttner 2011), taken at four times that, since the gaze
	// may have moved on before the picture is seen.
	e := math.Acos(max(-1, min(1, r3.Dot(d, s.gaze)/r)))
	return px / (1 + e/foveal)
}

// foveal is the eccentricity at which half the detail is enough, radians.
const foveal = 9.2 * math.Pi / 180
