package offpolicy

import (
	"fmt"
	"slices"

	"souk/world"
	"souk/world/catalog"
)

// Reward says what counts as a success of a placement: the same visitor, within
// Window seconds of it, looks at the item for at least Dwell seconds, or opens, likes, carts or buys it.
type Reward struct {
	Window float64 // > 0
	Dwell  float64 // ≥ 0
}

// DefaultReward is two minutes and one second.
func DefaultReward() Reward { return Reward{Window: 120, Dwell: 1} }

// Placements collects the decisions of the placement from rows of our own event log:
// one per placement with a propensity. The item is the action; all slots are one
// context. Feed it rows in any order, then ask for the Log.
type Placements struct {
	cat    *catalog.Catalog
	reward Reward
	placed []placement
	done   map[touch][]float64
	// Without counts placements that say no propensity or name an unknown item: they cannot be used.
	Without int
}

type placement struct {
	touch
	time, propensity float64
}

type touch struct {
	visitor string
	item    int32
}

// NewPlacements collects placements of a catalogue's items.
func NewPlacements(c *catalog.Catalog, r Reward) (*Placements, error) {
	if !(r.Window > 0) || !(r.Dwell >= 0) {
		return nil, fmt.Errorf("off-policy reward: a window of %v s and a dwell of %v s, must be above 0 and at least 0", r.Window, r.Dwell)
	}
	return &Placements{cat: c, reward: r, done: make(map[touch][]float64)}, nil
}

// Add takes a row; its strings must stay valid.
func (p *Placements) Add(ev *world.Event) {
	i, known := p.cat.Index(ev.Item)
	t := touch{ev.Visitor, int32(i)}
	switch ev.Kind {
	case world.EventPlace:
		if !known || !(ev.Propensity > 0 && ev.Propensity <= 1) || ev.Time-ev.Time != 0 {
			p.Without++
			return
		}
		p.placed = append(p.placed, placement{t, ev.Time, float64(ev.Propensity)})
	case world.EventDwell:
		if known && float64(ev.Dwell) >= p.reward.Dwell {
			p.done[t] = append(p.done[t], ev.Time)
		}
	case world.EventOpen, world.EventLike, world.EventCart, world.EventPurchase:
		if known {
			p.done[t] = append(p.done[t], ev.Time)
		}
	}
}

// Log is what was collected; an error says that nothing was.
func (p *Placements) Log() (*Log, error) {
	l := &Log{Contexts: 1, Actions: len(p.cat.Items)}
	for _, at := range p.placed {
		reward := 0.0
		if slices.ContainsFunc(p.done[at.touch], func(t float64) bool { return t >= at.time && t <= at.time+p.reward.Window }) {
			reward = 1
		}
		l.Context, l.Action = append(l.Context, 0), append(l.Action, at.item)
		l.Propensity, l.Reward = append(l.Propensity, at.propensity), append(l.Reward, reward)
	}
	if len(p.placed) == 0 {
		return nil, fmt.Errorf("off-policy log: no placement with a propensity in it (%d without): record one with a placement, as souklab simulate -placement random does", p.Without)
	}
	return l, nil
}
