//go:build cgo

package market_test

import (
	"fmt"
	"testing"

	"github.com/g3n/engine/camera"
	"github.com/g3n/engine/core"
	"github.com/g3n/engine/geometry"
	"github.com/g3n/engine/gls"
	"github.com/g3n/engine/graphic"
	"github.com/g3n/engine/light"
	"github.com/g3n/engine/material"
	"github.com/g3n/engine/math32"
	"github.com/g3n/engine/renderer"
	"github.com/go-gl/gl/v3.3-core/gl"
	"golang.org/x/sys/unix"

	"souk/scene/market"
	"souk/world"
	"souk/world/plan"
)

// cpu is the processor time of this process in milliseconds: on a busy
// machine it says more than the clock.
func cpu() float64 {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e6
}

// frames runs draw once a round and reports wall and processor milliseconds a frame.
func frames(b *testing.B, win *market.Window, draw func(i int)) {
	b.Helper()
	for i := range 5 {
		draw(i)
		win.SwapBuffers()
	}
	gl.Finish()
	b.ReportAllocs()
	from := cpu()
	n := 0
	for b.Loop() {
		draw(n)
		gl.Finish()
		win.SwapBuffers()
		n++
	}
	b.ReportMetric((cpu()-from)/float64(n), "cpu-ms/frame")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/1e6/float64(n), "ms/frame")
	b.ReportMetric(0, "ns/op")
}

// benchScene draws a pose of the market of 50,000 items.
func benchScene(b *testing.B, at string, q market.Quality, without ...string) {
	win := window(b, 1280, 720, 0)
	p := demo(b, 50000)
	s := scene(b, win, p, market.Options{Quality: q})
	pose := posters(p)[at]
	s.SetAvatars(passersBy())
	s.Settle(pose, world.DesktopLens())
	for _, layer := range without {
		market.Without(s, layer)
	}
	frames(b, win, func(i int) { s.Draw(float64(i)/60, pose, world.DesktopLens()) })
	b.ReportMetric(float64(s.Stats().DrawCalls), "draws")
	b.ReportMetric(float64(s.Stats().Triangles), "triangles")
}

// BenchmarkFloor is an empty frame, clear and swap: as Souk opens its window,
// and with the eight samples a pixel that g3n's window always has.
func BenchmarkFloor(b *testing.B) {
	for _, samples := range []int{0, 4, 8} {
		b.Run(fmt.Sprintf("samples=%d", samples), func(b *testing.B) {
			win := window(b, 1280, 720, samples)
			frames(b, win, func(i int) {
				gl.ClearColor(.2, .3, float32(i%100)/100, 1)
				gl.Clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT)
			})
		})
	}
}

// BenchmarkFrame is a frame of the market in each quality, standing still.
func BenchmarkFrame(b *testing.B) {
	for _, at := range []string{"spawn", "aisle"} {
		for _, q := range []struct {
			name string
			q    market.Quality
		}{{"low", market.Low}, {"medium", market.Medium}, {"high", market.High}, {"ultra", market.Ultra}} {
			b.Run(at+"/"+q.name, func(b *testing.B) { benchScene(b, at, q.q) })
		}
	}
}

// BenchmarkWithout is a frame with one layer left out: what the layer costs is
// the difference to all of them.
func BenchmarkWithout(b *testing.B) {
	for _, at := range []string{"spawn", "aisle"} {
		b.Run(at+"/nothing", func(b *testing.B) { benchScene(b, at, market.Medium) })
		for _, l := range market.Layers() {
			b.Run(at+"/"+l, func(b *testing.B) { benchScene(b, at, market.Medium, l) })
		}
	}
}

// BenchmarkNaive is the engine's own way: a g3n mesh for each of the 50,000
// items and each stall, bare cubes, drawn by g3n's renderer: as a walker sees them, where
// g3n leaves out what is outside of the field of view, and all of them from above.
func BenchmarkNaive(b *testing.B) {
	b.Run("walker", func(b *testing.B) {
		benchNaive(b, math32.Vector3{Y: 1.65, Z: 6}, math32.Vector3{Y: 1.65}, math32.Vector3{Y: 1})
	})
	b.Run("above", func(b *testing.B) { benchNaive(b, math32.Vector3{Y: 260}, math32.Vector3{}, math32.Vector3{Z: -1}) })
}

func benchNaive(b *testing.B, eye, at, up math32.Vector3) {
	win := window(b, 1280, 720, 0)
	p := demo(b, 50000)
	gs, err := gls.New()
	if err != nil {
		b.Fatal(err)
	}
	r := renderer.NewRenderer(gs)
	if err := r.AddDefaultShaders(); err != nil {
		b.Fatal(err)
	}
	root := core.NewNode()
	naive(root, p)
	root.Add(light.NewAmbient(&math32.Color{R: 1, G: 1, B: 1}, .6))
	sun := light.NewDirectional(&math32.Color{R: 1, G: .9, B: .8}, 1)
	sun.SetPosition(1, 2, 1)
	root.Add(sun)
	gs.ClearColor(.5, .6, .8, 1)
	cam := camera.NewPerspective(1280.0/720, .1, 400, 60, camera.Vertical)
	cam.SetPositionVec(&eye)
	cam.LookAt(&at, &up)
	root.Add(cam)
	frames(b, win, func(int) {
		gs.Clear(gls.COLOR_BUFFER_BIT | gls.DEPTH_BUFFER_BIT)
		if err := r.Render(root, cam); err != nil {
			b.Fatal(err)
		}
	})
}

func naive(root *core.Node, p *plan.Plan) {
	cube := func(box world.Box, c world.RGB) {
		g := geometry.NewBox(float32(box.Max.X-box.Min.X), float32(box.Max.Y-box.Min.Y), float32(box.Max.Z-box.Min.Z))
		m := graphic.NewMesh(g, material.NewStandard(&math32.Color{R: c.R, G: c.G, B: c.B}))
		q := box.Center()
		m.SetPosition(float32(q.X), float32(q.Y), float32(q.Z))
		root.Add(m)
	}
	for i := range p.FirstFeature() {
		q, size := p.SlotItemCentre(i, p.Slots[i].Item), p.ItemSize(i, p.Slots[i].Item)
		var box world.Box
		box.Min.X, box.Min.Y, box.Min.Z = q.X-size.X/2, q.Y-size.Y/2, q.Z-size.Z/2
		box.Max.X, box.Max.Y, box.Max.Z = q.X+size.X/2, q.Y+size.Y/2, q.Z+size.Z/2
		cube(box, p.Catalog().Items[p.Slots[i].Item].Look.Primary)
	}
	for i := range p.Stalls {
		cube(p.Stalls[i].Box, p.Districts[p.Stalls[i].District].Colour)
	}
}
