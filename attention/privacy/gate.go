package privacy

import "souk/world"

// Counts are how many events of a kind the gate has seen.
type Counts struct {
	Passed, Held uint64
}

// Gate lets through what the visitor's consent allows. The zero Gate is
// closed to all but transactions. It belongs to one goroutine.
type Gate struct {
	tier  Tier
	audit [256]Counts // by kind: numbers without a name are counted too
}

// NewGate makes a gate for a tier.
func NewGate(t Tier) *Gate { return &Gate{tier: t} }

// Tier is what the gate is set to.
func (g *Gate) Tier() Tier { return g.tier }

// SetTier changes the consent, from the next Filter on. What has left the
// machine before has left it; the server's erasure is asked for elsewhere.
func (g *Gate) SetTier(t Tier) { g.tier = t }

// Filter appends to dst the events that may leave the machine, in their order,
// and counts each one. It leaves events as they are, and allocates nothing where dst has room.
//
// What passes without the consent to share passes without what was measured
// and where: a purchase under tier None carries no dwell, whoever filled that in.
func (g *Gate) Filter(dst []world.Event, events []world.Event) []world.Event {
	for i := range events {
		e := &events[i]
		if !g.tier.Allows(e.Kind) {
			g.audit[e.Kind].Held++
			continue
		}
		g.audit[e.Kind].Passed++
		dst = append(dst, *e)
		if g.tier != Share {
			out := &dst[len(dst)-1]
			out.Dwell, out.Exposure, out.InView, out.Eccentricity, out.Propensity = 0, 0, 0, 0, 0
			out.Source, out.Slot = world.SourceNone, world.NoSlot
		}
	}
	return dst
}

// Count is what the gate has done with events of a kind.
func (g *Gate) Count(kind world.EventKind) Counts { return g.audit[kind] }

// Total is what it has done with all events.
func (g *Gate) Total() Counts {
	var t Counts
	for _, c := range g.audit {
		t.Passed += c.Passed
		t.Held += c.Held
	}
	return t
}
