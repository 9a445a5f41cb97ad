package offpolicy

import (
	"strings"
	"testing"

	"souk/world"
	"souk/world/catalog"
)

func TestAPlacementIsASuccessWhereALookOrAnActFollowsInTime(t *testing.T) {
	c, err := catalog.Generate(20, 1)
	if err != nil {
		t.Fatal(err)
	}
	p, err := NewPlacements(c, DefaultReward())
	if err != nil {
		t.Fatal(err)
	}
	row := func(visitor string, kind world.EventKind, item int, at float64) world.Event {
		return world.Event{Visitor: visitor, Kind: kind, Item: c.Items[item].ID, Time: at, Propensity: .25, Dwell: 2}
	}
	short := row("a", world.EventDwell, 4, 20)
	short.Dwell = 0.5
	unknown, zero := row("a", world.EventPlace, 1, 1), row("a", world.EventPlace, 1, 1)
	unknown.Item, zero.Propensity = "gone", 0
	for _, ev := range []world.Event{
		row("a", world.EventPlace, 1, 10), row("a", world.EventDwell, 1, 30), // looked at
		row("a", world.EventPlace, 2, 10), row("b", world.EventLike, 2, 30), // by somebody else
		row("a", world.EventPlace, 3, 10), row("a", world.EventPurchase, 3, 5000), // too late
		row("a", world.EventPlace, 4, 10), short, // too short
		row("a", world.EventPlace, 5, 10), row("a", world.EventOpen, 5, 9), // before
		unknown, zero,
	} {
		p.Add(&ev)
	}
	l, err := p.Log()
	if err != nil || l.Check() != nil {
		t.Fatal(err, l.Check())
	}
	if l.Actions != 20 || len(l.Reward) != 5 || l.Reward[0] != 1 || l.Mean() != 0.2 || p.Without != 2 {
		t.Errorf("%+v, %d without", l, p.Without)
	}
	empty, err := NewPlacements(c, DefaultReward())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := empty.Log(); err == nil || !strings.Contains(err.Error(), "no placement") {
		t.Errorf("no placements: %v", err)
	}
	if _, err := NewPlacements(c, Reward{}); err == nil {
		t.Error("a window of 0 is accepted")
	}
}
