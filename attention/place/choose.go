package place

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
	"souk/world/catalog"
)

// fill goes through the slots, empty ones first and the one that is worth most first, and gives
// each the candidate of the highest marginal relevance, where that is enough
// better than what stands there.
//
// Marginal relevance (Carbonell and Goldstein 1998, equation 1):
// λ·relevance − (1−λ)·(largest similarity to what stands nearby). We differ in
// that the set is not built from nothing: what stands on the other pedestals
// within reach is in it from the start. Giving the best slot the best item is
// optimal for a sum of products (rearrangement), up to the diversity term.
func (p *Placer) fill(in Input, gaze r3.Vec) {
	p.compare()
	p.remember(in.T)
	shown := false // one change in view at a time
	for _, k := range p.order {
		n := &p.near[k]
		if !n.free || n.view >= 0 && shown || !p.affordable(n) {
			continue
		}
		best, value := p.best(int(k), func(i int) bool { return p.allowed(in, gaze, n, i) })
		if best < 0 || !p.better(in.T, n, int(k), value) {
			continue
		}
		shown = shown || n.view >= 0
		p.put(in, int(k), best)
	}
}

// best is the candidate of the highest value for the k-th slot among those
// that are allowed, the first of them on a tie; −1 if there is none.
func (p *Placer) best(k int, allowed func(i int) bool) (best int, value float64) {
	best, value = -1, math.Inf(-1)
	for i := range p.cands {
		// Relevance falls with i and bounds the value: the rest cannot be better.
		r := p.relevance(i)
		if p.cfg.Relevance*r <= value {
			break
		}
		if v := p.marginal(r, i, k); v > value && allowed(i) {
			best, value = i, v
		}
	}
	return best, value
}

// relevance of the i-th candidate in [0,1]: a half at HalfRank.
func (p *Placer) relevance(i int) float64 { return math.Exp2(-float64(i) / p.cfg.HalfRank) }

// marginal is the value of candidate i in the k-th slot.
func (p *Placer) marginal(relevance float64, i, k int) float64 {
	var most float32
	row := p.similar[i*len(p.near) : (i+1)*len(p.near)]
	for j, s := range row {
		if j != k {
			most = max(most, s)
		}
	}
	return p.cfg.Relevance*relevance - (1-p.cfg.Relevance)*float64(most)
}

// better says whether a candidate of that value is worth a swap.
func (p *Placer) better(t float64, n *slotNow, k int, value float64) bool {
	if n.item == world.NoItem {
		return true
	}
	s := &p.slots[n.slot-p.first]
	if s.relevance < 0 {
		return true // discarded
	}
	var most float32
	for j := range p.near {
		if j != k && p.near[j].item >= 0 {
			most = max(most, p.similarity(n.item, p.near[j].item))
		}
	}
	stands := p.cfg.Relevance*p.faded(s, t) - (1-p.cfg.Relevance)*float64(most)
	gain := p.cfg.MinGain
	if n.view >= 0 {
		gain *= 2
	}
	return value-stands > gain
}

// faded is what the standing item is worth now: full when last drawn, half
// after each HalfLife since.
func (p *Placer) faded(s *slotState, t float64) float64 {
	return s.relevance * math.Exp2(-(t-s.seen)/p.cfg.HalfLife)
}

// remember refreshes the relevance of standing items that were drawn again.
// It only rises: a worse place in one draw is noise, in many it fades.
func (p *Placer) remember(t float64) {
	for i := range p.cands {
		slot := p.at[p.cands[i].Item]
		if slot == world.NoSlot {
			continue
		}
		s := &p.slots[slot-p.first]
		if r := p.relevance(i); s.relevance >= 0 && r >= p.faded(s, t) {
			s.relevance, s.seen = r, t
		}
	}
}

// allowed says whether candidate i may come to the slot.
func (p *Placer) allowed(in Input, gaze r3.Vec, n *slotNow, i int) bool {
	item := p.cands[i].Item
	if p.onShelf[item] || p.sellerFull(n, item) {
		return false
	}
	if s := p.shelf[item]; s != world.NoSlot &&
		r3.Norm(r3.Sub(p.plan.Slots[s].Pos, p.plan.Slots[n.slot].Pos)) < p.cfg.ShelfDistance {
		return false
	}
	if from := p.at[item]; from != world.NoSlot && !p.movable(in, n, from) {
		return false
	}
	return p.comfortable(in, gaze, n, item)
}

// movable says whether the item on a pedestal may be taken away from it: it is
// not within reach nor in view, has rested, and the budget allows both changes. The empty
// pedestal must not come into view either: a stall may hide the item and not the place, so
// that the whole pedestal has to be outside the view's cone.
func (p *Placer) movable(in Input, n *slotNow, from world.SlotIndex) bool {
	for j := range p.near {
		if p.near[j].slot == from {
			return false
		}
	}
	return p.inView[from] == 0 && in.T >= p.slots[from-p.first].until &&
		p.outside(in, from) &&
		p.account.fits(p.cost(n)+p.cfg.QuietCost, float64(p.cfg.PerMinute))
}

// sellerFull says whether the item's seller has its share of the pedestals.
func (p *Placer) sellerFull(n *slotNow, item world.ItemIndex) bool {
	seller, count := p.cat.Items[item].Seller, 0
	for j := range p.near {
		if s := &p.near[j]; s.item >= 0 && s.slot != n.slot && p.cat.Items[s.item].Seller == seller {
			count++
		}
	}
	return count >= p.cfg.SellerCap
}

// put carries a swap out in the placer's own books and in the answer.
func (p *Placer) put(in Input, k, i int) {
	n, c := &p.near[k], &p.cands[i]
	until := in.T + p.cfg.Rest
	if from := p.at[c.Item]; from != world.NoSlot {
		p.account.spend(in.T, p.cfg.QuietCost)
		p.slots[from-p.first] = slotState{until: until}
		p.out = append(p.out, Placement{Slot: from, Item: world.NoItem, Propensity: 1, Until: until})
	}
	p.account.spend(in.T, p.cost(n))
	p.slots[n.slot-p.first] = slotState{until: until, relevance: p.relevance(i), seen: in.T}
	p.out = append(p.out, Placement{Slot: n.slot, Item: c.Item, Score: c.Score,
		Propensity: c.Propensity, Explored: c.Explored, Until: until})
	if n.item >= 0 {
		p.at[n.item] = world.NoSlot
	}
	p.at[c.Item] = n.slot
	n.item, n.free = c.Item, false
	for j := range p.cands {
		p.similar[j*len(p.near)+k] = p.similarity(p.cands[j].Item, c.Item)
	}
}

// compare fills the table of similarities of candidates to standing items.
func (p *Placer) compare() {
	n := len(p.cands) * len(p.near)
	if cap(p.similar) < n {
		p.similar = make([]float32, 2*n)
	}
	p.similar = p.similar[:n]
	for i := range p.cands {
		for j := range p.near {
			s := float32(0)
			if item := p.near[j].item; item >= 0 {
				s = p.similarity(p.cands[i].Item, item)
			}
			p.similar[i*len(p.near)+j] = s
		}
	}
}

// similarity of two items in [0,1]: content features, category, seller.
func (p *Placer) similarity(a, b world.ItemIndex) float32 {
	fa := p.cat.Features[int(a)*catalog.FeatureDim:][:catalog.FeatureDim]
	fb := p.cat.Features[int(b)*catalog.FeatureDim:][:catalog.FeatureDim]
	var dot float32
	for i, v := range fa {
		dot += v * fb[i]
	}
	s := 0.6 * max(0, min(1, dot))
	if p.cat.Items[a].Category == p.cat.Items[b].Category {
		s += 0.25
	}
	if p.cat.Items[a].Seller == p.cat.Items[b].Seller {
		s += 0.15
	}
	return s
}
