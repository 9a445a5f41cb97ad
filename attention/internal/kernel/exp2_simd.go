//go:build goexperiment.simd && amd64

package kernel

import "simd/archsimd"

// sumExp2SIMD does what fills whole vectors, and says how much that is.
func sumExp2SIMD(s *[Lanes]float32, x []float32, most, octaves float32) int {
	v := lanes(x)
	b := archsimd.BroadcastFloat32x8
	top, scale, deep := b(most), b(octaves), b(deepest)
	c0, c1, c2, c3, c4 := b(halving0), b(halving1), b(halving2), b(halving3), b(halving4)
	one := archsimd.BroadcastInt32x8(127)
	var sum archsimd.Float32x8
	for i := range v {
		y := top.Sub(archsimd.LoadFloat32x8(&v[i])).Mul(scale).Min(deep)
		n := y.ConvertToInt32()
		f := y.Sub(n.ConvertToFloat32())
		p := c4.Mul(f).Add(c3).Mul(f).Add(c2).Mul(f).Add(c1).Mul(f).Add(c0)
		sum = sum.Add(p.Mul(one.Sub(n).ShiftAllLeft(23).AsFloat32x8()))
	}
	sum.Store(s)
	archsimd.ClearAVXUpperBits()
	return len(v) * Lanes
}
