// Package kernel holds the inner loops of ranking and training: dot products,
// int8 scans and matrix products.
//
// Each has a portable form, and on amd64, where Go was given GOEXPERIMENT=simd, one in
// simd/archsimd that is used where the processor has AVX2 and FMA (asked at run time).
package kernel
