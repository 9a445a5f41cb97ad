//go:build cgo

package market_test

import (
	"flag"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"souk/scene/market"
	"souk/world"
	"souk/world/plan"
)

var (
	hours = flag.String("hours", "9,16.5,19.5,22", "hours of TestPosters")
	crowd = flag.Int("items", 2000, "items of TestPosters' market")
)

// posters are where TestPosters stands: the spawn, an aisle, the far edge.
func posters(p *plan.Plan) map[string]world.Pose {
	far := p.Aisles[len(p.Aisles)-1]
	return map[string]world.Pose{
		"spawn":  pose(0, 6, 0, 3),
		"plaza":  pose(-5, 4, -50, 2),
		"aisle":  pose(8, -12.7, -75, -2),
		"street": pose(0, -9, 8, 6),
		"guide":  pose(.5, -3.5, 2, 10),
		"back":   pose(0, -16, 178, 6),
		"edge":   pose(p.Bounds.Max.X-1.2, p.Bounds.Min.Z+2, 125, 4),
		"deep":   pose(far.To.X, far.To.Z, 60, 2),
		"people": pose(-.6, 1.2, -35, -4),
		"faces":  pose(5.0, -5.0, 168, -7),
	}
}

// TestPosters writes the market through a day to the folder of -shots:
//
//	go test ./scene/market -run TestPosters -args -shots /tmp/posters -hours 19.5 -items 50000
func TestPosters(t *testing.T) {
	if *shots == "" {
		t.Skip("no -shots folder given")
	}
	win := window(t, 1280, 720, 0)
	p := demo(t, *crowd)
	for _, h := range strings.Split(*hours, ",") {
		hour, err := strconv.ParseFloat(h, 64)
		if err != nil {
			t.Fatal(err)
		}
		s := scene(t, win, p, market.Options{Hour: hour})
		n := 0
		for i := p.FirstFeature(); int(i) < len(p.Slots); i++ {
			if n++; n%3 > 0 {
				s.SetHolding(i, world.ItemIndex(n*37%*crowd), world.Text{EN: "for you · because you looked at lamps", ZH: "为你推荐 · 因为你看过灯"})
			}
		}
		s.SetAvatars(passersBy())
		for name, q := range posters(p) {
			for i := range 12 {
				s.Draw(float64(i)*.1, q, world.DesktopLens())
			}
			save(t, s.Screenshot(), filepath.Join(*shots, fmt.Sprintf("%s-%s.png", h, name)))
			t.Logf("%s at %s: %+v", name, h, s.Stats())
		}
		s.Close()
	}
}

// passersBy are people on the plaza, walking and standing.
func passersBy() []market.Avatar {
	var all []market.Avatar
	for i, a := range [][5]float64{{2.2, -1.5, 150, 0, 1.2}, {-2.6, -4.4, -60, -10, 1.1}, {10.8, -12.2, 90, 5, 0}, {.9, -2.2, 70, 0, 0}, {1.9, -1.2, -120, -5, 0}, {-1.4, -9, 170, 0, 1.4}, {3.1, -11, 20, 0, 1.3}, {5.2, -3.4, -20, -25, 0}, {4.3, -2.9, 5, 0, 0}, {5.9, -2.7, 0, 0, 1.3}, {4.8, -2.2, -10, 0, 2.6}, {-4.4, 2.6, 30, 0, 2.4}} {
		name := [...]string{"Mei Lan 美兰", "Okoro", "Ada", "林晓", "Jonas", "Priya", "Sofia", "王芳", "Ines", "Kofi", "Yuki", "Tom"}[i]
		c := [...]world.RGB{{R: .2, G: .45, B: .6}, {R: .75, G: .35, B: .2}, {R: .5, G: .3, B: .55}, {R: .85, G: .65, B: .25}, {R: .25, G: .5, B: .35}, {R: .75, G: .25, B: .4}, {R: .3, G: .35, B: .6}, {R: .8, G: .75, B: .65}, {R: .45, G: .2, B: .22}, {R: .3, G: .45, B: .5}, {R: .65, G: .5, B: .3}, {R: .2, G: .25, B: .3}}[i]
		all = append(all, market.Avatar{ID: uint64(i + 1), Name: name, Pose: pose(a[0], a[1], a[2], a[3]), Colour: c, Speed: a[4]})
	}
	return all
}
