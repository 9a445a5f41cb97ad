//go:build !(goexperiment.simd && amd64)

package kernel

// multiplyVector is never reached: Resize sets vector to SIMD.
func (p *Panels) multiplyVector(Product) {}
