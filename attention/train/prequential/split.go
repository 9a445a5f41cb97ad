package prequential

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"souk/attention/train/als"
	"souk/attention/train/model"
)

// Wave is a stretch of time: the people who came before it, as far as they had got
// when it began, and those who came first within it.
type Wave struct {
	Begin float64 // seconds
	Past  *model.Data
	New   []model.History
}

// Waves orders people by when they first came and makes n waves of the last share of
// them, in (0,1): everybody's events before a wave begins are learned from, and the
// people of the wave are replayed. Empty histories are left out. An error says that
// there are too few people.
func Waves(d *model.Data, share float64, n int) ([]Wave, error) {
	if !(share > 0 && share < 1) || n < 1 {
		return nil, fmt.Errorf("replay: %v of the people in %d waves: give a share between 0 and 1, and at least one wave", share, n)
	}
	var people []model.History
	for _, h := range d.Histories {
		if len(h) > 0 {
			people = append(people, h)
		}
	}
	slices.SortStableFunc(people, func(a, b model.History) int { return cmp.Compare(a[0].Time, b[0].Time) })
	first := len(people) - int(share*float64(len(people)))
	if first < 1 || len(people)-first < n {
		return nil, fmt.Errorf("replay: %d people are too few for %d waves of new ones after others to learn from: give a longer log, or fewer waves", len(people), n)
	}
	var out []Wave
	for k := range n {
		from, to := first+k*(len(people)-first)/n, first+(k+1)*(len(people)-first)/n
		w := Wave{Begin: people[from][0].Time, Past: &model.Data{Items: d.Items}, New: people[from:to]}
		for _, h := range people[:from] {
			w.Past.Histories = append(w.Past.Histories, before(h, w.Begin))
		}
		out = append(out, w)
	}
	return out, nil
}

func before(h model.History, t float64) model.History {
	n := len(h)
	for n > 0 && h[n-1].Time >= t {
		n--
	}
	return h[:n:n]
}

// grid are the weights that are tried for each part. The least of them only ranks
// what transitions say nothing of; it comes first, so that it stays where no other is better.
var grid = []float32{0.003, 0.01, 0.03, 0.1, 0.3, 1, 0}

// FitStages chooses the weights on people whom no replay after the past sees: its last
// third, in three waves, is replayed against what came before each. Each stage takes the weights with most hits
// at k, of equals those tried first. The weight of transitions stays 1, since only
// proportions count. Where there are too few people to choose by, all stages have the same middle weights.
func FitStages(ctx context.Context, past *model.Data, set Settings, k int) (Stages, error) {
	def := Weights{FoldIn: 0.3, Transitions: 1, Prior: 0.1}
	stages := Stages{def, def, def}
	waves, err := Waves(past, 1./3, 3)
	if err != nil {
		return stages, nil
	}
	var hits [3][]float64
	for s := range hits {
		hits[s] = make([]float64, len(grid)*len(grid))
	}
	for _, w := range waves {
		p, err := Learn(ctx, w.Past, w.Begin, set)
		if err != nil {
			return stages, err
		}
		counts := make([][3][]float64, len(w.New))
		if err := eachOf(ctx, len(w.New), func() (func(i int), error) {
			d, err := newDevice(p, stages)
			if err != nil {
				return nil, err
			}
			r := newReplayer(past.Items, p.Known, nil, Config{K: k, Longest: 30, After: []int{1}})
			return func(i int) { counts[i] = try(d, r, w.New[i]) }, nil
		}); err != nil {
			return stages, err
		}
		for _, c := range counts {
			for s := range c {
				for g, x := range c[s] {
					hits[s][g] += x
				}
			}
		}
	}
	for s := range hits {
		best := slices.Index(hits[s], slices.Max(hits[s]))
		stages[s] = Weights{FoldIn: grid[best/len(grid)], Transitions: 1, Prior: grid[best%len(grid)]}
	}
	return stages, nil
}

// depth is how many of the best items of each part are candidates while the
// weights are chosen: what no part has among so many, no weights bring to the front.
const depth = 60

// try counts, by stage and pair of weights, a person's hits; each person has the
// same say in each stage, however long the history.
func try(d *device, r *replayer, h model.History) (out [3][]float64) {
	h = h[:min(len(h), r.cfg.Longest)]
	for s := range out {
		out[s] = make([]float64, len(grid)*len(grid))
	}
	d.Forget()
	clear(r.touched)
	var n [3]float64
	for at, t := range h {
		if at > 0 && r.nextView(h, at) == at {
			s := stage(at)
			n[s]++
			if c := candidatesOf(d, r.touched, t.Item); c.target >= 0 {
				for g := range out[s] {
					if c.place(grid[g/len(grid)], grid[g%len(grid)]) <= r.cfg.K {
						out[s][g]++
					}
				}
			}
		}
		d.Learn(t)
		r.touched[t.Item] = true
	}
	for s := range out {
		for g := range out[s] {
			out[s][g] /= max(1, n[s])
		}
	}
	return out
}

// candidates are the best items of each part with all parts' scores.
type candidates struct {
	items  []int32
	parts  [3][]float32
	target int // among items; −1: no part has it
}

func candidatesOf(d *device, touched []bool, target int32) candidates {
	var c candidates
	for part := range c.parts {
		d.component(part)
		c.items = append(c.items, bestOf(d.part, touched, depth)...)
	}
	slices.Sort(c.items)
	c.items = slices.Compact(c.items)
	c.target = slices.Index(c.items, target)
	for part := range c.parts {
		d.component(part)
		for _, i := range c.items {
			c.parts[part] = append(c.parts[part], d.part[i])
		}
	}
	return c
}

func (c candidates) place(foldIn, prior float32) int {
	score := func(k int) float32 { return foldIn*c.parts[0][k] + c.parts[1][k] + prior*c.parts[2][k] }
	mine, place := score(c.target), 1
	for k := range c.items {
		if k != c.target && score(k) >= mine {
			place++
		}
	}
	return place
}

// bestOf lists the k best items that are above 0 and not touched, in no order.
func bestOf(scores []float32, touched []bool, k int) []int32 {
	out := make([]int32, 0, k)
	floor, at := float32(0), 0 // the least of a full list, and where it is
	for i, x := range scores {
		if !(x > floor) || touched[i] {
			continue
		}
		if len(out) < k {
			out = append(out, int32(i))
		} else {
			out[at] = int32(i)
		}
		if len(out) == k {
			at = 0
			for j, o := range out {
				if scores[o] < scores[out[at]] {
					at = j
				}
			}
			floor = scores[out[at]]
		}
	}
	return out
}

// eachOf does n things on all cores.
func eachOf(ctx context.Context, n int, worker func() (func(i int), error)) error {
	workers := min(n, als.Workers())
	errs := make(chan error, workers)
	for c := range workers {
		go func() {
			do, err := worker()
			for i := c; err == nil && i < n && ctx.Err() == nil; i += workers {
				do(i)
			}
			errs <- err
		}()
	}
	var first error
	for range workers {
		if err := <-errs; first == nil {
			first = err
		}
	}
	if first == nil {
		first = ctx.Err()
	}
	return first
}
