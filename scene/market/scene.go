//go:build cgo

package market

import (
	"image"

	"souk/scene/lettering"
	"souk/world"
	"souk/world/plan"

	"gonum.org/v1/gonum/spatial/r3"
)

// Options say how the market is drawn. The zero value is English and medium
// quality.
type Options struct {
	Lang    string // "en" or "zh": which of a label's languages comes first
	Quality Quality
	// Faces are the fonts of signs and labels; nil loads them.
	Faces *lettering.Faces
}

// Quality is how much is spent on a frame.
type Quality uint8

// The qualities.
const (
	Medium Quality = iota // full models to 9 m, shadow map with one tap
	Low                   // full models to 5 m, nothing beyond 45 m
	High                  // full models to 16 m, soft shadows
)

// Avatar is another person, as drawn.
type Avatar struct {
	ID   uint64 // stable while the person is there: the walking phase hangs on it
	Name string
	// Pose is the person's eyes; the body stands below them.
	Pose   world.Pose
	Colour world.RGB
	Speed  float64 // metres per second along the ground
}

// Scene is the market in a window. See [Window] for who may call it.
type Scene struct {
	win *Window
}

// NewScene builds the market's geometry and sends it to the graphics card. The
// plan brings its catalogue.
func NewScene(win *Window, p *plan.Plan, o Options) (*Scene, error) { return &Scene{win: win}, nil }

// SetHolding says what stands on a pedestal (NoItem: nothing) and what its
// sign says, one text per language; the change fades over half a second from
// the time of the next Draw. Saying the same again changes nothing.
func (s *Scene) SetHolding(slot world.SlotIndex, item world.ItemIndex, label world.Text) {}

// SetFocus says which slot is attended and how strongly, in [0,1]; NoSlot
// for none. The glow follows softly.
func (s *Scene) SetFocus(slot world.SlotIndex, strength float64) {}

// SetAvatars says who else is there. The slice is copied.
func (s *Scene) SetAvatars(people []Avatar) {}

// SetLang changes which language comes first on the signs of the pedestals.
func (s *Scene) SetLang(lang string) {}

// SetOverlay says what is drawn over the market, pixel for pixel from the
// upper left: an image with premultiplied alpha, and the part of it that has
// changed since the last call (an empty part: all of it). The image is read
// before SetOverlay returns. nil removes the overlay.
func (s *Scene) SetOverlay(img *image.RGBA, dirty image.Rectangle) {}

// Draw draws a frame at session time t (seconds) into the window's back
// buffer. It allocates nothing while nothing changes.
func (s *Scene) Draw(t float64, pose world.Pose, lens world.Lens) {}

// Screenshot reads the last frame drawn, before SwapBuffers shows it.
func (s *Scene) Screenshot() *image.RGBA { return image.NewRGBA(image.Rect(0, 0, 1, 1)) }

// Project says where a point of the world is in the picture of the last Draw,
// pixels from the upper left; false where it is behind the eye.
func (s *Scene) Project(p r3.Vec) (x, y float64, ok bool) { return 0, 0, false }

// Close frees everything that the scene holds on the graphics card.
func (s *Scene) Close() {}
