package model

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

// corners is how many corners a round part gets: n near, few far.
func (b *Builder) corners(n int) int {
	return min(n, b.fine().round)
}

// Rim is a point of a profile: a radius at a height.
type Rim struct{ R, Y float64 }

// crease is the angle between two pieces of a profile beyond which the edge
// between them is sharp: 35°.
const crease = 35 * math.Pi / 180

// Lathe turns a profile about the y axis. The profile runs so that outside is
// to its right seen with y up: from the bottom centre outwards and up. Ends
// with a radius are left open.
func (b *Builder) Lathe(n int, profile ...Rim) { b.lathe(b.corners(n), false, profile) }

// Facets is [Builder.Lathe] with flat sides.
func (b *Builder) Facets(n int, profile ...Rim) { b.lathe(n, true, profile) }

func (b *Builder) lathe(n int, flat bool, profile []Rim) {
	profile = simplify(profile, b.fine().rims)
	girth := girthOf(profile)
	along := profile[0].Y
	offset := 0.0
	if flat {
		offset = .5
	}
	point := func(r Rim, k float64) r3.Vec {
		s, c := math.Sincos((k + offset) / float64(n) * 2 * math.Pi)
		return r3.Vec{X: r.R * s, Y: r.Y, Z: r.R * c}
	}
	for i := 0; i+1 < len(profile); i++ {
		p, q := profile[i], profile[i+1]
		from := along
		along += math.Hypot(q.R-p.R, q.Y-p.Y)
		// What lies flat has its texture from above: boards, not rays.
		lying := math.Abs(q.Y-p.Y) < .4*math.Abs(q.R-p.R)
		if flat {
			for k := 0; k < n; k++ {
				b.band(point(p, float64(k)), point(p, float64(k+1)), point(q, float64(k+1)), point(q, float64(k)), p.R, q.R, lying)
			}
			continue
		}
		np, nq := b.slope(profile, i, i), b.slope(profile, i, i+1)
		row := func(r Rim, s Rim, v float64) uint32 {
			first := uint32(len(b.Mesh.Vertices))
			for k := 0; k <= n; k++ {
				sin, cos := math.Sincos(float64(k) / float64(n) * 2 * math.Pi)
				at, u := point(r, float64(k)), b.around(girth, float64(k)/float64(n))
				if lying {
					u, v = at.X, at.Z
				}
				b.vertex(at, r3.Vec{X: s.R * sin, Y: s.Y, Z: s.R * cos}, u, v)
			}
			return first
		}
		lo, hi := row(p, np, from), row(q, nq, along)
		for k := uint32(0); k < uint32(n); k++ {
			if p.R > 1e-9 {
				b.triangle(lo+k, lo+k+1, hi+k+1)
			}
			if q.R > 1e-9 {
				b.triangle(lo+k, hi+k+1, hi+k)
			}
		}
	}
}

// girthOf is the length around a turned part for its texture: between that where it is
// widest and that of its mean, since a texture must have as many repeats below as above.
func girthOf(profile []Rim) float64 {
	most, sum, long := 0.0, 0.0, 0.0
	for i, r := range profile {
		most = max(most, r.R)
		if i > 0 {
			l := math.Hypot(r.R-profile[i-1].R, r.Y-profile[i-1].Y)
			sum, long = sum+l*(r.R+profile[i-1].R)/2, long+l
		}
	}
	if long > 0 {
		most = (most + sum/long) / 2
	}
	return 2 * math.Pi * most
}

// band adds one flat face of a lathe, a triangle where an end has no radius. The
// grain runs up the profile, or ahead on what lies.
func (b *Builder) band(p, q, r, s r3.Vec, lo, hi float64, lying bool) {
	switch {
	case lo < 1e-9 && hi < 1e-9:
	case lo < 1e-9:
		b.Tri(p, r, s)
	case hi < 1e-9:
		b.Tri(p, q, r)
	default:
		along := r3.Sub(r3.Add(r, s), r3.Add(p, q))
		if lying {
			along = r3.Vec{Z: 1}
		}
		b.quad(along, p, q, r, s)
	}
}

// slope is the outward normal (radius, height) at point at of the piece that
// starts at point piece, smoothed with the neighbouring piece unless the edge
// between them is sharp.
func (b *Builder) slope(profile []Rim, piece, at int) Rim {
	normal := func(i int) (Rim, bool) {
		if i < 0 || i+1 >= len(profile) {
			return Rim{}, false
		}
		dr, dy := profile[i+1].R-profile[i].R, profile[i+1].Y-profile[i].Y
		l := math.Hypot(dr, dy)
		if l < 1e-9 {
			return Rim{}, false
		}
		return Rim{dy / l, -dr / l}, true
	}
	own, ok := normal(piece)
	if !ok {
		return Rim{0, 1}
	}
	other, ok := normal(piece - 1)
	if at > piece {
		other, ok = normal(piece + 1)
	}
	if !ok || own.R*other.R+own.Y*other.Y < math.Cos(crease) && b.fine().sharp || own.R*other.R+own.Y*other.Y < -.5 {
		return own
	}
	return Rim{own.R + other.R, own.Y + other.Y}
}

// simplify drops points of a profile until at most most are left, each time
// the one whose loss changes the outline least.
func simplify(profile []Rim, most int) []Rim {
	if len(profile) <= most {
		return profile
	}
	kept := append([]Rim(nil), profile...)
	for len(kept) > most {
		best, cost := 1, math.Inf(1)
		for i := 1; i+1 < len(kept); i++ {
			p, q, r := kept[i-1], kept[i], kept[i+1]
			area := math.Abs((q.R-p.R)*(r.Y-p.Y) - (q.Y-p.Y)*(r.R-p.R))
			if area < cost {
				best, cost = i, area
			}
		}
		kept = append(kept[:best], kept[best+1:]...)
	}
	return kept
}

// Ball is an ellipsoid around c with half axes h.
func (b *Builder) Ball(c, h r3.Vec, n int) {
	n = b.corners(n)
	rows := max(3, n/2)
	if b.far() {
		rows = 4 - min(1, b.attempt)
	}
	girth, meridian := math.Pi*(h.X+h.Z), math.Pi/2*(h.Y+max(h.X, h.Z))
	var first []uint32
	for j := 0; j <= rows; j++ {
		sj, cj := math.Sincos(float64(j) / float64(rows) * math.Pi)
		first = append(first, uint32(len(b.Mesh.Vertices)))
		for k := 0; k <= n; k++ {
			s, co := math.Sincos(float64(k) / float64(n) * 2 * math.Pi)
			d := r3.Vec{X: sj * s, Y: -cj, Z: sj * co}
			b.vertex(r3.Vec{X: c.X + h.X*d.X, Y: c.Y + h.Y*d.Y, Z: c.Z + h.Z*d.Z}, r3.Vec{X: d.X / h.X, Y: d.Y / h.Y, Z: d.Z / h.Z},
				b.around(girth, float64(k)/float64(n)), float64(j)/float64(rows)*meridian)
		}
	}
	for j := 0; j < rows; j++ {
		lo, hi := first[j], first[j+1]
		for k := uint32(0); k < uint32(n); k++ {
			if j > 0 {
				b.triangle(lo+k, lo+k+1, hi+k+1)
			}
			if j+1 < rows {
				b.triangle(lo+k, hi+k+1, hi+k)
			}
		}
	}
}

// Tube follows a path with the given radius at its start and end.
func (b *Builder) Tube(n int, from, to float64, path ...r3.Vec) { b.tube(n, from, to, false, path) }

// Ring is a tube closed to a loop: a torus where the path is a circle.
func (b *Builder) Ring(n int, radius float64, path ...r3.Vec) { b.tube(n, radius, radius, true, path) }

func (b *Builder) tube(n int, from, to float64, loop bool, path []r3.Vec) {
	n = min(n, b.fine().tube)
	if most := b.fine().steps; len(path) > most {
		path = fewer(path, most, loop)
	}
	last := len(path) - 1
	if last < 1 {
		return
	}
	tangent := func(i int) r3.Vec {
		if loop {
			return r3.Unit(r3.Sub(path[(i+1)%len(path)], path[(i+last)%len(path)]))
		}
		return r3.Unit(r3.Sub(path[min(i+1, last)], path[max(i-1, 0)]))
	}
	t := tangent(0)
	side := r3.Vec{X: 1}
	if math.Abs(t.X) > .9 {
		side = r3.Vec{Z: 1}
	}
	side = r3.Unit(r3.Cross(t, side))
	rows := len(path)
	if loop {
		rows++
	}
	total := 0.0
	for i := 1; i < rows; i++ {
		total += r3.Norm(r3.Sub(path[i%len(path)], path[i-1]))
	}
	first, along, girth := uint32(len(b.Mesh.Vertices)), 0.0, 2*math.Pi*max(from, to)
	for i := 0; i < rows; i++ {
		if i > 0 {
			along += r3.Norm(r3.Sub(path[i%len(path)], path[i-1]))
		}
		v := along
		if loop {
			v = b.around(total, along/total)
		}
		t := tangent(i % len(path))
		// The frame is carried along by removing from side what the tangent
		// has gained: the tube does not twist.
		side = r3.Unit(r3.Sub(side, r3.Scale(r3.Dot(side, t), t)))
		up := r3.Cross(t, side)
		r := from + (to-from)*float64(i)/float64(max(1, rows-1))
		for k := 0; k <= n; k++ {
			s, c := math.Sincos(float64(k) / float64(n) * 2 * math.Pi)
			d := r3.Add(r3.Scale(c, side), r3.Scale(s, up))
			b.vertex(r3.Add(path[i%len(path)], r3.Scale(r, d)), d, b.around(girth, float64(k)/float64(n)), v)
		}
	}
	w := uint32(n + 1)
	for i := uint32(0); i+1 < uint32(rows); i++ {
		for k := uint32(0); k < uint32(n); k++ {
			p := first + i*w + k
			b.triangle(p, p+1, p+w+1)
			b.triangle(p, p+w+1, p+w)
		}
	}
	if loop || b.far() {
		return
	}
	for _, end := range []int{0, last} {
		t := r3.Scale(-1, tangent(0))
		row := first
		if end > 0 {
			t, row = tangent(last), first+uint32(last)*w
		}
		mid := b.vertex(path[end], t, 0, 0)
		base := uint32(len(b.Mesh.Vertices))
		radius := from / b.material.Repeat()
		if end > 0 {
			radius = to / b.material.Repeat()
		}
		for k := uint32(0); k <= uint32(n); k++ {
			v := b.Mesh.Vertices[row+k]
			v.Normal = packNormal(b.turned(t))
			sin, cos := math.Sincos(float64(k) / float64(n) * 2 * math.Pi)
			v.U, v.V = packCoordinate(radius*cos), packCoordinate(radius*sin)
			b.Mesh.Vertices = append(b.Mesh.Vertices, v)
		}
		for k := uint32(0); k < uint32(n); k++ {
			if end == 0 {
				b.triangle(mid, base+k+1, base+k)
			} else {
				b.triangle(mid, base+k, base+k+1)
			}
		}
	}
}

// fewer takes most points of a path at even steps, both ends among them; of a loop
// half as many again, so that it stays round.
func fewer(path []r3.Vec, most int, loop bool) []r3.Vec {
	span := len(path) - 1
	if loop {
		most = most * 3 / 2
		if len(path) <= most {
			return path
		}
		span = len(path)
	}
	out := make([]r3.Vec, most)
	for i := range out {
		if loop {
			out[i] = path[i*span/most]
		} else {
			out[i] = path[(i*span+(most-1)/2)/(most-1)]
		}
	}
	return out
}

// Circle is a path of n points around c in the plane of u and v (their
// lengths are the radii), from angle a to angle z.
func Circle(c, u, v r3.Vec, n int, a, z float64) []r3.Vec {
	path := make([]r3.Vec, n)
	full := math.Abs(z-a) > 2*math.Pi-1e-6
	for i := range path {
		steps := float64(n - 1)
		if full {
			steps = float64(n)
		}
		s, co := math.Sincos(a + (z-a)*float64(i)/steps)
		path[i] = r3.Add(c, r3.Add(r3.Scale(co, u), r3.Scale(s, v)))
	}
	return path
}
