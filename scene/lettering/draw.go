package lettering

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// subSteps is how finely a glyph's place between two pixels is kept.
const subSteps = 4

// maxGlyphs bounds the cache; beyond it the cache starts anew.
const maxGlyphs = 20000

// glyphKey is one glyph as it is drawn.
type glyphKey struct {
	size   fixed.Int26_6
	font   int16
	glyph  sfnt.GlyphIndex
	weight Weight
	sub    uint8
	dots   rune
}

// glyph is a coverage mask and where it lies from the pen, pixels.
type glyph struct {
	x, y, w, h int
	cover      []uint8
}

// Measure is how wide the text is on one line, pixels.
func (f *Faces) Measure(s Style, text string) float64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.measure(s, text)
}

// measure is Measure under the lock.
func (f *Faces) measure(s Style, text string) float64 {
	size := fixedSize(s.Size)
	var width float64
	for _, r := range text {
		width += f.advance(s.Weight, r, size)
	}
	return width
}

// advance is how far one rune moves the pen, with all that it was taken apart into.
func (f *Faces) advance(w Weight, r rune, size fixed.Int26_6) float64 {
	src := f.lookup(w, r)
	a := float64(f.step(w, src, size))
	for _, m := range src.more {
		a += float64(f.step(w, f.lookup(w, m), size))
	}
	return a
}

// Draw sets the text on one line with its baseline at y, starting at x, over
// what is in dst, and returns where the pen ended. Nothing is drawn outside
// dst's bounds. It does not allocate where dst is an *image.RGBA and the
// glyphs were drawn before.
func (f *Faces) Draw(dst draw.Image, x, y float64, s Style, c color.Color, text string) float64 {
	return f.DrawIn(dst, dst.Bounds(), x, y, s, c, text)
}

// DrawIn is [Faces.Draw] that touches no pixel outside clip.
func (f *Faces) DrawIn(dst draw.Image, clip image.Rectangle, x, y float64, s Style, c color.Color, text string) float64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	clip = clip.Intersect(dst.Bounds())
	size := fixedSize(s.Size)
	r, g, b, a := c.RGBA()
	ink := [4]uint32{r, g, b, a}
	rgba, fast := dst.(*image.RGBA)
	paint := func(src source) {
		if src.font != -1 {
			whole := math.Floor(x)
			m := f.mask(s.Weight, src, size, uint8((x-whole)*subSteps))
			at := image.Pt(int(whole), int(math.Round(y)))
			if fast {
				blend(rgba, clip, at, m, ink)
			} else {
				blendSlow(dst, clip, at, m, c)
			}
		}
		x += float64(f.step(s.Weight, src, size))
	}
	for _, ch := range text {
		src := f.lookup(s.Weight, ch)
		paint(src)
		for _, m := range src.more {
			paint(f.lookup(s.Weight, m))
		}
	}
	return x
}

// mask is the coverage of a glyph, from the cache or drawn now.
func (f *Faces) mask(w Weight, src source, size fixed.Int26_6, sub uint8) *glyph {
	key := glyphKey{size: size, font: src.font, glyph: src.glyph, weight: w, sub: sub, dots: src.dots}
	if g, ok := f.glyphs[key]; ok {
		return g
	}
	if len(f.glyphs) >= maxGlyphs {
		clear(f.glyphs)
	}
	var g *glyph
	if src.font == embeddedFont {
		g = trace(w, src.dots, size, sub)
	} else {
		g = f.rasterise(w, src, size, sub)
	}
	f.glyphs[key] = g
	return g
}

// rasterise draws the outline of a glyph. A glyph that cannot be loaded draws
// nothing.
func (f *Faces) rasterise(w Weight, src source, size fixed.Int26_6, sub uint8) *glyph {
	segments, err := f.face(w, src).LoadGlyph(&f.buf, src.glyph, size, nil)
	if err != nil || len(segments) == 0 {
		return &glyph{}
	}
	// Emboldening of fonts with one weight: the outline twice, a little apart.
	smear := 0.0
	if src.font > 0 {
		smear = [weights]float64{0, 1.0 / 48, 1.0 / 26}[min(w, Bold)] * float64(size) / 64
	}
	box := segments.Bounds()
	g := &glyph{x: box.Min.X.Floor() - 1, y: box.Min.Y.Floor() - 1}
	g.w = box.Max.X.Ceil() + int(math.Ceil(smear)) + 2 - g.x
	g.h = box.Max.Y.Ceil() + 1 - g.y
	if g.w <= 0 || g.h <= 0 {
		return &glyph{}
	}
	f.raster.Reset(g.w, g.h)
	dx := float32(float64(sub)/subSteps) - float32(g.x)
	outline(f, segments, dx, -float32(g.y))
	if smear > 0 {
		outline(f, segments, dx+float32(smear), -float32(g.y))
	}
	mask := image.NewAlpha(image.Rect(0, 0, g.w, g.h))
	f.raster.Draw(mask, mask.Rect, image.Opaque, image.Point{})
	g.cover = mask.Pix
	return g
}

// outline feeds a glyph's segments to the rasteriser.
func outline(f *Faces, segments sfnt.Segments, dx, dy float32) {
	at := func(p fixed.Point26_6) (float32, float32) {
		return float32(p.X)/64 + dx, float32(p.Y)/64 + dy
	}
	open := false
	for i := range segments {
		a := &segments[i].Args
		x0, y0 := at(a[0])
		x1, y1 := at(a[1])
		x2, y2 := at(a[2])
		switch segments[i].Op {
		case sfnt.SegmentOpMoveTo:
			if open {
				f.raster.ClosePath()
			}
			open = true
			f.raster.MoveTo(x0, y0)
		case sfnt.SegmentOpLineTo:
			f.raster.LineTo(x0, y0)
		case sfnt.SegmentOpQuadTo:
			f.raster.QuadTo(x0, y0, x1, y1)
		case sfnt.SegmentOpCubeTo:
			f.raster.CubeTo(x0, y0, x1, y1, x2, y2)
		}
	}
	if open {
		f.raster.ClosePath()
	}
}

// blend puts ink through a mask over premultiplied pixels.
func blend(dst *image.RGBA, clip image.Rectangle, at image.Point, m *glyph, ink [4]uint32) {
	box := image.Rect(at.X+m.x, at.Y+m.y, at.X+m.x+m.w, at.Y+m.y+m.h)
	part := box.Intersect(clip)
	for y := part.Min.Y; y < part.Max.Y; y++ {
		row := dst.Pix[dst.PixOffset(part.Min.X, y):]
		cover := m.cover[(y-box.Min.Y)*m.w+part.Min.X-box.Min.X:]
		for i := range part.Dx() {
			cv := uint32(cover[i]) * 0x101
			if cv == 0 {
				continue
			}
			rest := 0xffff - ink[3]*cv/0xffff
			px := row[i*4 : i*4+4 : i*4+4]
			for k := range 4 {
				px[k] = uint8((ink[k]*cv/0xffff + uint32(px[k])*0x101*rest/0xffff) >> 8)
			}
		}
	}
}

// blendSlow is blend for any other kind of image.
func blendSlow(dst draw.Image, clip image.Rectangle, at image.Point, m *glyph, c color.Color) {
	if m.w == 0 {
		return
	}
	mask := &image.Alpha{Pix: m.cover, Stride: m.w, Rect: image.Rect(0, 0, m.w, m.h)}
	box := mask.Rect.Add(at).Add(image.Pt(m.x, m.y))
	part := box.Intersect(clip)
	draw.DrawMask(dst, part, image.NewUniform(c), image.Point{}, mask, part.Min.Sub(box.Min), draw.Over)
}
