//go:build cgo

package market

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/market/model"
	"souk/world"
	"souk/world/plan"
)

// span is a run of indices in the static mesh.
type span struct{ first, count int32 }

// chunk is a part of what stands around the stalls that is drawn or left out
// as a whole.
type chunk struct {
	centre r3.Vec
	half   r3.Vec
	// full and simple are the chunk near and far; a chunk without a simple form
	// is drawn full or not at all.
	full, simple span
	// reach is the distance beyond which the chunk is not drawn, 0 is never.
	reach    float64
	board    span    // its lettered boards, in the static print mesh
	distance float64 // from the eye, in this frame
}

// static is all that never moves but stalls and pedestals, which are
// instances: see stands.
type static struct {
	mesh   mesh
	prints mesh
	boards []span // of the stalls' signs in prints
	words  []span // what is written on them
	chunks []chunk
	ground mesh
	sky    mesh
}

// buildStatic makes the merged geometry for an hour's light.
func buildStatic(g *gpu, p *plan.Plan, l *letters, day *light) static {
	var s static
	var all pieces
	s.standing(surroundings(p, day), &all)
	pv := make([]printVertex, 0, 140*len(p.Stalls)) // about what a sign takes
	var pi []uint32
	for n := range p.Stalls {
		first := int32(len(pi))
		pv, pi = stallSign(pv, pi, p, &p.Stalls[n], n)
		words := int32(len(pi))
		pv, pi = stallWords(pv, pi, p, &p.Stalls[n], n, l)
		s.boards = append(s.boards, span{first, words - first})
		s.words = append(s.words, span{words, int32(len(pi)) - words})
	}
	for i := range p.Districts {
		c := chunk{board: span{first: int32(len(pi))}}
		var box world.Box
		pv, pi, box = districtBanner(pv, pi, p, i, l)
		c.board.count = int32(len(pi)) - c.board.first
		c.centre, c.half = box.Center(), r3.Scale(.5, r3.Sub(box.Max, box.Min))
		s.chunks = append(s.chunks, c)
	}
	for _, q := range signposts(p) {
		c := chunk{board: span{first: int32(len(pi))}, reach: 45}
		var box world.Box
		pv, pi, box = q.write(pv, pi, l)
		c.board.count = int32(len(pi)) - c.board.first
		c.centre, c.half = box.Center(), r3.Scale(.5, r3.Sub(box.Max, box.Min))
		s.chunks = append(s.chunks, c)
	}
	s.mesh = upload(g, all.vertices, all.indices)
	s.prints = upload(g, pv, pi)
	s.ground = groundMesh(g)
	s.sky = skyMesh(g)
	return s
}

// standing adds what stands around the stalls, each in a chunk of its own.
func (s *static) standing(list []standing, all *pieces) {
	var b model.Builder
	for _, q := range list {
		l := lit(openAir)
		if q.lamp != nil {
			l = func(_, y, _ float32) (uint8, uint8) { return 255, uint8(255 * max(0, min(1, q.lamp(float64(y))))) }
		}
		b.Mesh.Reset()
		q.build(&b, true)
		box := b.Mesh.Bounds()
		c := chunk{reach: q.reach, full: all.add(&b.Mesh, l), centre: box.Center(), half: r3.Scale(.5, r3.Sub(box.Max, box.Min))}
		b.Mesh.Reset()
		q.build(&b, false)
		c.simple = all.add(&b.Mesh, l)
		s.chunks = append(s.chunks, c)
	}
}

// groundMesh is the ground around the eye, at the origin, out to where the haze
// hides it: rings that widen with distance, so that the haze is worked out at
// corners and still follows its curve. They are few, since each of their borders is shaded
// twice on a processor: twice as many took half a millisecond of a frame.
func groundMesh(g *gpu) mesh {
	const parts = 12
	var all pieces
	at := func(r float64, k int) uint32 {
		s, c := math.Sincos(2 * math.Pi * float64(k) / parts)
		all.vertices = append(all.vertices, vertex{Vertex: model.Vertex{X: float32(r * s), Z: float32(r * c)}})
		return uint32(len(all.vertices) - 1)
	}
	middle := at(0, 0)
	inner := middle
	for i, r := range []float64{12, 30, 58, 110, 210, 480} {
		ring := at(r, 0)
		for k := 1; k <= parts; k++ {
			at(r, k)
		}
		for k := range uint32(parts) {
			if i == 0 {
				all.indices = append(all.indices, middle, ring+k, ring+k+1)
				continue
			}
			all.indices = append(all.indices, inner+k, ring+k, ring+k+1, inner+k, ring+k+1, inner+k+1)
		}
		inner = ring
	}
	return upload(g, all.vertices, all.indices)
}

// skyMesh is the upper half of a ball around the eye, seen from inside, and a
// little below the horizon.
func skyMesh(g *gpu) mesh {
	const parts, rings = 40, 12
	var all pieces
	for i := 0; i <= rings; i++ {
		up := -.04 + (math.Pi/2+.04)*float64(i)/rings
		y, r := math.Sincos(up)
		for k := 0; k <= parts; k++ {
			s, c := math.Sincos(2 * math.Pi * float64(k) / parts)
			all.vertices = append(all.vertices, vertex{Vertex: model.Vertex{X: float32(r * s), Y: float32(y), Z: float32(r * c)}})
		}
	}
	for i := range uint32(rings) {
		for k := range uint32(parts) {
			a := i*(parts+1) + k
			b := a + parts + 1
			all.indices = append(all.indices, a, b, b+1, a, b+1, a+1)
		}
	}
	return upload(g, all.vertices, all.indices)
}

// rgba is a colour as four bytes, opaque.
func rgba(c world.RGB) [4]uint8 {
	f := func(x float32) uint8 { return uint8(max(0, min(255, x*255+.5))) }
	return [4]uint8{f(c.R), f(c.G), f(c.B), 255}
}

func union(b world.Box, ps ...r3.Vec) world.Box {
	for _, q := range ps {
		b.Min = r3.Vec{X: min(b.Min.X, q.X), Y: min(b.Min.Y, q.Y), Z: min(b.Min.Z, q.Z)}
		b.Max = r3.Vec{X: max(b.Max.X, q.X), Y: max(b.Max.Y, q.Y), Z: max(b.Max.Z, q.Z)}
	}
	return b
}
