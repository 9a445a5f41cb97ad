package kernel

// BackSubstitute turns x (n × m, row by row) into L⁻ᵀ·x, l being the lower
// triangle L of n × n numbers: m right-hand sides at a time. Each number of x is what one right-hand
// side alone would give, products and differences rounded one by one from the last row
// up: the same bits in each form.
func BackSubstitute(l []float64, n int, x []float64, m int) {
	if n == 0 || m == 0 {
		return
	}
	_, _ = l[n*n-1], x[n*m-1]
	done := 0
	if SIMD {
		done = backSubstituteSIMD(l, n, x, m)
	}
	for i := n - 1; i >= 0; i-- {
		row := x[i*m+done : i*m+m]
		for j := n - 1; j > i; j-- {
			c, below := l[j*n+i], x[j*m+done:j*m+m]
			for k := range row {
				row[k] -= float64(c * below[k])
			}
		}
		for k := range row {
			row[k] /= l[i*n+i]
		}
	}
}
