// Package shopper is the simulated shopper: a person with a latent taste, eyes
// that fixate and jump, and legs. Tests, the laboratory and a market without a
// display are driven by it in the place of a person.
//
// It is made apart from the ranker on purpose. Its taste is a product of curves over attributes,
// price and novelty that drifts; it knows nothing of factors, signals or
// placement, and learns of an item only by having it in view. What the ranker may see of it is what it
// would see of a person: samples of a noisy gaze, the pose of the head, and deeds.
// docs/loop.md describes the model and its limits.
//
// Read [Shopper.Step] first, then [Crowd].
package shopper

import (
	"math"
	"math/rand/v2"

	"souk/input"
	"souk/world"
	"souk/world/plan"
)

// Config says what people are like and how well they are measured. The zero
// value of a field means its default, except for Noise, where 0 is a perfect tracker.
type Config struct {
	// Population seeds the tastes that the people of a market share in (default 1).
	// Shoppers of different seeds in one population differ as people do; two
	// populations have nothing in common.
	Population uint64
	// Tastes is how many basic tastes the population has (default 6).
	Tastes int
	// Individual is the part of a person's preferences that is no one else's,
	// as a share of variance in [0,1] (default 0.25; negative: none).
	Individual float64
	// Drift is how fast preferences wander: the standard deviation of the change
	// in a preference (itself of unit variance) in ten minutes (default 0.25; negative: none).
	Drift float64
	// Noise is the root mean square error of the gaze in total, radians (0: a
	// perfect tracker). See tracker for its parts.
	Noise float64
	// Rate is how many samples the eyes are measured at per second (default 60).
	Rate float64
	// Loss is the share of samples lost besides blinks, in [0,1) (default 0.01; negative: none).
	Loss float64
}

func (c Config) withDefaults() Config {
	def := func(v *float64, d float64) {
		if *v == 0 {
			*v = d
		}
		*v = max(0, *v)
	}
	if c.Population == 0 {
		c.Population = 1
	}
	if c.Tastes <= 0 {
		c.Tastes = 6
	}
	def(&c.Individual, 0.25)
	def(&c.Drift, 0.25)
	def(&c.Rate, 60)
	def(&c.Loss, 0.01)
	c.Individual = min(1, c.Individual)
	c.Noise = max(0, c.Noise)
	return c
}

// DefaultConfig is the population of the demo, measured by a tracker of 1.5°.
func DefaultConfig() Config {
	return Config{Noise: 1.5 * math.Pi / 180}.withDefaults()
}

// Act is something that the shopper does on purpose to an item.
type Act struct {
	Kind world.EventKind
	Item world.ItemIndex
}

// Shopper is one simulated person in one market. It is not safe for concurrent use.
type Shopper struct {
	cfg   Config
	crowd *Crowd
	plan  *plan.Plan

	taste taste
	eyes  eyes
	legs  legs
	hands hands
	track tracker

	// Chance, in separate streams, so that what a person likes does not hang on
	// what happened to be seen, and the same person can be sent through
	// another placement.
	choice *rand.Rand

	now     float64
	started bool
	samples []input.Sample
	acts    []Act
}

// New makes the shopper of the seed in a market. The same configuration, plan
// and seed make the same person, who does the same things where the same things
// are in view. Where many are made for one market, use [NewCrowd].
func New(cfg Config, p *plan.Plan, seed uint64) *Shopper {
	return NewCrowd(cfg, p).Shopper(seed)
}

// Streams of chance, as the second word of their generators' seeds.
const (
	streamTaste = 0x7461737465 + iota
	streamDrift
	streamChoice
	streamTracker
	streamLegs
)

// Shopper makes the person of the seed.
func (c *Crowd) Shopper(seed uint64) *Shopper {
	s := &Shopper{
		cfg: c.cfg, crowd: c, plan: c.plan,
		choice: rand.New(rand.NewPCG(seed, streamChoice)),
	}
	s.taste.init(c, rand.New(rand.NewPCG(seed, streamTaste)), rand.New(rand.NewPCG(seed, streamDrift)))
	s.track.init(c.cfg, rand.New(rand.NewPCG(seed, streamTracker)))
	s.eyes.init(s.choice, len(c.items))
	s.hands.init(c, s.choice, &s.taste)
	s.legs.init(rand.New(rand.NewPCG(seed, streamLegs)))
	s.samples = make([]input.Sample, 0, 64)
	s.acts = make([]Act, 0, 8)
	return s
}

// Step lives through dt seconds up to t, with the head where it is at t, the
// views that it has from there (they may be a few frames old) and what stands in
// each slot. It returns how the body wants to move next, what the tracker
// measured in the meantime, and what was done. The slices are valid until the
// next call. It allocates nothing in steady state.
//
// The caller moves the head by the motion (through plan.Plan.Move) and passes the new pose in the next call.
func (s *Shopper) Step(t, dt float64, head world.Pose, views []plan.View, holding []world.ItemIndex) (input.Motion, []input.Sample, []Act) {
	s.samples, s.acts = s.samples[:0], s.acts[:0]
	if dt <= 0 {
		return input.Motion{}, s.samples, s.acts
	}
	if !s.started {
		s.started = true
		s.now = t - dt
		s.eyes.start(s.now, head)
		s.track.start(s.now)
	}
	s.taste.driftTo(t)
	for s.track.next <= t {
		at := s.track.next
		s.lookUntil(at, head, views, holding)
		s.samples = append(s.samples, s.track.measure(at, head, s.eyes.dir))
	}
	s.lookUntil(t, head, views, holding)
	m := s.walk(t, dt, head)
	s.now = t
	return m, s.samples, s.acts
}

// Looking is the truth about what the eyes rest on now: the item, where it
// stands, and how long this visit to it has lasted (seconds). ok is false while they
// jump or rest on no item. For evaluation only: nothing that learns may call it.
func (s *Shopper) Looking() (item world.ItemIndex, slot world.SlotIndex, dwell float64, ok bool) {
	e := &s.eyes
	return e.item, e.slot, e.visit, e.item != world.NoItem && e.phase == resting
}

// Gaze is the true direction of the eyes, a unit vector in the world frame. For evaluation only.
func (s *Shopper) Gaze() (x, y, z float64) { return s.eyes.dir.X, s.eyes.dir.Y, s.eyes.dir.Z }

// Utility is the truth about how much the shopper would like the item now, in
// [0,1], novelty included. For evaluation only: nothing that learns may call it.
func (s *Shopper) Utility(item world.ItemIndex) float64 { return s.taste.felt(item, s.now) }

// Taste is Utility without novelty: what an item is to this person before it
// has been seen too often, in [0,1]. For evaluation only.
func (s *Shopper) Taste(item world.ItemIndex) float64 { return float64(s.taste.base[item]) }

// Relevant says whether the item is among the 5 % of the catalogue that the
// shopper likes best now, novelty left aside: an item does not become irrelevant by
// having been looked at. It changes with the drift of the taste. For evaluation only.
func (s *Shopper) Relevant(item world.ItemIndex) bool { return s.taste.base[item] >= s.taste.cut }

// GazeGain is how much more this person looks at what is liked: the slope of
// log dwell over utility. It is near nought, or below, for some. For evaluation only.
func (s *Shopper) GazeGain() float64 { return s.eyes.gain }
