package attention

import (
	"fmt"

	"souk/attention/focus"
	"souk/attention/internal/snap"
	"souk/attention/rank"
	"souk/world"
)

// snapshotVersion changes with the layout below.
const snapshotVersion = 1

// Snapshot is the engine's whole state, exact: an engine restored from it goes
// on byte for byte as this one would. It holds what the visitor looked at and
// what was learned of it, so keep it on this machine.
func (e *Engine) Snapshot() []byte {
	w := new(snap.Writer)
	w.U32(snapshotVersion)
	w.Bytes([]byte(e.plan.Fingerprint()))
	w.Bytes([]byte(e.policyName()))
	w.U64(e.seed)
	w.F64(e.t)
	w.Bool(e.began)
	w.Bool(e.paused)
	for _, n := range [...]uint64{e.rejected.Frames, e.rejected.Poses, e.rejected.Samples, e.rejected.Views, e.rejected.Actions} {
		w.U64(n)
	}
	w.Bytes(e.gaze.AppendState(nil))
	w.Bytes(e.focus.AppendState(nil))
	w.Bytes(e.norm.AppendState(nil))
	w.Bytes(e.placer.AppendState(nil))
	if e.policy != nil {
		w.Bytes(e.policy.AppendState(nil))
	}
	w.U64(uint64(len(e.holding)))
	for _, item := range e.holding {
		w.I32(int32(item))
	}
	w.Bytes(e.flags)
	g := &e.given
	w.I32(int32(g.item))
	w.F64(g.t0)
	w.F32(g.confidence)
	w.F32(g.dwell)
	w.I32(int32(g.next))
	w.F32(g.exposure)
	w.Bool(e.fresh)
	w.Bool(e.ranked)
	w.F64(e.rankedT)
	w.U64(uint64(len(e.top)))
	for _, s := range e.top {
		w.I32(int32(s.Item))
		w.F32(s.Score)
		w.F32(s.Attention)
	}
	f := &e.d.Focus
	w.F64(e.d.T)
	w.I32(int32(f.Item))
	w.I32(int32(f.Slot))
	w.F32(f.P)
	w.I32(int32(f.RunnerUp))
	w.F32(f.RunnerP)
	w.Bool(f.Uncertain)
	w.F64(f.Dwell)
	w.Byte(byte(f.Source))
	w.Bool(e.d.Ranked != nil)
	w.I32(e.d.Budget.Swaps)
	w.I32(e.d.Budget.PerMinute)
	return w.Buf
}

// Restore takes a snapshot of an engine with the same configuration, plan,
// policy and seed. On an error the engine is as new, and the visitor unknown to it.
func (e *Engine) Restore(state []byte) error {
	fresh, err := New(e.cfg, e.plan, e.policy, e.seed)
	if err != nil {
		return fmt.Errorf("restore the engine: %w", err)
	}
	if e.policy != nil {
		e.policy.Forget()
	}
	*e = *fresh
	if err := e.restore(state); err != nil {
		if e.policy != nil {
			e.policy.Forget()
		}
		// The first New with these very arguments has gone well.
		fresh, _ := New(e.cfg, e.plan, e.policy, e.seed)
		*e = *fresh
		return fmt.Errorf("restore the engine: %w", err)
	}
	return nil
}

func (e *Engine) restore(state []byte) error {
	r := snap.NewReader(state, "the engine")
	if v := r.U32(); r.Err() == nil && v != snapshotVersion {
		r.Fail("version %d, this program reads %d", v, snapshotVersion)
	}
	if p := string(r.Bytes()); r.Err() == nil && p != e.plan.Fingerprint() {
		r.Fail("it is of the floor plan %.12s, not %.12s", p, e.plan.Fingerprint())
	}
	if p := string(r.Bytes()); r.Err() == nil && p != e.policyName() {
		r.Fail("it is of the policy %q, not %q", p, e.policyName())
	}
	if s := r.U64(); r.Err() == nil && s != e.seed {
		r.Fail("it is of seed %d, not %d", s, e.seed)
	}
	e.t, e.began, e.paused = r.F64(), r.Bool(), r.Bool()
	for _, n := range [...]*uint64{&e.rejected.Frames, &e.rejected.Poses, &e.rejected.Samples, &e.rejected.Views, &e.rejected.Actions} {
		*n = r.U64()
	}
	parts := []func([]byte) error{e.gaze.RestoreState, e.focus.RestoreState, e.norm.RestoreState, e.placer.RestoreState}
	if e.policy != nil {
		parts = append(parts, e.policy.RestoreState)
	}
	for _, restore := range parts {
		b := r.Bytes()
		if r.Err() != nil {
			return r.Err()
		}
		if err := restore(b); err != nil {
			return err
		}
	}
	e.restoreMarket(r)
	e.restoreDecision(r)
	return r.Done()
}

func (e *Engine) restoreMarket(r *snap.Reader) {
	if n := r.Count(4); r.Err() == nil && n != len(e.holding) {
		r.Fail("it holds %d slots of %d", n, len(e.holding))
	}
	for i := range e.holding {
		e.holding[i] = e.readItem(r)
	}
	if b := r.Bytes(); r.Err() == nil && len(b) != len(e.flags) {
		r.Fail("it knows %d items of %d", len(b), len(e.flags))
	} else {
		copy(e.flags, b)
	}
	e.given = given{item: e.readItem(r), t0: r.F64(), confidence: r.F32(), dwell: r.F32(), next: int(r.I32()), exposure: r.F32()}
	if e.given.next < 0 || e.given.next > len(e.cfg.Milestones) {
		r.Fail("milestone %d", e.given.next)
	}
	e.fresh, e.ranked, e.rankedT = r.Bool(), r.Bool(), r.F64()
	for range r.Count(12) {
		e.top = append(e.top, rank.Scored{Item: e.readItem(r), Score: r.F32(), Attention: r.F32()})
	}
}

func (e *Engine) restoreDecision(r *snap.Reader) {
	e.d.T = r.F64()
	e.d.Focus = focus.Focus{
		Item: e.readItem(r), Slot: world.SlotIndex(r.I32()), P: r.F32(), RunnerUp: e.readItem(r), RunnerP: r.F32(),
		Uncertain: r.Bool(), Dwell: r.F64(), Source: world.AttentionSource(r.Byte()),
	}
	if r.Bool() {
		e.d.Ranked = e.top
	}
	e.d.Budget.Swaps, e.d.Budget.PerMinute = r.I32(), r.I32()
}

// readItem reads an item of this market or NoItem.
func (e *Engine) readItem(r *snap.Reader) world.ItemIndex {
	i := world.ItemIndex(r.I32())
	if i < world.NoItem || int(i) >= len(e.flags) {
		r.Fail("item %d of %d", i, len(e.flags))
		return world.NoItem
	}
	return i
}

func (e *Engine) policyName() string {
	if e.policy == nil {
		return "none"
	}
	return e.policy.Name()
}
