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
	// Detail bounds the corners of the parts that follow; families leave small
	// parts out where it is not Near.
	Detail Detail

	attempt  int // of the detail's finenesses
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

// vertex adds a corner that lies u metres across the grain and v along it, and
// returns its index.
func (b *Builder) vertex(p, n r3.Vec, u, v float64) uint32 {
	p, n = r3.Add(b.o, b.turned(p)), b.turned(n)
	open := 1.0
	if b.openSet {
		open = b.open
	}
	repeat := b.material.Repeat()
	b.Mesh.Vertices = append(b.Mesh.Vertices, Vertex{
		X: float32(p.X), Y: float32(p.Y), Z: float32(p.Z), Normal: packNormal(n),
		Open: int8(open * 127), Colour: packColour(b.colour), Material: b.material,
		U: packCoordinate(u / repeat), V: packCoordinate(v / repeat),
	})
	return uint32(len(b.Mesh.Vertices) - 1)
}

func (b *Builder) triangle(i, j, k uint32) {
	b.Mesh.Indices = append(b.Mesh.Indices, i, j, k)
}

// Tri adds a flat triangle, counter-clockwise from outside. The texture lies on
// it as on its whole plane: triangles side by side go on without a seam.
func (b *Builder) Tri(p, q, r r3.Vec) {
	n := r3.Cross(r3.Sub(q, p), r3.Sub(r, p))
	c := [4]r3.Vec{p, q, r, r}
	uv := b.laid(n, upright(n), &c)
	b.triangle(b.vertex(p, n, uv[0].u, uv[0].v), b.vertex(q, n, uv[1].u, uv[1].v), b.vertex(r, n, uv[2].u, uv[2].v))
}

// Quad adds a flat quadrangle, counter-clockwise from outside, with the grain
// along its longer sides.
func (b *Builder) Quad(p, q, r, s r3.Vec) {
	along := r3.Add(r3.Sub(q, p), r3.Sub(r, s))
	if across := r3.Add(r3.Sub(s, p), r3.Sub(r, q)); r3.Norm2(across) > r3.Norm2(along) {
		along = across
	}
	b.quad(along, p, q, r, s)
}

// quad is [Builder.Quad] with the grain along the given direction.
func (b *Builder) quad(along, p, q, r, s r3.Vec) {
	n := r3.Cross(r3.Sub(r, p), r3.Sub(s, q))
	c := [4]r3.Vec{p, q, r, s}
	uv := b.laid(n, along, &c)
	i, j := b.vertex(p, n, uv[0].u, uv[0].v), b.vertex(q, n, uv[1].u, uv[1].v)
	k, l := b.vertex(r, n, uv[2].u, uv[2].v), b.vertex(s, n, uv[3].u, uv[3].v)
	b.triangle(i, j, k)
	b.triangle(i, k, l)
}

// Box adds a box from its lowest to its highest corner.
func (b *Builder) Box(lo, hi r3.Vec) { b.Prism(lo, hi, 1, 1) }

// Prism is a box whose upper face is narrowed to the given parts of its width
// and depth. The grain runs along its longest side.
func (b *Builder) Prism(lo, hi r3.Vec, tx, tz float64) {
	cx, cz := (lo.X+hi.X)/2, (lo.Z+hi.Z)/2
	hx, hz := (hi.X-lo.X)/2, (hi.Z-lo.Z)/2
	at := func(x, z float64, up bool) r3.Vec {
		if up {
			return r3.Vec{X: cx + x*hx*tx, Y: hi.Y, Z: cz + z*hz*tz}
		}
		return r3.Vec{X: cx + x*hx, Y: lo.Y, Z: cz + z*hz}
	}
	g := longest(r3.Sub(hi, lo))
	b.quad(g, at(-1, 1, false), at(1, 1, false), at(1, 1, true), at(-1, 1, true))
	b.quad(g, at(1, 1, false), at(1, -1, false), at(1, -1, true), at(1, 1, true))
	b.quad(g, at(1, -1, false), at(-1, -1, false), at(-1, -1, true), at(1, -1, true))
	b.quad(g, at(-1, -1, false), at(-1, 1, false), at(-1, 1, true), at(-1, -1, true))
	b.quad(g, at(-1, 1, true), at(1, 1, true), at(1, -1, true), at(-1, -1, true))
	b.quad(g, at(-1, -1, false), at(1, -1, false), at(1, 1, false), at(-1, 1, false))
}

// Beam is a box around the line from p to q, wide × high; its upper side looks up
// as far as it can. The grain runs along the line.
func (b *Builder) Beam(p, q r3.Vec, wide, high float64) {
	d := r3.Unit(r3.Sub(q, p))
	up := r3.Vec{Y: 1}
	if math.Abs(d.Y) > .99 {
		up = r3.Vec{Z: 1}
	}
	side := r3.Scale(wide/2, r3.Unit(r3.Cross(d, up)))
	top := r3.Scale(high/2, r3.Unit(r3.Cross(r3.Cross(d, up), d)))
	at := func(end r3.Vec, s, t float64) r3.Vec { return r3.Add(end, r3.Add(r3.Scale(s, side), r3.Scale(t, top))) }
	b.quad(d, at(p, 1, -1), at(q, 1, -1), at(q, 1, 1), at(p, 1, 1))
	b.quad(d, at(q, -1, -1), at(p, -1, -1), at(p, -1, 1), at(q, -1, 1))
	b.quad(d, at(p, -1, 1), at(p, 1, 1), at(q, 1, 1), at(q, -1, 1))
	b.quad(d, at(p, 1, -1), at(p, -1, -1), at(q, -1, -1), at(q, 1, -1))
	b.quad(d, at(p, -1, -1), at(p, 1, -1), at(p, 1, 1), at(p, -1, 1))
	b.quad(d, at(q, 1, -1), at(q, -1, -1), at(q, -1, 1), at(q, 1, 1))
}
