package examination

import (
	"fmt"
	"math"
	"slices"
	"sort"

	"souk/attention/train/metric"
)

// Outcome is how well one model fits the people who were held out.
type Outcome struct {
	Name string `json:"name"`
	// Examination: is it looked at. Click: is it looked at and chosen. Attraction: is what is
	// looked at chosen. Each apart, since an error of one hides in the product with the other.
	Examination metric.Fit `json:"examination"`
	Click       metric.Fit `json:"click"`
	Attraction  metric.Fit `json:"attraction"`
}

// Evaluate fits three models to the first two thirds of the visitors and judges them by the rest:
//
//	constant   the rates, the same for every impression
//	item       how often the item is chosen where it is in view, as a log without looks would have it;
//	           its examination is the constant
//	looks      examination by exposure and eccentricity, attraction by item among what was looked at
//
// Rates are counts smoothed towards the rate of all by so many impressions as fit the last fifth of
// the people fitted on best. log must be in order of visitors, as [Collector.Log] gives it.
func Evaluate(log []Impression) ([]Outcome, error) {
	people := 0
	for _, im := range log {
		people = max(people, int(im.Visitor)+1)
	}
	fitOn, judge := cut(log, people*2/3)
	if len(fitOn) == 0 || len(judge) == 0 {
		return nil, fmt.Errorf("examination: the log has %d visitors; two are needed, one to learn of and one to judge by", people)
	}
	learn, choose := cut(fitOn, people*2/3*4/5)
	if len(learn) == 0 || len(choose) == 0 {
		learn, choose = fitOn, fitOn
	}
	final, trial := newModel(fitOn), newModel(learn)
	for _, by := range []struct {
		strength func(*model) *float64
		say      rule
		loss     func(Outcome) float64
	}{
		{func(m *model) *float64 { return &m.cellStrength }, (*model).looks, func(o Outcome) float64 { return o.Examination.LogLoss }},
		{func(m *model) *float64 { return &m.lookStrength }, (*model).looks, func(o Outcome) float64 { return o.Attraction.LogLoss }},
		{func(m *model) *float64 { return &m.viewStrength }, (*model).byItem, func(o Outcome) float64 { return o.Click.LogLoss }},
	} {
		least := math.Inf(1)
		for _, s := range []float64{1, 4, 16, 64, 256, 1024} {
			*by.strength(trial) = s
			o, err := trial.judge("", choose, by.say)
			if err != nil {
				return nil, err
			}
			if l := by.loss(o); l < least {
				least, *by.strength(final) = l, s
			}
		}
	}
	var out []Outcome
	for _, of := range []struct {
		name string
		say  rule
	}{{"constant", (*model).constant}, {"item", (*model).byItem}, {"looks", (*model).looks}} {
		o, err := final.judge(of.name, judge, of.say)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

// cut divides a log before the impressions of a visitor.
func cut(log []Impression, visitor int) (before, from []Impression) {
	k := sort.Search(len(log), func(i int) bool { return int(log[i].Visitor) >= visitor })
	return log[:k], log[k:]
}

// rule says how likely an impression is looked at, and looked at and chosen.
type rule func(*model, Impression) (examination, click float64)

// model counts.
type model struct {
	all                     tally
	items                   map[int32]tally
	cells                   [exposureCells * eccentricityCells]tally
	exposures, eccentricity []float32 // the upper bounds of cells but the last

	cellStrength, lookStrength, viewStrength float64
}

type tally struct{ views, looks, choices float64 }

func (t *tally) add(im Impression) {
	t.views++
	if im.Examined {
		t.looks++
	}
	if im.Chosen {
		t.choices++
	}
}

// The cells of examination hold as many impressions each along both axes.
const (
	exposureCells     = 16
	eccentricityCells = 4
)

func newModel(log []Impression) *model {
	m := &model{items: make(map[int32]tally), cellStrength: 1, lookStrength: 1, viewStrength: 1}
	m.exposures = quantiles(log, exposureCells, func(im Impression) float32 { return im.Exposure })
	m.eccentricity = quantiles(log, eccentricityCells, func(im Impression) float32 { return im.Eccentricity })
	for _, im := range log {
		m.all.add(im)
		m.cells[m.cell(im)].add(im)
		t := m.items[im.Item]
		t.add(im)
		m.items[im.Item] = t
	}
	return m
}

// quantiles are the bounds that cut the log into n equal parts.
func quantiles(log []Impression, n int, of func(Impression) float32) []float32 {
	x := make([]float32, len(log))
	for i, im := range log {
		x[i] = of(im)
	}
	slices.Sort(x)
	bounds := make([]float32, n-1)
	for k := range bounds {
		bounds[k] = x[(k+1)*len(x)/n]
	}
	return bounds
}

func (m *model) cell(im Impression) int {
	above := func(bounds []float32, x float32) int {
		return sort.Search(len(bounds), func(k int) bool { return x < bounds[k] })
	}
	return above(m.exposures, im.Exposure)*eccentricityCells + above(m.eccentricity, im.Eccentricity)
}

// smoothed is happened ÷ of, as if it had been seen strength times more at the rate of all.
func smoothed(happened, of, rate, strength float64) float64 {
	return (happened + strength*rate) / (of + strength)
}

func share(a, b float64) float64 { return a / max(1, b) }

func (m *model) constant(Impression) (examination, click float64) {
	return share(m.all.looks, m.all.views), share(m.all.choices, m.all.views)
}

func (m *model) byItem(im Impression) (examination, click float64) {
	examination, click = m.constant(im)
	t := m.items[im.Item]
	return examination, smoothed(t.choices, t.views, click, m.viewStrength)
}

func (m *model) looks(im Impression) (examination, click float64) {
	c, t := m.cells[m.cell(im)], m.items[im.Item]
	examination = smoothed(c.looks, c.views, share(m.all.looks, m.all.views), m.cellStrength)
	return examination, examination * smoothed(t.choices, t.looks, share(m.all.choices, m.all.looks), m.lookStrength)
}

func (m *model) judge(name string, log []Impression, say rule) (Outcome, error) {
	said := make([]metric.Impression, len(log))
	for i, im := range log {
		e, c := say(m, im)
		said[i] = metric.Impression{Examined: im.Examined, Clicked: im.Chosen, Examination: e, Click: c}
	}
	o := Outcome{Name: name}
	var err error
	o.Examination, o.Click, o.Attraction, err = metric.Clicks(said)
	return o, err
}
