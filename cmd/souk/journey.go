package main

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/input"
	"souk/world"
)

// journey is a way that is gone by itself, to an item that was searched for or
// to a place of the map.
type journey struct {
	on      bool
	arrived bool // since last asked
	path    []r3.Vec
	next    int
	to      world.Pose
	left    float64 // metres
	speed   float64
}

// A journey takes about journeyTime, seconds, between a walk's speed and one
// at which the stalls can still be told; it turns with turnTime, seconds, and
// looks at what it goes to over the last lookAt metres.
const (
	journeyTime = 5.0
	slowest     = 2.5
	fastest     = 16.0
	turnTime    = 0.22
	lookAt      = 2.5
	ownTurn     = 0.05 // radians in a frame: less is a hand that rests on the mouse
)

// travel sets out for a pose: at once, or along the shortest way that can be
// walked.
func (s *session) travel(to world.Pose, atOnce bool) {
	j := &s.journey
	*j = journey{to: to, path: j.path[:0]}
	if !atOnce {
		j.path = s.market.Plan.Path(j.path, s.head.Pos, to.Pos)
	}
	if len(j.path) == 0 {
		s.head = to
		s.yaw, s.pitch = to.YawPitch()
		j.arrived = true
		return
	}
	from := s.head.Pos
	for _, p := range j.path {
		j.left += r3.Norm(r3.Sub(p, from))
		from = p
	}
	j.speed = math.Max(slowest, math.Min(fastest, j.left/journeyTime))
	j.on = true
}

// goTo sets out for where an item can be looked at.
func (s *session) goTo(item world.ItemIndex, atOnce bool) {
	if slot := s.slotOfItem(item); slot != world.NoSlot {
		s.travel(s.market.Plan.Approach(slot), atOnce)
	}
}

// slotOfItem is the shelf on which an item stands; NoSlot where it stands on none.
func (s *session) slotOfItem(item world.ItemIndex) world.SlotIndex {
	if s.slotOf == nil {
		s.slotOf = make([]world.SlotIndex, len(s.market.Catalog.Items))
		for i := range s.slotOf {
			s.slotOf[i] = world.NoSlot
		}
		for i := range s.market.Plan.FirstFeature() {
			s.slotOf[s.market.Plan.Slots[i].Item] = i
		}
	}
	return s.slotOf[item]
}

// journeyOn goes on with the journey for dt seconds; a step or turn of one's
// own ends it. False where there is none.
func (s *session) journeyOn(m input.Motion, dt float64) bool {
	j := &s.journey
	if !j.on {
		return false
	}
	if s.hands.Running() || math.Abs(m.Yaw)+math.Abs(m.Pitch) > ownTurn {
		j.on = false
		return false
	}
	pos := s.head.Pos
	way := math.Min(j.speed, 1+1.8*j.left) * dt // slower towards the end
	ahead := s.yaw
	for j.next < len(j.path) {
		d := r3.Sub(j.path[j.next], pos)
		d.Y = 0
		n := r3.Norm(d)
		if n > 1e-6 {
			ahead = math.Atan2(-d.X, -d.Z)
		}
		if n > way {
			pos = r3.Add(pos, r3.Scale(way/n, d))
			j.left -= way
			break
		}
		pos.X, pos.Z = j.path[j.next].X, j.path[j.next].Z
		j.left, way = j.left-n, way-n
		j.next++
	}
	wantYaw, wantPitch := ahead, 0.0
	there := j.next == len(j.path)
	if there || j.left < lookAt {
		wantYaw, wantPitch = j.to.YawPitch()
	}
	part := 1 - math.Exp(-dt/turnTime)
	turn := math.Remainder(wantYaw-s.yaw, 2*math.Pi)
	s.yaw = math.Remainder(s.yaw+turn*part, 2*math.Pi)
	s.pitch += (wantPitch - s.pitch) * part
	if there && math.Abs(turn) < 0.01 && math.Abs(wantPitch-s.pitch) < 0.01 {
		s.yaw, s.pitch = wantYaw, wantPitch
		j.on, j.arrived = false, true
	}
	s.head = world.Upright(pos, s.yaw, s.pitch)
	return true
}
