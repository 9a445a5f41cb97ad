// Package attention is the heart of Souk: [Engine.Step] turns a stream of
// frames (time, head, gaze, what is in view, what was done) into decisions
// (what to show where, and why).
//
// The engine is deterministic: it takes time from the frame and randomness
// from its seed, owns no goroutine, reads no file. The same frames give the
// same decisions, byte for byte, on the same build.
//
// Read [Frame], [Decision], then [Engine.Step].
package attention

import (
	"souk/attention/focus"
	"souk/attention/gaze"
	"souk/attention/place"
	"souk/attention/rank"
	"souk/input"
	"souk/world"
	"souk/world/plan"
)

// Action is something the visitor did on purpose.
type Action struct {
	T    float64         // seconds on the session's clock
	Kind world.EventKind // open, like, unlike, hide, unhide, cart, uncart, purchase, comment, gesture, question
	Item world.ItemIndex
}

// Frame is everything the engine may know about one moment: one per drawn
// frame, or per simulated tick. The engine keeps no reference to its slices.
type Frame struct {
	T       float64 // seconds on the session's clock; must not go back
	Head    world.Pose
	Lens    world.Lens
	Samples []input.Sample // since the last frame, oldest first
	Visible []plan.View    // what is in view now, in any order
	Actions []Action
	// Paused: the visitor has asked not to be noticed. Samples and Visible are ignored.
	Paused bool
	// Erase: forget everything learned, before anything else in this frame.
	Erase bool
}

// Decision is what follows from a frame. Its slices belong to the engine and
// are valid until the next Step.
type Decision struct {
	T     float64
	Focus focus.Focus
	// Ranked is the best of the ranking, best first; it changes only where Reranked.
	Ranked   []rank.Scored
	Reranked bool
	// Placements are the slots that change with this frame.
	Placements []place.Placement
	// Reasons explain the placements, in the same order, one each: the largest of
	// the visitor's own where it carries enough, else the largest.
	Reasons []rank.Reason
	// Gaze holds the eye-movement events that ended in this frame; they stay on this machine.
	Gaze []gaze.Event
	// Events are rows for the event log (no ID, Visitor, Session yet; Time is
	// the session's clock): what the server may learn, where consent allows.
	Events []world.Event
	Budget place.Budget
}
