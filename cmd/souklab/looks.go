package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"

	"souk/attention/train"
	"souk/attention/train/examination"
	"souk/attention/train/metric"
	"souk/world"
	"souk/world/catalog"
)

// looksCmd judges what is looked at apart from what is chosen.
type looksCmd struct {
	Events    string  `help:"Our own event log: CSV, CSV.gz, Parquet, or a folder of them." required:"" type:"path"`
	Catalogue string  `help:"The catalogue: demo, demo:seed=1,items=2000, or a CSV file." default:"demo"`
	Window    float64 `help:"Seconds between a look and the act that it led to, at most." default:"30"`
	JSON      bool    `name:"json" help:"Print JSON."`
}

// Help is shown by --help.
func (c *looksCmd) Help() string {
	return `The event log has each item that was in view and each look, so that three things are judged one by one: that an item is looked at, that it is chosen (opened, liked, put into the cart or bought), and that it is chosen where it was looked at. The last third of the visitors to come is what is judged by.

Examples:
  souklab simulate --shoppers 300 --events events.csv
  souklab evaluate-looks --events events.csv
  souklab evaluate-looks --events events.csv --catalogue shop.csv --json

What is compared and how to read it: docs/evaluation.md`
}

// Run is called by kong.
func (c *looksCmd) Run(ctx context.Context) error {
	cat, err := catalog.Open(c.Catalogue)
	if err != nil {
		return err
	}
	from, err := examination.NewCollector(cat, c.Window)
	if err != nil {
		return err
	}
	bar := labBar("reading")
	rows := 0
	reading, err := train.EachEvent(ctx, c.Events, func(ev *world.Event, done float64) {
		from.Add(ev)
		if rows++; rows%8192 == 0 {
			bar.Set(int(1000 * done))
		}
	})
	bar.Finish()
	if err != nil {
		return err
	}
	log, err := from.Log()
	if err != nil {
		return err
	}
	outcomes, err := examination.Evaluate(log)
	if err != nil {
		return err
	}
	if c.JSON {
		e := json.NewEncoder(os.Stdout)
		e.SetIndent("", "  ")
		return e.Encode(outcomes)
	}
	fmt.Printf("%d impressions; of %d rows, %d could not be read, %d are of items that the catalogue has not, %d acts had no look within %v s\n",
		len(log), reading.Rows, reading.Bad, from.Unknown, from.Unlooked, c.Window)
	fmt.Print(looksTable(outcomes))
	return nil
}

func looksTable(outcomes []examination.Outcome) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, part := range []struct {
		title string
		of    func(examination.Outcome) metric.Fit
	}{
		{"looked at", func(o examination.Outcome) metric.Fit { return o.Examination }},
		{"chosen", func(o examination.Outcome) metric.Fit { return o.Click }},
		{"chosen of looked at", func(o examination.Outcome) metric.Fit { return o.Attraction }},
	} {
		f := part.of(outcomes[0])
		fmt.Fprintf(w, "%s, %d of %d\tlog loss\tAUC\tcalibration error\t\n", part.title, int(f.Rate*float64(f.Events)+0.5), f.Events)
		for _, o := range outcomes {
			f := part.of(o)
			fmt.Fprintf(w, "%s\t%.4f\t%.3f\t%.4f\t\n", o.Name, f.LogLoss, f.AUC, f.Deviation)
		}
	}
	w.Flush()
	return b.String()
}
