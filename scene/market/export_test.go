//go:build cgo

package market

// ReadShader puts another reader in the place of the shaders' and returns what
// puts it back: for tests of what a broken shader does.
func ReadShader(read func(name string) ([]byte, error)) (restore func()) {
	had := readShader
	readShader = func(name string) ([]byte, error) {
		if read != nil {
			if b, err := read(name); b != nil || err != nil {
				return b, err
			}
		}
		return had(name)
	}
	return func() { readShader = had }
}

// ShaderFiles are the names of the shaders, as ReadShader gets them.
func ShaderFiles() ([]string, error) {
	list, err := shaderFiles.ReadDir("shaders")
	var names []string
	for _, e := range list {
		names = append(names, "shaders/"+e.Name())
	}
	return names, err
}

// ThingsOnCard is how many pedestals' things are on the graphics card.
func (s *Scene) ThingsOnCard() int {
	n := 0
	for i := range s.things.all {
		if s.things.all[i].part.there() {
			n++
		}
	}
	return n
}

// layerNames are the layers of a picture by name.
var layerNames = [layers]string{"things", "people", "goods", "stands", "static", "prints", "ground", "contacts", "sky", "labels"}

// Layers are the names of what [Without] can leave out.
func Layers() []string { return layerNames[:] }

// Without leaves a layer out of the pictures from now on.
func Without(s *Scene, layer string) {
	for i, n := range layerNames {
		if n == layer {
			s.without[i] = true
		}
	}
}

// PoolBooks are how many places in the scene's pools are taken, and how many
// those who hold them know of.
func (s *Scene) PoolBooks() (taken, held int32) {
	taken = s.solids.vertices.taken() + s.solids.indices.taken() + s.prints.vertices.taken() + s.prints.indices.taken()
	add := func(p part) { held += p.vertices.count + p.indices.count }
	for i := range s.booths.all {
		b := &s.booths.all[i]
		add(b.cards.part)
		add(b.models.part)
		add(b.tags)
	}
	for i := range s.things.all {
		add(s.things.all[i].part)
		add(s.things.all[i].label)
	}
	return taken, held
}

// SetMemory gives a quality's goods and things so many MiB, and returns what
// puts back what they had.
func SetMemory(q Quality, mib int) (restore func()) {
	had := details[q]
	d := had
	d.memory = mib
	details[q] = d
	return func() { details[q] = had }
}

// Shown says whether the goods of some stall in view are loaded, and whether
// those of the nearest one that is open are not.
func (s *Scene) Shown() (some, missing bool) {
	first := true
	for _, v := range s.stallViews {
		if !v.Open || float64(v.Distance) > s.detail.goods {
			continue
		}
		b := &s.booths.all[v.Stall]
		ready := b.models.ready || b.cards.ready
		some = some || ready
		missing = missing || first && !ready
		first = false
	}
	return some, missing
}
