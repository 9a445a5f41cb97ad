package place

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/attention/rank"
	"souk/world"
	"souk/world/catalog"
	"souk/world/plan"
)

// Input is what the placer may know of one frame. It keeps no reference to it.
type Input struct {
	T       float64 // seconds on the session's clock; must not go back
	Head    world.Pose
	Lens    world.Lens
	Visible []plan.View // what is in view now, shelves and pedestals, in any order
	// GazeDir is where attention points, world frame, unit length; where not
	// GazeOK it means nothing, and the view's centre stands for it.
	GazeDir r3.Vec
	GazeOK  bool
	// Holding says what stands in each slot, by world.SlotIndex. The placer
	// only reads it: whoever owns it carries the placements out.
	Holding []world.ItemIndex
	Policy  rank.Policy // nil places nothing
}

// Placer decides which item stands in which pedestal. Make one with
// [NewPlacer]; it belongs to one goroutine and one visitor.
type Placer struct {
	cfg  Config
	plan *plan.Plan
	cat  *catalog.Catalog

	first world.SlotIndex   // the first feature slot
	shelf []world.SlotIndex // by item: its own shelf, or NoSlot

	// What a snapshot holds.
	slots   []slotState // by feature slot, from first on
	account account
	nextAsk float64 // session time before which the policy is not asked again
	walk    walk

	// Scratch, valid within one Step.
	out     []Placement
	near    []slotNow
	order   []int32 // into near: empty slots first, the best first
	found   []world.SlotIndex
	inView  []int32           // by slot: row in Input.Visible + 1, 0 where not in view
	at      []world.SlotIndex // by item: the pedestal where it stands, or NoSlot
	onShelf []bool            // by item: its shelf is in view
	cands   []rank.Candidate
	similar []float32 // candidates × near, of candidate and standing item
}

// slotState is what the placer remembers of a pedestal.
type slotState struct {
	until     float64 // session time before which it does not change
	relevance float64 // of the standing item when last drawn, in [0,1]; −1: discarded
	seen      float64 // session time of that draw
}

// slotNow is a pedestal within reach, in the frame at hand.
type slotNow struct {
	slot      world.SlotIndex
	item      world.ItemIndex
	attention float64 // expected, in [0,1]
	view      int32   // row in Input.Visible, −1 where not in view
	free      bool    // its rest is over
}

// NewPlacer makes a placer for a plan and the catalogue that it was made from.
// The configuration must pass [Config.Check]; fields out of range are replaced
// by those of [DefaultConfig], so that a placer always keeps the promises above.
func NewPlacer(cfg Config, p *plan.Plan, c *catalog.Catalog) *Placer {
	if cfg.Check() != nil {
		cfg = DefaultConfig()
	}
	pl := &Placer{
		cfg: cfg, plan: p, cat: c,
		first:   world.SlotIndex(len(p.Slots)),
		shelf:   make([]world.SlotIndex, len(c.Items)),
		inView:  make([]int32, len(p.Slots)),
		at:      make([]world.SlotIndex, len(c.Items)),
		onShelf: make([]bool, len(c.Items)),
	}
	for i := range pl.shelf {
		pl.shelf[i], pl.at[i] = world.NoSlot, world.NoSlot
	}
	for i, s := range p.Slots {
		if s.Kind == plan.Feature {
			pl.first = min(pl.first, world.SlotIndex(i))
		} else if s.Item >= 0 && int(s.Item) < len(pl.shelf) {
			pl.shelf[s.Item] = world.SlotIndex(i)
		}
	}
	pl.slots = make([]slotState, len(p.Slots)-int(pl.first))
	pl.found = make([]world.SlotIndex, 0, 64)
	pl.near = make([]slotNow, 0, 64)
	pl.order = make([]int32, 0, 64)
	pl.out = make([]Placement, 0, 64)
	pl.account.entries = make([]spent, 0, 4*int(cfg.PerMinute)+4)
	return pl
}

// Step looks at one frame and returns the slots that change with it: usually
// none. The slice is valid until the next call. An item that moves from a
// pedestal far away appears twice: first with Item NoItem for the slot that it
// leaves, then for the one that it comes to.
//
// What holds of every swap: the silhouettes of the old and the new item are
// farther than MinAngle from the gaze, or neither can be seen; the slot has
// not changed for Rest seconds; the last minute's swaps stay within the budget; the
// item stands on no other pedestal of the market and on no shelf that is in view.
func (p *Placer) Step(in Input) []Placement {
	p.out = p.out[:0]
	p.account.expire(in.T)
	p.walk.step(in.T, in.Head)
	gaze := in.GazeDir
	if !in.GazeOK {
		gaze = in.Head.Ahead()
	}
	p.linger(in, gaze)
	if in.Policy == nil || in.T < p.nextAsk || len(in.Holding) < len(p.plan.Slots) ||
		!p.account.fits(p.cfg.QuietCost, float64(p.cfg.PerMinute)) {
		return p.out
	}
	p.mark(in)
	if p.gather(in, gaze) {
		p.nextAsk = in.T + p.cfg.Every
		p.cands = append(p.cands[:0], in.Policy.Propose(p.cfg.Candidates)...)
		p.fill(in, gaze)
	}
	p.unmark(in)
	return p.out
}

// Budget is how much has been changed in the minute before the last Step.
func (p *Placer) Budget() Budget {
	return Budget{Swaps: p.account.swaps(), PerMinute: p.cfg.PerMinute}
}

// Discard says that an item is not wanted where it stands (hidden, bought):
// its slot is the first to change as soon as comfort allows. Holding is as in Input.
func (p *Placer) Discard(item world.ItemIndex, holding []world.ItemIndex) {
	for i := range p.slots {
		if s := int(p.first) + i; s < len(holding) && holding[s] == item {
			p.slots[i].relevance = -1
		}
	}
}

// linger lets the slots that are looked at rest: an item must not vanish
// while somebody thinks about it.
func (p *Placer) linger(in Input, gaze r3.Vec) {
	const around = 2 * math.Pi / 180 // the noise of a good tracker, twice
	for i := range in.Visible {
		v := &in.Visible[i]
		if v.Slot < p.first || int(v.Slot) >= len(p.plan.Slots) || v.Item == world.NoItem {
			continue
		}
		if angle(gaze, viewDir(v)) < float64(max(v.HalfWidth, v.HalfHeight))+around {
			s := &p.slots[v.Slot-p.first]
			s.until = max(s.until, in.T+p.cfg.Linger)
		}
	}
}

// mark notes what is where; unmark takes the notes back, so that neither
// costs more than what is in view and on pedestals.
func (p *Placer) mark(in Input) {
	for i := range in.Visible {
		v := &in.Visible[i]
		p.inView[v.Slot] = int32(i) + 1
		if v.Item >= 0 && v.Slot < p.first {
			p.onShelf[v.Item] = true
		}
	}
	for s := int(p.first); s < len(p.plan.Slots); s++ {
		if item := in.Holding[s]; item >= 0 {
			p.at[item] = world.SlotIndex(s)
		}
	}
}

func (p *Placer) unmark(in Input) {
	for i := range in.Visible {
		v := &in.Visible[i]
		p.inView[v.Slot] = 0
		if v.Item >= 0 && v.Slot < p.first {
			p.onShelf[v.Item] = false
		}
	}
	for s := int(p.first); s < len(p.plan.Slots); s++ {
		if item := in.Holding[s]; item >= 0 {
			p.at[item] = world.NoSlot
		}
	}
	for _, o := range p.out {
		if o.Item >= 0 {
			p.at[o.Item] = world.NoSlot
		}
	}
}

// gather lists the pedestals in view or within reach, empty ones first, then
// by what they are worth, and says whether any of them may change.
func (p *Placer) gather(in Input, gaze r3.Vec) (any bool) {
	p.near, p.order = p.near[:0], p.order[:0]
	p.found = p.plan.FeaturesNear(p.found[:0], in.Head.Pos, p.cfg.Reach)
	for i := range in.Visible {
		if s := in.Visible[i].Slot; s >= p.first && !slices.Contains(p.found, s) {
			p.found = append(p.found, s)
		}
	}
	slices.Sort(p.found)
	for _, s := range p.found {
		n := slotNow{slot: s, item: in.Holding[s], view: p.inView[s] - 1, free: in.T >= p.slots[s-p.first].until}
		n.attention = p.attention(in, &n)
		n.free = n.free && n.attention > 0 && p.affordable(&n) && p.comfortable(in, gaze, &n, n.item)
		any = any || n.free
		p.order = append(p.order, int32(len(p.near)))
		p.near = append(p.near, n)
	}
	near := p.near
	slices.SortFunc(p.order, func(a, b int32) int {
		if ea, eb := near[a].item < 0, near[b].item < 0; ea != eb {
			if ea {
				return -1
			}
			return 1
		}
		if c := cmp.Compare(near[b].attention, near[a].attention); c != 0 {
			return c
		}
		return cmp.Compare(near[a].slot, near[b].slot)
	})
	return any
}

// cost is what a swap of the slot takes from the budget.
func (p *Placer) cost(n *slotNow) float64 {
	if n.view < 0 && n.item == world.NoItem {
		return p.cfg.QuietCost
	}
	return 1
}

// affordable says whether the budget has room for a swap of the slot.
func (p *Placer) affordable(n *slotNow) bool {
	limit := float64(p.cfg.PerMinute)
	if n.item != world.NoItem && p.slots[n.slot-p.first].relevance >= 0 {
		limit *= 1 - p.cfg.Reserve
	}
	return p.account.fits(p.cost(n), limit)
}
