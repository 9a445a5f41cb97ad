package rank_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"souk/attention/rank"
	"souk/attention/signal"
	"souk/world"
)

// newModel has random factors and a Zipf popularity.
func newModel(items, dim int, seed uint64) *rank.Model {
	rng := rand.New(rand.NewPCG(seed, 1))
	m := &rank.Model{Items: items, Dim: dim, Factors: make([]float32, items*dim), Popularity: make([]float32, items),
		Temperature: 0.2, Regularisation: 0.01, Base: 0.1}
	for i := range m.Factors {
		m.Factors[i] = float32(rng.NormFloat64() / math.Sqrt(float64(dim)))
	}
	total := 0.0
	for i := range items {
		total += 1 / float64(i+1)
	}
	for i := range items {
		m.Popularity[i] = float32(math.Log(1 / float64(i+1) / total))
	}
	return m
}

func mustNew(tb testing.TB, m *rank.Model, cfg rank.Config, seed uint64) *rank.Ranker {
	tb.Helper()
	r, err := rank.New(m, nil, cfg, seed)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func wanted(t float64, item world.ItemIndex, kind world.EventKind, c float32) signal.Signal {
	return signal.Signal{T: t, Item: item, Kind: kind, Preference: 1, Confidence: c, Dwell: c}
}

// someSignal draws a signal as the engine might send it, undo included.
func someSignal(t *rapid.T, items int, at float64) signal.Signal {
	s := signal.Signal{T: at, Item: world.ItemIndex(rapid.IntRange(0, items-1).Draw(t, "item")),
		Confidence: float32(rapid.IntRange(1, 40).Draw(t, "c")) / 8}
	s.Kind = rapid.SampledFrom([]world.EventKind{world.EventDwell, world.EventDwell, world.EventExposure, world.EventOpen,
		world.EventLike, world.EventHide, world.EventCart, world.EventPurchase}).Draw(t, "kind")
	if s.Kind != world.EventExposure && s.Kind != world.EventHide {
		s.Preference, s.Dwell = 1, s.Confidence
	}
	s.Undo = s.Kind != world.EventDwell && s.Kind != world.EventExposure && rapid.IntRange(0, 4).Draw(t, "undo") == 0
	return s
}

// reference solves the ranker's equations in float64 with gonum, from the
// definition: all signals at once, each faded by the confidence of later ones.
func reference(m *rank.Model, cfg rank.Config, signals []signal.Signal) []float64 {
	d := m.Dim
	v := mat.NewDense(m.Items, d, nil)
	for i, x := range m.Factors {
		v.Set(i/d, i%d, float64(x))
	}
	var a mat.Dense
	a.Mul(v.T(), v)
	a.Scale(float64(m.Base), &a)
	b := mat.NewVecDense(d, nil)
	mass, positive := 0.0, 0.0
	for k, s := range signals {
		later := 0.0
		for _, l := range signals[k+1:] {
			later += float64(l.Confidence)
		}
		w := float64(s.Confidence) * math.Exp2(-later/cfg.HalfLife)
		row := v.RowView(int(s.Item))
		var outer mat.Dense
		outer.Outer(w, row, row)
		a.Add(&a, &outer)
		b.AddScaledVec(b, w*float64(s.Preference), row)
		mass += w
		positive += w * float64(s.Preference)
	}
	for i := range d {
		a.Set(i, i, a.At(i, i)+float64(m.Regularisation)*(mass+float64(m.Base)*float64(m.Items)))
	}
	var u, scores mat.VecDense
	if err := u.SolveVec(&a, b); err != nil {
		panic(err)
	}
	scores.MulVec(v, &u)
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, p := range m.Popularity {
		lo, hi = min(lo, float64(p)), max(hi, float64(p))
	}
	out := make([]float64, m.Items)
	for i := range out {
		out[i] = scores.AtVec(i) + cfg.PriorWeight/(1+positive/cfg.PriorFade)*(float64(m.Popularity[i])-lo)/(hi-lo)
	}
	return out
}

func TestScoresAreThoseOfTheDefinition(t *testing.T) {
	m, cfg := newModel(300, 24, 1), rank.DefaultConfig()
	r := mustNew(t, m, cfg, 1)
	rng := rand.New(rand.NewPCG(5, 5))
	var signals []signal.Signal
	for k := range 120 {
		s := wanted(float64(k), world.ItemIndex(rng.IntN(300)), world.EventDwell, 0.1+rng.Float32())
		if k%3 == 0 {
			s.Kind, s.Preference = world.EventExposure, 0
		}
		signals = append(signals, s)
		r.Observe(s)
		if k%40 != 39 {
			continue
		}
		want := reference(m, cfg, signals)
		got := r.Rank(m.Items)
		if len(got) != m.Items {
			t.Fatalf("%d ranked of %d", len(got), m.Items)
		}
		total := 0.0
		for i, s := range got {
			if math.Abs(float64(s.Score)-want[s.Item]) > 1e-4 {
				t.Fatalf("after %d signals item %d scores %v, want %v", k+1, s.Item, s.Score, want[s.Item])
			}
			if i > 0 && got[i-1].Score < s.Score {
				t.Fatalf("place %d scores less than place %d", i-1, i)
			}
			total += float64(s.Attention)
		}
		if math.Abs(total-1) > 1e-4 {
			t.Errorf("attention sums to %v", total)
		}
	}
}

func TestAnUnknownVisitorSeesWhatIsPopular(t *testing.T) {
	r := mustNew(t, newModel(100, 8, 2), rank.DefaultConfig(), 1)
	for i, s := range r.Rank(5) {
		if int(s.Item) != i {
			t.Errorf("place %d is item %d", i, s.Item)
		}
	}
	if parts := r.Explain(nil, 0, 3); len(parts) != 1 || parts[0].Item != world.NoItem || parts[0].Share != 1 {
		t.Errorf("reasons %v", parts)
	}
}

func TestALikedItemPullsItsLikeUpAndAPassedOnePushesItDown(t *testing.T) {
	m := newModel(200, 8, 3)
	copy(m.Factors[8*8:9*8], m.Factors[7*8:8*8]) // 8 is just like 7
	score := func(signals ...signal.Signal) float32 {
		r := mustNew(t, m, rank.DefaultConfig(), 1)
		for _, s := range signals {
			r.Observe(s)
		}
		for _, s := range r.Rank(200) {
			if s.Item == 8 {
				return s.Score
			}
		}
		t.Fatal("item 8 is not ranked")
		return 0
	}
	none := score()
	liked := score(wanted(1, 7, world.EventLike, 3))
	passed := score(wanted(1, 7, world.EventLike, 3), signal.Signal{T: 2, Item: 7, Kind: world.EventExposure, Confidence: 2})
	if !(liked > none+0.2) || !(passed < liked-0.05) {
		t.Errorf("unknown %v, liked %v, then passed over %v", none, liked, passed)
	}
}

func TestAnUndoneSignalNeverWas(t *testing.T) {
	m, cfg := newModel(60, 12, 4), rank.DefaultConfig()
	rapid.Check(t, func(t *rapid.T) {
		a, b := mustNew(&testing.T{}, m, cfg, 1), mustNew(&testing.T{}, m, cfg, 1)
		n := rapid.IntRange(0, 20).Draw(t, "n")
		at := rapid.IntRange(0, n).Draw(t, "at")
		kind := rapid.SampledFrom([]world.EventKind{world.EventLike, world.EventHide, world.EventCart}).Draw(t, "kind")
		extra := signal.Signal{T: 1, Item: 59, Kind: kind, Preference: 1, Confidence: 3}
		for k := range n {
			if k == at {
				a.Observe(extra)
			}
			s := someSignal(t, 59, 1)
			a.Observe(s)
			b.Observe(s)
		}
		if at == n {
			a.Observe(extra)
		}
		undo := extra
		undo.Undo = true
		a.Observe(undo)
		b.Observe(signal.Signal{T: 1, Item: 58, Kind: world.EventUnhide}) // the same last time, nothing else
		a.Observe(signal.Signal{T: 1, Item: 58, Kind: world.EventUnhide})
		if got, want := a.AppendState(nil), b.AppendState(nil); !bytes.Equal(got, want) {
			t.Fatal("the states differ")
		}
		if got, want := a.UserVector(nil), b.UserVector(nil); !equal(got, want) {
			t.Fatalf("user %v, want %v", got, want)
		}
	})
}

func equal(a, b []float32) bool {
	for i := range a {
		if math.Float32bits(a[i]) != math.Float32bits(b[i]) {
			return false
		}
	}
	return len(a) == len(b)
}

func TestPartsSumToTheScore(t *testing.T) {
	m, cfg := newModel(80, 12, 6), rank.DefaultConfig()
	cfg.Memory = 10 // so that some evidence is too old to be told apart
	rapid.Check(t, func(t *rapid.T) {
		r := mustNew(&testing.T{}, m, cfg, 1)
		for k := range rapid.IntRange(0, 30).Draw(t, "n") {
			r.Observe(someSignal(t, m.Items, float64(k)))
		}
		for _, s := range r.Rank(20) {
			sum := 0.0
			for _, p := range r.Parts(nil, s.Item) {
				sum += p.Value
			}
			if math.Abs(sum-float64(s.Score)) > 1e-5 {
				t.Fatalf("item %d: parts sum to %v, score is %v", s.Item, sum, s.Score)
			}
			last := float32(1)
			for _, e := range r.Explain(nil, s.Item, 3) {
				if !(e.Share > 0 && e.Share <= last) {
					t.Fatalf("share %v after %v", e.Share, last)
				}
				last = e.Share
			}
		}
	})
}

func TestHiddenAndBoughtItemsStayAway(t *testing.T) {
	r := mustNew(t, newModel(30, 8, 7), rank.DefaultConfig(), 1)
	has := func(item world.ItemIndex) (ranked, proposed bool) {
		for _, s := range r.Rank(30) {
			ranked = ranked || s.Item == item
		}
		for _, c := range r.Propose(30) {
			proposed = proposed || c.Item == item
		}
		return
	}
	for _, step := range []struct {
		what             string
		s                signal.Signal
		ranked, proposed bool
	}{
		{"hidden", signal.Signal{T: 1, Item: 3, Kind: world.EventHide, Confidence: 6}, false, false},
		{"hidden no more", signal.Signal{T: 2, Item: 3, Kind: world.EventUnhide}, true, true},
		{"in the cart", wanted(3, 3, world.EventCart, 4), true, false},
		{"out of the cart", signal.Signal{T: 4, Item: 3, Kind: world.EventCart, Undo: true}, true, true},
		{"just looked at", wanted(5, 3, world.EventDwell, 1), true, false},
		{"looked at a minute ago", wanted(66, 4, world.EventDwell, 1), true, true},
		{"bought", wanted(70, 3, world.EventPurchase, 6), false, false},
		{"bought an hour ago", wanted(3671, 4, world.EventDwell, 1), true, true},
	} {
		r.Observe(step.s)
		if ranked, proposed := has(3); ranked != step.ranked || proposed != step.proposed {
			t.Errorf("%s: ranked %v, proposed %v", step.what, ranked, proposed)
		}
	}
}

func TestWhatCannotBeMeantIsIgnored(t *testing.T) {
	nan := float32(math.NaN())
	for _, p := range policies(t) {
		before := p.AppendState(nil)
		for _, s := range []signal.Signal{
			{Item: -1, Preference: 1, Confidence: 1}, {Item: 50, Preference: 1, Confidence: 1},
			{Confidence: nan}, {Confidence: -1}, {Preference: 2, Confidence: 1}, {Preference: nan},
			{T: math.Inf(1), Confidence: 1}, {T: math.NaN()}, {Confidence: 1e30}, {Dwell: nan, Confidence: 1},
		} {
			p.Observe(s)
		}
		if !bytes.Equal(before, p.AppendState(nil)) {
			t.Errorf("%s learned from nonsense", p.Name())
		}
	}
}

func TestOldTasteFadesForNew(t *testing.T) {
	m := newModel(200, 16, 8)
	forgets, keeps := rank.DefaultConfig(), rank.DefaultConfig()
	forgets.HalfLife, keeps.HalfLife = 20, math.Inf(1)
	lead := func(cfg rank.Config) float64 {
		r := mustNew(t, m, cfg, 1)
		for k := range 60 {
			r.Observe(wanted(float64(k), 1, world.EventDwell, 1))
		}
		for k := range 20 {
			r.Observe(wanted(float64(60+k), 2, world.EventDwell, 1))
		}
		sum := 0.0
		for _, p := range r.Parts(nil, 1) {
			if p.Item == 1 {
				sum = p.Value
			}
		}
		return sum
	}
	if f, k := lead(forgets), lead(keeps); !(f < k) {
		t.Errorf("the old interest explains %v with forgetting, %v without", f, k)
	}
}

func TestOddShapesRankAndPropose(t *testing.T) {
	for _, c := range []struct{ items, dim, axes, bits int }{{1, 1, 0, 8}, {1, 1, 5, 4}, {9, 3, 2, 4}, {17, 65, 7, 8}, {40, 300, 0, 8}} {
		m, cfg := newModel(c.items, c.dim, 1), rank.DefaultConfig()
		cfg.Axes, cfg.Bits = c.axes, c.bits
		r := mustNew(t, m, cfg, 1)
		r.Observe(wanted(1, 0, world.EventLike, 3))
		if ranked, proposed := r.Rank(1000), r.Propose(1000); len(ranked) != c.items || len(proposed) != c.items {
			t.Errorf("%+v: %d ranked, %d proposed", c, len(ranked), len(proposed))
		}
		if len(r.Rank(0)) != 0 || len(r.Rank(-1)) != 0 || len(r.Propose(-1)) != 0 {
			t.Errorf("%+v: something for nothing", c)
		}
	}
}

func TestAttentionIsTheSoftmaxOfTheScores(t *testing.T) {
	m := newModel(400, 16, 9)
	r := mustNew(t, m, rank.DefaultConfig(), 1)
	r.Observe(wanted(1, 7, world.EventLike, 3))
	r.Observe(wanted(2, 90, world.EventDwell, 1))
	all := r.Rank(m.Items)
	total := 0.0
	for _, s := range all {
		total += math.Exp(float64(s.Score / m.Temperature))
	}
	for _, s := range all {
		// The sum is over the scan's scores, which are rounded.
		if want := math.Exp(float64(s.Score/m.Temperature)) / total; math.Abs(float64(s.Attention)-want) > 2e-3*want {
			t.Fatalf("item %d has attention %v, its share is %v", s.Item, s.Attention, want)
		}
	}
}
