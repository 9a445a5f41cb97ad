//go:build goexperiment.simd && amd64

package kernel

// sixRows is the micro-kernel for a row-major A: 6 × 16 sums, of k products each, are
// written to c, or added to what is there. Strides are in bytes; k ≥ 1.
//
//go:noescape
func sixRows(a *float32, lda uintptr, b, c *float32, ldc uintptr, k int, add bool)

// sixColumns is the same for a transposed A: six neighbours of each of k rows.
//
//go:noescape
func sixColumns(a *float32, lda uintptr, b, c *float32, ldc uintptr, k int, add bool)
