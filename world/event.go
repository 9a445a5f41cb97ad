package world

// EventKind says what happened to an item. The numbers are part of the wire
// and of the store: never reuse one.
type EventKind uint8

// The kinds of event.
const (
	EventUnknown  EventKind = 0
	EventExposure EventKind = 1 // the item was in view; Exposure says how much, Dwell is 0: it was not looked at
	EventDwell    EventKind = 2 // a visit of attention ended; Dwell says how long
	EventOpen     EventKind = 3 // its card was opened
	EventLike     EventKind = 4
	EventUnlike   EventKind = 5
	EventHide     EventKind = 6
	EventUnhide   EventKind = 7
	EventCart     EventKind = 8
	EventUncart   EventKind = 9
	EventPurchase EventKind = 10
	EventPlace    EventKind = 11 // the placement put it on a pedestal; Propensity says how likely that was
	// Talk about an item, and pointing at it. No client sends these yet.
	EventComment  EventKind = 12 // something was said about it
	EventGesture  EventKind = 13 // it was pointed at, or shown to somebody
	EventQuestion EventKind = 14 // something was asked about it

	lastEventKind = EventQuestion
)

// Known says whether the kind is one of those above.
func (k EventKind) Known() bool { return k > EventUnknown && k <= lastEventKind }

var eventNames = [...]string{"unknown", "exposure", "dwell", "open", "like", "unlike", "hide", "unhide", "cart", "uncart", "purchase", "place", "comment", "gesture", "question"}

// String is the kind's lower-case name, as in CSV files; "unknown" for a number without one.
func (k EventKind) String() string {
	if int(k) < len(eventNames) {
		return eventNames[k]
	}
	return eventNames[0]
}

// ParseEventKind is the inverse of String; ok is false for a name that is none.
func ParseEventKind(name string) (k EventKind, ok bool) {
	for i, n := range eventNames[1:] {
		if n == name {
			return EventKind(i + 1), true
		}
	}
	return EventUnknown, false
}

// AttentionSource says what an attention event was measured with, so that no
// row of data calls a mouse an eye.
type AttentionSource uint8

// The sources, from nothing to the eye itself. The numbers are part of the wire.
const (
	SourceNone       AttentionSource = 0
	SourceEye        AttentionSource = 1
	SourceHead       AttentionSource = 2
	SourceViewCentre AttentionSource = 3
	SourcePointer    AttentionSource = 4
	SourceSimulated  AttentionSource = 5
)

var sourceNames = [...]string{"none", "eye", "head", "view-centre", "pointer", "simulated"}

// String is the source's lower-case name.
func (s AttentionSource) String() string {
	if int(s) < len(sourceNames) {
		return sourceNames[s]
	}
	return sourceNames[0]
}

// Event is a row of the event log: what one visitor did to one item, at the
// level of the object. It has no place for a gaze sample, and gets none.
type Event struct {
	ID      string // made by the client (ULID), unique for ever; empty until it is queued for upload
	Visitor string // pseudonymous
	Session string
	Time    float64 // seconds since the Unix epoch
	Kind    EventKind
	Item    string // Item.ID
	// Dwell is the length of the visit of attention, seconds (EventDwell).
	Dwell float32
	// Exposure is how much of the view the item had: solid angle × time in
	// view, steradian-seconds (EventExposure, EventDwell).
	Exposure float32
	// InView is how long the item was in view, seconds (EventExposure, EventDwell).
	InView float32
	// Eccentricity is the mean angle from the view's centre while in view, radians.
	Eccentricity float32
	// Propensity is the probability with which the policy chose the item for
	// its slot, in (0,1] (EventPlace); 0 elsewhere.
	Propensity float32
	// Slot is where the item stood, as its row in the plan; NoSlot if nowhere.
	Slot   SlotIndex
	Source AttentionSource
	// Amount is the price paid (EventPurchase).
	Amount Cents
}
