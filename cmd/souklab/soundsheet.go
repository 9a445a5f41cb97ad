package main

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"

	"souk/scene/lettering"
	"souk/scene/sound"
)

// Measures of the sheet of sounds, pixels, and the frequencies that it shows, Hz.
const (
	soundWide, soundHigh = 560, 190
	soundWave            = 60 // of the height, for the wave
	soundMargin          = 24
	soundColumns         = 3
	soundLow, soundTop   = 50.0, 20000.0
)

// soundSheet draws each sound's wave over its spectrogram: time to the right,
// frequency upwards by octaves, 80 dB from black to white.
func soundSheet(all []sound.Named, faces *lettering.Faces) *image.RGBA {
	rows := (len(all) + soundColumns - 1) / soundColumns
	img := image.NewRGBA(image.Rect(0, 0, soundMargin+soundColumns*(soundWide+soundMargin), soundMargin+rows*(soundHigh+34+soundMargin)))
	draw.Draw(img, img.Rect, image.NewUniform(sheetGround), image.Point{}, draw.Src)
	for i, s := range all {
		at := image.Pt(soundMargin+i%soundColumns*(soundWide+soundMargin), soundMargin+i/soundColumns*(soundHigh+34+soundMargin))
		most, _ := sound.Loudness(s.Sides...)
		end := faces.Draw(img, float64(at.X), float64(at.Y+20), lettering.Style{Size: 20, Weight: lettering.Bold}, sheetInk, s.Name)
		faces.Draw(img, end+12, float64(at.Y+20), lettering.Style{Size: 15}, sheetFaint,
			fmt.Sprintf("%.2f s, %.1f LUFS, %.0f Hz", float64(len(s.Sides[0]))/sound.Rate, most, sound.Centroid(s.Sides[0])))
		box := image.Rect(0, 0, soundWide, soundHigh).Add(at).Add(image.Pt(0, 30))
		drawWave(img, image.Rect(box.Min.X, box.Min.Y, box.Max.X, box.Min.Y+soundWave), s.Sides)
		drawSpectrum(img, image.Rect(box.Min.X, box.Min.Y+soundWave+2, box.Max.X, box.Max.Y), s.Sides[0], faces)
	}
	return img
}

// drawWave draws the extremes of each column, the left side over the right; the
// box is as high as the loudest sample, so that soft sounds show their form.
func drawWave(img *image.RGBA, box image.Rectangle, sides [][]float32) {
	draw.Draw(img, box, image.NewUniform(color.RGBA{24, 22, 21, 255}), image.Point{}, draw.Src)
	peak := float32(1e-9)
	for _, s := range sides {
		for _, v := range s {
			peak = max(peak, v, -v)
		}
	}
	mid, half := float32(box.Min.Y+box.Max.Y)/2, float32(box.Dy()-4)/2
	for k := len(sides) - 1; k >= 0; k-- {
		ink := color.RGBA{222, 168, 92, 255}
		if k == 1 {
			ink = color.RGBA{110, 140, 170, 255}
		}
		s := sides[k]
		for x := range box.Dx() {
			part := s[x*len(s)/box.Dx() : max(x*len(s)/box.Dx()+1, (x+1)*len(s)/box.Dx())]
			lo, hi := float32(0), float32(0)
			for _, v := range part {
				lo, hi = min(lo, v/peak), max(hi, v/peak)
			}
			for y := int(mid - hi*half); y <= int(mid-lo*half); y++ {
				img.SetRGBA(box.Min.X+x, y, ink)
			}
		}
	}
}

// drawSpectrum draws the powers, the strongest white.
func drawSpectrum(img *image.RGBA, box image.Rectangle, side []float32, faces *lettering.Faces) {
	const window, span = 2048, 80.0
	rows := sound.Spectrogram(side, window, max(64, len(side)/box.Dx()))
	top := 1e-30
	for _, r := range rows {
		for _, p := range r {
			top = max(top, p)
		}
	}
	for x := range box.Dx() {
		row := rows[min(len(rows)-1, x*len(rows)/box.Dx())]
		for y := range box.Dy() {
			hz := func(y int) float64 {
				return soundLow * math.Pow(soundTop/soundLow, 1-float64(y)/float64(box.Dy()))
			}
			lo, hi := int(hz(y+1)*window/sound.Rate), int(hz(y)*window/sound.Rate)
			p := row[lo]
			for k := lo; k <= hi && k < len(row); k++ {
				p = max(p, row[k])
			}
			img.SetRGBA(box.Min.X+x, box.Min.Y+y, heat(1+10*math.Log10(p/top+1e-30)/span))
		}
	}
	for _, hz := range [...]float64{100, 1000, 10000} {
		y := box.Max.Y - int(math.Log(hz/soundLow)/math.Log(soundTop/soundLow)*float64(box.Dy()))
		for x := box.Min.X; x < box.Max.X; x += 6 {
			img.SetRGBA(x, y, color.RGBA{120, 120, 120, 255})
		}
		faces.Draw(img, float64(box.Max.X-50), float64(y-2), lettering.Style{Size: 11}, sheetFaint, fmt.Sprintf("%.0f Hz", hz))
	}
}

// heat is a colour for a level from 0 to 1: black, violet, orange, white, ever
// lighter.
func heat(v float64) color.RGBA {
	stops := [...][3]float64{{10, 8, 14}, {70, 25, 95}, {170, 50, 80}, {235, 125, 45}, {250, 205, 100}, {255, 255, 240}}
	v = max(0, min(1, v)) * float64(len(stops)-1)
	i := min(len(stops)-2, int(v))
	f := v - float64(i)
	c := func(k int) uint8 { return uint8(stops[i][k] + f*(stops[i+1][k]-stops[i][k])) }
	return color.RGBA{c(0), c(1), c(2), 255}
}
