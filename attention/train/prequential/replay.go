// Package prequential replays what people did, event by event: a learner
// predicts a person's next view, then learns from it (Dawid 1984; Gama, Sebastião
// and Rodrigues 2013). It is the test of a ranker that learns while somebody is there.
//
// Read [Waves] and [Result.Add] first, then [Learner] and [NewDevice].
package prequential

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"souk/attention/train/als"
	"souk/attention/train/metric"
	"souk/attention/train/model"
	"souk/world"
)

// Learner predicts what one person views next and learns from what the person does.
// It belongs to one goroutine.
type Learner interface {
	// Forget returns to the state of an unknown person.
	Forget()
	// Learn takes one more touch, not before the last one.
	Learn(t model.Touch)
	// Score writes a score for each item into dst: the higher, the likelier next.
	Score(dst []float32)
}

// Contender is a way to learn, by name; New makes a learner for one goroutine.
type Contender struct {
	Name string
	New  func() Learner
}

// Config holds the settings of a replay. Start from [Default].
type Config struct {
	After     []int // events of a new person after which the next view is reported, ascending, ≥ 1
	K         int   // length of list that a hit is within, ≥ 1
	Longest   int   // events of one person that are replayed, at most, ≥ the last of After + 1
	Resamples int   // of the bootstrap, ≥ 1
	Seed      uint64
	Now       func() time.Time // for the time of an update; nil: not measured
}

// Default is HR@20 after 1, 3 and 10 events, at most 100 events a person.
func Default() Config {
	return Config{After: []int{1, 3, 10}, K: 20, Longest: 100, Resamples: 2000, Seed: 1}
}

// Check says which setting is out of range; nil if none is.
func (c Config) Check() error {
	switch {
	case len(c.After) == 0 || c.After[0] < 1 || !slices.IsSorted(c.After):
		return fmt.Errorf("replay: the numbers of events are %v: give ascending ones from 1", c.After)
	case c.K < 1:
		return fmt.Errorf("replay: lists of %d, must be at least 1", c.K)
	case c.Longest <= c.After[len(c.After)-1]:
		return fmt.Errorf("replay: at most %d events a person cannot show what comes after %d", c.Longest, c.After[len(c.After)-1])
	case c.Resamples < 1:
		return fmt.Errorf("replay: %d resamples, must be at least 1", c.Resamples)
	}
	return nil
}

// Result is what a replay found, by contender.
type Result struct {
	People  int   // replayed, with at least one prediction
	Short   int   // new people with no view after their first event: nothing to predict
	Unknown int   // predictions of an item that nobody had touched before the person came
	Views   int   // predictions in all
	Counts  []int // people by the number of events in Config.After

	hits  [][][]float64 // contender, place in After, people: 0 or 1
	all   [][]float64   // contender, people: share of hits over all predictions
	Time  []float64     // seconds of an update (learn, and score all items), median, by contender; 0 where not measured
	Slow  []float64     // the same, 99th percentile
	names []string
}

// one is what one person gave.
type one struct {
	hits  [][]int8 // contender, place in After: 0, 1, or −1 where there is nothing
	share []float64
	views int
	cold  int
	times [][]float64
}

// Add replays people whom none of the contenders was trained on. known says
// which items somebody had touched before.
func (r *Result) Add(ctx context.Context, items int, people []model.History, known []bool, contenders []Contender, cfg Config) error {
	if r.names == nil {
		for _, c := range contenders {
			r.names = append(r.names, c.Name)
		}
		r.hits, r.all = make([][][]float64, len(contenders)), make([][]float64, len(contenders))
		r.Time, r.Slow = make([]float64, len(contenders)), make([]float64, len(contenders))
		for i := range r.hits {
			r.hits[i] = make([][]float64, len(cfg.After))
		}
		r.Counts = make([]int, len(cfg.After))
	}
	out := make([]one, len(people))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range als.Workers() {
		wg.Go(func() {
			s := newReplayer(items, known, contenders, cfg)
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(people) {
					return
				}
				out[i] = s.person(people[i])
			}
		})
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return err
	}
	times := make([][]float64, len(contenders))
	for _, o := range out {
		r.add(o, times)
	}
	for c, t := range times {
		if len(t) > 0 {
			slices.Sort(t)
			r.Time[c], r.Slow[c] = max(r.Time[c], t[len(t)/2]), max(r.Slow[c], t[len(t)*99/100])
		}
	}
	return nil
}

func (r *Result) add(o one, times [][]float64) {
	if o.views == 0 {
		r.Short++
		return
	}
	r.People++
	r.Views += o.views
	r.Unknown += o.cold
	for c := range r.hits {
		r.all[c] = append(r.all[c], o.share[c])
		times[c] = append(times[c], o.times[c]...)
		for k, h := range o.hits[c] {
			if h >= 0 {
				r.hits[c][k] = append(r.hits[c][k], float64(h))
				if c == 0 {
					r.Counts[k]++
				}
			}
		}
	}
}

// HR is a contender's hit rate after the k-th number of events, and Difference what the
// first contender has more than it, by person: intervals are over people.
func (r *Result) HR(contender, k int, cfg Config) metric.Interval {
	return metric.Bootstrap(r.hits[contender][k], cfg.Resamples, cfg.Seed)
}

// Difference is how much further the first contender is than this one, person by person.
func (r *Result) Difference(contender, k int, cfg Config) metric.Interval {
	return difference(r.hits[0][k], r.hits[contender][k], cfg)
}

// Overall is a contender's hit rate over all predictions of a person, in the mean over people.
func (r *Result) Overall(contender int, cfg Config) metric.Interval {
	return metric.Bootstrap(r.all[contender], cfg.Resamples, cfg.Seed)
}

// OverallDifference is [Result.Difference] over all predictions.
func (r *Result) OverallDifference(contender int, cfg Config) metric.Interval {
	return difference(r.all[0], r.all[contender], cfg)
}

func difference(a, b []float64, cfg Config) metric.Interval {
	d := make([]float64, len(a))
	for i := range d {
		d[i] = a[i] - b[i]
	}
	return metric.Bootstrap(d, cfg.Resamples, cfg.Seed)
}

// replayer replays one person after the other.
type replayer struct {
	cfg      Config
	known    []bool
	learners []Learner
	scores   []float32
	touched  []bool
}

func newReplayer(items int, known []bool, contenders []Contender, cfg Config) *replayer {
	s := &replayer{cfg: cfg, known: known, scores: make([]float32, items), touched: make([]bool, items)}
	for _, c := range contenders {
		s.learners = append(s.learners, c.New())
	}
	return s
}

// person predicts each view of an item that the person had not touched, by what
// came before it.
func (s *replayer) person(h model.History) one {
	h = h[:min(len(h), s.cfg.Longest)]
	o := one{share: make([]float64, len(s.learners)), times: make([][]float64, len(s.learners)), hits: make([][]int8, len(s.learners))}
	for c, l := range s.learners {
		l.Forget()
		o.hits[c] = slices.Repeat([]int8{-1}, len(s.cfg.After))
	}
	clear(s.touched)
	for n := range h {
		at := s.nextView(h, n)
		for c, l := range s.learners {
			if n > 0 {
				begin := s.now()
				l.Learn(h[n-1])
				if at == n || at > n && slices.Contains(s.cfg.After, n) {
					l.Score(s.scores)
					if s.cfg.Now != nil {
						o.times[c] = append(o.times[c], s.now().Sub(begin).Seconds())
					}
					s.judge(&o, c, n, at == n, h[at].Item)
				}
			}
		}
		if n > 0 && at == n {
			o.views++
			if !s.known[h[n].Item] {
				o.cold++
			}
		}
		s.touched[h[n].Item] = true
	}
	for c := range o.share {
		o.share[c] /= float64(max(1, o.views))
	}
	return o
}

// judge counts a prediction: into the share where the view comes at once, and
// into the hits after n events wherever it comes.
func (s *replayer) judge(o *one, c, n int, atOnce bool, target int32) {
	hit := s.place(target) <= s.cfg.K
	if atOnce && hit {
		o.share[c]++
	}
	if k := slices.Index(s.cfg.After, n); k >= 0 {
		o.hits[c][k] = 0
		if hit {
			o.hits[c][k] = 1
		}
	}
}

func (s *replayer) now() time.Time {
	if s.cfg.Now == nil {
		return time.Time{}
	}
	return s.cfg.Now()
}

// nextView is where the first view from n on is of an item not touched before; −1 if nowhere.
func (s *replayer) nextView(h model.History, n int) int {
	for at := n; at < len(h); at++ {
		switch h[at].Kind {
		case world.EventOpen, world.EventDwell, world.EventUnknown:
			if !s.touched[h[at].Item] && !slices.ContainsFunc(h[n:at], func(t model.Touch) bool { return t.Item == h[at].Item }) {
				return at
			}
		}
	}
	return -1
}

// place is the target's place among the items not touched. Equals stand before it,
// so that a score that says nothing earns nothing.
func (s *replayer) place(target int32) int {
	mine, place := s.scores[target], 1
	for i, x := range s.scores {
		if !(x < mine) && !s.touched[i] && int32(i) != target {
			place++
		}
	}
	return place
}
