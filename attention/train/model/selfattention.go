package model

import (
	"context"
	"fmt"
	"math"
	"slices"

	"souk/attention/train/transformer"
)

func init() {
	s := selfAttentionSpec
	s.New = func(set Settings) (Model, error) {
		m, err := newSelfAttention(set)
		if err != nil { // not a nil pointer in an interface
			return nil, err
		}
		return m, nil
	}
	register(s)
}

var selfAttentionSpec = Spec{
	Name:  "self-attention",
	About: "reads a history in order with multi-head self-attention and scores what comes next",
	Source: "Kang and McAuley 2018 (SASRec): the network; Petrov and Macdonald 2023 (gSASRec): many negatives and the calibrated loss; " +
		"Klenitskiy and Vasilev 2023: cross-entropy over all items",
	Parameters: []Parameter{
		{Name: "dim", Default: 0, Low: 32, High: 256, Log: true, Whole: true, About: "numbers per item; 0: 128, or 64 where histories are long"},
		{Name: "heads", Default: 0, Low: 1, High: 4, Whole: true, About: "heads of attention, a divisor of dim; 0: one for 64 of dim"},
		{Name: "blocks", Default: 2, Low: 1, High: 3, Whole: true, About: "blocks of attention and feed-forward layer"},
		{Name: "inner", Default: 2, Low: 1, High: 4, Whole: true, About: "width of the feed-forward layer, in multiples of dim"},
		{Name: "gelu", Default: 0, Whole: true, About: "1: GELU in the feed-forward layer; 0: ReLU"},
		{Name: "length", Default: 0, Whole: true, About: "items looked back on; 0: 50, or 200 where histories are long"},
		{Name: "absolute", Default: 1, Whole: true, About: "1: a learned vector per position"},
		{Name: "relative", Default: 1, Whole: true, About: "1: a learned number per head and distance"},
		{Name: "dropout", Default: -1, Low: 0.05, High: 0.6, About: "part dropped in the blocks; below 0: 0.5, or 0.1 where histories are long"},
		{Name: "attention-dropout", Default: -1, Low: 0, High: 0.5, About: "part of attention's shares dropped; below 0: as dropout"},
		{Name: "masked", Default: 0, Low: 0, High: 0.3, About: "part of the items hidden from the network in training"},
		{Name: "loss", Default: -1, Whole: true, About: "0: cross-entropy over all items; 1: over sampled ones; 2: gBCE; below 0: 0 up to as many items as negatives, or 4,000 where histories are long, else 1"},
		{Name: "negatives", Default: 1024, Low: 64, High: 2048, Log: true, Whole: true, About: "items drawn per 64 predictions, where the loss samples"},
		{Name: "calibration", Default: 0.75, Low: 0, High: 1, About: "t of gBCE"},
		{Name: "smoothing", Default: 0, Low: 0, High: 0.2, About: "label smoothing of the cross-entropy over all items"},
		{Name: "rate", Default: 0.002, Low: 0.0005, High: 0.004, Log: true, About: "step of Adam"},
		{Name: "warm", Default: 200, Whole: true, About: "steps over which the rate rises"},
		{Name: "decay", Default: 0, Low: 0.0001, High: 0.1, Log: true, About: "weight decay, per step and rate"},
		{Name: "tokens", Default: 0, Whole: true, About: "predictions per step; 0: 512, or up to 2,048 where histories are long and many"},
		{Name: "average", Default: 0.998, Low: 0.99, High: 0.9995, About: "weight of the past in the running mean of weights; 0: none"},
		{Name: "epochs", Default: 100, Whole: true, About: "passes over the data, at most"},
		{Name: "every", Default: 0, Whole: true, About: "epochs from one validation to the next; 0: 3, or 2 where histories are long"},
		{Name: "patience", Default: 3, Whole: true, About: "validations without a better one before it ends"},
	},
}

// SelfAttention is the network with what is around it: settings that adapt to
// the data, early stopping, and the state to go on from.
//
// Besides [Model] it offers State and Resume for training that was broken off, and Network for what
// goes into a model file or re-ranks on a device.
type SelfAttention struct {
	set     Settings
	network *transformer.Model
	trainer *transformer.Trainer
	resume  []byte
	popular []float32 // log counts: what an unknown person is shown
}

func newSelfAttention(set Settings) (*SelfAttention, error) {
	m := &SelfAttention{set: set}
	for name := range set {
		if !slices.ContainsFunc(selfAttentionSpec.Parameters, func(p Parameter) bool { return p.Name == name }) {
			return nil, fmt.Errorf("self-attention: there is no setting %q", name)
		}
	}
	c, t := m.settings(1, 1, 1, 1)
	for _, err := range []error{c.Check(), t.Check()} {
		if err != nil {
			return nil, err
		}
	}
	for _, f := range []struct {
		name string
		low  float64
	}{{"epochs", 1}, {"every", 0}, {"patience", 1}} {
		if v := m.value(f.name); !(v >= f.low && v <= 1e6) {
			return nil, fmt.Errorf("self-attention: %s is %v, must be %v to 1000000", f.name, v, f.low)
		}
	}
	return m, nil
}

func (m *SelfAttention) value(name string) float64 { return selfAttentionSpec.Value(m.set, name) }

// longHistories is the mean number of items in a history from which on the
// defaults are those for dense data: there is then much to learn from each person and little need to hold back.
const longHistories = 40

// fewItems is up to how many of them the softmax over all items costs about as much as the network before
// it, at 64 dimensions: sampling would then save little.
const fewItems = 4000

// stepsAnEpoch is how many steps an epoch of long histories should have at least, as far as that
// leaves steps large enough to be quick.
const stepsAnEpoch = 400

// settings fills in what adapts to the data.
func (m *SelfAttention) settings(items, total int, mean float64, seed uint64) (transformer.Config, transformer.Training) {
	long := mean >= longHistories
	adapt := func(name string, unset bool, short, dense float64) float64 {
		switch v := m.value(name); {
		case !unset:
			return v
		case long:
			return dense
		default:
			return short
		}
	}
	dim := int(adapt("dim", m.value("dim") == 0, 128, 64))
	heads := int(m.value("heads"))
	if heads == 0 {
		heads = max(1, dim/64)
		for dim%heads != 0 {
			heads--
		}
	}
	dropout := adapt("dropout", m.value("dropout") < 0, 0.5, 0.1)
	attention := m.value("attention-dropout")
	if attention < 0 {
		attention = dropout
	}
	loss := transformer.Loss(m.value("loss"))
	if loss < 0 {
		loss = transformer.Sampled
		if few := adapt("loss", true, m.value("negatives"), fewItems); float64(items) <= few {
			loss = transformer.Softmax
		}
	}
	c := transformer.Config{Items: items, Dim: dim, Heads: heads, Blocks: int(m.value("blocks")),
		Inner: dim * int(m.value("inner")), Length: int(adapt("length", m.value("length") == 0, 50, 200)),
		GELU: m.value("gelu") > 0, Absolute: m.value("absolute") > 0, Relative: m.value("relative") > 0}
	t := transformer.Training{
		Objective: transformer.Objective{Loss: loss, Negatives: int(m.value("negatives")), Calibration: m.value("calibration"), Smoothing: m.value("smoothing")},
		Tokens:    int(adapt("tokens", m.value("tokens") == 0, 512, float64(min(2048, max(512, total/stepsAnEpoch))))),
		Rate:      m.value("rate"), Warm: int(m.value("warm")), Decay: m.value("decay"),
		Hidden: dropout, Attention: attention, Masked: m.value("masked"),
		Deviation: 0.02, Average: m.value("average"), Seed: seed,
	}
	return c, t
}

// Fit trains with early stopping where r.Validate is given, and keeps what was best.
func (m *SelfAttention) Fit(ctx context.Context, d *Data, r Run) error {
	sequences, total, mean := m.sequences(d)
	c, o := m.settings(d.Items, total, mean, r.Seed)
	var err error
	if m.resume != nil {
		m.trainer, err = transformer.Resume(c, o, sequences, m.resume)
		m.resume = nil
	} else {
		m.trainer, err = transformer.NewTrainer(c, o, sequences)
	}
	if err != nil {
		return err
	}
	m.count(d)
	epochs, every, patience := int(m.value("epochs")), int(m.value("every")), int(m.value("patience"))
	if every == 0 {
		if every = 3; mean >= longHistories {
			every = 2
		}
	}
	for e := m.trainer.Epochs() + 1; e <= epochs; e++ {
		loss, err := m.trainer.Epoch(ctx, nil)
		if ctx.Err() != nil && e > 1 {
			break
		}
		if err != nil {
			return err
		}
		p, since := Progress{Epoch: e, Epochs: epochs, Loss: loss}, 0
		late := r.Validate != nil && r.Late != nil && r.Late()
		if r.Validate != nil && (e%every == 0 || e == epochs || late) {
			m.network = m.trainer.Model()
			p.Validation = r.Validate(m.NewScorer)
			since = m.trainer.Judge(p.Validation)
		}
		r.Tell(p)
		if since >= patience || late {
			break
		}
	}
	m.network = m.trainer.Best()
	return nil
}

// sequences are the items of each history, without what repeats the item just
// before (a view and the purchase after it are one choice).
func (m *SelfAttention) sequences(d *Data) (out [][]int32, total int, mean float64) {
	people := 0
	for _, h := range d.Histories {
		s := items(nil, h)
		out = append(out, s)
		if len(s) > 0 {
			total += len(s)
			people++
		}
	}
	return out, total, float64(total) / float64(max(1, people))
}

func items(dst []int32, h History) []int32 {
	for _, t := range h {
		if n := len(dst); n == 0 || dst[n-1] != t.Item {
			dst = append(dst, t.Item)
		}
	}
	return dst
}

func (m *SelfAttention) count(d *Data) {
	m.popular = make([]float32, d.Items)
	for _, h := range d.Histories {
		for _, t := range h {
			m.popular[t.Item]++
		}
	}
	for i, n := range m.popular {
		m.popular[i] = float32(math.Log1p(float64(n)))
	}
}

// State is what [SelfAttention.Resume] goes on from, at the very step: to be asked for from
// Run.Progress or after a Fit that was cancelled, and written to a file by the
// caller. Nil before the first.
func (m *SelfAttention) State() []byte {
	if m.trainer == nil {
		return nil
	}
	return m.trainer.State()
}

// Resume makes the next Fit go on from a state of the same settings, data and
// seed instead of beginning anew; whether it fits is said by that Fit.
func (m *SelfAttention) Resume(state []byte) { m.resume = state }

// Network is the trained network: its tensors for a model file, and a scorer
// that re-ranks candidates without allocating. After Fit only.
func (m *SelfAttention) Network() *transformer.Model { return m.network }

// NewScorer is [Model]'s.
func (m *SelfAttention) NewScorer() Scorer {
	return &selfAttentionScorer{scorer: m.network.NewScorer(), popular: m.popular}
}

type selfAttentionScorer struct {
	scorer  *transformer.Scorer
	popular []float32
	items   []int32
}

// Score of an empty history is popularity.
func (s *selfAttentionScorer) Score(dst []float32, h History) {
	s.items = items(s.items[:0], h)
	if len(s.items) == 0 {
		copy(dst, s.popular)
		return
	}
	s.scorer.Score(dst, s.items)
}
