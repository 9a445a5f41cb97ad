package surface

import "math"

// field is a source of noise that repeats: every value hangs on the seed and on
// a place in a lattice that wraps.
type field struct{ seed uint64 }

// hash is a number of a lattice point (a round of SplitMix64).
func (f field) hash(x, y int, salt uint64) uint64 {
	z := f.seed + uint64(uint32(x))*0x9e3779b97f4a7c15 + uint64(uint32(y))*0xbf58476d1ce4e5b9 + salt*0x94d049bb133111eb
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// part is a number in [0,1) of a lattice point.
func (f field) part(x, y int, salt uint64) float64 {
	return float64(f.hash(x, y, salt)>>11) / (1 << 53)
}

// wrap is x modulo n, in [0,n).
func wrap(x, n int) int {
	x %= n
	if x < 0 {
		x += n
	}
	return x
}

// gradients are sixteen directions around the circle.
var gradients = func() (g [16][2]float64) {
	for i := range g {
		g[i][1], g[i][0] = math.Sincos((float64(i) + .5) / 16 * 2 * math.Pi)
	}
	return g
}()

// noise is gradient noise (Perlin 2002) of (u, v) in [0,1)², with nx and ny
// cells to the repeat, in about [−1,1].
func (f field) noise(u, v float64, nx, ny int, salt uint64) float64 {
	x, y := u*float64(nx), v*float64(ny)
	fx, fy := math.Floor(x), math.Floor(y)
	dx, dy := x-fx, y-fy
	x0, y0 := wrap(int(fx), nx), wrap(int(fy), ny)
	x1, y1 := x0+1, y0+1
	if x1 == nx {
		x1 = 0
	}
	if y1 == ny {
		y1 = 0
	}
	dot := func(x, y int, dx, dy float64) float64 {
		g := &gradients[f.hash(x, y, salt)&15]
		return g[0]*dx + g[1]*dy
	}
	sx, sy := dx*dx*dx*(dx*(dx*6-15)+10), dy*dy*dy*(dy*(dy*6-15)+10)
	a := dot(x0, y0, dx, dy)
	b := dot(x1, y0, dx-1, dy)
	c := dot(x0, y1, dx, dy-1)
	d := dot(x1, y1, dx-1, dy-1)
	lo, hi := a+(b-a)*sx, c+(d-c)*sx
	return (lo + (hi-lo)*sy) * 1.4
}

// layers is a sum of octaves of noise, each half as strong and twice as fine.
func (f field) layers(u, v float64, nx, ny, octaves int, salt uint64) float64 {
	sum, weight := 0.0, 1.0
	for o := 0; o < octaves; o++ {
		sum += weight * f.noise(u, v, nx, ny, salt+uint64(o))
		weight, nx, ny = weight/2, nx*2, ny*2
	}
	return sum
}

// cells is cellular noise (Worley 1996): the distances to the nearest and the
// second nearest of the points strewn one to a cell of an n × n lattice, in
// cells, and the nearest one's own number in [0,1).
func (f field) cells(u, v float64, n int, salt uint64) (first, second, own float64) {
	x, y := u*float64(n), v*float64(n)
	cx, cy := int(math.Floor(x)), int(math.Floor(y))
	first, second = 9, 9
	for j := -1; j <= 1; j++ {
		for i := -1; i <= 1; i++ {
			h := f.hash(wrap(cx+i, n), wrap(cy+j, n), salt)
			dx := float64(cx+i) + .1 + .8*float64(h&0xffff)/65536 - x
			dy := float64(cy+j) + .1 + .8*float64(h>>16&0xffff)/65536 - y
			d := dx*dx + dy*dy
			switch {
			case d < first:
				first, second, own = d, first, float64(h>>32&0xffff)/65536
			case d < second:
				second = d
			}
		}
	}
	return math.Sqrt(first), math.Sqrt(second), own
}

// step rises smoothly from 0 at a to 1 at b.
func step(a, b, x float64) float64 {
	t := max(0, min(1, (x-a)/(b-a)))
	return t * t * (3 - 2*t)
}
