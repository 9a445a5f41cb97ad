package gltf_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	khr "github.com/qmuntal/gltf"
	"github.com/qmuntal/gltf/modeler"
	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/market/model"
	"souk/scene/market/model/gltf"
	"souk/scene/market/model/surface"
	"souk/world"
)

// spec is one of a family's shapes.
func spec(family string, n int) model.Spec {
	return model.Spec{Family: family, Look: world.Look{Primary: world.RGB{R: .7, G: .3, B: .2}, Accent: world.RGB{R: .95, G: .95, B: .9},
		Size: r3.Vec{X: .3, Y: .4, Z: .25}, Shape: [4]float32{float32(n) / 5, float32(n*2%6) / 5, float32(n*3%6) / 5, float32(n*5%6) / 5}}}
}

func export(t testing.TB, s model.Spec, d model.Detail, size int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := gltf.Export(&b, model.Build(s, d), gltf.Options{Item: "i000001", Family: s.Family, Detail: d, TextureSize: size, Seed: 1}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestExportedFilesHold reads every family's file with a library for it and holds what
// the format asks for.
func TestExportedFilesHold(t *testing.T) {
	for _, family := range model.Families() {
		for d := range model.Details {
			var doc khr.Document
			if err := khr.NewDecoder(bytes.NewReader(export(t, spec(family, 2), d, 16))).Decode(&doc); err != nil {
				t.Fatalf("%s: %v", family, err)
			}
			m := model.Build(spec(family, 2), d)
			if got := triangles(t, family, &doc); got != m.Triangles() {
				t.Errorf("%s %s: %d triangles in the file, %d in the model", family, d, got, m.Triangles())
			}
			if doc.Asset.Generator == "" || doc.Asset.Version != "2.0" {
				t.Errorf("%s: the asset is %+v", family, doc.Asset)
			}
			extras, _ := json.Marshal(doc.Nodes[0].Extras)
			if !strings.Contains(string(extras), `"item":"i000001"`) || !strings.Contains(string(extras), family) {
				t.Errorf("%s: the node's extras are %s", family, extras)
			}
			images(t, family, &doc)
		}
	}
}

// triangles checks a document's primitives and counts their triangles.
func triangles(t *testing.T, name string, doc *khr.Document) (n int) {
	t.Helper()
	for _, p := range doc.Meshes[0].Primitives {
		at := doc.Accessors[p.Attributes[khr.POSITION]]
		places, err := modeler.ReadPosition(doc, at, nil)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for k := range 3 {
			lo, hi := math.Inf(1), math.Inf(-1)
			for _, q := range places {
				lo, hi = min(lo, float64(q[k])), max(hi, float64(q[k]))
			}
			if lo != at.Min[k] || hi != at.Max[k] {
				t.Errorf("%s: the places reach from %g to %g, the accessor says %g to %g", name, lo, hi, at.Min[k], at.Max[k])
			}
		}
		normals, err := modeler.ReadNormal(doc, doc.Accessors[p.Attributes[khr.NORMAL]], nil)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for i, v := range normals {
			if l := math.Sqrt(float64(v[0]*v[0] + v[1]*v[1] + v[2]*v[2])); math.Abs(l-1) > 1e-5 {
				t.Errorf("%s: normal %d has the length %g", name, i, l)
				break
			}
		}
		for _, a := range []string{khr.TEXCOORD_0, khr.COLOR_0} {
			if c := doc.Accessors[p.Attributes[a]].Count; c != len(places) {
				t.Errorf("%s: %d of %s for %d places", name, c, a, len(places))
			}
		}
		indices, err := modeler.ReadIndices(doc, doc.Accessors[*p.Indices], nil)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, i := range indices {
			if int(i) >= len(places) {
				t.Errorf("%s: the index %d of %d places", name, i, len(places))
				break
			}
		}
		if *p.Material >= len(doc.Materials) {
			t.Errorf("%s: material %d of %d", name, *p.Material, len(doc.Materials))
		}
		n += len(indices) / 3
	}
	return n
}

// images decodes the embedded textures.
func images(t *testing.T, name string, doc *khr.Document) {
	t.Helper()
	for i, im := range doc.Images {
		raw, err := modeler.ReadBufferView(doc, doc.BufferViews[*im.BufferView])
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		pic, err := png.Decode(bytes.NewReader(raw))
		if err != nil || pic.Bounds().Dx() != 16 || im.MimeType != "image/png" {
			t.Errorf("%s: image %d: %v, %v", name, i, err, im.MimeType)
		}
	}
}

// TestAViewerShowsWhatTheMarketShows compares, texel by texel, the linear light that a glTF
// viewer makes of vertex colour and texture with that of the market's colour × 2 × texel.
func TestAViewerShowsWhatTheMarketShows(t *testing.T) {
	const size = 32
	for word, mat := range map[string]model.Material{"oak": model.Wood, "linen": model.Cloth, "steel": model.Metal, "granite": model.Stone} {
		for _, c := range []float32{.15, .4, .7, .95, 1} {
			s := spec("box", 0)
			s.Material, s.Look.Primary, s.Look.Accent = word, world.RGB{R: c, G: c, B: c}, world.RGB{R: c, G: c, B: c}
			var b bytes.Buffer
			if err := gltf.Export(&b, model.Build(s, model.Far), gltf.Options{TextureSize: size, Seed: 5}); err != nil {
				t.Fatal(err)
			}
			var doc khr.Document
			if err := khr.NewDecoder(&b).Decode(&doc); err != nil {
				t.Fatal(err)
			}
			p := doc.Meshes[0].Primitives[0]
			colours, err := modeler.ReadColor64(&doc, doc.Accessors[p.Attributes[khr.COLOR_0]], nil)
			if err != nil {
				t.Fatal(err)
			}
			raw, err := modeler.ReadBufferView(&doc, doc.BufferViews[*doc.Images[0].BufferView])
			if err != nil {
				t.Fatal(err)
			}
			img, err := png.Decode(bytes.NewReader(raw))
			if err != nil {
				t.Fatal(err)
			}
			tex := surface.Texture(mat, size, 5)
			var off, all float64
			for i := range size * size {
				_, g, _, _ := img.At(i%size, i/size).RGBA()
				viewer := float64(colours[0][1]) / 65535 * model.Linear(float64(g)/65535)
				market := model.Linear(min(1, float64(uint8(c*255+.5))/255*2*float64(tex.Pix[4*i+1])/255))
				off, all = off+math.Abs(viewer-market), all+market
			}
			// Near black sRGB's curve is no power, and nobody sees the difference.
			if off > .05*all && off > .004*size*size {
				t.Errorf("%s of %g: the viewer's light is %.3f off", word, c, off/all)
			}
		}
	}
}

func TestSameModelSameFile(t *testing.T) {
	if a, b := export(t, spec("lamp", 1), model.Near, 32), export(t, spec("lamp", 1), model.Near, 32); !bytes.Equal(a, b) {
		t.Error("the same model gave two files")
	}
}

func TestNoTrianglesNoFile(t *testing.T) {
	var b bytes.Buffer
	if err := gltf.Export(&b, &model.Mesh{}, gltf.Options{}); err == nil || b.Len() > 0 {
		t.Errorf("an empty mesh gave %d bytes and %v", b.Len(), err)
	}
}

// script asks the Khronos validator about the files given and prints its counts.
const script = `const v=require('gltf-validator'),fs=require('fs');
(async()=>{for(const f of process.argv.slice(1)){const r=await v.validateBytes(new Uint8Array(fs.readFileSync(f)));
const i=r.issues;console.log(f,i.numErrors,i.numWarnings,i.messages.filter(m=>m.severity<2).slice(0,3).map(m=>m.code+' '+m.pointer).join('; '))}})()`

// TestTheValidatorAccepts runs the Khronos glTF validator over every family's file.
func TestTheValidatorAccepts(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no node to run the Khronos validator with: install nodejs")
	}
	dir := t.TempDir()
	where := os.Getenv("GLTF_VALIDATOR")
	probe := exec.Command(node, "-e", "require('gltf-validator')")
	probe.Env = append(os.Environ(), "NODE_PATH="+where)
	if err := probe.Run(); err != nil {
		t.Skip("node has no gltf-validator: npm install gltf-validator, and put its node_modules folder into GLTF_VALIDATOR")
	}
	args := []string{"-e", script}
	for _, family := range model.Families() {
		for n := range 3 {
			for d := range model.Details {
				file := filepath.Join(dir, fmt.Sprintf("%s-%d-%s.glb", family, n, d))
				if err := os.WriteFile(file, export(t, spec(family, 2*n), d, 32), 0o644); err != nil {
					t.Fatal(err)
				}
				args = append(args, file)
			}
		}
	}
	cmd := exec.Command(node, args...)
	cmd.Env = append(os.Environ(), "NODE_PATH="+where)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("the validator failed: %v\n%s", err, out)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) != len(args)-2 {
		t.Fatalf("%d answers for %d files:\n%s", len(lines), len(args)-2, out)
	}
	for _, line := range lines {
		if !strings.Contains(line, ".glb 0 0") {
			t.Error(line)
		}
	}
}

func BenchmarkExport(b *testing.B) {
	m := model.Build(spec("lamp", 1), model.Near)
	b.ReportAllocs()
	for b.Loop() {
		var out bytes.Buffer
		if err := gltf.Export(&out, m, gltf.Options{TextureSize: 64}); err != nil {
			b.Fatal(err)
		}
	}
}
