package als

// Loss is the sum that [Factors.Epoch] lowers, in float64.
func (f *Factors) Loss() float64 {
	d, m := f.cfg.Dim, f.byUser
	loss := 0.0
	gu, gv := Gram(f.Users, d), Gram(f.Items, d)
	for i, x := range gu {
		loss += f.cfg.Base * x * gv[i]
	}
	for u := range m.Users {
		row := f.Users[u*d : (u+1)*d]
		mass := 0.0
		for k := m.Start[u]; k < m.Start[u+1]; k++ {
			c := float64(m.Confidence[k])
			mass += c
			miss := float64(m.Preference[k]) - dot(row, f.Items[int(m.Col[k])*d:][:d])
			loss += c * miss * miss
		}
		loss += f.cfg.penalty(mass, float64(m.Items)) * dot(row, row)
	}
	for i := range m.Items {
		row := f.Items[i*d : (i+1)*d]
		mass := 0.0
		for k := f.byItem.Start[i]; k < f.byItem.Start[i+1]; k++ {
			mass += float64(f.byItem.Confidence[k])
		}
		loss += f.cfg.penalty(mass, float64(m.Users)) * dot(row, row)
	}
	return loss
}

func dot(a, b []float32) (sum float64) {
	for i, x := range a {
		sum += float64(x) * float64(b[i])
	}
	return sum
}
