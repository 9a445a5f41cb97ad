package main

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
	"souk/world/plan"
)

// The walk of a film on rails.
const (
	railStroll = 1.35 // metres per second between the sights
	railLinger = .42  // and before one
	railReach  = 1.9  // metres from a sight at which the camera turns to it
	railTick   = 1.0 / 60
	railCrane  = .2  // of a film's time, for its end over the roofs,
	railHigh   = 9.5 // metres up
)

// rails is a camera's way through the market: past pedestals and shelves, and
// up over the roofs at the end.
type rails struct {
	ground float64  // seconds until it leaves the ground
	at     []r3.Vec // by railTick
	yaw    []float64
	pitch  []float64
}

// sight is something to be looked at, and how far along the way, metres.
type sight struct {
	along float64
	look  r3.Vec
}

// newRails lays the rails of a film of so many seconds.
func newRails(p *plan.Plan, seconds float64) *rails {
	r := &rails{ground: seconds * (1 - railCrane)}
	way, sights := route(p, railStroll*r.ground)
	r.walk(way, sights, r.ground)
	r.rise(p, seconds-r.ground)
	// A camera has weight: it neither jerks nor turns at once.
	r.yaw, r.pitch = soften(r.yaw, 1.2), soften(r.pitch, 1.2)
	x, y, z := make([]float64, len(r.at)), make([]float64, len(r.at)), make([]float64, len(r.at))
	for i, q := range r.at {
		x[i], y[i], z[i] = q.X, q.Y, q.Z
	}
	x, y, z = soften(x, .4), soften(y, .4), soften(z, .4)
	for i := range r.at {
		// A corner is not cut through a stall.
		if q := (r3.Vec{X: x[i], Y: y[i], Z: z[i]}); q.Y > plan.StallHeight+1 || p.Walkable(q) {
			r.at[i] = q
		}
	}
	return r
}

// pose is the camera at a time of the film, seconds.
func (r *rails) pose(t float64) world.Pose {
	f := math.Max(0, math.Min(float64(len(r.at)-1), t/railTick))
	i := min(int(f), len(r.at)-2)
	f -= float64(i)
	mix := func(a, b float64) float64 { return a + (b-a)*f }
	return world.Upright(r3.Add(r3.Scale(1-f, r.at[i]), r3.Scale(f, r.at[i+1])), mix(r.yaw[i], r.yaw[i+1]), mix(r.pitch[i], r.pitch[i+1]))
}

// route is a walk of at most so many metres from the spawn, and what is to be
// seen on it: pedestals of the plaza, then down one aisle after another, a shelf on each
// side.
func route(p *plan.Plan, most float64) (way []r3.Vec, sights []sight) {
	at := p.Spawn.Pos
	way = append(way, at)
	long := 0.0
	visit := func(to r3.Vec) {
		from := len(way)
		way = p.Path(way, at, to)
		for i := from; i < len(way); i++ {
			long += r3.Norm(r3.Sub(way[i], at))
			at = way[i]
		}
	}
	see := func(slot world.SlotIndex) {
		q := p.Approach(slot)
		visit(q.Pos)
		sights = append(sights, sight{long, p.SlotItemCentre(slot, p.Slots[slot].Item)})
	}
	seen := map[world.SlotIndex]bool{}
	nearest := func(first, end world.SlotIndex, ok func(*plan.Slot) bool) world.SlotIndex {
		best, least := world.NoSlot, math.Inf(1)
		for i := first; i < end; i++ {
			if d := r3.Norm(r3.Sub(p.Slots[i].Pos, at)); d < least && !seen[i] && ok(&p.Slots[i]) {
				best, least = i, d
			}
		}
		if best != world.NoSlot {
			seen[best] = true
		}
		return best
	}
	all, pedestals := p.FirstFeature(), world.SlotIndex(len(p.Slots))
	if s := nearest(all, pedestals, func(*plan.Slot) bool { return true }); s != world.NoSlot {
		see(s)
	}
	for _, a := range aislesFrom(p) {
		if long > most {
			break
		}
		aisle := &p.Aisles[a]
		near, far := aisle.From, aisle.To
		if r3.Norm(r3.Sub(far, at)) < r3.Norm(r3.Sub(near, at)) {
			near, far = far, near
		}
		near.Y, far.Y = plan.EyeHeight, plan.EyeHeight
		visit(near)
		visit(r3.Add(near, r3.Scale(.3, r3.Sub(far, near))))
		here := func(s *plan.Slot) bool { return int(s.Aisle) == a }
		if s := nearest(0, all, func(s *plan.Slot) bool { return here(s) && s.Pos.Y > .7 && s.Pos.Y < 1.5 }); s != world.NoSlot {
			see(s)
		}
		if s := nearest(all, pedestals, here); s != world.NoSlot {
			see(s)
		}
	}
	return way, sights
}

// aislesFrom are the aisles in the order in which a film sees them: the next
// nearest to where the last one begins, and of another district.
func aislesFrom(p *plan.Plan) []int {
	at, last := p.Spawn.Pos, int32(-1)
	used := make([]bool, len(p.Aisles))
	var order []int
	for range p.Aisles {
		best, least := -1, math.Inf(1)
		for i := range p.Aisles {
			a := &p.Aisles[i]
			d := math.Min(r3.Norm(r3.Sub(a.From, at)), r3.Norm(r3.Sub(a.To, at)))
			if a.District == last {
				d += 1000
			}
			if !used[i] && d < least {
				best, least = i, d
			}
		}
		used[best] = true
		order = append(order, best)
		at, last = p.Aisles[best].From, p.Aisles[best].District
	}
	return order
}

// walk goes along the way in the time, or as far as it comes: slowly before
// the sights and with the eyes on them, else looking where it goes.
func (r *rails) walk(way []r3.Vec, sights []sight, seconds float64) {
	along := polyline(way)
	s := 0.0
	yaw := 0.0
	next := 0
	for tick := 0; float64(tick)*railTick < seconds; tick++ {
		here := along.at(s)
		for next < len(sights) && sights[next].along < s-.5 {
			next++
		}
		pace, target := railStroll, r3.Add(along.at(s+3.5), r3.Vec{Y: -.12})
		if next < len(sights) {
			d := math.Abs(sights[next].along - s)
			pace = railLinger + (railStroll-railLinger)*smooth(d/railReach)
			if d < railReach {
				target = sights[next].look
			}
		}
		pace *= smooth(float64(tick) * railTick / 2) // it sets out gently
		d := r3.Sub(target, here)
		if math.Hypot(d.X, d.Z) > .05 {
			yaw += math.Remainder(math.Atan2(-d.X, -d.Z)-yaw, 2*math.Pi)
		}
		r.at = append(r.at, here)
		r.yaw = append(r.yaw, yaw)
		r.pitch = append(r.pitch, math.Max(-.5, math.Min(.2, math.Atan2(d.Y, math.Max(.6, math.Hypot(d.X, d.Z))))))
		s += pace * railTick
	}
}

// rise takes the camera from where it is to the middle of the aisle, between the
// awnings up over the roofs, and turns it to the middle of the market.
func (r *rails) rise(p *plan.Plan, seconds float64) {
	from := r.at[len(r.at)-1]
	yaw, pitch := r.yaw[len(r.yaw)-1], r.pitch[len(r.pitch)-1]
	aside := r3.Sub(middleOf(p, from), from)
	c := p.Bounds.Center()
	to := yaw + math.Remainder(math.Atan2(from.X-c.X, from.Z-c.Z)-yaw, 2*math.Pi)
	back := world.Upright(r3.Vec{}, to, 0).Ahead()
	part := math.Min(1, seconds/8) // a short film ends lower
	for tick := 0; float64(tick)*railTick < seconds; tick++ {
		f := float64(tick) * railTick / seconds
		up, away := smooth((f-.06)/.94), smooth((f-.4)/.6)
		at := r3.Add(from, r3.Scale(smooth(f/.3), aside))
		r.at = append(r.at, r3.Add(r3.Add(at, r3.Vec{Y: railHigh * part * up}), r3.Scale(-6*part*away, back)))
		r.yaw = append(r.yaw, yaw+(to-yaw)*smooth(f*1.1))
		r.pitch = append(r.pitch, pitch+(-.30-pitch)*smooth(f*1.2))
	}
}

// middleOf is the nearest place in the middle of an aisle; q itself where there
// is none within reach.
func middleOf(p *plan.Plan, q r3.Vec) r3.Vec {
	best, least := q, plan.AisleWidth/2+.5
	for i := range p.Aisles {
		a := &p.Aisles[i]
		d := r3.Sub(a.To, a.From)
		l := r3.Norm2(d)
		if l == 0 {
			continue
		}
		f := math.Max(0, math.Min(1, r3.Dot(r3.Sub(q, a.From), d)/l))
		m := r3.Add(a.From, r3.Scale(f, d))
		m.Y = q.Y
		if far := r3.Norm(r3.Sub(m, q)); far < least && p.Walkable(m) {
			best, least = m, far
		}
	}
	return best
}

// smooth is the polynomial 3x²−2x³ held within [0,1].
func smooth(x float64) float64 {
	x = math.Max(0, math.Min(1, x))
	return x * x * (3 - 2*x)
}

// soften blurs a curve over time by a bell of so many seconds; its ends stay.
func soften(v []float64, seconds float64) []float64 {
	d := seconds / railTick
	n := int(3 * d)
	weights := make([]float64, 2*n+1)
	for i := range weights {
		weights[i] = math.Exp(-float64((i-n)*(i-n)) / (2 * d * d))
	}
	out := make([]float64, len(v))
	for i := range v {
		k := min(n, i, len(v)-1-i)
		sum, total := 0.0, 0.0
		for j := -k; j <= k; j++ {
			w := weights[j+n]
			sum, total = sum+w*v[i+j], total+w
		}
		out[i] = sum / total
	}
	return out
}

// line is a polyline by its length.
type line struct {
	points []r3.Vec
	until  []float64 // length up to each point
}

func polyline(points []r3.Vec) *line {
	l := &line{points: points, until: make([]float64, len(points))}
	for i := 1; i < len(points); i++ {
		l.until[i] = l.until[i-1] + r3.Norm(r3.Sub(points[i], points[i-1]))
	}
	return l
}

// at is the point so far along the line; its last one beyond its end.
func (l *line) at(s float64) r3.Vec {
	for i := 1; i < len(l.points); i++ {
		if s < l.until[i] {
			f := (s - l.until[i-1]) / (l.until[i] - l.until[i-1])
			return r3.Add(r3.Scale(1-f, l.points[i-1]), r3.Scale(f, l.points[i]))
		}
	}
	return l.points[len(l.points)-1]
}
