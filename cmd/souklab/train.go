package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"souk/attention/train"
	"souk/world/catalog"
)

// trainCmd makes a model file from an event log.
type trainCmd struct {
	Events    string  `help:"The event log: a CSV or Parquet file, or a folder of them." required:"" type:"path"`
	Catalogue string  `help:"The catalogue: demo, demo:seed=1,items=2000, or a CSV file." default:"demo"`
	Output    string  `short:"o" help:"Write the model to this file." default:"model.safetensors" type:"path"`
	Dim       int     `help:"Numbers per item; 0: 32 where the log says what was in view, else 64."`
	ALS       bool    `name:"als" help:"Implicit ALS even where the log says what was in view; --lambda and --base mean the same."`
	Epochs    int     `help:"Passes over the data, at most." default:"16"`
	Lambda    float64 `help:"Regularisation; 0 chooses by what the log holds."`
	Base      float64 `help:"Weight of a pair of person and item without evidence; 0 chooses by what the log holds."`
	Judges    int     `help:"Most people whose held-out items all others are ranked with; 0: as many as take seconds."`
	Network   string  `help:"Train a network too that looks at the best of a ranking once more: auto (where the log does not say what was in view), always, never. The model carries it only where held-out items are ranked better with it." enum:"auto,always,never" default:"auto"`
	Seed      uint64  `help:"Seed of the random start." default:"1"`
	Board     string  `help:"Write the curves of the training for TensorBoard into this folder." type:"path"`
	Date      string  `help:"Date to write into the model; today by default, and none with a dash, so that the same data gives the same file."`
	Work      string  `help:"File that keeps how far the training is, so that the same command goes on after a stop; OUTPUT.work by default, none with a dash." type:"path"`
	Quiet     bool    `help:"No progress bar."`
}

// Help is shown below the flags.
func (c *trainCmd) Help() string {
	return `Examples:
  souklab train --events events.csv
  souklab train --events logs/ --catalogue shop.csv --dim 32 -o shop.safetensors

Ctrl-C writes the best model so far; the same command again goes on where it was, and ends with the
same file as if it had not been stopped.`
}

// Run is called by kong.
func (c *trainCmd) Run(ctx context.Context) error {
	cat, err := catalog.Open(c.Catalogue)
	if err != nil {
		return err
	}
	log, err := readLog(ctx, c.Events, cat, c.Quiet)
	if err != nil {
		return err
	}
	cfg := train.DefaultConfig()
	cfg.ALS.Epochs, cfg.ALS.Seed, cfg.Latent.Seed = c.Epochs, c.Seed, c.Seed
	if c.Dim != 0 {
		cfg.ALS.Dim, cfg.Latent.Dim = c.Dim, c.Dim
	}
	if c.ALS || c.Lambda != 0 || c.Base != 0 {
		cfg.Latent.Dim = 0
	}
	cfg.ALS.Regularisation, cfg.ALS.Base = c.Lambda, c.Base
	cfg.Judges = c.Judges
	cfg.Networks = map[string]train.Networks{"auto": train.NetworksAuto, "always": train.NetworksAlways, "never": train.NetworksNever}[c.Network]
	cfg.Date = dateOf(c.Date)
	switch filepath.Base(c.Work) {
	case ".":
		cfg.Work = c.Output + ".work"
	case "-":
	default:
		cfg.Work = c.Work
	}
	start := time.Now()
	bar := trainBar(c.Quiet)
	curves, err := openCurves(c.Board)
	if err != nil {
		return err
	}
	model, rep, err := train.TrainLog(ctx, log, cfg, func(p train.Progress) {
		bar.Describe(fmt.Sprintf("%s %d/%d", p.Phase, p.Epoch, p.Epochs))
		bar.Set64(int64(1000 * p.Done)) //nolint:errcheck // a bar that cannot be drawn harms nothing
		if p.Phase == "judge" {
			curves.point("validation/NDCG@20", int64(p.Epoch), p.Validation)
		}
		curves.point("loss/"+p.Phase, int64(p.Epoch), p.Loss)
	})
	bar.Finish()            //nolint:errcheck // as above
	drawn := curves.close() // a failure of the picture must not cost the model
	if err != nil {
		if errors.Is(err, context.Canceled) {
			return errors.New("stopped before there was a model; nothing was written")
		}
		return err
	}
	if err := train.SaveModel(c.Output, model); err != nil {
		return err
	}
	fmt.Print(rep.Table())
	if rep.Resumed > 0 {
		fmt.Printf("%d epochs were found done in %s.\n", rep.Resumed, cfg.Work)
	}
	if rep.Interrupted {
		fmt.Println("Stopped early: the file holds the best model until then. The same command goes on from here.")
	}
	fmt.Printf("%s: %d items × %d, temperature %.4g, in %.1f s\n", c.Output, model.Items, model.Dim, model.Temperature, time.Since(start).Seconds())
	return drawn
}

// trainBar shows the time left on a terminal, and nothing elsewhere.
func trainBar(quiet bool) *progressbar.ProgressBar {
	if quiet || !term.IsTerminal(int(os.Stderr.Fd())) {
		return progressbar.DefaultSilent(1000)
	}
	return progressbar.NewOptions64(1000, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription("training"),
		progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish())
}
