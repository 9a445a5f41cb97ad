//go:build goexperiment.simd && amd64

package kernel

import (
	"simd/archsimd"
	"unsafe"
)

// multiplyVector goes block by block of panelDepth rows, then by groups of
// rows of C whose part of A stays in cache, then by panels.
func (p *Panels) multiplyVector(x Product) {
	group := 64
	if x.Transposed {
		group = 16 // one cache line of each row of A: tiles of 6, 6 and 4
	}
	accumulate := x.Accumulate
	for k0 := x.From; k0 < x.To; accumulate = true {
		start := k0 / panelDepth * panelDepth
		end := min(start+panelDepth, p.K)
		k1 := min(end, x.To)
		for i0 := 0; i0 < x.M; i0 += group {
			i1 := min(i0+group, x.M)
			for j := 0; j*panelWidth < x.N; j++ {
				b := p.block(start, end, j)[(k0-start)*panelWidth:]
				w := min(panelWidth, x.N-j*panelWidth)
				i := i0
				if w == panelWidth {
					i = x.fullTiles(b, i0, i1, j*panelWidth, k0, k1, accumulate)
				}
				for ; i < i1; i += tileRows {
					x.edgeTile(b, i, min(tileRows, i1-i), j*panelWidth, w, k0, k1, accumulate)
				}
			}
		}
		k0 = k1
	}
}

// fullTiles computes the rows i..end of a panel as far as they fill tiles, and
// returns the first row that is left.
func (x *Product) fullTiles(b []float32, i, end, j, k0, k1 int, accumulate bool) int {
	ldc, lda := uintptr(x.Ldc)*4, uintptr(x.Lda)*4
	panel := unsafe.Pointer(&b[0])
	for ; i+6 <= end; i += 6 {
		if x.Transposed {
			sixColumns(&x.A[k0*x.Lda+i], lda, &b[0], &x.C[i*x.Ldc+j], ldc, k1-k0, accumulate)
		} else {
			sixRows(&x.A[i*x.Lda+k0], lda, &b[0], &x.C[i*x.Ldc+j], ldc, k1-k0, accumulate)
		}
	}
	for ; i+tileRows <= end; i += tileRows {
		c := unsafe.Pointer(&x.C[i*x.Ldc+j])
		if x.Transposed {
			tileColumns(unsafe.Pointer(&x.A[k0*x.Lda+i]), lda, panel, c, ldc, k1-k0, accumulate)
			continue
		}
		a0 := unsafe.Pointer(&x.A[i*x.Lda+k0])
		a1 := unsafe.Add(a0, lda)
		a2 := unsafe.Add(a1, lda)
		tileOfRows(a0, a1, a2, unsafe.Add(a2, lda), panel, c, ldc, k1-k0, accumulate)
	}
	return i
}

// edgeTile computes h rows from i and w columns from j: fewer than a tile has.
func (x *Product) edgeTile(b []float32, i, h, j, w, k0, k1 int, accumulate bool) {
	var edge [tileRows * panelWidth]float32
	switch {
	case !x.Transposed:
		stride := uintptr(x.Lda) * 4
		a0 := unsafe.Pointer(&x.A[i*x.Lda+k0])
		a1, a2, a3 := a0, a0, a0 // rows past the last one are the first again, and not kept
		if h > 1 {
			a1 = unsafe.Add(a0, stride)
		}
		if h > 2 {
			a2 = unsafe.Add(a1, stride)
		}
		if h > 3 {
			a3 = unsafe.Add(a2, stride)
		}
		tileOfRows(a0, a1, a2, a3, unsafe.Pointer(&b[0]), unsafe.Pointer(&edge), panelWidth*4, k1-k0, false)
	case h == tileRows:
		tileColumns(unsafe.Pointer(&x.A[k0*x.Lda+i]), uintptr(x.Lda)*4, unsafe.Pointer(&b[0]), unsafe.Pointer(&edge), panelWidth*4, k1-k0, false)
	default:
		narrow(&edge, x, b, i, h, k0, k1)
	}
	for r := range h {
		row := x.C[(i+r)*x.Ldc+j : (i+r)*x.Ldc+j+w]
		e := edge[r*panelWidth:]
		if !accumulate {
			copy(row, e)
			continue
		}
		for q := range row {
			row[q] += e[q]
		}
	}
}

// narrow is the last, incomplete tile of a transposed A.
func narrow(edge *[tileRows * panelWidth]float32, x *Product, b []float32, i, h, k0, k1 int) {
	for r := range h {
		var lo, hi archsimd.Float32x8
		for k := k0; k < k1; k++ {
			a := archsimd.BroadcastFloat32x8(x.A[k*x.Lda+i+r])
			row := b[(k-k0)*panelWidth:]
			lo = a.MulAdd(archsimd.LoadFloat32x8((*[8]float32)(row)), lo)
			hi = a.MulAdd(archsimd.LoadFloat32x8((*[8]float32)(row[8:])), hi)
		}
		lo.Store((*[8]float32)(edge[r*panelWidth:]))
		hi.Store((*[8]float32)(edge[r*panelWidth+8:]))
	}
}

// tileOfRows is the micro-kernel for a row-major A: 4 × 16 sums in eight
// registers. An element of A is spread from a load of four (one instruction
// less than from one); the last three k, where that would read past the end of the
// matrix, are loaded alone. So no pointer ever moves past the end of its
// matrix, which would be an error to the garbage collector.
func tileOfRows(a0, a1, a2, a3, b, c unsafe.Pointer, ldc uintptr, k int, add bool) {
	var c00, c01, c10, c11, c20, c21, c30, c31 archsimd.Float32x8
	for ; k > 3; k-- {
		b0 := archsimd.LoadFloat32x8((*[8]float32)(b))
		b1 := archsimd.LoadFloat32x8((*[8]float32)(unsafe.Add(b, 32)))
		x := archsimd.LoadFloat32x4((*[4]float32)(a0)).Broadcast1To8()
		c00, c01 = x.MulAdd(b0, c00), x.MulAdd(b1, c01)
		x = archsimd.LoadFloat32x4((*[4]float32)(a1)).Broadcast1To8()
		c10, c11 = x.MulAdd(b0, c10), x.MulAdd(b1, c11)
		x = archsimd.LoadFloat32x4((*[4]float32)(a2)).Broadcast1To8()
		c20, c21 = x.MulAdd(b0, c20), x.MulAdd(b1, c21)
		x = archsimd.LoadFloat32x4((*[4]float32)(a3)).Broadcast1To8()
		c30, c31 = x.MulAdd(b0, c30), x.MulAdd(b1, c31)
		a0, a1, a2, a3, b = unsafe.Add(a0, 4), unsafe.Add(a1, 4), unsafe.Add(a2, 4), unsafe.Add(a3, 4), unsafe.Add(b, 64)
	}
	for o := 0; o < k; o++ {
		b0 := archsimd.LoadFloat32x8((*[8]float32)(unsafe.Add(b, 64*o)))
		b1 := archsimd.LoadFloat32x8((*[8]float32)(unsafe.Add(b, 64*o+32)))
		x := archsimd.BroadcastFloat32x8(*(*float32)(unsafe.Add(a0, 4*o)))
		c00, c01 = x.MulAdd(b0, c00), x.MulAdd(b1, c01)
		x = archsimd.BroadcastFloat32x8(*(*float32)(unsafe.Add(a1, 4*o)))
		c10, c11 = x.MulAdd(b0, c10), x.MulAdd(b1, c11)
		x = archsimd.BroadcastFloat32x8(*(*float32)(unsafe.Add(a2, 4*o)))
		c20, c21 = x.MulAdd(b0, c20), x.MulAdd(b1, c21)
		x = archsimd.BroadcastFloat32x8(*(*float32)(unsafe.Add(a3, 4*o)))
		c30, c31 = x.MulAdd(b0, c30), x.MulAdd(b1, c31)
	}
	put(c, c00, c01, add)
	c = unsafe.Add(c, ldc)
	put(c, c10, c11, add)
	c = unsafe.Add(c, ldc)
	put(c, c20, c21, add)
	put(unsafe.Add(c, ldc), c30, c31, add)
}

// tileColumns is the micro-kernel for a transposed A: four neighbours of each of its rows,
// the last apart for the same reason.
func tileColumns(a unsafe.Pointer, lda uintptr, b, c unsafe.Pointer, ldc uintptr, k int, add bool) {
	var c00, c01, c10, c11, c20, c21, c30, c31 archsimd.Float32x8
	for ; k > 1; k-- {
		b0 := archsimd.LoadFloat32x8((*[8]float32)(b))
		b1 := archsimd.LoadFloat32x8((*[8]float32)(unsafe.Add(b, 32)))
		x := archsimd.BroadcastFloat32x8(*(*float32)(a))
		c00, c01 = x.MulAdd(b0, c00), x.MulAdd(b1, c01)
		x = archsimd.BroadcastFloat32x8(*(*float32)(unsafe.Add(a, 4)))
		c10, c11 = x.MulAdd(b0, c10), x.MulAdd(b1, c11)
		x = archsimd.BroadcastFloat32x8(*(*float32)(unsafe.Add(a, 8)))
		c20, c21 = x.MulAdd(b0, c20), x.MulAdd(b1, c21)
		x = archsimd.BroadcastFloat32x8(*(*float32)(unsafe.Add(a, 12)))
		c30, c31 = x.MulAdd(b0, c30), x.MulAdd(b1, c31)
		a, b = unsafe.Add(a, lda), unsafe.Add(b, 64)
	}
	b0 := archsimd.LoadFloat32x8((*[8]float32)(b))
	b1 := archsimd.LoadFloat32x8((*[8]float32)(unsafe.Add(b, 32)))
	x := archsimd.BroadcastFloat32x8(*(*float32)(a))
	c00, c01 = x.MulAdd(b0, c00), x.MulAdd(b1, c01)
	x = archsimd.BroadcastFloat32x8(*(*float32)(unsafe.Add(a, 4)))
	c10, c11 = x.MulAdd(b0, c10), x.MulAdd(b1, c11)
	x = archsimd.BroadcastFloat32x8(*(*float32)(unsafe.Add(a, 8)))
	c20, c21 = x.MulAdd(b0, c20), x.MulAdd(b1, c21)
	x = archsimd.BroadcastFloat32x8(*(*float32)(unsafe.Add(a, 12)))
	c30, c31 = x.MulAdd(b0, c30), x.MulAdd(b1, c31)
	put(c, c00, c01, add)
	c = unsafe.Add(c, ldc)
	put(c, c10, c11, add)
	c = unsafe.Add(c, ldc)
	put(c, c20, c21, add)
	put(unsafe.Add(c, ldc), c30, c31, add)
}

func put(c unsafe.Pointer, lo, hi archsimd.Float32x8, add bool) {
	l, h := (*[8]float32)(c), (*[8]float32)(unsafe.Add(c, 32))
	if add {
		lo, hi = lo.Add(archsimd.LoadFloat32x8(l)), hi.Add(archsimd.LoadFloat32x8(h))
	}
	lo.Store(l)
	hi.Store(h)
}
