package kernel

// AddResidual is one pass over the entries of a row of sparse evidence: for
// each k, with v the row col[k] of factors (dim numbers each; dim is a multiple of [Lanes]),
//
//	acc += weight[k]·(target[k] − v·x)·v
//
// A nil target is 0 throughout. It is the residual of weighted least squares and,
// with a nil target, minus its Hessian times x. Sums run in eight lanes, folded in halves,
// without fused multiplication: the portable form gives the same bits.
func AddResidual(acc, x, factors []float32, dim int, col []int32, weight, target []float32) {
	if SIMD {
		addResidualSIMD(acc, x, factors, dim, col, weight, target)
		return
	}
	addResidual(acc, x, factors, dim, col, weight, target)
}

func addResidual(acc, x, factors []float32, dim int, col []int32, weight, target []float32) {
	acc, x = acc[:dim], x[:dim]
	for k, c := range col {
		v := factors[int(c)*dim:][:dim]
		miss := -laneDot(v, x)
		if target != nil {
			miss += target[k]
		}
		axpy(acc, v, float32(weight[k]*miss))
	}
}

// LaneDot is the sum of products over a multiple of [Lanes] numbers, in eight lanes.
func LaneDot(a, b []float32) float32 {
	if SIMD {
		return laneDotSIMD(a, b)
	}
	return laneDot(a, b)
}

// Axpy adds s·v to acc; both are of the same length, a multiple of [Lanes].
func Axpy(acc, v []float32, s float32) {
	if SIMD {
		axpySIMD(acc, v, s)
		return
	}
	axpy(acc, v, s)
}

func axpy(acc, v []float32, s float32) {
	acc = acc[:len(v)]
	for i, y := range v {
		acc[i] += float32(s * y)
	}
}

func laneDot(a, b []float32) float32 {
	var s0, s1, s2, s3, s4, s5, s6, s7 float32 // an array of them would live in memory
	b = b[:len(a)]
	for ; len(a) >= Lanes && len(b) >= Lanes; a, b = a[Lanes:], b[Lanes:] {
		x, y := (*[Lanes]float32)(a), (*[Lanes]float32)(b)
		s0 += float32(x[0] * y[0])
		s1 += float32(x[1] * y[1])
		s2 += float32(x[2] * y[2])
		s3 += float32(x[3] * y[3])
		s4 += float32(x[4] * y[4])
		s5 += float32(x[5] * y[5])
		s6 += float32(x[6] * y[6])
		s7 += float32(x[7] * y[7])
	}
	return ((s0 + s4) + (s1 + s5)) + ((s2 + s6) + (s3 + s7))
}

// GatherDots writes the product of x with each of the rows col of factors
// (dim numbers each; dim is a multiple of [Lanes]) to dst.
func GatherDots(dst, x, factors []float32, dim int, col []int32) {
	if SIMD {
		gatherDotsSIMD(dst, x, factors, dim, col)
		return
	}
	gatherDots(dst, x, factors, dim, col)
}

func gatherDots(dst, x, factors []float32, dim int, col []int32) {
	for k, c := range col {
		dst[k] = laneDot(factors[int(c)*dim:][:dim], x[:dim])
	}
}

// ScaledProduct writes s·a[i]·b[i] to dst[i]; the lengths are the same multiple of [Lanes].
func ScaledProduct(dst, a, b []float32, s float32) {
	if SIMD {
		scaledProductSIMD(dst, a, b, s)
		return
	}
	scaledProduct(dst, a, b, s)
}

func scaledProduct(dst, a, b []float32, s float32) {
	dst, b = dst[:len(a)], b[:len(a)]
	for i, x := range a {
		dst[i] = float32(s*x) * b[i]
	}
}

// ScaleTo writes a·x[k] to dst, which is as long.
func ScaleTo(dst, x []float32, a float32) {
	dst = dst[:len(x)]
	done := 0
	if SIMD {
		done = scaleToSIMD(dst, x, a)
	}
	for k := done; k < len(x); k++ {
		dst[k] = a * x[k]
	}
}
