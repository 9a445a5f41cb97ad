package sound_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"

	"pgregory.net/rapid"

	"souk/scene/sound"
)

// loudestNear is the strongest frequency of a sound within a range, Hz, between two
// values of the transform by a parabola through their logarithms.
func loudestNear(s []float32, lo, hi float64) float64 {
	const window = 1 << 16
	row := sound.Spectrogram(s, window, len(s))[0]
	if len(s) > window/2 {
		row = sound.Spectrogram(append(make([]float32, 0, len(s)), s...), window, window/2)[1]
	}
	best := 0
	for i := int(lo * window / sound.Rate); i <= int(hi*window/sound.Rate); i++ {
		if row[i] > row[best] || best == 0 {
			best = i
		}
	}
	a, b, c := math.Log(row[best-1]), math.Log(row[best]), math.Log(row[best+1])
	return (float64(best) + (a-c)/(2*(a-2*b+c))) * sound.Rate / window
}

// A string sounds at its pitch, whatever it is made of and wherever it is
// plucked: the loop's delays are all counted.
func TestStringsAreInTune(t *testing.T) {
	if testing.Short() {
		t.Skip("slow")
	}
	rapid.Check(t, func(t *rapid.T) {
		hz, dull := rapid.Float64Range(80, 700).Draw(t, "hz"), rapid.Float64Range(0, .6).Draw(t, "dull")
		w := sound.Plucked(sound.Chance(rapid.Uint64().Draw(t, "seed"), "string"), hz, 1.5, 3, dull, rapid.Float64Range(.05, .4).Draw(t, "place")).Single()
		if cents := 1200 * math.Log2(loudestNear(w, hz*.9, hz*1.1)/hz); math.Abs(cents) > 6 {
			t.Fatalf("%.1f cents off", cents)
		}
	})
}

// A struck bar rings at the beam's frequencies and dies in its time.
func TestBarsRingAtTheirModes(t *testing.T) {
	w := sound.Struck(400, 2, 1.5, .0001, sound.BarModes()).Single()
	for _, m := range sound.BarModes() {
		hz := 400 * m.Ratio()
		if got := loudestNear(w, hz*.95, hz*1.05); math.Abs(got/hz-1) > .002 {
			t.Errorf("a mode of %.1f Hz rings at %.1f", hz, got)
		}
	}
	fell := 20 * math.Log10(rms(w[sound.Rate*5/4:sound.Rate*13/10])/rms(w[sound.Rate/4:sound.Rate*3/10]))
	if math.Abs(fell+40) > 2 { // the lowest mode: 60 dB in 1.5 s, so 40 in one
		t.Errorf("in a second it falls by %.1f dB", fell)
	}
}

// The meter reads what BS.1770 says of a sine, and adds its sides.
func TestLoudnessOfASine(t *testing.T) {
	s := make([]float32, 3*sound.Rate)
	for i := range s {
		s[i] = float32(math.Sin(2 * math.Pi * 997 * float64(i) / sound.Rate))
	}
	if most, mean := sound.Loudness(s); math.Abs(most+3.01) > .05 || math.Abs(mean+3.01) > .05 {
		t.Errorf("one side: %.2f, %.2f LUFS; the standard says −3.01", most, mean)
	}
	if _, mean := sound.Loudness(s, s); math.Abs(mean) > .05 {
		t.Errorf("two sides: %.2f LUFS; the standard says 0", mean)
	}
	half := append(append([]float32{}, s...), make([]float32, 6*sound.Rate)...)
	if _, mean := sound.Loudness(half); math.Abs(mean+3.01) > .3 {
		t.Errorf("with a pause: %.2f LUFS: pauses do not count", mean)
	}
	if most, mean := sound.Loudness(make([]float32, 100)); !math.IsInf(most, -1) || !math.IsInf(mean, -1) {
		t.Errorf("silence: %v, %v", most, mean)
	}
}

func TestWAV(t *testing.T) {
	var b bytes.Buffer
	if err := sound.WriteWAV(&b, []float32{0, .5, 2}, []float32{-2, 0, .25}); err != nil {
		t.Fatal(err)
	}
	f := b.Bytes()
	if len(f) != 44+12 || string(f[:4]) != "RIFF" || binary.LittleEndian.Uint32(f[4:]) != 36+12 || binary.LittleEndian.Uint32(f[24:]) != sound.Rate {
		t.Fatalf("% x", f)
	}
	want := []int16{0, -32767, 16384, 0, 32767, 8192}
	for i, w := range want {
		if got := int16(binary.LittleEndian.Uint16(f[44+2*i:])); got != w {
			t.Errorf("sample %d is %d, not %d", i, got, w)
		}
	}
	if sound.WriteWAV(&b) == nil || sound.WriteWAV(&b, make([]float32, 2), make([]float32, 3)) == nil {
		t.Error("no sides, or unequal ones, are written")
	}
}
