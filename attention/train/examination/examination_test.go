package examination_test

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"souk/attention/train/examination"
	"souk/world"
	"souk/world/catalog"
)

func market(tb testing.TB) *catalog.Catalog {
	tb.Helper()
	c, err := catalog.Generate(40, 1)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func collector(tb testing.TB, c *catalog.Catalog) *examination.Collector {
	tb.Helper()
	x, err := examination.NewCollector(c, 30)
	if err != nil {
		tb.Fatal(err)
	}
	return x
}

func TestAnActBelongsToTheNearestLookInTime(t *testing.T) {
	c := market(t)
	a, b := c.Items[0].ID, c.Items[1].ID
	x := collector(t, c)
	for _, ev := range []world.Event{
		{Visitor: "v", Time: 12, Kind: world.EventOpen, Item: a}, // before its rows of looks
		{Visitor: "v", Time: 10, Kind: world.EventDwell, Item: a, Exposure: 0.1},
		{Visitor: "v", Time: 40, Kind: world.EventDwell, Item: a, Exposure: 0.2},
		{Visitor: "v", Time: 11, Kind: world.EventExposure, Item: a, Exposure: 0.3},
		{Visitor: "w", Time: 12, Kind: world.EventExposure, Item: b, Exposure: 0.4},
		{Visitor: "w", Time: 12, Kind: world.EventLike, Item: b},                    // was never looked at
		{Visitor: "v", Time: 90, Kind: world.EventCart, Item: a},                    // too late
		{Visitor: "v", Time: 10, Kind: world.EventDwell, Item: "no such item"},      // unknown
		{Visitor: "v", Time: 10, Kind: world.EventPlace, Item: a, Propensity: 0.5},  // no impression
		{Visitor: "v", Time: 10, Kind: world.EventDwell, Item: a, Eccentricity: -1}, // impossible
	} {
		x.Add(&ev)
	}
	log, err := x.Log()
	if err != nil {
		t.Fatal(err)
	}
	want := []examination.Impression{
		{Visitor: 0, Item: 0, Exposure: 0.1, Examined: true, Chosen: true},
		{Visitor: 0, Item: 0, Exposure: 0.2, Examined: true},
		{Visitor: 0, Item: 0, Exposure: 0.3},
		{Visitor: 1, Item: 1, Exposure: 0.4},
	}
	if len(log) != len(want) {
		t.Fatalf("%d impressions, want %d", len(log), len(want))
	}
	for k := range want {
		if log[k] != want[k] {
			t.Errorf("impression %d is %+v, want %+v", k, log[k], want[k])
		}
	}
	if x.Unknown != 2 || x.Unlooked != 2 {
		t.Errorf("%d unknown and %d without a look, want 2 and 2", x.Unknown, x.Unlooked)
	}
}

// shoppers look by exposure and choose by item: large items in view are looked at most, and half of the
// items attract. What attracts stands where nobody looks.
func shoppers(tb testing.TB, people int) []examination.Impression {
	c := market(tb)
	x := collector(tb, c)
	rng := rand.New(rand.NewPCG(1, 1))
	for v := range people {
		for k, it := range c.Items {
			attracts := k%2 == 0
			exposure := 0.5 + rng.Float32()/2
			if attracts {
				exposure = rng.Float32() / 2
			}
			at := float64(100 * k)
			ev := world.Event{Visitor: strconv.Itoa(v), Time: at, Kind: world.EventExposure, Item: it.ID, Exposure: exposure, Eccentricity: rng.Float32()}
			looked := rng.Float32() < exposure*exposure
			if looked {
				ev.Kind = world.EventDwell
			}
			x.Add(&ev)
			if looked && rng.Float64() < map[bool]float64{true: 0.6, false: 0.05}[attracts] {
				x.Add(&world.Event{Visitor: strconv.Itoa(v), Time: at + 1, Kind: world.EventLike, Item: it.ID})
			}
		}
	}
	log, err := x.Log()
	if err != nil {
		tb.Fatal(err)
	}
	return log
}

func TestLooksTellExaminationFromAttraction(t *testing.T) {
	out, err := examination.Evaluate(shoppers(t, 300))
	if err != nil {
		t.Fatal(err)
	}
	constant, item, looks := out[0], out[1], out[2]
	if looks.Examination.LogLoss > 0.9*constant.Examination.LogLoss || looks.Examination.AUC < 0.7 {
		t.Errorf("examination: %+v, constant %+v", looks.Examination, constant.Examination)
	}
	if looks.Click.LogLoss >= item.Click.LogLoss {
		t.Errorf("click: log loss %v with looks, %v by item alone", looks.Click.LogLoss, item.Click.LogLoss)
	}
	// By item alone the clicks of what attracts are those of where it stands: as attraction that is far too low.
	if looks.Attraction.LogLoss > 0.8*item.Attraction.LogLoss || looks.Attraction.Deviation > 0.05 || item.Attraction.Deviation < 0.05 {
		t.Errorf("attraction: looks %+v, item %+v", looks.Attraction, item.Attraction)
	}
}

func TestLogsThatSayNothingAreNamed(t *testing.T) {
	if _, err := examination.NewCollector(market(t), 0); err == nil || !strings.Contains(err.Error(), "window") {
		t.Errorf("no window: %v", err)
	}
	if _, err := collector(t, market(t)).Log(); err == nil || !strings.Contains(err.Error(), "no exposures") {
		t.Errorf("no events: %v", err)
	}
	if _, err := examination.Evaluate(shoppers(t, 1)); err == nil || !strings.Contains(err.Error(), "1 visitors") {
		t.Errorf("one visitor: %v", err)
	}
}
