package rank

import "souk/world"

// habits says how much a look and an opening of the card count with this
// visitor, beside what they count with all: some look long at what they then
// hide. Each begins at 1 and moves with what deeds say of the items looked at
// or opened before: with a deeds that agree (liked, put into the cart, bought) and d that do
// not (hidden), the odds of agreement are
//
//	(a + n·ρ) ÷ (d + n·(1−ρ))
//
// under a Beta prior of n deeds at the population's ρ, and a habit is their
// ratio to the population's own odds, within [1/Config.Habits, Config.Habits]. It follows
// from the list of signals alone, so that an undo takes back its part as well, exactly unless
// signals have left the memory since the deed: these stay as they counted then.
type habits [2]float64

const (
	habitDeeds     = 10.0 // n
	habitAgreement = 0.8  // ρ
)

// habitOf is the place of a signal's kind among the habits; ok is false for
// kinds that count the same with everybody.
func habitOf(kind world.EventKind, preference float32) (at int, ok bool) {
	switch {
	case preference == 0:
		return 0, false
	case kind == world.EventDwell:
		return 0, true
	case kind == world.EventOpen:
		return 1, true
	}
	return 0, false
}

// confidence is what a signal counts with this visitor.
func (e *evidence) confidence(n *noted) float64 {
	if at, ok := habitOf(n.kind, n.preference); ok {
		return float64(n.confidence) * e.habits[at]
	}
	return float64(n.confidence)
}

// learnHabits derives the habits from the list and says whether they changed.
func (e *evidence) learnHabits() bool {
	if e.cfg.Habits <= 1 {
		return false
	}
	var agree, differ habits
	for d := range e.list {
		deed := &e.list[d]
		count := &agree
		switch deed.kind {
		case world.EventLike, world.EventCart, world.EventPurchase:
		case world.EventHide:
			count = &differ
		default:
			continue
		}
		var seen [2]bool
		for k := range d {
			n := &e.list[k]
			if at, ok := habitOf(n.kind, n.preference); ok && n.item == deed.item && !seen[at] {
				seen[at] = true
				count[at]++
			}
		}
	}
	was := e.habits
	for k := range e.habits {
		odds := (agree[k] + habitDeeds*habitAgreement) / (differ[k] + habitDeeds*(1-habitAgreement))
		e.habits[k] = max(1/e.cfg.Habits, min(e.cfg.Habits, odds*(1-habitAgreement)/habitAgreement))
	}
	return e.habits != was
}
