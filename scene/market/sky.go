package market

import (
	"image"
	"math"
	"runtime"
	"sync"

	"gonum.org/v1/gonum/spatial/r3"
)

// domeSize is the edge of the sky's picture, texels: three to a degree at the
// zenith, six at the horizon.
const domeSize = 1024

// horizon is the radius of the horizon's circle in the sky's picture, of its edge.
const horizon = .498

// lattice are the corners of value noise: a table, since hashing each corner
// anew took most of the sky's time.
type lattice [latticeSize * latticeSize]float32

const latticeSize = 128

func newLattice(seed uint64) *lattice {
	var l lattice
	for i := range l {
		l[i] = float32(chance(seed, i, 60))
	}
	return &l
}

// at is value noise with smooth steps, in [0,1]; it repeats after latticeSize.
func (l *lattice) at(x, y float64) float64 {
	fx, fy := math.Floor(x), math.Floor(y)
	u, v := x-fx, y-fy
	u, v = u*u*(3-2*u), v*v*(3-2*v)
	ix, iy := int(fx)&(latticeSize-1), int(fy)&(latticeSize-1)
	jx, jy := (ix+1)&(latticeSize-1), (iy+1)&(latticeSize-1)
	a, b := float64(l[iy*latticeSize+ix]), float64(l[iy*latticeSize+jx])
	c, d := float64(l[jy*latticeSize+ix]), float64(l[jy*latticeSize+jx])
	return (a+(b-a)*u)*(1-v) + (c+(d-c)*u)*v
}

// cover is how much of the sky clouds hide along a direction, and how thick
// they are, in [0,1]. They lie on a plane far above.
func (l *lattice) cover(d r3.Vec) (part, thick float64) {
	if d.Y <= .03 {
		return 0, 0
	}
	k := 1.6 / (d.Y + .12)
	x, y := d.X*k+31, d.Z*k*1.7+17
	f, amp := 0.0, .5
	for o := 0; o < 5; o++ {
		f += amp * l.at(x, y)
		// Each octave is turned a little, so that the table's rows do not show.
		x, y = x*2.02+y*.57+7.3, y*2.02-x*.57+3.1
		amp *= .5
	}
	part = max(0, min(1, (f-.50)/.20))
	return part * part * (3 - 2*part) * min(1, (d.Y-.03)*6) * .8, max(0, min(1, (f-.58)/.2))
}

// skyColour is the linear colour of the sky along a unit direction with y ≥ 0.
// At the horizon it is the haze, all round.
func skyColour(l *light, clouds *lattice, d r3.Vec) [3]float64 {
	a := airOf(l, d)
	part, thick := clouds.cover(d)
	return discs(l, a.behind(part, thick), d, 1-part)
}

// air is what changes slowly over the sky: its own colour, that of thin
// clouds, and what thick ones lack of it.
type air struct{ sky, cloud, thick [3]float64 }

// behind is the colour behind a part of clouds.
func (a *air) behind(part, thick float64) (c [3]float64) {
	for i := range c {
		c[i] = a.sky[i] + (a.cloud[i]-thick*a.thick[i]-a.sky[i])*part
	}
	return c
}

// airOf works the air out along a unit direction with y ≥ 0.
func airOf(l *light, d r3.Vec) (a air) {
	sun := max(0, r3.Dot(d, l.disc))
	above := smoothstep(0, .05, d.Y) // the haze hides what glows at the horizon
	a.sky = gradient(l, math.Sqrt(max(0, d.Y)))
	// The sky is brighter around the sun, and glows low where it goes down.
	glow := (math.Pow(sun, 6)*.16 + math.Pow(sun, 60)*.35) * above * min(1, float64(l.sun[0])*1.2)
	flat := math.Hypot(d.X, d.Z) * math.Hypot(l.disc.X, l.disc.Z)
	towards := 0.0
	if flat > 1e-9 {
		towards = .5 + .5*(d.X*l.disc.X+d.Z*l.disc.Z)/flat
	}
	side := towards * towards
	west := l.dusk * above * side * side
	low, rose := math.Exp(-d.Y*d.Y/(.16*.16)), math.Exp(-(d.Y-.20)*(d.Y-.20)/(.18*.18))
	// Opposite stands the earth's own shadow, and above it a band of rose.
	girdle := l.dusk * above * math.Exp(-(d.Y-.16)*(d.Y-.16)/(.10*.10)) * (1 - towards) * .12
	// Low sun lights clouds from below.
	lit, under := .86+.25*sun*sun*sun, l.dusk*side*smoothstep(.9, .1, d.Y)
	for i, k := range [3]struct{ glow, low, rose, girdle, under float64 }{{1, 1.04, .66, 1, .95}, {.80, .47, .27, .45, .40}, {.52, .115, .36, .62, .15}} {
		a.sky[i] += (k.rose - a.sky[i]) * .5 * west * rose
		a.sky[i] += (k.low-a.sky[i])*.92*west*low + glow*k.glow + girdle*k.girdle
		a.cloud[i] = lit*l.cloud[i] + under*k.under
		a.thick[i] = .22*l.cloud[i] + .7*under*k.under
	}
	return a
}

// gradient is the sky without sun and clouds at the square root of a height.
func gradient(l *light, up float64) (c [3]float64) {
	for i := range c {
		h, m := float64(l.haze[i]), l.middle[i]
		t := min(1, up/.55)
		low := h + (m-h)*t*t*(3-2*t)
		high := m + (l.zenith[i]-m)*max(0, min(1, (up-.45)/.55))
		k := max(0, min(1, (up-.45)/.1)) // the two pieces meet
		c[i] = low*(1-k) + high*k
	}
	return c
}

// discs adds sun and moon to the sky's colour, as far as clouds let them through.
func discs(l *light, c [3]float64, d r3.Vec, through float64) [3]float64 {
	if sun := r3.Dot(d, l.disc); sun > .9987 && l.disc.Y > -.03 {
		r := math.Acos(min(1, sun))
		k := (1 - smoothstep(.016, .024, r)) * through * smoothstep(0, .02, d.Y)
		warm := max(0, min(1, l.disc.Y*3)) // a low sun is red
		c[0], c[1], c[2] = c[0]+3*k, c[1]+(1.1+1.7*warm)*k, c[2]+(.3+1.9*warm)*k
	}
	if l.moon == 0 {
		return c
	}
	near := r3.Dot(d, moonDir)
	if near < .9 {
		return c
	}
	r := math.Acos(min(1, near))
	// A little less than full: a disc without what a second disc hides, with seas.
	shadow := r3.Norm(r3.Sub(d, r3.Unit(r3.Add(moonDir, r3.Vec{X: -.020, Y: .010}))))
	face := (1 - smoothstep(.026, .029, r)) * (.25 + .75*smoothstep(.016, .030, shadow))
	seas := .80 + .20*smoothstep(-.4, .4, math.Sin(d.X*190+3)+math.Sin(d.Y*230+1))
	halo := .05*math.Exp(-r*r/(.09*.09)) + .02*math.Exp(-r/.20)
	for i, k := range [3]float64{1, .97, .88} {
		c[i] += l.moon * through * (face*seas*k*1.1 + halo*[3]float64{.62, .76, 1}[i])
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

// Steps of the sky's picture, texels, at which the air and the clouds are worked
// out; between them they are interpolated: the picture is made at every start.
const (
	airStep   = 4
	cloudStep = 2
)

// domeDir is the direction of a place on the sky's picture, in texels, and
// whether it is above the horizon.
func domeDir(x, y float64, size int) (r3.Vec, bool) {
	px, pz := (x/float64(size)-.5)/horizon, (y/float64(size)-.5)/horizon
	q := px*px + pz*pz
	if q >= 1 {
		f := 1 / math.Sqrt(q)
		return r3.Vec{X: px * f, Z: pz * f}, false
	}
	return r3.Scale(1/(1+q), r3.Vec{X: 2 * px, Y: 1 - q, Z: 2 * pz}), true
}

// dome is the sky as a picture, ready for the screen: stereographic from the
// nadir, so that the horizon is a circle.
func dome(l *light, size int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	clouds, glints := newLattice(1), stars(l, size)
	wide, fine := size/airStep+2, size/cloudStep+2
	airs, covers := make([]air, wide*wide), make([][2]float64, fine*fine)
	inRows(wide, func(y int) {
		for x := range wide {
			d, _ := domeDir(float64(x*airStep), float64(y*airStep), size)
			airs[y*wide+x] = airOf(l, d)
		}
	})
	inRows(fine, func(y int) {
		for x := range fine {
			d, _ := domeDir(float64(x*cloudStep), float64(y*cloudStep), size)
			covers[y*fine+x][0], covers[y*fine+x][1] = clouds.cover(d)
		}
	})
	haze := [3]float64{float64(l.haze[0]), float64(l.haze[1]), float64(l.haze[2])}
	inRows(size, func(y int) {
		for x := range size {
			c := haze
			if d, up := domeDir(float64(x)+.5, float64(y)+.5, size); up {
				a := airBetween(airs, wide, (float64(x)+.5)/airStep, (float64(y)+.5)/airStep)
				part, thick := coverBetween(covers, fine, (float64(x)+.5)/cloudStep, (float64(y)+.5)/cloudStep)
				c = discs(l, a.behind(part, thick), d, 1-part)
				if g := glints[y*size+x]; g > 0 {
					for i := range c {
						c[i] += float64(g) * (1 - part)
					}
				}
			}
			// Half a step of noise keeps the gradient from banding.
			n := chance(1, x*size+y, 70)
			at := img.Pix[y*img.Stride+4*x:]
			for i := range c {
				at[i] = uint8(max(0, min(255, displayed(c[i])*255+n)))
			}
			at[3] = 255
		}
	})
	return img
}

// inRows calls do for each row, by as many goroutines as there are processors.
func inRows(rows int, do func(y int)) {
	var wait sync.WaitGroup
	parts := runtime.GOMAXPROCS(0)
	for part := range parts {
		wait.Go(func() {
			for y := part; y < rows; y += parts {
				do(y)
			}
		})
	}
	wait.Wait()
}

// airBetween mixes the four corners around a place on the coarse grid.
func airBetween(grid []air, wide int, x, y float64) (a air) {
	ix, iy := int(x), int(y)
	u, v := x-float64(ix), y-float64(iy)
	p, q := grid[iy*wide+ix:iy*wide+ix+2], grid[(iy+1)*wide+ix:(iy+1)*wide+ix+2]
	mix := func(i float64, j float64, k float64, m float64) float64 { return (i+(j-i)*u)*(1-v) + (k+(m-k)*u)*v }
	for i := range 3 {
		a.sky[i] = mix(p[0].sky[i], p[1].sky[i], q[0].sky[i], q[1].sky[i])
		a.cloud[i] = mix(p[0].cloud[i], p[1].cloud[i], q[0].cloud[i], q[1].cloud[i])
		a.thick[i] = mix(p[0].thick[i], p[1].thick[i], q[0].thick[i], q[1].thick[i])
	}
	return a
}

func coverBetween(grid [][2]float64, wide int, x, y float64) (part, thick float64) {
	ix, iy := int(x), int(y)
	u, v := x-float64(ix), y-float64(iy)
	p, q := grid[iy*wide+ix:iy*wide+ix+2], grid[(iy+1)*wide+ix:(iy+1)*wide+ix+2]
	return (p[0][0]+(p[1][0]-p[0][0])*u)*(1-v) + (q[0][0]+(q[1][0]-q[0][0])*u)*v, (p[0][1]+(p[1][1]-p[0][1])*u)*(1-v) + (q[0][1]+(q[1][1]-q[0][1])*u)*v
}

// stars are what the stars add to each texel of the sky's picture; nothing at
// all by day.
func stars(l *light, size int) map[int]float32 {
	if l.stars == 0 {
		return nil
	}
	at := map[int]float32{}
	for i := range 900 {
		// Evenly over the half sphere: the height is uniform (Archimedes).
		y := .04 + .96*chance(3, i, 71)
		s, c := math.Sincos(2 * math.Pi * chance(3, i, 72))
		flat := math.Sqrt(1 - y*y)
		k := float64(size) * horizon / (1 + y)
		x, z := s*flat*k+float64(size)/2-.5, c*flat*k+float64(size)/2-.5
		bright := math.Pow(chance(3, i, 73), 6)*1.1 + .05
		fx, fz := x-math.Floor(x), z-math.Floor(z)
		for dz := range 2 {
			for dx := range 2 {
				w := math.Abs(1-float64(dx)-fx) * math.Abs(1-float64(dz)-fz)
				at[(int(z)+dz)*size+int(x)+dx] += float32(bright * w * l.stars * smoothstep(.02, .25, y))
			}
		}
	}
	return at
}
