// Package transformer learns sequences by multi-head self-attention: layers,
// their gradients, losses and the optimiser, on processors, in float32.
//
// Read [Config] first for the network, then [Training] and [Trainer.Epoch] for
// how it learns, and [Scorer] for how it is used. docs/models/self-attention.md has the equations.
package transformer

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Config is the shape of a network.
type Config struct {
	Items  int // rows of the item table, ≥ 1
	Dim    int // numbers per item, a multiple of Heads, in [1,1024]
	Heads  int
	Blocks int  // in [1,16]
	Inner  int  // width of the feed-forward layer, in [1,4096]
	Length int  // what is looked back on at most, in [1,4096]
	GELU   bool // else ReLU
	// Absolute adds a learned vector per position, counted from the oldest item
	// of the window. Relative adds a learned number per head and distance to what attention compares.
	Absolute, Relative bool
}

// Check says which number is out of range; nil if none is.
func (c Config) Check() error {
	for _, f := range []struct {
		name         string
		v, low, high int
	}{
		{"items", c.Items, 1, 1 << 26}, {"dimensions", c.Dim, 1, 1024}, {"heads", c.Heads, 1, 64}, {"blocks", c.Blocks, 1, 16},
		{"inner dimensions", c.Inner, 1, 4096}, {"items looked back on", c.Length, 1, 4096},
	} {
		if f.v < f.low || f.v > f.high {
			return fmt.Errorf("self-attention: %d %s, must be %d to %d", f.v, f.name, f.low, f.high)
		}
	}
	if c.Dim%c.Heads != 0 {
		return fmt.Errorf("self-attention: %d dimensions cannot be shared by %d heads; choose a multiple", c.Dim, c.Heads)
	}
	return nil
}

// Tensor is one named part of a network.
type Tensor struct {
	Name  string
	Shape []int // rows, then columns; or the length alone
	Data  []float32
}

// block holds the parameters of one block, or their gradients.
type block struct {
	gain1, bias1 []float32 // d: the norm before attention
	qkv, qkvBias []float32 // d × 3d, 3d: queries, keys, values side by side
	out, outBias []float32 // d × d, d
	gain2, bias2 []float32 // d: the norm before the feed-forward layer
	up, upBias   []float32 // d × inner, inner
	down, dBias  []float32 // inner × d, d
	distance     []float32 // heads × length; empty without Relative
}

// weights are all parameters in one slice and the parts of it.
type weights struct {
	cfg        Config
	all        []float32
	items      []float32 // items × d
	positions  []float32 // length × d; empty without Absolute
	blocks     []block
	gain, bias []float32 // d: the last norm
	tensors    []Tensor
}

// newWeights makes zeros of the shape of a network.
func newWeights(c Config) *weights {
	w := &weights{cfg: c, blocks: make([]block, c.Blocks)}
	size := 0
	w.parts(func(_ string, _ *[]float32, shape ...int) { size += product(shape) })
	w.all = make([]float32, size)
	at := 0
	w.parts(func(name string, part *[]float32, shape ...int) {
		n := product(shape)
		*part = w.all[at : at+n : at+n]
		at += n
		if n > 0 {
			w.tensors = append(w.tensors, Tensor{Name: name, Shape: shape, Data: *part})
		}
	})
	return w
}

func product(shape []int) int {
	n := 1
	for _, s := range shape {
		n *= s
	}
	return n
}

// parts tells f about each part, in the order in which they lie in memory.
func (w *weights) parts(f func(name string, part *[]float32, shape ...int)) {
	c, d := w.cfg, w.cfg.Dim
	f("items", &w.items, c.Items, d)
	positions, distances := 0, 0
	if c.Absolute {
		positions = c.Length
	}
	if c.Relative {
		distances = c.Length
	}
	f("positions", &w.positions, positions, d)
	for i := range w.blocks {
		b := &w.blocks[i]
		n := fmt.Sprintf("block%d.", i)
		f(n+"attention.norm.gain", &b.gain1, d)
		f(n+"attention.norm.bias", &b.bias1, d)
		f(n+"attention.qkv", &b.qkv, d, 3*d)
		f(n+"attention.qkv.bias", &b.qkvBias, 3*d)
		f(n+"attention.out", &b.out, d, d)
		f(n+"attention.out.bias", &b.outBias, d)
		f(n+"attention.distance", &b.distance, c.Heads, distances)
		f(n+"forward.norm.gain", &b.gain2, d)
		f(n+"forward.norm.bias", &b.bias2, d)
		f(n+"forward.up", &b.up, d, c.Inner)
		f(n+"forward.up.bias", &b.upBias, c.Inner)
		f(n+"forward.down", &b.down, c.Inner, d)
		f(n+"forward.down.bias", &b.dBias, d)
	}
	f("norm.gain", &w.gain, d)
	f("norm.bias", &w.bias, d)
}

// start fills in random weights: tables with the given deviation, matrices with
// that of Glorot and Bengio 2010, gains 1, all else 0.
func (w *weights) start(seed uint64, deviation float64) {
	rng := rand.New(rand.NewPCG(seed, 0x73656c66))
	normal := func(x []float32, deviation float64) {
		for i := range x {
			x[i] = float32(deviation * rng.NormFloat64())
		}
	}
	one := func(x []float32) {
		for i := range x {
			x[i] = 1
		}
	}
	glorot := func(in, out int) float64 { return math.Sqrt(2 / float64(in+out)) }
	d := w.cfg.Dim
	normal(w.items, deviation)
	normal(w.positions, deviation)
	for i := range w.blocks {
		b := &w.blocks[i]
		one(b.gain1)
		one(b.gain2)
		normal(b.qkv, glorot(d, d))
		normal(b.out, glorot(d, d))
		normal(b.up, glorot(d, w.cfg.Inner))
		normal(b.down, glorot(w.cfg.Inner, d))
	}
	one(w.gain)
}
