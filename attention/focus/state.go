package focus

import (
	"souk/attention/internal/snap"
	"souk/world"
	"souk/world/plan"
)

// AppendState appends the tracker's exact state: what is not as new. The
// configuration and the results of the last step are not part of it.
func (k *Tracker) AppendState(dst []byte) []byte {
	w := &snap.Writer{Buf: dst}
	w.U64(uint64(len(k.spans)))
	w.U64(uint64(len(k.clues)))
	w.F64(k.t)
	w.Bool(k.began)
	w.U32(k.step)
	w.F64(k.viewsT)
	w.Byte(byte(k.source))
	w.U32(k.round)
	w.F64(k.fixT0)
	w.Bool(k.fixOK)
	w.F64(k.credited)
	w.F64(k.owed)
	saveFocus(w, &k.last)
	w.F64(k.lastT)
	w.I32(int32(k.held))
	w.F64(k.heldT)
	saveLook(w, &k.main)
	saveLook(w, &k.side)
	w.U64(uint64(len(k.views)))
	for i := range k.views {
		v := &k.views[i]
		w.I32(int32(v.Slot))
		w.I32(int32(v.Item))
		for _, f := range [...]float32{v.Dir[0], v.Dir[1], v.Dir[2], v.HalfWidth, v.HalfHeight, v.SolidAngle, v.Eccentricity, v.Distance, v.Occluded} {
			w.F32(f)
		}
	}
	// Only clues of the last round can still matter.
	n := 0
	for i := range k.clues {
		if k.clues[i].round == k.round && k.round > 0 {
			n++
		}
	}
	w.U64(uint64(n))
	for i := range k.clues {
		if c := &k.clues[i]; c.round == k.round && k.round > 0 {
			w.I32(int32(i))
			w.I32(int32(c.item))
			w.F64(c.mean)
		}
	}
	w.U64(uint64(len(k.active)))
	for _, item := range k.active {
		s := &k.spans[item]
		w.I32(item)
		w.F64(s.area)
		w.F64(s.seen)
		w.F64(s.ecc)
		w.F64(s.last)
		w.U32(s.step)
		w.I32(int32(s.slot))
		w.Bool(s.looked)
	}
	n = 0
	for i := range k.spans {
		if k.spans[i].visits > 0 {
			n++
		}
	}
	w.U64(uint64(n))
	for i := range k.spans {
		if v := k.spans[i].visits; v > 0 {
			w.I32(int32(i))
			w.U32(v)
		}
	}
	return w.Buf
}

// RestoreState takes a state that AppendState wrote, under the same
// configuration and for a market of the same size. On an error the tracker is as new.
func (k *Tracker) RestoreState(src []byte) error {
	k.Reset()
	r := snap.NewReader(src, "the focus tracker")
	if items, slots := r.U64(), r.U64(); r.Err() == nil && (items != uint64(len(k.spans)) || slots != uint64(len(k.clues))) {
		r.Fail("it is of a market of %d items and %d slots, not %d and %d", items, slots, len(k.spans), len(k.clues))
	}
	k.t, k.began, k.step = r.F64(), r.Bool(), r.U32()
	k.viewsT, k.source = r.F64(), world.AttentionSource(r.Byte())
	k.round = r.U32()
	k.fixT0, k.fixOK = r.F64(), r.Bool()
	k.credited, k.owed = r.F64(), r.F64()
	loadFocus(r, &k.last)
	k.lastT = r.F64()
	k.held, k.heldT = k.readItem(r, world.NoItem), r.F64()
	k.loadLook(r, &k.main)
	k.loadLook(r, &k.side)
	for range r.Count(44) {
		v := plan.View{Slot: k.readSlot(r), Item: k.readItem(r, 0)}
		for _, f := range [...]*float32{&v.Dir[0], &v.Dir[1], &v.Dir[2], &v.HalfWidth, &v.HalfHeight, &v.SolidAngle, &v.Eccentricity, &v.Distance, &v.Occluded} {
			*f = r.F32()
		}
		k.views = append(k.views, v)
	}
	for range r.Count(16) {
		slot := k.readSlot(r)
		c := clue{item: world.ItemIndex(r.I32()), mean: r.F64(), round: k.round}
		if r.Err() == nil {
			k.clues[slot] = c
		}
	}
	for range r.Count(45) {
		item := k.readItem(r, 0)
		s := span{open: true, area: r.F64(), seen: r.F64(), ecc: r.F64(), last: r.F64(), step: r.U32(), slot: world.SlotIndex(r.I32()), looked: r.Bool()}
		if r.Err() == nil && k.spans[item].open {
			r.Fail("item %d is in it twice", item)
		}
		if r.Err() == nil {
			k.spans[item] = s
			k.active = append(k.active, int32(item))
		}
	}
	for range r.Count(8) {
		item, visits := k.readItem(r, 0), r.U32()
		if r.Err() == nil {
			k.spans[item].visits = visits
		}
	}
	if err := r.Done(); err != nil {
		k.Reset()
		return err
	}
	return nil
}

// readItem reads an item of this market, at least least; on a failure least or 0, whichever is greater.
func (k *Tracker) readItem(r *snap.Reader, least world.ItemIndex) world.ItemIndex {
	i := world.ItemIndex(r.I32())
	if i < least || int(i) >= len(k.spans) {
		r.Fail("item %d of %d", i, len(k.spans))
		return 0
	}
	return i
}

func (k *Tracker) readSlot(r *snap.Reader) world.SlotIndex {
	i := world.SlotIndex(r.I32())
	if i < 0 || int(i) >= len(k.clues) {
		r.Fail("slot %d of %d", i, len(k.clues))
		return 0
	}
	return i
}

func saveFocus(w *snap.Writer, f *Focus) {
	w.I32(int32(f.Item))
	w.I32(int32(f.Slot))
	w.F32(f.P)
	w.I32(int32(f.RunnerUp))
	w.F32(f.RunnerP)
	w.Bool(f.Uncertain)
	w.F64(f.Dwell)
	w.Byte(byte(f.Source))
}

func loadFocus(r *snap.Reader, f *Focus) {
	*f = Focus{
		Item: world.ItemIndex(r.I32()), Slot: world.SlotIndex(r.I32()), P: r.F32(), RunnerUp: world.ItemIndex(r.I32()),
		RunnerP: r.F32(), Uncertain: r.Bool(), Dwell: r.F64(), Source: world.AttentionSource(r.Byte()),
	}
}

func saveLook(w *snap.Writer, l *look) {
	w.I32(int32(l.item))
	w.I32(int32(l.slot))
	for _, v := range [...]float64{l.t0, l.t1, l.dwell, l.weight} {
		w.F64(v)
	}
	w.Byte(byte(l.source))
}

func (k *Tracker) loadLook(r *snap.Reader, l *look) {
	*l = look{
		item: k.readItem(r, world.NoItem), slot: world.SlotIndex(r.I32()),
		t0: r.F64(), t1: r.F64(), dwell: r.F64(), weight: r.F64(), source: world.AttentionSource(r.Byte()),
	}
}
