package market

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/market/lens"
	"souk/world"
)

// matrix is a 4×4 matrix, column by column as OpenGL wants it.
type matrix [16]float32

func (a *matrix) times(b *matrix) (c matrix) {
	for i := 0; i < 4; i++ {
		for j := 0; j < 4; j++ {
			var v float32
			for k := 0; k < 4; k++ {
				v += a[4*k+j] * b[4*i+k]
			}
			c[4*i+j] = v
		}
	}
	return c
}

// camera is the eye of a frame.
type camera struct {
	eye              r3.Vec
	ahead, right, up r3.Vec
	clip             matrix
	rays             matrix // clip to direction, for the sky
	planes           [5]plane
	pixels           float64 // height on the screen of a metre at a metre
}

// plane is a side of what is in view: inside is where normal·p ≥ d.
type plane struct {
	normal r3.Vec
	d      float64
}

const nearest = .06 // metres: of the near clipping plane

// look aims the camera; far is where the view ends, high the picture's height in pixels.
func (c *camera) look(pose world.Pose, l world.Lens, far float64, high int) {
	c.aim(pose, lens.Symmetric(l.FovY, l.Aspect), far, high)
}

// aim is look for a view whose sides are unlike, as an eye's behind a lens is.
func (c *camera) aim(pose world.Pose, v lens.Frustum, far float64, high int) {
	c.eye = pose.Pos
	c.ahead, c.right, c.up = pose.Ahead(), pose.Rotate(r3.Vec{X: 1}), pose.Rotate(r3.Vec{Y: 1})
	wide, tall := v.Left+v.Right, v.Down+v.Up
	aside, above := (v.Right-v.Left)/2, (v.Up-v.Down)/2
	c.pixels = float64(high) / tall
	f := func(v float64) float32 { return float32(v) }
	back := r3.Scale(-1, c.ahead)
	view := matrix{
		f(c.right.X), f(c.up.X), f(back.X), 0, f(c.right.Y), f(c.up.Y), f(back.Y), 0, f(c.right.Z), f(c.up.Z), f(back.Z), 0,
		f(-r3.Dot(c.right, c.eye)), f(-r3.Dot(c.up, c.eye)), f(-r3.Dot(back, c.eye)), 1,
	}
	proj := matrix{f(2 / wide), 0, 0, 0, 0, f(2 / tall), 0, 0, f(2 * aside / wide), f(2 * above / tall), f(-(far + nearest) / (far - nearest)), -1, 0, 0, f(-2 * far * nearest / (far - nearest)), 0}
	c.clip = proj.times(&view)
	x, y := r3.Scale(wide/2, c.right), r3.Scale(tall/2, c.up)
	m := r3.Add(c.ahead, r3.Add(r3.Scale(aside, c.right), r3.Scale(above, c.up)))
	c.rays = matrix{f(x.X), f(x.Y), f(x.Z), 0, f(y.X), f(y.Y), f(y.Z), 0, 0, 0, 0, 0, f(m.X), f(m.Y), f(m.Z), 1}
	side := func(n r3.Vec) plane { n = r3.Unit(n); return plane{n, r3.Dot(n, c.eye)} }
	c.planes = [5]plane{
		side(r3.Add(c.right, r3.Scale(v.Left, c.ahead))), side(r3.Sub(r3.Scale(v.Right, c.ahead), c.right)),
		side(r3.Add(c.up, r3.Scale(v.Down, c.ahead))), side(r3.Sub(r3.Scale(v.Up, c.ahead), c.up)), side(c.ahead),
	}
}

// sees says whether a box, given by its middle and half its size, may be in view.
func (c *camera) sees(centre, half r3.Vec) bool {
	for i := range c.planes {
		p := &c.planes[i]
		reach := half.X*math.Abs(p.normal.X) + half.Y*math.Abs(p.normal.Y) + half.Z*math.Abs(p.normal.Z)
		if r3.Dot(p.normal, centre)+reach < p.d {
			return false
		}
	}
	return true
}

// ortho is the matrix of a parallel view along −dir around centre, half wide
// and high, and deep from front to back; x and y lie on right and up.
func ortho(centre, right, up, dir r3.Vec, half, deep float64) matrix {
	f := func(v float64) float32 { return float32(v) }
	x, y, z := r3.Scale(1/half, right), r3.Scale(1/half, up), r3.Scale(-1/deep, dir)
	return matrix{f(x.X), f(y.X), f(z.X), 0, f(x.Y), f(y.Y), f(z.Y), 0, f(x.Z), f(y.Z), f(z.Z), 0,
		f(-r3.Dot(x, centre)), f(-r3.Dot(y, centre)), f(-r3.Dot(z, centre)), 1}
}
