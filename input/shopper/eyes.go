package shopper

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
	"souk/world/plan"
)

// Constants of the eyes. Those without a source are our choice; docs/loop.md says so.
const (
	fixationMedian = 0.28 // seconds; log-normal, as in scene viewing
	fixationSpread = 0.42 // of the log
	fixationMin    = 0.10
	// Main sequence of saccades: duration = 21 ms + 2.2 ms per degree
	// (Carpenter 1988; the figures that Souk's gaze facts give).
	saccadeBase   = 0.021
	saccadePerDeg = 0.0022

	visitMedian = 0.45 // seconds of dwell on an indifferent item
	visitSpread = 0.60 // of the log: looks have many reasons besides liking
	visitMax    = 6.0

	// The draw of an item as a target, as a logarithm.
	sizeWeight    = 0.45 // per log steradian
	reach         = 13 * math.Pi / 180
	promiseWeight = 3.2 // per unit of promised utility
	returnWeight  = 3.5 // inhibition of return, just after a visit …
	returnTime    = 6.0 // … and how it fades, seconds
	goalWeight    = 3.0 // for what one walks towards or examines
	// What stands alone on a pedestal, with a sign, is not crowded by neighbours
	// and draws the eye more than what stands in a row: a choice, of e to this.
	aloneWeight  = 1.0
	pathDraw     = -2.2
	idleDraw     = -3.2
	previewNoise = 0.22 // of the promise seen in the corner of the eye
	acuityHalf   = 12 * math.Pi / 180
	// legible is the solid angle at which half of an item's promise can be seen: a disc of 2°.
	legible = 0.00096
)

type phase uint8

const (
	resting phase = iota
	jumping
)

// eyes is where the person truly looks.
type eyes struct {
	rng  *rand.Rand
	gain float64 // slope of log dwell over utility: this person's own

	phase    phase
	ends     float64 // when the phase ends
	began    float64
	dir      r3.Vec // now
	from     r3.Vec // of a jump, direction
	point    r3.Vec // rested on, or jumped to: a place in the world
	item     world.ItemIndex
	slot     world.SlotIndex
	half     [2]float64 // half extents of the target, radians
	distance float64

	visit   float64 // truly rested on the item in this visit
	planned float64 // wish of this visit, seconds
	felt    float64 // what the item seems to be worth after a look
	last    float64 // when lookUntil stopped

	met      []float32 // by item: when the last visit ended; −1: never looked at
	finished finishedVisit
}

// finishedVisit is a visit that the hands and legs have not weighed yet.
type finishedVisit struct {
	item     world.ItemIndex
	slot     world.SlotIndex
	dwell    float64
	distance float64
	felt     float64
}

func (e *eyes) init(r *rand.Rand, items int) {
	e.rng = r
	// The gain follows the people of the binary-choice studies: a gaze
	// influence of 0.236 on average, SD 0.15, nought or negative for some
	// (Thomas et al. 2019, group summary). One unit of influence is eight of log dwell, a choice, which
	// makes the average person look about twice as long at what is loved as at the rest.
	e.gain = 8 * (0.236 + 0.150*r.NormFloat64())
	e.item, e.slot = world.NoItem, world.NoSlot
	e.finished.item = world.NoItem
	e.met = make([]float32, items)
	for i := range e.met {
		e.met[i] = -1
	}
}

func (e *eyes) start(t float64, head world.Pose) {
	e.dir = head.Ahead()
	e.point = r3.Add(head.Pos, r3.Scale(4, e.dir))
	e.phase, e.began, e.ends, e.last = resting, t, t+0.2, t
}

// lookUntil moves the eyes on to time t.
func (s *Shopper) lookUntil(t float64, head world.Pose, views []plan.View, holding []world.ItemIndex) {
	e := &s.eyes
	if e.item != world.NoItem && !s.stillThere(head, views, holding) {
		// Out of sight, or swapped: the visit is over, and something else will catch the eye.
		s.endVisit(e.last)
		if e.phase == resting {
			e.ends = min(e.ends, e.last+0.05)
		}
	}
	for e.ends <= t {
		s.restUntil(e.ends)
		if e.phase == jumping {
			s.land(e.ends, head)
		} else {
			s.choose(e.ends, head, views)
		}
	}
	s.restUntil(t)
	aim := r3.Unit(r3.Sub(e.point, head.Pos))
	if e.phase == resting {
		e.dir = aim // the eyes hold on to the place while the head moves
		return
	}
	x := (t - e.began) / max(1e-6, e.ends-e.began)
	x = x * x * x * (10 + x*(6*x-15)) // minimum jerk (Flash, Hogan 1985)
	e.dir = r3.Unit(r3.Add(r3.Scale(1-x, e.from), r3.Scale(x, aim)))
}

// restUntil counts the dwell up to t.
func (s *Shopper) restUntil(t float64) {
	e := &s.eyes
	if e.phase == resting && e.item != world.NoItem && t > e.last {
		e.visit += t - e.last
	}
	e.last = max(e.last, t)
}

// stillThere says whether the target can still be seen where it stood, and keeps its measures.
func (s *Shopper) stillThere(head world.Pose, views []plan.View, holding []world.ItemIndex) bool {
	e := &s.eyes
	if int(e.slot) < len(holding) && s.plan.Slots[e.slot].Kind == plan.Feature && holding[e.slot] != e.item {
		return false
	}
	for i := range views {
		if v := &views[i]; v.Slot == e.slot {
			if v.Item != e.item {
				return false
			}
			e.half = [2]float64{float64(v.HalfWidth), float64(v.HalfHeight)}
			e.distance = float64(v.Distance)
			return true
		}
	}
	return false
}

// land begins a fixation.
func (s *Shopper) land(t float64, head world.Pose) {
	e := &s.eyes
	e.phase, e.began = resting, t
	d := fixationMedian * math.Exp(fixationSpread*e.rng.NormFloat64())
	if e.item != world.NoItem {
		if left := e.planned - e.visit; left < 1.4*d {
			d = left // the last fixation of a visit ends with it
		}
	} else {
		d *= 0.8
	}
	e.ends = t + min(1.4, max(fixationMin, d))
}

// choose ends a fixation: on to another place on the same item, or away.
func (s *Shopper) choose(t float64, head world.Pose, views []plan.View) {
	e := &s.eyes
	if e.item != world.NoItem {
		s.weigh(t)
		if e.planned-e.visit > 0.03 {
			s.jump(t, head, s.spotOn(head, e.point, 0.35))
			return
		}
		s.endVisit(t)
	}
	best, draw := -1, pathDraw+gumbel(e.rng)
	ahead := true
	if s.legs.mode != strolling {
		draw = idleDraw + gumbel(e.rng)
		ahead = false
	}
	axis := head.Ahead()
	for i := range views {
		v := &views[i]
		if v.Item == world.NoItem {
			continue
		}
		if w := s.draw(t, v, axis); w > draw {
			best, draw = i, w
		}
	}
	if best < 0 {
		s.lookAside(t, head, ahead)
		return
	}
	v := &views[best]
	e.item, e.slot, e.visit = v.Item, v.Slot, 0
	e.half = [2]float64{float64(v.HalfWidth), float64(v.HalfHeight)}
	e.distance = float64(v.Distance)
	u := s.taste.felt(v.Item, t)
	e.planned = visitMedian * math.Exp(e.gain*(u-0.25)+visitSpread*e.rng.NormFloat64())
	if s.legs.examining(v.Slot) {
		e.planned = 0.8 + 1.5*e.planned
	}
	e.planned = min(visitMax, max(fixationMin, e.planned))
	e.felt = u + 0.12*e.rng.NormFloat64()
	centre := r3.Add(head.Pos, r3.Scale(e.distance, r3.Vec{X: float64(v.Dir[0]), Y: float64(v.Dir[1]), Z: float64(v.Dir[2])}))
	s.jump(t, head, s.spotOn(head, centre, 0.35))
}

// draw is how strongly a view attracts the next look: the logarithm of its
// weight with Gumbel noise, so that the largest is a draw from the softmax.
func (s *Shopper) draw(t float64, v *plan.View, axis r3.Vec) float64 {
	e := &s.eyes
	dx, dy, dz := float64(v.Dir[0])-e.dir.X, float64(v.Dir[1])-e.dir.Y, float64(v.Dir[2])-e.dir.Z
	amplitude := math.Sqrt(dx*dx + dy*dy + dz*dz) // the chord is near enough to the arc
	omega := float64(v.SolidAngle)
	u := s.taste.felt(v.Item, t)
	clear := omega / (omega + legible)
	w := sizeWeight*math.Log(omega+1e-9) - amplitude/reach - 0.6*float64(v.Eccentricity)
	if met := float64(e.met[v.Item]); met >= 0 {
		w += promiseWeight * u * clear // remembered
		w -= returnWeight * math.Exp(-(t-met)/returnTime)
		w -= 0.6 // nothing new
	} else {
		// Seen in the corner of the eye: less of the truth, and uncertain.
		clear /= 1 + amplitude/acuityHalf
		w += promiseWeight * (clear*u + (1-clear)*0.2 + previewNoise*e.rng.NormFloat64())
	}
	if s.legs.goal == v.Slot && s.legs.mode != strolling {
		w += goalWeight
	}
	if s.plan.Slots[v.Slot].Kind == plan.Feature {
		w += aloneWeight
	}
	s.taste.sate(v.Item, t, satiateSeen*clear, 0)
	return w + gumbel(e.rng)
}

func gumbel(r *rand.Rand) float64 { return -math.Log(r.ExpFloat64() + 1e-300) }

// lookAside looks at no item: ahead on the way, at signs, people, the sky.
func (s *Shopper) lookAside(t float64, head world.Pose, ahead bool) {
	e := &s.eyes
	e.item, e.slot = world.NoItem, world.NoSlot
	yaw, pitch := head.YawPitch()
	if ahead {
		// Eyes reach no further than this at once; the head then goes on.
		yaw += max(-0.6, min(0.6, math.Remainder(s.legs.heading-yaw, 2*math.Pi)))
	}
	yaw += 0.17 * e.rng.NormFloat64()
	pitch = 0.5*pitch + 0.07*e.rng.NormFloat64()
	at := world.Upright(head.Pos, yaw, max(-0.7, min(0.5, pitch)))
	s.jump(t, head, r3.Add(head.Pos, r3.Scale(6, at.Ahead())))
}

// spotOn is a place on the target round a point on it, mostly inside its silhouette.
func (s *Shopper) spotOn(head world.Pose, centre r3.Vec, spread float64) r3.Vec {
	e := &s.eyes
	ahead := r3.Unit(r3.Sub(centre, head.Pos))
	right := r3.Unit(r3.Cross(ahead, r3.Vec{Y: 1}))
	up := r3.Cross(right, ahead)
	off := func(half float64) float64 {
		return e.distance * math.Tan(min(0.6, half)*max(-0.8, min(0.8, spread*e.rng.NormFloat64())))
	}
	c := s.centreOfTarget(centre)
	return r3.Add(c, r3.Add(r3.Scale(off(e.half[0]), right), r3.Scale(off(e.half[1]), up)))
}

// centreOfTarget is the middle of the item looked at; fallback where nothing is.
func (s *Shopper) centreOfTarget(fallback r3.Vec) r3.Vec {
	e := &s.eyes
	if e.item == world.NoItem {
		return fallback
	}
	return s.plan.SlotItemCentre(e.slot, e.item)
}

// jump begins a saccade to a point; it lands a little off, more so when far.
func (s *Shopper) jump(t float64, head world.Pose, point r3.Vec) {
	e := &s.eyes
	e.from, e.phase, e.began = e.dir, jumping, t
	aim := r3.Unit(r3.Sub(point, head.Pos))
	amplitude := math.Acos(max(-1, min(1, r3.Dot(e.from, aim))))
	miss := 0.04 * amplitude * r3.Norm(r3.Sub(point, head.Pos))
	e.point = r3.Add(point, r3.Vec{X: miss * e.rng.NormFloat64(), Y: miss * e.rng.NormFloat64(), Z: miss * e.rng.NormFloat64()})
	e.ends = t + saccadeBase + saccadePerDeg*amplitude*180/math.Pi
}

// endVisit closes the visit and leaves it to be weighed.
func (s *Shopper) endVisit(t float64) {
	e := &s.eyes
	if e.visit > 0 {
		e.met[e.item] = float32(max(0, t))
		s.taste.sate(e.item, t, satiateVisit*min(1, e.visit), satiateKind*min(1, e.visit))
		e.finished = finishedVisit{item: e.item, slot: e.slot, dwell: e.visit, distance: e.distance, felt: e.felt}
		s.consider(t)
	}
	e.item, e.slot, e.visit = world.NoItem, world.NoSlot, 0
}
