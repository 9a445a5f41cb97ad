//go:build goexperiment.simd && amd64

package kernel

import "simd/archsimd"

func scanFloat32(dst, rows, u []float32) {
	d := len(u)
	if !SIMD || d%8 != 0 {
		scanFloat32Portable(dst, rows, u)
		return
	}
	i := 0
	for ; i+8 <= len(dst); i += 8 {
		r := i * d
		s0, s1, s2, s3 := dot4(rows, r, d, u)
		s4, s5, s6, s7 := dot4(rows, r+4*d, d, u)
		// Sums across: pairs of pairs leave, in each half, one number of each of four rows.
		a := s0.AddPairsGrouped(s1).AddPairsGrouped(s2.AddPairsGrouped(s3))
		b := s4.AddPairsGrouped(s5).AddPairsGrouped(s6.AddPairsGrouped(s7))
		a.Select128FromPair(0, 2, b).Add(a.Select128FromPair(1, 3, b)).Store(element[[8]float32](dst, i))
	}
	archsimd.ClearAVXUpperBits()
	scanFloat32Portable(dst[i:], rows[i*d:], u)
}

func dot4(rows []float32, r, d int, u []float32) (s0, s1, s2, s3 archsimd.Float32x8) {
	for k := 0; k < d; k += 8 {
		x := archsimd.LoadFloat32x8(element[[8]float32](u, k))
		s0 = x.MulAdd(archsimd.LoadFloat32x8(element[[8]float32](rows, r+k)), s0)
		s1 = x.MulAdd(archsimd.LoadFloat32x8(element[[8]float32](rows, r+d+k)), s1)
		s2 = x.MulAdd(archsimd.LoadFloat32x8(element[[8]float32](rows, r+2*d+k)), s2)
		s3 = x.MulAdd(archsimd.LoadFloat32x8(element[[8]float32](rows, r+3*d+k)), s3)
	}
	return
}
