package main

import (
	"context"
	"fmt"
	"time"

	"souk/attention/rank"
	"souk/attention/train"
	"souk/attention/train/table"
	"souk/world/catalog"
)

// importFactorsCmd makes a model file of factors that Spark made.
type importFactorsCmd struct {
	Factors   string  `arg:"" help:"Spark's ALSModel.itemFactors, written as Parquet: the folder, or a file." type:"path"`
	Mapping   string  `help:"The items.parquet that souklab export wrote beside the ratings." required:"" type:"path"`
	Catalogue string  `help:"The catalogue: demo, demo:seed=1,items=2000, or a CSV file." default:"demo"`
	Alpha     float64 `help:"Spark's alpha in the training." default:"10"`
	Events    string  `help:"The event log: gives the popularity of items, chooses how visitors are folded in, and judges." type:"path"`
	Seed      uint64  `help:"Seed of the sample that judges." default:"1"`
	Output    string  `short:"o" help:"Write the model to this file." default:"model.safetensors" type:"path"`
	Date      string  `help:"Date to write into the model; today by default, and none with a dash."`
	Quiet     bool    `help:"No progress bar."`
}

// Help is shown below the flags.
func (c *importFactorsCmd) Help() string {
	return `Examples:
  souklab import-factors itemFactors/ --mapping ratings/items.parquet -o model.safetensors
  souklab import-factors itemFactors/ --mapping ratings/items.parquet --events events.csv --alpha 10

The whole way, with the Spark script: docs/spark.md`
}

// Run is called by kong.
func (c *importFactorsCmd) Run(ctx context.Context) error {
	cat, err := catalog.Open(c.Catalogue)
	if err != nil {
		return err
	}
	if err := table.CheckItems(c.Mapping, cat); err != nil {
		return err
	}
	items, dim, found, err := table.ReadFactors(c.Factors, len(cat.Items))
	if err != nil {
		return err
	}
	fmt.Printf("%s: factors of %d of %d items, %d numbers each\n", c.Factors, found, len(cat.Items), dim)
	cfg := train.DefaultConfig()
	cfg.ALS.Seed = c.Seed
	cfg.Date = dateOf(c.Date)
	var m *rank.Model
	if c.Events == "" {
		m, err = train.Bare(cat, items, dim, c.Alpha, cfg)
	} else {
		var log *train.Log
		if log, err = readLog(ctx, c.Events, cat, c.Quiet); err != nil {
			return err
		}
		var rep *train.Report
		m, rep, err = train.Adopt(ctx, log, items, dim, c.Alpha, cfg)
		if err == nil {
			fmt.Print(rep.Table())
		}
	}
	if err != nil {
		return err
	}
	if err := train.SaveModel(c.Output, m); err != nil {
		return err
	}
	fmt.Printf("%s: %d items × %d, λ %g, α₀ %g, temperature %.4g\n", c.Output, m.Items, m.Dim, m.Regularisation, m.Base, m.Temperature)
	return nil
}

// dateOf is the date for a model file: today for "", none for a dash.
func dateOf(flag string) string {
	switch flag {
	case "":
		return time.Now().UTC().Format(time.DateOnly)
	case "-":
		return ""
	}
	return flag
}
