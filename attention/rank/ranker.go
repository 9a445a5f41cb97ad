package rank

import (
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"math/rand/v2"

	"souk/attention/signal"
	"souk/world"
	"souk/world/catalog"
)

// Ranker is the policy that learns. It keeps the visitor's taste as the
// posterior of an implicit-feedback regression on the item factors V (Hu,
// Koren, Volinsky 2008, equation 4, with one user's row open and V fixed):
//
//	A = α₀·VᵀV + Σ wₖ·vₖvₖᵀ + λ·(Σ wₖ + α₀·n)·I        precision
//	b = Σ wₖ·pₖ·vₖ                                    what was wanted
//	u = A⁻¹·b,   score(j) = u·vⱼ + prior(j) [+ what a Blend adds]
//
// wₖ is the confidence of signal k, faded by what came after it. A signal
// with preference 0 (seen and passed over, hidden) enters A alone and pulls
// the scores of its like towards 0; an item never seen has its base weight α₀
// and nothing else. The regularisation grows with the evidence as in Rendle et
// al. 2021 (frequency scaling, ν = 1), in units of confidence instead of counts,
// and is the one that training uses.
//
// Where the model has expectations e ([Model.Expected]), u says by how much the visitor
// differs from a stranger, and the prior does not fade, since evidence counts from it:
//
//	A = Σ wₖ·vₖvₖᵀ + λ·I,   b = Σ wₖ·(pₖ − eₖ)·vₖ,   score(j) = u·vⱼ + eⱼ − ē
//
// with ē the mean of e: Bayesian linear regression, as the training has it
// (Agarwal and Chen 2009, "Regression-based latent factor models"). A look that was shorter than
// an item mostly gets speaks against it and its like even where it was long. What was passed over
// says nothing then: it tells where the visitor went. v is of the model's [Side] where it has one. On what was said of
// item j itself, C of confidence in all, rests a part of its own, with κ = [Config.Itself]:
//
//	score(j) = [κ·u·vⱼ + Σ wₖ·(pₖ − eⱼ)] ÷ (C + κ) + eⱼ − ē
//
// the sum being over j's own signals: see itself.
//
// Else prior(j) is the item's popularity on a logarithmic scale from 0 to
// [Config.PriorWeight], and fades as evidence grows: it is the whole score of an unknown
// visitor. Content enters through the factors: training gives an item that
// nobody touched the factors that its content predicts, and [ContentModel] is
// all content. A model with a [Blend] adds what follows the items that were
// wanted lately, and their content.
//
// All items are scanned in 8 bits a number, the best [Config.Rescore] are then scored in full;
// a model's [Reranker] has the last word on these.
//
// The read-out is the softmax of the scores over all items with the model's
// fitted temperature. The text that Souk comes from trains this model by
// setting the gradient of the softmax itself to zero, which is no training
// rule; Souk trains by alternating least squares and keeps the softmax as
// what it is good for, a read-out that changes no order.
//
// A Ranker belongs to one goroutine. Observe costs one rank-one update of A
// (Dim² operations); the next Rank, Propose or Explain factorises A once and
// scores all items. Nothing is allocated in steady state.
type Ranker struct {
	model *Model
	cfg   Config
	blend Blend
	id    uint32 // of the model's factors, for snapshots
	side  uint32 // of its side information, where that has a part; else 0
	seed  uint64
	pcg   rand.PCG
	rng   *rand.Rand

	evidence evidence
	exclusion
	prior   []float32 // in [0,1] by item
	fade    []float32 // e^(−k/τ) by place among the recent items
	content []float32 // the catalogue's features; nil: none

	factorSketch, contentSketch *sketch // the latter nil where content has no part

	// Derived from the evidence where solved.
	solved      bool
	gram        []float64 // α₀·VᵀV
	chol        []float64 // lower triangle, Dim × Dim
	user        []float64
	user32      []float32
	priorWeight float32
	recent      []Recent
	adapter     adapter

	// Derived from that where scored.
	scored bool
	taste  []float32 // u · Blend.Factors
	wanted []float32 // the content looked for
	bias   []float32 // what is added to the products, by item
	scores []float32 // −Inf where unranked; exact for the head
	head   []headed  // the best, scored in full, best first
	inHead []bool    // by item
	most   float32   // the best score
	total  float64   // Σ exp((score − most) ÷ temperature)
	best   top       // the best of the scan, in no order
	keys   []uint64  // scratch: the head in full
	long   top       // for rankings that are longer than the head
	ranked []Scored

	reranker   Reranker
	candidates []world.ItemIndex
	reranked   []float32

	proposal
	why
	itself
}

// headed is an item of the head.
type headed struct {
	Scored
	added float32 // by the reranker
}

var _ Policy = (*Ranker)(nil)

// New makes the ranker of a visitor of whom nothing is known. The catalogue
// must be the one that the model was trained for; it may be nil where the
// caller has checked that. Two rankers with the same seed that are told the
// same do the same.
func New(m *Model, c *catalog.Catalog, cfg Config, seed uint64) (*Ranker, error) {
	if err := m.Check(); err != nil {
		return nil, fmt.Errorf("make ranker: %w", err)
	}
	if err := cfg.Check(); err != nil {
		return nil, fmt.Errorf("make ranker: %w", err)
	}
	if c != nil {
		if len(c.Items) != m.Items {
			return nil, fmt.Errorf("make ranker: the model knows %d items, the catalogue %s has %d: train a model for this catalogue with souklab train", m.Items, c.Name, len(c.Items))
		}
		if m.Catalogue != "" && m.Catalogue != c.Fingerprint() {
			return nil, fmt.Errorf("make ranker: the model was trained for catalogue %s, but %s is %s: train a model for this catalogue with souklab train", short(m.Catalogue), c.Name, short(c.Fingerprint()))
		}
	}
	if m.Factors == nil && !cfg.Side {
		return nil, errors.New("make ranker: the model's own factors were released, and the settings do without side information: open the model anew")
	}
	if m.Blend.Content > 0 && c == nil {
		return nil, errors.New("make ranker: the model's blend counts content, and no catalogue was given: open the model's catalogue and give it")
	}
	r := newRanker(m, cfg, seed)
	if c != nil && len(c.Features) == m.Items*catalog.FeatureDim && (m.Blend.Content > 0 || cfg.Adapter > 0) {
		r.withContent(c.Features)
	}
	r.Forget()
	return r, nil
}

// newRanker is New for what has been checked, without content.
func newRanker(m *Model, cfg Config, seed uint64) *Ranker {
	id, side := m.identity(), uint32(0)
	if cfg.Side && m.Side != nil {
		m, side = m.widened(), identity(m.Side.Factors)
	}
	d, n := m.Dim, m.Items
	r := &Ranker{
		model: m, cfg: cfg, id: id, side: side, seed: seed,
		evidence: newEvidence(m, cfg), exclusion: newExclusion(n, cfg),
		prior: m.priors(),
		gram:  make([]float64, d*d), chol: make([]float64, d*d),
		user: make([]float64, d), user32: make([]float32, d), taste: make([]float32, d),
		bias: make([]float32, n), scores: make([]float32, n), inHead: make([]bool, n),
		why: newWhy(d, cfg), itself: newItself(n, cfg),
	}
	r.blend = r.blendOf()
	r.recent = make([]Recent, 0, r.blend.Recent)
	for k := range r.blend.Recent {
		r.fade = append(r.fade, float32(exp(max(-float64(k)/float64(r.blend.Tau), -600))))
	}
	gram := m.Gram
	if len(gram) == 0 && (m.Expected == nil || cfg.Axes > 0) {
		gram = ComputeGram(m.Factors, d)
	}
	if m.Expected == nil {
		for i, g := range gram {
			r.gram[i] = float64(m.Base) * g
		}
	}
	r.factorSketch = newSketch(m.Factors, n, d, cfg.Bits, cfg.Axes, gram)
	r.proposal = newProposal(n, d, r.factorSketch.rows.Dim, cfg)
	switch {
	case m.NewReranker != nil:
		r.reranker = m.NewReranker()
	case m.Network != nil && m.Network.Weight > 0:
		r.reranker = newNetworkReranker(m.Network)
	}
	return r
}

func short(fingerprint string) string { return fingerprint[:min(12, len(fingerprint))] }

// identity is a checksum of the factors: a snapshot's sums mean nothing beside others.
func identity(factors []float32) uint32 {
	var buf [4 * 1024]byte
	sum := uint32(0)
	for at := 0; at < len(factors); at += 1024 {
		b := buf[:0]
		for _, x := range factors[at:min(at+1024, len(factors))] {
			u := math.Float32bits(x)
			b = append(b, byte(u), byte(u>>8), byte(u>>16), byte(u>>24))
		}
		sum = crc32.Update(sum, castagnoli, b)
	}
	return sum
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// priors are the log-popularities scaled to [0,1], all 0 where all are equal; or what is expected
// of each item, above the mean.
func (m *Model) priors() []float32 {
	if m.Expected != nil {
		mean := 0.0
		for _, x := range m.Expected {
			mean += float64(x)
		}
		mean /= float64(m.Items)
		p := make([]float32, m.Items)
		for i, x := range m.Expected {
			p[i] = float32(float64(x) - mean)
		}
		return p
	}
	return priors(m.Popularity)
}

func priors(logs []float32) []float32 {
	lo, hi := logs[0], logs[0]
	for _, x := range logs {
		lo, hi = min(lo, x), max(hi, x)
	}
	p := make([]float32, len(logs))
	if hi > lo {
		for i, x := range logs {
			p[i] = (x - lo) / (hi - lo)
		}
	}
	return p
}

// Name is "ranker".
func (r *Ranker) Name() string { return "ranker" }

// Forget returns to the state of an unknown visitor, the random numbers included.
func (r *Ranker) Forget() {
	r.pcg.Seed(r.seed, 0x736f756b)
	r.rng = rand.New(&r.pcg)
	r.evidence.clear()
	r.exclusion.clear()
	r.stale()
}

// Observe learns from a signal. One that cannot be meant (an item that does
// not exist, a confidence that is negative or no number) is ignored. A signal
// that takes back (Undo, or kind unlike, unhide, uncart) removes the last
// signal of the kind on the item exactly, as if it had never come, while it is among the
// last [Config.Memory]; beyond that only hiding and the cart are taken back.
func (r *Ranker) Observe(s signal.Signal) {
	if !usable(s, r.model.Items) {
		return
	}
	r.exclusion.observe(s)
	r.stale()
	if kind, undo := undone(s); undo {
		r.evidence.undo(s.Item, kind)
		return
	}
	if s.Confidence == 0 || s.Kind == world.EventExposure && r.model.Expected != nil {
		return
	}
	r.evidence.add(noted{item: s.Item, kind: s.Kind, preference: s.Preference,
		confidence: s.Confidence, dwell: s.Dwell, t: s.T})
}

// Evidence is the positive evidence there is, in units of confidence, faded.
func (r *Ranker) Evidence() float64 { return r.evidence.all.positive }

// UserVector appends the taste vector to dst; all zero for an unknown visitor.
func (r *Ranker) UserVector(dst []float32) []float32 {
	r.solve()
	return append(dst, r.user32...)
}

// stale says that what is derived must be derived anew.
func (r *Ranker) stale() { r.solved, r.scored, r.why.ready = false, false, false }

// solve derives what the evidence says: the user vector, the Cholesky factor L
// of A, what was wanted lately, and the adapter.
//
// A is factorised anew each time: its diagonal grows with every signal and its past
// fades, which no rank-one update of a factor or an inverse can follow, and at 64
// dimensions it costs a tenth of an update (BenchmarkSolve has both ways).
func (r *Ranker) solve() {
	if r.solved {
		return
	}
	e := &r.evidence.all
	diag := r.diagonal()
	// A is positive definite by its diagonal; should rounding say otherwise, a
	// larger diagonal gives a more careful answer rather than none.
	for r.fillPrecision(r.chol, diag); !cholesky(r.chol, r.model.Dim); r.fillPrecision(r.chol, diag) {
		diag *= 10
	}
	copy(r.user, e.b)
	solveCholesky(r.chol, r.user)
	for i, x := range r.user {
		r.user32[i] = float32(x)
		r.taste[i] = float32(r.user32[i] * r.blend.Factors)
	}
	r.priorWeight = float32(float64(r.blend.Prior) / (1 + e.positive/r.cfg.PriorFade))
	if r.model.Expected != nil {
		r.priorWeight = r.blend.Factors
	}
	r.lately()
	r.adapt()
	r.solved = true
}

// diagonal is what regularisation adds to the diagonal of A.
func (r *Ranker) diagonal() float64 {
	if r.model.Expected != nil {
		return float64(r.model.Regularisation)
	}
	return float64(r.model.Regularisation) * (r.evidence.all.mass + float64(r.model.Base)*float64(r.model.Items))
}

// fillPrecision writes the lower triangle of A where its factor will be.
func (r *Ranker) fillPrecision(l []float64, diag float64) {
	d := r.model.Dim
	for i := range d {
		row := i * d
		for j := range i + 1 {
			l[row+j] = r.gram[row+j] + r.evidence.all.a[row+j]
		}
		l[row+i] += diag
	}
}
