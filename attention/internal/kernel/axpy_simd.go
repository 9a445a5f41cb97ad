//go:build goexperiment.simd && amd64

package kernel

import "simd/archsimd"

// foldEight sums eight lanes: halves first, then neighbours.
func foldEight(x archsimd.Float32x8) float32 {
	h := x.GetLo().Add(x.GetHi())
	h = h.AddPairs(h)
	h = h.AddPairs(h)
	archsimd.ClearAVXUpperBits()
	return h.GetElem(0)
}

func laneDotSIMD(a, b []float32) float32 {
	x := lanes(a)
	y := lanes(b)[:len(x)]
	var s archsimd.Float32x8
	for i := range x {
		s = s.Add(archsimd.LoadFloat32x8(&x[i]).Mul(archsimd.LoadFloat32x8(&y[i])))
	}
	return foldEight(s)
}

func axpySIMD(acc, v []float32, s float32) {
	y := lanes(v)
	a := lanes(acc)[:len(y)]
	x := archsimd.BroadcastFloat32x8(s)
	for i := range y {
		archsimd.LoadFloat32x8(&a[i]).Add(x.Mul(archsimd.LoadFloat32x8(&y[i]))).Store(&a[i])
	}
	archsimd.ClearAVXUpperBits()
}

// addResidualSIMD takes four entries at a time, which shares the loads of x and
// of acc. What is left goes one by one. Each function clears the upper halves
// of the registers when it is done: a scalar instruction that meets them dirty
// costs more than the sums. The order of the sums is that of the portable form.
func addResidualSIMD(acc, x, factors []float32, dim int, col []int32, weight, target []float32) {
	if dim == 0 {
		return
	}
	acc, x = acc[:dim], x[:dim]
	n := 4 * dim
	k := 0
	var w [4]float32
	for ; k+4 <= len(col); k += 4 {
		v0, v1 := &factors[int(col[k])*dim:][:dim][0], &factors[int(col[k+1])*dim:][:dim][0]
		v2, v3 := &factors[int(col[k+2])*dim:][:dim][0], &factors[int(col[k+3])*dim:][:dim][0]
		fourDots(&w, &x[0], v0, v1, v2, v3, n)
		var m archsimd.Float32x4
		if target != nil {
			m = archsimd.LoadFloat32x4((*[4]float32)(target[k:]))
		}
		m.Sub(archsimd.LoadFloat32x4(&w)).Mul(archsimd.LoadFloat32x4((*[4]float32)(weight[k:]))).Store(&w)
		fourAxpys(&acc[0], &w, v0, v1, v2, v3, n)
	}
	for ; k < len(col); k++ {
		v := factors[int(col[k])*dim:][:dim]
		miss := -laneDotSIMD(v, x)
		if target != nil {
			miss += target[k]
		}
		axpySIMD(acc, v, weight[k]*miss)
	}
}

// fourDots are the products of x with four rows, n bytes each, n > 0. It is a
// function of its own, and not inlined, so that its loop has registers enough.
//
//go:noinline
func fourDots(dst *[4]float32, x, v0, v1, v2, v3 *float32, n int) {
	var s0, s1, s2, s3 archsimd.Float32x8
	for i := 0; i < n; i += 32 {
		y := archsimd.LoadFloat32x8(byteAt(x, i))
		s0 = s0.Add(y.Mul(archsimd.LoadFloat32x8(byteAt(v0, i))))
		s1 = s1.Add(y.Mul(archsimd.LoadFloat32x8(byteAt(v1, i))))
		s2 = s2.Add(y.Mul(archsimd.LoadFloat32x8(byteAt(v2, i))))
		s3 = s3.Add(y.Mul(archsimd.LoadFloat32x8(byteAt(v3, i))))
	}
	h01 := s0.GetLo().Add(s0.GetHi()).AddPairs(s1.GetLo().Add(s1.GetHi()))
	h23 := s2.GetLo().Add(s2.GetHi()).AddPairs(s3.GetLo().Add(s3.GetHi()))
	h01.AddPairs(h23).Store(dst)
	archsimd.ClearAVXUpperBits()
}

// fourAxpys adds the sum of four rows, each times its weight, to acc.
//
//go:noinline
func fourAxpys(acc *float32, w *[4]float32, v0, v1, v2, v3 *float32, n int) {
	m := archsimd.LoadFloat32x4(w)
	w0, w1 := m.Broadcast1To8(), m.SelectFromPair(1, 1, 1, 1, m).Broadcast1To8()
	w2, w3 := m.SelectFromPair(2, 2, 2, 2, m).Broadcast1To8(), m.SelectFromPair(3, 3, 3, 3, m).Broadcast1To8()
	for i := 0; i < n; i += 32 {
		a := archsimd.LoadFloat32x8(byteAt(acc, i)).Add(w0.Mul(archsimd.LoadFloat32x8(byteAt(v0, i))))
		a = a.Add(w1.Mul(archsimd.LoadFloat32x8(byteAt(v1, i))))
		a = a.Add(w2.Mul(archsimd.LoadFloat32x8(byteAt(v2, i))))
		a.Add(w3.Mul(archsimd.LoadFloat32x8(byteAt(v3, i)))).Store(byteAt(acc, i))
	}
	archsimd.ClearAVXUpperBits()
}

func gatherDotsSIMD(dst, x, factors []float32, dim int, col []int32) {
	if dim == 0 {
		clear(dst[:len(col)])
		return
	}
	x = x[:dim]
	k := 0
	for ; k+4 <= len(col); k += 4 {
		v0, v1 := &factors[int(col[k])*dim:][:dim][0], &factors[int(col[k+1])*dim:][:dim][0]
		v2, v3 := &factors[int(col[k+2])*dim:][:dim][0], &factors[int(col[k+3])*dim:][:dim][0]
		fourDots((*[4]float32)(dst[k:]), &x[0], v0, v1, v2, v3, 4*dim)
	}
	for ; k < len(col); k++ {
		dst[k] = laneDotSIMD(factors[int(col[k])*dim:][:dim], x)
	}
}

func scaledProductSIMD(dst, a, b []float32, s float32) {
	x := lanes(a)
	d, y := lanes(dst)[:len(x)], lanes(b)[:len(x)]
	w := archsimd.BroadcastFloat32x8(s)
	for i := range x {
		w.Mul(archsimd.LoadFloat32x8(&x[i])).Mul(archsimd.LoadFloat32x8(&y[i])).Store(&d[i])
	}
	archsimd.ClearAVXUpperBits()
}

func scaleToSIMD(dst, x []float32, a float32) int {
	from := lanes(x)
	to := lanes(dst)[:len(from)]
	w := archsimd.BroadcastFloat32x8(a)
	for i := range from {
		w.Mul(archsimd.LoadFloat32x8(&from[i])).Store(&to[i])
	}
	archsimd.ClearAVXUpperBits()
	return len(from) * Lanes
}
