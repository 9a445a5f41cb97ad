package portrait_test

import (
	"image"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/market/model"
	"souk/scene/market/model/portrait"
	"souk/world"
)

var table = world.RGB{R: .8, G: .85, B: .9}

func picture(s *portrait.Studio, m *model.Mesh, side int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, side, side))
	s.Draw(img, img.Rect, m, portrait.View{Yaw: -.4, Pitch: .3, Table: table})
	return img
}

func red() *model.Mesh {
	return model.Build(model.Spec{Family: "vase", Look: world.Look{Primary: world.RGB{R: .9, G: .1, B: .1}, Accent: world.RGB{R: .9, G: .1, B: .1},
		Size: r3.Vec{X: .2, Y: .4, Z: .2}, Shape: [4]float32{.5, .2, .2, .5}}}, model.Near)
}

// TestAThingIsSeenOnItsTable holds that the thing has its colour in the middle, casts a
// shadow to the right, and leaves the corners to the table.
func TestAThingIsSeenOnItsTable(t *testing.T) {
	img := picture(portrait.New(1), red(), 96)
	if c := img.RGBAAt(48, 60); c.R < 2*c.G || c.R < 2*c.B {
		t.Errorf("the vase is %v", c)
	}
	if c := img.RGBAAt(4, 4); c.B < c.R || c.R < 150 {
		t.Errorf("the corner is %v", c)
	}
	left, right := img.RGBAAt(14, 84), img.RGBAAt(66, 80)
	if int(right.G)+20 > int(left.G) {
		t.Errorf("no shadow: %v beside the vase, %v away from it", right, left)
	}
}

func TestAnEmptyMeshLeavesAnEmptyTable(t *testing.T) {
	img := picture(portrait.New(1), &model.Mesh{}, 32)
	lo, hi := uint8(255), uint8(0)
	for i := 0; i < len(img.Pix); i += 4 {
		lo, hi = min(lo, img.Pix[i]), max(hi, img.Pix[i])
	}
	if lo < 120 || hi-lo > 60 {
		t.Errorf("the empty table is %d to %d", lo, hi)
	}
}

// TestDrawKeepsToItsPart holds that what is beside the part, or beyond the picture, is not touched.
func TestDrawKeepsToItsPart(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 64, 64))
	portrait.New(1).Draw(img, image.Rect(32, 32, 80, 80), red(), portrait.View{Table: table})
	for y := range 64 {
		for x := range 64 {
			if touched := img.RGBAAt(x, y).A != 0; touched != (x >= 32 && y >= 32) {
				t.Fatalf("the pixel at %d, %d: touched %v", x, y, touched)
			}
		}
	}
}

func BenchmarkPortrait(b *testing.B) {
	s, m := portrait.New(1), red()
	img := image.NewRGBA(image.Rect(0, 0, 128, 128))
	b.ReportAllocs()
	for b.Loop() {
		s.Draw(img, img.Rect, m, portrait.View{Table: table})
	}
}
