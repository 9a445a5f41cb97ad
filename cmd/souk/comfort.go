package main

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
)

// comfort darkens the view's edges while it moves: the edges are where motion
// makes people sick (Fernandes and Feiner 2016). Strength follows speed and
// turning with easeTime, seconds, so that it does not itself flicker.
type comfort struct {
	last     world.Pose
	lastT    float64
	began    bool
	strength float64
}

// The speeds at which the edges are as dark as they get, metres and radians a
// second, and the strengths of the two settings.
const (
	fullSpeed = 4.0
	fullTurn  = 1.4
	easeTime  = 0.15
)

var vignettes = map[string]float64{"low": 0.45, "high": 0.85}

// edges is how dark the view's edges are to be at session time t, in [0,1].
func (c *comfort) edges(setting string, head world.Pose, t float64) float64 {
	dt := t - c.lastT
	if !c.began || !(dt > 0) {
		c.began, c.last, c.lastT = true, head, t
		return c.strength
	}
	yaw, pitch := head.YawPitch()
	wasYaw, wasPitch := c.last.YawPitch()
	speed := r3.Norm(r3.Sub(head.Pos, c.last.Pos)) / dt
	turn := math.Hypot(math.Remainder(yaw-wasYaw, 2*math.Pi), pitch-wasPitch) / dt
	want := vignettes[setting] * math.Min(1, math.Hypot(speed/fullSpeed, turn/fullTurn))
	c.strength += (want - c.strength) * (1 - math.Exp(-dt/easeTime))
	if c.strength < 0.004 {
		c.strength = 0
	}
	c.last, c.lastT = head, t
	return c.strength
}
