//go:build cgo

package market

import (
	"image"
	"image/color"
	"image/draw"

	"github.com/go-gl/gl/v3.3-core/gl"

	"souk/scene/lettering"
)

// pageSize is the width and height of a page of text, texels.
const pageSize = 2048

// region is where a text lies: corners in [0,1] and its page.
type region struct{ U0, V0, U1, V1, Layer float32 }

// letters are texts in one-channel pages of a texture array, packed in rows.
type letters struct {
	faces   *lettering.Faces
	pages   [][]byte
	x, y, h int
	known   map[string]region
	scratch *image.RGBA
}

func newLetters(f *lettering.Faces) *letters {
	return &letters{faces: f, known: map[string]region{}}
}

// line is a line of text on a board: as wide as its style says or smaller.
type line struct {
	text  string
	style lettering.Style
}

// set draws lines, centred one under the other, into a field of w × h texels
// and returns where it is. The same key returns the same field.
func (l *letters) set(key string, w, h int, lines ...line) region {
	if r, ok := l.known[key]; ok {
		return r
	}
	if l.x+w > pageSize {
		l.x, l.y, l.h = 0, l.y+l.h, 0
	}
	if len(l.pages) == 0 || l.y+h > pageSize {
		l.pages = append(l.pages, make([]byte, pageSize*pageSize))
		l.x, l.y, l.h = 0, 0, 0
	}
	page := l.pages[len(l.pages)-1]
	img := l.board(w, h, lines...)
	for y := 0; y < h; y++ {
		for x := 0; x < w; x++ {
			page[(l.y+y)*pageSize+l.x+x] = img.Pix[y*img.Stride+4*x+3]
		}
	}
	const s = 1.0 / pageSize
	r := region{float32(l.x) * s, float32(l.y) * s, float32(l.x+w) * s, float32(l.y+h) * s, float32(len(l.pages) - 1)}
	l.known[key] = r
	l.x, l.h = l.x+w, max(l.h, h)
	return r
}

// board draws lines of text centred into a scratch picture of w × h.
func (l *letters) board(w, h int, lines ...line) *image.RGBA {
	if l.scratch == nil || l.scratch.Rect.Dx() != w || l.scratch.Rect.Dy() != h {
		l.scratch = image.NewRGBA(image.Rect(0, 0, w, h))
	}
	draw.Draw(l.scratch, l.scratch.Rect, image.Transparent, image.Point{}, draw.Src)
	const pad = 8
	total := 0.0
	fitted := make([]line, 0, len(lines))
	for _, n := range lines {
		if n.text == "" {
			continue
		}
		n.style = l.faces.Fit(n.style, n.style.Size*.55, float64(w-2*pad), n.text)
		n.text = l.faces.Ellipsis(n.style, float64(w-2*pad), n.text)
		total += l.faces.Metrics(n.style).Line * .9
		fitted = append(fitted, n)
	}
	y := (float64(h) - total) / 2
	for _, n := range fitted {
		m := l.faces.Metrics(n.style)
		wide := l.faces.Measure(n.style, n.text)
		l.faces.Draw(l.scratch, (float64(w)-wide)/2, y+m.Line*.45+(m.Ascent-m.Descent)/2, n.style, color.White, n.text)
		y += m.Line * .9
	}
	return l.scratch
}

// send uploads the pages and forgets them; at least one page is made.
func (l *letters) send(g *gpu) uint32 {
	t := g.texture(gl.TEXTURE_2D_ARRAY)
	n := max(1, len(l.pages))
	gl.PixelStorei(gl.UNPACK_ALIGNMENT, 1)
	gl.TexImage3D(gl.TEXTURE_2D_ARRAY, 0, gl.R8, pageSize, pageSize, int32(n), 0, gl.RED, gl.UNSIGNED_BYTE, nil)
	for i, p := range l.pages {
		gl.TexSubImage3D(gl.TEXTURE_2D_ARRAY, 0, 0, 0, int32(i), pageSize, pageSize, 1, gl.RED, gl.UNSIGNED_BYTE, gl.Ptr(p))
	}
	gl.GenerateMipmap(gl.TEXTURE_2D_ARRAY)
	filter(gl.TEXTURE_2D_ARRAY, gl.LINEAR_MIPMAP_LINEAR, gl.LINEAR, gl.CLAMP_TO_EDGE)
	l.pages, l.scratch = nil, nil
	return t
}
