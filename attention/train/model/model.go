// Package model holds the models that training knows, one file each: from
// popularity to self-attention over sequences, and the blend of them.
//
// Read [Model] first, then [Specs]. Adding a model is one file: a type that is a
// Model, and a [Spec] that its file registers.
package model

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"souk/world"
)

// Touch is one thing that a person did with one item.
type Touch struct {
	Item   int32
	Kind   world.EventKind // EventUnknown where a log knows only that and when
	Weight float32         // confidence, > 0
	Time   float64         // seconds, or any number that grows; only order and differences count
}

// History is what one person did, in order of time.
type History []Touch

// Data is what a model learns from. Read only while a model fits.
type Data struct {
	Items     int
	Histories []History
	Features  []float32 // content, Items × FeatureDim, row by row; nil where there is none
	Width     int       // FeatureDim
}

// Case is one question to judge by: what comes after this history? The history
// may be one of the data or longer.
type Case struct {
	History History
	Target  int32
}

// Run is what a fit is given besides data and settings.
type Run struct {
	Seed uint64
	// Validate says how good a scorer is on held-out cases, more is better: for
	// models that stop early. Nil: train for as many epochs as the settings say.
	Validate func(NewScorer func() Scorer) float64
	// Late says that the time allowed is over: a fit that validates ends with
	// its next epoch, with the best until then. Nil: never.
	Late func() bool
	// Progress is told how far a fit is; may be nil. It is called from the
	// goroutine that called Fit.
	Progress func(Progress)
}

// Progress says how far a fit is.
type Progress struct {
	Epoch, Epochs int
	Loss          float64 // 0 where a model has none
	Validation    float64 // 0 where none was asked for
}

// Tell passes a progress on, where somebody listens.
func (r Run) Tell(p Progress) {
	if r.Progress != nil {
		r.Progress(p)
	}
}

// Model predicts what a person touches next.
type Model interface {
	// Fit learns from the data, on all cores. The same data, settings and seed
	// give the same model, however many cores there are. A cancelled ctx ends it early: nil
	// where there is a usable model by then, else the context's error.
	Fit(ctx context.Context, d *Data, r Run) error
	// NewScorer makes a scorer for one goroutine; after Fit only.
	NewScorer() Scorer
}

// Resumer is a model whose fit can go on where it was broken off.
type Resumer interface {
	Model
	// State is what Resume goes on from: from within Run.Progress, or after a
	// Fit. Nil where there is nothing yet.
	State() []byte
	// Resume makes the next Fit, with the same data, settings but for "epochs",
	// and seed, go on from a state; that Fit says whether the state suits.
	Resume(state []byte)
}

// Scorer scores all items for a person.
type Scorer interface {
	// Score writes a score for each item into dst (Items long): the higher, the
	// likelier next. What the person has touched is scored like all else;
	// leaving it out is the caller's. An empty history is an unknown person.
	Score(dst []float32, h History)
}

// Parameter is one setting of a model and where to look for its best value.
type Parameter struct {
	Name      string
	Default   float64
	Low, High float64 // the range of the search; equal: not searched
	Log       bool    // searched on a logarithmic scale
	Whole     bool    // whole numbers only
	About     string  // unit and meaning, for --help and the docs
}

// Settings are values by parameter name; what is missing has its default.
type Settings map[string]float64

// Spec describes a model.
type Spec struct {
	Name       string // on the command line and in reports
	About      string // one sentence
	Source     string // authors, year, what of it
	Parameters []Parameter
	// Trials is how many fits a small search of the settings should spend; 0
	// takes the defaults as they are.
	Trials int
	// Seedless says that the seed changes nothing, so that one fit serves all seeds.
	Seedless bool
	// New makes an untrained model; an error says which setting is out of range.
	New func(Settings) (Model, error)
}

var specs []Spec

// register is called by each model's file.
func register(s Spec) { specs = append(specs, s) }

// Specs lists all models, in order of name.
func Specs() []Spec {
	out := slices.Clone(specs)
	slices.SortFunc(out, func(a, b Spec) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// Lookup finds a model by name.
func Lookup(name string) (Spec, error) {
	var names []string
	for _, s := range Specs() {
		if s.Name == name {
			return s, nil
		}
		names = append(names, s.Name)
	}
	return Spec{}, fmt.Errorf("there is no model %q; there are %s", name, strings.Join(names, ", "))
}

// Value is a setting, or its default.
func (s Spec) Value(set Settings, name string) float64 {
	if v, ok := set[name]; ok {
		return v
	}
	for _, p := range s.Parameters {
		if p.Name == name {
			return p.Default
		}
	}
	return 0
}
