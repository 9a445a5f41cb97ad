package sound

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
)

// wave is a sound while it is made: mono, any level.
type wave []float64

// silence is a wave of so many seconds.
func silence(seconds float64) wave { return make(wave, int(seconds*Rate)) }

// chance is the randomness of one sound: the same for a seed and a name,
// whatever else is made before.
func chance(seed uint64, name string) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // a hash does not fail
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}

// between draws evenly from [lo, hi).
func between(rng *rand.Rand, lo, hi float64) float64 { return lo + (hi-lo)*rng.Float64() }

// noise draws from [−1, 1).
func noise(rng *rand.Rand) float64 { return 2*rng.Float64() - 1 }

// add mixes another wave in, from a time in seconds on. What reaches beyond the
// end is lost.
func (w wave) add(from wave, at, gain float64) {
	first := int(at * Rate)
	for i, v := range from {
		if k := first + i; k >= 0 && k < len(w) {
			w[k] += gain * v
		}
	}
}

// wrap mixes another wave in as add does, and goes on at the beginning: what is
// wrapped has no seam when it is played round and round.
func (w wave) wrap(from wave, at, gain float64) {
	k := int(at*Rate) % len(w)
	for _, v := range from {
		w[k] += gain * v
		if k++; k == len(w) {
			k = 0
		}
	}
}

// fade brings both ends to zero along half a cosine: a wave that begins or ends
// elsewhere clicks.
func (w wave) fade(in, out float64) {
	ramp := func(n int, at func(int) int) {
		for i := range min(n, len(w)) {
			w[at(i)] *= .5 - .5*math.Cos(math.Pi*float64(i)/float64(n))
		}
	}
	ramp(int(in*Rate), func(i int) int { return i })
	ramp(int(out*Rate), func(i int) int { return len(w) - 1 - i })
}

// settle takes away what is below anything that is meant, and with it any mean: it
// would only move the speakers.
func (w wave) settle() {
	f := newFilter(45, .6)
	for i, v := range w {
		_, _, w[i] = f.step(v)
	}
}

// peak is the largest magnitude.
func (w wave) peak() float64 {
	p := 0.0
	for _, v := range w {
		p = max(p, math.Abs(v))
	}
	return p
}

// scale multiplies all of it.
func (w wave) scale(by float64) {
	for i := range w {
		w[i] *= by
	}
}

// filter is a state-variable filter of second order, by the trapezoidal rule,
// so that it can be tuned while it sounds (Zavalishin, The Art of VA Filter
// Design, 2012, chapter 4).
type filter struct{ g, k, a, s1, s2 float64 }

// newFilter is tuned to a frequency in Hz, with a resonance q.
func newFilter(hz, q float64) filter {
	f := filter{k: 1 / q}
	f.tune(hz)
	return f
}

// tune moves the frequency.
func (f *filter) tune(hz float64) {
	f.g = math.Tan(math.Pi * min(hz, .45*Rate) / Rate)
	f.a = 1 / (1 + f.g*(f.g+f.k))
}

// step takes a sample; band has a gain of 1 at the frequency.
func (f *filter) step(x float64) (low, band, high float64) {
	high = (x - (f.k+f.g)*f.s1 - f.s2) * f.a
	v := f.g * high
	band = v + f.s1
	f.s1 = band + v
	v = f.g * band
	low = v + f.s2
	f.s2 = low + v
	return low, band * f.k, high
}
