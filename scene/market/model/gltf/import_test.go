package gltf_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"
	"testing"

	khr "github.com/qmuntal/gltf"
	"github.com/qmuntal/gltf/modeler"
	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/market/model"
	"souk/scene/market/model/gltf"
)

// square is a document with a square of two triangles in the plane z = 0, one metre wide.
func square() *khr.Document {
	doc := khr.NewDocument()
	places := [][3]float32{{0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {0, 1, 0}}
	attrs, _ := modeler.WritePrimitiveAttributes(doc,
		modeler.PrimitiveAttribute{Name: khr.POSITION, Data: places},
		modeler.PrimitiveAttribute{Name: khr.TEXCOORD_0, Data: [][2]float32{{0, 1}, {1, 1}, {1, 0}, {0, 0}}})
	doc.Meshes = []*khr.Mesh{{Primitives: []*khr.Primitive{{Attributes: attrs, Indices: khr.Index(modeler.WriteIndices(doc, []uint16{0, 1, 2, 0, 2, 3}))}}}}
	doc.Nodes = []*khr.Node{{Mesh: khr.Index(0)}}
	doc.Scenes[0].Nodes = []int{0}
	return doc
}

func encode(t testing.TB, doc *khr.Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := khr.NewEncoder(&b).Encode(doc); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func imported(t *testing.T, doc *khr.Document) *model.Mesh {
	t.Helper()
	m, err := gltf.Import(encode(t, doc), gltf.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestWhatIsExportedComesBack holds that a file of Souk's own gives the same mesh: places,
// colours, materials and textures.
func TestWhatIsExportedComesBack(t *testing.T) {
	for _, family := range model.Families() {
		m, err := gltf.Import(export(t, spec(family, 3), model.Near, 16), gltf.DefaultLimits())
		if err != nil {
			t.Fatalf("%s: %v", family, err)
		}
		want := model.Build(spec(family, 3), model.Near)
		if m.Triangles() != want.Triangles() {
			t.Errorf("%s: %d triangles, want %d", family, m.Triangles(), want.Triangles())
		}
		b, w := m.Bounds(), want.Bounds()
		if r3.Norm(r3.Sub(b.Min, w.Min)) > 1e-5 || r3.Norm(r3.Sub(b.Max, w.Max)) > 1e-5 {
			t.Errorf("%s: fills %v, want %v", family, b, w)
		}
		// The primitives are sorted by material, so compare what there is of each place.
		type look struct {
			x, y, z float32
			m       model.Material
			r, g, b uint8
			u, v    int16
		}
		have := map[look]bool{}
		for _, v := range m.Vertices {
			have[look{v.X, v.Y, v.Z, v.Material, v.Colour[0], v.Colour[1], v.Colour[2], v.U, v.V}] = true
		}
		missing := 0
		for _, i := range want.Indices {
			v := want.Vertices[i]
			found := false
			for _, d := range [3]int{0, 1, -1} { // a colour may be rounded by one
				c := func(x uint8) uint8 { return uint8(int(x) + d) }
				found = found || have[look{v.X, v.Y, v.Z, v.Material, c(v.Colour[0]), c(v.Colour[1]), c(v.Colour[2]), v.U, v.V}]
			}
			if !found {
				missing++
			}
		}
		if missing > len(want.Indices)/25 {
			t.Errorf("%s: %d of %d corners came back otherwise", family, missing, len(want.Indices))
		}
	}
}

func TestNodesPlaceTheirMeshes(t *testing.T) {
	half := math.Sqrt(.5)
	for name, c := range map[string]struct {
		nodes    []*khr.Node
		min, max r3.Vec
	}{
		"moved":    {[]*khr.Node{{Mesh: khr.Index(0), Translation: [3]float64{2, 0, 0}}}, r3.Vec{X: 2}, r3.Vec{X: 3, Y: 1}},
		"scaled":   {[]*khr.Node{{Mesh: khr.Index(0), Scale: [3]float64{2, 3, 1}}}, r3.Vec{}, r3.Vec{X: 2, Y: 3}},
		"turned":   {[]*khr.Node{{Mesh: khr.Index(0), Rotation: [4]float64{0, half, 0, half}}}, r3.Vec{Z: -1}, r3.Vec{Y: 1}},
		"matrix":   {[]*khr.Node{{Mesh: khr.Index(0), Matrix: [16]float64{0, 0, -1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 5, 0, 0, 1}}}, r3.Vec{X: 5, Z: -1}, r3.Vec{X: 5, Y: 1}},
		"children": {[]*khr.Node{{Children: []int{1}, Translation: [3]float64{0, 1, 0}}, {Mesh: khr.Index(0), Scale: [3]float64{2, 2, 2}}}, r3.Vec{Y: 1}, r3.Vec{X: 2, Y: 3}},
		"mirrored": {[]*khr.Node{{Mesh: khr.Index(0), Scale: [3]float64{-1, 1, 1}}}, r3.Vec{X: -1}, r3.Vec{Y: 1}},
	} {
		doc := square()
		doc.Nodes = c.nodes
		m := imported(t, doc)
		b := m.Bounds()
		if r3.Norm(r3.Sub(b.Min, c.min)) > 1e-6 || r3.Norm(r3.Sub(b.Max, c.max)) > 1e-6 {
			t.Errorf("%s: fills %v, want %v to %v", name, b, c.min, c.max)
		}
		// A triangle's own side agrees with its normals, mirrored or not.
		p, q, r := m.Vertices[m.Indices[0]], m.Vertices[m.Indices[1]], m.Vertices[m.Indices[2]]
		e := func(a, b model.Vertex) r3.Vec {
			return r3.Vec{X: float64(b.X - a.X), Y: float64(b.Y - a.Y), Z: float64(b.Z - a.Z)}
		}
		n := r3.Vec{X: float64(p.Normal[0]), Y: float64(p.Normal[1]), Z: float64(p.Normal[2])}
		if r3.Dot(r3.Cross(e(p, q), e(p, r)), n) <= 0 {
			t.Errorf("%s: the normals look inside", name)
		}
	}
}

// TestColoursAreBaked paints the square's lower half red and the upper half blue by a
// texture, and darkens it by a factor.
func TestColoursAreBaked(t *testing.T) {
	doc := square()
	img := image.NewNRGBA(image.Rect(0, 0, 8, 8))
	for i := range 64 {
		c := color.NRGBA{0, 0, 255, 255}
		if i >= 32 {
			c = color.NRGBA{255, 0, 0, 255}
		}
		img.SetNRGBA(i%8, i/8, c)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	source, _ := modeler.WriteImage(doc, "flag", "image/png", &b)
	doc.Textures = []*khr.Texture{{Source: &source}}
	doc.Materials = []*khr.Material{{Name: "Polished brass", PBRMetallicRoughness: &khr.PBRMetallicRoughness{
		BaseColorTexture: &khr.TextureInfo{}, BaseColorFactor: &[4]float64{.5, .5, .5, 1}}}}
	doc.Meshes[0].Primitives[0].Material = khr.Index(0)
	m := imported(t, doc)
	for _, v := range m.Vertices {
		red, blue := v.Colour[0], v.Colour[2]
		if v.Y > .5 {
			red, blue = blue, red
		}
		if red < 180 || red > 192 || blue > 20 { // half the light is 188 in sRGB
			t.Errorf("the corner at height %g is %v", v.Y, v.Colour)
		}
		if v.Material != model.Metal {
			t.Errorf("polished brass became material %d", v.Material)
		}
	}
}

func TestSparseAccessorsAreFilledIn(t *testing.T) {
	doc := square()
	at := modeler.WriteAccessor(doc, khr.TargetNone, []uint16{2})
	to := modeler.WriteAccessor(doc, khr.TargetNone, [][3]float32{{1, 4, 0}})
	a := doc.Accessors[doc.Meshes[0].Primitives[0].Attributes[khr.POSITION]]
	a.Sparse = &khr.Sparse{Count: 1, Indices: khr.SparseIndices{BufferView: *doc.Accessors[at].BufferView, ComponentType: khr.ComponentUshort},
		Values: khr.SparseValues{BufferView: *doc.Accessors[to].BufferView}}
	if b := imported(t, doc).Bounds(); b.Max.Y != 4 {
		t.Errorf("reaches up to %g, want 4", b.Max.Y)
	}
}

func TestStripsAndFansAreTriangles(t *testing.T) {
	for mode, order := range map[khr.PrimitiveMode][]uint16{khr.PrimitiveTriangleStrip: {0, 1, 3, 2}, khr.PrimitiveTriangleFan: {0, 1, 2, 3}} {
		doc := square()
		p := doc.Meshes[0].Primitives[0]
		p.Mode, p.Indices = mode, khr.Index(modeler.WriteIndices(doc, order))
		m := imported(t, doc)
		if m.Triangles() != 2 {
			t.Errorf("mode %v: %d triangles", mode, m.Triangles())
		}
		for _, v := range m.Vertices {
			if v.Normal[2] != 127 {
				t.Errorf("mode %v: a normal is %v", mode, v.Normal)
			}
		}
	}
}

// TestBadFilesAreRefused holds that each kind of bad file gets a sentence that says
// what is wrong.
func TestBadFilesAreRefused(t *testing.T) {
	good := encode(t, square())
	doc := func(change func(*khr.Document)) []byte {
		d := square()
		change(d)
		return encode(t, d)
	}
	position := func(d *khr.Document) *khr.Accessor {
		return d.Accessors[d.Meshes[0].Primitives[0].Attributes[khr.POSITION]]
	}
	bits := func(d *khr.Document, f float32) {
		binary.LittleEndian.PutUint32(d.Buffers[0].Data[d.BufferViews[0].ByteOffset:], math.Float32bits(f))
	}
	for name, c := range map[string]struct {
		raw  []byte
		says string
	}{
		"empty":             {nil, "no binary glTF"},
		"text":              {[]byte(`{"asset":{"version":"2.0"},"meshes":[]}`), "no binary glTF"},
		"cut off":           {good[:len(good)-9], "cut off"},
		"too large":         {make([]byte, 9<<20), "bytes, more than"},
		"version 1":         {append([]byte("glTF\x01\x00\x00\x00"), good[8:]...), "version 1"},
		"no JSON":           {bytes.Replace(good, []byte(`{"`), []byte(`x"`), 1), "cannot be read"},
		"Draco":             {doc(func(d *khr.Document) { d.ExtensionsRequired = []string{"KHR_draco_mesh_compression"} }), "KHR_draco_mesh_compression"},
		"another file":      {doc(func(d *khr.Document) { d.Buffers[0].URI = "http://example.org/a.bin" }), "lies in another file"},
		"no scene's meshes": {doc(func(d *khr.Document) { d.Scenes[0].Nodes = nil }), "no triangles"},
		"no such node":      {doc(func(d *khr.Document) { d.Scenes[0].Nodes = []int{7} }), "node 7"},
		"a ring of nodes":   {doc(func(d *khr.Document) { d.Nodes[0].Children = []int{0} }), "must be a tree"},
		"a node held twice": {doc(func(d *khr.Document) { d.Scenes[0].Nodes = []int{0, 0} }), "must be a tree"},
		"no such mesh":      {doc(func(d *khr.Document) { d.Nodes[0].Mesh = khr.Index(3) }), "mesh 3"},
		"no such accessor":  {doc(func(d *khr.Document) { d.Meshes[0].Primitives[0].Indices = khr.Index(99) }), "accessor 99"},
		"no such material":  {doc(func(d *khr.Document) { d.Meshes[0].Primitives[0].Material = khr.Index(5) }), "material 5"},
		"not a number":      {doc(func(d *khr.Document) { bits(d, float32(math.NaN())) }), "at no place"},
		"endless":           {doc(func(d *khr.Document) { bits(d, float32(math.Inf(1))) }), "at no place"},
		"beyond the vertices": {doc(func(d *khr.Document) {
			d.Meshes[0].Primitives[0].Indices = khr.Index(modeler.WriteIndices(d, []uint16{0, 1, 9}))
		}), "vertex 9 of 4"},
		"beyond the bytes":  {doc(func(d *khr.Document) { position(d).Count = 5000 }), "reach out of"},
		"a negative offset": {doc(func(d *khr.Document) { position(d).ByteOffset = -4 }), "cannot be"},
		"a wild count":      {doc(func(d *khr.Document) { position(d).Count = 1 << 60 }), "vertices"},
		"places of two":     {doc(func(d *khr.Document) { position(d).Type = khr.AccessorVec2 }), "no vectors of three"},
		"a point":           {doc(func(d *khr.Document) { d.Nodes[0].Scale = [3]float64{1e-9, 1e-9, 1e-9} }), "smaller than"},
		"too many triangles": {doc(func(d *khr.Document) {
			many := make([]uint16, 3*20_001)
			for i := range many {
				many[i] = uint16(i % 3)
			}
			d.Meshes[0].Primitives[0].Indices = khr.Index(modeler.WriteIndices(d, many))
		}), "simplify it"},
		"a mesh in thousands": {doc(func(d *khr.Document) {
			for range 5000 {
				d.Meshes[0].Primitives = append(d.Meshes[0].Primitives, d.Meshes[0].Primitives[0])
			}
		}), "simplify it"},
		"a huge image":     {doc(func(d *khr.Document) { withImage(d, 4096, 2) }), "4096 × 2"},
		"a broken image":   {doc(func(d *khr.Document) { withImage(d, 0, 0) }), "neither PNG nor JPEG"},
		"too many nodes":   {doc(func(d *khr.Document) { d.Nodes = append(d.Nodes, make([]*khr.Node, 2000)...); fillNodes(d) }), "nodes, more than"},
		"an unknown image": {doc(func(d *khr.Document) { withImage(d, 4, 4); d.Textures[0].Source = khr.Index(8) }), "image 8"},
	} {
		m, err := gltf.Import(c.raw, gltf.DefaultLimits())
		if err == nil || m != nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want a sentence with %q", name, err, c.says)
			continue
		}
		if strings.Contains(err.Error(), "\n") || len(err.Error()) > 300 {
			t.Errorf("%s: %q is no sentence", name, err)
		}
	}
}

func fillNodes(d *khr.Document) {
	for i := range d.Nodes {
		if d.Nodes[i] == nil {
			d.Nodes[i] = &khr.Node{}
		}
	}
}

// withImage gives the square a texture; without a size its bytes are no image.
func withImage(d *khr.Document, w, h int) {
	raw := []byte("no image at all")
	if w > 0 {
		var b bytes.Buffer
		png.Encode(&b, image.NewGray(image.Rect(0, 0, w, h)))
		raw = b.Bytes()
	}
	source, _ := modeler.WriteImage(d, "x", "image/png", bytes.NewReader(raw))
	d.Textures = []*khr.Texture{{Source: &source}}
	d.Materials = []*khr.Material{{PBRMetallicRoughness: &khr.PBRMetallicRoughness{BaseColorTexture: &khr.TextureInfo{}}}}
	d.Meshes[0].Primitives[0].Material = khr.Index(0)
}

// FuzzImport holds that no bytes make the importer panic, and that what it takes keeps
// to the limits. The header is mended so that the fuzzer comes past it.
func FuzzImport(f *testing.F) {
	f.Add(encode(f, square()))
	f.Add(export(f, spec("mug", 1), model.Far, 8))
	f.Add(export(f, spec("book", 1), model.Far, -1))
	for _, change := range []func(*khr.Document){
		func(d *khr.Document) { withImage(d, 4, 4) },
		func(d *khr.Document) {
			d.Nodes = append(d.Nodes, &khr.Node{Mesh: khr.Index(0)})
			d.Nodes[0].Children = []int{1}
		},
		func(d *khr.Document) { d.Meshes[0].Primitives[0].Mode = khr.PrimitiveTriangleStrip },
	} {
		d := square()
		change(d)
		f.Add(encode(f, d))
	}
	lim := gltf.Limits{Bytes: 1 << 20, Triangles: 2000, Nodes: 50, Images: 4, Side: 64}
	f.Fuzz(func(t *testing.T, raw []byte) {
		raw = bytes.Clone(raw)
		if len(raw) >= 12 {
			copy(raw, "glTF\x02\x00\x00\x00")
			binary.LittleEndian.PutUint32(raw[8:], uint32(len(raw)))
		}
		m, err := gltf.Import(raw, lim)
		if (m == nil) == (err == nil) {
			t.Fatalf("a mesh %v and the error %v", m != nil, err)
		}
		if err != nil {
			return
		}
		if m.Triangles() < 1 || m.Triangles() > lim.Triangles {
			t.Fatalf("%d triangles", m.Triangles())
		}
		for _, v := range m.Vertices {
			if s := float64(v.X) + float64(v.Y) + float64(v.Z); math.IsNaN(s) || math.IsInf(s, 0) || v.Material >= model.Materials {
				t.Fatalf("a vertex is %+v", v)
			}
		}
		for _, i := range m.Indices {
			if int(i) >= len(m.Vertices) {
				t.Fatalf("the index %d of %d vertices", i, len(m.Vertices))
			}
		}
	})
}

// FuzzDocument changes the document's JSON alone, behind which the bytes stay good.
func FuzzDocument(f *testing.F) {
	d := square()
	text, err := json.Marshal(d)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	withImage(d, 4, 4)
	text, _ = json.Marshal(d)
	f.Add(text)
	bin := append([]byte(nil), d.Buffers[0].Data...)
	f.Fuzz(func(t *testing.T, text []byte) {
		var b bytes.Buffer
		b.WriteString("glTF\x02\x00\x00\x00")
		binary.Write(&b, binary.LittleEndian, uint32(28+len(text)+len(bin)))
		binary.Write(&b, binary.LittleEndian, uint32(len(text)))
		b.WriteString("JSON")
		b.Write(text)
		binary.Write(&b, binary.LittleEndian, uint32(len(bin)))
		b.WriteString("BIN\x00")
		b.Write(bin)
		if m, err := gltf.Import(b.Bytes(), gltf.Limits{Bytes: 1 << 20, Triangles: 2000, Nodes: 50, Images: 4, Side: 64}); (m == nil) == (err == nil) {
			t.Fatalf("a mesh %v and the error %v", m != nil, err)
		}
	})
}

func BenchmarkImport(b *testing.B) {
	raw := export(b, spec("lamp", 1), model.Near, 64)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := gltf.Import(raw, gltf.DefaultLimits()); err != nil {
			b.Fatal(err)
		}
	}
}
