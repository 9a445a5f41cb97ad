package plan_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
	"souk/world/plan"
)

// naive is the reference: every slot of the market, each silhouette sampled by
// rays, each ray against every stall's box. It shares no code and no idea with
// the Viewer but the meaning.
func naive(dst []plan.View, p *plan.Plan, holding []world.ItemIndex, pose world.Pose, lens world.Lens, side int) []plan.View {
	ty := math.Tan(lens.FovY / 2)
	tx := ty * lens.Aspect
	right, up, ahead := pose.Rotate(r3.Vec{X: 1}), pose.Rotate(r3.Vec{Y: 1}), pose.Ahead()
	for i := range p.Slots {
		slot := world.SlotIndex(i)
		item := holding[i]
		d := r3.Sub(p.SlotItemCentre(slot, item), pose.Pos)
		dist := r3.Norm(d)
		if dist > lens.Far {
			continue
		}
		size := p.ItemSize(slot, item)
		if item == world.NoItem {
			size = r3.Vec{X: .3, Y: .3, Z: .3}
		}
		// The silhouette of the ellipsoid in the item's box along the line of sight.
		flat := r3.Unit(r3.Vec{X: d.X, Z: d.Z})
		e1 := r3.Vec{X: -flat.Z, Z: flat.X}
		e2 := r3.Cross(e1, r3.Scale(1/dist, d))
		if e2.Y < 0 {
			e2 = r3.Scale(-1, e2)
		}
		front := world.Upright(r3.Vec{}, p.Slots[i].Yaw, 0)
		extent := func(dir r3.Vec) float64 {
			w, dp := r3.Dot(dir, front.Rotate(r3.Vec{X: 1})), r3.Dot(dir, front.Ahead())
			return math.Sqrt(math.Pow(w*size.X/2, 2) + math.Pow(dp*size.Z/2, 2) + math.Pow(dir.Y*size.Y/2, 2))
		}
		rw, rh := extent(e1), extent(e2)
		in, seen := 0, 0
		for a := range side {
			for b := range side {
				u, v := 2*(float64(a)+.5)/float64(side)-1, 2*(float64(b)+.5)/float64(side)-1
				if u*u+v*v > 1 {
					continue
				}
				in++
				q := r3.Add(d, r3.Add(r3.Scale(u*rw, e1), r3.Scale(v*rh, e2)))
				z := r3.Dot(q, ahead)
				if z <= 0 || math.Abs(r3.Dot(q, right)) > tx*z || math.Abs(r3.Dot(q, up)) > ty*z || blocked(p, p.Slots[i].Stall, pose.Pos, q) {
					continue
				}
				seen++
			}
		}
		part := float64(seen) / float64(in)
		solid := math.Pi * rw * rh / (dist * dist) * part
		if seen == 0 || solid < plan.MinSolidAngle {
			continue
		}
		dst = append(dst, plan.View{Slot: slot, Item: item, Distance: float32(dist), SolidAngle: float32(solid), Occluded: float32(1 - part),
			Dir:          [3]float32{float32(d.X / dist), float32(d.Y / dist), float32(d.Z / dist)},
			Eccentricity: float32(math.Acos(max(-1, min(1, r3.Dot(d, ahead)/dist)))),
			HalfWidth:    float32(math.Atan2(rw, dist)), HalfHeight: float32(math.Atan2(rh, dist))})
	}
	return dst
}

// blocked tries a ray against every stall: five walls and an open front.
func blocked(p *plan.Plan, own int32, eye, q r3.Vec) bool {
	for s := range p.Stalls {
		st := &p.Stalls[s]
		if st.Box.Contains(eye) {
			continue
		}
		enter, leave, axis := 0.0, 1.0, -1
		for k, a := range [3][4]float64{{eye.X, q.X, st.Box.Min.X, st.Box.Max.X}, {eye.Y, q.Y, st.Box.Min.Y, st.Box.Max.Y}, {eye.Z, q.Z, st.Box.Min.Z, st.Box.Max.Z}} {
			t0, t1 := (a[2]-a[0])/a[1], (a[3]-a[0])/a[1]
			if t0 > t1 {
				t0, t1 = t1, t0
			}
			if t0 > enter {
				enter, axis = t0, k
			}
			leave = min(leave, t1)
		}
		if enter >= leave {
			continue
		}
		outwards := world.Upright(r3.Vec{}, st.Yaw, 0).Ahead()
		if int32(s) != own || axis != 2 || r3.Dot(outwards, q) > 0 {
			return true
		}
	}
	return false
}

// randomPose is where a visitor may be: walking eyes, sometimes tilted, or
// now and then an operator's eye above the roofs.
func randomPose(p *plan.Plan, rng *rand.Rand) world.Pose {
	for {
		b := p.Bounds
		pos := r3.Vec{X: b.Min.X + rng.Float64()*(b.Max.X-b.Min.X), Y: plan.EyeHeight, Z: b.Min.Z + rng.Float64()*(b.Max.Z-b.Min.Z)}
		if !p.Walkable(pos) {
			continue
		}
		return world.Upright(pos, rng.Float64()*2*math.Pi, rng.NormFloat64()*.3)
	}
}

// TestVisibleEqualsRaysAgainstEverything holds the viewer to the reference:
// the same slots but for those at the very limit, and the same numbers.
func TestVisibleEqualsRaysAgainstEverything(t *testing.T) {
	p := market(t, 600)
	v := p.NewViewer()
	rng := rand.New(rand.NewPCG(7, 7))
	holding := p.NewHolding()
	for i := int(p.FirstFeature()); i < len(holding); i++ {
		if rng.IntN(4) > 0 {
			holding[i] = world.ItemIndex(rng.IntN(600))
		}
	}
	var got, want []plan.View
	total, fringe := 0, 0
	for n := range 120 {
		pose := randomPose(p, rng)
		lens := world.DesktopLens()
		switch n % 8 {
		case 5: // looks at its feet: directions all round
			pose = world.Upright(pose.Pos, rng.Float64()*6, -1.2)
		case 6: // above the roofs
			pose.Pos.Y = 3 + 10*rng.Float64()
			pose = world.Upright(pose.Pos, rng.Float64()*6, -.6)
		case 7: // narrow, and a tilted head
			lens = world.Lens{FovY: .5, Aspect: 1, Far: 25}
			y, pi := pose.YawPitch()
			r := world.Upright(r3.Vec{}, y, pi).Rot
			pose.Rot = mulRoll(r, rng.NormFloat64()*.3)
		}
		got = v.Visible(got[:0], holding, pose, lens)
		want = naive(want[:0], p, holding, pose, lens, 16)
		g, w := index(got), index(want)
		for i := 1; i < len(got); i++ {
			if got[i].Slot <= got[i-1].Slot {
				t.Fatal("the slots are not in ascending order")
			}
		}
		for s, b := range w {
			total++
			a, ok := g[s]
			if !ok {
				// A sliver, or nearly too small, may fall either way.
				if b.Occluded < .8 && b.SolidAngle > 1.3*plan.MinSolidAngle {
					t.Errorf("pose %d (%v): slot %d is not seen: %+v", n, pose, s, b)
				}
				fringe++
				continue
			}
			compare(t, n, a, b)
		}
		for s, a := range g {
			if _, ok := w[s]; !ok {
				fringe++
				if a.Occluded < .8 && a.SolidAngle > 1.3*plan.MinSolidAngle {
					t.Errorf("pose %d (%v): slot %d is seen and should not be: %+v", n, pose, s, a)
				}
			}
		}
	}
	t.Logf("%d views, %d at the fringe", total, fringe)
	if total < 1000 || fringe*50 > total {
		t.Errorf("%d of %d views differ at the fringe; at most one in 50 should", fringe, total)
	}
}

// TestVisibleEqualsRaysInALargeMarket holds the same at 50,000 items, where
// the reference takes seconds for a view, at few poses.
func TestVisibleEqualsRaysInALargeMarket(t *testing.T) {
	if testing.Short() {
		t.Skip("the reference takes seconds")
	}
	p := market(t, 50000)
	v, h := p.NewViewer(), p.NewHolding()
	poses := append(benchPoses(p)[:2], p.Spawn)
	for n, pose := range poses {
		g, w := index(v.Visible(nil, h, pose, world.DesktopLens())), index(naive(nil, p, h, pose, world.DesktopLens(), 6))
		for s, b := range w {
			if a, ok := g[s]; ok && math.Abs(float64(a.Occluded-b.Occluded)) > .2+3e-4/float64(b.HalfWidth) || !ok && b.Occluded < .7 && b.SolidAngle > 1.5*plan.MinSolidAngle {
				t.Errorf("pose %d, slot %d: got %+v, want %+v", n, s, a, b)
			}
		}
		for s, a := range g {
			if _, ok := w[s]; !ok && a.Occluded < .7 && a.SolidAngle > 1.5*plan.MinSolidAngle {
				t.Errorf("pose %d: slot %d is seen and should not be: %+v", n, s, a)
			}
		}
	}
}

func compare(t *testing.T, n int, a, b plan.View) {
	t.Helper()
	off := math.Abs(float64(a.Occluded - b.Occluded))
	relative := func(x, y float32) float64 { return math.Abs(float64(x-y)) / float64(y) }
	full := b.SolidAngle / (1 - b.Occluded)
	// A slice of a silhouette may be told from its neighbour only as finely as
	// the viewer's line of depths is cut: some 0.0005 of a tangent.
	if off > .12+3e-4/float64(b.HalfWidth) || relative(a.Distance, b.Distance) > 1e-4 || math.Abs(float64(a.Eccentricity-b.Eccentricity)) > 1e-3 ||
		relative(a.HalfWidth, b.HalfWidth) > .02 || relative(a.HalfHeight, b.HalfHeight) > .02 || relative(a.SolidAngle/(1-a.Occluded), full) > .1 {
		t.Errorf("pose %d: got %+v, want %+v", n, a, b)
	}
	for k := range a.Dir {
		if math.Abs(float64(a.Dir[k]-b.Dir[k])) > 1e-5 {
			t.Errorf("pose %d: direction %v, want %v", n, a.Dir, b.Dir)
		}
	}
}

func index(vs []plan.View) map[world.SlotIndex]plan.View {
	m := make(map[world.SlotIndex]plan.View, len(vs))
	for _, v := range vs {
		m[v.Slot] = v
	}
	return m
}

// mulRoll adds a roll about the line of sight.
func mulRoll(r quat.Number, roll float64) quat.Number {
	s, c := math.Sincos(roll / 2)
	return quat.Mul(r, quat.Number{Real: c, Kmag: s})
}

// TestVisibleSeesNothingFromNowhere holds the answer to poses and lenses that
// are not of this world: nothing, and no panic.
func TestVisibleSeesNothingFromNowhere(t *testing.T) {
	p := market(t, 40)
	v, h := p.NewViewer(), p.NewHolding()
	good, lens := p.Spawn, world.DesktopLens()
	if len(v.Visible(nil, h, good, lens)) == 0 {
		t.Fatal("nothing is seen from the spawn")
	}
	nan := good
	nan.Pos.X = math.NaN()
	inf := good
	inf.Pos.Z = math.Inf(1)
	far := good
	far.Pos.Z = 1e7
	for name, c := range map[string]struct {
		pose world.Pose
		lens world.Lens
	}{
		"zero pose": {world.Pose{}, lens}, "NaN": {nan, lens}, "infinite": {inf, lens}, "far off": {far, lens}, "zero lens": {good, world.Lens{}},
		"inside out": {good, world.Lens{FovY: 4, Aspect: 1, Far: 9}},
	} {
		if got := v.Visible(nil, h, c.pose, c.lens); len(got) != 0 {
			t.Errorf("%s: %d slots are seen", name, len(got))
		}
	}
	if got := v.Visible(nil, h[:3], good, lens); len(got) != 0 {
		t.Errorf("a holding that is too short: %d slots are seen", len(got))
	}
}

// benchPoses are poses of walkers, the same for both ways.
func benchPoses(p *plan.Plan) []world.Pose {
	rng := rand.New(rand.NewPCG(3, 3))
	poses := make([]world.Pose, 64)
	for i := range poses {
		a := p.Aisles[rng.IntN(len(p.Aisles))]
		pos := r3.Add(a.From, r3.Scale(rng.Float64(), r3.Sub(a.To, a.From)))
		pos.Y = plan.EyeHeight
		poses[i] = world.Upright(pos, rng.Float64()*2*math.Pi, rng.NormFloat64()*.1)
	}
	return poses
}

func BenchmarkVisible(b *testing.B) {
	for _, items := range []int{2000, 50000} {
		p := market(b, items)
		v, h, poses := p.NewViewer(), p.NewHolding(), benchPoses(p)
		var views []plan.View
		for _, pose := range poses {
			views = v.Visible(views[:0], h, pose, world.DesktopLens())
		}
		b.Run(fmt.Sprintf("viewer/items=%d", items), func(b *testing.B) {
			b.ReportAllocs()
			seen := 0
			for i := 0; b.Loop(); i++ {
				views = v.Visible(views[:0], h, poses[i%len(poses)], world.DesktopLens())
				seen += len(views)
			}
			b.ReportMetric(float64(seen)/float64(b.N), "slots/op")
		})
		b.Run(fmt.Sprintf("spawn/items=%d", items), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				views = v.Visible(views[:0], h, p.Spawn, world.DesktopLens())
			}
			b.ReportMetric(float64(len(views)), "slots/op")
		})
		b.Run(fmt.Sprintf("naive/items=%d", items), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				views = naive(views[:0], p, h, poses[i%len(poses)], world.DesktopLens(), 4)
			}
		})
	}
}

// TestVisibleAllocatesNothing holds the frame loop's promise.
func TestVisibleAllocatesNothing(t *testing.T) {
	p := market(t, 2000)
	v, h, poses := p.NewViewer(), p.NewHolding(), benchPoses(p)
	var views []plan.View
	all := func() {
		for _, pose := range poses {
			views = v.Visible(views[:0], h, pose, world.DesktopLens())
		}
	}
	all()
	if n := testing.AllocsPerRun(5, all); n != 0 {
		t.Errorf("%v allocations in 64 views", n)
	}
}
