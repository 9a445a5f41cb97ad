package sound_test

import (
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"
	"pgregory.net/rapid"

	"souk/scene/sound"
	"souk/world"
)

// here is a head at the origin that looks along −z.
var here = world.Upright(r3.Vec{}, 0, 0)

// hiss is a second of noise.
func hiss() sound.Clip {
	rng := rand.New(rand.NewPCG(1, 2))
	s := make([]float32, sound.Rate)
	for i := range s {
		s[i] = .3 * (2*rng.Float32() - 1)
	}
	return sound.ClipOf(s)
}

// mixed is so much of a mixer, in blocks of uneven length.
func mixed(m *sound.Mixer, seconds float64) (left, right []float32) {
	block := make([]float32, 2*441)
	for n := int(seconds * sound.Rate); len(left) < n; {
		part := block[:2*min(441, n-len(left))]
		m.Mix(part)
		for i := 0; i < len(part); i += 2 {
			left, right = append(left, part[i]), append(right, part[i+1])
		}
	}
	return left, right
}

// heardAt is how loud a source is at both ears, from a place.
func heardAt(at r3.Vec) (left, right float64) {
	m := sound.NewMixer()
	m.Play(sound.Source{Clip: hiss(), Gain: 1, At: at, Placed: true})
	l, r := mixed(m, .5)
	return rms(l), rms(r)
}

func decibels(a, b float64) float64 { return 20 * math.Log10(a/b) }

// What is at the left is louder and earlier at the left ear, and the other way
// round; turning the head around swaps them.
func TestSidesAreHeard(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		angle := rapid.Float64Range(.15, math.Pi-.15).Draw(t, "angle")
		at := r3.Scale(rapid.Float64Range(.8, 20).Draw(t, "far"), r3.Vec{X: -math.Sin(angle), Z: -math.Cos(angle)})
		l, r := heardAt(at)
		if l <= r*1.02 {
			t.Fatalf("from %v: %.5f at the left, %.5f at the right", at, l, r)
		}
		if ml, mr := heardAt(r3.Vec{X: -at.X, Z: at.Z}); math.Abs(ml/r-1) > .12 || math.Abs(mr/l-1) > .12 { // the room has its sides
			t.Fatalf("mirrored: %.5f, %.5f for %.5f, %.5f", ml, mr, l, r)
		}
	})
	if l, r := heardAt(r3.Vec{Z: -3}); math.Abs(decibels(l, r)) > .2 {
		t.Errorf("straight ahead: %.1f dB to the left", decibels(l, r))
	}
	if l, r := heardAt(r3.Vec{X: 3}); decibels(r, l) < 6 || decibels(r, l) > 30 {
		t.Errorf("at the right: %.1f dB to the right", decibels(r, l))
	}
}

// The near ear hears first, by up to 0.66 ms (Woodworth's head).
func TestNearEarHearsFirst(t *testing.T) {
	click := make([]float32, 400)
	click[0] = 1
	for _, tc := range []struct {
		at   r3.Vec
		late float64 // of the right ear, samples
	}{{r3.Vec{X: -5}, .0875 / 343 * (math.Pi/2 + 1) * sound.Rate}, {r3.Vec{X: 5}, -.0875 / 343 * (math.Pi/2 + 1) * sound.Rate}, {r3.Vec{Z: -5}, 0}} {
		m := sound.NewMixer()
		m.Play(sound.Source{Clip: sound.ClipOf(click), Gain: 1, At: tc.at, Placed: true})
		l, r := mixed(m, .005)
		if got := float64(first(r) - first(l)); math.Abs(got-tc.late) > 1 {
			t.Errorf("from %v the right ear is %v samples late, not %.1f", tc.at, got, tc.late)
		}
	}
}

// first is the largest sample.
func first(s []float32) (at int) {
	for i := range s {
		if math.Abs(float64(s[i])) > math.Abs(float64(s[at])) {
			at = i
		}
	}
	return at
}

// What is farther away is softer, and beyond earshot silent.
func TestDistanceSoftens(t *testing.T) {
	last := math.Inf(1)
	for _, d := range []float64{1, 2, 4, 8, 16, 30, 39} {
		l, r := heardAt(r3.Vec{Z: -d})
		level := math.Hypot(l, r)
		if d >= 4 && level > .75*last {
			t.Errorf("at %v m it is %.1f dB, as of half of that %.1f", d, 20*math.Log10(level), 20*math.Log10(last))
		}
		last = level
	}
	if l, r := heardAt(r3.Vec{Z: -41}); l != 0 || r != 0 {
		t.Errorf("at 41 m: %v, %v", l, r)
	}
}

// However many sound, and however loud, no sample leaves [−1, 1]; places that
// are none make no sound and no NaN.
func TestNothingExceedsOne(t *testing.T) {
	b := bank()
	rapid.Check(t, func(t *rapid.T) {
		m := sound.NewMixer()
		m.SetBank(b)
		m.SetVolume(rapid.SampledFrom([]float64{0, .3, 1, 1e9}).Draw(t, "volume"))
		m.Hear(here, sound.Air{Murmur: 1, Wind: 1, Crickets: 1})
		for range rapid.IntRange(0, 60).Draw(t, "sources") {
			s := sound.Source{Clip: b.Cues[rapid.IntRange(0, len(b.Cues)-1).Draw(t, "cue")], Gain: rapid.Float64Range(0, 40).Draw(t, "gain"),
				At: r3.Vec{X: rapid.Float64Range(-30, 30).Draw(t, "x"), Z: rapid.Float64Range(-30, 30).Draw(t, "z")}, Placed: rapid.Bool().Draw(t, "placed")}
			if rapid.IntRange(0, 9).Draw(t, "nowhere") == 0 {
				s.At.X = rapid.SampledFrom([]float64{math.NaN(), math.Inf(1)}).Draw(t, "place")
			}
			m.Play(s)
		}
		l, r := mixed(m, .4)
		if p := max(peak(l), peak(r)); !(p <= 1) {
			t.Fatalf("a sample of %v", p)
		}
		for i := range l {
			if l[i] != l[i] || r[i] != r[i] {
				t.Fatal("no number")
			}
		}
	})
}

// A head that turns, a volume that is set: nothing jumps.
func TestNothingClicks(t *testing.T) {
	tone := make([]float32, 2*sound.Rate)
	for i := range tone {
		tone[i] = .4 * float32(math.Sin(2*math.Pi*300*float64(i)/sound.Rate))
	}
	m := sound.NewMixer()
	m.Play(sound.Source{Clip: sound.ClipOf(tone), Gain: 1, At: r3.Vec{X: -1, Z: -1}, Placed: true})
	block := make([]float32, 960)
	jump, last := 0.0, [2]float32{}
	for i := range 100 {
		m.Hear(world.Upright(r3.Vec{}, float64(i)*.15, 0), sound.Air{})
		m.SetVolume(1 - .8*float64(i/10%2))
		m.Mix(block)
		for k, v := range block {
			jump = max(jump, math.Abs(float64(v-last[k%2])))
			last[k%2] = v
		}
	}
	if most := .4 * 2 * math.Pi * 300 / sound.Rate * 1.25; jump > most { // of the tone alone, and a quarter
		t.Errorf("a jump of %.4f, where the tone has %.4f", jump, most)
	}
}

// A clip plays once and to its end; silence is silence; what is minor stays
// away where much is heard.
func TestVoicesComeAndGo(t *testing.T) {
	m := sound.NewMixer()
	if l, r := mixed(m, .1); peak(l) != 0 || peak(r) != 0 {
		t.Error("an empty mixer is heard")
	}
	m.Play(sound.Source{Clip: hiss(), Gain: 1})
	if l, _ := mixed(m, .9); rms(l[len(l)-4800:]) < .1 || m.Busy() != 1 {
		t.Error("it ends too soon")
	}
	if l, r := mixed(m, 3); m.Busy() != 0 || peak(l[2*sound.Rate:]) != 0 || peak(r[2*sound.Rate:]) != 0 {
		t.Error("it does not end")
	}
	for range sound.Voices / 2 {
		m.Play(sound.Source{Clip: hiss(), Gain: 1})
	}
	m.Play(sound.Source{Clip: hiss(), Gain: 1, Minor: true})
	m.Play(sound.Source{Clip: hiss(), Gain: 1})
	m.Play(sound.Source{Gain: 1}) // no clip
	m.Play(sound.Source{Clip: hiss(), Gain: math.NaN()})
	m.Mix(make([]float32, 64))
	if m.Busy() != sound.Voices/2+1 {
		t.Errorf("%d voices", m.Busy())
	}
	for range 3 * sound.Voices {
		m.Play(sound.Source{Clip: hiss(), Gain: 1})
	}
	m.Mix(make([]float32, 64))
	if m.Busy() != sound.Voices {
		t.Errorf("%d voices of %d", m.Busy(), sound.Voices)
	}
	var none *sound.Mixer
	none.Play(sound.Source{Clip: hiss(), Gain: 1})
	none.SetVolume(1)
}

// The air swells to its level, and each part is heard alone.
func TestAirSwells(t *testing.T) {
	for name, air := range map[string]sound.Air{"murmur": {Murmur: 1}, "wind": {Wind: 1}, "crickets": {Crickets: 1}} {
		m := sound.NewMixer()
		m.SetBank(bank())
		m.Hear(here, air)
		l, _ := mixed(m, 8)
		if at, later := rms(l[:sound.Rate/10]), rms(l[4*sound.Rate:]); at > .4*later || later < 1e-3 {
			t.Errorf("%s: %.5f at first and %.5f later", name, at, later)
		}
		m.Hear(here, sound.Air{})
		if l, _ := mixed(m, 8); peak(l[7*sound.Rate:]) != 0 {
			t.Errorf("%s: never over", name)
		}
	}
}

// Two goroutines tell, one mixes: for the race detector.
func TestMixingWhileTold(t *testing.T) {
	m, b := sound.NewMixer(), bank()
	var tell sync.WaitGroup
	for g := range 2 {
		tell.Go(func() {
			for i := range 300 {
				m.Play(sound.Source{Clip: b.Steps[i%len(b.Steps)], Gain: 1, At: r3.Vec{X: float64(g)}, Placed: true})
				m.Hear(here, sound.Air{Murmur: .5})
				m.SetVolume(float64(i%10) / 10)
				m.SetBank(b)
			}
		})
	}
	tell.Go(func() { mixed(m, .5) })
	tell.Wait()
}

// The same tellings give the same samples.
func TestMixingIsDeterministic(t *testing.T) {
	run := func() []float32 {
		m := sound.NewMixer()
		m.SetBank(bank())
		m.Hear(here, sound.Air{Murmur: .7, Wind: .4})
		for i := range bank().Cues {
			m.Play(sound.Source{Clip: bank().Cues[i], Gain: .8, At: r3.Vec{X: float64(i) - 3, Z: -2}, Placed: true})
		}
		l, r := mixed(m, 1)
		return append(l, r...)
	}
	a, b := run(), run()
	for i := range a {
		if a[i] != b[i] {
			t.Fatalf("sample %d differs", i)
		}
	}
}
