package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"

	"souk/attention/train"
	"souk/attention/train/population"
	"souk/attention/train/table"
	"souk/world"
	"souk/world/catalog"
)

// simulateLogCmd draws a large event log by chance.
type simulateLogCmd struct {
	People    int     `help:"How many people." default:"1000"`
	Rows      int     `help:"How many rows in all, without the dirt." default:"100000"`
	Catalogue string  `help:"The catalogue: demo, demo:seed=1,items=2000, or a CSV file." default:"demo"`
	Dirt      float64 `help:"Share of rows that no person can have made: duplicates, unknown items, clock jumps, robots." default:"0"`
	Seed      uint64  `help:"Seed." default:"1"`
	Epoch     float64 `help:"Unix time of the first row, seconds." default:"1767225600"`
	Output    string  `short:"o" help:"The event file: .csv, .csv.gz or .parquet." default:"events.parquet" type:"path"`
	Quiet     bool    `help:"No progress bar."`
}

// Help is shown below the flags.
func (c *simulateLogCmd) Help() string {
	return `The people have a known taste, and look, like and buy by it; they do not walk and have no eyes:
use souklab simulate for a log as the engine makes it, and this for volume.

Examples:
  souklab simulate-log --people 1000 --rows 100000 -o events.csv
  souklab simulate-log --people 100000 --rows 10000000 --catalogue demo:seed=1,items=50000 --dirt 0.01 -o events.parquet`
}

// Run is called by kong.
func (c *simulateLogCmd) Run(ctx context.Context) error {
	cat, err := catalog.Open(c.Catalogue)
	if err != nil {
		return err
	}
	cfg := population.Config{People: c.People, Events: c.Rows, Seed: c.Seed, Dirt: c.Dirt, Epoch: c.Epoch}
	if err := cfg.Check(); err != nil {
		return err
	}
	bar := progress(c.Quiet, int64(c.Rows), "rows")
	start, rows := time.Now(), 0
	err = writeLog(c.Output, func(write func(*world.Event) error) error {
		return population.Draw(ctx, cat, cfg, func(ev *world.Event) error {
			if rows++; rows%8192 == 0 {
				bar.Set(min(rows, c.Rows)) //nolint:errcheck // a bar that cannot be drawn harms nothing
			}
			return write(ev)
		})
	})
	bar.Finish() //nolint:errcheck // as above
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d rows of %d people about %d items, in %.1f s\n", c.Output, rows, c.People, len(cat.Items), time.Since(start).Seconds())
	return nil
}

// writeLog writes an event file of the form that its name asks for; what was
// there before stays until it is whole.
func writeLog(path string, rows func(write func(*world.Event) error) error) error {
	if strings.HasSuffix(path, ".parquet") {
		w, err := table.WriteEvents(path)
		if err != nil {
			return err
		}
		if err := rows(w.Event); err != nil {
			w.Abort()
			return err
		}
		return w.Close()
	}
	if !strings.HasSuffix(path, ".csv") && !strings.HasSuffix(path, ".csv.gz") {
		return fmt.Errorf("writing %s: an event file is .csv, .csv.gz or .parquet; give such a name", path)
	}
	return writeWhole(path, func(out io.Writer) error {
		if strings.HasSuffix(path, ".gz") {
			z := gzip.NewWriter(out)
			if err := writeCSV(z, rows); err != nil {
				return err
			}
			return z.Close()
		}
		return writeCSV(out, rows)
	})
}

func writeCSV(out io.Writer, rows func(write func(*world.Event) error) error) error {
	w, err := train.NewEventWriter(out)
	if err != nil {
		return err
	}
	if err := rows(func(ev *world.Event) error { return w.Write(*ev) }); err != nil {
		return err
	}
	return w.Flush()
}
