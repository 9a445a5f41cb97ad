package model

import (
	"math"
	"slices"
	"sort"
	"strings"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
)

// Spec says what to build.
type Spec struct {
	// Family is the kind of thing; one that is not known becomes a box.
	Family string
	Look   world.Look
	// Material is the item's own word for what it is made of ("oak", "metal");
	// one that is not known leaves the family's usual material.
	Material string
}

// SpecOf is the spec of an item whose category has the given family.
func SpecOf(it *world.Item, family string) Spec {
	s := Spec{Family: family, Look: it.Look}
	for _, a := range it.Attributes {
		if a.Key == "material" {
			s.Material = a.Value
			break
		}
	}
	return s
}

// Families lists the kinds of thing that there are models for, sorted.
func Families() []string {
	names := make([]string, 0, len(families))
	for n := range families {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// Build makes the model of a spec, of at most [Detail.Budget] triangles.
func Build(s Spec, d Detail) *Mesh {
	var w Workshop
	return w.Build(s, d)
}

// Workshop makes models one after another in the same memory. The zero value is
// ready; it belongs to one goroutine.
type Workshop struct{ kit kit }

// Build is the package's, and what it gives holds until the next.
func (w *Workshop) Build(s Spec, d Detail) *Mesh {
	d = min(d, Far)
	size := sane(s.Look.Size)
	k := &w.kit
	m := &k.Mesh
	m.Vertices, m.Indices = slices.Grow(m.Vertices[:0], 3*d.Budget()/2), slices.Grow(m.Indices[:0], 3*d.Budget())
	for attempt := range finenesses[d] {
		k.shaped(s, d, attempt)
		if m.Triangles() <= d.Budget() {
			break
		}
	}
	if m.Triangles() > d.Budget() {
		cluster(m, d.Budget())
	}
	m.fit(size)
	ground(m, size.Y)
	return m
}

// shaped builds a family's parts, before the budget and the box are held, in
// the memory of those that the kit has.
func (k *kit) shaped(s Spec, d Detail, attempt int) {
	size := sane(s.Look.Size)
	f, ok := families[s.Family]
	if !ok {
		f = families["box"]
	}
	m := k.Mesh
	m.Reset()
	*k = kit{Builder: Builder{Mesh: m}, w: size.X, h: size.Y, d: size.Z, main: s.Look.Primary, accent: s.Look.Accent, material: MaterialOf(s.Material, f.material)}
	for i, v := range s.Look.Shape {
		k.shape[i] = float64(max(0, min(1, v)))
	}
	k.Detail, k.attempt = d, attempt
	k.Home()
	k.body()
	f.build(k)
}

// sane keeps a size between a millimetre and ten metres; a size that is no
// number, or none at all, becomes 20 cm.
func sane(v r3.Vec) r3.Vec {
	one := func(x float64) float64 {
		if !(x > 0) || math.IsInf(x, 0) {
			return .2
		}
		return max(.001, min(10, x))
	}
	return r3.Vec{X: one(v.X), Y: one(v.Y), Z: one(v.Z)}
}

// ground darkens the foot of a model: what stands on a board gets less light
// from below and around.
func ground(m *Mesh, height float64) {
	h := float32(height)
	m.Shade(0, func(_, y, _ float32) float32 { return .72 + .28*min(1, y/(h*.35)) })
}

// kit is what a family builds with: a builder, the size of the box to fill,
// and the item's shape and colours.
type kit struct {
	Builder
	w, h, d      float64
	shape        [4]float64 // slender…squat, round…angular, plain…ornate, free
	main, accent world.RGB
	material     Material
}

func (k *kit) body() *kit                      { k.Paint(k.main, k.material); return k }
func (k *kit) trim() *kit                      { k.Paint(k.accent, k.material); return k }
func (k *kit) in(c world.RGB, m Material) *kit { k.Paint(c, m); return k }
func (k *kit) angular() bool                   { return k.shape[1] > .7 }
func (k *kit) ornate() bool                    { return k.shape[2] > .5 }

// mix is the value between lo and hi that shape parameter i asks for.
func (k *kit) mix(i int, lo, hi float64) float64 { return lo + (hi-lo)*k.shape[i] }

// turnedPart is a lathe with flat sides where the item's shape is angular.
func (k *kit) turnedPart(n int, profile ...Rim) {
	if k.angular() {
		k.Facets(k.corners(min(n, 8)), profile...)
		return
	}
	k.Lathe(n, profile...)
}

// MaterialOf reads a material out of an item's own word for it; usual is for
// words that say nothing.
func MaterialOf(word string, usual Material) Material {
	w := strings.ToLower(word)
	for _, e := range materialWords {
		if strings.Contains(w, e.word) {
			return e.is
		}
	}
	return usual
}

// materialWords are tried in order, so the longer word comes first.
var materialWords = []struct {
	word string
	is   Material
}{
	{"glass", Glass}, {"crystal", Glass},
	{"enamel", Ceramic}, {"ceramic", Ceramic}, {"porcelain", Ceramic}, {"stoneware", Ceramic}, {"clay", Matt}, {"terracotta", Matt},
	{"brass", Metal}, {"steel", Metal}, {"copper", Metal}, {"iron", Metal}, {"metal", Metal}, {"silver", Metal}, {"gold", Metal}, {"tin", Metal}, {"bronze", Metal}, {"alumin", Metal},
	{"rattan", Wicker}, {"seagrass", Wicker}, {"wicker", Wicker}, {"straw", Wicker}, {"cane", Wicker},
	{"oak", Wood}, {"walnut", Wood}, {"bamboo", Wood}, {"pine", Wood}, {"wood", Wood}, {"cedar", Wood}, {"teak", Wood}, {"cork", Wood},
	{"linen", Cloth}, {"cotton", Cloth}, {"wool", Cloth}, {"silk", Cloth}, {"velvet", Cloth}, {"felt", Cloth}, {"canvas", Cloth}, {"cloth", Cloth}, {"textile", Cloth}, {"fabric", Cloth},
	{"leather", Leather}, {"suede", Leather},
	{"paper", Paper}, {"card", Paper}, {"washi", Paper},
	{"marble", Stone}, {"slate", Stone}, {"stone", Stone}, {"granite", Stone},
	{"wax", Matt}, {"resin", Leather}, {"carbon", Leather}, {"plastic", Leather},
}

// cluster merges vertices on a grid that is made coarser until at most budget
// triangles are left (Rossignac and Borrel 1993); the last resort is a box.
func cluster(m *Mesh, budget int) {
	b := m.Bounds()
	size := r3.Sub(b.Max, b.Min)
	for n := max(6, int(.75*math.Sqrt(float64(budget)))); n >= 2; n-- {
		if c := clustered(m, b.Min, size, n); c.Triangles() <= budget && c.Triangles() >= 4 && spans(c, size) {
			*m = *c
			return
		}
	}
	var plain Builder
	plain.Home()
	v := m.Vertices[0]
	plain.Paint(world.RGB{R: float32(v.Colour[0]) / 255, G: float32(v.Colour[1]) / 255, B: float32(v.Colour[2]) / 255}, v.Material)
	plain.Box(b.Min, b.Max)
	*m = plain.Mesh
}

// spans says whether the mesh still reaches over half of the size in every direction.
func spans(m *Mesh, size r3.Vec) bool {
	b := m.Bounds()
	got := r3.Sub(b.Max, b.Min)
	return got.X >= size.X/2 && got.Y >= size.Y/2 && got.Z >= size.Z/2
}

func clustered(m *Mesh, lo, size r3.Vec, n int) *Mesh {
	type cell struct {
		x, y, z, nx, ny, nz, r, g, b float64
		count                        float64
		material                     Material
		index                        int32
	}
	cells := make([]cell, (n+1)*(n+1)*(n+1))
	where := make([]int, len(m.Vertices))
	axis := func(v, lo, size float64) int {
		if size < 1e-9 {
			return 0
		}
		return int((v-lo)/size*float64(n-1) + .5)
	}
	for i := range m.Vertices {
		v := &m.Vertices[i]
		at := (axis(float64(v.X), lo.X, size.X)*(n+1)+axis(float64(v.Y), lo.Y, size.Y))*(n+1) + axis(float64(v.Z), lo.Z, size.Z)
		c := &cells[at]
		where[i] = at
		c.x, c.y, c.z = c.x+float64(v.X), c.y+float64(v.Y), c.z+float64(v.Z)
		c.nx, c.ny, c.nz = c.nx+float64(v.Normal[0]), c.ny+float64(v.Normal[1]), c.nz+float64(v.Normal[2])
		c.r, c.g, c.b = c.r+float64(v.Colour[0]), c.g+float64(v.Colour[1]), c.b+float64(v.Colour[2])
		c.count++
		c.material, c.index = v.Material, -1
	}
	out := &Mesh{}
	vertex := func(at int) uint32 {
		c := &cells[at]
		if c.index < 0 {
			c.index = int32(len(out.Vertices))
			p, n := r3.Vec{X: c.x / c.count, Y: c.y / c.count, Z: c.z / c.count}, r3.Vec{X: c.nx, Y: c.ny, Z: c.nz}
			u, v := spread(p, n)
			repeat := c.material.Repeat()
			out.Vertices = append(out.Vertices, Vertex{X: float32(p.X), Y: float32(p.Y), Z: float32(p.Z),
				Normal: packNormal(n), Open: 127, Material: c.material, U: packCoordinate(u / repeat), V: packCoordinate(v / repeat),
				Colour: [3]uint8{uint8(c.r / c.count), uint8(c.g / c.count), uint8(c.b / c.count)}})
		}
		return uint32(c.index)
	}
	seen := map[[3]int]bool{}
	for i := 0; i+2 < len(m.Indices); i += 3 {
		a, b, c := where[m.Indices[i]], where[m.Indices[i+1]], where[m.Indices[i+2]]
		if a == b || b == c || a == c {
			continue
		}
		// The smallest corner first: the same triangle is kept once.
		for b < a || c < a {
			a, b, c = b, c, a
		}
		key := [3]int{a, b, c}
		if seen[key] {
			continue
		}
		seen[key] = true
		out.Indices = append(out.Indices, vertex(a), vertex(b), vertex(c))
	}
	return out
}
