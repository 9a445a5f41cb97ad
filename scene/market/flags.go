//go:build cgo

package market

import (
	"image"
	"math"

	"github.com/go-gl/gl/v3.3-core/gl"

	"souk/scene/market/model"
)

// The ground is half of the picture and reads two textures a pixel. With
// mipmaps that takes 17 ms of a processor for a million pixels, without 10 (Mesa's
// llvmpipe): to choose the level anew for each square of pixels costs as much as the
// look-up. On the ground the level hangs on the distance alone, so each level is
// a texture of its own, and each ring of the ground reads the one that fits it.
const (
	pavingSize   = 512 // texels along an edge of the paving's picture
	pavingWide   = 4.0 // metres that it covers
	pavingLevels = 7   // textures: 512, 256, … 8 texels wide
	groundParts  = 24
)

// rings are the radii of the ground's rings about the eye, metres: each is √2
// times the one before, so that a level's step is in every second one; and the
// haze, which is worked out at corners, follows its curve.
var rings = [...]float64{2, 2.83, 4, 5.66, 8, 11.3, 16, 22.6, 32, 45, 64, 90, 128, 181, 256, 362, 480}

// flags are the paving's pictures on the graphics card.
type flags struct {
	levels [pavingLevels]uint32 // the first alone where it has mipmaps
	spans  [len(rings)]span     // of the ground's mesh, by ring
}

// load sends the paving: as one texture with mipmaps where graphics cards are
// meant, else as a texture a level.
func (f *flags) load(g *gpu, stones *image.RGBA, split bool) {
	if !split {
		f.levels[0] = g.image(stones.Rect.Dx(), stones.Rect.Dy(), stones.Pix, true, gl.REPEAT)
		return
	}
	for i := range f.levels {
		f.levels[i] = g.image(stones.Rect.Dx(), stones.Rect.Dy(), stones.Pix, false, gl.REPEAT)
		stones = halved(stones)
	}
}

func (f *flags) free(g *gpu) {
	for i := range f.levels {
		g.freeTexture(&f.levels[i])
	}
}

// halved is a picture with half the texels along each edge.
func halved(img *image.RGBA) *image.RGBA {
	w, h := img.Rect.Dx()/2, img.Rect.Dy()/2
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		a, b := img.Pix[2*y*img.Stride:], img.Pix[(2*y+1)*img.Stride:]
		for i := range 4 * w {
			k := i/4*8 + i%4
			out.Pix[y*out.Stride+i] = uint8((int(a[k]) + int(a[k+4]) + int(b[k]) + int(b[k+4]) + 2) / 4)
		}
	}
	return out
}

// mesh makes the ground around the eye, at the origin, out to where the haze
// hides it.
func (f *flags) mesh(g *gpu) mesh {
	var all pieces
	at := func(r float64, k int) uint32 {
		s, c := math.Sincos(2 * math.Pi * float64(k) / groundParts)
		all.vertices = append(all.vertices, vertex{Vertex: model.Vertex{X: float32(r * s), Z: float32(r * c)}})
		return uint32(len(all.vertices) - 1)
	}
	middle := at(0, 0)
	inner := middle
	for i, r := range rings {
		first := len(all.indices)
		ring := at(r, 0)
		for k := 1; k <= groundParts; k++ {
			at(r, k)
		}
		for k := range uint32(groundParts) {
			if i == 0 {
				all.indices = append(all.indices, middle, ring+k, ring+k+1)
				continue
			}
			all.indices = append(all.indices, inner+k, ring+k, ring+k+1, inner+k, ring+k+1, inner+k+1)
		}
		f.spans[i] = span{int32(first), int32(len(all.indices) - first)}
		inner = ring
	}
	return upload(g, all.vertices, all.indices)
}

// level is the paving's level for a ring, seen from an eye high above the
// ground, where a metre at a metre is so many pixels high.
func level(ring int, high, pixels float64) int {
	r := rings[ring] / math.Sqrt(math.Sqrt2)
	// A pixel covers r²/h metres' worth of ground along the view where one looks
	// ahead, and (r²+h²)/h where one looks there: what lies between serves both.
	along := r * math.Hypot(r, high) / (high * pixels)
	return int(max(0, min(pavingLevels-1, math.Round(math.Log2(along*pavingSize/pavingWide)-levelBias))))
}

// levelBias is how much sharper than one texel a pixel the paving is, levels:
// what graphics cards would choose from both sides of a pixel.
const levelBias = .4

// drawGround draws the ground.
func (s *Scene) drawGround() {
	f := &s.flags
	if f.levels[1] == 0 {
		s.drawMesh(&s.still.ground)
		return
	}
	gl.ActiveTexture(gl.TEXTURE1)
	high := max(.3, s.cam.eye.Y)
	for i := 0; i < len(rings); {
		l := level(i, high, s.cam.pixels)
		for ; i < len(rings) && level(i, high, s.cam.pixels) == l; i++ {
			s.push(f.spans[i])
		}
		gl.BindTexture(gl.TEXTURE_2D, f.levels[l])
		s.flushMesh(&s.still.ground)
	}
	gl.ActiveTexture(gl.TEXTURE0)
}
