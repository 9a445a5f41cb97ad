package place

import (
	"fmt"
	"math"
)

// Config says how bold the placement may be. Use [DefaultConfig] and change
// what is to differ; [Config.Check] says what is out of range.
type Config struct {
	// PerMinute is the most that the swaps of any 60 s may cost, ≥ 0. A swap
	// costs 1; one that nobody can see (see QuietCost) costs less. 0 places nothing.
	PerMinute int32
	// QuietCost is what it costs to fill an empty pedestal out of view, or to
	// empty one there, in [0,1]: it does not startle, but it does change the scene.
	QuietCost float64
	// Reserve is the part of the budget, in [0,1], that only empty pedestals and
	// discarded items may draw on: an empty pedestal is a greater loss than a good item
	// that could be a better one.
	Reserve float64
	// MinAngle is how far from the gaze the edge of a silhouette must be for
	// its slot to swap, radians, in [0, π].
	MinAngle float64
	// Rest is how long a slot stays as it is after a swap, seconds, ≥ 0.
	Rest float64
	// Linger is how long a slot stays as it is after it was looked at, seconds, ≥ 0.
	Linger float64
	// Every is the least time between two calls of the policy's Propose, seconds, ≥ 0.
	Every float64
	// Candidates is how many the policy is asked for, > 0.
	Candidates int
	// Reach is how far away a pedestal may be that is prepared before it is
	// in view, metres, ≥ 0.
	Reach float64
	// HalfRank is the place in the policy's draw at which a candidate is worth
	// half of the first, > 0. Relevance goes by place and not by score, so
	// that policies with different scales of score are treated alike.
	HalfRank float64
	// Relevance is λ of maximal marginal relevance, in [0,1]: 1 ranks by
	// relevance alone, 0 by difference alone.
	Relevance float64
	// SellerCap is the most pedestals within reach that one seller may have, > 0.
	SellerCap int
	// ShelfDistance is how near to its own shelf an item is not placed, metres, ≥ 0:
	// it is there already.
	ShelfDistance float64
	// MinGain is the least gain in marginal relevance, in [0,1], for which an
	// item gives way to another; twice that while it is in view.
	MinGain float64
	// HalfLife is how long it takes until a standing item that the policy no
	// longer draws counts half, seconds, > 0.
	HalfLife float64
}

// DefaultConfig is 20 swaps a minute, 15° from the gaze, 5 s of rest.
//
// The 15° and 5 s are requirements of the market; the other numbers are
// choices, to be set by experiment.
func DefaultConfig() Config {
	return Config{
		PerMinute:     20,
		QuietCost:     0.25,
		Reserve:       0.25,
		MinAngle:      15 * math.Pi / 180,
		Rest:          5,
		Linger:        4,
		Every:         0.5,
		Candidates:    24,
		Reach:         15,
		HalfRank:      5,
		Relevance:     0.5,
		SellerCap:     2,
		ShelfDistance: 5,
		MinGain:       0.09,
		HalfLife:      20,
	}
}

// Check returns an error that names the first field out of its range, or nil.
func (c Config) Check() error {
	for _, f := range []struct {
		name     string
		v        float64
		min, max float64
	}{
		{"PerMinute", float64(c.PerMinute), 0, 10000},
		{"QuietCost", c.QuietCost, 0, 1},
		{"Reserve", c.Reserve, 0, 1},
		{"MinAngle", c.MinAngle, 0, math.Pi},
		{"Rest", c.Rest, 0, math.MaxFloat64},
		{"Linger", c.Linger, 0, math.MaxFloat64},
		{"Every", c.Every, 0, math.MaxFloat64},
		{"Candidates", float64(c.Candidates), 1, 4096},
		{"Reach", c.Reach, 0, math.MaxFloat64},
		{"HalfRank", c.HalfRank, math.SmallestNonzeroFloat64, math.MaxFloat64},
		{"Relevance", c.Relevance, 0, 1},
		{"SellerCap", float64(c.SellerCap), 1, math.MaxInt32},
		{"ShelfDistance", c.ShelfDistance, 0, math.MaxFloat64},
		{"MinGain", c.MinGain, 0, 1},
		{"HalfLife", c.HalfLife, math.SmallestNonzeroFloat64, math.MaxFloat64},
	} {
		if !(f.v >= f.min && f.v <= f.max) { // also refuses NaN
			return fmt.Errorf("placement config: %s is %v; it must be between %v and %v", f.name, f.v, f.min, f.max)
		}
	}
	return nil
}
