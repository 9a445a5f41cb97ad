package tracker

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/input"
)

// Euro are the settings of a One Euro filter (Casiez, Roussel, Vogel: 1€
// Filter, CHI 2012): a low-pass filter whose cutoff rises with speed, so that a
// head at rest does not shake and a quick one does not lag. The zero value does not filter.
type Euro struct {
	// Cutoff is the cutoff at rest, Hz; 0 lets everything through.
	Cutoff float64
	// Beta is by how much the cutoff rises per unit of speed (radians or
	// metres per second), Hz.
	Beta float64
	// Speed is the cutoff with which the speed itself is smoothed, Hz; 0 means 1.
	Speed float64
}

// DefaultEuro suits a webcam's tracker: a jitter of a degree is gone at rest,
// and a turn of 2 rad/s lags by less than 15 ms.
func DefaultEuro() Euro { return Euro{Cutoff: 1.2, Beta: 5, Speed: 1} }

// axis is the filter's state of one number.
type axis struct{ value, speed float64 }

// step takes the next value, dt seconds after the one before.
func (a *axis) step(e Euro, v, dt float64) float64 {
	speed := e.Speed
	if speed <= 0 {
		speed = 1
	}
	a.speed += part(speed, dt) * ((v-a.value)/dt - a.speed)
	a.value += part(e.Cutoff+e.Beta*math.Abs(a.speed), dt) * (v - a.value)
	return a.value
}

// part is the weight of a new value in an exponential filter of the cutoff.
func part(cutoff, dt float64) float64 {
	r := 2 * math.Pi * cutoff * dt
	return r / (r + 1)
}

// smoother filters the six numbers of a head.
type smoother struct {
	euro Euro
	axes [6]axis
	t    float64
	any  bool
}

// step takes a head measured at time t, seconds; an older one than the last
// changes nothing.
func (s *smoother) step(h input.Head, t float64) input.Head {
	if s.euro.Cutoff <= 0 {
		return h
	}
	v := [6]float64{h.Pos.X, h.Pos.Y, h.Pos.Z, h.Yaw, h.Pitch, h.Roll}
	if dt := t - s.t; !s.any || dt > 1 {
		for i := range s.axes {
			s.axes[i] = axis{value: v[i]}
		}
		s.t, s.any = t, true
	} else if dt > 0 {
		for i := range s.axes {
			if i >= 3 { // the short way round
				v[i] = s.axes[i].value + math.Remainder(v[i]-s.axes[i].value, 2*math.Pi)
			}
			s.axes[i].step(s.euro, v[i], dt)
		}
		s.t = t
	}
	a := &s.axes
	return input.Head{Pos: r3.Vec{X: a[0].value, Y: a[1].value, Z: a[2].value}, Yaw: a[3].value, Pitch: a[4].value, Roll: a[5].value}
}
