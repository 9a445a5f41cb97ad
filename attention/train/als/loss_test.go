package als_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"souk/attention/train/als"
	"souk/world"
)

func some(users, items int) *als.Matrix {
	rng := rand.New(rand.NewPCG(1, 2))
	rows := make([][]als.Entry, users)
	for u := range rows {
		for i := range items {
			if rng.Float64() < 0.2 {
				rows[u] = append(rows[u], als.Entry{Item: world.ItemIndex(i), Confidence: 1 + rng.Float32(), Preference: float32(rng.IntN(2))})
			}
		}
	}
	return als.NewMatrix(rows, items)
}

func TestEveryEpochMakesTheLossSmaller(t *testing.T) {
	cfg := als.Default()
	cfg.Dim = 6
	f := als.New(some(40, 30), cfg)
	last := math.Inf(1)
	for e := range 8 {
		if err := f.Epoch(context.Background()); err != nil {
			t.Fatal(err)
		}
		loss := f.Loss()
		if !(loss < last) {
			t.Errorf("epoch %d: the loss is %v, it was %v", e+1, loss, last)
		}
		last = loss
	}
}

// By the formula, pair by pair.
func TestTheLossIsThatOfTheFormula(t *testing.T) {
	cfg := als.Default()
	cfg.Dim = 3
	m := some(7, 9)
	f := als.New(m, cfg)
	if err := f.Epoch(context.Background()); err != nil {
		t.Fatal(err)
	}
	want, mass := 0.0, [2][]float64{make([]float64, m.Users), make([]float64, m.Items)}
	for u := range m.Users {
		for i := range m.Items {
			s := 0.0
			for k := range cfg.Dim {
				s += float64(f.Users[u*cfg.Dim+k]) * float64(f.Items[i*cfg.Dim+k])
			}
			want += cfg.Base * s * s
			for k := m.Start[u]; k < m.Start[u+1]; k++ {
				if int(m.Col[k]) == i {
					c, p := float64(m.Confidence[k]), float64(m.Preference[k])
					want += c * (p - s) * (p - s)
					mass[0][u] += c
					mass[1][i] += c
				}
			}
		}
	}
	for side, rows := range [][]float32{f.Users, f.Items} {
		for r, c := range mass[side] {
			others := float64(len(mass[1-side]))
			for _, x := range rows[r*cfg.Dim : (r+1)*cfg.Dim] {
				want += cfg.Regularisation * (c + cfg.Base*others) * float64(x) * float64(x)
			}
		}
	}
	if got := f.Loss(); math.Abs(got-want) > 1e-4*want {
		t.Errorf("the loss is %v, pair by pair %v", got, want)
	}
}
