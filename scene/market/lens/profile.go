package lens

import "math"

// degrees is how many radians one is.
const degrees = math.Pi / 180

// None is no lens: two plain pictures side by side, for eyes that look
// straight ahead at each (free viewing, a stereoscope) and for tests.
func None() Profile {
	return Profile{Name: "none", IPD: .063, FovY: 60 * degrees}
}

// TV is a 3D television's "side by side (half)": each half is shown over the
// whole screen to one eye, and what is 2.5 m away lies on the screen.
func TV() Profile {
	return Profile{Name: "tv", IPD: .063, FovY: 50 * degrees, Squeeze: true, Plane: 2.5}
}

// Cardboard is the viewer of 2015 (Cardboard v2) before a phone of 4.95 inches,
// by the figures published with it in the Cardboard and WebVR libraries: lens
// distances, field and distortion coefficients as there; phone 110 × 62 mm, whose
// 4 mm of bezel the tray's distance of 35 mm includes.
func Cardboard() Profile {
	return Profile{
		Name: "cardboard", IPD: .063, Lenses: true,
		ScreenToLens: .039, InterLens: .064, Align: Bottom, Tray: .031, ScreenWidth: .110, ScreenHeight: .062,
		Outer: 60 * degrees, Inner: 60 * degrees, Down: 60 * degrees, Up: 60 * degrees,
		Distortion: Distortion{.34, .55}, Red: 1, Green: 1, Blue: 1, Vignette: .05, MaxOversize: 1.4,
	}
}

// HMD is a headset with a 7-inch screen and simple lenses: the figures that the
// Oculus Rift DK1 reports of itself (SDK 0.2, 2013): screen 149.76 × 93.6 mm,
// 41 mm from the lenses, which are 63.5 mm apart; distortion 1 + 0.22 r² +
// 0.24 r⁴ with r in quarters of the screen's width, here turned into tangents; colours
// 0.996 and 1.014 (their constant part).
func HMD() Profile {
	const unit = .14976 / 4 / .041 // the tangent of r = 1
	return Profile{
		Name: "hmd", IPD: .064, Lenses: true,
		ScreenToLens: .041, InterLens: .0635, Align: Centre, ScreenWidth: .14976, ScreenHeight: .0936,
		Outer: 55 * degrees, Inner: 50 * degrees, Down: 55 * degrees, Up: 55 * degrees,
		Distortion: Distortion{.22 / (unit * unit), .24 / (unit * unit * unit * unit)}, Red: .996, Green: 1, Blue: 1.014, Vignette: .05, MaxOversize: 1.4,
	}
}

// Builtin are the profiles that need no file, by their names.
func Builtin() []Profile { return []Profile{None(), TV(), Cardboard(), HMD()} }
