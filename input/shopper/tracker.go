package shopper

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"

	"souk/input"
	"souk/world"
)

// PrecisionShare is the part of the variance of the gaze error that is restless,
// from sample to sample (precision); the rest is off for long (accuracy).
const PrecisionShare = 0.10

// Shares of the variance of the gaze error. Trackers are repeatable and wrong
// rather than right and restless: most of the error is a bias that lasts a session.
const (
	shareBias  = 0.70
	shareDrift = 0.20 // an Ornstein–Uhlenbeck walk
	shareWhite = PrecisionShare
	driftTime  = 20.0 // seconds, of the walk

	blinkEvery = 4.5 // seconds between blinks, on average
	blinkFor   = 0.15
	lossFor    = 0.03 // mean length of a gap that is no blink
)

// tracker measures the eyes with an error of Config.Noise in all: the root mean square
// of the angle between where the eyes point and what a sample says. The bias has the same
// size in every session (its direction is by chance), so that a session at a
// level of noise is at that level.
type tracker struct {
	rng    *rand.Rand
	period float64
	next   float64 // time of the next sample

	bias, drift [2]float64 // radians, right and up in the head frame
	driftSD     float64    // per axis
	white       float64    // per axis

	blinkAt, blindTill float64
	loss               float64 // chance per sample that a gap begins
}

func (k *tracker) init(cfg Config, r *rand.Rand) {
	k.rng, k.period = r, 1/cfg.Rate
	axis := cfg.Noise / math.Sqrt2
	angle := 2 * math.Pi * r.Float64()
	b := cfg.Noise * math.Sqrt(shareBias)
	k.bias = [2]float64{b * math.Cos(angle), b * math.Sin(angle)}
	k.driftSD, k.white = axis*math.Sqrt(shareDrift), axis*math.Sqrt(shareWhite)
	k.drift = [2]float64{k.driftSD * r.NormFloat64(), k.driftSD * r.NormFloat64()}
	k.loss = cfg.Loss * k.period / lossFor
}

func (k *tracker) start(t float64) {
	k.next = t + k.period*(0.5+0.5*k.rng.Float64())
	k.blinkAt = t + blinkEvery*k.rng.ExpFloat64()
	k.blindTill = t
}

// measure is the sample at time t, and moves the tracker on to the next.
func (k *tracker) measure(t float64, head world.Pose, dir r3.Vec) input.Sample {
	k.next = t + k.period
	keep := math.Exp(-k.period / driftTime)
	push := k.driftSD * math.Sqrt(1-keep*keep)
	var off [2]float64
	for a := range off {
		k.drift[a] = keep*k.drift[a] + push*k.rng.NormFloat64()
		off[a] = k.bias[a] + k.drift[a] + k.white*k.rng.NormFloat64()
	}
	if t >= k.blinkAt {
		k.blindTill = t + blinkFor*(0.7+0.6*k.rng.Float64())
		k.blinkAt = k.blindTill + blinkEvery*k.rng.ExpFloat64()
	}
	if k.rng.Float64() < k.loss {
		k.blindTill = max(k.blindTill, t+lossFor*k.rng.ExpFloat64())
	}
	if t < k.blindTill {
		return input.Sample{T: t, Source: world.SourceSimulated}
	}
	d := r3.Rotation(quat.Conj(head.Rot)).Rotate(dir)
	right := r3.Cross(d, r3.Vec{Y: 1})
	if n := r3.Norm(right); n > 1e-6 {
		right = r3.Scale(1/n, right)
	} else {
		right = r3.Vec{X: 1}
	}
	up := r3.Cross(right, d)
	d = r3.Unit(r3.Add(d, r3.Add(r3.Scale(math.Tan(off[0]), right), r3.Scale(math.Tan(off[1]), up))))
	return input.Sample{T: t, Dir: d, Valid: true, Confidence: 1, Source: world.SourceSimulated}
}
