package rank

import (
	"encoding/json"
	"fmt"
	"io"
	"math"

	"souk/world"
)

// Knowledge is all that the ranker knows of a visitor, for that visitor to
// read: numbers that mean something by themselves, items by name. What is derived (scores, the
// Cholesky factor) is left out.
type Knowledge struct {
	// About explains the fields, in a sentence.
	About string `json:"about"`
	// Signals are the looks and deeds in memory, the oldest first.
	Signals []KnownSignal `json:"signals"`
	// Older is the confidence, faded, of those that are no longer told apart,
	// and the part of it that was for something.
	Older         float64 `json:"older_confidence"`
	OlderPositive float64 `json:"older_confidence_positive"`
	// Hidden, Cart, Bought and Seen are items that are kept out of the ranking or
	// of proposals.
	Hidden []string `json:"hidden"`
	Cart   []string `json:"cart"`
	Bought []string `json:"bought"`
	Seen   []string `json:"just_seen"`
	// Looks and Opens are how much a look and an opening of a card count with
	// this visitor, 1 being as with all.
	Looks float64 `json:"looks_count"`
	Opens float64 `json:"opens_count"`
	// Taste is the taste vector: no number of it means anything by itself.
	Taste []float32 `json:"taste"`
	// Adapter are the numbers of the visitor's own correction; none where it is off.
	Adapter []float64 `json:"adapter,omitempty"`
}

// KnownSignal is a look or a deed.
type KnownSignal struct {
	Item       string  `json:"item"`
	Kind       string  `json:"kind"`
	Wanted     float32 `json:"wanted"` // 0 against, 1 for
	Confidence float32 `json:"confidence"`
	Left       float64 `json:"left"` // of the confidence, after what came since
	Dwell      float32 `json:"dwell_seconds,omitempty"`
	Time       float64 `json:"time_seconds"` // on the session's clock
}

// Know is what the ranker knows; name gives items their names (an ID, a title).
func (r *Ranker) Know(name func(world.ItemIndex) string) Knowledge {
	r.solve()
	e := &r.evidence
	k := Knowledge{
		About: "What this ranker knows of you. It stays on this machine unless you agreed to more; Forget erases all of it.",
		Older: e.all.mass, OlderPositive: e.all.positive,
		Signals: []KnownSignal{}, Hidden: []string{}, Cart: []string{}, Bought: []string{}, Seen: []string{},
		Looks: e.habits[0], Opens: e.habits[1], Taste: append([]float32{}, r.user32...),
	}
	for i := range e.list {
		n := &e.list[i]
		k.Signals = append(k.Signals, KnownSignal{Item: name(n.item), Kind: n.kind.String(), Wanted: n.preference,
			Confidence: n.confidence, Left: n.weight, Dwell: n.dwell, Time: n.t})
		k.Older -= n.weight
		k.OlderPositive -= n.weight * float64(n.preference)
	}
	if e.past.mass == 0 { // what is left is rounding
		k.Older, k.OlderPositive = 0, 0
	}
	k.Older, k.OlderPositive = max(0, k.Older), max(0, k.OlderPositive)
	for i := range r.hidden {
		if !r.isTouched[i] {
			continue
		}
		for _, x := range []struct {
			is   bool
			list *[]string
		}{{r.hidden[i], &k.Hidden}, {r.inCart[i], &k.Cart}, {r.boughtUntil[i] > math.Inf(-1), &k.Bought}, {r.restUntil[i] > r.now, &k.Seen}} {
			if x.is {
				*x.list = append(*x.list, name(world.ItemIndex(i)))
			}
		}
	}
	if r.adapter.active {
		k.Adapter = append([]float64{}, r.adapter.a...)
	}
	return k
}

// Export writes what the ranker knows of the visitor as JSON, indented.
func (r *Ranker) Export(w io.Writer, name func(world.ItemIndex) string) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	if err := e.Encode(r.Know(name)); err != nil {
		return fmt.Errorf("export what the ranker knows: %w", err)
	}
	return nil
}
