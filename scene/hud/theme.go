package hud

import (
	"image/color"

	"souk/scene/lettering"
)

// The colours, straight alpha. Amber and blue stay apart for every kind of
// colour vision; vermilion warns, and never alone.
var (
	colPanel   = color.NRGBA{20, 22, 29, 226}
	colRaised  = color.NRGBA{255, 255, 255, 20}
	colRaised2 = color.NRGBA{255, 255, 255, 38}
	colBorder  = color.NRGBA{255, 255, 255, 34}
	colText    = color.NRGBA{246, 242, 234, 255}
	colMuted   = color.NRGBA{182, 180, 176, 255}
	colAccent  = color.NRGBA{244, 176, 66, 255}
	colOnAcc   = color.NRGBA{32, 22, 6, 255}
	colBlue    = color.NRGBA{104, 174, 232, 255}
	colWarn    = color.NRGBA{232, 104, 64, 255}
	colTrack   = color.NRGBA{255, 255, 255, 28}
	colShadow  = color.NRGBA{0, 0, 0, 120}
	colDim     = color.NRGBA{6, 8, 12, 150}
)

// The styles, in units; the builder makes them pixels.
var (
	styleTitle = lettering.Style{Size: 27, Weight: lettering.Bold}
	stylePrice = lettering.Style{Size: 29, Weight: lettering.Bold}
	styleHead  = lettering.Style{Size: 16, Weight: lettering.Bold}
	styleBody  = lettering.Style{Size: 17.5}
	styleLabel = lettering.Style{Size: 17.5, Weight: lettering.Medium}
	styleSmall = lettering.Style{Size: 15.5}
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
