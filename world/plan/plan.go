// Package plan is the floor plan of the market and the answer to "what is
// visible from here": pure geometry, no graphics.
//
// The market is districts of aisles of stalls; a stall's shelf slots hold the
// catalogue's items, one each and for ever; feature slots (pedestals) stand
// along the aisles and hold whatever the placement puts there.
//
// Read [Plan] first, then [New] and [View]; layout.go says how the ground is
// divided, view.go what is seen, walk.go and path.go how people move.
package plan

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
	"souk/world/catalog"
)

// The measures of the market, metres. The scene draws by them and the
// visibility counts by them.
const (
	EyeHeight   = 1.65 // of the visitor's eyes above the ground
	BodyRadius  = 0.30 // of a visitor, seen from above
	AisleWidth  = 4.0  // from stall front to stall front
	StreetWidth = 7.0  // of the main street, which leads away from the plaza on both sides
	CrossWidth  = 4.0  // of the streets between the blocks of an aisle
	PlazaDepth  = 16.0 // of the plaza, along z
	Margin      = 5.0  // of open ground around everything

	StallWidth  = 3.0  // along its front
	StallDepth  = 1.2  // from front to back wall
	StallHeight = 2.6  // of its roof; all stalls are equally high
	SignBottom  = 2.2  // no item reaches above it: the sign hangs between here and the roof
	StallGap    = 0.15 // between neighbours: nobody fits through
	BackGap     = 0.3  // between stalls back to back

	PedestalWidth  = 0.4  // of its square ground
	PedestalHeight = 0.9  // of its top, on which the item stands
	PedestalStep   = 3.2  // along the aisle, from one to the next, on alternate sides
	PedestalAside  = 0.9  // from the aisle's middle line, which stays free
	PlazaAside     = 1.8  // of the pedestals before the plaza's stalls, from their fronts
	pedestalRoom   = 0.62 // edge of the cube in which a pedestal's item is shown
)

// StallKind says what a stall's shelves are made for.
type StallKind uint8

// The kinds of stall.
const (
	// Shelved stalls have a counter and two shelves that rise behind it, for
	// up to 20 small items. See [ShelfRows].
	Shelved StallKind = iota
	// Podium stalls have a low platform and a deep ledge behind it, for up to
	// 8 large items: furniture, instruments. See [PodiumRows].
	Podium
)

// Row is a row of slots in a stall.
type Row struct {
	Height float64 // of the board's top above the ground: the counter, a shelf
	Inset  float64 // from the stall's front to the middle of the items
	Board  float64 // depth of the board that carries them
	Slots  int     // at most, spread evenly over the stall's width
	Room   r3.Vec  // width, height and depth in which an item is shown; larger ones are shown smaller
}

// ShelfRows are the rows of a [Shelved] stall, from the counter up.
var ShelfRows = [3]Row{
	{Height: 0.82, Inset: 0.20, Board: 0.40, Slots: 7, Room: r3.Vec{X: .36, Y: .36, Z: .38}},
	{Height: 1.24, Inset: 0.52, Board: 0.32, Slots: 7, Room: r3.Vec{X: .36, Y: .36, Z: .32}},
	{Height: 1.66, Inset: 0.84, Board: 0.32, Slots: 6, Room: r3.Vec{X: .40, Y: .42, Z: .32}},
}

// PodiumRows are the rows of a [Podium] stall: platform and ledge.
var PodiumRows = [2]Row{
	{Height: 0.20, Inset: 0.38, Board: 0.76, Slots: 4, Room: r3.Vec{X: .66, Y: .95, Z: .70}},
	{Height: 1.25, Inset: 0.90, Board: 0.44, Slots: 4, Room: r3.Vec{X: .66, Y: .90, Z: .44}},
}

// Rows are the rows of a kind of stall, from the lowest up. Read only.
func (k StallKind) Rows() []Row {
	if k == Podium {
		return PodiumRows[:]
	}
	return ShelfRows[:]
}

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
	// Room is the width, height and depth in which the item is shown, metres;
	// see [Plan.ItemSize].
	Room r3.Vec
}

// Stall is a seller's booth: counter, shelves and roof in one box. The box
// has a back, two side walls and a roof, and is open at the front alone.
type Stall struct {
	Box      world.Box // what cannot be walked through, and hides what is behind
	Yaw      float64   // where its front faces: 0 or π
	Kind     StallKind // which rows it has
	Seller   world.SellerIndex
	Category world.CategoryIndex
	Aisle    int32
	District int32
	// FirstSlot and Slots delimit its shelf slots in Plan.Slots.
	FirstSlot world.SlotIndex
	Slots     int32
}

// Front is the middle of the stall's front on the ground.
func (s *Stall) Front() r3.Vec {
	f := r3.Vec{X: (s.Box.Min.X + s.Box.Max.X) / 2, Z: s.Box.Min.Z}
	if math.Cos(s.Yaw) < 0 {
		f.Z = s.Box.Max.Z
	}
	return f
}

// Aisle is a street between two rows of stalls, along From → To, or before
// the one row that faces the plaza.
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

	catalog      *catalog.Catalog
	fingerprint  string
	firstFeature world.SlotIndex
	sizes        []r3.Vec // of the items on shelves as shown, by slot
	ground       groundIndex
	walk         walkGrid
}

// Catalog is the catalogue that the plan was made for.
func (p *Plan) Catalog() *catalog.Catalog { return p.catalog }

// Fingerprint is the SHA-256, in hexadecimal, of the catalogue's fingerprint
// and of all geometry: two plans with the same fingerprint are the same.
func (p *Plan) Fingerprint() string { return p.fingerprint }

// FirstFeature is the first feature slot; all from it on are pedestals.
func (p *Plan) FirstFeature() world.SlotIndex { return p.firstFeature }

// NewHolding is what the slots hold before anything was placed: each shelf
// its item, each feature slot NoItem.
func (p *Plan) NewHolding() []world.ItemIndex {
	h := make([]world.ItemIndex, len(p.Slots))
	for i := range h {
		h[i] = p.Slots[i].Item
	}
	return h
}

// ItemSize is the size in which an item is shown in a slot, metres: its own,
// or as much smaller, in proportion, as the slot's room asks for. For NoItem it is
// the zero vector.
func (p *Plan) ItemSize(slot world.SlotIndex, item world.ItemIndex) r3.Vec {
	if item == world.NoItem {
		return r3.Vec{}
	}
	s, room := p.catalog.Items[item].Look.Size, p.Slots[slot].Room
	return r3.Scale(min(1, room.X/s.X, room.Y/s.Y, room.Z/s.Z), s)
}

// SlotItemCentre is the middle of the item in the slot, world frame; for
// NoItem, the middle of where a small item would be.
func (p *Plan) SlotItemCentre(slot world.SlotIndex, item world.ItemIndex) r3.Vec {
	c := p.Slots[slot].Pos
	if item == world.NoItem {
		c.Y += emptySize / 2
		return c
	}
	c.Y += p.ItemSize(slot, item).Y / 2
	return c
}

// emptySize is the edge of the cube for which an empty pedestal counts in a
// view, so that the placement can see it.
const emptySize = 0.3
