// Package rank is the ranker on this machine: it keeps one visitor's taste as a
// vector with its uncertainty, learns from each signal, ranks all items and says why.
//
// Read [Model] first, then [Policy] and Ranker.
package rank

import (
	"souk/attention/signal"
	"souk/world"
)

// Model is what training made: the same for every visitor. Immutable once
// loaded, safe for concurrent use.
type Model struct {
	Items, Dim int
	// Factors are the item factors, Items × Dim, row by row.
	Factors []float32
	// Popularity is the log-prior of each item, summing (in probability) to 1.
	Popularity []float32
	// Temperature of the softmax read-out, fitted on validation, > 0.
	Temperature float32
	// Regularisation (λ) and Base (α₀, the weight of an unseen item) of the
	// training, which the fold-in must share.
	Regularisation, Base float32
	// Catalogue is the fingerprint of the catalogue that the rows belong to.
	Catalogue string
	// Trained says by what and on what, in words, for people.
	Trained string
}

// Scored is an item with its score.
type Scored struct {
	Item  world.ItemIndex
	Score float32
	// Attention is the softmax read-out over all items, in (0,1).
	Attention float32
}

// Candidate is an item proposed for placement.
type Candidate struct {
	Scored
	Propensity float32 // probability that the policy proposes it at this step, in (0,1]
	Explored   bool
}

// Reason says which past signal made an item score: the explanation.
type Reason struct {
	Item  world.ItemIndex // the item that was looked at, liked, …; NoItem: because it is popular
	Kind  world.EventKind
	Dwell float32 // seconds
	Share float32 // of the item's positive score, in [0,1]
}

// Policy decides what a visitor may like. The engine calls it from one
// goroutine; an implementation owns no clock and draws randomness only from
// the seed that it was made with. Slices returned are valid until the next call.
type Policy interface {
	Name() string
	// Observe learns from a signal.
	Observe(s signal.Signal)
	// Rank orders all items and returns the best k, best first, hidden items left out.
	Rank(k int) []Scored
	// Propose draws n different candidates for placement from the policy's distribution.
	Propose(n int) []Candidate
	// Explain appends why the item scores, the largest share first, at most max reasons.
	Explain(dst []Reason, item world.ItemIndex, max int) []Reason
	// Forget returns to the state of an unknown visitor.
	Forget()
	// AppendState and RestoreState are the snapshot: exact, so that a restored
	// policy goes on byte for byte.
	AppendState(dst []byte) []byte
	RestoreState(src []byte) error
}
