package gaze

import (
	"math"

	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"

	"souk/input"
	"souk/world"
)

const (
	ringSize   = 96   // samples that the detector remembers
	latency    = 0.25 // seconds that samples may come late before their absence is a gap
	turnLimit  = 0.25 // seconds between frames beyond which the head's turn is not interpolated
	future     = 0.5  // seconds that a sample may lie ahead of its frame
	quietTail  = 3.7  // Rayleigh: one noise velocity in a thousand is larger than 3.7 standard deviations
	changeTail = 5.0  // Rayleigh: one difference of means in 250,000 is larger than 5 standard errors; many are tried
)

type state uint8

const (
	stateNone state = iota // nothing seen yet
	stateGap
	stateFixation // cur is a fixation, or a candidate while !confirmed
	stateSaccade  // jump is under way
)

type point struct {
	t     float64
	dir   r3.Vec
	pos   r3.Vec  // where the eyes were
	depth float64 // of what was looked at, metres; 0: far
}

// run is a fixation that grows.
type run struct {
	t0, t1  float64
	sum     r3.Vec
	samples int
	peak    float64
}

func (r *run) add(t, v float64, dir r3.Vec) {
	r.t1 = t
	r.sum = r3.Add(r.sum, dir)
	r.samples++
	r.peak = max(r.peak, v)
}

func (r *run) mean() r3.Vec { return unit(r.sum) }

// jump is a saccade that grows.
type jump struct {
	t0, t1  float64
	samples int
	peak    float64
}

// Detector finds fixations, saccades and gaps in the samples of one visitor as
// they come. Make one with [NewDetector]; it belongs to one goroutine.
//
// It measures the source's noise (see noiseMeter) and chooses by it:
//
//   - A quiet source is cut by velocity (I-VT, Salvucci and Goldberg 2000) over
//     a window of 20 ms or two samples: while noise alone stays below the
//     threshold in 999 of 1000 windows.
//   - A noisy source is cut by dispersion: a fixation ends where the mean of
//     the newest samples has left the mean of those before by more than 5
//     standard errors and by more than SourceConfig.Dispersion, at the split with
//     the greatest likelihood ratio (Page 1954; Lorden 1971). I-DT has the same
//     aim, but its dispersion, a range, grows with the number of samples, so that
//     any threshold shatters long fixations under noise; a difference of means does not.
//
// A view centre that follows the mouse is quiet, so its fixations end when the
// view turns faster than its threshold. What a source's thresholds are, and why, is
// in [DefaultConfig].
type Detector struct {
	cfg Config

	src      world.AttentionSource
	sc       SourceConfig
	started  bool // src and sc are set
	head     world.Pose
	headT    float64
	headOK   bool
	depth    float64 // see SetDepth
	now      float64 // of the last Step
	lastT    float64 // of the last valid sample
	interval float64 // mean time between samples, seconds; 0 before the second
	rejected uint64

	ring  [ringSize]point
	n     int // how many of ring hold; cleared at a gap
	next  int
	noise noiseMeter
	quiet bool // cut by velocity

	st        state
	cur       run
	confirmed bool // cur has lasted long enough to be a fixation
	sac       jump // before cur, or under way
	sacOK     bool
	pend      run // a finished fixation that may yet be merged with cur
	pendOK    bool
	gapT0     float64
}

// NewDetector makes a detector. Fields of cfg that are zero take their defaults.
func NewDetector(cfg Config) *Detector { return &Detector{cfg: cfg} }

// Reset forgets everything, as if no sample had come, and counts on in Rejected.
func (d *Detector) Reset() { *d = Detector{cfg: d.cfg, rejected: d.rejected} }

// Rejected is how many samples were ignored because they could not be true: a
// time that goes back, lies ahead or is no number, a direction that is none
// though it claims to be valid.
func (d *Detector) Rejected() uint64 { return d.rejected }

// SetDepth says how far away what is looked at is, metres, for the samples to
// come; 0 or less: far away, or unknown. With it the detector knows that a
// walker whose eyes follow a thing rests them on it, though their direction turns, and that
// one who walks past a shelf with eyes straight to the side does not: samples are compared
// as seen from where the eyes are now.
func (d *Detector) SetDepth(metres float64) {
	if !(metres > 0) || math.IsInf(metres, 0) {
		metres = 0
	}
	d.depth = metres
}

// Noise is the standard deviation of a sample per axis as measured of late, radians.
func (d *Detector) Noise() float64 { return d.noise.sigma(d.sc.Noise) }

// Step takes the samples that came since the last call, oldest first, with the
// head's pose at t, and appends the events that ended to dst. Samples between
// two calls are turned by the head's pose at their own time, interpolated.
// t must not go back; head must be a rotation. Beyond what dst needs it allocates nothing.
func (d *Detector) Step(dst []Event, t float64, head world.Pose, samples []input.Sample) []Event {
	for i := range samples {
		s := &samples[i]
		if !(s.T-s.T == 0) || s.T > t+future || d.started && d.st != stateNone && s.T <= d.lastT {
			d.rejected++
			continue
		}
		if !s.Valid {
			continue // its time passes; the gap shows when valid samples stay away
		}
		n := r3.Norm(s.Dir)
		if !(n > 1e-6) || math.IsInf(n, 0) {
			d.rejected++
			continue
		}
		at := d.headAt(s.T, t, head)
		dir := at.Rotate(r3.Scale(1/n, s.Dir))
		dst = d.sample(dst, s.T, at.Pos, unit(dir), s.Source)
	}
	d.head, d.headT, d.headOK, d.now = head, t, true, t
	if (d.st == stateFixation || d.st == stateSaccade) && t-d.lastT > max(latency, d.maxGap()) {
		dst = d.lose(dst)
	}
	return dst
}

// headAt is the head's pose at a time between the last frame and this one,
// turned by normalised linear interpolation: within a frame's few degrees it
// differs from the great arc by less than any tracker sees.
func (d *Detector) headAt(s, t float64, head world.Pose) world.Pose {
	if !d.headOK || s >= t || t-d.headT > turnLimit || t <= d.headT {
		return head
	}
	f := max(0, (s-d.headT)/(t-d.headT))
	a, b := d.head.Rot, head.Rot
	if a.Real*b.Real+a.Imag*b.Imag+a.Jmag*b.Jmag+a.Kmag*b.Kmag < 0 {
		a = quat.Scale(-1, a)
	}
	q := quat.Add(quat.Scale(1-f, a), quat.Scale(f, b))
	n := quat.Abs(q)
	if !(n > 1e-9) {
		return head
	}
	return world.Pose{Pos: r3.Add(r3.Scale(1-f, d.head.Pos), r3.Scale(f, head.Pos)), Rot: quat.Scale(1/n, q)}
}

// maxGap is the longest silence that is bridged: a slow source is not a gap.
func (d *Detector) maxGap() float64 { return max(d.sc.MaxGap, 2.5*d.interval) }

// sample takes one valid sample in the world frame.
func (d *Detector) sample(dst []Event, t float64, pos, dir r3.Vec, src world.AttentionSource) []Event {
	if !d.started || src != d.src {
		if d.started {
			dst = d.lose(dst)
			*d = Detector{cfg: d.cfg, rejected: d.rejected, head: d.head, headT: d.headT, headOK: d.headOK, depth: d.depth}
		}
		d.started, d.src, d.sc = true, src, d.cfg.For(src)
	}
	if d.st != stateNone && d.st != stateGap && t-d.lastT > d.maxGap() {
		dst = d.lose(dst)
	}
	if d.st == stateGap {
		dst = append(dst, Event{Kind: Gap, T0: d.gapT0, T1: t, Ended: true, Source: d.src})
		d.st = stateNone
	}
	if d.n > 0 {
		if dt := t - d.lastT; d.interval == 0 {
			d.interval = dt
		} else {
			d.interval += 0.1 * (dt - d.interval)
		}
	}
	d.ring[d.next] = point{t: t, dir: dir, pos: pos, depth: d.depth}
	d.next = (d.next + 1) % ringSize
	d.n = min(d.n+1, ringSize)
	d.lastT = t
	d.noise.add(dir)

	v, span := d.velocity()
	sigma := d.noise.sigma(d.sc.Noise)
	if span > 0 {
		// The band between the two keeps the method from flickering.
		if jitter := quietTail * math.Sqrt2 * sigma / span; jitter < d.sc.Velocity {
			d.quiet = true
		} else if jitter > 1.3*d.sc.Velocity {
			d.quiet = false
		}
	}
	if d.quiet {
		return d.byVelocity(dst, t, dir, v, span, sigma)
	}
	return d.byDispersion(dst, t, dir, v, sigma)
}

// velocity is the angular velocity over the newest window, and its length; 0, 0
// after the first sample.
func (d *Detector) velocity() (v, span float64) {
	if d.n < 2 {
		return 0, 0
	}
	newest := d.back(0)
	want := max(d.sc.Window, 1.5*d.interval) - 1e-9
	p := d.back(1)
	for k := 2; k < d.n && newest.t-p.t < want; k++ {
		p = d.back(k)
	}
	span = newest.t - p.t
	return angle(newest.dir, p.from(newest.pos)) / span, span
}

// from is the direction of what was looked at from another place.
func (p *point) from(pos r3.Vec) r3.Vec {
	if p.depth == 0 || p.pos == pos {
		return p.dir
	}
	return unit(r3.Add(r3.Scale(p.depth, p.dir), r3.Sub(p.pos, pos)))
}

// back is the k-th newest sample, 0 the newest; k < d.n.
func (d *Detector) back(k int) *point { return &d.ring[(d.next-1-k+2*ringSize)%ringSize] }

func (d *Detector) byVelocity(dst []Event, t float64, dir r3.Vec, v, span, sigma float64) []Event {
	moving := v > d.sc.Velocity
	switch {
	case d.st == stateFixation && !moving:
		d.cur.add(t, v, dir)
		dst = d.confirm(dst)
	case d.st == stateFixation: // it ends here
		d.leave()
		d.st = stateSaccade
		d.sac.t1, d.sac.peak = t, max(d.sac.peak, v)
		d.sac.samples++
	case moving:
		if d.st == stateNone {
			d.sac, d.sacOK = jump{t0: t}, true
		}
		d.st = stateSaccade
		d.sac.t1, d.sac.peak = t, max(d.sac.peak, v)
		d.sac.samples++
		if d.pendOK && t-d.pend.t1 > d.sc.MergeTime {
			dst = d.release(dst)
		}
	default: // at rest, after a saccade or nothing
		near := max(d.sc.MergeAngle, 2*sigma)
		if d.pendOK && t-d.pend.t1 <= d.sc.MergeTime && angle(dir, d.pend.mean()) <= near {
			d.cur, d.confirmed = d.pend, true
			d.pendOK, d.sacOK = false, false
		} else {
			d.cur, d.confirmed = run{t0: t}, false
			if d.sacOK {
				// The velocity is that of the window's middle: gaze came to rest
				// there. (It set off late in its first window that was fast, so
				// the other end needs no correction.)
				d.cur.t0 = max(d.sac.t0, t-span/2)
			}
		}
		d.cur.add(t, v, dir)
		d.st = stateFixation
	}
	return dst
}

func (d *Detector) byDispersion(dst []Event, t float64, dir r3.Vec, v, sigma float64) []Event {
	if d.st != stateFixation {
		d.cur, d.confirmed = run{t0: t}, false
		d.st = stateFixation
	}
	d.cur.add(t, v, dir)
	if k, peak := d.change(sigma); k > 0 {
		var fresh run
		for i := k - 1; i >= 0; i-- {
			p := d.back(i)
			if i == k-1 {
				fresh.t0 = p.t
			}
			fresh.add(p.t, 0, p.dir)
		}
		d.cur.sum = r3.Sub(d.cur.sum, fresh.sum)
		d.cur.samples -= k
		d.cur.t1 = d.back(k).t
		d.leave()
		dst = d.release(dst)
		d.sac.t1, d.sac.peak = fresh.t0, max(d.sac.peak, peak)
		d.cur, d.confirmed = fresh, false
	}
	return d.confirm(dst)
}

// change looks for the place where the newest samples have left the fixation:
// k of them have, or none where k is 0. Peak is the velocity across the split.
//
// Each split of the recent samples in two is tried. Its two means differ by
// noise alone with a standard error of σ·√(1/k + 1/m) per axis; the split with the
// greatest likelihood ratio is the one where they differ by most of those. At
// least two samples must have left: one alone may be an outlier.
func (d *Detector) change(sigma float64) (k int, peak float64) {
	held := min(d.cur.samples, d.n)
	here := d.back(0).pos
	var all r3.Vec
	for i := range held {
		all = r3.Add(all, d.back(i).from(here))
	}
	var sum r3.Vec
	best := changeTail * changeTail
	for i := 1; i < held; i++ {
		sum = r3.Add(sum, d.back(i-1).from(here))
		if i == 1 {
			continue
		}
		n, m := float64(i), float64(held-i)
		off := r3.Norm2(r3.Sub(r3.Scale(1/n, sum), r3.Scale(1/m, r3.Sub(all, sum))))
		if off <= d.sc.Dispersion*d.sc.Dispersion {
			continue
		}
		if z := off / (sigma * sigma * (1/n + 1/m)); z > best {
			best, k = z, i
		}
	}
	if k == 0 {
		return 0, 0
	}
	a, b := d.back(k-1), d.back(k)
	return k, angle(a.from(here), b.from(here)) / (a.t - b.t)
}

// leave ends cur where it is: kept for a merge if it was a fixation, else
// given to the saccade that surrounds it.
func (d *Detector) leave() {
	// A split may leave less than a fixation of what counted as one.
	d.confirmed = d.confirmed && d.cur.t1-d.cur.t0 >= d.sc.MinFixation-1e-9
	if d.confirmed {
		d.pend, d.pendOK = d.cur, true
		d.sac, d.sacOK = jump{t0: d.cur.t1}, true
	} else if !d.sacOK {
		d.sac, d.sacOK = jump{t0: d.cur.t0}, true
	}
	d.sac.samples += boolInt(!d.confirmed) * d.cur.samples
	d.confirmed = false
}

// confirm makes the candidate a fixation once it has lasted long enough, and
// lets go of what came before it.
func (d *Detector) confirm(dst []Event) []Event {
	if d.confirmed || d.cur.t1-d.cur.t0 < d.sc.MinFixation-1e-9 {
		return dst
	}
	dst = d.release(dst)
	if d.sacOK {
		dst = append(dst, d.saccade(d.cur.t0, true))
		d.sacOK = false
	}
	d.confirmed = true
	return dst
}

// release emits the fixation that was kept for a merge.
func (d *Detector) release(dst []Event) []Event {
	if d.pendOK {
		dst = append(dst, d.fixation(&d.pend, true))
		d.pendOK = false
	}
	return dst
}

// lose ends everything at the last valid sample: a gap begins.
func (d *Detector) lose(dst []Event) []Event {
	switch d.st {
	case stateNone, stateGap:
		return dst
	case stateFixation:
		if d.confirmed {
			dst = append(dst, d.fixation(&d.cur, true))
		} else {
			d.leave()
		}
	}
	dst = d.release(dst)
	if d.sacOK {
		dst = append(dst, d.saccade(d.lastT, true))
	}
	d.st, d.gapT0 = stateGap, d.lastT
	d.sacOK, d.confirmed = false, false
	d.n, d.next = 0, 0
	d.noise.interrupt()
	return dst
}

// Current is the event under way, not ended; ok is false before the first is
// known. A rest that has not lasted long enough to be a fixation still counts
// to the saccade before it.
func (d *Detector) Current() (e Event, ok bool) {
	switch d.st {
	case stateGap:
		return Event{Kind: Gap, T0: d.gapT0, T1: d.now, Source: d.src}, true
	case stateFixation:
		if d.confirmed {
			return d.fixation(&d.cur, false), true
		}
	}
	if d.sacOK {
		return d.saccade(d.lastT, false), true
	}
	return Event{}, false
}

func (d *Detector) fixation(r *run, ended bool) Event {
	c := 1 / float64(r.samples)
	mean := r3.Scale(c, r.sum)
	// For unit vectors, the mean square chord to the mean's direction is 2 − 2R.
	spread := math.Sqrt(max(0, 2-2*r3.Norm(mean)))
	latest := unit(mean)
	if !ended {
		latest = d.latest(r.t0)
	}
	return Event{
		Kind: Fixation, T0: r.t0, T1: r.t1, Dir: unit(mean), Latest: latest, Ended: ended,
		Source: d.src, Samples: r.samples, Peak: float32(r.peak), Spread: float32(spread),
	}
}

func (d *Detector) saccade(t1 float64, ended bool) Event {
	return Event{
		Kind: Saccade, T0: d.sac.t0, T1: t1, Latest: d.latest(math.Inf(-1)), Ended: ended,
		Source: d.src, Samples: d.sac.samples, Peak: float32(d.sac.peak),
	}
}

// latest is the mean direction over the newest window, of samples since t0.
func (d *Detector) latest(t0 float64) r3.Vec {
	if d.n == 0 {
		return r3.Vec{}
	}
	from := max(t0, d.lastT-max(d.sc.Window, 1.5*d.interval))
	sum := d.back(0).dir
	for k := 1; k < d.n && d.back(k).t >= from; k++ {
		sum = r3.Add(sum, d.back(k).dir)
	}
	return unit(sum)
}

// angle between two unit vectors, exact for small ones too.
func angle(a, b r3.Vec) float64 { return math.Atan2(r3.Norm(r3.Cross(a, b)), r3.Dot(a, b)) }

func unit(v r3.Vec) r3.Vec {
	n := r3.Norm(v)
	if !(n > 1e-12) {
		return r3.Vec{Z: -1}
	}
	return r3.Scale(1/n, v)
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
