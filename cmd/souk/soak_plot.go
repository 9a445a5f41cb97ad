package main

import (
	"bytes"
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// plotSoak draws the columns of a soak over the clock, one under the other,
// with the line of least squares after the warm-up.
func plotSoak(all []sample, path string) error {
	const wide, high = 9 * vg.Inch, 1.7 * vg.Inch
	canvas := vgimg.New(wide, high*vg.Length(len(columns)))
	whole := draw.New(canvas)
	for i, c := range columns {
		p := plot.New()
		p.Title.Text = c.name
		p.Y.Label.Text = c.unit
		if i == len(columns)-1 {
			p.X.Label.Text = "minutes"
		}
		points := make(plotter.XYs, len(all))
		least, most := math.Inf(1), math.Inf(-1)
		for k := range all {
			points[k].X, points[k].Y = all[k].clock/60, c.of(&all[k])
			least, most = math.Min(least, points[k].Y), math.Max(most, points[k].Y)
		}
		line, err := plotter.NewLine(points)
		if err != nil {
			return fmt.Errorf("plotting the soak: %w", err)
		}
		line.Color = color.RGBA{40, 92, 140, 255}
		p.Add(plotter.NewGrid(), line)
		if after := warmed(all); len(after) > 2 {
			v := judge(all, i)
			mid := 0.0
			for k := range after {
				mid += c.of(&after[k]) / float64(len(after))
			}
			from, to := after[0].clock/60, after[len(after)-1].clock/60
			half := (to - from) / 2 / 10 * v.slope
			fit, err := plotter.NewLine(plotter.XYs{{X: from, Y: mid - half}, {X: to, Y: mid + half}})
			if err != nil {
				return fmt.Errorf("plotting the soak: %w", err)
			}
			fit.Color, fit.Dashes = color.RGBA{200, 80, 30, 255}, []vg.Length{vg.Points(5), vg.Points(3)}
			p.Add(fit)
		}
		room := math.Max(1, .1*(most-least))
		p.Y.Min, p.Y.Max = least-room, most+room
		top := high * vg.Length(len(columns)-i)
		p.Draw(draw.Canvas{Canvas: whole.Canvas, Rectangle: vg.Rectangle{Min: vg.Point{Y: top - high}, Max: vg.Point{X: wide, Y: top}}})
	}
	var b bytes.Buffer
	if _, err := (vgimg.PngCanvas{Canvas: canvas}).WriteTo(&b); err != nil {
		return fmt.Errorf("plotting the soak: %w", err)
	}
	if err := writeWhole(path, b.Bytes()); err != nil {
		return fmt.Errorf("writing the soak's plot: %w", err)
	}
	return nil
}
