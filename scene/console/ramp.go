package console

import (
	"image/color"
	"math"
)

// stops of the heat ramp: dark violet, magenta, orange, pale yellow. Lightness
// rises evenly, so that it reads the same to colour-blind eyes and in grey.
var stops = [...][3]float64{{0.16, 0.07, 0.38}, {0.55, 0.13, 0.46}, {0.87, 0.32, 0.29}, {0.98, 0.62, 0.20}, {0.99, 0.94, 0.67}}

// ramp is the colour of a heat in [0,1] (more is full), premultiplied. Nothing
// is transparent, and a little is faint.
func ramp(v float32) color.RGBA {
	x := math.Sqrt(math.Min(1, math.Max(0, float64(v)))) // small differences near nothing matter most
	if x == 0 {
		return color.RGBA{}
	}
	p := x * float64(len(stops)-1)
	i := min(len(stops)-2, int(p))
	t := p - float64(i)
	a := math.Min(1, 0.15+x*1.1) * 0.92
	mix := func(k int) uint8 { return uint8(255*a*(stops[i][k]*(1-t)+stops[i+1][k]*t) + 0.5) }
	fade := math.Min(1, x/0.15)
	c := color.RGBA{mix(0), mix(1), mix(2), uint8(255*a + 0.5)}
	if fade < 1 {
		c.R, c.G, c.B, c.A = uint8(float64(c.R)*fade), uint8(float64(c.G)*fade), uint8(float64(c.B)*fade), uint8(float64(c.A)*fade)
	}
	return c
}
