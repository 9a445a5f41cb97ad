package model_test

import (
	"math"
	"testing"
	"unsafe"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/market/model"
	"souk/world"
)

func TestAVertexIs24Bytes(t *testing.T) {
	var v model.Vertex
	if unsafe.Sizeof(v) != 24 || unsafe.Offsetof(v.U) != 20 || unsafe.Offsetof(v.Colour) != 16 {
		t.Errorf("a vertex has %d bytes, U at %d, the colour at %d", unsafe.Sizeof(v), unsafe.Offsetof(v.U), unsafe.Offsetof(v.Colour))
	}
}

// areas are a triangle's area and that of its texture, in square metres.
func areas(m *model.Mesh, i int) (surface, texture float64) {
	p, q, r := m.Vertices[m.Indices[i]], m.Vertices[m.Indices[i+1]], m.Vertices[m.Indices[i+2]]
	at := func(v model.Vertex) r3.Vec { return r3.Vec{X: float64(v.X), Y: float64(v.Y), Z: float64(v.Z)} }
	surface = r3.Norm(r3.Cross(r3.Sub(at(q), at(p)), r3.Sub(at(r), at(p)))) / 2
	d := func(a, b int16) float64 { return float64(a) - float64(b) }
	steps := math.Abs(d(q.U, p.U)*d(r.V, p.V)-d(r.U, p.U)*d(q.V, p.V)) / 2
	side := p.Material.Repeat() / model.Repeats
	return surface, steps * side * side
}

// TestTexturesLieOnThingsAtTheirSize holds that a texture is neither squashed nor
// stretched on the whole of any family's model.
func TestTexturesLieOnThingsAtTheirSize(t *testing.T) {
	for _, family := range model.Families() {
		for n := range 6 {
			m := model.Build(model.Spec{Family: family, Look: world.Look{Size: r3.Vec{X: .3, Y: .4, Z: .3},
				Shape: [4]float32{float32(n) / 5, float32(n*2%6) / 5, float32(n*3%6) / 5, float32(n*5%6) / 5}}}, model.Near)
			var surface, texture, bare float64
			for i := 0; i+2 < len(m.Indices); i += 3 {
				if m.Vertices[m.Indices[i]].Material == model.Leaf {
					continue // a leaf is one repeat, however large it is
				}
				s, x := areas(m, i)
				surface, texture = surface+s, texture+x
				if x == 0 {
					bare += s
				}
			}
			if ratio := texture / surface; ratio < .4 || ratio > 2.2 {
				t.Errorf("%s with shape %d: the texture's area is %.2f of the surface's", family, n, ratio)
			}
			if bare > .12*surface {
				t.Errorf("%s with shape %d: %.2f of the surface has no texture's area", family, n, bare/surface)
			}
		}
	}
}

func TestGrainRunsAlongABeam(t *testing.T) {
	for _, to := range []r3.Vec{{X: 1}, {Y: 1}, {Z: 1}, {X: .5, Y: .6, Z: .4}} {
		var b model.Builder
		b.Paint(world.RGB{R: 1}, model.Wood).Beam(r3.Vec{}, to, .05, .03)
		for i := 0; i+2 < 4*6; i += 3 { // the four long sides
			for k := range 3 {
				p, q := b.Mesh.Vertices[b.Mesh.Indices[i+k]], b.Mesh.Vertices[b.Mesh.Indices[i+(k+1)%3]]
				step := r3.Vec{X: float64(q.X - p.X), Y: float64(q.Y - p.Y), Z: float64(q.Z - p.Z)}
				along := r3.Dot(step, r3.Unit(to))
				got := (float64(q.V) - float64(p.V)) / model.Repeats * model.Wood.Repeat()
				if math.Abs(math.Abs(got)-math.Abs(along)) > .003 {
					t.Fatalf("to %v: a step of %.3f m along the beam is %.3f m along the grain", to, along, got)
				}
			}
		}
	}
}

// TestALatheHasNoSeam holds that round parts close in a whole number of
// repeats, or come back on their own way.
func TestALatheHasNoSeam(t *testing.T) {
	for _, radius := range []float64{.01, .05, .1, .3, 2} {
		for m := range model.Materials {
			var b model.Builder
			b.Paint(world.RGB{R: 1}, m).Lathe(12, model.Rim{R: radius}, model.Rim{R: radius, Y: .4})
			first, last := b.Mesh.Vertices[0], b.Mesh.Vertices[12]
			if d := int(last.U) - int(first.U); d%model.Repeats != 0 {
				t.Errorf("material %d, radius %g: the ends are %d steps apart", m, radius, d)
			}
		}
	}
}

func TestALargeFaceKeepsItsCoordinatesInRange(t *testing.T) {
	var b model.Builder
	b.Paint(world.RGB{R: 1}, model.Wicker).Quad(r3.Vec{X: 400}, r3.Vec{X: 460}, r3.Vec{X: 460, Y: 3}, r3.Vec{X: 400, Y: 3})
	for _, v := range b.Mesh.Vertices {
		if v.U < 0 || v.V < 0 {
			t.Errorf("a corner lies at %d, %d", v.U, v.V)
		}
	}
	if d := b.Mesh.Vertices[1].V - b.Mesh.Vertices[0].V; d < 59*model.Repeats && d > -59*model.Repeats {
		t.Errorf("sixty metres are %d steps", d)
	}
}
