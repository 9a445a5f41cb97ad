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
	m := expecting(60, 5)
	m.Side = beside(m, 3)
	for _, c := range []struct {
		side   bool
		itself float64
	}{{false, 0}, {true, 0}, {false, 1.5}, {true, 0.4}} {
		cfg := rank.DefaultConfig()
		cfg.Memory, cfg.HalfLife, cfg.Side, cfg.Itself = 64, math.Inf(1), c.side, c.itself
		regress(t, m, cfg)
	}
	cfg := rank.DefaultConfig() // signals that have left the memory
	cfg.Memory, cfg.HalfLife, cfg.Itself = 16, math.Inf(1), 0
	regress(t, m, cfg)
}

// beside is side information of so many axes, at random, beside the factors as they are.
func beside(m *rank.Model, axes int) *rank.Side {
	rng := rand.New(rand.NewPCG(4, 4))
	s := &rank.Side{Dim: m.Dim + axes, Turn: make([]float64, m.Dim*(m.Dim+axes))}
	for k := range m.Dim {
		s.Turn[k*s.Dim+k] = 1
	}
	for i := range m.Items {
		s.Factors = append(s.Factors, m.Factors[i*m.Dim:(i+1)*m.Dim]...)
		for range axes {
			s.Factors = append(s.Factors, rng.Float32()-0.5)
		}
	}
	return s
}

func regress(t *testing.T, m *rank.Model, cfg rank.Config) {
	t.Helper()
	items, dim, factors := m.Items, m.Dim, m.Factors
	if cfg.Side {
		dim, factors = m.Side.Dim, m.Side.Factors
	}
	confidence, surprise := make([]float64, items), make([]float64, items)
	r := mustNew(t, m, cfg, 1)
	a, b := mat.NewSymDense(dim, nil), mat.NewVecDense(dim, nil)
	for k := range dim {
		a.SetSym(k, k, float64(m.Regularisation))
	}
	mean := 0.0
	for _, x := range m.Expected {
		mean += float64(x) / float64(items)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for k := range 40 {
		s := signal.Signal{T: float64(k), Item: world.ItemIndex(rng.IntN(items)), Kind: world.EventDwell,
			Preference: float32(k % 3 % 2), Confidence: rng.Float32(), Dwell: 1}
		r.Observe(s)
		v := make([]float64, dim)
		for j := range v {
			v[j] = float64(factors[int(s.Item)*dim+j])
		}
		confidence[s.Item] += float64(s.Confidence)
		surprise[s.Item] += float64(s.Confidence) * float64(s.Preference-m.Expected[s.Item])
		x := mat.NewVecDense(dim, v)
		a.SymRankOne(a, float64(s.Confidence), x)
		b.AddScaledVec(b, float64(s.Confidence)*float64(s.Preference-m.Expected[s.Item]), x)

		var u mat.VecDense
		if err := u.SolveVec(a, b); err != nil {
			t.Fatal(err)
		}
		for _, got := range r.Rank(items) {
			want := 0.0
			for j := range dim {
				want += u.AtVec(j) * float64(factors[int(got.Item)*dim+j])
			}
			if cfg.Itself > 0 {
				want = (cfg.Itself*want + surprise[got.Item]) / (cfg.Itself + confidence[got.Item])
			}
			want += float64(m.Expected[got.Item]) - mean
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
