package model

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// classic are the models that count and factorise: quick enough for every test.
var classic = []string{"popularity", "transitions", "item-knn", "user-knn", "linear", "als"}

func history(items ...int32) History {
	h := make(History, len(items))
	for i, item := range items {
		h[i] = Touch{Item: item, Weight: 1, Time: float64(i)}
	}
	return h
}

func data(items int, histories ...History) *Data { return &Data{Items: items, Histories: histories} }

// chains are people who mostly go from item to item+1 round a ring, jump at
// times, and like the first items best.
func chains(people, items int, seed uint64) *Data {
	rng := rand.New(rand.NewPCG(seed, 1))
	d := &Data{Items: items}
	for range people {
		at := rng.IntN(items)
		var h []int32
		for range 5 + rng.IntN(8) {
			h = append(h, int32(at))
			if rng.Float64() < 0.7 {
				at = (at + 1) % items
			} else {
				at = int(float64(items) * math.Pow(rng.Float64(), 2))
			}
		}
		d.Histories = append(d.Histories, history(h...))
	}
	return d
}

func fit(t testing.TB, name string, set Settings, d *Data, seed uint64) Model {
	t.Helper()
	spec, err := Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	m, err := spec.New(set)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Fit(context.Background(), d, Run{Seed: seed}); err != nil {
		t.Fatal(err)
	}
	return m
}

func scores(m Model, items int, h History) []float32 {
	dst := make([]float32, items)
	for i := range dst {
		dst[i] = float32(math.NaN()) // a scorer that leaves something out shows
	}
	m.NewScorer().Score(dst, h)
	return dst
}

func close32(a, b float32) bool {
	return math.Abs(float64(a-b)) <= 1e-4*(1+math.Abs(float64(b)))
}

func TestTransitionsKnowTheDirection(t *testing.T) {
	d := data(4, history(0, 1, 2), history(0, 1), history(3, 0))
	m := fit(t, "transitions", Settings{"back": 0.25, "source": 0, "target": 0, "window": 2, "tau": 1}, d, 1)
	got := scores(m, 4, history(0))
	for i, want := range []float32{0, 2, 0.5, 0.25} { // twice next; once after next: 1/2; once before
		if !close32(got[i], want) {
			t.Errorf("after 0, item %d scores %v, want %v", i, got[i], want)
		}
	}
	both, old := scores(m, 4, history(3, 0)), scores(m, 4, history(3))
	for i := range both {
		if want := got[i] + old[i]/float32(math.E); !close32(both[i], want) {
			t.Errorf("item %d scores %v after two touches, want %v: the older counts 1/e", i, both[i], want)
		}
	}
}

func TestWhatIsCommonIsScaledDown(t *testing.T) {
	d := data(4, history(0, 1), history(0, 2), history(3, 1), history(3, 1), history(3, 1))
	for _, name := range []string{"transitions", "item-knn"} {
		m := fit(t, name, Settings{"target": 0.9, "shrink": 1}, d, 1)
		if got := scores(m, 4, history(0)); !(got[2] > got[1]) {
			t.Errorf("%s: item 1, which many have, scores %v beside %v of the rarer 2", name, got[1], got[2])
		}
	}
}

func TestItemNeighboursAreCosineWithHalfPowers(t *testing.T) {
	d := data(3, history(0, 1), history(1, 0), history(0, 2), history(1))
	m := fit(t, "item-knn", Settings{"source": 0.5, "target": 0.5, "people": 0, "shrink": 0}, d, 1)
	got := scores(m, 3, history(0))
	// 0 and 1 are touched three times each, 2 once; 0 and 1 share two people, 0 and 2 one.
	if !close32(got[1], 2.0/3) || !close32(got[2], float32(1/math.Sqrt(3))) || got[0] != 0 {
		t.Errorf("cosines with 0 are %v", got)
	}
}

func TestPopularityListensToTheLastTouches(t *testing.T) {
	d := data(3, history(0, 0, 0, 1), history(0, 1), history(2))
	if all := scores(fit(t, "popularity", Settings{"tau": 1000}, d, 1), 3, nil); !(all[0] > all[1] && all[1] > all[2]) {
		t.Errorf("by all touches: %v", all)
	}
	if late := scores(fit(t, "popularity", Settings{"tau": 0.5}, d, 1), 3, nil); !(late[1] > late[0]) {
		t.Errorf("by the last touches: %v", late)
	}
}

func TestUserNeighboursVoteForWhatCameNext(t *testing.T) {
	d := data(6, history(0, 1, 2), history(0, 1, 2), history(3, 1, 4), history(5, 3))
	m := fit(t, "user-knn", Settings{"near": 0.5, "back": 0.2}, d, 1)
	got := scores(m, 6, history(0, 1))
	if !(got[2] > got[4] && got[4] > got[3] && got[3] > 0) || got[5] != 0 {
		t.Errorf("after 0 and 1 the scores are %v", got)
	}
	few := fit(t, "user-knn", Settings{"people": 20}, chains(400, 30, 2), 1)
	s := few.NewScorer()
	first, again := make([]float32, 30), make([]float32, 30)
	s.Score(first, history(1, 2, 3))
	s.Score(again, history(9))
	s.Score(again, history(1, 2, 3))
	if !slices.Equal(first, again) {
		t.Error("a scorer remembers the person before")
	}
}

// TestLinearIsTheRidgeRegression compares with dense matrices: rows of inputs
// for all places, solved as a whole.
func TestLinearIsTheRidgeRegression(t *testing.T) {
	const items, tau, both, ridge, last = 9, 2.0, 0.4, 3.0, 4
	d := chains(60, items, 5)
	m := fit(t, "linear", Settings{"neighbours": 400, "ridge": ridge, "input": tau, "both": both, "people": 0, "target": 0, "last": last}, d, 1).(*linear)
	var x, y []float64
	rows := 0
	for _, h := range d.Histories {
		for at := range h {
			in, out := make([]float64, items), make([]float64, items)
			for other := range h {
				if gap := at - other; gap > 0 && gap <= last {
					in[h[other].Item] += math.Exp(-float64(gap-1) / tau)
				} else if gap < 0 && -gap <= last {
					in[h[other].Item] += both * math.Exp(-float64(-gap-1)/tau)
				}
			}
			out[h[at].Item] = 1
			x, y = append(x, in...), append(y, out...)
			rows++
		}
	}
	for j := range items {
		X := mat.NewDense(rows, items, slices.Clone(x))
		for r := range rows {
			X.Set(r, j, 0) // an item is no input of its own
		}
		Y := mat.NewVecDense(rows, nil)
		for r := range rows {
			Y.SetVec(r, y[r*items+j])
		}
		var g mat.Dense
		g.Mul(X.T(), X)
		for i := range items {
			g.Set(i, i, g.At(i, i)+ridge)
		}
		var xy, b mat.VecDense
		xy.MulVec(X.T(), Y)
		if err := b.SolveVec(&g, &xy); err != nil {
			t.Fatal(err)
		}
		for i := range items {
			row := make([]float32, items)
			m.table.add(row, int32(i), 1)
			if i != j && math.Abs(float64(row[j])-b.AtVec(i)) > 2e-3*(1+math.Abs(b.AtVec(i))) {
				t.Errorf("weight of %d for %d is %v, by dense matrices %v", i, j, row[j], b.AtVec(i))
			}
		}
	}
}

func TestFactorsPreferTheLastTouches(t *testing.T) {
	// Two camps of items; a person went from one to the other.
	d := &Data{Items: 20}
	rng := rand.New(rand.NewPCG(3, 3))
	for u := range 200 {
		var h []int32
		for range 6 {
			h = append(h, int32(rng.IntN(10)+10*(u%2)))
		}
		d.Histories = append(d.Histories, history(h...))
	}
	share := func(tau float64) float32 {
		got := scores(fit(t, "als", Settings{"dim": 8, "tau": tau, "floor": 0}, d, 1), 20, history(0, 1, 2, 11, 12))
		var first, second float32
		for i := range 10 {
			first, second = first+got[i], second+got[10+i]
		}
		return second / first
	}
	if even, late := share(1000), share(1); !(late > 1 && even < 1 && late > 1.2*even) {
		t.Errorf("the camp gone to scores %v of the one left behind, with all touches alike %v", late, even)
	}
}

func TestWrittenFactorsAreReadBack(t *testing.T) {
	d := chains(100, 30, 4)
	m := fit(t, "als", Settings{"dim": 8, "popular": 0.2}, d, 1).(*factors)
	text, err := m.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	other, err := newALS(Settings{"dim": 8, "popular": 0.2})
	if err != nil {
		t.Fatal(err)
	}
	if err := other.(*factors).UnmarshalBinary(text); err != nil {
		t.Fatal(err)
	}
	h := d.Histories[3]
	if !slices.Equal(scores(m, 30, h), scores(other, 30, h)) {
		t.Error("factors read back score otherwise")
	}
	wide, _ := newALS(Settings{"dim": 16})
	if err := wide.(*factors).UnmarshalBinary(text); err == nil {
		t.Error("factors of another width are taken")
	}
	if err := wide.(*factors).UnmarshalBinary(text[:len(text)/2]); err == nil {
		t.Error("half of the bytes are taken")
	}
}

func TestAModelIsTheSameHoweverManyCores(t *testing.T) {
	d := chains(300, 40, 7)
	h := d.Histories[5]
	for _, name := range classic {
		var all [][]float32
		for _, cores := range []int{1, 4} {
			before := runtime.GOMAXPROCS(cores)
			all = append(all, scores(fit(t, name, nil, d, 1), d.Items, h))
			runtime.GOMAXPROCS(before)
		}
		if !slices.Equal(all[0], all[1]) {
			t.Errorf("%s: one core and four give other scores", name)
		}
	}
}

func TestEveryModelScoresEveryItemOfAnyone(t *testing.T) {
	d := chains(80, 25, 8)
	d.Histories = append(d.Histories, nil, history(3))
	for _, name := range classic {
		m := fit(t, name, nil, d, 1)
		for _, h := range []History{nil, history(0), history(3, 3, 3), d.Histories[0]} {
			for i, s := range scores(m, d.Items, h) {
				if s != s || math.IsInf(float64(s), 0) {
					t.Errorf("%s: item %d scores %v after %d touches", name, i, s, len(h))
					break
				}
			}
		}
	}
}

func TestTinyDataIsFittedWithoutComplaint(t *testing.T) {
	for _, name := range classic {
		for _, d := range []*Data{data(1, history(0)), data(2), data(3, nil, nil), data(2, history(0, 0, 0))} {
			scores(fit(t, name, nil, d, 1), d.Items, history(0))
		}
	}
}

func TestACancelledFitSaysSo(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, name := range classic {
		spec, _ := Lookup(name)
		m, err := spec.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Fit(ctx, chains(50, 20, 1), Run{Seed: 1}); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestASettingOutOfRangeIsNamed(t *testing.T) {
	for _, name := range append(slices.Clone(classic), "content", "blend") {
		spec, err := Lookup(name)
		if err != nil {
			t.Fatal(err)
		}
		if spec.About == "" || spec.Source == "" {
			t.Errorf("%s does not say what it is and where it is from", name)
		}
		if _, err := spec.New(Settings{"colour": 1}); err == nil || !strings.Contains(err.Error(), `"colour"`) {
			t.Errorf("%s: an unknown setting: %v", name, err)
		}
		for _, p := range spec.Parameters {
			if p.Default < p.Low || p.Default > p.High || p.About == "" {
				t.Errorf("%s: the default of %s is outside of its range, or nothing is said of it", name, p.Name)
			}
			for _, v := range []float64{p.High + 1, p.Low - 1, math.NaN()} {
				if _, err := spec.New(Settings{p.Name: v}); err == nil || !strings.Contains(err.Error(), p.Name) {
					t.Errorf("%s: %s of %v: %v", name, p.Name, v, err)
				}
			}
		}
	}
}

func TestContentReachesWhatNobodyTouched(t *testing.T) {
	d := chains(200, 24, 3)
	d.Items, d.Width = 26, 3 // the last two were never touched
	for i := range d.Items {
		first := float32(0)
		if i < 12 || i == 24 {
			first = 1
		}
		d.Features = append(d.Features, first, 1-first, 1)
	}
	// Whoever stays among the first twelve.
	var h []History
	for u := range 200 {
		base := int32(12 * (u % 2))
		h = append(h, history(base+int32(u%11), base+int32((u*5)%11), base+int32((u*7)%12)))
	}
	d.Histories = h
	m := fit(t, "content", nil, d, 1)
	if got := scores(m, d.Items, history(1, 2, 3)); !(got[24] > got[25]+1e-3) {
		t.Errorf("the new item of the liked kind scores %v, the other %v", got[24], got[25])
	}
	spec, _ := Lookup("content")
	bare, _ := spec.New(nil)
	if err := bare.Fit(context.Background(), chains(9, 9, 9), Run{}); !errors.Is(err, ErrNoFeatures) {
		t.Errorf("without features: %v", err)
	}
}
