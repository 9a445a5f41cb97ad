package rank_test

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"souk/attention/rank"
	"souk/attention/signal"
	"souk/world"
)

// beforeSide is a state as rankers wrote it before there was side information.
func beforeSide(state []byte) []byte {
	old := append([]byte{1}, state[1:5]...)
	return append(old, state[9:]...)
}

// TestAStateFromBeforeSideInformationIsTakenUp holds that nobody becomes a stranger because Souk has learned to look at attributes: where
// the side information adds nothing, an old state ranks as it did, signals that have left the memory included.
func TestAStateFromBeforeSideInformationIsTakenUp(t *testing.T) {
	m := expecting(60, 5)
	m.Side = turned(m)
	cfg := rank.DefaultConfig()
	cfg.Memory, cfg.Side = 8, false
	old := mustNew(t, m, cfg, 1)
	for k := range 30 {
		old.Observe(signal.Signal{T: float64(k), Item: world.ItemIndex(k * 7 % 60), Kind: world.EventDwell, Preference: float32(k % 2), Confidence: 0.5, Dwell: 1})
	}
	cfg.Side = true
	for name, state := range map[string][]byte{"before": beforeSide(old.AppendState(nil)), "without": old.AppendState(nil)} {
		r := mustNew(t, m, cfg, 1)
		if err := r.RestoreState(state); err != nil {
			t.Fatal(name, err)
		}
		want := make(map[world.ItemIndex]float32)
		for _, s := range old.Rank(60) {
			want[s.Item] = s.Score
		}
		for _, s := range r.Rank(60) {
			if math.Abs(float64(s.Score-want[s.Item])) > 1e-5 {
				t.Fatalf("%s: item %d scores %v, and %v before", name, s.Item, s.Score, want[s.Item])
			}
		}
	}
	cfg.Side = false
	with := mustNew(t, m, rank.DefaultConfig(), 1)
	cfg.Memory = rank.DefaultConfig().Memory
	if err := mustNew(t, m, cfg, 1).RestoreState(with.AppendState(nil)); err == nil || !strings.Contains(err.Error(), "other side information") {
		t.Errorf("a state with side information restored without it: %v", err)
	}
}

// turned is side information that adds nothing: the factors with their axes in the opposite order, and one that is empty.
func turned(m *rank.Model) *rank.Side {
	d, w := m.Dim, m.Dim+1
	s := &rank.Side{Dim: w, Factors: make([]float32, m.Items*w), Turn: make([]float64, d*w)}
	for k := range d {
		s.Turn[k*w+d-1-k] = 1
		for i := range m.Items {
			s.Factors[i*w+d-1-k] = m.Factors[i*d+k]
		}
	}
	return s
}

func TestAnUndoneSignalNeverWasWithSideInformation(t *testing.T) {
	m := expecting(40, 4)
	m.Side = beside(m, 3)
	cfg := rank.DefaultConfig()
	cfg.Memory = 64
	rapid.Check(t, func(t *rapid.T) {
		a, err := rank.New(m, nil, cfg, 1)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := rank.New(m, nil, cfg, 1)
		liked := world.ItemIndex(rapid.IntRange(0, 39).Draw(t, "liked"))
		n := rapid.IntRange(0, 20).Draw(t, "signals")
		like := rapid.IntRange(0, n).Draw(t, "when")
		for k := range n + 1 {
			if k == like {
				a.Observe(wanted(float64(k), liked, world.EventLike, 3))
			}
			s := signal.Signal{T: float64(k), Item: world.ItemIndex(rapid.IntRange(0, 39).Draw(t, "item")), Kind: world.EventDwell,
				Preference: float32(rapid.IntRange(0, 1).Draw(t, "p")), Confidence: 0.5, Dwell: 1}
			a.Observe(s)
			b.Observe(s)
			a.Rank(3)
		}
		undo := wanted(99, liked, world.EventLike, 3)
		undo.Undo = true
		a.Observe(undo)
		x, y := a.Rank(40), b.Rank(40)
		for k := range x {
			if x[k] != y[k] {
				t.Fatalf("place %d: %+v, and %+v had the like never come", k, x[k], y[k])
			}
		}
	})
}

// TestWhatWasSaidOfAnItemItselfCounts: two items alike in all that is known of them are told apart by an answer.
func TestWhatWasSaidOfAnItemItselfCounts(t *testing.T) {
	m := expecting(30, 4)
	copy(m.Factors[4:8], m.Factors[:4])
	m.Expected[1] = m.Expected[0]
	score := func(cfg rank.Config) (of, twin float32) {
		r := mustNew(t, m, cfg, 1)
		r.Observe(wanted(1, 0, world.EventLike, 3))
		for _, s := range r.Rank(30) {
			switch s.Item {
			case 0:
				of = s.Score
			case 1:
				twin = s.Score
			}
		}
		return of, twin
	}
	cfg := rank.DefaultConfig()
	if of, twin := score(cfg); !(of > twin) {
		t.Errorf("liked %v, its twin %v", of, twin)
	}
	cfg.Itself = 0
	if of, twin := score(cfg); of != twin {
		t.Errorf("by factors alone liked %v, its twin %v", of, twin)
	}
}

func TestSideInformationOfAnotherSizeIsRefused(t *testing.T) {
	for _, c := range []struct {
		spoil func(*rank.Model)
		say   string
	}{
		{func(m *rank.Model) { m.Side.Factors = m.Side.Factors[1:] }, "279 and 28 numbers, not 40 × 7 and 4 × 7"},
		{func(m *rank.Model) { m.Side.Factors[8] = float32(math.Inf(1)) }, "side information of item 1"},
		{func(m *rank.Model) { m.Side.Turn[0] = math.NaN() }, "the turn of its side information"},
		{func(m *rank.Model) { m.Side.Dim = 0 }, "0 dimensions"},
		{func(m *rank.Model) { m.Expected = nil }, "expects nothing"},
	} {
		m := expecting(40, 4)
		m.Side = beside(m, 3)
		if c.spoil(m); m.Check() == nil || !strings.Contains(m.Check().Error(), c.say) {
			t.Errorf("error %v, want %q in it", m.Check(), c.say)
		}
	}
}

// TestReleasedFactorsAreNotMissed: with side information a model ranks, and takes states up, as with the factors that it stands for;
// and where the settings do without, one sentence says what to do.
func TestReleasedFactorsAreNotMissed(t *testing.T) {
	whole, slim := expecting(60, 5), expecting(60, 5)
	whole.Side, slim.Side = turned(whole), turned(slim)
	slim.ReleaseFactors()
	slim.ReleaseFactors() // once more changes nothing
	if slim.Factors != nil {
		t.Fatal("they are still there")
	}
	cfg := rank.DefaultConfig()
	a, b := mustNew(t, whole, cfg, 1), mustNew(t, slim, cfg, 1)
	for k := range 30 {
		s := signal.Signal{T: float64(k), Item: world.ItemIndex(k * 7 % 60), Kind: world.EventDwell, Preference: float32(k % 2), Confidence: 0.5, Dwell: 1}
		a.Observe(s)
		b.Observe(s)
	}
	if diff := cmp.Diff(slices.Clone(a.Rank(60)), slices.Clone(b.Rank(60))); diff != "" {
		t.Errorf("without the factors it ranks otherwise:\n%s", diff)
	}
	state := a.AppendState(nil)
	if !bytes.Equal(state, b.AppendState(nil)) {
		t.Error("the states differ")
	}
	if err := mustNew(t, slim, cfg, 1).RestoreState(state); err != nil {
		t.Error(err)
	}
	cfg.Side = false
	if _, err := rank.New(slim, nil, cfg, 1); err == nil || !strings.Contains(err.Error(), "open the model anew") {
		t.Errorf("a ranker without side information of released factors: %v", err)
	}
}
