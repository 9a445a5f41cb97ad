// Package plan is the floor plan of the market and the answer to "what is
// visible from here": pure geometry, no graphics.
//
// The market is districts of aisles of stalls; a stall's shelf slots hold the
// catalogue's items, one each and for ever; feature slots (pedestals) stand
// along the aisles and hold whatever the placement puts there.
//
// Read [Plan] first, then New and [View].
package plan

import (
	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
)

// SlotKind says what a slot is.
type SlotKind uint8

// The kinds of slot.
const (
	Shelf   SlotKind = iota // in a stall; its item never changes
	Feature                 // a pedestal; may hold any item
)

// Slot is a place for one item.
type Slot struct {
	Kind SlotKind
	// Pos is the middle of the bottom of the item, world frame.
	Pos r3.Vec
	// Yaw is where the slot faces: an item's front looks along this yaw (see world.Upright).
	Yaw float64
	// Item is the shelf's item; NoItem for a feature slot.
	Item  world.ItemIndex
	Stall int32 // row in Plan.Stalls; −1 for a feature slot
	Aisle int32 // row in Plan.Aisles
}

// Stall is a seller's booth: counter, shelves and awning in one box.
type Stall struct {
	Box      world.Box // what cannot be walked through, and hides what is behind
	Yaw      float64   // where its front faces
	Seller   world.SellerIndex
	Category world.CategoryIndex
	Aisle    int32
	District int32
	// FirstSlot and Slots delimit its shelf slots in Plan.Slots.
	FirstSlot world.SlotIndex
	Slots     int32
}

// Aisle is a street between two rows of stalls, along From → To.
type Aisle struct {
	From, To r3.Vec // on the ground
	Width    float64
	District int32
}

// District is a part of the market with categories of one root.
type District struct {
	Name     world.Text
	Category world.CategoryIndex // the root
	Box      world.Box
	Colour   world.RGB
}

// Plan is the floor plan. It is immutable once made and safe for concurrent
// use; a [Viewer] is not.
type Plan struct {
	Seed      uint64
	Bounds    world.Box // of everything; walking ends there
	Districts []District
	Aisles    []Aisle
	Stalls    []Stall
	Slots     []Slot // by world.SlotIndex; all shelves first, then the features
	Spawn     world.Pose
	// EyeHeight is how high the visitor's eyes are above the ground, metres.
	EyeHeight float64

	fingerprint string
}
