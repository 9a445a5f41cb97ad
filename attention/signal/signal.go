// Package signal turns what was noticed and what was done into implicit
// feedback with a confidence: what the ranker learns from.
//
// Read [Signal] first, then [Weights]; [Normaliser] says what a dwell is worth.
package signal

import (
	"souk/world"
)

// Signal is one piece of evidence about one item, in the terms of implicit
// feedback (Hu, Koren, Volinsky 2008): a preference of 0 or 1 and how much it
// counts. One long look comes as several signals while it lasts: their
// confidences and their dwells add up to those of the whole.
type Signal struct {
	T          float64 // seconds on the session's clock
	Item       world.ItemIndex
	Kind       world.EventKind
	Preference float32 // 1 wanted, 0 not wanted
	Confidence float32 // weight added for the item, ≥ 0; the base weight of an unseen item is the ranker's own
	Dwell      float32 // seconds of attention behind it, for the explanation
	// Undo takes back an earlier signal of the same kind on the same item
	// (unlike, unhide): Kind, Preference and Confidence are those of the signal
	// that is taken back.
	Undo bool
}
