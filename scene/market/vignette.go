//go:build cgo

package market

import (
	"math"

	"github.com/go-gl/gl/v3.3-core/gl"
)

// vignette is the dark border that calms the view while it moves: a ring of
// triangles that leaves the middle of the picture alone, so that it costs the
// border's pixels only, and nothing where it does not show.
type vignette struct {
	array, buffer uint32
	count         int32
	strength      float32
}

// The ring, in half heights and widths of the picture: where it begins, where
// it is as dark as it gets, and where it ends, beyond the corners.
const (
	ringParts = 64
	ringInner = 0.80
	ringDark  = 1.12
	ringOuter = 1.50
)

// SetVignette says how dark the picture's border is from the next Draw on: 0
// is not at all and costs nothing, 1 is black in the corners.
func (s *Scene) SetVignette(strength float64) {
	if !(strength > 0) {
		strength = 0
	}
	s.vignette.strength = float32(math.Min(1, strength))
}

// load makes the ring: each vertex a place in clip space and how dark it is.
func (v *vignette) load(g *gpu) {
	var data []float32
	corner := func(i int, r, dark float64) {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / ringParts)
		data = append(data, float32(r*cos), float32(r*sin), float32(dark))
	}
	for i := range ringParts {
		for _, band := range [...]struct{ r0, dark0, r1, dark1 float64 }{{ringInner, 0, ringDark, 0.8}, {ringDark, 0.8, ringOuter, 1}} {
			corner(i, band.r0, band.dark0)
			corner(i, band.r1, band.dark1)
			corner(i+1, band.r1, band.dark1)
			corner(i, band.r0, band.dark0)
			corner(i+1, band.r1, band.dark1)
			corner(i+1, band.r0, band.dark0)
		}
	}
	gl.GenVertexArrays(1, &v.array)
	gl.GenBuffers(1, &v.buffer)
	g.arrays, g.buffers = g.arrays+1, g.buffers+1
	gl.BindVertexArray(v.array)
	gl.BindBuffer(gl.ARRAY_BUFFER, v.buffer)
	gl.BufferData(gl.ARRAY_BUFFER, len(data)*4, gl.Ptr(data), gl.STATIC_DRAW)
	gl.EnableVertexAttribArray(0)
	gl.VertexAttribPointerWithOffset(0, 3, gl.FLOAT, false, 12, 0)
	v.count = int32(len(data) / 3)
}

func (v *vignette) free(g *gpu) {
	if v.array != 0 {
		gl.DeleteVertexArrays(1, &v.array)
		gl.DeleteBuffers(1, &v.buffer)
		v.array, v.buffer = 0, 0
		g.arrays, g.buffers = g.arrays-1, g.buffers-1
	}
}

func (v *vignette) draw(s *Scene) {
	if v.strength == 0 {
		return
	}
	if v.array == 0 {
		v.load(&s.gpu)
	}
	blending(true)
	gl.UseProgram(s.vignetteProgram.id)
	gl.Uniform1f(s.vignetteProgram.at("uStrength"), v.strength)
	gl.BindVertexArray(v.array)
	gl.DrawArrays(gl.TRIANGLES, 0, v.count)
	s.stats.DrawCalls++
	blending(false)
}

// blending prepares for flat things with premultiplied alpha over the picture,
// or for the world again.
func blending(on bool) {
	if on {
		gl.Disable(gl.DEPTH_TEST)
		gl.Disable(gl.CULL_FACE)
		gl.Enable(gl.BLEND)
		gl.BlendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA)
		return
	}
	gl.Disable(gl.BLEND)
	gl.Enable(gl.CULL_FACE)
	gl.Enable(gl.DEPTH_TEST)
}
