package sound

import (
	"math"
	"math/rand/v2"
)

// mode is one way in which a struck body rings: its frequency as a multiple of
// the lowest, how strongly it is struck, and the seconds until it is 60 dB down.
type mode struct{ ratio, gain, t60 float64 }

// bar is a metal bar, free at both ends: the roots of the beam equation, as in
// Fletcher and Rossing, The Physics of Musical Instruments, 1998, table 2.1.
// Higher modes die sooner.
var bar = []mode{{1, 1, 1}, {2.756, .42, .5}, {5.404, .2, .25}, {8.933, .08, .12}}

// handBell is a small cast bell: hum, prime, tierce, quint, nominal and what is
// above, by the names and ratios of Rossing and Perrin 1987. Each is doubled by
// a hair, since no bell is quite round: that is what beats.
var handBell = []mode{
	{.5, .25, 1.5}, {1, .8, 1.2}, {1.0023, .5, 1.2}, {1.183, .35, .8}, {1.506, .22, .6}, {2, 1, .7}, {2.0031, .6, .7},
	{2.514, .22, .4}, {2.662, .18, .35}, {3.011, .3, .3}, {4.166, .2, .2}, {5.433, .12, .14}, {6.796, .07, .1},
}

// wood is a plank on trestles: few modes, soon over.
var wood = []mode{{1, 1, 1}, {2.572, .5, .6}, {4.644, .28, .4}, {6.984, .12, .25}}

// coin is a disc of metal with a free rim (the modes with two, three, and four
// nodal diameters and the first circle: Leissa 1969, ν = 0.33).
var coin = []mode{{1, .8, 1}, {1.73, .6, .8}, {2.33, 1, .7}, {3.91, .5, .45}, {4.11, .4, .4}}

// struck is a body of such modes, struck once: the sum of damped sines
// (modal synthesis, Adrien 1991), each by its own recursion of second order.
// t60 stretches the modes' times; soft, in seconds, is how long the mallet
// stays: it takes from the modes that are quicker than that.
func struck(hz, seconds, t60, soft float64, modes []mode) wave {
	w := silence(seconds)
	for _, m := range modes {
		f := hz * m.ratio
		if f > .45*Rate {
			continue
		}
		omega := 2 * math.Pi * f / Rate
		r := math.Pow(10, -3/(m.t60*t60*Rate))
		// a half sine of that length, as a filter on the modes
		gain := m.gain / (1 + math.Pow(2*f*soft, 2))
		c, r2 := 2*r*math.Cos(omega), r*r
		y1, y2 := 0.0, -gain*math.Sin(omega)/r // one sample before: sin(−ω)
		for i := range w {
			w[i] += y1
			y1, y2 = c*y1-r2*y2, y1
		}
	}
	return w
}

// plucked is a string, pulled aside and let go: a loop of noise that a mean of
// two samples wears down (Karplus and Strong 1983), tuned to the fraction of a
// sample by an allpass and plucked at a place along it (Jaffe and Smith 1983).
// t60 is how long it rings at the most. dull in [0,1) is a string of gut rather
// than steel: one more low-pass in the loop, and a softer finger.
func plucked(rng *rand.Rand, hz, seconds, t60, dull, place float64) wave {
	delay := .5 + dull/(1-dull) // of the mean and the low-pass, samples
	period := Rate / hz
	n := int(period - delay - .1)
	frac := period - delay - float64(n)
	allpass := (1 - frac) / (1 + frac)
	line := finger(rng, n, dull, place)
	loss := math.Pow(10, -3*period/(t60*Rate))
	w := silence(seconds)
	var last, low, in1, out1 float64
	for i, k := 0, 0; i < len(w); i++ {
		v := line[k]
		w[i] = v
		low = dull*low + (1-dull)*(.5*v+.5*last)
		last = v
		x := loss * low
		y := allpass*(x-out1) + in1
		in1, out1 = x, y
		line[k] = y
		if k++; k == n {
			k = 0
		}
	}
	return w
}

// finger is what a pluck leaves on a string of n samples: noise without its
// highs and its mean, less itself as far away as the place along the string.
func finger(rng *rand.Rand, n int, dull, place float64) []float64 {
	soft, line := make([]float64, n), make([]float64, n)
	low, mean := 0.0, 0.0
	for i := range soft {
		low += (1 - dull) * .6 * (noise(rng) - low)
		soft[i] = low
		mean += low / float64(n)
	}
	k := int(place * float64(n))
	for i := range line {
		line[i] = soft[i] - mean
		if k > 0 {
			line[i] = soft[i] - soft[(i+n-k)%n]
		}
	}
	return line
}

// chowning is a bell by frequency modulation: carrier and modulator stand in no
// whole ratio, and the index falls with the level, so that it grows purer as it
// dies (Chowning 1973, section "bell-like sounds"; his ratio is 1.4).
func chowning(hz, ratio, index, seconds, t60 float64) wave {
	w := silence(seconds)
	fall := math.Pow(10, -3/(t60*Rate))
	level := 1.0
	for i := range w {
		t := 2 * math.Pi * hz * float64(i) / Rate
		w[i] = level * math.Sin(t+index*level*math.Sin(ratio*t))
		level *= fall
	}
	return w
}
