package rank

import (
	"fmt"
)

// Side is what stands for a model's factors on the device where [Config.Side] says so: numbers by item along the
// principal axes of the factors and of side information (what the catalogue says of the items) together. With them a
// visitor may differ from what training knows in ways that no factor holds. See latent.Side, which works it out.
type Side struct {
	Dim     int
	Factors []float32 // Items × Dim, row by row
	// Turn is where the factors went: v of the model is v·Turn here, before the side information. Model.Dim × Dim, row by row.
	Turn []float64

	from     uint32 // the identity of the model's own factors, where those were let go of
	released bool
}

// ReleaseFactors lets go of the model's own factors, for which its side information then stands: 6 MB of 50,000 items.
// After it rankers need [Config.Side], and the model cannot be written to a file. It does nothing to a model without side information.
// No ranker may be made of the model at the same time.
func (m *Model) ReleaseFactors() {
	if m.Side == nil || m.Side.released {
		return
	}
	m.Side.from, m.Side.released = identity(m.Factors), true
	m.Factors = nil
}

// identity is that of the model's own factors, released or not.
func (m *Model) identity() uint32 {
	if m.Side != nil && m.Side.released {
		return m.Side.from
	}
	return identity(m.Factors)
}

func (s *Side) check(m *Model) error {
	switch {
	case s == nil:
		return nil
	case m.Expected == nil:
		return fmt.Errorf("check model: side information beside a model that expects nothing of its items")
	case s.Dim < 1 || s.Dim > MaxDim:
		return fmt.Errorf("check model: side information of %d dimensions; 1 to %d are possible", s.Dim, MaxDim)
	case len(s.Factors) != m.Items*s.Dim || len(s.Turn) != m.Dim*s.Dim:
		return fmt.Errorf("check model: side information of %d and %d numbers, not %d × %d and %d × %d", len(s.Factors), len(s.Turn), m.Items, s.Dim, m.Dim, s.Dim)
	}
	if i := firstNonFinite(s.Factors); i >= 0 {
		return fmt.Errorf("check model: side information of item %d is %v", i/s.Dim, s.Factors[i])
	}
	if !allFinite(s.Turn) {
		return fmt.Errorf("check model: the turn of its side information is no number")
	}
	return nil
}

// widened is the model with its side information in place of the factors; the model itself where it has none.
func (m *Model) widened() *Model {
	if m.Side == nil {
		return m
	}
	w := *m
	w.Dim, w.Factors, w.Gram, w.ContentWeights = m.Side.Dim, m.Side.Factors, nil, nil
	return &w
}

// turn brings sums over a model's factors to the axes of its side information: what older signals said of the factors still
// holds, and of the rest they say nothing.
func (s *Side) turn(to, from *sums) {
	d, w := len(from.b), s.Dim
	half := make([]float64, d*w) // A·Turn
	for i := range d {
		for j := range d {
			x := from.a[max(i, j)*d+min(i, j)]
			for k := range w {
				half[i*w+k] += float64(x * s.Turn[j*w+k])
			}
		}
	}
	to.clear()
	to.mass, to.positive = from.mass, from.positive
	for i := range d {
		for k := range w {
			x := s.Turn[i*w+k]
			to.b[k] += float64(x * from.b[i])
			for j := range k + 1 {
				to.a[k*w+j] += float64(x * half[i*w+j])
			}
		}
	}
}
