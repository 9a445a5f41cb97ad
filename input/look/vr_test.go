package look_test

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"
	"pgregory.net/rapid"

	"souk/input"
	"souk/input/look"
	"souk/world"
	"souk/world/catalog"
	"souk/world/plan"
)

func TestRecentreZeroesYawAndPlaceAndKeepsTheHorizon(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := func(name string, r float64) float64 { return rapid.Float64Range(-r, r).Draw(t, name) }
		h := input.Head{Pos: r3.Vec{X: f("x", 1), Y: f("y", 1), Z: f("z", 1)}, Yaw: f("yaw", 3), Pitch: f("pitch", 1), Roll: f("roll", 1)}
		var r look.Recentre
		r.Set(h)
		if got := r.Seated(h); got != (input.Head{Pitch: h.Pitch, Roll: h.Roll}) {
			t.Fatalf("the rest is %+v", got)
		}
		// Leaning 10 cm to where the head now looks is leaning ahead.
		sin, cos := math.Sincos(h.Yaw)
		lean := h
		lean.Pos = r3.Add(h.Pos, r3.Vec{X: -.1 * sin, Z: -.1 * cos})
		if got := r.Seated(lean).Pos; r3.Norm(r3.Sub(got, r3.Vec{Z: -.1})) > 1e-9 {
			t.Fatalf("leaning ahead is %v", got)
		}
		lean.Pos = r3.Add(h.Pos, r3.Vec{X: f("far x", 9), Y: f("far y", 9), Z: f("far z", 9)})
		if p := r.Seated(lean).Pos; max(math.Abs(p.X), math.Abs(p.Y), math.Abs(p.Z)) > look.Lean {
			t.Fatalf("the head leaves the seat: %v", p)
		}
	})
	var none look.Recentre
	h := input.Head{Pos: r3.Vec{X: .2}, Yaw: 1, Pitch: .1}
	if got := none.Seated(h); got != h {
		t.Errorf("without a rest: %+v", got)
	}
}

func open(r3.Vec) bool { return true }

var eye = r3.Vec{Y: 1.65}

func along(yaw, pitch float64) r3.Vec { return world.Upright(r3.Vec{}, yaw, pitch).Ahead() }

// Looking down one lands near, looking level further, and never beyond the reach.
func TestArcComesAsFarAsOneLooksUp(t *testing.T) {
	last := 0.0
	for _, pitch := range []float64{-1, -.7, -.4, -.2, 0, .2, .4, .6} {
		var a look.Arc
		a.Aim(eye, along(.3, pitch), open)
		way := math.Hypot(a.Target.X, a.Target.Z)
		if !a.Valid || way <= last || way > look.Reach {
			t.Errorf("at %v up it comes %v m, before %v", pitch, way, last)
		}
		if p := a.Points[a.N-1]; math.Abs(p.Y) > 1e-9 || p.X != a.Target.X {
			t.Errorf("the arc ends at %v, the target is %v", p, a.Target)
		}
		if got := math.Atan2(-a.Target.X, -a.Target.Z); math.Abs(got-.3) > .3 {
			t.Errorf("aimed along 0.3, landed along %v", got)
		}
		last = way
	}
	if last < .9*look.Reach {
		t.Errorf("the farthest is %v m", last)
	}
	var a look.Arc
	for _, dir := range []r3.Vec{{Y: -1}, {Y: 1}, along(0, -1.5)} {
		if a.Aim(eye, dir, open); a.Valid {
			t.Errorf("looking %v leads to %v", dir, a.Target)
		}
	}
}

// In a real market, from anywhere to anywhere: only to places where one can
// stand, with nothing between.
func TestTeleportOnlyLeadsWhereOneCanStand(t *testing.T) {
	c, err := catalog.Generate(600, 1)
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.New(c, 1)
	if err != nil {
		t.Fatal(err)
	}
	valid := 0
	rapid.Check(t, func(t *rapid.T) {
		from := p.Move(r3.Vec{X: rapid.Float64Range(p.Bounds.Min.X, p.Bounds.Max.X).Draw(t, "x"), Y: 1.65, Z: rapid.Float64Range(p.Bounds.Min.Z, p.Bounds.Max.Z).Draw(t, "z")}, r3.Vec{})
		from.Y = 1.65
		var a look.Arc
		a.Aim(from, along(rapid.Float64Range(-3, 3).Draw(t, "yaw"), rapid.Float64Range(-1.2, 1.2).Draw(t, "pitch")), p.Walkable)
		if !a.Valid {
			return
		}
		valid++
		if !p.Walkable(a.Target) || math.Hypot(a.Target.X-from.X, a.Target.Z-from.Z) > look.Reach {
			t.Fatalf("from %v to %v", from, a.Target)
		}
		for _, q := range a.Points[1:a.N] {
			if !p.Walkable(r3.Vec{X: q.X, Z: q.Z}) {
				t.Fatalf("the arc passes through %v", q)
			}
		}
	})
	if valid < 20 {
		t.Errorf("only %d arcs led anywhere", valid)
	}
}

func TestTeleportGoesOnceWhenLetGoOf(t *testing.T) {
	const dt = 1.0 / 60
	for _, fade := range []bool{false, true} {
		var tp look.Teleport
		dir := along(0, -.2)
		for range 30 {
			if _, move := tp.Step(dt, true, fade, eye, dir, open); move || !tp.Aiming() || tp.Dark() != 0 {
				t.Fatal("it goes while it is held")
			}
		}
		want, moves, darkest, movedAt := tp.Target, 0, 0.0, -1
		for i := range 60 {
			to, move := tp.Step(dt, false, fade, eye, dir, open)
			darkest = max(darkest, tp.Dark())
			if move {
				moves++
				movedAt = i
				if to != want {
					t.Errorf("aimed at %v, went to %v", want, to)
				}
				if fade && tp.Dark() < .9 {
					t.Errorf("it goes when it is only %v dark", tp.Dark())
				}
			}
		}
		if moves != 1 || tp.Aiming() || tp.Dark() != 0 {
			t.Errorf("fade %v: %d moves, aiming %v, dark %v", fade, moves, tp.Aiming(), tp.Dark())
		}
		if !fade && (darkest != 0 || movedAt != 0) {
			t.Errorf("without a fade it is %v dark and goes in frame %d", darkest, movedAt)
		}
	}
}

func TestTeleportStaysWhereTheArcLeadsNowhereOrIsCancelled(t *testing.T) {
	blocked := func(r3.Vec) bool { return false }
	var tp look.Teleport
	tp.Step(.1, true, false, eye, along(0, 0), blocked)
	if tp.Valid {
		t.Error("into a wall")
	}
	if _, move := tp.Step(.1, false, false, eye, along(0, 0), blocked); move {
		t.Error("it goes into a wall")
	}
	tp.Step(.1, true, false, eye, along(0, 0), open)
	tp.Cancel()
	if _, move := tp.Step(.1, false, false, eye, along(0, 0), open); move || tp.Aiming() {
		t.Error("it goes after it was cancelled")
	}
}

func TestAimAllocatesNothing(t *testing.T) {
	var a look.Arc
	dir := along(.2, -.1)
	if n := testing.AllocsPerRun(100, func() { a.Aim(eye, dir, open) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
