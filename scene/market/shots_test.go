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

var shots = flag.String("shots", "", "folder to write screenshots to")

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
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(f, img); err != nil {
		tb.Fatal(err)
	}
}

// pose is a place to look from: metres and degrees.
func pose(x, z, yaw, pitch float64) world.Pose {
	return world.Upright(r3.Vec{X: x, Y: 1.65, Z: z}, yaw*math.Pi/180, pitch*math.Pi/180)
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
