package input

import "gonum.org/v1/gonum/spatial/r3"

// Head is where a head is, relative to a body that sits still and looks
// straight ahead: what a head tracker measures. The zero value is at rest.
type Head struct {
	// Pos is metres to the right, up and back (−z is ahead) of the rest.
	Pos r3.Vec
	// Yaw, Pitch and Roll are radians: left, up, and towards the left
	// shoulder are positive. They turn in this order, each about the axis that the one before
	// has turned.
	Yaw, Pitch, Roll float64
}

// HeadSource is a device that measures the head. Poll is the head as it is
// known at session time now (seconds, not falling from call to call); ok is
// false while nothing has been measured yet. A source that falls silent brings
// the head back to rest by itself. Poll does not wait, and is called from the
// frame loop alone; Close may be called from anywhere, once.
type HeadSource interface {
	Name() string
	Poll(now float64) (h Head, ok bool)
	Close() error
}
