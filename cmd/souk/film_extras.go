package main

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
	"souk/world/client"
	"souk/world/plan"
)

// extras are people who walk through a film: from one place in view of the
// camera's way to another, along the stalls.
type extras struct {
	plan *plan.Plan
	rng  *rand.Rand
	all  []extra
}

// extra is one of them.
type extra struct {
	name    string
	pos     r3.Vec
	yaw     float64
	pace    float64 // metres per second when walking
	way     []r3.Vec
	resting float64 // seconds before it walks on
	moving  bool
}

// extraNames are whom one meets in a film.
var extraNames = [...]string{"Mei Lan 美兰", "Okoro", "Ada", "林晓", "Jonas", "Priya", "Sofia", "王芳", "Tom", "Amara", "Yusuf", "陈伟", "Elena", "Kofi", "Hana", "Luca"}

// newExtras spreads people around a place.
func newExtras(p *plan.Plan, seed uint64, around r3.Vec) *extras {
	e := &extras{plan: p, rng: rand.New(rand.NewPCG(seed, 0x66696c6d))}
	for _, name := range extraNames {
		x := extra{name: name, pace: 1 + .4*e.rng.Float64(), yaw: e.rng.Float64() * 2 * math.Pi, resting: 2 * e.rng.Float64()}
		x.pos = e.somewhere(around)
		e.all = append(e.all, x)
	}
	return e
}

// somewhere is a place to stand within 16 m of another, and not on it.
func (e *extras) somewhere(near r3.Vec) r3.Vec {
	for range 20 {
		a, d := e.rng.Float64()*2*math.Pi, 3+13*e.rng.Float64()
		q := r3.Add(near, r3.Vec{X: d * math.Sin(a), Z: d * math.Cos(a)})
		q.Y = plan.EyeHeight
		if e.plan.Walkable(q) {
			return q
		}
	}
	return r3.Vec{X: near.X, Y: plan.EyeHeight, Z: near.Z + 4}
}

// step lives through dt seconds. Who is left far behind the camera comes in
// again ahead of it, out of sight.
func (e *extras) step(dt float64, camera world.Pose) {
	ahead := r3.Add(camera.Pos, r3.Scale(9, camera.Ahead()))
	for i := range e.all {
		x := &e.all[i]
		to := r3.Sub(x.pos, camera.Pos)
		if far := math.Hypot(to.X, to.Z); far > 34 || far > 14 && r3.Dot(to, camera.Ahead()) < 0 {
			q := e.somewhere(r3.Add(camera.Pos, r3.Scale(22, camera.Ahead())))
			if d := r3.Sub(q, camera.Pos); math.Hypot(d.X, d.Z) > 17 {
				x.pos, x.way = q, x.way[:0]
			}
		}
		x.moving = false
		if e.yield(x, camera) {
			x.resting = 0
		}
		if x.resting -= dt; x.resting > 0 {
			continue
		}
		if len(x.way) == 0 {
			x.way = e.plan.Path(x.way, x.pos, e.somewhere(ahead))
			x.resting = 1 + 5*e.rng.Float64()*e.rng.Float64()
			continue
		}
		d := r3.Sub(x.way[0], x.pos)
		d.Y = 0
		step := x.pace * dt
		x.moving = true
		x.yaw += math.Max(-4*dt, math.Min(4*dt, math.Remainder(math.Atan2(-d.X, -d.Z)-x.yaw, 2*math.Pi)))
		if l := r3.Norm(d); l > step {
			x.pos = r3.Add(x.pos, r3.Scale(step/l, d))
		} else {
			x.pos = r3.Vec{X: x.way[0].X, Y: x.pos.Y, Z: x.way[0].Z}
			x.way = x.way[1:]
		}
	}
}

// yield turns somebody who stands in the camera's way, or walks into it, to the
// side, and says so.
func (e *extras) yield(x *extra, camera world.Pose) bool {
	c := r3.Sub(x.pos, camera.Pos)
	c.Y = 0
	if d := r3.Norm(c); d > 2.4 || d < .1 || r3.Dot(c, camera.Ahead()) < .4*d {
		return false
	}
	yaw, _ := camera.YawPitch()
	right := world.Upright(r3.Vec{}, yaw-math.Pi/2, 0).Ahead()
	side := 1.0
	if r3.Dot(c, right) < 0 {
		side = -1
	}
	for _, far := range [...]float64{2.2, 1.4, -2.2} {
		if q := r3.Add(x.pos, r3.Scale(side*far, right)); e.plan.Walkable(q) {
			x.way = append(x.way[:0], q)
			return true
		}
	}
	return false
}

// among appends them as the people nearby.
func (e *extras) among(all []client.Avatar) []client.Avatar {
	for i := range e.all {
		x := &e.all[i]
		a := client.Avatar{ID: 1<<31 + uint32(i), Name: x.name, Pose: world.Upright(x.pos, x.yaw, 0)}
		if x.moving {
			a.Speed = x.pace
		}
		all = append(all, a)
	}
	return all
}
