// Package gaze turns samples of where attention points into eye-movement
// events, on line: fixations, saccades and gaps.
//
// Read [Event] first, then Detector.
package gaze

import (
	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
)

// EventKind is a kind of eye movement.
type EventKind uint8

// The kinds.
const (
	Gap      EventKind = iota // no valid sample: a blink or lost tracking
	Fixation                  // gaze rests on a place in the world
	Saccade                   // gaze jumps
)

// Event is a finished or still growing eye movement.
type Event struct {
	Kind    EventKind
	T0, T1  float64 // seconds on the session's clock; T1 grows while the event lasts
	Dir     r3.Vec  // mean direction of a fixation, world frame, unit length
	Ended   bool
	Source  world.AttentionSource
	Samples int
	Peak    float32 // highest angular velocity, radians per second
	Spread  float32 // root mean square distance of the samples from Dir, radians
}
