package sound

import (
	"math"
	"math/rand/v2"

	"souk/scene/hud"
)

// recipe is how the sound of a moment is made. What is heard is what its
// caption says ("[chime] in your cart").
type recipe struct {
	name string
	make func(*rand.Rand) wave
	lufs float64 // its loudest 400 ms
}

// recipes are those of the display's moments, all about equally loud; what
// nobody waited for is a little softer.
var recipes = map[hud.Cue]recipe{
	hud.CueCart:    {"cart", cart, -24},
	hud.CueBought:  {"bought", bought, -23},
	hud.CueRefused: {"refused", refused, -26},
	hud.CueChat:    {"chat", chat, -25},
	hud.CueNear:    {"near", near, -29},
	hud.CuePlaced:  {"placed", placed, -26},
	hud.CueArrived: {"arrived", arrived, -26},
}

// cart is a chime of two bars, a fourth apart and upwards, over the creak of a
// basket.
func cart(rng *rand.Rand) wave {
	w := silence(1.5)
	w.add(grit(rng, .14, 30, 700, 1900), 0, .5)
	w.add(struck(1174.7, 1.4, 1.1, .0003, bar), .03, .7)
	w.add(struck(1568, 1.3, 1.2, .0003, bar), .15, .8)
	w.add(plucked(rng, 392, 1, .9, .3, .13), .15, .35)
	return w
}

// bought is a hand bell, and the coins that fall into the till.
func bought(rng *rand.Rand) wave {
	w := silence(2.3)
	at, gap := .3, .14
	for i := range 9 {
		hz := between(rng, 2300, 3400)
		w.add(struck(hz, .5, between(rng, .1, .32), .00004, coin), at, between(rng, .25, .5)*math.Pow(.88, float64(i)))
		at += gap * between(rng, .55, 1.2)
		gap *= .84
	}
	w.add(struck(880, 2.2, 1.5, .0003, handBell), 0, .8)
	w.add(struck(880, 2, 1.4, .0004, handBell), .19, .45)
	return w
}

// refused is a dull thud: a fist on a plank, twice, the second lower and softer.
func refused(rng *rand.Rand) wave {
	w := silence(.75)
	dull := func(hz float64) wave {
		k := silence(.35)
		k.add(struck(hz, .35, .17, .003, wood), 0, 1)
		k.add(struck(hz*1.57, .2, .09, .002, wood), 0, .6)
		k.add(hush(rng, .05, 1100, 400, .6, func(x float64) float64 { return math.Exp(-7 * x) }), 0, .8)
		return k
	}
	w.add(dull(205), .005, 1)
	w.add(dull(163), .19, .85)
	return w
}

// chat is a voice that says two syllables of no language, the second higher:
// somebody turns to one.
func chat(rng *rand.Rand) wave {
	w := silence(.7)
	w.add(syllable(rng, .19, 138, 146, .95, vowels[4], vowels[0]), .01, 1)
	w.add(syllable(rng, .34, 150, 182, .95, vowels[0], vowels[1]), .2, 1)
	return w
}

// near is somebody's steps, three of them, closer and closer.
func near(rng *rand.Rand) wave {
	w := silence(1.5)
	for i, gain := range [...]float64{.35, .6, 1} {
		w.add(step(rng, .9), .01+.47*float64(i)+between(rng, -.01, .01), gain)
	}
	return w
}

// placed is a shimmer: small bells up a scale of five tones, each softer.
func placed(rng *rand.Rand) wave {
	w := silence(1.9)
	scale := [...]float64{659.3, 784, 880, 1046.5, 1174.7, 1318.5, 1568, 1760}
	for i, hz := range scale {
		x := float64(i)
		n := chowning(hz*between(rng, .998, 1.002), 3.5, .9, 1.2, 1.3)
		n.fade(.006, .2)
		w.add(n, .075*x+.004*x*x, .6*math.Pow(.9, x))
	}
	w.add(hush(rng, 1, 2600, 7200, 1.2, func(x float64) float64 { return math.Pow(math.Sin(math.Pi*x), 2) }), .05, .12)
	return w
}

// arrived is a last step, the foot that is set beside it, and a low string of
// an oud that comes to rest.
func arrived(rng *rand.Rand) wave {
	w := silence(1.9)
	w.add(step(rng, 1), .01, .8)
	w.add(step(rng, .6), .34, .5)
	w.add(plucked(rng, 146.8, 1.5, 1.6, .55, .17), .38, .9)
	w.add(plucked(rng, 220, 1.4, 1.5, .5, .21), .45, .6)
	return w
}
