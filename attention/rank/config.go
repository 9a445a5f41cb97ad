package rank

import (
	"fmt"
	"math"
)

// Config holds the ranker's settings. The zero value is not usable: start from
// [DefaultConfig].
type Config struct {
	// HalfLife is how much newer confidence halves the weight of older
	// evidence, > 0, in units of confidence: a glance ages the past a little,
	// a purchase a lot, and time alone not at all. +Inf never forgets.
	HalfLife float64
	// PriorWeight is what the most popular item scores for an unknown visitor,
	// ≥ 0; the least popular one scores 0.
	PriorWeight float64
	// PriorFade is the positive evidence, in units of confidence, at which the
	// popularity prior has half its weight left, > 0.
	PriorFade float64
	// Thompson is the part of a proposal drawn from the posterior, in [0,1].
	Thompson float64
	// Uniform is the part of a proposal drawn from all items alike, in [0,1];
	// it gives every item a propensity above 0. Thompson + Uniform ≤ 1.
	Uniform float64
	// Noise is the standard deviation of one unit of confidence, the scale of
	// the posterior (s in u + s·L⁻ᵀz), ≥ 0.
	Noise float64
	// Draws is how many posterior draws a proposal averages over, in [1,1024].
	Draws int
	// Pool is how many of the best items Thompson sampling chooses among, ≥ 1.
	Pool int
	// Rest is how long an item that was looked at or opened is not proposed
	// again, seconds on the session's clock, ≥ 0: it has been seen. It stays in the ranking.
	Rest float64
	// Bought is how long a bought item stays out of ranking and proposals,
	// seconds, ≥ 0.
	Bought float64
	// Bits is with how many bits a number the scan of all items makes do, 8 or 4.
	Bits int
	// Axes is how many principal axes of the factors the scan looks at, in
	// [0,MaxDim]; 0, or as many as there are dimensions: all.
	Axes int
	// Rescore is how many of the best of the scan are scored again in full, ≥ 1:
	// the ranking is exact among them, and they are what a reranker sees.
	Rescore int
	// Adapter is how many numbers of its own a visitor has beside the taste
	// vector, in [0,64]; 0: none. It needs the catalogue's content.
	Adapter int
	// Side says whether a model's side information has a part; see [Side].
	Side bool
	// Itself is the confidence, ≥ 0, at which what was said of an item itself counts as much for its score as what its factors
	// say; 0: an item is known by its factors alone. It has a part where the model has expectations.
	Itself float64
	// Habits is how far a visitor's looks and openings may come to count more or
	// less than the population's, as a factor ≥ 1; 1: not at all.
	Habits float64
	// Memory is how many signals are kept one by one, in [1,65536]. Older ones
	// are summed: they still count, and are explained together.
	Memory int
}

// DefaultConfig is the setting that Souk ships.
func DefaultConfig() Config {
	return Config{
		HalfLife:    80,
		PriorWeight: 0.3,
		PriorFade:   16,
		Thompson:    0.08,
		Uniform:     0.02,
		Noise:       0.3,
		Draws:       32,
		Pool:        512,
		Rest:        60,
		Bought:      3600,
		Bits:        8,
		Rescore:     200,
		Side:        true,
		Itself:      1.5,
		Habits:      1,
		Memory:      512,
	}
}

// Check says which setting is out of range; nil if none is.
func (c Config) Check() error {
	for _, f := range []struct {
		name      string
		v, lo, hi float64
		open      bool // lo itself is out of range
	}{
		{"HalfLife", c.HalfLife, 0, math.Inf(1), true},
		{"PriorWeight", c.PriorWeight, 0, 1e6, false},
		{"PriorFade", c.PriorFade, 0, 1e9, true},
		{"Thompson", c.Thompson, 0, 1, false},
		{"Uniform", c.Uniform, 0, 1, false},
		{"Thompson + Uniform", c.Thompson + c.Uniform, 0, 1, false},
		{"Noise", c.Noise, 0, 1e6, false},
		{"Draws", float64(c.Draws), 1, 1024, false},
		{"Pool", float64(c.Pool), 1, 1 << 20, false},
		{"Rest", c.Rest, 0, math.Inf(1), false},
		{"Bought", c.Bought, 0, math.Inf(1), false},
		{"Bits", float64(c.Bits), 4, 8, false},
		{"Axes", float64(c.Axes), 0, MaxDim, false},
		{"Rescore", float64(c.Rescore), 1, 1 << 20, false},
		{"Adapter", float64(c.Adapter), 0, 64, false},
		{"Itself", c.Itself, 0, 1e9, false},
		{"Habits", c.Habits, 1, 100, false},
		{"Memory", float64(c.Memory), 1, 65536, false},
	} {
		if !(f.v >= f.lo && f.v <= f.hi) || f.open && f.v == f.lo {
			return fmt.Errorf("rank config: %s is %v, must be within %v and %v", f.name, f.v, f.lo, f.hi)
		}
	}
	if c.Bits != 4 && c.Bits != 8 {
		return fmt.Errorf("rank config: Bits is %d, must be 4 or 8", c.Bits)
	}
	return nil
}
