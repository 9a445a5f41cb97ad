package prequential

import (
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"

	"souk/attention/rank"
	"souk/attention/signal"
	"souk/attention/train/als"
	"souk/attention/train/model"
	"souk/world"
)

// Population is what is known before a new person comes: what a model file and a
// transition table carry to the person's machine.
type Population struct {
	Model       *rank.Model
	Transitions model.Model // scores by the last touches
	Prior       []float32   // recent popularity by item, the most popular 1
	Known       []bool      // items that somebody touched
}

// Settings say how a population is learned.
type Settings struct {
	ALS         als.Config
	Transitions string         // a model of attention/train/model
	Table       model.Settings // its settings
	HalfLife    float64        // seconds after which a touch counts half for the prior, > 0
}

// DefaultSettings are what docs/shop-events.md reports: choices, of which few were
// tried, and not the result of a search.
func DefaultSettings() Settings {
	c := als.Default()
	c.Epochs, c.Regularisation, c.Base = 6, 0.01, 0.1
	return Settings{ALS: c, Transitions: "transitions", HalfLife: 14 * 24 * 3600}
}

// Learn makes a population of the histories, of which none may be of a person to be replayed.
// now is when the new people come, seconds: popularity fades until then.
func Learn(ctx context.Context, d *model.Data, now float64, set Settings) (*Population, error) {
	entries := make([][]als.Entry, len(d.Histories))
	p := &Population{Prior: make([]float32, d.Items), Known: make([]bool, d.Items)}
	for u, h := range d.Histories {
		entries[u] = evidence(h)
		for _, t := range h {
			p.Known[t.Item] = true
			p.Prior[t.Item] += float32(math.Exp2((t.Time - now) / set.HalfLife))
		}
	}
	if len(entries) == 0 || !slices.Contains(p.Known, true) {
		return nil, fmt.Errorf("replay: there is nobody to learn from before the new people come: give a longer log")
	}
	m := als.NewMatrix(entries, d.Items)
	fit, err := als.Fit(ctx, m, set.ALS)
	if err != nil {
		return nil, err
	}
	p.Model = &rank.Model{Items: d.Items, Dim: set.ALS.Dim, Factors: fit.Items, Popularity: make([]float32, d.Items), Temperature: 0.1,
		Regularisation: float32(set.ALS.Regularisation), Base: float32(set.ALS.Base), Gram: rank.ComputeGram(fit.Items, set.ALS.Dim)}
	for i, x := range p.Prior {
		p.Model.Popularity[i] = float32(math.Log(float64(x) + 1e-3))
	}
	most := slices.Max(p.Prior)
	for i := range p.Prior {
		p.Prior[i] /= max(most, math.SmallestNonzeroFloat32)
	}
	spec, err := model.Lookup(set.Transitions)
	if err != nil {
		return nil, err
	}
	if p.Transitions, err = spec.New(set.Table); err != nil {
		return nil, err
	}
	return p, p.Transitions.Fit(ctx, d, model.Run{Seed: set.ALS.Seed})
}

// evidence sums a history by item.
func evidence(h model.History) []als.Entry {
	var out []als.Entry
	for _, t := range h {
		out = append(out, als.Entry{Item: world.ItemIndex(t.Item), Confidence: t.Weight, Preference: 1, First: t.Time})
	}
	slices.SortStableFunc(out, func(a, b als.Entry) int { return int(a.Item) - int(b.Item) })
	sums := out[:0]
	for _, e := range out {
		if n := len(sums); n > 0 && sums[n-1].Item == e.Item {
			sums[n-1].Confidence += e.Confidence
			continue
		}
		sums = append(sums, e)
	}
	return sums
}

// Weights are the parts of a score, each part scaled so that its best item not touched has 1.
type Weights struct{ FoldIn, Transitions, Prior float32 }

// Stages are the weights by how many events a person has: the first stage for one event,
// the second for two to five, the third for more.
type Stages [3]Weights

func stage(events int) int {
	switch {
	case events < 2:
		return 0
	case events < 6:
		return 1
	}
	return 2
}

// device learns as the ranker on the visitor's machine does: fold-in of each
// event into the person's factors, transitions from the last touches, and the prior.
type device struct {
	p       *Population
	stages  Stages
	ranker  *rank.Ranker
	scorer  model.Scorer
	history model.History
	user    []float32
	part    []float32
}

// NewDevice makes the contender that learns as the visitor's machine does. The
// fold-in is [rank.Ranker] itself.
func NewDevice(p *Population, stages Stages) (Contender, error) {
	if _, err := newDevice(p, stages); err != nil {
		return Contender{}, err
	}
	return Contender{Name: "device", New: func() Learner {
		d, _ := newDevice(p, stages) // what was made once is made again
		return d
	}}, nil
}

func newDevice(p *Population, stages Stages) (*device, error) {
	cfg := rank.DefaultConfig()
	r, err := rank.New(p.Model, nil, cfg, 1)
	if err != nil {
		return nil, err
	}
	return &device{p: p, stages: stages, ranker: r, scorer: p.Transitions.NewScorer(), part: make([]float32, p.Model.Items)}, nil
}

func (d *device) Forget() {
	d.ranker.Forget()
	d.history = d.history[:0]
}

func (d *device) Learn(t model.Touch) {
	d.history = append(d.history, t)
	d.ranker.Observe(signal.Signal{T: t.Time, Item: world.ItemIndex(t.Item), Kind: t.Kind, Preference: 1, Confidence: t.Weight})
}

func (d *device) Score(dst []float32) {
	w := d.stages[stage(len(d.history))]
	clear(dst)
	for part, weight := range []float32{w.FoldIn, w.Transitions, w.Prior} {
		if weight == 0 {
			continue
		}
		d.component(part)
		for i, x := range d.part {
			dst[i] += weight * x
		}
	}
}

// component writes one part of the score, scaled, into d.part.
func (d *device) component(part int) {
	switch part {
	case 0:
		d.user = d.ranker.UserVector(d.user[:0])
		m := d.p.Model
		blas32.Gemv(blas.NoTrans, 1, blas32.General{Rows: m.Items, Cols: m.Dim, Stride: m.Dim, Data: m.Factors},
			blas32.Vector{N: m.Dim, Inc: 1, Data: d.user}, 0, blas32.Vector{N: m.Items, Inc: 1, Data: d.part})
	case 1:
		d.scorer.Score(d.part, d.history)
	default:
		copy(d.part, d.p.Prior)
	}
	for _, t := range d.history {
		d.part[t.Item] = 0 // what was touched is out of the ranking, and must not set the scale
	}
	if most := slices.Max(d.part); most > 0 {
		for i := range d.part {
			d.part[i] /= most
		}
	}
}

// lastItem is the baseline that knows the last touch alone, popularity the one that knows nobody.
type lastItem struct {
	scorer model.Scorer
	last   model.History
}

// NewLastItem makes the baseline that ranks by what the population touched with the
// person's last item, by the same transitions as the device.
func NewLastItem(p *Population) Contender {
	return Contender{Name: "last item", New: func() Learner { return &lastItem{scorer: p.Transitions.NewScorer()} }}
}

func (l *lastItem) Forget()             { l.last = l.last[:0] }
func (l *lastItem) Learn(t model.Touch) { l.last = append(l.last[:0], t) }
func (l *lastItem) Score(dst []float32) { l.scorer.Score(dst, l.last) }

type popular struct{ prior []float32 }

// NewPopularity makes the baseline that ranks by recent popularity.
func NewPopularity(p *Population) Contender {
	return Contender{Name: "popularity", New: func() Learner { return popular{p.Prior} }}
}

func (popular) Forget()               {}
func (popular) Learn(model.Touch)     {}
func (p popular) Score(dst []float32) { copy(dst, p.prior) }
