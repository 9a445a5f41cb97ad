package lettering_test

import (
	"image"
	"image/color"
	"slices"
	"testing"

	"souk/scene/lettering"
)

// What could not be set as it was given is remembered, and only that.
func TestLapsesAreWhatCouldNotBeSet(t *testing.T) {
	f := faces(t)
	img := image.NewRGBA(image.Rect(0, 0, 200, 40))
	s := lettering.Style{Size: 16}
	set := func(text string, width float64) {
		f.Draw(img, 2, 20, s, color.White, f.Ellipsis(s, width, text))
	}
	set("Lamps 12.90 · café", 190)
	if missing, cut := f.Lapses(); len(missing) > 0 || len(cut) > 0 || f.Runes() < 10 {
		t.Fatalf("after a plain text of %d runes: missing %q, cut %q", f.Runes(), missing, cut)
	}
	set("A very long name that has no room at all", 60)
	set("A very long name that has no room at all", 60)
	f.WrapAtMost(nil, s, 60, 1, "two lines where there is one")
	set("\U0001FAE8", 100) // in no font
	missing, cut := f.Lapses()
	if !slices.Equal(missing, []rune{0x1FAE8}) {
		t.Errorf("missing are %q", missing)
	}
	if len(cut) != 2 || cut[0] != "A very long name that has no room at all" {
		t.Errorf("cut are %q", cut)
	}
}
