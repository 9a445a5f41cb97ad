package train

import (
	"fmt"

	"souk/attention/signal"
	"souk/attention/train/als"
	"souk/attention/train/latent"
)

// Config holds the settings of a training. Start from [DefaultConfig].
type Config struct {
	ALS als.Config
	// Latent is how a log is learned from that says what was in view and how long it was looked at; with a Dim of
	// 0, by ALS as well.
	Latent  latent.Config
	Clean   CleanConfig
	Weights signal.Weights
	// Target is the least positive confidence that makes an item worth
	// predicting, > 0: what is held out to judge by.
	Target float64
	// Patience is how many epochs without a better validation end the training, ≥ 1.
	Patience int
	// Smoothing is added to each item's confidence for the popularity prior, > 0.
	Smoothing float64
	// Blend lists how strongly content may hold an item's factors, in units of
	// its positive confidence, each ≥ 0; validation chooses. Items without
	// positive confidence get the factors of their content in any case.
	Blend []float64
	// Bootstrap is how many resamples an interval takes, ≥ 1.
	Bootstrap int
	// Judges is the most people that validation and test rank all items for: the first so many
	// of a shuffle by the seed. 0: as many as 250 million scores allow. The report says how many there were.
	Judges int
	// Work is a file that holds how far the training is, written after each epoch: where it
	// is there and of the same data and settings, the training goes on from it, and ends with the
	// same bytes. Empty: none. It is removed when the training has ended.
	Work string
	// Networks says for which logs a network is tried that has the last look at a ranking's head. The
	// model carries one only where the device ranks held-out items better with it.
	Networks Networks
	// Date is written into the model; the caller has a clock, this package has none.
	Date string
}

// DefaultConfig is the setting that the demo model is trained with: λ and α₀
// are 0, which lets Train choose them by what the log holds.
func DefaultConfig() Config {
	als := als.Default()
	als.Regularisation, als.Base = 0, 0
	return Config{
		ALS: als, Latent: latent.Default(), Clean: DefaultClean(), Weights: signal.DefaultWeights(),
		Target: 0.75, Patience: 3, Smoothing: 1, Blend: []float64{0, 4, 16, 64, 256}, Bootstrap: 1000,
	}
}

// Check says which setting is out of range; nil if none is.
func (c Config) Check() error {
	if err := c.ALS.ForLog(false).Check(); err != nil {
		return err
	}
	if c.Latent.Dim != 0 {
		if err := c.Latent.Check(); err != nil {
			return fmt.Errorf("train: %w", err)
		}
	}
	if err := c.Weights.Check(); err != nil {
		return err
	}
	if err := c.Clean.Check(); err != nil {
		return err
	}
	switch {
	case c.Judges < 0:
		return fmt.Errorf("train: Judges is %d, must be at least 0", c.Judges)
	case !(c.Target > 0):
		return fmt.Errorf("train: Target is %v, must be above 0", c.Target)
	case c.Patience < 1:
		return fmt.Errorf("train: Patience is %d, must be at least 1", c.Patience)
	case !(c.Smoothing > 0):
		return fmt.Errorf("train: Smoothing is %v, must be above 0", c.Smoothing)
	case c.Bootstrap < 1:
		return fmt.Errorf("train: Bootstrap is %d, must be at least 1", c.Bootstrap)
	}
	for _, k := range c.Blend {
		if !(k >= 0) {
			return fmt.Errorf("train: a Blend of %v, must be at least 0", k)
		}
	}
	return nil
}
