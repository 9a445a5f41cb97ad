package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"souk/attention/train/model"
	"souk/attention/train/shop"
)

// purchasesCmd judges by what people buy next.
type purchasesCmd struct {
	Events    string   `help:"The shop's log: CSV, plain or gzip, with the columns unix_time, user, item, event (view, cart, buy)." required:"" type:"path"`
	Targets   string   `help:"CSV with the columns user and item: what each user bought later, never touched before." required:"" type:"path"`
	Models    []string `help:"Parts of the blend; by default those chosen on validation." placeholder:"NAME"`
	Folds     int      `help:"Folds of the validation within the log; a file of targets for half of the users is like 2." default:"2"`
	Resamples int      `help:"Resamples of the bootstrap over users." default:"2000"`
	Seed      uint64   `help:"Seed of the fits and the bootstrap." default:"1"`
}

// Help is shown by --help.
func (c *purchasesCmd) Help() string {
	return `Weights and parts of the blend are chosen by purchases held out of the log itself; the targets are asked for once, at the end, among all items that the user had not touched.

Examples:
  souklab evaluate-purchases -events events.csv.gz -targets next-purchase.csv
  souklab evaluate-purchases -events events.csv.gz -targets other-half.csv -models sessions,als,popularity`
}

// Run is called by kong.
func (c *purchasesCmd) Run(ctx context.Context) error {
	if c.Folds < 1 || c.Resamples < 1 {
		return errors.New("--folds and --resamples are at least 1: give such")
	}
	l, err := shop.Read(c.Events)
	if err != nil {
		return err
	}
	fmt.Println(l.Reading)
	targets, reading, err := l.ReadTargets(c.Targets)
	if err != nil {
		return err
	}
	fmt.Println(reading)
	fmt.Printf("%d users, %d items; %d targets", len(l.Users), len(l.Items), len(targets))
	if n := shop.Unknown(targets); n > 0 {
		fmt.Printf(", of them %d of items that the log does not know: they count as missed", n)
	}
	fmt.Println()
	cfg := shop.Default()
	cfg.Folds, cfg.Seed = c.Folds, c.Seed
	if len(c.Models) > 0 {
		cfg.Parts = nil
		for _, name := range c.Models {
			cfg.Parts = append(cfg.Parts, shop.Part{Model: name, Settings: defaultsOf(shop.Default(), name)})
		}
	}
	start := time.Now()
	bar := labBar("learning")
	cfg.Tell = func(what string, done float64) {
		bar.Describe(what)
		bar.Set64(int64(1000 * done)) //nolint:errcheck // a bar that cannot be drawn harms nothing
	}
	fit, err := shop.Fit(ctx, l, cfg)
	bar.Finish() //nolint:errcheck // as above
	if err != nil {
		if errors.Is(err, context.Canceled) {
			return errors.New("stopped before there was a model; nothing was written")
		}
		return err
	}
	printChoices(fit)
	places := shop.Places(ctx, fit.Model, len(l.Items), l.Cases(l.Data(cfg.Weights), targets))
	if ctx.Err() != nil {
		return errors.New("stopped before all targets were ranked")
	}
	fmt.Printf("The targets, ranked among all items that the user had not touched [95 %% by %d resamples of the users]:\n", c.Resamples)
	for _, m := range shop.Measures(targets, places, c.Resamples, c.Seed) {
		fmt.Printf("  %-8s %s\n", m.Name, m.Value)
	}
	fmt.Printf("%.0f s\n", time.Since(start).Seconds())
	return nil
}

func defaultsOf(cfg shop.Config, name string) model.Settings {
	for _, p := range cfg.Parts {
		if p.Model == name {
			return p.Settings
		}
	}
	return nil
}

func printChoices(f *shop.Fitted) {
	fmt.Printf("Validation: %d purchases held out of the log\n", f.Cases)
	for _, c := range f.Choices {
		mark := ""
		if c.Name == f.Chosen {
			mark = "  ← chosen"
		}
		fmt.Printf("  %-12s HR@10 %.4f  NDCG@10 %.4f%s\n", c.Name, c.HR, c.NDCG, mark)
	}
	if len(f.Dropped) > 0 {
		fmt.Printf("  better without: %s\n", strings.Join(f.Dropped, ", "))
	}
}
