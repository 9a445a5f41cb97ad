package plan

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
)

// faceBins is the number of directions that a face tells apart.
const faceBins = 4096

// face is a line of depths over a part of the horizon: the nearest wall in
// each direction, by the tangent of the angle from the face's middle. Along a
// straight wall the inverse of the depth is linear in that tangent, so that
// drawing a wall costs an addition per direction.
type face struct {
	used   bool
	fx, fz float64 // its middle; its right is (−fz, fx)
	reach  float64 // tangent at its ends
	inv    [faceBins]float32
	what   [faceBins]int32 // stall·2, +1 for its open front; −1 for nothing
}

// widest is the half angle up to which one face serves a view; wider ones, as
// of an eye that looks down at its feet, get four faces all round.
const widest = 70 * math.Pi / 180

// turnFaces decides which directions the view can hold.
func (v *Viewer) turnFaces() {
	c := &v.cam
	c.fx, c.fz = c.ahead.X, c.ahead.Z
	if math.Hypot(c.fx, c.fz) < 1e-3 {
		c.fx, c.fz = c.up.X, c.up.Z
	}
	n := math.Hypot(c.fx, c.fz)
	c.fx, c.fz = c.fx/n, c.fz/n
	// The horizontal extent of a pyramid that does not hold the vertical is
	// that of its corners.
	a := math.Abs(c.ahead.Y)
	half := math.Pi
	if math.Abs(c.right.Y) > c.tx*a || math.Abs(c.up.Y) > c.ty*a {
		half = 0
		for _, k := range [4][2]float64{{1, 1}, {1, -1}, {-1, 1}, {-1, -1}} {
			d := r3.Add(c.ahead, r3.Add(r3.Scale(k[0]*c.tx, c.right), r3.Scale(k[1]*c.ty, c.up)))
			half = max(half, math.Abs(math.Atan2(-d.X*c.fz+d.Z*c.fx, d.X*c.fx+d.Z*c.fz)))
		}
	}
	if half < widest {
		v.faces[0].turn(c.fx, c.fz, math.Tan(half)*1.001)
		v.faces[1].used, v.faces[2].used, v.faces[3].used = false, false, false
		return
	}
	fx, fz := c.fx, c.fz
	for i := range v.faces {
		v.faces[i].turn(fx, fz, 1)
		fx, fz = -fz, fx
	}
}

func (f *face) turn(fx, fz, reach float64) {
	f.used, f.fx, f.fz, f.reach = true, fx, fz, reach
	clear(f.inv[:])
	for i := range f.what {
		f.what[i] = -1
	}
}

// touches says whether a disc about the eye reaches into the face.
func (f *face) touches(x, z, r float64) bool {
	side, depth := math.Abs(-x*f.fz+z*f.fx), x*f.fx+z*f.fz
	return depth > -r && side-depth*f.reach <= r*math.Sqrt(1+f.reach*f.reach)
}

func (v *Viewer) touches(x, z, r float64) bool {
	for i := range v.faces {
		if f := &v.faces[i]; f.used && f.touches(x, z, r) {
			return true
		}
	}
	return false
}

// gather lists the stalls and pedestals in reach of the view.
func (v *Viewer) gather() {
	c, g := &v.cam, &v.p.ground
	v.near, v.feats, v.open, v.inside = v.near[:0], v.feats[:0], v.open[:0], -1
	const cellRadius = cellSize*math.Sqrt2/2 + reach
	far := c.far + reach
	for cz := g.clampZ(c.eye.Z - far); cz <= g.clampZ(c.eye.Z+far); cz++ {
		for cx := g.clampX(c.eye.X - far); cx <= g.clampX(c.eye.X+far); cx++ {
			x, z := g.x0+(float64(cx)+.5)*cellSize-c.eye.X, g.z0+(float64(cz)+.5)*cellSize-c.eye.Z
			if x*x+z*z > (far+cellRadius)*(far+cellRadius) || !v.touches(x, z, cellRadius) {
				continue
			}
			k := cz*g.nx + cx
			for _, s := range g.stalls[g.stallFrom[k]:g.stallFrom[k+1]] {
				m := v.p.Stalls[s].Box.Center()
				x, z := m.X-c.eye.X, m.Z-c.eye.Z
				if x*x+z*z <= far*far && v.touches(x, z, reach) {
					v.near = append(v.near, s)
				}
			}
			for _, s := range g.pedestals[g.pedestFrom[k]:g.pedestFrom[k+1]] {
				v.feats = append(v.feats, world.SlotIndex(s))
			}
		}
	}
}

// draw draws the stalls and lists those whose open front is the nearest thing
// in some direction.
func (v *Viewer) draw() {
	c := &v.cam
	for _, s := range v.near {
		st := &v.p.Stalls[s]
		x0, z0, x1, z1 := st.Box.Min.X-c.eye.X, st.Box.Min.Z-c.eye.Z, st.Box.Max.X-c.eye.X, st.Box.Max.Z-c.eye.Z
		if x0 <= 0 && x1 >= 0 && z0 <= 0 && z1 >= 0 {
			v.inside = s
			continue
		}
		ahead := int32(0) // 1 if the front is the side of smaller z
		if math.Cos(st.Yaw) > 0 {
			ahead = 1
		}
		for i := range v.faces {
			f := &v.faces[i]
			if !f.used {
				continue
			}
			if x0 > 0 {
				f.wall(x0, z0, x0, z1, s*2)
			}
			if x1 < 0 {
				f.wall(x1, z0, x1, z1, s*2)
			}
			if z0 > 0 {
				f.wall(x0, z0, x1, z0, s*2+ahead)
			}
			if z1 < 0 {
				f.wall(x0, z1, x1, z1, s*2+1-ahead)
			}
		}
	}
	if v.stamp++; v.stamp == 0 {
		clear(v.seen)
		v.stamp = 1
	}
	last := int32(-1)
	for i := range v.faces {
		f := &v.faces[i]
		if !f.used {
			continue
		}
		for _, w := range f.what {
			if w != last {
				last = w
				if w >= 0 && w&1 == 1 && v.seen[w>>1] != v.stamp {
					v.seen[w>>1] = v.stamp
					v.open = append(v.open, w>>1)
				}
			}
		}
	}
	if v.inside >= 0 {
		v.open = append(v.open, v.inside)
	}
}

// nearPlane is how near a wall is drawn, metres.
const nearPlane = 0.01

// wall draws a wall between two points about the eye.
func (f *face) wall(ax, az, bx, bz float64, what int32) {
	as, ad := -ax*f.fz+az*f.fx, ax*f.fx+az*f.fz
	bs, bd := -bx*f.fz+bz*f.fx, bx*f.fx+bz*f.fz
	if ad < nearPlane && bd < nearPlane {
		return
	}
	if ad < nearPlane {
		t := (nearPlane - ad) / (bd - ad)
		as, ad = as+t*(bs-as), nearPlane
	} else if bd < nearPlane {
		t := (nearPlane - bd) / (ad - bd)
		bs, bd = bs+t*(as-bs), nearPlane
	}
	u0, w0, u1, w1 := as/ad, 1/ad, bs/bd, 1/bd
	if u0 > u1 {
		u0, w0, u1, w1 = u1, w1, u0, w0
	}
	if u1 <= -f.reach || u0 >= f.reach || u1 == u0 {
		return
	}
	per := faceBins / (2 * f.reach)
	from := max(0, int(math.Ceil((u0+f.reach)*per-.5)))
	to := min(faceBins-1, int(math.Floor((u1+f.reach)*per-.5)))
	slope := (w1 - w0) / (u1 - u0)
	w := w0 + slope*((float64(from)+.5)/per-f.reach-u0)
	slope /= per
	for k := from; k <= to; k++ {
		if iw := float32(w); iw > f.inv[k] {
			f.inv[k], f.what[k] = iw, what
		}
		w += slope
	}
}

// columnFree says whether, in the direction of a place about the eye, nothing
// stands before it but, of its own stall, the open front.
func (v *Viewer) columnFree(x, z float64, own int32) bool {
	for i := range v.faces {
		f := &v.faces[i]
		if !f.used {
			continue
		}
		depth := x*f.fx + z*f.fz
		if depth <= nearPlane {
			continue
		}
		u := (-x*f.fz + z*f.fx) / depth
		if u < -f.reach || u >= f.reach {
			continue
		}
		k := min(faceBins-1, int((u+f.reach)*(faceBins/(2*f.reach))))
		if own >= 0 && own != v.inside {
			return f.what[k] == own*2+1
		}
		return float64(f.inv[k])*depth <= 1
	}
	return false
}

// hidden says whether a stall stands between the eye and a place about it, in
// space: the way for eyes above the roofs.
func (p *Plan) hidden(eye, about r3.Vec, own int32) bool {
	to := r3.Add(eye, about)
	g := &p.ground
	for cz := g.clampZ(min(eye.Z, to.Z) - reach); cz <= g.clampZ(max(eye.Z, to.Z)+reach); cz++ {
		for cx := g.clampX(min(eye.X, to.X) - reach); cx <= g.clampX(max(eye.X, to.X)+reach); cx++ {
			k := cz*g.nx + cx
			for _, s := range g.stalls[g.stallFrom[k]:g.stallFrom[k+1]] {
				if p.hides(s, own, eye, about) {
					return true
				}
			}
		}
	}
	return false
}

// hides says whether the stall s hides what lies at about from the eye: the
// slab test, with the side by which the line enters. The stall's own things are
// hidden unless the line enters by the front.
func (p *Plan) hides(s, own int32, eye, about r3.Vec) bool {
	st := &p.Stalls[s]
	if st.Box.Contains(eye) {
		return false
	}
	lo, hi, side := 0.0, 1.0, 0
	for i, a := range [3][4]float64{{eye.X, about.X, st.Box.Min.X, st.Box.Max.X}, {eye.Y, about.Y, st.Box.Min.Y, st.Box.Max.Y}, {eye.Z, about.Z, st.Box.Min.Z, st.Box.Max.Z}} {
		if a[1] == 0 {
			if a[0] < a[2] || a[0] > a[3] {
				return false
			}
			continue
		}
		t0, t1 := (a[2]-a[0])/a[1], (a[3]-a[0])/a[1]
		if m := min(t0, t1); m > lo {
			lo, side = m, i
		}
		hi = min(hi, max(t0, t1))
	}
	if lo > hi {
		return false
	}
	front := side == 2 && (about.Z > 0) == (math.Cos(st.Yaw) > 0)
	return !(s == own && front)
}
