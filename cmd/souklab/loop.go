package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"souk/attention"
	"souk/attention/train"
	"souk/cmd/internal/loop"
	"souk/input/shopper"
)

// loopCmd is the proof that the loop works: the same shoppers with the
// pedestals filled by the ranker, by popularity, at random and not at all.
type loopCmd struct {
	Shoppers      int       `help:"How many shoppers, each unknown at first." default:"100"`
	Minutes       float64   `help:"How long each stays, minutes." default:"8"`
	Noise         []float64 `help:"Errors of the gaze to try, degrees." default:"0.5,1.5,3"`
	Policies      []string  `help:"Whom to compare; oracle is a ceiling that knows the taste." enum:"ranker,popularity,random,none,oracle" default:"ranker,popularity,random,none"`
	Catalogue     string    `help:"The catalogue: demo, demo:seed=1,items=2000, or a CSV file." default:"demo"`
	PlanSeed      uint64    `help:"Seed of the floor plan." default:"1"`
	Model         string    `help:"Model file; without it the demo's, where it fits the catalogue." type:"path"`
	TrainShoppers int       `help:"Train a model on this many other shoppers first (under random placement), in place of -model."`
	TrainMinutes  float64   `help:"How long each of those stays, minutes." default:"20"`
	Seed          uint64    `help:"Seed of the first shopper. The settings that Souk ships were tried on 1 to 60 and 7000 to 9060; the default is apart from these." default:"5000"`
	Workers       int       `help:"Sessions at a time. The figures do not hang on it." default:"2"`
	JSON          string    `name:"json" help:"Write the report to this file (- for the standard output, in place of the table)." type:"path"`
	Plot          string    `help:"Write the learning curves to this PNG file." type:"path"`
	Quiet         bool      `help:"No progress bar."`
}

// Run is called by kong.
func (c *loopCmd) Run(ctx context.Context) error {
	if err := c.check(); err != nil {
		return err
	}
	market, err := loop.OpenMarket(c.Catalogue, c.PlanSeed, c.Model)
	if err != nil {
		return err
	}
	if c.TrainShoppers > 0 {
		bar := progress(c.Quiet, int64(c.TrainShoppers), "learning from others")
		lesson, err := market.Learn(ctx, loop.Lesson{
			Shoppers: c.TrainShoppers, Minutes: c.TrainMinutes, Seed: loop.TrainSeeds, Workers: c.Workers,
			Shopper: shopper.DefaultConfig(), Engine: attention.DefaultConfig(), NoiseDeg: 1.5, Train: train.DefaultConfig(),
			Done: func() { bar.Add(1) }, //nolint:errcheck // a bar that cannot be drawn harms nothing
		})
		bar.Finish() //nolint:errcheck // as above
		if err != nil {
			return err
		}
		for _, m := range lesson.Metrics {
			fmt.Fprintf(os.Stderr, "held-out items, %s: Recall@20 %s, NDCG@20 %s\n", m.Name, m.Recall, m.NDCG)
		}
	}
	market.Say(os.Stderr)
	proof := loop.Proof{
		Market: market, Shopper: shopper.DefaultConfig(), Engine: attention.DefaultConfig(),
		Policies: c.Policies, Noise: c.Noise, Shoppers: c.Shoppers, Minutes: c.Minutes, Seed: c.Seed, Workers: c.Workers,
	}
	bar := progress(c.Quiet, int64(c.Shoppers*len(c.Policies)*len(c.Noise)), "sessions")
	proof.Done = func(float64) { bar.Add(1) } //nolint:errcheck // as above
	start := time.Now()
	report, err := proof.Run(ctx)
	bar.Finish() //nolint:errcheck // as above
	if err != nil {
		return err
	}
	if c.JSON != "-" {
		if err := report.Print(os.Stdout); err != nil {
			return fmt.Errorf("print the report: %w", err)
		}
		market := c.Minutes * 60 * float64(c.Shoppers*len(c.Policies)*len(c.Noise))
		wall := time.Since(start).Seconds()
		fmt.Printf("\n%.0f s of market time in %.1f s: %.0f times real time on %d worker(s).\n", market, wall, market/wall, c.Workers)
	}
	if err := c.writeJSON(report); err != nil {
		return err
	}
	if c.Plot != "" {
		if err := report.Plot(c.Plot); err != nil {
			return err
		}
		fmt.Fprintln(os.Stderr, "learning curves in", c.Plot)
	}
	return nil
}

func (c *loopCmd) writeJSON(report *loop.Report) error {
	if c.JSON == "" {
		return nil
	}
	data, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		return fmt.Errorf("write the report as JSON: %w", err)
	}
	data = append(data, '\n')
	if c.JSON == "-" {
		_, err = os.Stdout.Write(data)
		return err
	}
	if err := os.WriteFile(c.JSON, data, 0o644); err != nil {
		return fmt.Errorf("write the report: %w; choose another file with -json", err)
	}
	return nil
}

func (c *loopCmd) check() error {
	switch {
	case c.Shoppers < 2:
		return fmt.Errorf("-shoppers %d: an interval needs at least 2", c.Shoppers)
	case !(c.Minutes > 0) || c.Minutes > 24*60:
		return fmt.Errorf("-minutes %g: give more than 0 and at most 1440", c.Minutes)
	case c.TrainShoppers < 0 || c.TrainShoppers > 0 && c.TrainShoppers < 10:
		return fmt.Errorf("-train-shoppers %d: give at least 10, or leave it out", c.TrainShoppers)
	case c.TrainShoppers > 0 && c.Model != "":
		return fmt.Errorf("-train-shoppers and -model exclude each other: give one of them")
	case !(c.TrainMinutes > 0) || c.TrainMinutes > 24*60:
		return fmt.Errorf("-train-minutes %g: give more than 0 and at most 1440", c.TrainMinutes)
	case c.Workers < 1:
		return fmt.Errorf("-workers %d: give at least 1", c.Workers)
	}
	for _, deg := range c.Noise {
		if !(deg >= 0) || deg > 20 {
			return fmt.Errorf("-noise %g: give degrees from 0 to 20", deg)
		}
	}
	return nil
}
