package sound

import (
	"fmt"
	"math/rand/v2"

	"souk/scene/hud"
)

// Clip is a sound with an end, mono, for a [Mixer]. The zero Clip is silence.
type Clip struct {
	padded []float32 // with reach zeros at both ends: ears hear at different times
}

// reach is more samples than a sound needs from one ear to the other.
const reach = 48

// Samples are the clip's, at [Rate]; not to be changed.
func (c Clip) Samples() []float32 {
	if len(c.padded) == 0 {
		return nil
	}
	return c.padded[reach : len(c.padded)-reach]
}

// newClip ends a wave's making: no mean, no click, as loud as said (its loudest
// 400 ms, LUFS) unless its peak would come near what can be played.
func newClip(w wave, loud float64) Clip {
	const highest = .7
	w.settle()
	w.fade(.001, .15*float64(len(w))/Rate)
	most, _ := Loudness(w.narrow(0))
	w.scale(min(decibel(loud-most), highest/w.peak()))
	return Clip{w.narrow(reach)}
}

// narrow is a wave in single precision, with zeros around it.
func (w wave) narrow(pad int) []float32 {
	s := make([]float32, len(w)+2*pad)
	for i, v := range w {
		s[pad+i] = float32(v)
	}
	return s
}

// stepKinds is how many steps there are to choose from: with fewer one hears
// them come round.
const stepKinds = 8

// How loud what is always there is at its full level, LUFS, and a step under
// one's own feet.
const (
	murmurLoud  = -36
	windLoud    = -42
	cricketLoud = -44
	stepLoud    = -41
)

// Bank is all sounds of the market. It is read-only and may be shared.
type Bank struct {
	Cues                   [hud.CueCount]Clip
	Steps                  [stepKinds]Clip // on paving
	Murmur, Wind, Crickets Loop
}

// NewBank makes the sounds: the same for a seed, sample by sample, on the same
// build. It takes about half a second of one processor.
func NewBank(seed uint64) *Bank {
	b := &Bank{}
	for cue, r := range recipes {
		b.Cues[cue] = newClip(r.make(chance(seed, r.name)), r.lufs)
	}
	for i := range b.Steps {
		b.Steps[i] = newClip(step(chance(seed, fmt.Sprint("step", i)), 1), stepLoud)
	}
	loop := func(name string, recipe func(*rand.Rand) round, loud float64) Loop {
		r := recipe(chance(seed, name))
		l := Loop{r.left.narrow(0), r.right.narrow(0)}
		_, mean := Loudness(l.Left, l.Right)
		for _, side := range [...][]float32{l.Left, l.Right} {
			for i := range side {
				side[i] *= float32(decibel(loud - mean))
			}
		}
		return l
	}
	b.Murmur = loop("murmur", murmur, murmurLoud)
	b.Wind = loop("wind", wind, windLoud)
	b.Crickets = loop("crickets", crickets, cricketLoud)
	return b
}

// Named is a sound by its name: one or two sides.
type Named struct {
	Name  string
	Sides [][]float32
}

// All are the sounds of the bank in a fixed order, by their names.
func (b *Bank) All() (all []Named) {
	for cue := range b.Cues {
		all = append(all, Named{recipes[hud.Cue(cue)].name, [][]float32{b.Cues[cue].Samples()}})
	}
	for i := range b.Steps {
		all = append(all, Named{fmt.Sprint("step-", i+1), [][]float32{b.Steps[i].Samples()}})
	}
	for _, l := range [...]struct {
		name string
		Loop
	}{{"murmur", b.Murmur}, {"wind", b.Wind}, {"crickets", b.Crickets}} {
		all = append(all, Named{l.name, [][]float32{l.Left, l.Right}})
	}
	return all
}
