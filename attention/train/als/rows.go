package als

import (
	"math"

	"souk/attention/internal/kernel"
)

// direct is the most entries of a row that is solved exactly: with n entries
// that costs about n²·dim/2 multiplications, three steps of conjugate gradients
// about 8·n·dim, and measured, the two meet near here.
const direct = 24

// rows solves the systems of rows, a chunk at a time, for one goroutine.
//
// A row with few entries is solved exactly in the space of its entries, by the
// identity (D + ZᵀZ)⁻¹Zᵀ = D⁻¹Zᵀ(I + ZD⁻¹Zᵀ)⁻¹ with Z the rows √c·v: a system as large as the row
// has entries. One with more takes a few steps of conjugate gradients
// preconditioned by D, from where it was (Takács, Pilászy, Tikk 2011,
// "Applications of the conjugate gradient method for implicit feedback
// collaborative filtering", who have no basis and so pay dim² a step for the shared matrix).
// Each step lowers the row's part of the loss.
type rows struct {
	*basis
	m     *Matrix
	cfg   Config
	exact func() *RowSolver // made when it is first needed
	slow  *RowSolver

	x, padded           []float32 // chunk × width
	d, inv, r, z, p, ap []float32 // width
	scaled              []float32 // direct × width: √c·D⁻¹v of each entry
	root, dots          []float32 // direct
	k, y                []float64 // the small system
}

func newRows(b *basis, m *Matrix, cfg Config, exact func() *RowSolver) *rows {
	w := b.width
	vector := func(n int) []float32 { return make([]float32, n) }
	return &rows{basis: b, m: m, cfg: cfg, exact: exact, x: vector(chunk * w), padded: vector(chunk * w),
		d: vector(w), inv: vector(w), r: vector(w), z: vector(w), p: vector(w), ap: vector(w),
		scaled: vector(direct * w), root: vector(direct), dots: vector(direct),
		k: make([]float64, direct*direct), y: make([]float64, direct)}
}

// solve writes the rows from first on to out; old is where they were.
func (s *rows) solve(out, old []float32, first int) {
	n, w := len(out)/s.dim, s.width
	x := s.x[:n*w]
	for u := first; u < first+n; u++ {
		if s.m.Start[u+1]-s.m.Start[u] > direct {
			kernel.RowProduct(x, old, s.turn, n, s.dim, w)
			break
		}
	}
	for i := range n {
		s.row(x[i*w:(i+1)*w], first+i)
	}
	kernel.RowProduct(s.padded[:n*w], x, s.back, n, w, w)
	for i := range n {
		row := out[i*s.dim : (i+1)*s.dim]
		copy(row, s.padded[i*w:])
		if !finite(row) { // too far apart for float32
			if s.slow == nil {
				s.slow = s.exact()
			}
			s.slow.Solve(row, s.m, first+i)
		}
	}
}

func finite(x []float32) bool {
	for _, v := range x {
		if v-v != 0 {
			return false
		}
	}
	return true
}

// row solves row u, in the basis; x holds where it was.
func (s *rows) row(x []float32, u int) {
	from, to := s.m.Start[u], s.m.Start[u+1]
	col, c, p := s.m.Col[from:to], s.m.Confidence[from:to], s.m.Preference[from:to]
	mass, positive := 0.0, false
	for k, w := range c {
		mass += float64(w)
		positive = positive || w*p[k] > 0
	}
	if !positive {
		clear(x)
		return
	}
	penalty := float32(s.cfg.penalty(mass, float64(s.m.Items)))
	for i, v := range s.values {
		s.d[i] = v + penalty
		s.inv[i] = 1 / s.d[i]
	}
	if len(col) <= direct {
		s.few(x, col, c, p)
		return
	}
	s.many(x, col, c, p)
}

// few solves exactly, whatever x was.
func (s *rows) few(x []float32, col []int32, c, p []float32) {
	n, w := len(col), s.width
	for i, v := range col {
		s.root[i] = float32(math.Sqrt(float64(c[i])))
		a := s.scaled[i*w : (i+1)*w]
		kernel.ScaledProduct(a, s.rows[int(v)*w:][:w], s.inv, s.root[i])
		kernel.GatherDots(s.dots, a, s.rows, w, col[:i+1])
		k := s.k[i*n : i*n+i+1]
		for j, dot := range s.dots[:i+1] {
			k[j] = float64(dot) * float64(s.root[j])
		}
		k[i]++
		s.y[i] = float64(s.root[i]) * float64(p[i])
	}
	cholesky(s.k[:n*n], s.y[:n])
	clear(x)
	for i, y := range s.y[:n] {
		kernel.Axpy(x, s.scaled[i*w:(i+1)*w], float32(y))
	}
}

// cholesky solves a·x = b in place, a positive definite, its lower triangle given; not by a library,
// whose calls cost more than so small a system. What is not definite gives NaN.
func cholesky(a, b []float64) {
	n := len(b)
	for i := range n {
		ri := a[i*n : i*n+i+1]
		for j := range i {
			rj := a[j*n : j*n+j+1]
			sum := ri[j]
			for k, x := range rj[:j] {
				sum -= x * ri[k]
			}
			ri[j] = sum * rj[j]
		}
		sum, y := ri[i], b[i]
		for k, x := range ri[:i] {
			sum -= x * x
			y -= x * b[k]
		}
		ri[i] = 1 / math.Sqrt(sum) // the diagonal is kept inverted
		b[i] = y * ri[i]
	}
	for i := n - 1; i >= 0; i-- {
		b[i] *= a[i*n+i]
		for k := range i {
			b[k] -= a[i*n+k] * b[i]
		}
	}
}

// many takes steps of preconditioned conjugate gradients from x.
func (s *rows) many(x []float32, col []int32, c, p []float32) {
	clear(s.r)
	kernel.AddResidual(s.r, x, s.rows, s.width, col, c, p)
	for i, d := range s.d {
		s.r[i] -= float32(d * x[i])
	}
	kernel.ScaledProduct(s.z, s.r, s.inv, 1)
	copy(s.p, s.z)
	rz := kernel.LaneDot(s.r, s.z)
	for step := range s.cfg.Steps {
		if !(rz > 0) {
			return // solved
		}
		clear(s.ap)
		kernel.AddResidual(s.ap, s.p, s.rows, s.width, col, c, nil)
		for i, d := range s.d {
			s.ap[i] = float32(d*s.p[i]) - s.ap[i]
		}
		length := rz / kernel.LaneDot(s.p, s.ap)
		kernel.Axpy(x, s.p, length)
		if step+1 == s.cfg.Steps {
			return
		}
		kernel.Axpy(s.r, s.ap, -length)
		kernel.ScaledProduct(s.z, s.r, s.inv, 1)
		next := kernel.LaneDot(s.r, s.z)
		grow := next / rz
		for i, z := range s.z {
			s.p[i] = z + float32(grow*s.p[i])
		}
		rz = next
	}
}
