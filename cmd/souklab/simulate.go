package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"souk/attention"
	"souk/cmd/internal/loop"
	"souk/input/shopper"
)

// simulateCmd sends simulated shoppers through a market without a screen and
// writes the rows of their event log.
type simulateCmd struct {
	Shoppers  int     `help:"How many shoppers." default:"100"`
	Minutes   float64 `help:"How long each stays, minutes." default:"10"`
	Placement string  `help:"Who fills the pedestals: ranker, popularity, random or none." enum:"ranker,popularity,random,none" default:"random"`
	Catalogue string  `help:"The catalogue: demo, demo:seed=1,items=2000, or a CSV file." default:"demo"`
	PlanSeed  uint64  `help:"Seed of the floor plan." default:"1"`
	Model     string  `help:"Model file of the ranker and of popularity; without it the demo's, where it fits the catalogue." type:"path"`
	Seed      uint64  `help:"Seed of the first shopper; the next has the next. The default is the range that models are trained on." default:"1000000"`
	Noise     float64 `help:"Error of the gaze in all, degrees (root mean square)." default:"1.5"`
	Events    string  `help:"Write the rows of the event log to this CSV file." type:"path"`
	Record    string  `help:"Write a recording of each session into this folder." type:"path"`
	Epoch     float64 `help:"Unix time at which the first session begins, seconds; fixed by default, so that the same command writes the same file." default:"1767225600"`
	Workers   int     `help:"Sessions at a time. The output does not hang on it." default:"1"`
	Quiet     bool    `help:"No progress bar."`
}

// Run is called by kong.
func (c *simulateCmd) Run(ctx context.Context) error {
	if err := c.check(); err != nil {
		return err
	}
	market, err := loop.OpenMarket(c.Catalogue, c.PlanSeed, c.Model)
	if err != nil {
		return err
	}
	market.Say(os.Stderr)
	var out *loop.EventFile
	if c.Events != "" {
		if out, err = loop.CreateEvents(c.Events); err != nil {
			return err
		}
	}
	if c.Record != "" {
		if err := os.MkdirAll(c.Record, 0o755); err != nil {
			return fmt.Errorf("make the folder for recordings %s: %w; choose another with -record", c.Record, err)
		}
	}
	cfg := shopper.DefaultConfig()
	cfg.Noise = c.Noise * math.Pi / 180
	bar := progress(c.Quiet, int64(c.Shoppers), "shoppers")
	start := time.Now()
	sim := loop.Simulation{
		Market: market, Shopper: cfg, Engine: loop.EngineFor(attention.DefaultConfig(), c.Noise),
		Policy: c.Placement, Shoppers: c.Shoppers, Minutes: c.Minutes, Seed: c.Seed,
		Epoch: c.Epoch, Workers: c.Workers, Events: out,
		Done: func(*loop.Tally) { bar.Add(1) }, //nolint:errcheck // a bar that cannot be drawn harms nothing
	}
	if c.Record != "" {
		sim.Record = func(i int) string { return filepath.Join(c.Record, fmt.Sprintf("shopper-%d.mcap", c.Seed+uint64(i))) }
	}
	sum, runErr := sim.Run(ctx)
	bar.Finish() //nolint:errcheck // as above
	if out != nil {
		if err := out.Close(); err != nil {
			return err
		}
	}
	if runErr != nil && !errors.Is(runErr, context.Canceled) {
		return runErr
	}
	wall := time.Since(start).Seconds()
	if runErr != nil {
		fmt.Printf("Stopped; what was done up to here is kept.\n")
	}
	fmt.Printf("%d shoppers, %.0f s of market time in %.1f s: %.0f times real time on %d worker(s).\n",
		sum.Sessions, sum.Seconds, wall, sum.Seconds/max(wall, 1e-9), max(1, c.Workers))
	fmt.Printf("%.1f items looked at for %.0f s, %.2f opened, %.2f liked, %.2f bought per shopper; focus right %.0f %% of the time.\n",
		sum.Per(sum.Visits), sum.Dwell/max(1, float64(sum.Sessions)), sum.Per(sum.Opens), sum.Per(sum.Likes), sum.Per(sum.Purchases), 100*sum.FocusPrecision)
	if out != nil {
		fmt.Printf("%d rows in %s\n", out.Rows(), c.Events)
	}
	return runErr
}

func (c *simulateCmd) check() error {
	switch {
	case c.Shoppers < 1:
		return fmt.Errorf("-shoppers %d: give at least 1", c.Shoppers)
	case !(c.Minutes > 0) || c.Minutes > 24*60:
		return fmt.Errorf("-minutes %g: give more than 0 and at most 1440", c.Minutes)
	case !(c.Noise >= 0) || c.Noise > 20:
		return fmt.Errorf("-noise %g: give degrees from 0 to 20", c.Noise)
	case c.Workers < 1:
		return fmt.Errorf("-workers %d: give at least 1", c.Workers)
	}
	return nil
}

// progress is a bar on the terminal, or nothing where there is none.
func progress(quiet bool, n int64, what string) *progressbar.ProgressBar {
	if quiet || !term.IsTerminal(int(os.Stderr.Fd())) {
		return progressbar.DefaultSilent(n)
	}
	return progressbar.NewOptions64(n, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription(what),
		progressbar.OptionShowCount(), progressbar.OptionClearOnFinish(), progressbar.OptionSetPredictTime(true))
}
