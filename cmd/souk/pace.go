package main

import (
	"errors"
	"flag"
	"fmt"
	"time"
)

// paceOptions are the flags of a measured walk.
type paceOptions struct {
	time time.Duration
}

func (o *paceOptions) flags(f *flag.FlagSet) {
	f.DurationVar(&o.time, "pace", 0, "walk for so long (60s) with the simulated shopper through 50,000 items, everything on, and print the frames' times beside an empty frame's")
}

// pace fits the other flags to a measured walk.
func (o *options) pace() error {
	if o.paced.time == 0 {
		return nil
	}
	if o.paced.time < time.Second || o.paced.time > time.Hour {
		return fmt.Errorf("-pace %v is no time to walk: give 1s to 1h", o.paced.time)
	}
	if o.filmed.path != "" || o.soaked.time != 0 {
		return errors.New("-pace was given with -film or -soak: give one")
	}
	o.shopper = true
	if o.catalogue == "demo" {
		o.catalogue = soakItems
	}
	return nil
}
