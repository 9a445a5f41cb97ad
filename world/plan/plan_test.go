package plan_test

import (
	"math"
	"testing"

	"souk/world"
	"souk/world/catalog"
	"souk/world/plan"
)

// market makes a plan of so many items.
func market(tb testing.TB, items int) *plan.Plan {
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

// TestEveryItemHasOneShelf holds that a plan shows the whole catalogue, once.
func TestEveryItemHasOneShelf(t *testing.T) {
	for _, items := range []int{1, 3, 40, 2000, 50000} {
		p := market(t, items)
		seen := make([]bool, items)
		for i, s := range p.Slots {
			if (s.Kind == plan.Feature) != (i >= int(p.FirstFeature())) {
				t.Fatalf("slot %d is of the wrong kind", i)
			}
			if s.Kind == plan.Feature {
				continue
			}
			if seen[s.Item] {
				t.Fatalf("item %d stands twice", s.Item)
			}
			seen[s.Item] = true
			st := p.Stalls[s.Stall]
			if !st.Box.Contains(p.SlotItemCentre(world.SlotIndex(i), s.Item)) {
				t.Fatalf("slot %d lies outside its stall", i)
			}
		}
		for i, ok := range seen {
			if !ok {
				t.Fatalf("%d items: item %d has no shelf", items, i)
			}
		}
		t.Logf("%d items: %d districts, %d aisles, %d stalls, %d pedestals, %.0f × %.0f m", items, len(p.Districts), len(p.Aisles), len(p.Stalls),
			len(p.Slots)-int(p.FirstFeature()), p.Bounds.Max.X-p.Bounds.Min.X, p.Bounds.Max.Z-p.Bounds.Min.Z)
	}
}

// TestStandingBeforeASlotShowsIt holds Approach and Visible together.
func TestStandingBeforeASlotShowsIt(t *testing.T) {
	p := market(t, 2000)
	v := p.NewViewer()
	h := p.NewHolding()
	var views []plan.View
	for i := range p.Slots {
		pose := p.Approach(world.SlotIndex(i))
		if !p.Walkable(pose.Pos) {
			t.Fatalf("slot %d is approached from %v, where nobody can stand", i, pose.Pos)
		}
		views = v.Visible(views[:0], h, pose, world.DesktopLens())
		found := false
		for _, w := range views {
			if w.Slot == world.SlotIndex(i) {
				found = true
				if w.Occluded > .3 || w.Eccentricity > .1 || math.Abs(float64(w.Distance)-1.2) > 1.2 {
					t.Errorf("slot %d: %+v", i, w)
				}
			}
		}
		if !found {
			t.Errorf("slot %d is not seen from its approach %+v", i, pose)
		}
	}
}
