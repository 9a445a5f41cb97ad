package tune

import (
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"souk/attention/train/metric"
	"souk/attention/train/model"
)

// Fold is what is learned from, and the questions held out of it.
type Fold struct {
	Data  *model.Data
	Cases []model.Case
}

// Kind is a way to hold out.
type Kind string

// The ways to hold out.
const (
	LastItem Kind = "last" // each person's last touch
	InTime   Kind = "time" // each person's first touch after a moment; all else from then on is left out
	KFold    Kind = "kfold"
)

// Split holds out of histories. last and time give one fold; kfold gives k, in each of
// which every k-th person's last touch is held out and everybody else is learned from
// whole. Histories of fewer than two touches are learned from and not asked about. at is the share of all
// touches that the moment of time comes after, in (0,1). An error says that nothing
// could be held out.
func Split(d *model.Data, kind Kind, k int, at float64) ([]Fold, error) {
	var folds []Fold
	switch kind {
	case LastItem:
		folds = []Fold{holdOut(d, func(int) bool { return true })}
	case KFold:
		if k < 2 {
			return nil, fmt.Errorf("tune: %d folds, must be at least 2", k)
		}
		for f := range k {
			folds = append(folds, holdOut(d, func(u int) bool { return u%k == f }))
		}
	case InTime:
		if !(at > 0 && at < 1) {
			return nil, fmt.Errorf("tune: the moment of the split is after %v of the touches, must be between 0 and 1", at)
		}
		folds = []Fold{inTime(d, at)}
	default:
		return nil, fmt.Errorf("tune: there is no split %q; there are last, time and kfold", kind)
	}
	for f, fold := range folds {
		if len(fold.Cases) == 0 {
			return nil, fmt.Errorf("tune: nothing can be held out of %d histories in fold %d of the split %s: people with two touches are needed", len(d.Histories), f+1, kind)
		}
	}
	return folds, nil
}

func holdOut(d *model.Data, ask func(user int) bool) Fold {
	f := Fold{Data: &model.Data{Items: d.Items, Features: d.Features, Width: d.Width}}
	for u, h := range d.Histories {
		if n := len(h); n >= 2 && ask(u) {
			f.Cases = append(f.Cases, model.Case{History: h[: n-1 : n-1], Target: h[n-1].Item})
			h = h[: n-1 : n-1]
		}
		f.Data.Histories = append(f.Data.Histories, h)
	}
	return f
}

func inTime(d *model.Data, at float64) Fold {
	var times []float64
	for _, h := range d.Histories {
		for _, t := range h {
			times = append(times, t.Time)
		}
	}
	f := Fold{Data: &model.Data{Items: d.Items, Features: d.Features, Width: d.Width}}
	if len(times) == 0 {
		return f
	}
	slices.Sort(times)
	moment := times[int(at*float64(len(times)))]
	for _, h := range d.Histories {
		n := 0
		for n < len(h) && h[n].Time < moment {
			n++
		}
		if n > 0 && n < len(h) {
			f.Cases = append(f.Cases, model.Case{History: h[:n:n], Target: h[n].Item})
		}
		f.Data.Histories = append(f.Data.Histories, h[:n:n])
	}
	return f
}

// Judging says how a trial is judged.
type Judging struct {
	Folds []Fold
	Kind  metric.Kind
	K     int // length of list
	Most  int // cases asked of each fold, at most, the same for all trials; 0: all
	// Epoch is told of each epoch of each fold, for curves; may be nil.
	Epoch func(fold int, p model.Progress)
}

// Judge is the mean metric over the folds, each item ranked among all that the person had
// not touched. An early stop sees the first fold alone: the rest then is not begun.
func (j Judging) Judge(spec model.Spec) Judge {
	asked := make([][]model.Case, len(j.Folds))
	for f, fold := range j.Folds {
		asked[f] = some(fold.Cases, j.Most)
	}
	return func(ctx context.Context, set model.Settings, seed uint64, epoch func(float64) bool) (float64, error) {
		sum := 0.0
		for f, fold := range j.Folds {
			m, err := spec.New(set)
			if err != nil {
				return 0, err
			}
			validate := func(scorer func() model.Scorer) float64 {
				v := mean(ctx, scorer, fold.Data.Items, asked[f], j.Kind, j.K)
				if f == 0 {
					epoch(v)
				}
				return v
			}
			tell := func(p model.Progress) {
				if j.Epoch != nil {
					j.Epoch(f, p)
				}
			}
			if err := m.Fit(ctx, fold.Data, model.Run{Seed: seed, Validate: validate, Progress: tell}); err != nil {
				return 0, err
			}
			if err := ctx.Err(); err != nil {
				return 0, err
			}
			sum += mean(ctx, m.NewScorer, fold.Data.Items, asked[f], j.Kind, j.K)
		}
		return sum / float64(len(j.Folds)), ctx.Err()
	}
}

// some are at most n cases, evenly spread.
func some(cases []model.Case, n int) []model.Case {
	if n <= 0 || len(cases) <= n {
		return cases
	}
	rng := rand.New(rand.NewPCG(1, 0x63617365))
	out := make([]model.Case, 0, n)
	for _, i := range rng.Perm(len(cases))[:n] {
		out = append(out, cases[i])
	}
	return out
}

func mean(ctx context.Context, scorer func() model.Scorer, items int, cases []model.Case, kind metric.Kind, k int) float64 {
	places := make([]int, len(cases))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range max(1, min(len(cases), runtime.GOMAXPROCS(0))) {
		wg.Go(func() {
			s, scores := scorer(), make([]float32, items)
			var before []int32
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(cases) {
					return
				}
				c := cases[i]
				s.Score(scores, c.History)
				before = before[:0]
				for _, t := range c.History {
					before = append(before, t.Item)
				}
				places[i] = metric.Place(scores, before, c.Target)
			}
		})
	}
	wg.Wait()
	return metric.Mean(kind, places, k)
}

// Fingerprint names data and split, so that a journal is not gone on with on others.
func Fingerprint(folds []Fold, more string) string {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s %d", more, len(folds))
	put := func(xs ...uint64) {
		var b [8]byte
		for _, x := range xs {
			for i := range b {
				b[i] = byte(x >> (8 * i))
			}
			h.Write(b[:]) //nolint:errcheck // a hash does not fail
		}
	}
	for _, f := range folds {
		put(uint64(f.Data.Items), uint64(len(f.Data.Histories)), uint64(len(f.Cases)))
		for _, history := range f.Data.Histories {
			put(uint64(len(history)))
			for _, t := range history {
				put(uint64(t.Item), uint64(t.Kind), uint64(math.Float32bits(t.Weight)), math.Float64bits(t.Time))
			}
		}
		for _, c := range f.Cases {
			put(uint64(c.Target), uint64(len(c.History)))
		}
	}
	return fmt.Sprintf("%016x", h.Sum64())
}
