package rank

import (
	"fmt"
	"hash/crc32"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"

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
//	u = A⁻¹·b,   score(j) = u·vⱼ + prior(j)
//
// wₖ is the confidence of signal k, faded by what came after it. A signal
// with preference 0 (seen and passed over, hidden) enters A alone and pulls
// the scores of its like towards 0; an item never seen has its base weight α₀
// and nothing else. The regularisation grows with the evidence as in Rendle et
// al. 2021 (frequency scaling, ν = 1), in units of confidence instead of counts,
// and is the one that training uses.
//
// prior(j) is the item's popularity on a logarithmic scale from 0 to
// [Config.PriorWeight], and fades as evidence grows: it is the whole score of an unknown
// visitor. Content enters through the factors: training gives an item that
// nobody touched the factors that its content predicts, and [ContentModel] is
// all content.
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
	id    uint32 // of the model's factors, for snapshots
	seed  uint64
	pcg   rand.PCG
	rng   *rand.Rand

	evidence evidence
	exclusion
	prior []float32 // in [0,1] by item

	// Derived from the above where fresh.
	solved, scored bool
	gram           []float64 // α₀·VᵀV
	chol           blas64.Triangular
	user           []float64
	user32         []float32
	priorWeight    float32
	scores         []float32 // −Inf where unranked
	most           float32   // the best score
	total          float64   // Σ exp((score − most) ÷ temperature)

	best   top
	ranked []Scored
	proposal
	work []float64 // Dim
	part []Part
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
	d, n := m.Dim, m.Items
	r := &Ranker{
		model: m, cfg: cfg, id: identity(m), seed: seed,
		evidence: newEvidence(m, cfg), exclusion: newExclusion(n, cfg),
		prior: priors(m.Popularity),
		gram:  make([]float64, d*d),
		chol:  blas64.Triangular{Uplo: blas.Lower, Diag: blas.NonUnit, N: d, Stride: d, Data: make([]float64, d*d)},
		user:  make([]float64, d), user32: make([]float32, d), work: make([]float64, d),
		scores: make([]float32, n),
		part:   make([]Part, 0, cfg.Memory+2),
	}
	gram := m.Gram
	if len(gram) == 0 {
		gram = ComputeGram(m.Factors, d)
	}
	for i, g := range gram {
		r.gram[i] = float64(m.Base) * g
	}
	r.proposal = newProposal(n, d, cfg)
	r.Forget()
	return r, nil
}

func short(fingerprint string) string { return fingerprint[:min(12, len(fingerprint))] }

// identity is a checksum of the factors: a snapshot's sums mean nothing beside others.
func identity(m *Model) uint32 {
	var buf [4 * 1024]byte
	sum := uint32(0)
	for at := 0; at < len(m.Factors); at += 1024 {
		b := buf[:0]
		for _, x := range m.Factors[at:min(at+1024, len(m.Factors))] {
			u := math.Float32bits(x)
			b = append(b, byte(u), byte(u>>8), byte(u>>16), byte(u>>24))
		}
		sum = crc32.Update(sum, castagnoli, b)
	}
	return sum
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// priors scales log-popularities to [0,1]; all 0 where all are equal.
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
	r.solved, r.scored = false, false
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
	r.solved, r.scored = false, false
	if kind, undo := undone(s); undo {
		r.evidence.undo(s.Item, kind)
		return
	}
	if s.Confidence == 0 {
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

// solve derives the user vector and the Cholesky factor L of A.
func (r *Ranker) solve() {
	if r.solved {
		return
	}
	e := &r.evidence.all
	diag := float64(r.model.Regularisation) * (e.mass + float64(r.model.Base)*float64(r.model.Items))
	// A is positive definite by its diagonal; should rounding say otherwise, a
	// larger diagonal gives a more careful answer rather than none.
	for r.fillPrecision(diag); !r.factorise(); r.fillPrecision(diag) {
		diag *= 10
	}
	copy(r.user, e.b)
	r.solveWith(r.user)
	for i, x := range r.user {
		r.user32[i] = float32(x)
	}
	r.priorWeight = float32(r.cfg.PriorWeight / (1 + e.positive/r.cfg.PriorFade))
	r.solved = true
}

// fillPrecision writes the lower triangle of A where its factor will be.
func (r *Ranker) fillPrecision(diag float64) {
	d, l := r.model.Dim, r.chol.Data
	for i := range d {
		row := i * d
		for j := range i + 1 {
			l[row+j] = r.gram[row+j] + r.evidence.all.a[row+j]
		}
		l[row+i] += diag
	}
}

// factorise turns A into its Cholesky factor and says whether it has one.
func (r *Ranker) factorise() bool {
	_, ok := lapack64.Potrf(blas64.Symmetric{Uplo: blas.Lower, N: r.model.Dim, Stride: r.model.Dim, Data: r.chol.Data})
	return ok
}

// solveWith turns x into A⁻¹x.
func (r *Ranker) solveWith(x []float64) {
	v := blas64.Vector{N: len(x), Inc: 1, Data: x}
	blas64.Trsv(blas.NoTrans, r.chol, v)
	blas64.Trsv(blas.Trans, r.chol, v)
}

// score scores all items.
func (r *Ranker) score() {
	if r.scored {
		return
	}
	r.solve()
	d, n := r.model.Dim, r.model.Items
	copy(r.scores, r.prior)
	blas32.Gemv(blas.NoTrans, 1, blas32.General{Rows: n, Cols: d, Stride: d, Data: r.model.Factors},
		blas32.Vector{N: d, Inc: 1, Data: r.user32}, r.priorWeight, blas32.Vector{N: n, Inc: 1, Data: r.scores})
	out := float32(math.Inf(-1))
	for i := range r.scores {
		if r.unranked(i) {
			r.scores[i] = out
		}
	}
	r.readOut()
	r.scored = true
}

// Rank scores all items and returns the best k, best first, hidden and lately
// bought items left out; fewer where there are fewer. Attention is the share
// of the softmax over all items that are in the ranking.
func (r *Ranker) Rank(k int) []Scored {
	r.score()
	r.ranked = r.ranked[:0]
	for _, i := range r.best.pick(r.scores, min(k, len(r.scores))) {
		r.ranked = append(r.ranked, Scored{Item: world.ItemIndex(i), Score: r.scores[i], Attention: r.attention(r.scores[i])})
	}
	return r.ranked
}

// readOut derives the softmax's normaliser from the scores.
func (r *Ranker) readOut() {
	r.most = float32(math.Inf(-1))
	for _, s := range r.scores {
		r.most = max(r.most, s)
	}
	inv := 1 / float64(r.model.Temperature)
	r.total = 0
	for _, s := range r.scores {
		// Below e⁻³⁰ a term is lost in the sum anyway; −Inf ends here too.
		if x := float64(s-r.most) * inv; x > -30 {
			r.total += math.Exp(x)
		}
	}
}

// attention is the softmax of a score that is in the ranking.
func (r *Ranker) attention(score float32) float32 {
	return float32(math.Exp(float64(score-r.most)/float64(r.model.Temperature)) / r.total)
}
