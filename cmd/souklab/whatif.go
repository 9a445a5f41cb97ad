package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"text/tabwriter"

	"souk/attention"
	"souk/attention/rank"
	"souk/attention/record"
	"souk/cmd/internal/loop"
	"souk/world"
	"souk/world/plan"
)

// whatIf compares a recorded session with what another ranker would have done
// with it: both see the recorded frames.
type whatIf struct {
	market *loop.Market
	// was is the recorded policy, which ranks again; is the other one. nil: none.
	was, is  rank.Policy
	recorded []world.ItemIndex // what stood in each slot
	other    *attention.Engine

	stood   map[world.SlotIndex]*standing
	lastT   float64
	looking world.ItemIndex
	ranks   []attended
	seconds float64 // in view of pedestals, in all
	agreed  float64 // of those, with the same item under both
	both    int     // items that both have placed
	placed  [2]map[world.ItemIndex]bool
}

// standing is what stood on a pedestal while it was in view, by seconds.
type standing struct {
	seconds  float64
	was, is  map[world.ItemIndex]float64
	slot     world.SlotIndex
	sameTime float64
}

// attended is where an item stood in the two rankings when a look at it began.
type attended struct{ was, is int }

// other replays with both rankers and prints the comparison.
func (c *replayCmd) other(ctx context.Context, r *record.Reader, engine *attention.Engine, m *loop.Market, w io.Writer) error {
	h := r.Header()
	if len(h.Snapshot) > 0 {
		return fmt.Errorf("%s begins with a visitor who was known already, and what the other ranker would have learned before is not in it: compare a session that starts fresh", c.File)
	}
	// Policies of their own: ranking for the table must not move the engines'.
	was, err := recordedPolicy(&h, m)
	if err != nil {
		return err
	}
	is, err := loop.NewPolicy(c.Ranker, m, h.PolicySeed)
	if err != nil {
		return fmt.Errorf("-ranker: %w", err)
	}
	other, err := engineWith(&h, m, is)
	if err != nil {
		return err
	}
	x := &whatIf{market: m, was: was, is: is, recorded: m.Plan.NewHolding(), other: other,
		stood: map[world.SlotIndex]*standing{}, lastT: math.NaN(), looking: world.NoItem}
	x.placed[0], x.placed[1] = map[world.ItemIndex]bool{}, map[world.ItemIndex]bool{}
	// The recorded policy learns by way of an engine too.
	teacher, err := engineWith(&h, m, was)
	if err != nil {
		return err
	}
	res, err := record.Replay(r, engine, func(e *record.Entry, _ *attention.Decision) error {
		x.rankLook(e)
		teacher.Step(&e.Frame)
		x.step(e)
		if e.Number%1024 == 0 {
			return ctx.Err()
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("replay stopped after %d frames: %w", res.Frames, err)
	}
	if res.Different > 0 {
		fmt.Fprintf(w, "Mind: %d of %d decisions do not replay as recorded; the ranks under the recorded ranker are those of this build.\n", res.Different, res.Frames)
	}
	return x.print(w, &h, c.Ranker, c.Rows)
}

// rankLook notes, as a look at an item begins and before either ranker learns
// of it, where the item stands in both rankings.
func (x *whatIf) rankLook(e *record.Entry) {
	item := e.Decision.Focus.Item
	if item == x.looking {
		return
	}
	x.looking = item
	if item == world.NoItem || x.was == nil || x.is == nil {
		return
	}
	a := attended{place(x.was, item, len(x.market.Catalog.Items)), place(x.is, item, len(x.market.Catalog.Items))}
	if a.was > 0 && a.is > 0 {
		x.ranks = append(x.ranks, a)
	}
}

// place is the item's place in the whole ranking, from 1; 0 where it is left out (hidden, bought).
func place(p rank.Policy, item world.ItemIndex, n int) int {
	return 1 + slices.IndexFunc(p.Rank(n), func(s rank.Scored) bool { return s.Item == item })
}

// step adds the time since the last frame to what stood in view, and lets both place.
func (x *whatIf) step(e *record.Entry) {
	dt := e.Frame.T - x.lastT
	x.lastT = e.Frame.T
	if dt > 0 && dt < 1 {
		for i := range e.Frame.Visible {
			x.look(&e.Frame.Visible[i], dt)
		}
	}
	for _, p := range e.Decision.Placements {
		if int(p.Slot) < len(x.recorded) && p.Slot >= 0 {
			x.recorded[p.Slot] = p.Item
			x.put(0, p.Item)
		}
	}
	for _, p := range x.other.Step(&e.Frame).Placements {
		x.put(1, p.Item)
	}
}

func (x *whatIf) look(v *plan.View, dt float64) {
	if x.market.Plan.Slots[v.Slot].Kind != plan.Feature {
		return
	}
	s := x.stood[v.Slot]
	if s == nil {
		s = &standing{slot: v.Slot, was: map[world.ItemIndex]float64{}, is: map[world.ItemIndex]float64{}}
		x.stood[v.Slot] = s
	}
	was, is := x.recorded[v.Slot], x.other.Holding()[v.Slot]
	s.seconds += dt
	s.was[was] += dt
	s.is[is] += dt
	if was == world.NoItem && is == world.NoItem {
		return
	}
	x.seconds += dt
	if was == is {
		x.agreed += dt
		s.sameTime += dt
	}
}

func (x *whatIf) put(side int, item world.ItemIndex) {
	if item == world.NoItem || x.placed[side][item] {
		return
	}
	x.placed[side][item] = true
	if x.placed[1-side][item] {
		x.both++
	}
}

// print writes the comparison: the pedestals that were longest in view, then
// what the two have in common.
func (x *whatIf) print(w io.Writer, h *record.Header, name string, rows int) error {
	all := make([]*standing, 0, len(x.stood))
	for _, s := range x.stood {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b *standing) int {
		if c := cmp.Compare(b.seconds, a.seconds); c != 0 {
			return c
		}
		return cmp.Compare(a.slot, b.slot)
	})
	fmt.Fprintf(w, "\nWhat stood longest on the pedestals that were longest in view (%d of %d):\n", min(rows, len(all)), len(all))
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "slot\tin view\trecorded (%s)\t%s\tthe same item\n", orNone(h.Policy), name)
	for _, s := range all[:min(rows, len(all))] {
		fmt.Fprintf(t, "%d\t%.1f s\t%s\t%s\t%.0f %%\n", s.slot, s.seconds, x.name(longest(s.was)), x.name(longest(s.is)), 100*s.sameTime/s.seconds)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(w, "\nOverlap: the same item %.1f %% of the time that filled pedestals were in view; %d items placed as recorded, %d by %s, %d by both\n",
		100*x.agreed/max(x.seconds, 1e-9), len(x.placed[0]), len(x.placed[1]), name, x.both)
	if n := len(x.ranks); n > 0 {
		was, is := summary(x.ranks, func(a attended) int { return a.was }), summary(x.ranks, func(a attended) int { return a.is })
		fmt.Fprintf(w, "Items looked at (%d looks), as their look began: mean rank %.0f under %s, %.0f under %s, of %d; in the first 20: %.0f %% and %.0f %%\n",
			n, was.mean, h.Policy, is.mean, name, len(x.market.Catalog.Items), was.top, is.top)
	}
	_, err := fmt.Fprintf(w, "What the visitor did stays as recorded: with other items on the pedestals they would have looked, and both rankers learned, otherwise.\n"+
		"The ranks favour the recorded ranker, which chose what there was to look at. For a fair comparison run souklab loop.\n")
	return err
}

type rankSummary struct{ mean, top float64 }

func summary(all []attended, of func(attended) int) rankSummary {
	var s rankSummary
	for _, a := range all {
		r := of(a)
		s.mean += float64(r) / float64(len(all))
		if r <= 20 {
			s.top += 100 / float64(len(all))
		}
	}
	return s
}

// longest is the item with the most time, the first of them on a tie.
func longest(by map[world.ItemIndex]float64) world.ItemIndex {
	best, most := world.NoItem, -1.0
	for item, t := range by {
		if t > most || t == most && item < best {
			best, most = item, t
		}
	}
	return best
}

func (x *whatIf) name(item world.ItemIndex) string {
	if item == world.NoItem {
		return "(empty)"
	}
	it := &x.market.Catalog.Items[item]
	return fmt.Sprintf("%s %s", it.ID, it.Name.In("en"))
}
