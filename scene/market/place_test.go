//go:build cgo

package market

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/market/model"
	"souk/world"
)

// Nothing that stands in the market can be walked through: what reaches below
// people's heads stands where the plan lets nobody stand.
func TestNothingStandsWherePeopleWalk(t *testing.T) {
	for _, items := range []int{400, 2000, 50000} {
		p := planOf(t, items)
		l := lightAt(DefaultHour)
		for i, q := range surroundings(p, &l) {
			var b model.Builder
			q.build(&b, true)
			for _, v := range b.Mesh.Vertices {
				at := r3.Vec{X: float64(v.X), Z: float64(v.Z)}
				if v.Y < 2.2 && v.Y >= 0 && p.Walkable(at) {
					t.Fatalf("%d items: thing %d has a corner at %.2f, %.2f, %.2f, where one can walk", items, i, v.X, v.Y, v.Z)
				}
			}
		}
	}
}

// Each district has a landmark, which looks over the roofs and over the wall.
func TestEachDistrictHasItsLandmark(t *testing.T) {
	for _, items := range []int{400, 2000, 50000} {
		p := planOf(t, items)
		all := landmarksOf(p, gapsOf(p))
		if len(all) != len(p.Districts) {
			t.Errorf("%d items: %d landmarks for %d districts", items, len(all), len(p.Districts))
		}
		for _, m := range all {
			var b model.Builder
			m.build(&b, p, false)
			if top := b.Mesh.Bounds().Max.Y; top < 9 || top > 24 {
				t.Errorf("the landmark of %s is %.1f m high", p.Districts[m.district].Name.EN, top)
			}
		}
	}
	if len(towers) < 13 {
		t.Errorf("%d kinds of landmark for 13 districts", len(towers))
	}
}

// built is a thing of the surroundings in both its forms.
type built struct {
	near, far    model.Mesh
	centre, half r3.Vec
	reach        float64
}

func buildAll(list []standing) (all []built) {
	for _, q := range list {
		var n, f model.Builder
		q.build(&n, true)
		q.build(&f, false)
		box := n.Mesh.Bounds()
		all = append(all, built{n.Mesh, f.Mesh, box.Center(), r3.Scale(.5, r3.Sub(box.Max, box.Min)), q.reach})
	}
	return all
}

// seenTriangles counts what a pose pays for: triangles of the surroundings that
// face the eye, of things within reach and the view's cone; near ones in full.
func seenTriangles(list []built, pose world.Pose, near float64) (seen int) {
	var cam camera
	cam.look(pose, world.DesktopLens(), far, 720)
	for i := range list {
		q := &list[i]
		d := r3.Sub(cam.eye, q.centre)
		gap := r3.Norm(v3(max(0, abs(d.X)-q.half.X), max(0, abs(d.Y)-q.half.Y), max(0, abs(d.Z)-q.half.Z)))
		if q.reach > 0 && gap > q.reach || !cam.sees(q.centre, q.half) {
			continue
		}
		m := &q.near
		if gap > near {
			m = &q.far
		}
		at := func(i uint32) r3.Vec {
			v := m.Vertices[i]
			return v3(float64(v.X), float64(v.Y), float64(v.Z))
		}
		for k := 0; k+2 < len(m.Indices); k += 3 {
			p, q, r := at(m.Indices[k]), at(m.Indices[k+1]), at(m.Indices[k+2])
			if r3.Dot(r3.Cross(r3.Sub(q, p), r3.Sub(r, p)), r3.Sub(cam.eye, p)) > 0 {
				seen++
			}
		}
	}
	return seen
}

// On software OpenGL each triangle in view costs a third of a microsecond: all
// that stands around the stalls keeps to 4,500 of them from anywhere, most of those behind roofs, and to
// 2,500 on the whole.
func TestSurroundingsKeepToTheirTriangles(t *testing.T) {
	for _, items := range []int{2000, 50000} {
		p := planOf(t, items)
		l := lightAt(19.5)
		list := buildAll(surroundings(p, &l))
		places := []r3.Vec{{Y: 1.65, Z: 5}, {X: 8, Y: 1.65, Z: -12.7}, {X: p.Bounds.Max.X - 2, Y: 1.65, Z: p.Bounds.Min.Z + 2}, {Y: 1.65, Z: p.Bounds.Max.Z - 2}, {X: p.Bounds.Min.X + 30, Y: 1.65, Z: -19}}
		most, sum, n := 0, 0, 0
		for _, at := range places {
			for k := range 8 {
				seen := seenTriangles(list, world.Upright(at, float64(k)*math.Pi/4, 0), 18)
				most, sum, n = max(most, seen), sum+seen, n+1
			}
		}
		t.Logf("%d items: %d things, at most %d triangles in view, %d on the whole", items, len(list), most, sum/n)
		if most > 4500 || sum/n > 2500 {
			t.Errorf("%d items: %d triangles in view, %d on the whole", items, most, sum/n)
		}
	}
}

// What a start pays for the surroundings of 50,000 items' stalls, and for the
// words of their signs.
func BenchmarkSurroundings(b *testing.B) {
	p := planOf(b, 50000)
	l := lightAt(19.5)
	b.ReportAllocs()
	for b.Loop() {
		var s static
		var all pieces
		s.standing(surroundings(p, &l), &all)
		b.ReportMetric(float64(len(all.vertices)), "vertices")
		b.ReportMetric(float64(len(s.chunks)), "things")
	}
}

// A baseline: the same corners and triangles copied.
func BenchmarkSurroundingsCopied(b *testing.B) {
	p := planOf(b, 50000)
	l := lightAt(19.5)
	var s static
	var all pieces
	s.standing(surroundings(p, &l), &all)
	b.ReportAllocs()
	for b.Loop() {
		v := append([]vertex(nil), all.vertices...)
		i := append([]uint32(nil), all.indices...)
		if len(v) == 0 || len(i) == 0 {
			b.Fatal("nothing was built")
		}
	}
}
