package train_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"souk/attention/rank"
	"souk/attention/train"
	"souk/world"
)

// orderly draws the log of people who like one item after another along a ring, each from
// where chance puts him; with seen, the log says what was in view besides.
func orderly(tb testing.TB, items, people int, seen bool) []world.Event {
	rng := rand.New(rand.NewPCG(8, 8))
	c := mustGenerate(tb, items)
	var events []world.Event
	for v := range people {
		visitor, at := fmt.Sprintf("v%d", v), 1e6+float64(v)*1e4
		row := func(kind world.EventKind, item int) {
			at += 7
			events = append(events, world.Event{ID: fmt.Sprintf("%s-%g", visitor, at), Visitor: visitor, Session: visitor, Time: at,
				Kind: kind, Item: c.Items[item%items].ID, Exposure: .2, InView: 3})
		}
		item := rng.IntN(items)
		for range 9 {
			row(world.EventLike, item)
			if seen {
				row(world.EventExposure, rng.IntN(items))
			}
			item += 1 + rng.IntN(2)
		}
	}
	return events
}

func TestWhatFollowsWhatIsLearnedWhereItHelpsTheDevice(t *testing.T) {
	c := mustGenerate(t, 300)
	cfg := train.DefaultConfig()
	cfg.ALS.Dim, cfg.ALS.Epochs = 16, 4
	for _, seen := range []bool{false, true} {
		m, rep, err := train.Train(context.Background(), orderly(t, 300, 250, seen), c, cfg, nil)
		if err != nil {
			t.Fatal(err)
		}
		if seen {
			if m.Transitions != nil || m.Blend != (rank.Blend{}) {
				t.Error("with exposure in the log, the order of the walk goes into the score")
			}
			continue
		}
		if m.Transitions == nil || !(m.Blend.Transition > 0) {
			t.Fatalf("people go along a ring, and the model does not know it:\n%s", rep.Table())
		}
		als, device := rep.Metrics[0], rep.Metrics[1]
		if device.Name != "device" || !(device.NDCG.Low > als.NDCG.High) {
			t.Errorf("the device with what follows is not ahead of factors alone:\n%s", rep.Table())
		}
		if _, err := rank.New(m, c, rank.DefaultConfig(), 1); err != nil {
			t.Error(err)
		}
	}
}
