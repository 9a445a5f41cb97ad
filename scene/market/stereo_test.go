//go:build cgo

package market_test

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"path/filepath"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/input/look"
	"souk/scene/market"
	"souk/scene/market/lens"
	"souk/world"
)

// shootStereo draws a few frames for two eyes, so that fades have ended, and reads the last.
func shootStereo(tb testing.TB, s *market.Scene, from float64, at world.Pose, p lens.Profile) *image.RGBA {
	tb.Helper()
	for i := range 15 {
		if err := s.DrawStereo(from+float64(i)*.1, at, world.DesktopLens(), &p); err != nil {
			tb.Fatal(err)
		}
	}
	noErrors(tb)
	return s.Screenshot()
}

// middleOf is the centre of what differs between two pictures within a part.
func middleOf(a, b *image.RGBA, r image.Rectangle) (x, y float64, n int) {
	for py := r.Min.Y; py < r.Max.Y; py++ {
		for px := r.Min.X; px < r.Max.X; px++ {
			p, q := a.Pix[a.PixOffset(px, py):], b.Pix[b.PixOffset(px, py):]
			d := 0.0
			for i := range 3 {
				d += math.Abs(float64(p[i]) - float64(q[i]))
			}
			if d > 40 {
				x, y, n = x+float64(px)+.5, y+float64(py)+.5, n+1
			}
		}
	}
	return x / float64(n), y / float64(n), n
}

// tangents are where an eye sees a point of the world.
func tangents(at world.Pose, offset float64, p r3.Vec) (x, y float64) {
	right, up := at.Rotate(r3.Vec{X: 1}), at.Rotate(r3.Vec{Y: 1})
	d := r3.Sub(p, r3.Add(at.Pos, r3.Scale(offset, right)))
	deep := r3.Dot(d, at.Ahead())
	return r3.Dot(d, right) / deep, r3.Dot(d, up) / deep
}

// What appears on a pedestal appears in both halves, apart by what the eyes'
// distance and its own make of it, and where the lens puts it.
func TestStereoDisparityIsThatOfTheDistance(t *testing.T) {
	const w, h = 1280, 560
	win := window(t, w, h, 0)
	p := demo(t, 400)
	s := scene(t, win, p, market.Options{})
	slot := p.FirstFeature()
	at := p.Approach(slot)
	const item = 3
	centre := p.SlotItemCentre(slot, item)
	now := 0.0
	for _, profile := range []lens.Profile{lens.None(), lens.TV(), lens.Cardboard(), lens.HMD()} {
		profile.IPD = .068
		for _, back := range []float64{0, .5} {
			from := at
			from.Pos = r3.Sub(at.Pos, r3.Scale(back, r3.Vec{X: at.Ahead().X, Z: at.Ahead().Z}))
			s.SetHolding(slot, world.NoItem, world.Text{})
			empty := shootStereo(t, s, now, from, profile)
			s.SetHolding(slot, item, world.Text{})
			full := shootStereo(t, s, now+2, from, profile)
			now += 4
			var got, want [2]float64
			for side, eye := range profile.Eyes(w, h) {
				half := image.Rect(side*w/2, 0, (side+1)*w/2, h)
				tx, ty := tangents(from, eye.Offset, centre)
				cx, cy := profile.Through(lens.Side(side), w, h, tx, ty)
				want[side] = (cx + 1) / 2 * w / 2
				wantY := (1 - cy) / 2 * h
				// Only what is near: shadows and signs of it are elsewhere.
				near := image.Rect(-60, -60, 60, 60).Add(image.Pt(half.Min.X+int(want[side]), int(wantY)))
				x, y, n := middleOf(empty, full, near.Intersect(half))
				got[side] = x - float64(half.Min.X)
				// Its sign hangs above it: of the height only so much is known.
				if n < 100 || math.Abs(got[side]-want[side]) > 12 || math.Abs(y-wantY) > 45 {
					t.Errorf("%s, %v m back, eye %d: %d pixels changed around %.1f %.1f, expected around %.1f %.1f", profile.Name, back, side, n, got[side], y, want[side], wantY)
				}
			}
			gotD, wantD := got[0]-got[1], want[0]-want[1]
			t.Logf("%s, %.1f m away: the halves differ by %.1f pixels, expected %.1f", profile.Name, r3.Norm(r3.Sub(centre, from.Pos)), gotD, wantD)
			if math.Abs(gotD-wantD) > 2 {
				t.Errorf("%s, %v m back: the halves differ by %.1f pixels instead of %.1f", profile.Name, back, gotD, wantD)
			}
		}
	}
}

// The overlay hangs before both eyes at its depth, not across the window, and
// stays sharp however coarsely the market is drawn; the market stays where it is.
func TestStereoOverlayIsSeenByBothEyes(t *testing.T) {
	const w, h = 960, 540
	win := window(t, w, h, 0)
	p := demo(t, 400)
	for _, quality := range []market.Quality{market.Low, market.High} {
		s, err := market.NewScene(win, p, market.Options{Quality: quality})
		if err != nil {
			t.Fatal(err)
		}
		for _, profile := range []lens.Profile{lens.None(), lens.Cardboard()} {
			var whole *image.RGBA
			for _, resolution := range []float64{1, .6} {
				s.SetResolution(resolution)
				without, with := overlaid(t, s, profile)
				for side, eye := range profile.Eyes(w, h) {
					x, y, n := middleOf(without, with, image.Rect(side*w/2, 0, (side+1)*w/2, h))
					cx, cy := profile.Through(lens.Side(side), w, h, -eye.Offset/market.PanelDepth, 0)
					wantX, wantY := (cx+1)/2*w/2+float64(side*w/2), (1-cy)/2*h
					if n < 100 || math.Abs(x-wantX) > 1.5 || math.Abs(y-wantY) > 1.5 {
						t.Errorf("quality %d at %v, %s, eye %d: the panel's middle is at %.1f %.1f, expected %.1f %.1f (%d pixels)", quality, resolution, profile.Name, side, x, y, wantX, wantY, n)
					}
				}
				if whole == nil {
					whole = without
				} else if d := differ(whole, without, without.Rect); d > 14 || d == 0 {
					t.Errorf("quality %d, %s: at a lower resolution the market differs by %.1f of 255", quality, profile.Name, d)
				}
			}
		}
		s.Close()
		noErrors(t)
		if s.Objects() != 0 {
			t.Errorf("quality %d: %d objects are left", quality, s.Objects())
		}
	}
}

// overlaid takes a picture without and with a square in the panel's middle.
func overlaid(t *testing.T, s *market.Scene, profile lens.Profile) (without, with *image.RGBA) {
	_, _, pw, ph := profile.Panel(960, 540)
	panel := image.NewRGBA(image.Rect(0, 0, pw, ph))
	draw.Draw(panel, image.Rect(pw/2-12, ph/2-12, pw/2+12, ph/2+12), image.NewUniform(color.RGBA{255, 0, 255, 255}), image.Point{}, draw.Src)
	s.SetOverlay(nil, image.Rectangle{})
	without = shootStereo(t, s, 0, pose(0, 6, 0, 0), profile)
	s.SetOverlay(panel, panel.Rect)
	with = shootStereo(t, s, 0, pose(0, 6, 0, 0), profile)
	s.SetOverlay(nil, image.Rectangle{})
	return without, with
}

// A profile's objects come and go; without lenses there are none, and a frame
// allocates nothing.
func TestStereoFreesWhatItMakes(t *testing.T) {
	win := window(t, 480, 270, 0)
	s := scene(t, win, demo(t, 400), market.Options{Quality: market.Low})
	at := pose(0, 6, 0, 0)
	none, board, hmd := lens.None(), lens.Cardboard(), lens.HMD()
	for i := range 150 { // until all that is near has been loaded
		if err := s.DrawStereo(float64(i)*.1-100, at, world.DesktopLens(), []*lens.Profile{&none, &board, &hmd}[i%3]); err != nil {
			t.Fatal(err)
		}
	}
	most := 0
	for i := range 6 {
		shootStereo(t, s, 4+float64(6*i), at, none)
		plain := s.Objects()
		shootStereo(t, s, 6+float64(6*i), at, board)
		lenses := s.Objects()
		shootStereo(t, s, 8+float64(6*i), at, hmd)
		if s.Objects() != lenses || lenses <= plain {
			t.Errorf("round %d: %d objects without lenses, %d with, %d with others", i, plain, lenses, s.Objects())
		}
		if i == 0 {
			most = lenses
		} else if lenses != most {
			t.Errorf("round %d: %d objects, %d in the first", i, lenses, most)
		}
	}
	now := 100.0
	if n := testing.AllocsPerRun(30, func() {
		now += 1.0 / 60
		if err := s.DrawStereo(now, at, world.DesktopLens(), &hmd); err != nil {
			t.Fatal(err)
		}
	}); n > 0 {
		t.Errorf("%v allocations a frame", n)
	}
	s.Close()
	noErrors(t)
	if s.Objects() != 0 {
		t.Errorf("%d objects are left", s.Objects())
	}
}

// The arc of a teleport is seen, and goes; the fade and the vignette darken the
// world, the fade not the overlay.
func TestArcAndFade(t *testing.T) {
	win := window(t, 480, 270, 0)
	s := scene(t, win, demo(t, 400), market.Options{Quality: market.Low})
	at := pose(0, 6, 0, -.3)
	points := []r3.Vec{{X: .2, Y: 1.3, Z: 5.8}, {X: .15, Y: 1.2, Z: 4.8}, {X: .1, Y: .7, Z: 3.8}, {Y: 0, Z: 3}}
	without := shoot(t, s, 0, at)
	s.SetArc(points, points[3], true)
	with := shoot(t, s, 2, at)
	x, y, _ := s.Project(points[3])
	ring := image.Rect(-40, -14, 40, 14).Add(image.Pt(int(x), int(y)))
	if d := differ(without, with, ring); d < 5 {
		t.Errorf("the ring changes the ground by only %.1f of 255", d)
	}
	s.SetArc(nil, r3.Vec{}, false)
	if d := differ(without, shoot(t, s, 4, at), ring); d > .5 {
		t.Errorf("the ring stays: %.1f of 255", d)
	}
	s.SetVignette(1)
	if a, b := mean(without, image.Rect(0, 240, 40, 270)), mean(shoot(t, s, 5, at), image.Rect(0, 240, 40, 270)); b[0] > .7*a[0] {
		t.Errorf("the vignette leaves the corner at %v of %v", b, a)
	}
	s.SetVignette(0)
	hud := image.NewRGBA(image.Rect(0, 0, 480, 270))
	draw.Draw(hud, image.Rect(100, 100, 120, 120), image.NewUniform(color.RGBA{255, 0, 0, 255}), image.Point{}, draw.Src)
	s.SetOverlay(hud, hud.Rect)
	s.SetFade(1)
	img := shoot(t, s, 6, at)
	if m := mean(img, image.Rect(200, 150, 400, 250)); m[0]+m[1]+m[2] > 1 {
		t.Errorf("faded out the world is %v", m)
	}
	if img.RGBAAt(110, 110) != (color.RGBA{255, 0, 0, 255}) {
		t.Error("the overlay fades with the world")
	}
}

// The stereo picture is what it was: see TestGoldenPictures.
func TestGoldenStereo(t *testing.T) {
	win := window(t, 640, 360, 0)
	p := demo(t, 400)
	s := scene(t, win, p, market.Options{})
	img := shootStereo(t, s, 1, p.Approach(0), lens.HMD())
	path := filepath.Join("testdata", "stereo-hmd.png")
	if *update {
		save(t, img, path)
		return
	}
	want, err := readPicture(path)
	if err != nil {
		t.Fatalf("%v; make it with -update", err)
	}
	if h := hold(t, want, img); !h.passes() {
		out := filepath.Join(failures, "stereo-hmd")
		save(t, want, out+"-want.png")
		save(t, img, out+"-got.png")
		save(t, h.Heat(), out+"-difference.png")
		save(t, h.Sheet(want, img, h.window), out+".png")
		t.Errorf("stereo differs from its golden picture: %v; see %s.png", &h, out)
	}
}

// Pictures to look at, with -shots.
func TestStereoShots(t *testing.T) {
	if *shots == "" {
		t.Skip("no -shots folder given: nothing to write")
	}
	win := window(t, 1280, 720, 0)
	p := demo(t, 2000)
	s := scene(t, win, p, market.Options{})
	var arc look.Arc
	at := pose(0, 6, 10, -4)
	arc.Aim(at.Pos, at.Ahead(), p.Walkable)
	s.SetArc(arc.Points[:arc.N], arc.Target, arc.Valid)
	save(t, shoot(t, s, 0, at), filepath.Join(*shots, "arc.png"))
	save(t, shootStereo(t, s, 0, at, lens.Cardboard()), filepath.Join(*shots, "arc-stereo.png"))
	s.SetArc(nil, r3.Vec{}, false)
	for _, profile := range lens.Builtin() {
		save(t, shootStereo(t, s, 1, p.Approach(0), profile), filepath.Join(*shots, "stereo-"+profile.Name+"-row.png"))
		save(t, shootStereo(t, s, 3, pose(0, 6, 0, 0), profile), filepath.Join(*shots, "stereo-"+profile.Name+"-spawn.png"))
	}
}

func BenchmarkStereo(b *testing.B) {
	at := pose(0, 6, 0, 0)
	run := func(name string, draw func(s *market.Scene, t float64) error) {
		b.Run(name, func(b *testing.B) {
			win := window(b, 1280, 720, 0)
			s := scene(b, win, demo(b, 2000), market.Options{})
			for i := range 60 { // until nothing is on its way any more
				if err := draw(s, float64(i-60)/60); err != nil {
					b.Fatal(err)
				}
				s.Settle(at, world.DesktopLens())
			}
			frames(b, win, func(i int) {
				if err := draw(s, float64(i)/60); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
	// The baseline: one eye over the whole window.
	run("mono", func(s *market.Scene, t float64) error { s.Draw(t, at, world.DesktopLens()); return nil })
	for _, profile := range lens.Builtin() {
		run(profile.Name, func(s *market.Scene, t float64) error { return s.DrawStereo(t, at, world.DesktopLens(), &profile) })
	}
}
