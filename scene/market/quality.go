package market

// Quality is how much is spent on a frame.
type Quality uint8

// The qualities. Low and Medium take light that was worked out before: they are
// for machines without a graphics card. High and Ultra work it out in the frame.
const (
	Medium Quality = iota // baked light and shadows, near models to some 7 m
	Low                   // the same with less detail
	High                  // sun shadows mapped, edges with four samples, gloss on everything
	Ultra                 // the same with finer shadows, ambient occlusion and eight samples
)

// detail is what a quality means.
type detail struct {
	near    float64 // pixels on the screen from which an item is drawn as its near model
	goods   float64 // metres to which goods are drawn as far models,
	cards   float64 // and as cards
	full    float64 // metres to which woodwork is drawn in full,
	simple  float64 // simply,
	roofs   float64 // and as a roof's outline
	pattern float64 // metres to which materials have their patterns
	memory  int     // MiB on the graphics card for goods and things; signs have an eighth beside it
	shadow  int     // texels along an edge of the shadow map; 0 is none
	samples int     // per pixel, for edges, on a processor; 0 is one. A graphics card gets four at least
	// occlusion darkens what has something near it, in the frame.
	occlusion bool
}

var details = map[Quality]detail{
	Low:    {near: 56, goods: 12, cards: 32, full: 4.5, simple: 26, roofs: 90, pattern: 8, memory: 24},
	Medium: {near: 36, goods: 18, cards: 45, full: 7, simple: 45, roofs: 160, pattern: 12, memory: 40},
	High:   {near: 14, goods: 45, cards: 80, full: 30, simple: 90, roofs: 300, pattern: 400, memory: 96, shadow: 2048, samples: 4},
	Ultra:  {near: 8, goods: 60, cards: 120, full: 60, simple: 150, roofs: 400, pattern: 400, memory: 192, shadow: 4096, samples: 8, occlusion: true},
}
