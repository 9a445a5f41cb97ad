package wire

import (
	"fmt"
	"math"

	"souk/world"
)

// EventOf is a row of the event log in its wire form. The visitor is the
// connection's and does not travel.
func EventOf(e *world.Event) *Event {
	return &Event{
		Id: e.ID, Session: e.Session, Time: e.Time, Kind: uint32(e.Kind), Item: e.Item,
		Dwell: e.Dwell, Exposure: e.Exposure, InView: e.InView, Eccentricity: e.Eccentricity,
		Propensity: e.Propensity, Slot: int32(e.Slot), Source: uint32(e.Source), Amount: int64(e.Amount),
	}
}

// The bounds of what an event may say. They are generous: they keep out
// nonsense, cleaning for training is elsewhere.
const (
	maxSeconds  = 24 * 3600.0
	maxExposure = 4 * math.Pi * maxSeconds
	minTime     = 1.5e9 // 2017: a clock that was never set
	maxTime     = 1e11
)

// ToEvent is the inverse of EventOf, with the visitor and session of the
// connection. The error says which field is out of its bounds. Whether the
// item and the slot exist is for the caller to check.
func ToEvent(e *Event, visitor, session string) (world.Event, error) {
	if e.GetSession() != "" {
		session = e.GetSession()
	}
	w := world.Event{
		ID: e.GetId(), Visitor: visitor, Session: session, Time: e.GetTime(), Kind: world.EventKind(e.GetKind()),
		Item: e.GetItem(), Dwell: e.GetDwell(), Exposure: e.GetExposure(), InView: e.GetInView(),
		Eccentricity: e.GetEccentricity(), Propensity: e.GetPropensity(),
		Slot: world.SlotIndex(e.GetSlot()), Source: world.AttentionSource(e.GetSource()), Amount: world.Cents(e.GetAmount()),
	}
	within := func(v float32, limit float64) bool { return finite(v) && v >= 0 && float64(v) <= limit }
	switch {
	case !ValidULID(w.ID):
		return w, fmt.Errorf("id %.40q is no ULID", w.ID)
	case !ValidKey(w.Session) || !ValidKey(w.Item) || w.Item == "":
		return w, fmt.Errorf("session or item is too long, empty or holds blanks")
	case e.GetKind() > math.MaxUint8 || !world.EventKind(e.GetKind()).Known():
		return w, fmt.Errorf("kind %d is unknown", e.GetKind())
	case e.GetSource() > uint32(world.SourceSimulated):
		return w, fmt.Errorf("source %d is unknown", e.GetSource())
	case !(w.Time >= minTime && w.Time <= maxTime):
		return w, fmt.Errorf("time %g is no time since 1970 in seconds", w.Time)
	case !within(w.Dwell, maxSeconds) || !within(w.InView, maxSeconds):
		return w, fmt.Errorf("dwell or in_view is not between 0 and %g s", maxSeconds)
	case !within(w.Exposure, maxExposure):
		return w, fmt.Errorf("exposure is negative or too large")
	case !within(w.Eccentricity, math.Pi+1e-6):
		return w, fmt.Errorf("eccentricity is not between 0 and π")
	case !within(w.Propensity, 1+1e-6):
		return w, fmt.Errorf("propensity is not between 0 and 1")
	case w.Slot < world.NoSlot || w.Amount < 0:
		return w, fmt.Errorf("slot or amount is negative")
	}
	return w, nil
}

// ValidULID says whether s is a ULID in its canonical upper-case form: 26
// characters of Crockford's base 32, the first at most 7.
func ValidULID(s string) bool {
	if len(s) != 26 || s[0] > '7' {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if !(c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' && c != 'I' && c != 'L' && c != 'O' && c != 'U') {
			return false
		}
	}
	return true
}
