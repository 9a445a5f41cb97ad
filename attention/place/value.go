package place

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
	"souk/world/plan"
)

// What a slot is worth: the attention that an average item in it may expect.
// The forms are saturating or falling as the literature has them, the
// constants are choices: they order slots, they do not predict seconds.
const (
	fullSize    = 0.0076 // sr: a 5° × 5° item is noticed with 1 − 1/e
	fallOff     = 0.35   // rad: σ of the fall-off with eccentricity, 20°
	legibleAt   = 0.035  // rad: the height at which half of the sign can be read, 2°
	comeTime    = 6.0    // s: how soon a pedestal ahead must come to count
	strollSpeed = 1.2    // m/s: assumed of who stands still
	behind      = 0.15   // what a pedestal behind the walker is worth of one ahead
)

// attention is the expected attention of a slot in [0,1].
//
// In view: noticed by size (the solid angle is of the visible part, so
// occlusion is in it), falling with the distance from the view's centre
// (people look at the middle first: Tatler 2007), and by how far its sign can be read. Both in view
// and not: more if it lies ahead on the walker's way, for then it grows.
func (p *Placer) attention(in Input, n *slotNow) float64 {
	to := r3.Sub(p.plan.SlotItemCentre(n.slot, n.item), in.Head.Pos)
	to.Y = 0
	distance := r3.Norm(to)
	ahead := 1.0
	if distance > 0.5 {
		c := r3.Dot(to, p.walk.way(in.Head)) / distance
		ahead = behind + (1-behind)*(1+c)/2
	}
	if n.view >= 0 {
		v := &in.Visible[n.view]
		size := 1 - math.Exp(-float64(v.SolidAngle)/fullSize)
		e := float64(v.Eccentricity) / fallOff
		h := 2 * float64(v.HalfHeight)
		legible := h / (h + legibleAt)
		now := size * math.Exp(-e*e/2) * legible
		return max(now, p.soon(distance)) * ahead
	}
	return p.soon(distance) * ahead
}

// soon is the attention that a pedestal may expect when the walker gets there.
func (p *Placer) soon(distance float64) float64 {
	speed := max(p.walk.speed(), strollSpeed)
	return 0.5 * math.Exp(-distance/(speed*comeTime))
}

// comfortable says whether the slot may show item from now on without a change
// near the gaze: the silhouettes of what stands there and of what comes are
// farther than MinAngle from it, or outside the view altogether.
//
// A slot that is not among the visible ones is judged in the same way unless it
// lies outside the view's cone: what hides it now may not hide a larger item.
func (p *Placer) comfortable(in Input, gaze r3.Vec, n *slotNow, item world.ItemIndex) bool {
	if n.view >= 0 {
		v := &in.Visible[n.view]
		if angle(gaze, viewDir(v))-float64(max(v.HalfWidth, v.HalfHeight)) <= p.cfg.MinAngle {
			return false
		}
	}
	to, half, nearest, ok := p.ball(in, n.slot, item)
	switch {
	case !ok:
		return false
	case nearest > in.Lens.Far, n.view < 0 && beyondCone(in, to, half):
		return true
	}
	return angle(gaze, to)-half > p.cfg.MinAngle
}

// outside says whether an empty pedestal in the slot lies outside the view's
// cone or beyond its end.
func (p *Placer) outside(in Input, slot world.SlotIndex) bool {
	to, half, nearest, ok := p.ball(in, slot, world.NoItem)
	return ok && (nearest > in.Lens.Far || beyondCone(in, to, half))
}

// ball is how the sphere around an item in a slot lies to the eye: the unit
// vector to its middle, its half angle and the distance of its nearest point.
// ok is false where the eye is inside it.
func (p *Placer) ball(in Input, slot world.SlotIndex, item world.ItemIndex) (to r3.Vec, half, nearest float64, ok bool) {
	to = r3.Sub(p.plan.SlotItemCentre(slot, item), in.Head.Pos)
	distance := r3.Norm(to)
	radius := p.radius(slot, item)
	if distance <= radius {
		return to, 0, 0, false
	}
	return r3.Scale(1/distance, to), math.Asin(radius / distance), distance - radius, true
}

// beyondCone says whether a ball lies outside the cone around the view.
func beyondCone(in Input, to r3.Vec, half float64) bool {
	return angle(in.Head.Ahead(), to)-half > halfDiagonal(in.Lens)
}

// emptyRadius is of the sphere around what an empty pedestal counts for in a view, metres.
const emptyRadius = 0.26

// radius is of the sphere around the item in the slot, metres: no silhouette is larger.
func (p *Placer) radius(slot world.SlotIndex, item world.ItemIndex) float64 {
	if item == world.NoItem {
		return emptyRadius
	}
	return r3.Norm(p.plan.ItemSize(slot, item)) / 2
}

// walk follows where the visitor goes.
type walk struct {
	t     float64
	pos   r3.Vec
	vel   r3.Vec // metres per second on the ground, smoothed
	known bool
}

// step takes in a head position. The velocity is smoothed over 0.3 s, so that
// a step aside does not count as a way.
func (w *walk) step(t float64, head world.Pose) {
	const smooth = 0.3
	if dt := t - w.t; w.known && dt > 0 {
		v := r3.Scale(1/dt, r3.Sub(head.Pos, w.pos))
		v.Y = 0
		if r3.Norm(v) < 20 { // faster is a jump, not a walk
			w.vel = r3.Add(w.vel, r3.Scale(1-math.Exp(-dt/smooth), r3.Sub(v, w.vel)))
		} else {
			w.vel = r3.Vec{}
		}
	}
	w.t, w.pos, w.known = t, head.Pos, true
}

func (w *walk) speed() float64 { return r3.Norm(w.vel) }

// way is the unit vector on the ground along which the visitor goes; who
// stands goes where the view points.
func (w *walk) way(head world.Pose) r3.Vec {
	d := w.vel
	if r3.Norm(d) < 0.2 {
		d = head.Ahead()
		d.Y = 0
	}
	if n := r3.Norm(d); n > 1e-9 {
		return r3.Scale(1/n, d)
	}
	return r3.Vec{Z: -1}
}

// angle between two unit vectors, radians. By atan2 rather than acos: exact
// for small angles too.
func angle(a, b r3.Vec) float64 { return math.Atan2(r3.Norm(r3.Cross(a, b)), r3.Dot(a, b)) }

func viewDir(v *plan.View) r3.Vec {
	return r3.Vec{X: float64(v.Dir[0]), Y: float64(v.Dir[1]), Z: float64(v.Dir[2])}
}

// halfDiagonal is the angle between the view's axis and its corner, radians.
func halfDiagonal(l world.Lens) float64 {
	return math.Atan(math.Tan(l.FovY/2) * math.Hypot(1, l.Aspect))
}
