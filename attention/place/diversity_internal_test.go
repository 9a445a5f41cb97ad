package place

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"souk/attention/rank"
	"souk/world"
	"souk/world/catalog"
)

// curve fills 12 empty pedestals for visitors with one taste each, at a λ of
// maximal marginal relevance, and returns the mean NDCG of the items (gain: similarity to the
// taste, where positive) and their mean intra-list diversity (1 − similarity of pairs).
func curve(t *testing.T, p *Placer, lambda float64) (ndcg, ild float64) {
	const visitors = 60
	rng := rand.New(rand.NewPCG(1, 1))
	p.cfg.Relevance = lambda
	for range visitors {
		taste := world.ItemIndex(rng.IntN(len(p.cat.Items)))
		p.cands = byTaste(p, taste)[:p.cfg.Candidates]
		for k := range p.near {
			p.near[k].item = world.NoItem
		}
		p.compare()
		var gains, ideal []float64
		for i := range p.cands {
			ideal = append(ideal, max(0, float64(p.cands[i].Score)))
		}
		used := map[int]bool{}
		for k := range p.near {
			i, _ := p.best(k, func(i int) bool { return !used[i] })
			used[i] = true
			p.near[k].item = p.cands[i].Item
			gains = append(gains, max(0, float64(p.cands[i].Score)))
			p.compare()
		}
		ndcg += dcg(gains) / dcg(ideal[:len(gains)]) / visitors
		pairs := 0.0
		for a := range p.near {
			for b := range a {
				pairs += 1 - float64(p.similarity(p.near[a].item, p.near[b].item))
			}
		}
		n := float64(len(p.near))
		ild += pairs / (n * (n - 1) / 2) / visitors
	}
	return ndcg, ild
}

func dcg(gains []float64) (sum float64) {
	for i, g := range gains {
		sum += g / math.Log2(float64(i)+2)
	}
	return sum
}

// byTaste are all items, the nearest to one in content first.
func byTaste(p *Placer, taste world.ItemIndex) []rank.Candidate {
	feature := func(i world.ItemIndex) []float32 {
		return p.cat.Features[int(i)*catalog.FeatureDim:][:catalog.FeatureDim]
	}
	var all []rank.Candidate
	for i := range p.cat.Items {
		score := float32(0)
		for d, v := range feature(taste) {
			score += v * feature(world.ItemIndex(i))[d]
		}
		all = append(all, rank.Candidate{Scored: rank.Scored{Item: world.ItemIndex(i), Score: score}})
	}
	slices.SortStableFunc(all, func(a, b rank.Candidate) int { return cmp.Compare(b.Score, a.Score) })
	return all
}

// The default buys variety at a small price: at least a fifth more of it for at
// most a fiftieth of the relevance, for visitors of a single taste, who are the hardest.
func TestVarietyIsBoughtCheaply(t *testing.T) {
	p := scene(t, 12, 64, 1)
	lambda := p.cfg.Relevance
	baseNDCG, baseILD := curve(t, p, 1)
	for _, l := range []float64{1, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5} {
		n, d := curve(t, p, l)
		t.Logf("λ %.2f: NDCG %.3f, diversity %.3f: %+.1f %% and %+.1f %%", l, n, d, 100*(n/baseNDCG-1), 100*(d/baseILD-1))
	}
	n, d := curve(t, p, lambda)
	if d < 1.2*baseILD || n < 0.98*baseNDCG {
		t.Errorf("at λ %.2f: diversity %.3f after %.3f, NDCG %.3f after %.3f", lambda, d, baseILD, n, baseNDCG)
	}
}
