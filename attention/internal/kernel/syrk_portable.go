//go:build !(goexperiment.simd && amd64)

package kernel

func addTransposedProductSIMD(dst, a, b []float32, n, p, q int) {
	addTransposedProduct(dst, a, b, n, p, q)
}

func rowProductSIMD(dst, a, b []float32, n, p, q int) { rowProduct(dst, a, b, n, p, q) }

func laneDotSIMD(a, b []float32) float32 { return laneDot(a, b) }

func axpySIMD(acc, v []float32, s float32) { axpy(acc, v, s) }

func addResidualSIMD(acc, x, factors []float32, dim int, col []int32, weight, target []float32) {
	addResidual(acc, x, factors, dim, col, weight, target)
}

func gatherDotsSIMD(dst, x, factors []float32, dim int, col []int32) {
	gatherDots(dst, x, factors, dim, col)
}

func scaledProductSIMD(dst, a, b []float32, s float32) { scaledProduct(dst, a, b, s) }

func scaleToSIMD(_, _ []float32, _ float32) int { return 0 }
