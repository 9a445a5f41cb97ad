// Package examination judges what is looked at apart from what is chosen.
//
// A click model says that an item is chosen where it is examined and attracts (Richardson,
// Dominowska and Ragno 2007; Craswell et al. 2008, the position-based model). Elsewhere examination is
// guessed from clicks; Souk sees it: each item that was in view and each look is in the event log.
//
// Read [Collector] first, then [Evaluate]; docs/evaluation.md says what comes out.
package examination

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"souk/world"
	"souk/world/catalog"
)

// Impression is an item that was in view, and what became of it.
type Impression struct {
	Visitor, Item int32   // by first appearance; the catalogue's index
	Exposure      float32 // solid angle × time in view, steradian-seconds, ≥ 0
	Eccentricity  float32 // mean angle from the view's centre, radians, ≥ 0
	Examined      bool    // it was looked at
	Chosen        bool    // it was opened, liked, put into the cart or bought, because of this look
}

// Collector makes impressions from rows of the event log. Feed it rows in any order, then ask for the Log.
type Collector struct {
	cat      *catalog.Catalog
	window   float64
	visitors map[string]int32
	seen     map[touch][]sight
	acts     map[touch][]float64
	order    []touch // of seen, by first appearance

	// Unknown counts rows of items that the catalogue has not, Unlooked acts on items without a
	// look at them within the window: neither is in the log.
	Unknown, Unlooked int
}

type touch struct{ visitor, item int32 }

type sight struct {
	Impression
	time float64
}

// NewCollector collects impressions of a catalogue's items. An act belongs to the look at the item that is nearest in
// time, at most window seconds away, > 0.
func NewCollector(c *catalog.Catalog, window float64) (*Collector, error) {
	if !(window > 0) {
		return nil, fmt.Errorf("examination: a window of %v s; it must be above 0", window)
	}
	return &Collector{cat: c, window: window, visitors: make(map[string]int32),
		seen: make(map[touch][]sight), acts: make(map[touch][]float64)}, nil
}

// Add takes a row. The row and its strings may be used again after.
func (c *Collector) Add(ev *world.Event) {
	choice := ev.Kind == world.EventOpen || ev.Kind == world.EventLike || ev.Kind == world.EventCart || ev.Kind == world.EventPurchase
	if !choice && ev.Kind != world.EventExposure && ev.Kind != world.EventDwell {
		return
	}
	item, known := c.cat.Index(ev.Item)
	if !known || ev.Time-ev.Time != 0 || !(ev.Exposure >= 0) || !(ev.Eccentricity >= 0) {
		c.Unknown++
		return
	}
	v, met := c.visitors[ev.Visitor]
	if !met {
		v = int32(len(c.visitors))
		c.visitors[strings.Clone(ev.Visitor)] = v
	}
	t := touch{v, int32(item)}
	if choice {
		c.acts[t] = append(c.acts[t], ev.Time)
		return
	}
	if len(c.seen[t]) == 0 {
		c.order = append(c.order, t)
	}
	c.seen[t] = append(c.seen[t], sight{time: ev.Time, Impression: Impression{Visitor: v, Item: t.item,
		Exposure: ev.Exposure, Eccentricity: ev.Eccentricity, Examined: ev.Kind == world.EventDwell}})
}

// Log is what was collected, visitor by visitor in order of their first appearance. An error says that
// there is nothing, or that most of it is of another catalogue.
func (c *Collector) Log() ([]Impression, error) {
	c.Unlooked = 0
	for t, acts := range c.acts {
		for _, at := range acts {
			if s := c.nearest(c.seen[t], at); s != nil {
				s.Chosen = true
			} else {
				c.Unlooked++
			}
		}
	}
	slices.SortStableFunc(c.order, func(a, b touch) int { return cmp.Compare(a.visitor, b.visitor) })
	var log []Impression
	for _, t := range c.order {
		for _, s := range c.seen[t] {
			log = append(log, s.Impression)
		}
	}
	if len(log) == 0 {
		return nil, errors.New("examination: the log has no exposures and no looks: record one with consent local or share, or with souklab simulate -events")
	}
	if c.Unknown > len(log) {
		return nil, fmt.Errorf("examination: %d rows are of items that %s has not, %d of items that it has: give the catalogue that the log was made with", c.Unknown, c.cat.Name, len(log))
	}
	return log, nil
}

// nearest is the look that an act at a time belongs to; nil: none.
func (c *Collector) nearest(seen []sight, at float64) (found *sight) {
	best := c.window
	for i := range seen {
		if d := math.Abs(seen[i].time - at); seen[i].Examined && d <= best {
			found, best = &seen[i], d
		}
	}
	return found
}
