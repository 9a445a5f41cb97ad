// Package surface makes the textures of the market's materials out of noise:
// pure images, no graphics library, the same bytes for the same seed.
//
// A texture modulates: it is grey on the whole, and what is painted multiplies
// the thing's own colour by twice the texel. Its V axis runs along the grain
// of [souk/scene/market/model.Vertex], and it repeats in both directions.
package surface

import (
	"image"
	"math"

	"souk/scene/market/model"
)

// texel is what a material says of a place: how much lighter (up to 1) or
// darker (down to −1) red, green and blue are than the whole, and how much of
// the material's gloss there is, in [0,1].
type texel struct{ r, g, b, gloss float64 }

// grey is a texel without a tint.
func grey(tone, gloss float64) texel { return texel{tone, tone, tone, gloss} }

// materials paint a texel at (u, v) in [0,1)².
var materials = [model.Materials]func(f field) func(u, v float64) texel{
	model.Matt: plaster, model.Wood: wood, model.Ceramic: glaze, model.Metal: brushed, model.Glass: glass, model.Cloth: woven,
	model.Paper: paper, model.Leather: leather, model.Stone: stone, model.Leaf: leaf, model.Glow: shade, model.Wicker: wicker,
}

// Texture is a material's texture, size × size texels (64 to 1024 are
// sensible; less than 1 counts as 1), for a seed.
//
// The mean byte of each of red, green and blue is 128: the colour that is drawn
// is the thing's colour × 2 × texel, in the same space as the bytes (sRGB),
// so that a thing keeps its colour on the whole and far away, where only the
// smallest mipmaps are read. Alpha is the part of the material's gloss that
// the place has, 255 is all of it. Row 0 is V = 0. Left and right, top and
// bottom go on in each other. A material that there is none of is flat grey.
//
// It may be called from any goroutine and takes some 10 ms at 256.
func Texture(m model.Material, size int, seed uint64) *image.NRGBA {
	size = max(1, size)
	img := image.NewNRGBA(image.Rect(0, 0, size, size))
	paint := func(u, v float64) texel { return texel{gloss: 1} }
	if m < model.Materials {
		paint = materials[m](field{seed ^ uint64(m+1)*0xd6e8feb86659fd93})
	}
	tones := make([]float64, 0, 4*size*size)
	for y := range size {
		v := (float64(y) + .5) / float64(size)
		for x := range size {
			t := paint((float64(x)+.5)/float64(size), v)
			tones = append(tones, t.r, t.g, t.b, t.gloss)
		}
	}
	for c := range 3 {
		shift := middle(tones[c:])
		for i := c; i < len(tones); i += 4 {
			img.Pix[i] = tone(tones[i] + shift)
		}
	}
	for i := 3; i < len(tones); i += 4 {
		img.Pix[i] = uint8(max(0, min(255, tones[i]*255+.5)))
	}
	return img
}

// tone turns −1…1 into a byte around 128.
func tone(t float64) uint8 { return uint8(max(0, min(255, math.Floor(128.5+t*127)))) }

// middle is what every fourth tone must be moved by for their bytes' mean to be 128.
func middle(tones []float64) float64 {
	shift := 0.0
	for range 4 {
		sum, n := 0.0, 0
		for i := 0; i < len(tones); i += 4 {
			sum += max(-1, min(1, tones[i]+shift))
			n++
		}
		shift -= sum / float64(n)
	}
	return shift
}
