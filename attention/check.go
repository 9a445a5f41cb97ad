package attention

import (
	"math"

	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
	"souk/world/plan"
)

// Rejected counts what the engine was told and could not believe, and ignored.
type Rejected struct {
	Frames  uint64 // time is no number, absurd, or went back: the whole frame (but for Erase)
	Poses   uint64 // head or lens is none: the frame's samples and views
	Samples uint64 // single samples: time or direction is none
	Views   uint64 // single views: an item or slot that the market does not have, or an impossible number
	Actions uint64 // single actions: time or item is none, or the kind is no deed
}

// Total is the sum of all.
func (r Rejected) Total() uint64 { return r.Frames + r.Poses + r.Samples + r.Views + r.Actions }

func finite(v float64) bool { return v-v == 0 }

// goodPose says whether the head is a place and a rotation.
func goodPose(p world.Pose) bool {
	n := quat.Abs(p.Rot)
	return finite(p.Pos.X) && finite(p.Pos.Y) && finite(p.Pos.Z) && n > 0.99 && n < 1.01
}

func goodLens(l world.Lens) bool {
	return l.FovY > 0 && l.FovY < math.Pi && l.Aspect > 0 && l.Far > 0 && finite(l.Aspect) && !math.IsNaN(l.Far)
}

// goodView says whether a view can be true of the market.
func (e *Engine) goodView(v *plan.View) bool {
	if v.Slot < 0 || int(v.Slot) >= len(e.holding) || v.Item < world.NoItem || int(v.Item) >= len(e.flags) {
		return false
	}
	n := v.Dir[0]*v.Dir[0] + v.Dir[1]*v.Dir[1] + v.Dir[2]*v.Dir[2]
	return n > 0.98 && n < 1.02 &&
		v.HalfWidth >= 0 && v.HalfWidth <= math.Pi && v.HalfHeight >= 0 && v.HalfHeight <= math.Pi &&
		v.SolidAngle >= 0 && v.SolidAngle <= 4*math.Pi && v.Eccentricity >= 0 && v.Eccentricity <= math.Pi+1e-3 &&
		v.Distance >= 0 && finite(float64(v.Distance)) && v.Occluded >= 0 && v.Occluded <= 1
}

// parallax is how far a view may be out before all are aimed anew, as the
// square of an angle in radians: a tenth of a degree.
const parallax = 3e-6

// aim turns the views to where things are seen from now, if they were worked
// out from another place: a client may work out visibility every few frames
// only, and in a tenth of a second a walker's shelf has moved by some degrees.
// What is in view, how large and how hidden, stays as it was.
func (e *Engine) aim(views []plan.View, eye r3.Vec) []plan.View {
	if len(views) == 0 {
		return views
	}
	near := &views[0]
	for i := range views {
		if views[i].Distance < near.Distance {
			near = &views[i]
		}
	}
	d := e.toward(near, eye)
	out := [3]float32{d[0] - near.Dir[0], d[1] - near.Dir[1], d[2] - near.Dir[2]}
	if out[0]*out[0]+out[1]*out[1]+out[2]*out[2] < parallax {
		return views
	}
	if len(e.views) == 0 { // goodViews has not copied them
		e.views = append(e.views, views...)
	}
	for i := range e.views {
		e.views[i].Dir = e.toward(&e.views[i], eye)
	}
	return e.views
}

// toward is the direction of what a view shows, from the eye.
func (e *Engine) toward(v *plan.View, eye r3.Vec) [3]float32 {
	d := r3.Sub(e.plan.SlotItemCentre(v.Slot, v.Item), eye)
	n := r3.Norm(d)
	if !(n > 1e-3) {
		return v.Dir
	}
	return [3]float32{float32(d.X / n), float32(d.Y / n), float32(d.Z / n)}
}

// goodViews is views without those that cannot be true: the same slice where
// all can, else a copy.
func (e *Engine) goodViews(views []plan.View) []plan.View {
	e.views = e.views[:0]
	for i := range views {
		if e.goodView(&views[i]) {
			continue
		}
		e.views = append(e.views, views[:i]...)
		e.rejected.Views++
		for j := i + 1; j < len(views); j++ {
			if e.goodView(&views[j]) {
				e.views = append(e.views, views[j])
			} else {
				e.rejected.Views++
			}
		}
		return e.views
	}
	return views
}
