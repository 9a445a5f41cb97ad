package als

// Loss is what [Factors.Epoch] makes small, of the factors as they are. The sum over all
// pairs is the product of the two Gram matrices, so it costs no more than the entries do.
func (f *Factors) Loss() float64 {
	d, m := f.cfg.Dim, f.byUser
	users, items := Gram(f.Users, d), Gram(f.Items, d)
	all := 0.0
	for i, g := range users {
		all += g * items[i]
	}
	loss := f.cfg.Base * all
	for u := range m.Users {
		row := f.Users[u*d : (u+1)*d]
		for k := m.Start[u]; k < m.Start[u+1]; k++ {
			s := 0.0
			for i, x := range f.Items[int(m.Col[k])*d:][:d] {
				s += float64(x) * float64(row[i])
			}
			e := float64(m.Preference[k]) - s
			loss += float64(m.Confidence[k]) * e * e
		}
	}
	return loss + f.penalty(f.Users, m) + f.penalty(f.Items, f.byItem)
}

// penalty is the regularisation's part of one side.
func (f *Factors) penalty(rows []float32, m *Matrix) float64 {
	d, sum := f.cfg.Dim, 0.0
	for u := range m.Users {
		mass, square := f.cfg.Base*float64(m.Items), 0.0
		for _, c := range m.Confidence[m.Start[u]:m.Start[u+1]] {
			mass += float64(c)
		}
		for _, x := range rows[u*d : (u+1)*d] {
			square += float64(x) * float64(x)
		}
		sum += mass * square
	}
	return f.cfg.Regularisation * sum
}
