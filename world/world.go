// Package world holds what the market is made of: items, sellers, places,
// poses and the rows of its event log. Types only: nothing here reads a file, knows a
// clock or draws a random number, and nothing here imports another package of
// Souk.
//
// Units everywhere: metres, seconds, radians; right-handed, y up, −z ahead
// (as in glTF). Degrees appear only at the edges: files, flags, screens.
//
// Read [Item] first, then [Event].
package world

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// ItemIndex is an item's row in its catalogue. It is dense (0 … n−1), valid
// only beside the catalogue it came from, and never leaves the process: on the
// wire and on disk an item is its [Item.ID].
type ItemIndex int32

// NoItem says that there is no item: an empty pedestal, a look at nothing.
const NoItem ItemIndex = -1

// SlotIndex is a slot's row in its floor plan.
type SlotIndex int32

// NoSlot says that there is no slot.
const NoSlot SlotIndex = -1

// SellerIndex is a seller's row in its catalogue.
type SellerIndex int32

// CategoryIndex is a category's row in its catalogue.
type CategoryIndex int16

// NoCategory is the parent of a root category.
const NoCategory CategoryIndex = -1

// Cents is an amount of money in hundredths of the market's currency.
type Cents int64

// String writes the amount as a price, "12.90".
func (c Cents) String() string {
	sign := ""
	if c < 0 {
		sign, c = "-", -c
	}
	return fmt.Sprintf("%s%d.%02d", sign, c/100, c%100)
}

// Text is a text in the market's two languages. Either may be empty.
type Text struct{ EN, ZH string }

// In returns the text in a language ("en" or "zh"), or in the other where that
// one is empty.
func (t Text) In(lang string) string {
	if lang == "zh" && t.ZH != "" || t.EN == "" {
		return t.ZH
	}
	return t.EN
}

// RGB is a colour, gamma-encoded sRGB, each part in [0,1].
type RGB struct{ R, G, B float32 }

// Attribute is a property of an item in words ("material": "ceramic").
type Attribute struct{ Key, Value string }

// Look is what an item looks like: enough to build its model.
type Look struct {
	Primary, Accent RGB
	// Size is the width, height and depth of the item's bounding box, metres.
	Size r3.Vec
	// Shape parametrises the family's model, each part in [0,1]: slender to
	// squat, round to angular, plain to ornate, and one that is free.
	Shape [4]float32
}

// Item is a thing for sale.
type Item struct {
	ID          string // unique in the catalogue, not empty
	Name        Text
	Description Text
	Category    CategoryIndex // a leaf of the category tree
	Seller      SellerIndex
	Price       Cents // > 0
	Stock       int32 // ≥ 0
	Attributes  []Attribute
	Look        Look
}

// Category is a node of the category tree.
type Category struct {
	ID     string
	Name   Text
	Parent CategoryIndex // NoCategory for a root; else a smaller index than its own
	// Family names the parametric model of its items ("lamp", "book"); empty
	// for inner nodes.
	Family string
}

// Seller is who sells an item.
type Seller struct {
	ID   string
	Name Text
}

// Pose is a position and an orientation. Rot turns the body frame (−z ahead,
// y up) into the world frame. The zero Rot is not a rotation; use [Upright].
type Pose struct {
	Pos r3.Vec
	Rot quat.Number
}

// Upright is the pose at pos that looks along yaw (radians, 0 is −z, positive
// turns left, towards −x) and pitch (positive is up).
func Upright(pos r3.Vec, yaw, pitch float64) Pose {
	sy, cy := math.Sincos(yaw / 2)
	sp, cp := math.Sincos(pitch / 2)
	return Pose{Pos: pos, Rot: quat.Mul(quat.Number{Real: cy, Jmag: sy}, quat.Number{Real: cp, Imag: sp})}
}

// Rotate turns a vector of the body frame into the world frame.
func (p Pose) Rotate(v r3.Vec) r3.Vec { return r3.Rotation(p.Rot).Rotate(v) }

// Ahead is the unit vector along which the pose looks.
func (p Pose) Ahead() r3.Vec { return p.Rotate(r3.Vec{Z: -1}) }

// YawPitch takes an upright pose apart again: see [Upright].
func (p Pose) YawPitch() (yaw, pitch float64) {
	a := p.Ahead()
	return math.Atan2(-a.X, -a.Z), math.Asin(max(-1, min(1, a.Y)))
}

// Lens is how much of the world a view shows: a perspective, symmetrical about
// the pose's −z.
type Lens struct {
	FovY   float64 // vertical field of view, radians, in (0, π)
	Aspect float64 // width divided by height, > 0
	Far    float64 // metres beyond which nothing counts as visible, > 0
}

// DesktopLens is the lens of the client's window by default: 60° high, 16:9, 40 m.
func DesktopLens() Lens { return Lens{FovY: math.Pi / 3, Aspect: 16.0 / 9, Far: 40} }

// Box is an axis-aligned box, metres.
type Box struct{ Min, Max r3.Vec }

// Contains says whether the point is inside or on the box.
func (b Box) Contains(p r3.Vec) bool {
	return p.X >= b.Min.X && p.X <= b.Max.X && p.Y >= b.Min.Y && p.Y <= b.Max.Y && p.Z >= b.Min.Z && p.Z <= b.Max.Z
}

// Center is the middle of the box.
func (b Box) Center() r3.Vec { return r3.Scale(0.5, r3.Add(b.Min, b.Max)) }
