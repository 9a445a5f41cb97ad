package kernel

// Dot is Σ a[k]·b[k] in four sums that are added at the end, each product and
// each sum rounded to float32: the same bits on every processor and in every
// build. b is at least as long as a.
func Dot(a, b []float32) float32 {
	var s0, s1, s2, s3 float32
	b = b[:len(a)]
	k := 0
	for ; k+4 <= len(a); k += 4 {
		x, y := a[k:k+4:k+4], b[k:k+4:k+4]
		s0 += float32(x[0] * y[0])
		s1 += float32(x[1] * y[1])
		s2 += float32(x[2] * y[2])
		s3 += float32(x[3] * y[3])
	}
	for ; k < len(a); k++ {
		s0 += float32(a[k] * b[k])
	}
	return (s0 + s1) + (s2 + s3)
}

// ScanFloat32 writes the product of each row with u: rows are len(u) numbers
// each, one after the other, as many as dst has. The vector form sums in another
// order than the portable one, so that results differ in the last bits: it is what
// [Quantised.Scan] is measured against, not what decisions rest on.
func ScanFloat32(dst, rows, u []float32) {
	if len(dst) == 0 || len(u) == 0 {
		clear(dst)
		return
	}
	_ = rows[len(dst)*len(u)-1]
	scanFloat32(dst, rows, u)
}

func scanFloat32Portable(dst, rows, u []float32) {
	d := len(u)
	for i := range dst {
		dst[i] = Dot(u, rows[i*d:i*d+d])
	}
}
