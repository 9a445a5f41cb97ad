package rank

import "souk/world"

// adapter is what the factors cannot say of this visitor: a correction of low
// rank, Config.Adapter numbers a, in the space of content.
//
//	score(j) += a·Pᵀc(j),   a = (Σ wₖ·zₖzₖᵀ + ρI)⁻¹ Σ wₖ·(pₖ − eₖ − u·vₖ)·zₖ,  zₖ = Pᵀc(k)
//
// P are the principal axes of the catalogue's content (fixed), the sums run over
// the signals in memory. A linear map of rank r on the factors themselves would add nothing: with u free,
// it is another u. In content the visitor's own direction may differ from what
// training made of content for all: somebody who wants everything in red.
// Ridge regression on the residual, as in additive models (Hastie, Tibshirani 1990,
// backfitting, one pass). It is derived from the list of signals, so that an
// undo takes its part back exactly and a snapshot needs nothing of it.
type adapter struct {
	rank   int
	axes   []float64 // content × rank
	m      []float64 // rank × rank, its Cholesky factor
	a, z   []float64 // rank
	zj     []float64 // rank: M⁻¹·Pᵀc(j) of the item that is being explained
	active bool
}

// adapterRidge is ρ, in units of confidence: so much evidence on an axis counts half.
const adapterRidge = 4

// withContent gives the ranker the catalogue's features: for the blend's content part
// and for the adapter.
func (r *Ranker) withContent(features []float32) {
	d := len(features) / r.model.Items
	r.content = features
	r.wanted = make([]float32, d)
	r.contentSketch = newSketch(features, r.model.Items, d, r.cfg.Bits, 0, nil)
	if rank := min(r.cfg.Adapter, d); rank > 0 {
		r.adapter = adapter{rank: rank, axes: principalAxes(sampleGram(features, r.model.Items, d), d, rank),
			m: make([]float64, rank*rank), a: make([]float64, rank), z: make([]float64, rank), zj: make([]float64, rank)}
	}
}

// sampleGram is the Gram matrix of some thousands of rows, spread evenly.
func sampleGram(rows []float32, n, d int) []float64 {
	gram := make([]float64, d*d)
	step := max(1, n/4096)
	for i := 0; i < n; i += step {
		AddGram(gram, rows[i*d:i*d+d], d)
	}
	return gram
}

// onContentAxes writes Pᵀc(item) into z.
func (r *Ranker) onContentAxes(z []float64, item world.ItemIndex) {
	clear(z)
	for k, c := range r.features(item) {
		for a := range z {
			z[a] += float64(r.adapter.axes[k*len(z)+a] * float64(c))
		}
	}
}

// adapt fits the adapter to what the factors leave of the evidence.
func (r *Ranker) adapt() {
	p := &r.adapter
	p.active = p.rank > 0 && len(r.evidence.list) > 0
	if !p.active {
		return
	}
	n := p.rank
	clear(p.m)
	clear(p.a)
	for i := range r.evidence.list {
		s := &r.evidence.list[i]
		r.onContentAxes(p.z, s.item)
		left := r.residual(s)
		for a, x := range p.z {
			wx := s.weight * x
			p.a[a] += float64(wx * left)
			for b := range a + 1 {
				p.m[a*n+b] += float64(wx * p.z[b])
			}
		}
	}
	for a := range n {
		p.m[a*n+a] += adapterRidge
	}
	p.active = cholesky(p.m, n)
	solveCholesky(p.m, p.a)
}

// residual is what the factors leave of a signal's preference.
func (r *Ranker) residual(n *noted) float64 {
	return float64(n.preference) - r.evidence.expected(n.item) - dotMixed(r.user, r.evidence.factors(n.item))
}

// addAdapter adds what the adapter looks for to the content query.
func (r *Ranker) addAdapter() {
	p := &r.adapter
	if !p.active {
		return
	}
	for k := range r.wanted {
		r.wanted[k] += float32(dot64(p.axes[k*p.rank:(k+1)*p.rank], p.a))
	}
}

// explainAdapter prepares the parts of an item's score.
func (r *Ranker) explainAdapter(item world.ItemIndex) {
	if p := &r.adapter; p.active {
		r.onContentAxes(p.zj, item)
		solveCholesky(p.m, p.zj)
	}
}

// adapterPart is a signal's part in the adapter's score of the item that is
// being explained: a is linear in the residuals.
func (r *Ranker) adapterPart(n *noted) float64 {
	p := &r.adapter
	if !p.active {
		return 0
	}
	r.onContentAxes(p.z, n.item)
	return n.weight * r.residual(n) * dot64(p.z, p.zj)
}
