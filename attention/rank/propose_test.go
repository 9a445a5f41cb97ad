package rank_test

import (
	"bytes"
	"math"
	"testing"

	"pgregory.net/rapid"

	"souk/attention/rank"
	"souk/attention/signal"
	"souk/world"
)

// policies are all of them, on one model of 50 items.
func policies(tb testing.TB) []rank.Policy {
	m := newModel(50, 8, 9)
	return []rank.Policy{mustNew(tb, m, rank.DefaultConfig(), 3), rank.NewPopularity(m, 3), rank.NewRandom(m.Items, 3)}
}

func TestPropensityIsHowOftenAnItemIsProposed(t *testing.T) {
	const draws, n = 20000, 6
	for _, p := range policies(t) {
		for k := range 8 {
			p.Observe(wanted(float64(k), world.ItemIndex(k*5), world.EventLike, 2))
		}
		p.Observe(signal.Signal{T: 9, Item: 1, Kind: world.EventHide, Confidence: 6})
		var count, stated, explored [50]float64
		for range draws {
			c := p.Propose(n)
			if len(c) != n {
				t.Fatalf("%s: %d candidates, want %d", p.Name(), len(c), n)
			}
			seen := map[world.ItemIndex]bool{}
			for _, x := range c {
				if seen[x.Item] {
					t.Fatalf("%s: item %d twice", p.Name(), x.Item)
				}
				if !(x.Propensity > 0 && x.Propensity <= 1) || !(x.Attention > 0 && x.Attention < 1) {
					t.Fatalf("%s: propensity %v, attention %v", p.Name(), x.Propensity, x.Attention)
				}
				seen[x.Item] = true
				count[x.Item]++
				stated[x.Item] += float64(x.Propensity)
				if x.Explored {
					explored[x.Item]++
				}
			}
		}
		sum := 0.0
		for i := range count {
			f := count[i] / draws
			if count[i] == 0 {
				if i != 1 {
					t.Errorf("%s: item %d was never proposed", p.Name(), i)
				}
				continue
			}
			// The ranker's propensity is of the posterior draws at hand, so it
			// moves from call to call; averaged over calls where the item was
			// proposed it is biased upwards by its own variance, little here.
			mean := stated[i] / count[i]
			if se := math.Sqrt(f*(1-f)/draws) + 0.003; math.Abs(mean-f) > 5*se+0.1*f {
				t.Errorf("%s: item %d proposed with frequency %.4f, propensity %.4f", p.Name(), i, f, mean)
			}
			sum += f
		}
		if math.Abs(sum-n) > 1e-9 {
			t.Errorf("%s: frequencies sum to %v", p.Name(), sum)
		}
	}
}

// The inverse of the propensity must be an unbiased weight: Σ 1/π over the
// proposed items estimates how many items there are. No averaging hides here.
func TestInversePropensitiesEstimateSumsWithoutBias(t *testing.T) {
	const draws, n, items = 40000, 6, 50
	for _, p := range policies(t) {
		for k := range 8 {
			p.Observe(wanted(float64(k), world.ItemIndex(k*5), world.EventLike, 2))
		}
		sum, sq := 0.0, 0.0
		for range draws {
			x := 0.0
			for _, c := range p.Propose(n) {
				x += 1 / float64(c.Propensity)
			}
			sum += x
			sq += x * x
		}
		mean := sum / draws
		se := math.Sqrt((sq/draws - mean*mean) / draws)
		if math.Abs(mean-items) > 4*se+1e-6 {
			t.Errorf("%s: estimates %.2f ± %.2f items, there are %d", p.Name(), mean, se, items)
		}
	}
}

func TestFewerAreProposedWhereFewerAreLeft(t *testing.T) {
	for _, p := range policies(t) {
		for i := range 48 {
			p.Observe(signal.Signal{T: 1, Item: world.ItemIndex(i), Kind: world.EventHide, Confidence: 6})
		}
		if got := len(p.Propose(6)); got != 2 {
			t.Errorf("%s: %d candidates of 2", p.Name(), got)
		}
		for i := 48; i < 50; i++ {
			p.Observe(signal.Signal{T: 1, Item: world.ItemIndex(i), Kind: world.EventHide, Confidence: 6})
		}
		if got, ranked := len(p.Propose(6)), len(p.Rank(6)); got != 0 || ranked != 0 {
			t.Errorf("%s: %d proposed, %d ranked of none", p.Name(), got, ranked)
		}
	}
}

// More of the best than the shared choice has to spare are in the cart: what is proposed
// is still the best of the rest.
func TestTheBestOfTheRestAreProposedWhereManyAreOut(t *testing.T) {
	cfg := rank.DefaultConfig()
	cfg.Thompson, cfg.Uniform, cfg.Pool = 0, 0, 20
	r := mustNew(t, newModel(2000, 8, 4), cfg, 1)
	r.Observe(wanted(0, 7, world.EventLike, 2))
	for _, s := range r.Rank(150) {
		cart := wanted(1, s.Item, world.EventCart, 0)
		r.Observe(cart)
	}
	ranking := append([]rank.Scored(nil), r.Rank(170)...)
	got := r.Propose(10)
	if len(got) != 10 {
		t.Fatalf("%d proposed", len(got))
	}
	for k, c := range got {
		if want := ranking[150+k]; c.Item != want.Item || c.Score != want.Score {
			t.Errorf("place %d: item %d with %v, want %d with %v", k, c.Item, c.Score, want.Item, want.Score)
		}
	}
}

func TestARestoredPolicyGoesOnByteForByte(t *testing.T) {
	m, cfg := newModel(50, 8, 9), rank.DefaultConfig()
	cfg.Memory = 8
	kinds := []func() rank.Policy{
		func() rank.Policy { return mustNew(&testing.T{}, m, cfg, 3) },
		func() rank.Policy { return rank.NewPopularity(m, 3) },
		func() rank.Policy { return rank.NewRandom(m.Items, 3) },
	}
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(0, len(kinds)-1).Draw(t, "policy")
		a, b := kinds[k](), kinds[k]()
		step := func(p rank.Policy, s signal.Signal, ask int) []byte {
			p.Observe(s)
			var out []byte
			for _, x := range p.Rank(ask) {
				out = append(out, byte(x.Item), byte(math.Float32bits(x.Score)), byte(math.Float32bits(x.Attention)))
			}
			for _, c := range p.Propose(ask) {
				out = append(out, byte(c.Item), byte(math.Float32bits(c.Propensity)), byte(math.Float32bits(c.Score)))
			}
			for _, e := range p.Explain(nil, s.Item, 4) {
				out = append(out, byte(e.Item), byte(math.Float32bits(e.Share)))
			}
			return out
		}
		for i := range rapid.IntRange(0, 25).Draw(t, "before") {
			step(a, someSignal(t, m.Items, float64(i)), rapid.IntRange(0, 9).Draw(t, "ask"))
		}
		state := a.AppendState([]byte("x"))[1:]
		if err := b.RestoreState(state); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(b.AppendState(nil), state) {
			t.Fatal("the restored state differs")
		}
		for i := range rapid.IntRange(1, 15).Draw(t, "after") {
			s, ask := someSignal(t, m.Items, float64(100+i)), rapid.IntRange(0, 9).Draw(t, "ask")
			if !bytes.Equal(step(a, s, ask), step(b, s, ask)) {
				t.Fatalf("step %d differs", i)
			}
		}
		if !bytes.Equal(a.AppendState(nil), b.AppendState(nil)) {
			t.Fatal("the last states differ")
		}
		a.Forget()
		if fresh := kinds[k]().AppendState(nil); !bytes.Equal(a.AppendState(nil), fresh) {
			t.Fatal("a policy that forgot is not as new")
		}
	})
}

func FuzzADamagedStateIsRefusedOrHarmless(f *testing.F) {
	m, cfg := newModel(20, 4, 9), rank.DefaultConfig()
	r := mustNew(f, m, cfg, 3)
	f.Add(r.AppendState(nil))
	r.Observe(wanted(1, 3, world.EventLike, 3))
	r.Observe(signal.Signal{T: 2, Item: 4, Kind: world.EventHide, Confidence: 6})
	f.Add(r.AppendState(nil))
	f.Fuzz(func(t *testing.T, state []byte) {
		r := mustNew(t, m, cfg, 3)
		if r.RestoreState(state) != nil && !bytes.Equal(r.AppendState(nil), mustNew(t, m, cfg, 3).AppendState(nil)) {
			t.Fatal("a refused state left something behind")
		}
		for _, s := range r.Rank(20) {
			if s.Score-s.Score != 0 {
				t.Fatalf("score %v", s.Score)
			}
		}
		r.Propose(5)
	})
}

func TestBadModelsAndSettingsAreNamed(t *testing.T) {
	for name, spoil := range map[string]func(*rank.Model, *rank.Config){
		"factors":  func(m *rank.Model, _ *rank.Config) { m.Factors = m.Factors[1:] },
		"factor 2": func(m *rank.Model, _ *rank.Config) { m.Factors[6] = float32(math.NaN()) },
		"temperature": func(m *rank.Model, _ *rank.Config) {
			m.Temperature = 0
		},
		"Thompson + Uniform": func(_ *rank.Model, c *rank.Config) { c.Thompson, c.Uniform = 0.6, 0.6 },
		"HalfLife":           func(_ *rank.Model, c *rank.Config) { c.HalfLife = 0 },
		"Noise":              func(_ *rank.Model, c *rank.Config) { c.Noise = math.NaN() },
	} {
		m, cfg := newModel(10, 4, 1), rank.DefaultConfig()
		spoil(m, &cfg)
		if _, err := rank.New(m, nil, cfg, 1); err == nil || !bytes.Contains([]byte(err.Error()), []byte(name)) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
