package market

import (
	"image"
	"image/color"
	"math"

	"souk/world/plan"
)

// inlay draws bands of darker stone: rings on the plaza, borders of the streets.
func inlay(p *plan.Plan, g *groundLight) {
	g.rows(g.lo.X, g.lo.Z, p.Bounds.Max.X+1, p.Bounds.Max.Z+1, func(px *[groundBytes]byte, x, z float64) {
		r := math.Hypot(x, z)
		band := func(d, half float64) float64 { return max(0, min(1, (half-math.Abs(d))*g.per+.5)) }
		v := 0.0
		if r < 4 {
			v = max(band(r-3.3, .2), band(r-2.2, .1), band(r-.7, .12))
			if r > .8 && r < 2.15 { // a star of eight
				a := math.Atan2(x, z)
				v = max(v, band(r-1.45-.62*math.Cos(8*a), .09))
			}
		} else {
			v = max(v, band(math.Abs(x)-plan.StreetWidth/2, .14))
			if math.Abs(z) < plan.PlazaDepth/2 {
				v = max(v, band(math.Abs(z)-4, .14))
			}
		}
		px[groundInlay] = byte(255 * v * .85)
	})
}

// paving is a tile of flagstones, 4 m wide: courses of uneven stones with
// joints. Its values are linear light times 255.
func paving(size int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	const courses = 14
	for y := 0; y < size; y++ {
		v := (float64(y) + .5) / float64(size)
		row := int(v * courses)
		fv := v*courses - float64(row)
		// Each course has 6 stones at uneven places, the same at both ends.
		shift := chance(3, row, 1)
		for x := 0; x < size; x++ {
			u := (float64(x) + .5) / float64(size)
			uu := math.Mod(u+shift, 1) * 8
			stone := int(uu)
			edge := func(k int) float64 { return float64(k) + .34*(chance(5, (k+8)%8+row*16, 2)-.5) }
			if uu < edge(stone) {
				stone--
			} else if uu >= edge(stone+1) {
				stone++
			}
			fu := min(uu-edge(stone), edge(stone+1)-uu) / 8 * courses
			id := (stone+8)%8 + row*16
			joint := min(fu, min(fv, 1-fv))
			k := max(0, min(1, (joint-.022)/.035))
			tone := .82 + .30*chance(7, id, 3)
			grain := .94 + .12*chance(11, x*size+y, 4)
			grain *= .96 + .08*chance(13, (x/5)*size+y/5, 5)
			bevel := .86 + .14*min(1, joint*9)
			warm := chance(17, id, 6)
			r, g, b := .50+.05*warm, .435+.02*warm, .36-.01*warm
			f := tone * grain * bevel * (.45 + .55*k)
			c := func(x float64) uint8 { return uint8(max(0, min(255, x*f*255))) }
			img.SetRGBA(x, y, color.RGBA{c(r), c(g), c(b), 255})
		}
	}
	return img
}
