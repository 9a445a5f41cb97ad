package loop

import (
	"math"
	"slices"

	"souk/attention"
	"souk/input/shopper"
	"souk/world"
)

// How well a ranking knows a shopper is its NDCG (Järvelin and Kekäläinen 2002)
// at knowingDepth: the gain of an item is its true utility for this person at this
// time, novelty left aside, and the ideal is the ranking of someone who knows the
// truth, so that 1 is the oracle's. It is taken after each event of a session,
// since the question is how many it takes until a stranger is known.
const (
	knowingDepth = 20
	// knowingEvents is how many events of a session are looked at.
	knowingEvents = 400
	// ideally is how often the ideal is worked out again, seconds: as often as tastes drift.
	ideally = 10.0
)

// knowing follows one session.
type knowing struct {
	ideal  float64
	at     float64 // time of the ideal
	best   []float64
	events int
	ndcg   []float32 // after event 1, 2, …
}

// add counts the frame's events and judges the ranking after them. Looks and deeds are
// events; what was passed over is not, since nobody did anything.
func (k *knowing) add(t float64, who *shopper.Shopper, items int, d *attention.Decision) {
	n := 0
	for i := range d.Events {
		switch d.Events[i].Kind {
		case world.EventExposure, world.EventPlace, world.EventUnknown:
		default:
			n++
		}
	}
	if n == 0 || len(d.Ranked) == 0 || k.events >= knowingEvents {
		return
	}
	if k.best == nil || t-k.at >= ideally {
		k.refresh(t, who, items)
	}
	dcg := 0.0
	for i := range min(knowingDepth, len(d.Ranked)) {
		dcg += who.Taste(d.Ranked[i].Item) / math.Log2(float64(i+2))
	}
	for range n {
		k.events++
		k.ndcg = append(k.ndcg, float32(dcg/k.ideal))
	}
}

func (k *knowing) refresh(t float64, who *shopper.Shopper, items int) {
	k.at, k.best = t, k.best[:0]
	for i := range items {
		k.best = append(k.best, who.Taste(world.ItemIndex(i)))
	}
	slices.SortFunc(k.best, func(a, b float64) int {
		switch {
		case a > b:
			return -1
		case a < b:
			return 1
		}
		return 0
	})
	k.ideal = 0
	for i := range min(knowingDepth, len(k.best)) {
		k.ideal += k.best[i] / math.Log2(float64(i+2))
	}
}

// Knowing is the mean NDCG after so many events, over the sessions that had as many.
type Knowing struct {
	Events int
	NDCG   Estimate
}

// knowingSteps are the numbers of events that a report shows.
var knowingSteps = []int{1, 2, 3, 5, 8, 12, 20, 30, 50, 80, 120, 200, 300}

// EventsTo is after how many events the mean NDCG has reached a share of the oracle's.
type EventsTo struct {
	Share  float64
	Events int // 0: not within what half of the sessions had
}

var knowingShares = []float64{0.5, 0.6, 0.7, 0.8, 0.9}

// knowingOf is the curve of some sessions, as far as half of them go.
func knowingOf(tallies []*Tally, seed uint64) (curve []Knowing) {
	for _, n := range knowingSteps {
		if r := knownAt(tallies, n); 2*len(r) >= len(tallies) && len(r) > 0 {
			curve = append(curve, Knowing{Events: n, NDCG: Share(r, seed)})
		}
	}
	return curve
}

func knownAt(tallies []*Tally, n int) (r []Ratio) {
	for _, y := range tallies {
		if len(y.knowing.ndcg) >= n {
			r = append(r, Ratio{float64(y.knowing.ndcg[n-1]), 1})
		}
	}
	return r
}

// eventsTo is after how many events the mean NDCG reaches least for the first time and holds
// it on average over the ten events after; 0 if it never does within what half of the sessions had.
func eventsTo(tallies []*Tally, least float64) int {
	const hold = 10
	var mean []float64
	for n := 1; n <= knowingEvents; n++ {
		r := knownAt(tallies, n)
		if 2*len(r) < len(tallies) || len(r) == 0 {
			break
		}
		sum := 0.0
		for _, x := range r {
			sum += x.Num
		}
		mean = append(mean, sum/float64(len(r)))
	}
	for n := range mean {
		if mean[n] < least {
			continue
		}
		window := mean[n:min(n+hold, len(mean))]
		sum := 0.0
		for _, x := range window {
			sum += x
		}
		if sum/float64(len(window)) >= least {
			return n + 1
		}
	}
	return 0
}
