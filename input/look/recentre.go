package look

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/input"
)

// Lean is how far a seated head may lean from the body in each direction,
// metres: what a tracker says beyond it is not followed.
const Lean = 0.5

// Recentre turns what a head tracker measures into where the head is relative
// to the body. The zero value leaves it as it is measured.
type Recentre struct {
	pos r3.Vec
	yaw float64
}

// Set makes the head's present place and yaw, as measured, the new rest. Pitch
// and roll keep their zero: it is the horizon, which does not move with the chair.
func (r *Recentre) Set(measured input.Head) { r.pos, r.yaw = measured.Pos, measured.Yaw }

// Seated is the head relative to the rest that was set, its place held within
// [Lean] to each side.
func (r *Recentre) Seated(measured input.Head) input.Head {
	d := r3.Sub(measured.Pos, r.pos)
	sin, cos := math.Sincos(-r.yaw)
	hold := func(v float64) float64 { return max(-Lean, min(Lean, v)) }
	return input.Head{
		Pos:   r3.Vec{X: hold(d.X*cos + d.Z*sin), Y: hold(d.Y), Z: hold(d.Z*cos - d.X*sin)},
		Yaw:   math.Remainder(measured.Yaw-r.yaw, 2*math.Pi),
		Pitch: measured.Pitch, Roll: measured.Roll,
	}
}
