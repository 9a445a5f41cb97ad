package plan

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
)

// StallView is a stall of which something may be in view: what a renderer
// draws, where [View] is what a visitor can attend to.
type StallView struct {
	Stall    int32   // row in Plan.Stalls
	Open     bool    // its front, and so its goods, may be in view
	Distance float32 // metres along the ground from the eye to the nearest point of its box
}

// Stalls appends the stalls of which something may be in view from the pose
// through the lens, out to lens.Far, near ones first. overhang is how far a roof
// reaches out of the stall's front, metres: a roof that shows from behind other
// stalls counts.
//
// It errs on the side of naming a stall that is hidden: what is left out is
// behind other stalls as [Viewer.Visible] understands hiding, to a direction's width of
// some 0.03°. An eye above the roofs sees every stall in its field of view. It
// does not allocate once dst and the working memory have grown.
func (v *Viewer) Stalls(dst []StallView, pose world.Pose, lens world.Lens, overhang float64) []StallView {
	c := &v.cam
	if !c.aim(pose, lens) {
		return dst
	}
	v.turnFaces()
	v.gather()
	from := len(dst)
	if c.eye.Y >= StallHeight {
		for _, s := range v.near {
			dst = append(dst, v.stallView(s, true))
		}
	} else {
		v.draw()
		v.markWalls()
		for _, s := range v.near {
			switch {
			case v.seen[s] == v.stamp || s == v.inside:
				dst = append(dst, v.stallView(s, true))
			case v.walls[s] == v.stamp || v.roofShows(s, overhang):
				dst = append(dst, v.stallView(s, false))
			}
		}
	}
	sortViews(dst[from:])
	return dst
}

// markWalls marks the stalls that are the nearest thing in some direction.
func (v *Viewer) markWalls() {
	if v.walls == nil {
		v.walls = make([]uint32, len(v.p.Stalls))
	}
	for i := range v.faces {
		f := &v.faces[i]
		if !f.used {
			continue
		}
		last := int32(-1)
		for _, w := range f.what {
			if w != last && w >= 0 {
				v.walls[w>>1] = v.stamp
			}
			last = w
		}
	}
}

// roofShows says whether some of the edge of a roof that reaches out over the
// aisle is free of what stands before it.
func (v *Viewer) roofShows(s int32, overhang float64) bool {
	if overhang <= 0 {
		return false
	}
	st := &v.p.Stalls[s]
	out := -overhang // a front at smaller z
	f := st.Front()
	if math.Cos(st.Yaw) < 0 {
		out = overhang
	}
	const points = 6
	for k := range points + 1 {
		x := st.Box.Min.X + (st.Box.Max.X-st.Box.Min.X)*float64(k)/points
		if v.columnFree(x-v.cam.eye.X, f.Z+out-v.cam.eye.Z, -1) {
			return true
		}
	}
	return false
}

func (v *Viewer) stallView(s int32, open bool) StallView {
	b, e := &v.p.Stalls[s].Box, v.cam.eye
	x, z := max(0, b.Min.X-e.X, e.X-b.Max.X), max(0, b.Min.Z-e.Z, e.Z-b.Max.Z)
	return StallView{Stall: s, Open: open, Distance: float32(r3.Norm(r3.Vec{X: x, Z: z}))}
}

// sortViews sorts by distance, then by row.
func sortViews(a []StallView) {
	slices.SortFunc(a, func(x, y StallView) int {
		return cmp.Or(cmp.Compare(x.Distance, y.Distance), cmp.Compare(x.Stall, y.Stall))
	})
}

// Pedestals appends the feature slots within reach metres of the eye that may
// be in view of the pose and lens of the last call of [Viewer.Stalls] or
// [Viewer.Visible], in no order: what stalls hide wholly is left out.
func (v *Viewer) Pedestals(dst []world.SlotIndex, reach float64) []world.SlotIndex {
	c := &v.cam
	for _, i := range v.feats {
		q := v.p.Slots[i].Pos
		x, z := q.X-c.eye.X, q.Z-c.eye.Z
		d := math.Hypot(x, z)
		if d > reach || !v.touches(x, z, PedestalWidth) {
			continue
		}
		sx, sz := -z/max(d, .1)*PedestalWidth/2, x/max(d, .1)*PedestalWidth/2
		if c.eye.Y >= StallHeight || d < 1 || v.columnFree(x, z, -1) || v.columnFree(x+sx, z+sz, -1) || v.columnFree(x-sx, z-sz, -1) {
			dst = append(dst, i)
		}
	}
	return dst
}
