package transformer

import (
	"fmt"
	"math"
	"math/rand/v2"

	"souk/attention/internal/kernel"
)

// Loss is what training makes small. In all of them an item's score is its row
// of the item table times what the network put out.
type Loss int

const (
	// Softmax is the cross-entropy over all items.
	Softmax Loss = iota
	// Sampled is the cross-entropy over the target and items drawn uniformly,
	// whose weight stands for all others (Jean et al. 2015, with the uniform distribution).
	Sampled
	// Calibrated is gBCE: binary cross-entropy over the target and items drawn
	// uniformly, the target's probability raised to β so that the drawing does not make
	// the network overconfident (Petrov and Macdonald 2023, equations 10 and 14).
	Calibrated
)

// Objective is a loss and its settings.
type Objective struct {
	Loss        Loss
	Negatives   int     // items drawn per 64 tokens, which share them; ≥ 1 but for Softmax
	Calibration float64 // t of gBCE, in [0,1]: 0 is plain binary cross-entropy
	Smoothing   float64 // of Softmax: this part of the target is spread over all items, in [0,1)
}

// Check says which number is out of range; nil if none is.
func (o Objective) Check() error {
	switch {
	case o.Loss < Softmax || o.Loss > Calibrated:
		return fmt.Errorf("self-attention: there is no loss number %d", o.Loss)
	case o.Loss != Softmax && (o.Negatives < 1 || o.Negatives > 1<<16):
		return fmt.Errorf("self-attention: %d negatives, must be 1 to %d", o.Negatives, 1<<16)
	case !(o.Calibration >= 0 && o.Calibration <= 1):
		return fmt.Errorf("self-attention: the calibration t is %v, must be in [0,1]", o.Calibration)
	case !(o.Smoothing >= 0 && o.Smoothing < 1):
		return fmt.Errorf("self-attention: the smoothing is %v, must be in [0,1)", o.Smoothing)
	}
	return nil
}

// head turns the network's outputs into a loss and gradients.
type head struct {
	objective Objective
	byItem    kernel.Panels // d × items: scores
	byDim     kernel.Panels // items × d: gradients of outputs
	outputs   kernel.Panels // tokens × d: gradients of items
	scores    []float32
	losses    []float64
	middle    []float32 // mean of the item table, for smoothing
	sampled   []sample
}

// block sizes: see softmax below.
const (
	scoresAtOnce = 4 << 20
	rowsAtOnce   = 32
	itemsAtOnce  = 256
)

// step returns the mean loss over the batch's tokens, writes its gradient by
// out to dout and adds that by the item table to ditems. The key decides which items are drawn.
func (h *head) step(ditems, dout, out []float32, w *weights, b *Batch, key uint64) float64 {
	h.losses = resize(h.losses, len(b.Tokens))
	if h.objective.Loss == Softmax {
		h.softmax(ditems, dout, out, w, b)
	} else {
		h.drawn(ditems, dout, out, w, b, key)
	}
	sum := 0.0
	for _, l := range h.losses {
		sum += l
	}
	return sum / float64(len(b.Tokens))
}

// softmax goes by chunks of tokens, so that the scores of a chunk, tokens × items, stay near the processor.
func (h *head) softmax(ditems, dout, out []float32, w *weights, b *Batch) {
	items, d, t := w.cfg.Items, w.cfg.Dim, len(b.Tokens)
	h.byItem.Pack(w.items, d, d, items, true)
	h.byDim.Resize(items, d)
	each((items+kernel.PackGrain-1)/kernel.PackGrain, func(_, i int) {
		h.byDim.PackRows(w.items, d, false, i*kernel.PackGrain, min(items, (i+1)*kernel.PackGrain))
	})
	if h.objective.Smoothing > 0 {
		h.middle = resize(h.middle, d)
		clear(h.middle)
		for i := range items {
			kernel.AddScaled(h.middle, 1/float32(items), w.items[i*d:(i+1)*d])
		}
	}
	chunk := max(rowsAtOnce, min(t, scoresAtOnce/items/rowsAtOnce*rowsAtOnce))
	h.scores = resize(h.scores, min(chunk, t)*items)
	for c0 := 0; c0 < t; c0 += chunk {
		c1 := min(t, c0+chunk)
		each((c1-c0+rowsAtOnce-1)/rowsAtOnce, func(_, i int) {
			from := c0 + i*rowsAtOnce
			h.softmaxRows(dout, out, w, b, c0, from, min(c1, from+rowsAtOnce))
		})
		h.outputs.Pack(out[c0*d:], d, c1-c0, d, false)
		each((items+itemsAtOnce-1)/itemsAtOnce, func(_, i int) {
			from := i * itemsAtOnce
			h.outputs.Multiply(kernel.Product{C: ditems[from*d:], Ldc: d, A: h.scores[from:], Lda: items, Transposed: true,
				M: min(itemsAtOnce, items-from), Accumulate: true})
		})
	}
}

// softmaxRows leaves the gradients of the scores of some tokens in scores.
func (h *head) softmaxRows(dout, out []float32, w *weights, b *Batch, chunk, from, to int) {
	items, d := w.cfg.Items, w.cfg.Dim
	scores := h.scores[(from-chunk)*items:]
	h.byItem.Multiply(kernel.Product{C: scores, Ldc: items, A: out[from*d:], Lda: d, M: to - from})
	smooth := float32(h.objective.Smoothing)
	each := 1 / float32(len(b.Tokens))
	for r := from; r < to; r++ {
		row := scores[(r-from)*items : (r-from+1)*items]
		target := b.Targets[r]
		of := row[target]
		top := kernel.Largest(row)
		sum := kernel.ExpSum(row, top)
		loss := math.Log(float64(sum)) + float64(top) - float64(of)
		kernel.Scale(row, each/sum)
		row[target] -= each * (1 - smooth)
		if smooth > 0 {
			middle := float32(0)
			for i, m := range h.middle {
				middle += m * out[r*d+i]
			}
			loss += float64(smooth) * float64(of-middle)
			kernel.AddConstant(row, -each*smooth/float32(items))
		}
		h.losses[r] = loss
	}
	h.byDim.Multiply(kernel.Product{C: dout[from*d:], Ldc: d, A: scores, Lda: items, M: to - from})
}

// sample is the work on one grain of tokens, which share the items drawn.
type sample struct {
	items           []int32
	rows, grad      []float32 // of the item table, and their gradients: drawn × d
	scores, targets []float32 // tokens × drawn; tokens: gradients of scores
	byItem, byDim   kernel.Panels
	outputs         kernel.Panels
}

// wave is how many grains are computed before their gradients are added up.
const wave = 32

func (h *head) drawn(ditems, dout, out []float32, w *weights, b *Batch, key uint64) {
	d, t := w.cfg.Dim, len(b.Tokens)
	all := (t + grain - 1) / grain
	for len(h.sampled) < min(wave, all) {
		h.sampled = append(h.sampled, sample{})
	}
	for g0 := 0; g0 < all; g0 += wave {
		g1 := min(all, g0+wave)
		each(g1-g0, func(_, i int) {
			h.sampled[i].run(h, dout, out, w, b, (g0+i)*grain, min(t, (g0+i+1)*grain), mix(key+uint64(g0+i)))
		})
		for i := range g1 - g0 {
			s := &h.sampled[i]
			for j, item := range s.items {
				kernel.AddScaled(ditems[int(item)*d:(int(item)+1)*d], 1, s.grad[j*d:(j+1)*d])
			}
			from := (g0 + i) * grain
			for r, g := range s.targets {
				item := int(b.Targets[from+r])
				kernel.AddScaled(ditems[item*d:(item+1)*d], g, out[(from+r)*d:(from+r+1)*d])
			}
		}
	}
}

func (s *sample) run(h *head, dout, out []float32, w *weights, b *Batch, from, to int, key uint64) {
	k, d, m := h.objective.Negatives, w.cfg.Dim, to-from
	rng := rand.New(rand.NewPCG(key, 0x6e6567))
	s.items, s.rows, s.grad = resize(s.items, k), resize(s.rows, k*d), resize(s.grad, k*d)
	s.scores, s.targets = resize(s.scores, m*k), resize(s.targets, m)
	for j := range s.items {
		item := rng.IntN(w.cfg.Items)
		s.items[j] = int32(item)
		copy(s.rows[j*d:(j+1)*d], w.items[item*d:(item+1)*d])
	}
	s.byItem.Pack(s.rows, d, d, k, true)
	s.byDim.Pack(s.rows, d, k, d, false)
	s.outputs.Pack(out[from*d:], d, m, d, false)
	s.byItem.Multiply(kernel.Product{C: s.scores, Ldc: k, A: out[from*d:], Lda: d, M: m})
	each := 1 / float32(len(b.Tokens))
	for r := range m {
		target := b.Targets[from+r]
		row := s.scores[r*k : (r+1)*k]
		of := float32(0)
		for i, x := range w.items[int(target)*d : (int(target)+1)*d] {
			of += x * out[(from+r)*d+i]
		}
		for j, item := range s.items {
			if item == target {
				row[j] = hidden
			}
		}
		if h.objective.Loss == Sampled {
			h.losses[from+r], s.targets[r] = sampledSoftmax(row, of, float32(w.cfg.Items-1)/float32(k), each)
		} else {
			h.losses[from+r], s.targets[r] = calibrated(row, of, h.objective.beta(w.cfg.Items), each)
		}
	}
	s.byDim.Multiply(kernel.Product{C: dout[from*d:], Ldc: d, A: s.scores, Lda: k, M: m})
	for r := range m {
		item := int(b.Targets[from+r])
		kernel.AddScaled(dout[(from+r)*d:(from+r+1)*d], s.targets[r], w.items[item*d:(item+1)*d])
	}
	s.outputs.Multiply(kernel.Product{C: s.grad, Ldc: d, A: s.scores, Lda: k, Transposed: true, M: k})
}

// hidden is the score of an item drawn that is the target itself: it counts for nothing.
const hidden = -1e9

// sampledSoftmax turns scores into their gradients, and returns the loss and
// the gradient of the target's score.
func sampledSoftmax(row []float32, of, weight, each float32) (float64, float32) {
	top := max(of, kernel.Largest(row))
	rest := kernel.ExpSum(row, top)
	// An item at −1e9 still has exp(−87): nothing in the sum, but a gradient of 0 is cleaner.
	own := kernel.Exp(of - top)
	sum := own + weight*rest
	kernel.Scale(row, each*weight/sum)
	return math.Log(float64(sum)) + float64(top-of), each * (own/sum - 1)
}

// beta is β of gBCE: 1 where t is 0, the sampling rate where t is 1.
func (o Objective) beta(items int) float64 {
	alpha := float64(o.Negatives) / float64(max(1, items-1))
	if alpha >= 1 {
		return 1
	}
	return alpha * (o.Calibration*(1-1/alpha) + 1/alpha)
}

func calibrated(row []float32, of float32, beta float64, each float32) (float64, float32) {
	loss := beta * softplus(-of)
	for j, s := range row {
		if s == hidden {
			row[j] = 0
			continue
		}
		e := kernel.Exp(-max(s, -s)) // of −|s|, so that it cannot overflow
		p := 1 / (1 + e)
		if s < 0 {
			p = e / (1 + e)
		}
		loss += math.Log1p(float64(e)) + float64(max(0, s))
		row[j] = each * p
	}
	return loss, -each * float32(beta) / (1 + kernel.Exp(of))
}

// softplus is log(1 + eˣ).
func softplus(x float32) float64 {
	return math.Log1p(math.Exp(-math.Abs(float64(x)))) + float64(max(0, x))
}
