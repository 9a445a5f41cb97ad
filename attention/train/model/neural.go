package model

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
)

func init() {
	register(Spec{
		Name:   "neural",
		About:  "Neural embedding attention: a person is a learned layer over the mean of what was touched; attention is the sigmoid of the product with the item.",
		Source: "A4 of PRODUCT.md; the pooled history as in Covington et al. 2016, sampled negatives as in Mikolov et al. 2013, Adagrad by Duchi et al. 2011",
		Parameters: []Parameter{
			{Name: "dim", Default: 64, Low: 8, High: 256, Log: true, Whole: true, About: "numbers per item and person"},
			{Name: "epochs", Default: 30, Low: 1, High: 200, Whole: true, About: "passes over the data, at most"},
			{Name: "patience", Default: 3, Low: 1, High: 20, Whole: true, About: "epochs without a better validation that end it"},
			{Name: "rate", Default: 0.1, Low: 0.01, High: 0.5, Log: true, About: "Adagrad's learning rate"},
			{Name: "l2", Default: 1e-4, Low: 1e-7, High: 1e-2, Log: true, About: "weight of half the squared length of each row at each use"},
			{Name: "negatives", Default: 64, Low: 4, High: 512, Log: true, Whole: true, About: "items sampled against each positive"},
			{Name: "flatten", Default: 0.5, Low: 0, High: 1, About: "exponent of the popularity by which negatives are sampled; 0: all alike"},
			{Name: "tau", Default: 5, Low: 0.5, High: 50, Log: true, About: "age in touches at which a touch counts 1/e in the mean"},
			{Name: "last", Default: 20, Low: 1, High: 100, Log: true, Whole: true, About: "touches that count at all"},
		},
		New: newNeural,
	})
}

// neural scores item j for a person by the logit of
//
//	σ(cⱼ + oⱼ · tanh(W·p + b)),   p = Σ wₖ·vₖ ÷ Σ wₖ over the last touches
//
// with item embeddings v on the way in and o on the way out. Since p needs
// nothing but the touches, a person who was not in the data is scored like any other.
type neural struct {
	dim, epochs, patience, negatives, last int
	rate, l2, flatten                      float64
	age                                    []float64 // weight by age in touches
	items                                  int
	net                                    network
}

// network holds the parameters, or their gradients, or Adagrad's sums.
type network struct {
	in, out []float64 // items × dim
	bias    []float64 // items
	w, b    []float64 // dim × dim, dim
}

func (n *network) parts() [][]float64 { return [][]float64{n.in, n.out, n.bias, n.w, n.b} }

func newNetwork(items, dim int) network {
	return network{in: make([]float64, items*dim), out: make([]float64, items*dim), bias: make([]float64, items),
		w: make([]float64, dim*dim), b: make([]float64, dim)}
}

func newNeural(set Settings) (Model, error) {
	v, err := values("neural", set)
	if err != nil {
		return nil, err
	}
	m := &neural{dim: int(v["dim"]), epochs: int(v["epochs"]), patience: int(v["patience"]), negatives: int(v["negatives"]),
		last: int(v["last"]), rate: v["rate"], l2: v["l2"], flatten: v["flatten"]}
	for a := range m.last {
		m.age = append(m.age, math.Exp(-float64(a)/v["tau"]))
	}
	return m, nil
}

// start draws the network before training.
func (m *neural) start(items int, seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 0x6e657572))
	m.items, m.net = items, newNetwork(items, m.dim)
	scale := 1 / math.Sqrt(float64(m.dim))
	for i := range m.net.in {
		m.net.in[i], m.net.out[i] = scale*rng.NormFloat64(), 0.1*scale*rng.NormFloat64()
	}
	for i := range m.net.w {
		m.net.w[i] = 0.1 * scale * rng.NormFloat64()
	}
	for i := range m.dim {
		m.net.w[i*m.dim+i]++ // the layer begins near to handing the mean on
	}
}

// batch is how many examples make a step; their gradients are of the same parameters.
const batch = 256

// Fit implements [Model]: Adagrad on the binary cross-entropy of each next touch
// against sampled negatives, with L2. The text that Souk comes from takes minus the mean attention
// for the loss, which is least where everything is said yes to, whatever the data:
// nothing in it pushes down. With negatives the loss is least where the logit is the
// log of how much likelier an item is as the next one than as a sample.
func (m *neural) Fit(ctx context.Context, d *Data, run Run) error {
	m.start(d.Items, run.Seed)
	type position struct{ user, at int32 }
	var all []position
	for u, h := range d.Histories {
		for at := 1; at < len(h); at++ {
			all = append(all, position{int32(u), int32(at)})
		}
	}
	if len(all) == 0 {
		return fmt.Errorf("train: the model neural needs a person with two touches; none of %d has", len(d.Histories))
	}
	rng := rand.New(rand.NewPCG(run.Seed, 0x6e656761))
	draw := newSampler(d, m.flatten)
	sums, step := newNetwork(d.Items, m.dim), newStep(m, batch)
	best, most, since := m.net, math.Inf(-1), 0
	for epoch := 1; epoch <= m.epochs; epoch++ {
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		loss := 0.0
		for from := 0; from < len(all); from += batch {
			if ctx.Err() != nil {
				break
			}
			step.clear()
			for _, p := range all[from:min(from+batch, len(all))] {
				h := d.Histories[p.user]
				step.add(h[:p.at], h[p.at].Item, m.negatives, draw, rng)
			}
			loss += step.forward(m)
			step.apply(m, &sums)
		}
		if ctx.Err() != nil {
			if epoch == 1 {
				return ctx.Err()
			}
			break
		}
		told := Progress{Epoch: epoch, Epochs: m.epochs, Loss: loss / float64(len(all))}
		if run.Validate != nil {
			told.Validation = run.Validate(m.NewScorer)
			if told.Validation > most {
				most, since, best = told.Validation, 0, m.net.clone()
			} else {
				since++
			}
		}
		run.Tell(told)
		if since >= m.patience {
			break
		}
	}
	if run.Validate != nil && !math.IsInf(most, -1) {
		m.net = best
	}
	return nil
}

func (n network) clone() network {
	c := n
	for i, p := range []*[]float64{&c.in, &c.out, &c.bias, &c.w, &c.b} {
		*p = append([]float64(nil), n.parts()[i]...)
	}
	return c
}

// pool writes the weighted mean of the last touches into p and returns the
// weights' sum.
func (m *neural) pool(p []float64, h History) float64 {
	clear(p)
	total := 0.0
	for a := range min(m.last, len(h)) {
		t := h[len(h)-1-a]
		w := m.age[a] * touchWeight(t)
		total += w
		for k, x := range m.net.in[int(t.Item)*m.dim:][:m.dim] {
			p[k] += w * x
		}
	}
	if total > 0 {
		for k := range p {
			p[k] /= total
		}
	}
	return total
}

func touchWeight(t Touch) float64 {
	if t.Weight > 0 {
		return float64(t.Weight)
	}
	return 1
}

// layer writes tanh(W·p + b) into h.
func (m *neural) layer(h, p []float64) {
	for r := range h {
		z := m.net.b[r]
		for k, w := range m.net.w[r*m.dim:][:m.dim] {
			z += w * p[k]
		}
		h[r] = math.Tanh(z)
	}
}

// NewScorer implements [Model].
func (m *neural) NewScorer() Scorer {
	s := &neuralScorer{m: m, out: make([]float32, len(m.net.out)), p: make([]float64, m.dim), h: make([]float64, m.dim), h32: make([]float32, m.dim)}
	for i, x := range m.net.out {
		s.out[i] = float32(x)
	}
	return s
}

type neuralScorer struct {
	m    *neural
	out  []float32
	p, h []float64
	h32  []float32
}

// Score implements [Scorer]: the logits, which have the order of the sigmoids.
func (s *neuralScorer) Score(dst []float32, h History) {
	s.m.pool(s.p, h)
	s.m.layer(s.h, s.p)
	for i, x := range s.h {
		s.h32[i] = float32(x)
	}
	for i, x := range s.m.net.bias {
		dst[i] = float32(x)
	}
	blas32.Gemv(blas.NoTrans, 1, blas32.General{Rows: s.m.items, Cols: s.m.dim, Stride: s.m.dim, Data: s.out},
		blas32.Vector{N: s.m.dim, Inc: 1, Data: s.h32}, 1, blas32.Vector{N: s.m.items, Inc: 1, Data: dst})
}

// sampler draws items by their count to a power.
type sampler struct{ cumulative []float64 }

func newSampler(d *Data, power float64) *sampler {
	count := make([]float64, d.Items)
	for _, h := range d.Histories {
		for _, t := range h {
			count[t.Item]++
		}
	}
	s := &sampler{cumulative: make([]float64, d.Items)}
	sum := 0.0
	for i, c := range count {
		sum += math.Pow(c+1, power)
		s.cumulative[i] = sum
	}
	return s
}

func (s *sampler) draw(rng *rand.Rand) int32 {
	x := rng.Float64() * s.cumulative[len(s.cumulative)-1]
	lo, hi := 0, len(s.cumulative)-1
	for lo < hi {
		if mid := (lo + hi) / 2; s.cumulative[mid] <= x {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return int32(lo)
}

// inParallel splits n things into as many stretches as there are cores. What is
// done to one must not depend on another.
func inParallel(n int, do func(from, to int)) {
	cores := max(1, min(n, runtime.GOMAXPROCS(0)))
	var wg sync.WaitGroup
	for c := range cores {
		wg.Go(func() { do(c*n/cores, (c+1)*n/cores) })
	}
	wg.Wait()
}
