package train

import (
	"souk/attention/train/als"
	"souk/world"
)

// Ranks and RanksBy open the evaluation to tests, with one item per person.
func Ranks(items []float32, m *als.Matrix, last []world.ItemIndex, cfg als.Config) []int {
	return ranksOf(items, m, targetsOf(last), cfg)
}

// RanksBy is Ranks for any score.
func RanksBy(score func([]float32, int), m *als.Matrix, last []world.ItemIndex) []int {
	return ranksBy(score, m, targetsOf(last))
}

func targetsOf(last []world.ItemIndex) []target {
	t := make([]target, len(last))
	for u, i := range last {
		t[u] = target{u, i}
	}
	return t
}
