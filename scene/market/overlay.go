//go:build cgo

package market

import (
	"image"
	"slices"
	"unsafe"

	"github.com/go-gl/gl/v3.3-core/gl"
)

// tile is the edge of the squares in which the overlay is drawn or left out:
// most of a head-up display is empty, and on software OpenGL each pixel costs.
// With 32 a status line of 36 pixels would cost twice its own.
const tile = 8

// overlay is the picture over the market.
type overlay struct {
	texture       uint32
	array, buffer uint32
	w, h          int
	cols, rows    int
	filled        []bool
	vertices      []float32
	open          []image.Rectangle // working memory
	count         int32
	pixels        int // that are drawn
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

// remesh makes the triangles of the filled tiles: neighbours in a row become
// one rectangle, and equal ones of rows below each other, too.
func (o *overlay) remesh() {
	v, pixels := o.vertices[:0], 0
	open := o.open[:0] // rectangles that reach the row above, in tiles
	add := func(t image.Rectangle) {
		x0, x1 := t.Min.X*tile, min(o.w, t.Max.X*tile)
		y0, y1 := t.Min.Y*tile, min(o.h, t.Max.Y*tile)
		pixels += (x1 - x0) * (y1 - y0)
		a, b, c, d := float32(x0), float32(y0), float32(x1), float32(y1)
		v = append(v, a, b, a, d, c, d, a, b, c, d, c, b)
	}
	for r := 0; r <= o.rows; r++ {
		kept := 0
		for _, t := range open { // those that go on are made taller below
			if r < o.rows && o.run(r, t.Min.X) == t.Max.X {
				t.Max.Y = r + 1
				open[kept] = t
				kept++
			} else {
				add(t)
			}
		}
		open = open[:kept]
		for c := 0; r < o.rows && c < o.cols; c++ {
			end := o.run(r, c)
			if end == 0 {
				continue
			}
			if !slices.ContainsFunc(open[:kept], func(t image.Rectangle) bool { return t.Min.X == c }) {
				open = append(open, image.Rect(c, r, end, r+1))
			}
			c = end
		}
	}
	o.vertices, o.open, o.count, o.pixels = v, open, int32(len(v)/2), pixels
	gl.BindBuffer(gl.ARRAY_BUFFER, o.buffer)
	if len(v) > 0 {
		gl.BufferData(gl.ARRAY_BUFFER, len(v)*4, unsafe.Pointer(&v[0]), gl.DYNAMIC_DRAW)
	}
}

// run is where the filled tiles of a row that begin at a column end; 0 where
// none begin there.
func (o *overlay) run(row, col int) int {
	f := o.filled[row*o.cols : (row+1)*o.cols]
	if !f[col] || col > 0 && f[col-1] {
		return 0
	}
	for col < o.cols && f[col] {
		col++
	}
	return col
}

// OverlayPixels is how many pixels of the window the overlay is blended over
// in a frame.
func (s *Scene) OverlayPixels() int {
	if !s.overlay.shown {
		return 0
	}
	return s.overlay.pixels
}

// draw lays the picture over the viewport; the vignette, which fills an eye where
// the picture is a panel in it, is drawn before by who draws a frame.
func (o *overlay) draw(s *Scene, w, h int) {
	if !o.shown || o.count == 0 {
		return
	}
	blending(true)
	p := s.overlayProgram
	gl.UseProgram(p.id)
	gl.Uniform1i(p.at("uImage"), 6)
	gl.Uniform4f(p.at("uScreen"), 2/float32(w), 2/float32(h), 1/float32(o.w), 1/float32(o.h))
	gl.BindVertexArray(o.array)
	gl.DrawArrays(gl.TRIANGLES, 0, o.count)
	s.stats.DrawCalls++
	blending(false)
}
