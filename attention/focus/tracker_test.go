package focus_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"
	"pgregory.net/rapid"

	"souk/attention/focus"
	"souk/attention/gaze"
	"souk/input"
	"souk/world"
	"souk/world/plan"
)

const degree = math.Pi / 180

func toward(yaw, pitch float64) r3.Vec {
	return world.Upright(r3.Vec{}, yaw*degree, pitch*degree).Ahead()
}

// item is a view of an item at yaw and pitch, degrees, so many degrees wide and high.
func item(i int, yaw, pitch, width, height float64) plan.View {
	d := toward(yaw, pitch)
	a, b := width/2*degree, height/2*degree
	return plan.View{
		Slot: world.SlotIndex(i), Item: world.ItemIndex(i),
		Dir:       [3]float32{float32(d.X), float32(d.Y), float32(d.Z)},
		HalfWidth: float32(a), HalfHeight: float32(b), SolidAngle: float32(math.Pi * a * b),
		Eccentricity: float32(math.Acos(-d.Z)), Distance: 2,
	}
}

// shopper looks at things for a while, at 60 samples a second, with noise.
type shopper struct {
	gaze  *gaze.Detector
	focus *focus.Tracker
	noise float64 // degrees per axis
	rng   *rand.Rand
	t     float64
	views []plan.View

	sample r3.Vec // the last
	now    focus.Focus
	visits []focus.Visit
	passes []focus.Passed
}

func newShopper(noise float64, seed uint64, views ...plan.View) *shopper {
	cfg := focus.DefaultConfig()
	cfg.Simulated.S = max(0.5, noise) * degree
	return &shopper{
		gaze: gaze.NewDetector(gaze.DefaultConfig()), focus: focus.NewTracker(cfg, 100, 100),
		noise: noise, rng: rand.New(rand.NewPCG(seed, 2)), views: views,
	}
}

func (s *shopper) tick(yaw, pitch float64, valid bool) {
	s.t += 1.0 / 60
	dir := toward(yaw+s.rng.NormFloat64()*s.noise, pitch+s.rng.NormFloat64()*s.noise)
	head := world.Upright(r3.Vec{}, 0, 0)
	s.sample = dir
	s.gaze.Step(nil, s.t, head, []input.Sample{{T: s.t, Dir: dir, Valid: valid, Source: world.SourceSimulated}})
	now, ok := s.gaze.Current()
	s.now = s.focus.Step(s.t, now, ok, s.views)
	s.visits = append(s.visits, s.focus.Visits()...)
	s.passes = append(s.passes, s.focus.Passes()...)
}

func (s *shopper) look(seconds, yaw, pitch float64) *shopper {
	for range int(seconds*60 + 0.5) {
		s.tick(yaw, pitch, true)
	}
	return s
}

func (s *shopper) shut(seconds float64) *shopper {
	for range int(seconds*60 + 0.5) {
		s.tick(0, 0, false)
	}
	return s
}

func TestAStareAtALampGoesToTheLampAndNotToItsNeighbour(t *testing.T) {
	const lamp, vase = 1, 2
	for seed := range uint64(20) {
		s := newShopper(1.5, seed, item(lamp, 0, 0, 3, 3), item(vase, 4, 0, 3, 3))
		s.look(2, 0, 0)
		if s.now.Item != lamp || s.now.P < 0.8 || s.now.RunnerUp != vase {
			t.Errorf("seed %d: focus %+v, want the lamp with P ≥ 0.8 and the vase as runner-up", seed, s.now)
		}
		s.look(1, 40, 20)
		if len(s.visits) != 1 {
			t.Errorf("seed %d: visits %+v, want one", seed, s.visits)
			continue
		}
		v := s.visits[0]
		if v.Item != lamp || v.Dwell < 1.7 || v.Dwell > 2.1 || v.P < 0.8 || v.Revisit {
			t.Errorf("seed %d: visit %+v, want 1.7 to 2.1 s at the lamp with P ≥ 0.8", seed, v)
		}
	}
}

// TestFocusIsRightMoreOftenThanARay holds the posterior against a single ray
// on shelves of 5 × 3 items under noise and bias. A ray names an item for each
// sample that hits one; the posterior may say that it does not know.
func TestFocusIsRightMoreOftenThanARay(t *testing.T) {
	for _, c := range []struct{ size, gap, noise, bias, right, wrong float64 }{
		{6, 1, 0.5, 1, 0.99, 0.01},
		{4, 1, 0.5, 1, 0.98, 0.02},
		{6, 1, 1, 1.5, 0.95, 0.05},
		{6, 1, 1.5, 0, 0.99, 0.01},
		{10, 2, 1.5, 3, 0.95, 0.05},
		{10, 2, 3, 2, 0.95, 0.05},
	} {
		var right, wrong, unsure, ray, all float64
		for seed := range uint64(12) {
			var views []plan.View
			at := func(i int) (yaw, pitch float64) {
				return float64(i%5-2) * (c.size + c.gap), float64(i/5-1) * (c.size + c.gap)
			}
			for i := range 15 {
				yaw, pitch := at(i)
				views = append(views, item(i, yaw, pitch, c.size, c.size))
			}
			s := newShopper(c.noise, seed, views...)
			cfg := focus.DefaultConfig()
			cfg.Simulated = focus.SourceConfig{S: math.Sqrt(c.noise*c.noise+c.bias*c.bias/2) * degree, Looks: 1 + c.noise*c.noise/(0.1+c.bias*c.bias)}
			s.focus = focus.NewTracker(cfg, 100, 100)
			off, offUp := math.Sincos(float64(seed)) // the bias points anywhere
			for i := range 15 {
				yaw, pitch := at(i)
				yaw, pitch = yaw+c.bias*off, pitch+c.bias*offUp
				s.look(0.3, yaw, pitch) // time to arrive
				for range 40 {
					s.tick(yaw, pitch, true)
					all++
					if hit := hitBy(views, s.sample); hit == world.ItemIndex(i) {
						ray++
					}
					switch s.now.Item {
					case world.ItemIndex(i):
						right++
					case world.NoItem:
						unsure++
					default:
						wrong++
					}
				}
			}
		}
		t.Logf("items of %v° with gaps of %v°, noise %v°, bias %v°: right %.3f, wrong %.3f, undecided %.3f; a ray is right %.3f",
			c.size, c.gap, c.noise, c.bias, right/all, wrong/all, unsure/all, ray/all)
		if right/all < c.right || wrong/all > c.wrong || right < ray {
			t.Errorf("right %.3f and wrong %.3f of the time, want at least %v (and what a ray gives) and at most %v", right/all, wrong/all, c.right, c.wrong)
		}
	}
}

// hitBy is the item whose silhouette a ray meets: the naive way.
func hitBy(views []plan.View, dir r3.Vec) world.ItemIndex {
	for i := range views {
		v := &views[i]
		d := r3.Vec{X: float64(v.Dir[0]), Y: float64(v.Dir[1]), Z: float64(v.Dir[2])}
		right := r3.Unit(r3.Cross(d, r3.Vec{Y: 1}))
		up := r3.Cross(right, d)
		x, y := r3.Dot(dir, right)/float64(v.HalfWidth), r3.Dot(dir, up)/float64(v.HalfHeight)
		if r3.Dot(dir, d) > 0 && x*x+y*y <= 1 {
			return v.Item
		}
	}
	return world.NoItem
}

func TestAmongThingsTooSmallForTheNoiseIsUncertain(t *testing.T) {
	// Nine things of 0.8° with 0.2° between them, under 1.5° of noise.
	var views []plan.View
	for i := range 9 {
		views = append(views, item(i, float64(i%3-1), float64(i/3-1), 0.8, 0.8))
	}
	s := newShopper(1.5, 1, views...).look(0.5, 0.5, 0.5)
	if s.now.Item != world.NoItem || !s.now.Uncertain || s.now.RunnerUp == world.NoItem {
		t.Errorf("focus %+v, want uncertain, with the likeliest item as runner-up", s.now)
	}
}

func TestLookingAtTheSkyIsNothing(t *testing.T) {
	s := newShopper(0.5, 1, item(1, 0, -10, 6, 6)).look(1, 0, 25)
	if s.now.Item != world.NoItem || s.now.Uncertain || s.now.P < 0.9 {
		t.Errorf("focus %+v, want nothing with P ≥ 0.9", s.now)
	}
}

func TestTheSmallThingBeforeTheLargeOneIsSeen(t *testing.T) {
	const carpet, cup = 1, 2
	s := newShopper(0.3, 1, item(carpet, 0, 0, 30, 20), item(cup, 8, 3, 3, 3))
	if s.look(1, 8, 3); s.now.Item != cup {
		t.Errorf("at the cup: %+v", s.now)
	}
	if s.look(1, -5, 0); s.now.Item != carpet {
		t.Errorf("at the carpet: %+v", s.now)
	}
}

func TestWhatIsHiddenIsLessLikely(t *testing.T) {
	a, b := item(1, -1.5, 0, 3, 3), item(2, 1.5, 0, 3, 3)
	a.Occluded = 0.95
	s := newShopper(0.5, 1, a, b).look(1, 0, 0)
	if s.now.Item != 2 {
		t.Errorf("focus %+v, want the item that can be seen", s.now)
	}
}

func TestAGlanceIsExposureAndNoVisit(t *testing.T) {
	s := newShopper(0.2, 1, item(1, 0, 0, 5, 5), item(2, 20, 0, 5, 5))
	s.look(1, 20, 0).look(0.08, 0, 0).look(1, 20, 0)
	s.views = []plan.View{item(9, -50, 0, 5, 5)}
	s.look(2, 20, 0)
	for _, v := range s.visits {
		if v.Item == 1 {
			t.Errorf("a glance of 80 ms is a visit: %+v", v)
		}
	}
	var passed []focus.Passed
	for _, p := range s.passes {
		if p.Item == 1 {
			passed = append(passed, p)
		}
	}
	if len(passed) != 1 || math.Abs(float64(passed[0].InView)-2.08) > 0.1 || passed[0].Eccentricity > 0.01 {
		t.Errorf("passes %+v, want one of 2.08 s in the middle", s.passes)
	}
	want := math.Pi * (2.5 * degree) * (2.5 * degree) * 2.08
	if len(passed) == 1 && math.Abs(float64(passed[0].Exposure)/want-1) > 0.05 {
		t.Errorf("exposure %v sr·s, want %v", passed[0].Exposure, want)
	}
}

func TestALookAsideDoesNotEndAVisit(t *testing.T) {
	s := newShopper(0.2, 1, item(1, 0, 0, 5, 5), item(2, 12, 0, 5, 5))
	s.look(1, 0, 0).look(0.22, 12, 0).look(1, 0, 0).look(0.5, -40, 20)
	var first, second []focus.Visit
	for _, v := range s.visits {
		if v.Item == 1 {
			first = append(first, v)
		} else {
			second = append(second, v)
		}
	}
	if len(first) != 1 || first[0].Dwell < 1.7 || first[0].Dwell > 2.1 || first[0].T1-first[0].T0 < 2 {
		t.Errorf("visits to the first %+v, want one of some 2 s with the look aside left out", first)
	}
	if len(second) > 1 {
		t.Errorf("visits to the second %+v, want one at most", second)
	}
}

func TestABlinkDoesNotEndAVisit(t *testing.T) {
	s := newShopper(0.2, 1, item(1, 0, 0, 5, 5)).look(1, 0, 0).shut(0.15).look(1, 0, 0).look(0.6, 40, 20)
	if len(s.visits) != 1 || s.visits[0].Dwell < 1.7 {
		t.Errorf("visits %+v, want one", s.visits)
	}
}

func TestComingBackIsARevisit(t *testing.T) {
	s := newShopper(0.2, 1, item(1, 0, 0, 5, 5)).look(0.6, 0, 0).look(0.6, 40, 20).look(0.6, 0, 0).look(0.6, 40, 20)
	if len(s.visits) != 2 || s.visits[0].Revisit || !s.visits[1].Revisit {
		t.Errorf("visits %+v, want a visit and a revisit", s.visits)
	}
	total := s.visits[0].InView + s.visits[1].InView
	if total > float32(s.t) {
		t.Errorf("the second visit reports exposure again that the first has reported: %v s in view in %v s", total, s.t)
	}
}

func TestADwellIsCapped(t *testing.T) {
	s := newShopper(0.2, 1, item(1, 0, 0, 5, 5)).look(50, 0, 0).look(0.6, 40, 20)
	for _, v := range s.visits {
		if v.Dwell > 30 {
			t.Errorf("a dwell of %v s", v.Dwell)
		}
	}
}

func TestViewsHoldOverAFewFrames(t *testing.T) {
	s := newShopper(0.2, 1)
	all := []plan.View{item(1, 0, 0, 5, 5)}
	for i := range 60 {
		s.views = nil
		if i%6 == 0 {
			s.views = all
		}
		s.look(1.0/60, 0, 0)
	}
	if s.now.Item != 1 || s.now.Dwell < 0.8 {
		t.Errorf("focus %+v with views every 6 frames, want the item for most of a second", s.now)
	}
	s.views = nil
	if s.look(0.5, 0, 0); s.now.Item != world.NoItem {
		t.Errorf("focus %+v half a second after the last view, want none", s.now)
	}
}

func TestFlushEndsEverything(t *testing.T) {
	s := newShopper(0.2, 1, item(1, 0, 0, 5, 5), item(2, 20, 0, 5, 5)).look(1, 0, 0)
	s.focus.Flush()
	if v, p := s.focus.Visits(), s.focus.Passes(); len(v) != 1 || v[0].Item != 1 || len(p) != 1 || p[0].Item != 2 {
		t.Errorf("visits %+v and passes %+v, want one of each", v, p)
	}
	s.focus.Flush()
	if len(s.focus.Visits())+len(s.focus.Passes()) > 0 {
		t.Error("a second Flush gives more")
	}
}

func TestBookkeepingAddsUp(t *testing.T) {
	// Whatever happens: dwell is no longer than the session, time in view is
	// the sum of what visits and passes report, and no item is passed while visited.
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "items")
		var views []plan.View
		for i := range n {
			views = append(views, item(i, float64(i-n/2)*9, 0, 6, 6))
		}
		s := newShopper(rapid.Float64Range(0, 2).Draw(t, "noise"), rapid.Uint64().Draw(t, "seed"), views...)
		for range rapid.IntRange(1, 10).Draw(t, "looks") {
			s.look(rapid.Float64Range(0.02, 1).Draw(t, "seconds"), rapid.Float64Range(-40, 40).Draw(t, "yaw"), rapid.Float64Range(-20, 20).Draw(t, "pitch"))
		}
		s.focus.Flush()
		s.visits = append(s.visits, s.focus.Visits()...)
		s.passes = append(s.passes, s.focus.Passes()...)
		dwell, inView := 0.0, make([]float64, n)
		for _, v := range s.visits {
			dwell += v.Dwell
			inView[v.Item] += float64(v.InView)
			if v.Dwell < 0.1-1e-6 || v.T1-v.T0 < v.Dwell-1e-6 || v.P < 0.5 || v.P > 1 {
				t.Fatalf("visit %+v", v)
			}
		}
		if dwell > s.t+1e-6 {
			t.Fatalf("%v s of dwell in %v s", dwell, s.t)
		}
		for _, p := range s.passes {
			if inView[p.Item] > 0 {
				t.Fatalf("item %d was both visited and passed in one stay", p.Item)
			}
			inView[p.Item] += float64(p.InView)
		}
		for i, v := range inView {
			if v > s.t+1e-3 {
				t.Fatalf("item %d was in view for %v s of %v", i, v, s.t)
			}
		}
	})
}

func TestARestoredTrackerGoesOnByteForByte(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		views := []plan.View{item(1, 0, 0, 5, 5), item(2, 8, 0, 5, 5), item(3, 16, 0, 5, 5)}
		s := newShopper(1, rapid.Uint64().Draw(t, "seed"), views...)
		frames := rapid.IntRange(0, 200).Draw(t, "before")
		for i := range frames {
			s.tick(float64(i/40*8), 0, i%50 > 5)
		}
		other := focus.NewTracker(configOf(1), 100, 100)
		if err := other.RestoreState(s.focus.AppendState(nil)); err != nil {
			t.Fatal(err)
		}
		for i := range 150 {
			s.tick(float64(i/30*8), 0, i%50 > 5)
			now, ok := s.gaze.Current()
			f := other.Step(s.t, now, ok, s.views)
			got, want := fmt.Sprint(f, other.Visits(), other.Passes()), fmt.Sprint(s.now, s.focus.Visits(), s.focus.Passes())
			if got != want {
				t.Fatalf("frame %d: restored %s, want %s", i, got, want)
			}
		}
		if !bytes.Equal(other.AppendState(nil), s.focus.AppendState(nil)) {
			t.Fatal("the states differ at the end")
		}
	})
}

func configOf(noise float64) focus.Config {
	cfg := focus.DefaultConfig()
	cfg.Simulated.S = noise * degree
	return cfg
}

func FuzzTrackerRestoreState(f *testing.F) {
	f.Add(focus.NewTracker(focus.DefaultConfig(), 100, 100).AppendState(nil))
	s := newShopper(1, 1, item(1, 0, 0, 5, 5), item(2, 8, 0, 5, 5)).look(1, 0, 0).look(0.2, 8, 0)
	f.Add(s.focus.AppendState(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		k := focus.NewTracker(focus.DefaultConfig(), 100, 100)
		if k.RestoreState(b) != nil {
			return
		}
		e := gaze.Event{Kind: gaze.Fixation, T0: 1e3, Dir: r3.Vec{Z: -1}, Latest: r3.Vec{Z: -1}}
		for i := range 20 {
			k.Step(1e3+float64(i)/10, e, true, []plan.View{item(1, 0, 0, 5, 5)})
		}
		k.Flush()
	})
}

// crowd is a view of so many items about the gaze, as in a market hall.
func crowd(n int) []plan.View {
	rng := rand.New(rand.NewPCG(1, 1))
	views := make([]plan.View, n)
	for i := range views {
		views[i] = item(i, rng.NormFloat64()*25, rng.NormFloat64()*10, 1+rng.Float64()*5, 1+rng.Float64()*5)
	}
	return views
}

// BenchmarkStep is the cost of one frame with 150 items in view of a market of
// 50,000; BenchmarkRay is what naming the item that a ray hits costs instead.
func BenchmarkStep(b *testing.B) {
	views := crowd(150)
	rng := rand.New(rand.NewPCG(2, 2))
	for i := range views { // spread over the market, as in memory
		views[i].Item, views[i].Slot = world.ItemIndex(rng.IntN(50000)), world.SlotIndex(i*300)
	}
	k := focus.NewTracker(focus.DefaultConfig(), 50000, 50000)
	e := gaze.Event{Kind: gaze.Fixation, Dir: r3.Vec{Z: -1}, Latest: r3.Vec{Z: -1}, Source: world.SourceViewCentre}
	t := 0.0
	b.ReportAllocs()
	for b.Loop() {
		t += 1.0 / 60
		if math.Mod(t, 1) < 1.0/60 {
			e.T0, e.Latest = t, toward(rng.NormFloat64()*20, rng.NormFloat64()*8)
		}
		k.Step(t, e, true, views)
	}
}

func BenchmarkRay(b *testing.B) {
	views := crowd(150)
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		n++
		hitBy(views, toward(float64(n%40-20), float64(n%16-8)))
	}
}
