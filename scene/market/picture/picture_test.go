package picture_test

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"souk/scene/lettering"
	"souk/scene/market/picture"
)

// street is a picture with what a market has: a sky, boards with edges, stripes
// of cloth, stones, and a sign with letters at sign.
func street(w, h int, sign image.Rectangle) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	rnd := rand.New(rand.NewPCG(1, 2))
	for y := range h {
		for x := range w {
			c := color.RGBA{uint8(150 + 60*y/h), uint8(180 + 30*y/h), 230, 255}
			if y > h/2 {
				n := uint8(rnd.IntN(24))
				c = color.RGBA{170 + n, 150 + n, 120 + n, 255}
			}
			if y > h/3 && y < 2*h/3 && x%(w/4) > 10 {
				c = color.RGBA{120, 80, 50, 255}
				if y < h/3+h/10 && x/6%2 == 0 {
					c = color.RGBA{200, 60, 50, 255}
				}
			}
			img.SetRGBA(x, y, c)
		}
	}
	if !sign.Empty() {
		draw.Draw(img, sign, image.NewUniform(color.RGBA{70, 40, 30, 255}), image.Point{}, draw.Src)
		f, err := lettering.LoadFontsFrom()
		if err == nil {
			f.DrawIn(img, sign, float64(sign.Min.X)+2, float64(sign.Max.Y)-3, lettering.Style{Size: 10, Weight: lettering.Bold}, color.RGBA{250, 235, 190, 255}, "Lamps")
		}
	}
	return img
}

// board is a label of 40 × 12 pixels.
var board = image.Rect(150, 90, 190, 102)

func compare(tb testing.TB, a, b image.Image) *picture.Difference {
	tb.Helper()
	d, err := picture.Compare(a, b, picture.Desktop)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

// noisy adds noise of so many levels of 255, the same at every strength.
func noisy(img *image.RGBA, levels float64) *image.RGBA {
	out := image.NewRGBA(img.Rect)
	rnd := rand.New(rand.NewPCG(3, 4))
	for i, v := range img.Pix {
		if i%4 == 3 {
			out.Pix[i] = v
			continue
		}
		out.Pix[i] = uint8(math.Max(0, math.Min(255, math.Round(float64(v)+levels*rnd.NormFloat64()))))
	}
	return out
}

func TestThePictureItselfDoesNotDiffer(t *testing.T) {
	a := street(320, 180, board)
	if d := compare(t, a, street(320, 180, board)); d.Mean != 0 || d.Most != 0 || d.Median != 0 {
		t.Errorf("a picture differs from itself: %.4f, at most %.4f", d.Mean, d.Most)
	}
}

func TestGreenForBlueIsAllThereCanBe(t *testing.T) {
	fill := func(c color.Color) image.Image {
		img := image.NewRGBA(image.Rect(0, 0, 64, 64))
		draw.Draw(img, img.Rect, image.NewUniform(c), image.Point{}, draw.Src)
		return img
	}
	d := compare(t, fill(color.RGBA{0, 255, 0, 255}), fill(color.RGBA{0, 0, 255, 255}))
	if math.Abs(d.Mean-1) > .01 || math.Abs(d.Median-1) > .01 {
		t.Errorf("green for blue differs by %.3f, not 1", d.Mean)
	}
	// Black for white is far, and not as far.
	if d := compare(t, fill(color.Black), fill(color.White)); d.Mean < .9 || d.Mean > .99 {
		t.Errorf("black for white differs by %.3f", d.Mean)
	}
	// The order of what is seen: a shade less than a hue.
	near, far := compare(t, fill(color.RGBA{128, 128, 128, 255}), fill(color.RGBA{138, 138, 138, 255})), compare(t, fill(color.RGBA{128, 128, 128, 255}), fill(color.RGBA{200, 90, 90, 255}))
	if near.Mean >= far.Mean {
		t.Errorf("a shade differs by %.3f and another hue by %.3f", near.Mean, far.Mean)
	}
}

// pair draws two small pictures of blocks of colour.
func pair(t *rapid.T) (a, b *image.RGBA) {
	side := rapid.IntRange(1, 40)
	w, h := side.Draw(t, "width"), side.Draw(t, "height")
	one := func(seed uint64) *image.RGBA {
		rnd := rand.New(rand.NewPCG(seed, 5))
		img := image.NewRGBA(image.Rect(0, 0, w, h))
		for range 12 {
			x, y := rnd.IntN(w), rnd.IntN(h)
			c := color.RGBA{uint8(rnd.IntN(256)), uint8(rnd.IntN(256)), uint8(rnd.IntN(256)), 255}
			draw.Draw(img, image.Rect(x, y, x+1+rnd.IntN(w), y+1+rnd.IntN(h)), image.NewUniform(c), image.Point{}, draw.Src)
		}
		return img
	}
	return one(rapid.Uint64().Draw(t, "one")), one(rapid.Uint64().Draw(t, "other"))
}

func TestBothWaysTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := pair(t)
		ppd := rapid.Float64Range(10, 100).Draw(t, "pixels a degree")
		d, err := picture.Compare(a, b, ppd)
		if err != nil {
			t.Fatal(err)
		}
		e, err := picture.Compare(b, a, ppd)
		if err != nil {
			t.Fatal(err)
		}
		for i := range d.Map {
			if v := float64(d.Map[i]); math.Abs(v-float64(e.Map[i])) > 1e-6 || !(v >= 0 && v <= 1) {
				t.Fatalf("pixel %d: %v one way and %v the other", i, v, e.Map[i])
			}
		}
		if d.Mean > d.Most || d.Median > d.Most {
			t.Fatalf("mean %v and median %v above the most, %v", d.Mean, d.Median, d.Most)
		}
		// The mean over any window is between nothing and the most.
		at, worst := d.Worst(rapid.IntRange(1, 50).Draw(t, "w"), rapid.IntRange(1, 50).Draw(t, "h"))
		if worst > d.Most+1e-6 || worst < d.Mean*.25-1e-6 || !at.In(a.Rect) {
			t.Fatalf("the worst window %v has %v; mean %v, most %v", at, worst, d.Mean, d.Most)
		}
	})
}

func TestMoreNoiseIsMoreDifferent(t *testing.T) {
	a := street(320, 180, board)
	had := 0.0
	for _, levels := range []float64{.6, 1, 2, 4, 8, 16, 32, 64} {
		d := compare(t, a, noisy(a, levels))
		if d.Mean <= had {
			t.Errorf("noise of %v levels differs by %.4f, less noise by %.4f", levels, d.Mean, had)
		}
		had = d.Mean
	}
}

// Tolerances as the golden pictures of the market have them: see its tests.
const (
	tolerance      = .05
	worstTolerance = .20
)

// What a driver may do passes, and what a person would miss does not.
func TestWhatPassesAndWhatDoesNot(t *testing.T) {
	with := street(320, 180, board)
	shifted := street(320, 180, board)
	draw.Draw(shifted, image.Rect(100, 60, 140, 120), with, image.Pt(98, 60), draw.Src)
	brighter := image.NewRGBA(with.Rect)
	for i, v := range with.Pix {
		brighter.Pix[i] = min(254, v) + 1
	}
	dithered := noisy(with, .4) // rounds to one level on one pixel in five
	other := street(320, 180, board.Add(image.Pt(0, 3)))
	for _, tc := range []struct {
		name   string
		got    *image.RGBA
		passes bool
	}{
		{"one level brighter everywhere", brighter, true},
		{"one level here and there", dithered, true},
		{"a label of 40 × 12 pixels missing", street(320, 180, image.Rectangle{}), false},
		{"the label 3 pixels lower", other, false},
		{"an edge shifted by 2 pixels", shifted, false},
	} {
		d := compare(t, with, tc.got)
		at, worst := d.Worst(24, 12)
		t.Logf("%-36s mean %.4f, worst window %.3f at %v", tc.name, d.Mean, worst, at)
		if passes := d.Mean <= tolerance && worst <= worstTolerance; passes != tc.passes {
			t.Errorf("%s: mean %.4f, worst window %.3f", tc.name, d.Mean, worst)
		}
	}
	// The missing label is where the window says.
	if at, _ := compare(t, with, street(320, 180, image.Rectangle{})).Worst(24, 12); !at.Overlaps(board) {
		t.Errorf("the worst window is %v, the label is at %v", at, board)
	}
}

// Farther away less is seen.
func TestFineNoiseVanishesWithTheDistance(t *testing.T) {
	a := street(160, 90, image.Rectangle{})
	b := noisy(a, 12)
	near, err := picture.Compare(a, b, 15)
	if err != nil {
		t.Fatal(err)
	}
	far, err := picture.Compare(a, b, 120)
	if err != nil {
		t.Fatal(err)
	}
	if far.Mean > .5*near.Mean {
		t.Errorf("fine noise differs by %.4f from near and by %.4f from far", near.Mean, far.Mean)
	}
}

func TestHeatClimbsInLightness(t *testing.T) {
	d := &picture.Difference{Width: 64, Height: 1, Map: make([]float32, 64)}
	for i := range d.Map {
		d.Map[i] = float32(i) / 63
	}
	heat := d.Heat()
	had := -1
	for x := range 64 {
		c := heat.RGBAAt(x, 0)
		light := 299*int(c.R) + 587*int(c.G) + 114*int(c.B)
		if light <= had {
			t.Errorf("an error of %.2f is no lighter than the one below", float64(x)/63)
		}
		had = light
	}
	sheet := d.Sheet(heat, heat, image.Rect(0, 0, 8, 1))
	if sheet.Rect.Dx() < 3*64 || sheet.Rect.Dy() != 1 {
		t.Errorf("the sheet is %v", sheet.Rect)
	}
}

func TestWrongPicturesGetASentence(t *testing.T) {
	some := image.NewRGBA(image.Rect(0, 0, 4, 4))
	for _, tc := range []struct {
		a, b image.Image
		ppd  float64
		want string
	}{
		{some, image.NewRGBA(image.Rect(0, 0, 4, 5)), 33, "4×4 pixels and the other 4×5"},
		{image.NewRGBA(image.Rectangle{}), image.NewRGBA(image.Rectangle{}), 33, "no pixels"},
		{some, some, math.NaN(), "NaN pixels a degree"},
		{some, some, 0, "0 pixels a degree"},
	} {
		if _, err := picture.Compare(tc.a, tc.b, tc.ppd); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%v: %v", tc.want, err)
		}
	}
}

// Any kind of image may be compared, from any corner.
func TestAnyImageFromAnyCorner(t *testing.T) {
	a := street(64, 48, image.Rectangle{})
	moved := image.NewNRGBA(image.Rect(-7, 5, 57, 53))
	draw.Draw(moved, moved.Rect, a, image.Point{}, draw.Src)
	if d := compare(t, a, moved); d.Most != 0 {
		t.Errorf("the same pixels elsewhere differ by %.4f", d.Most)
	}
	part := a.SubImage(image.Rect(10, 10, 40, 40))
	if d := compare(t, part, part); d.Width != 30 || d.Most != 0 {
		t.Errorf("a part differs from itself by %.4f", d.Most)
	}
}

func BenchmarkCompare(b *testing.B) {
	x := street(640, 360, board)
	y := noisy(x, 4)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := picture.Compare(x, y, picture.Desktop); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCompareBytes is the baseline: the mean difference of the bytes,
// which a one-level change and a missing sign move alike.
func BenchmarkCompareBytes(b *testing.B) {
	x := street(640, 360, board)
	y := noisy(x, 4)
	b.ReportAllocs()
	sum := 0
	for b.Loop() {
		for i := range x.Pix {
			sum += max(int(x.Pix[i]), int(y.Pix[i])) - min(int(x.Pix[i]), int(y.Pix[i]))
		}
	}
	if sum == 0 {
		b.Fatal("no difference")
	}
}
