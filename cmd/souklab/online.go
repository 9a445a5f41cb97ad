package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"souk/attention/train/model"
	"souk/attention/train/prequential"
	"souk/attention/train/shop"
)

// onlineCmd is the prequential replay.
type onlineCmd struct {
	Events    string  `help:"The shop's log: CSV, plain or gzip, with the columns unix_time, user, item, event (view, cart, buy)." required:"" type:"path"`
	New       float64 `help:"Share of the users, the last ones to come, who are new." default:"0.5"`
	Waves     int     `help:"Stretches of time: before each, all that was known by then is learned." default:"12"`
	After     []int   `help:"Events of a new user after which the next view is asked for." default:"1,3,10"`
	K         int     `name:"k" help:"Length of the list that the next view must be in." default:"20"`
	Longest   int     `help:"Events of one user that are replayed, at most." default:"60"`
	Resamples int     `help:"Resamples of the bootstrap over users." default:"2000"`
	Seed      uint64  `help:"Seed of the fits and the bootstrap." default:"1"`
}

// Help is shown by --help.
func (c *onlineCmd) Help() string {
	return `Users who come late are new: the model is learned from what others did before the wave in which they come, and each view is predicted before it is learned from, as on a visitor's machine (fold-in, transitions, prior), beside the last item alone and popularity.

Examples:
  souklab evaluate-online -events events.csv.gz
  souklab evaluate-online -events events.csv.gz -waves 8 -after 1,2,5,20 -k 10`
}

// Run is called by kong.
func (c *onlineCmd) Run(ctx context.Context) error {
	cfg := prequential.Default()
	cfg.After, cfg.K, cfg.Longest, cfg.Resamples, cfg.Seed, cfg.Now = c.After, c.K, c.Longest, c.Resamples, c.Seed, time.Now
	if err := cfg.Check(); err != nil {
		return err
	}
	l, err := shop.Read(c.Events)
	if err != nil {
		return err
	}
	fmt.Println(l.Reading)
	d := l.Data(shop.DefaultWeights())
	waves, err := prequential.Waves(d, c.New, c.Waves)
	if err != nil {
		return err
	}
	start := time.Now()
	result, err := c.replay(ctx, d, waves, cfg)
	stopped := errors.Is(err, context.Canceled)
	switch {
	case stopped && (result == nil || result.People == 0):
		return errors.New("stopped before anybody was replayed")
	case err != nil && !stopped:
		return err
	}
	fmt.Print(result.Table(cfg))
	if stopped {
		people := 0
		for _, w := range waves {
			people += len(w.New)
		}
		return fmt.Errorf("stopped: the figures are of the first %d of %d new users", result.People+result.Short, people)
	}
	fmt.Printf("%.0f s\n", time.Since(start).Seconds())
	return nil
}

// replay gives what it found; with an error, what it had found by then.
func (c *onlineCmd) replay(ctx context.Context, d *model.Data, waves []prequential.Wave, cfg prequential.Config) (*prequential.Result, error) {
	set := prequential.DefaultSettings()
	set.ALS.Seed = c.Seed
	bar := labBar("replaying")
	defer bar.Finish() //nolint:errcheck // a bar that cannot be drawn harms nothing
	result := &prequential.Result{}
	bar.Describe("weights")
	stages, err := prequential.FitStages(ctx, waves[0].Past, set, cfg.K)
	if err != nil {
		return nil, err
	}
	fmt.Printf("weights fold-in:transitions:prior, by the %d users before: %s\n", len(waves[0].Past.Histories), stages)
	for n, w := range waves {
		bar.Describe(fmt.Sprintf("wave %d of %d: population", n+1, len(waves)))
		p, err := prequential.Learn(ctx, w.Past, w.Begin, set)
		if err != nil {
			return result, err
		}
		device, err := prequential.NewDevice(p, stages)
		if err != nil {
			return result, err
		}
		contenders := []prequential.Contender{device, prequential.NewLastItem(p), prequential.NewPopularity(p)}
		for from := 0; from < len(w.New); from += 50 { // in pieces, for the bar
			to := min(from+50, len(w.New))
			if err := result.Add(ctx, d.Items, w.New[from:to], p.Known, contenders, cfg); err != nil {
				return result, err
			}
			bar.Describe(fmt.Sprintf("wave %d of %d: replay", n+1, len(waves)))
			bar.Set64(int64(1000 * (float64(n) + float64(to)/float64(len(w.New))) / float64(len(waves)))) //nolint:errcheck // as above
		}
	}
	return result, nil
}

// labBar shows what is being done and the time left on a terminal, and nothing elsewhere.
func labBar(what string) *progressbar.ProgressBar {
	if !term.IsTerminal(int(os.Stderr.Fd())) {
		return progressbar.DefaultSilent(1000)
	}
	return progressbar.NewOptions64(1000, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription(what),
		progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish())
}
