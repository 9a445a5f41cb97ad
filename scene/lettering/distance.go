package lettering

import (
	"image"
	"image/color"
	"math"
)

// Field is a rune as a signed distance field: a picture of how far each texel
// is from the outline, from which a shader draws sharp edges at any size.
type Field struct {
	// Pix are W × H texels, row by row: 127.5 on the outline, more inside; 255
	// and 0 are the spread of [Faces.Field] and more away. Empty where the rune draws nothing.
	Pix  []uint8
	W, H int
	// X and Y lead from the pen to the field's upper left corner, texels, y down.
	X, Y float64
}

// Field makes the signed distance field of a rune at size texels per em. Spread is
// how many texels around the outline tell distances, > 0. The field reaches that far beyond the
// rune. Safe for concurrent use; most of the work is outside the lock.
func (f *Faces) Field(w Weight, r rune, size, spread float64) Field {
	s := Style{Size: size, Weight: w}
	pad := int(math.Ceil(spread)) + 2
	wide := int(math.Ceil(f.Measure(s, string(r)))) + 2*pad
	m := f.Metrics(s)
	img := image.NewRGBA(image.Rect(0, 0, wide+int(size/4), int(math.Ceil(m.Ascent+m.Descent+size/4))+2*pad))
	base := float64(pad) + math.Ceil(m.Ascent+size/8)
	f.Draw(img, float64(pad), base, s, color.White, string(r))
	ink := inked(img)
	if ink.Empty() {
		return Field{}
	}
	grow := int(math.Ceil(spread))
	box := ink.Inset(-grow).Intersect(img.Rect)
	out := Field{W: box.Dx(), H: box.Dy(), X: float64(box.Min.X - pad), Y: float64(box.Min.Y) - base}
	cover := make([]float64, out.W*out.H)
	for y := range out.H {
		for x := range out.W {
			cover[y*out.W+x] = float64(img.Pix[img.PixOffset(box.Min.X+x, box.Min.Y+y)+3]) / 255
		}
	}
	out.Pix = distances(cover, out.W, out.H, spread)
	return out
}

// inked is the least rectangle that holds all ink.
func inked(img *image.RGBA) (r image.Rectangle) {
	for y := img.Rect.Min.Y; y < img.Rect.Max.Y; y++ {
		for x := img.Rect.Min.X; x < img.Rect.Max.X; x++ {
			if img.Pix[img.PixOffset(x, y)+3] > 0 {
				r = r.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return r
}

// distances turns coverage into signed distances. A texel that the outline
// crosses is taken to be as far from it as its coverage says; from those the exact
// transform spreads.
func distances(cover []float64, w, h int, spread float64) []uint8 {
	const nowhere = 1e20
	outside, inside := make([]float64, len(cover)), make([]float64, len(cover))
	for i, c := range cover {
		switch {
		case c <= 0:
			outside[i], inside[i] = nowhere, 0
		case c >= 1:
			outside[i], inside[i] = 0, nowhere
		default:
			d := .5 - c
			outside[i], inside[i] = max(0, d)*max(0, d), max(0, -d)*max(0, -d)
		}
	}
	transform(outside, w, h)
	transform(inside, w, h)
	pix := make([]uint8, len(cover))
	for i := range pix {
		d := math.Sqrt(inside[i]) - math.Sqrt(outside[i])
		pix[i] = uint8(max(0, min(255, 127.5+127.5*d/spread+.5)))
	}
	return pix
}

// transform replaces each value by the least of all values plus the squared
// distance to them: the exact Euclidean distance transform of Felzenszwalb and Huttenlocher,
// "Distance Transforms of Sampled Functions" (2012), rows after columns.
func transform(grid []float64, w, h int) {
	n := max(w, h)
	line, out := make([]float64, n), make([]float64, n)
	at, from := make([]int, n), make([]float64, n+1)
	for x := range w {
		for y := range h {
			line[y] = grid[y*w+x]
		}
		envelope(line[:h], out, at, from)
		for y := range h {
			grid[y*w+x] = out[y]
		}
	}
	for y := range h {
		copy(line, grid[y*w:(y+1)*w])
		envelope(line[:w], out, at, from)
		copy(grid[y*w:(y+1)*w], out[:w])
	}
}

// envelope is the transform of one line: the lower envelope of a parabola over each value.
// at are the parabolas that make it, from is where each begins.
func envelope(line, out []float64, at []int, from []float64) {
	k := 0
	at[0], from[0], from[1] = 0, math.Inf(-1), math.Inf(1)
	for q := 1; q < len(line); q++ {
		meet := func(p int) float64 {
			return (line[q] + float64(q*q) - line[p] - float64(p*p)) / float64(2*(q-p))
		}
		s := meet(at[k])
		for s <= from[k] {
			k--
			s = meet(at[k])
		}
		k++
		at[k], from[k], from[k+1] = q, s, math.Inf(1)
	}
	k = 0
	for q := range line {
		for from[k+1] < float64(q) {
			k++
		}
		d := q - at[k]
		out[q] = float64(d*d) + line[at[k]]
	}
}
