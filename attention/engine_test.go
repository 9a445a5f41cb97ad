package attention_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"souk/attention"
	"souk/attention/focus"
	"souk/attention/rank"
	"souk/world"
	"souk/world/plan"
)

func TestAStareAtOneThingIsAVisitToItAndNotToItsNeighbour(t *testing.T) {
	p := market(t, 300)
	lamp, vase := neighbours(t, p)
	lampID := p.Catalog().Items[p.Slots[lamp].Item].ID
	for seed := range uint64(5) {
		v := newVisitor(t, p, ranker(t, p, seed), 1.5, seed)
		v.stand(lamp).at(lamp).wait(2)
		if f := v.last.Focus; f.Slot != lamp || f.P < 0.8 || f.Dwell < 1.7 || f.Source != world.SourceSimulated {
			t.Errorf("seed %d: focus %+v, want slot %d with P ≥ 0.8 for nearly 2 s (the neighbour is %d)", seed, f, lamp, vase)
		}
		v.away().wait(1)
		dwell := v.of(world.EventDwell)
		if len(dwell) != 1 || dwell[0].Item != lampID || dwell[0].Slot != lamp {
			t.Errorf("seed %d: visits %+v, want one to %s", seed, dwell, lampID)
			continue
		}
		e := dwell[0]
		if e.Dwell < 1.7 || e.Dwell > 2.2 || e.InView < 2 || e.Exposure <= 0 || e.Time < 1.7 || e.Time > 2.2 || e.Source != world.SourceSimulated {
			t.Errorf("seed %d: event %+v", seed, e)
		}
	}
}

func TestAGlanceAndAWayPastAreExposure(t *testing.T) {
	p := market(t, 300)
	a, b := neighbours(t, p)
	h := &heard{Policy: ranker(t, p, 1)}
	v := newVisitor(t, p, h, 0.3, 1)
	v.stand(a).at(a).wait(1).at(b).wait(0.09).at(a).wait(1)
	v.frame.Head = world.Upright(v.frame.Head.Pos, 2, 1.5) // up and away
	v.away().wait(2)
	glanced := p.Catalog().Items[p.Slots[b].Item].ID
	exposure := 0
	for _, e := range v.events {
		if e.Item != glanced {
			continue
		}
		switch e.Kind {
		case world.EventDwell:
			t.Errorf("a glance of 90 ms is a visit: %+v", e)
		case world.EventExposure:
			exposure++
			if e.InView < 1.9 || e.Dwell != 0 || e.Exposure <= 0 {
				t.Errorf("exposure %+v, want some 2 s in view", e)
			}
		}
	}
	if exposure != 1 {
		t.Errorf("%d exposures of what was glanced at, want 1", exposure)
	}
	for _, s := range h.signals {
		if s.Item == p.Slots[b].Item && (s.Preference != 0 || s.Confidence > 0.2) {
			t.Errorf("a glance tells the ranker %+v, want weak evidence against at most", s)
		}
	}
}

func TestALongLookCountsWhileItLastsAndAddsUp(t *testing.T) {
	p := market(t, 300)
	slot, _ := neighbours(t, p)
	item := p.Slots[slot].Item
	h := &heard{Policy: ranker(t, p, 1)}
	v := newVisitor(t, p, h, 0.3, 1)
	v.stand(slot).at(slot)
	var at []float64
	for range 60 * 5 {
		n := len(h.signals)
		v.step()
		for _, s := range h.signals[n:] {
			if s.Item == item {
				at = append(at, v.frame.T)
			}
		}
	}
	// At 0.7 s it is not yet a long look.
	if len(at) != 2 || math.Abs(at[0]-1.5) > 0.2 || math.Abs(at[1]-3) > 0.2 {
		t.Errorf("signals at %v s, want them at about 1.5 and 3 s, before the look is over", at)
	}
	v.away().wait(1)
	var confidence, dwell float64
	for _, s := range h.signals {
		if s.Item == item {
			confidence += float64(s.Confidence)
			dwell += float64(s.Dwell)
		}
	}
	e := v.of(world.EventDwell)[0]
	if math.Abs(dwell-float64(e.Dwell)) > 1e-5 {
		t.Errorf("the signals' dwells add up to %v s, the visit has %v", dwell, e.Dwell)
	}
	// A visit of the same length is worth as much in one piece. Its exposure is
	// what the item had when the look began to matter: at the first milestone.
	w := attention.DefaultConfig().Signal
	exposure := e.Exposure / e.InView * 0.75
	whole, _ := w.FromVisit(focus.Visit{Dwell: float64(e.Dwell), Exposure: exposure}, newNormaliser())
	if math.Abs(confidence-float64(whole.Confidence)) > 1e-4 {
		t.Errorf("the signals' confidences add up to %v, one for the whole visit has %v", confidence, whole.Confidence)
	}
}

func TestRankingFollowsEvidenceAndNotTheClock(t *testing.T) {
	p := market(t, 300)
	slot, _ := neighbours(t, p)
	h := &heard{Policy: ranker(t, p, 1)}
	v := newVisitor(t, p, h, 0.3, 1)
	v.away().wait(3)
	if h.ranked != 1 {
		t.Errorf("%d rankings without evidence, want the first alone", h.ranked)
	}
	v.stand(slot).at(slot)
	var at []float64
	for range 60 * 4 {
		if v.step().Reranked {
			at = append(at, v.frame.T)
		}
	}
	if len(at) < 2 {
		t.Errorf("rankings at %v s in a look of 4 s, want one for each milestone", at)
	}
	for i := 1; i < len(at); i++ {
		if at[i]-at[i-1] < 0.25-1e-9 {
			t.Errorf("rankings at %v and %v s, want a quarter of a second between", at[i-1], at[i])
		}
	}
	if len(v.last.Ranked) != attention.DefaultConfig().Top {
		t.Errorf("%d ranked items", len(v.last.Ranked))
	}
}

func TestWhatWasLookedAtBringsWhatIsLikeIt(t *testing.T) {
	p := market(t, 300)
	slot, _ := neighbours(t, p)
	v := newVisitor(t, p, ranker(t, p, 1), 0.5, 1)
	place := func(d *attention.Decision, item world.ItemIndex) (score float32) {
		for _, s := range d.Ranked {
			if s.Item == item {
				return s.Score
			}
		}
		return 0
	}
	item := p.Slots[slot].Item
	before := place(v.step(), item)
	v.stand(slot).at(slot).wait(5)
	if after := place(v.last, item); after <= before {
		t.Errorf("a look of 5 s moves the item's score from %v to %v", before, after)
	}
	placed := 0
	for range 60 * 20 {
		if v.frame.T > 10 {
			v.away()
		}
		d := v.step()
		if len(d.Reasons) != len(d.Placements) {
			t.Fatalf("%d reasons for %d placements", len(d.Reasons), len(d.Placements))
		}
		for _, pl := range d.Placements {
			placed++
			if v.engine.Holding()[pl.Slot] != pl.Item {
				t.Errorf("placement %+v, but the slot holds %d", pl, v.engine.Holding()[pl.Slot])
			}
		}
	}
	events := v.of(world.EventPlace)
	if placed == 0 || len(events) == 0 {
		t.Fatalf("%d placements and %d events, want some", placed, len(events))
	}
	for _, e := range events {
		if !(e.Propensity > 0 && e.Propensity <= 1) || e.Slot == world.NoSlot || p.Slots[e.Slot].Kind != plan.Feature {
			t.Errorf("event %+v", e)
		}
	}
}

func TestNoPolicyNoticesAndPlacesNothing(t *testing.T) {
	p := market(t, 300)
	slot, _ := neighbours(t, p)
	v := newVisitor(t, p, nil, 0.5, 1).stand(slot).at(slot).wait(2).away().wait(10)
	if len(v.of(world.EventDwell)) != 1 || len(v.of(world.EventPlace)) != 0 || v.last.Ranked != nil {
		t.Errorf("events %+v, ranked %v", v.events, v.last.Ranked)
	}
}

func TestDeedsCountOnceAndCanBeTakenBack(t *testing.T) {
	p := market(t, 300)
	h := &heard{Policy: ranker(t, p, 1)}
	v := newVisitor(t, p, h, 0.5, 1).away().wait(0.1)
	step := func(kind world.EventKind, wantSignals, wantEvents int) {
		t.Helper()
		s, e := len(h.signals), len(v.events)
		v.do(kind, 7).step()
		if len(h.signals)-s != wantSignals || len(v.events)-e != wantEvents {
			t.Errorf("%v: %d signals and %d events, want %d and %d", kind, len(h.signals)-s, len(v.events)-e, wantSignals, wantEvents)
		}
	}
	step(world.EventUnlike, 0, 0) // was not liked
	step(world.EventLike, 1, 1)
	if !v.engine.Liked(7) || v.engine.Liked(8) || v.engine.Liked(-1) || v.engine.Liked(1<<20) {
		t.Error("7 alone should be liked")
	}
	step(world.EventLike, 0, 0)
	step(world.EventUnlike, 1, 1)
	if v.engine.Liked(7) || !h.signals[len(h.signals)-1].Undo {
		t.Error("7 is still liked")
	}
	step(world.EventOpen, 1, 1)
	step(world.EventOpen, 0, 1)
	step(world.EventCart, 1, 1)
	step(world.EventPurchase, 1, 1)
	if e := v.events[len(v.events)-1]; e.Amount != p.Catalog().Items[7].Price || v.engine.InCart(7) {
		t.Errorf("purchase %+v, in the cart: %v", e, v.engine.InCart(7))
	}
	step(world.EventHide, 1, 1)
	if !v.engine.Hidden(7) {
		t.Error("7 is not hidden")
	}
	for _, s := range v.wait(1).last.Ranked {
		if s.Item == 7 {
			t.Error("what is hidden is ranked")
		}
	}
	step(world.EventUnhide, 1, 1)
	if v.engine.Hidden(7) {
		t.Error("7 is still hidden")
	}
}

func TestAPauseEndsTheVisitAndNoticesNothingMore(t *testing.T) {
	p := market(t, 300)
	slot, _ := neighbours(t, p)
	v := newVisitor(t, p, ranker(t, p, 1), 0.5, 1).stand(slot).at(slot).wait(1)
	v.frame.Paused = true
	v.step()
	if d := v.of(world.EventDwell); len(d) != 1 || d[0].Dwell > 1.05 {
		t.Errorf("visits %+v, want the one before the pause", d)
	}
	n := len(v.events)
	v.wait(3)
	if len(v.events) != n || v.last.Focus.Item != world.NoItem || len(v.last.Gaze) > 0 {
		t.Errorf("in the pause: events %+v, focus %+v", v.events[n:], v.last.Focus)
	}
	if v.do(world.EventLike, 3).step(); !v.engine.Liked(3) {
		t.Error("a like in the pause is lost")
	}
	v.frame.Paused = false
	v.wait(0.5).away().wait(1)
	if d := v.of(world.EventDwell); len(d) != 2 || d[1].Dwell > 0.6 || d[1].InView > 1.1 {
		t.Errorf("visits %+v, want another of half a second, the pause not counted", d)
	}
}

func TestEraseForgets(t *testing.T) {
	p := market(t, 300)
	slot, _ := neighbours(t, p)
	v := newVisitor(t, p, ranker(t, p, 1), 0.5, 1)
	v.away().wait(0.1)
	first := append([]rank.Scored(nil), v.last.Ranked...)
	v.stand(slot).at(slot).do(world.EventLike, 5).do(world.EventHide, first[0].Item).wait(4)
	v.frame.Erase = true
	n := len(v.events)
	d := v.step()
	if v.engine.Liked(5) || v.engine.Hidden(first[0].Item) || !d.Reranked || d.Focus.Dwell > 0 {
		t.Errorf("after erasing: liked %v, focus %+v, reranked %v", v.engine.Liked(5), d.Focus, d.Reranked)
	}
	for _, e := range v.events[n:] {
		if e.Kind == world.EventDwell {
			t.Errorf("the visit before is told after the erasing: %+v", e)
		}
	}
	for i, s := range d.Ranked {
		if s != first[i] {
			t.Fatalf("rank %d is %+v, for an unknown visitor it was %+v", i, s, first[i])
		}
	}
	// Erasing is honoured even in a frame that is otherwise refused.
	v.do(world.EventLike, 5).step()
	v.engine.Step(&attention.Frame{T: math.NaN(), Erase: true})
	if v.engine.Liked(5) {
		t.Error("a bad frame's Erase is ignored")
	}
}

func TestTwoEnginesGivenTheSameFramesAgreeByteForByte(t *testing.T) {
	p := market(t, 300)
	var tapes [2]bytes.Buffer
	for i := range tapes {
		v := newVisitor(t, p, ranker(t, p, 9), 1.5, 9)
		v.stroll(2000, rand.New(rand.NewPCG(9, 9)))
		tapes[i] = v.tape
		kinds := map[world.EventKind]int{}
		for _, e := range v.events {
			kinds[e.Kind]++
		}
		for _, k := range []world.EventKind{world.EventDwell, world.EventExposure, world.EventPlace, world.EventLike} {
			if kinds[k] == 0 {
				t.Errorf("the session has no event %v, so it proves little: %v", k, kinds)
			}
		}
	}
	if !bytes.Equal(tapes[0].Bytes(), tapes[1].Bytes()) {
		t.Error("the decisions differ")
	}
}

func TestARestoredEngineGoesOnByteForByte(t *testing.T) {
	p := market(t, 300)
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint64Range(0, 1000).Draw(rt, "seed")
		cut := rapid.IntRange(0, 600).Draw(rt, "cut")
		v := newVisitor(t, p, ranker(t, p, seed), 1.5, seed)
		rng := rand.New(rand.NewPCG(seed, 9))
		v.stroll(cut, rng)
		other := newVisitor(t, p, ranker(t, p, seed), 1.5, seed)
		if err := other.engine.Restore(v.engine.Snapshot()); err != nil {
			rt.Fatal(err)
		}
		for range 4 {
			v.stand(world.SlotIndex(rng.IntN(200)))
			v.look = v.frame.Head.Ahead()
			for range 40 {
				f := v.next()
				var a, b bytes.Buffer
				encode(&a, v.engine.Step(f))
				encode(&b, other.engine.Step(f))
				if !bytes.Equal(a.Bytes(), b.Bytes()) {
					rt.Fatalf("at %v s the uninterrupted engine decides\n%s\nthe restored one\n%s", f.T, a.String(), b.String())
				}
			}
		}
		if !bytes.Equal(v.engine.Snapshot(), other.engine.Snapshot()) {
			rt.Fatal("the states differ at the end")
		}
	})
}

func TestASnapshotOfAnotherMarketIsRefusedInASentence(t *testing.T) {
	p, q := market(t, 300), market(t, 200)
	v := newVisitor(t, p, ranker(t, p, 1), 0.5, 1).wait(0.5)
	state := v.engine.Snapshot()
	fresh := func(p *plan.Plan, policy rank.Policy, seed uint64) *attention.Engine {
		return newVisitor(t, p, policy, 0.5, seed).engine
	}
	for what, c := range map[string]struct {
		e     *attention.Engine
		state []byte
		want  string
	}{
		"another plan":   {fresh(q, ranker(t, q, 1), 1), state, "floor plan"},
		"another policy": {fresh(p, nil, 1), state, `policy "ranker", not "none"`},
		"another seed":   {fresh(p, ranker(t, p, 1), 2), state, "seed 1, not 2"},
		"cut short":      {fresh(p, ranker(t, p, 1), 1), state[:len(state)/2], "early"},
		"nothing":        {fresh(p, ranker(t, p, 1), 1), nil, "early"},
		"too long":       {fresh(p, ranker(t, p, 1), 1), append(append([]byte(nil), state...), 0), "too many"},
	} {
		empty := c.e.Snapshot()
		err := c.e.Restore(c.state)
		if err == nil || !strings.Contains(err.Error(), c.want) && !strings.Contains(err.Error(), "bytes") {
			t.Errorf("%s: error %v, want it to say %q", what, err, c.want)
		}
		if !bytes.Equal(c.e.Snapshot(), empty) {
			t.Errorf("%s: the engine is not as new after the error", what)
		}
	}
}

func TestNewRefusesWhatCannotWork(t *testing.T) {
	p := market(t, 200)
	if _, err := attention.New(attention.DefaultConfig(), nil, nil, 1); err == nil {
		t.Error("no plan is accepted")
	}
	for field, spoil := range map[string]func(*attention.Config){
		"RankEvery":     func(c *attention.Config) { c.RankEvery = math.NaN() },
		"Top":           func(c *attention.Config) { c.Top = 0 },
		"Milestones[1]": func(c *attention.Config) { c.Milestones[1] = 0.1 },
		"Like":          func(c *attention.Config) { c.Signal.Like = -1 },
		"PerMinute":     func(c *attention.Config) { c.Place.PerMinute = -1 },
	} {
		cfg := attention.DefaultConfig()
		spoil(&cfg)
		if _, err := attention.New(cfg, p, nil, 1); err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("%s out of range: error %v", field, err)
		}
	}
}
