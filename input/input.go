// Package input says what a device says: where the eyes point, what the hands
// did, what was asked for. Types only; the devices are the packages below it,
// and nobody imports those but cmd.
//
// Read [Sample] first, then [Source].
package input

import (
	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
)

// Sample is one measurement of where attention points, at 30 to 1200 Hz.
type Sample struct {
	T float64 // seconds on the session's clock
	// Origin and Dir are the ray of sight in the head frame (metres; Dir is a
	// unit vector, −z ahead).
	Origin, Dir r3.Vec
	Valid       bool    // false: blink, lost tracking; Dir means nothing
	Confidence  float32 // in [0,1], 0 where the device does not say
	Source      world.AttentionSource
}

// Centre is the sample that a view without any tracker gives: straight ahead.
func Centre(t float64) Sample {
	return Sample{T: t, Dir: r3.Vec{Z: -1}, Valid: true, Confidence: 1, Source: world.SourceViewCentre}
}

// Motion is what the body did in one frame: what the keyboard, mouse and
// gamepad add up to, or what a simulated shopper wills.
type Motion struct {
	Forward, Right float64 // metres to walk in the frame, along the yaw
	Yaw, Pitch     float64 // radians to turn in the frame (left and up positive)
}

// Command is something asked for by key, button, gesture or voice.
type Command uint8

// The commands.
const (
	CommandNone Command = iota
	CommandCard         // open or close the card of what is attended
	CommandLike
	CommandHide
	CommandCart
	CommandBuy
	CommandPanel // the attention panel
	CommandErase // forget what was learned
	CommandScreenshot
	CommandHelp
	CommandLanguage
	CommandChat
	CommandPause // stop noticing, and go on
	CommandQuit
	CommandSearch   // the search box
	CommandShowCart // what is in the cart
	CommandMap
	CommandSettings
	CommandMenu // the way to everything else
)

// Source is a device that measures attention. Poll appends what has arrived
// since the last call, oldest first, and returns the longer slice; it does not
// wait. It is called from the frame loop alone.
type Source interface {
	Name() string
	Poll(dst []Sample, now float64) []Sample
}
