package main

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/hud"
	"souk/scene/sound"
	"souk/world"
)

// soundWalk is a walk down a street by its sounds alone: one's own steps, all
// moments one after another, each at its place, and somebody who walks past from
// left to right over and over.
func soundWalk(bank *sound.Bank, seconds, hour float64) (left, right []float32) {
	const block = sound.Rate / 50
	m := sound.NewMixer()
	m.SetBank(bank)
	out := make([]float32, 2*block)
	walked, passer := 0.0, 0.0
	cues := len(bank.Cues)
	for i := range int(seconds * 50) {
		t := float64(i) / 50
		at := func(every float64) bool { return i > 0 && math.Floor(t/every) != math.Floor((t-.02)/every) }
		head := world.Upright(r3.Vec{Y: 1.65, Z: -1.4 * t}, .3*math.Sin(t/3), 0)
		m.Hear(head, sound.AirAt(hour, .5+.4*math.Sin(t/4)))
		if walked += 1.4 / 50; walked > .74 {
			walked -= .74
			m.Play(sound.Source{Clip: bank.Steps[i%len(bank.Steps)], Gain: 1, Placed: true, At: r3.Add(head.Pos, r3.Vec{X: .12 * float64(1-2*(i/26%2)), Y: -1.5})})
		}
		x := math.Mod(t, 8)*2.5 - 10
		if passer += 1.3 / 50; passer > .7 {
			passer -= .7
			m.Play(sound.Source{Clip: bank.Steps[(i+3)%len(bank.Steps)], Gain: 4, Placed: true, At: r3.Add(head.Pos, r3.Vec{X: x, Y: -1.5, Z: -2})})
		}
		if at(2.5) {
			cue := hud.Cue(int(t/2.5+.5) % cues)
			s := sound.Source{Clip: bank.Cues[cue], Gain: 1}
			if cue == hud.CueChat || cue == hud.CueNear || cue == hud.CuePlaced {
				s.Placed, s.At = true, r3.Add(head.Pos, head.Rotate(r3.Vec{X: -2, Z: -2}))
			}
			m.Play(s)
		}
		m.Mix(out)
		for k := 0; k < len(out); k += 2 {
			left, right = append(left, out[k]), append(right, out[k+1])
		}
	}
	return left, right
}
