package shopper_test

import (
	"math"
	"slices"
	"sort"
	"sync"
	"testing"

	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
	"gonum.org/v1/gonum/stat"

	"souk/input"
	"souk/input/shopper"
	"souk/world"
	"souk/world/catalog"
	"souk/world/plan"
)

const degree = math.Pi / 180

var market = sync.OnceValues(func() (*plan.Plan, error) {
	c, err := catalog.Generate(600, 1)
	if err != nil {
		return nil, err
	}
	return plan.New(c, 1)
})

func mustPlan(tb testing.TB) *plan.Plan {
	tb.Helper()
	p, err := market()
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// visit is a look at an item as it truly was.
type visit struct {
	item      world.ItemIndex
	dwell     float64
	utility   float64 // without novelty
	onArrival float64 // with novelty, when it began
}

// life is what a shopper did, and what was truly in its eyes.
type life struct {
	samples   []input.Sample
	truth     []r3.Vec // of each sample, in the head frame
	acts      []shopper.Act
	visits    []visit
	fixations []float64 // seconds
	walked    float64   // metres
	heads     []world.Pose
}

// live walks a shopper through the market with the pedestals empty.
func live(tb testing.TB, cfg shopper.Config, seed uint64, seconds float64) *life {
	tb.Helper()
	p := mustPlan(tb)
	s := shopper.New(cfg, p, seed)
	viewer, holding := p.NewViewer(), p.NewHolding()
	head := p.Spawn
	yaw, pitch := head.YawPitch()
	var views []plan.View
	l := &life{}
	const dt = 1.0 / 30
	var now visit
	now.item = world.NoItem
	rest, resting := 0.0, false
	for i := 1; float64(i)*dt <= seconds; i++ {
		t := float64(i) * dt
		if i%3 == 1 {
			views = viewer.Visible(views[:0], holding, head, world.DesktopLens())
		}
		m, samples, acts := s.Step(t, dt, head, views, holding)
		x, y, z := s.Gaze()
		l.samples = append(l.samples, samples...)
		if n := len(samples); n > 0 {
			l.truth = append(l.truth, toHead(head, r3.Vec{X: x, Y: y, Z: z}))
		}
		l.acts = append(l.acts, acts...)
		item, _, dwell, ok := s.Looking()
		if ok {
			if now.item != item || dwell < now.dwell {
				if now.item != world.NoItem {
					l.visits = append(l.visits, now)
				}
				now = visit{item: item, utility: s.Taste(item), onArrival: s.Utility(item)}
			}
			now.dwell = dwell
		}
		if ok {
			rest += dt
			resting = true
		} else if resting {
			l.fixations = append(l.fixations, rest)
			rest, resting = 0, false
		}
		l.heads = append(l.heads, head)
		yaw += m.Yaw
		pitch = max(-1.2, min(1.2, pitch+m.Pitch))
		sin, cos := math.Sincos(yaw)
		pos := p.Move(head.Pos, r3.Vec{X: -sin*m.Forward + cos*m.Right, Z: -cos*m.Forward - sin*m.Right})
		l.walked += r3.Norm(r3.Sub(pos, head.Pos))
		head = world.Upright(pos, yaw, pitch)
	}
	return l
}

func toHead(head world.Pose, v r3.Vec) r3.Vec {
	return r3.Rotation(quat.Conj(head.Rot)).Rotate(v)
}

func TestSameSeedSameBehaviour(t *testing.T) {
	a := live(t, shopper.DefaultConfig(), 7, 90)
	b := live(t, shopper.DefaultConfig(), 7, 90)
	if !slices.Equal(a.samples, b.samples) || !slices.Equal(a.acts, b.acts) || !slices.Equal(a.heads, b.heads) {
		t.Error("two shoppers of one seed behaved differently")
	}
	c := live(t, shopper.DefaultConfig(), 8, 90)
	if slices.Equal(a.heads, c.heads) {
		t.Error("two shoppers of different seeds walked the same way")
	}
}

func TestSamplesAreLabelledAndInOrder(t *testing.T) {
	l := live(t, shopper.DefaultConfig(), 3, 60)
	if n := len(l.samples); n < 59*60 || n > 61*60 {
		t.Errorf("%d samples in 60 s; 60 a second were asked for", n)
	}
	lost := 0
	for i, s := range l.samples {
		if s.Source != world.SourceSimulated {
			t.Fatalf("sample %d says that it comes from %v", i, s.Source)
		}
		if i > 0 && s.T <= l.samples[i-1].T {
			t.Fatalf("sample %d is at %v, the one before at %v", i, s.T, l.samples[i-1].T)
		}
		if !s.Valid {
			lost++
		} else if n := r3.Norm(s.Dir); math.Abs(n-1) > 1e-9 {
			t.Fatalf("sample %d has a direction of length %v", i, n)
		}
	}
	if share := float64(lost) / float64(len(l.samples)); share < 0.005 || share > 0.15 {
		t.Errorf("%.1f %% of samples lost; blinks and gaps should take 0.5 to 15 %%", 100*share)
	}
}

// TestNoiseIsAsSet holds the promise of Config.Noise over sessions: the root
// mean square of the angle between the truth and the samples.
func TestNoiseIsAsSet(t *testing.T) {
	for _, deg := range []float64{0, 0.5, 1.5, 3} {
		var sum float64
		n := 0
		for seed := range uint64(8) {
			cfg := shopper.DefaultConfig()
			cfg.Noise = deg * degree
			for _, e := range gazeErrors(t, cfg, seed, 60) {
				sum += e * e
				n++
			}
		}
		got := math.Sqrt(sum/float64(n)) / degree
		t.Logf("set %.1f°, measured %.2f° over %d samples", deg, got, n)
		if math.Abs(got-deg) > 0.1*deg+0.01 {
			t.Errorf("the error is %.2f°, %.1f° was set", got, deg)
		}
	}
}

// gazeErrors are the angles between truth and measurement of the samples that
// fall on the end of a step, where the truth is known.
func gazeErrors(t *testing.T, cfg shopper.Config, seed uint64, seconds float64) []float64 {
	t.Helper()
	p := mustPlan(t)
	s := shopper.New(cfg, p, seed)
	head := p.Spawn
	holding := p.NewHolding()
	views := p.NewViewer().Visible(nil, holding, head, world.DesktopLens())
	var errs []float64
	const dt = 1.0 / 240 // finer than the tracker, so that the truth is that of the sample
	for i := 1; float64(i)*dt < seconds; i++ {
		_, samples, _ := s.Step(float64(i)*dt, dt, head, views, holding)
		_, _, _, still := s.Looking()
		if len(samples) == 0 || !samples[0].Valid || !still {
			continue
		}
		x, y, z := s.Gaze()
		truth := toHead(head, r3.Vec{X: x, Y: y, Z: z})
		if d := r3.Norm(r3.Sub(truth, samples[0].Dir)); d < 30*degree {
			errs = append(errs, 2*math.Asin(d/2))
		}
	}
	return errs
}

// TestEyesAreLikeEyes holds the statistics of fixations and saccades to what
// scene viewing has: median fixation 200 to 400 ms, saccades mostly below 20°.
func TestEyesAreLikeEyes(t *testing.T) {
	var fix, amp, dur []float64
	for seed := range uint64(6) {
		f, a, d := eyeMovements(t, seed, 120)
		fix, amp, dur = append(fix, f...), append(amp, a...), append(dur, d...)
	}
	_, slope := stat.LinearRegression(amp, dur, nil, false)
	sort.Float64s(fix)
	sort.Float64s(amp)
	q := func(v []float64, p float64) float64 { return stat.Quantile(p, stat.Empirical, v, nil) }
	t.Logf("%d fixations: median %.0f ms, 5–95 %% %.0f–%.0f ms", len(fix), 1e3*q(fix, .5), 1e3*q(fix, .05), 1e3*q(fix, .95))
	t.Logf("%d saccades: median %.1f°, 95 %% %.1f°", len(amp), q(amp, .5), q(amp, .95))
	if m := q(fix, .5); m < 0.2 || m > 0.4 {
		t.Errorf("the median fixation is %.0f ms", 1e3*m)
	}
	if m := q(amp, .5); m < 1.5 || m > 15 {
		t.Errorf("the median saccade is %.1f°", m)
	}
	if m := q(amp, .95); m > 60 {
		t.Errorf("one saccade in twenty is above %.1f°", m)
	}
	// Main sequence: duration grows by about 2.2 ms per degree.
	if slope < 0.0015 || slope > 0.003 {
		t.Errorf("saccades last %.2f ms more per degree; 2.2 were expected", 1e3*slope)
	}
}

// eyeMovements lives in steps of 2 ms, with a head that turns on a body that stands, and reads fixations
// (seconds), and amplitudes (degrees) and durations (seconds) of saccades.
func eyeMovements(t *testing.T, seed uint64, seconds float64) (fix, amp, dur []float64) {
	t.Helper()
	p := mustPlan(t)
	s := shopper.New(shopper.DefaultConfig(), p, seed)
	holding, viewer := p.NewHolding(), p.NewViewer()
	head := p.Spawn
	a := &p.Aisles[int(seed)%len(p.Aisles)]
	head.Pos = r3.Add(r3.Scale(.5, r3.Add(a.From, a.To)), r3.Vec{Y: p.EyeHeight})
	yaw, pitch := head.YawPitch()
	var views []plan.View
	const dt = 0.002
	var start, last r3.Vec
	began, moving := 0.0, false
	since := 0.0
	for i := 1; float64(i)*dt < seconds; i++ {
		now := float64(i) * dt
		if i%25 == 1 {
			views = viewer.Visible(views[:0], holding, head, world.DesktopLens())
		}
		m, _, _ := s.Step(now, dt, head, views, holding)
		yaw, pitch = yaw+m.Yaw, max(-1.2, min(1.2, pitch+m.Pitch))
		head = world.Upright(head.Pos, yaw, pitch)
		x, y, z := s.Gaze()
		d := r3.Vec{X: x, Y: y, Z: z}
		fast := i > 1 && r3.Norm(r3.Sub(d, last)) > 1e-9
		switch {
		case fast && !moving:
			start, began, moving = last, now-dt, true
			if since > 0 {
				fix = append(fix, began-since)
			}
		case !fast && moving:
			moving = false
			since = now - dt
			amp = append(amp, math.Acos(min(1, r3.Dot(start, d)))/degree)
			dur = append(dur, since-began)
		}
		last = d
	}
	return fix, amp, dur
}

// TestDwellFollowsUtility: people look longer at what they like, with much noise.
func TestDwellFollowsUtility(t *testing.T) {
	var rhos []float64
	var loved, other, nLoved, nOther float64
	for seed := range uint64(10) {
		l := live(t, shopper.DefaultConfig(), 100+seed, 300)
		var d, u []float64
		for _, v := range l.visits {
			d, u = append(d, v.dwell), append(u, v.onArrival)
			if v.utility > 0.4 {
				loved, nLoved = loved+v.dwell, nLoved+1
			} else {
				other, nOther = other+v.dwell, nOther+1
			}
		}
		rhos = append(rhos, spearman(d, u))
	}
	mean := stat.Mean(rhos, nil)
	t.Logf("Spearman of dwell and utility by person: mean %.2f, each %.2f", mean, rhos)
	t.Logf("mean dwell on what is loved %.2f s (%v visits), on the rest %.2f s (%v visits)", loved/nLoved, nLoved, other/nOther, nOther)
	if mean < 0.08 || mean > 0.7 {
		t.Errorf("Spearman of dwell and utility is %.2f on average; people lie between 0.1 and 0.7", mean)
	}
	if loved/nLoved < 1.2*other/nOther {
		t.Error("what is loved is not looked at longer")
	}
}

func spearman(a, b []float64) float64 { return stat.Correlation(ranks(a), ranks(b), nil) }

func ranks(v []float64) []float64 {
	idx := make([]int, len(v))
	for i := range idx {
		idx[i] = i
	}
	sort.Slice(idx, func(i, j int) bool { return v[idx[i]] < v[idx[j]] })
	r := make([]float64, len(v))
	for pos, i := range idx {
		r[i] = float64(pos)
	}
	return r
}

// TestShopperWalksAndDoesThings: over ten minutes of a few people there is
// walking, opening, liking and buying, and the deeds go to what is liked.
func TestShopperWalksAndDoesThings(t *testing.T) {
	counts := map[world.EventKind]int{}
	walked := 0.0
	for seed := range uint64(6) {
		l := live(t, shopper.DefaultConfig(), 200+seed, 600)
		walked += l.walked / 6
		for _, a := range l.acts {
			counts[a.Kind]++
		}
	}
	t.Logf("six people, ten minutes each: %v; %.0f m walked each", counts, walked)
	for _, k := range []world.EventKind{world.EventOpen, world.EventLike, world.EventCart, world.EventPurchase} {
		if counts[k] == 0 {
			t.Errorf("nobody did %v", k)
		}
	}
	if walked < 60 || walked > 720 {
		t.Errorf("%.0f m in ten minutes", walked)
	}
}

// TestRelevantIsOneInTwenty, and tastes differ but share something.
func TestTastes(t *testing.T) {
	p := mustPlan(t)
	c := shopper.NewCrowd(shopper.DefaultConfig(), p)
	n := len(p.Catalog().Items)
	var all [][]float64
	for seed := range uint64(30) {
		s := c.Shopper(seed)
		relevant := 0
		u := make([]float64, n)
		for i := range u {
			u[i] = s.Taste(world.ItemIndex(i))
			if u[i] < 0 || u[i] > 1 || math.IsNaN(u[i]) {
				t.Fatalf("shopper %d: utility %v", seed, u[i])
			}
			if s.Relevant(world.ItemIndex(i)) {
				relevant++
			}
		}
		if want := float64(n) * shopper.RelevantShare; math.Abs(float64(relevant)-want) > 2 {
			t.Errorf("shopper %d: %d relevant items of %d", seed, relevant, n)
		}
		all = append(all, u)
	}
	var rho []float64
	for i := range all {
		for j := range i {
			rho = append(rho, spearman(all[i], all[j]))
		}
	}
	sort.Float64s(rho)
	t.Logf("Spearman between two people's tastes: median %.2f, 95 %% %.2f", rho[len(rho)/2], rho[len(rho)*95/100])
	if m := rho[len(rho)/2]; m > 0.6 {
		t.Errorf("everybody likes the same: median correlation %.2f", m)
	}
	if top := rho[len(rho)*95/100]; top < 0.3 || top > 0.95 {
		t.Errorf("the nearest people correlate by %.2f: there is nothing, or too much, to learn from others", top)
	}
}

// TestTasteDriftsWithoutBehaviour: drift is the same whatever was seen, so that one
// person can be sent through two placements.
func TestTasteDriftsAlike(t *testing.T) {
	p := mustPlan(t)
	c := shopper.NewCrowd(shopper.DefaultConfig(), p)
	seeing, blind := c.Shopper(5), c.Shopper(5)
	holding := p.NewHolding()
	views := p.NewViewer().Visible(nil, holding, p.Spawn, world.DesktopLens())
	before := make([]float64, len(p.Catalog().Items))
	for i := range before {
		before[i] = seeing.Taste(world.ItemIndex(i))
	}
	for i := 1; i <= 600*10; i++ {
		seeing.Step(float64(i)/10, 0.1, p.Spawn, views, holding)
		blind.Step(float64(i)/10, 0.1, p.Spawn, nil, holding)
	}
	after := make([]float64, len(before))
	for i := range after {
		after[i] = seeing.Taste(world.ItemIndex(i))
		if after[i] != blind.Taste(world.ItemIndex(i)) {
			t.Fatalf("item %d: the taste depends on what was seen", i)
		}
	}
	rho := spearman(before, after)
	t.Logf("Spearman of the taste before and after ten minutes: %.3f", rho)
	if rho > 0.999 || rho < 0.7 {
		t.Errorf("the taste of ten minutes ago correlates by %.3f", rho)
	}
}

func TestStepAllocatesNothing(t *testing.T) {
	p := mustPlan(t)
	s := shopper.New(shopper.DefaultConfig(), p, 3)
	holding := p.NewHolding()
	views := p.NewViewer().Visible(nil, holding, p.Spawn, world.DesktopLens())
	now := 0.0
	step := func() {
		now += 1.0 / 30
		s.Step(now, 1.0/30, p.Spawn, views, holding)
	}
	for range 2000 {
		step()
	}
	if n := testing.AllocsPerRun(1000, step); n > 0.5 {
		t.Errorf("%.1f allocations a step", n)
	}
}

func BenchmarkStep(b *testing.B) {
	p := mustPlan(b)
	s := shopper.New(shopper.DefaultConfig(), p, 3)
	holding := p.NewHolding()
	views := p.NewViewer().Visible(nil, holding, p.Spawn, world.DesktopLens())
	b.ReportAllocs()
	now := 0.0
	for b.Loop() {
		now += 1.0 / 30
		s.Step(now, 1.0/30, p.Spawn, views, holding)
	}
}
