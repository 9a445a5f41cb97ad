package shopper

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/input"
	"souk/world"
)

const (
	walkSpeed     = 1.2 // metres per second, of a stroll
	arriveNear    = 0.35
	neckFree      = 9 * math.Pi / 180   // the eyes reach this far before the head follows
	neckRate      = 4.0                 // of what is left, per second
	neckMax       = 140 * math.Pi / 180 // per second
	stuckAfter    = 1.5                 // seconds without getting on
	reapproach    = 45.0                // seconds before the same slot is walked to again
	browseByTaste = 0.45                // how often one goes where the sign says what one likes, rather than on
)

type mode uint8

const (
	strolling mode = iota
	approaching
	standing // before what was walked to
)

// legs take the person through the market.
type legs struct {
	// rng draws destinations alone, so that a person has the same tour in mind
	// whatever stands on the pedestals: that is what makes paired comparisons sharp.
	rng      *rand.Rand
	mode     mode
	goal     world.SlotIndex // walked to, or stood before
	way      []r3.Vec
	at       int // next way point
	heading  float64
	dest     r3.Vec  // of the stroll, kept through approaches
	bound    bool    // dest means something
	leave    float64 // when standing ends
	patience float64 // until when an approach may take

	visited     [8]world.SlotIndex // lately approached
	visitedAt   [8]float64
	visitedNext int

	lastPos   r3.Vec
	lastMoved float64
}

func (l *legs) init(r *rand.Rand) {
	l.rng = r
	l.goal = world.NoSlot
	l.way = make([]r3.Vec, 0, 256)
	for i := range l.visited {
		l.visited[i] = world.NoSlot
	}
}

// examining says whether the person stands before the slot to look at it closely.
func (l *legs) examining(slot world.SlotIndex) bool { return l.mode == standing && l.goal == slot }

func (l *legs) lately(slot world.SlotIndex, t float64) bool {
	for i, s := range l.visited {
		if s == slot && t-l.visitedAt[i] < reapproach {
			return true
		}
	}
	return false
}

// approach sets out for a slot.
func (s *Shopper) approach(t float64, slot world.SlotIndex) {
	l := &s.legs
	l.mode, l.goal = approaching, slot
	l.way, l.at = l.way[:0], 0 // found in walk, which knows where the body is
	l.patience = t + 15
	l.visited[l.visitedNext], l.visitedAt[l.visitedNext] = slot, t
	l.visitedNext = (l.visitedNext + 1) % len(l.visited)
}

// stroll goes on through the aisles.
func (s *Shopper) stroll() {
	s.legs.mode, s.legs.goal = strolling, world.NoSlot
	s.legs.way, s.legs.at = s.legs.way[:0], 0
}

// walk is the body's will for the next dt seconds.
func (s *Shopper) walk(t, dt float64, head world.Pose) input.Motion {
	l := &s.legs
	yaw, _ := head.YawPitch()
	m := s.turn(dt, head)
	if l.mode == standing {
		if t < l.leave {
			return m
		}
		s.stroll()
	}
	if l.mode == approaching && t > l.patience {
		s.stroll()
	}
	if r3.Norm(r3.Sub(head.Pos, l.lastPos)) > 0.15 {
		l.lastPos, l.lastMoved = head.Pos, t
	}
	speed := s.speed()
	if speed < 0.3 {
		l.lastMoved = t
	}
	if t-l.lastMoved > stuckAfter {
		l.bound = l.mode != strolling && l.bound
		s.stroll()
		l.lastMoved = t
	}
	if l.at >= len(l.way) {
		s.findWay(head)
	}
	for l.at < len(l.way) && flat(r3.Sub(l.way[l.at], head.Pos)) < arriveNear {
		l.at++
	}
	if l.at >= len(l.way) {
		if l.mode == approaching {
			l.mode, l.leave = standing, t+s.examineTime()
		} else {
			l.bound = false // arrived; on to somewhere else
		}
		return m
	}
	to := r3.Sub(l.way[l.at], head.Pos)
	l.heading = math.Atan2(-to.X, -to.Z)
	step := min(speed*dt, flat(to))
	sin, cos := math.Sincos(l.heading - yaw)
	m.Forward, m.Right = step*cos, -step*sin
	return m
}

func flat(v r3.Vec) float64 { return math.Hypot(v.X, v.Z) }

// speed is slower, or nought, while something holds the eyes.
func (s *Shopper) speed() float64 {
	if s.legs.mode == approaching {
		return walkSpeed
	}
	e := &s.eyes
	if e.item == world.NoItem {
		return walkSpeed
	}
	switch {
	case e.visit > 0.7:
		return 0
	case e.felt > 0.45:
		return 0.5 * walkSpeed
	}
	return walkSpeed
}

// examineTime is how long the person stands before what was walked to.
func (s *Shopper) examineTime() float64 {
	return 2.2 * math.Exp(0.4*s.choice.NormFloat64())
}

// findWay plans the next walk: to the goal, or on with the stroll.
func (s *Shopper) findWay(head world.Pose) {
	l := &s.legs
	l.at = 0
	if l.mode == approaching {
		p := s.plan.Approach(l.goal)
		l.way = s.plan.Path(l.way[:0], head.Pos, p.Pos)
		return
	}
	if !l.bound {
		l.dest, l.bound = s.destination(head.Pos)
	}
	l.way = l.way[:0]
	if l.bound {
		l.way = s.plan.Path(l.way, head.Pos, l.dest)
	}
}

// destination draws where to go next: on to an aisle that is near, or off to
// one whose sign promises something.
func (s *Shopper) destination(from r3.Vec) (to r3.Vec, ok bool) {
	aisles := s.plan.Aisles
	if len(aisles) == 0 {
		return to, false
	}
	r := s.legs.rng
	liked := r.Float64() < browseByTaste
	best, draw := 0, math.Inf(-1)
	for i := range aisles {
		a := &aisles[i]
		away := flat(r3.Sub(r3.Scale(0.5, r3.Add(a.From, a.To)), from))
		w := -away / 12
		if liked {
			w = 1.2*s.taste.kind(s.plan.Districts[a.District].Category) - away/40
		}
		if w += gumbel(r); w > draw {
			best, draw = i, w
		}
	}
	a := &aisles[best]
	return r3.Add(a.From, r3.Scale(r.Float64(), r3.Sub(a.To, a.From))), true
}

// kind is how much the person cares for what a district sells.
func (u *taste) kind(root world.CategoryIndex) float64 {
	if root < 0 || int(root) >= u.crowd.roots {
		return 0
	}
	return float64(u.prefs[u.crowd.layout.root+int(root)])
}

// turn lets the head follow the eyes: they lead, and it makes up most of what
// is beyond the comfortable reach.
func (s *Shopper) turn(dt float64, head world.Pose) input.Motion {
	yaw, pitch := head.YawPitch()
	d := s.eyes.dir
	if s.eyes.phase == jumping {
		d = r3.Unit(r3.Sub(s.eyes.point, head.Pos))
	}
	dy := math.Remainder(math.Atan2(-d.X, -d.Z)-yaw, 2*math.Pi)
	dp := math.Asin(max(-1, min(1, d.Y))) - pitch
	rate := func(off, free, limit float64) float64 {
		over := off - max(-free, min(free, off))
		return max(-limit, min(limit, neckRate*over)) * dt
	}
	return input.Motion{Yaw: rate(dy, neckFree, neckMax), Pitch: rate(dp, 0.8*neckFree, neckMax/2)}
}
