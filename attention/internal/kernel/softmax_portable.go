//go:build !(goexperiment.simd && amd64)

package kernel

import "math"

func largestVector(x []float32) (float32, []float32)           { return float32(math.Inf(-1)), x }
func expSumVector(x []float32, _ float32) (float32, []float32) { return 0, x }
func scaleVector(x []float32, _ float32) []float32             { return x }
func addScaledVector(y []float32, _ float32, x []float32) ([]float32, []float32) {
	return y, x
}
func (o Adam) stepVector(_, _, _, _ []float32) int { return 0 }
