package place_test

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/spatial/r3"
	"pgregory.net/rapid"

	"souk/attention/place"
	"souk/attention/rank"
	"souk/world"
	"souk/world/plan"
)

// law holds what every placement of a walk must keep to.
type law struct {
	cfg     place.Config
	p       *plan.Plan
	last    map[world.SlotIndex]float64 // time of the last swap
	spent   [][2]float64                // time, cost
	swaps   int                         // in all
	inView  int                         // of those, with the slot in view before or after
	removed int
	viewer  *plan.Viewer
}

func newLaw(p *plan.Plan, cfg place.Config) *law {
	return &law{cfg: cfg, p: p, last: map[world.SlotIndex]float64{}, viewer: p.NewViewer()}
}

// check judges one step: before is what stood where, holding what stands there now.
func (l *law) check(t *rapid.T, w *walker, in place.Input, before []world.ItemIndex, out []place.Placement) {
	gaze := in.GazeDir
	if !in.GazeOK {
		gaze = in.Head.Ahead()
	}
	viewsBefore := byPedestal(l.p, in.Visible)
	after := l.viewer.Visible(nil, w.holding, in.Head, in.Lens)
	viewsAfter := byPedestal(l.p, after)
	for _, o := range out {
		was, wasSeen := viewsBefore[o.Slot]
		is, isSeen := viewsAfter[o.Slot]
		for _, v := range []struct {
			view plan.View
			seen bool
		}{{was, wasSeen}, {is, isSeen}} {
			if v.seen {
				if edge := edgeAngle(gaze, v.view); edge <= l.cfg.MinAngle-1e-6 {
					t.Fatalf("t=%.2f: slot %d swaps in view, its edge %.1f° from the gaze, to hold %d", in.T, o.Slot, edge*180/math.Pi, o.Item)
				}
			}
		}
		if wasSeen || isSeen {
			l.inView++
		}
		if last, ok := l.last[o.Slot]; ok && in.T-last < l.cfg.Rest-1e-9 {
			t.Fatalf("t=%.2f: slot %d swaps again after %.2f s", in.T, o.Slot, in.T-last)
		}
		l.last[o.Slot] = in.T
		if o.Until < in.T+l.cfg.Rest-1e-9 || o.Propensity <= 0 || o.Propensity > 1 {
			t.Fatalf("t=%.2f: slot %d: until %.2f, propensity %v", in.T, o.Slot, o.Until, o.Propensity)
		}
		cost := 1.0
		if !wasSeen && (before[o.Slot] == world.NoItem || o.Item == world.NoItem) {
			cost = l.cfg.QuietCost
		}
		l.spent = append(l.spent, [2]float64{in.T, cost})
		l.swaps++
		if o.Item == world.NoItem {
			l.removed++
			if isSeen || wasSeen {
				t.Fatalf("t=%.2f: slot %d is emptied in view", in.T, o.Slot)
			}
			continue
		}
		for _, v := range after {
			if l.p.Slots[v.Slot].Kind == plan.Shelf && v.Item == o.Item {
				t.Fatalf("t=%.2f: item %d comes to slot %d while its shelf is in view", in.T, o.Item, o.Slot)
			}
		}
		l.sellers(t, w, in, o)
	}
	var sum float64
	for _, s := range l.spent {
		if s[0] > in.T-60 {
			sum += s[1]
		}
	}
	if sum > float64(l.cfg.PerMinute)+1e-6 {
		t.Fatalf("t=%.2f: the last minute's swaps cost %.2f of %d", in.T, sum, l.cfg.PerMinute)
	}
	if b := w.placer.Budget(); b.PerMinute != l.cfg.PerMinute || math.Abs(float64(b.Swaps)-math.Ceil(sum-1e-6)) > 1e-9 {
		t.Fatalf("t=%.2f: Budget is %+v, the cost %.2f", in.T, b, sum)
	}
	standing := map[world.ItemIndex]world.SlotIndex{}
	for _, v := range after {
		if l.p.Slots[v.Slot].Kind == plan.Feature && v.Item >= 0 {
			if other, ok := standing[v.Item]; ok {
				t.Fatalf("t=%.2f: item %d is in view twice, on %d and %d", in.T, v.Item, other, v.Slot)
			}
			standing[v.Item] = v.Slot
		}
	}
}

// sellers: no seller has more than its cap of the pedestals within reach.
func (l *law) sellers(t *rapid.T, w *walker, in place.Input, o place.Placement) {
	items := l.p.Catalog().Items
	seller, count := items[o.Item].Seller, 0
	for _, s := range l.p.FeaturesNear(nil, in.Head.Pos, l.cfg.Reach) {
		if h := w.holding[s]; h >= 0 && items[h].Seller == seller {
			count++
		}
	}
	if count > l.cfg.SellerCap {
		t.Fatalf("t=%.2f: seller %d has %d pedestals within reach", in.T, seller, count)
	}
}

func byPedestal(p *plan.Plan, views []plan.View) map[world.SlotIndex]plan.View {
	m := map[world.SlotIndex]plan.View{}
	for _, v := range views {
		if p.Slots[v.Slot].Kind == plan.Feature {
			m[v.Slot] = v
		}
	}
	return m
}

// edgeAngle is from the gaze to the nearest point of the silhouette, taken as
// the circle around it.
func edgeAngle(gaze r3.Vec, v plan.View) float64 {
	d := r3.Vec{X: float64(v.Dir[0]), Y: float64(v.Dir[1]), Z: float64(v.Dir[2])}
	return math.Acos(max(-1, min(1, r3.Dot(gaze, d)/r3.Norm(d)))) - float64(max(v.HalfWidth, v.HalfHeight))
}

func TestPlacementsOnAnyWalkKeepTheLaw(t *testing.T) {
	p := mustMarket(t)
	total, inView := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		cfg := place.DefaultConfig()
		cfg.PerMinute = rapid.SampledFrom([]int32{20, 5, 60}).Draw(t, "perMinute")
		cfg.QuietCost = rapid.SampledFrom([]float64{0.25, 1, 0}).Draw(t, "quietCost")
		cfg.MinGain = rapid.SampledFrom([]float64{0.12, 0}).Draw(t, "minGain")
		w := newWalker(p, cfg, newFickle(len(p.Catalog().Items), rapid.Uint64().Draw(t, "policy")), rapid.Uint64().Draw(t, "walk"))
		l := newLaw(p, cfg)
		for range 600 { // 90 s
			in := w.move(0.15)
			before := append([]world.ItemIndex(nil), w.holding...)
			out := w.placer.Step(in)
			w.apply(out)
			l.check(t, w, in, before, out)
		}
		total += l.swaps
		inView += l.inView
	})
	if total == 0 || inView == 0 {
		t.Errorf("%d swaps, %d of them in view: the walks prove nothing", total, inView)
	}
	t.Logf("%d swaps, %d of them in view", total, inView)
}

func TestThePolicyIsAskedRarelyAndOnlyWhenASwapIsPossible(t *testing.T) {
	p := mustMarket(t)
	cfg := place.DefaultConfig()
	policy := newFickle(len(p.Catalog().Items), 1)
	w := newWalker(p, cfg, policy, 2)
	lastCall, lastAt := 0, math.Inf(-1)
	for range 3600 {
		in := w.move(1.0 / 60)
		w.apply(w.placer.Step(in))
		if policy.calls != lastCall {
			if policy.calls > lastCall+1 || in.T-lastAt < cfg.Every-1e-9 {
				t.Fatalf("asked %d times, %.3f s after the last", policy.calls-lastCall, in.T-lastAt)
			}
			lastCall, lastAt = policy.calls, in.T
		}
	}
	if policy.calls == 0 {
		t.Fatal("never asked")
	}
	// Nothing to spend: nothing to ask.
	cfg.PerMinute = 0
	policy = newFickle(len(p.Catalog().Items), 1)
	w = newWalker(p, cfg, policy, 2)
	for range 300 {
		w.apply(w.placer.Step(w.move(1.0 / 60)))
	}
	if policy.calls != 0 {
		t.Errorf("asked %d times without a budget", policy.calls)
	}
	// No policy: nothing at all.
	w = newWalker(p, place.DefaultConfig(), nil, 2)
	for range 300 {
		if out := w.placer.Step(w.move(1.0 / 60)); len(out) != 0 {
			t.Fatalf("placed %v without a policy", out)
		}
	}
}

func TestASteadyPolicyDoesNotChurn(t *testing.T) {
	p := mustMarket(t)
	policy := newFickle(len(p.Catalog().Items), 1)
	steady := &constant{*policy, slices.Clone(policy.Propose(64))}
	w := newWalker(p, place.DefaultConfig(), steady, 3)
	// Standing still, looking about: once filled, nothing changes.
	fills, swaps := 0, 0
	for range 6000 {
		w.speed, w.turn = 0, 0
		in := w.move(1.0 / 60)
		w.speed, w.turn = 0, 0
		for _, o := range w.placer.Step(in) {
			if w.holding[o.Slot] == world.NoItem {
				fills++
			} else {
				swaps++
			}
			w.holding[o.Slot] = o.Item
		}
	}
	if fills == 0 || swaps > fills/2 {
		t.Errorf("%d pedestals filled, then %d swaps without a reason", fills, swaps)
	}
	t.Logf("%d fills, %d swaps", fills, swaps)
}

// constant is a policy that never changes its mind.
type constant struct {
	fickle
	always []rank.Candidate
}

func (c *constant) Propose(int) []rank.Candidate { return c.always }

func TestARestoredPlacerGoesOnTheSame(t *testing.T) {
	p := mustMarket(t)
	a := newWalker(p, place.DefaultConfig(), newFickle(2000, 4), 5)
	b := newWalker(p, place.DefaultConfig(), newFickle(2000, 4), 5)
	placed := 0
	for i := range 1200 {
		if i == 600 {
			state := a.placer.AppendState(nil)
			b.placer = place.NewPlacer(place.DefaultConfig(), p, p.Catalog())
			if err := b.placer.RestoreState(state); err != nil {
				t.Fatal(err)
			}
			if again := b.placer.AppendState(nil); !bytes.Equal(state, again) {
				t.Fatal("the state is not exact")
			}
		}
		outA, outB := a.placer.Step(a.move(0.1)), b.placer.Step(b.move(0.1))
		if diff := cmp.Diff(outA, outB); diff != "" {
			t.Fatalf("step %d (-uninterrupted +restored):\n%s", i, diff)
		}
		if i >= 600 {
			placed += len(outA)
		}
		a.apply(outA)
		b.apply(outB)
	}
	if placed == 0 {
		t.Error("nothing was placed after the restore: the test proves nothing")
	}
}

func TestAWrongStateIsRefusedAndChangesNothing(t *testing.T) {
	p := mustMarket(t)
	w := newWalker(p, place.DefaultConfig(), newFickle(2000, 4), 5)
	for range 100 {
		w.apply(w.placer.Step(w.move(0.1)))
	}
	good := w.placer.AppendState(nil)
	for n := range good {
		if err := w.placer.RestoreState(good[:n]); err == nil {
			t.Fatalf("%d of %d bytes are accepted", n, len(good))
		}
	}
	if err := w.placer.RestoreState(append(bytes.Clone(good), 0)); err == nil {
		t.Error("a byte too many is accepted")
	}
	if !bytes.Equal(good, w.placer.AppendState(nil)) {
		t.Error("a refused state has changed the placer")
	}
}

func TestADiscardedItemIsTheFirstToGo(t *testing.T) {
	p := mustMarket(t)
	policy := newFickle(2000, 6)
	w := newWalker(p, place.DefaultConfig(), &constant{*policy, slices.Clone(policy.Propose(64))}, 7)
	var item world.ItemIndex = world.NoItem
	var slot world.SlotIndex
	for i := range 3000 {
		w.speed, w.turn = 0, 0
		in := w.move(1.0 / 60)
		w.speed, w.turn = 0, 0
		out := w.placer.Step(in)
		w.apply(out)
		if i == 600 {
			for _, v := range in.Visible {
				if v.Slot >= 0 && p.Slots[v.Slot].Kind == plan.Feature && v.Item >= 0 && v.Eccentricity > 0.5 {
					item, slot = v.Item, v.Slot
				}
			}
			if item == world.NoItem {
				t.Skip("no pedestal at the side of the view at the spawn")
			}
			w.placer.Discard(item, w.holding)
		}
	}
	if w.holding[slot] == item {
		t.Errorf("item %d still stands on %d", item, slot)
	}
}

func TestConfigsOutOfRangeAreNamed(t *testing.T) {
	if err := place.DefaultConfig().Check(); err != nil {
		t.Fatal(err)
	}
	for field, spoil := range map[string]func(*place.Config){
		"PerMinute":  func(c *place.Config) { c.PerMinute = -1 },
		"MinAngle":   func(c *place.Config) { c.MinAngle = math.NaN() },
		"Candidates": func(c *place.Config) { c.Candidates = 0 },
		"HalfLife":   func(c *place.Config) { c.HalfLife = 0 },
		"Relevance":  func(c *place.Config) { c.Relevance = 1.5 },
	} {
		c := place.DefaultConfig()
		spoil(&c)
		if err := c.Check(); err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: %v", field, err)
		}
	}
}
