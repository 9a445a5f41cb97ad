package lettering_test

import (
	"image/color"
	"math"
	"testing"

	"pgregory.net/rapid"

	"souk/scene/lettering"
)

// bare are the faces of a machine without any font of its own.
func bare(tb testing.TB) *lettering.Faces {
	tb.Helper()
	f, err := lettering.LoadFontsFrom()
	if err != nil {
		tb.Fatal(err)
	}
	return f
}

// The transform is exact: it gives what looking at every pair of cells gives.
func TestDistanceTransformEqualsEveryPair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 12).Draw(t, "w"), rapid.IntRange(1, 12).Draw(t, "h")
		grid := make([]float64, w*h)
		for i := range grid {
			grid[i] = rapid.SampledFrom([]float64{0, .25, 3, 1e20}).Draw(t, "value")
		}
		want := make([]float64, w*h)
		for i := range want {
			want[i] = math.Inf(1)
			for j, v := range grid {
				dx, dy := float64(i%w-j%w), float64(i/w-j/w)
				want[i] = min(want[i], dx*dx+dy*dy+v)
			}
		}
		lettering.Transform(grid, w, h)
		for i := range grid {
			if math.Abs(grid[i]-want[i]) > 1e-9*max(1, want[i]) {
				t.Fatalf("cell %d of %d×%d: %v, looking at every pair gives %v", i, w, h, grid[i], want[i])
			}
		}
	})
}

// A field drawn at four times its size has the outline of the rune drawn at
// that size: that is what it is for.
func TestFieldDrawsTheRuneAtFourTimesItsSize(t *testing.T) {
	const size, spread, times = 40.0, 5.0, 4
	for name, f := range map[string]*lettering.Faces{"as found": faces(t), "built in": bare(t)} {
		for _, r := range "S8g市罐灯" {
			field := f.Field(lettering.Bold, r, size, spread)
			want := f.Label(lettering.Style{Size: size * times, Weight: lettering.Bold}, color.White, nil, 0, string(r))
			m := f.Metrics(lettering.Style{Size: size * times})
			inside, wrong := 0, 0
			for y := range want.Rect.Dy() {
				for x := range want.Rect.Dx() {
					ink := want.RGBAAt(x, y).A > 127
					// The label's pen is at 0 and its baseline an ascent down.
					fx, fy := (float64(x)+.5)/times-field.X-.5, (float64(y)+.5-m.Ascent)/times-field.Y-.5
					if ink {
						inside++
					}
					if (sample(field, fx, fy) > 127.5) != ink {
						wrong++
					}
				}
			}
			if inside == 0 || float64(wrong) > .12*float64(inside) {
				t.Errorf("%s, %s: %d of %d pixels are on the wrong side", name, string(r), wrong, inside)
			}
		}
	}
}

// sample is a field between its texels, 0 outside.
func sample(f lettering.Field, x, y float64) float64 {
	at := func(x, y int) float64 {
		if x < 0 || y < 0 || x >= f.W || y >= f.H {
			return 0
		}
		return float64(f.Pix[y*f.W+x])
	}
	ix, iy := int(math.Floor(x)), int(math.Floor(y))
	u, v := x-math.Floor(x), y-math.Floor(y)
	return (at(ix, iy)*(1-u)+at(ix+1, iy)*u)*(1-v) + (at(ix, iy+1)*(1-u)+at(ix+1, iy+1)*u)*v
}

func TestFieldOfNothingIsEmpty(t *testing.T) {
	if f := faces(t).Field(lettering.Regular, ' ', 40, 5); len(f.Pix) != 0 || f.W != 0 {
		t.Errorf("a space has a field of %d×%d", f.W, f.H)
	}
}

func BenchmarkField(b *testing.B) {
	f := faces(b)
	b.ReportAllocs()
	for b.Loop() {
		f.Field(lettering.Bold, '罐', 40, 5)
	}
}

// The naive way: every texel looks at every other within the spread.
func BenchmarkFieldByEveryPair(b *testing.B) {
	f := faces(b).Field(lettering.Bold, '罐', 40, 5)
	b.ReportAllocs()
	for b.Loop() {
		total := 0.0
		for y := range f.H {
			for x := range f.W {
				best, own := 25.0, f.Pix[y*f.W+x] > 127
				for j := max(0, y-5); j <= min(f.H-1, y+5); j++ {
					for i := max(0, x-5); i <= min(f.W-1, x+5); i++ {
						if d := float64((i-x)*(i-x) + (j-y)*(j-y)); d < best && (f.Pix[j*f.W+i] > 127) != own {
							best = d
						}
					}
				}
				total += math.Sqrt(best)
			}
		}
		if total == 0 {
			b.Fatal("no outline")
		}
	}
}

// The embedded characters at the size of a heading, beside those of a font.
func TestGoldenBuiltIn(t *testing.T) {
	img := bare(t).Label(lettering.Style{Size: 30, Weight: lettering.Medium}, color.RGBA{255, 220, 170, 255}, color.RGBA{34, 24, 20, 255}, 8, "市集 留意你的喜好", "陶罐 · 铜灯 ￥12.90", "苍鹭 鹪鹩 鸻 灯笼")
	golden(t, "builtin.png", img, 2)
}
