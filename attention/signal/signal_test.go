package signal_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"souk/attention/focus"
	"souk/attention/signal"
	"souk/world"
)

// speaks is how much a signal speaks for the item: below 0 against it.
func speaks(s signal.Signal) float32 { return s.Confidence * (2*s.Preference - 1) }

// TestALongLookSpeaksForAnItemAndAShortOneAgainst holds that looks tell taste
// from place: what was looked at and left is not what was looked at and liked.
func TestALongLookSpeaksForAnItemAndAShortOneAgainst(t *testing.T) {
	w, n := signal.DefaultWeights(), signal.NewNormaliser()
	last := float32(math.Inf(-1))
	for _, dwell := range []float64{0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4} {
		s, ok := w.FromVisit(focus.Visit{Item: 3, Dwell: dwell, T1: 9, Exposure: 0.05}, n)
		if !ok || speaks(s) <= last || s.Item != 3 || s.T != 9 || s.Kind != world.EventDwell {
			t.Errorf("%v s: %+v (%v), want a signal that speaks more for the item than %v", dwell, s, ok, last)
		}
		if dwell <= 0.2 && s.Preference != 0 || dwell >= 3.2 && s.Preference != 1 {
			t.Errorf("%v s: preference %v", dwell, s.Preference)
		}
		last = speaks(s)
	}
	if last > w.Dwell {
		t.Errorf("the longest look speaks %v for the item, want at most %v", last, w.Dwell)
	}
}

func TestTheSameLookCountsLessWhereThereWasMoreToSee(t *testing.T) {
	w, n := signal.DefaultWeights(), signal.NewNormaliser()
	last := float32(math.Inf(1))
	for _, exposure := range []float32{0.001, 0.01, 0.1, 1, 10} {
		s, _ := w.FromVisit(focus.Visit{Dwell: 1, Exposure: exposure}, n)
		if speaks(s) > last {
			t.Errorf("exposure %v: speaks %v for the item, more than %v with less", exposure, speaks(s), last)
		}
		last = speaks(s)
	}
}

func TestAGlanceIsNoInterest(t *testing.T) {
	if s, ok := signal.DefaultWeights().FromVisit(focus.Visit{Dwell: 0.08, Exposure: 0.1}, signal.NewNormaliser()); ok {
		t.Errorf("80 ms give %+v", s)
	}
	if _, ok := signal.DefaultWeights().FromVisit(focus.Visit{Dwell: math.NaN()}, signal.NewNormaliser()); ok {
		t.Error("no number gives a signal")
	}
}

func TestPassedOverIsWeakAndGoesByExposure(t *testing.T) {
	w := signal.DefaultWeights()
	big, _ := w.FromPassed(focus.Passed{Item: 1, Exposure: 0.5, InView: 5})
	small, _ := w.FromPassed(focus.Passed{Item: 1, Exposure: 0.05, InView: 5})
	side, _ := w.FromPassed(focus.Passed{Item: 1, Exposure: 0.5, InView: 5, Eccentricity: 0.6})
	if big.Preference != 0 || big.Confidence <= small.Confidence || big.Confidence <= side.Confidence || big.Confidence > w.Passed {
		t.Errorf("large in the middle %v, small %v, at the side %v, limit %v", big.Confidence, small.Confidence, side.Confidence, w.Passed)
	}
	if _, ok := w.FromPassed(focus.Passed{Exposure: 0.0005, InView: 1}); ok {
		t.Error("a speck that was passed says something")
	}
}

func TestAShortLookAtTheKnownSaysNothing(t *testing.T) {
	w, n := signal.DefaultWeights(), signal.NewNormaliser()
	short := focus.Visit{Item: 3, Dwell: 0.2, Exposure: 0.05}
	if _, ok := w.FromVisit(short, n); !ok {
		t.Error("a first short look says nothing")
	}
	short.Revisit = true
	if s, ok := w.FromVisit(short, n); ok {
		t.Errorf("a short look at what was looked at before gives %+v", s)
	}
	long := focus.Visit{Item: 3, Dwell: 4, Exposure: 0.05, Revisit: true}
	if s, ok := w.FromVisit(long, n); !ok || s.Preference != 1 {
		t.Errorf("a long one gives %+v (%v)", s, ok)
	}
}

func TestDeedsAndTheirUndoing(t *testing.T) {
	w := signal.DefaultWeights()
	for _, c := range []struct {
		do, undo   world.EventKind
		preference float32
		confidence float32
	}{
		{world.EventLike, world.EventUnlike, 1, w.Like},
		{world.EventHide, world.EventUnhide, 0, w.Hide},
		{world.EventCart, world.EventUncart, 1, w.Cart},
	} {
		did, ok := w.FromAction(1, c.do, 7)
		if !ok || did.Preference != c.preference || did.Confidence != c.confidence || did.Undo || did.Kind != c.do {
			t.Errorf("%v: %+v (%v)", c.do, did, ok)
		}
		undid, ok := w.FromAction(2, c.undo, 7)
		undid.Undo, undid.T = !undid.Undo, did.T
		if !ok || undid != did {
			t.Errorf("%v: %+v (%v), want what %v gave, with Undo", c.undo, undid, ok, c.do)
		}
	}
	if s, ok := w.FromAction(1, world.EventPurchase, 7); !ok || s.Confidence <= w.Like {
		t.Errorf("purchase %+v, want more than a like", s)
	}
	for _, k := range []world.EventKind{world.EventComment, world.EventGesture, world.EventQuestion} {
		if s, ok := w.FromAction(1, k, 7); !ok || s.Kind != k || s.Preference != 1 || !(s.Confidence > w.Dwell && s.Confidence < w.Like) {
			t.Errorf("%v: %+v (%v), want more than a look and less than a like", k, s, ok)
		}
	}
	for _, k := range []world.EventKind{world.EventUnknown, world.EventExposure, world.EventDwell, world.EventPlace, 200} {
		if s, ok := w.FromAction(1, k, 7); ok {
			t.Errorf("kind %d is a deed: %+v", k, s)
		}
	}
}

func TestWeightsOutOfRangeAreNamed(t *testing.T) {
	if err := signal.DefaultWeights().Check(); err != nil {
		t.Error(err)
	}
	w := signal.DefaultWeights()
	w.Like = float32(math.NaN())
	if err := w.Check(); err == nil || err.Error() != "signal weight Like is NaN: give a number of at least 0" {
		t.Errorf("error %v", err)
	}
	w = signal.DefaultWeights()
	w.PassedSpread = 0
	if w.Check() == nil {
		t.Error("a spread of 0 passes")
	}
}

func TestTheNormaliserLearnsTheVisitorsOwnDwell(t *testing.T) {
	// Somebody who looks at everything for a log-normal time around 4 s:
	// after 500 looks, the quantiles are those of that distribution.
	n := signal.NewNormaliser()
	before := n.Quantile(4, 0.05)
	rng := rand.New(rand.NewPCG(1, 1))
	for range 500 {
		n.Observe(4*math.Exp(0.5*rng.NormFloat64()), 0.05)
	}
	for _, c := range []struct{ dwell, want float64 }{
		{4, 0.5}, {4 * math.Exp(0.5), 0.841}, {4 * math.Exp(-0.5), 0.159},
	} {
		// 30 prior visits of 530 lie elsewhere: 0.06.
		if got := n.Quantile(c.dwell, 0.05); math.Abs(got-c.want) > 0.08 {
			t.Errorf("quantile of %.2f s is %.3f, want %.3f", c.dwell, got, c.want)
		}
	}
	if before < 0.9 || n.Quantile(4, 0.05) > 0.6 {
		t.Errorf("4 s were at quantile %.2f and now are at %.2f, want far up and then the middle", before, n.Quantile(4, 0.05))
	}
	if other := n.Quantile(4, 5); other < 0.8 {
		t.Errorf("a bucket without visits has changed: %.2f", other)
	}
	if n.Seen() != 500 {
		t.Errorf("seen %d", n.Seen())
	}
	if n.Reset(); n.Quantile(4, 0.05) != before || n.Seen() != 0 {
		t.Error("Reset does not forget")
	}
}

func TestTheQuantileIsMonotoneAndBetweenNoughtAndOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := signal.NewNormaliser()
		for range rapid.IntRange(0, 50).Draw(t, "visits") {
			n.Observe(rapid.Float64().Draw(t, "dwell"), rapid.Float64().Draw(t, "exposure"))
		}
		exposure := rapid.Float64Range(0, 20).Draw(t, "at")
		dwells := rapid.SliceOfN(rapid.Float64Range(0, 60), 2, 20).Draw(t, "dwells")
		slices.Sort(dwells)
		last := 0.0
		for _, d := range dwells {
			q := n.Quantile(d, exposure)
			if !(q >= last-1e-12) || q > 1 {
				t.Fatalf("quantile %v of %v s after %v", q, d, last)
			}
			last = q
		}
		other := signal.NewNormaliser()
		if err := other.RestoreState(n.AppendState(nil)); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(other.AppendState(nil), n.AppendState(nil)) {
			t.Fatal("the restored state differs")
		}
	})
}

func FuzzNormaliserRestoreState(f *testing.F) {
	f.Add(signal.NewNormaliser().AppendState(nil))
	f.Add([]byte("short"))
	f.Fuzz(func(t *testing.T, b []byte) {
		n := signal.NewNormaliser()
		if n.RestoreState(b) != nil && n.Seen() != 0 {
			t.Error("a refused state left something behind")
		}
		n.Quantile(1, 1)
	})
}
