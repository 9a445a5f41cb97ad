// Package focus says which item attention is on, how surely, and for how long:
// the posterior over the items in view given noisy gaze, and what follows from
// it: dwell, visits, exposure.
//
// Read [Focus] first, then [Tracker.Step]; the posterior is in posterior.go.
package focus

import (
	"souk/world"
)

// Focus is what attention is on now.
type Focus struct {
	Item world.ItemIndex // NoItem: on nothing, or uncertain
	Slot world.SlotIndex
	P    float32 // posterior probability of Item; where that is NoItem, of "nothing"
	// RunnerUp and RunnerP are the second most likely item, kept because the
	// winner alone hides how close it was. Where Item is NoItem they are the most
	// likely one.
	RunnerUp  world.ItemIndex
	RunnerP   float32
	Uncertain bool    // items were near, none was likely enough
	Dwell     float64 // length of the visit under way, seconds
	Source    world.AttentionSource
}

// None is the focus on nothing.
func None(source world.AttentionSource) Focus {
	return Focus{Item: world.NoItem, Slot: world.NoSlot, RunnerUp: world.NoItem, Source: source}
}

// Visit is a visit of attention to one item: finished, or as far as it has come.
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
	T            float64 // when it was last in view, seconds on the session's clock
	Exposure     float32 // sr·s
	InView       float32 // seconds
	Eccentricity float32 // mean, radians
	Source       world.AttentionSource
}
