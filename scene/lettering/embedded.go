package lettering

import (
	"image"
	"math"

	"github.com/hajimehoshi/bitmapfont/v3"
	"golang.org/x/image/math/fixed"
)

// The built-in Han characters: dots on a grid of 12, of which smooth strokes are made. They
// are plainer than any font of outlines, and there where a machine has none.
const (
	embeddedFont = -2 // as a source's font
	embeddedEm   = 12 // dots
)

// embedded looks for a rune among the built-in Han characters.
func embedded(r rune) (source, bool) {
	if !ideographic(r) || r >= 0xff00 && r <= 0xffef && !isFullwidthSign(r) {
		return source{}, false
	}
	if _, ok := bitmapfont.FaceSC.GlyphAdvance(r); !ok {
		return source{}, false
	}
	return source{font: embeddedFont, dots: r, exact: true}, true
}

// isFullwidthSign tells ，！？ from full-width letters and digits, which the
// Latin fonts set better.
func isFullwidthSign(r rune) bool {
	switch {
	case r >= '０' && r <= '９', r >= 'Ａ' && r <= 'Ｚ', r >= 'ａ' && r <= 'ｚ':
		return false
	}
	return true
}

// threshold is where the smoothed dots end, by weight: what a stroke of one
// dot keeps of its dot.
var threshold = [weights]float64{.43, .40, .34}

// trace draws the built-in glyph of a rune at a size: the dots smoothed by a
// cubic B-spline, cut off at a height. Strokes become round, stairs become slopes.
func trace(w Weight, r rune, size fixed.Int26_6, sub uint8) *glyph {
	box, mask, at, _, ok := bitmapfont.FaceSC.Glyph(fixed.Point26_6{}, r)
	if !ok {
		return &glyph{}
	}
	dots := image.NewAlpha(box)
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			_, _, _, a := mask.At(at.X+x-box.Min.X, at.Y+y-box.Min.Y).RGBA()
			dots.Pix[dots.PixOffset(x, y)] = uint8(a >> 8)
		}
	}
	scale := float64(size) / 64 / embeddedEm // pixels a dot
	shift := float64(sub) / subSteps
	g := &glyph{x: int(math.Floor(float64(box.Min.X)*scale+shift)) - 1, y: int(math.Floor(float64(box.Min.Y)*scale)) - 1}
	g.w = int(math.Ceil(float64(box.Max.X)*scale+shift)) + 1 - g.x
	g.h = int(math.Ceil(float64(box.Max.Y)*scale)) + 1 - g.y
	g.cover = make([]uint8, g.w*g.h)
	// The spline falls by about 0.55 a dot at the cut: the edge is a pixel wide.
	steep := scale / .55
	for y := range g.h {
		for x := range g.w {
			f := smoothed(dots, (float64(g.x+x)+.5-shift)/scale, (float64(g.y+y)+.5)/scale)
			g.cover[y*g.w+x] = uint8(255 * max(0, min(1, (f-threshold[min(w, Bold)])*steep+.5)))
		}
	}
	return g
}

// smoothed is the cubic B-spline of the dots at a place, in [0,1].
func smoothed(dots *image.Alpha, x, y float64) float64 {
	x, y = x-.5, y-.5 // a dot's middle
	fx, fy := math.Floor(x), math.Floor(y)
	wx, wy := spline(x-fx), spline(y-fy)
	sum := 0.0
	for j := range 4 {
		for i := range 4 {
			if p := image.Pt(int(fx)+i-1, int(fy)+j-1); p.In(dots.Rect) && dots.Pix[dots.PixOffset(p.X, p.Y)] > 127 {
				sum += wx[i] * wy[j]
			}
		}
	}
	return sum
}

// spline are the weights of the four dots around a place t beyond the second.
func spline(t float64) [4]float64 {
	u := 1 - t
	return [4]float64{u * u * u / 6, (3*t*t*t - 6*t*t + 4) / 6, (3*u*u*u - 6*u*u + 4) / 6, t * t * t / 6}
}
