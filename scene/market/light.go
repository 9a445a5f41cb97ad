package market

import (
	"image"
	"image/color"
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

// The light of a late afternoon, linear: the shaders' uniforms and the sky's
// picture come from the same numbers, so that haze and sky agree.
var (
	sunDir    = r3.Unit(r3.Vec{X: .52, Y: .60, Z: .58})
	sunLight  = [3]float32{1.46, 1.18, .84}
	skyLight  = [3]float32{.47, .50, .57}
	earth     = [3]float32{.54, .44, .34}
	haze      = [3]float32{.83, .77, .68}
	zenith    = [3]float64{.13, .30, .62}
	middle    = [3]float64{.36, .55, .80}
	hazeRate  = float32(.0105)
	glowLight = [3]float32{1, .78, .40}
)

// noise2 is value noise with smooth steps, in [0,1].
func noise2(x, y float64, salt int) float64 {
	fx, fy := math.Floor(x), math.Floor(y)
	ix, iy := int(fx), int(fy)
	u, v := x-fx, y-fy
	u, v = u*u*(3-2*u), v*v*(3-2*v)
	at := func(i, j int) float64 { return chance(uint64(i*7919+j*104729), 1, salt) }
	a, b := at(ix, iy), at(ix+1, iy)
	c, d := at(ix, iy+1), at(ix+1, iy+1)
	return (a+(b-a)*u)*(1-v) + (c+(d-c)*u)*v
}

// skyColour is the linear colour of the sky along a unit direction with y ≥ 0.
func skyColour(d r3.Vec) [3]float64 {
	sun := max(0, r3.Dot(d, sunDir))
	up := math.Sqrt(max(0, d.Y))
	var c [3]float64
	for i := range c {
		h := float64(haze[i])
		m := middle[i]
		t := min(1, up/.55)
		low := h + (m-h)*t*t*(3-2*t)
		high := m + (zenith[i]-m)*max(0, min(1, (up-.45)/.55))
		c[i] = low
		if up > .55 {
			c[i] = high
		}
		if up > .45 && up <= .55 { // the two pieces meet
			k := (up - .45) / .1
			c[i] = low*(1-k) + high*k
		}
	}
	glow := math.Pow(sun, 6)*.16 + math.Pow(sun, 60)*.35
	warm := [3]float64{1, .80, .52}
	for i := range c {
		c[i] += glow * warm[i]
	}
	// Clouds lie on a plane far above.
	if d.Y > .03 {
		k := 1.6 / (d.Y + .12)
		x, y := d.X*k, d.Z*k
		f, amp, freq := 0.0, .5, 1.0
		for o := 0; o < 5; o++ {
			f += amp * noise2(x*freq+31, y*freq*1.7+17, 60+o)
			amp, freq = amp*.5, freq*2.1
		}
		cover := max(0, min(1, (f-.50)/.20))
		cover *= cover * (3 - 2*cover) * min(1, (d.Y-.03)*6) * .8
		lit := .86 + .25*math.Pow(sun, 3) - .22*max(0, min(1, (f-.58)/.2))
		for i, w := range [3]float64{1.0, .95, .88} {
			c[i] += (lit*w - c[i]) * cover
		}
	}
	if r := math.Acos(min(1, sun)); r < .05 {
		k := 1 - smoothstep(.016, .024, r)
		c[0], c[1], c[2] = c[0]+3*k, c[1]+2.8*k, c[2]+2.2*k
	}
	return c
}

func smoothstep(a, b, x float64) float64 {
	t := max(0, min(1, (x-a)/(b-a)))
	return t * t * (3 - 2*t)
}

// displayed is the shaders' display(): see shaders/common.glsl.
func displayed(c float64) float64 {
	over := max(0, min(.6, c-.7))
	s := math.Sqrt(max(0, min(c, .7)+over-over*over*.8333333))
	return max(0, min(1, s*(1.124865+s*(-0.095742+s*-0.029124))))
}

// dome is the sky as a picture, ready for the screen: stereographic from the
// nadir, so that the horizon is a circle of radius 0.498.
func dome(size int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	done := make(chan bool)
	const parts = 2
	for part := 0; part < parts; part++ {
		go func() {
			for y := part; y < size; y += parts {
				for x := 0; x < size; x++ {
					px, pz := ((float64(x)+.5)/float64(size)-.5)/.498, ((float64(y)+.5)/float64(size)-.5)/.498
					q := px*px + pz*pz
					d := r3.Vec{X: 2 * px, Y: max(0, 1-q), Z: 2 * pz}
					d = r3.Unit(d)
					c := skyColour(d)
					// Half a step of noise keeps the gradient from banding.
					n := chance(1, x*size+y, 70)
					b := func(v float64) uint8 { return uint8(max(0, min(255, displayed(v)*255+n))) }
					img.SetRGBA(x, y, color.RGBA{b(c[0]), b(c[1]), b(c[2]), 255})
				}
			}
			done <- true
		}()
	}
	for range parts {
		<-done
	}
	return img
}

// finishes are specular, gloss, translucency and mirror by model.Material.
var finishes = [12][4]float32{
	{.05, 8, 0, .00},    // matt
	{.14, 18, 0, .01},   // wood
	{.60, 90, 0, .035},  // ceramic
	{.85, 60, 0, .46},   // metal
	{1.0, 160, .3, .30}, // glass
	{.02, 6, .55, .00},  // cloth
	{.03, 8, .35, .00},  // paper
	{.22, 26, 0, .015},  // leather
	{.08, 12, 0, .005},  // stone
	{.10, 14, .6, .00},  // leaf
	{0, 8, 0, 0},        // glow
	{.12, 14, .1, .00},  // wicker
}

// grainA are the directions along which the materials' patterns run, radians
// a metre, and how strong the patterns are; grainB are those along which they waver.
var (
	grainA = [12][4]float32{
		{31, 17, 23, .02},
		{62, 3, 58, .12},
		{13, 9, 11, .02},
		{5, 300, 5, .03},
		{3, 4, 3, .02},
		{310, 10, 310, .05},
		{19, 23, 21, .02},
		{140, 150, 130, .05},
		{31, 37, 29, .06},
		{70, 55, 65, .2},
		{1, 1, 1, 0},
		{150, 20, 150, .22},
	}
	grainB = [12][4]float32{
		{9, 21, 13, 0},
		{4, 5, 3, 0},
		{5, 7, 9, 0},
		{3, 40, 3, 0},
		{2, 3, 2, 0},
		{8, 420, 8, 0},
		{11, 7, 9, 0},
		{90, 110, 100, 0},
		{47, 53, 61, 0},
		{50, 63, 57, 0},
		{1, 1, 1, 0},
		{20, 260, 20, 0},
	}
)
