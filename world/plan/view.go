package plan

import (
	"math"

	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
)

// View is a slot that is in view, and how: what exposure means in Souk.
type View struct {
	Slot world.SlotIndex
	Item world.ItemIndex // what the slot holds; NoItem for an empty pedestal
	// Dir is the unit vector from the eye to the middle of the item, world frame.
	Dir [3]float32
	// HalfWidth and HalfHeight are the half extents of the item's silhouette
	// as an upright ellipse, radians.
	HalfWidth, HalfHeight float32
	SolidAngle            float32 // steradians of the visible part
	Eccentricity          float32 // angle between Dir and the view's axis, radians
	Distance              float32 // metres from the eye to the middle of the item
	Occluded              float32 // part hidden by stalls and by the view's edge, in [0,1)
}

// MinSolidAngle is the smallest visible part of an item that counts as in
// view, steradians: a disc of 0.2°, three pixels or so of a desktop's screen. The largest thing of
// the market shrinks to it at some 220 m.
const MinSolidAngle = 1e-5

// columns is the number of vertical slices into which a silhouette is cut to
// see how much of it is hidden; rows, the points along each where the view's
// edge may cut it.
const (
	columns = 16
	rows    = 8
)

// columnAt are the middles (by area) of slices of equal area of the unit disc.
var columnAt = func() (at [columns]float64) {
	for k := range at {
		want := (float64(k) + .5) / columns
		lo, hi := -1.0, 1.0
		for range 60 { // the area left of u is 1/2 + (u√(1−u²) + asin u)/π
			u := (lo + hi) / 2
			if .5+(u*math.Sqrt(1-u*u)+math.Asin(u))/math.Pi < want {
				lo = u
			} else {
				hi = u
			}
		}
		at[k] = lo
	}
	return at
}()

// Viewer answers what is visible. It keeps working memory: make one for each
// goroutine, with [Plan.NewViewer].
type Viewer struct {
	p      *Plan
	shown  []shown
	faces  [4]face
	near   []int32 // stalls in reach of the view
	seen   []uint32
	stamp  uint32
	walls  []uint32 // as seen, of the stalls that are the nearest thing in some direction
	inside int32    // the stall that the eye is in; −1 for none
	open   []int32
	feats  []world.SlotIndex
	cam    camera
}

// shown is a shelf's item as the viewer needs it.
type shown struct {
	c       r3.Vec  // middle
	w, h, d float64 // half extents, squared
}

// NewViewer makes a viewer of the plan.
func (p *Plan) NewViewer() *Viewer {
	v := &Viewer{p: p, shown: make([]shown, p.firstFeature), seen: make([]uint32, len(p.Stalls))}
	for i := range v.shown {
		s := p.sizes[i]
		c := p.Slots[i].Pos
		c.Y += s.Y / 2
		v.shown[i] = shown{c, s.X * s.X / 4, s.Y * s.Y / 4, s.Z * s.Z / 4}
	}
	return v
}

// camera is a pose and lens taken apart.
type camera struct {
	eye, right, up, ahead r3.Vec
	tx, ty                float64 // tangents of the half angles
	kx, ky                float64 // √(1+tan²), to turn a depth into a distance from the view's edge
	far                   float64
	fx, fz                float64 // where the view looks on the ground, a unit vector
}

// aim takes the pose and the lens; false where they are not of this world.
func (c *camera) aim(pose world.Pose, lens world.Lens) bool {
	n := quat.Abs(pose.Rot)
	finite := n + math.Abs(pose.Pos.X) + math.Abs(pose.Pos.Y) + math.Abs(pose.Pos.Z)
	if !(n > 1e-9) || math.IsInf(finite, 0) || math.IsNaN(finite) || !(lens.FovY > 0 && lens.FovY < math.Pi) || !(lens.Aspect > 0) || !(lens.Far > 0) {
		return false
	}
	pose.Rot = quat.Scale(1/n, pose.Rot)
	c.eye, c.right, c.up, c.ahead = pose.Pos, pose.Rotate(r3.Vec{X: 1}), pose.Rotate(r3.Vec{Y: 1}), pose.Ahead()
	c.ty = math.Tan(lens.FovY / 2)
	c.tx = c.ty * lens.Aspect
	c.kx, c.ky = math.Hypot(1, c.tx), math.Hypot(1, c.ty)
	c.far = lens.Far
	return true
}

// Visible appends what is in view from the pose through the lens, in
// ascending order of slots: items in stalls that are seen through the stall's open front,
// and pedestals, empty ones too. The holding says what stands where (see
// NewHolding); of shelves, the plan's own item counts.
//
// Stalls hide what is behind and beside them; items and pedestals hide
// nothing. A stall hides its own items but through its front; one that the eye
// is in hides nothing. Not in view is what is farther than lens.Far, or of whose
// silhouette less than [MinSolidAngle] is left. A pose or lens that is not
// finite, or a zero rotation, sees nothing.
//
// How: every stall is as high as the others and every item lower, so seen
// from an eye below the roofs hiding is a matter of the ground plan alone: the
// fronts and walls are drawn into a line of depths, as a screen one pixel high
// would be, and each slice of a silhouette looks up its own. From above the roofs each slice is
// a ray in space instead, which is exact too, but slow.
//
// It does not allocate once dst and the working memory have grown.
func (v *Viewer) Visible(dst []View, holding []world.ItemIndex, pose world.Pose, lens world.Lens) []View {
	c := &v.cam
	if len(holding) < len(v.p.Slots) || !c.aim(pose, lens) {
		return dst
	}
	v.turnFaces()
	v.gather()
	low := c.eye.Y < StallHeight
	if low {
		v.draw()
	} else {
		v.open = append(v.open[:0], v.near...)
	}
	sortSlots(v.open)
	sortSlots(v.feats)
	for _, s := range v.open {
		st := &v.p.Stalls[s]
		for i := st.FirstSlot; i < st.FirstSlot+world.SlotIndex(st.Slots); i++ {
			if view, ok := v.look(&v.shown[i], 0, 1, s, low); ok {
				view.Slot, view.Item = i, v.p.Slots[i].Item
				dst = append(dst, view)
			}
		}
	}
	for _, i := range v.feats {
		s := emptySize * emptySize / 4
		sh := shown{v.p.SlotItemCentre(i, holding[i]), s, s, s}
		if holding[i] != world.NoItem {
			z := v.p.ItemSize(i, holding[i])
			sh.w, sh.h, sh.d = z.X*z.X/4, z.Y*z.Y/4, z.Z*z.Z/4
		}
		sin, cos := math.Sincos(v.p.Slots[i].Yaw)
		if view, ok := v.look(&sh, sin, cos, -1, low); ok {
			view.Slot, view.Item = i, holding[i]
			dst = append(dst, view)
		}
	}
	return dst
}

// look says how one item is seen: its silhouette is that of the ellipsoid in
// its box (sin and cos are of the slot's yaw), taken as an upright ellipse
// square to the line of sight.
func (v *Viewer) look(s *shown, sin, cos float64, own int32, low bool) (View, bool) {
	c := &v.cam
	dx, dy, dz := s.c.X-c.eye.X, s.c.Y-c.eye.Y, s.c.Z-c.eye.Z
	z := dx*c.ahead.X + dy*c.ahead.Y + dz*c.ahead.Z
	d2 := dx*dx + dy*dy + dz*dz
	if d2 > c.far*c.far || d2 < 1e-4 {
		return View{}, false
	}
	x := dx*c.right.X + dy*c.right.Y + dz*c.right.Z
	y := dx*c.up.X + dy*c.up.Y + dz*c.up.Z
	big := s.w + s.h + s.d // squared radius of a ball around the item
	edgeX, edgeY := c.tx*z-math.Abs(x), c.ty*z-math.Abs(y)
	if edgeX < 0 && edgeX*edgeX > big*c.kx*c.kx || edgeY < 0 && edgeY*edgeY > big*c.ky*c.ky || z < 0 && z*z > big {
		return View{}, false
	}
	// The silhouette, half extents in metres.
	h2 := max(dx*dx+dz*dz, 1e-8)
	f := dx*sin + dz*cos
	facing := f * f / h2
	rw2 := s.w*facing + s.d*(1-facing)
	rd2 := s.w*(1-facing) + s.d*facing
	rh2 := (s.h*h2 + rd2*dy*dy) / d2
	solid := math.Pi * math.Sqrt(rw2*rh2) / d2
	if solid < MinSolidAngle {
		return View{}, false
	}
	d, h := math.Sqrt(d2), math.Sqrt(h2)
	rw, rh := math.Sqrt(rw2), math.Sqrt(rh2)
	e := ellipse{at: r3.Vec{X: dx, Y: dy, Z: dz}, e1: r3.Vec{X: -dz / h * rw, Z: dx / h * rw},
		e2: r3.Vec{X: -dx / h * dy / d * rh, Y: h / d * rh, Z: -dz / h * dy / d * rh}}
	edge := max(rw, rh)
	whole := z > 0 && edgeX >= edge*c.kx && edgeY >= edge*c.ky
	part := v.visiblePart(&e, own, low, whole)
	// The solid angle of a cone of the ellipse's mean half angle a is
	// 2π(1−cos a), here by its series.
	a2 := solid / math.Pi
	solid *= (1 - min(a2, 4)/12) * part
	if solid < MinSolidAngle {
		return View{}, false
	}
	return View{Dir: [3]float32{float32(dx / d), float32(dy / d), float32(dz / d)},
		HalfWidth: float32(math.Atan(rw / d)), HalfHeight: float32(math.Atan(rh / d)), SolidAngle: float32(solid),
		Eccentricity: float32(math.Acos(max(-1, min(1, z/d)))), Distance: float32(d), Occluded: float32(1 - part)}, true
}

// ellipse is a silhouette about the eye: its middle and its two half axes.
type ellipse struct{ at, e1, e2 r3.Vec }

// visiblePart is the part of a silhouette that neither stalls nor, unless it
// is whole within it, the view's edge hide.
func (v *Viewer) visiblePart(e *ellipse, own int32, low, whole bool) float64 {
	n := 0
	for _, u := range columnAt {
		x, z := e.at.X+u*e.e1.X, e.at.Z+u*e.e1.Z
		if low && !v.columnFree(x, z, own) {
			continue
		}
		if whole && low {
			n += rows
			continue
		}
		tall := math.Sqrt(1 - u*u)
		for k := range rows {
			w := tall * (2*(float64(k)+.5)/rows - 1)
			p := r3.Vec{X: x + w*e.e2.X, Y: e.at.Y + w*e.e2.Y, Z: z + w*e.e2.Z}
			if v.cam.holds(p) && (low || !v.p.hidden(v.cam.eye, p, own)) {
				n++
			}
		}
	}
	return float64(n) / (columns * rows)
}

// holds says whether a point about the eye lies within the view's edges.
func (c *camera) holds(p r3.Vec) bool {
	z := r3.Dot(p, c.ahead)
	return z > 0 && math.Abs(r3.Dot(p, c.right)) <= c.tx*z && math.Abs(r3.Dot(p, c.up)) <= c.ty*z
}
