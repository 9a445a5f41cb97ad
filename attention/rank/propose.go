package rank

import (
	"math"

	"souk/attention/internal/kernel"
)

// proposal is the scratch of Propose.
type proposal struct {
	lots    lottery
	masked  []float32         // scores of items that are not to be proposed, while others are picked
	pool    top               // among which Thompson sampling chooses
	packed  *kernel.Quantised // their factors, as the sketch has them
	base    []float32         // their scores under the mean
	drawn   []float32         // their scores under one draw
	drawTop top
	noise   []float64
	noise32 []float32
	out     []Candidate
}

func newProposal(items, dim, axes int, cfg Config) proposal {
	return proposal{noise: make([]float64, dim), noise32: make([]float32, dim),
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
	for k, i := range r.pool.index {
		p := 0.0
		if k < n {
			p = sure
		}
		r.lots.add(i, p, r.pool.score[k])
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
	r.masked = r.masked[:0]
	out := float32(math.Inf(-1))
	for _, i := range r.touched {
		if r.unproposed(int(i)) {
			r.masked = append(r.masked, r.scores[i])
			r.scores[i] = out
			left--
		}
	}
	r.pool.pick(r.scores, min(r.cfg.Pool, left))
	if n > len(r.pool.index) {
		r.pool.pick(r.scores, min(n, left))
	}
	k := 0
	for _, i := range r.touched {
		if r.unproposed(int(i)) {
			r.scores[i] = r.masked[k]
			k++
		}
	}
	for k, i := range r.pool.index {
		r.pool.score[k] = r.full(int(i))
	}
	r.pool.sort()
	return left
}

// thompson adds the posterior's part to the pool's probabilities.
func (r *Ranker) thompson(n int) {
	if r.cfg.Thompson == 0 {
		return
	}
	size := len(r.pool.index)
	if size > r.packed.Rows {
		r.packed = kernel.NewQuantised(size, r.packed.Dim, r.packed.Bits)
	}
	for k, i := range r.pool.index {
		r.packed.Copy(k, r.factorSketch.rows, int(i))
	}
	r.base = append(r.base[:0], r.pool.score...)
	for len(r.base) < r.packed.Rows { // there are fewer items than a pool holds
		r.base = append(r.base, 0)
	}
	if len(r.drawn) < len(r.base) {
		r.drawn = make([]float32, len(r.base))
	}
	each := r.cfg.Thompson / float64(r.cfg.Draws)
	s := r.factorSketch
	for range r.cfg.Draws {
		for i := range r.noise {
			r.noise[i] = r.rng.NormFloat64()
		}
		backward(r.chol, r.noise)
		for i, x := range r.noise {
			r.noise32[i] = float32(r.cfg.Noise * float64(r.blend.Factors) * x)
		}
		s.query.Set(s.onAxes(r.noise32))
		r.packed.Scan(r.drawn, r.base, s.query)
		for _, p := range r.drawTop.pick(r.drawn[:size], n) {
			r.lots.p[p] += each
		}
	}
}
