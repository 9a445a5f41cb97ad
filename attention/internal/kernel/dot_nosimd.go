//go:build !(goexperiment.simd && amd64)

package kernel

func scanFloat32(dst, rows, u []float32) { scanFloat32Portable(dst, rows, u) }
