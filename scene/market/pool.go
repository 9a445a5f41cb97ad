//go:build cgo

package market

import (
	"unsafe"

	"github.com/go-gl/gl/v3.3-core/gl"
)

// pool is memory on the graphics card that is taken once, and in which the
// triangles of what comes and goes (stalls' goods, things on pedestals, their signs) find
// a place: a walk makes no objects and takes no memory, however long it is, and all that
// a layer shows is drawn from one vertex array. A pool that is full says so; who asked lets go of
// something else first.
type pool[V vertex | printVertex] struct {
	mesh              // its array and buffers; how many indices are drawn, each part says
	vertices, indices extents
}

// part is what a pool keeps for somebody; the zero value is nothing.
type part struct{ vertices, indices extent }

// there says whether it is anything.
func (p *part) there() bool { return p.indices.count > 0 }

// all is every index of the part.
func (p *part) all() span { return span{p.indices.first, p.indices.count} }

// at is a run of the part's indices, given from its own first.
func (p *part) at(s span) span { return span{p.indices.first + s.first, s.count} }

// moved are starts from the part's own first as those of its pool.
func (p *part) moved(starts []int32) []int32 {
	to := make([]int32, len(starts))
	for i, k := range starts {
		to[i] = p.indices.first + k
	}
	return to
}

// Indices for each vertex, as the market's models and lettered boards have them.
const (
	solidIndices = 2.2
	printIndices = 1.6
)

// load takes the memory, some bytes of it for so many indices for each vertex,
// and touches all of it: a system that gives memory when it is first written would otherwise
// give it during the walk.
func (q *pool[V]) load(g *gpu, bytes int, indicesEach float64) {
	var v V
	size := int(unsafe.Sizeof(v))
	vertices := int(float64(bytes) / (float64(size) + 4*indicesEach))
	indices := (bytes - vertices*size) / 4
	q.vertices, q.indices = newExtents(int32(vertices)), newExtents(int32(indices))
	q.mesh = g.emptyMesh()
	blank(gl.ARRAY_BUFFER, vertices*size)
	blank(gl.ELEMENT_ARRAY_BUFFER, indices*4)
	attributes(layoutOf[V]())
	gl.BindVertexArray(0)
}

// blank gives the bound buffer its size, filled with zeros.
func blank(target uint32, bytes int) {
	gl.BufferData(target, bytes, nil, gl.DYNAMIC_DRAW)
	zeros := make([]byte, min(bytes, 1<<20))
	for at := 0; at < bytes; at += len(zeros) {
		gl.BufferSubData(target, at, min(len(zeros), bytes-at), gl.Ptr(zeros))
	}
}

// send keeps triangles, whose indices it changes to those of the pool; false
// where there is no room. No triangles are nothing, and always fit.
func (q *pool[V]) send(vertices []V, indices []uint32) (part, bool) {
	var p part
	if len(vertices) == 0 || len(indices) == 0 {
		return p, true
	}
	var ok bool
	if p.vertices, ok = q.vertices.take(int32(len(vertices))); !ok {
		return part{}, false
	}
	if p.indices, ok = q.indices.take(int32(len(indices))); !ok {
		q.vertices.give(p.vertices)
		return part{}, false
	}
	for i := range indices {
		indices[i] += uint32(p.vertices.first)
	}
	size := int(unsafe.Sizeof(vertices[0]))
	gl.BindVertexArray(q.array)
	gl.BindBuffer(gl.ARRAY_BUFFER, q.mesh.vertices)
	gl.BufferSubData(gl.ARRAY_BUFFER, int(p.vertices.first)*size, len(vertices)*size, gl.Ptr(vertices))
	gl.BufferSubData(gl.ELEMENT_ARRAY_BUFFER, int(p.indices.first)*4, len(indices)*4, gl.Ptr(indices))
	gl.BindVertexArray(0)
	return p, true
}

// drop lets go of what was sent.
func (q *pool[V]) drop(p *part) {
	q.vertices.give(p.vertices)
	q.indices.give(p.indices)
	*p = part{}
}

func (q *pool[V]) free(g *gpu) {
	g.freeMesh(&q.mesh)
	*q = pool[V]{}
}

// What an item on a shelf and a thing on a pedestal take at most, bytes: a
// little above the mean of the demo's.
const (
	itemBytes  = 24 << 10
	thingBytes = 40 << 10
)

// loadPools takes the memory for goods and things: what the quality allows, or
// all that a small market has.
func (s *Scene) loadPools() {
	all := 1<<20 + len(s.plan.Catalog().Items)*itemBytes + (len(s.plan.Slots)-int(s.plan.FirstFeature()))*thingBytes
	bytes := min(s.detail.memory<<20, all)
	s.solids.load(&s.gpu, bytes, solidIndices)
	s.prints.load(&s.gpu, bytes/8, printIndices)
}
