package library_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/market/model"
	"souk/scene/market/model/gltf"
	"souk/scene/market/model/library"
	"souk/world"
	"souk/world/catalog"
)

// file is a .glb of a chair, one and a half times as high as it is wide, of a colour
// that no item of the tests has.
func file(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	s := model.Spec{Family: "chair", Look: world.Look{Size: r3.Vec{X: 2, Y: 3, Z: 2}, Primary: world.RGB{R: 1}, Accent: world.RGB{B: 1}}}
	if err := gltf.Export(&b, model.Build(s, model.Near), gltf.Options{TextureSize: -1}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// shop is a catalogue of lamps whose rows bring the given models.
func shop(t testing.TB, models ...string) *catalog.Catalog {
	t.Helper()
	text := "id,name_en,category,price,width,height,depth,model\n"
	for i, m := range models {
		text += fmt.Sprintf("a%d,Lamp,Lamps,10,0.3,0.3,0.3,%s\n", i, m)
	}
	c, rep, err := catalog.ImportCSV(strings.NewReader(text), "shop.csv", catalog.DefaultColumns())
	if err != nil || rep.BadRows() > 0 {
		t.Fatal(err, rep)
	}
	return c
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func TestAnItemBringsItsOwnModel(t *testing.T) {
	c := shop(t, "things/chair.glb", "")
	l := library.New(c, fstest.MapFS{"things/chair.glb": {Data: file(t)}}, gltf.DefaultLimits(), quiet())
	box := r3.Vec{X: .3, Y: .3, Z: .3}
	m := l.Mesh(0, box, model.Near)
	b := m.Bounds()
	size := r3.Sub(b.Max, b.Min)
	if size.Y < .2999 || size.Y > .3001 || size.X < .199 || size.X > .201 || b.Min.Y < -1e-6 || b.Min.Y > 1e-6 {
		t.Errorf("a chair of 2 × 3 × 2 in a box of 0.3 fills %v", b)
	}
	if v := m.Vertices[0]; v.Colour[0] < 200 && v.Colour[2] < 200 {
		t.Errorf("the chair's colour is %v", v.Colour)
	}
	for d := range model.Details {
		n, budget := l.Mesh(0, box, d).Triangles(), d.Budget()
		if d == model.Near {
			budget = 2000
		}
		if n < 4 || n > budget {
			t.Errorf("%s: %d triangles", d, n)
		}
	}
	lamp := model.Build(model.SpecOf(&c.Items[1], "lamp"), model.Near)
	if got := l.Mesh(1, c.Items[1].Look.Size, model.Near); got.Triangles() != lamp.Triangles() {
		t.Errorf("an item without a model of its own has %d triangles, its family's %d", got.Triangles(), lamp.Triangles())
	}
	if !l.Owns(0) || l.Owns(1) || len(l.Refused()) != 0 {
		t.Errorf("owns %v %v, refused %v", l.Owns(0), l.Owns(1), l.Refused())
	}
}

// TestMeshesAreTheCallers holds that what a caller does to its mesh changes no other.
func TestMeshesAreTheCallers(t *testing.T) {
	l := library.New(shop(t, "a.glb"), fstest.MapFS{"a.glb": {Data: file(t)}}, gltf.DefaultLimits(), quiet())
	a := l.Mesh(0, r3.Vec{X: 1, Y: 1, Z: 1}, model.Near)
	before := a.Vertices[0]
	l.Mesh(0, r3.Vec{X: 1, Y: 1, Z: 1}, model.Near).Vertices[0].X = 99
	if got := l.Mesh(0, r3.Vec{X: 1, Y: 1, Z: 1}, model.Near).Vertices[0]; got != before {
		t.Errorf("a vertex became %+v", got)
	}
}

// TestBadModelsAreNamed holds that each bad one gets a reason and the family's model, and one
// warning however often it is asked for.
func TestBadModelsAreNamed(t *testing.T) {
	files := fstest.MapFS{"a.glb": {Data: file(t)}, "text.glb": {Data: []byte("hello, this is no model")}, "large.glb": {Data: make([]byte, 9<<20)},
		"lamp.obj": {Data: []byte("v 0 0 0")}, "folder.glb/x": {Data: nil}}
	cases := []struct{ path, says string }{
		{"missing.glb", "there is no file"}, {"text.glb", "no binary glTF"}, {"large.glb", "bytes that are taken"}, {"lamp.obj", "is no .glb"},
		{"../a.glb", "leads out"}, {"/etc/a.glb", "leads out"}, {`things\a.glb`, "leads out"}, {"folder.glb", "no plain file"},
	}
	var models []string
	for _, c := range cases {
		models = append(models, c.path)
	}
	var out bytes.Buffer
	c := shop(t, models...)
	l := library.New(c, files, gltf.DefaultLimits(), slog.New(slog.NewTextHandler(&out, nil)))
	for range 3 {
		for i := range cases {
			m := l.Mesh(world.ItemIndex(i), c.Items[i].Look.Size, model.Far)
			if want := model.Build(model.SpecOf(&c.Items[i], "lamp"), model.Far); m.Triangles() != want.Triangles() {
				t.Errorf("%s: %d triangles, the family's model has %d", cases[i].path, m.Triangles(), want.Triangles())
			}
		}
	}
	refused := l.Refused()
	if len(refused) != len(cases) {
		t.Fatalf("refused %v", refused)
	}
	for i, r := range refused {
		if r.Path != cases[i].path || !strings.Contains(r.Reason, cases[i].says) {
			t.Errorf("%s: %q, want %q in it", r.Path, r.Reason, cases[i].says)
		}
	}
	if n := strings.Count(out.String(), "level=WARN"); n != len(cases) {
		t.Errorf("%d warnings for %d items", n, len(cases))
	}
	checked, brought := l.Check()
	if len(checked) != len(cases) || brought != len(cases) {
		t.Errorf("checking names %d of %d", len(checked), brought)
	}
}

// TestNoPathLeadsOutOfTheFolder tries a link on a real disk.
func TestNoPathLeadsOutOfTheFolder(t *testing.T) {
	base := t.TempDir()
	dir := filepath.Join(base, "shop")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for path, data := range map[string][]byte{filepath.Join(base, "secret.glb"): file(t), filepath.Join(dir, "good.glb"): file(t)} {
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("../secret.glb", filepath.Join(dir, "link.glb")); err != nil {
		t.Skipf("no links can be made here: %v", err)
	}
	c := shop(t, "good.glb", "link.glb")
	c.Dir = dir
	refused, _ := library.Of(c, quiet()).Check()
	if len(refused) != 1 || refused[0].Path != "link.glb" {
		t.Errorf("refused %v, want the link alone", refused)
	}
}

// TestACatalogueFromElsewhereOpensNothing is one that a server sent: it has no folder here.
func TestACatalogueFromElsewhereOpensNothing(t *testing.T) {
	var out bytes.Buffer
	l := library.Of(shop(t, "a.glb", "b.glb", "c.glb"), slog.New(slog.NewTextHandler(&out, nil)))
	for i := range 3 {
		l.Mesh(world.ItemIndex(i), r3.Vec{X: .1, Y: .1, Z: .1}, model.Far)
	}
	refused := l.Refused()
	if len(refused) != 3 || !strings.Contains(refused[0].Reason, "no folder") {
		t.Errorf("refused %v", refused)
	}
	if n := strings.Count(out.String(), "level=WARN"); n != 1 {
		t.Errorf("%d warnings for one reason:\n%s", n, out.String())
	}
}

// opened counts how often a file is opened.
type opened struct {
	fs.FS
	mu sync.Mutex
	n  int
}

func (o *opened) Open(name string) (fs.File, error) {
	o.mu.Lock()
	o.n++
	o.mu.Unlock()
	return o.FS.Open(name)
}

func TestAFileIsReadOnce(t *testing.T) {
	files := &opened{FS: fstest.MapFS{"a.glb": {Data: file(t)}}}
	l := library.New(shop(t, "a.glb", "a.glb", "a.glb"), files, gltf.DefaultLimits(), quiet())
	var all sync.WaitGroup
	for i := range 24 {
		all.Go(func() { l.Mesh(world.ItemIndex(i%3), r3.Vec{X: .1, Y: .1, Z: .1}, model.Detail(i)%model.Details) })
	}
	all.Wait()
	if files.n != 1 {
		t.Errorf("the file was opened %d times", files.n)
	}
}

func BenchmarkOwnMesh(b *testing.B) {
	l := library.New(shop(b, "a.glb"), fstest.MapFS{"a.glb": {Data: file(b)}}, gltf.DefaultLimits(), quiet())
	b.ReportAllocs()
	for b.Loop() {
		l.Mesh(0, r3.Vec{X: .3, Y: .3, Z: .3}, model.Near)
	}
}
