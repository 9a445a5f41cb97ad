package room

import (
	"slices"

	"souk/world/wire"
)

// candidate is somebody who may be told of, at a squared distance in cm².
type candidate struct {
	d    int64
	slot int32
}

// stay is the part of its squared distance at which somebody already known
// counts, so that two people at the edge do not flicker: about 10 % nearer.
const stayNum, stayDen = 4, 5

// Snapshot builds what the member has to be told now, and takes it as told:
// the caller must deliver it or drop the connection. It returns nil where
// there is nothing to tell. shared says that the bytes are the same as in the
// last call that said so since Step: they can be sent as they are to several. The bytes
// are valid until the next call: with shared until the next Step.
func (r *Room) Snapshot(m *Member, dst []byte) (b []byte, shared bool) {
	if !m.placed {
		return nil, false
	}
	if r.same(m) {
		if !r.sharedValid {
			r.share()
		}
		m.told = r.tick
		return r.shared, true
	}
	return r.own(m, dst), false
}

// same says whether the member needs exactly the changes of this tick: it was told
// everything in the last, and sees everybody.
func (r *Room) same(m *Member) bool {
	return m.told+1 == r.tick && len(m.gone) == 0 && len(m.near) == r.grid.n-1 && r.grid.fits(r.cfg)
}

// share builds the snapshot with everything that changed in this tick. A client ignores its own record in it.
func (r *Room) share() {
	r.parts = wire.SnapshotParts{Tick: r.tick, Moves: r.parts.Moves[:0]}
	for _, m := range r.members {
		if m != nil && m.placed && m.changed == r.tick {
			r.parts.Moves = append(r.parts.Moves, r.moves[m.from:m.to]...)
		}
	}
	r.shared = r.shared[:0]
	if len(r.parts.Moves) > 0 {
		r.shared = wire.AppendSnapshot(r.shared, &r.parts)
	}
	r.sharedValid = true
}

// own builds the member's own snapshot.
func (r *Room) own(m *Member, dst []byte) []byte {
	for len(m.known) < len(r.members) {
		m.known, m.mark = append(m.known, false), append(m.mark, 0)
	}
	r.nearest(m)
	r.parts = wire.SnapshotParts{Tick: r.tick, Moves: r.parts.Moves[:0], Names: r.parts.Names[:0], Gone: append(r.parts.Gone[:0], m.gone...)}
	m.gone = m.gone[:0]
	for i := range r.pick {
		m.mark[r.pick[i].slot] = r.tick
	}
	near := m.near[:0]
	for _, s := range m.near {
		if m.mark[s] == r.tick {
			near = append(near, s)
			continue
		}
		m.known[s] = false
		r.parts.Gone = append(r.parts.Gone, r.members[s].ID)
	}
	for i := range r.pick {
		s := r.pick[i].slot
		o := r.members[s]
		switch {
		case !m.known[s]:
			near = append(near, s)
			r.parts.Names = wire.AppendName(r.parts.Names, o.ID, o.Name)
		case o.changed <= m.told:
			continue
		}
		m.known[s] = true
		r.parts.Moves = append(r.parts.Moves, r.moves[o.from:o.to]...)
	}
	m.near, m.told = near, r.tick
	if len(r.parts.Moves)+len(r.parts.Names)+len(r.parts.Gone) == 0 {
		return nil
	}
	return wire.AppendSnapshot(dst[:0], &r.parts)
}

// nearest puts those of whom the member is to be told into r.pick, by rising slot.
func (r *Room) nearest(m *Member) {
	r.pick = r.pick[:0]
	limit := int64(r.cfg.Range * 100)
	limit *= limit
	r.grid.around(m.place, func(slot int32, p wire.Place) {
		if slot == m.slot {
			return
		}
		dx, dz := int64(p.X)-int64(m.place.X), int64(p.Z)-int64(m.place.Z)
		d := dx*dx + dz*dz
		if m.known[slot] {
			d = d / stayDen * stayNum
		}
		if d <= limit {
			r.pick = append(r.pick, candidate{d: d, slot: slot})
		}
	})
	if len(r.pick) > r.cfg.Nearest {
		selectNearest(r.pick, r.cfg.Nearest)
		r.pick = r.pick[:r.cfg.Nearest]
	}
	slices.SortFunc(r.pick, func(a, b candidate) int { return int(a.slot) - int(b.slot) })
}

func (a candidate) less(b candidate) bool { return a.d < b.d || a.d == b.d && a.slot < b.slot }

// selectNearest moves the k least candidates to the front, in no order
// (Hoare's quickselect; the middle of three as the pivot). Ties are broken by slot,
// so that the same room gives the same snapshot.
func selectNearest(c []candidate, k int) {
	lo, hi := 0, len(c)-1
	for lo < hi {
		mid := lo + (hi-lo)/2
		if c[mid].less(c[lo]) {
			c[mid], c[lo] = c[lo], c[mid]
		}
		if c[hi].less(c[lo]) {
			c[hi], c[lo] = c[lo], c[hi]
		}
		if c[hi].less(c[mid]) {
			c[hi], c[mid] = c[mid], c[hi]
		}
		pivot := c[mid]
		i, j := lo, hi
		for i <= j {
			for c[i].less(pivot) {
				i++
			}
			for pivot.less(c[j]) {
				j--
			}
			if i <= j {
				c[i], c[j] = c[j], c[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case k-1 <= j:
			hi = j
		case k-1 >= i:
			lo = i
		default:
			return
		}
	}
}
