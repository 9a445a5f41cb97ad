package plan

import (
	"souk/world"
)

// View is a slot that is in view, and how: what exposure means in Souk.
type View struct {
	Slot world.SlotIndex
	Item world.ItemIndex // what the slot holds; NoItem for an empty pedestal
	// Dir is the unit vector from the eye to the middle of the item, world frame.
	Dir [3]float32
	// HalfWidth and HalfHeight are the half extents of the item's silhouette
	// as an upright ellipse, radians.
	HalfWidth, HalfHeight float32
	SolidAngle            float32 // steradians of the visible part
	Eccentricity          float32 // angle between Dir and the view's axis, radians
	Distance              float32 // metres from the eye to the middle of the item
	Occluded              float32 // part hidden by stalls and by the view's edge, in [0,1)
}
