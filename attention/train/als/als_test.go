package als

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"souk/world"
)

// sparse is a random matrix: rows of the given lengths, some entries of which speak against.
func sparse(users, items int, length func(u int) int, seed uint64) *Matrix {
	rng := rand.New(rand.NewPCG(seed, 5))
	m := &Matrix{Users: users, Items: items, Start: make([]int, 1, users+1)}
	had := make([]int, items)
	for u := range users {
		var entries []Entry
		for len(entries) < min(length(u), items) {
			i := int(float64(items) * math.Pow(rng.Float64(), 2)) // some items are more popular
			if had[i] == u+1 {
				continue
			}
			had[i] = u + 1
			e := Entry{Item: world.ItemIndex(i), Confidence: 0.1 + 3*rng.Float32(), Preference: 1}
			if rng.IntN(5) == 0 {
				e.Preference = 0
			}
			entries = append(entries, e)
		}
		slices.SortFunc(entries, func(a, b Entry) int { return int(a.Item) - int(b.Item) })
		m.Append(entries)
	}
	return m
}

func TestEachHalfIsTheClosedFormWhereRowsAreShort(t *testing.T) {
	m := sparse(40, 30, func(u int) int { return u % 20 }, 1)
	for _, dim := range []int{1, 5, 8, 24} {
		for _, unscaled := range []bool{false, true} {
			cfg := Config{Dim: dim, Epochs: 1, Regularisation: 0.05, Base: 0.1, Deviation: 1, Seed: 1, Steps: 1, Unscaled: unscaled}
			fast, exact := New(m, cfg), New(m, cfg)
			exact.cfg.Steps = 0
			for _, f := range []*Factors{fast, exact} {
				if err := solveSide(context.Background(), f.Users, f.byUser, f.Items, f.cfg); err != nil {
					t.Fatal(err)
				}
			}
			for i, x := range fast.Users {
				if math.Abs(float64(x-exact.Users[i])) > 2e-4*(1+math.Abs(float64(exact.Users[i]))) {
					t.Fatalf("dim %d: factor %d of user %d is %v, the closed form says %v", dim, i%dim, i/dim, x, exact.Users[i])
				}
			}
		}
	}
}

func TestManyStepsReachTheClosedFormWhereRowsAreLong(t *testing.T) {
	m := sparse(30, 200, func(u int) int { return direct + 1 + 3*u }, 2)
	cfg := Config{Dim: 16, Epochs: 1, Regularisation: 0.02, Base: 0.1, Deviation: 1, Seed: 1, Steps: 40}
	fast, exact := New(m, cfg), New(m, cfg)
	exact.cfg.Steps = 0
	for _, f := range []*Factors{fast, exact} {
		if err := solveSide(context.Background(), f.Users, f.byUser, f.Items, f.cfg); err != nil {
			t.Fatal(err)
		}
	}
	for i, x := range fast.Users {
		if math.Abs(float64(x-exact.Users[i])) > 1e-3*(1+math.Abs(float64(exact.Users[i]))) {
			t.Fatalf("factor %d is %v, the closed form says %v", i, x, exact.Users[i])
		}
	}
}

func TestNoHalfRaisesTheLossAndItEndsWhereTheExactSolverDoes(t *testing.T) {
	m := sparse(120, 90, func(u int) int { return 1 + u/2 }, 3)
	cfg := Config{Dim: 8, Epochs: 30, Regularisation: 0.02, Base: 0.1, Deviation: 0.1, Seed: 1, Steps: 2}
	fast, exact := New(m, cfg), New(m, cfg)
	exact.cfg.Steps = 0
	last := math.Inf(1)
	for e := range cfg.Epochs {
		for half, side := range []func() error{
			func() error { return solveSide(t.Context(), fast.Users, fast.byUser, fast.Items, cfg) },
			func() error { return solveSide(t.Context(), fast.Items, fast.byItem, fast.Users, cfg) },
		} {
			if err := side(); err != nil {
				t.Fatal(err)
			}
			if now := fast.Loss(); now > last*(1+1e-6) {
				t.Fatalf("epoch %d half %d: the loss is %v after %v", e+1, half+1, now, last)
			} else {
				last = now
			}
		}
		if err := exact.Epoch(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if a, b := fast.Loss(), exact.Loss(); a > 1.01*b {
		t.Errorf("after %d epochs the loss is %v, with exact rows %v", cfg.Epochs, a, b)
	}
}

func TestALossIsTheSumOfItsDefinition(t *testing.T) {
	m := sparse(9, 7, func(u int) int { return u % 5 }, 4)
	cfg := Config{Dim: 3, Epochs: 1, Regularisation: 0.3, Base: 0.2, Deviation: 1, Seed: 1, Steps: 1}
	f := New(m, cfg)
	if err := f.Epoch(t.Context()); err != nil {
		t.Fatal(err)
	}
	want, massOf := 0.0, make([]float64, m.Items)
	for u := range m.Users {
		own := 0.0
		for i := range m.Items {
			x := dot(f.Users[u*3:][:3], f.Items[i*3:][:3])
			want += cfg.Base * x * x
		}
		for k := m.Start[u]; k < m.Start[u+1]; k++ {
			i, c := int(m.Col[k]), float64(m.Confidence[k])
			miss := float64(m.Preference[k]) - dot(f.Users[u*3:][:3], f.Items[i*3:][:3])
			want += c * miss * miss
			own += c
			massOf[i] += c
		}
		want += 0.3 * (own + 0.2*7) * dot(f.Users[u*3:][:3], f.Users[u*3:][:3])
	}
	for i := range m.Items {
		want += 0.3 * (massOf[i] + 0.2*9) * dot(f.Items[i*3:][:3], f.Items[i*3:][:3])
	}
	if got := f.Loss(); math.Abs(got-want) > 1e-5*want {
		t.Errorf("the loss is %v, by definition %v", got, want)
	}
}

func TestTheFactorsAreTheSameOnAnyNumberOfCores(t *testing.T) {
	m := sparse(300, 200, func(u int) int { return u % 60 }, 5)
	cfg := Default()
	cfg.Dim, cfg.Epochs = 12, 3
	on := func(procs int) *Factors {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		f, err := Fit(t.Context(), m, cfg)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	one := on(1)
	for _, procs := range []int{2, 7} {
		if f := on(procs); !slices.Equal(f.Users, one.Users) || !slices.Equal(f.Items, one.Items) {
			t.Errorf("%d cores give other factors than one", procs)
		}
	}
}

func TestEvidenceOutOfAllProportionGivesFiniteFactors(t *testing.T) {
	m := sparse(50, 60, func(u int) int { return u }, 6)
	for k := range m.Confidence {
		switch k % 3 {
		case 0:
			m.Confidence[k] = 1e30
		case 1:
			m.Confidence[k] = 1e-30
		}
	}
	f, err := Fit(t.Context(), m, Config{Dim: 8, Epochs: 3, Regularisation: 1e-9, Base: 1e-9, Deviation: 0.1, Seed: 1, Steps: 3})
	if err != nil {
		t.Fatal(err)
	}
	if !finite(f.Users) || !finite(f.Items) {
		t.Error("a factor is no finite number")
	}
}
