package surface_test

import (
	"flag"
	"image"
	"image/draw"
	"image/png"
	"math"
	"os"
	"testing"

	"souk/scene/market/model"
	"souk/scene/market/model/surface"
)

var sheet = flag.String("sheet", "", "write all textures, each four times, into this PNG")

const size = 256

// mean is the mean of one channel over a rectangle.
func mean(img *image.NRGBA, c int, r image.Rectangle) float64 {
	sum := 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			sum += int(img.Pix[img.PixOffset(x, y)+c])
		}
	}
	return float64(sum) / float64(r.Dx()*r.Dy())
}

func TestTexturesAreGreyOnTheWhole(t *testing.T) {
	for m := range model.Materials {
		for _, seed := range []uint64{1, 2, 77} {
			for _, n := range []int{64, size} {
				img := surface.Texture(m, n, seed)
				for c := range 3 {
					if got := mean(img, c, img.Rect); math.Abs(got-128) > .5 {
						t.Errorf("material %d, seed %d, %d²: channel %d has the mean %.2f, want 128", m, seed, n, c, got)
					}
				}
			}
		}
	}
}

// difference is the mean difference between two rows (or columns) of a texture.
func difference(img *image.NRGBA, a, b int, rows bool) float64 {
	sum := 0.0
	for i := range size {
		p, q := img.PixOffset(a, i), img.PixOffset(b, i)
		if rows {
			p, q = img.PixOffset(i, a), img.PixOffset(i, b)
		}
		for c := range 4 {
			sum += math.Abs(float64(img.Pix[p+c]) - float64(img.Pix[q+c]))
		}
	}
	return sum / size
}

func TestTexturesRepeatWithoutASeam(t *testing.T) {
	for m := range model.Materials {
		for _, seed := range []uint64{1, 5, 9} {
			img := surface.Texture(m, size, seed)
			for _, rows := range []bool{false, true} {
				inner := 0.0
				for i := range size - 1 {
					inner = max(inner, difference(img, i, i+1, rows))
				}
				if got := difference(img, size-1, 0, rows); got > 1.05*inner {
					t.Errorf("material %d, seed %d, rows %v: the ends differ by %.2f, the inner neighbours by %.2f at most", m, seed, rows, got, inner)
				}
			}
		}
	}
}

// TestTexturesHaveSomethingToShow holds that no material is flat, and that none is
// so rough that it changes a thing's colour.
func TestTexturesHaveSomethingToShow(t *testing.T) {
	for m := range model.Materials {
		img := surface.Texture(m, size, 3)
		sum, clipped := 0.0, 0
		for i := 0; i < len(img.Pix); i += 4 {
			d := float64(img.Pix[i+1]) - 128
			sum += d * d
			if img.Pix[i+1] == 0 || img.Pix[i+1] == 255 {
				clipped++
			}
		}
		deviation := math.Sqrt(sum / (size * size))
		if deviation < 2 || deviation > 45 {
			t.Errorf("material %d deviates by %.1f of 255, want 2 to 45", m, deviation)
		}
		if clipped > size*size/200 {
			t.Errorf("material %d has %d clipped texels", m, clipped)
		}
	}
}

// TestSmallTexturesAreGreyToo is what a thing far away shows: the smallest mipmaps
// have no colour of their own.
func TestSmallTexturesAreGreyToo(t *testing.T) {
	for m := range model.Materials {
		img := surface.Texture(m, size, 3)
		const half = size / 2
		for y := 0; y < size; y += half {
			for x := 0; x < size; x += half {
				for c := range 3 {
					if got := mean(img, c, image.Rect(x, y, x+half, y+half)); math.Abs(got-128) > 14 {
						t.Errorf("material %d: the quarter at %d, %d has the mean %.1f", m, x, y, got)
					}
				}
			}
		}
	}
}

func TestSameSeedSameTexture(t *testing.T) {
	a, b, c := surface.Texture(model.Stone, 64, 7), surface.Texture(model.Stone, 64, 7), surface.Texture(model.Stone, 64, 8)
	if string(a.Pix) != string(b.Pix) {
		t.Error("the same seed gave two textures")
	}
	if string(a.Pix) == string(c.Pix) {
		t.Error("two seeds gave one texture")
	}
}

func TestNoMaterialIsFlat(t *testing.T) {
	img := surface.Texture(model.Materials+3, 0, 1)
	if img.Rect.Dx() != 1 || img.Pix[0] != 128 || img.Pix[3] != 255 {
		t.Errorf("got %v", img.Pix)
	}
}

// TestSheet writes the textures for a look at them: -sheet FILE.
func TestSheet(t *testing.T) {
	if *sheet == "" {
		t.Skip("no -sheet FILE to write to")
	}
	const cols, cell = 4, 2*size + 8
	out := image.NewNRGBA(image.Rect(0, 0, cols*cell, 3*cell))
	for m := range int(model.Materials) {
		img := surface.Texture(model.Material(m), size, 1)
		for i := range img.Pix {
			if i%4 == 3 {
				img.Pix[i] = 255
			}
		}
		for k := range 4 {
			at := image.Pt(m%cols*cell+k%2*size, m/cols*cell+k/2*size)
			draw.Draw(out, image.Rectangle{at, at.Add(image.Pt(size, size))}, img, image.Point{}, draw.Src)
		}
	}
	f, err := os.Create(*sheet)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, out); err != nil {
		t.Fatal(err)
	}
}

// BenchmarkTextures makes all twelve at 256²; the baseline is as many flat ones.
func BenchmarkTextures(b *testing.B) {
	for name, of := range map[string]func(model.Material) model.Material{
		"materials": func(m model.Material) model.Material { return m }, "flat": func(model.Material) model.Material { return model.Materials }} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for m := range model.Materials {
					surface.Texture(of(m), size, 1)
				}
			}
		})
	}
}
