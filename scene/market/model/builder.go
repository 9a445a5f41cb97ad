package model

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
)

// Builder puts parts together into a mesh. Colour, material and openness hold
// for the parts that follow. The zero Builder is ready; it builds near models.
type Builder struct {
	Mesh Mesh
	// Far asks for the simple models that stand far away: parts use few
	// corners, and families leave small parts out.
	Far bool

	colour   world.RGB
	material Material
	open     float64
	openSet  bool
	// frame is the place of the parts: columns of the matrix and its origin.
	x, y, z, o r3.Vec
	placed     bool
}

// Paint sets colour and material of the parts that follow.
func (b *Builder) Paint(c world.RGB, m Material) *Builder {
	b.colour, b.material = c, m
	return b
}

// Open sets how much sky light the parts that follow get, in [0,1].
func (b *Builder) Open(part float64) { b.open, b.openSet = part, true }

// At places the parts that follow at p, unturned.
func (b *Builder) At(p r3.Vec) *Builder {
	b.x, b.y, b.z, b.o = r3.Vec{X: 1}, r3.Vec{Y: 1}, r3.Vec{Z: 1}, p
	b.placed = true
	return b
}

// Turn turns the parts that follow about their own axis (a unit vector).
func (b *Builder) Turn(angle float64, axis r3.Vec) *Builder {
	if !b.placed {
		b.At(r3.Vec{})
	}
	r := r3.NewRotation(angle, axis)
	x, y, z := r.Rotate(r3.Vec{X: 1}), r.Rotate(r3.Vec{Y: 1}), r.Rotate(r3.Vec{Z: 1})
	b.x, b.y, b.z = b.turned(x), b.turned(y), b.turned(z)
	return b
}

// Home places the parts that follow at the origin, unturned.
func (b *Builder) Home() *Builder { return b.At(r3.Vec{}) }

func (b *Builder) turned(v r3.Vec) r3.Vec {
	if !b.placed {
		return v
	}
	return r3.Vec{X: b.x.X*v.X + b.y.X*v.Y + b.z.X*v.Z, Y: b.x.Y*v.X + b.y.Y*v.Y + b.z.Y*v.Z, Z: b.x.Z*v.X + b.y.Z*v.Y + b.z.Z*v.Z}
}

// vertex adds a corner and returns its index.
func (b *Builder) vertex(p, n r3.Vec) uint32 {
	p, n = r3.Add(b.o, b.turned(p)), b.turned(n)
	open := 1.0
	if b.openSet {
		open = b.open
	}
	b.Mesh.Vertices = append(b.Mesh.Vertices, Vertex{
		X: float32(p.X), Y: float32(p.Y), Z: float32(p.Z), Normal: packNormal(n),
		Open: int8(open * 127), Colour: packColour(b.colour), Material: b.material,
	})
	return uint32(len(b.Mesh.Vertices) - 1)
}

func (b *Builder) triangle(i, j, k uint32) {
	b.Mesh.Indices = append(b.Mesh.Indices, i, j, k)
}

// Tri adds a flat triangle, counter-clockwise from outside.
func (b *Builder) Tri(p, q, r r3.Vec) {
	n := r3.Cross(r3.Sub(q, p), r3.Sub(r, p))
	b.triangle(b.vertex(p, n), b.vertex(q, n), b.vertex(r, n))
}

// Quad adds a flat quadrangle, counter-clockwise from outside.
func (b *Builder) Quad(p, q, r, s r3.Vec) {
	n := r3.Cross(r3.Sub(r, p), r3.Sub(s, q))
	i, j, k, l := b.vertex(p, n), b.vertex(q, n), b.vertex(r, n), b.vertex(s, n)
	b.triangle(i, j, k)
	b.triangle(i, k, l)
}

// Box adds a box from its lowest to its highest corner.
func (b *Builder) Box(lo, hi r3.Vec) { b.Prism(lo, hi, 1, 1) }

// Prism is a box whose upper face is narrowed to the given parts of its width
// and depth.
func (b *Builder) Prism(lo, hi r3.Vec, tx, tz float64) {
	cx, cz := (lo.X+hi.X)/2, (lo.Z+hi.Z)/2
	hx, hz := (hi.X-lo.X)/2, (hi.Z-lo.Z)/2
	at := func(x, z float64, up bool) r3.Vec {
		if up {
			return r3.Vec{X: cx + x*hx*tx, Y: hi.Y, Z: cz + z*hz*tz}
		}
		return r3.Vec{X: cx + x*hx, Y: lo.Y, Z: cz + z*hz}
	}
	b.Quad(at(-1, 1, false), at(1, 1, false), at(1, 1, true), at(-1, 1, true))
	b.Quad(at(1, 1, false), at(1, -1, false), at(1, -1, true), at(1, 1, true))
	b.Quad(at(1, -1, false), at(-1, -1, false), at(-1, -1, true), at(1, -1, true))
	b.Quad(at(-1, -1, false), at(-1, 1, false), at(-1, 1, true), at(-1, -1, true))
	b.Quad(at(-1, 1, true), at(1, 1, true), at(1, -1, true), at(-1, -1, true))
	b.Quad(at(-1, -1, false), at(1, -1, false), at(1, 1, false), at(-1, 1, false))
}

// Beam is a box around the line from p to q, wide × high; its upper side looks up
// as far as it can.
func (b *Builder) Beam(p, q r3.Vec, wide, high float64) {
	d := r3.Unit(r3.Sub(q, p))
	up := r3.Vec{Y: 1}
	if math.Abs(d.Y) > .99 {
		up = r3.Vec{Z: 1}
	}
	side := r3.Scale(wide/2, r3.Unit(r3.Cross(d, up)))
	top := r3.Scale(high/2, r3.Unit(r3.Cross(r3.Cross(d, up), d)))
	at := func(end r3.Vec, s, t float64) r3.Vec { return r3.Add(end, r3.Add(r3.Scale(s, side), r3.Scale(t, top))) }
	b.Quad(at(p, 1, -1), at(q, 1, -1), at(q, 1, 1), at(p, 1, 1))
	b.Quad(at(q, -1, -1), at(p, -1, -1), at(p, -1, 1), at(q, -1, 1))
	b.Quad(at(p, -1, 1), at(p, 1, 1), at(q, 1, 1), at(q, -1, 1))
	b.Quad(at(p, 1, -1), at(p, -1, -1), at(q, -1, -1), at(q, 1, -1))
	b.Quad(at(p, -1, -1), at(p, 1, -1), at(p, 1, 1), at(p, -1, 1))
	b.Quad(at(q, 1, -1), at(q, -1, -1), at(q, -1, 1), at(q, 1, 1))
}

// corners is how many corners a round part gets: n near, few far.
func (b *Builder) corners(n int) int {
	if b.Far {
		return min(n, 6)
	}
	return n
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
	if b.Far {
		profile = simplify(profile, 5)
	}
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
		if flat {
			for k := 0; k < n; k++ {
				b.band(point(p, float64(k)), point(p, float64(k+1)), point(q, float64(k+1)), point(q, float64(k)), p.R, q.R)
			}
			continue
		}
		np, nq := b.slope(profile, i, i), b.slope(profile, i, i+1)
		row := func(r Rim, s Rim) uint32 {
			first := uint32(len(b.Mesh.Vertices))
			for k := 0; k <= n; k++ {
				sin, cos := math.Sincos(float64(k) / float64(n) * 2 * math.Pi)
				b.vertex(point(r, float64(k)), r3.Vec{X: s.R * sin, Y: s.Y, Z: s.R * cos})
			}
			return first
		}
		lo, hi := row(p, np), row(q, nq)
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

// band adds one flat face of a lathe, a triangle where an end has no radius.
func (b *Builder) band(p, q, r, s r3.Vec, lo, hi float64) {
	switch {
	case lo < 1e-9 && hi < 1e-9:
	case lo < 1e-9:
		b.Tri(p, r, s)
	case hi < 1e-9:
		b.Tri(p, q, r)
	default:
		b.Quad(p, q, r, s)
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
	if !ok || own.R*other.R+own.Y*other.Y < math.Cos(crease) && !b.Far || own.R*other.R+own.Y*other.Y < -.5 {
		return own
	}
	return Rim{own.R + other.R, own.Y + other.Y}
}

// simplify drops points of a profile until at most most are left, each time
// the one whose loss changes the outline least.
func simplify(profile []Rim, most int) []Rim {
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
	if b.Far {
		rows = 4
	}
	var first []uint32
	for j := 0; j <= rows; j++ {
		sj, cj := math.Sincos(float64(j) / float64(rows) * math.Pi)
		first = append(first, uint32(len(b.Mesh.Vertices)))
		for k := 0; k <= n; k++ {
			s, co := math.Sincos(float64(k) / float64(n) * 2 * math.Pi)
			d := r3.Vec{X: sj * s, Y: -cj, Z: sj * co}
			b.vertex(r3.Vec{X: c.X + h.X*d.X, Y: c.Y + h.Y*d.Y, Z: c.Z + h.Z*d.Z}, r3.Vec{X: d.X / h.X, Y: d.Y / h.Y, Z: d.Z / h.Z})
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
	if b.Far {
		n = 3
		if len(path) > 4 && !loop {
			path = []r3.Vec{path[0], path[len(path)/3], path[2*len(path)/3], path[len(path)-1]}
		}
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
	first := uint32(len(b.Mesh.Vertices))
	for i := 0; i < rows; i++ {
		t := tangent(i % len(path))
		// The frame is carried along by removing from side what the tangent
		// has gained: the tube does not twist.
		side = r3.Unit(r3.Sub(side, r3.Scale(r3.Dot(side, t), t)))
		up := r3.Cross(t, side)
		r := from + (to-from)*float64(i)/float64(max(1, rows-1))
		for k := 0; k <= n; k++ {
			s, c := math.Sincos(float64(k) / float64(n) * 2 * math.Pi)
			d := r3.Add(r3.Scale(c, side), r3.Scale(s, up))
			b.vertex(r3.Add(path[i%len(path)], r3.Scale(r, d)), d)
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
	if loop || b.Far {
		return
	}
	for _, end := range []int{0, last} {
		t := r3.Scale(-1, tangent(0))
		row := first
		if end > 0 {
			t, row = tangent(last), first+uint32(last)*w
		}
		mid := b.vertex(path[end], t)
		base := uint32(len(b.Mesh.Vertices))
		for k := uint32(0); k <= uint32(n); k++ {
			v := b.Mesh.Vertices[row+k]
			v.Normal = packNormal(b.turned(t))
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

// Slab extrudes an outline in the xy plane (counter-clockwise seen from +z)
// from z = back to z = front. Sides are smooth where the outline bends little.
func (b *Builder) Slab(back, front float64, outline ...r3.Vec) {
	n := len(outline)
	normal := func(i int) r3.Vec {
		d := r3.Sub(outline[(i+1)%n], outline[i%n])
		return r3.Unit(r3.Vec{X: d.Y, Y: -d.X})
	}
	for i := 0; i < n; i++ {
		p, q := outline[i], outline[(i+1)%n]
		own := normal(i)
		np, nq := own, own
		if before := normal(i + n - 1); r3.Dot(before, own) > math.Cos(crease) {
			np = r3.Add(before, own)
		}
		if after := normal(i + 1); r3.Dot(after, own) > math.Cos(crease) {
			nq = r3.Add(after, own)
		}
		at := func(p r3.Vec, z float64) r3.Vec { return r3.Vec{X: p.X, Y: p.Y, Z: z} }
		a, c := b.vertex(at(p, front), np), b.vertex(at(p, back), np)
		d, e := b.vertex(at(q, back), nq), b.vertex(at(q, front), nq)
		b.triangle(a, c, d)
		b.triangle(a, d, e)
	}
	for _, z := range []float64{front, back} {
		face := r3.Vec{Z: 1}
		if z == back {
			face.Z = -1
		}
		first := uint32(len(b.Mesh.Vertices))
		for _, p := range outline {
			b.vertex(r3.Vec{X: p.X, Y: p.Y, Z: z}, face)
		}
		for _, t := range clip(outline) {
			if z == back {
				t[1], t[2] = t[2], t[1]
			}
			b.triangle(first+t[0], first+t[1], first+t[2])
		}
	}
}

// clip cuts a simple polygon, counter-clockwise, into triangles by cutting
// ears off (Meisters 1975).
func clip(outline []r3.Vec) [][3]uint32 {
	left := make([]uint32, len(outline))
	for i := range left {
		left[i] = uint32(i)
	}
	turn := func(p, q, r r3.Vec) float64 { return (q.X-p.X)*(r.Y-p.Y) - (q.Y-p.Y)*(r.X-p.X) }
	var out [][3]uint32
	for len(left) > 3 {
		ear := -1
		for i := range left {
			a, c, d := left[(i+len(left)-1)%len(left)], left[i], left[(i+1)%len(left)]
			if turn(outline[a], outline[c], outline[d]) <= 1e-14 {
				continue
			}
			free := true
			for _, o := range left {
				if o == a || o == c || o == d {
					continue
				}
				p := outline[o]
				if turn(outline[a], outline[c], p) >= 0 && turn(outline[c], outline[d], p) >= 0 && turn(outline[d], outline[a], p) >= 0 {
					free = false
					break
				}
			}
			if free {
				ear = i
				out = append(out, [3]uint32{a, c, d})
				break
			}
		}
		if ear < 0 {
			ear = 0 // a degenerate rest: drop a point
		}
		left = append(left[:ear], left[ear+1:]...)
	}
	if len(left) == 3 {
		out = append(out, [3]uint32{left[0], left[1], left[2]})
	}
	return out
}

// Sheet is a surface seen from both sides: f maps (u, v) in [0,1]² to a point.
// The upper side is where du × dv points.
func (b *Builder) Sheet(nu, nv int, f func(u, v float64) r3.Vec) {
	if b.Far {
		nu, nv = min(nu, 3), min(nv, 2)
	}
	const e = 1e-3
	for _, side := range []float64{1, -1} {
		first := uint32(len(b.Mesh.Vertices))
		for i := 0; i <= nu; i++ {
			for j := 0; j <= nv; j++ {
				u, v := float64(i)/float64(nu), float64(j)/float64(nv)
				du := r3.Sub(f(min(1, u+e), v), f(max(0, u-e), v))
				dv := r3.Sub(f(u, min(1, v+e)), f(u, max(0, v-e)))
				b.vertex(f(u, v), r3.Scale(side, r3.Cross(du, dv)))
			}
		}
		w := uint32(nv + 1)
		for i := uint32(0); i < uint32(nu); i++ {
			for j := uint32(0); j < uint32(nv); j++ {
				p := first + i*w + j
				if side > 0 {
					b.triangle(p, p+w, p+w+1)
					b.triangle(p, p+w+1, p+1)
				} else {
					b.triangle(p, p+w+1, p+w)
					b.triangle(p, p+1, p+w+1)
				}
			}
		}
	}
}
