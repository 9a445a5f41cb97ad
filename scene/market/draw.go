//go:build cgo

package market

import (
	"cmp"
	"slices"
	"time"
	"unsafe"

	"github.com/go-gl/gl/v3.3-core/gl"
	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
)

// far is where the view ends, metres: the town behind the wall is nearer.
const far = 420.0

// contactsWithin and tagsWithin are metres to which the soft shadows at the
// feet of goods and their price tags are drawn.
const (
	contactsWithin = 9
	tagsWithin     = 6
)

// Draw draws a frame at session time t (seconds) into the window's back
// buffer. It allocates nothing while nothing changes.
func (s *Scene) Draw(t float64, pose world.Pose, lens world.Lens) {
	_, high := s.picture.size(s.win.Size())
	s.cam.look(pose, lens, far, high)
	s.prepare(t, pose, lens)
	w, h := s.picture.begin(s)
	s.drawView(0, w, h)
	s.picture.end(s, lens)
	w, h = s.win.Size()
	s.vignette.draw(s)
	s.hop.drawFade(s)
	s.overlay.draw(s, w, h)
	s.finish()
}

// prepare does what a frame needs once, however many eyes look: what is in
// view, what has moved, the sun's shadows.
func (s *Scene) prepare(t float64, pose world.Pose, lens world.Lens) {
	began := time.Now()
	dt := max(0, min(.1, t-s.last))
	s.last = t
	s.stats = Stats{}
	s.gaze = pose.Rotate(s.gazeDir)
	s.cull(pose, lens)
	s.prepareStands()
	s.booths.step(s, s.stallViews, !s.drawn)
	s.things.step(s, t, dt)
	s.people.step(t, dt)
	s.focus.step(dt)
	s.hang(dt)
	s.stats.Own = time.Since(began)
	gl.Enable(gl.DEPTH_TEST)
	gl.DepthFunc(gl.LEQUAL)
	gl.DepthMask(true)
	gl.Enable(gl.CULL_FACE)
	gl.Disable(gl.BLEND)
	constants()
	if s.detail.shadow > 0 {
		s.shadows(pose.Pos)
	}
}

// finish ends a frame.
func (s *Scene) finish() {
	gl.BindVertexArray(0)
	s.drawn = true
	s.stats.Loaded, s.stats.Short = s.booths.loaded, s.booths.short
}

// layer is a part of the picture that a profile can leave out.
type layer uint8

// The layers, in the order in which they are drawn.
const (
	layerThings layer = iota
	layerPeople
	layerGoods
	layerStands
	layerStatic
	layerPrints
	layerGround
	layerContacts
	layerSky
	layerLabels
	layers
)

// drawView draws what the camera sees into w × h of the bound frame buffer, from
// x on, near to far, so that what is hidden is not shaded.
func (s *Scene) drawView(x, w, h int) {
	gl.Viewport(int32(x), 0, int32(w), int32(h))
	gl.Clear(gl.DEPTH_BUFFER_BIT) // the sky fills what nothing else does
	s.letters.send(&s.gpu, &s.text)
	s.bindTextures()
	if !s.without[layerThings] {
		s.things.draw(s)
	}
	if !s.without[layerPeople] {
		s.people.draw(s)
	}
	for _, near := range [2]bool{true, false} {
		if near {
			s.use(s.solid)
		} else {
			s.use(s.bare)
		}
		if !s.without[layerGoods] {
			s.drawGoods(near)
		}
		if !s.without[layerStands] {
			s.stands.draw(s, near)
		}
		if !s.without[layerStatic] {
			s.drawStatic(near)
		}
	}
	s.use(s.print)
	if !s.without[layerPrints] {
		s.drawPrints()
	}
	s.use(s.ground)
	gl.Uniform4fv(s.ground.at("uFloorAt"), 1, &s.floorAt[0])
	if !s.without[layerGround] {
		s.drawMesh(&s.still.ground)
	}
	if !s.without[layerContacts] {
		s.drawContacts()
		s.drawFeet()
	}
	if !s.without[layerSky] {
		s.drawSky()
	}
	if !s.without[layerGoods] {
		s.drawGlass()
	}
	s.drawFocus()
	if !s.without[layerLabels] {
		s.drawLabels()
	}
	s.hop.draw(s)
}

// cull finds the stalls and pedestals in view, and collects the chunks around
// them; near ones first.
func (s *Scene) cull(pose world.Pose, lens world.Lens) {
	lens.Far = s.detail.roofs
	s.stallViews = s.viewer.Stalls(s.stallViews[:0], pose, lens, awningOut+.05)
	s.pedestals = s.viewer.Pedestals(s.pedestals[:0], pedestalReach)
	s.stands.saw(s.plan, s.pedestals)
	s.stats.Stalls = len(s.stallViews)
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
	slices.SortFunc(s.visible, func(a, b *chunk) int { return cmp.Compare(a.distance, b.distance) })
	s.stats.Chunks = len(s.visible)
}

// pedestalReach is metres to which pedestals are drawn.
const pedestalReach = 60

func abs(x float64) float64 { return max(x, -x) }

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
	gl.Uniform3fv(p.at("uHazeShown"), 1, &s.hazeShown[0])
	gl.Uniform3fv(p.at("uLamp"), 1, &l.lamp[0])
	gl.Uniform1f(p.at("uHazeRate"), l.hazeRate)
	gl.Uniform1f(p.at("uLantern"), l.lantern)
	gl.UniformMatrix4fv(p.at("uShadow"), 1, false, &s.shadow.lookup[0])
	gl.Uniform4fv(p.at("uMovingShadow"), 1, &s.within[0])
	gl.Uniform1i(p.at("uShadowMap"), 0)
	gl.Uniform1i(p.at("uMovingMap"), 5)
	gl.Uniform1i(p.at("uPaving"), 1)
	gl.Uniform1i(p.at("uFloor"), 2)
	gl.Uniform1i(p.at("uDome"), 3)
	gl.Uniform1i(p.at("uLetters"), 4)
	gl.Uniform1i(p.at("uImage"), 6)
	gl.Uniform1i(p.at("uSurfaces"), 7)
	if p.at("uFinish") >= 0 {
		gl.Uniform4fv(p.at("uFinish"), 12, &finishes[0][0])
	}
}

func (s *Scene) bindTextures() {
	for i, t := range [...]struct{ target, id uint32 }{{gl.TEXTURE_2D, s.shadow.texture}, {gl.TEXTURE_2D, s.paving}, {gl.TEXTURE_2D, s.floor},
		{gl.TEXTURE_2D, s.dome}, {gl.TEXTURE_2D_ARRAY, s.text}, {gl.TEXTURE_2D, s.moved.texture}, {gl.TEXTURE_2D, s.overlay.texture},
		{gl.TEXTURE_2D_ARRAY, s.surfaces}} {
		gl.ActiveTexture(gl.TEXTURE0 + uint32(i))
		gl.BindTexture(t.target, t.id)
	}
}

// push adds a span to what the next flush draws; spans that follow one another
// become one.
func (s *Scene) push(p span) {
	if p.count <= 0 {
		return
	}
	s.stats.Triangles += int(p.count) / 3
	if n := len(s.counts); n > 0 && s.offsets[n-1]+4*uintptr(s.counts[n-1]) == 4*uintptr(p.first) {
		s.counts[n-1] += p.count
		return
	}
	s.counts = append(s.counts, p.count)
	s.offsets = append(s.offsets, uintptr(p.first)*4)
}

// flush draws the spans pushed, of the bound mesh, in one call.
func (s *Scene) flush() {
	if len(s.counts) > 0 {
		gl.MultiDrawElements(gl.TRIANGLES, &s.counts[0], gl.UNSIGNED_INT, (*unsafe.Pointer)(unsafe.Pointer(&s.offsets[0])), int32(len(s.counts)))
		s.stats.DrawCalls++
	}
	s.counts, s.offsets = s.counts[:0], s.offsets[:0]
}

// flushFrom draws the spans pushed, of a vertex array.
func (s *Scene) flushFrom(array uint32) {
	if len(s.counts) > 0 {
		gl.BindVertexArray(array)
		s.flush()
	}
}

func (s *Scene) drawMesh(m *mesh) {
	if m.array != 0 {
		s.drawSpan(m.array, span{0, m.count})
	}
}

// drawSpan draws a run of a vertex array's indices.
func (s *Scene) drawSpan(array uint32, p span) {
	gl.BindVertexArray(array)
	gl.DrawElementsWithOffset(gl.TRIANGLES, p.count, gl.UNSIGNED_INT, 4*uintptr(p.first))
	s.stats.DrawCalls++
	s.stats.Triangles += int(p.count) / 3
}

// prepareStands sends where the stalls and pedestals in view stand, each in
// the form that its distance asks for.
func (s *Scene) prepareStands() {
	h := &s.stands
	h.begin()
	for _, v := range s.stallViews {
		st := &s.plan.Stalls[v.Stall]
		f := formRoof
		switch d := float64(v.Distance); {
		case d <= s.detail.full:
			f = formFull
		case d <= s.detail.simple:
			f = formSimple
		}
		h.put(stallShape(st.Kind, faceSouth(st), variantOf(s.plan, int(v.Stall)), f), int(v.Stall), float64(v.Distance) <= s.detail.pattern)
	}
	for _, p := range s.pedestals {
		shape, d := pedestalNear, r3.Norm(r3.Sub(s.plan.Slots[p].Pos, s.cam.eye))
		if d > s.detail.full {
			shape = pedestalFar
		}
		h.put(shape, h.first+int(p-s.plan.FirstFeature()), d <= s.detail.pattern)
	}
	h.send()
}

// drawStatic draws what stands around the stalls, near or far.
func (s *Scene) drawStatic(near bool) {
	for _, c := range s.visible {
		if (c.distance <= s.detail.pattern) != near {
			continue
		}
		if c.distance > 2*s.detail.full && c.simple.count > 0 {
			s.push(c.simple)
		} else {
			s.push(c.full)
		}
	}
	s.flushFrom(s.still.mesh.array)
}

// drawPrints draws signs, banners and, near by, price tags.
func (s *Scene) drawPrints() {
	for _, v := range s.stallViews {
		if v.Distance < 60 {
			s.push(s.still.boards[v.Stall])
		}
		if v.Open && v.Distance < legible {
			s.push(s.still.words[v.Stall])
		}
	}
	for _, c := range s.visible {
		s.push(c.board)
	}
	s.flushFrom(s.still.prints.array)
	for _, v := range s.stallViews {
		if v.Open && v.Distance < tagsWithin {
			s.push(s.booths.all[v.Stall].tags.all())
		}
	}
	s.flushFrom(s.prints.array)
}

// drawContacts darkens what lies under the goods of near stalls.
func (s *Scene) drawContacts() {
	began := false
	for _, v := range s.stallViews {
		b := &s.booths.all[v.Stall]
		if !v.Open || v.Distance > contactsWithin || !b.models.ready {
			continue
		}
		if !began {
			began = true
			s.use(s.contact)
			gl.Enable(gl.BLEND)
			gl.BlendFunc(gl.ZERO, gl.SRC_COLOR)
			gl.DepthMask(false)
		}
		s.push(b.contacts)
	}
	s.flushFrom(s.solids.array)
	if began {
		gl.DepthMask(true)
		gl.Disable(gl.BLEND)
	}
}

func (s *Scene) drawSky() {
	s.use(s.sky)
	gl.DepthMask(false)
	s.drawMesh(&s.still.sky)
	gl.DepthMask(true)
}
