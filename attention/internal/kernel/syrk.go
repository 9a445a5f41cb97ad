package kernel

// Lanes is the vector width that these kernels are written for, float32s. Rows
// are padded to a multiple of it, with zeros.
const Lanes = 8

// Pad is the smallest multiple of [Lanes] that holds dim numbers.
func Pad(dim int) int { return (dim + Lanes - 1) / Lanes * Lanes }

// AddTransposedProduct adds aᵀ·b to dst, with a of n × p and b of n × q, row by row, dst p × q; p and q are
// multiples of [Lanes]. With a = b it is the Gram matrix of n rows (BLAS's syrk, both
// triangles). Each sum runs over the rows in order, without fused
// multiplication, so that the portable form gives the same bits.
func AddTransposedProduct(dst, a, b []float32, n, p, q int) {
	if SIMD {
		addTransposedProductSIMD(dst, a, b, n, p, q)
		return
	}
	addTransposedProduct(dst, a, b, n, p, q)
}

func addTransposedProduct(dst, a, b []float32, n, p, q int) {
	for r := range n {
		ar, br := a[r*p:r*p+p], b[r*q:r*q+q]
		for i, x := range ar {
			d := dst[i*q : i*q+q]
			for j, y := range br {
				d[j] += float32(x * y)
			}
		}
	}
}

// RowProduct writes a·b to dst, with a of n × p, b of p × q and dst of n × q, row by row; q is a multiple of
// [Lanes]. Each sum runs over p in order, without fused multiplication.
func RowProduct(dst, a, b []float32, n, p, q int) {
	if SIMD {
		rowProductSIMD(dst, a, b, n, p, q)
		return
	}
	rowProduct(dst, a, b, n, p, q)
}

func rowProduct(dst, a, b []float32, n, p, q int) {
	clear(dst[:n*q])
	for r := range n {
		d := dst[r*q : r*q+q]
		for i, x := range a[r*p : r*p+p] {
			for j, y := range b[i*q : i*q+q] {
				d[j] += float32(x * y)
			}
		}
	}
}
