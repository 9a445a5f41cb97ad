package evaluation

import (
	"fmt"
	"slices"
	"strings"

	"souk/attention/train/metric"
	"souk/attention/train/model"
	"souk/attention/train/sequence"
)

// Report is what an evaluation found.
type Report struct {
	Users           int       `json:"users"`
	Items           int       `json:"items"`
	Interactions    int       `json:"interactions"`
	ValidationCases int       `json:"validationCases"`
	TestCases       int       `json:"testCases"`
	Refit           bool      `json:"refit"`
	Notes           []string  `json:"notes,omitempty"`
	Interrupted     bool      `json:"interrupted,omitempty"`
	Models          []*Result `json:"models"`
	Blend           *Blended  `json:"blend,omitempty"`
}

// Blended is how the blend came about.
type Blended struct {
	Weights model.Weights `json:"weights"`
	// Validation is NDCG@10 on validation cases that did not shape the weights:
	// each half judged by the weights of the other.
	Validation float64 `json:"validation"`
	// Without is the same without a part.
	Without map[string]float64 `json:"without,omitempty"`
}

// Result is one model's.
type Result struct {
	Name     string         `json:"name"`
	Settings model.Settings `json:"settings,omitempty"` // that differ from the defaults; those of the refit
	// Validation is NDCG@10 on the cases that settings were chosen by.
	Validation float64  `json:"validation"`
	Seeds      []uint64 `json:"seeds"`
	// Test are the metrics by name, like "NDCG@10": the mean over seeds, with the
	// interval over people of each one's mean over seeds.
	Test map[string]metric.Interval `json:"test"`
	// BySeed are the means of each seed, in step with Seeds.
	BySeed []map[string]float64 `json:"bySeed"`

	outcomes []outcome
}

// Names of the metrics beside accuracy, all of lists of ten.
const (
	Coverage       = "Coverage@10"
	Gini           = "Gini@10"
	Distance       = "Distance@10"
	Novelty        = "Novelty@10"
	Miscalibration = "Miscalibration@10"
)

func newReport(s *sequence.Set, cfg Config, validation, test int) *Report {
	return &Report{Users: len(s.Users), Items: len(s.Items), Interactions: s.Interactions(), ValidationCases: validation, TestCases: test,
		Refit: cfg.Refit, Notes: slices.Clone(s.Notes)}
}

func (r *Report) add(c choice) {
	r.Models = append(r.Models, &Result{Name: c.spec.Name, Settings: c.trial.refit(), Validation: c.trial.Value})
}

func (r *Report) result(name string) *Result {
	for _, m := range r.Models {
		if m.Name == name {
			return m
		}
	}
	m := &Result{Name: name}
	if r.Blend != nil {
		m.Validation = r.Blend.Validation
	}
	r.Models = append(r.Models, m)
	return m
}

func (r *Report) has(name string, seed uint64) bool {
	return slices.Contains(r.result(name).Seeds, seed)
}

func (r *Report) judged(name string, seed uint64, o outcome) {
	if m := r.result(name); !slices.Contains(m.Seeds, seed) {
		m.Seeds, m.outcomes = append(m.Seeds, seed), append(m.outcomes, o)
	}
}

// finish works out means and intervals.
func (r *Report) finish(resamples int) {
	for _, m := range r.Models {
		if len(m.outcomes) == 0 {
			continue
		}
		m.Test = map[string]metric.Interval{}
		m.BySeed = make([]map[string]float64, len(m.outcomes))
		for s, o := range m.outcomes {
			m.BySeed[s] = map[string]float64{Coverage: o.Coverage, Gini: o.Gini, Distance: o.Distance, Novelty: o.Novelty, Miscalibration: o.Miscalibration}
		}
		m.accuracy(resamples)
		for _, name := range []string{Coverage, Gini, Distance, Novelty, Miscalibration} {
			sum := 0.0
			for _, s := range m.BySeed {
				sum += s[name] / float64(len(m.BySeed))
			}
			m.Test[name] = metric.Interval{Mean: sum, Low: sum, High: sum}
		}
	}
}

// accuracy works out all metrics at all cuts: a row of them for each person, the
// mean over seeds.
func (m *Result) accuracy(resamples int) {
	width := len(metric.Kinds) * len(metric.Cuts)
	n := len(m.outcomes[0].Places)
	rows := make([]float64, n*width)
	one := make([]int, 1)
	at := 0
	var names []string
	for _, kind := range metric.Kinds {
		for _, k := range metric.Cuts {
			names = append(names, metric.Name(kind, k))
			for s, o := range m.outcomes {
				for i, place := range o.Places {
					one[0] = place
					rows[i*width+at] += metric.Accuracy(kind, one, k) / float64(len(m.outcomes))
				}
				m.BySeed[s][names[at]] = metric.Mean(kind, o.Places, k)
			}
			at++
		}
	}
	for c, interval := range metric.BootstrapRows(rows, width, resamples, 1) {
		m.Test[names[c]] = interval
	}
}

// Table is the report for people.
func (r *Report) Table() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d users, %d items, %d interactions; %d cases of validation, %d of test\n", r.Users, r.Items, r.Interactions, r.ValidationCases, r.TestCases)
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "Note: %s.\n", n)
	}
	if r.Interrupted {
		b.WriteString("Stopped early: this is what was known by then. The same command goes on from here.\n")
	}
	fmt.Fprintf(&b, "\n%-16s%-11s%-26s%-26s%-26s%-8s%-8s%s\n", "test", "validation", "HR@10 [95 %]", "NDCG@10 [95 %]", "HR@20 [95 %]", "HR@5", "HR@50", "seeds: NDCG@10")
	for _, m := range r.Models {
		fmt.Fprintf(&b, "%-16s%-11.4f", m.Name, m.Validation)
		if m.Test == nil {
			b.WriteString("not tested\n")
			continue
		}
		fmt.Fprintf(&b, "%-26s%-26s%-26s%-8.4f%-8.4f", m.Test["HR@10"], m.Test["NDCG@10"], m.Test["HR@20"], m.Test["HR@5"].Mean, m.Test["HR@50"].Mean)
		for _, s := range m.BySeed {
			fmt.Fprintf(&b, "%.4f ", s["NDCG@10"])
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "\n%-16s%-10s%-10s%-10s%-10s%-10s%-10s%-10s%s\n", "lists of 10", "NDCG@5", "NDCG@20", "MRR@10", "coverage", "Gini", "distance", "novelty", "miscalibration")
	for _, m := range r.Models {
		if m.Test != nil {
			fmt.Fprintf(&b, "%-16s%-10.4f%-10.4f%-10.4f%-10.3f%-10.3f%-10.3f%-10.2f%.3f\n", m.Name, m.Test["NDCG@5"].Mean, m.Test["NDCG@20"].Mean, m.Test["MRR@10"].Mean,
				m.Test[Coverage].Mean, m.Test[Gini].Mean, m.Test[Distance].Mean, m.Test[Novelty].Mean, m.Test[Miscalibration].Mean)
		}
	}
	r.blendTable(&b)
	return b.String()
}

func (r *Report) blendTable(b *strings.Builder) {
	if r.Blend == nil {
		return
	}
	fmt.Fprintf(b, "\nThe blend: NDCG@10 of validation %.4f, each half judged by the weights of the other.\n", r.Blend.Validation)
	fmt.Fprintf(b, "%-16s%-22s%-22s%s\n", "part", "weight of z/10", "weight of asinh z", "validation without it")
	for p, name := range r.Blend.Weights.Parts {
		v := r.Blend.Weights.Values[4*p:]
		without := "–" // of two parts, one is no blend
		if w, ok := r.Blend.Without[name]; ok {
			without = fmt.Sprintf("%.4f", w)
		}
		fmt.Fprintf(b, "%-16s%-22s%-22s%s\n", name, fmt.Sprintf("%.3f %+.3f·l", v[0], v[1]), fmt.Sprintf("%.3f %+.3f·l", v[2], v[3]), without)
	}
	b.WriteString("l is the logarithm of the history's length ÷ 8.\n")
}
