//go:build goexperiment.simd && amd64

package kernel

import "simd/archsimd"

// backSubstituteSIMD does sixteen right-hand sides at a time, and says how many that are.
func backSubstituteSIMD(l []float64, n int, x []float64, m int) int {
	k := 0
	for ; k+16 <= m; k += 16 {
		for i := n - 1; i >= 0; i-- {
			at := i*m + k
			a0, a1 := archsimd.LoadFloat64x4(element[[4]float64](x, at)), archsimd.LoadFloat64x4(element[[4]float64](x, at+4))
			a2, a3 := archsimd.LoadFloat64x4(element[[4]float64](x, at+8)), archsimd.LoadFloat64x4(element[[4]float64](x, at+12))
			for j := n - 1; j > i; j-- {
				c := entry(l, j*n+i)
				from := j*m + k
				a0 = a0.Sub(c.Mul(archsimd.LoadFloat64x4(element[[4]float64](x, from))))
				a1 = a1.Sub(c.Mul(archsimd.LoadFloat64x4(element[[4]float64](x, from+4))))
				a2 = a2.Sub(c.Mul(archsimd.LoadFloat64x4(element[[4]float64](x, from+8))))
				a3 = a3.Sub(c.Mul(archsimd.LoadFloat64x4(element[[4]float64](x, from+12))))
			}
			c := entry(l, i*n+i)
			a0.Div(c).Store(element[[4]float64](x, at))
			a1.Div(c).Store(element[[4]float64](x, at+4))
			a2.Div(c).Store(element[[4]float64](x, at+8))
			a3.Div(c).Store(element[[4]float64](x, at+12))
		}
	}
	archsimd.ClearAVXUpperBits()
	return k
}

// entry is one number of a matrix, four times. It goes through an integer, since a scalar load of
// floating point would meet dirty upper halves.
func entry(l []float64, i int) archsimd.Float64x4 {
	return archsimd.BroadcastInt64x4(*element[int64](l, i)).AsFloat64x4()
}
