package loop

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"souk/attention"
	"souk/input/shopper"
	"souk/world"
)

// Simulation sends many shoppers through a market under one policy and keeps
// the rows of their event log: data to train on, recordings, or a load.
type Simulation struct {
	Market   *Market
	Shopper  shopper.Config
	Engine   attention.Config
	Policy   string
	Shoppers int
	Minutes  float64
	Seed     uint64 // of the first shopper
	Epoch    float64
	Workers  int
	// Events receives the rows, in the order of shoppers; nil: none are kept.
	Events *EventFile
	// Keep receives the rows of each session in the order of shoppers; nil: none
	// are passed. An error ends the simulation.
	Keep func([]world.Event) error
	// Record names the recording of the i-th shopper; nil: nothing is recorded.
	Record func(i int) string
	// Done is called after each session, in the order of shoppers. May be nil.
	Done func(*Tally)
}

// Summary is what a simulation came to.
type Summary struct {
	Sessions                        int
	Seconds, Dwell                  float64
	Visits, Opens, Likes, Purchases int
	FocusPrecision                  float64
}

// Per is a count per session.
func (s *Summary) Per(n int) float64 { return float64(n) / max(1, float64(s.Sessions)) }

// batch is how many sessions are under way before their rows are written: it
// bounds the memory and what an interrupt loses.
const batch = 16

// Run walks all sessions. Interrupted, it returns the context's error beside
// the summary of the sessions that were finished, whose rows are written.
func (s *Simulation) Run(ctx context.Context) (*Summary, error) {
	crowd := shopper.NewCrowd(s.Shopper, s.Market.Plan)
	sum := &Summary{}
	var named, right int
	for first := 0; first < s.Shoppers; first += batch {
		n := min(batch, s.Shoppers-first)
		tallies := make([]*Tally, n)
		rows := make([][]world.Event, n)
		g, gctx := errgroup.WithContext(ctx)
		g.SetLimit(max(1, s.Workers))
		for i := range n {
			g.Go(func() error {
				w := s.walk(first+i, crowd)
				if s.Events != nil || s.Keep != nil {
					w.Rows = func(r []world.Event) error { rows[i] = append(rows[i], r...); return nil }
				}
				y, err := w.Go(gctx)
				if err == nil {
					tallies[i] = y
				}
				return err
			})
		}
		err := g.Wait()
		for i, y := range tallies {
			if y == nil {
				continue
			}
			if err2 := s.keep(rows[i]); err2 != nil {
				return sum, err2
			}
			sum.Sessions++
			sum.Seconds += y.Seconds
			sum.Dwell += y.Dwell
			sum.Opens += y.Acts[world.EventOpen]
			sum.Likes += y.Acts[world.EventLike]
			sum.Purchases += y.Purchases
			sum.Visits += y.Visits
			named, right = named+y.Named, right+y.NamedRight
			if s.Done != nil {
				s.Done(y)
			}
		}
		sum.FocusPrecision = float64(right) / max(1, float64(named))
		if err != nil {
			return sum, err
		}
	}
	return sum, nil
}

func (s *Simulation) walk(i int, crowd *shopper.Crowd) *Walk {
	seed := s.Seed + uint64(i)
	w := &Walk{
		Market: s.Market, Crowd: crowd, Policy: s.Policy, Seed: seed, Minutes: s.Minutes, Engine: s.Engine,
		Visitor: fmt.Sprintf("shopper-%d", seed), Session: fmt.Sprintf("session-%d", seed),
		// Sessions follow one another a minute apart, as if through one door.
		Epoch: s.Epoch + 60*float64(i),
	}
	if s.Record != nil {
		w.Record = s.Record(i)
	}
	return w
}

func (s *Simulation) keep(rows []world.Event) error {
	rows = slices.Clip(rows)
	if s.Events != nil {
		if err := s.Events.Write(rows); err != nil {
			return err
		}
	}
	if s.Keep != nil {
		return s.Keep(rows)
	}
	return nil
}
