package transformer

import (
	"math"

	"souk/attention/internal/kernel"
)

// Batch is some sequences one behind the other, without padding.
type Batch struct {
	Start   []int   // where each sequence begins, and the end of the last
	Tokens  []int32 // items; −1 stands for one that is hidden from the network
	Targets []int32 // what came next; as long as Tokens
}

// Sequences is how many there are.
func (b *Batch) Sequences() int { return len(b.Start) - 1 }

// Reset empties the batch and keeps its memory.
func (b *Batch) Reset() {
	b.Start, b.Tokens, b.Targets = append(b.Start[:0], 0), b.Tokens[:0], b.Targets[:0]
}

// Add appends a sequence: each item but the last is a token, and the next its target.
func (b *Batch) Add(items []int32) {
	b.Tokens = append(b.Tokens, items[:len(items)-1]...)
	b.Targets = append(b.Targets, items[1:]...)
	b.Start = append(b.Start, len(b.Tokens))
}

// Dropout says how much is dropped in training: of what goes into the blocks
// and what each half of a block adds, and of the shares of attention.
type Dropout struct{ Hidden, Attention float32 }

// network runs batches forward and backward. It owns what has to be kept in between.
type network struct {
	cfg    Config
	layers []layer
	hat    []float32 // of the last norm
	scale  []float32
	x      []float32 // the running sum of all halves of blocks, tokens × d
	out    []float32 // after the last norm
	dx     []float32 // its gradient
	buf    []float32 // tokens × d
	wide   []float32 // tokens × max(3d, inner)
	norms  []float32 // sums of the gradients of gain and bias by grain
	drop   Dropout
	key    uint64
}

// layer is what one block remembers of a batch.
type layer struct {
	attention           attention
	qkv, project        *dense
	up, down            *dense
	hat1, norm1, scale1 []float32
	qkvOut, gathered    []float32
	hat2, norm2, scale2 []float32
	inner, active       []float32
}

func newNetwork(c Config) *network {
	n := &network{cfg: c}
	for range c.Blocks {
		n.layers = append(n.layers, layer{attention: attention{cfg: c}, qkv: newDense(c.Dim, 3*c.Dim), project: newDense(c.Dim, c.Dim),
			up: newDense(c.Dim, c.Inner), down: newDense(c.Inner, c.Dim)})
	}
	return n
}

// site gives each place where something is dropped its own random numbers.
func (n *network) site(i int) uint64 { return mix(n.key ^ uint64(i)<<32) }

// forward computes n.out, tokens × d. The key decides what is dropped.
func (n *network) forward(w *weights, b *Batch, drop Dropout, key uint64, training bool) {
	t, d := len(b.Tokens), n.cfg.Dim
	n.drop, n.key = drop, key
	n.x, n.out, n.hat = resize(n.x, t*d), resize(n.out, t*d), resize(n.hat, t*d)
	n.scale, n.buf = resize(n.scale, t), resize(n.buf, t*d)
	n.embed(w, b)
	for i := range n.layers {
		n.layers[i].forward(n, &w.blocks[i], b, i, training)
	}
	grains(t, func(_, from, to int) {
		for r := from; r < to; r++ {
			n.scale[r] = normalise(n.out[r*d:(r+1)*d], n.hat[r*d:(r+1)*d], n.x[r*d:(r+1)*d], w.gain, w.bias)
		}
	})
}

// embed writes item times √d plus position to x.
func (n *network) embed(w *weights, b *Batch) {
	d := n.cfg.Dim
	root := float32(math.Sqrt(float64(d)))
	each((b.Sequences()+group-1)/group, func(_, g int) {
		for s := g * group; s < min(b.Sequences(), (g+1)*group); s++ {
			for r := b.Start[s]; r < b.Start[s+1]; r++ {
				x := n.x[r*d : (r+1)*d]
				clear(x)
				if item := int(b.Tokens[r]); item >= 0 {
					kernel.AddScaled(x, root, w.items[item*d:(item+1)*d])
				}
				if n.cfg.Absolute {
					kernel.AddScaled(x, 1, w.positions[(r-b.Start[s])*d:][:d])
				}
				dropout(x, n.drop.Hidden, n.site(0), r*padded(d))
			}
		}
	})
}

// padded rounds a row's width up to what dropout wants.
func padded(n int) int { return (n + 3) &^ 3 }

func (l *layer) forward(n *network, w *block, b *Batch, index int, training bool) {
	t, d, inner := len(b.Tokens), n.cfg.Dim, n.cfg.Inner
	l.hat1, l.norm1, l.scale1 = resize(l.hat1, t*d), resize(l.norm1, t*d), resize(l.scale1, t)
	l.qkvOut, l.gathered = resize(l.qkvOut, t*3*d), resize(l.gathered, t*d)
	l.hat2, l.norm2, l.scale2 = resize(l.hat2, t*d), resize(l.norm2, t*d), resize(l.scale2, t)
	l.inner, l.active = resize(l.inner, t*inner), resize(l.active, t*inner)
	l.qkv.prepare(w.qkv, training)
	l.project.prepare(w.out, training)
	l.up.prepare(w.up, training)
	l.down.prepare(w.down, training)
	grains(t, func(_, from, to int) {
		for r := from; r < to; r++ {
			l.scale1[r] = normalise(l.norm1[r*d:(r+1)*d], l.hat1[r*d:(r+1)*d], n.x[r*d:(r+1)*d], w.gain1, w.bias1)
		}
		l.qkv.rows(l.qkvOut[from*3*d:], l.norm1[from*d:], w.qkvBias, to-from)
	})
	l.attention.forward(l.gathered, l.qkvOut, w.distance, b, n.drop.Attention, n.site(index*8+1))
	grains(t, func(_, from, to int) {
		buf := n.buf[from*d : to*d]
		l.project.rows(buf, l.gathered[from*d:], w.outBias, to-from)
		n.dropRows(buf, d, index*8+2, from)
		kernel.AddScaled(n.x[from*d:to*d], 1, buf)
		for r := from; r < to; r++ {
			l.scale2[r] = normalise(l.norm2[r*d:(r+1)*d], l.hat2[r*d:(r+1)*d], n.x[r*d:(r+1)*d], w.gain2, w.bias2)
		}
		z, a := l.inner[from*inner:to*inner], l.active[from*inner:to*inner]
		l.up.rows(z, l.norm2[from*d:], w.upBias, to-from)
		activate(a, z, n.cfg.GELU)
		n.dropRows(a, inner, index*8+3, from)
		l.down.rows(buf, a, w.dBias, to-from)
		n.dropRows(buf, d, index*8+4, from)
		kernel.AddScaled(n.x[from*d:to*d], 1, buf)
	})
}

// dropRows drops from rows that begin with token from.
func (n *network) dropRows(x []float32, width, site, from int) {
	if n.drop.Hidden <= 0 {
		return
	}
	key := n.site(site)
	for r := 0; r*width < len(x); r++ {
		dropout(x[r*width:(r+1)*width], n.drop.Hidden, key, (from+r)*padded(width))
	}
}

// backward adds to g the gradients that follow from dout, that of n.out.
func (n *network) backward(w, g *weights, b *Batch, dout []float32) {
	t, d := len(b.Tokens), n.cfg.Dim
	n.dx = resize(n.dx, t*d)
	n.wide = resize(n.wide, t*max(3*d, n.cfg.Inner))
	clear(n.dx)
	n.normBack(g.gain, g.bias, dout, n.hat, w.gain, n.scale, t)
	for i := len(n.layers) - 1; i >= 0; i-- {
		n.layers[i].backward(n, &w.blocks[i], &g.blocks[i], b, i)
	}
	n.embedBack(g, b)
}

// normBack adds the gradient through a norm to dx.
func (n *network) normBack(dgain, dbias, dy, hat, gain, scale []float32, t int) {
	d := n.cfg.Dim
	sums := (t + grain - 1) / grain
	n.norms = resize(n.norms, sums*2*d)
	grains(t, func(k, from, to int) {
		part := n.norms[k*2*d : (k+1)*2*d]
		clear(part)
		for r := from; r < to; r++ {
			normaliseBack(n.dx[r*d:(r+1)*d], dy[r*d:(r+1)*d], hat[r*d:(r+1)*d], gain, part[:d], part[d:], scale[r])
		}
	})
	for k := range sums {
		kernel.AddScaled(dgain, 1, n.norms[k*2*d:k*2*d+d])
		kernel.AddScaled(dbias, 1, n.norms[k*2*d+d:(k+1)*2*d])
	}
}

func (l *layer) backward(n *network, w, g *block, b *Batch, index int) {
	t, d, inner := len(b.Tokens), n.cfg.Dim, n.cfg.Inner
	dy, wide := n.buf[:t*d], n.wide
	grains(t, func(_, from, to int) {
		copy(dy[from*d:to*d], n.dx[from*d:to*d])
		n.dropRows(dy[from*d:to*d], d, index*8+4, from)
		da := wide[from*inner : to*inner]
		l.down.back.Multiply(kernel.Product{C: da, Ldc: inner, A: dy[from*d:], Lda: d, M: to - from})
		n.dropRows(da, inner, index*8+3, from)
		activateBack(da, l.inner[from*inner:to*inner], n.cfg.GELU)
	})
	l.down.learn(g.down, g.dBias, l.active, dy, t)
	l.up.learn(g.up, g.upBias, l.norm2, wide, t)
	grains(t, func(_, from, to int) {
		l.up.back.Multiply(kernel.Product{C: dy[from*d:], Ldc: d, A: wide[from*inner:], Lda: inner, M: to - from})
	})
	n.normBack(g.gain2, g.bias2, dy, l.hat2, w.gain2, l.scale2, t)

	grains(t, func(_, from, to int) {
		copy(dy[from*d:to*d], n.dx[from*d:to*d])
		n.dropRows(dy[from*d:to*d], d, index*8+2, from)
	})
	l.project.learn(g.out, g.outBias, l.gathered, dy, t)
	gathered := l.norm2 // no longer needed: the gradient of what was gathered
	grains(t, func(_, from, to int) {
		l.project.back.Multiply(kernel.Product{C: gathered[from*d:], Ldc: d, A: dy[from*d:], Lda: d, M: to - from})
	})
	l.attention.backward(wide, g.distance, gathered, l.qkvOut, b, n.drop.Attention, n.site(index*8+1))
	l.qkv.learn(g.qkv, g.qkvBias, l.norm1, wide, t)
	grains(t, func(_, from, to int) {
		l.qkv.back.Multiply(kernel.Product{C: dy[from*d:], Ldc: d, A: wide[from*3*d:], Lda: 3 * d, M: to - from})
	})
	n.normBack(g.gain1, g.bias1, dy, l.hat1, w.gain1, l.scale1, t)
}

// embedBack adds the gradients of the tables, token by token, so that the order is fixed.
func (n *network) embedBack(g *weights, b *Batch) {
	t, d := len(b.Tokens), n.cfg.Dim
	grains(t, func(_, from, to int) {
		n.dropRows(n.dx[from*d:to*d], d, 0, from)
	})
	root := float32(math.Sqrt(float64(d)))
	for s := range b.Sequences() {
		for r := b.Start[s]; r < b.Start[s+1]; r++ {
			dx := n.dx[r*d : (r+1)*d]
			if item := int(b.Tokens[r]); item >= 0 {
				kernel.AddScaled(g.items[item*d:(item+1)*d], root, dx)
			}
			if n.cfg.Absolute {
				kernel.AddScaled(g.positions[(r-b.Start[s])*d:][:d], 1, dx)
			}
		}
	}
}
