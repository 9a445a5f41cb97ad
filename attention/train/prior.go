package train

import (
	"math"

	"souk/attention/train/als"
)

// priorOf is what a stranger is taken to like. Where the log says what was seen it is how well
// an item was liked by those who saw it, and not by how many: what stands in a busy aisle is not
// better for that.
func (t *trainer) priorOf(m *als.Matrix) []float32 {
	if t.seen {
		return appeal(m)
	}
	return popularity(m, t.cfg.Smoothing)
}

// shrinkage is the confidence with which every item is taken to be liked as all are on average,
// before anything is known of it.
const shrinkage = 10

// appeal is the log of each item's share of the mean preferences, each weighted by
// confidence and shrunk to the mean of all.
func appeal(m *als.Matrix) []float32 {
	wanted, mass := make([]float64, m.Items), make([]float64, m.Items)
	allWanted, allMass := 0.0, 0.0
	for k, i := range m.Col {
		c := float64(m.Confidence[k])
		wanted[i] += c * float64(m.Preference[k])
		mass[i] += c
		allWanted += c * float64(m.Preference[k])
		allMass += c
	}
	mean, total := allWanted/allMass, 0.0
	for i := range wanted {
		wanted[i] = (wanted[i] + shrinkage*mean) / (mass[i] + shrinkage)
		total += wanted[i]
	}
	logs := make([]float32, m.Items)
	for i, s := range wanted {
		logs[i] = float32(math.Log(s / total))
	}
	return logs
}

// popularity is the log of each item's share of positive confidence, smoothed.
func popularity(m *als.Matrix, smoothing float64) []float32 {
	sum := make([]float64, m.Items)
	total := 0.0
	for k, i := range m.Col {
		sum[i] += float64(m.Confidence[k] * m.Preference[k])
	}
	for i := range sum {
		sum[i] += smoothing
		total += sum[i]
	}
	logs := make([]float32, m.Items)
	for i, s := range sum {
		logs[i] = float32(math.Log(s / total))
	}
	return logs
}
