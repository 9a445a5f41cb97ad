//go:build cgo

package market

import (
	"slices"
	"unsafe"

	"github.com/go-gl/gl/v3.3-core/gl"
	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
)

// far is where the view ends, metres: the town behind the wall is nearer.
const far = 420.0

// loadsPerFrame is how many stalls get their near models in one frame, so
// that walking on does not make it stumble.
const loadsPerFrame = 2

// Draw draws a frame at session time t (seconds) into the window's back
// buffer. It allocates nothing while nothing changes.
func (s *Scene) Draw(t float64, pose world.Pose, lens world.Lens) {
	dt := max(0, min(.1, t-s.last))
	s.last = t
	s.stats = Stats{}
	s.cam.look(pose, lens, far)
	s.cull()
	s.stream()
	s.things.step(s, t, dt)
	s.people.step(t, dt)
	s.focus.step(dt)
	gl.Enable(gl.DEPTH_TEST)
	gl.DepthFunc(gl.LEQUAL)
	gl.DepthMask(true)
	gl.Enable(gl.CULL_FACE)
	gl.Disable(gl.BLEND)
	if s.detail.shadow > 0 && s.shadow.aim(pose.Pos, s.light.sunDir) {
		s.bake()
	}
	w, h := s.win.Size()
	gl.Viewport(0, 0, int32(w), int32(h))
	gl.Clear(gl.DEPTH_BUFFER_BIT) // the sky fills what nothing else does
	s.bindTextures()

	// Near to far, so that what is hidden is not shaded.
	s.use(s.moving)
	s.things.draw(s)
	s.people.draw(s)
	s.use(s.solid)
	s.drawNear()
	s.drawStatic()
	s.use(s.print)
	s.drawPrints()
	s.use(s.ground)
	gl.Uniform4fv(s.ground.at("uContact"), 1, &s.contactAt[0])
	s.drawMesh(&s.still.ground)
	s.drawSky()
	s.drawFocus()
	s.drawLabels()
	s.overlay.draw(s, w, h)
	gl.BindVertexArray(0)
	s.drawn = true
}

// cull collects the chunks in view, near ones first.
func (s *Scene) cull() {
	s.visible = s.visible[:0]
	for i := range s.still.chunks {
		c := &s.still.chunks[i]
		// The distance to the chunk's box, not to its middle.
		d := r3.Sub(s.cam.eye, c.centre)
		gap := v3(max(0, abs(d.X)-c.half.X), max(0, abs(d.Y)-c.half.Y), max(0, abs(d.Z)-c.half.Z))
		c.distance = r3.Norm(gap)
		if c.reach > 0 && c.distance > c.reach || !s.cam.sees(c.centre, c.half) {
			continue
		}
		s.visible = append(s.visible, c)
	}
	slices.SortFunc(s.visible, func(a, b *chunk) int {
		switch {
		case a.distance < b.distance:
			return -1
		case a.distance > b.distance:
			return 1
		}
		return 0
	})
	s.stats.Chunks = len(s.visible)
}

func abs(x float64) float64 { return max(x, -x) }

// stream makes near models where the visitor comes and frees them where
// nobody has been near for a while.
func (s *Scene) stream() {
	left := loadsPerFrame
	if !s.drawn {
		left = len(s.still.chunks) // the first picture is whole
	}
	for _, c := range s.visible {
		if left == 0 || c.distance > s.detail.near {
			break
		}
		if c.stall >= 0 && c.near.array == 0 {
			s.loadNear(c)
			left--
		}
	}
	for i := range s.still.chunks {
		c := &s.still.chunks[i]
		if c.near.array != 0 && c.distance > 2*s.detail.near+4 {
			s.gpu.freeMesh(&c.near)
			s.gpu.freeMesh(&c.tags)
		}
		if c.near.array != 0 {
			s.stats.Near++
		}
	}
}

// use makes a program current with the light and the eye of the frame.
func (s *Scene) use(p *program) {
	gl.UseProgram(p.id)
	gl.UniformMatrix4fv(p.at("uView"), 1, false, &s.cam.clip[0])
	gl.Uniform3f(p.at("uEye"), float32(s.cam.eye.X), float32(s.cam.eye.Y), float32(s.cam.eye.Z))
	l := &s.light
	gl.Uniform3f(p.at("uSun"), float32(l.sunDir.X), float32(l.sunDir.Y), float32(l.sunDir.Z))
	gl.Uniform3fv(p.at("uSunColour"), 1, &l.sun[0])
	gl.Uniform3fv(p.at("uSky"), 1, &l.sky[0])
	gl.Uniform3fv(p.at("uEarth"), 1, &l.earth[0])
	gl.Uniform3fv(p.at("uHaze"), 1, &l.haze[0])
	gl.Uniform1f(p.at("uHazeRate"), l.hazeRate)
	gl.Uniform1f(p.at("uLantern"), l.lantern)
	gl.UniformMatrix4fv(p.at("uShadow"), 1, false, &s.shadow.lookup[0])
	gl.Uniform1i(p.at("uShadowMap"), 0)
	gl.Uniform1i(p.at("uPaving"), 1)
	gl.Uniform1i(p.at("uContactMap"), 2)
	gl.Uniform1i(p.at("uDome"), 3)
	gl.Uniform1i(p.at("uLetters"), 4)
	gl.Uniform1i(p.at("uImage"), 6)
	if p.at("uFinish") >= 0 {
		gl.Uniform4fv(p.at("uFinish"), 12, &finishes[0][0])
		gl.Uniform4fv(p.at("uGrainA"), 12, &grainA[0][0])
		gl.Uniform4fv(p.at("uGrainB"), 12, &grainB[0][0])
	}
}

func (s *Scene) bindTextures() {
	for i, t := range [...]struct{ target, id uint32 }{{gl.TEXTURE_2D, s.shadow.texture}, {gl.TEXTURE_2D, s.paving}, {gl.TEXTURE_2D, s.contact},
		{gl.TEXTURE_2D, s.dome}, {gl.TEXTURE_2D_ARRAY, s.text}, {gl.TEXTURE_2D_ARRAY, s.things.labels}, {gl.TEXTURE_2D, s.overlay.texture}} {
		gl.ActiveTexture(gl.TEXTURE0 + uint32(i))
		gl.BindTexture(t.target, t.id)
	}
}

// push adds a span to what the next flush draws.
func (s *Scene) push(p span) {
	if p.count > 0 {
		s.counts = append(s.counts, p.count)
		s.offsets = append(s.offsets, uintptr(p.first)*4)
		s.stats.Triangles += int(p.count) / 3
	}
}

// flush draws the spans pushed, of the bound mesh, in one call.
func (s *Scene) flush() {
	if len(s.counts) > 0 {
		gl.MultiDrawElements(gl.TRIANGLES, &s.counts[0], gl.UNSIGNED_INT, (*unsafe.Pointer)(unsafe.Pointer(&s.offsets[0])), int32(len(s.counts)))
		s.stats.DrawCalls++
	}
	s.counts, s.offsets = s.counts[:0], s.offsets[:0]
}

func (s *Scene) drawMesh(m *mesh) {
	if m.array == 0 {
		return
	}
	gl.BindVertexArray(m.array)
	gl.DrawElementsWithOffset(gl.TRIANGLES, m.count, gl.UNSIGNED_INT, 0)
	s.stats.DrawCalls++
	s.stats.Triangles += int(m.count) / 3
}

// drawNear draws the near models of the stalls around the visitor.
func (s *Scene) drawNear() {
	for _, c := range s.visible {
		if s.isNear(c) {
			s.drawPart(&c.near, c.contacts, c.near.count)
		}
	}
}

// drawPart draws the indices from … to of a mesh.
func (s *Scene) drawPart(m *mesh, from, to int32) {
	gl.BindVertexArray(m.array)
	gl.DrawElementsWithOffset(gl.TRIANGLES, to-from, gl.UNSIGNED_INT, uintptr(from)*4)
	s.stats.DrawCalls++
	s.stats.Triangles += int(to-from) / 3
}

func (s *Scene) isNear(c *chunk) bool {
	return c.near.array != 0 && c.distance <= s.detail.near
}

// drawStatic draws the far models and what is glossy in one call, and
// woodwork, cloth and walls in another that shades them more cheaply.
func (s *Scene) drawStatic() {
	gl.BindVertexArray(s.still.mesh.array)
	for _, c := range s.visible {
		if c.glossy {
			s.push(s.form(c))
		}
		if !s.isNear(c) && c.distance < s.detail.goods {
			s.push(c.goods)
		}
	}
	s.flush()
	s.use(s.plain)
	for _, c := range s.visible {
		if c.distance >= s.detail.goods && c.distance < s.detail.cards {
			s.push(c.cards)
		}
	}
	for _, c := range s.visible {
		if s.isNear(c) {
			s.drawPart(&c.near, 0, c.contacts)
		}
	}
	gl.BindVertexArray(s.still.mesh.array)
	for _, c := range s.visible {
		if !c.glossy {
			s.push(s.form(c))
		}
	}
	s.flush()
}

// form is a chunk's woodwork, near or far.
func (s *Scene) form(c *chunk) span {
	limit := s.detail.full
	if c.glossy { // pedestals and trees: few, and their far forms are plain
		limit *= 2
	}
	if c.distance > limit && c.simple.count > 0 {
		return c.simple
	}
	return c.full
}

// drawPrints draws signs, banners and, near by, price tags.
func (s *Scene) drawPrints() {
	for _, c := range s.visible {
		if c.distance < 60 {
			s.push(c.board)
		}
	}
	gl.BindVertexArray(s.still.prints.array)
	s.flush()
	for _, c := range s.visible {
		if s.isNear(c) && c.distance < 6 {
			s.drawMesh(&c.tags)
		}
	}
}

func (s *Scene) drawSky() {
	gl.UseProgram(s.sky.id)
	gl.UniformMatrix4fv(s.sky.at("uRays"), 1, false, &s.cam.rays[0])
	gl.Uniform1i(s.sky.at("uDome"), 3)
	gl.BindVertexArray(s.empty)
	gl.DepthMask(false)
	gl.DrawArrays(gl.TRIANGLES, 0, 3)
	gl.DepthMask(true)
	s.stats.DrawCalls++
}
