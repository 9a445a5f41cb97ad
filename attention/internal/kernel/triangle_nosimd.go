//go:build !(goexperiment.simd && amd64)

package kernel

func backSubstituteSIMD(_ []float64, _ int, _ []float64, _ int) int { return 0 }
