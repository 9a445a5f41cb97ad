// Package look turns what hands do (keys, mouse, gamepad) into how the body
// moves and what was asked for. No graphics: a window feeds it numbers, and
// the frame loop asks it once a frame.
//
// Keys are numbered as GLFW numbers them: ASCII where a key prints, more above
// 255. The table of controls, [Bindings], is the one that the program obeys,
// that its help shows and that the README prints.
//
// Read [State] first, then [State.Step], [State.Presses] and [Bindings].
package look

import (
	"math"

	"souk/input"
)

// Mode says what keys and mouse are for at the moment.
type Mode uint8

// The modes.
const (
	// Walking: the mouse turns the head.
	Walking Mode = iota
	// Pointing: the mouse is a pointer; the letters still walk, the arrows
	// move the choice in a panel. The right button held turns the head.
	Pointing
	// Modal: a question is asked; nothing walks.
	Modal
	// Choosing: a list has the hands. Arrows and left stick move the choice,
	// the letters of commands act on what is chosen; nothing walks.
	Choosing
	// Typing: keys are text, and those without a letter move in it and about it.
	Typing
)

// Config is how the hands are translated.
type Config struct {
	WalkSpeed, RunSpeed float64 // metres per second
	TurnSpeed           float64 // radians per second of the arrow keys and the full stick
	Sensitivity         float64 // radians per pixel of the mouse, > 0
	Invert              bool    // mouse and stick: pulling looks up
	// Snap is the angle by which the arrow keys and the right stick turn at
	// once, radians; 0 turns steadily. Hop is how far legs go at once, metres;
	// 0 walks steadily. Both are for those whom steady motion makes sick.
	Snap, Hop float64
	// Settle is the time in which speed comes within 1/e of what is asked,
	// seconds; 0 is at once.
	Settle float64
	// DeadZone is the part of a stick's way that counts as rest, in [0,1);
	// Curve is the exponent of its response beyond it, ≥ 1: fine near rest.
	DeadZone, Curve float64
}

// DefaultConfig is a brisk walk and a calm head.
func DefaultConfig() Config {
	return Config{
		WalkSpeed: 1.9, RunSpeed: 4.2, TurnSpeed: 1.9, Sensitivity: 0.0022,
		Settle: 0.09, DeadZone: 0.16, Curve: 1.7,
	}
}

// Pad is the state of a gamepad: sticks in [−1,1], right and down positive, as
// GLFW gives them.
type Pad struct {
	LeftX, LeftY, RightX, RightY float64
	Down                         [PadButtons]bool
}

// State is the hands. The zero value does nothing: use [New]. One goroutine.
type State struct {
	cfg  Config
	mode Mode

	held   map[Key]bool
	dx, dy float64
	right  bool // the right mouse button
	pad    Pad
	queue  []happening
	first  int // of queue: those before it are taken

	forward, side, turn, tilt float64 // the speeds reached
	snap, hop                 pulse
	again                     pulse // of the pad's direction held in a list
}

// New makes hands at rest.
func New(c Config) *State { return &State{cfg: c, held: map[Key]bool{}} }

// Config is how the hands are translated.
func (s *State) Config() Config { return s.cfg }

// SetConfig changes the translation; speeds go on from where they are.
func (s *State) SetConfig(c Config) { s.cfg = c }

// Mode is what keys and mouse are for now.
func (s *State) Mode() Mode { return s.mode }

// SetMode changes what keys and mouse are for. Mouse motion not yet used is
// dropped, so that the head does not jump when the pointer is caught.
func (s *State) SetMode(m Mode) {
	if m != s.mode {
		s.mode, s.dx, s.dy = m, 0, 0
	}
}

// MouseMove adds motion of the mouse, pixels, right and down positive.
func (s *State) MouseMove(dx, dy float64) { s.dx, s.dy = s.dx+dx, s.dy+dy }

// RightButton says whether the right mouse button is down.
func (s *State) RightButton(down bool) { s.right = down }

// Release lets go of everything, as when the window loses the focus: no key
// must stay down because its release went to another window.
func (s *State) Release() {
	clear(s.held)
	s.dx, s.dy, s.right, s.pad = 0, 0, false, Pad{}
	s.queue, s.first = s.queue[:0], 0
}

// Step is the motion of the last dt seconds. The speed approaches what is
// asked exponentially, and the way is the exact integral, so that ten short
// steps lead where one long one does.
func (s *State) Step(dt float64) input.Motion {
	if !(dt > 0) {
		return input.Motion{}
	}
	s.repeatPad(dt)
	wantF, wantR, wantTurn, wantTilt := s.asked()
	var m input.Motion
	if s.cfg.Hop > 0 {
		n := math.Hypot(wantF, wantR)
		if k := float64(s.hop.step(dt, n > s.cfg.WalkSpeed/2, hopEvery, hopEvery)); k > 0 {
			m.Forward, m.Right = k*s.cfg.Hop*wantF/n, k*s.cfg.Hop*wantR/n
		}
		s.forward, s.side = 0, 0
	} else {
		m.Forward = s.approach(&s.forward, wantF, dt)
		m.Right = s.approach(&s.side, wantR, dt)
	}
	if s.cfg.Snap > 0 {
		k := s.snap.step(dt, math.Abs(wantTurn) > s.cfg.TurnSpeed*s.snap.flick(), snapEvery, snapEvery)
		m.Yaw = math.Copysign(float64(k)*s.cfg.Snap, wantTurn)
		s.turn = 0
	} else {
		m.Yaw = s.approach(&s.turn, wantTurn, dt)
	}
	m.Pitch = s.approach(&s.tilt, wantTilt, dt)
	if s.mode == Walking || s.mode == Pointing && s.right {
		m.Yaw -= s.dx * s.cfg.Sensitivity
		m.Pitch -= s.dy * s.cfg.Sensitivity * s.sign()
	}
	s.dx, s.dy = 0, 0
	return m
}

// sign is −1 where up and down are exchanged.
func (s *State) sign() float64 {
	if s.cfg.Invert {
		return -1
	}
	return 1
}

// asked is the speed that the hands ask for: metres and radians per second.
func (s *State) asked() (forward, right, turn, tilt float64) {
	if s.mode >= Modal {
		return 0, 0, 0, 0
	}
	axis := func(plus, minus Key) float64 {
		v := 0.0
		if s.held[plus] {
			v++
		}
		if s.held[minus] {
			v--
		}
		return v
	}
	forward, right = axis(KeyW, KeyS), axis(KeyD, KeyA)
	if s.mode == Walking {
		forward = max(-1, min(1, forward+axis(KeyUp, KeyDown)))
		turn, tilt = axis(KeyLeft, KeyRight), axis(KeyPageUp, KeyPageDown)
	}
	lx, ly := Stick(s.pad.LeftX, s.pad.LeftY, s.cfg.DeadZone, s.cfg.Curve)
	rx, ry := Stick(s.pad.RightX, s.pad.RightY, s.cfg.DeadZone, s.cfg.Curve)
	forward, right = forward-ly, right+lx
	if n := math.Hypot(forward, right); n > 1 {
		forward, right = forward/n, right/n
	}
	speed := s.cfg.WalkSpeed
	if s.held[KeyLeftShift] || s.held[KeyRightShift] || s.pad.Down[PadLeftThumb] {
		speed = s.cfg.RunSpeed
	}
	turn = max(-1, min(1, turn-rx))
	tilt = max(-1, min(1, tilt-ry*s.sign()))
	return forward * speed, right * speed, turn * s.cfg.TurnSpeed, tilt * s.cfg.TurnSpeed * 0.7
}

// The pauses between two steps of what is held, seconds: hops, turns at once,
// and moves of the choice by the pad, where the first pause is longer.
const (
	hopEvery   = 0.4
	snapEvery  = 0.35
	againFirst = 0.4
	againEvery = 0.08
)

// pulse turns something held into steps: one at once, the next after a pause.
type pulse struct {
	on   bool
	left float64 // until the next step, seconds
}

// flick is the part of a stick's way from which it counts as held: once it
// does, less is enough, so that a thumb that trembles there turns once.
func (p *pulse) flick() float64 {
	if p.on {
		return 0.25
	}
	return 0.5
}

// step is how many steps are due in dt seconds.
func (p *pulse) step(dt float64, on bool, first, every float64) (n int) {
	if !on {
		p.on = false
		return 0
	}
	if !p.on {
		p.on, p.left = true, first
		return 1
	}
	for p.left -= dt; p.left <= 0; p.left += every {
		n++
	}
	return n
}

// approach moves a speed towards what is wanted and returns the way made.
func (s *State) approach(v *float64, want, dt float64) float64 {
	tau := s.cfg.Settle
	if tau <= 0 {
		*v = want
		return want * dt
	}
	left := math.Exp(-dt / tau)
	way := want*dt + (*v-want)*tau*(1-left)
	*v = want + (*v-want)*left
	if math.Abs(*v-want) < 1e-6 {
		*v = want
	}
	return way
}

// Stick translates a stick: nothing within the dead zone (a circle, so that
// slow diagonals are as free as straight ones), then from 0 with the given
// exponent to a length of 1 at the rim.
func Stick(x, y, dead, curve float64) (outX, outY float64) {
	n := math.Hypot(x, y)
	if !(n > dead) || math.IsInf(n, 0) {
		return 0, 0
	}
	scale := math.Pow(min(1, (n-dead)/(1-dead)), curve) / n
	return x * scale, y * scale
}
