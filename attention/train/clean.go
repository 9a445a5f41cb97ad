package train

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"souk/world"
	"souk/world/catalog"
)

// CleanConfig says what makes a row impossible.
type CleanConfig struct {
	// MaxDwell is the longest visit of attention that a person makes, seconds,
	// > 0; what is longer was left standing.
	MaxDwell float32
	// MaxRate is how many rows of attention or action a person makes in a
	// minute, > 0; whoever makes more is a robot, and all rows of the visitor go.
	MaxRate int
}

// DefaultClean is 450 s of dwell and 300 rows a minute.
func DefaultClean() CleanConfig { return CleanConfig{MaxDwell: 450, MaxRate: 300} }

// Reason is why a row was refused.
type Reason int

// The reasons, in the order in which they are looked for: a row counts for the first.
const (
	NoVisitor   Reason = iota // nobody did it
	UnknownItem               // the catalogue has no such item
	NoNumber                  // a time or a measure is not a finite number
	BadDwell                  // negative, or longer than anybody looks
	BadMeasure                // a negative exposure or time in view
	BadKind                   // unknown
	Duplicate                 // the ID has come before
	Robot                     // too many rows a minute
	reasons
)

var reasonNames = [reasons]string{"no visitor", "unknown item", "not a number", "impossible dwell", "impossible exposure",
	"unknown kind", "duplicate", "robot"}

// String is the reason in words.
func (r Reason) String() string {
	if r >= 0 && r < reasons {
		return reasonNames[r]
	}
	return "unknown"
}

// Cleaning counts what became of the rows.
type Cleaning struct {
	Rows, Kept int
	Refused    [reasons]int
}

// String is "120 of 130 rows kept; refused: 8 duplicate, 2 robot".
func (c Cleaning) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d of %d rows kept", c.Kept, c.Rows)
	sep := "; refused: "
	for r, n := range c.Refused {
		if n > 0 {
			fmt.Fprintf(&b, "%s%d %s", sep, n, Reason(r))
			sep = ", "
		}
	}
	return b.String()
}

// Clean keeps the rows that a person can have made, in order of time (rows of the
// same time in the order given), and counts the others by reason.
func Clean(events []world.Event, c *catalog.Catalog, cfg CleanConfig) ([]world.Event, Cleaning) {
	done := Cleaning{Rows: len(events)}
	kept := make([]world.Event, 0, len(events))
	ids := make(map[string]struct{})
	for i := range events {
		ev := &events[i]
		reason, bad := impossible(ev, c, cfg)
		if !bad && ev.ID != "" {
			if _, bad = ids[ev.ID]; bad {
				reason = Duplicate
			}
			ids[ev.ID] = struct{}{}
		}
		if bad {
			done.Refused[reason]++
			continue
		}
		kept = append(kept, *ev)
	}
	slices.SortStableFunc(kept, func(a, b world.Event) int { return cmp.Compare(a.Time, b.Time) })
	robots := findRobots(kept, cfg.MaxRate)
	kept = slices.DeleteFunc(kept, func(ev world.Event) bool {
		if robots[ev.Visitor] {
			done.Refused[Robot]++
			return true
		}
		return false
	})
	done.Kept = len(kept)
	return kept, done
}

func impossible(ev *world.Event, c *catalog.Catalog, cfg CleanConfig) (Reason, bool) {
	if ev.Visitor == "" {
		return NoVisitor, true
	}
	if _, ok := c.Index(ev.Item); !ok {
		return UnknownItem, true
	}
	if ev.Time-ev.Time != 0 {
		return NoNumber, true
	}
	for _, x := range [...]float32{ev.Dwell, ev.Exposure, ev.InView, ev.Eccentricity, ev.Propensity} {
		if x-x != 0 {
			return NoNumber, true
		}
	}
	switch {
	case ev.Dwell < 0 || ev.Dwell > cfg.MaxDwell:
		return BadDwell, true
	case ev.Exposure < 0 || ev.InView < 0:
		return BadMeasure, true
	case !ev.Kind.Known():
		return BadKind, true
	}
	return 0, false
}

// findRobots names the visitors that did more than rate things within some
// minute. Exposure and placement are not their doing.
func findRobots(sorted []world.Event, rate int) map[string]bool {
	times := make(map[string][]float64) // a visitor's latest times
	robots := make(map[string]bool)
	for i := range sorted {
		ev := &sorted[i]
		if ev.Kind == world.EventExposure || ev.Kind == world.EventPlace || robots[ev.Visitor] {
			continue
		}
		t := times[ev.Visitor]
		from := 0
		for from < len(t) && t[from] < ev.Time-60 {
			from++
		}
		t = append(t[:copy(t, t[from:])], ev.Time)
		times[ev.Visitor] = t
		if len(t) > rate {
			robots[ev.Visitor] = true
		}
	}
	return robots
}
