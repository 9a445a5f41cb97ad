package rank

import (
	"math/rand/v2"

	"souk/attention/internal/snap"
	"souk/world"
)

// Versions of a state; they change with its layout.
const (
	rankerVersion   = 2
	beforeSide      = 1 // of a ranker: as if it had no side information, and says nothing of it
	baselineVersion = 1
)

// AppendState appends the ranker's whole state: the random numbers, the list
// of signals, the sums of older ones, and what is excluded. What can be derived
// is not in it.
func (r *Ranker) AppendState(dst []byte) []byte {
	w := snap.Writer{Buf: dst}
	w.Byte(rankerVersion)
	w.U32(r.id)
	w.U32(r.side)
	w.U64(uint64(r.model.Items))
	w.U64(uint64(r.cfg.Memory))
	w.F64(r.cfg.HalfLife)
	appendRandom(&w, &r.pcg)
	r.exclusion.append(&w)
	e := &r.evidence
	w.F64(e.past.mass)
	w.F64(e.past.positive)
	for _, x := range e.past.b {
		w.F64(x)
	}
	for i := range r.model.Dim {
		for _, x := range e.past.a[i*r.model.Dim : i*r.model.Dim+i+1] {
			w.F64(x)
		}
	}
	w.U64(uint64(len(e.list)))
	for i := range e.list {
		n := &e.list[i]
		w.I32(int32(n.item))
		w.Byte(byte(n.kind))
		w.F32(n.preference)
		w.F32(n.confidence)
		w.F32(n.dwell)
		w.F64(n.t)
	}
	return w.Buf
}

// RestoreState takes the state that AppendState wrote for the same model and
// settings. A state from before there was side information, or made without it, is taken up by a ranker that has it: the list of
// signals counts as if it had been there, and older sums for what they say of the factors. On an error the ranker is as
// [Ranker.Forget] leaves it.
func (r *Ranker) RestoreState(src []byte) error {
	in := snap.NewReader(src, "the ranker")
	r.Forget()
	version := in.Byte()
	if version != rankerVersion && version != beforeSide {
		in.Fail("version %d, not %d", version, rankerVersion)
	}
	id, side := in.U32(), uint32(0)
	if version > beforeSide {
		side = in.U32()
	}
	if items := in.U64(); id != r.id || items != uint64(r.model.Items) {
		in.Fail("it belongs to another model")
	}
	if side != 0 && side != r.side {
		in.Fail("it belongs to other side information")
	}
	if memory, life := in.U64(), in.F64(); memory != uint64(r.cfg.Memory) || life != r.cfg.HalfLife {
		in.Fail("it belongs to other settings")
	}
	restoreRandom(in, &r.pcg)
	r.exclusion.restore(in)
	e := &r.evidence
	switch side {
	case r.side:
		restoreSums(in, &e.past)
	case 0:
		narrow := newSums(len(r.model.Side.Turn) / r.model.Dim)
		restoreSums(in, &narrow)
		r.model.Side.turn(&e.past, &narrow)
	}
	r.restoreList(in)
	if err := in.Done(); err != nil {
		r.Forget()
		return err
	}
	e.learnHabits()
	e.rebuild()
	return nil
}

func restoreSums(in *snap.Reader, s *sums) {
	s.mass, s.positive = in.F64(), in.F64()
	d := len(s.b)
	for i := range s.b {
		s.b[i] = in.F64()
	}
	for i := range d {
		row := s.a[i*d : i*d+i+1]
		for j := range row {
			row[j] = in.F64()
		}
	}
	if !allFinite(s.a) || !allFinite(s.b) || !(s.mass >= 0 && s.mass < 1e12) || !(s.positive >= 0 && s.positive <= s.mass) {
		in.Fail("its sums")
	}
}

func (r *Ranker) restoreList(in *snap.Reader) {
	count := in.Count(25)
	if count > r.cfg.Memory {
		in.Fail("%d signals, at most %d are kept", count, r.cfg.Memory)
		return
	}
	for range count {
		n := noted{item: world.ItemIndex(in.I32()), kind: world.EventKind(in.Byte()),
			preference: in.F32(), confidence: in.F32(), dwell: in.F32(), t: in.F64()}
		if n.item < 0 || int(n.item) >= r.model.Items || !(n.confidence > 0 && n.confidence <= maxConfidence) ||
			!(n.preference >= 0 && n.preference <= 1) || !finite(n.dwell) {
			in.Fail("a signal on item %d with confidence %v, preference %v", n.item, n.confidence, n.preference)
			return
		}
		r.evidence.list = append(r.evidence.list, n)
	}
}

// allFinite also bounds the numbers, so that no sum of them overflows.
func allFinite(xs []float64) bool {
	for _, x := range xs {
		if !(x > -1e12 && x < 1e12) {
			return false
		}
	}
	return true
}

func appendRandom(w *snap.Writer, pcg *rand.PCG) {
	b, _ := pcg.MarshalBinary() // documented never to fail
	w.Bytes(b)
}

func restoreRandom(in *snap.Reader, pcg *rand.PCG) {
	b := in.Bytes()
	if in.Err() == nil && pcg.UnmarshalBinary(b) != nil {
		in.Fail("its random numbers")
	}
}
