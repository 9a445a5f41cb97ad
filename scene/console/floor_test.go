package console_test

import (
	"math"
	"testing"

	"souk/scene/console"
	"souk/world/wire"
)

func floorOf(t *testing.T) *console.Floor {
	t.Helper()
	var f console.Floor
	f.SetPlan(&wire.FloorPlan{Bounds: &wire.Rect{MinX: -5, MinZ: -5, MaxX: 5, MaxZ: 5}})
	return &f
}

// settle lets what is shown reach what was reported.
func settle(f *console.Floor) {
	for range 200 {
		f.Advance(0.05)
	}
}

func TestHeatIsShownWhereItWasReported(t *testing.T) {
	f := floorOf(t)
	f.SetFloor(&wire.Floor{CellM: 1, Heat: []*wire.Heat{{X: -4, Z: 2, Seconds: 8}}})
	settle(f)
	pix := f.Paint(nil)
	var sum, x, z float64
	for i := 0; i < len(pix); i += 4 {
		glow := float64(pix[i]) + float64(pix[i+1])
		sum, x, z = sum+glow, x+glow*float64(i/4%f.W), z+glow*float64(i/4/f.W)
	}
	// The glow spreads two cells, of which one lies beyond the edge.
	if x, z = x/sum, z/sum; math.Abs(x-1) > 0.75 || math.Abs(z-7) > 0.25 {
		t.Errorf("the glow's middle is (%.2f, %.2f) of %d×%d, want (1, 7): cell −4, 2 of a floor that begins at −5, −5", x, z, f.W, f.H)
	}
}

func TestHeatThatIsNoLongerReportedFades(t *testing.T) {
	f := floorOf(t)
	f.SetFloor(&wire.Floor{CellM: 1, Heat: []*wire.Heat{{X: 0, Z: 0, Seconds: 8}}})
	settle(f)
	if !f.Warm() {
		t.Fatal("reported heat is not shown")
	}
	f.SetFloor(&wire.Floor{CellM: 1})
	settle(f)
	if f.Warm() {
		t.Error("heat is still shown ten seconds after the server stopped reporting it")
	}
}

func TestHeatOutsideThePlanAndImpossibleHeatAreLeftOut(t *testing.T) {
	f := floorOf(t)
	f.SetFloor(&wire.Floor{CellM: 1, Heat: []*wire.Heat{
		{X: 500, Z: 0, Seconds: 8}, {X: 0, Z: -500, Seconds: 8},
		{X: 0, Z: 0, Seconds: float32(math.NaN())}, {X: 1, Z: 1, Seconds: float32(math.Inf(1))}, {X: 2, Z: 2, Seconds: -3},
	}})
	settle(f)
	if f.Warm() {
		t.Error("heat outside the plan, or that is no number, is shown")
	}
}

func TestOneHotStallDoesNotHideTheRest(t *testing.T) {
	f := floorOf(t)
	var heat []*wire.Heat
	for x := int32(-5); x < 5; x++ {
		for z := int32(-5); z < 5; z++ {
			heat = append(heat, &wire.Heat{X: x, Z: z, Seconds: 2})
		}
	}
	heat[0].Seconds = 1000
	f.SetFloor(&wire.Floor{CellM: 1, Heat: heat})
	settle(f)
	if s := f.Scale(); s > 300 {
		t.Errorf("the full colour stands for %.0f s where nearly all cells have 2 s: the plan would look empty", s)
	}
}

func TestPeopleWalkOnFromWhereTheyAreShown(t *testing.T) {
	f := floorOf(t)
	f.SetFloor(&wire.Floor{CellM: 1, People: []*wire.Person{{Id: 7, XCm: 0, ZCm: 0}}})
	f.SetFloor(&wire.Floor{CellM: 1, People: []*wire.Person{{Id: 7, XCm: 200, ZCm: 0}, {Id: 9, XCm: 100, ZCm: 100}}})
	f.Advance(0.05)
	if x := f.People[0].X; x <= 0 || x >= 2 {
		t.Errorf("person 7 is shown at x = %.2f m just after the report, want on the way from 0 to 2", x)
	}
	if p := f.People[1]; p.X != 1 || p.Z != 1 {
		t.Errorf("somebody new is shown at (%.2f, %.2f), want at once at (1, 1)", p.X, p.Z)
	}
	settle(f)
	if x := f.People[0].X; math.Abs(x-2) > 0.01 {
		t.Errorf("person 7 ends at x = %.2f m, want 2", x)
	}
}

// TestAbsurdPlansCostNoMemory holds that a plan from a broken server is shown without heat.
func TestAbsurdPlansCostNoMemory(t *testing.T) {
	for _, b := range []*wire.Rect{nil, {}, {MinX: 5, MaxX: -5, MinZ: 0, MaxZ: 1}, {MaxX: 1e9, MaxZ: 1e9}, {MaxX: float32(math.NaN()), MaxZ: 3}} {
		var f console.Floor
		f.SetPlan(&wire.FloorPlan{Bounds: b})
		f.SetFloor(&wire.Floor{CellM: 1, Heat: []*wire.Heat{{X: 1, Z: 1, Seconds: 1}}})
		f.Advance(0.1)
		if f.Warm() || f.W*f.H != 0 {
			t.Errorf("bounds %v: a grid of %d×%d", b, f.W, f.H)
		}
	}
}
