package rank

import (
	"math"
	"math/rand/v2"

	"souk/attention/internal/snap"
	"souk/attention/signal"
	"souk/world"
)

// Baseline is a policy that learns nothing but what must not be shown: what
// the ranker is measured against. Make one with [NewPopularity] or [NewRandom].
type Baseline struct {
	name    string
	logs    []float32 // log-popularity by item; nil: random
	uniform float64
	seed    uint64
	pcg     rand.PCG
	rng     *rand.Rand
	exclusion

	scores []float32
	best   top
	ranked []Scored
	out    []Candidate
	lots   lottery
}

var _ Policy = (*Baseline)(nil)

// NewPopularity makes the policy that ranks by the model's popularity and
// proposes n out of the 2n most popular, one candidate in fifty at random. The
// model must pass [Model.Check].
func NewPopularity(m *Model, seed uint64) *Baseline {
	return newBaseline("popularity", m.Items, m.Popularity, 0.02, seed)
}

// NewRandom makes the policy for which all items are alike.
func NewRandom(items int, seed uint64) *Baseline {
	return newBaseline("random", items, nil, 1, seed)
}

func newBaseline(name string, items int, logs []float32, uniform float64, seed uint64) *Baseline {
	b := &Baseline{name: name, logs: logs, uniform: uniform, seed: seed,
		exclusion: newExclusion(items, DefaultConfig()),
		scores:    make([]float32, items)}
	b.Forget()
	return b
}

// Name is "popularity" or "random".
func (b *Baseline) Name() string { return b.name }

// Observe takes note of hidden, bought and just seen items, and nothing else.
func (b *Baseline) Observe(s signal.Signal) {
	if usable(s, len(b.scores)) {
		b.exclusion.observe(s)
	}
}

// Forget returns to the state of an unknown visitor.
func (b *Baseline) Forget() {
	b.pcg.Seed(b.seed, 0x736f756b)
	b.rng = rand.New(&b.pcg)
	b.exclusion.clear()
}

// Rank is the order of popularity, or a fresh random one; Attention is the
// item's share of popularity, or the same for all.
func (b *Baseline) Rank(k int) []Scored {
	left := b.fill(b.unranked)
	b.ranked = b.ranked[:0]
	for _, key := range b.best.pick(b.scores, min(k, left)) {
		i := keyIndex(key)
		s := Scored{Item: world.ItemIndex(i), Score: b.scores[i], Attention: 1 / float32(left)}
		if b.logs != nil {
			s.Attention = float32(math.Exp(float64(b.logs[i])))
		}
		b.ranked = append(b.ranked, s)
	}
	return b.ranked
}

// fill sets the scores and says how many items are left.
func (b *Baseline) fill(without func(int) bool) (left int) {
	for i := range b.scores {
		switch {
		case without(i):
			b.scores[i] = float32(math.Inf(-1))
			continue
		case b.logs != nil:
			b.scores[i] = b.logs[i]
		default:
			b.scores[i] = b.rng.Float32()
		}
		left++
	}
	return left
}

// Propose draws n different items with exactly the propensities that it
// states; what may be proposed is as for [Ranker.Propose].
func (b *Baseline) Propose(n int) []Candidate {
	left := b.fill(b.unproposed)
	n = min(n, left)
	b.out = b.out[:0]
	if n <= 0 {
		return b.out
	}
	b.lots.clear(left, b.uniform*float64(n)/float64(left))
	if b.logs != nil {
		of := b.best.pick(b.scores, min(2*n, left))
		p := (1 - b.uniform) * float64(n) / float64(len(of))
		for _, k := range of {
			b.lots.add(keyIndex(k), p, keyScore(k))
		}
	}
	b.lots.exclude(b.touched, b.unproposed)
	b.out = b.lots.draw(b.out, n, b.rng, func(i int) float32 { return b.scores[i] })
	for i := range b.out {
		b.out[i].Attention = 1 / float32(left)
		if b.logs != nil {
			b.out[i].Attention = float32(math.Exp(float64(b.logs[b.out[i].Item])))
		}
	}
	return b.out
}

// Explain gives the one reason that popularity has; none for random.
func (b *Baseline) Explain(dst []Reason, item world.ItemIndex, max int) []Reason {
	if b.logs == nil || max < 1 || item < 0 || int(item) >= len(b.logs) {
		return dst
	}
	return append(dst, Reason{Item: world.NoItem, Share: 1})
}

// AppendState appends the random numbers and what is excluded.
func (b *Baseline) AppendState(dst []byte) []byte {
	w := snap.Writer{Buf: dst}
	w.Byte(baselineVersion)
	w.Bytes([]byte(b.name))
	appendRandom(&w, &b.pcg)
	b.exclusion.append(&w)
	return w.Buf
}

// RestoreState takes the state that AppendState wrote for the same policy.
func (b *Baseline) RestoreState(src []byte) error {
	in := snap.NewReader(src, "the "+b.name+" policy")
	b.Forget()
	if v := in.Byte(); v != baselineVersion {
		in.Fail("version %d, not %d", v, baselineVersion)
	}
	if string(in.Bytes()) != b.name {
		in.Fail("it belongs to another policy")
	}
	restoreRandom(in, &b.pcg)
	b.exclusion.restore(in)
	if err := in.Done(); err != nil {
		b.Forget()
		return err
	}
	return nil
}
