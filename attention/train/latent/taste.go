package latent

import "souk/attention/train/als"

// Scorer scores all items for people, one at a time: one for each goroutine.
type Scorer struct {
	fit     *Fit
	m       *als.Matrix
	a, x, v []float64
}

// Scorer makes a scorer for the people of a matrix, who need not be those that the fit was made of.
func (f *Fit) Scorer(m *als.Matrix) *Scorer {
	return &Scorer{fit: f, m: m, a: make([]float64, f.Dim*f.Dim), x: make([]float64, f.Dim), v: make([]float64, f.Dim)}
}

// Score writes the preference that a person is expected to have for each item.
func (s *Scorer) Score(dst []float32, user int) {
	f, d := s.fit, s.fit.Dim
	clear(s.a)
	clear(s.x)
	for k := range d {
		s.a[k*d+k] = 1
	}
	for k := s.m.Start[user]; k < s.m.Start[user+1]; k++ {
		i := int(s.m.Col[k])
		for j, x := range f.Factors[i*d : (i+1)*d] {
			s.v[j] = float64(x)
		}
		c := f.Precision * float64(s.m.Confidence[k])
		addSquare(s.a, d, s.v, c)
		axpy(s.x, s.v, c*float64(s.m.Preference[k]-f.Mean[i]))
	}
	cholesky(s.a, d)
	solve(s.a, s.x, d)
	for i := range dst {
		sum := float64(f.Mean[i])
		for j, x := range f.Factors[i*d : (i+1)*d] {
			sum += float64(x) * s.x[j]
		}
		dst[i] = float32(sum)
	}
}
