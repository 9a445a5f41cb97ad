package sound_test

import (
	"bytes"
	"encoding/binary"
	"flag"
	"fmt"
	"hash/fnv"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"souk/scene/sound"
)

var update = flag.Bool("update", false, "write the golden files anew")

var bank = sync.OnceValue(func() *sound.Bank { return sound.NewBank(1) })

func peak(s []float32) float64 {
	p := 0.0
	for _, v := range s {
		p = max(p, math.Abs(float64(v)))
	}
	return p
}

func rms(s []float32) float64 {
	sum := 0.0
	for _, v := range s {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum / float64(max(1, len(s))))
}

// Every sound has an end, no click at either, no mean, room above its peak.
func TestSoundsAreClean(t *testing.T) {
	for _, s := range bank().All() {
		for k, side := range s.Sides {
			name := fmt.Sprintf("%s, side %d", s.Name, k)
			mean, level := 0.0, rms(side)
			for _, v := range side {
				if v != v {
					t.Fatalf("%s holds no number", name)
				}
				mean += float64(v) / float64(len(side))
			}
			if p := peak(side); p > .71 || p < .005 {
				t.Errorf("%s: its peak is %.3f", name, p)
			}
			if math.Abs(mean) > 2e-3*level {
				t.Errorf("%s: its mean is %.5f of its level", name, mean/level)
			}
			if len(s.Sides) == 2 {
				continue // a loop has no ends
			}
			if d := float64(len(side)) / sound.Rate; d < .2 || d > 2.5 {
				t.Errorf("%s is %.2f s long", name, d)
			}
			if v := math.Abs(float64(side[0])); v > 1e-6 {
				t.Errorf("%s begins at %.5f", name, v)
			}
			if v := peak(side[len(side)-sound.Rate/200:]); v > .003*peak(side) {
				t.Errorf("%s ends at %.5f of its peak", name, v/peak(side))
			}
		}
	}
}

// The moments are about equally loud: nobody reaches for the volume. Steps and
// the air lie well below them.
func TestLoudness(t *testing.T) {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, c := range bank().Cues {
		most, _ := sound.Loudness(c.Samples())
		lo, hi = min(lo, most), max(hi, most)
	}
	if hi-lo > 6.5 || hi > -22 {
		t.Errorf("the moments' loudness is from %.1f to %.1f LUFS", lo, hi)
	}
	for _, s := range bank().Steps {
		if most, _ := sound.Loudness(s.Samples()); most > lo-8 {
			t.Errorf("a step of %.1f LUFS is among moments from %.1f on", most, lo)
		}
	}
	for name, l := range map[string]sound.Loop{"murmur": bank().Murmur, "wind": bank().Wind, "crickets": bank().Crickets} {
		if most, mean := sound.Loudness(l.Left, l.Right); mean > lo-6 || most > mean+6 {
			t.Errorf("the %s has a mean of %.1f LUFS and goes up to %.1f, among moments from %.1f on", name, mean, most, lo)
		}
	}
}

// envelope is the level in each of 24 tenths of a second, as shares.
func envelope(s []float32) (e [24]float64) {
	sum := 0.0
	for i := range e {
		if a := i * sound.Rate / 10; a < len(s) {
			e[i] = rms(s[a:min(len(s), a+sound.Rate/10)])
			sum += e[i]
		}
	}
	for i := range e {
		e[i] /= sum
	}
	return e
}

// apart is how much of two distributions differs, from 0 to 1.
func apart(a, b []float64) float64 {
	d := 0.0
	for i := range a {
		d += math.Abs(a[i]-b[i]) / 2
	}
	return d
}

// Any two moments differ in what they sound like or in their rhythm.
func TestMomentsAreToldApart(t *testing.T) {
	b := bank()
	var bands [len(b.Cues)][26]float64
	var envelopes [len(b.Cues)][24]float64
	for i := range b.Cues {
		bands[i], envelopes[i] = sound.Bands(b.Cues[i].Samples()), envelope(b.Cues[i].Samples())
		for k := range i {
			colour, rhythm := apart(bands[i][:], bands[k][:]), apart(envelopes[i][:], envelopes[k][:])
			t.Logf("moments %d and %d: colour %.2f, rhythm %.2f", k, i, colour, rhythm)
			if colour < .35 && rhythm < .35 {
				t.Errorf("moments %d and %d are alike: colour %.2f, rhythm %.2f", k, i, colour, rhythm)
			}
		}
	}
	for i := range b.Steps { // and no two steps are the same one
		for k := range i {
			if slices.Equal(b.Steps[i].Samples(), b.Steps[k].Samples()) {
				t.Errorf("steps %d and %d are one", k, i)
			}
		}
	}
}

// A loop goes on at its seam as it goes on elsewhere, and has no holes: half a
// second is nowhere far below the middle level. Crickets do rest.
func TestLoopsHaveNoSeam(t *testing.T) {
	const part = sound.Rate / 4
	for name, l := range map[string]sound.Loop{"murmur": bank().Murmur, "wind": bank().Wind, "crickets": bank().Crickets} {
		for k, s := range [...][]float32{l.Left, l.Right} {
			jump := 0.0
			for i := 1; i < len(s); i++ {
				jump = max(jump, math.Abs(float64(s[i]-s[i-1])))
			}
			if v := math.Abs(float64(s[0] - s[len(s)-1])); v > jump {
				t.Errorf("%s, side %d: a jump of %.5f at the seam, %.5f elsewhere", name, k, v, jump)
			}
			levels := []float64{rms(slices.Concat(s[len(s)-part:], s[:part]))}
			for i := 0; i+2*part <= len(s); i += part {
				levels = append(levels, rms(s[i:i+2*part]))
			}
			slices.Sort(levels)
			t.Logf("%s, side %d: from %.2f to %.2f of the middle level", name, k, levels[0]/levels[len(levels)/2], levels[len(levels)-1]/levels[len(levels)/2])
			if levels[0] < .25*levels[len(levels)/2] && name != "crickets" {
				t.Errorf("%s, side %d: a level of %.5f somewhere, and of %.5f in the middle", name, k, levels[0], levels[len(levels)/2])
			}
		}
	}
}

func digest(b *sound.Bank) uint64 {
	h := fnv.New64a()
	for _, s := range b.All() {
		for _, side := range s.Sides {
			_ = binary.Write(h, binary.LittleEndian, side)
		}
	}
	return h.Sum64()
}

// The same seed makes the same samples, another seed others.
func TestSoundsComeFromTheirSeed(t *testing.T) {
	if testing.Short() {
		t.Skip("slow")
	}
	if a, b := digest(sound.NewBank(1)), digest(bank()); a != b {
		t.Errorf("seed 1 makes %x and %x", a, b)
	}
	if a, b := digest(sound.NewBank(2)), digest(bank()); a == b {
		t.Error("seed 2 makes what seed 1 makes")
	}
}

// The sounds are those that were looked at when they were made: to a tenth of a
// decibel and some Hz, since processors differ in their last bits.
func TestGoldenSounds(t *testing.T) {
	var out bytes.Buffer
	for _, s := range bank().All() {
		most, mean := sound.Loudness(s.Sides...)
		fmt.Fprintf(&out, "%-9s %6.2f s  peak %6.1f dB  %6.1f LUFS, mean %6.1f  %6.0f Hz\n", s.Name, float64(len(s.Sides[0]))/sound.Rate,
			20*math.Log10(peak(s.Sides[0])), most, mean, math.Round(sound.Centroid(s.Sides[0])/10)*10)
	}
	path := filepath.Join("testdata", "bank.golden")
	if *update {
		if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, out.Bytes()) {
		t.Errorf("the sounds are others (look at souklab sound -o DIR, then -update):\n%s\nwanted:\n%s", &out, want)
	}
}

// In the evening there are crickets and fewer people, and all of it stays a share.
func TestAirFollowsTheHour(t *testing.T) {
	for h := 0.0; h <= 24; h += .25 {
		for _, busy := range []float64{-1, 0, .5, 1, 3} {
			a := sound.AirAt(h, busy)
			for _, v := range []float64{a.Murmur, a.Wind, a.Crickets} {
				if !(v >= 0 && v <= 1) {
					t.Fatalf("at %v, %v: %+v", h, busy, a)
				}
			}
		}
	}
	day, evening := sound.AirAt(16.5, .8), sound.AirAt(21, .8)
	if day.Crickets != 0 || evening.Crickets < .3 || evening.Murmur >= day.Murmur || sound.AirAt(16, .2).Murmur >= sound.AirAt(16, .9).Murmur {
		t.Errorf("by day %+v, in the evening %+v", day, evening)
	}
	if sound.AirAt(24, .5) != sound.AirAt(0, .5) {
		t.Error("midnight is two hours")
	}
}

func BenchmarkNewBank(b *testing.B) {
	for b.Loop() {
		sound.NewBank(1)
	}
}
