package loop

import (
	"context"
	"fmt"

	"souk/attention"
	"souk/attention/train"
	"souk/attention/train/latent"
	"souk/input/shopper"
	"souk/world"
)

// Lesson is how a market learns a model from simulated people of its own.
type Lesson struct {
	Shoppers int
	Minutes  float64
	Seed     uint64 // of the first; see TrainSeeds
	Workers  int
	Shopper  shopper.Config
	Engine   attention.Config
	NoiseDeg float64
	Train    train.Config
	// Done is called after each shopper. May be nil.
	Done func()
}

// Learn sends shoppers through the market under random placement, trains a
// model on the rows of their event log, as a server would have them, and takes it as the market's own.
// It returns what the training found.
func (m *Market) Learn(ctx context.Context, l Lesson) (*train.Report, error) {
	var rows []world.Event
	sim := Simulation{
		Market: m, Shopper: l.Shopper, Engine: EngineFor(l.Engine, l.NoiseDeg), Policy: "random",
		Shoppers: l.Shoppers, Minutes: l.Minutes, Seed: l.Seed, Workers: l.Workers,
		Keep: func(r []world.Event) error { rows = append(rows, r...); return nil },
		Done: func(*Tally) {
			if l.Done != nil {
				l.Done()
			}
		},
	}
	if _, err := sim.Run(ctx); err != nil {
		return nil, fmt.Errorf("simulate %d shoppers to learn from: %w", l.Shoppers, err)
	}
	model, report, err := train.Train(ctx, rows, m.Catalog, l.Train, nil)
	if err != nil {
		return nil, fmt.Errorf("learn from %d shoppers: %w; give more of them, or more minutes", l.Shoppers, err)
	}
	if report.Interrupted {
		return nil, fmt.Errorf("learn from %d shoppers: %w", l.Shoppers, context.Canceled)
	}
	model.Side = latent.Side(model, m.Catalog)
	m.Model, m.Note = model, ""
	m.ModelName = fmt.Sprintf("of %d shoppers, %g minutes each, seeds from %d, random placement, gaze noise %g°", l.Shoppers, l.Minutes, l.Seed, l.NoiseDeg)
	return report, nil
}
