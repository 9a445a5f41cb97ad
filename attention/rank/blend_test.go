package rank_test

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"souk/attention/rank"
	"souk/attention/signal"
	"souk/world"
	"souk/world/catalog"
)

// shop is a small catalogue with content and a model with everything that a model can have.
func shop(tb testing.TB) (*rank.Model, *catalog.Catalog) {
	tb.Helper()
	c, err := catalog.Open("demo:seed=3,items=200")
	if err != nil {
		tb.Fatal(err)
	}
	m := newModel(len(c.Items), 12, 4)
	m.Blend = rank.Blend{Factors: 0.8, Transition: 0.5, Content: 0.3, Prior: 0.2, Tau: 4, Recent: 5}
	m.Transitions = someTransitions(tb, m.Items, 8, 1)
	return m, c
}

func someTransitions(tb testing.TB, items, width int, seed uint64) *rank.Transitions {
	tb.Helper()
	rng := rand.New(rand.NewPCG(seed, 7))
	t, err := rank.NewTransitions(items, width, func(i int) []rank.Neighbour {
		var row []rank.Neighbour
		for k := range rng.IntN(2 * width) {
			row = append(row, rank.Neighbour{Item: int32((i + 1 + k*7) % items), Weight: rng.Float32()})
		}
		return row
	})
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

// late is a reranker that prefers what lies near the last item.
type late struct{}

func (late) Rerank(scores []float32, recent []rank.Recent, candidates []world.ItemIndex) {
	for k, c := range candidates {
		scores[k] += 0.3 * recent[0].Weight / float32(1+max(c-recent[0].Item, recent[0].Item-c))
	}
}

func mustOpen(tb testing.TB, m *rank.Model, c *catalog.Catalog, cfg rank.Config) *rank.Ranker {
	tb.Helper()
	r, err := rank.New(m, c, cfg, 1)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func TestTransitionsKeepTheHeaviestNeighboursInOrder(t *testing.T) {
	for _, items := range []int{300, 70000} {
		rows := func(i int) []rank.Neighbour {
			if i == 1 {
				return nil
			}
			return []rank.Neighbour{{Item: 5, Weight: 0.2}, {Item: int32(items - 1), Weight: 0.8}, {Item: 7, Weight: 0}, {Item: 2, Weight: 0.0001}, {Item: 9, Weight: 0.4}}
		}
		tr, err := rank.NewTransitions(items, 3, rows)
		if err != nil {
			t.Fatal(err)
		}
		got := tr.Row(nil, 0)
		if len(got) != 3 || int(got[0].Item) != items-1 || got[1].Item != 9 || got[2].Item != 5 || len(tr.Row(nil, 1)) != 0 {
			t.Fatalf("%d items: %v, then %v", items, got, tr.Row(nil, 1))
		}
		for k, w := range []float64{0.8, 0.4, 0.2} {
			if math.Abs(float64(got[k].Weight)-w) > 0.8/255/2 {
				t.Errorf("weight %v, want %v", got[k].Weight, w)
			}
		}
	}
	for _, bad := range []rank.Neighbour{{Item: -1, Weight: 1}, {Item: 300, Weight: 1}, {Item: 1, Weight: float32(math.NaN())}} {
		if _, err := rank.NewTransitions(300, 3, func(int) []rank.Neighbour { return []rank.Neighbour{bad} }); err == nil {
			t.Errorf("%v is a neighbour", bad)
		}
	}
}

// The blend by its definition, from what the ranker was told.
func TestTheBlendIsThatOfTheDefinition(t *testing.T) {
	m, c := shop(t)
	cfg := rank.DefaultConfig()
	r := mustOpen(t, m, c, cfg)
	plain := *m
	plain.Blend, plain.Transitions = rank.Blend{}, nil
	factors := mustNew(t, &plain, cfg, 1)
	rng := rand.New(rand.NewPCG(2, 2))
	var recent []int // newest last, each once
	for k := range 30 {
		s := wanted(float64(k), world.ItemIndex(rng.IntN(m.Items)), world.EventDwell, 2)
		r.Observe(s)
		factors.Observe(s)
		recent = append(slices.DeleteFunc(recent, func(i int) bool { return i == int(s.Item) }), int(s.Item))
	}
	u := factors.UserVector(nil)
	low, high := slices.Min(m.Popularity), slices.Max(m.Popularity)
	for _, s := range r.Rank(m.Items) {
		j := int(s.Item)
		want := 0.0
		for k, x := range u {
			want += 0.8 * float64(x) * float64(m.Factors[j*m.Dim+k])
		}
		content, total := 0.0, 0.0
		for age := range 5 {
			i := recent[len(recent)-1-age]
			g := math.Exp(-float64(age) / 4)
			for _, n := range m.Transitions.Row(nil, i) {
				if int(n.Item) == j {
					want += 0.5 * g * float64(n.Weight)
				}
			}
			for k := range catalog.FeatureDim {
				content += g * float64(c.Features[i*catalog.FeatureDim+k]) * float64(c.Features[j*catalog.FeatureDim+k])
			}
			total += g
		}
		want += 0.3 * content / total
		want += 0.2 / (1 + r.Evidence()/cfg.PriorFade) * float64((m.Popularity[j]-low)/(high-low))
		if math.Abs(float64(s.Score)-want) > 1e-5 {
			t.Fatalf("item %d scores %v, want %v", j, s.Score, want)
		}
	}
}

func TestWhatIsHiddenOrTakenBackIsFollowedNoMore(t *testing.T) {
	m, _ := shop(t)
	m.Blend.Content, m.Blend.Factors, m.Blend.Prior = 0, 0, 0
	next := int(m.Transitions.Row(nil, 9)[0].Item)
	score := func(signals ...signal.Signal) float32 {
		r := mustNew(t, m, rank.DefaultConfig(), 1)
		for _, s := range signals {
			r.Observe(s)
		}
		for _, s := range r.Rank(m.Items) {
			if int(s.Item) == next {
				return s.Score
			}
		}
		t.Fatal("not ranked")
		return 0
	}
	like := wanted(1, 9, world.EventLike, 3)
	undo := like
	undo.Undo = true
	if liked := score(like); !(liked > 0.01) {
		t.Errorf("what follows a liked item scores %v", liked)
	}
	for name, s := range map[string]float32{
		"taken back": score(like, undo), "hidden": score(like, signal.Signal{T: 2, Item: 9, Kind: world.EventHide, Confidence: 6}),
	} {
		if s != 0 {
			t.Errorf("%s: what follows scores %v", name, s)
		}
	}
}

func TestAllPartsSumToTheScore(t *testing.T) {
	m, c := shop(t)
	m.NewReranker = func() rank.Reranker { return late{} }
	cfg := rank.DefaultConfig()
	cfg.Memory, cfg.Rescore, cfg.Adapter, cfg.Habits = 12, 50, 6, 3
	rapid.Check(t, func(t *rapid.T) {
		r := mustOpen(&testing.T{}, m, c, cfg)
		for k := range rapid.IntRange(0, 40).Draw(t, "n") {
			r.Observe(someSignal(t, m.Items, float64(k)))
		}
		for place, s := range r.Rank(80) {
			sum := 0.0
			for _, p := range r.Parts(nil, s.Item) {
				sum += p.Value
			}
			if math.Abs(sum-float64(s.Score)) > 2e-5 {
				t.Fatalf("place %d, item %d: parts sum to %v, score is %v", place, s.Item, sum, s.Score)
			}
		}
	})
}

func TestAHiddenItemHasAPartAgainstItsLike(t *testing.T) {
	m := newModel(200, 8, 3)
	copy(m.Factors[8*8:9*8], m.Factors[7*8:8*8]) // 8 is just like 7
	r := mustNew(t, m, rank.DefaultConfig(), 1)
	r.Observe(wanted(1, 7, world.EventLike, 3))
	r.Observe(signal.Signal{T: 2, Item: 8, Kind: world.EventHide, Confidence: 6})
	r.Observe(signal.Signal{T: 3, Item: 50, Kind: world.EventExposure, Confidence: 0.2})
	part := map[world.ItemIndex]float64{}
	for _, p := range r.Parts(nil, 7) {
		part[p.Item] = p.Value
	}
	if !(part[7] > 0.1) || !(part[8] < -0.1) || !(math.Abs(part[50]) < 0.1*-part[8]) {
		t.Errorf("the like has %v, the hidden double %v, a stranger passed over %v", part[7], part[8], part[50])
	}
}

func TestARerankerThatGivesNoNumbersChangesNothing(t *testing.T) {
	m, c := shop(t)
	with := *m
	with.NewReranker = func() rank.Reranker { return broken{} }
	a, b := mustOpen(t, m, c, rank.DefaultConfig()), mustOpen(t, &with, c, rank.DefaultConfig())
	for _, r := range []*rank.Ranker{a, b} {
		r.Observe(wanted(1, 7, world.EventLike, 3))
	}
	if !reflect.DeepEqual(a.Rank(30), b.Rank(30)) {
		t.Error("the rankings differ")
	}
}

type broken struct{}

func (broken) Rerank(scores []float32, _ []rank.Recent, _ []world.ItemIndex) {
	for k := range scores {
		scores[k] = float32(math.NaN())
	}
}

func TestAnUndoneSignalNeverWasWithEverythingOn(t *testing.T) {
	m, c := shop(t)
	m.NewReranker = func() rank.Reranker { return late{} }
	cfg := rank.DefaultConfig()
	cfg.Adapter, cfg.Habits = 6, 3
	rapid.Check(t, func(t *rapid.T) {
		a, b := mustOpen(&testing.T{}, m, c, cfg), mustOpen(&testing.T{}, m, c, cfg)
		n := rapid.IntRange(1, 25).Draw(t, "n")
		at := rapid.IntRange(0, n-1).Draw(t, "at")
		kind := rapid.SampledFrom([]world.EventKind{world.EventLike, world.EventHide, world.EventCart}).Draw(t, "kind")
		extra := signal.Signal{T: 1, Item: 199, Kind: kind, Preference: 1, Confidence: 3}
		if kind == world.EventHide {
			extra.Preference = 0
		}
		for k := range n {
			if k == at {
				a.Observe(extra)
			}
			s := someSignal(t, m.Items-1, 1)
			a.Observe(s)
			b.Observe(s)
		}
		undo := extra
		undo.Undo = true
		a.Observe(undo)
		b.Observe(undo) // nothing to take back: the same last time, nothing else
		if !bytes.Equal(a.AppendState(nil), b.AppendState(nil)) {
			t.Fatal("the states differ")
		}
		if got, want := a.Rank(m.Items), b.Rank(m.Items); !reflect.DeepEqual(got, want) {
			t.Fatal("the rankings differ")
		}
		restored := mustOpen(&testing.T{}, m, c, cfg)
		if err := restored.RestoreState(a.AppendState(nil)); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(a.Rank(m.Items), restored.Rank(m.Items)) {
			t.Fatal("the restored ranking differs")
		}
	})
}

// Somebody who hides what he looked at long shows that his looks mean little.
func TestLooksCountLessWithWhoHidesWhatHeLookedAt(t *testing.T) {
	cfg := rank.DefaultConfig()
	cfg.Habits = 2
	looks := func(deed world.EventKind) float64 {
		r := mustNew(t, newModel(100, 8, 3), cfg, 1)
		for i := range world.ItemIndex(12) {
			r.Observe(wanted(float64(i), i, world.EventDwell, 1))
			s := wanted(float64(i), i, deed, 3)
			if deed == world.EventHide {
				s.Preference = 0
			}
			r.Observe(s)
		}
		return r.Know(func(world.ItemIndex) string { return "" }).Looks
	}
	if hides, likes := looks(world.EventHide), looks(world.EventLike); hides != 0.5 || !(likes > 1.5 && likes <= 2) {
		t.Errorf("looks count %v with who hides, %v with who likes", hides, likes)
	}
}

func TestTheExportSaysWhatIsKnownAndNothingAfterForget(t *testing.T) {
	m, c := shop(t)
	cfg := rank.DefaultConfig()
	cfg.Memory, cfg.Adapter = 3, 4
	r := mustOpen(t, m, c, cfg)
	name := func(i world.ItemIndex) string { return c.Items[i].ID }
	var fresh bytes.Buffer
	if err := r.Export(&fresh, name); err != nil {
		t.Fatal(err)
	}
	for k := range 5 {
		r.Observe(wanted(float64(k), world.ItemIndex(k), world.EventDwell, 1))
	}
	r.Observe(signal.Signal{T: 6, Item: 9, Kind: world.EventHide, Confidence: 6})
	r.Observe(wanted(7, 11, world.EventCart, 4))
	var out bytes.Buffer
	if err := r.Export(&out, name); err != nil {
		t.Fatal(err)
	}
	var k rank.Knowledge
	if err := json.Unmarshal(out.Bytes(), &k); err != nil {
		t.Fatal(err)
	}
	last := k.Signals[len(k.Signals)-1]
	if len(k.Signals) != 3 || last.Item != name(11) || last.Kind != "cart" || last.Left != 4 || !(k.OlderPositive > 0) ||
		!slices.Equal(k.Hidden, []string{name(9)}) || !slices.Equal(k.Cart, []string{name(11)}) || len(k.Seen) != 5 || len(k.Adapter) != 4 {
		t.Errorf("the export says %s", out.String())
	}
	r.Forget()
	var again bytes.Buffer
	if err := r.Export(&again, name); err != nil || again.String() != fresh.String() {
		t.Errorf("after Forget the export says %s (%v)", again.String(), err)
	}
}

func TestAModelForThatNeedsContentSaysSo(t *testing.T) {
	m, _ := shop(t)
	if _, err := rank.New(m, nil, rank.DefaultConfig(), 1); err == nil {
		t.Error("a blend with content was taken without a catalogue")
	}
}

// The client's model of 50,000 items must fit 32 MB, with all that a model of
// either kind can have.
func TestTheModelOfFiftyThousandItemsFits(t *testing.T) {
	alternating := newModel(50000, 64, 1)
	alternating.Gram = rank.ComputeGram(alternating.Factors, 64)
	alternating.ContentWeights = make([]float32, 64*catalog.FeatureDim)
	regression := newModel(50000, 32, 1)
	regression.Expected = make([]float32, 50000)
	regression.Side = &rank.Side{Dim: 64, Factors: alternating.Factors, Turn: make([]float64, 32*64)}
	regression.ReleaseFactors()
	for what, m := range map[string]*rank.Model{"ALS": alternating, "regression": regression} {
		m.Transitions = someTransitions(t, m.Items, rank.MaxNeighbours, 1)
		m.Blend = rank.Blend{Factors: 1, Transition: 1, Content: 1, Tau: 3, Recent: 20}
		c := &catalog.Catalog{Items: make([]world.Item, m.Items), Features: alternating.Factors}
		r, err := rank.New(m, c, rank.DefaultConfig(), 1)
		if err != nil {
			t.Fatal(err)
		}
		r.Rank(20)
		r.Propose(20)
		total := 0
		for _, p := range r.Memory() {
			t.Logf("%s: %-30s %9.3f MB, shared %v", what, p.What, float64(p.Bytes)/1e6, p.Shared)
			total += p.Bytes
		}
		t.Logf("%s: %-30s %9.3f MB", what, "together", float64(total)/1e6)
		if total > 32e6 {
			t.Errorf("%s: %d bytes", what, total)
		}
	}
}
