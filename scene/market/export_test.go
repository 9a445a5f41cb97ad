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
		if s.things.all[i].mesh.array != 0 {
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
