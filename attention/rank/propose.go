package rank

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"souk/world"
)

// proposal is the scratch of Propose.
type proposal struct {
	eligible []float32 // scores, −Inf where not to be proposed
	include  []float64 // probability to be proposed, by item
	greedy   []float64 // the part of it that comes from the greedy choice, by item
	pool     top
	inPool   []int32   // items
	packed   []float32 // factors of the pool's items, row by row
	base     []float32 // scores of the pool's items under the mean
	drawn    []float32 // scores under one draw
	drawTop  top
	noise    []float64
	noise32  []float32
	out      []Candidate
}

func newProposal(items, dim int, cfg Config) proposal {
	return proposal{
		eligible: make([]float32, items), include: make([]float64, items), greedy: make([]float64, items),
		noise: make([]float64, dim), noise32: make([]float32, dim),
	}
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
	left := 0
	for i, s := range r.scores {
		if r.unproposed(i) {
			s = float32(math.Inf(-1))
		} else {
			left++
		}
		r.eligible[i] = s
		r.include[i], r.greedy[i] = 0, 0
	}
	n = min(n, left)
	if n <= 0 {
		return r.out[:0]
	}
	r.inPool = r.pool.pick(r.eligible, max(n, min(r.cfg.Pool, left)))
	sure := 1 - r.cfg.Thompson - r.cfg.Uniform
	for _, i := range r.inPool[:n] {
		r.greedy[i] = sure
		r.include[i] = sure
	}
	r.thompson(n)
	spread(r.include, r.eligible, r.cfg.Uniform*float64(n)/float64(left))
	r.out = draw(r.out[:0], n, r.include, r.greedy, r.eligible, r.rng)
	for i := range r.out {
		r.out[i].Attention = r.attention(r.out[i].Score)
	}
	return r.out
}

// thompson adds the posterior's part to the inclusion probabilities.
func (r *Ranker) thompson(n int) {
	d := r.model.Dim
	if r.cfg.Thompson == 0 {
		return
	}
	r.packed, r.base, r.drawn = r.packed[:0], r.base[:0], r.drawn[:0]
	for _, i := range r.inPool {
		r.packed = append(r.packed, r.evidence.factors(world.ItemIndex(i))...)
		r.base = append(r.base, r.eligible[i])
	}
	each := r.cfg.Thompson / float64(r.cfg.Draws)
	for range r.cfg.Draws {
		for i := range r.noise {
			r.noise[i] = r.rng.NormFloat64()
		}
		blas64.Trsv(blas.Trans, r.chol, blas64.Vector{N: d, Inc: 1, Data: r.noise})
		for i, x := range r.noise {
			r.noise32[i] = float32(r.cfg.Noise * x)
		}
		r.drawn = append(r.drawn[:0], r.base...)
		addScores(r.drawn, r.packed, r.noise32)
		for _, p := range r.drawTop.pick(r.drawn, n) {
			r.include[r.inPool[p]] += each
		}
	}
}

// spread adds p to the probability of each item that is eligible.
func spread(include []float64, eligible []float32, p float64) {
	for i, s := range eligible {
		if s > float32(math.Inf(-1)) {
			include[i] += p
		}
	}
}

// draw takes n items by systematic sampling: the probabilities, which sum to n
// and are at most 1 each, are laid end to end, and a comb with teeth one
// apart and a random start picks the items that it falls on.
func draw(dst []Candidate, n int, include, greedy []float64, scores []float32, rng *rand.Rand) []Candidate {
	tooth, at := rng.Float64(), 0.0
	last := -1
	for i, p := range include {
		if p == 0 {
			continue
		}
		last = i
		at += p
		if at > tooth && len(dst) < n {
			dst = append(dst, candidate(i, include, greedy, scores, rng))
			tooth++
		}
	}
	// Rounding may leave the last tooth a hair beyond the end.
	if len(dst) < n && last >= 0 && (len(dst) == 0 || int(dst[len(dst)-1].Item) != last) {
		dst = append(dst, candidate(last, include, greedy, scores, rng))
	}
	slices.SortFunc(dst, byScore)
	mingle(dst, rng)
	return dst
}

func candidate(i int, include, greedy []float64, scores []float32, rng *rand.Rand) Candidate {
	p := min(1, include[i])
	return Candidate{Scored: Scored{Item: world.ItemIndex(i), Score: scores[i]},
		Propensity: float32(p), Explored: rng.Float64()*p >= greedy[i]}
}

func byScore(a, b Candidate) int {
	if c := cmp.Compare(b.Score, a.Score); c != 0 {
		return c
	}
	return cmp.Compare(a.Item, b.Item)
}

// mingle moves each explored candidate to a random place.
func mingle(c []Candidate, rng *rand.Rand) {
	for i := range c {
		if !c[i].Explored {
			continue
		}
		to := rng.IntN(len(c))
		x := c[i]
		if to < i {
			copy(c[to+1:i+1], c[to:i])
		} else {
			copy(c[i:to], c[i+1:to+1])
		}
		c[to] = x
	}
}
