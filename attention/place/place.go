// Package place decides which item stands in which pedestal: attention won,
// without startling anybody, with variety, within a budget.
//
// Read [Placement] first, then Placer.
package place

import (
	"souk/world"
)

// Placement is one item put into one feature slot.
type Placement struct {
	Slot       world.SlotIndex
	Item       world.ItemIndex // NoItem empties the slot
	Score      float32         // of the ranker, at the time
	Propensity float32         // probability with which the policy chose the item, in (0,1]
	Explored   bool            // chosen to learn, not because it scored best
	Until      float64         // session time before which the slot will not change again, seconds
}

// Budget is how much the scene has been changed of late, against what is allowed.
type Budget struct {
	Swaps     int32 // in the last minute
	PerMinute int32 // the limit
}
