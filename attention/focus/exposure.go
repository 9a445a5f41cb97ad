package focus

import (
	"souk/world"
)

// span is an item's stay in view: from when it came in until it has been out
// for longer than Config.Leave.
type span struct {
	area   float64 // solid angle × time since the last report, sr·s
	seen   float64 // time in view since the last report, s
	ecc    float64 // eccentricity × time since the last report, rad·s
	last   float64 // when it was last in view
	step   uint32  // in which step that was: an item in two slots is in view once
	slot   world.SlotIndex
	visits uint32 // in the whole session
	open   bool
	looked bool // a visit ended in this span
}

// expose gives dt seconds of exposure to everything in view.
func (k *Tracker) expose(t, dt float64) {
	for i := range k.views {
		v := &k.views[i]
		s := &k.spans[v.Item]
		if !s.open {
			*s = span{open: true, visits: s.visits, slot: v.Slot, step: k.step - 1}
			k.active = append(k.active, int32(v.Item))
		}
		s.area += dt * float64(v.SolidAngle)
		if s.step != k.step {
			s.step, s.last, s.slot = k.step, t, v.Slot
			s.seen += dt
			s.ecc += dt * float64(v.Eccentricity)
		}
	}
}

// depart closes the spans of what has been out of view for too long.
func (k *Tracker) depart(t float64) {
	for i := 0; i < len(k.active); {
		item := k.active[i]
		if t-k.spans[item].last <= k.cfg.Leave {
			i++
			continue
		}
		k.leave(item)
		n := len(k.active) - 1
		k.active[i] = k.active[n]
		k.active = k.active[:n]
	}
}

// leave closes an item's span, and reports it if it was passed over.
func (k *Tracker) leave(item int32) {
	s := &k.spans[item]
	if !s.looked && s.seen >= k.cfg.MinPass {
		k.passes = append(k.passes, Passed{
			Item: world.ItemIndex(item), Slot: s.slot, T: s.last,
			Exposure: float32(s.area), InView: float32(s.seen), Eccentricity: float32(s.ecc / s.seen),
			Source: k.source,
		})
	}
	*s = span{visits: s.visits}
}
