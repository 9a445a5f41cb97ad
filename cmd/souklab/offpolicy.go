package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"souk/attention/train"
	"souk/attention/train/offpolicy"
	"souk/world"
	"souk/world/catalog"
)

// offpolicyCmd estimates what one policy would have earned from the log of another.
type offpolicyCmd struct {
	Log       string  `help:"A log in the columns of the Open Bandit Dataset: item_id, position, click, propensity_score (.csv or .csv.gz)." type:"path"`
	Events    string  `help:"Or our own event log, whose placements carry their propensity: CSV or Parquet." type:"path"`
	Policy    string  `help:"The policy that is asked about: uniform, or a log of its own in the same form, whose choices are counted." default:"uniform"`
	Catalogue string  `help:"With --events: the catalogue." default:"demo"`
	Window    float64 `help:"With --events: seconds after a placement in which a look or an act is its success." default:"120"`
	Dwell     float64 `help:"With --events: seconds of a look that are a success." default:"1"`
	Resamples int     `help:"Bootstraps of the intervals." default:"1000"`
	Seed      uint64  `help:"Seed of the bootstraps." default:"1"`
}

// Help is shown below the flags.
func (c *offpolicyCmd) Help() string {
	return `Where the policy's own log is given, what it really earned is shown beside, with the errors.

Examples:
  souklab offpolicy --log random.csv.gz --policy bts.csv.gz
  souklab offpolicy --log bts.csv.gz --policy uniform
  souklab offpolicy --events events.csv --policy uniform

What each estimator assumes: docs/offpolicy.md`
}

// Run is called by kong.
func (c *offpolicyCmd) Run(ctx context.Context) error {
	if (c.Log == "") == (c.Events == "") {
		return errors.New("say which log: --log FILE in the columns of the Open Bandit Dataset, or --events FILE of our own, and not both")
	}
	read := banditLog
	if c.Events != "" {
		cat, err := catalog.Open(c.Catalogue)
		if err != nil {
			return err
		}
		read = func(path string) (*offpolicy.Log, error) { return c.placements(ctx, path, cat) }
	}
	log, err := read(c.Log + c.Events)
	if err != nil {
		return err
	}
	truth := 0.0
	var policy *offpolicy.Policy
	if c.Policy == "uniform" {
		policy = offpolicy.Uniform(log.Contexts, log.Actions)
	} else {
		own, err := read(c.Policy)
		if err != nil {
			return err
		}
		log.Contexts, own.Contexts = max(log.Contexts, own.Contexts), max(log.Contexts, own.Contexts)
		log.Actions, own.Actions = max(log.Actions, own.Actions), max(log.Actions, own.Actions)
		policy, truth = offpolicy.Frequencies(own), own.Mean()
	}
	cfg := offpolicy.DefaultConfig()
	cfg.Resamples, cfg.Seed = c.Resamples, c.Seed
	rep, err := offpolicy.Evaluate(log, policy, cfg)
	if err != nil {
		return err
	}
	fmt.Print(rep.Table(truth))
	return nil
}

func banditLog(path string) (*offpolicy.Log, error) {
	f, err := offpolicy.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read bandit log: %w", err)
	}
	defer f.Close()
	return offpolicy.ReadBandit(f, path)
}

func (c *offpolicyCmd) placements(ctx context.Context, path string, cat *catalog.Catalog) (*offpolicy.Log, error) {
	p, err := offpolicy.NewPlacements(cat, offpolicy.Reward{Window: c.Window, Dwell: c.Dwell})
	if err != nil {
		return nil, err
	}
	_, err = train.EachEvent(ctx, path, func(ev *world.Event, _ float64) {
		own := *ev
		own.Visitor = strings.Clone(ev.Visitor)
		p.Add(&own)
	})
	if err != nil {
		return nil, err
	}
	if p.Without > 0 {
		fmt.Printf("%d placements without a propensity, or of unknown items, are left out\n", p.Without)
	}
	return p.Log()
}
