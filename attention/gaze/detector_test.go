package gaze_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
	"pgregory.net/rapid"

	"souk/attention/gaze"
	"souk/input"
	"souk/world"
)

const degree = math.Pi / 180

// toward is the direction at yaw and pitch, degrees, left and up positive.
func toward(yaw, pitch float64) r3.Vec {
	return world.Upright(r3.Vec{}, yaw*degree, pitch*degree).Ahead()
}

// eyes is a script of where gaze is: it rests, and jumps between rests in a
// time that grows with the distance (21 ms + 2.2 ms per degree, Carpenter 1988).
type eyes struct {
	rate  float64
	noise float64 // degrees, per axis
	rng   *rand.Rand
	t     float64
	at    r3.Vec
	out   []input.Sample
	truth []bool // by sample: at rest
}

func newEyes(rate, noise float64, seed uint64) *eyes {
	return &eyes{rate: rate, noise: noise, rng: rand.New(rand.NewPCG(seed, 1)), at: r3.Vec{Z: -1}}
}

func (e *eyes) emit(dir r3.Vec, rest bool) {
	e.t += 1 / e.rate
	side := r3.Unit(r3.Cross(dir, r3.Vec{Y: 1}))
	up := r3.Cross(side, dir)
	d := r3.Add(dir, r3.Add(r3.Scale(e.rng.NormFloat64()*e.noise*degree, side), r3.Scale(e.rng.NormFloat64()*e.noise*degree, up)))
	e.out = append(e.out, input.Sample{T: e.t, Dir: r3.Unit(d), Valid: true, Confidence: 1, Source: world.SourceSimulated})
	e.truth = append(e.truth, rest)
}

func (e *eyes) rest(seconds float64) *eyes {
	for range int(seconds*e.rate + 0.5) {
		e.emit(e.at, true)
	}
	return e
}

func (e *eyes) jump(yaw, pitch float64) *eyes {
	to := toward(yaw, pitch)
	amplitude := math.Acos(min(1, r3.Dot(e.at, to))) / degree
	n := int((0.021 + 0.0022*amplitude) * e.rate)
	from := e.at
	for i := range n {
		// A smooth step: the velocity rises and falls again.
		f := float64(i+1) / float64(n+1)
		f = f * f * (3 - 2*f)
		e.emit(r3.Unit(r3.Add(r3.Scale(1-f, from), r3.Scale(f, to))), false)
	}
	e.at = to
	return e
}

func (e *eyes) blink(seconds float64) *eyes {
	for range int(seconds * e.rate) {
		e.t += 1 / e.rate
		e.out = append(e.out, input.Sample{T: e.t, Source: world.SourceSimulated})
		e.truth = append(e.truth, false)
	}
	return e
}

// detect runs samples through a detector at 60 frames a second, head still.
func detect(samples []input.Sample) []gaze.Event {
	d := gaze.NewDetector(gaze.DefaultConfig())
	var out []gaze.Event
	i := 0
	for t := 1.0 / 60; i < len(samples); t += 1.0 / 60 {
		j := i
		for j < len(samples) && samples[j].T <= t {
			j++
		}
		out = d.Step(out, t, world.Upright(r3.Vec{}, 0, 0), samples[i:j])
		i = j
	}
	if e, ok := d.Current(); ok {
		out = append(out, e)
	}
	return out
}

func fixations(events []gaze.Event) (f []gaze.Event) {
	for _, e := range events {
		if e.Kind == gaze.Fixation {
			f = append(f, e)
		}
	}
	return f
}

func TestALookAtThreeThingsIsThreeFixations(t *testing.T) {
	for _, c := range []struct{ rate, noise, jump float64 }{
		{1000, 0.02, 5}, {500, 0.1, 5}, {250, 0.3, 5}, {120, 0.5, 5}, {60, 0.1, 5}, {60, 0.5, 5},
		{120, 1.5, 8}, {60, 1.5, 10}, {60, 3, 20}, {30, 0.5, 8},
	} {
		t.Run(fmt.Sprintf("%v Hz, noise %v°, jumps of %v°", c.rate, c.noise, c.jump), func(t *testing.T) {
			exact := 0
			const runs = 40
			for seed := range uint64(runs) {
				e := newEyes(c.rate, c.noise, seed).rest(0.6).jump(c.jump, 0).rest(0.5).jump(0, c.jump).rest(0.7)
				got := fixations(detect(e.out))
				if len(got) != 3 {
					continue
				}
				exact++
				for i, want := range []r3.Vec{toward(0, 0), toward(c.jump, 0), toward(0, c.jump)} {
					off := math.Acos(min(1, r3.Dot(want, got[i].Dir))) / degree
					if limit := 0.3 + c.noise; off > limit {
						t.Errorf("seed %d: fixation %d is %.2f° off, want at most %.2f°", seed, i, off, limit)
					}
				}
			}
			if exact < runs*9/10 {
				t.Errorf("%d of %d runs gave three fixations, want at least nine in ten", exact, runs)
			}
		})
	}
}

func TestNoiseDoesNotShatterALongLook(t *testing.T) {
	for _, noise := range []float64{0.5, 1.5, 3} {
		for _, rate := range []float64{30, 60, 120, 250} {
			pieces, longest := 0, 0.0
			const runs = 20
			for seed := range uint64(runs) {
				e := newEyes(rate, noise, 100+seed).rest(10)
				best := 0.0
				for _, f := range fixations(detect(e.out)) {
					pieces++
					best = max(best, f.T1-f.T0)
				}
				longest += best / runs
			}
			t.Logf("noise %v° at %v Hz: %.2f fixations in a look of 10 s, the longest %.1f s", noise, rate, float64(pieces)/runs, longest)
			if float64(pieces)/runs > 3 {
				t.Errorf("noise %v° at %v Hz: %d fixations in %d looks of 10 s, want at most 3 each", noise, rate, pieces, runs)
			}
		}
	}
}

func TestTheSourceNoiseIsMeasured(t *testing.T) {
	for _, noise := range []float64{0.1, 0.5, 1.5, 3} {
		d := gaze.NewDetector(gaze.DefaultConfig())
		// Saccades three times a second must not count as noise.
		e := newEyes(120, noise, 7)
		for i := range 12 {
			e.rest(0.3).jump(float64(i%2)*15, 0)
		}
		d.Step(nil, e.t, world.Upright(r3.Vec{}, 0, 0), e.out)
		if got := d.Noise() / degree; math.Abs(got/noise-1) > 0.3 {
			t.Errorf("noise %v°: measured %.3f°", noise, got)
		}
	}
}

func TestABlinkIsBridgedIfShortAndAGapIfLong(t *testing.T) {
	short := detect(newEyes(120, 0.2, 3).rest(0.5).blink(0.05).rest(0.5).out)
	if f := fixations(short); len(f) != 1 || f[0].T1-f[0].T0 < 1 {
		t.Errorf("a blink of 50 ms: %+v, want one fixation of a second", f)
	}
	long := detect(newEyes(120, 0.2, 3).rest(0.5).blink(0.2).rest(0.5).out)
	kinds := ""
	for _, e := range long {
		kinds += e.Kind.String() + " "
	}
	if kinds != "fixation gap fixation " {
		t.Errorf("a blink of 200 ms: %s, want fixation gap fixation", kinds)
	}
}

func TestAHeadThatTurnsUnderStillEyesIsNoFixationButCompensationIs(t *testing.T) {
	step := func(d *gaze.Detector, t, yaw, eye float64) (gaze.Event, bool) {
		head := world.Upright(r3.Vec{}, yaw, 0)
		d.Step(nil, t, head, []input.Sample{{T: t, Dir: world.Upright(r3.Vec{}, eye, 0).Ahead(), Valid: true, Source: world.SourceEye}})
		return d.Current()
	}
	// Eyes fixed in the head, head turning at 60°/s: gaze sweeps the world.
	d := gaze.NewDetector(gaze.DefaultConfig())
	for i := range 60 {
		now := float64(i) / 60
		if e, ok := step(d, now, 60*degree*now, 0); ok && e.Kind == gaze.Fixation {
			t.Fatalf("at %v s a sweep counts as a fixation", now)
		}
	}
	// Eyes that counter the head's turn (the vestibulo-ocular reflex) stay on their thing.
	d = gaze.NewDetector(gaze.DefaultConfig())
	for i := range 60 {
		now := float64(i) / 60
		e, ok := step(d, now, 60*degree*now, -60*degree*now)
		if i > 10 && (!ok || e.Kind != gaze.Fixation) {
			t.Fatalf("at %v s a steady gaze is no fixation", now)
		}
	}
}

func TestAMouseLookView(t *testing.T) {
	d := gaze.NewDetector(gaze.DefaultConfig())
	now, yaw := 0.0, 0.0
	turn := func(seconds, perSecond float64) (fixating float64) {
		n := int(seconds * 60)
		for range n {
			now += 1.0 / 60
			yaw += perSecond * degree / 60
			d.Step(nil, now, world.Upright(r3.Vec{}, yaw, 0), []input.Sample{input.Centre(now)})
			if e, ok := d.Current(); ok && e.Kind == gaze.Fixation {
				fixating += 1 / float64(n)
			}
		}
		return fixating
	}
	for _, c := range []struct {
		what              string
		seconds, speed    float64
		atLeast, noMore   float64
		becauseItIsOnline string
	}{
		{"resting", 1, 0, 0.85, 1, "the first 100 ms are not yet a fixation"},
		{"a turn of 40°/s", 0.5, 40, 0, 0.15, "a turn shows after 40 ms"},
		{"resting again", 1, 0, 0.8, 1, ""},
		{"following at 8°/s", 1, 8, 0.95, 1, ""},
	} {
		if got := turn(c.seconds, c.speed); got < c.atLeast || got > c.noMore+1e-9 {
			t.Errorf("%s: fixating %.2f of the time, want %v to %v %s", c.what, got, c.atLeast, c.noMore, c.becauseItIsOnline)
		}
	}
}

func TestEventsFollowOneAnotherWithoutOverlap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := newEyes(rapid.SampledFrom([]float64{30, 60, 120, 500}).Draw(t, "rate"), rapid.Float64Range(0, 4).Draw(t, "noise"), rapid.Uint64().Draw(t, "seed"))
		for range rapid.IntRange(1, 12).Draw(t, "parts") {
			switch rapid.IntRange(0, 3).Draw(t, "part") {
			case 0, 1:
				e.rest(rapid.Float64Range(0.02, 0.8).Draw(t, "rest"))
			case 2:
				e.jump(rapid.Float64Range(-40, 40).Draw(t, "yaw"), rapid.Float64Range(-20, 20).Draw(t, "pitch"))
			case 3:
				e.blink(rapid.Float64Range(0.01, 0.4).Draw(t, "blink"))
			}
		}
		last := math.Inf(-1)
		for _, ev := range detect(e.out) {
			if ev.T0 < last-1e-9 || ev.T1 < ev.T0 {
				t.Fatalf("%s from %v to %v after one that ended at %v", ev.Kind, ev.T0, ev.T1, last)
			}
			last = ev.T1
			if ev.Kind == gaze.Fixation && ev.Ended && ev.T1-ev.T0 < 0.06-1e-6 {
				t.Fatalf("a fixation of %v s", ev.T1-ev.T0)
			}
			if n := r3.Norm(ev.Dir); ev.Kind == gaze.Fixation && math.Abs(n-1) > 1e-9 {
				t.Fatalf("a direction of length %v", n)
			}
		}
	})
}

func TestARestoredDetectorGoesOnByteForByte(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		noise := rapid.Float64Range(0, 3).Draw(t, "noise")
		e := newEyes(60, noise, rapid.Uint64().Draw(t, "seed")).rest(0.3).jump(10, 0).rest(0.4).blink(0.2).rest(0.3).jump(0, 8).rest(1)
		cut := rapid.IntRange(0, len(e.out)).Draw(t, "cut")
		a, b := gaze.NewDetector(gaze.DefaultConfig()), gaze.NewDetector(gaze.DefaultConfig())
		head := world.Upright(r3.Vec{}, 0, 0)
		for i, s := range e.out {
			if i == cut {
				if err := b.RestoreState(a.AppendState(nil)); err != nil {
					t.Fatal(err)
				}
			}
			ea := a.Step(nil, s.T, head, e.out[i:i+1])
			if i < cut {
				continue
			}
			eb := b.Step(nil, s.T, head, e.out[i:i+1])
			if fmt.Sprint(ea) != fmt.Sprint(eb) {
				t.Fatalf("sample %d: %v, restored %v", i, ea, eb)
			}
		}
		if cut < len(e.out) && string(a.AppendState(nil)) != string(b.AppendState(nil)) {
			t.Fatal("the states differ at the end")
		}
	})
}

func TestBadSamplesAreCountedAndDoNoHarm(t *testing.T) {
	d := gaze.NewDetector(gaze.DefaultConfig())
	head := world.Upright(r3.Vec{}, 0, 0)
	ahead := r3.Vec{Z: -1}
	d.Step(nil, 1, head, []input.Sample{{T: 1, Dir: ahead, Valid: true}})
	d.Step(nil, 1.1, head, []input.Sample{
		{T: math.NaN(), Dir: ahead, Valid: true},
		{T: 0.5, Dir: ahead, Valid: true},
		{T: 99, Dir: ahead, Valid: true},
		{T: 1.05, Dir: r3.Vec{X: math.NaN()}, Valid: true},
		{T: 1.05, Valid: true},
		{T: 1.05, Dir: r3.Vec{X: math.Inf(1)}, Valid: true},
	})
	if got := d.Rejected(); got != 6 {
		t.Errorf("rejected %d samples, want 6", got)
	}
	for i := range 30 {
		now := 1.1 + float64(i)/60
		d.Step(nil, now, head, []input.Sample{{T: now, Dir: ahead, Valid: true}})
	}
	if e, ok := d.Current(); !ok || e.Kind != gaze.Fixation {
		t.Errorf("after bad samples: %+v, want a fixation", e)
	}
}

func FuzzDetectorRestoreState(f *testing.F) {
	d := gaze.NewDetector(gaze.DefaultConfig())
	f.Add(d.AppendState(nil))
	e := newEyes(60, 1, 1).rest(0.3).jump(10, 0).rest(0.4)
	d.Step(nil, e.t, world.Upright(r3.Vec{}, 0, 0), e.out)
	f.Add(d.AppendState(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		d := gaze.NewDetector(gaze.DefaultConfig())
		if d.RestoreState(b) != nil {
			return
		}
		head := world.Pose{Rot: quat.Number{Real: 1}}
		for i := range 20 {
			now := 1e3 + float64(i)/60
			d.Step(nil, now, head, []input.Sample{{T: now, Dir: r3.Vec{Z: -1}, Valid: true}})
			d.Current()
		}
	})
}

func BenchmarkStep(b *testing.B) {
	for _, noise := range []float64{0.02, 1.5} {
		b.Run(fmt.Sprintf("noise=%v°/60Hz", noise), func(b *testing.B) {
			e := newEyes(60, noise, 1)
			for i := range 200 {
				e.rest(0.3).jump(float64(i%5)*8, 0)
			}
			d := gaze.NewDetector(gaze.DefaultConfig())
			head := world.Upright(r3.Vec{}, 0, 0)
			var dst []gaze.Event
			var base float64
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				if i == len(e.out) {
					i, base = 0, base+e.t
				}
				s := e.out[i]
				s.T += base
				dst = d.Step(dst[:0], s.T, head, []input.Sample{s})
				i++
			}
		})
	}
}

func TestAWalkerWhoFollowsAThingRestsOnIt(t *testing.T) {
	// Past a shelf 1.5 m to the side, at a brisk 1.6 m/s: direction turns by up to 61°/s.
	walk := func(depth float64, follow bool, noise float64) (fixating float64) {
		d := gaze.NewDetector(gaze.DefaultConfig())
		rng := rand.New(rand.NewPCG(5, 5))
		thing := r3.Vec{X: 1.5}
		const frames = 60
		for i := range frames {
			now := float64(i) / 60
			head := world.Upright(r3.Vec{Z: 0.8 - 1.6*now}, -math.Pi/2, 0) // walking to −z, facing +x
			to := r3.Vec{X: 1}
			if follow {
				to = r3.Sub(thing, head.Pos)
			}
			to = r3.Add(r3.Unit(to), r3.Vec{Y: noise * degree * rng.NormFloat64(), Z: noise * degree * rng.NormFloat64()})
			d.SetDepth(depth)
			d.Step(nil, now, head, []input.Sample{{T: now, Dir: r3.Rotation(quat.Conj(head.Rot)).Rotate(to), Valid: true, Source: world.SourceEye}})
			if e, ok := d.Current(); ok && e.Kind == gaze.Fixation {
				fixating += 1.0 / frames
			}
		}
		return fixating
	}
	for _, noise := range []float64{0, 0.2} {
		if got := walk(1.5, true, noise); got < 0.85 {
			t.Errorf("noise %v°: following a thing: fixating %.2f of the time, want 0.85", noise, got)
		}
		if got := walk(1.5, false, noise); got > 0.3 {
			t.Errorf("noise %v°: eyes straight to the side: fixating %.2f of the time, want at most 0.3", noise, got)
		}
	}
	// Without the depth it is the other way about, which is why it is told.
	if follow, straight := walk(0, true, 0), walk(0, false, 0); follow > 0.3 || straight < 0.85 {
		t.Errorf("with no depth known: following %.2f, straight %.2f", follow, straight)
	}
}
