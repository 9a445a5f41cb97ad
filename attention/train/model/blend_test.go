package model

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
)

// stub is a fitted part whose scores a function gives.
type stub func(dst []float32, h History)

func (s stub) Fit(context.Context, *Data, Run) error { return nil }
func (s stub) NewScorer() Scorer                     { return s }
func (s stub) Score(dst []float32, h History)        { s(dst, h) }

// next scores the item behind the last one well, others by chance.
func next(items int, strength float64, seed uint64) stub {
	return func(dst []float32, h History) {
		last := h[len(h)-1].Item
		rng := rand.New(rand.NewPCG(seed, uint64(last)<<8+uint64(len(h))))
		for i := range dst {
			dst[i] = float32(rng.NormFloat64())
		}
		dst[(int(last)+1)%items] += float32(strength)
	}
}

func questions(n, items int) []Case {
	rng := rand.New(rand.NewPCG(6, 6))
	var out []Case
	for range n {
		last := int32(rng.IntN(items))
		target := (last + 1) % int32(items)
		if rng.Float64() < 0.3 {
			target = int32(rng.IntN(items))
		}
		if target == last {
			continue
		}
		h := make(History, 1+rng.IntN(20))
		for i := range h {
			h[i] = Touch{Item: last, Weight: 1}
		}
		out = append(out, Case{History: h, Target: target})
	}
	return out
}

func blendOf(t *testing.T, items int, parts []Part, cases []Case) (*Questions, Weights) {
	t.Helper()
	cfg := DefaultWeights()
	cfg.Depth = 20
	q, err := Ask(context.Background(), items, parts, cases, cfg)
	if err != nil {
		t.Fatal(err)
	}
	w, err := q.Fit(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return q, w
}

func firstTen(place int) float64 {
	if place == 0 || place > 10 {
		return 0
	}
	return 1 / math.Log2(1+float64(place))
}

func TestTheBlendTrustsThePartThatKnows(t *testing.T) {
	const items = 60
	parts := []Part{{"chance", next(items, 0, 1)}, {"knows", next(items, 3, 2)}, {"knows too", next(items, 3, 3)}, {"silent", stub(func(dst []float32, _ History) { clear(dst) })}}
	q, w := blendOf(t, items, parts, questions(1500, items))
	if w.Values[10] < 5*math.Abs(w.Values[2]) && w.Values[8] < 5*math.Abs(w.Values[0]) {
		t.Errorf("weights are %v", w.Values)
	}
	for i := 12; i < 16; i++ {
		if math.Abs(w.Values[i]) > 1e-3 {
			t.Errorf("a part that says nothing has weights %v", w.Values[12:])
		}
	}
	all, err := q.Halves(context.Background(), DefaultWeights(), firstTen)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"knows", "knows too"} {
		less, err := q.Without(name).Halves(context.Background(), DefaultWeights(), firstTen)
		if err != nil {
			t.Fatal(err)
		}
		if !(all > less+0.02) {
			t.Errorf("both parts that know reach %.4f, without %q %.4f", all, name, less)
		}
	}
	less, err := q.Without("chance").Halves(context.Background(), DefaultWeights(), firstTen)
	if err != nil || math.Abs(all-less) > 0.02 {
		t.Errorf("without the part that guesses %.4f beside %.4f, %v", less, all, err)
	}
}

func TestTheMixRanksAsTheWeightsWereLearned(t *testing.T) {
	const items = 60
	parts := []Part{{"a", next(items, 1, 4)}, {"b", next(items, 2, 5)}}
	cases := questions(800, items)
	q, w := blendOf(t, items, parts, cases)
	m, err := Mix(items, parts, w)
	if err != nil {
		t.Fatal(err)
	}
	for k, c := range cases[:100] {
		learned := q.list[k].place(w.Values)
		got := scores(m, items, c.History)
		better := 0
		for i, s := range got {
			if s > got[c.Target] && !slices.ContainsFunc(c.History, func(t Touch) bool { return int(t.Item) == i }) {
				better++
			}
		}
		// The places agree while all better items are candidates.
		if learned > 0 && learned <= 10 && better+1 != learned {
			t.Fatalf("case %d: place %d in learning, %d in the mix", k, learned, better+1)
		}
	}
}

func TestLongHistoriesMayTrustAnotherPart(t *testing.T) {
	const items = 50
	short := stub(func(dst []float32, h History) { knowsIf(dst, h, len(h) < 8) })
	long := stub(func(dst []float32, h History) { knowsIf(dst, h, len(h) >= 8) })
	_, w := blendOf(t, items, []Part{{"short", short}, {"long", long}}, questions(1500, items))
	if !(w.Values[3]+w.Values[1] < -0.05 && w.Values[7]+w.Values[5] > 0.05) {
		t.Errorf("weights are %v: the part for short histories must lose with length and the other gain", w.Values)
	}
}

func knowsIf(dst []float32, h History, knows bool) {
	last := int(h[len(h)-1].Item)
	rng := rand.New(rand.NewPCG(9, uint64(last*100+len(h))))
	for i := range dst {
		dst[i] = float32(rng.NormFloat64())
	}
	if knows {
		dst[(last+1)%len(dst)] += 3
	}
}

func TestWeightsDoNotDependOnTheCores(t *testing.T) {
	const items = 40
	parts := []Part{{"a", next(items, 1, 4)}, {"b", next(items, 2, 5)}}
	cases := questions(1200, items)
	var all []Weights
	for _, cores := range []int{1, 4} {
		before := runtime.GOMAXPROCS(cores)
		_, w := blendOf(t, items, parts, cases)
		runtime.GOMAXPROCS(before)
		all = append(all, w)
	}
	if !slices.Equal(all[0].Values, all[1].Values) {
		t.Errorf("one core: %v, four: %v", all[0].Values, all[1].Values)
	}
}

func TestTheGradientOfTheWeightsIsThatOfTheLoss(t *testing.T) {
	const items = 30
	q, _ := blendOf(t, items, []Part{{"a", next(items, 1, 4)}, {"b", next(items, 2, 5)}}, questions(200, items))
	p := blendProblem{ridge: 3}
	for _, c := range q.list {
		if c.target >= 0 {
			p.list = append(p.list, c)
		}
	}
	x := []float64{0.3, -0.1, 0.7, 0.2, -0.4, 0.1, 0.5, 0.05}
	g := make([]float64, len(x))
	p.at(context.Background(), g, x)
	for i := range x {
		const e = 1e-5
		up, down := slices.Clone(x), slices.Clone(x)
		up[i], down[i] = x[i]+e, x[i]-e
		want := (p.at(context.Background(), nil, up) - p.at(context.Background(), nil, down)) / (2 * e)
		if math.Abs(want-g[i]) > 1e-6*(1+math.Abs(want)) {
			t.Errorf("gradient %d is %v, by differences %v", i, g[i], want)
		}
	}
}

func TestScoresThatAreNoNumberDoNotSpoilTheBlend(t *testing.T) {
	const items = 40
	broken := stub(func(dst []float32, h History) {
		for i := range dst {
			dst[i] = float32(math.NaN())
		}
		dst[3] = float32(math.Inf(1))
	})
	parts := []Part{{"broken", broken}, {"knows", next(items, 4, 2)}}
	_, w := blendOf(t, items, parts, questions(300, items))
	m, err := Mix(items, parts, w)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range scores(m, items, history(5)) {
		if s != s || math.IsInf(float64(s), 0) {
			t.Fatalf("item %d scores %v", i, s)
		}
	}
}

func TestAMixOfOtherPartsIsRefused(t *testing.T) {
	w := Weights{Parts: []string{"a"}, Values: make([]float64, 4)}
	if _, err := Mix(5, []Part{{"b", next(5, 1, 1)}}, w); err == nil {
		t.Error("weights of other parts are taken")
	}
	if _, err := Mix(5, []Part{{"a", next(5, 1, 1)}}, Weights{Parts: []string{"a"}}); err == nil {
		t.Error("weights without values are taken")
	}
}

func TestTheBlendFitsFromDataAlone(t *testing.T) {
	d := chains(400, 40, 11)
	m := fit(t, "blend", Settings{"attention": 0}, d, 1)
	hidden := chains(300, 40, 12)
	var cases []Case
	for _, h := range hidden.Histories {
		cases = append(cases, Case{History: h[:len(h)-1], Target: h[len(h)-1].Item})
	}
	blend := NDCGAt10(40, m.NewScorer, cases, 300)
	for _, name := range []string{"popularity", "als"} {
		if alone := NDCGAt10(40, fit(t, name, nil, d, 1).NewScorer, cases, 300); !(blend > alone) {
			t.Errorf("the blend reaches %.4f, %s alone %.4f", blend, name, alone)
		}
	}
}

// TestWhereOrderSaysNothingTasteCarriesTheBlend shuffles what comes next: people have a
// taste for one of a few camps of items and take them in any order.
func TestWhereOrderSaysNothingTasteCarriesTheBlend(t *testing.T) {
	const camps, size = 12, 25
	rng := rand.New(rand.NewPCG(4, 8))
	d := &Data{Items: camps * size}
	var cases []Case
	for range 900 {
		mine := [2]int{rng.IntN(camps), rng.IntN(camps)}
		var h []int32
		for len(h) < 9 {
			item := int32(mine[rng.IntN(2)]*size + int(size*math.Pow(rng.Float64(), 1.5)))
			if rng.Float64() < 0.1 {
				item = int32(rng.IntN(d.Items))
			}
			if !slices.Contains(h, item) {
				h = append(h, item)
			}
		}
		all := history(h...)
		d.Histories = append(d.Histories, all[:8])
		cases = append(cases, Case{History: all[:8], Target: h[8]})
	}
	blend := NDCGAt10(d.Items, fit(t, "blend", Settings{"attention": 0}, d, 1).NewScorer, cases, 900)
	for _, name := range classic {
		if alone := NDCGAt10(d.Items, fit(t, name, nil, d, 1).NewScorer, cases, 900); !(blend > 0.97*alone) {
			t.Errorf("the blend reaches %.4f, %s alone %.4f", blend, name, alone)
		}
	}
}

func TestOnePartAloneIsTakenWhereTheBlendIsWorse(t *testing.T) {
	const items = 200
	parts := []Part{{"knows", next(items, 4, 2)}}
	for p := range 12 { // chance is learned from a handful of cases
		parts = append(parts, Part{string(rune('a' + p)), next(items, 0, uint64(10+p))})
	}
	cfg := DefaultWeights()
	cfg.Ridge = 0
	q, err := Ask(context.Background(), items, parts, questions(40, items), cfg)
	if err != nil {
		t.Fatal(err)
	}
	halves, err := q.Halves(context.Background(), cfg, firstTen)
	if err != nil {
		t.Fatal(err)
	}
	w, value, err := q.Choose(context.Background(), cfg, firstTen)
	if err != nil {
		t.Fatal(err)
	}
	if !(value > halves) || w.Values[2] != 1 || w.Values[6] != 0 {
		t.Errorf("the blend of a few cases reaches %.4f, chosen are weights of %.4f: %v", halves, value, w.Values[:8])
	}
}
