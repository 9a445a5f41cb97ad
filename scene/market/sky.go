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
	sun := max(0, r3.Dot(d, l.disc))
	up := math.Sqrt(max(0, d.Y))
	above := smoothstep(0, .05, d.Y) // the haze hides what glows at the horizon
	c := gradient(l, up)
	// The sky is brighter around the sun, and glows low where it goes down.
	glow := (math.Pow(sun, 6)*.16 + math.Pow(sun, 60)*.35) * above * min(1, float64(l.sun[0])*1.2)
	flat := math.Hypot(d.X, d.Z) * math.Hypot(l.disc.X, l.disc.Z)
	towards := 0.0
	if flat > 1e-9 {
		towards = .5 + .5*(d.X*l.disc.X+d.Z*l.disc.Z)/flat
	}
	east := towards * towards
	west := l.dusk * above * east * east
	low, rose := math.Exp(-d.Y*d.Y/(.17*.17)), math.Exp(-(d.Y-.20)*(d.Y-.20)/(.20*.20))
	// Opposite stands the earth's own shadow, and above it a band of rose.
	girdle := l.dusk * above * math.Exp(-(d.Y-.16)*(d.Y-.16)/(.10*.10)) * (1 - towards) * .12
	for i, k := range [3][4]float64{{1, .80, .20, 1}, {.80, .30, .075, .45}, {.52, .055, .10, .62}} {
		c[i] += glow*k[0] + west*(low*k[1]+rose*k[2]) + girdle*k[3]
	}
	part, thick := clouds.cover(d)
	if part > 0 {
		lit := .86 + .25*math.Pow(sun, 3) - .22*thick
		// Low sun lights clouds from below.
		under := l.dusk * east * (1 - .7*thick) * smoothstep(.9, .1, d.Y)
		for i, k := range [3]float64{.80, .30, .14} {
			c[i] += (lit*l.cloud[i] + under*k - c[i]) * part
		}
	}
	return discs(l, c, d, sun, 1-part)
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
func discs(l *light, c [3]float64, d r3.Vec, sun, through float64) [3]float64 {
	if r := math.Acos(min(1, sun)); r < .05 && l.disc.Y > -.03 {
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

// dome is the sky as a picture, ready for the screen: stereographic from the
// nadir, so that the horizon is a circle.
func dome(l *light, size int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	clouds := newLattice(1)
	glints := stars(l, size)
	haze := [3]float64{float64(l.haze[0]), float64(l.haze[1]), float64(l.haze[2])}
	var wait sync.WaitGroup
	parts := runtime.GOMAXPROCS(0)
	for part := range parts {
		wait.Go(func() {
			for y := part; y < size; y += parts {
				for x := range size {
					px, pz := ((float64(x)+.5)/float64(size)-.5)/horizon, ((float64(y)+.5)/float64(size)-.5)/horizon
					c := haze
					if q := px*px + pz*pz; q < 1 {
						d := r3.Scale(1/(1+q), r3.Vec{X: 2 * px, Y: 1 - q, Z: 2 * pz})
						c = skyColour(l, clouds, d)
						if g := glints[y*size+x]; g > 0 {
							cover, _ := clouds.cover(d)
							for i := range c {
								c[i] += float64(g) * (1 - cover)
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
			}
		})
	}
	wait.Wait()
	return img
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
