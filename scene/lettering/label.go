package lettering

import (
	"image"
	"image/color"
	"image/draw"
	"math"
)

// Label draws lines of text, centred, into a new image that just holds them
// and pad pixels around, on a ground of the given colour (nil is transparent).
// For signs and price tags that become textures.
func (f *Faces) Label(s Style, ink, ground color.Color, pad int, lines ...string) *image.RGBA {
	m := f.Metrics(s)
	wide := 0.0
	for _, l := range lines {
		wide = max(wide, f.Measure(s, l))
	}
	w := int(math.Ceil(wide)) + 2*pad
	h := int(math.Ceil(m.Ascent+m.Descent+m.Line*float64(max(0, len(lines)-1)))) + 2*pad
	img := image.NewRGBA(image.Rect(0, 0, max(1, w), max(1, h)))
	if ground != nil {
		draw.Draw(img, img.Rect, image.NewUniform(ground), image.Point{}, draw.Src)
	}
	y := float64(pad) + m.Ascent
	for _, l := range lines {
		f.Draw(img, (float64(w)-f.Measure(s, l))/2, y, s, ink, l)
		y += m.Line
	}
	return img
}

// Fit is the largest style not above s in which the text fits into width
// pixels on one line, and no smaller than least; the text may still be too
// wide at least: see [Faces.Ellipsis].
func (f *Faces) Fit(s Style, least, width float64, text string) Style {
	w := f.Measure(s, text)
	if w > width && w > 0 {
		s.Size = max(least, math.Floor(s.Size*width/w*4)/4)
	}
	return s
}
