package attention

import (
	"math"

	"gonum.org/v1/gonum/num/quat"

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

// goodViews is views without those that cannot be true: the same slice where
// all can, else a copy.
func (e *Engine) goodViews(views []plan.View) []plan.View {
	for i := range views {
		if e.goodView(&views[i]) {
			continue
		}
		e.views = append(e.views[:0], views[:i]...)
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
