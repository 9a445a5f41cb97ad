package selfattention

import (
	"math"

	"souk/attention/internal/kernel"
)

// Scorer reads histories for one goroutine. It allocates nothing, and what it computes is
// the same bits on every processor: products and sums are rounded one by one, in one order.
type Scorer struct {
	n                                *Network
	x, norm, qkv, gathered, row, mid []float32
	shares, out, item                []float32
	all                              []int32 // 0, 1, 2, …: rows of a matrix
}

// NewScorer makes a scorer.
func (n *Network) NewScorer() *Scorer {
	s := n.Shape
	r := &Scorer{n: n, x: make([]float32, s.Length*s.Dim), norm: make([]float32, s.Dim), qkv: make([]float32, s.Length*3*s.Dim),
		gathered: make([]float32, s.Dim), row: make([]float32, s.Dim), mid: make([]float32, s.Inner),
		shares: make([]float32, s.Length), out: make([]float32, s.Dim), item: make([]float32, s.Dim), all: make([]int32, max(3*s.Dim, s.Inner))}
	for i := range r.all {
		r.all[i] = int32(i)
	}
	return r
}

// Score writes how likely each candidate is next after a history, oldest item first: logarithms
// of odds, up to a constant. It looks back on the last Length items that the network knows, and says
// whether there was one; where not, dst stays as it is. A candidate that it does not know gets NaN.
func (s *Scorer) Score(dst []float32, candidates, history []int32) bool {
	if !s.read(history) {
		return false
	}
	d := s.n.Shape.Dim
	for i, c := range candidates {
		if c < 0 || int(c) >= s.n.Shape.Items {
			dst[i] = float32(math.NaN())
			continue
		}
		for k, q := range s.n.Table[int(c)*d : int(c)*d+d] {
			s.item[k] = float32(q)
		}
		dst[i] = float32(s.n.Scale[c] * kernel.LaneDot(s.item, s.out))
	}
	return true
}

// read runs the network over a history. Of the last block only the last row is computed.
func (s *Scorer) read(history []int32) bool {
	shape, d := s.n.Shape, s.n.Shape.Dim
	rows := s.embed(history)
	if rows == 0 {
		return false
	}
	for i := range s.n.blocks {
		b := &s.n.blocks[i]
		for r := range rows {
			normalise(s.norm, s.x[r*d:(r+1)*d], b.gain1, b.bias1)
			s.apply(s.qkv[r*3*d:(r+1)*3*d], s.norm, b.qkv, b.qkvBias)
		}
		first := 0
		if i == len(s.n.blocks)-1 {
			first = rows - 1
		}
		for r := first; r < rows; r++ {
			s.attend(b, r)
			x := s.x[r*d : (r+1)*d]
			s.apply(s.row, s.gathered, b.out, b.outBias)
			add(x, s.row)
			normalise(s.norm, x, b.gain2, b.bias2)
			s.apply(s.mid[:shape.Inner], s.norm, b.up, b.upBias)
			for k, v := range s.mid {
				s.mid[k] = max(0, v)
			}
			s.apply(s.row, s.mid, b.down, b.dBias)
			add(x, s.row)
		}
	}
	normalise(s.out, s.x[(rows-1)*d:rows*d], s.n.gain, s.n.bias)
	return true
}

// embed fills x and returns how many of the last items it took.
func (s *Scorer) embed(history []int32) int {
	shape, d := s.n.Shape, s.n.Shape.Dim
	known, begin := 0, len(history)
	for begin > 0 && known < shape.Length {
		begin--
		if item := history[begin]; item >= 0 && int(item) < shape.Items {
			known++
		}
	}
	root := float32(math.Sqrt(float64(d)))
	r := 0
	for _, item := range history[begin:] {
		if item < 0 || int(item) >= shape.Items {
			continue
		}
		scale := float32(root * s.n.Scale[item])
		x := s.x[r*d : (r+1)*d]
		for k, q := range s.n.Table[int(item)*d : int(item)*d+d] {
			x[k] = float32(scale * float32(q))
		}
		r++
	}
	return r
}

// apply is y = Wx + b.
func (s *Scorer) apply(y, x, w, bias []float32) {
	kernel.GatherDots(y, x, w, len(x), s.all[:len(y)])
	add(y, bias)
}

func add(y, x []float32) {
	x = x[:len(y)]
	for i, v := range x {
		y[i] += v
	}
}

// attend gathers what all heads see from row r.
func (s *Scorer) attend(b *block, r int) {
	shape, d := s.n.Shape, s.n.Shape.Dim
	width := d / shape.Heads
	scale := float32(1 / math.Sqrt(float64(width)))
	shares := s.shares[:r+1]
	for h := range shape.Heads {
		q := s.qkv[r*3*d+h*width:][:width]
		most := float32(math.Inf(-1))
		for k := range shares {
			key := s.qkv[k*3*d+d+h*width:][:width]
			shares[k] = float32(scale*kernel.LaneDot(q, key)) + b.distance[h*shape.Length+r-k]
			most = max(most, shares[k])
		}
		sum := float32(0)
		for k, x := range shares {
			shares[k] = kernel.Exp(x - most)
			sum += shares[k]
		}
		y := s.gathered[h*width : (h+1)*width]
		clear(y)
		for k, x := range shares {
			kernel.Axpy(y, s.qkv[k*3*d+2*d+h*width:][:width], x/sum)
		}
	}
}

// NormEpsilon is added to a variance before its root is divided by, here and in training.
const NormEpsilon = 1e-6

// normalise writes (x − mean)/deviation·gain + bias to y (Ba, Kiros and Hinton 2016).
func normalise(y, x, gain, bias []float32) {
	d := float32(len(x))
	sum := float32(0)
	for _, v := range x {
		sum += v
	}
	mean := sum / d
	square := float32(0)
	for _, v := range x {
		square += float32((v - mean) * (v - mean))
	}
	scale := float32(1 / math.Sqrt(float64(square/d+NormEpsilon)))
	y, gain, bias = y[:len(x)], gain[:len(x)], bias[:len(x)]
	for i, v := range x {
		y[i] = float32(float32((v-mean)*scale)*gain[i]) + bias[i]
	}
}
