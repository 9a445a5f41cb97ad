package plan

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
)

const (
	stepLength = 0.1  // of a walk between two checks; less than the body's radius
	maxMove    = 50.0 // metres of one call of Move
	touching   = 1e-6 // how far off a wall a body is set
)

// Walkable says whether a body may stand with its middle above that place: within
// the bounds and [BodyRadius] or more from every stall and pedestal. The height does
// not matter.
func (p *Plan) Walkable(pos r3.Vec) bool { return p.clear(pos.X, pos.Z, BodyRadius) }

// clear says whether a disc of the radius touches nothing. NaN is not clear.
func (p *Plan) clear(x, z, radius float64) bool {
	b := p.Bounds
	if !(x >= b.Min.X+radius && x <= b.Max.X-radius && z >= b.Min.Z+radius && z <= b.Max.Z-radius) {
		return false
	}
	return p.obstacles(rect{x, z, x, z}, radius, func(o rect) bool {
		nx, nz := o.nearest(x, z)
		return (nx-x)*(nx-x)+(nz-z)*(nz-z) >= radius*radius-1e-9
	})
}

// Move walks from a place by delta and returns where that ends: along stalls
// and pedestals it slides, and at the bounds it stops. The height is kept; so
// is the place where delta or from is not finite. A walk from a place where nobody
// can stand begins at the nearest where one can. One call walks 50 m at most.
// It does not allocate.
func (p *Plan) Move(from, delta r3.Vec) r3.Vec {
	length := math.Hypot(delta.X, delta.Z)
	if math.IsNaN(length+from.X+from.Z) || math.IsInf(length+math.Abs(from.X)+math.Abs(from.Z), 0) {
		return from
	}
	x, z := from.X, from.Z
	if !p.clear(x, z, BodyRadius) {
		x, z = p.nearestWalkable(x, z)
	}
	if length > maxMove {
		delta = r3.Scale(maxMove/length, delta)
		length = maxMove
	}
	steps := int(math.Ceil(length / stepLength))
	for range steps {
		nx, nz := p.step(x, z, delta.X/float64(steps), delta.Z/float64(steps))
		if nx == x && nz == z {
			break
		}
		x, z = nx, nz
	}
	return r3.Vec{X: x, Y: from.Y, Z: z}
}

// step is one short step: ahead, pushed off what it touches; else along one
// axis; else none.
func (p *Plan) step(x, z, dx, dz float64) (float64, float64) {
	nx, nz := x+dx, z+dz
	for range 4 {
		nx, nz = p.pushOff(nx, nz)
		if p.clear(nx, nz, BodyRadius) {
			return nx, nz
		}
	}
	if p.clear(x+dx, z, BodyRadius) {
		return x + dx, z
	}
	if p.clear(x, z+dz, BodyRadius) {
		return x, z + dz
	}
	return x, z
}

// pushOff moves a body whose middle is outside every obstacle off those that
// it overlaps, and into the bounds.
func (p *Plan) pushOff(x, z float64) (float64, float64) {
	b := p.Bounds
	x = max(b.Min.X+BodyRadius, min(b.Max.X-BodyRadius, x))
	z = max(b.Min.Z+BodyRadius, min(b.Max.Z-BodyRadius, z))
	p.obstacles(rect{x, z, x, z}, BodyRadius, func(o rect) bool {
		nx, nz := o.nearest(x, z)
		d := math.Hypot(x-nx, z-nz)
		if d > 0 && d < BodyRadius {
			k := (BodyRadius + touching) / d
			x, z = nx+(x-nx)*k, nz+(z-nz)*k
		}
		return true
	})
	return x, z
}

// nearestWalkable searches rings around a place, nearest first.
func (p *Plan) nearestWalkable(x, z float64) (float64, float64) {
	b := p.Bounds
	x = max(b.Min.X+BodyRadius, min(b.Max.X-BodyRadius, x))
	z = max(b.Min.Z+BodyRadius, min(b.Max.Z-BodyRadius, z))
	if p.clear(x, z, BodyRadius) {
		return x, z
	}
	for ring := 1; ring < 200; ring++ {
		r := float64(ring) * .05
		n := 8 + ring/2*4
		for k := range n {
			s, c := math.Sincos(2 * math.Pi * float64(k) / float64(n))
			if p.clear(x+r*c, z+r*s, BodyRadius) {
				return x + r*c, z + r*s
			}
		}
	}
	return p.Spawn.Pos.X, p.Spawn.Pos.Z
}

// Approach is a pose from which the slot can be looked at: a place where one
// can stand, about 1.2 m before it, eyes at [EyeHeight] and on its item (a
// shelf's own, a middling one on a pedestal).
func (p *Plan) Approach(slot world.SlotIndex) world.Pose {
	s := &p.Slots[slot]
	at := p.SlotItemCentre(slot, s.Item)
	for _, dist := range [...]float64{1.2, 1.4, 1.6, 1.0, 1.9, 2.3} {
		for _, turn := range [...]float64{0, .3, -.3, .6, -.6, .9, -.9} {
			d := world.Upright(r3.Vec{}, s.Yaw+turn, 0).Ahead()
			x, z := at.X+dist*d.X, at.Z+dist*d.Z
			if p.clear(x, z, BodyRadius) {
				return lookFrom(r3.Vec{X: x, Y: p.EyeHeight, Z: z}, at)
			}
		}
	}
	x, z := p.nearestWalkable(at.X, at.Z)
	return lookFrom(r3.Vec{X: x, Y: p.EyeHeight, Z: z}, at)
}

func lookFrom(eye, at r3.Vec) world.Pose {
	d := r3.Sub(at, eye)
	return world.Upright(eye, math.Atan2(-d.X, -d.Z), math.Atan2(d.Y, math.Hypot(d.X, d.Z)))
}
