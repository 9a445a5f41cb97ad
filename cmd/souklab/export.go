package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"souk/attention/train"
	"souk/attention/train/table"
	"souk/world"
	"souk/world/catalog"
)

// exportCmd writes an event log as tables for other programs.
type exportCmd struct {
	Events    string `help:"The event log: a CSV or Parquet file, or a folder of them." required:"" type:"path"`
	Catalogue string `help:"The catalogue: demo, demo:seed=1,items=2000, or a CSV file." default:"demo"`
	Parquet   string `help:"Write ratings.parquet, items.parquet and users.parquet into this folder: what Spark's ALS reads." placeholder:"FOLDER" type:"path"`
	Split     bool   `help:"Leave out of the ratings each person's last two items that count, so that the model can be judged by them."`
	Against   bool   `help:"Write what speaks against an item as a negative rating, instead of leaving it out."`
	Log       string `help:"Write the rows as they are to this event file: .csv, .csv.gz or .parquet." placeholder:"FILE" type:"path"`
	Quiet     bool   `help:"No progress bar."`
}

// Help is shown below the flags.
func (c *exportCmd) Help() string {
	return `Examples:
  souklab export --events events.csv --parquet ratings/
  souklab export --events events.csv --parquet ratings/ --split     (then compare: see docs/spark.md)
  souklab export --events events.csv --log events.parquet`
}

// Run is called by kong.
func (c *exportCmd) Run(ctx context.Context) error {
	if c.Parquet == "" && c.Log == "" {
		return errors.New("there is nothing to write: give --parquet FOLDER or --log FILE")
	}
	if c.Log != "" {
		if err := c.log(ctx); err != nil {
			return err
		}
	}
	if c.Parquet == "" {
		return nil
	}
	cat, err := catalog.Open(c.Catalogue)
	if err != nil {
		return err
	}
	log, err := readLog(ctx, c.Events, cat, c.Quiet)
	if err != nil {
		return err
	}
	cfg := train.DefaultConfig()
	e, err := log.Evidence(cfg)
	fmt.Println(e.Cleaning)
	if err != nil {
		return err
	}
	m := e.Matrix
	if c.Split {
		m = e.Training(cfg)
	}
	if err := os.MkdirAll(c.Parquet, 0o755); err != nil {
		return fmt.Errorf("make the folder %s: %w; choose another with --parquet", c.Parquet, err)
	}
	left, err := table.Ratings(filepath.Join(c.Parquet, "ratings.parquet"), m, c.Against)
	if err == nil {
		err = table.Items(filepath.Join(c.Parquet, "items.parquet"), cat)
	}
	if err == nil {
		err = table.Users(filepath.Join(c.Parquet, "users.parquet"), e.Visitors)
	}
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d ratings of %d people about %d items; %d pairs that speak only against the item are left out\n",
		c.Parquet, m.Entries()-left, m.Users, m.Items, left)
	fmt.Printf("the same weight of what nobody touched as in souklab train: alpha = %g\n", 1/e.ALS.Base)
	return nil
}

// log copies the rows to a file of another form.
func (c *exportCmd) log(ctx context.Context) error {
	bar := progress(c.Quiet, 1000, "rows")
	var reading *train.Reading
	rows := 0
	err := writeLog(c.Log, func(write func(*world.Event) error) error {
		ctx, cancel := context.WithCancelCause(ctx)
		defer cancel(nil)
		var err error
		reading, err = train.EachEvent(ctx, c.Events, func(ev *world.Event, done float64) {
			if rows++; rows%8192 == 0 {
				bar.Set(int(1000 * done)) //nolint:errcheck // a bar that cannot be drawn harms nothing
			}
			if ctx.Err() == nil {
				if err := write(ev); err != nil {
					cancel(err)
				}
			}
		})
		if cause := context.Cause(ctx); cause != nil {
			return cause
		}
		return err
	})
	bar.Finish() //nolint:errcheck // as above
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d rows; %d were bad and are left out\n", c.Log, rows, reading.Bad)
	for _, b := range reading.First {
		fmt.Println("  bad:", b)
	}
	return nil
}

// readLog reads an event log into columns and says what it found.
func readLog(ctx context.Context, path string, cat *catalog.Catalog, quiet bool) (*train.Log, error) {
	bar := progress(quiet, 1000, "reading")
	log, reading, err := train.ReadLog(ctx, path, cat, func(done float64) {
		bar.Set(int(1000 * done)) //nolint:errcheck // a bar that cannot be drawn harms nothing
	})
	bar.Finish() //nolint:errcheck // as above
	if err != nil {
		return nil, err
	}
	fmt.Printf("%d rows read from %d file(s), %d bad\n", reading.Rows, reading.Files, reading.Bad)
	for _, b := range reading.First {
		fmt.Println("  bad:", b)
	}
	return log, nil
}
