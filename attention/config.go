package attention

import (
	"fmt"
	"math"

	"souk/attention/focus"
	"souk/attention/gaze"
	"souk/attention/place"
	"souk/attention/signal"
)

// Config is how the engine judges. Use [DefaultConfig] and change what is to
// differ. It is plain numbers, so that a recording can keep it as JSON.
type Config struct {
	Gaze   gaze.Config
	Focus  focus.Config
	Signal signal.Weights
	Place  place.Config
	// RankEvery is the least time between two rankings, seconds, ≥ 0; without
	// new evidence there is none at all.
	RankEvery float64
	// Top is how many of the ranking a Decision holds, ≥ 1.
	Top int
	// Milestones are the lengths of a visit, seconds, at which it counts for
	// what it has come to while it still goes on; rising, above 0.
	Milestones [3]float64
}

// DefaultConfig is what Souk uses: a ranking every quarter of a second at
// most, evidence at 0.7, 1.5 and 3 s of a look.
func DefaultConfig() Config {
	return Config{
		Gaze: gaze.DefaultConfig(), Focus: focus.DefaultConfig(), Signal: signal.DefaultWeights(), Place: place.DefaultConfig(),
		RankEvery: 0.25, Top: 20, Milestones: [3]float64{0.7, 1.5, 3},
	}
}

// Check returns an error that names the first field out of its range, or nil.
// The fields of Gaze and Focus have no wrong values: they fall back to their defaults.
func (c Config) Check() error {
	if !(c.RankEvery >= 0) || math.IsInf(c.RankEvery, 0) {
		return fmt.Errorf("attention config: RankEvery is %v: give a number of seconds of at least 0", c.RankEvery)
	}
	if c.Top < 1 {
		return fmt.Errorf("attention config: Top is %d: give a number of items of at least 1", c.Top)
	}
	before := 0.0
	for i, m := range c.Milestones {
		if !(m > before) || math.IsInf(m, 0) {
			return fmt.Errorf("attention config: Milestones[%d] is %v after %v: give seconds above 0 that rise", i, m, before)
		}
		before = m
	}
	if err := c.Signal.Check(); err != nil {
		return fmt.Errorf("attention config: %w", err)
	}
	if err := c.Place.Check(); err != nil {
		return fmt.Errorf("attention config: %w", err)
	}
	return nil
}
