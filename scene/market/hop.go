//go:build cgo

package market

import (
	"math"
	"unsafe"

	"github.com/go-gl/gl/v3.3-core/gl"
	"gonum.org/v1/gonum/spatial/r3"
)

// hop is what shows of a teleport: the arc, the ring where it leads, and the
// fade on the way.
type hop struct {
	points []r3.Vec
	target r3.Vec
	shown  bool
	valid  bool
	dark   float32

	arc, fade     *program
	array, buffer uint32
	vertices      []float32
}

// The arc and its ring: metres, and the ring's parts.
const (
	ribbon    = .014
	ringWide  = .34
	ringWidth = .05
	ringSides = 48
)

// arcInk and noInk colour a way that leads somewhere and one that does not
// (apart for every kind of colour vision by their lightness), premultiplied.
var (
	arcInk = [4]float32{.98, .74, .28, .9}
	noInk  = [4]float32{.36, .36, .42, .75}
)

// SetArc says which way a teleport would go: points in the world from the hand
// on, its end on the ground, and whether one may go there. No points remove
// it. They are read at once.
func (s *Scene) SetArc(points []r3.Vec, target r3.Vec, valid bool) {
	h := &s.hop
	h.points = append(h.points[:0], points...)
	h.target, h.valid, h.shown = target, valid, len(points) > 1
}

// SetFade says how dark the world is, in [0,1]; the overlay stays bright.
func (s *Scene) SetFade(dark float64) {
	s.hop.dark = float32(max(0, min(1, dark)))
}

// load makes the programs and the buffer.
func (h *hop) load(g *gpu) (err error) {
	if h.arc, err = g.program("arc", "arc"); err != nil {
		return err
	}
	h.fade, err = g.program("arc", "arc", "FADE")
	return err
}

func (h *hop) free(g *gpu) {
	g.freeProgram(h.arc)
	g.freeProgram(h.fade)
	if h.array != 0 {
		gl.DeleteVertexArrays(1, &h.array)
		gl.DeleteBuffers(1, &h.buffer)
		g.arrays, g.buffers = g.arrays-1, g.buffers-1
	}
	*h = hop{}
}

// drawFade darkens the world.
func (h *hop) drawFade(s *Scene) {
	if h.dark == 0 {
		return
	}
	blending(true)
	gl.UseProgram(h.fade.id)
	gl.Uniform4f(h.fade.at("uInk"), 0, 0, 0, h.dark)
	gl.BindVertexArray(s.empty)
	gl.DrawArrays(gl.TRIANGLES, 0, 3)
	s.stats.DrawCalls++
	blending(false)
}

// draw draws the arc as a ribbon that faces the eye and a ring on the ground.
func (h *hop) draw(s *Scene) {
	if !h.shown {
		return
	}
	h.build(s.cam.eye)
	if h.array == 0 {
		gl.GenVertexArrays(1, &h.array)
		gl.GenBuffers(1, &h.buffer)
		s.gpu.arrays, s.gpu.buffers = s.gpu.arrays+1, s.gpu.buffers+1
		gl.BindVertexArray(h.array)
		gl.BindBuffer(gl.ARRAY_BUFFER, h.buffer)
		gl.EnableVertexAttribArray(0)
		gl.VertexAttribPointerWithOffset(0, 4, gl.FLOAT, false, 16, 0)
	}
	gl.BindBuffer(gl.ARRAY_BUFFER, h.buffer)
	gl.BufferData(gl.ARRAY_BUFFER, 4*len(h.vertices), unsafe.Pointer(&h.vertices[0]), gl.STREAM_DRAW)
	blending(true)
	gl.Enable(gl.DEPTH_TEST)
	gl.DepthMask(false)
	s.use(h.arc)
	ink := &noInk
	if h.valid {
		ink = &arcInk
	}
	gl.Uniform4fv(h.arc.at("uInk"), 1, &ink[0])
	gl.BindVertexArray(h.array)
	gl.DrawArrays(gl.TRIANGLES, 0, int32(len(h.vertices)/4))
	s.stats.DrawCalls++
	gl.DepthMask(true)
	blending(false)
}

// build makes the triangles as seen from an eye.
func (h *hop) build(eye r3.Vec) {
	h.vertices = h.vertices[:0]
	n := len(h.points)
	for i := 1; i < n; i++ {
		a, b := h.points[i-1], h.points[i]
		h.quad(edgeOf(h.points, i-1, eye), edgeOf(h.points, i, eye), a, b, float32(i-1)/float32(n-1), float32(i)/float32(n-1))
	}
	if !h.valid {
		return
	}
	at := r3.Vec{X: h.target.X, Y: .02, Z: h.target.Z}
	for i := range ringSides {
		spoke := func(k int, r float64) r3.Vec {
			sin, cos := math.Sincos(2 * math.Pi * float64(k) / ringSides)
			return r3.Add(at, r3.Vec{X: r * cos, Z: r * sin})
		}
		a, b, c, d := spoke(i, ringWide), spoke(i+1, ringWide), spoke(i+1, ringWide-ringWidth), spoke(i, ringWide-ringWidth)
		h.corners(1, 1, a, b, c, d)
		h.corners(.28, 0, spoke(i, ringWide-ringWidth), spoke(i+1, ringWide-ringWidth), at, at) // a glow within
	}
}

// edgeOf is half the ribbon's width at a point, across the way and the view.
func edgeOf(points []r3.Vec, i int, eye r3.Vec) r3.Vec {
	along := r3.Sub(points[min(i+1, len(points)-1)], points[max(i-1, 0)])
	across := r3.Cross(along, r3.Sub(eye, points[i]))
	if n := r3.Norm(across); n > 1e-9 {
		return r3.Scale(ribbon/n, across)
	}
	return r3.Vec{}
}

// quad adds a piece of the ribbon; how much of it shows rises from the hand on.
func (h *hop) quad(ea, eb, a, b r3.Vec, from, to float32) {
	h.corner(r3.Sub(a, ea), from)
	h.corner(r3.Add(a, ea), from)
	h.corner(r3.Add(b, eb), to)
	h.corner(r3.Sub(a, ea), from)
	h.corner(r3.Add(b, eb), to)
	h.corner(r3.Sub(b, eb), to)
}

// corners adds a four-cornered face: how much of its outer and of its inner edge shows.
func (h *hop) corners(outer, inner float32, a, b, c, d r3.Vec) {
	h.corner(a, outer)
	h.corner(b, outer)
	h.corner(c, inner)
	h.corner(a, outer)
	h.corner(c, inner)
	h.corner(d, inner)
}

func (h *hop) corner(p r3.Vec, part float32) {
	h.vertices = append(h.vertices, float32(p.X), float32(p.Y), float32(p.Z), part)
}
