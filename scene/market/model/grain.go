package model

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

// repeats are the metres of a surface that one repeat of a material's texture
// covers.
var repeats = [Materials]float64{
	Matt: .5, Wood: .6, Ceramic: .35, Metal: .4, Glass: .5, Cloth: .16, Paper: .3, Leather: .16, Stone: .6, Leaf: .12, Glow: .5, Wicker: .12,
}

// Repeat is how many metres of a surface one repeat of the material's texture
// covers; 1 for a material that is none.
func (m Material) Repeat() float64 {
	if m >= Materials {
		return 1
	}
	return repeats[m]
}

// packCoordinate turns repeats into steps; what is beyond an int16 stays at its end.
func packCoordinate(repeats float64) int16 {
	return int16(max(math.MinInt16, min(math.MaxInt16, math.Round(repeats*Repeats))))
}

// Coordinate is a place on a texture, in repeats, as a vertex has it; only what is
// beyond whole repeats is kept where the whole does not fit, and what is no number is 0.
func Coordinate(repeats float64) int16 {
	if !(math.Abs(repeats) < 1e9) {
		return 0
	}
	if math.Abs(repeats) > 63 {
		repeats = math.Mod(repeats, 1)
	}
	return packCoordinate(repeats)
}

// NewVertex is a white vertex under the open sky at a place, with a normal of any
// length (none at all is up), of a material whose texture is thrown at it along the
// nearest axis.
func NewVertex(at, normal r3.Vec, m Material) Vertex {
	u, v := spread(at, normal)
	return Vertex{X: float32(at.X), Y: float32(at.Y), Z: float32(at.Z), Normal: packNormal(normal), Open: 127, Colour: [3]uint8{255, 255, 255},
		Material: m, U: Coordinate(u / m.Repeat()), V: Coordinate(v / m.Repeat())}
}

// coordinates is a place on a surface in metres: u across the grain, v along it.
type coordinates struct{ u, v float64 }

// laid spreads a texture over the plane of the corners, whose normal is n, with
// the grain along the given direction. Corners in one plane are laid alike, so
// that faces side by side go on without a seam. Whole repeats are left out, and
// a face of more than sixty of them gets them stretched: an int16 must hold them.
func (b *Builder) laid(n, along r3.Vec, corners *[4]r3.Vec) (uv [4]coordinates) {
	size := r3.Norm(n)
	if size == 0 {
		return uv
	}
	n = r3.Scale(1/size, n)
	g := r3.Sub(along, r3.Scale(r3.Dot(along, n), n))
	if r3.Norm(g) < 1e-6*r3.Norm(along) || r3.Norm(g) == 0 {
		// The grain meets the face head on: end grain, any direction will do.
		a := upright(n)
		g = r3.Sub(a, r3.Scale(r3.Dot(a, n), n))
	}
	g = r3.Unit(g)
	across := r3.Cross(g, n)
	lo, hi := coordinates{math.Inf(1), math.Inf(1)}, coordinates{math.Inf(-1), math.Inf(-1)}
	for i, p := range corners {
		uv[i] = coordinates{r3.Dot(p, across), r3.Dot(p, g)}
		lo, hi = coordinates{min(lo.u, uv[i].u), min(lo.v, uv[i].v)}, coordinates{max(hi.u, uv[i].u), max(hi.v, uv[i].v)}
	}
	repeat := b.material.Repeat()
	scale := min(1, 60*repeat/max(hi.u-lo.u, hi.v-lo.v, 1e-9))
	u0, v0 := math.Floor(lo.u/repeat)*repeat, math.Floor(lo.v/repeat)*repeat
	for i := range uv {
		uv[i] = coordinates{(uv[i].u - u0) * scale, (uv[i].v - v0) * scale}
	}
	return uv
}

// around is the coordinate at part t of a closed line of the given length. It
// goes round in a whole number of repeats; where the line is much shorter than one it
// goes half round and back. So its ends meet without a seam.
func (b *Builder) around(length, t float64) float64 {
	repeat := b.material.Repeat()
	if length > .75*repeat {
		return t * min(60, math.Round(length/repeat)) * repeat
	}
	return length * min(t, 1-t)
}

// upright is the direction of the grain of a face with normal n that says
// nothing of it: up, or ahead where the face lies.
func upright(n r3.Vec) r3.Vec {
	if math.Abs(n.Y) > .9*r3.Norm(n) {
		return r3.Vec{Z: 1}
	}
	return r3.Vec{Y: 1}
}

// spread is where a point of a surface with normal n lies on a texture that is
// thrown at it along the axis nearest to n.
func spread(p, n r3.Vec) (u, v float64) {
	switch x, y, z := math.Abs(n.X), math.Abs(n.Y), math.Abs(n.Z); {
	case z >= x && z >= y:
		return p.X, p.Y
	case x >= y:
		return p.Z, p.Y
	}
	return p.X, p.Z
}

// longest is the unit vector along the axis in which size is largest.
func longest(size r3.Vec) r3.Vec {
	switch x, y, z := math.Abs(size.X), math.Abs(size.Y), math.Abs(size.Z); {
	case y >= x && y >= z:
		return r3.Vec{Y: 1}
	case x >= z:
		return r3.Vec{X: 1}
	}
	return r3.Vec{Z: 1}
}
