//go:build cgo

package market

import (
	"fmt"
	"math"
	"unsafe"

	"github.com/go-gl/gl/v3.3-core/gl"
	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/market/lens"
	"souk/world"
)

// PanelDepth is how far away the overlay hangs in a stereo picture, metres:
// near enough to lie before what it speaks of, far enough for the eyes to rest.
const PanelDepth = 1.5

// warpCells is the number of cells along an edge of the mesh that bends an
// eye's picture.
const warpCells = 40

// pictureUnit is the texture unit of an eye's picture: those below are the scene's.
const pictureUnit = 8

// stereo draws two eyes. The zero value has made nothing yet.
type stereo struct {
	profile lens.Profile
	w, h    int // of the window for which the rest was made
	eyes    [2]lens.Eye
	warps   [2]warpMesh
	plain   *program
	colours *program // fetches each colour apart
	drawn   canvas   // where the resolution or the samples are not those of what the eye sees
	flat    canvas   // resolved, where both are not
	seen    canvas   // what the lens bends
}

// warpMesh is lens.Mesh on the graphics card.
type warpMesh struct {
	array, vertices, indices uint32
	count                    int32
}

// DrawStereo is Draw for two eyes, the left one on the left half of the
// window. pose is the head's middle between the eyes; l is the cyclopean lens that the rest of the program reckons with:
// only its Far counts here, since the profile says what the eyes see. The overlay is drawn for each eye as a
// plane [PanelDepth] away that fills the profile's Panel; an overlay of the panel's size is shown pixel for pixel.
//
// What was in view, near models and animation are worked out once. The error
// says that the graphics card refuses what the lens needs; nothing is drawn then.
func (s *Scene) DrawStereo(t float64, pose world.Pose, l world.Lens, p *lens.Profile) error {
	if err := s.stereo.ready(s, p); err != nil {
		return err
	}
	e := &s.stereo
	_, high := s.picture.size(e.size())
	cover := p.Cover(e.w, e.h)
	// A little further back the view from the middle holds both eyes'.
	middle := pose
	middle.Pos = r3.Sub(pose.Pos, r3.Scale(p.IPD/2/cover.Right, pose.Ahead()))
	l.FovY, l.Aspect = 2*math.Atan(cover.Up), cover.Right/cover.Up
	s.cam.aim(middle, cover, far, high)
	s.prepare(t, middle, l)
	for side := lens.Left; side <= lens.Right; side++ {
		eye := pose
		eye.Pos = r3.Add(pose.Pos, r3.Scale(e.eyes[side].Offset, pose.Rotate(r3.Vec{X: 1})))
		s.cam.aim(eye, e.eyes[side].Frustum, far, high)
		if p.Lenses {
			s.drawLens(side)
		} else {
			s.drawHalf(side)
		}
	}
	gl.Viewport(0, 0, int32(e.w), int32(e.h))
	s.finish()
	return nil
}

// size is the size of what an eye sees, before a lens bends it.
func (e *stereo) size() (w, h int) { return e.profile.Target(e.w, e.h) }

// drawHalf draws an eye straight into its half of the window.
func (s *Scene) drawHalf(side lens.Side) {
	w, h := s.stereo.size()
	x := int(side) * w
	gl.Enable(gl.SCISSOR_TEST)
	gl.Scissor(int32(x), 0, int32(w), int32(h))
	s.drawEye(side, 0, x, w, h)
	gl.Disable(gl.SCISSOR_TEST)
}

// drawLens draws an eye into its picture and bends that onto its half of the
// window.
func (s *Scene) drawLens(side lens.Side) {
	e := &s.stereo
	s.drawEye(side, e.seen.frame, 0, e.seen.w, e.seen.h)
	gl.BindFramebuffer(gl.FRAMEBUFFER, 0)
	half := int32(e.w / 2)
	x := int32(side) * half
	gl.Viewport(x, 0, half, int32(e.h))
	gl.Enable(gl.SCISSOR_TEST)
	gl.Scissor(x, 0, half, int32(e.h))
	gl.ClearColor(0, 0, 0, 1)
	gl.Clear(gl.COLOR_BUFFER_BIT)
	gl.Disable(gl.DEPTH_TEST)
	program := e.plain
	if e.profile.Chromatic() {
		program = e.colours
	}
	gl.UseProgram(program.id)
	gl.ActiveTexture(gl.TEXTURE0 + pictureUnit)
	gl.BindTexture(gl.TEXTURE_2D, e.seen.colour)
	gl.Uniform1i(program.at("uPicture"), pictureUnit)
	m := &e.warps[side]
	gl.BindVertexArray(m.array)
	gl.DrawElementsWithOffset(gl.TRIANGLES, m.count, gl.UNSIGNED_INT, 0)
	gl.BindTexture(gl.TEXTURE_2D, 0)
	gl.ActiveTexture(gl.TEXTURE0)
	s.stats.DrawCalls++
	s.stats.Triangles += int(m.count) / 3
	gl.Enable(gl.DEPTH_TEST)
	gl.Disable(gl.SCISSOR_TEST)
}

// drawEye draws the market and the overlay for one eye into w × h of a frame
// buffer, from x on. The market has the resolution and the samples that the quality asks for,
// the overlay is always sharp.
func (s *Scene) drawEye(side lens.Side, frame uint32, x, w, h int) {
	e := &s.stereo
	if e.drawn.frame == 0 {
		gl.BindFramebuffer(gl.FRAMEBUFFER, frame)
		s.drawView(x, w, h)
	} else {
		gl.BindFramebuffer(gl.FRAMEBUFFER, e.drawn.frame)
		gl.Disable(gl.SCISSOR_TEST)
		s.drawView(0, e.drawn.w, e.drawn.h)
		from := &e.drawn
		if e.flat.frame != 0 { // samples are resolved first, and then stretched
			e.drawn.copyTo(e.flat.frame, e.flat.w, e.flat.h, gl.COLOR_BUFFER_BIT)
			from = &e.flat
		}
		gl.BindFramebuffer(gl.READ_FRAMEBUFFER, from.frame)
		gl.BindFramebuffer(gl.DRAW_FRAMEBUFFER, frame)
		how := uint32(gl.NEAREST)
		if from.w != w || from.h != h {
			how = gl.LINEAR
		}
		gl.BlitFramebuffer(0, 0, int32(from.w), int32(from.h), int32(x), 0, int32(x+w), int32(h), gl.COLOR_BUFFER_BIT, how)
		gl.BindFramebuffer(gl.FRAMEBUFFER, frame)
		gl.Viewport(int32(x), 0, int32(w), int32(h))
	}
	s.vignette.draw(s)
	s.hop.drawFade(s)
	o := &s.overlay
	if !o.shown {
		return
	}
	f := e.eyes[side].Frustum
	px, py, _, _ := e.profile.Panel(e.w, e.h)
	shift := e.eyes[side].Offset / PanelDepth
	u0, v0 := f.At(-px-shift, -py)
	u1, v1 := f.At(px-shift, py)
	at := func(u float64, n int) int32 { return int32(math.Round(u * float64(n))) }
	gl.Viewport(int32(x)+at(u0, w), at(v0, h), at(u1, w)-at(u0, w), at(v1, h)-at(v0, h))
	o.draw(s, o.w, o.h)
	gl.Viewport(int32(x), 0, int32(w), int32(h))
}

// ready makes what the profile needs in a window of this size and at this
// resolution, where it is not there yet.
func (e *stereo) ready(s *Scene, p *lens.Profile) error {
	w, h := s.win.Size()
	g := &s.gpu
	if e.w != w || e.h != h || e.profile != *p {
		if err := e.optics(g, p, w, h); err != nil {
			return err
		}
	}
	tw, th := p.Target(w, h)
	var err error
	if p.Lenses {
		err = e.seen.fit(g, tw, th, 0)
	} else {
		e.seen.free(g)
	}
	dw, dh := s.picture.size(tw, th)
	samples := s.detail.samples
	if err == nil && (samples > 0 || dw != tw || dh != th) {
		err = e.drawn.fit(g, dw, dh, samples)
	} else {
		e.drawn.free(g)
	}
	if err == nil && samples > 0 && (dw != tw || dh != th) {
		err = e.flat.fit(g, dw, dh, 0)
	} else {
		e.flat.free(g)
	}
	if err != nil {
		return fmt.Errorf("draw for two eyes: %w, -lens none, or a smaller max_oversize in the profile", err)
	}
	return nil
}

// optics makes the programs and meshes of a profile.
func (e *stereo) optics(g *gpu, p *lens.Profile, w, h int) error {
	if p.Lenses && e.plain == nil {
		var err error
		if e.plain, err = g.program("warp", "warp"); err != nil {
			return err
		}
		if e.colours, err = g.program("warp", "warp", "CHROMATIC"); err != nil {
			return err
		}
	}
	for side := lens.Left; side <= lens.Right; side++ {
		e.warps[side].free(g)
		if p.Lenses {
			e.warps[side].load(g, p, side, w, h)
		}
	}
	e.profile, e.w, e.h, e.eyes = *p, w, h, p.Eyes(w, h)
	return nil
}

func (e *stereo) free(g *gpu) {
	for i := range e.warps {
		e.warps[i].free(g)
	}
	e.drawn.free(g)
	e.flat.free(g)
	e.seen.free(g)
	g.freeProgram(e.plain)
	g.freeProgram(e.colours)
	*e = stereo{}
}

func (m *warpMesh) load(g *gpu, p *lens.Profile, side lens.Side, w, h int) {
	v, idx := p.Mesh(side, w, h, warpCells, warpCells, nil, nil)
	gl.GenVertexArrays(1, &m.array)
	gl.GenBuffers(1, &m.vertices)
	gl.GenBuffers(1, &m.indices)
	g.arrays, g.buffers = g.arrays+1, g.buffers+2
	gl.BindVertexArray(m.array)
	gl.BindBuffer(gl.ARRAY_BUFFER, m.vertices)
	const size = int(unsafe.Sizeof(lens.Vertex{}))
	gl.BufferData(gl.ARRAY_BUFFER, size*len(v), gl.Ptr(v), gl.STATIC_DRAW)
	gl.BindBuffer(gl.ELEMENT_ARRAY_BUFFER, m.indices)
	gl.BufferData(gl.ELEMENT_ARRAY_BUFFER, 4*len(idx), gl.Ptr(idx), gl.STATIC_DRAW)
	for i, floats := range [...]int32{2, 2, 2, 2, 1} {
		gl.EnableVertexAttribArray(uint32(i))
		gl.VertexAttribPointerWithOffset(uint32(i), floats, gl.FLOAT, false, int32(size), uintptr(8*i))
	}
	gl.BindVertexArray(0)
	m.count = int32(len(idx))
}

func (m *warpMesh) free(g *gpu) {
	if m.array != 0 {
		gl.DeleteVertexArrays(1, &m.array)
		gl.DeleteBuffers(1, &m.vertices)
		gl.DeleteBuffers(1, &m.indices)
		g.arrays, g.buffers = g.arrays-1, g.buffers-2
		*m = warpMesh{}
	}
}
