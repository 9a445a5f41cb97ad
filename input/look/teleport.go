package look

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

// Reach is how far a teleport carries at most, along the ground, metres.
const Reach = 8.0

// nearest is metres below which a teleport is no journey.
const nearest = 0.6

// The arc is thrown from below the eyes and falls as a ball would: fast enough
// to come Reach far at its best angle over level ground.
const (
	handBelow = 0.28 // metres under the eyes
	handAside = 0.16 // and to the right, so that the arc is seen from the side
	gravity   = 9.81
	stretch   = 0.04 // seconds between two points of the arc
)

// ArcPoints bounds the points of an arc.
const ArcPoints = 64

// The times of the fade, seconds: out, and in again at the other place.
const (
	fadeOut = 0.12
	fadeIn  = 0.20
)

// Arc is where a teleport would lead.
type Arc struct {
	Points [ArcPoints]r3.Vec // from the hand to the ground or to what is in the way
	N      int               // of them
	Target r3.Vec            // on the ground (y = 0)
	Valid  bool              // one may go there
}

// Aim throws the arc from the eyes along a direction (a unit vector). walkable says whether a
// body may stand at a place of the ground. What stands in the way stops the
// arc, and the target is the last place before it where one can stand. It
// does not allocate.
func (a *Arc) Aim(eye, dir r3.Vec, walkable func(r3.Vec) bool) {
	*a = Arc{}
	flat := math.Hypot(dir.X, dir.Z)
	if flat < 1e-6 {
		return
	}
	right := r3.Vec{X: -dir.Z / flat, Z: dir.X / flat}
	from := r3.Add(eye, r3.Scale(handAside, right))
	from.Y -= handBelow
	// It leaves the hand towards where the eyes look, 6 m ahead.
	speed := math.Sqrt(gravity * (math.Hypot(from.Y, Reach) - from.Y))
	v := r3.Scale(speed, r3.Unit(r3.Sub(r3.Add(eye, r3.Scale(6, dir)), from)))
	ground := func(p r3.Vec) r3.Vec { return r3.Vec{X: p.X, Z: p.Z} }
	for i := range ArcPoints {
		t := stretch * float64(i)
		p := r3.Add(from, r3.Scale(t, v))
		p.Y -= gravity * t * t / 2
		landed := p.Y <= 0
		if landed && i > 0 { // to the ground, not under it
			q := a.Points[i-1]
			p = r3.Add(q, r3.Scale(q.Y/(q.Y-p.Y), r3.Sub(p, q)))
			p.Y = 0
		}
		if i > 0 && !walkable(ground(p)) {
			break
		}
		a.Points[i], a.N, a.Target = p, i+1, ground(p)
		if landed {
			break
		}
	}
	way := math.Hypot(a.Target.X-eye.X, a.Target.Z-eye.Z)
	a.Valid = a.N > 1 && way >= nearest && way <= Reach && walkable(a.Target)
}

// Teleport goes to a place at once: a button is held to aim and let go of to
// go. The zero value is at rest.
type Teleport struct {
	Arc
	aiming bool
	to     r3.Vec
	phase  float64 // seconds since the fade began
	going  bool
	gone   bool // the body is there already
}

// Aiming says whether the arc is to be shown.
func (t *Teleport) Aiming() bool { return t.aiming }

// Cancel lets go without going.
func (t *Teleport) Cancel() { t.aiming = false }

// Step takes the button and the eyes for the next dt seconds. It returns a place of the ground
// and true once when the body is to be there. With a fade that is when
// everything is dark; without, when the button is let go of. While it fades, nothing is aimed.
func (t *Teleport) Step(dt float64, held, fade bool, eye, dir r3.Vec, walkable func(r3.Vec) bool) (to r3.Vec, move bool) {
	if t.going {
		t.phase += dt
		if !t.gone && t.phase >= fadeOut {
			t.gone = true
			return t.to, true
		}
		if t.phase >= fadeOut+fadeIn {
			t.going = false
		}
		return r3.Vec{}, false
	}
	if held {
		t.aiming = true
		t.Aim(eye, dir, walkable)
		return r3.Vec{}, false
	}
	if !t.aiming {
		return r3.Vec{}, false
	}
	t.aiming = false
	if !t.Valid {
		return r3.Vec{}, false
	}
	t.to = t.Target
	if !fade {
		return t.to, true
	}
	t.going, t.gone, t.phase = true, false, 0
	return r3.Vec{}, false
}

// Dark is how dark the view is, in [0,1]: 1 when the body is moved.
func (t *Teleport) Dark() float64 {
	switch {
	case !t.going:
		return 0
	case !t.gone:
		return min(1, t.phase/fadeOut)
	}
	return max(0, 1-(t.phase-fadeOut)/fadeIn)
}

// Teleporting says whether the hands hold what aims a teleport.
func (s *State) Teleporting() bool {
	return s.mode < Modal && (s.held[KeyG] || s.pad.Down[PadLeftTrigger])
}
