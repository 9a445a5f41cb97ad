package rank_test

import (
	"math"
	"slices"
	"testing"

	"souk/attention/rank"
	"souk/world"
)

// followers counts what people go on to within ten items, by one over the gap,
// scaled down by how common both are: all but each one's last items.
func followers(tb testing.TB, sequences [][]int32, items, width int) *rank.Transitions {
	tb.Helper()
	counts := make([]float64, items)
	rows := make([]map[int32]float64, items)
	for i := range rows {
		rows[i] = map[int32]float64{}
	}
	for _, s := range sequences {
		s = s[:len(s)-1]
		for k, i := range s {
			counts[i]++
			for gap := 1; gap <= 10 && k+gap < len(s); gap++ {
				rows[i][s[k+gap]] += 1 / float64(gap)
				rows[s[k+gap]][i] += 0.5 / float64(gap)
			}
		}
	}
	t, err := rank.NewTransitions(items, width, func(i int) []rank.Neighbour {
		var row []rank.Neighbour
		for j, w := range rows[i] {
			if int(j) != i {
				row = append(row, rank.Neighbour{Item: j, Weight: float32(w / math.Sqrt((counts[i]+5)*(counts[j]+5)))})
			}
		}
		return row
	})
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

// hitRate is the share of people whose held-out item is among the ten best of
// those that they had not touched.
func hitRate(tb testing.TB, m *rank.Model, people [][]int32) float64 {
	tb.Helper()
	r := mustNew(tb, m, rank.DefaultConfig(), 1)
	hits := 0
	for _, s := range people {
		at := len(s) - 1
		watch(r, s[:at])
		place := 0
		for _, x := range r.Rank(10 + at) {
			if slices.Contains(s[:at], int32(x.Item)) {
				continue
			}
			if place++; place > 10 {
				break
			}
			if x.Item == world.ItemIndex(s[at]) {
				hits++
			}
		}
	}
	return float64(hits) / float64(len(people))
}

// Whether the table that fits a client is enough: what the device itself finds of real
// people's next items, with factors alone and with transitions in a byte each. The
// weights are not tuned: it is the table's width that is looked at.
func TestTransitionsOnTheDeviceFindWhatRealPeopleTakeNext(t *testing.T) {
	if testing.Short() {
		t.Skip("trains a model")
	}
	m, sequences := beautyModel(t)
	m.Popularity = slices.Clone(m.Popularity) // of the items by how often they were taken
	counts := make([]float64, m.Items)
	total := 0.0
	for _, s := range sequences {
		for _, i := range s[:len(s)-1] {
			counts[i]++
			total++
		}
	}
	for i, c := range counts {
		m.Popularity[i] = float32(math.Log((c + 0.5) / (total + 0.5*float64(m.Items))))
	}
	people := make([][]int32, 0, 1500)
	for u := 0; u < len(sequences) && len(people) < cap(people); u += 14 {
		people = append(people, sequences[u])
	}
	m.Blend = rank.Blend{Factors: 1, Prior: 0.05, Tau: 4, Recent: 20}
	alone := hitRate(t, m, people)
	t.Logf("factors alone: HR@10 %.4f of %d people", alone, len(people))
	m.Blend.Transition = 2
	var with float64
	for _, width := range []int{8, 16, 32, 64} {
		m.Transitions = followers(t, sequences, m.Items, width)
		with = hitRate(t, m, people)
		t.Logf("%2d neighbours, %5.2f MB: HR@10 %.4f", width, float64(m.Transitions.Bytes())/1e6, with)
	}
	if !(with > 1.2*alone) {
		t.Errorf("HR@10 %.4f with transitions, %.4f without: want a fifth more", with, alone)
	}
}
