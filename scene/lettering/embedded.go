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
	if _, ok := composed[r]; !ok && len(dotsOf(r).Pix) == 0 {
		return source{}, false
	}
	return source{font: embeddedFont, dots: r, exact: true}, true
}

// part is a part of a built-in character, from u0 to u1 of its width, and
// where it goes in another: a rectangle of the em, y down.
type part struct {
	r              rune
	u0, u1         float64
	x0, y0, x1, y1 float64
}

// composed are characters that the built-in font lacks and the market's goods
// need, put together from those it has.
var composed = map[rune][2]part{
	'鹭': {{'路', 0, 1, 0, -.03, 1, .52}, {'鸟', 0, 1, .08, .50, .92, 1.02}},
	'鸻': {{'行', 0, 1, -.02, 0, .56, 1}, {'鸟', 0, 1, .52, 0, 1.02, 1}},
	'鹩': {{'僚', .30, 1, 0, 0, .55, 1}, {'鸟', 0, 1, .52, 0, 1.02, 1}},
}

// dotsOf are the dots of a built-in glyph; none where the font has no such
// glyph or an empty one.
func dotsOf(r rune) *image.Alpha {
	box, mask, at, _, ok := bitmapfont.FaceSC.Glyph(fixed.Point26_6{}, r)
	if !ok {
		return &image.Alpha{}
	}
	dots, any := image.NewAlpha(box), false
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			if _, _, _, a := mask.At(at.X+x-box.Min.X, at.Y+y-box.Min.Y).RGBA(); a > 0x7fff {
				dots.Pix[dots.PixOffset(x, y)], any = 255, true
			}
		}
	}
	if !any {
		return &image.Alpha{}
	}
	return dots
}

// strokes says how deep inside a character's strokes a place is, in dots from
// the pen: see [trace].
func strokes(r rune) func(x, y float64) float64 {
	parts, ok := composed[r]
	if !ok {
		dots := dotsOf(r)
		return func(x, y float64) float64 { return smoothed(dots, x, y) }
	}
	var dots [2]*image.Alpha
	for i, p := range parts {
		dots[i] = dotsOf(p.r)
	}
	return func(x, y float64) (most float64) {
		for i, p := range parts {
			// The em reaches from the 10th dot above the baseline to the 2nd below.
			u, v := (x/embeddedEm-p.x0)/(p.x1-p.x0), ((y+10)/embeddedEm-p.y0)/(p.y1-p.y0)
			if u >= 0 && u <= 1 {
				most = max(most, smoothed(dots[i], (p.u0+u*(p.u1-p.u0))*embeddedEm, v*embeddedEm-10))
			}
		}
		return most
	}
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
var threshold = [weights]float64{.44, .42, .385}

// trace draws the built-in glyph of a rune at a size: the dots smoothed by a
// cubic B-spline, cut off at a height. Strokes become round, stairs become slopes.
func trace(w Weight, r rune, size fixed.Int26_6, sub uint8) *glyph {
	box, deep := image.Rect(0, -12, 12, 4), strokes(r)
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
			f := deep((float64(g.x+x)+.5-shift)/scale, (float64(g.y+y)+.5)/scale)
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
