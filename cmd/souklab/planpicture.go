package main

import (
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
	"souk/world/plan"
)

// drawPlan draws the market from above, −z up: districts in their colour,
// stalls with a dark line along the front, items as dots, pedestals as red squares, the spawn as a circle.
func drawPlan(w io.Writer, p *plan.Plan, scale int) error {
	b := p.Bounds
	k := float64(scale)
	img := image.NewRGBA(image.Rect(0, 0, int((b.Max.X-b.Min.X)*k), int((b.Max.Z-b.Min.Z)*k)))
	at := func(v r3.Vec) image.Point { return image.Pt(int((v.X-b.Min.X)*k), int((v.Z-b.Min.Z)*k)) }
	fill := func(r image.Rectangle, c color.Color) {
		draw.Draw(img, r, image.NewUniform(c), image.Point{}, draw.Src)
	}
	fill(img.Bounds(), color.RGBA{232, 228, 218, 255})
	for i := range p.Stalls {
		s := &p.Stalls[i]
		r := image.Rectangle{at(s.Box.Min), at(s.Box.Max)}
		fill(r, shade(p.Districts[s.District].Colour, 1))
		front := at(s.Front()).Y
		fill(image.Rect(r.Min.X, front-1, r.Max.X, front+1), shade(p.Districts[s.District].Colour, .4))
	}
	for i := range p.Slots {
		s := &p.Slots[i]
		o := at(s.Pos)
		if s.Kind == plan.Shelf {
			img.Set(o.X, o.Y, color.RGBA{40, 40, 48, 255})
			continue
		}
		h := max(1, int(plan.PedestalWidth/2*k))
		fill(image.Rect(o.X-h, o.Y-h, o.X+h, o.Y+h), color.RGBA{200, 40, 50, 255})
		sin, cos := math.Sincos(s.Yaw)
		for t := range 3 * h {
			img.Set(o.X-int(sin*float64(t)), o.Y-int(cos*float64(t)), color.RGBA{200, 40, 50, 255})
		}
	}
	o := at(p.Spawn.Pos)
	for t := range 360 {
		s, c := math.Sincos(float64(t) * math.Pi / 180)
		img.Set(o.X+int(s*k), o.Y+int(c*k), color.RGBA{20, 90, 200, 255})
	}
	for i := range p.Districts {
		d := &p.Districts[i]
		o := at(d.Box.Center())
		label(img, o, d.Name.In("en"))
	}
	return png.Encode(w, img)
}

// label writes a name on a pale ground about a place.
func label(img *image.RGBA, o image.Point, name string) {
	d := font.Drawer{Dst: img, Src: image.NewUniform(color.RGBA{20, 20, 24, 255}), Face: basicfont.Face7x13}
	w := d.MeasureString(name).Ceil()
	draw.Draw(img, image.Rect(o.X-w/2-4, o.Y-10, o.X+w/2+4, o.Y+6), image.NewUniform(color.RGBA{250, 250, 246, 255}), image.Point{}, draw.Src)
	d.Dot = fixed.P(o.X-w/2, o.Y+2)
	d.DrawString(name)
}

func shade(c world.RGB, by float32) color.RGBA {
	return color.RGBA{uint8(255 * by * c.R), uint8(255 * by * c.G), uint8(255 * by * c.B), 255}
}
