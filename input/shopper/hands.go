package shopper

import (
	"math"
	"math/rand/v2"

	"souk/world"
	"souk/world/plan"
)

const (
	armReach     = 3.2 // metres from which a card is opened
	minForDeed   = 0.6 // seconds of dwell before anything is done
	wantApproach = 0.42
)

// hands do things to items: open, like, put into the cart, buy, wave away.
type hands struct {
	rng    *rand.Rand
	wallet world.Cents
	did    []uint8 // by item: bits of what was done
	bought []int8
}

const (
	didOpen = 1 << iota
	didLike
	didCart
	didHide
)

func (h *hands) init(c *Crowd, r *rand.Rand, u *taste) {
	h.rng = r
	h.did, h.bought = make([]uint8, len(c.items)), make([]int8, len(c.items))
	// A purse of about ten things of the person's price level.
	h.wallet = world.Cents(c.typical * 10 * math.Exp(u.level+0.5*r.NormFloat64()))
}

// weigh is asked at the end of each fixation on an item: is it worth walking to?
func (s *Shopper) weigh(t float64) {
	e, l := &s.eyes, &s.legs
	if l.mode != strolling || e.visit < 0.35 || e.distance < 1.9 || e.distance > 14 || l.lately(e.slot, t) {
		return
	}
	if s.choice.Float64() < 0.8*logistic(11*(e.felt-wantApproach)) {
		s.approach(t, e.slot)
	}
}

// consider is asked when a visit has ended: what follows from it?
func (s *Shopper) consider(t float64) {
	v := &s.eyes.finished
	item := v.item
	v.item = world.NoItem
	h := &s.hands
	standing := s.legs.examining(v.slot)
	if v.dwell < minForDeed && !standing || v.distance > armReach {
		return
	}
	if s.plan.Slots[v.slot].Kind == plan.Feature && v.felt < 0.12 && h.rng.Float64() < 0.04 && h.did[item]&didHide == 0 {
		h.did[item] |= didHide
		s.do(world.EventHide, item)
		return
	}
	u := s.taste.felt(item, t) + 0.06*h.rng.NormFloat64()
	chance := func(top, middle float64) bool { return h.rng.Float64() < top*logistic(12*(u-middle)) }
	if h.did[item]&didOpen == 0 && !chance(0.9, 0.42) {
		return
	}
	if h.did[item]&didOpen == 0 {
		h.did[item] |= didOpen
		s.do(world.EventOpen, item)
		if standing {
			s.legs.leave += 2.5 // reading the card
		}
	}
	if h.did[item]&didLike == 0 && chance(0.45, 0.5) {
		h.did[item] |= didLike
		s.do(world.EventLike, item)
	}
	tr := &s.crowd.items[item]
	if tr.cents > h.wallet || int(h.bought[item]) >= min(2, int(tr.stock)) {
		return
	}
	if h.did[item]&didCart == 0 && chance(0.5, 0.55) {
		h.did[item] |= didCart
		s.do(world.EventCart, item)
	}
	if h.did[item]&didCart != 0 && chance(0.6, 0.5) {
		h.wallet -= tr.cents
		h.bought[item]++
		h.did[item] &^= didCart
		s.taste.sate(item, t, 0.9, 0.15)
		s.do(world.EventPurchase, item)
	}
}

func (s *Shopper) do(kind world.EventKind, item world.ItemIndex) {
	s.acts = append(s.acts, Act{Kind: kind, Item: item})
}
