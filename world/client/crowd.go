package client

import (
	"cmp"
	"math"
	"slices"

	"souk/world"
	"souk/world/wire"
)

// delay is how far in the past avatars are shown, seconds: more than one tick
// and the usual unevenness of arrival, so that there is a later place to walk towards.
const delay = 0.15

// crowd is the other people, each with two places and their times. Times are
// the server's ticks in seconds; lag maps them to the local clock.
type crowd struct {
	people map[uint32]*person
	order  []*person // by id
	lag    float64   // local time minus tick time, smoothed; NaN before the first snapshot
	self   uint32
}

type person struct {
	id     uint32
	name   string
	placed bool
	from   wire.Place
	to     wire.Place
	t0, t1 float64
}

func (c *crowd) init() { *c = crowd{people: map[uint32]*person{}, lag: math.NaN()} }

// enter begins anew: a new connection has other ids and another count of ticks.
func (c *crowd) enter(self uint32) {
	c.init()
	c.self = self
}

// apply takes a snapshot that arrived at a local time.
func (c *crowd) apply(s *wire.Snapshot, now float64) {
	t := float64(s.GetTick()) / wire.Ticks
	switch lag := now - t; {
	case math.IsNaN(c.lag) || math.Abs(lag-c.lag) > 1:
		c.lag = lag
	case lag < c.lag:
		c.lag += 0.5 * (lag - c.lag) // an early arrival is the truer one
	default:
		c.lag += 0.02 * (lag - c.lag)
	}
	for _, id := range s.GetGone() {
		if p := c.people[id]; p != nil {
			delete(c.people, id)
			c.order = slices.DeleteFunc(c.order, func(q *person) bool { return q == p })
		}
	}
	for _, n := range s.GetNames() {
		if p := c.person(n.GetId()); p != nil {
			p.name = n.GetName()
		}
	}
	moves := s.GetMoves() // Decode has passed them
	for len(moves) > 0 {
		m, rest, err := wire.NextMove(moves)
		if err != nil {
			return
		}
		moves = rest
		if p := c.person(m.ID); p != nil {
			p.move(m.Place, t)
		}
	}
}

// person is the avatar with an id, new if need be; nil for oneself.
func (c *crowd) person(id uint32) *person {
	if id == c.self {
		return nil
	}
	p := c.people[id]
	if p == nil {
		p = &person{id: id}
		c.people[id] = p
		at, _ := slices.BinarySearchFunc(c.order, id, func(p *person, id uint32) int { return cmp.Compare(p.id, id) })
		c.order = slices.Insert(c.order, at, p)
	}
	return p
}

func (p *person) move(to wire.Place, t float64) {
	if !p.placed {
		p.from, p.to, p.t0, p.t1, p.placed = to, to, t, t, true
		return
	}
	// No word means no step: the walk began one tick ago at the earliest.
	p.from, p.t0 = p.to, max(p.t1, t-1.0/wire.Ticks)
	p.to, p.t1 = to, t
}

// at appends where everybody is at a local time.
func (c *crowd) at(dst []Avatar, now, eyeHeight float64) []Avatar {
	t := now - c.lag - delay
	for _, p := range c.order {
		if !p.placed {
			continue
		}
		a := Avatar{ID: p.id, Name: p.name, Pose: p.to.Pose(eyeHeight)}
		if span := p.t1 - p.t0; span > 0 && t < p.t1 {
			f := max(0, (t-p.t0)/span)
			a.Pose = between(p.from, p.to, f, eyeHeight)
			a.Speed = math.Hypot(float64(p.to.X-p.from.X), float64(p.to.Z-p.from.Z)) / 100 / span
		}
		dst = append(dst, a)
	}
	return dst
}

// between is the pose a part f of the way, turning the shorter way round.
func between(a, b wire.Place, f, eyeHeight float64) world.Pose {
	pa, pb := a.Pose(eyeHeight), b.Pose(eyeHeight)
	pa.Pos.X += f * (pb.Pos.X - pa.Pos.X)
	pa.Pos.Z += f * (pb.Pos.Z - pa.Pos.Z)
	turn := float64(int8(b.Yaw-a.Yaw)) / 256 * 2 * math.Pi
	return world.Upright(pa.Pos, a.YawRadians()+f*turn, 0)
}
