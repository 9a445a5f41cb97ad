package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"souk/attention/train"
	"souk/world/catalog"
)

// trainCmd makes a model file from an event log.
type trainCmd struct {
	Events    string  `help:"The event log: a CSV file, or a folder of them." required:"" type:"path"`
	Catalogue string  `help:"The catalogue: demo, demo:seed=1,items=2000, or a CSV file." default:"demo"`
	Output    string  `short:"o" help:"Write the model to this file." default:"model.safetensors" type:"path"`
	Dim       int     `help:"Numbers per item." default:"64"`
	Epochs    int     `help:"Passes over the data, at most." default:"16"`
	Lambda    float64 `help:"Regularisation; 0 chooses by what the log holds."`
	Base      float64 `help:"Weight of a pair of person and item without evidence; 0 chooses by what the log holds."`
	Seed      uint64  `help:"Seed of the random start." default:"1"`
	Board     string  `help:"Write the curves of the training for TensorBoard into this folder." type:"path"`
	Date      string  `help:"Date to write into the model; today by default, and none with a dash, so that the same data gives the same file."`
}

// Run is called by kong.
func (c *trainCmd) Run(ctx context.Context) error {
	cat, err := catalog.Open(c.Catalogue)
	if err != nil {
		return err
	}
	events, reading, err := train.ReadFiles(c.Events)
	if err != nil {
		return err
	}
	fmt.Printf("%d rows read from %d file(s), %d bad\n", reading.Rows, reading.Files, reading.Bad)
	for _, b := range reading.First {
		fmt.Println("  bad:", b)
	}
	cfg := train.DefaultConfig()
	cfg.ALS.Dim, cfg.ALS.Epochs, cfg.ALS.Seed = c.Dim, c.Epochs, c.Seed
	cfg.ALS.Regularisation, cfg.ALS.Base = c.Lambda, c.Base
	switch c.Date {
	case "":
		cfg.Date = time.Now().UTC().Format(time.DateOnly)
	case "-":
	default:
		cfg.Date = c.Date
	}
	start := time.Now()
	bar := trainBar()
	curves, err := openCurves(c.Board)
	if err != nil {
		return err
	}
	model, rep, err := train.Train(ctx, events, cat, cfg, func(p train.Progress) {
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
	if rep.Interrupted {
		fmt.Println("Stopped early: the file holds the best model until then, made without the held-out items.")
	}
	fmt.Printf("%s: %d items × %d, temperature %.4g, in %.1f s\n", c.Output, model.Items, model.Dim, model.Temperature, time.Since(start).Seconds())
	return drawn
}

// trainBar shows the time left on a terminal, and nothing elsewhere.
func trainBar() *progressbar.ProgressBar {
	if !term.IsTerminal(int(os.Stderr.Fd())) {
		return progressbar.DefaultSilent(1000)
	}
	return progressbar.NewOptions64(1000, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription("training"),
		progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish())
}
