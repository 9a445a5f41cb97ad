package sound

import "souk/world"

// voice is a source that sounds.
type voice struct {
	Source
	pos   int // samples played
	heard hearing
	was   [2]float32 // the low-passes' state
	begun bool
}

// begin puts a source in the place of one that has ended.
func (v *voice) begin(s *Source) { *v = voice{Source: *s} }

// mix adds the next samples to both ears and to what goes to the walls; false
// where the source has ended. From where it was heard at the last chunk to
// where it is now everything goes in a straight line: a jump would click.
func (v *voice) mix(left, right, send []float32, head world.Pose) bool {
	to := centred(1, .05)
	if v.Placed {
		to = hear(v.At, head)
	}
	for ear := range to.gain {
		to.gain[ear] *= float32(v.Gain)
	}
	to.room *= float32(v.Gain)
	if !v.begun {
		v.heard, v.begun = to, true
	}
	total := len(v.Clip.padded) - reach // and reach zeros, for the later ear
	n := min(len(left), total-v.pos)
	switch {
	case v.heard.gain == [2]float32{} && to.gain == [2]float32{}: // out of earshot
	case v.heard.delay == to.delay && v.heard.open == to.open:
		v.rest(left[:n], right[:n], send[:n], &to)
	default:
		v.move(left[:n], right[:n], send[:n], &to)
	}
	v.heard = to
	v.pos += n
	return v.pos < total
}

// rest adds the next samples of what stays where it is: each ear's between two
// samples of the clip by a straight line, then through its low-pass. Both ears
// go through one loop: their low-passes wait for themselves, not for one another.
func (v *voice) rest(left, right, send []float32, to *hearing) {
	h := &v.heard
	n := len(left)
	right, send = right[:n], send[:n]
	per := 1 / float32(max(1, n))
	from := v.Clip.padded[reach+v.pos:][:n]
	d0, d1 := int(h.delay[0]), int(h.delay[1])
	p0, p1 := h.delay[0]-float32(d0), h.delay[1]-float32(d1)
	l, lb := v.Clip.padded[reach+v.pos-d0:][:n], v.Clip.padded[reach+v.pos-d0-1:][:n]
	r, rb := v.Clip.padded[reach+v.pos-d1:][:n], v.Clip.padded[reach+v.pos-d1-1:][:n]
	w0, w1, o0, o1 := v.was[0], v.was[1], h.open[0], h.open[1]
	g0, g1, room := h.gain[0], h.gain[1], h.room
	s0, s1 := (to.gain[0]-g0)*per, (to.gain[1]-g1)*per
	for i := range left {
		x, y := l[i], r[i]
		w0 += o0 * (x + p0*(lb[i]-x) - w0)
		w1 += o1 * (y + p1*(rb[i]-y) - w1)
		left[i] += g0 * w0
		right[i] += g1 * w1
		send[i] += room * from[i]
		g0 += s0
		g1 += s1
	}
	v.was = [2]float32{w0, w1}
}

// move does the same for what moves about the head.
func (v *voice) move(left, right, send []float32, to *hearing) {
	h := &v.heard
	n := len(left)
	right, send = right[:n], send[:n]
	per := 1 / float32(max(1, n))
	clip := v.Clip.padded[v.pos:][:n+reach]
	from := clip[reach:][:n]
	d0, d1, o0, o1, w0, w1 := h.delay[0], h.delay[1], h.open[0], h.open[1], v.was[0], v.was[1]
	g0, g1, room := h.gain[0], h.gain[1], h.room
	sd0, sd1, so0, so1 := (to.delay[0]-d0)*per, (to.delay[1]-d1)*per, (to.open[0]-o0)*per, (to.open[1]-o1)*per
	sg0, sg1 := (to.gain[0]-g0)*per, (to.gain[1]-g1)*per
	for i := range left {
		k0, k1 := int32(d0), int32(d1)
		a, b := clip[i+reach-int(k0)], clip[i+reach-int(k0)-1]
		w0 += o0 * (a + (d0-float32(k0))*(b-a) - w0)
		a, b = clip[i+reach-int(k1)], clip[i+reach-int(k1)-1]
		w1 += o1 * (a + (d1-float32(k1))*(b-a) - w1)
		left[i] += g0 * w0
		right[i] += g1 * w1
		send[i] += room * from[i]
		g0, g1 = g0+sg0, g1+sg1
		d0, d1 = d0+sd0, d1+sd1
		o0, o1 = o0+so0, o1+so1
	}
	v.was = [2]float32{w0, w1}
}

// looped is a loop that sounds at a level.
type looped struct {
	loop  *Loop
	pos   int
	level float32
}

// approach is how much of the way to a new level of a loop is gone in a chunk
// of 5 ms: nine tenths in about a second.
const approach = .011

// mix adds the next samples, on the way to a level; false where it adds none.
func (l *looped) mix(left, right []float32, want float32) bool {
	if l.loop == nil || len(l.loop.Left) == 0 {
		return false
	}
	to := l.level + (want-l.level)*approach
	if to < 1e-4 && want == 0 {
		to = 0
	}
	if to == 0 && l.level == 0 {
		return false
	}
	gain, d := l.level, (to-l.level)/float32(len(left))
	l.level = to
	for len(left) > 0 {
		l.pos %= len(l.loop.Left)
		n := min(len(left), len(l.loop.Left)-l.pos)
		a, b := l.loop.Left[l.pos:][:n], l.loop.Right[l.pos:][:n]
		x, y := left[:n], right[:n]
		for i := range x {
			x[i] += gain * a[i]
			y[i] += gain * b[i]
			gain += d
		}
		l.pos += n
		left, right = left[n:], right[n:]
	}
	return true
}
