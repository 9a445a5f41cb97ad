package gaze

import (
	"math"

	"souk/world"
)

const degree = math.Pi / 180

// SourceConfig is what is assumed of one kind of source. Angles in radians,
// times in seconds. A zero field takes the default's value for that source.
type SourceConfig struct {
	// Velocity is the threshold of I-VT: faster is a saccade. It is used while
	// the source is quiet enough for it (see Detector).
	Velocity float64
	// Window is the least time over which velocity is measured, and over which
	// Latest is averaged. It grows to two samples where the source is slower.
	Window float64
	// Dispersion is the least distance between the means of two neighbouring
	// fixations where the source is too noisy for Velocity; noise widens it.
	Dispersion float64
	// Noise is the standard deviation of a sample per axis, assumed until
	// enough samples have come to measure it.
	Noise float64
	// MinFixation is the shortest fixation that counts.
	MinFixation float64
	// MaxGap is the longest loss of the signal that is bridged.
	MaxGap float64
	// MergeTime and MergeAngle: two fixations no further apart than both are one.
	MergeTime, MergeAngle float64
}

// Config holds one SourceConfig for each source. The zero value of each field
// means the default of that source.
type Config struct {
	Eye, Head, ViewCentre, Pointer, Simulated SourceConfig
}

// DefaultConfig is what Souk uses.
//
// Eye: the parameters that eye-tracking practice has settled on: 30°/s over at
// least 20 ms, gaps to 75 ms bridged, fixations nearer than 75 ms and 0.5°
// merged, at least 60 ms long (Olsen 2012, "The Tobii I-VT fixation filter";
// Hooge et al. 2022 for the 60 ms); dispersion 1°, the optimum that
// Llanes-Jurado et al. 2020 found in head-mounted displays.
//
// Head and view centre have no saccades: a hand or a neck turns the view, with
// peaks of 30 to 90°/s where eyes reach 300, in samples at the frame rate. Their
// threshold is 20°/s over at least 40 ms, so that a slow sweep along a shelf is
// no fixation while following a thing at a stroll still is one, and 100 ms is
// the least rest. A mouse-look view has no noise; a head tracker has 0.2° or so.
//
// Pointer: a hand that aims corrects itself in small steps; 30°/s over 40 ms.
//
// Simulated: the shopper's eyes, as eye, with noise set by the experiment and
// measured here.
func DefaultConfig() Config {
	eye := SourceConfig{
		Velocity: 30 * degree, Window: 0.020, Dispersion: 1 * degree, Noise: 0.3 * degree,
		MinFixation: 0.060, MaxGap: 0.075, MergeTime: 0.075, MergeAngle: 0.5 * degree,
	}
	view := SourceConfig{
		Velocity: 20 * degree, Window: 0.040, Dispersion: 2 * degree, Noise: 0.02 * degree,
		MinFixation: 0.100, MaxGap: 0.150, MergeTime: 0.075, MergeAngle: 1 * degree,
	}
	head, pointer, simulated := view, view, eye
	head.Noise = 0.2 * degree
	pointer.Velocity = 30 * degree
	simulated.Noise = 1 * degree
	return Config{Eye: eye, Head: head, ViewCentre: view, Pointer: pointer, Simulated: simulated}
}

// For is the configuration of a source, with the defaults filled in. An
// unknown source is treated as an eye.
func (c Config) For(s world.AttentionSource) SourceConfig {
	d := DefaultConfig()
	got, def := c.Eye, d.Eye
	switch s {
	case world.SourceHead:
		got, def = c.Head, d.Head
	case world.SourceViewCentre:
		got, def = c.ViewCentre, d.ViewCentre
	case world.SourcePointer:
		got, def = c.Pointer, d.Pointer
	case world.SourceSimulated:
		got, def = c.Simulated, d.Simulated
	}
	fill := func(v *float64, d float64) {
		if !(*v > 0) || math.IsInf(*v, 0) {
			*v = d
		}
	}
	fill(&got.Velocity, def.Velocity)
	fill(&got.Window, def.Window)
	fill(&got.Dispersion, def.Dispersion)
	fill(&got.Noise, def.Noise)
	fill(&got.MinFixation, def.MinFixation)
	fill(&got.MaxGap, def.MaxGap)
	fill(&got.MergeTime, def.MergeTime)
	fill(&got.MergeAngle, def.MergeAngle)
	return got
}
