//go:build cgo

package market_test

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/go-gl/gl/v3.3-core/gl"
	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/market"
	"souk/world"
)

// noErrors fails the test where OpenGL has an error pending.
func noErrors(tb testing.TB) {
	tb.Helper()
	if e := gl.GetError(); e != gl.NO_ERROR {
		tb.Errorf("OpenGL has error 0x%04x pending", e)
	}
}

// shoot draws a few frames, so that fades have ended, and reads the last.
func shoot(tb testing.TB, s *market.Scene, from float64, p world.Pose) *image.RGBA {
	tb.Helper()
	s.Settle(p, world.DesktopLens())
	for i := range 15 {
		s.Draw(from+float64(i)*.1, p, world.DesktopLens())
	}
	noErrors(tb)
	return s.Screenshot()
}

// objects is what a scene holds on the graphics card when, seen from a place,
// nothing comes or goes any longer: goods are loaded beside the frames.
func objects(s *market.Scene, from float64, p world.Pose) int {
	had := -1
	for same := 0; same < 30; same++ {
		s.Draw(from, p, world.DesktopLens())
		if s.Objects() != had {
			had, same = s.Objects(), 0
		}
		time.Sleep(time.Millisecond)
	}
	return had
}

// mean is the mean colour of a part of a picture, in [0,255].
func mean(img *image.RGBA, r image.Rectangle) (c [3]float64) {
	r = r.Intersect(img.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			p := img.Pix[img.PixOffset(x, y):]
			for i := range c {
				c[i] += float64(p[i])
			}
		}
	}
	for i := range c {
		c[i] /= float64(r.Dx() * r.Dy())
	}
	return c
}

// differ is the mean difference of two pictures over a part, in [0,255].
func differ(a, b *image.RGBA, r image.Rectangle) float64 {
	r = r.Intersect(a.Rect)
	sum := 0.0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			p, q := a.Pix[a.PixOffset(x, y):], b.Pix[b.PixOffset(x, y):]
			for i := range 3 {
				sum += math.Abs(float64(p[i]) - float64(q[i]))
			}
		}
	}
	return sum / float64(3*r.Dx()*r.Dy())
}

// around is a square of half the edge around a point of the world.
func around(s *market.Scene, p r3.Vec, half int) image.Rectangle {
	x, y, _ := s.Project(p)
	return image.Rect(int(x)-half, int(y)-half, int(x)+half, int(y)+half)
}

// part runs a part of a test where it stands: OpenGL's context belongs to one
// thread, and a subtest would run on another.
func part(t *testing.T, name string, f func()) {
	t.Helper()
	had := t.Failed()
	f()
	if t.Failed() && !had {
		t.Logf("the above is about: %s", name)
	}
}

// One window and one scene serve these tests: a scene's start is what costs.
func TestScene(t *testing.T) {
	win := window(t, 480, 270, 0)
	p := demo(t, 400)
	s, err := market.NewScene(win, p, market.Options{})
	if err != nil {
		t.Fatal(err)
	}
	noErrors(t)
	open := world.Upright(r3.Vec{Y: 1.65, Z: 6}, 0, 0)
	first := shoot(t, s, 0, open)

	part(t, "sky above, ground below, stalls between", func() {
		sky, ground := mean(first, image.Rect(0, 20, 480, 60)), mean(first, image.Rect(0, 230, 480, 270))
		if sky[2] < sky[0]+15 {
			t.Errorf("the sky is %v, not blue", sky)
		}
		if ground[0] < ground[2]+10 || ground[0] < 60 {
			t.Errorf("the ground is %v, not warm stone", ground)
		}
		st := s.Stats()
		if st.Chunks < 10 || st.Triangles < 5000 {
			t.Errorf("only %d chunks and %d triangles drawn", st.Chunks, st.Triangles)
		}
		// Across the horizon there are more colours than sky and ground.
		seen := map[[3]uint8]bool{}
		for x := range 480 {
			q := first.Pix[first.PixOffset(x, 137):]
			seen[[3]uint8{q[0] >> 4, q[1] >> 4, q[2] >> 4}] = true
		}
		if len(seen) < 12 {
			t.Errorf("only %d colours across the middle", len(seen))
		}
	})

	shelf := world.SlotIndex(2)
	centre := p.SlotItemCentre(shelf, p.Slots[shelf].Item)
	at := p.Approach(shelf)
	part(t, "the attended item glows, and no longer when it is not", func() {
		dark := shoot(t, s, 10, at)
		spot := around(s, centre, 20)
		if spot.Intersect(dark.Rect).Empty() {
			t.Errorf("the slot is not in the picture: %v", spot)
		}
		s.SetFocus(shelf, 1)
		lit := shoot(t, s, 12, at)
		if d := differ(dark, lit, spot); d < 4 {
			t.Errorf("attention changes the item by only %.2f of 255", d)
		}
		s.SetFocus(world.NoSlot, 0)
		if d := differ(dark, shoot(t, s, 14, at), spot); d > .5 {
			t.Errorf("the glow stays: %.2f of 255", d)
		}
	})

	pedestal := p.FirstFeature()
	part(t, "a pedestal shows what it holds, and fades it in and out", func() {
		at := p.Approach(pedestal)
		empty := shoot(t, s, 20, at)
		before := objects(s, 21.4, at)
		s.SetHolding(pedestal, 3, world.Text{EN: "for you · because", ZH: "为你推荐"})
		spot := around(s, p.SlotItemCentre(pedestal, 3), 30)
		s.Draw(21.5, at, world.DesktopLens())
		begin := differ(empty, s.Screenshot(), spot)
		held := shoot(t, s, 22, at)
		full := differ(empty, held, spot)
		if full < 5 {
			t.Errorf("the item on the pedestal changes the picture by only %.2f of 255", full)
		}
		if begin > .8*full {
			t.Errorf("the item appears at once: %.2f of %.2f in the first frame", begin, full)
		}
		s.SetHolding(pedestal, 3, world.Text{EN: "for you · because", ZH: "为你推荐"})
		s.SetHolding(pedestal, world.NoItem, world.Text{})
		if d := differ(empty, shoot(t, s, 24, at), spot); d > .5 {
			t.Errorf("an emptied pedestal still shows something: %.2f of 255", d)
		}
		if n := objects(s, 25.4, at); n != before {
			t.Errorf("%d objects after the item has gone, %d before it came", n, before)
		}
		s.SetHolding(-5, 3, world.Text{})
		s.SetHolding(0, 3, world.Text{}) // a shelf
		s.SetHolding(pedestal, 1<<30, world.Text{})
		if s.Objects() != before {
			t.Error("a wrong slot or item made objects")
		}
	})

	part(t, "people are seen and go again", func() {
		without := shoot(t, s, 30, open)
		before := objects(s, 31.4, open)
		where := r3.Vec{X: 1, Y: 1.65, Z: 2}
		s.SetAvatars([]market.Avatar{{ID: 7, Name: "Mei Lan", Pose: world.Upright(where, 2, 0), Colour: world.RGB{R: .9}, Speed: 1}})
		with := shoot(t, s, 32, open)
		where.Y = 1.2
		if d := differ(without, with, around(s, where, 8)); d < 15 {
			t.Errorf("a person changes the picture by only %.2f of 255", d)
		}
		s.SetAvatars(nil)
		if d := differ(without, shoot(t, s, 34, open), without.Rect); d > .2 || objects(s, 35.4, open) != before {
			t.Errorf("a person who has gone leaves %.2f of 255 and %d objects", d, s.Objects()-before)
		}
	})

	part(t, "the overlay lands pixel for pixel", func() {
		hud := image.NewRGBA(image.Rect(0, 0, 480, 270))
		red := color.RGBA{255, 0, 0, 255}
		hud.SetRGBA(100, 33, red)
		hud.SetRGBA(479, 269, red)
		s.SetOverlay(hud, hud.Rect)
		img := shoot(t, s, 40, open)
		for _, q := range []image.Point{{100, 33}, {479, 269}} {
			if img.RGBAAt(q.X, q.Y) != red {
				t.Errorf("at %v is %v, not red", q, img.RGBAAt(q.X, q.Y))
			}
		}
		for _, q := range []image.Point{{101, 33}, {99, 33}, {100, 34}, {100, 32}} {
			if img.RGBAAt(q.X, q.Y) == red {
				t.Errorf("red has run to %v", q)
			}
		}
		// Only what is said to have changed is read again.
		hud.SetRGBA(100, 33, color.RGBA{})
		hud.SetRGBA(200, 200, color.RGBA{0, 128, 0, 128})
		s.SetOverlay(hud, image.Rect(100, 33, 101, 34))
		img = shoot(t, s, 42, open)
		if img.RGBAAt(100, 33) == red || img.RGBAAt(200, 200) != first.RGBAAt(200, 200) {
			t.Error("the dirty rectangle was not kept to")
		}
		s.SetOverlay(nil, image.Rectangle{})
		if shoot(t, s, 44, open).RGBAAt(479, 269) == red {
			t.Error("the overlay stays after its removal")
		}
	})

	part(t, "the window may be resized", func() {
		win.Resize(320, 200)
		var events []market.Event
		for range 50 {
			if events = win.Poll(events); len(events) > 0 && events[len(events)-1].Kind == market.Resize {
				break
			}
			win.SwapBuffers()
		}
		if w, h := win.Size(); w != 320 || h != 200 {
			t.Logf("the display keeps the window at %d×%d", w, h)
			return
		}
		if img := shoot(t, s, 50, open); img.Rect.Dx() != 320 || img.Rect.Dy() != 200 {
			t.Errorf("the picture is %v", img.Rect)
		}
	})

	s.Close()
	noErrors(t)
	if s.Objects() != 0 {
		t.Errorf("%d objects are left on the graphics card", s.Objects())
	}
	s.Close()
}

func TestWrongArgumentsGetASentence(t *testing.T) {
	if _, err := market.NewScene(nil, nil, market.Options{}); err == nil || !strings.Contains(err.Error(), "needs a window") {
		t.Errorf("no window: %v", err)
	}
	if os.Getenv("DISPLAY") == "" {
		t.Skip("no display: set DISPLAY, for instance to an Xvfb")
	}
	if _, err := market.Open(market.WindowOptions{Width: -4, Height: 20}); err == nil || !strings.Contains(err.Error(), "-4×20") {
		t.Errorf("a wrong size: %v", err)
	}
}

// TestNoDisplayGetsASentence opens a window in a process of its own, since a
// process keeps its display.
func TestNoDisplayGetsASentence(t *testing.T) {
	const asked = "SOUK_TEST_OPEN_WINDOW"
	if os.Getenv(asked) != "" {
		_, err := market.Open(market.WindowOptions{Hidden: true})
		fmt.Printf("said: %v\n", err)
		return
	}
	for _, display := range []string{":9999", ""} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestNoDisplayGetsASentence$", "-test.v")
		cmd.Env = append(os.Environ(), asked+"=1", "DISPLAY="+display, "WAYLAND_DISPLAY=")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("DISPLAY=%q: %v\n%s", display, err, out)
		}
		_, said, _ := strings.Cut(string(out), "said: ")
		said, _, _ = strings.Cut(said, "\n")
		if !strings.Contains(said, "no display") || !strings.Contains(said, "DISPLAY") {
			t.Errorf("DISPLAY=%q: said %q", display, said)
		}
	}
}
