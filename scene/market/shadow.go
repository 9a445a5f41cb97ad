//go:build cgo

package market

import (
	"errors"
	"math"

	"github.com/go-gl/gl/v3.3-core/gl"
	"gonum.org/v1/gonum/spatial/r3"
)

// Of the two shadow maps: half the edge of the ground that each covers, and the
// depth along the sun's rays, metres; texels along the edge of the one for what moves.
const (
	stillHalf  = 42.0
	movingHalf = 14.0
	sunDeep    = 70.0
	movingSize = 1024
)

// shadowMap is the depth seen from the sun around the visitor. One holds what
// does not move: it is drawn once, and again when the visitor has walked far from its middle. The
// other holds people and what stands on pedestals, nearer by, and is drawn in each frame in which
// there is any.
type shadowMap struct {
	texture, frame uint32
	size           int
	centre         r3.Vec
	ready          bool
	clip           matrix // world to the map's clip space
	lookup         matrix // world to texture coordinates and depth
	right, up      r3.Vec // of the map, across the sun's rays
	empty          bool   // nothing throws a shadow into it
}

func (m *shadowMap) load(g *gpu, size int) error {
	m.size = size
	m.texture = g.texture(gl.TEXTURE_2D)
	gl.TexImage2D(gl.TEXTURE_2D, 0, gl.DEPTH_COMPONENT24, int32(size), int32(size), 0, gl.DEPTH_COMPONENT, gl.UNSIGNED_INT, nil)
	filter(gl.TEXTURE_2D, gl.LINEAR, gl.LINEAR, gl.CLAMP_TO_BORDER)
	border := [4]float32{1, 1, 1, 1}
	gl.TexParameterfv(gl.TEXTURE_2D, gl.TEXTURE_BORDER_COLOR, &border[0])
	gl.TexParameteri(gl.TEXTURE_2D, gl.TEXTURE_COMPARE_MODE, gl.COMPARE_REF_TO_TEXTURE)
	gl.TexParameteri(gl.TEXTURE_2D, gl.TEXTURE_COMPARE_FUNC, gl.LEQUAL)
	gl.GenFramebuffers(1, &m.frame)
	g.frames++
	gl.BindFramebuffer(gl.FRAMEBUFFER, m.frame)
	gl.FramebufferTexture2D(gl.FRAMEBUFFER, gl.DEPTH_ATTACHMENT, gl.TEXTURE_2D, m.texture, 0)
	gl.DrawBuffer(gl.NONE)
	gl.ReadBuffer(gl.NONE)
	whole := gl.CheckFramebufferStatus(gl.FRAMEBUFFER) == gl.FRAMEBUFFER_COMPLETE
	gl.BindFramebuffer(gl.FRAMEBUFFER, 0)
	if !whole {
		return errors.New("make the shadow map: the graphics card refuses it; choose quality low")
	}
	return nil
}

func (m *shadowMap) free(g *gpu) {
	g.freeTexture(&m.texture)
	if m.frame != 0 {
		gl.DeleteFramebuffers(1, &m.frame)
		m.frame = 0
		g.frames--
	}
}

// aim centres the map near the eye, with the light from sunDir, and says whether it must be drawn anew.
func (m *shadowMap) aim(eye, sunDir r3.Vec) bool {
	const step = 12
	if m.ready && math.Abs(eye.X-m.centre.X) < step && math.Abs(eye.Z-m.centre.Z) < step {
		return false
	}
	m.ready = true
	m.right = r3.Unit(r3.Cross(v3(0, 1, 0), sunDir))
	m.up = r3.Cross(sunDir, m.right)
	m.look(v3(math.Round(eye.X/4)*4, 0, math.Round(eye.Z/4)*4), sunDir, stillHalf)
	return true
}

// look centres the map.
func (m *shadowMap) look(centre, sunDir r3.Vec, halfEdge float64) {
	m.centre = centre
	m.clip = ortho(m.centre, m.right, m.up, sunDir, halfEdge, sunDeep)
	half := matrix{.5, 0, 0, 0, 0, .5, 0, 0, 0, 0, .5, 0, .5, .5, .5, 1}
	m.lookup = half.times(&m.clip)
}

// follow centres the map for what moves at the eye, within the map for what does
// not, by whole texels: what stands still then does not tremble. within is the first map's place
// and depth to this one's: a shift, a scale and a shift of depth.
func (m *shadowMap) follow(still *shadowMap, eye, sunDir r3.Vec) (within [4]float32) {
	m.right, m.up = still.right, still.up
	const texel = 2 * movingHalf / movingSize
	d := r3.Sub(v3(eye.X, 0, eye.Z), still.centre)
	x, y := math.Round(r3.Dot(d, m.right)/texel)*texel, math.Round(r3.Dot(d, m.up)/texel)*texel
	m.look(r3.Add(still.centre, r3.Add(r3.Scale(x, m.right), r3.Scale(y, m.up))), sunDir, movingHalf)
	const scale = stillHalf / movingHalf
	return [4]float32{float32(.5 - .5*scale - x/(2*movingHalf)), float32(.5 - .5*scale - y/(2*movingHalf)), scale, 0}
}

// open makes the map current for drawing.
func (m *shadowMap) open() {
	gl.BindFramebuffer(gl.FRAMEBUFFER, m.frame)
	gl.Viewport(0, 0, int32(m.size), int32(m.size))
	gl.Clear(gl.DEPTH_BUFFER_BIT)
	gl.Enable(gl.POLYGON_OFFSET_FILL)
	gl.PolygonOffset(1.6, 2)
	gl.Disable(gl.CULL_FACE)
}

// shut ends that.
func (m *shadowMap) shut() {
	gl.Disable(gl.POLYGON_OFFSET_FILL)
	gl.Enable(gl.CULL_FACE)
	gl.BindFramebuffer(gl.FRAMEBUFFER, 0)
}

// shadows brings both maps up to date.
func (s *Scene) shadows(eye r3.Vec) {
	if s.shadow.aim(eye, s.light.sunDir) {
		s.bake()
		s.prepareStands() // the map was drawn with their buffer
	}
	s.within = s.moved.follow(&s.shadow, eye, s.light.sunDir)
	any := s.movers()
	if !any && s.moved.empty {
		return
	}
	s.moved.empty = !any
	s.moved.open()
	p := s.depthMoving
	gl.UseProgram(p.id)
	gl.UniformMatrix4fv(p.at("uView"), 1, false, &s.moved.clip[0])
	for i := range s.things.all {
		if x := &s.things.all[i]; s.throws(x) {
			s.things.turn(s, p, x)
			s.push(x.forms[1])
			s.flushFrom(s.solids.array)
		}
	}
	for i := range s.people.all {
		if f := &s.people.all[i]; s.inReach(f.pose.Pos) {
			s.people.figure(s, p, f, r3.Norm(r3.Sub(f.pose.Pos, s.cam.eye)))
		}
	}
	s.moved.shut()
}

// movers says whether anything that moves throws a shadow near by.
func (s *Scene) movers() bool {
	for i := range s.things.all {
		if s.throws(&s.things.all[i]) {
			return true
		}
	}
	for i := range s.people.all {
		if s.inReach(s.people.all[i].pose.Pos) {
			return true
		}
	}
	return false
}

// throws says whether a thing's shadow is drawn.
func (s *Scene) throws(x *thing) bool {
	return x.part.there() && x.fade > .5 && s.inReach(s.plan.Slots[x.slot].Pos)
}

// inReach says whether a place may throw a shadow into the map for what moves.
func (s *Scene) inReach(p r3.Vec) bool {
	return math.Hypot(p.X-s.cam.eye.X, p.Z-s.cam.eye.Z) < movingHalf*1.3
}

// bake draws what throws shadows into the map.
func (s *Scene) bake() {
	m := &s.shadow
	m.open()
	gl.UseProgram(s.depth.id)
	gl.UniformMatrix4fv(s.depth.at("uView"), 1, false, &m.clip[0])
	s.counts, s.offsets = s.counts[:0], s.offsets[:0]
	near := func(q r3.Vec) bool { return math.Hypot(q.X-m.centre.X, q.Z-m.centre.Z) <= stillHalf*1.6 }
	for i := range s.still.chunks {
		if c := &s.still.chunks[i]; near(c.centre) {
			s.push(c.full)
		}
	}
	s.flushFrom(s.still.mesh.array)
	h := &s.stands
	h.begin()
	for n := range s.plan.Stalls {
		st := &s.plan.Stalls[n]
		if !near(st.Box.Center()) {
			continue
		}
		h.put(stallShape(st.Kind, faceSouth(st), variantOf(s.plan, n), formFull), n, true)
		if b := &s.booths.all[n]; b.models.ready {
			s.push(span{b.far[0], b.far[len(b.far)-1] - b.far[0]})
		} else {
			s.push(b.cards.part.all())
		}
	}
	s.flushFrom(s.solids.array)
	for i := s.plan.FirstFeature(); int(i) < len(s.plan.Slots); i++ {
		if near(s.plan.Slots[i].Pos) {
			h.put(pedestalNear, h.first+int(i-s.plan.FirstFeature()), true)
		}
	}
	h.send()
	h.draw(s, true)
	m.shut()
}
