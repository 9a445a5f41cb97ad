// Package latent learns what strangers like and how tastes differ, from a log that says what was
// seen: Bayesian regression on latent factors whose mean follows from what an item is.
//
// Read [Config] first, then [EM] for the mathematics, and [Attributes] for what an item is.
package latent

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"souk/attention/train/als"
)

// Config holds the settings of a fit. Start from [Default].
type Config struct {
	Dim    int // number of factors, in [1,128]
	Rounds int // of expectation and maximisation, ≥ 1
	// Precision is what a unit of confidence says of a preference, as one over the variance of its
	// error, > 0. Evidence of one person is not independent, so it is less than one look
	// after another would suggest.
	Precision float64
	// Factor and Mean are the standard deviations of what an item's factors and mean have of their own, beyond
	// what its attributes say, > 0; FactorWeight and MeanWeight of what each attribute says, > 0.
	Factor, Mean             float64
	FactorWeight, MeanWeight float64
	// Steps is how many steps of conjugate gradients the attributes take in a round, ≥ 1.
	Steps int
	Seed  uint64
}

// Default is the setting of the demo's model, chosen on simulated people: a precision of 7 or 14 and
// deviations half or twice as large changed little.
func Default() Config {
	return Config{Dim: 32, Rounds: 10, Precision: 10, Factor: 0.02, Mean: 0.05, FactorWeight: 0.1, MeanWeight: 0.5, Steps: 30, Seed: 1}
}

// Check says which setting is out of range; nil if none is.
func (c Config) Check() error {
	switch {
	case c.Dim < 1 || c.Dim > 128:
		return fmt.Errorf("latent factors: %d dimensions, must be 1 to 128", c.Dim)
	case c.Rounds < 1 || c.Steps < 1:
		return fmt.Errorf("latent factors: %d rounds of %d steps, must be at least 1", c.Rounds, c.Steps)
	}
	for _, f := range []struct {
		name string
		v    float64
	}{{"Precision", c.Precision}, {"Factor", c.Factor}, {"Mean", c.Mean}, {"FactorWeight", c.FactorWeight}, {"MeanWeight", c.MeanWeight}} {
		if !(f.v > 0) || math.IsInf(f.v, 0) {
			return fmt.Errorf("latent factors: %s is %v, must be above 0", f.name, f.v)
		}
	}
	return nil
}

// Fit is what was learned. A person's taste is standard normal in each dimension.
type Fit struct {
	Dim       int
	Precision float64
	Mean      []float32 // by item: the preference that a stranger is expected to have
	Factors   []float32 // items × Dim
}

// State is how far a fit is: what [EM] needs to go on.
type State struct {
	Round        int       // rounds done
	Row, Weights []float64 // of items and attributes: a mean and factors each
}

// EM fits
//
//	p = mᵢ + vᵢ·x + ε,   x ~ N(0, I),   ε ~ N(0, 1 ÷ (Precision·confidence)),
//	(mᵢ, vᵢ) = Wᵀfᵢ + δᵢ,   W ~ N(0, weights²),   δᵢ ~ N(0, own²)
//
// to the preferences p of people on items by expectation maximisation: fᵢ are the item's attributes, so that items with
// little evidence lean on what is known of their like, and x is integrated
// over, so that people with little evidence do not pass for people with a
// strange taste. This is the regression-based latent factor model of Agarwal and Chen (2009), with W and δ found together
// (δ eliminated, W by conjugate gradients on what remains) and people without
// attributes. x is brought back to unit variance after each round, by which EM converges in fewer rounds
// (Liu, Rubin, Wu 1998, "Parameter expansion to accelerate EM").
//
// Entries without evidence say nothing: what was seen must be in the matrix. The
// result depends on the matrix, the attributes and the settings, and not on the number of
// cores. It goes on from a state of the same matrix, attributes and settings, and ends as if it had not stopped;
// nil begins. each is called after each round and may be nil; what it is given is valid during the call. A cancelled
// ctx is an error beside the fit as it was after the last whole round, if there was one.
func EM(ctx context.Context, m *als.Matrix, f *Features, cfg Config, from *State, each func(State)) (*Fit, error) {
	if err := cfg.Check(); err != nil {
		return nil, err
	}
	if f.Items() != m.Items {
		return nil, fmt.Errorf("latent factors: attributes of %d items for a matrix of %d", f.Items(), m.Items)
	}
	if m.Entries() == 0 {
		return nil, errors.New("latent factors: there is no evidence at all")
	}
	e := newEM(m, f, cfg)
	first := 1
	if from != nil && len(from.Row) == len(e.row) && len(from.Weights) == len(e.weights) {
		copy(e.row, from.Row)
		copy(e.weights, from.Weights)
		first = from.Round + 1
	}
	for round := first; round <= cfg.Rounds; round++ {
		before := slices.Clone(e.row)
		if err := e.round(ctx); err != nil {
			if round == 1 {
				return nil, err
			}
			return e.fit(before), err
		}
		if each != nil {
			each(State{Round: round, Row: e.row, Weights: e.weights})
		}
	}
	return e.fit(e.row), nil
}

// em is a fit under way. Rows of dim+1 numbers hold a mean and factors.
type em struct {
	cfg            Config
	byUser, byItem *als.Matrix
	f              *Features
	dim, tri       int // dim·(dim+1)/2: a lower triangle, row by row

	x, second []float32 // people × dim and × tri: mean of x, and of xxᵀ
	row       []float64 // items × (dim+1): m and v
	weights   []float64 // attributes × (dim+1): W
	own       []float64 // dim+1: precision of δ
	penalty   []float64 // attributes × (dim+1): precision of W

	// Per item, with δ eliminated: the evidence on Wᵀf is the precision left and
	// the vector pull.
	left []float32 // items × (dim+1)·(dim+2)/2
	pull []float64 // items × (dim+1)
}

func newEM(m *als.Matrix, f *Features, cfg Config) *em {
	d, w := cfg.Dim, cfg.Dim+1
	e := &em{cfg: cfg, byUser: m, byItem: m.Transpose(), f: f, dim: d, tri: d * w / 2,
		x: make([]float32, m.Users*d), second: make([]float32, m.Users*d*w/2),
		row: make([]float64, m.Items*w), weights: make([]float64, f.Count*w), own: make([]float64, w), penalty: make([]float64, f.Count*w),
		left: make([]float32, m.Items*w*(w+1)/2), pull: make([]float64, m.Items*w)}
	mean, mass := 0.0, 0.0
	for k, c := range m.Confidence {
		mean, mass = mean+float64(c*m.Preference[k]), mass+float64(c)
	}
	mean /= mass
	rng := rand.New(rand.NewPCG(cfg.Seed, 0x6c6174656e74))
	for k := range w {
		e.own[k] = 1 / (cfg.Factor * cfg.Factor)
		for a := range f.Count {
			e.penalty[a*w+k] = 1 / (cfg.FactorWeight * cfg.FactorWeight)
		}
	}
	e.own[0] = 1 / (cfg.Mean * cfg.Mean)
	for a := range f.Count {
		e.penalty[a*w] = 1 / (cfg.MeanWeight * cfg.MeanWeight)
		for k := 1; k < w; k++ {
			e.weights[a*w+k] = 0.3 * cfg.FactorWeight * rng.NormFloat64()
		}
	}
	// The first attribute is that of being an item: what all have in common is hardly held.
	e.penalty[0] = 1e-6
	e.weights[0] = mean
	for i := range m.Items {
		f.product(e.row[i*w:(i+1)*w], e.weights, i)
	}
	return e
}

// round is one of expectation and maximisation.
func (e *em) round(ctx context.Context) error {
	if err := e.people(ctx); err != nil {
		return err
	}
	if err := e.items(ctx); err != nil {
		return err
	}
	if err := e.attributes(ctx); err != nil {
		return err
	}
	e.rescale()
	return nil
}

// fit is what rows of items say.
func (e *em) fit(row []float64) *Fit {
	d, w, items := e.dim, e.dim+1, e.byItem.Users
	f := &Fit{Dim: d, Precision: e.cfg.Precision, Mean: make([]float32, items), Factors: make([]float32, items*d)}
	for i := range items {
		f.Mean[i] = float32(row[i*w])
		for k, x := range row[i*w+1 : (i+1)*w] {
			f.Factors[i*d+k] = float32(x)
		}
	}
	return f
}

// people is the expectation: each person's x given the items.
func (e *em) people(ctx context.Context) error {
	d, w := e.dim, e.dim+1
	return als.EachChunk(ctx, e.byUser.Users, func() func(from, to int) {
		a, b, inv := make([]float64, d*d), make([]float64, d), make([]float64, d)
		return func(from, to int) {
			for u := from; u < to; u++ {
				clear(a)
				clear(b)
				for k := range d {
					a[k*d+k] = 1
				}
				for k := e.byUser.Start[u]; k < e.byUser.Start[u+1]; k++ {
					r := e.row[int(e.byUser.Col[k])*w:][:w]
					c := e.cfg.Precision * float64(e.byUser.Confidence[k])
					addSquare(a, d, r[1:], c)
					axpy(b, r[1:], c*(float64(e.byUser.Preference[k])-r[0]))
				}
				cholesky(a, d)
				solve(a, b, d)
				second := e.second[u*e.tri:][:e.tri]
				at := 0
				for i := range d {
					e.x[u*d+i] = float32(b[i])
					clear(inv)
					inv[i] = 1
					solve(a, inv, d)
					for j := range i + 1 {
						second[at] = float32(inv[j] + b[i]*b[j])
						at++
					}
				}
			}
		}
	})
}

// items gathers the evidence on each item, with δ eliminated: with D the precision of δ and G, g what people say,
//
//	left = D − D(G+D)⁻¹D,   pull = D(G+D)⁻¹g.
func (e *em) items(ctx context.Context) error {
	d, w := e.dim, e.dim+1
	full := w * (w + 1) / 2
	return als.EachChunk(ctx, e.byItem.Users, func() func(from, to int) {
		tri := make([]float64, full)
		a, g, inv := make([]float64, w*w), make([]float64, w), make([]float64, w)
		return func(from, to int) {
			for i := from; i < to; i++ {
				clear(tri)
				clear(g)
				for k := e.byItem.Start[i]; k < e.byItem.Start[i+1]; k++ {
					u := int(e.byItem.Col[k])
					c := e.cfg.Precision * float64(e.byItem.Confidence[k])
					cp := c * float64(e.byItem.Preference[k])
					x, second := e.x[u*d:][:d], e.second[u*e.tri:][:e.tri]
					tri[0] += c
					g[0] += cp
					at, from := 1, 0
					for r, y := range x {
						g[r+1] += cp * float64(y)
						tri[at] += c * float64(y)
						row := tri[at+1 : at+r+2]
						for j, s := range second[from : from+r+1] {
							row[j] += c * float64(s)
						}
						at, from = at+r+2, from+r+1
					}
				}
				at := 0
				for r := range w {
					copy(a[r*w:r*w+r+1], tri[at:at+r+1])
					a[r*w+r] += e.own[r]
					at += r + 1
				}
				cholesky(a, w)
				solve(a, g, w)
				left, at := e.left[i*full:][:full], 0
				for r := range w {
					e.pull[i*w+r] = e.own[r] * g[r]
					clear(inv)
					inv[r] = e.own[r]
					solve(a, inv, w)
					for j := range r + 1 {
						x := -e.own[j] * inv[j]
						if j == r {
							x += e.own[r]
						}
						left[at] = float32(x)
						at++
					}
				}
			}
		}
	})
}

// attributes finds W by conjugate gradients, preconditioned by the diagonal, from where it was, on
// Σ fᵢ·left·(Wᵀfᵢ)ᵀ + penalty·W = Σ fᵢ·pullᵀ; and then each item's row,
// (G+D)⁻¹(g + D·Wᵀf) = Wᵀf + D⁻¹(pull − left·Wᵀf).
func (e *em) attributes(ctx context.Context) error {
	w, n := e.dim+1, e.f.Count*(e.dim+1)
	full := w * (w + 1) / 2
	apply := func(dst, x []float64) error {
		if err := e.leftOf(ctx, x, false); err != nil {
			return err
		}
		for k := range dst {
			dst[k] = e.penalty[k] * x[k]
		}
		for i := range e.f.Items() {
			e.f.add(dst, e.row[i*w:(i+1)*w], i)
		}
		return nil
	}
	diag, r, z, p, ap := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	copy(diag, e.penalty)
	own := make([]float64, w)
	for i := range e.f.Items() {
		at := -1
		for k := range w {
			at += k + 1
			own[k] = float64(e.left[i*full+at])
		}
		e.f.add(diag, own, i)
		e.f.add(r, e.pull[i*w:(i+1)*w], i)
	}
	if err := apply(ap, e.weights); err != nil {
		return err
	}
	rz := 0.0
	for k := range r {
		r[k] -= ap[k]
		z[k] = r[k] / diag[k]
		p[k] = z[k]
		rz += r[k] * z[k]
	}
	for range e.cfg.Steps {
		if !(rz > 1e-12) {
			break
		}
		if err := apply(ap, p); err != nil {
			return err
		}
		pap := 0.0
		for k, x := range p {
			pap += x * ap[k]
		}
		step, next := rz/pap, 0.0
		for k := range r {
			e.weights[k] += step * p[k]
			r[k] -= step * ap[k]
			z[k] = r[k] / diag[k]
			next += r[k] * z[k]
		}
		for k := range p {
			p[k] = z[k] + next/rz*p[k]
		}
		rz = next
	}
	return e.leftOf(ctx, e.weights, true)
}

// leftOf writes left·Wᵀf into each item's row; or, where final, the row itself.
func (e *em) leftOf(ctx context.Context, weights []float64, final bool) error {
	w := e.dim + 1
	full := w * (w + 1) / 2
	return als.EachChunk(ctx, e.f.Items(), func() func(from, to int) {
		y := make([]float64, w)
		return func(from, to int) {
			for i := from; i < to; i++ {
				e.f.product(y, weights, i)
				out, left := e.row[i*w:(i+1)*w], e.left[i*full:][:full]
				clear(out)
				at := 0
				for r := range w {
					sum := 0.0
					for j, s := range left[at : at+r] {
						sum += float64(s) * y[j]
						out[j] += float64(s) * y[r]
					}
					out[r] += sum + float64(left[at+r])*y[r]
					at += r + 1
				}
				if final {
					for k := range out {
						out[k] = y[k] + (e.pull[i*w+k]-out[k])/e.own[k]
					}
				}
			}
		}
	})
}

// rescale turns factors and attributes so that people's x has unit variance again.
func (e *em) rescale() {
	d, w := e.dim, e.dim+1
	l := make([]float64, d*d)
	for u := range e.byUser.Users {
		at := u * e.tri
		for i := range d {
			for j := range i + 1 {
				l[i*d+j] += float64(e.second[at])
				at++
			}
		}
	}
	for i := range l {
		l[i] /= float64(e.byUser.Users)
	}
	for i := range d {
		l[i*d+i] += 1e-9
	}
	cholesky(l, d)
	turn := func(rows []float64) {
		for at := 0; at < len(rows); at += w {
			v := rows[at+1 : at+w]
			for j := range d { // v·L, in place: column j needs v from j on
				sum := 0.0
				for i := j; i < d; i++ {
					sum += v[i] * l[i*d+j]
				}
				v[j] = sum
			}
		}
	}
	turn(e.row)
	turn(e.weights)
}
