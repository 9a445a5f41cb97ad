//go:build !(goexperiment.simd && amd64)

package kernel

func (m *Quantised) scan(dst, bias []float32, q *Query, blocks int) {
	m.scanPortable(dst, bias, q, blocks)
}
