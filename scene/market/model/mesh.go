// Package model builds the things of the market out of profiles and parts:
// pure geometry in memory, no graphics library.
//
// A model stands on the ground plane y = 0, is centred on the y axis, fills
// the bounding box that its [world.Look] asks for, and looks along +z, as
// models in glTF do. The same [Spec] gives the same mesh, byte for byte.
//
// Read [Build] first, then [Builder].
package model

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
)

// Material says how a surface answers to light; the shaders of scene/market
// know the same numbers.
type Material uint8

// The materials.
const (
	Matt    Material = iota // plaster, wax, felt
	Wood                    // grain along the longest side of a part
	Ceramic                 // glazed
	Metal                   // tinted reflection
	Glass                   // clear: mostly reflection
	Cloth                   // woven, lets some light through
	Paper                   // flat, lets some light through
	Leather                 // soft sheen
	Stone                   // speckled
	Leaf                    // plants, lets light through
	Glow                    // shines by itself
	Wicker                  // woven cane
	Materials
)

// Vertex is a corner of a triangle as it is sent to the graphics card: 24 bytes.
//
//	byte  0  X, Y, Z        3 × float32, metres
//	     12  Normal         3 × int8, unit vector × 127
//	     15  Open           int8, part × 127
//	     16  Colour         3 × uint8, sRGB
//	     19  Material       uint8
//	     20  U, V           2 × int16, 1/512 of a repeat of the material's texture
type Vertex struct {
	X, Y, Z float32
	// Normal is the outward unit normal times 127.
	Normal [3]int8
	// Open is how much of the sky's light comes here, 127 is all of it.
	Open int8
	// Colour is sRGB.
	Colour   [3]uint8
	Material Material
	// U and V are where the corner lies on its material's texture, in 1/[Repeats]
	// of a repeat: U across the grain, V along it. They wrap: only their
	// differences over a triangle and their rest modulo Repeats mean something.
	U, V int16
}

// Repeats is how many steps of [Vertex.U] and V one repeat of a texture has.
const Repeats = 512

// Mesh is triangles that share vertices; counter-clockwise from outside.
type Mesh struct {
	Vertices []Vertex
	Indices  []uint32
}

// Triangles is the number of triangles.
func (m *Mesh) Triangles() int { return len(m.Indices) / 3 }

// Reset empties the mesh and keeps its memory.
func (m *Mesh) Reset() { m.Vertices, m.Indices = m.Vertices[:0], m.Indices[:0] }

// Bounds is the smallest box around the mesh; the zero box for an empty mesh.
func (m *Mesh) Bounds() world.Box {
	if len(m.Vertices) == 0 {
		return world.Box{}
	}
	b := world.Box{Min: r3.Vec{X: math.Inf(1), Y: math.Inf(1), Z: math.Inf(1)}, Max: r3.Vec{X: math.Inf(-1), Y: math.Inf(-1), Z: math.Inf(-1)}}
	for i := range m.Vertices {
		v := &m.Vertices[i]
		x, y, z := float64(v.X), float64(v.Y), float64(v.Z)
		b.Min = r3.Vec{X: min(b.Min.X, x), Y: min(b.Min.Y, y), Z: min(b.Min.Z, z)}
		b.Max = r3.Vec{X: max(b.Max.X, x), Y: max(b.Max.Y, y), Z: max(b.Max.Z, z)}
	}
	return b
}

// Append adds a copy of other, turned by yaw about y (radians, from above
// against the clock) and then moved by at.
func (m *Mesh) Append(other *Mesh, at r3.Vec, yaw float64) {
	base := uint32(len(m.Vertices))
	sin, cos := math.Sincos(yaw)
	s, c := float32(sin), float32(cos)
	x, y, z := float32(at.X), float32(at.Y), float32(at.Z)
	for _, v := range other.Vertices {
		v.X, v.Y, v.Z = c*v.X+s*v.Z+x, v.Y+y, -s*v.X+c*v.Z+z
		nx, nz := float32(v.Normal[0]), float32(v.Normal[2])
		v.Normal[0] = int8(math.Round(float64(c*nx + s*nz)))
		v.Normal[2] = int8(math.Round(float64(-s*nx + c*nz)))
		m.Vertices = append(m.Vertices, v)
	}
	for _, i := range other.Indices {
		m.Indices = append(m.Indices, base+i)
	}
}

// Shade multiplies the openness of all vertices from the given one on by what
// f says of their place: how a shelf above or a wall behind darkens them.
func (m *Mesh) Shade(from int, f func(x, y, z float32) float32) {
	for i := from; i < len(m.Vertices); i++ {
		v := &m.Vertices[i]
		v.Open = int8(max(0, min(127, float32(v.Open)*f(v.X, v.Y, v.Z))))
	}
}

// fit scales and moves the mesh so that it fills a box of the given size
// standing on y = 0 around the y axis. Flat axes keep their size.
func (m *Mesh) fit(size r3.Vec) {
	b := m.Bounds()
	scale := func(want, have float64) float64 {
		if have < 1e-9 {
			return 1
		}
		return want / have
	}
	sx, sy, sz := scale(size.X, b.Max.X-b.Min.X), scale(size.Y, b.Max.Y-b.Min.Y), scale(size.Z, b.Max.Z-b.Min.Z)
	cx, cz := (b.Min.X+b.Max.X)/2, (b.Min.Z+b.Max.Z)/2
	for i := range m.Vertices {
		v := &m.Vertices[i]
		v.X = float32((float64(v.X) - cx) * sx)
		v.Y = float32((float64(v.Y) - b.Min.Y) * sy)
		v.Z = float32((float64(v.Z) - cz) * sz)
		n := r3.Vec{X: float64(v.Normal[0]) / sx, Y: float64(v.Normal[1]) / sy, Z: float64(v.Normal[2]) / sz}
		v.Normal = packNormal(n)
	}
}

// packNormal scales a vector to length 127; the zero vector becomes up.
func packNormal(n r3.Vec) [3]int8 {
	l := r3.Norm(n)
	if !(l > 1e-12) || math.IsInf(l, 0) {
		return [3]int8{0, 127, 0}
	}
	f := 127 / l
	return [3]int8{int8(math.Round(n.X * f)), int8(math.Round(n.Y * f)), int8(math.Round(n.Z * f))}
}

// packColour turns a colour with parts in [0,1] into bytes.
func packColour(c world.RGB) [3]uint8 {
	b := func(x float32) uint8 { return uint8(max(0, min(255, x*255+.5))) }
	return [3]uint8{b(c.R), b(c.G), b(c.B)}
}

// Mix is the colour part of the way from a to b.
func Mix(a, b world.RGB, part float32) world.RGB {
	return world.RGB{R: a.R + (b.R-a.R)*part, G: a.G + (b.G-a.G)*part, B: a.B + (b.B-a.B)*part}
}

// Dim is the colour with all parts multiplied.
func Dim(c world.RGB, by float32) world.RGB {
	return world.RGB{R: min(1, c.R*by), G: min(1, c.G*by), B: min(1, c.B*by)}
}

// Linear turns a part of an sRGB colour, in [0,1], into light (IEC 61966-2-1); [Encoded]
// turns light into sRGB, light beyond white into white.
func Linear(c float64) float64 {
	if c <= .04045 {
		return c / 12.92
	}
	return math.Pow((c+.055)/1.055, 2.4)
}

// Encoded is the sRGB part of an amount of light: see [Linear].
func Encoded(c float64) float64 {
	if c <= .0031308 {
		return max(0, c) * 12.92
	}
	return 1.055*math.Pow(min(1, c), 1/2.4) - .055
}
