package loop

import (
	"cmp"
	"slices"

	"souk/attention/rank"
	"souk/attention/signal"
	"souk/input/shopper"
	"souk/world"
)

// oracle proposes what the shopper would truly like most now: the ceiling of
// what any ranker could place, and the one policy that reads the truth. It is a
// measuring stick for the proof and for nothing else; NewPolicy does not know it.
type oracle struct {
	who    *shopper.Shopper
	items  []world.ItemIndex
	ranked []rank.Scored
	out    []rank.Candidate
}

func newOracle(who *shopper.Shopper, items int) *oracle {
	o := &oracle{who: who, items: make([]world.ItemIndex, items)}
	for i := range o.items {
		o.items[i] = world.ItemIndex(i)
	}
	return o
}

func (o *oracle) Name() string { return PolicyOracle }

func (o *oracle) Observe(signal.Signal) {}

// Rank orders by utility, novelty included.
func (o *oracle) Rank(k int) []rank.Scored {
	slices.SortFunc(o.items, func(a, b world.ItemIndex) int {
		return cmp.Or(cmp.Compare(o.who.Utility(b), o.who.Utility(a)), cmp.Compare(a, b))
	})
	o.ranked = o.ranked[:0]
	for _, item := range o.items[:min(k, len(o.items))] {
		o.ranked = append(o.ranked, rank.Scored{Item: item, Score: float32(o.who.Utility(item))})
	}
	return o.ranked
}

func (o *oracle) Propose(n int) []rank.Candidate {
	o.out = o.out[:0]
	for _, s := range o.Rank(n) {
		o.out = append(o.out, rank.Candidate{Scored: s, Propensity: 1})
	}
	return o.out
}

func (o *oracle) Explain(dst []rank.Reason, _ world.ItemIndex, _ int) []rank.Reason { return dst }
func (o *oracle) Forget()                                                           {}
func (o *oracle) AppendState(dst []byte) []byte                                     { return dst }
func (o *oracle) RestoreState([]byte) error                                         { return nil }
