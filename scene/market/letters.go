//go:build cgo

package market

import (
	"image"
	"sync"

	"github.com/go-gl/gl/v3.3-core/gl"

	"souk/scene/lettering"
)

// Runes are kept as distance fields: each once, whatever its size and however
// many signs and price tags it stands on.
const (
	pageSize     = 2048 // width and height of a page of runes, texels
	letterEm     = 40.0 // texels
	letterSpread = 5.0  // texels around an outline that tell distances; shaders/print.frag.glsl has the same
	letterLevels = 4    // of a page, each half the one before: cells lie on multiples of 8
	cellStep     = 1 << (letterLevels - 1)
)

// region is where a rune lies: corners in [0,1] and its page.
type region struct{ U0, V0, U1, V1, Layer float32 }

// letter is a rune on a page, and where it is set, in ems from the pen, y up.
type letter struct {
	region
	x0, y0, x1, y1 float64
}

type letterKey struct {
	r      rune
	weight lettering.Weight
}

// letters are the runes used so far, in one-channel pages of a texture array.
// A rune is made when a text first needs it and sent with the next frame. Texts
// may be laid out by several goroutines; send belongs to the window's thread.
type letters struct {
	faces *lettering.Faces

	mu    sync.Mutex
	known map[letterKey]letter
	pages [][]byte
	x, y  int // where the next rune goes on the last page
	high  int // of the row
	fresh []image.Rectangle
	page  []int // of each fresh rectangle
	sent  int   // pages that the texture has room for
}

func newLetters(f *lettering.Faces) *letters {
	l := &letters{faces: f, known: map[letterKey]letter{}}
	// The first cell is inside all outlines: plates are drawn with it.
	l.put(&lettering.Field{Pix: filled(cellStep*cellStep, 255), W: cellStep, H: cellStep})
	return l
}

func filled(n int, v byte) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = v
	}
	return b
}

// plate is the region that is ink all over.
var plate = region{U0: 4.0 / pageSize, V0: 4.0 / pageSize, U1: 4.0 / pageSize, V1: 4.0 / pageSize}

// of is a rune's letter; made now where it is new.
func (l *letters) of(r rune, w lettering.Weight) letter {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := letterKey{r, w}
	if at, ok := l.known[key]; ok {
		return at
	}
	f := l.faces.Field(w, r, letterEm, letterSpread)
	var at letter
	if len(f.Pix) > 0 {
		at = letter{region: l.put(&f), x0: f.X / letterEm, x1: (f.X + float64(f.W)) / letterEm, y0: -(f.Y + float64(f.H)) / letterEm, y1: -f.Y / letterEm}
	}
	l.known[key] = at
	return at
}

// put finds room for a field on the pages and copies it there.
func (l *letters) put(f *lettering.Field) region {
	up := func(n int) int { return (n + cellStep - 1) / cellStep * cellStep }
	w, h := up(f.W), up(f.H)
	if l.x+w > pageSize {
		l.x, l.y, l.high = 0, l.y+l.high, 0
	}
	if len(l.pages) == 0 || l.y+h > pageSize {
		l.pages = append(l.pages, make([]byte, pageSize*pageSize))
		l.x, l.y, l.high = 0, 0, 0
	}
	page := len(l.pages) - 1
	for y := range f.H {
		copy(l.pages[page][(l.y+y)*pageSize+l.x:], f.Pix[y*f.W:(y+1)*f.W])
	}
	l.fresh, l.page = append(l.fresh, image.Rect(l.x, l.y, l.x+w, l.y+h)), append(l.page, page)
	const s = 1.0 / pageSize
	at := region{float32(l.x) * s, float32(l.y) * s, float32(l.x+f.W) * s, float32(l.y+f.H) * s, float32(page)}
	l.x, l.high = l.x+w, max(l.high, h)
	return at
}

// send brings the texture, whose name it keeps in at, up to date. It does
// nothing while no text has brought a new rune.
func (l *letters) send(g *gpu, at *uint32) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.fresh) == 0 {
		return
	}
	gl.ActiveTexture(gl.TEXTURE4)
	gl.PixelStorei(gl.UNPACK_ALIGNMENT, 1)
	if l.sent < len(l.pages) {
		g.freeTexture(at)
		*at = g.texture(gl.TEXTURE_2D_ARRAY)
		l.sent = len(l.pages)
		l.fresh, l.page = l.fresh[:0], l.page[:0]
		for level := range int32(letterLevels) {
			gl.TexImage3D(gl.TEXTURE_2D_ARRAY, level, gl.R8, pageSize>>level, pageSize>>level, int32(l.sent), 0, gl.RED, gl.UNSIGNED_BYTE, nil)
		}
		for i := range l.pages {
			used := pageSize
			if i == len(l.pages)-1 {
				used = l.y + l.high
			}
			l.fresh, l.page = append(l.fresh, image.Rect(0, 0, pageSize, used)), append(l.page, i)
		}
		gl.TexParameteri(gl.TEXTURE_2D_ARRAY, gl.TEXTURE_MAX_LEVEL, letterLevels-1)
		filter(gl.TEXTURE_2D_ARRAY, gl.LINEAR_MIPMAP_NEAREST, gl.LINEAR, gl.CLAMP_TO_EDGE)
	}
	gl.BindTexture(gl.TEXTURE_2D_ARRAY, *at)
	for i, r := range l.fresh {
		l.sendPart(l.page[i], r)
	}
	l.fresh, l.page = l.fresh[:0], l.page[:0]
	gl.ActiveTexture(gl.TEXTURE0)
}

// sendPart sends a rectangle of a page in all its levels: the mean of four
// distances is the distance of their middle.
func (l *letters) sendPart(page int, r image.Rectangle) {
	src, w, h := l.pages[page][r.Min.Y*pageSize+r.Min.X:], r.Dx(), r.Dy()
	stride := pageSize
	for level := range letterLevels {
		gl.PixelStorei(gl.UNPACK_ROW_LENGTH, int32(stride))
		gl.TexSubImage3D(gl.TEXTURE_2D_ARRAY, int32(level), int32(r.Min.X>>level), int32(r.Min.Y>>level), int32(page), int32(w), int32(h), 1, gl.RED, gl.UNSIGNED_BYTE, gl.Ptr(src))
		w, h = w/2, h/2
		half := make([]byte, w*h)
		for y := range h {
			for x := range w {
				a, b := src[2*y*stride+2*x:], src[(2*y+1)*stride+2*x:]
				half[y*w+x] = byte((int(a[0]) + int(a[1]) + int(b[0]) + int(b[1]) + 2) / 4)
			}
		}
		src, stride = half, w
	}
	gl.PixelStorei(gl.UNPACK_ROW_LENGTH, 0)
}

// line is a line of text on a board: as wide as its style says or smaller.
type line struct {
	text  string
	style lettering.Style
}

// set is a letter of a text that was laid out on a board: its rectangle, from
// the board's lower left.
type set struct {
	letter
	x0, y0, x1, y1 float64
}

// lay sets lines, centred one under the other, on a board of w × h in the
// styles' unit, and appends their letters to dst. What is too long is set smaller, and
// then cut.
func (l *letters) lay(dst []set, w, h float64, lines ...line) []set {
	const pad = 8
	total := 0.0
	fitted := make([]line, 0, 4)
	for _, n := range lines {
		if n.text == "" {
			continue
		}
		n.style = l.faces.Fit(n.style, n.style.Size*.55, w-2*pad, n.text)
		n.text = l.faces.Ellipsis(n.style, w-2*pad, n.text)
		total += l.faces.Metrics(n.style).Line * .9
		fitted = append(fitted, n)
	}
	y := (h + total) / 2
	for _, n := range fitted {
		m := l.faces.Metrics(n.style)
		x := (w - l.faces.Measure(n.style, n.text)) / 2
		base := y - m.Line*.45 - (m.Ascent-m.Descent)/2
		for i, r := range n.text {
			a := l.of(r, n.style.Weight)
			if a.x1 > a.x0 {
				s := n.style.Size
				dst = append(dst, set{letter: a, x0: x + a.x0*s, x1: x + a.x1*s, y0: base + a.y0*s, y1: base + a.y1*s})
			}
			x += l.faces.Measure(n.style, n.text[i:i+len(string(r))])
		}
		y -= m.Line * .9
	}
	return dst
}
