package model

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

// Slab extrudes an outline in the xy plane (counter-clockwise seen from +z)
// from z = back to z = front. Sides are smooth where the outline bends little.
func (b *Builder) Slab(back, front float64, outline ...r3.Vec) {
	n := len(outline)
	normal := func(i int) r3.Vec {
		d := r3.Sub(outline[(i+1)%n], outline[i%n])
		return r3.Unit(r3.Vec{X: d.Y, Y: -d.X})
	}
	lie := slabGrain(back, front, outline)
	girth, along := 0.0, 0.0
	for i, p := range outline {
		girth += r3.Norm(r3.Sub(outline[(i+1)%n], p))
	}
	for i := 0; i < n; i++ {
		p, q := outline[i], outline[(i+1)%n]
		own := normal(i)
		np, nq := own, own
		if before := normal(i + n - 1); r3.Dot(before, own) > math.Cos(crease) {
			np = r3.Add(before, own)
		}
		if after := normal(i + 1); r3.Dot(after, own) > math.Cos(crease) {
			nq = r3.Add(after, own)
		}
		at := func(p r3.Vec, z float64) r3.Vec { return r3.Vec{X: p.X, Y: p.Y, Z: z} }
		s0, s1 := b.around(girth, along/girth), 0.0
		along += r3.Norm(r3.Sub(q, p))
		s1 = b.around(girth, along/girth)
		side := func(p, n r3.Vec, z, s float64) uint32 {
			if lie == grainZ {
				return b.vertex(at(p, z), n, s, z)
			}
			return b.vertex(at(p, z), n, z, s)
		}
		a, c := side(p, np, front, s0), side(p, np, back, s0)
		d, e := side(q, nq, back, s1), side(q, nq, front, s1)
		b.triangle(a, c, d)
		b.triangle(a, d, e)
	}
	for _, z := range []float64{front, back} {
		face := r3.Vec{Z: 1}
		if z == back {
			face.Z = -1
		}
		first := uint32(len(b.Mesh.Vertices))
		for _, p := range outline {
			u, v := p.X, p.Y
			if lie == grainX {
				u, v = v, u
			}
			b.vertex(r3.Vec{X: p.X, Y: p.Y, Z: z}, face, u, v)
		}
		for _, t := range clip(outline) {
			if z == back {
				t[1], t[2] = t[2], t[1]
			}
			b.triangle(first+t[0], first+t[1], first+t[2])
		}
	}
}

// The ways in which a slab's grain may lie.
const (
	grainX = iota
	grainY
	grainZ
)

// slabGrain is the direction in which a slab is longest.
func slabGrain(back, front float64, outline []r3.Vec) int {
	lo, hi := outline[0], outline[0]
	for _, p := range outline {
		lo, hi = r3.Vec{X: min(lo.X, p.X), Y: min(lo.Y, p.Y)}, r3.Vec{X: max(hi.X, p.X), Y: max(hi.Y, p.Y)}
	}
	switch g := longest(r3.Vec{X: hi.X - lo.X, Y: hi.Y - lo.Y, Z: front - back}); {
	case g.X > 0:
		return grainX
	case g.Y > 0:
		return grainY
	}
	return grainZ
}

// clip cuts a simple polygon, counter-clockwise, into triangles by cutting
// ears off (Meisters 1975).
func clip(outline []r3.Vec) [][3]uint32 {
	left := make([]uint32, len(outline))
	for i := range left {
		left[i] = uint32(i)
	}
	turn := func(p, q, r r3.Vec) float64 { return (q.X-p.X)*(r.Y-p.Y) - (q.Y-p.Y)*(r.X-p.X) }
	var out [][3]uint32
	for len(left) > 3 {
		ear := -1
		for i := range left {
			a, c, d := left[(i+len(left)-1)%len(left)], left[i], left[(i+1)%len(left)]
			if turn(outline[a], outline[c], outline[d]) <= 1e-14 {
				continue
			}
			free := true
			for _, o := range left {
				if o == a || o == c || o == d {
					continue
				}
				p := outline[o]
				if turn(outline[a], outline[c], p) >= 0 && turn(outline[c], outline[d], p) >= 0 && turn(outline[d], outline[a], p) >= 0 {
					free = false
					break
				}
			}
			if free {
				ear = i
				out = append(out, [3]uint32{a, c, d})
				break
			}
		}
		if ear < 0 {
			ear = 0 // a degenerate rest: drop a point
		}
		left = append(left[:ear], left[ear+1:]...)
	}
	if len(left) == 3 {
		out = append(out, [3]uint32{left[0], left[1], left[2]})
	}
	return out
}

// Sheet is a surface seen from both sides: f maps (u, v) in [0,1]² to a point.
// The upper side is where du × dv points. The grain runs along its longer way;
// one sheet painted as [Leaf] is one leaf of the texture.
func (b *Builder) Sheet(nu, nv int, f func(u, v float64) r3.Vec) {
	b.side(nu, nv, f, true)
	b.side(nu, nv, f, false)
}

// side is one side of a [Builder.Sheet], the upper one or the one below.
func (b *Builder) side(nu, nv int, f func(u, v float64) r3.Vec, up bool) {
	const e = 1e-3
	out := 1.0
	if !up {
		out = -1
	}
	nu, nv = min(nu, b.fine().sheet), min(nv, b.fine().sheet)
	if b.far() && min(nu, nv) > 2 {
		nv = 2
	}
	lu, lv := 0.0, 0.0
	for i := 0; i < nu; i++ {
		lu += r3.Norm(r3.Sub(f(float64(i+1)/float64(nu), .5), f(float64(i)/float64(nu), .5)))
	}
	for j := 0; j < nv; j++ {
		lv += r3.Norm(r3.Sub(f(.5, float64(j+1)/float64(nv)), f(.5, float64(j)/float64(nv))))
	}
	swap := lu > lv
	if b.material == Leaf {
		lu, lv = b.material.Repeat(), b.material.Repeat()
	}
	first := uint32(len(b.Mesh.Vertices))
	for i := 0; i <= nu; i++ {
		for j := 0; j <= nv; j++ {
			u, v := float64(i)/float64(nu), float64(j)/float64(nv)
			du := r3.Sub(f(min(1, u+e), v), f(max(0, u-e), v))
			dv := r3.Sub(f(u, min(1, v+e)), f(u, max(0, v-e)))
			across, along := u*lu, v*lv
			if swap {
				across, along = along, across
			}
			b.vertex(f(u, v), r3.Scale(out, r3.Cross(du, dv)), across, along)
		}
	}
	w := uint32(nv + 1)
	for i := uint32(0); i < uint32(nu); i++ {
		for j := uint32(0); j < uint32(nv); j++ {
			p := first + i*w + j
			if up {
				b.triangle(p, p+w, p+w+1)
				b.triangle(p, p+w+1, p+1)
			} else {
				b.triangle(p, p+w+1, p+w)
				b.triangle(p, p+1, p+w+1)
			}
		}
	}
}
