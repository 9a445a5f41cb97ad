//go:build goexperiment.simd && amd64

package kernel

import (
	"math"
	"simd/archsimd"
)

// Each of these does what fills whole vectors and hands back the rest.

func largestVector(x []float32) (float32, []float32) {
	if !SIMD {
		return float32(math.Inf(-1)), x
	}
	m := archsimd.LoadFloat32x8((*[8]float32)(x))
	x = x[8:]
	for ; len(x) >= 8; x = x[8:] {
		m = m.Max(archsimd.LoadFloat32x8((*[8]float32)(x)))
	}
	var lanes [8]float32
	m.Store(&lanes)
	out := lanes[0]
	for _, v := range lanes[1:] {
		out = max(out, v)
	}
	return out, x
}

func expSumVector(x []float32, shift float32) (float32, []float32) {
	if !SIMD {
		return 0, x
	}
	b := archsimd.BroadcastFloat32x8
	off, lo, hi, toBase2 := b(shift), b(lowest), b(most), b(log2E)
	l1, l2 := b(-ln2Hi), b(-ln2Lo)
	q0, q1, q2, q3, q4, q5, one := b(poly0), b(poly1), b(poly2), b(poly3), b(poly4), b(poly5), b(1)
	bias := archsimd.BroadcastInt32x8(127)
	var sum archsimd.Float32x8
	for ; len(x) >= 8; x = x[8:] {
		at := (*[8]float32)(x)
		v := archsimd.LoadFloat32x8(at).Sub(off).Max(lo).Min(hi)
		n := v.Mul(toBase2).RoundToEven()
		r := n.MulAdd(l2, n.MulAdd(l1, v))
		p := r.MulAdd(q0, q1)
		p = p.MulAdd(r, q2)
		p = p.MulAdd(r, q3)
		p = p.MulAdd(r, q4)
		p = p.MulAdd(r, q5)
		p = p.MulAdd(r.Mul(r), r.Add(one))
		p = p.Mul(n.ConvertToInt32().Add(bias).ShiftAllLeft(23).AsFloat32x8())
		p.Store(at)
		sum = sum.Add(p)
	}
	var lanes [8]float32
	sum.Store(&lanes)
	total := float32(0)
	for _, v := range lanes {
		total += v
	}
	return total, x
}

func scaleVector(x []float32, a float32) []float32 {
	if !SIMD {
		return x
	}
	f := archsimd.BroadcastFloat32x8(a)
	for ; len(x) >= 8; x = x[8:] {
		at := (*[8]float32)(x)
		archsimd.LoadFloat32x8(at).Mul(f).Store(at)
	}
	return x
}

func addScaledVector(y []float32, a float32, x []float32) ([]float32, []float32) {
	if !SIMD {
		return y, x
	}
	f := archsimd.BroadcastFloat32x8(a)
	for ; len(y) >= 8; y, x = y[8:], x[8:] {
		at := (*[8]float32)(y)
		archsimd.LoadFloat32x8((*[8]float32)(x)).MulAdd(f, archsimd.LoadFloat32x8(at)).Store(at)
	}
	return y, x
}

func (o Adam) stepVector(p, g, mean, square []float32) int {
	if !SIMD {
		return 0
	}
	b := archsimd.BroadcastFloat32x8
	b1, c1, b2, c2 := b(o.Beta1), b(1-o.Beta1), b(o.Beta2), b(1-o.Beta2)
	rate, eps, keep := b(-o.Rate), b(o.Epsilon), b(1-o.Decay)
	i := 0
	for ; i+8 <= len(p); i += 8 {
		grad := archsimd.LoadFloat32x8((*[8]float32)(g[i:]))
		am, as, ap := (*[8]float32)(mean[i:]), (*[8]float32)(square[i:]), (*[8]float32)(p[i:])
		m := archsimd.LoadFloat32x8(am).MulAdd(b1, grad.Mul(c1))
		s := archsimd.LoadFloat32x8(as).MulAdd(b2, grad.Mul(grad).Mul(c2))
		m.Store(am)
		s.Store(as)
		archsimd.LoadFloat32x8(ap).MulAdd(keep, m.Mul(rate).Div(s.Sqrt().Add(eps))).Store(ap)
	}
	return i
}
