package focus

import (
	"souk/world"
)

// look is a visit that grows.
type look struct {
	item   world.ItemIndex // NoItem: no look
	slot   world.SlotIndex
	t0, t1 float64 // first and last time that attention was on it
	dwell  float64
	weight float64 // Σ posterior × dwell
	source world.AttentionSource
}

var noLook = look{item: world.NoItem, slot: world.NoSlot}

func (l *look) add(t, dt float64, f Focus, limit float64) {
	dt = min(dt, max(0, limit-l.dwell))
	l.t1 = t
	l.dwell += dt
	l.weight += dt * float64(f.P)
	l.slot = f.Slot
}

// settle is how long a fixation may go on before it is known to be one,
// seconds: whether attention came back in time is known so much later.
const settle = 0.15

// look gives dt seconds of attention, which ended at t, to the focus.
//
// A look at something else is noted beside the visit under way. If attention
// comes back within Config.Aside, the visit goes on, and the look aside is a
// visit of its own if it was long enough; if not, the visit has ended and the
// look aside takes its place.
func (k *Tracker) look(t, dt float64, f Focus) {
	since := t - dt
	switch {
	case f.Item == world.NoItem:
	case f.Item == k.main.item && since-k.main.t1 < k.cfg.Aside:
		k.main.add(t, dt, f, k.cfg.MaxVisit)
		k.close(&k.side)
	case f.Item == k.main.item:
		k.close(&k.main)
		k.close(&k.side)
		k.main = look{item: f.Item, t0: since, source: f.Source}
		k.main.add(t, dt, f, k.cfg.MaxVisit)
	default:
		l := &k.side
		if k.main.item == world.NoItem {
			l = &k.main
		}
		if l.item != f.Item || since-l.t1 >= k.cfg.Aside {
			k.close(l)
			*l = look{item: f.Item, t0: since, source: f.Source}
		}
		l.add(t, dt, f, k.cfg.MaxVisit)
	}
	if k.over(&k.main, t) {
		k.close(&k.main)
		k.main, k.side = k.side, noLook
	}
	if k.over(&k.side, t) {
		k.close(&k.side)
	}
	if k.over(&k.main, t) {
		k.close(&k.main)
	}
}

// takeBack corrects for a fixation that ended some seconds before it was known
// to: what was given since then was not its dwell, and may be the next one's.
func (k *Tracker) takeBack(seconds float64) {
	k.owed = 0
	l := &k.main
	if k.last.Item != l.item {
		l = &k.side
	}
	if k.last.Item == world.NoItem || l.item != k.last.Item {
		return
	}
	// No more than the look has: time before it was another's.
	seconds = min(seconds, l.dwell)
	// At the look's mean posterior: at the last one, what is left could have a
	// mean above 1.
	if l.dwell > 0 {
		l.weight *= (l.dwell - seconds) / l.dwell
	}
	l.dwell -= seconds
	l.t1 -= seconds
	k.credited -= seconds
	k.owed = seconds
}

// over says whether attention can no longer have come back to a look in time.
func (k *Tracker) over(l *look, t float64) bool {
	return l.item != world.NoItem && t-l.t1 >= k.cfg.Aside+settle
}

// close ends a look: a visit if it was long enough.
func (k *Tracker) close(l *look) {
	if l.item != world.NoItem && l.dwell >= k.cfg.MinVisit-1e-9 {
		v := k.visit(l)
		k.visits = append(k.visits, v)
		s := &k.spans[l.item]
		s.visits++
		s.looked = true
		s.area, s.seen, s.ecc = 0, 0, 0
	}
	*l = noLook
}

// visit is the look as a visit, with what the item's span adds to it.
func (k *Tracker) visit(l *look) Visit {
	s := &k.spans[l.item]
	v := Visit{
		Item: l.item, Slot: l.slot, T0: l.t0, T1: l.t1, Dwell: l.dwell, P: float32(l.weight / l.dwell),
		Exposure: float32(s.area), InView: float32(s.seen),
		Source: l.source, Revisit: s.visits > 0,
	}
	if s.seen > 0 {
		v.Eccentricity = float32(s.ecc / s.seen)
	}
	return v
}
