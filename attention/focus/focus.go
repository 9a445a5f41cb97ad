// Package focus says which item attention is on, how surely, and for how long:
// the posterior over the items in view given noisy gaze, and what follows from it: dwell, visits,
// exposure.
//
// Read [Focus] first, then Tracker.
package focus

import (
	"souk/world"
)

// Focus is what attention is on now.
type Focus struct {
	Item world.ItemIndex // NoItem: on nothing, or uncertain
	Slot world.SlotIndex
	P    float32 // posterior probability of Item
	// RunnerUp and RunnerP are the second most likely item, kept because the
	// winner alone hides how close it was.
	RunnerUp  world.ItemIndex
	RunnerP   float32
	Uncertain bool    // items were near, none was likely enough
	Dwell     float64 // length of the visit under way, seconds
	Source    world.AttentionSource
}

// Visit is a finished visit of attention to one item.
type Visit struct {
	Item         world.ItemIndex
	Slot         world.SlotIndex
	T0, T1       float64 // seconds on the session's clock
	Dwell        float64 // seconds of attention in it (a short look aside does not end a visit, nor count)
	P            float32 // mean posterior
	Exposure     float32 // solid angle × time in view since the last visit or exposure report, sr·s
	InView       float32 // seconds in view in the same span
	Eccentricity float32 // mean in that span, radians
	Source       world.AttentionSource
	Revisit      bool // not the item's first visit in the session
}

// Passed is an item that was in view and has left it without a look.
type Passed struct {
	Item         world.ItemIndex
	Slot         world.SlotIndex
	T            float64
	Exposure     float32 // sr·s
	InView       float32 // seconds
	Eccentricity float32 // mean, radians
	Source       world.AttentionSource
}
