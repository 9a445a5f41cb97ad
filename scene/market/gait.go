package market

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

// The measures of a grown person 1.75 m tall, metres; others are scaled.
const (
	eyesHigh  = 1.655
	hipHigh   = .915 // of the hip joints, standing
	hipWide   = .092 // from the middle
	thighLong = .435
	shinLong  = .415
	ankleHigh = .075
	shoulder  = 1.385
	neckHigh  = 1.50
)

// gait is how a person moves: where in the step they are, and how far body and
// head are turned.
type gait struct {
	phase   float64 // of the left leg's cycle, in [0,1): it begins as the foot comes down
	pace    float64 // metres per second, smoothed
	way     r3.Vec  // along which they walk, in the body's frame, unit; zero before the first step
	body    float64 // yaw of the trunk
	head    float64 // yaw of the head against the trunk
	nod     float64 // pitch of the head
	last    r3.Vec
	resting float64 // seconds since the pose last moved
	known   bool
}

// stepOf is how long a step is at a pace, metres, and for which part of the
// cycle a foot stands: people who walk faster take longer steps, and who runs leaves the ground.
func stepOf(pace float64) (length, stands float64) {
	return min(.86, .30+.225*pace), .54 - .18*smoothstep(1.6, 2.4, pace)
}

// step moves on by dt seconds to where the pose is now. The legs go on by the
// ground that was covered, so that a foot that stands does not slide; where the pose rests though it
// has a speed, they walk on the spot.
func (g *gait) step(pos r3.Vec, yaw, pitch, speed, dt float64) {
	if !g.known {
		*g = gait{body: yaw, last: pos, pace: speed, known: true}
	}
	moved := r3.Sub(pos, g.last)
	moved.Y = 0
	g.last = pos
	covered := r3.Norm(moved)
	if covered > 1 { // teleported
		covered, g.body = 0, yaw
	}
	if g.resting += dt; covered > 1e-5 {
		g.resting = 0
		sn, c := math.Sincos(g.body)
		way := r3.Scale(1/covered, r3.Vec{X: moved.X*c - moved.Z*sn, Z: moved.X*sn + moved.Z*c})
		if g.way == (r3.Vec{}) {
			g.way = way
		}
		if turned := r3.Add(g.way, r3.Scale(1-math.Exp(-10*dt), r3.Sub(way, g.way))); r3.Norm(turned) > 1e-3 {
			g.way = r3.Unit(turned)
		}
	} else if g.resting > .25 {
		covered, g.way = speed*dt, r3.Vec{Z: -1}
	}
	g.pace += (speed - g.pace) * (1 - math.Exp(-9*dt))
	length, _ := stepOf(g.pace)
	g.phase = math.Mod(g.phase+covered/(2*length), 1)
	g.turn(yaw, pitch, dt)
}

// turn lets the head follow the eyes at once and the trunk after it: walking,
// the trunk comes round; standing, only when the neck would turn too far.
func (g *gait) turn(yaw, pitch, dt float64) {
	const easy, most = .55, 1.25 // radians that a neck turns without the trunk, and at most
	off := math.Remainder(yaw-g.body, 2*math.Pi)
	pull := math.Copysign(max(0, math.Abs(off)-easy), off) * (1 - math.Exp(-6*dt))
	if g.pace > .2 {
		pull = off * (1 - math.Exp(-5*dt))
	}
	g.body = math.Remainder(g.body+pull, 2*math.Pi)
	off = math.Remainder(yaw-g.body, 2*math.Pi)
	g.head = max(-most, min(most, off))
	g.nod = max(-.7, min(.7, pitch))
}

// foot is where a foot's ankle is in a walker's frame (−z ahead, on the ground
// under the hips): how far along the way and how high above its standing height. The other leg is half a cycle on.
func (g *gait) foot(phase float64) (along, lift float64) {
	length, stands := stepOf(g.pace)
	phase = phase - math.Floor(phase)
	far := length * stands // half of what the body passes over a standing foot
	walk := min(1, g.pace/.35)
	if phase < stands {
		return far * (1 - 2*phase/stands) * walk, 0
	}
	u := (phase - stands) / (1 - stands)
	// Comes down as fast as the ground passes, so that it does not slide then either.
	ease := u * u * (3 - 2*u)
	return far * (2*ease - 1) * walk, (.075 + .05*smoothstep(1.2, 2.6, g.pace)) * math.Sin(math.Pi*u) * math.Sin(math.Pi*u) * walk
}

// hips is how high the hips are: as high as the farther standing leg reaches.
func (g *gait) hips(still bool) float64 {
	const leg = (thighLong + shinLong) * .995
	reach := func(along float64) float64 { return ankleHigh + math.Sqrt(max(0, leg*leg-along*along)) }
	length, stands := stepOf(g.pace)
	low := reach(length * stands * min(1, g.pace/.35))
	if still {
		return min(hipHigh, low)
	}
	high := hipHigh
	for _, p := range [2]float64{g.phase, g.phase + .5} {
		if along, lift := g.foot(p); lift == 0 {
			high = min(high, reach(along))
		}
	}
	return max(low, high)
}

// joint is the knee between a hip and an ankle, bent towards front (a unit
// vector): the law of cosines.
func joint(hip, ankle, front r3.Vec) r3.Vec {
	d := r3.Sub(ankle, hip)
	l := max(.2, min((thighLong+shinLong)*.9999, r3.Norm(d)))
	u := r3.Unit(d)
	c := (thighLong*thighLong + l*l - shinLong*shinLong) / (2 * thighLong * l)
	bend := r3.Sub(front, r3.Scale(r3.Dot(front, u), u))
	if r3.Norm(bend) < 1e-6 {
		bend = r3.Vec{Z: -1}
	}
	return r3.Add(hip, r3.Add(r3.Scale(thighLong*c, u), r3.Scale(thighLong*math.Sqrt(max(0, 1-c*c)), r3.Unit(bend))))
}

// bone is the matrix of a part that hangs from one joint towards another, its
// front as near to front as it can be.
func bone(from, to, front r3.Vec) matrix {
	up := r3.Unit(r3.Sub(from, to))
	back := r3.Scale(-1, r3.Unit(r3.Sub(front, r3.Scale(r3.Dot(front, up), up))))
	right := r3.Cross(up, back)
	f := func(v float64) float32 { return float32(v) }
	return matrix{f(right.X), f(right.Y), f(right.Z), 0, f(up.X), f(up.Y), f(up.Z), 0, f(back.X), f(back.Y), f(back.Z), 0, f(from.X), f(from.Y), f(from.Z), 1}
}
