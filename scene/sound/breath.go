package sound

import (
	"math"
	"math/rand/v2"
)

// vowel is a vowel's first three formants, Hz (men, Peterson and Barney 1952).
type vowel [3]float64

var vowels = [...]vowel{{730, 1090, 2440}, {530, 1840, 2480}, {390, 1990, 2550}, {570, 840, 2410}, {440, 1020, 2240}, {490, 1350, 1690}}

// formantGain is how strong the three are, and their widths in Hz (Klatt 1980).
var formantGain, formantWidth = vowel{1, .5, .22}, vowel{70, 90, 130}

// syllable is a voice that says one: a glottal pulse (Rosenberg 1971, his
// polynomial B) that glides from one pitch to another through the formants of
// a vowel that turns into the next. tract is how long the speaker's is; 1 is a man's.
func syllable(rng *rand.Rand, seconds, from, to, tract float64, a, b vowel) wave {
	w := silence(seconds)
	var f [3]filter
	for k := range f {
		f[k] = newFilter(a[k]/tract, a[k]/tract/formantWidth[k])
	}
	phase, pitch, breath := 0.0, 0.0, newFilter(2200, .8)
	level, slope := 0.0, 0.0
	const often = 32 // samples between one look at pitch, vowel and level and the next
	for i := range w {
		if i%often == 0 {
			x := float64(i) / float64(len(w))
			pitch = (from + (to-from)*x + 1.5*math.Sin(34*x)) / Rate
			for k := range f {
				f[k].tune((a[k] + (b[k]-a[k])*x) / tract)
			}
			slope = (swell(float64(i+often)/float64(len(w))) - level) / often
		}
		level += slope
		phase += pitch
		if phase >= 1 {
			phase--
		}
		_, hiss, _ := breath.step(noise(rng))
		in := rosenberg(phase) + .05*hiss
		for k := range f {
			_, band, _ := f[k].step(in)
			w[i] += level * formantGain[k] * band
		}
	}
	w.fade(.012, .03)
	return w
}

// swell is a syllable's level: it comes quickly and dies slowly.
func swell(x float64) float64 {
	return math.Sqrt(max(0, math.Sin(math.Pi*math.Pow(min(1, x), .6)))) * (1 - .4*x)
}

// rosenberg is the flow through the glottis over one period, less its mean.
func rosenberg(phase float64) float64 {
	const open, closing, mean = .4, .16, .267
	switch {
	case phase < open:
		x := phase / open
		return x*x*(3-2*x) - mean
	case phase < open+closing:
		x := (phase - open) / closing
		return 1 - x*x - mean
	}
	return -mean
}

// hush is noise around a frequency that moves from one to another, with an
// envelope by time in [0,1]: cloth, a whoosh.
func hush(rng *rand.Rand, seconds, from, to, q float64, envelope func(x float64) float64) wave {
	w := silence(seconds)
	f := newFilter(from, q)
	for i := range w {
		x := float64(i) / float64(len(w))
		if i%32 == 0 {
			f.tune(from * math.Pow(to/from, x))
		}
		_, band, _ := f.step(noise(rng))
		w[i] = band * envelope(x)
	}
	return w
}

// grit is sand under a sole: single grains at chance moments, fewer and fewer,
// each a click through a filter of its own (PhISEM, Cook 1997).
func grit(rng *rand.Rand, seconds float64, grains int, lo, hi float64) wave {
	w := silence(seconds)
	for range grains {
		at := seconds * math.Pow(rng.Float64(), 1.7)
		n := int(.006 * Rate)
		f := newFilter(between(rng, lo, hi), 3)
		g := wave(make([]float64, n))
		for i := range g {
			in := 0.0
			if i < 24 {
				in = noise(rng) * (1 - float64(i)/24)
			}
			_, g[i], _ = f.step(in)
		}
		w.add(g, at, between(rng, .2, 1)*(1-.7*at/seconds))
	}
	return w
}

// step is a shoe on paving: the heel's knock on the stone and its thump in the
// body, then the sole as it rolls, and sand. weight in (0,1] is how firmly.
func step(rng *rand.Rand, weight float64) wave {
	w := silence(.3)
	stone := between(rng, 420, 560)
	heel := func(x float64) float64 { return math.Exp(-7*x) * min(1, 22*x) }
	w.add(struck(between(rng, 105, 135), .12, .09, .002, wood), .003, .36*weight)
	w.add(struck(stone, .1, .045, .001, wood), .003, .4*weight)
	w.add(hush(rng, .07, 3000, 1300, .7, heel), .002, .6*weight)
	roll := between(rng, .085, .12)
	w.add(struck(stone*1.22, .1, .03, .001, wood), roll, .14*weight)
	w.add(hush(rng, .1, 1500, 2600, .6, func(x float64) float64 { return math.Pow(math.Sin(math.Pi*x), 2) }), roll-.02, .24)
	w.add(grit(rng, .15, 12, 2800, 6500), roll-.03, .6)
	return w
}
