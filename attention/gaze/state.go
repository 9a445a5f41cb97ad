package gaze

import (
	"gonum.org/v1/gonum/num/quat"

	"souk/attention/internal/snap"
	"souk/world"
)

// AppendState appends the detector's exact state. The configuration is not part of it.
func (d *Detector) AppendState(dst []byte) []byte {
	w := &snap.Writer{Buf: dst}
	w.Byte(byte(d.src))
	w.Bool(d.started)
	w.Vec(d.head.Pos)
	for _, v := range [...]float64{d.head.Rot.Real, d.head.Rot.Imag, d.head.Rot.Jmag, d.head.Rot.Kmag} {
		w.F64(v)
	}
	w.F64(d.headT)
	w.Bool(d.headOK)
	w.F64(d.depth)
	w.F64(d.now)
	w.F64(d.lastT)
	w.F64(d.interval)
	w.U64(d.rejected)
	w.I64(int64(d.n))
	w.I64(int64(d.next))
	for k := range d.n {
		p := d.back(k)
		w.F64(p.t)
		w.Vec(p.dir)
		w.Vec(p.pos)
		w.F64(p.depth)
	}
	d.noise.save(w)
	w.Bool(d.quiet)
	w.Byte(byte(d.st))
	saveRun(w, &d.cur)
	w.Bool(d.confirmed)
	w.F64(d.sac.t0)
	w.F64(d.sac.t1)
	w.I64(int64(d.sac.samples))
	w.F64(d.sac.peak)
	w.Bool(d.sacOK)
	saveRun(w, &d.pend)
	w.Bool(d.pendOK)
	w.F64(d.gapT0)
	return w.Buf
}

// RestoreState takes a state that AppendState wrote, under the same
// configuration. On an error the detector is as new.
func (d *Detector) RestoreState(src []byte) error {
	r := snap.NewReader(src, "the gaze detector")
	*d = Detector{cfg: d.cfg}
	d.src = world.AttentionSource(r.Byte())
	d.started = r.Bool()
	d.head.Pos = r.Vec()
	d.head.Rot = quat.Number{Real: r.F64(), Imag: r.F64(), Jmag: r.F64(), Kmag: r.F64()}
	d.headT, d.headOK = r.F64(), r.Bool()
	d.depth = r.F64()
	d.now, d.lastT, d.interval = r.F64(), r.F64(), r.F64()
	d.rejected = r.U64()
	d.n, d.next = int(r.I64()), int(r.I64())
	if d.n < 0 || d.n > ringSize || d.next < 0 || d.next >= ringSize {
		r.Fail("a ring of %d at %d", d.n, d.next)
		d.n, d.next = 0, 0
	}
	for k := range d.n {
		p := d.back(k)
		p.t = r.F64()
		p.dir, p.pos, p.depth = r.Vec(), r.Vec(), r.F64()
	}
	d.noise.load(r)
	d.quiet = r.Bool()
	d.st = state(r.Byte())
	loadRun(r, &d.cur)
	d.confirmed = r.Bool()
	d.sac = jump{t0: r.F64(), t1: r.F64(), samples: int(r.I64()), peak: r.F64()}
	d.sacOK = r.Bool()
	loadRun(r, &d.pend)
	d.pendOK = r.Bool()
	d.gapT0 = r.F64()
	if d.st > stateSaccade {
		r.Fail("a state numbered %d", d.st)
	}
	if err := r.Done(); err != nil {
		*d = Detector{cfg: d.cfg}
		return err
	}
	if d.started {
		d.sc = d.cfg.For(d.src)
	}
	return nil
}

func saveRun(w *snap.Writer, r *run) {
	w.F64(r.t0)
	w.F64(r.t1)
	w.Vec(r.sum)
	w.I64(int64(r.samples))
	w.F64(r.peak)
}

func loadRun(rd *snap.Reader, r *run) {
	*r = run{t0: rd.F64(), t1: rd.F64(), sum: rd.Vec(), samples: int(rd.I64()), peak: rd.F64()}
}
