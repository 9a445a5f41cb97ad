package tracker

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/input"
)

// Sway is a head without a tracker: it looks about and leans as someone does
// who sits and waits, always the same at the same time. It shows what a head
// tracker does where there is none, and drives tests and pictures.
type Sway struct{}

// Name is "sway".
func (Sway) Name() string { return "sway" }

// Close does nothing.
func (Sway) Close() error { return nil }

// Poll is the head at a time: turns of up to 20° and nods of up to 6°, within
// 6 cm of the rest, slower than 0.5 rad/s.
func (Sway) Poll(now float64) (input.Head, bool) {
	wave := func(period, phase float64) float64 { return math.Sin(2*math.Pi*now/period + phase) }
	return input.Head{
		Pos:   r3.Vec{X: .04*wave(7.3, 0) + .02*wave(3.1, 1), Y: .01 * wave(4.7, 2), Z: .03 * wave(9.1, 0)},
		Yaw:   .22*wave(8.9, 0) + .12*wave(13.7, 0),
		Pitch: .07*wave(6.1, 0) + .03*wave(11.3, 0),
		Roll:  .04 * wave(7.3, 0),
	}, true
}
