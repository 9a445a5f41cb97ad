package latent

import (
	"math"

	"souk/attention/rank"
	"souk/world/catalog"
)

// How far a visitor may differ from what the factors can say, along what the catalogue says of items: standard
// deviations in units of preference, tried on simulated people (docs/decisions/own-taste-in-attributes.md).
const (
	ownCategory  = 0.08 // of each category that an item is in
	ownAttribute = 0.03 // of each attribute with its value, and of each step of price
	// sideAxes is how many axes the device has beyond the factors' own.
	sideAxes = 32
	// sideAttributes is how many attributes have a part, the commonest first.
	sideAttributes = 256
	// sideRounds of the iteration below are enough for the scores: it is the space that counts, not its axes.
	sideRounds = 20
)

// Side is a model's factors widened by what the catalogue says of its items, for the fold-in on the device; nil
// where the model is no regression.
//
// Factors hold in what ways the people of the log differ; thirty-two numbers do not hold that one visitor alone
// will have nothing to do with lanterns. So a visitor's preference is taken to be m + v·x + g·w with g the attributes of
// the item, and w ~ N(0, diag τ²) the visitor's own: Bayesian regression with the covariance VVᵀ + Gτ²Gᵀ between items. Its
// principal axes, as many as the factors and sideAxes more, stand for the factors then, so that the arithmetic of the
// device stays as it is.
//
// The axes come by orthogonal iteration (Golub and Van Loan, section 8.2.4) with every product rounded, so that they are
// the same bits on every processor.
func Side(m *rank.Model, c *catalog.Catalog) *rank.Side {
	if m.Expected == nil || len(c.Items) != m.Items {
		return nil
	}
	g := newJoined(m, Attributes(c))
	axes := min(m.Dim+sideAxes, g.width, rank.MaxDim)
	q := g.axes(axes)
	s := &rank.Side{Dim: axes, Factors: make([]float32, m.Items*axes), Turn: q[:m.Dim*axes]}
	middle, turned := make([]float64, axes), make([]float64, axes)
	for k, x := range g.mean {
		addRounded(middle, q[k*axes:(k+1)*axes], -x)
	}
	for i := range m.Items {
		copy(turned, middle)
		for _, x := range g.row(i) {
			addRounded(turned, q[x.col*axes:(x.col+1)*axes], x.value)
		}
		for a, x := range turned {
			s.Factors[i*axes+a] = float32(x)
		}
	}
	return s
}

// joined is the table of factors and weighted attributes, a row an item.
type joined struct {
	m     *rank.Model
	f     *Features
	width int
	scale []float64 // by attribute; the first, which all have, has no part
	mean  []float64 // by column: what is taken off the attributes
	cells []cell    // scratch
}

type cell struct {
	col   int
	value float64
}

func newJoined(m *rank.Model, f *Features) *joined {
	n := min(f.Count, sideAttributes+1)
	g := &joined{m: m, f: f, width: m.Dim + n, scale: make([]float64, n), mean: make([]float64, m.Dim+n)}
	for a := 1; a < n; a++ {
		g.scale[a] = ownAttribute
		if f.category(a) {
			g.scale[a] = ownCategory
		}
	}
	for i := range m.Items {
		for _, x := range g.row(i)[m.Dim:] {
			g.mean[x.col] += x.value / float64(m.Items)
		}
	}
	return g
}

// row is what is not 0 in an item's row, the factors first; valid until the next call.
func (g *joined) row(item int) []cell {
	d := g.m.Dim
	g.cells = g.cells[:0]
	for k, x := range g.m.Factors[item*d : (item+1)*d] {
		g.cells = append(g.cells, cell{k, float64(x)})
	}
	for _, a := range g.f.Of(item) {
		if int(a) < len(g.scale) && g.scale[a] > 0 {
			g.cells = append(g.cells, cell{d + int(a), g.scale[a]})
		}
	}
	return g.cells
}

// gram is Σ row·rowᵀ over the items, with the means taken off the rows.
func (g *joined) gram() []float64 {
	w, n := g.width, float64(g.m.Items)
	sum, total := make([]float64, w*w), make([]float64, w)
	for i := range g.m.Items {
		row := g.row(i)
		for _, x := range row {
			total[x.col] += x.value
			for _, y := range row {
				sum[x.col*w+y.col] += float64(x.value * y.value)
			}
		}
	}
	for k, mk := range g.mean {
		at := sum[k*w : (k+1)*w]
		addRounded(at, g.mean, -total[k])
		addRounded(at, total, -mk)
		addRounded(at, g.mean, float64(n*mk))
	}
	return sum
}

// axes is an orthonormal basis of nearly the space of the gram's first eigenvectors: width × n, row by row.
func (g *joined) axes(n int) []float64 {
	w, gram := g.width, g.gram()
	// Columns of q lie in rows here: the factors' own axes and the widest attributes to begin with.
	q := make([]float64, n*w)
	for a, k := range g.widest(gram, n) {
		q[a*w+k] = 1
	}
	next := make([]float64, n*w)
	for range sideRounds {
		clear(next)
		for a := range n {
			for k, x := range q[a*w : (a+1)*w] {
				if x != 0 {
					addRounded(next[a*w:(a+1)*w], gram[k*w:(k+1)*w], x)
				}
			}
		}
		orthonormal(next, n, w)
		q, next = next, q
	}
	out := make([]float64, w*n)
	for a := range n {
		for k := range w {
			out[k*n+a] = q[a*w+k]
		}
	}
	return out
}

// widest are n columns: the factors', then those with the largest squares, in their order.
func (g *joined) widest(gram []float64, n int) []int {
	taken := make([]bool, g.width)
	var out []int
	for k := range min(g.m.Dim, n) {
		taken[k] = true
		out = append(out, k)
	}
	for len(out) < n {
		best := -1
		for k := range g.width {
			if !taken[k] && (best < 0 || gram[k*g.width+k] > gram[best*g.width+best]) {
				best = k
			}
		}
		taken[best] = true
		out = append(out, best)
	}
	return out
}

// orthonormal makes the n rows of q orthonormal, by Gram and Schmidt's modified method; a row that is none becomes 0.
func orthonormal(q []float64, n, w int) {
	for a := range n {
		row := q[a*w : (a+1)*w]
		before := dotRounded(row, row)
		for b := range a {
			other := q[b*w : (b+1)*w]
			addRounded(row, other, -dotRounded(row, other))
		}
		norm := dotRounded(row, row)
		if !(norm > 1e-20*before) {
			clear(row)
			continue
		}
		for k := range row {
			row[k] /= math.Sqrt(norm)
		}
	}
}

// addRounded adds x·v to dst, each product rounded before its sum.
func addRounded(dst, v []float64, x float64) {
	v = v[:len(dst)]
	for k := range dst {
		dst[k] += float64(x * v[k])
	}
}

func dotRounded(a, b []float64) float64 {
	s := 0.0
	for k, x := range a {
		s += float64(x * b[k])
	}
	return s
}
