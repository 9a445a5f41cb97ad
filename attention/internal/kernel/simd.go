//go:build goexperiment.simd && amd64

package kernel

import "simd/archsimd"

// SIMD says whether the vector forms are in use on this machine.
var SIMD = archsimd.X86.AVX2() && archsimd.X86.FMA()
