package plan_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"
	"pgregory.net/rapid"

	"souk/world"
	"souk/world/catalog"
	"souk/world/plan"
)

// free says whether a body at that place is off every stall and pedestal and
// within the bounds, without the plan's index.
func free(p *plan.Plan, q r3.Vec) bool {
	const r = plan.BodyRadius - 1e-6
	off := func(x0, z0, x1, z1 float64) bool {
		return math.Hypot(q.X-max(x0, min(x1, q.X)), q.Z-max(z0, min(z1, q.Z))) >= r
	}
	for i := range p.Stalls {
		if b := p.Stalls[i].Box; !off(b.Min.X, b.Min.Z, b.Max.X, b.Max.Z) {
			return false
		}
	}
	const h = plan.PedestalWidth / 2
	for _, s := range p.Slots[p.FirstFeature():] {
		if !off(s.Pos.X-h, s.Pos.Z-h, s.Pos.X+h, s.Pos.Z+h) {
			return false
		}
	}
	b := p.Bounds
	return q.X >= b.Min.X+r && q.X <= b.Max.X-r && q.Z >= b.Min.Z+r && q.Z <= b.Max.Z-r
}

// TestWalksStayOutOfStalls holds that no walk, however wild, ends inside
// anything, and that it keeps the height.
func TestWalksStayOutOfStalls(t *testing.T) {
	p := market(t, 800)
	rapid.Check(t, func(t *rapid.T) {
		pos := p.Spawn.Pos
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			step := r3.Vec{X: rapid.Float64Range(-6, 6).Draw(t, "x"), Z: rapid.Float64Range(-6, 6).Draw(t, "z")}
			to := p.Move(pos, step)
			if !free(p, to) || to.Y != pos.Y {
				t.Fatalf("from %v by %v to %v", pos, step, to)
			}
			if d := r3.Norm(r3.Sub(to, pos)); d > r3.Norm(step)*1.5+.7 {
				t.Fatalf("from %v by %v to %v: %.2f m", pos, step, to, d)
			}
			pos = to
		}
	})
}

// TestMoveSlidesAlongAFront holds that a walker who heads obliquely into a
// stall goes on along it.
func TestMoveSlidesAlongAFront(t *testing.T) {
	p := market(t, 800)
	s := &p.Stalls[len(p.Stalls)/2]
	out := world.Upright(r3.Vec{}, s.Yaw, 0).Ahead()
	from := r3.Add(s.Front(), r3.Scale(.5, out))
	from.Y = plan.EyeHeight
	to := p.Move(from, r3.Add(r3.Vec{X: 1}, r3.Scale(-1, out)))
	if to.X-from.X < .8 || !free(p, to) {
		t.Errorf("from %v to %v: it does not slide", from, to)
	}
	if got := p.Move(from, r3.Vec{X: math.NaN()}); got != from {
		t.Errorf("a step of NaN moved to %v", got)
	}
	if got := p.Move(s.Box.Center(), r3.Vec{}); !free(p, got) {
		t.Errorf("a walk from inside a stall stays at %v", got)
	}
	if n := testing.AllocsPerRun(20, func() { p.Move(from, r3.Vec{X: 3, Z: 2}) }); n != 0 {
		t.Errorf("Move allocates %v times", n)
	}
}

// TestAnyTwoPlacesReachEachOther holds that a path leads between any two
// walkable places, over walkable ground all along.
func TestAnyTwoPlacesReachEachOther(t *testing.T) {
	p := market(t, 800)
	b := p.Bounds
	place := rapid.Custom(func(t *rapid.T) r3.Vec {
		return r3.Vec{X: rapid.Float64Range(b.Min.X, b.Max.X).Draw(t, "x"), Y: 1.5, Z: rapid.Float64Range(b.Min.Z, b.Max.Z).Draw(t, "z")}
	}).Filter(p.Walkable)
	rapid.Check(t, func(t *rapid.T) {
		from, to := place.Draw(t, "from"), place.Draw(t, "to")
		path := p.Path(nil, from, to)
		if len(path) == 0 || path[len(path)-1] != to {
			t.Fatalf("no path from %v to %v: %v", from, to, path)
		}
		at, length := from, 0.0
		for _, q := range path {
			d := r3.Norm(r3.Sub(q, at))
			for s := 0.0; s < d; s += .02 {
				if m := r3.Add(at, r3.Scale(s/d, r3.Sub(q, at))); !free(p, m) {
					t.Fatalf("the path from %v to %v leads through %v", from, to, m)
				}
			}
			at, length = q, length+d
		}
		// In a market of parallel rows no way is much longer than along its streets.
		if most := 2*(math.Abs(from.X-to.X)+math.Abs(from.Z-to.Z)) + 70; length > most {
			t.Fatalf("the path from %v to %v is %.0f m long", from, to, length)
		}
	})
}

// TestPedestalsAreAlwaysInView holds that from the middle of an aisle, looking
// along it either way, the placement has something to place on.
func TestPedestalsAreAlwaysInView(t *testing.T) {
	p := market(t, 2000)
	v, h := p.NewViewer(), p.NewHolding()
	var near [12]int
	poses := 0
	for _, a := range p.Aisles {
		for k := range 5 {
			pos := r3.Add(a.From, r3.Scale(float64(k)/4, r3.Sub(a.To, a.From)))
			pos.Y = plan.EyeHeight
			for _, yaw := range []float64{math.Pi / 2, -math.Pi / 2} {
				n := 0
				for _, w := range v.Visible(nil, h, world.Upright(pos, yaw, 0), world.DesktopLens()) {
					if w.Slot >= p.FirstFeature() && w.Distance < 12 {
						n++
					}
				}
				poses++
				near[min(n, len(near)-1)]++
			}
		}
	}
	t.Logf("pedestals within 12 m in view, poses by number: %v of %d", near, poses)
	// At an aisle's outer end, looking out, there is nothing but the edge of the market.
	if few := near[0] + near[1]; few*5 > poses*2 {
		t.Errorf("%d of %d poses have fewer than two pedestals in view", few, poses)
	}
}

// TestPlansAreRepeatable holds that equal input gives an equal plan and
// another seed another.
func TestPlansAreRepeatable(t *testing.T) {
	c, err := catalog.Generate(700, 3)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := plan.New(c, 5)
	b, _ := plan.New(c, 5)
	d, _ := plan.New(c, 6)
	if a.Fingerprint() != b.Fingerprint() || a.Fingerprint() == d.Fingerprint() {
		t.Errorf("fingerprints: %s, %s, other seed %s", a.Fingerprint(), b.Fingerprint(), d.Fingerprint())
	}
	if _, err := plan.New(nil, 1); err == nil {
		t.Error("a plan of no catalogue is no error")
	}
}

// TestOneCategoryStillMakesAWholeMarket holds that a catalogue of a single
// root surrounds the plaza.
func TestOneCategoryStillMakesAWholeMarket(t *testing.T) {
	demo, err := catalog.Generate(1500, 1)
	if err != nil {
		t.Fatal(err)
	}
	items := slices.Clone(demo.Items)
	for i := range items {
		items[i].Category = 0
	}
	c, err := catalog.Assemble("one", items, []world.Category{{ID: "all", Name: world.Text{EN: "All"}, Parent: world.NoCategory}}, demo.Sellers)
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.New(c, 1)
	if err != nil {
		t.Fatal(err)
	}
	b := p.Bounds
	if len(p.Districts) != 4 || b.Min.X > -10 || b.Max.X < 10 || b.Min.Z > -15 || b.Max.Z < 15 {
		t.Errorf("%d districts within %v", len(p.Districts), b)
	}
}

// TestItemsStandApart holds that neighbours on a shelf are at least 4° apart
// for a visitor who stands 1.5 m before them, and that stalls do not overlap.
func TestItemsStandApart(t *testing.T) {
	p := market(t, 2000)
	for i := range p.Stalls {
		s := &p.Stalls[i]
		eye := r3.Add(s.Front(), r3.Scale(1.5, world.Upright(r3.Vec{}, s.Yaw, 0).Ahead()))
		eye.Y = plan.EyeHeight
		for a := s.FirstSlot; a < s.FirstSlot+world.SlotIndex(s.Slots); a++ {
			for b := a + 1; b < s.FirstSlot+world.SlotIndex(s.Slots); b++ {
				da := r3.Sub(p.SlotItemCentre(a, p.Slots[a].Item), eye)
				db := r3.Sub(p.SlotItemCentre(b, p.Slots[b].Item), eye)
				if deg := math.Acos(r3.Cos(da, db)) * 180 / math.Pi; deg < 4 {
					t.Errorf("stall %d: slots %d and %d are %.1f° apart", i, a, b, deg)
				}
			}
		}
		for j := range i {
			q, w := s.Box, p.Stalls[j].Box
			if q.Min.X < w.Max.X && w.Min.X < q.Max.X && q.Min.Z < w.Max.Z && w.Min.Z < q.Max.Z {
				t.Errorf("stalls %d and %d overlap", i, j)
			}
		}
	}
}

// BenchmarkPath is across the whole market, from the spawn to its far end.
func BenchmarkPath(b *testing.B) {
	for _, items := range []int{2000, 50000} {
		p := market(b, items)
		to := p.Approach(p.Stalls[len(p.Stalls)-1].FirstSlot).Pos
		b.Run(fmt.Sprintf("items=%d", items), func(b *testing.B) {
			var path []r3.Vec
			for b.Loop() {
				path = p.Path(path[:0], p.Spawn.Pos, to)
			}
			b.ReportMetric(float64(len(path)), "points")
		})
	}
}

func BenchmarkNew(b *testing.B) {
	c, err := catalog.Generate(50000, 1)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := plan.New(c, 1); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMove(b *testing.B) {
	p := market(b, 50000)
	b.ReportAllocs()
	for b.Loop() {
		p.Move(p.Spawn.Pos, r3.Vec{X: .02, Z: -.02})
	}
}
