package hud

import (
	"image/color"

	"souk/assets/words"
	"souk/world"
)

// color8 is the faint stripe of a table.
var color8 = color.NRGBA{255, 255, 255, 9}

// rgb is an item's colour as the theme's.
func rgb(c world.RGB) color.NRGBA {
	part := func(v float32) uint8 { return uint8(max(0, min(1, v))*255 + 0.5) }
	return color.NRGBA{part(c.R), part(c.G), part(c.B), 255}
}

// sourceName is how a source of attention is called.
func sourceName(w *words.Words, s world.AttentionSource) string {
	switch s {
	case world.SourceEye:
		return w.SourceEye
	case world.SourceHead:
		return w.SourceHead
	case world.SourceViewCentre:
		return w.SourceCentre
	case world.SourcePointer:
		return w.SourcePointer
	case world.SourceSimulated:
		return w.SourceSimulated
	}
	return w.SourceNone
}
