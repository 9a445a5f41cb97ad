package main

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"

	"souk/input"
	"souk/input/look"
	"souk/input/tracker"
	"souk/scene/market/lens"
	"souk/world"
)

// seat is where the body sits and how the head is on it. The zero value is a
// head that is the body.
type seat struct {
	source   input.HeadSource // nil: none
	recentre look.Recentre
	measured input.Head
	teleport look.Teleport
	fade     bool // a teleport is faded, not cut

	body  r3.Vec     // the eyes at rest, under which the body stands
	posed world.Pose // what ride made of it; where the session's head is another, it was put elsewhere
}

// openHead opens the head tracker of -head.
func (s *session) openHead() error {
	switch s.o.head {
	case "":
		return nil
	case "sway":
		s.seat.source = tracker.Sway{}
		return nil
	}
	cfg := tracker.Config{Say: s.say}
	if s.o.headSmooth {
		cfg.Euro = tracker.DefaultEuro()
	}
	source, err := tracker.Open(s.o.head, cfg)
	if err != nil {
		return err
	}
	s.seat.source = source
	s.say("The head tracker is awaited on %s.", source.Addr())
	return nil
}

// closeHead closes the head tracker.
func (s *session) closeHead() error {
	if s.seat.source == nil {
		return nil
	}
	err := s.seat.source.Close()
	s.seat.source = nil
	if err != nil {
		return fmt.Errorf("closing the head tracker: %w", err)
	}
	return nil
}

// ride moves the body by what the hands, a journey or a teleport do in dt
// seconds, and sets the head on it.
func (s *session) ride(dt float64, m input.Motion) {
	r := &s.seat
	if s.head == r.posed {
		s.head.Pos = r.body
	}
	if !s.journeyOn(m, dt) {
		s.move(m)
	}
	r.body = s.head.Pos
	if r.source != nil {
		if h, ok := r.source.Poll(s.t); ok {
			r.measured = h
		}
	}
	s.pose()
	s.teleport(dt)
}

// teleport aims and goes.
func (s *session) teleport(dt float64) {
	r := &s.seat
	held := s.shopper == nil && !s.modal && s.hands.Teleporting()
	if s.modal || s.hands.Mode() >= look.Modal {
		r.teleport.Cancel()
	}
	to, move := r.teleport.Step(dt, held, r.fade, s.head.Pos, s.head.Ahead(), s.market.Plan.Walkable)
	if !move {
		return
	}
	s.journey.on = false
	r.body.X, r.body.Z = to.X, to.Z
	s.pose()
}

// pose sets the head on the body: its turn is added to the body's, its lean is
// along the body's yaw and stops at stalls.
func (s *session) pose() {
	r := &s.seat
	h := r.recentre.Seated(r.measured)
	if h == (input.Head{}) {
		s.head = world.Upright(r.body, s.yaw, s.pitch)
		r.posed = s.head
		return
	}
	sin, cos := math.Sincos(s.yaw)
	lean := r3.Vec{X: cos*h.Pos.X + sin*h.Pos.Z, Z: cos*h.Pos.Z - sin*h.Pos.X}
	at := s.market.Plan.Move(r.body, lean)
	at.Y = r.body.Y + h.Pos.Y
	pitch := math.Max(-1.5, math.Min(1.5, s.pitch+h.Pitch))
	s.head = world.Upright(at, s.yaw+h.Yaw, pitch)
	if h.Roll != 0 {
		sin, cos := math.Sincos(h.Roll / 2)
		s.head.Rot = quat.Mul(s.head.Rot, quat.Number{Real: cos, Kmag: sin})
	}
	r.posed = s.head
}

// bodyPose is the body's: what moves it is not what the visitor's own neck does.
func (s *session) bodyPose() world.Pose {
	if s.head != s.seat.posed {
		return s.head
	}
	return world.Upright(s.seat.body, s.yaw, s.pitch)
}

// recentreHead makes where the head is now straight ahead and level: the
// tracker's zero, and the pitch that the mouse has left.
func (s *session) recentreHead() {
	s.seat.recentre.Set(s.seat.measured)
	s.pitch = 0
}

// glass is how far the display reaches to the sides and up: tangents from
// straight ahead. Over one eye it fills the view; over two it is a panel in it.
func (s *session) glass() (x, y float64) {
	if s.o.stereo {
		return s.panel[0], s.panel[1]
	}
	up := math.Tan(s.lens.FovY / 2)
	return up * s.lens.Aspect, up
}

// stereoLens makes the lens that the session reckons with hold what both eyes
// see in a window of the size.
func (s *session) stereoLens(width, height int) {
	c := s.o.optics.Cover(width, height)
	s.lens.FovY, s.lens.Aspect = 2*math.Atan(c.Up), c.Right/c.Up
	s.panel[0], s.panel[1], _, _ = s.o.optics.Panel(width, height)
}

// viewer reads the flags about two eyes and the head.
func (o *options) viewer() (err error) {
	if !o.stereo {
		for _, f := range []struct {
			name  string
			given bool
		}{{"-lens " + o.lens, o.lens != ""}, {fmt.Sprintf("-ipd %v", o.ipd), o.ipd != 0}} {
			if f.given {
				return fmt.Errorf("%s means something with -stereo only: give both, or neither", f.name)
			}
		}
		return nil
	}
	spec := o.lens
	if spec == "" {
		spec = "none"
	}
	if o.optics, err = lens.Load(spec); err != nil {
		return err
	}
	if o.ipd != 0 {
		o.optics.IPD = o.ipd / 1000
		return o.optics.Check()
	}
	return nil
}
