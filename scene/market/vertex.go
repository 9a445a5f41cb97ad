package market

import (
	"math"

	"souk/scene/market/model"
	"souk/world"
)

// vertex is a corner as the programs of solid things take it: a model's, and
// four bytes of the place where it stands. What is computed here once is not
// computed in each frame for each pixel.
type vertex struct {
	model.Vertex
	Palette uint8 // low half: which of the stall's colours it multiplies; high half: how much cream is mixed in, in fifteenths
	Sun     uint8 // part of the sun's light that comes here, of 255
	Lamp    uint8 // part of a near lantern's light that comes here, of 255
	_       uint8
}

// Palette entries: what a stall's instance colours.
const (
	paletteNone  = 0 // the vertex's own colour
	paletteCloth = 1 // awning and counter cloth
	paletteWood  = 2 // posts, boards, planks
	paletteBack  = 3 // the painted back wall
)

// palette is the vertex byte for an entry with cream mixed in, a part in [0,1].
func palette(entry uint8, cream float64) uint8 {
	return entry | uint8(math.Round(max(0, min(1, cream))*15))<<4
}

// pieces are triangles ready for the graphics card.
type pieces struct {
	vertices []vertex
	indices  []uint32
}

func (p *pieces) reset() { p.vertices, p.indices = p.vertices[:0], p.indices[:0] }

// lit says how much sun and lamp light comes to a point of the world.
type lit func(x, y, z float32) (sun, lamp uint8)

// openAir is the light under the open sky.
func openAir(_, _, _ float32) (sun, lamp uint8) { return 255, 0 }

// add appends a mesh in the light of its place and says where its indices lie.
func (p *pieces) add(m *model.Mesh, l lit) span {
	s := span{int32(len(p.indices)), int32(len(m.Indices))}
	base := uint32(len(p.vertices))
	for _, v := range m.Vertices {
		sun, lamp := l(v.X, v.Y, v.Z)
		p.vertices = append(p.vertices, vertex{Vertex: v, Sun: sun, Lamp: lamp})
	}
	for _, i := range m.Indices {
		p.indices = append(p.indices, base+i)
	}
	return s
}

// clearLast puts the triangles of glass behind the others of a run of indices,
// keeping the order of each, and says where they begin.
func (p *pieces) clearLast(from, to int32) int32 {
	run := p.indices[from:to]
	var clear []uint32
	n := 0
	for i := 0; i+2 < len(run); i += 3 {
		if p.vertices[run[i]].Material == model.Glass {
			clear = append(clear, run[i:i+3]...)
			continue
		}
		copy(run[n:], run[i:i+3])
		n += 3
	}
	copy(run[n:], clear)
	return from + int32(n)
}

// grey is a tone without colour: what a palette entry is multiplied with.
func grey(tone float64) world.RGB {
	t := float32(tone)
	return world.RGB{R: t, G: t, B: t}
}
