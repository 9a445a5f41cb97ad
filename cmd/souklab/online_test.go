package main

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
)

// impatient is a context that is cancelled when it has been asked so many times.
type impatient struct {
	context.Context
	left atomic.Int64
}

func (c *impatient) Err() error {
	if c.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// Wherever a replay is stopped, it says what it had found by then, and how much
// of the whole that is; where that is nothing it says so.
func TestAStoppedReplayTellsWhatItFound(t *testing.T) {
	c := onlineCmd{Events: smallShop(t, 150), New: .5, Waves: 3, After: []int{1, 2}, K: 20, Longest: 60, Resamples: 50, Seed: 1}
	const plenty = 1 << 40
	whole := &impatient{Context: context.Background()}
	whole.left.Store(plenty)
	if err := c.Run(whole); err != nil {
		t.Fatal(err)
	}
	asked := plenty - whole.left.Load()
	told := map[string]bool{}
	for k := range int64(8) {
		ctx := &impatient{Context: context.Background()}
		ctx.left.Store(asked * k / 8)
		err := c.Run(ctx)
		if err == nil {
			t.Fatalf("cancelled after %d of %d: no error", k, 8)
		}
		s, _, _ := strings.Cut(err.Error(), ":")
		told[s] = true
		if !strings.HasPrefix(err.Error(), "stopped: the figures are of the first ") && err.Error() != "stopped before anybody was replayed" {
			t.Errorf("cancelled after %d of 8: %v", k, err)
		}
	}
	if len(told) != 2 {
		t.Errorf("stopped early and late it says %v", told)
	}
}
