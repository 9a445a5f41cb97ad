package place

import (
	"math/rand/v2"
	"sync"
	"testing"

	"souk/attention/rank"
	"souk/world"
	"souk/world/catalog"
	"souk/world/plan"
)

// market is a real plan of a real catalogue, made once.
var market = sync.OnceValues(func() (*plan.Plan, error) {
	c, err := catalog.Generate(2000, 1)
	if err != nil {
		return nil, err
	}
	return plan.New(c, 1)
})

// scene is a placer in the middle of a choice: pedestals near, some with items,
// and a draw of candidates.
func scene(tb testing.TB, slots, candidates int, seed uint64) *Placer {
	tb.Helper()
	market, err := market()
	if err != nil {
		tb.Fatal(err)
	}
	c := market.Catalog()
	p := NewPlacer(DefaultConfig(), market, c)
	rng := rand.New(rand.NewPCG(seed, 1))
	order := rng.Perm(len(c.Items))
	for i := range slots {
		item := world.ItemIndex(order[i])
		if i%4 == 0 {
			item = world.NoItem
		}
		p.near = append(p.near, slotNow{slot: p.first + world.SlotIndex(i), item: item, view: -1, free: true})
	}
	for _, i := range order[slots : slots+candidates] {
		p.cands = append(p.cands, rank.Candidate{Scored: rank.Scored{Item: world.ItemIndex(i)}, Propensity: 1})
	}
	return p
}

// naive is maximal marginal relevance by its definition: for a slot, each
// candidate against each standing item, nothing kept, nothing pruned.
func naive(p *Placer, k int) (best int, value float64) {
	best, value = -1, 0
	for i, c := range p.cands {
		most := float32(0)
		for j, n := range p.near {
			if j != k && n.item != world.NoItem {
				most = max(most, p.similarity(c.Item, n.item))
			}
		}
		v := p.cfg.Relevance*p.relevance(i) - (1-p.cfg.Relevance)*float64(most)
		if best < 0 || v > value {
			best, value = i, v
		}
	}
	return best, value
}

// quick is the same with the table and the bound that fill uses.
func quick(p *Placer, k int) (best int, value float64) {
	return p.best(k, func(int) bool { return true })
}

func TestTheQuickChoiceIsTheNaiveOne(t *testing.T) {
	for seed := range uint64(50) {
		p := scene(t, 12, 64, seed)
		p.compare()
		for k := range p.near {
			i, v := quick(p, k)
			j, w := naive(p, k)
			if i != j || v != w {
				t.Fatalf("seed %d, slot %d: candidate %d of value %v, by definition %d of %v", seed, k, i, v, j, w)
			}
		}
	}
}

func TestSimilarityIsBoundedSymmetricAndHighestForItself(t *testing.T) {
	p := scene(t, 4, 64, 9)
	for _, a := range p.cands {
		for _, b := range p.cands {
			s := p.similarity(a.Item, b.Item)
			if s < 0 || s > 1.0001 || s != p.similarity(b.Item, a.Item) || s > p.similarity(a.Item, a.Item)+1e-5 {
				t.Fatalf("items %d and %d: %v", a.Item, b.Item, s)
			}
		}
	}
}

// The choice for 12 pedestals from 64 candidates, twice a second at most.
func BenchmarkChoose(b *testing.B) {
	for _, c := range []struct {
		name   string
		choose func(*Placer, int) (int, float64)
		table  bool
	}{{"table", quick, true}, {"naive", naive, false}} {
		b.Run(c.name, func(b *testing.B) {
			p := scene(b, 12, 64, 1)
			b.ReportAllocs()
			for b.Loop() {
				if c.table {
					p.compare()
				}
				for k := range p.near {
					c.choose(p, k)
				}
			}
		})
	}
}
