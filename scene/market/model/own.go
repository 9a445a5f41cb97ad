package model

import "gonum.org/v1/gonum/spatial/r3"

// Simplified is the mesh with at most budget triangles: itself where it has no more,
// else a new one whose vertices have been merged on a grid (Rossignac and Borrel 1993).
// Budgets below 12 are no use.
func Simplified(m *Mesh, budget int) *Mesh {
	if m.Triangles() <= budget {
		return m
	}
	c := *m
	cluster(&c, budget)
	return &c
}

// Stood is a copy of the mesh that is scaled alike in all directions until it just fits
// into a box of the given size (metres; sizes that are none become 20 cm), and stands in
// its middle on y = 0. Its foot is a little darker, as [Build] makes it.
func Stood(m *Mesh, size r3.Vec) *Mesh {
	size = sane(size)
	b := m.Bounds()
	have := r3.Sub(b.Max, b.Min)
	scale := 0.0
	for _, p := range [3][2]float64{{size.X, have.X}, {size.Y, have.Y}, {size.Z, have.Z}} {
		if p[1] > 1e-12 && (scale == 0 || p[0]/p[1] < scale) {
			scale = p[0] / p[1]
		}
	}
	out := &Mesh{Vertices: append([]Vertex(nil), m.Vertices...), Indices: m.Indices}
	cx, cz := (b.Min.X+b.Max.X)/2, (b.Min.Z+b.Max.Z)/2
	for i := range out.Vertices {
		v := &out.Vertices[i]
		v.X, v.Y, v.Z = float32((float64(v.X)-cx)*scale), float32((float64(v.Y)-b.Min.Y)*scale), float32((float64(v.Z)-cz)*scale)
	}
	ground(out, have.Y*scale)
	return out
}
