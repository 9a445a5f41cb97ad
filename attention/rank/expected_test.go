package rank_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"souk/attention/rank"
	"souk/attention/signal"
	"souk/world"
)

// expecting is a model that expects something of each item.
func expecting(items, dim int) *rank.Model {
	m := newModel(items, dim, 7)
	rng := rand.New(rand.NewPCG(3, 3))
	m.Regularisation = 0.1
	m.Expected = make([]float32, items)
	for i := range m.Expected {
		m.Expected[i] = 0.2 + 0.5*rng.Float32()
	}
	return m
}

// TestWithExpectationsTheTasteIsBayesianRegression holds the scores against the
// formula by gonum, and that the parts of a score sum to it.
func TestWithExpectationsTheTasteIsBayesianRegression(t *testing.T) {
	const items, dim = 60, 5
	m := expecting(items, dim)
	cfg := rank.DefaultConfig()
	cfg.Memory, cfg.HalfLife = 16, math.Inf(1)
	r := mustNew(t, m, cfg, 1)
	a, b := mat.NewSymDense(dim, nil), mat.NewVecDense(dim, nil)
	for k := range dim {
		a.SetSym(k, k, float64(m.Regularisation))
	}
	mean := 0.0
	for _, x := range m.Expected {
		mean += float64(x) / items
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for k := range 40 {
		s := signal.Signal{T: float64(k), Item: world.ItemIndex(rng.IntN(items)), Kind: world.EventDwell,
			Preference: float32(k % 3 % 2), Confidence: rng.Float32(), Dwell: 1}
		r.Observe(s)
		v := make([]float64, dim)
		for j := range v {
			v[j] = float64(m.Factors[int(s.Item)*dim+j])
		}
		x := mat.NewVecDense(dim, v)
		a.SymRankOne(a, float64(s.Confidence), x)
		b.AddScaledVec(b, float64(s.Confidence)*float64(s.Preference-m.Expected[s.Item]), x)

		var u mat.VecDense
		if err := u.SolveVec(a, b); err != nil {
			t.Fatal(err)
		}
		for _, got := range r.Rank(items) {
			want := float64(m.Expected[got.Item]) - mean
			for j := range dim {
				want += u.AtVec(j) * float64(m.Factors[int(got.Item)*dim+j])
			}
			if math.Abs(float64(got.Score)-want) > 1e-4 {
				t.Fatalf("after %d signals item %d scores %v, want %v", k+1, got.Item, got.Score, want)
			}
			sum := 0.0
			for _, p := range r.Parts(nil, got.Item) {
				sum += p.Value
			}
			if math.Abs(sum-float64(got.Score)) > 1e-4 {
				t.Fatalf("after %d signals the parts of item %d sum to %v, its score is %v", k+1, got.Item, sum, got.Score)
			}
		}
	}
}

func TestWhatWasExpectedTeachesNothingAndAStrangerGetsIt(t *testing.T) {
	m := expecting(40, 4)
	m.Expected[9] = 1
	r := mustNew(t, m, rank.DefaultConfig(), 1)
	if top := r.Rank(1); top[0].Item != 9 {
		t.Errorf("a stranger's first is %d, want the item of which most is expected", top[0].Item)
	}
	r.Observe(signal.Signal{Item: 9, Kind: world.EventDwell, Preference: 1, Confidence: 0.75, Dwell: 3})
	for k, x := range r.UserVector(nil) {
		if x != 0 {
			t.Errorf("a look as long as was expected moved dimension %d to %v", k, x)
		}
	}
	r.Observe(signal.Signal{Item: 3, Kind: world.EventExposure, Confidence: 0.2})
	for _, x := range r.UserVector(nil) {
		if x != 0 {
			t.Error("what was passed over moved the taste")
		}
	}
	r.Observe(signal.Signal{Item: 3, Kind: world.EventDwell, Confidence: 0.25, Dwell: 0.1})
	moved := false
	for _, x := range r.UserVector(nil) {
		moved = moved || x != 0
	}
	if !moved {
		t.Error("a look shorter than was expected says nothing")
	}
}

func TestExpectationsOfAnotherLengthAreRefused(t *testing.T) {
	m := expecting(40, 4)
	m.Expected = m.Expected[1:]
	if err := m.Check(); err == nil || !strings.Contains(err.Error(), "39 expected preferences for 40 items") {
		t.Errorf("error %v", err)
	}
	m = expecting(40, 4)
	m.Expected[3] = float32(math.NaN())
	if err := m.Check(); err == nil || !strings.Contains(err.Error(), "item 3") {
		t.Errorf("error %v", err)
	}
}
