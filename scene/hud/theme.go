package hud

import (
	"image/color"

	"souk/scene/lettering"
)

// The colours that are the same in every palette, straight alpha. The panels
// let so little through that text is readable on white walls too.
var (
	colPanel   = color.NRGBA{20, 22, 29, 236}
	colRaised  = color.NRGBA{255, 255, 255, 16}
	colRaised2 = color.NRGBA{255, 255, 255, 26}
	colBorder  = color.NRGBA{255, 255, 255, 34}
	colText    = color.NRGBA{246, 242, 234, 255}
	colMuted   = color.NRGBA{182, 180, 176, 255}
	colTrack   = color.NRGBA{255, 255, 255, 28}
	colShadow  = color.NRGBA{0, 0, 0, 120}
	colDim     = color.NRGBA{6, 8, 12, 150}
)

// palette are the colours that say something: what is chosen or meant first,
// what is beside it, and what warns; onAcc is text on the first. None says
// anything alone: a sign or a word is always with it.
type palette struct{ accent, onAcc, blue, warn color.NRGBA }

// palettes are the ways to colour what says something, by [HUD.SetSafeColours].
// The second keeps its three apart for people who do not see red, green or
// blue, by lightness too: theme_test.go measures it.
var palettes = [2]palette{
	{accent: color.NRGBA{249, 184, 70, 255}, onAcc: color.NRGBA{32, 22, 6, 255}, blue: color.NRGBA{104, 174, 232, 255}, warn: color.NRGBA{250, 142, 104, 255}},
	{accent: color.NRGBA{255, 222, 70, 255}, onAcc: color.NRGBA{32, 22, 6, 255}, blue: color.NRGBA{96, 172, 255, 255}, warn: color.NRGBA{250, 140, 104, 255}},
}

// The styles, in units; the builder makes them pixels.
var (
	styleTitle = lettering.Style{Size: 27, Weight: lettering.Bold}
	stylePrice = lettering.Style{Size: 29, Weight: lettering.Bold}
	styleHead  = lettering.Style{Size: 16, Weight: lettering.Bold}
	styleBody  = lettering.Style{Size: 17.5}
	styleLabel = lettering.Style{Size: 17.5, Weight: lettering.Medium}
	styleSmall = lettering.Style{Size: 15.5}
	styleEntry = lettering.Style{Size: 21}
	styleKey   = lettering.Style{Size: 14, Weight: lettering.Bold}
)

// Measures of the design, in units.
const (
	margin  = 22.0 // from the window's edge
	pad     = 24.0 // inside a panel
	gap     = 12.0
	corner  = 18.0
	buttonH = 46.0
)
