//go:build cgo

package market

import (
	"errors"
	"fmt"
	"image"
	"math"
	"sync"
	"time"

	"github.com/go-gl/gl/v3.3-core/gl"
	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/lettering"
	"souk/scene/market/model"
	"souk/scene/market/model/library"
	"souk/scene/market/model/surface"
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
	// Models are the items' meshes; nil makes the library of the plan's catalogue.
	Models *library.Library
	// Faces are the fonts of signs and labels; nil loads them.
	Faces *lettering.Faces
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
	win       *Window
	plan      *plan.Plan
	opt       Options
	detail    detail
	light     light
	model     matrix     // of the thing drawn now: what C is shown must not be made anew each time
	hazeShown [3]float32 // the haze as the screen shows it
	gpu       gpu

	solid, glowing     *program // what stands where it was built; the same where it is attended
	bare, bareMoving   *program // solid and moving without the materials' patterns: for far away
	moving, fading     *program // what has a place of its own; the same while it comes or goes
	clear, clearMoving *program // glass, which is drawn over what stands behind it
	ground, sky, halo  *program
	contact            *program
	print, label       *program
	depth, depthMoving *program
	overlayProgram     *program
	vignetteProgram    *program

	still   static
	stands  stands
	booths  booths
	solids  pool[vertex]      // goods, and things on pedestals
	prints  pool[printVertex] // price tags, and pedestals' signs
	onFloor *groundLight
	letters *letters
	empty   uint32 // vertex array without buffers, for triangles made in the shader

	paving, floor, dome, text, surfaces uint32
	floorAt                             [4]float32
	shadow, moved                       shadowMap  // of what stands still, and of what moves
	within                              [4]float32 // where the second lies in the first
	picture                             picture

	things  things
	people  people
	overlay overlay
	vignette
	stereo stereo
	hop    hop
	focus  focus

	cam        camera
	viewer     *plan.Viewer
	stallViews []plan.StallView // stalls in view in this frame, near ones first
	pedestals  []world.SlotIndex
	gazeDir    r3.Vec // where the eyes look while gazing, unit, in the head's frame
	gaze       r3.Vec // and in the world's
	gazing     bool
	visible    []*chunk
	placards   []*placard // of the frame, the most important first
	taken      []pane     // of the view by those that show
	counts     []int32
	offsets    []uintptr
	stats      Stats
	drawn      bool
	without    [layers]bool // what is not drawn: only profiles ask for it
	last       float64      // time of the last frame
}

// Stats say what the last frame took.
type Stats struct {
	DrawCalls int
	Triangles int
	Stalls    int // in view
	Chunks    int // other parts in view
	Loaded    int // stalls whose goods' models are on the graphics card
	Short     int // times, since the scene was made, that what was wanted found no room there
	// Own is the time that Draw took before it drew anything: culling, and the
	// streaming of goods.
	Own time.Duration
}

// NewScene builds the market's geometry and sends it to the graphics card. The
// plan brings its catalogue. An error leaves nothing behind.
func NewScene(win *Window, p *plan.Plan, o Options) (*Scene, error) {
	if win == nil || p == nil || p.Catalog() == nil {
		return nil, errors.New("build the market's scene: it needs a window and a plan with its catalogue")
	}
	d, ok := details[o.Quality]
	if !ok {
		return nil, fmt.Errorf("build the market's scene: there is no quality %d; choose low, medium, high or ultra", o.Quality)
	}
	if o.Faces == nil {
		f, err := lettering.LoadFonts()
		if err != nil {
			return nil, fmt.Errorf("build the market's scene: %w", err)
		}
		o.Faces = f
	}
	if o.Models == nil {
		o.Models = library.Of(p.Catalog(), nil)
	}
	if o.Hour == 0 {
		o.Hour = DefaultHour
	}
	s := &Scene{win: win, plan: p, opt: o, detail: d, light: lightAt(o.Hour), letters: newLetters(o.Faces), picture: picture{scale: 1}}
	for i, c := range s.light.haze {
		s.hazeShown[i] = float32(displayed(float64(c)))
	}
	if err := s.load(); err != nil {
		s.Close()
		return nil, fmt.Errorf("build the market's scene: %w", err)
	}
	return s, nil
}

func (s *Scene) load() error {
	var most int32 // software OpenGL has four samples, and refuses a picture of eight
	gl.GetIntegerv(gl.MAX_SAMPLES, &most)
	if !s.win.Software() { // where they are nearly free, every quality has smooth edges
		s.detail.samples = max(s.detail.samples, 4)
	}
	s.detail.samples = min(s.detail.samples, int(most))
	ready := s.depict()
	err := s.build()
	p := <-ready
	if err != nil {
		return err
	}
	s.textures(p)
	return check("send the market to the graphics card")
}

// build makes everything but the textures.
func (s *Scene) build() error {
	if err := s.programs(); err != nil {
		return err
	}
	s.still = buildStatic(&s.gpu, s.plan, s.letters, &s.light)
	s.stands.load(&s.gpu, s.plan, s.light.sunDir)
	s.loadPools()
	s.booths.load(s.plan, s.light.sunDir, s.opt.Models, s.letters)
	s.viewer = s.plan.NewViewer()
	s.letters.send(&s.gpu, &s.text)
	gl.GenVertexArrays(1, &s.empty)
	s.gpu.arrays++
	if s.detail.shadow > 0 {
		if err := errors.Join(s.shadow.load(&s.gpu, s.detail.shadow), s.moved.load(&s.gpu, movingSize)); err != nil {
			return err
		}
	}
	s.things.load()
	s.people.load(&s.gpu)
	s.visible = make([]*chunk, 0, len(s.still.chunks))
	s.counts = make([]int32, 0, 2*len(s.still.chunks))
	s.offsets = make([]uintptr, 0, 2*len(s.still.chunks))
	s.focus.slot = world.NoSlot
	return nil
}

func (s *Scene) programs() error {
	var define []string
	if s.detail.shadow > 0 {
		define = append(define, "SHADOW")
	} else {
		define = append(define, "BAKED")
	}
	var bare []string
	if s.baked() {
		bare = []string{"BARE"}
	}
	for _, p := range []struct {
		to         **program
		vert, frag string
		more       []string
	}{
		{&s.solid, "solid", "solid", nil}, {&s.glowing, "solid", "solid", []string{"GLOWING"}},
		{&s.bare, "solid", "solid", bare}, {&s.bareMoving, "solid", "solid", append([]string{"MOVING"}, bare...)},
		{&s.moving, "solid", "solid", []string{"MOVING"}}, {&s.fading, "solid", "solid", []string{"MOVING", "FADING"}},
		{&s.clear, "solid", "solid", []string{"GLOWING", "GLASS"}}, {&s.clearMoving, "solid", "solid", []string{"MOVING", "GLASS"}},
		{&s.ground, "ground", "ground", nil}, {&s.sky, "sky", "sky", nil}, {&s.halo, "halo", "halo", nil}, {&s.contact, "contact", "contact", nil},
		{&s.print, "print", "print", nil}, {&s.overlayProgram, "overlay", "overlay", nil},
		{&s.vignetteProgram, "overlay", "overlay", []string{"VIGNETTE"}},
	} {
		var err error
		if *p.to, err = s.gpu.program(p.vert, p.frag, append(append([]string(nil), define...), p.more...)...); err != nil {
			return err
		}
	}
	if err := s.hop.load(&s.gpu); err != nil {
		return err
	}
	var err error
	if s.label, err = s.gpu.program("print", "print", "MOVING"); err != nil {
		return err
	}
	if s.picture.enlarge, err = s.gpu.program("post", "copy"); err != nil {
		return err
	}
	if s.detail.occlusion {
		if s.picture.occlude, err = s.gpu.program("post", "occlude"); err != nil {
			return err
		}
		if s.picture.program, err = s.gpu.program("post", "finish"); err != nil {
			return err
		}
	}
	if s.depth, err = s.gpu.program("depth", "depth"); err != nil {
		return err
	}
	s.depthMoving, err = s.gpu.program("depth", "depth", "MOVING")
	return err
}

// pictures are what is worked out for the scene's textures without OpenGL.
type pictures struct {
	stones, sky *image.RGBA
	floor       *groundLight
	shown       []byte // of the floor
	surfaces    [model.Materials]*image.NRGBA
}

// depict works the pictures out on other cores, while this one builds what
// stands in the market.
func (s *Scene) depict() <-chan *pictures {
	ready := make(chan *pictures, 1)
	go func() {
		var p pictures
		var work sync.WaitGroup
		work.Go(func() {
			p.floor = newGroundLight(s.plan, s.light.sunDir)
			p.shown = p.floor.pix
			if s.baked() {
				p.shown = p.floor.shown(&s.light)
			}
		})
		work.Go(func() { p.sky = dome(&s.light, domeSize) })
		work.Go(func() {
			for m := range model.Materials {
				p.surfaces[m] = surface.Texture(m, surfaceSize, 1)
			}
		})
		p.stones = paving(512)
		if s.baked() {
			shown(p.stones)
		}
		work.Wait()
		ready <- &p
	}()
	return ready
}

// surfaceSize is the edge of a material's texture, texels.
const surfaceSize = 256

// textures sends the pictures to the graphics card.
func (s *Scene) textures(p *pictures) {
	image2D := func(w, h int, pix []byte, mip bool, wrap int32) uint32 {
		t := s.gpu.texture(gl.TEXTURE_2D)
		gl.PixelStorei(gl.UNPACK_ALIGNMENT, 1)
		gl.TexImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, int32(w), int32(h), 0, gl.RGBA, gl.UNSIGNED_BYTE, gl.Ptr(pix))
		low := int32(gl.LINEAR)
		if mip {
			gl.GenerateMipmap(gl.TEXTURE_2D)
			low = gl.LINEAR_MIPMAP_NEAREST
		}
		filter(gl.TEXTURE_2D, low, gl.LINEAR, wrap)
		return t
	}
	s.paving = image2D(p.stones.Rect.Dx(), p.stones.Rect.Dy(), p.stones.Pix, true, gl.REPEAT)
	s.dome = image2D(domeSize, domeSize, p.sky.Pix, !s.baked(), gl.CLAMP_TO_EDGE)
	f := p.floor
	s.onFloor = f
	s.floor = image2D(f.w, f.h, p.shown, false, gl.CLAMP_TO_EDGE)
	s.floorAt = [4]float32{float32(f.lo.X), float32(f.lo.Z), float32(f.per / float64(f.w)), float32(f.per / float64(f.h))}
	s.surfaces = s.gpu.texture(gl.TEXTURE_2D_ARRAY)
	gl.TexImage3D(gl.TEXTURE_2D_ARRAY, 0, gl.RGBA8, surfaceSize, surfaceSize, int32(model.Materials), 0, gl.RGBA, gl.UNSIGNED_BYTE, nil)
	for m, img := range p.surfaces { // a layer each, in the order of model.Material
		gl.TexSubImage3D(gl.TEXTURE_2D_ARRAY, 0, 0, 0, int32(m), surfaceSize, surfaceSize, 1, gl.RGBA, gl.UNSIGNED_BYTE, gl.Ptr(img.Pix))
	}
	gl.GenerateMipmap(gl.TEXTURE_2D_ARRAY)
	filter(gl.TEXTURE_2D_ARRAY, gl.LINEAR_MIPMAP_NEAREST, gl.LINEAR, gl.REPEAT)
}

// baked says whether light and shadows were worked out before the frame.
func (s *Scene) baked() bool { return s.detail.shadow == 0 }

// Stats says what the last Draw took.
func (s *Scene) Stats() Stats { return s.stats }

// Objects is the number of objects that the scene holds on the graphics card.
func (s *Scene) Objects() int { return s.gpu.live() }

// SetGaze says where the eyes look, a direction in the head's frame, where a
// tracker knows it: less detail is spent away from there. known is false where the
// gaze is only guessed at, as with a mouse; then detail is spent evenly.
func (s *Scene) SetGaze(dir r3.Vec, known bool) {
	s.gazing = known && r3.Norm(dir) > 0
	if s.gazing {
		s.gazeDir = r3.Unit(dir)
	}
}

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
	if displayLost() { // what was on the graphics card went with it
		s.booths.end()
		*g = gpu{}
		return
	}
	gl.UseProgram(0) // a program in use outlives its deletion
	for _, p := range []**program{&s.solid, &s.glowing, &s.bare, &s.bareMoving, &s.moving, &s.fading, &s.clear, &s.clearMoving, &s.ground, &s.sky, &s.halo, &s.contact, &s.print, &s.label, &s.depth, &s.depthMoving, &s.overlayProgram, &s.vignetteProgram, &s.picture.occlude, &s.picture.program, &s.picture.enlarge} {
		g.freeProgram(*p)
		*p = nil
	}
	s.booths.end()
	s.solids.free(g)
	s.prints.free(g)
	s.stands.free(g)
	g.freeMesh(&s.still.mesh)
	g.freeMesh(&s.still.prints)
	g.freeMesh(&s.still.ground)
	g.freeMesh(&s.still.sky)
	for _, t := range []*uint32{&s.paving, &s.floor, &s.dome, &s.text, &s.surfaces} {
		g.freeTexture(t)
	}
	if s.empty != 0 {
		gl.DeleteVertexArrays(1, &s.empty)
		s.empty = 0
		g.arrays--
	}
	s.shadow.free(g)
	s.moved.free(g)
	s.picture.free(g)
	s.people.free(g)
	s.overlay.free(g)
	s.vignette.free(g)
	s.stereo.free(g)
	s.hop.free(g)
	s.visible = nil
}
