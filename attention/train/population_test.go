package train_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"souk/world"
	"souk/world/catalog"
)

// mustGenerate is a demo catalogue.
func mustGenerate(tb testing.TB, items int) *catalog.Catalog {
	tb.Helper()
	c, err := catalog.Generate(items, 1)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// population is the event log of people with a taste: each has a few features
// that they like, looks at items at random, longer at what they like, and
// likes or buys some of it. The taste is no inner product of anything.
func population(c *catalog.Catalog, people, looks int, seed uint64) []world.Event {
	rng := rand.New(rand.NewPCG(seed, 7))
	var events []world.Event
	for p := range people {
		utility := taste(c, rng)
		t := 1.7e9 + float64(p)*1000
		for range looks {
			i := rng.IntN(len(c.Items))
			u := utility(i)
			t += 1 + 3*rng.Float64()
			ev := world.Event{ID: fmt.Sprint(len(events)), Visitor: fmt.Sprintf("v%04d", p), Session: "s", Time: t, Item: c.Items[i].ID,
				Exposure: 0.05, InView: 2, Slot: world.NoSlot, Source: world.SourceSimulated}
			if u < 0 && rng.Float64() < 0.7 {
				ev.Kind = world.EventExposure
				events = append(events, ev)
				continue
			}
			ev.Kind, ev.Dwell = world.EventDwell, float32(0.5*math.Exp(0.6*u+0.5*rng.NormFloat64()))
			events = append(events, ev)
			for kind, least := range []float64{world.EventOpen: 1, world.EventLike: 1.5, world.EventPurchase: 2} {
				if least > 0 && u+0.3*rng.NormFloat64() > least {
					act := ev
					act.ID, act.Kind, act.Dwell, act.Time = fmt.Sprint(len(events)), world.EventKind(kind), 0, t+0.1
					events = append(events, act)
				}
			}
		}
	}
	return events
}

// taste is a utility with mean near 0: a category that is loved, and a colour
// and a price that are, only together.
func taste(c *catalog.Catalog, rng *rand.Rand) func(item int) float64 {
	loved := c.Root(c.Items[rng.IntN(len(c.Items))].Category)
	like := c.Items[rng.IntN(len(c.Items))]
	return func(i int) float64 {
		it := &c.Items[i]
		u := -0.8
		if c.Root(it.Category) == loved {
			u += 1.8
		}
		near := math.Exp(-4 * (math.Abs(float64(it.Look.Primary.R-like.Look.Primary.R)) + math.Abs(float64(it.Look.Primary.G-like.Look.Primary.G))))
		cheap := math.Exp(-math.Abs(math.Log(float64(it.Price) / float64(like.Price))))
		return u + 2*near*cheap
	}
}
