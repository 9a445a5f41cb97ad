package rank

import (
	"math"
	"slices"

	"souk/attention/internal/kernel"
)

// proposal is the scratch of Propose.
type proposal struct {
	lots    lottery
	masked  []float32         // scores of items that are not to be proposed, while others are picked
	wide    top               // the pool, where it is picked among all items
	pool    []uint64          // among which Thompson sampling chooses, scored in full, best first
	packed  *kernel.Quantised // their factors, as the sketch has them
	base    []float32         // their scores under the mean
	drawn   []float32         // their scores under one draw
	drawTop top
	noise   []float64 // dimensions × draws
	noise32 []float32 // one draw
	out     []Candidate
}

func newProposal(items, dim, axes int, cfg Config) proposal {
	return proposal{noise: make([]float64, dim*cfg.Draws), noise32: make([]float32, dim),
		packed: kernel.NewQuantised(min(cfg.Pool, items), axes, cfg.Bits)}
}

// Propose draws n different items: hidden, lately bought and just seen items
// and those in the cart are left out. Fewer come back where fewer are left.
//
// The policy is a mixture of three ways to choose n items, weighted 1 − ε_T − ε_u,
// ε_T and ε_u ([Config.Thompson], [Config.Uniform]): the n best; the n best
// under a draw from the posterior u + s·L⁻ᵀz (Thompson 1933; Agrawal and
// Goyal 2013 for the linear case), averaged over [Config.Draws] draws and
// taken from the best [Config.Pool]; any n. The probabilities of the three
// add up to one inclusion probability per item, and systematic sampling
// (Madow 1949) draws exactly n items with exactly these. That is what
// Propensity holds, so it is exact for the draws at hand, and at least ε_u·n ÷ items.
// Items are in order of score; explored ones (drawn for the sake of learning)
// stand at places drawn at random, since late places are seldom used.
func (r *Ranker) Propose(n int) []Candidate {
	r.score()
	left := r.fillPool(n)
	n = min(n, left)
	r.out = r.out[:0]
	if n <= 0 {
		return r.out
	}
	sure := 1 - r.cfg.Thompson - r.cfg.Uniform
	r.lots.clear(left, r.cfg.Uniform*float64(n)/float64(left))
	for k, key := range r.pool {
		p := 0.0
		if k < n {
			p = sure
		}
		r.lots.add(keyIndex(key), p, keyScore(key))
	}
	r.thompson(n)
	r.lots.exclude(r.touched, r.unproposed)
	r.out = r.lots.draw(r.out, n, r.rng, r.full)
	for i := range r.out {
		r.out[i].Attention = r.attention(r.out[i].Score)
	}
	return r.out
}

// fillPool fills the pool with the best of what may be proposed, best first
// and scored in full, and says how many items may be.
func (r *Ranker) fillPool(n int) (left int) {
	left = r.model.Items
	for _, i := range r.touched {
		if r.unproposed(int(i)) {
			left--
		}
	}
	size := min(max(r.cfg.Pool, n), left)
	r.pool = r.pool[:0]
	for _, k := range r.best.keys {
		if i := keyIndex(k); !r.unproposed(int(i)) {
			r.pool = append(r.pool, key(r.full(int(i)), i))
		}
	}
	if len(r.pool) < size {
		r.pool = r.pool[:0]
		for _, k := range r.chooseProposable(size) {
			i := keyIndex(k)
			r.pool = append(r.pool, key(r.full(int(i)), i))
		}
	}
	slices.Sort(r.pool)
	r.pool = r.pool[:min(size, len(r.pool))]
	return left
}

// chooseProposable looks through all items for the best that may be proposed.
func (r *Ranker) chooseProposable(size int) []uint64 {
	r.masked = r.masked[:0]
	for _, i := range r.touched {
		if r.unproposed(int(i)) {
			r.masked = append(r.masked, r.scores[i])
			r.scores[i] = float32(math.Inf(-1))
		}
	}
	found := r.wide.choose(r.scores, size)
	k := 0
	for _, i := range r.touched {
		if r.unproposed(int(i)) {
			r.scores[i] = r.masked[k]
			k++
		}
	}
	return found
}

// thompson adds the posterior's part to the pool's probabilities.
func (r *Ranker) thompson(n int) {
	if r.cfg.Thompson == 0 {
		return
	}
	r.packPool()
	r.drawNoise()
	each := r.cfg.Thompson / float64(r.cfg.Draws)
	s := r.factorSketch
	for draw := range r.cfg.Draws {
		for i := range r.noise32 {
			r.noise32[i] = float32(r.cfg.Noise * float64(r.blend.Factors) * r.noise[i*r.cfg.Draws+draw])
		}
		s.query.Set(s.onAxes(r.noise32))
		r.packed.Scan(r.drawn, r.base, s.query)
		for _, k := range r.drawTop.choose(r.drawn[:len(r.pool)], n) {
			r.lots.p[keyIndex(k)] += each
		}
	}
}

// packPool puts what a draw needs of the pool side by side.
func (r *Ranker) packPool() {
	if size := len(r.pool); size > r.packed.Rows {
		r.packed = kernel.NewQuantised(size, r.packed.Dim, r.packed.Bits)
	}
	r.base = r.base[:0]
	for k, key := range r.pool {
		r.packed.Copy(k, r.factorSketch.rows, int(keyIndex(key)))
		r.base = append(r.base, keyScore(key))
	}
	for len(r.base) < r.packed.Rows { // there are fewer items than a pool holds
		r.base = append(r.base, 0)
	}
	if len(r.drawn) < len(r.base) {
		r.drawn = make([]float32, len(r.base))
	}
}

// drawNoise fills the columns of noise with L⁻ᵀz, one for each draw.
func (r *Ranker) drawNoise() {
	for draw := range r.cfg.Draws {
		for i := draw; i < len(r.noise); i += r.cfg.Draws {
			r.noise[i] = r.rng.NormFloat64()
		}
	}
	kernel.BackSubstitute(r.chol, r.model.Dim, r.noise, r.cfg.Draws)
}
