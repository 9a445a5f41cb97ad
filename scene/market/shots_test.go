//go:build cgo

package market_test

import (
	"flag"
	"image"
	"image/draw"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/market"
	"souk/scene/market/model"
	"souk/world"
	"souk/world/catalog"
	"souk/world/plan"
)

var (
	shots  = flag.String("shots", "", "folder to write screenshots to")
	update = flag.Bool("update", false, "write the golden pictures anew")
)

// demo is the plan of the demo market.
func demo(tb testing.TB, items int) *plan.Plan {
	tb.Helper()
	c, err := catalog.Generate(items, 1)
	if err != nil {
		tb.Fatal(err)
	}
	p, err := plan.New(c, 1)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// window opens a window, or skips the test where there is no display. What
// OpenGL calls an error in it fails a test; a benchmark pays nothing for that.
func window(tb testing.TB, w, h, samples int) *market.Window {
	tb.Helper()
	if os.Getenv("DISPLAY") == "" {
		tb.Skip("no display: set DISPLAY, for instance to an Xvfb")
	}
	win, err := market.Open(market.WindowOptions{Title: "Souk", Width: w, Height: h, Hidden: true, Samples: samples, Debug: isTest(tb)})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		for _, c := range win.Complaints() {
			tb.Errorf("OpenGL complains: %s", c)
		}
		win.Close()
	})
	return win
}

func isTest(tb testing.TB) bool {
	_, ok := tb.(*testing.T)
	return ok
}

// scene builds the market in a window; it is closed before the window.
func scene(tb testing.TB, win *market.Window, p *plan.Plan, o market.Options) *market.Scene {
	tb.Helper()
	s, err := market.NewScene(win, p, o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(s.Close)
	return s
}

func save(tb testing.TB, img image.Image, path string) {
	tb.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		tb.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		tb.Fatal(err)
	}
}

// pose is a place to look from: metres and degrees.
func pose(x, z, yaw, pitch float64) world.Pose {
	return world.Upright(r3.Vec{X: x, Y: 1.65, Z: z}, yaw*math.Pi/180, pitch*math.Pi/180)
}

var places = []struct {
	name string
	pose world.Pose
}{
	{"spawn", pose(0, 6, 0, 0)},
	{"plaza", pose(-5, 4, -50, -2)},
	{"aisle", pose(8, -12.7, -75, -4)},
	{"stall", pose(8.4, -11.6, 20, -8)},
	{"street", pose(0, -9, 8, 4)},
	{"back", pose(1, -6, 170, 2)},
	{"goods", pose(5.6, -6.6, 10, -14)},
	{"row", pose(-9.6, 6.4, 170, -12)},
}

// TestShots writes pictures of the market to the folder of -shots.
func TestShots(t *testing.T) {
	if *shots == "" {
		t.Skip("no -shots folder given")
	}
	win := window(t, 1280, 720, 0)
	p := demo(t, 2000)
	s := scene(t, win, p, market.Options{})
	n := 0
	for i := p.FirstFeature(); int(i) < len(p.Slots); i++ {
		s.SetHolding(i, world.ItemIndex(n*37%2000), world.Text{EN: "for you · because you looked at lamps", ZH: "为你推荐 · 因为你看过灯"})
		n++
	}
	s.SetAvatars([]market.Avatar{
		{ID: 1, Name: "Mei Lan 美兰", Pose: pose(2.2, -1.5, 150, 0), Colour: world.RGB{R: .2, G: .45, B: .6}, Speed: 1.2},
		{ID: 2, Name: "Okoro", Pose: pose(-2.6, -4.4, -60, 0), Colour: world.RGB{R: .75, G: .35, B: .2}, Speed: 1.1},
		{ID: 3, Name: "Ada", Pose: pose(10.8, -12.2, 90, 0), Colour: world.RGB{R: .5, G: .3, B: .55}},
	})
	for _, q := range places {
		s.SetFocus(world.NoSlot, 0)
		if q.name == "stall" || q.name == "row" {
			s.SetFocus(nearest(p, q.pose), 1)
		}
		for i := range 12 {
			s.Draw(float64(i)*.1, q.pose, world.DesktopLens())
		}
		save(t, s.Screenshot(), filepath.Join(*shots, q.name+".png"))
		t.Logf("%s: %+v", q.name, s.Stats())
	}
}

// nearest is the shelf slot closest to the line of sight of a pose within 6 m.
func nearest(p *plan.Plan, q world.Pose) world.SlotIndex {
	best, at := world.NoSlot, -1.0
	for i := range p.FirstFeature() {
		d := r3.Sub(p.SlotItemCentre(i, p.Slots[i].Item), q.Pos)
		facing := world.Upright(r3.Vec{}, p.Slots[i].Yaw, 0).Ahead()
		if l := r3.Norm(d); l < 6 && r3.Dot(d, facing) < 0 {
			if c := r3.Dot(d, q.Ahead()) / l; c > at {
				best, at = i, c
			}
		}
	}
	return best
}

// TestContactSheet writes three things of each family on a pedestal.
func TestContactSheet(t *testing.T) {
	if *shots == "" {
		t.Skip("no -shots folder given")
	}
	const edge, each, across = 150, 3, 4
	win := window(t, edge, edge, 0)
	p := demo(t, 2000)
	s := scene(t, win, p, market.Options{})
	families := model.Families()
	rows := (len(families) + across - 1) / across
	sheet := image.NewRGBA(image.Rect(0, 0, across*each*edge, rows*edge))
	slot := p.FirstFeature() + 1
	lens := world.Lens{FovY: math.Pi / 6, Aspect: 1, Far: 40}
	now := 0.0
	for f, family := range families {
		n := 0
		for i := range p.Catalog().Items {
			it := &p.Catalog().Items[i]
			if n == each || p.Catalog().Categories[it.Category].Family != family {
				continue
			}
			s.SetHolding(slot, world.ItemIndex(i), world.Text{})
			size := p.ItemSize(slot, world.ItemIndex(i))
			centre := p.SlotItemCentre(slot, world.ItemIndex(i))
			away := 2.3 * max(size.X, size.Y, size.Z, .12)
			eye := r3.Add(centre, r3.Scale(away, p.Approach(slot).Rotate(r3.Vec{Z: .92, Y: .38})))
			d := r3.Unit(r3.Sub(centre, eye))
			look := world.Upright(eye, math.Atan2(-d.X, -d.Z), math.Asin(d.Y))
			// Each is seen at the same turn: half a right angle.
			now = math.Ceil(now/(4*math.Pi)+.2)*4*math.Pi + .9
			for range 14 {
				s.Draw(now, look, lens)
				now += .1
			}
			at := image.Pt((f%across*each+n)*edge, f/across*edge)
			draw.Draw(sheet, image.Rectangle{at, at.Add(image.Pt(edge, edge))}, s.Screenshot(), image.Point{}, draw.Src)
			n++
		}
	}
	save(t, sheet, filepath.Join(*shots, "families.png"))
}
