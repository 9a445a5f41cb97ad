package attention

import (
	"math"

	"souk/attention/focus"
	"souk/attention/signal"
	"souk/world"
)

// given is what the visit under way has counted for already.
type given struct {
	item       world.ItemIndex // NoItem: no visit has reached a milestone
	t0         float64         // start of the visit: with the item, its name
	confidence float32
	dwell      float32
	next       int     // milestone to come
	exposure   float32 // at the first milestone: see learn
}

var none = given{item: world.NoItem}

// of says whether g is about the visit.
func (g *given) of(v *focus.Visit) bool { return g.item == v.Item && g.t0 == v.T0 }

// learn turns what the tracker has found into signals and events.
//
// A visit's dwell is compared with visits of like exposure; as its exposure
// counts what it had when the look first mattered (at the first milestone, or
// at its end if that came before): exposure after that is a consequence of
// interest, as people walk up to what they like, and must not count against it.
func (e *Engine) learn() {
	for _, v := range e.focus.Visits() {
		e.finish(v)
	}
	for _, p := range e.focus.Passes() {
		if s, ok := e.cfg.Signal.FromPassed(p); ok {
			e.observe(s)
		}
		e.d.Events = append(e.d.Events, world.Event{
			Time: p.T, Kind: world.EventExposure, Item: e.cat.Items[p.Item].ID,
			Exposure: p.Exposure, InView: p.InView, Eccentricity: p.Eccentricity, Slot: p.Slot, Source: p.Source,
		})
	}
	if v, ok := e.focus.Looking(); ok && v.Dwell >= e.cfg.Milestones[0] {
		e.grow(v)
	}
}

// grow lets the visit under way count for the milestones that it has reached.
func (e *Engine) grow(v focus.Visit) {
	if !e.given.of(&v) {
		e.given = given{item: v.Item, t0: v.T0, exposure: v.Exposure}
	}
	g := &e.given
	reached := g.next
	for reached < len(e.cfg.Milestones) && v.Dwell >= e.cfg.Milestones[reached] {
		reached++
	}
	if reached > g.next {
		g.next = reached
		v.T1 = e.t
		e.difference(v)
	}
}

// finish lets a finished visit count for the rest, and enters it in the log.
func (e *Engine) finish(v focus.Visit) {
	event := world.Event{
		Time: v.T1, Kind: world.EventDwell, Item: e.cat.Items[v.Item].ID, Dwell: float32(v.Dwell),
		Exposure: v.Exposure, InView: v.InView, Eccentricity: v.Eccentricity, Slot: v.Slot, Source: v.Source,
	}
	mine := e.given.of(&v)
	if mine {
		v.Exposure = e.given.exposure
	}
	if mine && e.given.confidence > 0 {
		e.difference(v)
	} else if s, ok := e.cfg.Signal.FromVisit(v, e.norm); ok {
		e.observe(s)
	}
	if mine {
		e.given = none
	}
	e.norm.Observe(v.Dwell, float64(v.Exposure))
	e.d.Events = append(e.d.Events, event)
}

// difference observes what the visit, of which given speaks, counts for beyond what it has.
func (e *Engine) difference(v focus.Visit) {
	g := &e.given
	v.Exposure = g.exposure
	s, ok := e.cfg.Signal.FromVisit(v, e.norm)
	// That a look was short is known only when it has ended.
	if !ok || s.Preference == 0 || !(s.Confidence > g.confidence) {
		return
	}
	whole := s
	s.Confidence -= g.confidence
	s.Dwell -= g.dwell
	g.confidence, g.dwell = whole.Confidence, whole.Dwell
	e.observe(s)
}

// act takes in what was done on purpose. Times are kept within the frame's
// own span, (last, now]: an action belongs to the frame that brings it.
func (e *Engine) act(actions []Action, last float64) {
	for _, a := range actions {
		if math.IsNaN(a.T) || a.Item < 0 || int(a.Item) >= len(e.flags) {
			e.rejected.Actions++
			continue
		}
		set, unset, ok := deed(a.Kind)
		if !ok {
			e.rejected.Actions++
			continue
		}
		was := e.flags[a.Item]
		once := set &^ opened // an item may be opened often; it counts once
		if once != 0 && was&once != 0 || unset != 0 && was&unset == 0 {
			continue
		}
		e.flags[a.Item] = was&^unset | set
		t := min(max(a.T, last), e.t)
		if s, ok := e.cfg.Signal.FromAction(t, a.Kind, a.Item); ok && (set != opened || was&opened == 0) {
			e.observe(s)
		}
		event := world.Event{Time: t, Kind: a.Kind, Item: e.cat.Items[a.Item].ID, Slot: world.NoSlot}
		if e.d.Focus.Item == a.Item {
			event.Slot = e.d.Focus.Slot
		}
		if a.Kind == world.EventPurchase {
			event.Amount = e.cat.Items[a.Item].Price
			e.flags[a.Item] &^= carted // it leaves the cart without being put back
		}
		if a.Kind == world.EventHide || a.Kind == world.EventPurchase {
			e.placer.Discard(a.Item, e.holding)
		}
		e.d.Events = append(e.d.Events, event)
	}
}

// deed says which flag an action sets or takes back; ok is false for kinds of
// event that are no action.
func deed(k world.EventKind) (set, unset uint8, ok bool) {
	switch k {
	case world.EventOpen:
		return opened, 0, true
	case world.EventLike:
		return liked, 0, true
	case world.EventUnlike:
		return 0, liked, true
	case world.EventHide:
		return hidden, 0, true
	case world.EventUnhide:
		return 0, hidden, true
	case world.EventCart:
		return carted, 0, true
	case world.EventUncart:
		return 0, carted, true
	case world.EventPurchase, world.EventComment, world.EventGesture, world.EventQuestion:
		return 0, 0, true
	}
	return 0, 0, false
}

// observe hands a signal to the policy.
func (e *Engine) observe(s signal.Signal) {
	if e.policy != nil {
		e.policy.Observe(s)
	}
	e.fresh = true
}
