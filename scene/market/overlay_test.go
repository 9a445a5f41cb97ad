//go:build cgo

package market_test

import (
	"image"
	"image/color"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/hud"
	"souk/scene/lettering"
	"souk/scene/market"
	"souk/world"
)

// display is a head-up display as a visitor has it while walking: status,
// hints, reticle, the line under it and a toast.
func display(tb testing.TB, w, h int, lang string) *hud.HUD {
	tb.Helper()
	f, err := lettering.LoadFonts()
	if err != nil {
		tb.Fatal(err)
	}
	d := hud.New(f, hud.Options{Width: w, Height: h, Lang: lang, Keys: hud.Keys{Card: "E", Panel: "Tab", Search: "/"}})
	d.SetStatus(hud.Status{Link: hud.LinkOnline, People: 3, Recording: true, Noticing: true, Source: world.SourceViewCentre})
	d.SetAttention(hud.Prompt{Name: "Hand-hammered copper lantern", Price: "48.90", ForYou: true}, 1)
	d.Draw(1)
	return d
}

// The overlay is blended over few more pixels than it fills: a walk's display
// over less than a fifteenth of the window, an empty one over none; and what
// the tiles leave out is nothing.
func TestOverlayCostsWhatItShows(t *testing.T) {
	const w, h = 1280, 720
	win := window(t, w, h, 0)
	s, err := market.NewScene(win, demo(t, 60), market.Options{Quality: market.Low})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	eye := world.Upright(r3.Vec{Y: 1.65, Z: 6}, 0, 0)
	s.Draw(0, eye, world.DesktopLens())
	objects := s.Objects()
	d := display(t, w, h, "en")
	s.SetOverlay(d.Image(), image.Rectangle{})
	if s.Objects() != objects+3 {
		t.Errorf("the overlay made %d objects, not a texture, an array and a buffer", s.Objects()-objects)
	}
	filled := 0
	for i := 3; i < len(d.Image().Pix); i += 4 {
		if d.Image().Pix[i] != 0 {
			filled++
		}
	}
	blended := s.OverlayPixels()
	t.Logf("walking: %d pixels filled, %d blended, %.2f %% of the window", filled, blended, 100*float64(blended)/(w*h))
	if blended < filled || blended > w*h/15 {
		t.Errorf("%d pixels are blended for %d that are filled", blended, filled)
	}
	if blended > filled*3/2 {
		t.Errorf("%d pixels are blended for %d that are filled: more than half as many again", blended, filled)
	}

	// Part by part it comes to the same as whole, through open and closed screens.
	for _, screen := range []hud.Screen{hud.ScreenSearch, hud.ScreenMenu, hud.ScreenNone, hud.ScreenSettings, hud.ScreenNone} {
		d.Show(screen)
		for _, part := range d.Draw(2) {
			s.SetOverlay(d.Image(), part)
		}
	}
	if s.OverlayPixels() != blended {
		t.Errorf("%d pixels are blended after screens were opened and closed, %d before", s.OverlayPixels(), blended)
	}
	s.Draw(1, eye, world.DesktopLens())
	parts := s.Screenshot()
	s.SetOverlay(d.Image(), image.Rectangle{})
	s.Draw(1, eye, world.DesktopLens())
	if n := differ(parts, s.Screenshot(), parts.Rect); n > 0.05 {
		t.Errorf("part by part differs from whole by %.3f of 255", n)
	}
	s.SetOverlay(image.NewRGBA(image.Rect(0, 0, w, h)), image.Rectangle{})
	if s.OverlayPixels() != 0 {
		t.Errorf("an empty overlay is blended over %d pixels", s.OverlayPixels())
	}
	noErrors(t)
}

// Any pattern of filled tiles is covered once and wholly: every filled pixel is
// drawn, and half-clear ones are not drawn twice.
func TestOverlayTilesCoverOnce(t *testing.T) {
	const w, h = 208, 120
	win := window(t, w, h, 0)
	s, err := market.NewScene(win, demo(t, 20), market.Options{Quality: market.Low})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	up := world.Upright(r3.Vec{Y: 1.65, Z: 6}, 0, 1.3)
	seed := uint32(7)
	for round := range 6 {
		img := image.NewRGBA(image.Rect(0, 0, w, h))
		want := 0
		for y := 0; y < h; y += 8 {
			for x := 0; x < w; x += 8 {
				if seed = seed*1664525 + 1013904223; seed>>29 < 3 {
					continue
				}
				for yy := y; yy < min(h, y+8); yy++ {
					for xx := x; xx < min(w, x+8); xx++ {
						img.SetRGBA(xx, yy, color.RGBA{0, 100, 0, 200})
						want++
					}
				}
			}
		}
		s.SetOverlay(nil, image.Rectangle{})
		s.Draw(float64(round), up, world.DesktopLens())
		bare := s.Screenshot()
		s.SetOverlay(img, image.Rectangle{})
		if s.OverlayPixels() != want {
			t.Fatalf("round %d: %d pixels drawn, %d filled", round, s.OverlayPixels(), want)
		}
		s.Draw(float64(round), up, world.DesktopLens())
		over := s.Screenshot()
		for y := range h {
			for x := range w {
				a, b := bare.RGBAAt(x, y), over.RGBAAt(x, y)
				if img.RGBAAt(x, y).A > 0 {
					a.G = uint8(100 + int(a.G)*55/255)
				}
				if d := int(a.G) - int(b.G); d > 2 || d < -2 {
					t.Fatalf("round %d at %d, %d: green %d, want %d", round, x, y, b.G, a.G)
				}
			}
		}
	}
}

// The vignette darkens corners and not the middle, as much as it is told, and
// is gone without a trace.
func TestVignette(t *testing.T) {
	const w, h = 480, 270
	win := window(t, w, h, 0)
	s, err := market.NewScene(win, demo(t, 60), market.Options{Quality: market.Low})
	if err != nil {
		t.Fatal(err)
	}
	eye := world.Upright(r3.Vec{Y: 1.65, Z: 6}, 0, 0)
	at := func(strength float64) (corner, middle float64, calls int) {
		s.SetVignette(strength)
		s.Draw(1, eye, world.DesktopLens())
		img := s.Screenshot()
		c, m := mean(img, image.Rect(0, 0, 12, 12)), mean(img, image.Rect(w/2-60, h/2-40, w/2+60, h/2+40))
		return c[0] + c[1] + c[2], m[0] + m[1] + m[2], s.Stats().DrawCalls
	}
	at(0)
	corner, middle, calls := at(0)
	low, mid, more := at(0.45)
	high, mid2, _ := at(1)
	if low > corner*0.7 || high > corner*0.1 || mid != middle || mid2 != middle {
		t.Errorf("corners %.0f, %.0f, %.0f; the middle %.0f, %.0f, %.0f", corner, low, high, middle, mid, mid2)
	}
	if again, _, same := at(0); again != corner || same != calls || more != calls+1 {
		t.Errorf("corner %.0f after, %.0f before; %d, %d, %d calls", again, corner, calls, more, same)
	}
	noErrors(t)
	s.Close()
	if s.Objects() != 0 {
		t.Errorf("%d objects are left", s.Objects())
	}
}

// benchOverlay draws an almost empty view with something over it. A benchmark
// of its own each: OpenGL's context belongs to one thread.
func benchOverlay(b *testing.B, strength float64, over func(w, h int) *image.RGBA) {
	const w, h = 1280, 720
	win := window(b, w, h, 0)
	s := scene(b, win, demo(b, 60), market.Options{Quality: market.Low})
	s.SetOverlay(over(w, h), image.Rectangle{})
	s.SetVignette(strength)
	up := world.Upright(r3.Vec{Y: 1.65, Z: 6}, 0, 1.3)
	frames(b, win, func(int) { s.Draw(0, up, world.DesktopLens()) })
	b.ReportMetric(float64(s.OverlayPixels()), "pixels")
}

func BenchmarkOverlayNone(b *testing.B) {
	benchOverlay(b, 0, func(int, int) *image.RGBA { return nil })
}

func BenchmarkOverlayWalking(b *testing.B) {
	benchOverlay(b, 0, func(w, h int) *image.RGBA { return display(b, w, h, "en").Image() })
}

func BenchmarkOverlaySearchOpen(b *testing.B) {
	benchOverlay(b, 0, func(w, h int) *image.RGBA {
		d := display(b, w, h, "en")
		d.Show(hud.ScreenSearch)
		d.Draw(2)
		return d.Image()
	})
}

// The baseline: the whole window blended, whatever it shows.
func BenchmarkOverlayWholeWindow(b *testing.B) {
	benchOverlay(b, 0, func(w, h int) *image.RGBA {
		img := image.NewRGBA(image.Rect(0, 0, w, h))
		for i := range img.Pix {
			img.Pix[i] = 1
		}
		return img
	})
}

func BenchmarkVignette(b *testing.B) {
	benchOverlay(b, 0.85, func(int, int) *image.RGBA { return nil })
}
