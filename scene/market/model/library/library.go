// Package library gives each item of a catalogue its mesh: that of the .glb that the
// item brings, or its family's.
//
// Read [Of] and [Library.Mesh].
package library

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"slices"
	"strings"
	"sync"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/market/model"
	"souk/scene/market/model/gltf"
	"souk/world"
	"souk/world/catalog"
)

// nearBudget is the most triangles of an item's own model from near; farther away it
// has no more than a family's.
const nearBudget = 2000

// Library gives items their meshes. It is safe for concurrent use.
type Library struct {
	catalog *catalog.Catalog
	files   fs.FS // nil where there are none
	limits  gltf.Limits
	log     *slog.Logger

	mu      sync.Mutex
	own     map[string]*own // by path
	refused map[world.ItemIndex]string
}

// own is a file: read once, kept in all details in the file's measures.
type own struct {
	read   sync.Once
	meshes [model.Details]*model.Mesh
	err    error
}

// Refusal is an item whose own model cannot be shown.
type Refusal struct {
	Item   world.ItemIndex
	ID     string
	Path   string // as the catalogue has it
	Reason string // one sentence, without the path: what is wrong and what to do
}

// Of is the library of a catalogue whose items' own models lie in its folder. Log may be
// nil for the program's own. Nothing is read yet.
func Of(c *catalog.Catalog, log *slog.Logger) *Library {
	var files fs.FS
	if c.Dir != "" {
		files = folder(c.Dir)
	}
	return New(c, files, gltf.DefaultLimits(), log)
}

// New is [Of] with the files given; nil is none, and every own model is refused.
func New(c *catalog.Catalog, files fs.FS, lim gltf.Limits, log *slog.Logger) *Library {
	if log == nil {
		log = slog.Default()
	}
	return &Library{catalog: c, files: files, limits: lim, log: log, own: map[string]*own{}, refused: map[world.ItemIndex]string{}}
}

// folder is a folder of the disk out of which no path leads, by links or dots.
type folder string

func (dir folder) Open(name string) (fs.File, error) {
	root, err := os.OpenRoot(string(dir))
	if err != nil {
		return nil, err
	}
	defer root.Close()
	// What is no plain file is not opened: a pipe would wait for its other end.
	if info, err := root.Stat(name); err == nil && !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("no plain file")}
	}
	return root.Open(name)
}

// Mesh is an item's mesh for a box of the given size, metres: the item's own, fitted into
// the box with its proportions kept, or its family's, which fills it. The mesh belongs to the
// caller. An own model is read when its item is first asked for, which may take some tens
// of milliseconds; where it cannot be shown, one warning is logged and the family's stands in.
func (l *Library) Mesh(item world.ItemIndex, size r3.Vec, d model.Detail) *model.Mesh {
	return l.Lend(new(model.Workshop), item, size, d)
}

// Lend is Mesh for who makes many: the mesh holds until the workshop's next.
func (l *Library) Lend(w *model.Workshop, item world.ItemIndex, size r3.Vec, d model.Detail) *model.Mesh {
	it := &l.catalog.Items[item]
	if name := l.catalog.Attribute(item, catalog.ModelKey); name != "" {
		if m, err := l.mesh(name, d); err == nil {
			return model.Stood(m, size)
		} else {
			l.refuse(item, name, err)
		}
	}
	spec := model.SpecOf(it, l.catalog.Family(item))
	spec.Look.Size = size
	return w.Build(spec, d)
}

// Owns says whether the item's own model is shown; it reads the file if it has not been.
func (l *Library) Owns(item world.ItemIndex) bool {
	name := l.catalog.Attribute(item, catalog.ModelKey)
	if name == "" {
		return false
	}
	_, err := l.mesh(name, model.Near)
	return err == nil
}

// Refused lists the items asked for so far whose own models cannot be shown, by row.
func (l *Library) Refused() []Refusal {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := make([]Refusal, 0, len(l.refused))
	for i, reason := range l.refused {
		out = append(out, Refusal{i, l.catalog.Items[i].ID, l.catalog.Attribute(i, catalog.ModelKey), reason})
	}
	slices.SortFunc(out, func(a, b Refusal) int { return cmp.Compare(a.Item, b.Item) })
	return out
}

// Check reads every own model of the catalogue and lists those that cannot be shown,
// and how many items bring one. It logs nothing and keeps no meshes.
func (l *Library) Check() (refused []Refusal, brought int) {
	known := map[string]error{}
	for i := range l.catalog.Items {
		item := world.ItemIndex(i)
		name := l.catalog.Attribute(item, catalog.ModelKey)
		if name == "" {
			continue
		}
		brought++
		err, ok := known[name]
		if !ok {
			_, err = l.load(name)
			known[name] = err
		}
		if err != nil {
			refused = append(refused, Refusal{item, l.catalog.Items[i].ID, name, err.Error()})
		}
	}
	return refused, brought
}

// mesh is a file's mesh in a detail.
func (l *Library) mesh(name string, d model.Detail) (*model.Mesh, error) {
	l.mu.Lock()
	o := l.own[name]
	if o == nil {
		o = &own{}
		l.own[name] = o
	}
	l.mu.Unlock()
	o.read.Do(func() {
		m, err := l.load(name)
		if err != nil {
			o.err = err
			return
		}
		for d := range model.Details {
			budget := d.Budget()
			if d == model.Near {
				budget = nearBudget
			}
			o.meshes[d] = model.Simplified(m, budget)
		}
	})
	if o.err != nil {
		return nil, o.err
	}
	return o.meshes[min(d, model.Far)], nil
}

// refuse keeps and logs why an item's own model is not shown, once.
func (l *Library) refuse(item world.ItemIndex, name string, err error) {
	l.mu.Lock()
	_, known := l.refused[item]
	// Without a folder all own models are refused for the same reason: it is said once.
	known = known || l.files == nil && len(l.refused) > 0
	l.refused[item] = err.Error()
	l.mu.Unlock()
	if !known {
		l.log.Warn("an item's own model cannot be shown; its family's stands in", "item", l.catalog.Items[item].ID, "model", name, "reason", err.Error())
	}
}

// load reads a file.
func (l *Library) load(name string) (*model.Mesh, error) {
	clean := path.Clean(name)
	switch {
	case strings.Contains(name, "\\") || !fs.ValidPath(clean) || clean == ".":
		return nil, fmt.Errorf("%q leads out of the catalogue's folder or is no path; write it with slashes and from the catalogue's file on, as models/lamp.glb", name)
	case !strings.EqualFold(path.Ext(clean), ".glb"):
		return nil, fmt.Errorf("%q is no .glb; export the model as binary glTF 2.0", name)
	case l.files == nil:
		return nil, errors.New("the catalogue has no folder on this machine to read models from; open it from its file")
	}
	f, err := l.files.Open(clean)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no file %q beside the catalogue; put it there or mend the path", name)
		}
		return nil, fmt.Errorf("the file %q cannot be opened (%w); make it readable, in the catalogue's folder or below", name, err)
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%q is no plain file; give the path of a .glb", name)
	}
	raw, err := io.ReadAll(io.LimitReader(f, int64(l.limits.Bytes)+1))
	if err != nil {
		return nil, fmt.Errorf("the file %q cannot be read (%w); copy it again", name, err)
	}
	if len(raw) > l.limits.Bytes {
		return nil, fmt.Errorf("the file has more than the %d bytes that are taken; make its textures smaller or its meshes simpler", l.limits.Bytes)
	}
	return gltf.Import(raw, l.limits)
}
