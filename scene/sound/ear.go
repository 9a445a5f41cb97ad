package sound

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
)

// Distances, metres, and the head.
const (
	full       = 1.2    // what is nearer is as loud as there
	farthest   = 40.0   // what is farther away is not heard
	headRadius = .0875  // of a mean head: Algazi, Avendano and Duda 2001
	airSpeed   = 343.0  // of sound
	openEar    = 18e3   // Hz, what an ear that nothing covers hears
	shadowed   = 2200.0 // Hz, what gets round the head to the other one
	widest     = .86    // how far from the middle a sound is panned: the far ear is never deaf
)

// hearing is how one source comes to both ears: left, then right.
type hearing struct {
	gain  [2]float32 // as amplitude
	delay [2]float32 // samples
	open  [2]float32 // what a one-pole low-pass lets in of each new sample, (0,1]
	room  float32    // what goes to the walls
}

// hear works out where a source is for the head: panned at equal power; later,
// and without the highs, at the ear that the head covers (the time by
// Woodworth 1938, (r/c)(θ + sin θ), the shadow as one pole after Brown and
// Duda 1998); weaker with distance, as the inverse, the highs more than the
// rest. What bounces off walls weakens less: that is how distance is told.
func hear(at r3.Vec, head world.Pose) hearing {
	to := r3.Sub(at, head.Pos)
	d := r3.Norm(to)
	if !(d <= farthest) { // NaN, too
		return centred(0, 0)
	}
	side, front := 0.0, 1.0
	if d > 1e-6 {
		u := r3.Scale(1/d, to)
		side = r3.Dot(u, head.Rotate(r3.Vec{X: 1}))
		front = r3.Dot(u, head.Ahead())
		side *= min(1, d/.4) // what is at the head itself has no side
	}
	side = max(-1, min(1, side))
	theta := math.Asin(side)
	gone := full / max(full, d)
	edge := 1 - smooth(farthest-10, farthest, d)
	h := hearing{room: float32(.16 * math.Sqrt(gone) * edge)}
	late := headRadius / airSpeed * (theta + side) * Rate // the left's, where positive
	h.delay = [2]float32{float32(max(0, late)), float32(max(0, -late))}
	sin, cos := math.Sincos((1 + widest*side) * math.Pi / 4)
	h.gain = [2]float32{float32(cos * gone * edge), float32(sin * gone * edge)}
	air := openEar / (1 + d/14)
	if front < 0 { // the ear's shell covers it
		air *= 1 + .45*front
	}
	for ear, covered := range [2]float64{max(0, side), max(0, -side)} {
		h.open[ear] = pole(air * math.Pow(shadowed/openEar, covered))
	}
	return h
}

// centred is a sound in the middle of the head, or of nowhere.
func centred(gain, room float32) hearing {
	return hearing{gain: [2]float32{gain * math.Sqrt2 / 2, gain * math.Sqrt2 / 2}, open: [2]float32{1, 1}, room: room}
}

// pole is the share of a one-pole low-pass at a frequency.
func pole(hz float64) float32 { return float32(1 - math.Exp(-2*math.Pi*min(hz, .45*Rate)/Rate)) }

// smooth goes from 0 at lo to 1 at hi, level at both.
func smooth(lo, hi, x float64) float64 {
	x = max(0, min(1, (x-lo)/(hi-lo)))
	return x * x * (3 - 2*x)
}
