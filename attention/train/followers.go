package train

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"souk/attention/rank"
	"souk/attention/signal"
	"souk/attention/train/als"
	"souk/attention/train/model"
	"souk/world"
)

// What follows what is worth knowing in an ordinary shop's log. In one that says what was seen
// it is not: there the next look goes to the next shelf, and a model that predicts it
// well knows the floor plan and not the person. So it is learned for logs without exposure alone, and
// used where the ranker of the device, asked as it will be asked, is better with it on validation.

// mixCases is how many people decide how much what follows counts.
const mixCases = 300

// judgeFollowers chooses t.mix and, where it is not zero, fits the temperature anew and
// adds the device's own figures to the report.
func (t *trainer) judgeFollowers(s split, items []float32, temperature *float32) error {
	if t.seen {
		return nil
	}
	t.progress(Progress{Phase: "mix", Epoch: 1, Epochs: 1, Done: 0.49})
	m := t.assemble(items, s.train, *temperature)
	var err error
	if m.Transitions, err = t.followers(s.train); err != nil {
		return err
	}
	some := make([]target, 0, mixCases)
	for k := range min(mixCases, len(s.valid)) {
		some = append(some, s.valid[k*len(s.valid)/min(mixCases, len(s.valid))])
	}
	most := meanNDCG(ranksWith(t.deviceScores(m, s.train), s.train, some), 20)
	scale := t.perFollower(m)
	for _, tau := range []float32{2, 8} {
		for _, weight := range []float32{0.1, 0.3, 1, 3, 10} {
			if t.ctx.Err() != nil {
				return fmt.Errorf("train: %w", t.ctx.Err())
			}
			try := *m
			try.Blend = rank.Blend{Factors: 1, Transition: weight * scale, Prior: float32(rank.DefaultConfig().PriorWeight), Tau: tau, Recent: 20}
			if ndcg := meanNDCG(ranksWith(t.deviceScores(&try, s.train), s.train, some), 20); ndcg > most {
				most, t.mix = ndcg, try.Blend
			}
		}
	}
	t.report.Mix = t.mix
	if t.mix.Transition == 0 {
		return nil
	}
	m.Blend = t.mix
	*temperature = fitTemperature(t.deviceScores(m, s.train), s.train, some)
	if m.Transitions, err = t.followers(s.history); err != nil {
		return err
	}
	ranks := ranksWith(t.deviceScores(m, s.history), s.history, s.test)
	t.report.Metrics = slices.Insert(t.report.Metrics, 1, measure("device", ranks, t.cfg.Bootstrap, t.cfg.ALS.Seed))
	return nil
}

// perFollower is the weight with which the strongest follower of a typical item adds as much as
// the best score of factors, which is about 1.
func (t *trainer) perFollower(m *rank.Model) float32 {
	var best []float32
	var row []rank.Neighbour
	for i := range m.Items {
		if row = m.Transitions.Row(row[:0], i); len(row) > 0 {
			best = append(best, row[0].Weight)
		}
	}
	if len(best) == 0 {
		return 1
	}
	slices.Sort(best)
	return 1 / max(best[len(best)/2], math.SmallestNonzeroFloat32)
}

// followers learns what follows what from the entries of a matrix, each person's in order of time.
func (t *trainer) followers(m *als.Matrix) (*rank.Transitions, error) {
	spec, err := model.Lookup("transitions")
	if err != nil {
		return nil, err
	}
	fit, err := spec.New(model.Settings{"neighbours": rank.MaxNeighbours})
	if err != nil {
		return nil, err
	}
	d := &model.Data{Items: m.Items}
	for u := range m.Users {
		var h model.History
		for _, e := range t.inOrder(m, u) {
			h = append(h, model.Touch{Item: int32(e.Item), Weight: e.Confidence, Time: e.First})
		}
		d.Histories = append(d.Histories, h)
	}
	if err := fit.Fit(t.ctx, d, model.Run{Seed: t.cfg.ALS.Seed}); err != nil {
		return nil, fmt.Errorf("train: learn what follows what: %w", err)
	}
	table := fit.(interface {
		Followers(item int) ([]int32, []float32)
	})
	var row []rank.Neighbour
	return rank.NewTransitions(m.Items, rank.MaxNeighbours, func(i int) []rank.Neighbour {
		row = row[:0]
		items, weights := table.Followers(i)
		for k, j := range items {
			row = append(row, rank.Neighbour{Item: j, Weight: weights[k]})
		}
		return row
	})
}

// inOrder is what a person wanted, of the items in the person's row of m, the oldest first.
func (t *trainer) inOrder(m *als.Matrix, user int) []als.Entry {
	row := m.Col[m.Start[user]:m.Start[user+1]]
	var out []als.Entry
	for _, e := range t.people[user] {
		if _, in := slices.BinarySearch(row, int32(e.Item)); in && e.Preference > 0 {
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b als.Entry) int { return cmp.Compare(a.First, b.First) })
	return out
}

// deviceScores scores as the ranker on a device does for a visitor who did what the person's
// row of m holds.
func (t *trainer) deviceScores(m *rank.Model, history *als.Matrix) func() func(dst []float32, user int) {
	return func() func([]float32, int) {
		cfg := rank.DefaultConfig()
		cfg.HalfLife = math.Inf(1) // the fold-in of training does not forget either
		r, err := rank.New(m, t.cat, cfg, 1)
		return func(dst []float32, user int) {
			for i := range dst {
				dst[i] = float32(math.Inf(-1))
			}
			if err != nil {
				return
			}
			r.Forget()
			for _, e := range t.inOrder(history, user) {
				r.Observe(signal.Signal{T: e.First, Item: e.Item, Kind: world.EventOpen, Preference: e.Preference, Confidence: e.Confidence})
			}
			for _, s := range r.Rank(len(dst)) {
				dst[s.Item] = s.Score
			}
		}
	}
}
