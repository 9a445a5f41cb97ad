// Package lens knows the optics of a viewer that a head is put into: which part
// of the world each eye sees, and how the picture must be bent and coloured so
// that it looks straight and clean through the lens. Arithmetic only: no
// graphics library, and no state.
//
// The model is that of the published Cardboard viewer profile (Google,
// cardboard_device.proto and the Cardboard SDK's lens distortion, 2014–2020):
// distances in tangents of angles at the lens, a radial polynomial from the
// screen to what the eye sees, one profile for a viewer.
//
// Read [Profile] first, then [Profile.Eyes], [Distortion] and [Profile.Mesh].
// docs/stereo.md says how to measure a viewer and write its profile.
package lens

import "math"

// Align says from where the lenses' height is measured.
type Align uint8

// The alignments.
const (
	// Bottom and Top: the screen's edge rests on a tray, and Tray is the way from it to the lenses' middle.
	Bottom Align = iota
	// Centre: the lenses are at the middle of the screen.
	Centre
	Top
)

// Side is one of the eyes.
type Side uint8

// The sides, in the order in which [Profile.Eyes] gives them.
const (
	Left Side = iota
	Right
)

// Profile is a viewer: a pair of lenses before the two halves of a screen, or
// no lens at all. Lengths are metres, angles radians.
type Profile struct {
	Name string
	// IPD is the distance of the eyes' pupils, in [0.03, 0.09].
	IPD float64
	// Lenses says whether there are any. Without them the halves are plain
	// perspective pictures, and only IPD, FovY, Squeeze and Plane count.
	Lenses bool

	ScreenToLens     float64 // > 0: the distance at which the lens shows the screen's middle undistorted
	InterLens        float64 // between the lenses' middles, in (0, ScreenWidth)
	Align            Align
	Tray             float64 // from the tray to the lenses' middle; unused with Centre
	ScreenWidth      float64 // of both halves together, in (0, 1]
	ScreenHeight     float64 // in (0, 1]
	Outer, Inner     float64 // the most that the left eye sees to the left and to the right, in (0, π/2)
	Down, Up         float64 // and below and above
	Distortion       Distortion
	Red, Green, Blue float64 // magnification of a colour relative to the distortion, 1 is none
	Vignette         float64 // part of the field over which the edge fades to black, in [0, 0.5]
	MaxOversize      float64 // bounds the off-screen picture of an eye, as a multiple of its half of the window; in [0.25, 2]
	FovY             float64 // without lenses: height of the view, in (0, π)
	Squeeze          bool    // without lenses: the display stretches each half to twice its width, as 3D televisions do
	Plane            float64 // without lenses: metres to what lies on the screen; 0 is infinity, for parallel eyes
}

// Frustum is what an eye sees: the tangents of the angles from straight ahead
// to the four sides. All are above 0 where straight ahead is in view.
type Frustum struct{ Left, Right, Down, Up float64 }

// Symmetric is the frustum of a usual perspective: its vertical angle in
// radians, and width by height.
func Symmetric(fovY, aspect float64) Frustum {
	t := math.Tan(fovY / 2)
	return Frustum{Left: t * aspect, Right: t * aspect, Down: t, Up: t}
}

// Wider is the least frustum that contains both.
func (f Frustum) Wider(g Frustum) Frustum {
	return Frustum{max(f.Left, g.Left), max(f.Right, g.Right), max(f.Down, g.Down), max(f.Up, g.Up)}
}

// At is where a direction with the tangents x (right) and y (up) falls in the
// frustum's picture, from 0 at the left and the bottom to 1.
func (f Frustum) At(x, y float64) (u, v float64) {
	return (x + f.Left) / (f.Left + f.Right), (y + f.Down) / (f.Down + f.Up)
}

// Eye is one eye's view.
type Eye struct {
	Offset  float64 // metres to the right of the head's middle
	Frustum Frustum
}

// Eyes are the left and the right eye's views in a window of the given pixels.
// With lenses an eye sees what the lens shows of its half of the screen, as
// far as the lens's own field goes (the Cardboard SDK computes it so); the
// right eye is the left one's mirror image. Without, the window's size gives
// the proportions, and Plane moves the two frusta so that what is that far
// away falls on the same place of both halves.
func (p *Profile) Eyes(width, height int) [2]Eye {
	half := p.IPD / 2
	var left Frustum
	if p.Lenses {
		left = p.lensFrustum()
	} else {
		aspect := float64(width) / 2 / float64(height)
		if p.Squeeze {
			aspect *= 2
		}
		left = Symmetric(p.FovY, aspect)
		if p.Plane > 0 {
			shift := half / p.Plane
			left.Left, left.Right = left.Left-shift, left.Right+shift
		}
	}
	right := left
	right.Left, right.Right = left.Right, left.Left
	return [2]Eye{{-half, left}, {half, right}}
}

// middle is where the left lens's middle is over the left half of the screen,
// metres from its lower left corner.
func (p *Profile) middle() (x, y float64) {
	x = (p.ScreenWidth - p.InterLens) / 2
	switch p.Align {
	case Centre:
		y = p.ScreenHeight / 2
	case Top:
		y = p.ScreenHeight - p.Tray
	default:
		y = p.Tray
	}
	return x, y
}

// screen is the left half of the screen as tangents at the lens.
func (p *Profile) screen() Frustum {
	x, y := p.middle()
	d := p.ScreenToLens
	return Frustum{Left: x / d, Right: (p.ScreenWidth/2 - x) / d, Down: y / d, Up: (p.ScreenHeight - y) / d}
}

// lensFrustum is the left eye's frustum through the lens.
func (p *Profile) lensFrustum() Frustum {
	s, d := p.screen(), p.Distortion
	return Frustum{
		Left:  min(p.Green*d.Forward(s.Left), math.Tan(p.Outer)),
		Right: min(p.Green*d.Forward(s.Right), math.Tan(p.Inner)),
		Down:  min(p.Green*d.Forward(s.Down), math.Tan(p.Down)),
		Up:    min(p.Green*d.Forward(s.Up), math.Tan(p.Up)),
	}
}

// Target is the size in pixels of the off-screen picture of an eye that keeps
// a pixel a pixel at the lens's middle, where it magnifies least, as far as
// MaxOversize allows. Without lenses it is the half of the window.
func (p *Profile) Target(width, height int) (w, h int) {
	halfWidth := float64(width) / 2
	if !p.Lenses {
		return max(1, int(halfWidth)), max(1, height)
	}
	f := p.lensFrustum()
	perX := p.ScreenToLens * float64(width) / p.ScreenWidth
	perY := p.ScreenToLens * float64(height) / p.ScreenHeight
	x, y := (f.Left+f.Right)*perX, (f.Down+f.Up)*perY
	x, y = min(x, p.MaxOversize*halfWidth), min(y, p.MaxOversize*float64(height))
	return max(1, int(math.Round(x))), max(1, int(math.Round(y)))
}

// Cover is the least frustum that contains what either eye sees, symmetric
// left and right: the view from between the eyes, for what is worked out once.
func (p *Profile) Cover(width, height int) Frustum {
	e := p.Eyes(width, height)
	f := e[0].Frustum.Wider(e[1].Frustum)
	f.Down = max(f.Down, f.Up)
	f.Up = f.Down
	return f
}

// The most of the view that the display's panel takes through a lens, as
// tangents: 32° to each side and 27° up and down are read without effort.
const (
	panelX = .62
	panelY = .5
)

// Panel is the display's picture, a plane straight ahead: how far it reaches
// to each side and up and down (tangents), and its size in pixels, so that one of its
// pixels is one of the eye's picture. All of it is within both eyes' views.
func (p *Profile) Panel(width, height int) (x, y float64, w, h int) {
	f := p.Eyes(width, height)[Left].Frustum
	x, y = .94*min(f.Left, f.Right), .98*min(f.Down, f.Up)
	if p.Lenses {
		x, y = min(panelX, .85*x), min(panelY, .85*y)
	}
	tw, th := p.Target(width, height)
	return x, y, max(1, int(2*x/(f.Left+f.Right)*float64(tw))), max(1, int(2*y/(f.Down+f.Up)*float64(th)))
}

// Chromatic says whether the colours are magnified differently, so that each
// must be fetched on its own.
func (p *Profile) Chromatic() bool { return p.Lenses && (p.Red != p.Green || p.Blue != p.Green) }

// Through is where on the window a direction of the world is seen by an eye: x
// and y are its tangents (right and up), the answer is in the eye's half, −1 at
// the left and the bottom to 1. It is the inverse of what the lens does, in
// green. The answer is outside [−1,1] where the direction is out of view.
func (p *Profile) Through(side Side, width, height int, x, y float64) (cx, cy float64) {
	if !p.Lenses {
		u, v := p.Eyes(width, height)[side].Frustum.At(x, y)
		return 2*u - 1, 2*v - 1
	}
	s := p.screen()
	if side == Right {
		s.Left, s.Right = s.Right, s.Left
	}
	k := 1.0
	if r := math.Hypot(x, y); r > 0 {
		k = p.Distortion.Inverse(r/p.Green) / r
	}
	u, v := s.At(x*k, y*k)
	return 2*u - 1, 2*v - 1
}

// Seen is the inverse of Through: the direction, as tangents, in which an eye
// sees a place of its half of the window.
func (p *Profile) Seen(side Side, width, height int, cx, cy float64) (x, y float64) {
	u, v := (cx+1)/2, (cy+1)/2
	if !p.Lenses {
		f := p.Eyes(width, height)[side].Frustum
		return u*(f.Left+f.Right) - f.Left, v*(f.Down+f.Up) - f.Down
	}
	s := p.screen()
	if side == Right {
		s.Left, s.Right = s.Right, s.Left
	}
	x, y = u*(s.Left+s.Right)-s.Left, v*(s.Down+s.Up)-s.Down
	if r := math.Hypot(x, y); r > 0 {
		k := p.Green * p.Distortion.Forward(r) / r
		x, y = x*k, y*k
	}
	return x, y
}
