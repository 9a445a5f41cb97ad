package model

import (
	"math"
	"math/rand/v2"
	"slices"
)

// step is one batch: its examples, and what the forward pass leaves for the
// backward pass.
type step struct {
	examples []example
	n        int // of them in use
}

// example is one prefix of a history with the item that followed, first, and
// its negatives.
type example struct {
	history History
	targets []int32
	slope   []float64 // of the loss by each target's logit
	p, h    []float64
	dz, dp  []float64 // slope by what goes into the layer's tanh, and by the mean
	total   float64   // weights of the mean
	loss    float64
}

func newStep(m *neural, n int) *step {
	s := &step{examples: make([]example, n)}
	for i := range s.examples {
		e := &s.examples[i]
		e.p, e.h, e.dz, e.dp = make([]float64, m.dim), make([]float64, m.dim), make([]float64, m.dim), make([]float64, m.dim)
	}
	return s
}

func (s *step) clear() { s.n = 0 }

// add adds an example; a negative that is the positive is drawn again, a few times.
func (s *step) add(h History, positive int32, negatives int, draw *sampler, rng *rand.Rand) {
	e := &s.examples[s.n]
	s.n++
	e.history = h
	e.targets = append(e.targets[:0], positive)
	for range negatives {
		for range 10 {
			if j := draw.draw(rng); j != positive {
				e.targets = append(e.targets, j)
				break
			}
		}
	}
	e.slope = slices.Grow(e.slope[:0], len(e.targets))[:len(e.targets)]
}

// forward computes each example's loss and slopes and returns the losses' sum.
func (s *step) forward(m *neural) float64 {
	inParallel(s.n, func(from, to int) {
		for i := from; i < to; i++ {
			s.examples[i].forward(m)
		}
	})
	sum := 0.0
	for _, e := range s.examples[:s.n] {
		sum += e.loss
	}
	return sum
}

// forward is the loss of one example,
//
//	Σ over targets log(1 + e^(∓logit)) + λ/2 · Σ over the rows it uses |row|²
//
// and its slopes down to the mean.
func (e *example) forward(m *neural) {
	d := m.dim
	e.total = m.pool(e.p, e.history)
	m.layer(e.h, e.p)
	clear(e.dz)
	e.loss = 0
	for k, j := range e.targets {
		row := m.net.out[int(j)*d:][:d]
		logit := m.net.bias[j]
		for i, x := range row {
			logit += x * e.h[i]
		}
		if k == 0 {
			e.loss += softplus(-logit)
			e.slope[k] = -sigmoid(-logit)
		} else {
			e.loss += softplus(logit)
			e.slope[k] = sigmoid(logit)
		}
		for i, x := range row {
			e.dz[i] += e.slope[k] * x
		}
		e.loss += m.l2 / 2 * square(row)
	}
	for i, h := range e.h {
		e.dz[i] *= 1 - h*h
	}
	clear(e.dp)
	for r, g := range e.dz {
		for i, w := range m.net.w[r*d:][:d] {
			e.dp[i] += g * w
		}
	}
	for a := range min(m.last, len(e.history)) {
		e.loss += m.l2 / 2 * square(m.net.in[int(e.history[len(e.history)-1-a].Item)*d:][:d])
	}
}

func square(row []float64) float64 {
	sum := 0.0
	for _, x := range row {
		sum += x * x
	}
	return sum
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// softplus is log(1 + eˣ) without overflow.
func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

// use is one place where an example uses a row.
type use struct{ row, example, at int32 }

// gradient calls back with the gradient of the batch's loss by each parameter that it
// depends on, as a row of one of the network's parts: 0 in, 1 out, 2 bias, 3 w, 4 b. Rows of
// in and out come from many goroutines, each row from one and once.
func (s *step) gradient(m *neural, back func(part, row int, grad []float64)) {
	s.eachRow(m, s.uses(m, true), func(g []float64, u use) {
		e := &s.examples[u.example]
		t := e.history[len(e.history)-1-int(u.at)]
		f := m.age[u.at] * touchWeight(t) / e.total
		for i, x := range m.net.in[int(u.row)*m.dim:][:m.dim] {
			g[i] += f*e.dp[i] + m.l2*x
		}
	}, func(row int, g []float64) { back(0, row, g[:m.dim]) })
	s.eachRow(m, s.uses(m, false), func(g []float64, u use) {
		e := &s.examples[u.example]
		f := e.slope[u.at]
		for i, x := range m.net.out[int(u.row)*m.dim:][:m.dim] {
			g[i] += f*e.h[i] + m.l2*x
		}
		g[m.dim] += f
	}, func(row int, g []float64) { back(1, row, g[:m.dim]); back(2, row, g[m.dim:]) })
	inParallel(m.dim, func(from, to int) {
		g, one := make([]float64, m.dim), make([]float64, 1)
		for r := from; r < to; r++ {
			clear(g)
			one[0] = 0
			for k := range s.n {
				e := &s.examples[k]
				one[0] += e.dz[r]
				for i, x := range e.p {
					g[i] += e.dz[r] * x
				}
			}
			back(3, r, g)
			back(4, r, one)
		}
	})
}

// uses lists the batch's uses of rows, in order of row, then example.
func (s *step) uses(m *neural, history bool) []use {
	var out []use
	for k := range s.n {
		e := &s.examples[k]
		if !history {
			for at, j := range e.targets {
				out = append(out, use{j, int32(k), int32(at)})
			}
			continue
		}
		for a := range min(m.last, len(e.history)) {
			out = append(out, use{e.history[len(e.history)-1-a].Item, int32(k), int32(a)})
		}
	}
	slices.SortFunc(out, func(a, b use) int {
		if a.row != b.row {
			return int(a.row) - int(b.row)
		}
		if a.example != b.example {
			return int(a.example) - int(b.example)
		}
		return int(a.at) - int(b.at)
	})
	return out
}

// eachRow sums the uses of each row and hands the sum on; rows are split over all cores.
func (s *step) eachRow(m *neural, uses []use, sum func(g []float64, u use), done func(row int, g []float64)) {
	var starts []int
	for i := range uses {
		if i == 0 || uses[i].row != uses[i-1].row {
			starts = append(starts, i)
		}
	}
	starts = append(starts, len(uses))
	inParallel(len(starts)-1, func(from, to int) {
		g := make([]float64, m.dim+1)
		for r := from; r < to; r++ {
			clear(g)
			for _, u := range uses[starts[r]:starts[r+1]] {
				sum(g, u)
			}
			done(int(uses[starts[r]].row), g)
		}
	})
}

// begin is what Adagrad's sums begin with, so that the first steps, of which least
// is known, are not the largest.
const begin = 0.1

// apply takes a step of Adagrad: each parameter moves by rate·g ÷ √(begin + Σg²).
// A row is moved when its own gradient is summed; nobody else's depends on it by then.
func (s *step) apply(m *neural, sums *network) {
	width := [...]int{m.dim, m.dim, 1, m.dim, 1}
	net, sum := m.net.parts(), sums.parts()
	s.gradient(m, func(part, row int, grad []float64) {
		at := row * width[part]
		for i, g := range grad {
			acc := &sum[part][at+i]
			*acc += g * g
			net[part][at+i] -= m.rate * g / math.Sqrt(begin+*acc)
		}
	})
}
