package evaluation

import (
	"context"
	"slices"

	"souk/attention/train/metric"
	"souk/attention/train/model"
)

func touched(dst []int32, h model.History) []int32 {
	dst = dst[:0]
	for _, t := range h {
		dst = append(dst, t.Item)
	}
	return dst
}

// places are the targets' among all items that were not touched before.
func places(ctx context.Context, scorer func() model.Scorer, items int, cases []model.Case) []int {
	out := make([]int, len(cases))
	model.OnAllCores(ctx, len(cases), func() func(int) {
		s, scores := scorer(), make([]float32, items)
		var before []int32
		return func(i int) {
			s.Score(scores, cases[i].History)
			before = touched(before, cases[i].History)
			out[i] = metric.Place(scores, before, cases[i].Target)
		}
	})
	return out
}

// listed is the length of the lists that the metrics beside accuracy are of.
const listed = 10

// outcome is what became of one model and seed.
type outcome struct {
	Places         []int   `json:"places"`
	Coverage       float64 `json:"coverage"`
	Gini           float64 `json:"gini"`
	Distance       float64 `json:"distance"`
	Novelty        float64 `json:"novelty"`
	Miscalibration float64 `json:"miscalibration"`
}

// beyond is what the metrics beside accuracy need to know of the data.
type beyond struct {
	items, people int
	popularity    []float64
	thirds        []int
	distance      func(i, j int32) float64
}

func newBeyond(d *model.Data) *beyond {
	sets := make([][]int32, d.Items)
	for u, h := range d.Histories {
		for _, t := range h {
			if l := sets[t.Item]; len(l) == 0 || l[len(l)-1] != int32(u) {
				sets[t.Item] = append(l, int32(u))
			}
		}
	}
	b := &beyond{items: d.Items, people: len(d.Histories), popularity: make([]float64, d.Items), distance: metric.CosineOfSets(sets)}
	for i, l := range sets {
		b.popularity[i] = float64(len(l))
	}
	b.thirds = metric.Thirds(b.popularity)
	return b
}

// judge ranks all items for each case.
func (b *beyond) judge(ctx context.Context, m model.Model, cases []model.Case) outcome {
	o := outcome{Places: make([]int, len(cases))}
	lists := make([][]int32, len(cases))
	values := make([][3]float64, len(cases))
	model.OnAllCores(ctx, len(cases), func() func(int) {
		s, scores := m.NewScorer(), make([]float32, b.items)
		var before []int32
		return func(i int) {
			s.Score(scores, cases[i].History)
			before = touched(before, cases[i].History)
			o.Places[i] = metric.Place(scores, before, cases[i].Target)
			lists[i] = slices.Clone(metric.Top(nil, scores, before, listed))
			values[i] = [3]float64{metric.IntraListDistance(lists[i], b.distance), metric.Novelty(lists[i], b.popularity, b.people),
				metric.Miscalibration(before, lists[i], b.thirds, 3)}
		}
	})
	o.Coverage = metric.Coverage(lists, b.items)
	o.Gini = metric.Gini(metric.Exposure(lists, b.items))
	for _, v := range values {
		o.Distance += v[0] / float64(max(1, len(cases)))
		o.Novelty += v[1] / float64(max(1, len(cases)))
		o.Miscalibration += v[2] / float64(max(1, len(cases)))
	}
	return o
}
