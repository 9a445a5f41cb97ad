package rank_test

import (
	"fmt"
	"hash/crc64"
	"math"
	"math/rand/v2"
	"testing"

	"souk/attention/rank"
	"souk/attention/rank/selfattention"
	"souk/world"
)

// someNetwork is a network of random weights.
func someNetwork(tb testing.TB, items, dim, blocks int, weight float32) *selfattention.Network {
	tb.Helper()
	s := selfattention.Shape{Items: items, Dim: dim, Heads: 2, Blocks: blocks, Inner: 2 * dim, Length: 24}
	rng := rand.New(rand.NewPCG(9, uint64(items)))
	small := func(n int, scale float32) []float32 { // no NormFloat64: that is the library's own
		x := make([]float32, n)
		for i := range x {
			x[i] = scale * (rng.Float32() - 0.5)
		}
		return x
	}
	table, scale := selfattention.Quantise(small(items*dim, 1), dim)
	n, err := selfattention.New(s, weight, table, scale, small(s.Weights(), 0.6))
	if err != nil {
		tb.Fatal(err)
	}
	return n
}

func TestANetworkHasTheLastLook(t *testing.T) {
	m, c := shop(t)
	plain := mustOpen(t, m, c, rank.DefaultConfig())
	with := *m
	with.Network = someNetwork(t, m.Items, 16, 1, 0.05)
	r := mustOpen(t, &with, c, rank.DefaultConfig())
	if a, b := plain.Rank(1)[0], r.Rank(1)[0]; a != b {
		t.Errorf("a stranger's first item is %v, with a network %v: there is no history to read", a, b)
	}
	for k, item := range []world.ItemIndex{7, 19, 3} {
		plain.Observe(wanted(float64(k), item, world.EventLike, 3))
		r.Observe(wanted(float64(k), item, world.EventLike, 3))
	}
	scores := map[world.ItemIndex]float32{}
	for _, s := range plain.Rank(200) {
		scores[s.Item] = s.Score
	}
	head := rank.DefaultConfig().Rescore
	var candidates []int32
	ranked := append([]rank.Scored{}, r.Rank(200)...)
	for _, s := range ranked {
		candidates = append(candidates, int32(s.Item))
	}
	want := make([]float32, len(candidates))
	with.Network.NewScorer().Score(want, candidates, []int32{7, 19, 3})
	// What is added differs from item to item as the network's scores do.
	base, moved := ranked[0], 0
	for k, s := range ranked[:min(head, len(ranked))] {
		got := (s.Score - scores[s.Item]) - (base.Score - scores[base.Item])
		if math.Abs(float64(got-0.05*(want[k]-want[0]))) > 1e-4 {
			t.Fatalf("place %d: the network adds %v more than to the first, should add %v", k, got, 0.05*(want[k]-want[0]))
		}
		if math.Abs(float64(got)) > 1e-3 {
			moved++
		}
		sum := 0.0
		for _, p := range r.Parts(nil, s.Item) {
			sum += p.Value
		}
		if math.Abs(sum-float64(s.Score)) > 2e-5 {
			t.Fatalf("item %d: parts sum to %v, score is %v", s.Item, sum, s.Score)
		}
	}
	if moved < 10 {
		t.Errorf("the network moved %d items", moved)
	}
}

func TestANetworkOfOtherItemsIsRefused(t *testing.T) {
	m, c := shop(t)
	m.Network = someNetwork(t, m.Items+1, 16, 1, 1)
	if _, err := rank.New(m, c, rank.DefaultConfig(), 1); err == nil {
		t.Error("a network of 201 items is taken for 200")
	}
}

// TestANetworksScoresAreTheSameInEveryBuild holds the bits of what a network says, with vector
// instructions and without.
func TestANetworksScoresAreTheSameInEveryBuild(t *testing.T) {
	const want = "1584191ed1609de3"
	n := someNetwork(t, 300, 32, 2, 1)
	s := n.NewScorer()
	rng := rand.New(rand.NewPCG(2, 2))
	sum := crc64.New(crc64.MakeTable(crc64.ECMA))
	candidates, scores := make([]int32, 50), make([]float32, 50)
	for k := range 60 {
		history := make([]int32, 1+k)
		for i := range history {
			history[i] = int32(rng.IntN(300))
		}
		for i := range candidates {
			candidates[i] = int32(rng.IntN(300))
		}
		s.Score(scores, candidates, history)
		for _, x := range scores {
			fmt.Fprintf(sum, "%08x,", math.Float32bits(x))
		}
	}
	if got := fmt.Sprintf("%016x", sum.Sum64()); got != want {
		t.Errorf("the scores have the checksum %s, not %s", got, want)
	}
}

func TestRankingWithANetworkAllocatesNothing(t *testing.T) {
	m, c := shop(t)
	m.Network = someNetwork(t, m.Items, 16, 2, 0.1)
	r := mustOpen(t, m, c, rank.DefaultConfig())
	k := 0
	step := func() {
		r.Observe(wanted(float64(k), world.ItemIndex(k*7%m.Items), world.EventLike, 1))
		r.Rank(20)
		k++
	}
	for range 600 { // the memory is full, all scratch is as large as it gets
		step()
	}
	if n := testing.AllocsPerRun(50, step); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// BenchmarkUpdateWithANetwork is BenchmarkUpdate with a last look of 2 blocks at 64 dimensions;
// without one beside it.
func BenchmarkUpdateWithANetwork(b *testing.B) {
	for _, with := range []bool{false, true} {
		b.Run(fmt.Sprintf("network %v", with), func(b *testing.B) {
			m := newModel(50000, 64, 1)
			if with {
				m.Network = someNetwork(b, m.Items, 64, 2, 0.1)
			}
			r := mustNew(b, m, rank.DefaultConfig(), 1)
			for k := range 100 {
				r.Observe(wanted(float64(k), world.ItemIndex(k*13), world.EventLike, 1))
			}
			r.Rank(200)
			b.ReportAllocs()
			for k := 0; b.Loop(); k++ {
				r.Observe(wanted(float64(k), world.ItemIndex(k*7%m.Items), world.EventLike, 1))
				r.Rank(200)
			}
		})
	}
}
