//go:build cgo

package market

import (
	"unsafe"

	"github.com/go-gl/gl/v3.3-core/gl"
)

// mesh is triangles on the graphics card.
type mesh struct {
	array, vertices, indices uint32
	count                    int32
	layout                   layout
	room, rooms              int // bytes of the two buffers
}

// layout is how a vertex lies in memory.
type layout uint8

const (
	solid   layout = iota // vertex
	printed               // printVertex
)

// printVertex is a corner of a lettered board: 36 bytes.
type printVertex struct {
	X, Y, Z     float32
	U, V, Layer float32 // of the text's texture array
	Normal      [4]int8
	Ground, Ink [4]uint8
}

// upload sends a mesh; its buffers are not changed before freeMesh. Where a parked
// mesh has room for it and not too much, its buffers are filled anew.
func upload[V vertex | printVertex](g *gpu, vertices []V, indices []uint32) mesh {
	if len(indices) == 0 || len(vertices) == 0 {
		return mesh{}
	}
	size := int(unsafe.Sizeof(vertices[0]))
	kind := solid
	if size == int(unsafe.Sizeof(printVertex{})) {
		kind = printed
	}
	m := g.roomFor(kind, size*len(vertices), 4*len(indices))
	gl.BindVertexArray(m.array) // which holds the binding of the indices
	gl.BindBuffer(gl.ARRAY_BUFFER, m.vertices)
	gl.BufferSubData(gl.ARRAY_BUFFER, 0, size*len(vertices), gl.Ptr(vertices))
	gl.BufferSubData(gl.ELEMENT_ARRAY_BUFFER, 0, 4*len(indices), gl.Ptr(indices))
	m.count = int32(len(indices))
	gl.BindVertexArray(0)
	return m
}

// parking bounds how many meshes are kept for another use, and roomy how much more
// room than needed one may have.
const (
	parking = 96
	roomy   = 2
)

// roomFor takes the parked mesh that fits best, or makes one with some room to spare, so
// that it fits others later.
func (g *gpu) roomFor(l layout, vertices, indices int) mesh {
	best := -1
	for i := range g.parked {
		p := &g.parked[i]
		if p.layout == l && p.room >= vertices && p.rooms >= indices && p.room <= roomy*vertices && p.rooms <= roomy*indices &&
			(best < 0 || p.room+p.rooms < g.parked[best].room+g.parked[best].rooms) {
			best = i
		}
	}
	if best >= 0 {
		m := g.parked[best]
		g.parked = append(g.parked[:best], g.parked[best+1:]...)
		return m
	}
	m := mesh{layout: l, room: spacious(vertices), rooms: spacious(indices)}
	gl.GenVertexArrays(1, &m.array)
	gl.GenBuffers(1, &m.vertices)
	gl.GenBuffers(1, &m.indices)
	g.arrays, g.buffers = g.arrays+1, g.buffers+2
	gl.BindVertexArray(m.array)
	gl.BindBuffer(gl.ARRAY_BUFFER, m.vertices)
	gl.BufferData(gl.ARRAY_BUFFER, m.room, nil, gl.STATIC_DRAW)
	gl.BindBuffer(gl.ELEMENT_ARRAY_BUFFER, m.indices)
	gl.BufferData(gl.ELEMENT_ARRAY_BUFFER, m.rooms, nil, gl.STATIC_DRAW)
	attributes(l)
	return m
}

// spacious rounds a size up to the next of four steps to the octave.
func spacious(bytes int) int {
	step := 1024
	for step*8 < bytes {
		step *= 2
	}
	return (bytes + step - 1) / step * step
}

// instanceAttribute is the first of the four attributes that an instance has:
// where it stands, and its three colours. What is no instance has constants there.
const instanceAttribute = 5

// constants sets what instances have for all that is none.
func constants() {
	gl.VertexAttrib4f(instanceAttribute, 0, 0, 1, 0)
	for i := range uint32(3) {
		gl.VertexAttrib4f(instanceAttribute+1+i, 1, 1, 1, 1)
	}
}

// attributes tells OpenGL how the bound buffer's vertices lie.
func attributes(l layout) {
	set := func(at uint32, n int32, kind uint32, normalised bool, stride int32, offset uintptr) {
		gl.EnableVertexAttribArray(at)
		gl.VertexAttribPointerWithOffset(at, n, kind, normalised, stride, offset)
	}
	switch l {
	case solid:
		const s = int32(unsafe.Sizeof(vertex{}))
		set(0, 3, gl.FLOAT, false, s, 0)
		set(1, 4, gl.BYTE, true, s, 12)
		set(2, 4, gl.UNSIGNED_BYTE, true, s, 16)
		set(3, 2, gl.SHORT, false, s, 20) // in steps of 1/model.Repeats
		set(4, 4, gl.UNSIGNED_BYTE, true, s, 24)
	case printed:
		const s = int32(unsafe.Sizeof(printVertex{}))
		set(0, 3, gl.FLOAT, false, s, 0)
		set(1, 4, gl.BYTE, true, s, 24)
		set(2, 3, gl.FLOAT, false, s, 12)
		set(3, 4, gl.UNSIGNED_BYTE, true, s, 28)
		set(4, 4, gl.UNSIGNED_BYTE, true, s, 32)
	}
}

// freeMesh parks a mesh for another use, or frees it where enough are parked: whoever walks
// through the market has hundreds of meshes made and dropped a minute, and buffers made anew
// each time break up the driver's memory.
func (g *gpu) freeMesh(m *mesh) {
	if m.array != 0 {
		g.parked = append(g.parked, *m)
		if len(g.parked) > parking {
			g.deleteMesh(&g.parked[0])
			g.parked = append(g.parked[:0], g.parked[1:]...)
		}
	}
	*m = mesh{}
}

// deleteMesh frees a mesh for good.
func (g *gpu) deleteMesh(m *mesh) {
	if m.array == 0 {
		return
	}
	gl.DeleteVertexArrays(1, &m.array)
	gl.DeleteBuffers(1, &m.vertices)
	gl.DeleteBuffers(1, &m.indices)
	g.arrays, g.buffers = g.arrays-1, g.buffers-2
	*m = mesh{}
}

// clear frees what is parked.
func (g *gpu) clear() {
	for i := range g.parked {
		g.deleteMesh(&g.parked[i])
	}
	g.parked = nil
}
