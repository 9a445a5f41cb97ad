// Package rank is the ranker on this machine: it keeps one visitor's taste as a
// vector with its uncertainty, learns from each signal, ranks all items and says why.
//
// Read [Model] first, then [Policy] and [Ranker].
package rank

import (
	"fmt"
	"math"

	"souk/attention/rank/selfattention"
	"souk/attention/signal"
	"souk/world"
	"souk/world/catalog"
)

// Model is what training made: the same for every visitor. Immutable once
// loaded, safe for concurrent use.
type Model struct {
	Items, Dim int
	// Factors are the item factors, Items × Dim, row by row.
	Factors []float32
	// Popularity is the log-prior of each item for a stranger, summing (in probability) to 1.
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

	// Expected is what a stranger's evidence on each item is expected to say: its mean preference,
	// weighted by confidence, finite. Where it is there, the taste says by how much
	// a visitor's preferences differ from it, with a Gaussian prior of precision Regularisation (in units of
	// confidence) on each dimension, and Base has no part: see [Ranker]. Optional.
	Expected []float32
	// Side widens the factors by what the catalogue says of the items. Optional; worked out where a
	// model is opened beside its catalogue, and not in its file.
	Side *Side
	// Gram is ΣvvᵀT over all items, Dim × Dim, row by row. Optional: where it is
	// empty, [New] computes it, which costs Items·Dim² operations.
	Gram []float64
	// ContentWeights map an item's content features to factors, FeatureDim × Dim,
	// row by row: how items without training interactions got their factors.
	// Optional.
	ContentWeights []float32
	// Transitions say what follows an item. Optional.
	Transitions *Transitions
	// Blend weighs the parts of the score; the zero value is that of a model without.
	Blend Blend
	// Network has the last look at the best of a ranking. Optional.
	Network *selfattention.Network
	// NewReranker makes another last look than Network's, one for each [Ranker].
	// Optional; not in the file of this model.
	NewReranker func() Reranker
	// Date is when it was trained, as the trainer's caller gave it; for people.
	Date string
	// Fingerprint names the model by its content, hex; set by the reader of the
	// file. Optional.
	Fingerprint string
}

// Check says what is wrong with the model, in one sentence; nil if nothing is.
func (m *Model) Check() error {
	switch {
	case m == nil:
		return fmt.Errorf("check model: there is none")
	case m.Items < 1 || m.Dim < 1 || m.Dim > MaxDim:
		return fmt.Errorf("check model: %d items × %d dimensions; at least one item and 1 to %d dimensions are needed", m.Items, m.Dim, MaxDim)
	case len(m.Factors) != m.Items*m.Dim && !(m.Factors == nil && m.Side != nil && m.Side.released):
		return fmt.Errorf("check model: %d factors for %d items × %d dimensions", len(m.Factors), m.Items, m.Dim)
	case len(m.Popularity) != m.Items:
		return fmt.Errorf("check model: %d popularities for %d items", len(m.Popularity), m.Items)
	case len(m.ContentWeights) != 0 && len(m.ContentWeights) != catalog.FeatureDim*m.Dim:
		return fmt.Errorf("check model: %d content weights, not %d × %d", len(m.ContentWeights), catalog.FeatureDim, m.Dim)
	case len(m.Gram) != 0 && len(m.Gram) != m.Dim*m.Dim:
		return fmt.Errorf("check model: a Gram matrix of %d numbers, not %d × %d", len(m.Gram), m.Dim, m.Dim)
	case !(m.Temperature > 0) || !(m.Regularisation > 0) || !(m.Base > 0) ||
		!finite(m.Temperature) || !finite(m.Regularisation) || !finite(m.Base):
		return fmt.Errorf("check model: temperature %v, regularisation %v and base weight %v must be finite and above 0", m.Temperature, m.Regularisation, m.Base)
	}
	if i := firstNonFinite(m.Factors); i >= 0 {
		return fmt.Errorf("check model: factor %d of item %d is %v", i%m.Dim, i/m.Dim, m.Factors[i])
	}
	if i := firstNonFinite(m.Popularity); i >= 0 {
		return fmt.Errorf("check model: popularity of item %d is %v", i, m.Popularity[i])
	}
	if n := len(m.Expected); m.Expected != nil && n != m.Items {
		return fmt.Errorf("check model: %d expected preferences for %d items", n, m.Items)
	}
	if i := firstNonFinite(m.Expected); i >= 0 {
		return fmt.Errorf("check model: the expected preference of item %d is %v", i, m.Expected[i])
	}
	if i := firstNonFinite(m.ContentWeights); i >= 0 {
		return fmt.Errorf("check model: content weight %d is %v", i, m.ContentWeights[i])
	}
	if err := m.Side.check(m); err != nil {
		return err
	}
	if m.Network != nil && m.Network.Shape.Items != m.Items {
		return fmt.Errorf("check model: its network knows %d items, the model %d", m.Network.Shape.Items, m.Items)
	}
	if m.Transitions != nil {
		if err := m.Transitions.Check(m.Items); err != nil {
			return fmt.Errorf("check model: %w", err)
		}
	}
	return m.Blend.check()
}

// MaxDim is the largest number of dimensions of a model.
const MaxDim = 1024

// ComputeGram is ΣvvᵀT over the rows of factors (n × dim, row by row), summed in
// blocks of a fixed size, so that the result does not depend on who computes it.
func ComputeGram(factors []float32, dim int) []float64 {
	gram := make([]float64, dim*dim)
	block := make([]float64, dim*dim)
	const rows = 512
	for at := 0; at < len(factors); at += rows * dim {
		AddGram(block, factors[at:min(at+rows*dim, len(factors))], dim)
		for i, x := range block {
			gram[i] += x
			block[i] = 0
		}
	}
	return gram
}

// AddGram adds ΣvvᵀT over the rows of factors to gram (dim × dim), both triangles.
func AddGram(gram []float64, factors []float32, dim int) {
	for at := 0; at+dim <= len(factors); at += dim {
		v := factors[at : at+dim]
		for i, vi := range v {
			row := gram[i*dim : i*dim+i+1]
			x := float64(vi)
			for j := range row {
				row[j] += x * float64(v[j])
			}
		}
	}
	for i := range dim {
		for j := range i {
			gram[j*dim+i] = gram[i*dim+j]
		}
	}
}

// ContentModel is the model of a catalogue that nobody has trained one for:
// the content features themselves are the factors, and every item is equally
// popular. It knows what is alike, not what is liked.
func ContentModel(c *catalog.Catalog) (*Model, error) {
	n := len(c.Items)
	if n == 0 || len(c.Features) != n*catalog.FeatureDim {
		return nil, fmt.Errorf("content model: %d features for %d items of %s; open the catalogue anew", len(c.Features), n, c.Name)
	}
	m := &Model{
		Items: n, Dim: catalog.FeatureDim, Factors: c.Features,
		Popularity:  make([]float32, n),
		Temperature: 0.1, Regularisation: 0.01, Base: 0.01,
		Catalogue: c.Fingerprint(), Trained: "not trained: content features of the catalogue",
	}
	for i := range m.Popularity {
		m.Popularity[i] = float32(-math.Log(float64(n)))
	}
	m.Gram = ComputeGram(m.Factors, m.Dim)
	return m, m.Check()
}

func finite(x float32) bool { return x-x == 0 }

func firstNonFinite(xs []float32) int {
	for i, x := range xs {
		if !finite(x) {
			return i
		}
	}
	return -1
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
	Item  world.ItemIndex // the item that was looked at, liked, …; NoItem: because it is popular, or, with Kind exposure, for signals too old to tell apart
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
