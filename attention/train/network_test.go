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

// strides draws the log of people who go along a ring, each with a stride of his own, 1, 2 or 4: what
// comes next follows from the last two items. Where chance is set, they take anything. The log says
// what was in view, so that what follows what is no part of the model.
func strides(tb testing.TB, items, people int, chance bool) []world.Event {
	rng := rand.New(rand.NewPCG(3, 8))
	c := mustGenerate(tb, items)
	var events []world.Event
	for v := range people {
		visitor, at := fmt.Sprintf("v%d", v), 1e6+float64(v)*1e4
		item, stride := rng.IntN(items), 1<<rng.IntN(3)
		for range 12 {
			at += 7
			events = append(events, world.Event{ID: fmt.Sprintf("%s-%g", visitor, at), Visitor: visitor, Session: visitor, Time: at,
				Kind: world.EventLike, Item: c.Items[item%items].ID, Exposure: .2, InView: 3})
			seen := events[len(events)-1]
			seen.ID, seen.Kind, seen.Time, seen.Item = seen.ID+"-seen", world.EventExposure, at+1, c.Items[rng.IntN(items)].ID
			events = append(events, seen)
			if item += stride; chance {
				item = rng.IntN(items)
			}
		}
	}
	return events
}

func TestANetworkIsCarriedWhereTheDeviceRanksBetterWithIt(t *testing.T) {
	if testing.Short() {
		t.Skip("it trains for seconds; left out in short runs")
	}
	const items = 150
	c := mustGenerate(t, items)
	cfg := train.DefaultConfig()
	cfg.ALS.Dim, cfg.ALS.Epochs, cfg.Networks = 16, 4, train.NetworksAlways
	learn := func(chance bool) (*rank.Model, *train.Report) {
		m, rep, err := train.Train(context.Background(), strides(t, items, 260, chance), c, cfg, nil)
		if err != nil {
			t.Fatal(err)
		}
		return m, rep
	}
	m, rep := learn(false)
	last := rep.Metrics[len(rep.Metrics)-1]
	if m.Network == nil || !rep.Network.Carried || last.Name != "network" {
		t.Fatalf("the next item follows from the order, and there is no network:\n%s", rep.Table())
	}
	for _, other := range rep.Metrics[:len(rep.Metrics)-1] {
		if !(last.NDCG.Low > other.NDCG.High) {
			t.Errorf("the test's items are not ranked better with it:\n%s", rep.Table())
		}
	}
	again, err := train.ReadModel(mustWrite(t, m))
	if err != nil {
		t.Fatal(err)
	}
	if again.Network == nil || again.Network.Shape != m.Network.Shape {
		t.Error("the network does not come back from the file")
	}
	if m, rep := learn(true); m.Network != nil || !rep.Network.Tried || rep.Network.Carried {
		t.Errorf("people take anything, and a network is carried:\n%s", rep.Table())
	}
}

func TestNoNetworkIsTriedOnAFloorPlan(t *testing.T) {
	c := mustGenerate(t, 120)
	cfg := train.DefaultConfig()
	cfg.ALS.Dim, cfg.ALS.Epochs = 8, 2
	events := orderly(t, 120, 80, true)
	for _, n := range []train.Networks{train.NetworksAuto, train.NetworksNever, train.NetworksAlways} {
		cfg.Networks = n
		_, rep, err := train.Train(context.Background(), events, c, cfg, nil)
		if err != nil {
			t.Fatal(err)
		}
		if rep.Network.Tried != (n == train.NetworksAlways) {
			t.Errorf("networks %d: tried %v, in a log that says what was in view", n, rep.Network.Tried)
		}
	}
}
