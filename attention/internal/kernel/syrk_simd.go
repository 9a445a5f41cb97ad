//go:build goexperiment.simd && amd64

package kernel

import (
	"simd/archsimd"
	"unsafe"
)

type lane = [Lanes]float32

// gramRows and gramCols are the outer product that is kept in registers.
const (
	gramRows = 4
	gramCols = 2 * Lanes
)

// lanes is the same memory, eight numbers at a time; what is left over is not
// seen. One bounds check then serves eight numbers.
func lanes(s []float32) []lane {
	if len(s) < Lanes { // a pointer to a lane must not reach beyond what is there
		return nil
	}
	return unsafe.Slice((*lane)(unsafe.Pointer(unsafe.SliceData(s))), len(s)/Lanes)
}

func addTransposedProductSIMD(dst, a, b []float32, n, p, q int) {
	for i := 0; i < p; i += gramRows {
		j := 0
		for ; j+gramCols <= q; j += gramCols {
			syrkTile(dst[i*q+j:], q, a[i:], 1, p, b[j:], q, n, true)
		}
		if j < q {
			syrkHalf(dst[i*q+j:], q, a[i:], 1, p, b[j:], q, n, true)
		}
	}
}

func rowProductSIMD(dst, a, b []float32, n, p, q int) {
	r := 0
	for ; r+gramRows <= n; r += gramRows {
		j := 0
		for ; j+gramCols <= q; j += gramCols {
			syrkTile(dst[r*q+j:], q, a[r*p:], p, 1, b[j:], q, p, false)
		}
		if j < q {
			syrkHalf(dst[r*q+j:], q, a[r*p:], p, 1, b[j:], q, p, false)
		}
	}
	if r < n {
		rowProduct(dst[r*q:], a[r*p:], b, n-r, p, q)
	}
}

// byteAt is the eight numbers from i bytes behind base on; the caller has
// checked that they are there.
func byteAt(base *float32, i int) *lane { return (*lane)(unsafe.Add(unsafe.Pointer(base), i)) }

func at(base *float32, i int) *lane { return byteAt(base, 4*i) }

// syrkTile computes four rows and sixteen columns of a product: element (i, j) is
// the sum over k of a[i·rowStep + k·step]·b[k·q + j], added to dst if add.
func syrkTile(dst []float32, stride int, a []float32, rowStep, step int, b []float32, q, n int, add bool) {
	_, _, _ = dst[3*stride+2*Lanes-1], a[3*rowStep+(n-1)*step], b[(n-1)*q+2*Lanes-1]
	d := &dst[0]
	var c00, c01, c10, c11, c20, c21, c30, c31 archsimd.Float32x8
	if add {
		c00, c01 = archsimd.LoadFloat32x8(at(d, 0)), archsimd.LoadFloat32x8(at(d, 8))
		c10, c11 = archsimd.LoadFloat32x8(at(d, stride)), archsimd.LoadFloat32x8(at(d, stride+8))
		c20, c21 = archsimd.LoadFloat32x8(at(d, 2*stride)), archsimd.LoadFloat32x8(at(d, 2*stride+8))
		c30, c31 = archsimd.LoadFloat32x8(at(d, 3*stride)), archsimd.LoadFloat32x8(at(d, 3*stride+8))
	}
	oa, ob := 0, 0
	for range n {
		pa, pb := unsafe.Pointer(&a[oa]), &b[ob]
		b0, b1 := archsimd.LoadFloat32x8(at(pb, 0)), archsimd.LoadFloat32x8(at(pb, 8))
		x := archsimd.BroadcastFloat32x8(*(*float32)(pa))
		c00, c01 = c00.Add(x.Mul(b0)), c01.Add(x.Mul(b1))
		x = archsimd.BroadcastFloat32x8(*(*float32)(unsafe.Add(pa, 4*rowStep)))
		c10, c11 = c10.Add(x.Mul(b0)), c11.Add(x.Mul(b1))
		x = archsimd.BroadcastFloat32x8(*(*float32)(unsafe.Add(pa, 8*rowStep)))
		c20, c21 = c20.Add(x.Mul(b0)), c21.Add(x.Mul(b1))
		x = archsimd.BroadcastFloat32x8(*(*float32)(unsafe.Add(pa, 12*rowStep)))
		c30, c31 = c30.Add(x.Mul(b0)), c31.Add(x.Mul(b1))
		oa, ob = oa+step, ob+q
	}
	c00.Store(at(d, 0))
	c01.Store(at(d, 8))
	c10.Store(at(d, stride))
	c11.Store(at(d, stride+8))
	c20.Store(at(d, 2*stride))
	c21.Store(at(d, 2*stride+8))
	c30.Store(at(d, 3*stride))
	c31.Store(at(d, 3*stride+8))
	archsimd.ClearAVXUpperBits()
}

// syrkHalf is syrkTile with eight columns.
func syrkHalf(dst []float32, stride int, a []float32, rowStep, step int, b []float32, q, n int, add bool) {
	_, _, _ = dst[3*stride+Lanes-1], a[3*rowStep+(n-1)*step], b[(n-1)*q+Lanes-1]
	d := &dst[0]
	var c0, c1, c2, c3 archsimd.Float32x8
	if add {
		c0, c1 = archsimd.LoadFloat32x8(at(d, 0)), archsimd.LoadFloat32x8(at(d, stride))
		c2, c3 = archsimd.LoadFloat32x8(at(d, 2*stride)), archsimd.LoadFloat32x8(at(d, 3*stride))
	}
	oa, ob := 0, 0
	for range n {
		pa := unsafe.Pointer(&a[oa])
		b0 := archsimd.LoadFloat32x8(at(&b[ob], 0))
		c0 = c0.Add(archsimd.BroadcastFloat32x8(*(*float32)(pa)).Mul(b0))
		c1 = c1.Add(archsimd.BroadcastFloat32x8(*(*float32)(unsafe.Add(pa, 4*rowStep))).Mul(b0))
		c2 = c2.Add(archsimd.BroadcastFloat32x8(*(*float32)(unsafe.Add(pa, 8*rowStep))).Mul(b0))
		c3 = c3.Add(archsimd.BroadcastFloat32x8(*(*float32)(unsafe.Add(pa, 12*rowStep))).Mul(b0))
		oa, ob = oa+step, ob+q
	}
	c0.Store(at(d, 0))
	c1.Store(at(d, stride))
	c2.Store(at(d, 2*stride))
	c3.Store(at(d, 3*stride))
	archsimd.ClearAVXUpperBits()
}
