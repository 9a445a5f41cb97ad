package train

import (
	"fmt"
	"math"
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
	// MaxInView is the longest that an item is in view at once, seconds, > 0:
	// longer, and nobody was at the screen.
	MaxInView float32
	// MaxSession is how far from the middle row of its session a row may lie, seconds, >
	// 0; further, and the clock was set in between. Rows without a session are not asked.
	MaxSession float64
}

// DefaultClean is 450 s of dwell, 300 rows a minute, half an hour in view and
// a day from the middle of a session.
func DefaultClean() CleanConfig {
	return CleanConfig{MaxDwell: 450, MaxRate: 300, MaxInView: 1800, MaxSession: 86400}
}

// Check says which setting is out of range; nil if none is.
func (c CleanConfig) Check() error {
	if !(c.MaxDwell > 0) || c.MaxRate < 1 || !(c.MaxInView > 0) || !(c.MaxSession > 0) {
		return fmt.Errorf("train: cleaning with a dwell of %v s, %d rows a minute, %v s in view and %v s of a session at most: all must be above 0", c.MaxDwell, c.MaxRate, c.MaxInView, c.MaxSession)
	}
	return nil
}

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
	Idle                      // in view for longer than anybody stays
	Duplicate                 // the ID has come before
	ClockJump                 // far from the rest of its session
	Robot                     // too many rows a minute
	reasons
)

var reasonNames = [reasons]string{"no visitor", "unknown item", "not a number", "impossible dwell", "impossible exposure",
	"unknown kind", "idle", "duplicate", "clock jump", "robot"}

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
	rows, done := logOf(events, c).clean(cfg)
	kept := make([]world.Event, len(rows))
	for i, r := range rows {
		kept[i] = events[r]
	}
	return kept, done
}

// clean is [Clean] for a log in columns: it returns the numbers of the rows.
func (l *Log) clean(cfg CleanConfig) ([]int32, Cleaning) {
	done := Cleaning{Rows: l.Rows()}
	kept := make([]int32, 0, l.Rows())
	ids := make(map[uint64]struct{})
	for r := range int32(l.Rows()) {
		reason, bad := l.impossible(r, cfg)
		if !bad && l.id[r] != 0 {
			if _, bad = ids[l.id[r]]; bad {
				reason = Duplicate
			}
			ids[l.id[r]] = struct{}{}
		}
		if bad {
			done.Refused[reason]++
			continue
		}
		kept = append(kept, r)
	}
	ids = nil
	kept = l.withoutJumps(kept, cfg.MaxSession, &done)
	l.byTime(kept)
	robots := l.robots(kept, cfg.MaxRate)
	kept = slices.DeleteFunc(kept, func(r int32) bool {
		if robots[l.visitor[r]] {
			done.Refused[Robot]++
			return true
		}
		return false
	})
	done.Kept = len(kept)
	return kept, done
}

func (l *Log) impossible(r int32, cfg CleanConfig) (Reason, bool) {
	if l.visitor[r] < 0 {
		return NoVisitor, true
	}
	if l.item[r] < 0 {
		return UnknownItem, true
	}
	if l.time[r]-l.time[r] != 0 {
		return NoNumber, true
	}
	for _, x := range [...]float32{l.dwell[r], l.exposure[r], l.inView[r], l.eccentricity[r], l.propensity[r]} {
		if x-x != 0 {
			return NoNumber, true
		}
	}
	switch {
	case l.dwell[r] < 0 || l.dwell[r] > cfg.MaxDwell:
		return BadDwell, true
	case l.exposure[r] < 0 || l.inView[r] < 0:
		return BadMeasure, true
	case !l.kind[r].Known():
		return BadKind, true
	case l.inView[r] > cfg.MaxInView:
		return Idle, true
	}
	return 0, false
}

// withoutJumps leaves out the rows that lie further than most from the median
// time of their session.
func (l *Log) withoutJumps(rows []int32, most float64, done *Cleaning) []int32 {
	first, last := make([]float64, len(l.sessions)), make([]float64, len(l.sessions))
	seen := make([]bool, len(l.sessions))
	for _, r := range rows {
		s, t := l.session[r], l.time[r]
		if s < 0 {
			continue
		}
		if !seen[s] {
			seen[s], first[s], last[s] = true, t, t
		}
		first[s], last[s] = min(first[s], t), max(last[s], t)
	}
	times := make(map[int32][]float64) // of the few sessions that are too long
	for _, r := range rows {
		if s := l.session[r]; s >= 0 && last[s]-first[s] > most {
			times[s] = append(times[s], l.time[r])
		}
	}
	for _, t := range times {
		slices.Sort(t)
	}
	return slices.DeleteFunc(rows, func(r int32) bool {
		t, long := times[l.session[r]]
		if long && math.Abs(l.time[r]-t[len(t)/2]) > most {
			done.Refused[ClockJump]++
			return true
		}
		return false
	})
}

// robots says which visitors did more than rate things within some
// minute. Exposure and placement are not their doing.
func (l *Log) robots(sorted []int32, rate int) []bool {
	robots := make([]bool, len(l.names))
	grouped, start, who := l.byVisitor(slices.DeleteFunc(slices.Clone(sorted), func(r int32) bool {
		return l.kind[r] == world.EventExposure || l.kind[r] == world.EventPlace
	}))
	for k, v := range who {
		own := grouped[start[k]:start[k+1]]
		for i := rate; i < len(own); i++ {
			if l.time[own[i]]-l.time[own[i-rate]] <= 60 {
				robots[v] = true
				break
			}
		}
	}
	return robots
}
