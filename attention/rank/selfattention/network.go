// Package selfattention is the forward pass of a small self-attention network
// on the visitor's machine: it reads what was wanted, in order, and scores some items
// as the next one.
//
// Read [Network] first, then [Scorer.Score]. attention/train/transformer trains such networks
// and has the same pass for whole catalogues; docs/models/self-attention.md has the equations.
package selfattention

import (
	"fmt"
	"math"

	"souk/attention/internal/kernel"
)

// Shape is the shape of a network: norms before each half of a block, a learned number
// per head and distance, ReLU between the two layers of the feed-forward half, no vectors of positions.
type Shape struct {
	Items  int // rows of the item table, ≥ 1
	Dim    int // numbers per item, a multiple of 8·Heads, in [8,1024]
	Heads  int // in [1,64]
	Blocks int // in [1,16]
	Inner  int // width of the feed-forward layer, a multiple of 8, in [8,4096]
	Length int // what is looked back on at most, in [1,4096]
}

// Check says which number is out of range; nil if none is.
func (s Shape) Check() error {
	for _, f := range []struct {
		name         string
		v, low, high int
	}{
		{"items", s.Items, 1, 1 << 26}, {"dimensions", s.Dim, 8, 1024}, {"heads", s.Heads, 1, 64}, {"blocks", s.Blocks, 1, 16},
		{"inner dimensions", s.Inner, 8, 4096}, {"items looked back on", s.Length, 1, 4096},
	} {
		if f.v < f.low || f.v > f.high {
			return fmt.Errorf("self-attention: %d %s, must be %d to %d", f.v, f.name, f.low, f.high)
		}
	}
	if s.Dim%(kernel.Lanes*s.Heads) != 0 || s.Inner%kernel.Lanes != 0 {
		return fmt.Errorf("self-attention: %d dimensions, %d inner ones and %d heads; choose multiples of %d, for each head", s.Dim, s.Inner, s.Heads, kernel.Lanes)
	}
	return nil
}

// Weights is how many numbers a network has besides its item table.
func (s Shape) Weights() int {
	d := s.Dim
	return s.Blocks*(2*d+3*d*d+3*d+d*d+d+s.Heads*s.Length+2*d+d*s.Inner+s.Inner+s.Inner*d+d) + 2*d
}

// block holds the parameters of one block; matrices are rows of what goes in, one
// for each number that comes out.
type block struct {
	gain1, bias1 []float32 // Dim: the norm before attention
	qkv, qkvBias []float32 // 3·Dim × Dim, 3·Dim: queries, keys and values one after the other
	out, outBias []float32 // Dim × Dim, Dim
	distance     []float32 // Heads × Length
	gain2, bias2 []float32 // Dim: the norm before the feed-forward layer
	up, upBias   []float32 // Inner × Dim, Inner
	down, dBias  []float32 // Dim × Inner, Dim
}

// Network is a trained network. Immutable, safe for concurrent use.
type Network struct {
	Shape Shape
	// Weight is what a difference of 1 in the network's score, a logarithm of odds, adds to a ranking's score; ≥ 0.
	Weight float32
	// Table are the items in 8 bits, Items × Dim, row by row, and Scale what each row is multiplied by, ≥ 0.
	Table []int8
	Scale []float32
	// Rest are all other parameters, Shape.Weights() of them: block after block (gain and bias of the first
	// norm, queries, keys and values with their biases, out, distances, gain and bias of the second norm, up,
	// down), then gain and bias of the last norm.
	Rest []float32

	blocks     []block
	gain, bias []float32
}

// New makes a network of what a file or a training holds, and shares its memory. What is of the
// wrong length or no number is an error.
func New(s Shape, weight float32, table []int8, scale, rest []float32) (*Network, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	if len(table) != s.Items*s.Dim || len(scale) != s.Items || len(rest) != s.Weights() {
		return nil, fmt.Errorf("self-attention: %d numbers of items, %d scales and %d weights, must be %d, %d and %d", len(table), len(scale), len(rest), s.Items*s.Dim, s.Items, s.Weights())
	}
	if !(weight >= 0) || weight-weight != 0 {
		return nil, fmt.Errorf("self-attention: its weight in a score is %v, must be at least 0", weight)
	}
	for _, list := range [][]float32{scale, rest} {
		for i, x := range list {
			if x-x != 0 {
				return nil, fmt.Errorf("self-attention: number %d of %d is %v", i, len(list), x)
			}
		}
	}
	n := &Network{Shape: s, Weight: weight, Table: table, Scale: scale, Rest: rest, blocks: make([]block, s.Blocks)}
	at := 0
	n.parts(func(part *[]float32, size int) {
		*part = rest[at : at+size : at+size]
		at += size
	})
	return n, nil
}

// parts tells f about all parameters but the item table, in the order of Rest.
func (n *Network) parts(f func(part *[]float32, size int)) {
	d, inner := n.Shape.Dim, n.Shape.Inner
	for i := range n.blocks {
		b := &n.blocks[i]
		f(&b.gain1, d)
		f(&b.bias1, d)
		f(&b.qkv, 3*d*d)
		f(&b.qkvBias, 3*d)
		f(&b.out, d*d)
		f(&b.outBias, d)
		f(&b.distance, n.Shape.Heads*n.Shape.Length)
		f(&b.gain2, d)
		f(&b.bias2, d)
		f(&b.up, inner*d)
		f(&b.upBias, inner)
		f(&b.down, d*inner)
		f(&b.dBias, d)
	}
	f(&n.gain, d)
	f(&n.bias, d)
}

// Bytes is the memory that a network takes.
func (n *Network) Bytes() int { return len(n.Table) + 4*(len(n.Scale)+len(n.Rest)) }

// Quantise writes rows of dim floats in 8 bits with a scale each, rounded to the nearest.
func Quantise(rows []float32, dim int) (table []int8, scale []float32) {
	table, scale = make([]int8, len(rows)), make([]float32, len(rows)/dim)
	for i := range scale {
		row := rows[i*dim : (i+1)*dim]
		most := float32(0)
		for _, x := range row {
			most = max(most, x, -x)
		}
		if most == 0 {
			continue
		}
		scale[i] = most / math.MaxInt8
		for k, x := range row {
			table[i*dim+k] = int8(math.RoundToEven(float64(x / scale[i])))
		}
	}
	return table, scale
}
