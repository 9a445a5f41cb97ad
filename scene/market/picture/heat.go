package picture

import (
	"image"
	"image/color"
	"image/draw"
	"math"
)

// ramp are the colours of an error, from none to all there can be: their
// lightness climbs evenly, so that it reads in grey and for every kind of
// colour vision.
var ramp = []color.RGBA{{8, 10, 24, 255}, {32, 36, 96, 255}, {40, 92, 140, 255}, {48, 144, 128, 255}, {132, 180, 84, 255}, {232, 196, 92, 255}, {255, 244, 214, 255}}

// Heat is the map as colours, from near black (looks the same) to cream (could
// not differ more).
func (d *Difference) Heat() *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, d.Width, d.Height))
	for i, e := range d.Map {
		at := math.Max(0, math.Min(1, float64(e))) * float64(len(ramp)-1)
		k := min(int(at), len(ramp)-2)
		f := at - float64(k)
		mix := func(a, b uint8) uint8 { return uint8(float64(a) + f*(float64(b)-float64(a)) + .5) }
		a, b := ramp[k], ramp[k+1]
		img.SetRGBA(i%d.Width, i/d.Width, color.RGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255})
	}
	return img
}

// Sheet lays want, got and the heat of their difference side by side, with
// the given window (see [Difference.Worst]) framed in all three.
func (d *Difference) Sheet(want, got image.Image, window image.Rectangle) *image.RGBA {
	const gap = 4
	img := image.NewRGBA(image.Rect(0, 0, 3*d.Width+2*gap, d.Height))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	for i, part := range []image.Image{want, got, d.Heat()} {
		at := image.Pt(i*(d.Width+gap), 0)
		draw.Draw(img, image.Rectangle{at, at.Add(image.Pt(d.Width, d.Height))}, part, part.Bounds().Min, draw.Src)
		frame(img, window.Inset(-2).Add(at))
	}
	return img
}

// frame draws a rectangle's outline.
func frame(img *image.RGBA, r image.Rectangle) {
	c := color.RGBA{255, 64, 48, 255}
	for x := r.Min.X; x < r.Max.X; x++ {
		img.SetRGBA(x, r.Min.Y, c)
		img.SetRGBA(x, r.Max.Y-1, c)
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		img.SetRGBA(r.Min.X, y, c)
		img.SetRGBA(r.Max.X-1, y, c)
	}
}
