package main

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/input/look"
	"souk/scene/hud"
	"souk/scene/sound"
	"souk/world"
	"souk/world/client"
	"souk/world/plan"
)

// heardRig is a visit that is heard, by a test instead of a device.
func heardRig(t *testing.T, args ...string) (*rig, *soundscape) {
	t.Helper()
	r := visitRig(t, t.TempDir(), args...)
	r.d.scape = recorded(12)
	return r, r.d.scape
}

// ears are the levels of the next seconds at both ears.
func ears(c *soundscape, seconds float64) (left, right float64) {
	out := make([]float32, 2*int(seconds*sound.Rate))
	c.mixer.Mix(out)
	for i := 0; i < len(out); i += 2 {
		left += float64(out[i]) * float64(out[i])
		right += float64(out[i+1]) * float64(out[i+1])
	}
	n := float64(len(out) / 2)
	return math.Sqrt(left / n), math.Sqrt(right / n)
}

// What the display captions is heard, and where it happens.
func TestMomentsAreHeard(t *testing.T) {
	r, c := heardRig(t)
	for cue := range hud.CueCount {
		r.d.sound(cue, "Ada")
		if l, right := ears(c, 1); l < .005 || right < .005 {
			t.Errorf("moment %d is not heard: %.5f, %.5f", cue, l, right)
		}
		ears(c, 3)
	}
	right := r.head.Rotate(r3.Vec{X: 2.5})
	r.company = []client.Avatar{{ID: 7, Name: "Ada", Pose: world.Pose{Pos: r3.Add(r.head.Pos, right), Rot: r.head.Rot}}}
	c.mixer.Hear(r.head, sound.Air{})
	r.session.t += 10
	r.d.sound(hud.CueChat, "Ada")
	if l, right := ears(c, .6); right < 2*l {
		t.Errorf("who speaks at the right is heard at %.5f, %.5f", l, right)
	}
	r.d.scape = nil
	r.d.sound(hud.CueChat, "Ada") // and without sound nothing happens
}

// What comes by itself and often is heard now and then; what one does oneself,
// every time.
func TestMomentsDoNotTire(t *testing.T) {
	c := newSoundscape(nil)
	placed, cart := 0, 0
	for i := range 120 {
		if c.due(hud.CuePlaced, float64(i)/2) {
			placed++
		}
		if c.due(hud.CueCart, float64(i)/2) {
			cart++
		}
	}
	if placed != 5 || cart != 120 {
		t.Errorf("in a minute %d shimmers, and %d chimes of 120", placed, cart)
	}
}

// Who walks hears steps, as many as the way has; who stands hears none, and who
// is carried or put elsewhere does not either.
func TestOwnSteps(t *testing.T) {
	for _, speed := range []float64{.8, 1.4, 3} {
		var f feet
		n, seconds := 0, 30.0
		for i := range int(seconds * 60) {
			n = max(n, f.step(float64(i)/60, r3.Vec{X: speed * float64(i) / 60, Y: plan.EyeHeight}))
		}
		if want := speed * seconds / strideAt(speed); math.Abs(float64(n)-want) > .1*want {
			t.Errorf("at %v m/s: %d steps, not %.0f", speed, n, want)
		}
	}
	var f feet
	for i := range 600 {
		if f.step(float64(i)/60, r3.Vec{X: .002 * math.Sin(float64(i)), Y: plan.EyeHeight}) != 0 && i > 0 {
			t.Fatal("who stands walks")
		}
	}
	f = feet{}
	for i := range 600 {
		if f.step(float64(i)/60, r3.Vec{X: float64(i) * .25, Y: plan.EyeHeight}) != 0 || f.step(float64(i)/60+.008, r3.Vec{X: float64(i) * .02, Y: 6}) != 0 {
			t.Fatal("who is carried, or flies, walks")
		}
	}
	r, c := heardRig(t, "-ranker", "none") // nothing is put out meanwhile
	ears(c, 1)
	quiet := func() float64 {
		most := 0.0
		for range 60 {
			r.frame()
			c.hear(r.session)
			c.mixer.Hear(r.head, sound.Air{})
			l, right := ears(c, 1.0/30)
			most = max(most, l, right)
		}
		return most
	}
	if v := quiet(); v != 0 {
		t.Errorf("standing is heard at %.5f", v)
	}
	r.hands.KeyDown(look.KeyW)
	if v := quiet(); v < .001 {
		t.Errorf("walking is heard at %.5f", v)
	}
}

// Others' steps come from where they walk, and only while they do.
func TestOthersSteps(t *testing.T) {
	r, c := heardRig(t)
	walk := func(speed float64) (left, right float64) {
		for range 60 {
			r.session.t += 1.0 / 30
			at := r3.Add(r.head.Pos, r.head.Rotate(r3.Vec{X: -3}))
			r.company = []client.Avatar{{ID: 3, Name: "Okoro", Pose: world.Upright(at, 0, 0), Speed: speed}}
			c.hear(r.session)
			c.mixer.Hear(r.head, sound.Air{})
			l, right1 := ears(c, 1.0/30)
			left, right = max(left, l), max(right, right1)
		}
		return left, right
	}
	if l, right := walk(0); l != 0 || right != 0 {
		t.Errorf("who stands is heard at %.5f, %.5f", l, right)
	}
	if l, right := walk(1.3); l < 1.5*right {
		t.Errorf("who walks at the left is heard at %.5f, %.5f", l, right)
	}
}

// A market is busier among stalls than outside, and with people around.
func TestBusy(t *testing.T) {
	r, _ := heardRig(t)
	r.head.Pos = r.market.Plan.Stalls[len(r.market.Plan.Stalls)/2].Box.Center()
	among := busy(r.session)
	r.company = []client.Avatar{{Name: "Ada", Pose: world.Upright(r3.Add(r.head.Pos, r3.Vec{X: 2}), 0, 0)}}
	with := busy(r.session)
	r.company = nil
	r.head.Pos = r3.Vec{X: 1e4, Y: plan.EyeHeight}
	if outside := busy(r.session); !(outside < among && among < with && with <= 1) {
		t.Errorf("outside %.2f, among stalls %.2f, with somebody %.2f", outside, among, with)
	}
}

// What nobody plays in real time is silent.
func TestWhatIsSilent(t *testing.T) {
	for _, args := range [][]string{{"-hidden"}, {"-frames", "3"}, {"-film", "x.mp4"}, {"-soak", "30s"}, {"-pace", "9s"}} {
		if o, err := parse(args, nil); err != nil || o.sounds() {
			t.Errorf("%v: it sounds, or %v", args, err)
		}
	}
	if o, err := parse([]string{"-shopper"}, nil); err != nil || !o.sounds() {
		t.Errorf("a shopper to look at is silent, or %v", err)
	}
	c := newSoundscape(nil)
	c.obey(&preferences{Volume: "off"})
	if c.speaker != nil {
		t.Error("a device is opened for no sound")
	}
	c.close()
	taped := recorded(12)
	taped.obey(&preferences{Volume: "high", Hour: 20})
	if taped.speaker != nil || taped.hour != 20 {
		t.Error("a film opens a device, or stays in its hour")
	}
	var none *soundscape
	none.obey(&preferences{Volume: "high"})
	none.hear(nil)
	none.close()
}

// BenchmarkHear is what a frame spends on sound beside the mixing: on steps,
// the air and where the head is.
func BenchmarkHear(b *testing.B) {
	s, _ := visitFor(b, b.TempDir(), "-no-record", "-consent", "none")
	defer s.Close()
	c := recorded(12)
	b.ReportAllocs()
	for b.Loop() {
		s.t += 1.0 / 60
		c.hear(s)
	}
}
