package sound

import (
	"math"
	"math/rand/v2"
)

// Loop is a sound without an end, in stereo: its last sample is followed by its
// first. Both sides are equally long.
type Loop struct{ Left, Right []float32 }

// round is a loop while it is made.
type round struct{ left, right wave }

func newRound(seconds float64) round { return round{silence(seconds), silence(seconds)} }

// wrap mixes a wave in at a place from −1, the left, to 1.
func (r round) wrap(w wave, at, pan, gain float64) {
	sin, cos := math.Sincos((pan + 1) * math.Pi / 4)
	r.left.wrap(w, at, gain*cos)
	r.right.wrap(w, at, gain*sin)
}

// around passes a wave through a filter that has heard it before, so that its
// ends meet.
func around(w wave, f func(i int, x float64) float64) {
	for pass := range 2 {
		for i, x := range w {
			if y := f(i, x); pass == 1 {
				w[i] = y
			}
		}
	}
}

// murmur is a market from a few steps away: people who talk to one another in
// phrases, at every side; what they say is lost on the way, as are the highs.
func murmur(rng *rand.Rand) round {
	const seconds, people = 13.0, 16
	r := newRound(seconds)
	for range people {
		tract, pitch := 1.0, between(rng, 95, 140)
		if rng.Float64() < .5 {
			tract, pitch = .86, between(rng, 165, 230)
		}
		pan, loud := between(rng, -1, 1), between(rng, .35, 1)
		t := rng.Float64() * seconds
		for end := t + seconds - .8; t < end; {
			was := vowels[rng.IntN(len(vowels))]
			for n := 3 + rng.IntN(7); n > 0 && t < end; n-- { // a phrase falls
				length := between(rng, .1, .26)
				is := vowels[rng.IntN(len(vowels))]
				hz := pitch * between(rng, .92, 1.12) * (1 + .012*float64(n))
				r.wrap(syllable(rng, length, hz, hz*between(rng, .9, 1.06), tract, was, is), t, pan, loud*between(rng, .5, 1))
				was = is
				t += length * between(rng, .8, 1.1)
			}
			t += between(rng, .3, 2.2)
		}
	}
	for _, side := range [...]wave{r.left, r.right} {
		low, body := newFilter(1150, .55), newFilter(150, .6)
		around(side, func(_ int, x float64) float64 {
			x, _, _ = low.step(x)
			_, _, x = body.step(x)
			return x
		})
	}
	return r
}

// wind is low noise whose pitch and level swell; every swell goes into the loop
// a whole number of times.
func wind(rng *rand.Rand) round {
	const seconds = 11.0
	r := newRound(seconds)
	for _, side := range [...]wave{r.left, r.right} {
		for i := range side {
			side[i] = noise(rng)
		}
		p1, p2, p3 := 2*math.Pi*rng.Float64(), 2*math.Pi*rng.Float64(), 2*math.Pi*rng.Float64()
		air, hollow, rumble := newFilter(300, .5), newFilter(420, 1.6), newFilter(95, .6)
		gust := 0.0
		around(side, func(i int, x float64) float64 {
			if i%64 == 0 {
				t := 2 * math.Pi * float64(i) / float64(len(side))
				gust = .62 + .2*math.Sin(t+p1) + .12*math.Sin(3*t+p2) + .06*math.Sin(5*t+p3)
				air.tune(140 + 260*gust)
				hollow.tune(260 + 420*gust)
			}
			low, _, _ := air.step(x)
			_, band, _ := hollow.step(x)
			_, _, low = rumble.step(low)
			return gust * (low + .3*gust*band)
		})
	}
	return r
}

// crickets are five of them in the evening, each at its place with its own
// tempo: chirps of three pulses of a high tone. Warmer is quicker (Dolbear
// 1897); these sit in some 20 °C.
func crickets(rng *rand.Rand) round {
	const seconds = 7.0
	r := newRound(seconds)
	for range 5 {
		hz, pan, loud := between(rng, 4100, 4900), between(rng, -1, 1), between(rng, .2, 1)
		chirps := 11 + rng.IntN(6) // in the loop: a whole number, evenly
		first := rng.Float64() * seconds
		for c := range chirps {
			if rng.Float64() < .12 {
				continue
			}
			at := first + seconds*float64(c)/float64(chirps)
			for p := range 3 {
				r.wrap(chirp(hz*between(rng, .997, 1.003)), at+.026*float64(p), pan, loud*(.6+.2*float64(p)))
			}
		}
	}
	return r
}

// chirp is one stroke of a cricket's wings.
func chirp(hz float64) wave {
	w := silence(.018)
	for i := range w {
		x := float64(i) / float64(len(w))
		t := 2 * math.Pi * hz * float64(i) / Rate
		w[i] = math.Pow(math.Sin(math.Pi*x), 2) * (math.Sin(t) + .12*math.Sin(2*t))
	}
	return w
}

// AirAt is the air at an hour of the day, 0 to 24, and among so many people and
// stalls, from 0 to 1: in the evening the market thins out and crickets begin.
func AirAt(hour, busy float64) Air {
	hour = math.Mod(hour, 24)
	night := smooth(18.6, 20.5, hour) + 1 - smooth(4.5, 6, hour)
	busy = max(0, min(1, busy))
	return Air{Murmur: busy * (1 - .45*night), Wind: .45 + .3*(1-busy) + .2*night, Crickets: night * (1 - .4*busy)}
}
