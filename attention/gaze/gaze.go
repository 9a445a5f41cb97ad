// Package gaze turns samples of where attention points into eye-movement
// events, on line: fixations, saccades and gaps, in the world frame (head
// pose × direction in the head).
//
// Read [Event] first, then [Detector.Step]; [Config] says what is assumed of
// each source of samples and why.
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

// String is the kind's lower-case name.
func (k EventKind) String() string {
	switch k {
	case Gap:
		return "gap"
	case Fixation:
		return "fixation"
	case Saccade:
		return "saccade"
	}
	return "unknown"
}

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
	// Latest is where gaze is at T1: the mean of the newest samples (see
	// SourceConfig.Window), world frame, unit length. It follows a thing that
	// moves in the view while the visitor walks past it, where Dir lags. In a
	// fixation that has ended it is Dir.
	Latest r3.Vec
}
