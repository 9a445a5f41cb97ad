package model

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
)

// RGBOf is a colour from its parts.
func RGBOf(r, g, b float32) world.RGB { return world.RGB{R: r, G: g, B: b} }

// xyz is a short way to write a vector.
func xyz(x, y, z float64) r3.Vec { return r3.Vec{X: x, Y: y, Z: z} }

// disc is a flat round that looks to the front.
func (k *kit) disc(c r3.Vec, rx, ry float64, n int) {
	n = k.corners(n)
	for i := range n {
		s0, c0 := math.Sincos(float64(i) / float64(n) * 2 * math.Pi)
		s1, c1 := math.Sincos(float64(i+1) / float64(n) * 2 * math.Pi)
		k.Tri(c, xyz(c.X+rx*c0, c.Y+ry*s0, c.Z), xyz(c.X+rx*c1, c.Y+ry*s1, c.Z))
	}
}

// rosette is a disc of eight triangles, whatever the detail.
func (k *kit) rosette(c r3.Vec, rx, ry float64) {
	p := Circle(c, xyz(rx, 0, 0), xyz(0, ry, 0), 8, 0, 2*math.Pi)
	for i := range p {
		k.Tri(c, p[i], p[(i+1)%8])
	}
}

// lid is a flat round that looks up.
func (k *kit) lid(c r3.Vec, rx, rz float64, n int) {
	n = k.corners(n)
	for i := range n {
		s0, c0 := math.Sincos(float64(i) / float64(n) * 2 * math.Pi)
		s1, c1 := math.Sincos(float64(i+1) / float64(n) * 2 * math.Pi)
		k.Tri(c, xyz(c.X+rx*s0, c.Y, c.Z+rz*c0), xyz(c.X+rx*s1, c.Y, c.Z+rz*c1))
	}
}

// plate is a flat rectangle that looks to the front.
func (k *kit) plate(x0, y0, x1, y1, z float64) {
	k.Quad(xyz(x0, y0, z), xyz(x1, y0, z), xyz(x1, y1, z), xyz(x0, y1, z))
}

// stroke is a flat line that looks to the front, from wide at p to narrow at q.
func (k *kit) stroke(p, q r3.Vec, wide, narrow float64) {
	d := r3.Unit(r3.Sub(q, p))
	side := xyz(-d.Y, d.X, 0)
	k.Quad(r3.Sub(p, r3.Scale(wide/2, side)), r3.Sub(q, r3.Scale(narrow/2, side)), r3.Add(q, r3.Scale(narrow/2, side)), r3.Add(p, r3.Scale(wide/2, side)))
}

// facing places the parts that follow at p with their y axis to the front.
func (k *kit) facing(p r3.Vec) { k.At(p).Turn(math.Pi/2, xyz(1, 0, 0)) }

// post is a square post without its ends, for far models.
func (k *kit) post(p, q r3.Vec, wide float64) {
	corners := [4][2]float64{{-1, 1}, {1, 1}, {1, -1}, {-1, -1}}
	at := func(end r3.Vec, i int) r3.Vec {
		c := corners[i%4]
		return xyz(end.X+c[0]*wide/2, end.Y, end.Z+c[1]*wide/2)
	}
	for i := range 4 {
		k.Quad(at(p, i), at(p, i+1), at(q, i+1), at(q, i))
	}
}

// wheel is a disc on an axle along z.
func (k *kit) wheel(c r3.Vec, radius, thick float64, n int) {
	k.facing(c)
	k.Lathe(n, Rim{0, -thick / 2}, Rim{radius, -thick / 2}, Rim{radius, thick / 2}, Rim{0, thick / 2})
	k.Home()
}

// bead is a small ball; only near is it quite round.
func (k *kit) bead(c, half r3.Vec, n int) {
	if k.Detail != Near {
		n = min(n, 6)
	}
	k.Ball(c, half, n)
}

// leaf is a strip seen from both sides, with flat faces: a leaf twists too
// much for normals that run from one corner to the next. u runs along it, v across.
func (k *kit) leaf(n int, f func(u, v float64) r3.Vec) {
	repeat := k.material.Repeat()
	for i := range n {
		u0, u1 := float64(i)/float64(n), float64(i+1)/float64(n)
		corners := [4][2]float64{{u0, 0}, {u1, 0}, {u1, 1}, {u0, 1}}
		for _, t := range [4][3]int{{0, 1, 2}, {0, 2, 3}, {0, 2, 1}, {0, 3, 2}} {
			at := func(j int) r3.Vec { return f(corners[t[j]][0], corners[t[j]][1]) }
			normal := r3.Cross(r3.Sub(at(1), at(0)), r3.Sub(at(2), at(0)))
			var v [3]uint32
			for j := range v {
				c := corners[t[j]]
				v[j] = k.vertex(at(j), normal, c[1]*repeat, c[0]*repeat)
			}
			k.triangle(v[0], v[1], v[2])
		}
	}
}

// mirrored turns an outline so that it is counter-clockwise.
func mirrored(p []r3.Vec) []r3.Vec {
	area := 0.0
	for i := range p {
		q := p[(i+1)%len(p)]
		area += p[i].X*q.Y - q.X*p[i].Y
	}
	if area < 0 {
		for i, j := 0, len(p)-1; i < j; i, j = i+1, j-1 {
			p[i], p[j] = p[j], p[i]
		}
	}
	return p
}

// smooth rises from 0 at a to 1 at b.
func smooth(a, b, x float64) float64 {
	t := max(0, min(1, (x-a)/(b-a)))
	return t * t * (3 - 2*t)
}

// rounded is the outline of a rectangle with corners of radius r, n points each.
func rounded(x0, y0, x1, y1, r float64, n int) []r3.Vec {
	if n < 2 {
		return []r3.Vec{xyz(x1, y0, 0), xyz(x1, y1, 0), xyz(x0, y1, 0), xyz(x0, y0, 0)}
	}
	var p []r3.Vec
	for _, c := range []struct{ x, y, a float64 }{{x1 - r, y0 + r, -math.Pi / 2}, {x1 - r, y1 - r, 0}, {x0 + r, y1 - r, math.Pi / 2}, {x0 + r, y0 + r, math.Pi}} {
		p = append(p, Circle(xyz(c.x, c.y, 0), xyz(r, 0, 0), xyz(0, r, 0), n, c.a, c.a+math.Pi/2)...)
	}
	return p
}

// bend is how many points a round corner of an outline gets.
func (k *kit) bend() int { return [...]int{5, 3, 2}[k.Detail] }
