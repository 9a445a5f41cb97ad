//go:build cgo

package market

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"
	"pgregory.net/rapid"

	"souk/world"
)

// A foot that stands stays where it is while the body passes over it, at any
// pace: that is what keeps people from skating.
func TestStandingFeetDoNotSlide(t *testing.T) {
	for _, pace := range []float64{.5, .9, 1.4, 2, 2.8} {
		var g gait
		pos := r3.Vec{Y: 1.65}
		const dt = 1. / 60
		var stood [2]r3.Vec
		var standing [2]bool
		longest := 0.0
		for i := range 600 {
			pos.Z -= pace * dt // yaw 0 looks along −z
			g.step(pos, 0, 0, pace, dt)
			if i < 120 {
				continue // the pace has come up
			}
			for k := range 2 {
				along, lift := g.foot(g.phase + .5*float64(k))
				at := r3.Add(pos, r3.Scale(along, g.way))
				if lift > 0 {
					standing[k] = false
					longest = max(longest, lift)
					continue
				}
				if standing[k] {
					if d := math.Abs(at.Z - stood[k].Z); d > .012 {
						t.Fatalf("at %.1f m/s foot %d slides by %.3f m", pace, k, d)
					}
				} else {
					standing[k], stood[k] = true, at
				}
			}
		}
		if longest < .05 {
			t.Errorf("at %.1f m/s feet rise only by %.3f m", pace, longest)
		}
	}
}

// Knees bend forwards, and bones keep their length.
func TestLegsReachTheirFeet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := gait{phase: rapid.Float64Range(0, .999).Draw(t, "phase"), pace: rapid.Float64Range(0, 3).Draw(t, "pace"), known: true}
		hip := v3(0, g.hips(rapid.Bool().Draw(t, "reduced motion")), 0)
		along, lift := g.foot(g.phase)
		ankle := v3(0, ankleHigh+lift, -along)
		knee := joint(hip, ankle, v3(0, 0, -1))
		if l := r3.Norm(r3.Sub(knee, hip)); math.Abs(l-thighLong) > 1e-6 {
			t.Fatalf("the thigh is %.4f m long", l)
		}
		if l := r3.Norm(r3.Sub(ankle, knee)); lift == 0 && math.Abs(l-shinLong) > .004 {
			t.Fatalf("the shin of a standing leg is %.4f m long", l)
		}
		line := r3.Add(hip, r3.Scale((hip.Y-knee.Y)/(hip.Y-ankle.Y), r3.Sub(ankle, hip)))
		if knee.Z > line.Z+1e-6 {
			t.Fatalf("the knee bends backwards: %v of hip %v and ankle %v", knee, hip, ankle)
		}
	})
}

// The head follows the eyes at once; the trunk only where the neck would turn
// too far, and walking it comes round.
func TestHeadsTurnBeforeBodies(t *testing.T) {
	var g gait
	at := v3(0, 1.65, 0)
	g.step(at, 0, 0, 0, .02)
	g.step(at, .5, .3, 0, .02)
	if math.Abs(g.head-.5) > 1e-9 || math.Abs(g.body) > 1e-9 || g.nod != .3 {
		t.Errorf("a glance: head %.2f, trunk %.2f, nod %.2f", g.head, g.body, g.nod)
	}
	for range 200 {
		g.step(at, 2.5, 0, 0, .02)
	}
	if off := 2.5 - g.body; off < .4 || off > .7 || math.Abs(g.head-off) > 1e-6 {
		t.Errorf("standing and looking round: trunk %.2f, head %.2f", g.body, g.head)
	}
	for i := range 200 {
		g.step(v3(-math.Sin(2.5)*float64(i)*.02, 1.65, -math.Cos(2.5)*float64(i)*.02), 2.5, 0, 1, .02)
	}
	if math.Abs(g.body-2.5) > .05 {
		t.Errorf("walking, the trunk is at %.2f and not at 2.5", g.body)
	}
}

// People are cheap: their triangles are what a frame pays for.
func TestPeopleKeepToTheirTriangles(t *testing.T) {
	kinds := map[[2]int]bool{}
	for id := uint64(1); id < 400; id++ {
		l := looksOf(id, world.RGB{R: .5})
		_, spans := figureParts(l)
		near := spans[partTrunk].count + spans[partHead].count
		for _, p := range []int{partThigh, partShin, partUpperArm, partForearm} {
			near += 2 * spans[p].count
		}
		if near/3 > 600 || spans[partFar].count/3 > 60 || spans[partStride].count/3 > 60 {
			t.Fatalf("person %d has %d triangles near, %d and %d far", id, near/3, spans[partFar].count/3, spans[partStride].count/3)
		}
		kinds[[2]int{l.dress, l.head}] = true
	}
	if len(kinds) != 24 {
		t.Errorf("only %d kinds of dress and head among 399 people, not 24", len(kinds))
	}
}
