package transformer

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"souk/attention/internal/kernel"
)

// Training is how a network learns.
type Training struct {
	Objective
	Tokens    int     // tokens a step, at least; in [1,1<<20]
	Rate      float64 // of Adam, > 0
	Warm      int     // steps over which the rate rises from 0
	Decay     float64 // of all tables and matrices, per step and rate (AdamW), ≥ 0
	Hidden    float64 // dropout in the blocks, in [0,1)
	Attention float64 // dropout of attention's shares, in [0,1)
	Masked    float64 // part of the items that a network does not see, in [0,1)
	Deviation float64 // of the tables at the start, > 0
	Average   float64 // weight of the past in the running mean of weights that is used; 0: the last weights are
	Seed      uint64
}

// Check says which number is out of range; nil if none is.
func (t Training) Check() error {
	if err := t.Objective.Check(); err != nil {
		return err
	}
	for _, f := range []struct {
		name         string
		v, low, high float64
	}{
		{"number of tokens a step", float64(t.Tokens), 1, 1 << 20}, {"rate", t.Rate, 1e-9, 10}, {"number of warm-up steps", float64(t.Warm), 0, 1e9},
		{"weight decay", t.Decay, 0, 10}, {"dropout", t.Hidden, 0, 0.95}, {"dropout of attention", t.Attention, 0, 0.95},
		{"masked part", t.Masked, 0, 0.95}, {"deviation of the start", t.Deviation, 1e-9, 100}, {"weight of the running mean", t.Average, 0, 0.99999},
	} {
		if !(f.v >= f.low && f.v <= f.high) {
			return fmt.Errorf("self-attention: the %s is %v, must be %v to %v", f.name, f.v, f.low, f.high)
		}
	}
	return nil
}

// Trainer trains one network on sequences of items. For one goroutine; inside,
// it uses all cores.
type Trainer struct {
	cfg       Config
	training  Training
	sequences [][]int32
	tokens    int // targets in all sequences

	weights, gradient *weights
	mean, square      []float32 // of Adam
	average           []float32 // running mean of the weights; nil without
	steps, epochs     int
	epoch             progress
	best              []float32 // weights judged best; nil before
	bestScore         float64
	since             int // judgements since then

	network network
	head    head
	batch   Batch
	dout    []float32
}

// progress is how far an epoch is that was broken off.
type progress struct {
	Windows, Tokens int     // done
	Loss            float64 // sum over the tokens
}

// NewTrainer starts from random weights. Each sequence is one person's items in
// order of time, numbers below cfg.Items; it is read and not copied.
func NewTrainer(c Config, t Training, sequences [][]int32) (*Trainer, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	if err := t.Check(); err != nil {
		return nil, err
	}
	tr := &Trainer{cfg: c, training: t, weights: newWeights(c), gradient: newWeights(c)}
	for i, s := range sequences {
		for _, item := range s {
			if item < 0 || int(item) >= c.Items {
				return nil, fmt.Errorf("self-attention: sequence %d has item %d, and there are %d; count items from 0 and without gaps", i, item, c.Items)
			}
		}
		if len(s) > 1 {
			tr.sequences = append(tr.sequences, s)
			tr.tokens += len(s) - 1
		}
	}
	if tr.tokens == 0 {
		return nil, fmt.Errorf("self-attention: none of %d sequences has two items, so there is nothing to predict; give longer histories", len(sequences))
	}
	tr.weights.start(t.Seed, t.Deviation)
	tr.mean, tr.square = make([]float32, len(tr.weights.all)), make([]float32, len(tr.weights.all))
	if t.Average > 0 {
		tr.average = slices.Clone(tr.weights.all)
	}
	tr.network = *newNetwork(c)
	tr.head.objective = t.Objective
	return tr, nil
}

// Tokens is how many items an epoch predicts.
func (t *Trainer) Tokens() int { return t.tokens }

// Epochs is how many epochs lie behind.
func (t *Trainer) Epochs() int { return t.epochs }

// Epoch predicts each item of each sequence from what came before it, once, in
// random order, and returns the mean loss. Sequences longer than Length are cut into windows, at
// other places in each epoch, so that none of a long history is wasted. A
// cancelled ctx ends it with the context's error, between two steps; the next
// call goes on from there, and so does a trainer made of the state. tell, where not nil, hears the part done, in (0,1].
func (t *Trainer) Epoch(ctx context.Context, tell func(part float64)) (float64, error) {
	rng := rand.New(rand.NewPCG(t.training.Seed, mix(uint64(t.epochs)+0x65706f)))
	windows := t.windows(rng)
	for t.epoch.Windows < len(windows) {
		if err := ctx.Err(); err != nil {
			return 0, fmt.Errorf("self-attention: ended in epoch %d: %w", t.epochs+1, err)
		}
		t.batch.Reset()
		at := t.epoch.Windows
		for at < len(windows) && len(t.batch.Tokens) < t.training.Tokens {
			t.batch.Add(windows[at])
			at++
		}
		t.mask()
		loss := t.step()
		if math.IsNaN(loss) || math.IsInf(loss, 0) {
			return 0, fmt.Errorf("self-attention: the loss is %v in step %d: it diverged; choose a lower rate or more warm-up", loss, t.steps)
		}
		t.epoch = progress{at, t.epoch.Tokens + len(t.batch.Tokens), t.epoch.Loss + loss*float64(len(t.batch.Tokens))}
		if tell != nil {
			tell(float64(t.epoch.Tokens) / float64(t.tokens))
		}
	}
	loss := t.epoch.Loss / float64(t.epoch.Tokens)
	t.epochs, t.epoch = t.epochs+1, progress{}
	return loss, nil
}

// windows cuts the sequences, in random order: no window predicts more than Length items.
func (t *Trainer) windows(rng *rand.Rand) [][]int32 {
	var out [][]int32
	for _, s := range t.sequences {
		if len(s)-1 <= t.cfg.Length {
			out = append(out, s)
			continue
		}
		for from, to := 0, 1+rng.IntN(t.cfg.Length); from < len(s)-1; from, to = to, to+t.cfg.Length {
			to = min(to, len(s)-1)
			out = append(out, s[from:to+1])
		}
	}
	rng.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// mask hides some items of the batch from the network; they stay targets.
func (t *Trainer) mask() {
	cut := uint64(t.training.Masked * (1 << 32))
	if cut == 0 {
		return
	}
	key := mix(t.training.Seed ^ uint64(t.steps)<<20 ^ 0x6d61736b)
	for i := range t.batch.Tokens {
		if mix(key+uint64(i))>>32 < cut {
			t.batch.Tokens[i] = -1
		}
	}
}

// step is forward, backward and Adam on the batch.
func (t *Trainer) step() float64 {
	o := t.training
	key := mix(o.Seed ^ mix(uint64(t.steps)))
	loss := t.gradients(Dropout{Hidden: float32(o.Hidden), Attention: float32(o.Attention)}, key)
	t.steps++
	const beta1, beta2, epsilon = 0.9, 0.98, 1e-8
	rate := o.Rate
	if t.steps < o.Warm {
		rate *= float64(t.steps) / float64(o.Warm)
	}
	fix1 := 1 - math.Pow(beta1, float64(t.steps))
	fix2 := math.Sqrt(1 - math.Pow(beta2, float64(t.steps)))
	adam := kernel.Adam{Beta1: beta1, Beta2: beta2, Rate: float32(rate * fix2 / fix1), Epsilon: float32(epsilon * fix2), Decay: float32(rate * o.Decay)}
	bare := adam
	bare.Decay = 0
	// The mean of young weights follows them closely, as in Polyak averaging with a warm start.
	keep := min(o.Average, float64(t.steps)/float64(t.steps+10))
	t.inPieces(func(lo, hi int, decays bool) {
		a := bare
		if decays {
			a = adam
		}
		a.Step(t.weights.all[lo:hi], t.gradient.all[lo:hi], t.mean[lo:hi], t.square[lo:hi])
		if t.average != nil {
			kernel.Scale(t.average[lo:hi], float32(keep))
			kernel.AddScaled(t.average[lo:hi], float32(1-keep), t.weights.all[lo:hi])
		}
	})
	return loss
}

// gradients computes the loss on the batch and leaves its gradients in t.gradient.
func (t *Trainer) gradients(drop Dropout, key uint64) float64 {
	clear(t.gradient.all)
	t.network.forward(t.weights, &t.batch, drop, key, true)
	t.dout = resize(t.dout, len(t.network.out))
	loss := t.head.step(t.gradient.items, t.dout, t.network.out, t.weights, &t.batch, mix(key^0x68656164))
	t.network.backward(t.weights, t.gradient, &t.batch, t.dout)
	return loss
}

// inPieces calls f on all cores for pieces of the parameters; tables and matrices decay, gains and biases do not.
func (t *Trainer) inPieces(f func(lo, hi int, decays bool)) {
	const piece = 1 << 14
	type span struct {
		lo, hi int
		decays bool
	}
	var spans []span
	at := 0
	for _, x := range t.weights.tensors {
		for lo := at; lo < at+len(x.Data); lo += piece {
			spans = append(spans, span{lo, min(lo+piece, at+len(x.Data)), len(x.Shape) == 2})
		}
		at += len(x.Data)
	}
	each(len(spans), func(_, i int) { f(spans[i].lo, spans[i].hi, spans[i].decays) })
}

// Model is a copy of the network as it is: the running mean of its weights, where one is kept.
func (t *Trainer) Model() *Model {
	w := newWeights(t.cfg)
	copy(w.all, t.current())
	return newModel(w)
}
