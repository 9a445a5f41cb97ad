package kernel

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
)

const (
	tileRows   = 4   // rows of the product that the micro-kernel holds in registers
	panelWidth = 16  // columns of it: two vectors of 8
	panelDepth = 256 // rows of a panel that stay in the first-level cache: 16 KiB
)

// Panels is the right-hand matrix of products, K × N, copied once into the order in which
// the micro-kernel reads it and then used for many left-hand sides.
//
// With vectors, panels of 16 columns follow each other, each cut into blocks of
// 256 rows (the layout of Goto and van de Geijn 2008, figure 8, with the
// left-hand side left where it is: it is narrow here, and to copy it would cost
// as much as to multiply). Without, it is a row-major copy for gonum. The zero value is an
// empty matrix; Pack reuses the memory.
type Panels struct {
	K, N   int
	data   []float32
	vector bool
}

// Resize makes room for a K × N matrix whose content PackRows then brings.
func (p *Panels) Resize(k, n int) {
	p.K, p.N, p.vector = k, n, SIMD
	size := k * n
	if p.vector {
		size = k * p.panels() * panelWidth
	}
	if cap(p.data) < size {
		p.data = make([]float32, size)
	}
	p.data = p.data[:size]
}

func (p *Panels) panels() int { return (p.N + panelWidth - 1) / panelWidth }

// Pack copies b, row-major with ldb numbers from one row to the next: K × N, or N × K where
// transposed is set, of which the transpose is taken.
func (p *Panels) Pack(b []float32, ldb, k, n int, transposed bool) {
	p.Resize(k, n)
	p.PackRows(b, ldb, transposed, 0, k)
}

// PackRows copies rows from..to of the K × N matrix. Ranges that begin and end
// at multiples of PackGrain may be packed at the same time.
func (p *Panels) PackRows(b []float32, ldb int, transposed bool, from, to int) {
	if !p.vector {
		for k := from; k < to; k++ {
			row := p.data[k*p.N : (k+1)*p.N]
			if !transposed {
				copy(row, b[k*ldb:k*ldb+p.N])
				continue
			}
			for j := range row {
				row[j] = b[j*ldb+k]
			}
		}
		return
	}
	for k0 := from; k0 < to; {
		start := k0 / panelDepth * panelDepth
		end := min(start+panelDepth, p.K)
		k1 := min(end, to)
		for j := range p.panels() {
			dst := p.block(start, end, j)[(k0-start)*panelWidth : (k1-start)*panelWidth]
			w := min(panelWidth, p.N-j*panelWidth)
			if transposed {
				packTransposed(dst, b[j*panelWidth*ldb+k0:], ldb, k1-k0, w)
			} else {
				packStraight(dst, b[k0*ldb+j*panelWidth:], ldb, w)
			}
		}
		k0 = k1
	}
}

// PackGrain is the step of row ranges that may be packed side by side.
const PackGrain = panelDepth

// block is panel j of the rows start..end, which are one cut of panelDepth.
func (p *Panels) block(start, end, j int) []float32 {
	at := start*p.panels()*panelWidth + j*(end-start)*panelWidth
	return p.data[at : at+(end-start)*panelWidth]
}

func packStraight(dst, b []float32, ldb, w int) {
	if w == panelWidth {
		for k := 0; len(dst) >= panelWidth; k++ {
			*(*[panelWidth]float32)(dst) = *(*[panelWidth]float32)(b[k*ldb:])
			dst = dst[panelWidth:]
		}
		return
	}
	for k := 0; len(dst) >= panelWidth; k++ {
		clear(dst[copy(dst[:w], b[k*ldb:]):panelWidth])
		dst = dst[panelWidth:]
	}
}

func packTransposed(dst, b []float32, ldb, depth, w int) {
	if w < panelWidth {
		clear(dst)
	}
	for c := range w {
		col := b[c*ldb : c*ldb+depth]
		d := dst[c:]
		for k, x := range col {
			d[k*panelWidth] = x
		}
	}
}

// Product is one multiplication C = op(A)·B or C += op(A)·B, row-major, B in
// panels. Sums run in the order of k, so that the result does not depend on how rows of C are shared out.
type Product struct {
	C          []float32
	Ldc        int
	A          []float32 // M × K, or K × M where Transposed
	Lda        int
	Transposed bool
	M          int
	N          int // columns of C to write; 0: all of B's
	From, To   int // rows of B that count, and columns of op(A); To 0: all
	Accumulate bool
}

// Multiply computes a product. Slices shorter than the sizes say are the caller's mistake and panic.
func (p *Panels) Multiply(x Product) {
	if x.N == 0 {
		x.N = p.N
	}
	if x.To == 0 {
		x.To = p.K
	}
	if x.M == 0 || x.N == 0 {
		return
	}
	if x.From >= x.To {
		if !x.Accumulate {
			for i := range x.M {
				clear(x.C[i*x.Ldc : i*x.Ldc+x.N])
			}
		}
		return
	}
	_ = x.C[(x.M-1)*x.Ldc+x.N-1]
	if x.Transposed {
		_ = x.A[(x.To-1)*x.Lda+x.M-1]
	} else {
		_ = x.A[(x.M-1)*x.Lda+x.To-1]
	}
	if p.vector {
		p.multiplyVector(x)
		return
	}
	beta := float32(0)
	if x.Accumulate {
		beta = 1
	}
	k := x.To - x.From
	a := blas32.General{Rows: x.M, Cols: k, Stride: x.Lda, Data: x.A}
	trans := blas.NoTrans
	if x.Transposed {
		trans = blas.Trans
		a.Rows, a.Cols, a.Data = k, x.M, x.A[x.From*x.Lda:]
	} else {
		a.Data = x.A[x.From:]
	}
	blas32.Gemm(trans, blas.NoTrans, 1, a,
		blas32.General{Rows: k, Cols: x.N, Stride: p.N, Data: p.data[x.From*p.N:]},
		beta, blas32.General{Rows: x.M, Cols: x.N, Stride: x.Ldc, Data: x.C})
}
