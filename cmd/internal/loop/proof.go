package loop

import (
	"context"
	"fmt"
	"math"

	"golang.org/x/sync/errgroup"

	"souk/attention"
	"souk/input/shopper"
)

// Seeds of shoppers. People who are judged upon and people who are learned from must
// not be the same, so each use has a range of its own.
const (
	// ProofSeeds is the first seed of the shoppers of the proof; the proof refuses to reach DemoSeeds.
	ProofSeeds uint64 = 1
	// DemoSeeds is where the simulated people begin that the demo model learned
	// from, and the default of souklab simulate.
	DemoSeeds uint64 = 1_000_000
	// TrainSeeds is where the people begin from whom souklab loop trains a model of its own.
	TrainSeeds uint64 = 2_000_000
)

// Proof sends the same shoppers through the same market once per policy and per level
// of gaze noise, each unknown at first, and compares.
type Proof struct {
	Market   *Market
	Shopper  shopper.Config
	Engine   attention.Config
	Policies []string
	// Noise levels, degrees.
	Noise    []float64
	Shoppers int
	Minutes  float64
	Seed     uint64 // of the first shopper
	Workers  int    // sessions at a time (0: 1); the results do not hang on it
	// Done is called after each session, from any goroutine. May be nil.
	Done func(seconds float64)
}

// Metric is a figure of the proof.
type Metric struct {
	Key, Name, Unit string
	// Outcome: more of it is the aim, and policies are compared by it. The
	// others say how it came about.
	Outcome bool
	of      func(*Tally) Ratio
}

// Metrics lists the figures in the order in which they are printed.
func Metrics() []Metric {
	minutes := func(y *Tally) float64 { return y.Seconds / 60 }
	sum := func(v []int, from, to int) float64 {
		n := 0
		for i := from; i < min(to, len(v)); i++ {
			n += v[i]
		}
		return float64(n)
	}
	return []Metric{
		{"attention", "attention on relevant items", "share", true, func(y *Tally) Ratio { return Ratio{y.DwellRelevant, y.Dwell} }},
		{"measured", "… as the engine measured it", "share", true, func(y *Tally) Ratio { return Ratio{y.MeasuredRelevant, y.Measured} }},
		{"exposure", "exposure to relevant items", "sr·s/min", true, func(y *Tally) Ratio { return Ratio{y.ExposureRelevant, minutes(y)} }},
		{"pedestal-exposure", "… on pedestals", "sr·s/min", true, func(y *Tally) Ratio { return Ratio{y.ExposurePedestalRelevant, minutes(y)} }},
		{"pedestal-items", "relevant items met on pedestals", "1/min", true, func(y *Tally) Ratio { return Ratio{float64(y.SeenOnPedestalRelevant), minutes(y)} }},
		{"pedestal-share", "pedestals' exposure on relevant", "share", true, func(y *Tally) Ratio { return Ratio{y.ExposurePedestalRelevant, y.ExposurePedestal} }},
		{"purchases-relevant", "purchases of relevant items", "share", true, func(y *Tally) Ratio { return Ratio{float64(y.PurchasesRelevant), float64(y.Purchases)} }},
		{"purchases", "purchases", "1/min", true, func(y *Tally) Ratio { return Ratio{float64(y.Purchases), minutes(y)} }},
		{"pedestal-dwell", "attention on relevant, on pedestals", "share of all", true, func(y *Tally) Ratio { return Ratio{y.DwellPedestalRelevant, y.Dwell} }},
		{"pedestal-attention", "attention on pedestals", "share", false, func(y *Tally) Ratio { return Ratio{y.DwellPedestal, y.Dwell} }},
		{"pedestal-view", "exposure on pedestals", "share", false, func(y *Tally) Ratio { return Ratio{y.ExposurePedestal, y.Exposure} }},
		{"pedestal-empty", "pedestals in view that are empty", "share", false, func(y *Tally) Ratio { return Ratio{y.EmptyPedestal, y.ExposurePedestal + y.EmptyPedestal} }},
		{"ranked-early", "top 20 is relevant, minutes 0–2", "share", true, func(y *Tally) Ratio { return Ratio{float64(y.RankedRelevant[0]), float64(y.Ranked[0])} }},
		{"ranked-later", "top 20 is relevant, later", "share", true, func(y *Tally) Ratio { return Ratio{float64(y.RankedRelevant[1]), float64(y.Ranked[1])} }},
		{"placed-early", "placed is relevant, minutes 0–2", "share", true, func(y *Tally) Ratio { return Ratio{sum(y.PlacedRelevant, 0, 2), sum(y.Placed, 0, 2)} }},
		{"placed-later", "placed is relevant, later", "share", true, func(y *Tally) Ratio {
			return Ratio{sum(y.PlacedRelevant, 2, 1<<20), sum(y.Placed, 2, 1<<20)}
		}},
	}
}

// Figure is a metric of one policy.
type Figure struct {
	Key      string
	Estimate Estimate
	// Ahead holds the paired differences ranker − policy; absent for the ranker itself.
	Ahead *Estimate `json:",omitempty"`
}

// Condition is one policy at one level of noise.
type Condition struct {
	Policy   string
	NoiseDeg float64
	Figures  []Figure
	// GiniAll and GiniPedestal are of the exposure of sellers, all shoppers summed.
	GiniAll, GiniPedestal float64
	// Curve is the share of pedestal exposure on relevant items by the minute.
	Curve []Estimate
	// Knowing is how well the ranking knows a stranger after so many events, and EventsTo how many it
	// takes until its NDCG is a share of the oracle's; 0 where that is not reached.
	Knowing  []Knowing
	EventsTo []EventsTo
	// Placements and purchases per session, and how often the engine's focus was right
	// when it named an item, and how much of true looking it named.
	PlacementsPerSession, PurchasesPerSession float64
	FocusPrecision, FocusRecall               float64

	Tallies []*Tally `json:"-"`
}

// Verdict says whether the ranker is ahead of another policy in a figure:
// the intervals of the two do not overlap.
type Verdict struct {
	NoiseDeg    float64
	Key, Versus string
	Ahead       bool
}

// Report is the outcome of a proof.
type Report struct {
	Catalogue, Model, Trained string
	Shoppers                  int
	Minutes                   float64
	Seed                      uint64
	Conditions                []Condition
	Verdicts                  []Verdict
}

// Run walks all sessions and reports. Cancelled, it returns the context's error.
func (p *Proof) Run(ctx context.Context) (*Report, error) {
	if p.Seed+uint64(p.Shoppers) > DemoSeeds && p.Seed < TrainSeeds*2 {
		return nil, fmt.Errorf("shoppers %d to %d overlap those that models are trained on (from %d): use a seed below %d", p.Seed, p.Seed+uint64(p.Shoppers)-1, DemoSeeds, DemoSeeds-uint64(p.Shoppers))
	}
	conditions := make([]Condition, 0, len(p.Noise)*len(p.Policies))
	for _, deg := range p.Noise {
		for _, policy := range p.Policies {
			conditions = append(conditions, Condition{Policy: policy, NoiseDeg: deg, Tallies: make([]*Tally, p.Shoppers)})
		}
	}
	crowds := make([]*shopper.Crowd, len(p.Noise))
	for i, deg := range p.Noise {
		cfg := p.Shopper
		cfg.Noise = deg * math.Pi / 180
		crowds[i] = shopper.NewCrowd(cfg, p.Market.Plan)
	}
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(max(1, p.Workers))
	for c := range conditions {
		for i := range p.Shoppers {
			g.Go(func() error {
				w := Walk{
					Market: p.Market, Crowd: crowds[c/len(p.Policies)], Policy: conditions[c].Policy,
					Seed: p.Seed + uint64(i), Minutes: p.Minutes,
					Engine: EngineFor(p.Engine, conditions[c].NoiseDeg),
				}
				y, err := w.Go(gctx)
				if err != nil {
					return err
				}
				conditions[c].Tallies[i] = y
				if p.Done != nil {
					p.Done(y.Seconds)
				}
				return nil
			})
		}
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	for c := range conditions {
		conditions[c].sum(p.Market, p.Seed)
	}
	r := &Report{
		Catalogue: p.Market.Catalog.Name, Shoppers: p.Shoppers, Minutes: p.Minutes, Seed: p.Seed,
		Conditions: conditions,
	}
	if m := p.Market.Model; m != nil {
		r.Model, r.Trained = p.Market.ModelName, m.Trained
	}
	r.compare(p.Seed)
	return r, nil
}

func (c *Condition) sum(m *Market, seed uint64) {
	for _, metric := range Metrics() {
		c.Figures = append(c.Figures, Figure{Key: metric.Key, Estimate: Share(ratios(c.Tallies, metric.of), seed)})
	}
	all, ped := make([]float64, len(m.Catalog.Sellers)), make([]float64, len(m.Catalog.Sellers))
	var named, right, looked, placed, bought float64
	for _, y := range c.Tallies {
		for s := range all {
			all[s] += y.SellerExposure[s]
			ped[s] += y.SellerPedestal[s]
		}
		named, right, looked = named+float64(y.Named), right+float64(y.NamedRight), looked+float64(y.Looked)
		for _, n := range y.Placed {
			placed += float64(n)
		}
		bought += float64(y.Purchases)
	}
	c.GiniAll, c.GiniPedestal = Gini(all), Gini(ped)
	c.Knowing = knowingOf(c.Tallies, seed)
	for _, share := range knowingShares {
		c.EventsTo = append(c.EventsTo, EventsTo{share, eventsTo(c.Tallies, share)})
	}
	n := float64(max(1, len(c.Tallies)))
	c.PlacementsPerSession, c.PurchasesPerSession = placed/n, bought/n
	c.FocusPrecision, c.FocusRecall = right/max(1, named), right/max(1, looked)
	if len(c.Tallies) == 0 {
		return
	}
	for minute := range int(math.Ceil(c.Tallies[0].Seconds / 60)) {
		c.Curve = append(c.Curve, Share(ratios(c.Tallies, func(y *Tally) Ratio {
			return Ratio{y.CurveRelevant[minute], y.CurveExposure[minute]}
		}), seed))
	}
}

func ratios(t []*Tally, of func(*Tally) Ratio) []Ratio {
	r := make([]Ratio, len(t))
	for i, y := range t {
		r[i] = of(y)
	}
	return r
}

// compare sets the ranker against the other policies.
func (r *Report) compare(seed uint64) {
	for i := range r.Conditions {
		ranker := &r.Conditions[i]
		if ranker.Policy != "ranker" {
			continue
		}
		for j := range r.Conditions {
			other := &r.Conditions[j]
			if other.NoiseDeg != ranker.NoiseDeg || other.Policy == "ranker" {
				continue
			}
			for k, metric := range Metrics() {
				d := Difference(ratios(ranker.Tallies, metric.of), ratios(other.Tallies, metric.of), seed)
				other.Figures[k].Ahead = &d
				a, b := ranker.Figures[k].Estimate, other.Figures[k].Estimate
				if !metric.Outcome || math.IsNaN(a.Value) || math.IsNaN(b.Value) {
					continue
				}
				r.Verdicts = append(r.Verdicts, Verdict{NoiseDeg: ranker.NoiseDeg, Key: metric.Key, Versus: other.Policy, Ahead: a.Low > b.High})
			}
		}
	}
}
