//go:build cgo

package market

import (
	"image"
	"unsafe"

	"github.com/go-gl/gl/v3.3-core/gl"
)

// tile is the edge of the squares in which the overlay is drawn or left out:
// most of a head-up display is empty, and on software OpenGL each pixel costs.
const tile = 32

// overlay is the picture over the market.
type overlay struct {
	texture       uint32
	array, buffer uint32
	w, h          int
	cols, rows    int
	filled        []bool
	vertices      []float32
	count         int32
	shown         bool
}

func (o *overlay) free(g *gpu) {
	g.freeTexture(&o.texture)
	if o.array != 0 {
		gl.DeleteVertexArrays(1, &o.array)
		gl.DeleteBuffers(1, &o.buffer)
		o.array, o.buffer = 0, 0
		g.arrays, g.buffers = g.arrays-1, g.buffers-1
	}
	o.shown = false
}

// SetOverlay says what is drawn over the market, pixel for pixel from the
// upper left: an image with premultiplied alpha, and the part of it that has
// changed since the last call (an empty part: all of it). The image is read
// before SetOverlay returns. nil removes the overlay.
func (s *Scene) SetOverlay(img *image.RGBA, dirty image.Rectangle) {
	o := &s.overlay
	if img == nil || img.Rect.Empty() {
		o.shown = false
		return
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	if o.texture == 0 {
		o.texture = s.gpu.texture(gl.TEXTURE_2D)
		filter(gl.TEXTURE_2D, gl.NEAREST, gl.NEAREST, gl.CLAMP_TO_EDGE)
		gl.GenVertexArrays(1, &o.array)
		gl.GenBuffers(1, &o.buffer)
		s.gpu.arrays, s.gpu.buffers = s.gpu.arrays+1, s.gpu.buffers+1
		gl.BindVertexArray(o.array)
		gl.BindBuffer(gl.ARRAY_BUFFER, o.buffer)
		gl.EnableVertexAttribArray(0)
		gl.VertexAttribPointerWithOffset(0, 2, gl.FLOAT, false, 8, 0)
		gl.BindVertexArray(0)
	}
	gl.ActiveTexture(gl.TEXTURE6)
	gl.BindTexture(gl.TEXTURE_2D, o.texture)
	dirty = dirty.Intersect(img.Rect)
	if w != o.w || h != o.h {
		o.w, o.h = w, h
		o.cols, o.rows = (w+tile-1)/tile, (h+tile-1)/tile
		o.filled = make([]bool, o.cols*o.rows)
		gl.TexImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, int32(w), int32(h), 0, gl.RGBA, gl.UNSIGNED_BYTE, nil)
		dirty = img.Rect
	}
	if dirty.Empty() || !o.shown {
		dirty = img.Rect
	}
	gl.PixelStorei(gl.UNPACK_ALIGNMENT, 4)
	gl.PixelStorei(gl.UNPACK_ROW_LENGTH, int32(img.Stride/4))
	at := img.PixOffset(dirty.Min.X, dirty.Min.Y)
	d := dirty.Sub(img.Rect.Min)
	gl.TexSubImage2D(gl.TEXTURE_2D, 0, int32(d.Min.X), int32(d.Min.Y), int32(d.Dx()), int32(d.Dy()), gl.RGBA, gl.UNSIGNED_BYTE, gl.Ptr(img.Pix[at:]))
	gl.PixelStorei(gl.UNPACK_ROW_LENGTH, 0)
	gl.ActiveTexture(gl.TEXTURE0)
	o.shown = true
	changed := false
	for r := d.Min.Y / tile; r <= (d.Max.Y-1)/tile; r++ {
		for c := d.Min.X / tile; c <= (d.Max.X-1)/tile; c++ {
			f := anything(img, image.Rect(c*tile, r*tile, (c+1)*tile, (r+1)*tile).Add(img.Rect.Min).Intersect(img.Rect))
			if f != o.filled[r*o.cols+c] {
				o.filled[r*o.cols+c], changed = f, true
			}
		}
	}
	if changed {
		o.remesh()
	}
}

// anything says whether a part of the image has a pixel that shows.
func anything(img *image.RGBA, r image.Rectangle) bool {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := img.Pix[img.PixOffset(r.Min.X, y) : img.PixOffset(r.Max.X-1, y)+4]
		for i := 3; i < len(row); i += 4 {
			if row[i] != 0 {
				return true
			}
		}
	}
	return false
}

// remesh makes the triangles of the filled tiles; neighbours in a row become
// one rectangle.
func (o *overlay) remesh() {
	v := o.vertices[:0]
	for r := 0; r < o.rows; r++ {
		for c := 0; c < o.cols; c++ {
			if !o.filled[r*o.cols+c] {
				continue
			}
			from := c
			for c+1 < o.cols && o.filled[r*o.cols+c+1] {
				c++
			}
			x0, x1 := float32(from*tile), float32(min(o.w, (c+1)*tile))
			y0, y1 := float32(r*tile), float32(min(o.h, (r+1)*tile))
			v = append(v, x0, y0, x0, y1, x1, y1, x0, y0, x1, y1, x1, y0)
		}
	}
	o.vertices, o.count = v, int32(len(v)/2)
	gl.BindBuffer(gl.ARRAY_BUFFER, o.buffer)
	if len(v) > 0 {
		gl.BufferData(gl.ARRAY_BUFFER, len(v)*4, unsafe.Pointer(&v[0]), gl.DYNAMIC_DRAW)
	}
}

func (o *overlay) draw(s *Scene, w, h int) {
	if !o.shown || o.count == 0 {
		return
	}
	gl.Disable(gl.DEPTH_TEST)
	gl.Disable(gl.CULL_FACE)
	gl.Enable(gl.BLEND)
	gl.BlendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA)
	p := s.overlayProgram
	gl.UseProgram(p.id)
	gl.Uniform1i(p.at("uImage"), 6)
	gl.Uniform4f(p.at("uScreen"), 2/float32(w), 2/float32(h), 1/float32(o.w), 1/float32(o.h))
	gl.BindVertexArray(o.array)
	gl.DrawArrays(gl.TRIANGLES, 0, o.count)
	s.stats.DrawCalls++
	gl.Disable(gl.BLEND)
	gl.Enable(gl.CULL_FACE)
	gl.Enable(gl.DEPTH_TEST)
}
