package rank

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestTheBestAreThoseOfASort(t *testing.T) {
	var best top
	rapid.Check(t, func(t *rapid.T) {
		n, k := rapid.IntRange(0, 4000).Draw(t, "n"), rapid.IntRange(-1, 700).Draw(t, "k")
		kinds := rapid.SampledFrom([]int{1, 3, 100, 1 << 20}).Draw(t, "different scores")
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		scores := make([]float32, n)
		var want []int32
		for i := range scores {
			switch scores[i] = float32(rng.IntN(kinds)-kinds/2) / 8; rng.IntN(8) {
			case 0:
				scores[i] = float32(math.Inf(-1))
				continue
			case 1:
				scores[i] = float32(math.Copysign(0, -1))
			}
			want = append(want, int32(i))
		}
		if rapid.Bool().Draw(t, "rising") { // the worst case for a floor
			slices.Sort(scores)
			want = want[:0]
			for i, s := range scores {
				if s > float32(math.Inf(-1)) {
					want = append(want, int32(i))
				}
			}
		}
		slices.SortStableFunc(want, func(i, j int32) int { return cmp.Compare(scores[j]+0, scores[i]+0) })
		want = want[:max(0, min(k, len(want)))]
		got := best.pick(scores, k)
		if len(got) != len(want) {
			t.Fatalf("%d of %d", len(got), len(want))
		}
		for x, key := range got {
			if keyIndex(key) != want[x] || keyScore(key) != scores[want[x]] {
				t.Fatalf("place %d: item %d with %v, want %d with %v", x, keyIndex(key), keyScore(key), want[x], scores[want[x]])
			}
		}
	})
}

// BenchmarkPick is the best 576 of 50,000, beside a sort of all.
func BenchmarkPick(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	scores := make([]float32, 50000)
	for i := range scores {
		scores[i] = rng.Float32()
	}
	var best top
	b.Run("select", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			best.choose(scores, 576)
		}
	})
	b.Run("sort", func(b *testing.B) {
		b.ReportAllocs()
		keys := make([]uint64, len(scores))
		for b.Loop() {
			for i, s := range scores {
				keys[i] = key(s, int32(i))
			}
			slices.Sort(keys)
		}
	})
}
