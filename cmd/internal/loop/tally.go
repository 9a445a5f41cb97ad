package loop

import (
	"souk/attention"
	"souk/input/shopper"
	"souk/world"
	"souk/world/plan"
)

// Tally is what came of one session, judged by the truth about the shopper. No
// part of it ever reaches a policy.
type Tally struct {
	Seed    uint64
	Policy  string
	Seconds float64

	// True dwell on items, and on relevant ones, seconds; and the same as measured by the engine.
	Dwell, DwellRelevant       float64
	Measured, MeasuredRelevant float64
	// Dwell on pedestals.
	DwellPedestal, DwellPedestalRelevant float64

	Purchases, PurchasesRelevant int
	Visits                       int     // as measured
	Acts                         [16]int // by world.EventKind

	// Exposure, steradian-seconds: all, of relevant items, and both on pedestals alone.
	Exposure, ExposureRelevant                 float64
	ExposurePedestal, ExposurePedestalRelevant float64
	// EmptyPedestal is the exposure of pedestals without an item, as of a small thing there.
	EmptyPedestal float64
	// SeenOnPedestal counts the different items that were in view on a pedestal.
	SeenOnPedestal, SeenOnPedestalRelevant int
	// Utility is the sum over pedestal exposure of utility × exposure: what the
	// pedestals showed was worth so much on average per Exposure.
	PedestalUtility float64

	// Placed and PlacedRelevant count placements by the minute of the session.
	Placed, PlacedRelevant []int
	// Pedestal exposure by the minute, all and relevant.
	CurveExposure, CurveRelevant []float64

	// SellerExposure is what each seller's items had, by world.SellerIndex;
	// SellerPedestal on pedestals alone.
	SellerExposure, SellerPedestal []float64

	// Ranked and RankedRelevant count the items of the ranking's top, once a
	// second: how well the policy knows the shopper, whatever it could place.
	Ranked, RankedRelevant [2]int // in the first two minutes, and later

	// Focus against the truth, in frames: the engine named an item, named the one truly
	// looked at, and the shopper truly looked at one.
	Named, NamedRight, Looked int

	market  *Market
	knowing knowing
	onPed   []bool
	frames  int
}

func newTally(m *Market, w *Walk) *Tally {
	minutes := int(w.Minutes) + 1
	return &Tally{
		Seed: w.Seed, Policy: w.Policy, market: m,
		Placed: make([]int, minutes), PlacedRelevant: make([]int, minutes),
		CurveExposure: make([]float64, minutes), CurveRelevant: make([]float64, minutes),
		SellerExposure: make([]float64, len(m.Catalog.Sellers)),
		SellerPedestal: make([]float64, len(m.Catalog.Sellers)),
		onPed:          make([]bool, len(m.Catalog.Items)),
	}
}

// add counts one frame.
func (y *Tally) add(t, dt float64, who *shopper.Shopper, views []plan.View, acts []shopper.Act, d *attention.Decision) {
	// dt is 0 for the frame that only ends what is under way.
	y.Seconds = t
	minute := min(len(y.Placed)-1, int((t-dt/2)/60))
	slots := y.market.Plan.Slots
	looked, slot, _, ok := who.Looking()
	if ok {
		y.Dwell += dt
		y.Looked++
		relevant := who.Relevant(looked)
		if relevant {
			y.DwellRelevant += dt
		}
		if slots[slot].Kind == plan.Feature {
			y.DwellPedestal += dt
			if relevant {
				y.DwellPedestalRelevant += dt
			}
		}
	}
	if d.Focus.Item != world.NoItem {
		y.Named++
		if ok && d.Focus.Item == looked {
			y.NamedRight++
		}
	}
	for _, a := range acts {
		y.Acts[a.Kind&15]++
		if a.Kind == world.EventPurchase {
			y.Purchases++
			if who.Relevant(a.Item) {
				y.PurchasesRelevant++
			}
		}
	}
	for i := range d.Events {
		if e := &d.Events[i]; e.Kind == world.EventDwell {
			if item, found := y.market.Catalog.Index(e.Item); found {
				y.Visits++
				y.Measured += float64(e.Dwell)
				if who.Relevant(item) {
					y.MeasuredRelevant += float64(e.Dwell)
				}
			}
		}
	}
	for i := range d.Placements {
		if p := &d.Placements[i]; p.Item != world.NoItem {
			y.Placed[minute]++
			if who.Relevant(p.Item) {
				y.PlacedRelevant[minute]++
			}
		}
	}
	y.knowing.add(t, who, len(y.market.Catalog.Items), d)
	if y.frames%int(TickRate) == 0 {
		late := 0
		if t > 120 {
			late = 1
		}
		for i := range d.Ranked {
			y.Ranked[late]++
			if who.Relevant(d.Ranked[i].Item) {
				y.RankedRelevant[late]++
			}
		}
	}
	// What is in view is summed at the rate at which it is worked out.
	if dt == 0 {
		return
	}
	if y.frames++; y.frames%LookEvery == 0 {
		y.expose(minute, dt*LookEvery, who, views)
	}
}

func (y *Tally) expose(minute int, dt float64, who *shopper.Shopper, views []plan.View) {
	slots := y.market.Plan.Slots
	for i := range views {
		v := &views[i]
		if v.Item == world.NoItem {
			y.EmptyPedestal += float64(v.SolidAngle) * dt
			continue
		}
		x := float64(v.SolidAngle) * dt
		relevant := who.Relevant(v.Item)
		seller := y.market.Catalog.Items[v.Item].Seller
		y.Exposure += x
		y.SellerExposure[seller] += x
		if relevant {
			y.ExposureRelevant += x
		}
		if slots[v.Slot].Kind != plan.Feature {
			continue
		}
		y.ExposurePedestal += x
		y.SellerPedestal[seller] += x
		y.PedestalUtility += x * who.Taste(v.Item)
		y.CurveExposure[minute] += x
		first := !y.onPed[v.Item]
		y.onPed[v.Item] = true
		if first {
			y.SeenOnPedestal++
		}
		if relevant {
			y.ExposurePedestalRelevant += x
			y.CurveRelevant[minute] += x
			if first {
				y.SeenOnPedestalRelevant++
			}
		}
	}
}
