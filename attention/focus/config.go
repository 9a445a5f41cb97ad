package focus

import (
	"math"

	"souk/world"
)

const degree = math.Pi / 180

// SourceConfig is how well one kind of source tells where attention is.
type SourceConfig struct {
	// S is the standard deviation of the angle between what is measured and
	// what is attended, per axis: bias and noise together, radians.
	S float64
	// Looks is how many independent measurements one fixation can amount to:
	// noise averages out over it, bias does not, so a source whose error is
	// mostly bias has few. At least 1.
	Looks float64
}

// Config says how the tracker judges. Times in seconds, angles in radians. A
// field that is zero or out of its range takes the default's value.
type Config struct {
	Eye, Head, ViewCentre, Pointer, Simulated SourceConfig

	// Memory is the time over which evidence within a fixation is averaged.
	Memory float64
	// LookTime is the time after which another sample counts as another look.
	LookTime float64
	// Nothing is how many S beside a silhouette gaze must be for "nothing" to
	// explain it as well as the item does.
	Nothing float64
	// NothingPrior is the prior odds of "nothing" against one unhidden item.
	NothingPrior float64
	// Sticky is the prior odds of the item of the last focus against another.
	Sticky float64
	// Centre is how much likelier a look at an item's middle is than one at its
	// edge, as a log-likelihood: it decides between overlapping silhouettes.
	Centre float64
	// Certain is the least posterior probability for an item to be the focus.
	Certain float64
	// Hold is how long the focus outlives its fixation: through a saccade or a blink.
	Hold float64

	MinVisit float64 // least dwell of a visit
	Aside    float64 // a look aside shorter than this does not end a visit
	MaxVisit float64 // dwell beyond this is not counted: nobody looks so long
	Leave    float64 // an item out of view for longer than this has left
	MinPass  float64 // least time in view for an item to count as passed
	MaxStep  float64 // longest time that one step may account for
}

// DefaultConfig is what Souk uses: the errors of the sources from the
// literature (Feit et al. 2017 for eyes; a head points where its eyes look
// within some 4°; the middle of a mouse-look view within 2.5°), visits from
// 100 ms on, looks aside up to 300 ms, evidence over 0.4 s.
func DefaultConfig() Config {
	return Config{
		Eye:        SourceConfig{S: 1 * degree, Looks: 4},
		Head:       SourceConfig{S: 4 * degree, Looks: 1.5},
		ViewCentre: SourceConfig{S: 2.5 * degree, Looks: 1.5},
		Pointer:    SourceConfig{S: 1 * degree, Looks: 2},
		Simulated:  SourceConfig{S: 1.5 * degree, Looks: 4},
		Memory:     0.4, LookTime: 0.1,
		Nothing: 2, NothingPrior: 0.5, Sticky: 3, Centre: 0.25, Certain: 0.5, Hold: 0.1,
		MinVisit: 0.1, Aside: 0.3, MaxVisit: 30, Leave: 1, MinPass: 0.5, MaxStep: 0.25,
	}
}

// withDefaults fills in what is zero or makes no sense.
func (c Config) withDefaults() Config {
	d := DefaultConfig()
	fill := func(v *float64, def float64) {
		if !(*v > 0) || math.IsInf(*v, 0) {
			*v = def
		}
	}
	fillSource := func(v *SourceConfig, def SourceConfig) {
		fill(&v.S, def.S)
		fill(&v.Looks, def.Looks)
		v.Looks = max(1, v.Looks)
	}
	fillSource(&c.Eye, d.Eye)
	fillSource(&c.Head, d.Head)
	fillSource(&c.ViewCentre, d.ViewCentre)
	fillSource(&c.Pointer, d.Pointer)
	fillSource(&c.Simulated, d.Simulated)
	fill(&c.Memory, d.Memory)
	fill(&c.LookTime, d.LookTime)
	fill(&c.Nothing, d.Nothing)
	fill(&c.NothingPrior, d.NothingPrior)
	fill(&c.Sticky, d.Sticky)
	fill(&c.Centre, d.Centre)
	fill(&c.Certain, d.Certain)
	fill(&c.Hold, d.Hold)
	fill(&c.MinVisit, d.MinVisit)
	fill(&c.Aside, d.Aside)
	fill(&c.MaxVisit, d.MaxVisit)
	fill(&c.Leave, d.Leave)
	fill(&c.MinPass, d.MinPass)
	fill(&c.MaxStep, d.MaxStep)
	return c
}

// For is the configuration of a source; an unknown one is treated as a head.
func (c Config) For(s world.AttentionSource) SourceConfig {
	switch s {
	case world.SourceEye:
		return c.Eye
	case world.SourceViewCentre:
		return c.ViewCentre
	case world.SourcePointer:
		return c.Pointer
	case world.SourceSimulated:
		return c.Simulated
	}
	return c.Head
}
