//go:build !(goexperiment.simd && amd64)

package kernel

// SIMD says whether the vector forms are in use on this machine: not in this build.
const SIMD = false
