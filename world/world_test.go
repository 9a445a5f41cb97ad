package world_test

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"
	"pgregory.net/rapid"

	"souk/world"
)

// TestUprightComesApartAgain holds that YawPitch is Upright's inverse and that
// both follow the conventions: 0 looks along −z, left is positive, up is positive.
func TestUprightComesApartAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		yaw, pitch := rapid.Float64Range(-3.1, 3.1).Draw(t, "yaw"), rapid.Float64Range(-1.5, 1.5).Draw(t, "pitch")
		y, p := world.Upright(r3.Vec{}, yaw, pitch).YawPitch()
		if math.Abs(y-yaw) > 1e-7 || math.Abs(p-pitch) > 1e-7 {
			t.Fatalf("yaw %g, pitch %g come back as %g, %g", yaw, pitch, y, p)
		}
	})
	for _, c := range []struct {
		yaw, pitch float64
		want       r3.Vec
	}{{0, 0, r3.Vec{Z: -1}}, {math.Pi / 2, 0, r3.Vec{X: -1}}, {0, math.Pi / 2, r3.Vec{Y: 1}}, {math.Pi, 0, r3.Vec{Z: 1}}} {
		if got := world.Upright(r3.Vec{X: 5}, c.yaw, c.pitch).Ahead(); r3.Norm(r3.Sub(got, c.want)) > 1e-12 {
			t.Errorf("yaw %g, pitch %g looks along %v, want %v", c.yaw, c.pitch, got, c.want)
		}
	}
}

// TestCentsAreWrittenAsPrices holds the form of prices.
func TestCentsAreWrittenAsPrices(t *testing.T) {
	for c, want := range map[world.Cents]string{0: "0.00", 5: "0.05", 1290: "12.90", -1290: "-12.90", 100: "1.00"} {
		if got := c.String(); got != want {
			t.Errorf("%d cents are written %q, want %q", int64(c), got, want)
		}
	}
}

// TestTextFallsBackToTheOtherLanguage holds that a text with one language is
// shown in that one.
func TestTextFallsBackToTheOtherLanguage(t *testing.T) {
	for _, c := range []struct {
		text world.Text
		lang string
		want string
	}{
		{world.Text{EN: "lamp", ZH: "灯"}, "en", "lamp"}, {world.Text{EN: "lamp", ZH: "灯"}, "zh", "灯"},
		{world.Text{ZH: "灯"}, "en", "灯"}, {world.Text{EN: "lamp"}, "zh", "lamp"}, {world.Text{}, "zh", ""},
	} {
		if got := c.text.In(c.lang); got != c.want {
			t.Errorf("%+v in %s is %q, want %q", c.text, c.lang, got, c.want)
		}
	}
}

// TestEventNamesReadBack holds that every kind's name parses to itself and that
// numbers and names without a kind come out as unknown.
func TestEventNamesReadBack(t *testing.T) {
	for k := world.EventExposure; k <= world.EventPlace; k++ {
		if got, ok := world.ParseEventKind(k.String()); !ok || got != k {
			t.Errorf("%s reads back as %s", k, got)
		}
	}
	for _, name := range []string{"unknown", "", "Like"} {
		if _, ok := world.ParseEventKind(name); ok {
			t.Errorf("%q is taken for a kind", name)
		}
	}
	if got := world.EventKind(200).String(); got != "unknown" {
		t.Errorf("kind 200 is %q", got)
	}
	if got := world.SourceSimulated.String() + world.AttentionSource(99).String(); got != "simulatednone" {
		t.Errorf("sources are written %q", got)
	}
}
