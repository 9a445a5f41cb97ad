package privacy_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"souk/attention/privacy"
	"souk/world"
)

func TestWhatEachTierLetsThrough(t *testing.T) {
	transactions := []world.EventKind{world.EventCart, world.EventUncart, world.EventPurchase}
	for _, c := range []struct {
		tier    privacy.Tier
		passes  []world.EventKind
		learns  bool
		spelled string
	}{
		{privacy.None, transactions, false, "none"},
		{privacy.Local, transactions, true, "local"},
		{privacy.Share, []world.EventKind{world.EventExposure, world.EventDwell, world.EventOpen, world.EventLike, world.EventUnlike,
			world.EventHide, world.EventUnhide, world.EventCart, world.EventUncart, world.EventPurchase, world.EventPlace}, true, "share"},
		{privacy.Tier(3), transactions, false, "tier 3"},
	} {
		if c.tier.String() != c.spelled || c.tier.Learns() != c.learns {
			t.Errorf("tier %d: %q, learns %v", c.tier, c.tier, c.tier.Learns())
		}
		gate := privacy.NewGate(c.tier)
		var events []world.Event
		for k := range 256 {
			events = append(events, world.Event{Kind: world.EventKind(k)})
		}
		var passed []world.EventKind
		for _, e := range gate.Filter(nil, events) {
			passed = append(passed, e.Kind)
		}
		if diff := cmp.Diff(c.passes, passed); diff != "" {
			t.Errorf("tier %v (-want +got):\n%s", c.tier, diff)
		}
		if n := gate.Total(); n.Passed != uint64(len(passed)) || n.Passed+n.Held != 256 {
			t.Errorf("tier %v: counts %+v of 256", c.tier, n)
		}
	}
}

func TestATransactionCarriesNothingMeasuredWithoutConsent(t *testing.T) {
	full := world.Event{ID: "i", Visitor: "v", Session: "s", Time: 1, Kind: world.EventPurchase, Item: "x", Dwell: 2, Exposure: 3,
		InView: 4, Eccentricity: 5, Propensity: 6, Slot: 7, Source: world.SourceEye, Amount: 8}
	events := []world.Event{full}
	want := world.Event{ID: "i", Visitor: "v", Session: "s", Time: 1, Kind: world.EventPurchase, Item: "x", Slot: world.NoSlot, Amount: 8}
	for _, tier := range []privacy.Tier{privacy.None, privacy.Local} {
		if diff := cmp.Diff([]world.Event{want}, privacy.NewGate(tier).Filter(nil, events)); diff != "" {
			t.Errorf("tier %v (-want +got):\n%s", tier, diff)
		}
	}
	if diff := cmp.Diff([]world.Event{full}, privacy.NewGate(privacy.Share).Filter(nil, events)); diff != "" {
		t.Errorf("tier share (-want +got):\n%s", diff)
	}
	if events[0] != full {
		t.Error("Filter has changed its input")
	}
}

func TestConsentTakenBackHoldsFromTheNextEventOn(t *testing.T) {
	gate := privacy.NewGate(privacy.Share)
	dwell := []world.Event{{Kind: world.EventDwell}}
	out := gate.Filter(nil, dwell)
	gate.SetTier(privacy.None)
	if out = gate.Filter(out, dwell); len(out) != 1 || gate.Tier() != privacy.None {
		t.Errorf("%d events passed, want the first alone", len(out))
	}
	if got, want := gate.Count(world.EventDwell), (privacy.Counts{Passed: 1, Held: 1}); got != want {
		t.Errorf("counts %+v, want %+v", got, want)
	}
}

func TestTheZeroGateIsClosed(t *testing.T) {
	var gate privacy.Gate
	if out := gate.Filter(nil, []world.Event{{Kind: world.EventDwell}, {Kind: world.EventLike}}); len(out) != 0 {
		t.Errorf("passed %v", out)
	}
}

func TestTierNamesAreReadBack(t *testing.T) {
	for _, tier := range []privacy.Tier{privacy.None, privacy.Local, privacy.Share} {
		if got, err := privacy.ParseTier(tier.String()); got != tier || err != nil {
			t.Errorf("ParseTier(%q) is %v, %v", tier, got, err)
		}
	}
	if got, err := privacy.ParseTier("all"); err == nil || got != privacy.None {
		t.Errorf("ParseTier of no tier is %v, %v", got, err)
	}
}

func TestFilterAllocatesNothing(t *testing.T) {
	gate := privacy.NewGate(privacy.Share)
	events := make([]world.Event, 16)
	for i := range events {
		events[i].Kind = world.EventKind(i % 12)
	}
	dst := make([]world.Event, 0, 16)
	if n := testing.AllocsPerRun(100, func() { dst = gate.Filter(dst[:0], events) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
