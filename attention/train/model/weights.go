package model

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/optimize"
)

// Part is a fitted model in a blend.
type Part struct {
	Name  string
	Model Model
}

// perPart is how many numbers a part gives of an item: its score in units of
// the case's standard deviation, and the asinh of that, which is linear near 0
// and a logarithm far away. The first suits scores that are logarithms of
// odds, the second sums of evidence, whose best are far away from all others.
const perPart = 2

// Weights say how much each part's numbers count, and how that grows with the
// length of the history.
type Weights struct {
	Parts []string `json:"parts"`
	// Values are 2 × 2 by part: of the score in standard deviations and of its
	// asinh, each for a history of middle length and per unit of lengthOf.
	Values []float64 `json:"values"`
}

// lengthOf is the logarithm of the history's length, 0 at 8 touches, in [−2,2].
func lengthOf(h History) float64 {
	return min(2, max(-2, math.Log(float64(max(1, len(h))))-math.Log(8)))
}

// normalise is the mean of a case's scores and 1 over their deviation; (0, 0) where all are
// the same, so that such a part says nothing. Scores that are no number are made −Inf's like: the least.
func normalise(scores []float32) (mean, inverse float32) {
	sum, square, n := 0.0, 0.0, 0.0
	for i, s := range scores {
		if s != s || s > math.MaxFloat32 || s < -math.MaxFloat32 {
			scores[i] = 0
			continue
		}
		sum += float64(s)
		square += float64(s) * float64(s)
		n++
	}
	m := sum / max(1, n)
	v := square/max(1, n) - m*m
	if !(v > 1e-30) || v < 1e-10*m*m {
		return float32(m), 0
	}
	return float32(m), float32(1 / math.Sqrt(v))
}

// asinh is math.Asinh without its care for numbers beyond 10¹⁵⁰, in a third of the time.
func asinh(z float64) float64 {
	if z < 0 {
		return -math.Log(-z + math.Sqrt(z*z+1))
	}
	return math.Log(z + math.Sqrt(z*z+1))
}

func numbers(dst []float32, s, mean, inverse float32) {
	z := float64((s - mean) * inverse)
	dst[0], dst[1] = float32(z/10), float32(asinh(z))
}

// WeightConfig governs how the weights are learned.
type WeightConfig struct {
	Depth int     // best items of each part that are candidates, ≥ 1
	Ridge float64 // penalty of the squared weights, over the number of cases, ≥ 0
	Cases int     // asked at most; evenly spread over those given
}

// DefaultWeights suit some thousand cases.
func DefaultWeights() WeightConfig { return WeightConfig{Depth: 50, Ridge: 10, Cases: 12000} }

// question is one case as the fit sees it: the parts' numbers of the candidates.
type question struct {
	fold    int
	length  float64
	target  int // among the candidates; −1: no part had it
	numbers []float32
}

// Questions are the cases that weights are learned from.
type Questions struct {
	parts []string
	list  []question
}

// Ask scores the cases by the parts, which must not have learned from their
// targets. Candidates are the best items of each part.
func Ask(ctx context.Context, items int, parts []Part, cases []Case, cfg WeightConfig) (*Questions, error) {
	q := &Questions{}
	for _, p := range parts {
		q.parts = append(q.parts, p.Name)
	}
	n := min(len(cases), cfg.Cases)
	q.list = make([]question, n)
	onAllCores(n, func() func(int) {
		a := newAsker(items, parts, cfg.Depth)
		return func(i int) {
			if ctx.Err() == nil {
				k := int(int64(i) * int64(len(cases)) / int64(n))
				q.list[i] = a.ask(cases[k])
				q.list[i].fold = i % 2
			}
		}
	})
	return q, ctx.Err()
}

type asker struct {
	scorers []Scorer
	scores  [][]float32
	depth   int
	seen    []bool
	best    []int32
}

func newAsker(items int, parts []Part, depth int) *asker {
	a := &asker{depth: depth, seen: make([]bool, items)}
	for _, p := range parts {
		a.scorers = append(a.scorers, p.Model.NewScorer())
		a.scores = append(a.scores, make([]float32, items))
	}
	return a
}

func (a *asker) ask(c Case) question {
	var list []int32
	mean, inverse := make([]float32, len(a.scorers)), make([]float32, len(a.scorers))
	for p, s := range a.scorers {
		s.Score(a.scores[p], c.History)
		mean[p], inverse[p] = normalise(a.scores[p])
		a.best = bestOf(a.best, a.scores[p], c, a.depth)
		if inverse[p] == 0 {
			continue
		}
		for _, i := range a.best {
			if !a.seen[i] {
				a.seen[i] = true
				list = append(list, i)
			}
		}
	}
	q := question{length: lengthOf(c.History), target: slices.Index(list, c.Target)}
	width := perPart * len(a.scorers)
	q.numbers = make([]float32, len(list)*width)
	for k, i := range list {
		a.seen[i] = false
		for p := range a.scorers {
			numbers(q.numbers[k*width+p*perPart:], a.scores[p][i], mean[p], inverse[p])
		}
	}
	return q
}

// bestOf lists the best items that the history does not hold.
func bestOf(dst []int32, scores []float32, c Case, k int) []int32 {
	dst = dst[:0]
	floor := float32(math.Inf(-1))
	worse := func(x, y int32) bool { return scores[x] < scores[y] || scores[x] == scores[y] && x > y }
	for i, s := range scores {
		if !(s > floor) || int32(i) != c.Target && slices.ContainsFunc(c.History, func(t Touch) bool { return t.Item == int32(i) }) {
			continue
		}
		if len(dst) == k {
			dst = dst[:k-1]
		}
		at, _ := slices.BinarySearchFunc(dst, int32(i), func(x, y int32) int {
			if worse(y, x) {
				return -1
			}
			return 1
		})
		dst = slices.Insert(dst, at, int32(i))
		if len(dst) == k {
			floor = scores[dst[k-1]]
		}
	}
	return dst
}

// Fit finds the weights under which the targets are likeliest among the
// candidates: multinomial logistic regression (McFadden 1974) with a ridge, whose
// one minimum BFGS with limited memory finds. Cases whose target no part had among its
// best teach nothing, since no weights bring it up.
func (q *Questions) Fit(ctx context.Context, cfg WeightConfig) (Weights, error) {
	return q.fit(ctx, cfg, func(question) bool { return true })
}

// Halves fits on every other case and judges by the cases between, both ways
// round: the mean of gain, told the target's place by the blend among the candidates (0
// where no part had it), without a case judged by weights that it shaped.
func (q *Questions) Halves(ctx context.Context, cfg WeightConfig, gain func(place int) float64) (float64, error) {
	sum := 0.0
	for fold := range 2 {
		w, err := q.fit(ctx, cfg, func(c question) bool { return c.fold != fold })
		if err != nil {
			return 0, err
		}
		for _, c := range q.list {
			if c.fold == fold {
				sum += gain(c.place(w.Values))
			}
		}
	}
	return sum / float64(max(1, len(q.list))), nil
}

// Choose finds the weights and says how good they are on cases that did not
// shape them, as Halves does. Where one part alone is better than the blend, as with few
// cases it may be, the weights are of that part alone.
func (q *Questions) Choose(ctx context.Context, cfg WeightConfig, gain func(place int) float64) (Weights, float64, error) {
	w, err := q.Fit(ctx, cfg)
	if err != nil {
		return w, 0, err
	}
	value, err := q.Halves(ctx, cfg, gain)
	if err != nil {
		return w, 0, err
	}
	for p := range q.parts {
		alone := make([]float64, len(w.Values))
		alone[2*perPart*p+2] = 1 // of the asinh, which keeps the part's own order
		sum := 0.0
		for _, c := range q.list {
			sum += gain(c.place(alone))
		}
		if sum /= float64(len(q.list)); sum > value {
			w.Values, value = alone, sum
		}
	}
	return w, value, nil
}

// Without are the same questions with a part's numbers left out; its candidates stay.
func (q *Questions) Without(part string) *Questions {
	at := slices.Index(q.parts, part)
	if at < 0 {
		return q
	}
	out := &Questions{parts: slices.Delete(slices.Clone(q.parts), at, at+1)}
	width := perPart * len(q.parts)
	for _, c := range q.list {
		n := c
		n.numbers = make([]float32, 0, len(c.numbers))
		for k := 0; k < len(c.numbers); k += width {
			n.numbers = append(append(n.numbers, c.numbers[k:k+at*perPart]...), c.numbers[k+(at+1)*perPart:k+width]...)
		}
		out.list = append(out.list, n)
	}
	return out
}

// place is the target's among the candidates; 0 where it is none of them.
func (c question) place(values []float64) int {
	if c.target < 0 {
		return 0
	}
	w := c.effective(values)
	scores := make([]float64, len(c.numbers)/len(w))
	c.score(scores, w)
	place := 1
	for k, s := range scores {
		if s > scores[c.target] || s == scores[c.target] && k < c.target {
			place++
		}
	}
	return place
}

// effective are the weights of the numbers for a history of this length.
func (c question) effective(values []float64) []float64 {
	w := make([]float64, len(values)/2)
	for f := range w {
		w[f] = values[2*f] + c.length*values[2*f+1]
	}
	return w
}

func (c question) score(dst, w []float64) {
	for k := range dst {
		x := c.numbers[k*len(w):][:len(w)]
		s := 0.0
		for f, v := range x {
			s += w[f] * float64(v)
		}
		dst[k] = s
	}
}

// loss adds the case's −log likelihood's gradient to grad and returns the loss.
func (c question) loss(grad, values []float64) float64 {
	w := c.effective(values)
	n := len(c.numbers) / len(w)
	p := make([]float64, n)
	c.score(p, w)
	mine, most, z := p[c.target], slices.Max(p), 0.0
	for k := range p {
		p[k] = math.Exp(p[k] - most)
		z += p[k]
	}
	for k := range p {
		g := p[k] / z
		if k == c.target {
			g--
		}
		for f, v := range c.numbers[k*len(w):][:len(w)] {
			grad[2*f] += g * float64(v)
			grad[2*f+1] += g * float64(v) * c.length
		}
	}
	return math.Log(z) + most - mine
}

func (q *Questions) fit(ctx context.Context, cfg WeightConfig, use func(question) bool) (Weights, error) {
	var list []question
	for _, c := range q.list {
		if c.target >= 0 && use(c) {
			list = append(list, c)
		}
	}
	size := 2 * perPart * len(q.parts)
	if len(list) < 10 {
		return Weights{}, fmt.Errorf("train: a blend needs 10 held-out items that a part finds, there are %d", len(list))
	}
	start := make([]float64, size)
	for f := 2; f < size; f += 2 * perPart {
		start[f] = 1 / float64(len(q.parts))
	}
	problem := blendProblem{list: list, ridge: cfg.Ridge}
	p := optimize.Problem{
		Func: func(x []float64) float64 { return problem.at(ctx, nil, x) },
		Grad: func(g, x []float64) { problem.at(ctx, g, x) },
	}
	r, err := optimize.Minimize(p, start, &optimize.Settings{MajorIterations: 100, GradientThreshold: 1e-5, Concurrent: 0,
		Converger: &optimize.FunctionConverge{Relative: 1e-7, Iterations: 5}}, &optimize.LBFGS{})
	if ctx.Err() != nil {
		return Weights{}, ctx.Err()
	}
	if r == nil {
		return Weights{}, fmt.Errorf("train: the blend's weights: %w", err)
	}
	for _, v := range r.X {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return Weights{}, errors.New("train: the blend's weights grew beyond all numbers; a part's scores are not finite")
		}
	}
	return Weights{Parts: slices.Clone(q.parts), Values: r.X}, nil
}

// blendProblem is the mean loss over cases and its gradient.
type blendProblem struct {
	list  []question
	ridge float64
}

// at is worked out in blocks of a fixed size that are summed in order, so that
// the number of cores changes nothing.
func (b *blendProblem) at(ctx context.Context, grad, x []float64) float64 {
	const block = 256
	blocks := (len(b.list) + block - 1) / block
	losses, grads := make([]float64, blocks), make([][]float64, blocks)
	onAllCores(blocks, func() func(int) {
		return func(i int) {
			if ctx.Err() != nil {
				return
			}
			grads[i] = make([]float64, len(x))
			for _, c := range b.list[i*block : min((i+1)*block, len(b.list))] {
				losses[i] += c.loss(grads[i], x)
			}
		}
	})
	n := float64(len(b.list))
	loss := 0.0
	for _, l := range losses {
		loss += l / n
	}
	for _, v := range x {
		loss += b.ridge / n * v * v
	}
	for f := range grad {
		grad[f] = 2 * b.ridge / n * x[f]
		for _, g := range grads {
			if g != nil { // a block that a cancelled ctx left out
				grad[f] += g[f] / n
			}
		}
	}
	return loss
}
