package souk_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// layers says which of our own packages a package may import: the longest
// prefix of its path that is listed decides. Imports point one way:
// cmd → scene → attention → world, with input's types beside world.
var layers = map[string][]string{
	"world":              {"world"},
	"input":              {"world"},
	"input/look":         {"input", "world"},
	"input/shopper":      {"input", "world"},
	"input/tracker":      {"input", "world"},
	"attention":          {"attention", "input", "world"},
	"attention/internal": {"world"},
	"attention/gaze":     {"attention/internal", "input", "world"},
	"attention/focus":    {"attention/internal", "attention/gaze", "world"},
	"attention/signal":   {"attention/internal", "attention/focus", "world"},
	"attention/rank":     {"attention/internal", "attention/signal", "attention/rank", "world"},
	"attention/place":    {"attention/internal", "attention/rank", "world"},
	"attention/train":    {"attention/internal", "attention/rank", "attention/signal", "attention/focus", "attention/train", "world"},
	"attention/privacy":  {"world"},
	"assets":             {"assets"},
	"scene":              {"scene", "attention", "input", "world", "assets"},
	"scene/lettering":    {},
	"scene/sound":        {"scene/sound", "scene/hud", "world"},
	"scene/console":      {"scene/console", "scene/lettering", "world/wire", "world", "assets"},
	"cmd":                {"cmd/internal", "scene", "attention", "input", "world", "assets"},
}

// closed lists packages that nobody imports but cmd: devices, and the network.
var closed = []string{"input/look", "input/shopper", "input/tracker", "world/server", "world/client", "world/store", "scene/sound/speaker"}

// noGraphics lists what must build without cgo, and so imports no graphics.
var noGraphics = []string{"world", "attention", "input", "assets", "scene/lettering", "scene/hud", "scene/sound", "cmd/soukd", "cmd/souklab"}

var graphics = []string{"github.com/g3n/", "github.com/go-gl/", "github.com/hajimehoshi/ebiten"}

// pure lists the deterministic core: time comes from the frame, randomness
// from a seed, and nothing runs beside the caller.
var pure = []string{"world", "world/catalog", "world/catalog/search", "world/plan", "world/ledger", "attention", "attention/gaze", "attention/focus",
	"attention/signal", "attention/rank", "attention/rank/selfattention", "attention/place", "attention/privacy", "input", "input/look", "input/shopper", "scene/sound"}

type source struct {
	pkg  string // folder, "" for the root
	name string
	file *ast.File
	fset *token.FileSet
}

func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "build") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		all = append(all, source{pkg: path.Dir(filepath.ToSlash(name)), name: filepath.ToSlash(name), file: f, fset: fset})
		return nil
	})
	if err != nil {
		t.Fatalf("reading the source tree: %v", err)
	}
	if len(all) < 30 {
		t.Fatalf("found %d Go files: the test does not see the tree", len(all))
	}
	return all
}

func under(pkg, root string) bool { return pkg == root || strings.HasPrefix(pkg, root+"/") }

func allowed(pkg string) ([]string, bool) {
	for p := pkg; p != "." && p != "/"; p = path.Dir(p) {
		if a, ok := layers[p]; ok {
			return a, true
		}
	}
	return nil, false
}

// TestImportsPointOneWay walks the import graph and holds the layering. Tests
// of a package may look at more than the package itself may.
func TestImportsPointOneWay(t *testing.T) {
	for _, s := range sources(t) {
		if strings.HasSuffix(s.name, "_test.go") || s.pkg == "." {
			continue
		}
		may, ok := allowed(s.pkg)
		if !ok {
			t.Errorf("%s: no layer is known for this folder: the top level is fixed (cmd, world, scene, attention, input, assets)", s.name)
			continue
		}
		for _, im := range s.file.Imports {
			p, _ := strconv.Unquote(im.Path.Value)
			for _, g := range graphics {
				if strings.HasPrefix(p, g) && slices.ContainsFunc(noGraphics, func(r string) bool { return under(s.pkg, r) }) {
					t.Errorf("%s imports %s: no graphics below scene/market and scene/console", s.name, p)
				}
			}
			own, ours := strings.CutPrefix(p, "souk/")
			if !ours {
				continue
			}
			if !slices.ContainsFunc(may, func(r string) bool { return under(own, r) }) {
				t.Errorf("%s imports %s: %s may import only %v", s.name, p, s.pkg, may)
			}
			for _, c := range closed {
				if under(own, c) && !under(s.pkg, c) && !under(s.pkg, "cmd") && !(c == "world/store" && under(s.pkg, "world")) {
					t.Errorf("%s imports %s: only cmd may", s.name, p)
				}
			}
		}
	}
}

// TestDeterministicCoreKnowsNoClock holds the rule that the core takes time
// from the frame and randomness from a seed, and starts no goroutine.
func TestDeterministicCoreKnowsNoClock(t *testing.T) {
	banned := map[string][]string{
		"time":         {"Now", "Since", "Until", "Sleep", "After", "Tick", "NewTimer", "NewTicker", "AfterFunc"},
		"math/rand":    {"*"},
		"math/rand/v2": {"Int", "IntN", "Float64", "Float32", "Perm", "Shuffle", "N", "Uint64", "Uint32", "Int64", "NormFloat64", "ExpFloat64"},
		"crypto/rand":  {"*"},
	}
	for _, s := range sources(t) {
		if strings.HasSuffix(s.name, "_test.go") || !slices.Contains(pure, s.pkg) {
			continue
		}
		names := map[string]string{} // local name → import path
		for _, im := range s.file.Imports {
			p, _ := strconv.Unquote(im.Path.Value)
			if _, bad := banned[p]; !bad {
				continue
			}
			local := path.Base(p)
			if local == "v2" {
				local = "rand"
			}
			if im.Name != nil {
				local = im.Name.Name
			}
			names[local] = p
			if slices.Contains(banned[p], "*") {
				t.Errorf("%s imports %s: randomness comes from a seed (math/rand/v2 with its own source)", s.name, p)
			}
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				t.Errorf("%s: the core starts no goroutine", s.fset.Position(n.Pos()))
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok {
					if p, ok := names[x.Name]; ok && slices.Contains(banned[p], n.Sel.Name) {
						t.Errorf("%s: %s.%s: the core knows no clock and no global randomness", s.fset.Position(n.Pos()), x.Name, n.Sel.Name)
					}
				}
			}
			return true
		})
	}
}
