//go:build cgo

package market

import (
	"errors"
	"math"

	"github.com/go-gl/gl/v3.3-core/gl"

	"souk/world"
)

// canvas is an off-screen picture with its depth: textures, or, where edges
// have several samples, render buffers that are resolved into another canvas.
type canvas struct {
	frame         uint32
	colour, depth uint32
	w, h, samples int
}

// fit makes the canvas anew where it is not of the given size.
func (c *canvas) fit(g *gpu, w, h, samples int) error {
	if c.frame != 0 && c.w == w && c.h == h && c.samples == samples {
		return nil
	}
	c.free(g)
	c.w, c.h, c.samples = w, h, samples
	gl.GenFramebuffers(1, &c.frame)
	g.frames++
	gl.BindFramebuffer(gl.FRAMEBUFFER, c.frame)
	if samples > 0 {
		for _, b := range []struct {
			to           *uint32
			format, part uint32
		}{{&c.colour, gl.RGBA8, gl.COLOR_ATTACHMENT0}, {&c.depth, gl.DEPTH_COMPONENT24, gl.DEPTH_ATTACHMENT}} {
			gl.GenRenderbuffers(1, b.to)
			g.renders++
			gl.BindRenderbuffer(gl.RENDERBUFFER, *b.to)
			gl.RenderbufferStorageMultisample(gl.RENDERBUFFER, int32(samples), b.format, int32(w), int32(h))
			gl.FramebufferRenderbuffer(gl.FRAMEBUFFER, b.part, gl.RENDERBUFFER, *b.to)
		}
	} else {
		c.colour = g.texture(gl.TEXTURE_2D)
		gl.TexImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, int32(w), int32(h), 0, gl.BGRA, gl.UNSIGNED_BYTE, nil)
		filter(gl.TEXTURE_2D, gl.LINEAR, gl.LINEAR, gl.CLAMP_TO_EDGE)
		gl.FramebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, c.colour, 0)
		c.depth = g.texture(gl.TEXTURE_2D)
		gl.TexImage2D(gl.TEXTURE_2D, 0, gl.DEPTH_COMPONENT24, int32(w), int32(h), 0, gl.DEPTH_COMPONENT, gl.UNSIGNED_INT, nil)
		filter(gl.TEXTURE_2D, gl.NEAREST, gl.NEAREST, gl.CLAMP_TO_EDGE)
		gl.FramebufferTexture2D(gl.FRAMEBUFFER, gl.DEPTH_ATTACHMENT, gl.TEXTURE_2D, c.depth, 0)
	}
	whole := gl.CheckFramebufferStatus(gl.FRAMEBUFFER) == gl.FRAMEBUFFER_COMPLETE
	gl.BindFramebuffer(gl.FRAMEBUFFER, 0)
	if !whole {
		c.free(g)
		return errors.New("make an off-screen picture: the graphics card refuses it; choose quality low")
	}
	return nil
}

func (c *canvas) free(g *gpu) {
	if c.frame == 0 {
		return
	}
	gl.DeleteFramebuffers(1, &c.frame)
	g.frames--
	if c.samples > 0 {
		gl.DeleteRenderbuffers(1, &c.colour)
		gl.DeleteRenderbuffers(1, &c.depth)
		g.renders -= 2
	} else {
		g.freeTexture(&c.colour)
		g.freeTexture(&c.depth)
	}
	*c = canvas{}
}

// copyTo copies a part of what was drawn into another frame buffer, 0 is the
// window's, and resolves samples on the way.
func (c *canvas) copyTo(frame uint32, w, h int, what uint32) {
	gl.BindFramebuffer(gl.READ_FRAMEBUFFER, c.frame)
	gl.BindFramebuffer(gl.DRAW_FRAMEBUFFER, frame)
	how := uint32(gl.NEAREST)
	if (w != c.w || h != c.h) && what == gl.COLOR_BUFFER_BIT {
		how = gl.LINEAR
	}
	gl.BlitFramebuffer(0, 0, int32(c.w), int32(c.h), 0, 0, int32(w), int32(h), what, how)
}

// picture is the way from the scene to the window: straight into its back
// buffer, or by canvases where the resolution, the samples or the ambient
// occlusion ask for it.
type picture struct {
	scale   float64 // resolution of the market, of the window's; the display over it is always whole
	drawn   canvas
	flat    canvas // resolved
	shade   canvas // ambient occlusion
	failed  bool   // no canvas could be had: straight into the window from now on
	program *program
	occlude *program
	enlarge *program
}

// size is the size in which the market is drawn into a window of w × h.
func (p *picture) size(w, h int) (int, int) {
	if p.scale <= 0 || p.scale >= 1 {
		return w, h
	}
	f := func(n int) int { return max(8, int(math.Round(float64(n)*p.scale/2))*2) }
	return f(w), f(h)
}

// SetResolution sets the market's resolution, a part of the window's in
// [0.25, 1] along each side; signs and panels of the display over it are always sharp.
func (s *Scene) SetResolution(part float64) {
	s.picture.scale = max(.25, min(1, part))
}

// Resolution is the market's resolution: see [Scene.SetResolution].
func (s *Scene) Resolution() float64 { return s.picture.scale }

// begin binds what the market is drawn into and says how large it is.
func (p *picture) begin(s *Scene) (w, h int) {
	ww, wh := s.win.Size()
	w, h = p.size(ww, wh)
	d := &s.detail
	if p.failed || w == ww && d.samples == 0 && !d.occlusion {
		gl.BindFramebuffer(gl.FRAMEBUFFER, 0)
		return ww, wh
	}
	err := p.drawn.fit(&s.gpu, w, h, d.samples)
	if err == nil && d.occlusion {
		err = errors.Join(p.flat.fit(&s.gpu, w, h, 0), p.shade.fit(&s.gpu, w, h, 0))
	} else if err == nil && d.samples > 0 && w != ww {
		err = p.flat.fit(&s.gpu, w, h, 0)
	}
	if err != nil {
		p.failed = true
		p.free(&s.gpu)
		gl.BindFramebuffer(gl.FRAMEBUFFER, 0)
		return ww, wh
	}
	gl.BindFramebuffer(gl.FRAMEBUFFER, p.drawn.frame)
	return w, h
}

// end brings what was drawn into the window.
func (p *picture) end(s *Scene, lens world.Lens) {
	if p.drawn.frame == 0 || p.failed {
		return
	}
	ww, wh := s.win.Size()
	w, h := p.size(ww, wh)
	d := &s.detail
	if w == ww && d.samples == 0 && !d.occlusion {
		p.free(&s.gpu) // the resolution is whole again
		return
	}
	from := &p.drawn
	if d.samples > 0 && (d.occlusion || w != ww) {
		p.drawn.copyTo(p.flat.frame, w, h, gl.COLOR_BUFFER_BIT)
		if d.occlusion {
			p.drawn.copyTo(p.flat.frame, w, h, gl.DEPTH_BUFFER_BIT)
		}
		from = &p.flat
	}
	if d.occlusion {
		p.occlusion(s, from, lens)
	} else if w != ww {
		p.enlargeTo(s, from, ww, wh)
	} else {
		from.copyTo(0, ww, wh, gl.COLOR_BUFFER_BIT)
	}
	gl.BindFramebuffer(gl.FRAMEBUFFER, 0)
	gl.Viewport(0, 0, int32(ww), int32(wh))
	s.stats.DrawCalls++
}

// enlargeTo draws the picture over the whole window. OpenGL's own copy does the
// same, and takes software OpenGL 4.2 to 4.9 ms for 1280 × 720 where a triangle takes 2.4 to 3.4.
func (p *picture) enlargeTo(s *Scene, from *canvas, w, h int) {
	gl.BindFramebuffer(gl.FRAMEBUFFER, 0)
	gl.Viewport(0, 0, int32(w), int32(h))
	gl.Disable(gl.DEPTH_TEST)
	gl.UseProgram(p.enlarge.id)
	gl.Uniform1i(p.enlarge.at("uPicture"), 8)
	gl.ActiveTexture(gl.TEXTURE8)
	gl.BindTexture(gl.TEXTURE_2D, from.colour)
	gl.BindVertexArray(s.empty)
	gl.DrawArrays(gl.TRIANGLES, 0, 3)
	gl.BindTexture(gl.TEXTURE_2D, 0)
	gl.ActiveTexture(gl.TEXTURE0)
	gl.Enable(gl.DEPTH_TEST)
}

// occlusion works out how much of the sky's light is kept from each pixel by
// what is near it, and lays that over the picture.
func (p *picture) occlusion(s *Scene, from *canvas, lens world.Lens) {
	gl.Disable(gl.DEPTH_TEST)
	gl.BindVertexArray(s.empty)
	t := math.Tan(lens.FovY / 2)
	pass := func(prog *program, frame uint32, w, h int) {
		gl.BindFramebuffer(gl.FRAMEBUFFER, frame)
		gl.Viewport(0, 0, int32(w), int32(h))
		gl.UseProgram(prog.id)
		gl.Uniform1i(prog.at("uPicture"), 8)
		gl.Uniform1i(prog.at("uDepth"), 9)
		gl.Uniform1i(prog.at("uShade"), 10)
		gl.Uniform4f(prog.at("uLens"), float32(t*lens.Aspect), float32(t), nearest, far)
		gl.Uniform2f(prog.at("uTexel"), 1/float32(from.w), 1/float32(from.h))
		for i, tex := range []uint32{from.colour, from.depth, p.shade.colour} {
			gl.ActiveTexture(gl.TEXTURE8 + uint32(i))
			gl.BindTexture(gl.TEXTURE_2D, tex)
		}
		gl.DrawArrays(gl.TRIANGLES, 0, 3)
		gl.BindTexture(gl.TEXTURE_2D, 0)
		gl.ActiveTexture(gl.TEXTURE0)
	}
	ww, wh := s.win.Size()
	// The shade is not read while it is drawn.
	shade := p.shade.colour
	p.shade.colour = 0
	pass(p.occlude, p.shade.frame, from.w, from.h)
	p.shade.colour = shade
	pass(p.program, 0, ww, wh)
	gl.Enable(gl.DEPTH_TEST)
}

func (p *picture) free(g *gpu) {
	p.drawn.free(g)
	p.flat.free(g)
	p.shade.free(g)
}
