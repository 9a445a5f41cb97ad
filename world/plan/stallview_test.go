package plan_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
	"souk/world/plan"
)

// firstHit is the stall whose box a ray from the eye meets first within far
// metres along the ground; −1 for none.
func firstHit(p *plan.Plan, eye, dir r3.Vec, far float64) int {
	best, at := -1, math.Inf(1)
	for i := range p.Stalls {
		b := &p.Stalls[i].Box
		lo, hi := 0.0, math.Inf(1)
		for _, a := range [3][4]float64{{eye.X, dir.X, b.Min.X, b.Max.X}, {eye.Y, dir.Y, b.Min.Y, b.Max.Y}, {eye.Z, dir.Z, b.Min.Z, b.Max.Z}} {
			t0, t1 := (a[2]-a[0])/a[1], (a[3]-a[0])/a[1]
			lo, hi = max(lo, min(t0, t1)), min(hi, max(t0, t1))
		}
		if lo <= hi && lo < at {
			best, at = i, lo
		}
	}
	if best >= 0 && math.Hypot(dir.X, dir.Z)*at > far {
		return -1
	}
	return best
}

// TestStallsNamesAllThatRaysMeet shoots rays through the lens: each stall that
// one meets first must be named.
func TestStallsNamesAllThatRaysMeet(t *testing.T) {
	p := market(t, 2000)
	v := p.NewViewer()
	rng := rand.New(rand.NewPCG(11, 4))
	lens := world.DesktopLens()
	var got []plan.StallView
	met, missed := 0, 0
	for n := range 60 {
		pose := randomPose(p, rng)
		if n%10 == 9 {
			pose.Pos.Y = 4
		}
		got = v.Stalls(got[:0], pose, lens, .8)
		named := map[int]bool{}
		for i, s := range got {
			named[int(s.Stall)] = true
			if i > 0 && s.Distance < got[i-1].Distance {
				t.Fatal("not in order of distance")
			}
		}
		ty := math.Tan(lens.FovY / 2)
		for range 300 {
			d := r3.Vec{X: (2*rng.Float64() - 1) * ty * lens.Aspect, Y: (2*rng.Float64() - 1) * ty, Z: -1}
			if s := firstHit(p, pose.Pos, pose.Rotate(r3.Unit(d)), lens.Far-3); s >= 0 {
				met++
				if !named[s] {
					missed++
				}
			}
		}
	}
	t.Logf("%d rays met a stall, %d of them one that was not named", met, missed)
	if met < 3000 || missed*2000 > met {
		t.Errorf("%d of %d rays met a stall that was not named", missed, met)
	}
}

// TestStallsIsOpenWhereGoodsAreSeen: a stall with a visible item is named, open.
func TestStallsIsOpenWhereGoodsAreSeen(t *testing.T) {
	p := market(t, 2000)
	v, holding := p.NewViewer(), p.NewHolding()
	rng := rand.New(rand.NewPCG(5, 9))
	for range 100 {
		pose := randomPose(p, rng)
		open := map[int32]bool{}
		for _, s := range v.Stalls(nil, pose, world.DesktopLens(), .8) {
			open[s.Stall] = s.Open
		}
		for _, view := range v.Visible(nil, holding, pose, world.DesktopLens()) {
			if s := p.Slots[view.Slot].Stall; s >= 0 && !open[s] {
				t.Fatalf("slot %d is in view and its stall %d is not named open from %v", view.Slot, s, pose)
			}
		}
	}
}

// TestStallsLeavesMostOfTheMarketOut: in an aisle most stalls of the field of
// view are behind others.
func TestStallsLeavesMostOfTheMarketOut(t *testing.T) {
	p := market(t, 50000)
	v := p.NewViewer()
	lens := world.DesktopLens()
	lens.Far = 150
	var got []plan.StallView
	named, inField := 0, 0
	for _, pose := range benchPoses(p) {
		got = v.Stalls(got[:0], pose, lens, .8)
		named += len(got)
		up := pose
		up.Pos.Y = 3 // from above the roofs nothing is hidden
		inField += len(v.Stalls(nil, up, lens, .8))
	}
	t.Logf("64 poses in aisles: %d stalls named, %d in the field of view", named, inField)
	if named*4 > inField {
		t.Errorf("%d of %d stalls are named; hiding should leave out three in four", named, inField)
	}
	if n := testing.AllocsPerRun(5, func() { got = v.Stalls(got[:0], p.Spawn, lens, .8) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkStalls(b *testing.B) {
	for _, far := range []float64{40, 150} {
		p := market(b, 50000)
		v, poses := p.NewViewer(), benchPoses(p)
		lens := world.DesktopLens()
		lens.Far = far
		var got []plan.StallView
		b.Run(fmt.Sprintf("far=%v", far), func(b *testing.B) {
			b.ReportAllocs()
			n := 0
			for i := 0; b.Loop(); i++ {
				got = v.Stalls(got[:0], poses[i%len(poses)], lens, .8)
				n += len(got)
			}
			b.ReportMetric(float64(n)/float64(b.N), "stalls/op")
		})
	}
}
