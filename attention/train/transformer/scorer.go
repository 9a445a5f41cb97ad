package transformer

import (
	"fmt"
	"math"
	"slices"
	"sync"

	"souk/attention/internal/kernel"
)

// Model is a trained network. It does not change, and any number of scorers may use it at once.
type Model struct {
	weights *weights
	blocks  []packed
	once    sync.Once
	items   kernel.Panels // d × items; made when first asked for: who only re-ranks does without
}

func (m *Model) itemPanels() *kernel.Panels {
	m.once.Do(func() { m.items.Pack(m.weights.items, m.weights.cfg.Dim, m.weights.cfg.Dim, m.weights.cfg.Items, true) })
	return &m.items
}

type packed struct{ qkv, out, up, down kernel.Panels }

func newModel(w *weights) *Model {
	c := w.cfg
	m := &Model{weights: w, blocks: make([]packed, c.Blocks)}
	for i := range m.blocks {
		p, b := &m.blocks[i], &w.blocks[i]
		p.qkv.Pack(b.qkv, 3*c.Dim, c.Dim, 3*c.Dim, false)
		p.out.Pack(b.out, c.Dim, c.Dim, c.Dim, false)
		p.up.Pack(b.up, c.Inner, c.Dim, c.Inner, false)
		p.down.Pack(b.down, c.Dim, c.Inner, c.Dim, false)
	}
	return m
}

// Config is the network's shape.
func (m *Model) Config() Config { return m.weights.cfg }

// Tensors lists the parameters by name, for a model file. Read only.
func (m *Model) Tensors() []Tensor { return slices.Clone(m.weights.tensors) }

// FromTensors builds a model from the tensors of one. What is missing, too much
// or of another shape is an error, as is a number that is not finite.
func FromTensors(c Config, tensors []Tensor) (*Model, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	w := newWeights(c)
	given := map[string]Tensor{}
	for _, t := range tensors {
		given[t.Name] = t
	}
	for _, t := range w.tensors {
		g, ok := given[t.Name]
		if !ok {
			return nil, fmt.Errorf("self-attention: the tensor %s is missing; the file is of another shape of network", t.Name)
		}
		if !slices.Equal(g.Shape, t.Shape) || len(g.Data) != len(t.Data) {
			return nil, fmt.Errorf("self-attention: the tensor %s is %v with %d numbers, must be %v; the file is of another shape of network", t.Name, g.Shape, len(g.Data), t.Shape)
		}
		if i := slices.IndexFunc(g.Data, notFinite); i >= 0 {
			return nil, fmt.Errorf("self-attention: number %d of the tensor %s is %v; the file is damaged", i, t.Name, g.Data[i])
		}
		copy(t.Data, g.Data)
		delete(given, t.Name)
	}
	for name := range given {
		return nil, fmt.Errorf("self-attention: there is no place for the tensor %s; the file is of another shape of network", name)
	}
	return newModel(w), nil
}

func notFinite(x float32) bool { return x-x != 0 }

// Scorer reads histories, for one goroutine. But for the first Score of a
// model, which packs its item table, it allocates nothing.
type Scorer struct {
	m                                  *Model
	x, norm, qkv, gathered, inner, buf []float32
	shares                             []float32 // causal × length
	keys, values                       kernel.Panels
	out                                []float32 // d
}

// NewScorer makes a scorer.
func (m *Model) NewScorer() *Scorer {
	c := m.weights.cfg
	n := c.Length
	s := &Scorer{m: m, x: make([]float32, n*c.Dim), norm: make([]float32, n*c.Dim), qkv: make([]float32, n*3*c.Dim),
		gathered: make([]float32, n*c.Dim), inner: make([]float32, n*c.Inner), buf: make([]float32, n*c.Dim),
		shares: make([]float32, causal*n), out: make([]float32, c.Dim)}
	s.keys.Resize(c.Dim/c.Heads, n)
	s.values.Resize(n, c.Dim/c.Heads)
	return s
}

// Score writes a score for each item into dst, Items long: the higher, the
// likelier next after a history, oldest item first. Items of the history that the
// network does not know are passed over; of an empty history the scores are 0.
func (s *Scorer) Score(dst []float32, history []int32) {
	if !s.read(history) {
		clear(dst)
		return
	}
	s.m.itemPanels().Multiply(kernel.Product{C: dst, Ldc: len(dst), A: s.out, Lda: len(s.out), M: 1})
}

// Rerank writes the scores of some items only. Those the network does not know get −Inf.
func (s *Scorer) Rerank(dst []float32, candidates, history []int32) {
	known := s.read(history)
	c := s.m.weights.cfg
	for i, item := range candidates {
		switch {
		case item < 0 || int(item) >= c.Items:
			dst[i] = float32(math.Inf(-1))
		case !known:
			dst[i] = 0
		default:
			dst[i] = dot(s.m.weights.items[int(item)*c.Dim:(int(item)+1)*c.Dim], s.out)
		}
	}
}

func dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float32
	for ; len(a) >= 4; a, b = a[4:], b[4:] {
		s0 += a[0] * b[0]
		s1 += a[1] * b[1]
		s2 += a[2] * b[2]
		s3 += a[3] * b[3]
	}
	for i, v := range a {
		s0 += v * b[i]
	}
	return s0 + s1 + (s2 + s3)
}

// read runs the network over the last Length items of a history. Of the last block only the
// last row is computed: nothing looks at the others any more.
func (s *Scorer) read(history []int32) bool {
	w := s.m.weights
	c, d := w.cfg, w.cfg.Dim
	n := s.embed(history)
	if n == 0 {
		return false
	}
	for i := range s.m.blocks {
		b, p := &w.blocks[i], &s.m.blocks[i]
		first := 0 // of the rows that go on
		if i == len(s.m.blocks)-1 {
			first = n - 1
		}
		for r := range n {
			normalise(s.norm[r*d:(r+1)*d], s.buf[:d], s.x[r*d:(r+1)*d], b.gain1, b.bias1)
		}
		apply(&p.qkv, s.qkv, s.norm, b.qkvBias, n)
		for h := range c.Heads {
			var distance []float32
			if c.Relative {
				distance = b.distance[h*c.Length : (h+1)*c.Length]
			}
			s.attend(h, first, n, distance)
		}
		rows := n - first
		x := s.x[first*d : n*d]
		apply(&p.out, s.buf, s.gathered[first*d:], b.outBias, rows)
		kernel.AddScaled(x, 1, s.buf[:rows*d])
		for r := range rows {
			normalise(s.norm[r*d:(r+1)*d], s.buf[:d], x[r*d:(r+1)*d], b.gain2, b.bias2)
		}
		apply(&p.up, s.inner, s.norm, b.upBias, rows)
		activate(s.inner[:rows*c.Inner], s.inner[:rows*c.Inner], c.GELU)
		apply(&p.down, s.buf, s.inner, b.dBias, rows)
		kernel.AddScaled(x, 1, s.buf[:rows*d])
	}
	normalise(s.out, s.buf[:d], s.x[(n-1)*d:n*d], w.gain, w.bias)
	return true
}

// embed fills x and returns how many of the last items it took.
func (s *Scorer) embed(history []int32) int {
	w := s.m.weights
	c, d := w.cfg, w.cfg.Dim
	known, begin := 0, len(history)
	for begin > 0 && known < c.Length {
		begin--
		if item := history[begin]; item >= 0 && int(item) < c.Items {
			known++
		}
	}
	root := float32(math.Sqrt(float64(d)))
	r := 0
	for _, item := range history[begin:] {
		if item < 0 || int(item) >= c.Items {
			continue
		}
		x := s.x[r*d : (r+1)*d]
		clear(x)
		kernel.AddScaled(x, root, w.items[int(item)*d:(int(item)+1)*d])
		if c.Absolute {
			kernel.AddScaled(x, 1, w.positions[r*d:(r+1)*d])
		}
		r++
	}
	return r
}

// apply is y = xW + b for some rows.
func apply(w *kernel.Panels, y, x, bias []float32, rows int) {
	w.Multiply(kernel.Product{C: y, Ldc: w.N, A: x, Lda: w.K, M: rows})
	for r := range rows {
		kernel.AddScaled(y[r*w.N:(r+1)*w.N], 1, bias)
	}
}

// attend is one head of the rows first..n.
func (s *Scorer) attend(h, first, n int, distance []float32) {
	c, d := s.m.weights.cfg, s.m.weights.cfg.Dim
	width := d / c.Heads
	q, k, v := heads(s.qkv, d, width, 0, h)
	s.keys.Pack(k, 3*d, width, n, true)
	s.values.Pack(v, 3*d, n, width, false)
	scale := float32(1 / math.Sqrt(float64(width)))
	for i0 := first; i0 < n; i0 += causal {
		i1 := min(n, i0+causal)
		s.keys.Multiply(kernel.Product{C: s.shares, Ldc: n, A: q[i0*3*d:], Lda: 3 * d, M: i1 - i0, N: i1})
		for i := i0; i < i1; i++ {
			softmax(s.shares[(i-i0)*n:(i-i0+1)*n], i+1, scale, distance)
		}
		s.values.Multiply(kernel.Product{C: s.gathered[i0*d+h*width:], Ldc: d, A: s.shares, Lda: n, M: i1 - i0, To: i1})
	}
}
