package transformer

import (
	"math"

	"souk/attention/internal/kernel"
)

// attention is causal multi-head attention (Vaswani et al. 2017, section 3.2)
// within each sequence of a batch: an item looks at itself and what came before.
type attention struct {
	cfg     Config
	shares  []float32 // softmax outputs: per sequence and head, length × length
	at      []int     // where a sequence's shares begin
	scratch []attentionScratch
	partial []float32 // sums of the gradient of distances, per group of sequences
}

type attentionScratch struct {
	keys, values kernel.Panels
	grad         []float32 // length × length
	dropped      []float32 // the shares after dropout
}

// group is how many sequences a goroutine takes at a time.
const group = 8

// causal is how many rows of a product are computed at once; what lies above the diagonal beyond them is left out.
const causal = 32

func (a *attention) prepare(b *Batch) {
	a.at = resize(a.at, b.Sequences()+1)
	a.at[0] = 0
	longest := 0
	for s := range b.Sequences() {
		n := b.Start[s+1] - b.Start[s]
		longest = max(longest, n)
		a.at[s+1] = a.at[s] + a.cfg.Heads*n*n
	}
	a.shares = resize(a.shares, a.at[b.Sequences()])
	for len(a.scratch) < workers() {
		a.scratch = append(a.scratch, attentionScratch{})
	}
	for i := range a.scratch {
		a.scratch[i].grad = resize(a.scratch[i].grad, longest*longest)
		a.scratch[i].dropped = resize(a.scratch[i].dropped, longest*longest)
	}
}

// forward writes to y (tokens × d) what the heads gather from qkv (tokens × 3d).
func (a *attention) forward(y, qkv, distance []float32, b *Batch, p float32, key uint64) {
	a.prepare(b)
	eachOf(len(a.scratch), (b.Sequences()+group-1)/group, func(worker, g int) {
		for s := g * group; s < min(b.Sequences(), (g+1)*group); s++ {
			for h := range a.cfg.Heads {
				a.head(y, qkv, distance, b, s, h, p, key, &a.scratch[worker])
			}
		}
	})
}

// head is one head in one sequence.
func (a *attention) head(y, qkv, distance []float32, b *Batch, s, h int, p float32, key uint64, w *attentionScratch) {
	d, width := a.cfg.Dim, a.cfg.Dim/a.cfg.Heads
	from, n := b.Start[s], b.Start[s+1]-b.Start[s]
	q, k, v := heads(qkv, d, width, from, h)
	shares := a.shares[a.at[s]+h*n*n:][:n*n]
	var bias []float32
	if a.cfg.Relative {
		bias = distance[h*a.cfg.Length : (h+1)*a.cfg.Length]
	}
	w.keys.Pack(k, 3*d, width, n, true)
	w.values.Pack(v, 3*d, n, width, false)
	scale := float32(1 / math.Sqrt(float64(width)))
	for i0 := 0; i0 < n; i0 += causal {
		i1 := min(n, i0+causal)
		w.keys.Multiply(kernel.Product{C: shares[i0*n:], Ldc: n, A: q[i0*3*d:], Lda: 3 * d, M: i1 - i0, N: i1})
		for i := i0; i < i1; i++ {
			softmax(shares[i*n:(i+1)*n], i+1, scale, bias)
		}
	}
	used := shares
	if p > 0 {
		used = w.dropped[:n*n]
		copy(used, shares)
		dropShares(used, n, p, key, a.at[s]+h*n*n)
	}
	for i0 := 0; i0 < n; i0 += causal {
		i1 := min(n, i0+causal)
		w.values.Multiply(kernel.Product{C: y[(from+i0)*d+h*width:], Ldc: d, A: used[i0*n:], Lda: n, M: i1 - i0, To: i1})
	}
}

// heads are a head's queries, keys and values in a sequence: rows 3d apart.
func heads(qkv []float32, d, width, from, h int) (q, k, v []float32) {
	row := qkv[from*3*d:]
	return row[h*width:], row[d+h*width:], row[2*d+h*width:]
}

// softmax turns the first n of a row into shares and the rest into 0.
func softmax(row []float32, n int, scale float32, bias []float32) {
	clear(row[n:])
	row = row[:n]
	kernel.Scale(row, scale)
	if bias != nil {
		for j := range row {
			row[j] += bias[n-1-j]
		}
	}
	kernel.Scale(row, 1/kernel.ExpSum(row, kernel.Largest(row)))
}

// dropShares drops below the diagonal; every row has its own stretch of random numbers.
func dropShares(x []float32, n int, p float32, key uint64, at int) {
	for i := range n {
		dropout(x[i*n:i*n+i+1], p, mix(key+uint64(at+i*n)), 0)
	}
}

// backward writes the gradient of qkv, given that of the output, and adds that of the distances.
func (a *attention) backward(dqkv, ddistance, dy, qkv []float32, b *Batch, p float32, key uint64) {
	groups := (b.Sequences() + group - 1) / group
	size := len(ddistance)
	a.partial = resize(a.partial, groups*size)
	eachOf(len(a.scratch), groups, func(worker, g int) {
		part := a.partial[g*size : (g+1)*size]
		clear(part)
		for s := g * group; s < min(b.Sequences(), (g+1)*group); s++ {
			for h := range a.cfg.Heads {
				a.headBack(dqkv, part, dy, qkv, b, s, h, p, key, &a.scratch[worker])
			}
		}
	})
	for g := range groups {
		kernel.AddScaled(ddistance, 1, a.partial[g*size:(g+1)*size])
	}
}

func (a *attention) headBack(dqkv, ddistance, dy, qkv []float32, b *Batch, s, h int, p float32, key uint64, w *attentionScratch) {
	d, width := a.cfg.Dim, a.cfg.Dim/a.cfg.Heads
	from, n := b.Start[s], b.Start[s+1]-b.Start[s]
	q, k, v := heads(qkv, d, width, from, h)
	dq, dk, dv := heads(dqkv, d, width, from, h)
	out := dy[from*d+h*width:]
	shares := a.shares[a.at[s]+h*n*n:][:n*n]
	grad, used := w.grad[:n*n], shares
	if p > 0 {
		used = w.dropped[:n*n]
		copy(used, shares)
		dropShares(used, n, p, key, a.at[s]+h*n*n)
	}

	w.values.Pack(out, d, n, width, false)
	for j0 := 0; j0 < n; j0 += causal { // dV = sharesᵀ·dY: what comes before a key gives it nothing
		w.values.Multiply(kernel.Product{C: dv[j0*3*d:], Ldc: 3 * d, A: used[j0:], Lda: n, Transposed: true, M: min(causal, n-j0), From: j0})
	}
	w.values.Pack(v, 3*d, width, n, true)
	w.keys.Pack(k, 3*d, n, width, false)
	scale := float32(1 / math.Sqrt(float64(width)))
	for i0 := 0; i0 < n; i0 += causal {
		i1 := min(n, i0+causal)
		w.values.Multiply(kernel.Product{C: grad[i0*n:], Ldc: n, A: out[i0*d:], Lda: d, M: i1 - i0, N: i1})
	}
	if p > 0 {
		dropShares(grad, n, p, key, a.at[s]+h*n*n)
	}
	for i := range n {
		row := grad[i*n : (i+1)*n]
		clear(row[i+1:])
		softmaxBack(row[:i+1], shares[i*n:i*n+i+1])
		if a.cfg.Relative {
			to := ddistance[h*a.cfg.Length:]
			for j, g := range row[:i+1] {
				to[i-j] += g
			}
		}
		kernel.Scale(row[:i+1], scale)
	}
	for i0 := 0; i0 < n; i0 += causal {
		i1 := min(n, i0+causal)
		w.keys.Multiply(kernel.Product{C: dq[i0*3*d:], Ldc: 3 * d, A: grad[i0*n:], Lda: n, M: i1 - i0, To: i1})
	}
	w.values.Pack(q, 3*d, n, width, false)
	for j0 := 0; j0 < n; j0 += causal {
		w.values.Multiply(kernel.Product{C: dk[j0*3*d:], Ldc: 3 * d, A: grad[j0:], Lda: n, Transposed: true, M: min(causal, n-j0), From: j0})
	}
}

// softmaxBack turns the gradient of shares into that of what went in.
func softmaxBack(grad, shares []float32) {
	sum := float32(0)
	for j, g := range grad {
		sum += g * shares[j]
	}
	for j, g := range grad {
		grad[j] = (g - sum) * shares[j]
	}
}
