//go:build cgo

package market

import (
	"errors"
	"fmt"
	"image"
	"math"

	"github.com/go-gl/gl/v3.3-core/gl"
	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/lettering"
	"souk/world"
	"souk/world/plan"
)

// Options say how the market is drawn. The zero value is English and medium
// quality.
type Options struct {
	Lang    string // "en" or "zh": which of a label's languages comes first
	Quality Quality
	// Hour is the time of day, in [0,24); 0 is [DefaultHour], so midnight is 24.
	Hour float64
	// ReducedMotion keeps still what moves for its looks alone: pedestals do not
	// turn, and people walk without bobbing.
	ReducedMotion bool
	// Faces are the fonts of signs and labels; nil loads them.
	Faces *lettering.Faces
}

// Quality is how much is spent on a frame.
type Quality uint8

// The qualities.
const (
	Medium Quality = iota // near models to 7 m, sun shadows
	Low                   // near models to 4 m, no sun shadows
	High                  // near models to 16 m, sun shadows of twice the resolution
)

// detail is what a quality means.
type detail struct {
	near   float64 // metres to which goods are drawn as near models,
	goods  float64 // as far models,
	cards  float64 // and as cards
	full   float64 // metres to which woodwork is drawn in full
	shadow int     // texels along an edge of the shadow map; 0 is none
}

var details = map[Quality]detail{
	Low:    {near: 4, goods: 9, cards: 30, full: 8, shadow: 0},
	Medium: {near: 7, goods: 16, cards: 45, full: 11, shadow: 2048},
	High:   {near: 16, goods: 40, cards: 80, full: 40, shadow: 4096},
}

// Avatar is another person, as drawn.
type Avatar struct {
	ID   uint64 // stable while the person is there: the walking phase hangs on it
	Name string
	// Pose is the person's eyes; the body stands below them.
	Pose   world.Pose
	Colour world.RGB
	Speed  float64 // metres per second along the ground
}

// Scene is the market in a window. See [Window] for who may call it.
type Scene struct {
	win    *Window
	plan   *plan.Plan
	opt    Options
	detail detail
	light  light
	gpu    gpu

	solid, moving, glowing *program
	plain                  *program // solid without gloss, for woodwork, walls and cloth
	ground, sky, halo      *program
	print, label, depth    *program
	overlayProgram         *program

	still   static
	letters *letters
	empty   uint32 // vertex array without buffers, for triangles made in the shader

	paving, contact, dome, text uint32
	contactAt                   [4]float32
	shadow                      shadowMap

	things  things
	people  people
	overlay overlay
	focus   focus

	cam     camera
	visible []*chunk
	counts  []int32
	offsets []uintptr
	stats   Stats
	drawn   bool
	last    float64 // time of the last frame
}

// Stats say what the last frame took.
type Stats struct {
	DrawCalls int
	Triangles int
	Chunks    int // in view
	Near      int // stalls whose near models are loaded
}

// NewScene builds the market's geometry and sends it to the graphics card. The
// plan brings its catalogue. An error leaves nothing behind.
func NewScene(win *Window, p *plan.Plan, o Options) (*Scene, error) {
	if win == nil || p == nil || p.Catalog() == nil {
		return nil, errors.New("build the market's scene: it needs a window and a plan with its catalogue")
	}
	d, ok := details[o.Quality]
	if !ok {
		return nil, fmt.Errorf("build the market's scene: there is no quality %d; choose low, medium or high", o.Quality)
	}
	if o.Faces == nil {
		f, err := lettering.LoadFonts()
		if err != nil {
			return nil, fmt.Errorf("build the market's scene: %w", err)
		}
		o.Faces = f
	}
	if o.Hour == 0 {
		o.Hour = DefaultHour
	}
	s := &Scene{win: win, plan: p, opt: o, detail: d, light: lightAt(o.Hour), letters: newLetters(o.Faces)}
	if err := s.load(); err != nil {
		s.Close()
		return nil, fmt.Errorf("build the market's scene: %w", err)
	}
	return s, nil
}

func (s *Scene) load() error {
	if err := s.programs(); err != nil {
		return err
	}
	setPrices(s.plan, s.letters)
	s.still = buildStatic(&s.gpu, s.plan, s.letters)
	s.text = s.letters.send(&s.gpu)
	s.textures()
	gl.GenVertexArrays(1, &s.empty)
	s.gpu.arrays++
	if s.detail.shadow > 0 {
		if err := s.shadow.load(&s.gpu, s.detail.shadow); err != nil {
			return err
		}
	}
	s.things.load(&s.gpu, s.plan)
	s.people.load(&s.gpu)
	s.visible = make([]*chunk, 0, len(s.still.chunks))
	s.counts = make([]int32, 0, 2*len(s.still.chunks))
	s.offsets = make([]uintptr, 0, 2*len(s.still.chunks))
	s.focus.slot = world.NoSlot
	return check("send the market to the graphics card")
}

func (s *Scene) programs() error {
	var define []string
	if s.detail.shadow > 0 {
		define = append(define, "SHADOW")
	}
	for _, p := range []struct {
		to         **program
		vert, frag string
		more       []string
	}{
		{&s.solid, "solid", "solid", nil}, {&s.plain, "solid", "solid", []string{"PLAIN"}}, {&s.moving, "solid", "solid", []string{"MOVING"}}, {&s.glowing, "solid", "solid", []string{"GLOWING"}},
		{&s.ground, "ground", "ground", nil}, {&s.sky, "sky", "sky", nil}, {&s.halo, "halo", "halo", nil},
		{&s.print, "print", "print", nil}, {&s.overlayProgram, "overlay", "overlay", nil},
	} {
		var err error
		if *p.to, err = s.gpu.program(p.vert, p.frag, append(append([]string(nil), define...), p.more...)...); err != nil {
			return err
		}
	}
	var err error
	if s.label, err = s.gpu.program("print", "print", "MOVING"); err != nil {
		return err
	}
	s.depth, err = s.gpu.program("depth", "depth")
	return err
}

func (s *Scene) textures() {
	image2D := func(img *image.RGBA, mip bool, wrap int32) uint32 {
		t := s.gpu.texture(gl.TEXTURE_2D)
		gl.PixelStorei(gl.UNPACK_ALIGNMENT, 1)
		gl.TexImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, int32(img.Rect.Dx()), int32(img.Rect.Dy()), 0, gl.RGBA, gl.UNSIGNED_BYTE, gl.Ptr(img.Pix))
		low := int32(gl.LINEAR)
		if mip {
			gl.GenerateMipmap(gl.TEXTURE_2D)
			low = gl.LINEAR_MIPMAP_NEAREST
		}
		filter(gl.TEXTURE_2D, low, gl.LINEAR, wrap)
		return t
	}
	s.paving = image2D(paving(512), true, gl.REPEAT)
	s.dome = image2D(dome(&s.light, domeSize), false, gl.CLAMP_TO_EDGE)
	pix, w, h, lo, per := contactMap(s.plan)
	s.contact = s.gpu.texture(gl.TEXTURE_2D)
	gl.PixelStorei(gl.UNPACK_ALIGNMENT, 1)
	gl.TexImage2D(gl.TEXTURE_2D, 0, gl.RG8, int32(w), int32(h), 0, gl.RG, gl.UNSIGNED_BYTE, gl.Ptr(pix))
	filter(gl.TEXTURE_2D, gl.LINEAR, gl.LINEAR, gl.CLAMP_TO_EDGE)
	s.contactAt = [4]float32{float32(lo.X), float32(lo.Z), float32(per / float64(w)), float32(per / float64(h))}
}

// Stats says what the last Draw took.
func (s *Scene) Stats() Stats { return s.stats }

// Objects is the number of objects that the scene holds on the graphics card.
func (s *Scene) Objects() int { return s.gpu.live() }

// SetLang changes which language comes first on the signs of the pedestals.
func (s *Scene) SetLang(lang string) {
	if lang != s.opt.Lang {
		s.opt.Lang = lang
		s.things.relabel(s)
	}
}

// Project says where a point of the world is in the picture of the last Draw,
// pixels from the upper left; false where it is behind the eye.
func (s *Scene) Project(p r3.Vec) (x, y float64, ok bool) {
	m := &s.cam.clip
	at := func(row int) float64 {
		return float64(m[row])*p.X + float64(m[4+row])*p.Y + float64(m[8+row])*p.Z + float64(m[12+row])
	}
	w := at(3)
	if w < 1e-6 || math.IsNaN(w) {
		return 0, 0, false
	}
	width, height := s.win.Size()
	return (at(0)/w + 1) / 2 * float64(width), (1 - at(1)/w) / 2 * float64(height), true
}

// Screenshot reads the last frame drawn. It is to be called after Draw and
// before the window's SwapBuffers, which may throw the picture away.
func (s *Scene) Screenshot() *image.RGBA {
	w, h := s.win.Size()
	pix := make([]byte, 4*w*h)
	gl.PixelStorei(gl.PACK_ALIGNMENT, 1)
	gl.ReadPixels(0, 0, int32(w), int32(h), gl.RGBA, gl.UNSIGNED_BYTE, gl.Ptr(pix))
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := 0; y < h; y++ {
		row := img.Pix[y*img.Stride : y*img.Stride+4*w]
		copy(row, pix[(h-1-y)*4*w:])
		for x := 3; x < len(row); x += 4 {
			row[x] = 255
		}
	}
	return img
}

// Close frees everything that the scene holds on the graphics card. It may be
// called again.
func (s *Scene) Close() {
	g := &s.gpu
	gl.UseProgram(0) // a program in use outlives its deletion
	for _, p := range []**program{&s.solid, &s.plain, &s.moving, &s.glowing, &s.ground, &s.sky, &s.halo, &s.print, &s.label, &s.depth, &s.overlayProgram} {
		g.freeProgram(*p)
		*p = nil
	}
	for i := range s.still.chunks {
		g.freeMesh(&s.still.chunks[i].near)
		g.freeMesh(&s.still.chunks[i].tags)
	}
	g.freeMesh(&s.still.mesh)
	g.freeMesh(&s.still.prints)
	g.freeMesh(&s.still.ground)
	for _, t := range []*uint32{&s.paving, &s.contact, &s.dome, &s.text} {
		g.freeTexture(t)
	}
	if s.empty != 0 {
		gl.DeleteVertexArrays(1, &s.empty)
		s.empty = 0
		g.arrays--
	}
	s.shadow.free(g)
	s.things.free(g)
	s.people.free(g)
	s.overlay.free(g)
	s.visible = nil
}
