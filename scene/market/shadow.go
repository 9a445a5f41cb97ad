//go:build cgo

package market

import (
	"errors"
	"math"

	"github.com/go-gl/gl/v3.3-core/gl"
	"gonum.org/v1/gonum/spatial/r3"
)

// shadowHalf is half the edge of the ground that the shadow map covers, metres.
const shadowHalf = 42.0

// shadowMap is the depth seen from the sun around the visitor. What it shows
// does not move, so it is drawn once, and again when the visitor has walked
// far from its middle.
type shadowMap struct {
	texture, frame uint32
	size           int
	centre         r3.Vec
	ready          bool
	clip           matrix // world to the map's clip space
	lookup         matrix // world to texture coordinates and depth
	bakes          int
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
	m.centre = v3(math.Round(eye.X/4)*4, 0, math.Round(eye.Z/4)*4)
	right := r3.Unit(r3.Cross(v3(0, 1, 0), sunDir))
	up := r3.Cross(sunDir, right)
	m.clip = ortho(m.centre, right, up, sunDir, shadowHalf, 70)
	half := matrix{.5, 0, 0, 0, 0, .5, 0, 0, 0, 0, .5, 0, .5, .5, .5, 1}
	m.lookup = half.times(&m.clip)
	m.ready = true
	m.bakes++
	return true
}

// bake draws what throws shadows into the map.
func (s *Scene) bake() {
	m := &s.shadow
	gl.BindFramebuffer(gl.FRAMEBUFFER, m.frame)
	gl.Viewport(0, 0, int32(m.size), int32(m.size))
	gl.Clear(gl.DEPTH_BUFFER_BIT)
	gl.UseProgram(s.depth.id)
	gl.UniformMatrix4fv(s.depth.at("uView"), 1, false, &m.clip[0])
	gl.Enable(gl.POLYGON_OFFSET_FILL)
	gl.PolygonOffset(1.6, 2)
	gl.Disable(gl.CULL_FACE)
	s.counts, s.offsets = s.counts[:0], s.offsets[:0]
	near := func(q r3.Vec) bool { return math.Hypot(q.X-m.centre.X, q.Z-m.centre.Z) <= shadowHalf*1.6 }
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
	h.send()
	h.draw(s, true)
	gl.Disable(gl.POLYGON_OFFSET_FILL)
	gl.Enable(gl.CULL_FACE)
	gl.BindFramebuffer(gl.FRAMEBUFFER, 0)
}
