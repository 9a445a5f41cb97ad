package lettering_test

import (
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"souk/scene/lettering"
)

var update = flag.Bool("update", false, "write the golden pictures anew")

func faces(t testing.TB) *lettering.Faces {
	t.Helper()
	f, err := lettering.LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func chinese(t testing.TB) *lettering.Faces {
	t.Helper()
	f := faces(t)
	if !f.Chinese() {
		t.Skip("no font with Han characters on this machine")
	}
	return f
}

func TestChineseSetWhereAFontExists(t *testing.T) {
	f := chinese(t)
	if m := f.Missing(nil, "市集会留意你。你喜欢什么？￥12.90 「推荐」"); len(m) > 0 {
		t.Errorf("%s lacks %q", f.ChineseFont(), m)
	}
}

func TestNoFontNeverDrawsABox(t *testing.T) {
	f, err := lettering.LoadFontsFrom()
	if err != nil {
		t.Fatal(err)
	}
	if f.Chinese() {
		t.Fatal("Chinese without a folder to search")
	}
	s := lettering.Style{Size: 24}
	dot := draw1(f, s, "·")
	for _, tc := range []struct{ in, want string }{
		{"\U0001F600", "·"}, {"ｆ", "f"}, {"①", "1"}, {"ḁ", "a"}, {"\u200d", ""}, {"\t", ""},
	} {
		if got, want := draw1(f, s, tc.in), draw1(f, s, tc.want); !same(got, want) {
			t.Errorf("%q is not drawn as %q", tc.in, tc.want)
		}
	}
	for _, r := range "市集，。「」" {
		if !f.Has(r) || same(draw1(f, s, string(r)), dot) || same(draw1(f, s, string(r)), image.NewRGBA(dot.Rect)) {
			t.Errorf("%c is not drawn from the built-in characters", r)
		}
	}
	if same(dot, image.NewRGBA(dot.Rect)) {
		t.Error("the stand-in draws nothing")
	}
}

func draw1(f *lettering.Faces, s lettering.Style, text string) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, 80, 40))
	f.Draw(img, 4, 30, s, color.Black, text)
	return img
}

func same(a, b *image.RGBA) bool { return string(a.Pix) == string(b.Pix) }

func TestWrapTable(t *testing.T) {
	f := faces(t)
	s := lettering.Style{Size: 20}
	em := f.Measure(s, "m")
	for _, tc := range []struct {
		name, text string
		width      float64
		want       []string
	}{
		{"fits", "one two", 1000, []string{"one two"}},
		{"empty", "", 100, []string{""}},
		{"spaces", "mmm mmm mmm", 3.5 * em, []string{"mmm", "mmm", "mmm"}},
		{"long word", "mmmmmm", 2.5 * em, []string{"mm", "mm", "mm"}},
		{"line feed", "a\n\nb", 1000, []string{"a", "", "b"}},
		{"narrow", "mm", 1, []string{"m", "m"}},
	} {
		if got := f.Wrap(nil, s, tc.width, tc.text); strings.Join(got, "|") != strings.Join(tc.want, "|") {
			t.Errorf("%s: %q", tc.name, got)
		}
	}
	if f.Chinese() {
		got := f.Wrap(nil, s, 81, "喜欢的灯，「推荐」给你")
		for _, l := range got {
			if strings.HasPrefix(l, "，") || strings.HasPrefix(l, "」") || strings.HasSuffix(l, "「") {
				t.Errorf("a sign stands alone: %q", got)
			}
		}
	}
}

// No text is lost in wrapping but spaces at breaks, and no line is too wide
// unless a single rune is.
func TestWrapKeepsTextAndWidth(t *testing.T) {
	f := faces(t)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("abc mW.,-!你好市集，。「」"))).Draw(t, "text")
		s := lettering.Style{Size: rapid.Float64Range(8, 40).Draw(t, "size")}
		width := rapid.Float64Range(1, 300).Draw(t, "width")
		lines := f.Wrap(nil, s, width, text)
		bare := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if bare(strings.Join(lines, "")) != bare(text) {
			t.Fatalf("%q became %q", text, lines)
		}
		for _, l := range lines {
			if len([]rune(l)) > 1 && f.Measure(s, l) > width+0.01 {
				t.Fatalf("line %q is %.1f wide, not %.1f", l, f.Measure(s, l), width)
			}
		}
		for _, l := range f.WrapAtMost(nil, s, max(width, 2*s.Size), 2, text) {
			if len([]rune(l)) > 1 && f.Measure(s, l) > max(width, 2*s.Size)+0.01 {
				t.Fatalf("shortened line %q is too wide", l)
			}
		}
	})
}

func TestEllipsis(t *testing.T) {
	f := faces(t)
	s := lettering.Style{Size: 16, Weight: lettering.Bold}
	if got := f.Ellipsis(s, 1000, "short"); got != "short" {
		t.Error(got)
	}
	got := f.Ellipsis(s, 80, "a name that is too long")
	if !strings.HasSuffix(got, "…") || f.Measure(s, got) > 80 || len(got) < 8 {
		t.Errorf("%q, %.1f wide", got, f.Measure(s, got))
	}
}

func TestDrawStaysInItsClip(t *testing.T) {
	f := faces(t)
	img := image.NewRGBA(image.Rect(0, 0, 100, 60))
	clip := image.Rect(30, 20, 60, 40)
	for y := -20; y < 90; y += 7 {
		f.DrawIn(img, clip, -30, float64(y), lettering.Style{Size: 33}, color.White, "Souk gjM市集")
	}
	inked := 0
	for y := range 60 {
		for x := range 100 {
			if img.RGBAAt(x, y).A == 0 {
				continue
			}
			inked++
			if !image.Pt(x, y).In(clip) {
				t.Fatalf("ink at %d,%d outside %v", x, y, clip)
			}
		}
	}
	if inked == 0 {
		t.Error("nothing drawn")
	}
}

// The way for any image gives what the fast way gives, to rounding.
func TestSlowWayEqualsFast(t *testing.T) {
	f := faces(t)
	fast := image.NewRGBA(image.Rect(0, 0, 200, 40))
	slow := image.NewNRGBA(fast.Rect)
	draw.Draw(fast, fast.Rect, image.NewUniform(color.RGBA{20, 30, 40, 255}), image.Point{}, draw.Src)
	draw.Draw(slow, slow.Rect, image.NewUniform(color.RGBA{20, 30, 40, 255}), image.Point{}, draw.Src)
	ink := color.NRGBA{255, 180, 90, 200}
	s := lettering.Style{Size: 22, Weight: lettering.Medium}
	f.Draw(fast, 3.3, 28, s, ink, "Fast & slow 市集")
	f.Draw(slow, 3.3, 28, s, ink, "Fast & slow 市集")
	for y := range 40 {
		for x := range 200 {
			a, b := fast.RGBAAt(x, y), color.RGBAModel.Convert(slow.At(x, y)).(color.RGBA)
			for _, d := range []int{int(a.R) - int(b.R), int(a.G) - int(b.G), int(a.B) - int(b.B)} {
				if d < -2 || d > 2 {
					t.Fatalf("at %d,%d: %v and %v", x, y, a, b)
				}
			}
		}
	}
}

// The measure is what drawing uses.
func TestMeasureIsWhereThePenEnds(t *testing.T) {
	f := faces(t)
	for _, text := range []string{"", "Souk", "市集 pays attention", "½ ﬁ ①"} {
		s := lettering.Style{Size: 19}
		img := image.NewRGBA(image.Rect(0, 0, 4, 4))
		if end, w := f.Draw(img, 0, 0, s, color.Black, text), f.Measure(s, text); end != w {
			t.Errorf("%q: pen at %v, measured %v", text, end, w)
		}
	}
}

func TestGoldenLatin(t *testing.T) {
	f, err := lettering.LoadFontsFrom()
	if err != nil {
		t.Fatal(err)
	}
	img := f.Label(lettering.Style{Size: 18, Weight: lettering.Bold}, color.RGBA{255, 200, 120, 255}, color.RGBA{20, 22, 28, 255}, 6, "For you", "because: 41 %")
	golden(t, "label.png", img, 2)
}

// golden compares a picture with the one in testdata, each part of each pixel
// to a tolerance.
func golden(t *testing.T, name string, got *image.RGBA, tolerance int) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		file, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if err := png.Encode(file, got); err != nil {
			t.Fatal(err)
		}
		return
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	img, err := png.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	if img.Bounds() != got.Bounds() {
		t.Fatalf("%s is %v, was %v", name, got.Bounds(), img.Bounds())
	}
	want := image.NewRGBA(img.Bounds())
	draw.Draw(want, want.Rect, img, image.Point{}, draw.Src)
	for i := range want.Pix {
		if d := int(want.Pix[i]) - int(got.Pix[i]); d < -tolerance || d > tolerance {
			t.Fatalf("%s differs at pixel %d by %d", name, i/4, d)
		}
	}
}

func TestDamagedFontsAreSteppedOver(t *testing.T) {
	dir := t.TempDir()
	for i, data := range []string{"", "not a font", "true\x00\x01\x00\x00"} {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("noto-sans-cjk-%d.ttf", i)), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f, err := lettering.LoadFontsFrom(dir, filepath.Join(dir, "missing"))
	if err != nil {
		t.Fatal(err)
	}
	if f.Chinese() || f.Measure(lettering.Style{Size: 10}, "Souk") <= 0 {
		t.Error("a damaged font was taken, or Latin was lost")
	}
}

func TestDrawAllocatesNothingAgain(t *testing.T) {
	f := faces(t)
	img := image.NewRGBA(image.Rect(0, 0, 300, 40))
	var ink color.Color = color.RGBA{255, 255, 255, 255}
	s := lettering.Style{Size: 18}
	text := "41.0 · because 市集"
	f.Draw(img, 2, 30, s, ink, text)
	if n := testing.AllocsPerRun(50, func() { f.Draw(img, 2, 30, s, ink, text) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkDrawCached(b *testing.B) {
	f := faces(b)
	img := image.NewRGBA(image.Rect(0, 0, 600, 40))
	var ink color.Color = color.RGBA{255, 255, 255, 255}
	b.ReportAllocs()
	for b.Loop() {
		f.Draw(img, 2, 30, lettering.Style{Size: 18}, ink, "because you looked at the copper lantern for 2.1 s")
	}
}

// The naive way: every glyph rasterised anew, as without a cache.
func BenchmarkDrawUncached(b *testing.B) {
	f := faces(b)
	img := image.NewRGBA(image.Rect(0, 0, 600, 40))
	var ink color.Color = color.RGBA{255, 255, 255, 255}
	size := 18.0
	b.ReportAllocs()
	for b.Loop() {
		size += 1.0 / 64
		if size > 19 {
			f, size = faces(b), 18
		}
		f.Draw(img, 2, 30, lettering.Style{Size: size}, ink, "because you looked at the copper lantern for 2.1 s")
	}
}
