package model_test

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"
	"pgregory.net/rapid"

	"souk/scene/market/model"
	"souk/world"
)

// check holds what every mesh must: finite places, unit normals, indices in range, the
// size asked for, and no more triangles than the budget.
func check(t interface {
	Helper()
	Errorf(string, ...any)
}, name string, m *model.Mesh, size r3.Vec, budget int) {
	t.Helper()
	if m.Triangles() < 4 || m.Triangles() > budget {
		t.Errorf("%s: %d triangles, want 4 to %d", name, m.Triangles(), budget)
	}
	for i, v := range m.Vertices {
		for _, x := range []float32{v.X, v.Y, v.Z} {
			if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
				t.Errorf("%s: vertex %d is at %v %v %v", name, i, v.X, v.Y, v.Z)
				return
			}
		}
		l := math.Sqrt(float64(v.Normal[0])*float64(v.Normal[0])+float64(v.Normal[1])*float64(v.Normal[1])+float64(v.Normal[2])*float64(v.Normal[2])) / 127
		if l < .98 || l > 1.02 {
			t.Errorf("%s: vertex %d has a normal of length %.3f", name, i, l)
			return
		}
		if v.Open < 0 || v.Material >= model.Materials {
			t.Errorf("%s: vertex %d has openness %d and material %d", name, i, v.Open, v.Material)
			return
		}
	}
	for _, i := range m.Indices {
		if int(i) >= len(m.Vertices) {
			t.Errorf("%s: index %d of %d vertices", name, i, len(m.Vertices))
			return
		}
	}
	b := m.Bounds()
	got := r3.Sub(b.Max, b.Min)
	for _, p := range [][2]float64{{got.X, size.X}, {got.Y, size.Y}, {got.Z, size.Z}} {
		if math.Abs(p[0]-p[1]) > 1e-4+1e-4*p[1] {
			t.Errorf("%s: fills %v, want %v", name, got, size)
			break
		}
	}
	if math.Abs(b.Min.Y) > 1e-4 || math.Abs(b.Min.X+b.Max.X) > 2e-4 || math.Abs(b.Min.Z+b.Max.Z) > 2e-4 {
		t.Errorf("%s: stands at %v to %v, not on the ground around the axis", name, b.Min, b.Max)
	}
}

// outward is the part of the triangles' area whose corners' normals agree
// with the triangle's own side.
func outward(m *model.Mesh) float64 {
	var agree, all float64
	at := func(i uint32) (p, n r3.Vec) {
		v := m.Vertices[i]
		return r3.Vec{X: float64(v.X), Y: float64(v.Y), Z: float64(v.Z)}, r3.Vec{X: float64(v.Normal[0]), Y: float64(v.Normal[1]), Z: float64(v.Normal[2])}
	}
	for i := 0; i+2 < len(m.Indices); i += 3 {
		p, np := at(m.Indices[i])
		q, nq := at(m.Indices[i+1])
		r, nr := at(m.Indices[i+2])
		c := r3.Cross(r3.Sub(q, p), r3.Sub(r, p))
		area := r3.Norm(c)
		all += area
		if r3.Dot(c, r3.Add(np, r3.Add(nq, nr))) > 0 {
			agree += area
		}
	}
	return agree / all
}

func TestThereAreFortyFamilies(t *testing.T) {
	if n := len(model.Families()); n != 40 {
		t.Errorf("%d families, want 40", n)
	}
}

func TestEveryFamilyHoldsForAnyLook(t *testing.T) {
	for _, family := range append(model.Families(), "no such thing") {
		rapid.Check(t, func(t *rapid.T) {
			unit := func(name string) float32 { return rapid.Float32Range(0, 1).Draw(t, name) }
			s := model.Spec{Family: family, Material: rapid.SampledFrom([]string{"", "oak", "clear glass", "wool", "brass"}).Draw(t, "material")}
			s.Look.Primary, s.Look.Accent = world.RGB{R: unit("r"), G: unit("g"), B: unit("b")}, world.RGB{R: unit("ar"), G: unit("ag"), B: unit("ab")}
			length := func(name string) float64 { return rapid.Float64Range(.02, 1.2).Draw(t, name) }
			s.Look.Size = r3.Vec{X: length("w"), Y: length("h"), Z: length("d")}
			for i := range s.Look.Shape {
				s.Look.Shape[i] = unit("shape")
			}
			for d := range model.Details {
				m := model.Build(s, d)
				check(t, family+" "+d.String(), m, s.Look.Size, d.Budget())
				if o := outward(m); o < .8 && d != model.Far {
					t.Errorf("%s %s: only %.2f of its area faces the way its normals do", family, d, o)
				}
			}
		})
	}
}

// TestModelsAreNotClustered holds that families keep to the budget by
// themselves: clustering merges vertices and turns round things into lumps.
func TestModelsAreNotClustered(t *testing.T) {
	for _, family := range model.Families() {
		for n := 0; n < 4*4*4*6; n++ {
			s := model.Spec{Family: family, Look: world.Look{Size: r3.Vec{X: .3, Y: .4, Z: .3},
				Shape: [4]float32{float32(n%4) / 3, float32(n/4%4) / 3, float32(n/16%4) / 3, float32(n/64) / 5}}}
			for d := range model.Details {
				if model.Coarsened(s, d) {
					t.Errorf("%s with shape %v has more than %d triangles", family, s.Look.Shape, d.Budget())
					n = 4 * 4 * 4 * 6
				}
			}
		}
	}
}

func TestWrongLooksStillGiveAModel(t *testing.T) {
	nan := math.NaN()
	for _, size := range []r3.Vec{{}, {X: -1, Y: 2, Z: nan}, {X: math.Inf(1), Y: 1e9, Z: 1e-9}} {
		for _, family := range model.Families() {
			m := model.Build(model.Spec{Family: family, Look: world.Look{Size: size, Shape: [4]float32{-3, 7, float32(nan), 2}}}, model.Near)
			for _, v := range m.Vertices {
				if s := float64(v.X + v.Y + v.Z); math.IsNaN(s) || math.IsInf(s, 0) {
					t.Fatalf("%s of size %v has a vertex at %v %v %v", family, size, v.X, v.Y, v.Z)
				}
			}
		}
	}
}

func TestSameSpecSameMesh(t *testing.T) {
	s := model.Spec{Family: "plant", Look: world.Look{Size: r3.Vec{X: .4, Y: .7, Z: .4}, Shape: [4]float32{.3, .4, .5, .6}}}
	a, b := model.Build(s, model.Near), model.Build(s, model.Near)
	if len(a.Vertices) != len(b.Vertices) {
		t.Fatal("two builds differ in length")
	}
	for i := range a.Vertices {
		if a.Vertices[i] != b.Vertices[i] {
			t.Fatalf("two builds differ in vertex %d", i)
		}
	}
}

func TestMaterialWords(t *testing.T) {
	for word, want := range map[string]model.Material{"oak": model.Wood, "smoked glass": model.Glass, "Porcelain": model.Ceramic, "cast iron": model.Metal,
		"washi paper": model.Paper, "velvet": model.Cloth, "": model.Stone, "moon dust": model.Stone} {
		if got := model.MaterialOf(word, model.Stone); got != want {
			t.Errorf("%q is material %d, want %d", word, got, want)
		}
	}
}

// BenchmarkBuild makes a model of each family in turn; the baseline is a bare box.
func BenchmarkBuild(b *testing.B) {
	b.Run("box", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var m model.Builder
			m.Box(r3.Vec{X: -.1}, r3.Vec{X: .1, Y: .2, Z: .1})
		}
	})
	names := model.Families()
	for d := range model.Details {
		b.Run(d.String(), func(b *testing.B) {
			b.ReportAllocs()
			tris := 0
			for i := 0; b.Loop(); i++ {
				s := model.Spec{Family: names[i%len(names)], Look: world.Look{Size: r3.Vec{X: .3, Y: .4, Z: .3}, Shape: [4]float32{.2, .4, .6, .8}}}
				tris += model.Build(s, d).Triangles()
			}
			b.ReportMetric(float64(tris)/float64(b.N), "triangles/op")
		})
	}
}
