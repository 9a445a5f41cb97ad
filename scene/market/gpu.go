//go:build cgo

package market

import (
	"embed"
	"fmt"
	"strings"
	"unsafe"

	"github.com/go-gl/gl/v3.3-core/gl"
)

//go:embed shaders/*.glsl
var shaderFiles embed.FS

// readShader reads one of them; a test puts a broken one in its place.
var readShader = shaderFiles.ReadFile

// gpu makes and counts the objects of one scene on the graphics card: what it
// makes, it must be asked to free.
type gpu struct {
	buffers, arrays, textures, programs, frames, renders int
}

// live is the number of objects not freed yet.
func (g *gpu) live() int {
	return g.buffers + g.arrays + g.textures + g.programs + g.frames + g.renders
}

// check turns OpenGL's pending errors into one.
func check(doing string) error {
	code := gl.GetError()
	if code == gl.NO_ERROR {
		return nil
	}
	for i := 0; i < 16 && gl.GetError() != gl.NO_ERROR; i++ {
	}
	names := map[uint32]string{gl.INVALID_ENUM: "invalid enum", gl.INVALID_VALUE: "invalid value", gl.INVALID_OPERATION: "invalid operation",
		gl.OUT_OF_MEMORY: "out of memory", gl.INVALID_FRAMEBUFFER_OPERATION: "incomplete frame buffer"}
	return fmt.Errorf("%s: OpenGL says %s (0x%04x)", doing, names[code], code)
}

// program is a linked shader with its uniforms by name.
type program struct {
	id       uint32
	uniforms map[string]int32
}

// at is the place of a uniform; −1, which OpenGL ignores, where the compiler dropped it.
func (p *program) at(name string) int32 {
	if l, ok := p.uniforms[name]; ok {
		return l
	}
	l := gl.GetUniformLocation(p.id, gl.Str(name+"\x00"))
	p.uniforms[name] = l
	return l
}

// program compiles shaders/NAME.vert.glsl and NAME.frag.glsl with common.glsl
// before them and the given names defined.
func (g *gpu) program(vert, frag string, defines ...string) (*program, error) {
	head := "#version 330 core\n"
	for _, d := range defines {
		head += "#define " + d + "\n"
	}
	common, err := readShader("shaders/common.glsl")
	if err != nil {
		return nil, fmt.Errorf("load the shaders: %w", err)
	}
	id := gl.CreateProgram()
	for _, s := range []struct {
		file string
		kind uint32
	}{{vert + ".vert.glsl", gl.VERTEX_SHADER}, {frag + ".frag.glsl", gl.FRAGMENT_SHADER}} {
		text, err := readShader("shaders/" + s.file)
		if err != nil {
			gl.DeleteProgram(id)
			return nil, fmt.Errorf("load the shaders: %w", err)
		}
		shader := gl.CreateShader(s.kind)
		source, free := gl.Strs(head + string(common) + string(text) + "\x00")
		gl.ShaderSource(shader, 1, source, nil)
		free()
		gl.CompileShader(shader)
		var ok int32
		if gl.GetShaderiv(shader, gl.COMPILE_STATUS, &ok); ok == 0 {
			log := make([]byte, 4096)
			gl.GetShaderInfoLog(shader, int32(len(log)), nil, &log[0])
			gl.DeleteShader(shader)
			gl.DeleteProgram(id)
			return nil, fmt.Errorf("compile the shader %s: %s; the graphics driver may be too old", s.file, tidy(log))
		}
		gl.AttachShader(id, shader)
		gl.DeleteShader(shader)
	}
	gl.LinkProgram(id)
	var ok int32
	if gl.GetProgramiv(id, gl.LINK_STATUS, &ok); ok == 0 {
		log := make([]byte, 4096)
		gl.GetProgramInfoLog(id, int32(len(log)), nil, &log[0])
		gl.DeleteProgram(id)
		return nil, fmt.Errorf("link the shaders %s and %s: %s; the graphics driver may be too old", vert, frag, tidy(log))
	}
	g.programs++
	return &program{id: id, uniforms: map[string]int32{}}, nil
}

// tidy is a driver's log in one line.
func tidy(log []byte) string {
	s, _, _ := strings.Cut(string(log), "\x00")
	return strings.Join(strings.Fields(s), " ")
}

func (g *gpu) freeProgram(p *program) {
	if p != nil {
		gl.DeleteProgram(p.id)
		g.programs--
	}
}

// mesh is triangles on the graphics card.
type mesh struct {
	array, vertices, indices uint32
	count                    int32
}

// layout is how a vertex lies in memory.
type layout uint8

const (
	solid   layout = iota // vertex
	printed               // printVertex
)

// printVertex is a corner of a lettered board: 36 bytes.
type printVertex struct {
	X, Y, Z     float32
	U, V, Layer float32 // of the text's texture array
	Normal      [4]int8
	Ground, Ink [4]uint8
}

// layoutOf is how vertices of a type lie.
func layoutOf[V vertex | printVertex]() layout {
	var v V
	if _, ok := any(v).(printVertex); ok {
		return printed
	}
	return solid
}

// emptyMesh makes a mesh's objects and leaves them bound.
func (g *gpu) emptyMesh() mesh {
	var m mesh
	gl.GenVertexArrays(1, &m.array)
	gl.GenBuffers(1, &m.vertices)
	gl.GenBuffers(1, &m.indices)
	g.arrays, g.buffers = g.arrays+1, g.buffers+2
	gl.BindVertexArray(m.array)
	gl.BindBuffer(gl.ARRAY_BUFFER, m.vertices)
	gl.BindBuffer(gl.ELEMENT_ARRAY_BUFFER, m.indices)
	return m
}

// upload sends a mesh; the buffers are never changed after.
func upload[V vertex | printVertex](g *gpu, vertices []V, indices []uint32) mesh {
	if len(indices) == 0 || len(vertices) == 0 {
		return mesh{}
	}
	m := g.emptyMesh()
	gl.BufferData(gl.ARRAY_BUFFER, int(unsafe.Sizeof(vertices[0]))*len(vertices), gl.Ptr(vertices), gl.STATIC_DRAW)
	gl.BufferData(gl.ELEMENT_ARRAY_BUFFER, 4*len(indices), gl.Ptr(indices), gl.STATIC_DRAW)
	attributes(layoutOf[V]())
	m.count = int32(len(indices))
	gl.BindVertexArray(0)
	return m
}

// instanceAttribute is the first of the four attributes that an instance has:
// where it stands, and its three colours. What is no instance has constants there.
const instanceAttribute = 5

// constants sets what instances have for all that is none.
func constants() {
	gl.VertexAttrib4f(instanceAttribute, 0, 0, 1, 0)
	for i := range uint32(3) {
		gl.VertexAttrib4f(instanceAttribute+1+i, 1, 1, 1, 1)
	}
}

// attributes tells OpenGL how the bound buffer's vertices lie.
func attributes(l layout) {
	set := func(at uint32, n int32, kind uint32, normalised bool, stride int32, offset uintptr) {
		gl.EnableVertexAttribArray(at)
		gl.VertexAttribPointerWithOffset(at, n, kind, normalised, stride, offset)
	}
	switch l {
	case solid:
		const s = int32(unsafe.Sizeof(vertex{}))
		set(0, 3, gl.FLOAT, false, s, 0)
		set(1, 4, gl.BYTE, true, s, 12)
		set(2, 4, gl.UNSIGNED_BYTE, true, s, 16)
		set(3, 2, gl.SHORT, false, s, 20) // in steps of 1/model.Repeats
		set(4, 4, gl.UNSIGNED_BYTE, true, s, 24)
	case printed:
		const s = int32(unsafe.Sizeof(printVertex{}))
		set(0, 3, gl.FLOAT, false, s, 0)
		set(1, 4, gl.BYTE, true, s, 24)
		set(2, 3, gl.FLOAT, false, s, 12)
		set(3, 4, gl.UNSIGNED_BYTE, true, s, 28)
		set(4, 4, gl.UNSIGNED_BYTE, true, s, 32)
	}
}

func (g *gpu) freeMesh(m *mesh) {
	if m.array == 0 {
		return
	}
	gl.DeleteVertexArrays(1, &m.array)
	gl.DeleteBuffers(1, &m.vertices)
	gl.DeleteBuffers(1, &m.indices)
	g.arrays, g.buffers = g.arrays-1, g.buffers-2
	*m = mesh{}
}

// texture makes a texture name of the given target and leaves it bound.
func (g *gpu) texture(target uint32) uint32 {
	var t uint32
	gl.GenTextures(1, &t)
	gl.BindTexture(target, t)
	g.textures++
	return t
}

// filter sets how the bound texture is read.
func filter(target uint32, min, mag, wrap int32) {
	gl.TexParameteri(target, gl.TEXTURE_MIN_FILTER, min)
	gl.TexParameteri(target, gl.TEXTURE_MAG_FILTER, mag)
	gl.TexParameteri(target, gl.TEXTURE_WRAP_S, wrap)
	gl.TexParameteri(target, gl.TEXTURE_WRAP_T, wrap)
}

func (g *gpu) freeTexture(t *uint32) {
	if *t != 0 {
		gl.DeleteTextures(1, t)
		*t = 0
		g.textures--
	}
}
