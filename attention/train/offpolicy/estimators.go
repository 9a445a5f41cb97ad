package offpolicy

import (
	"math"
)

// sample computes all estimates on some rows of a log.
type sample struct {
	log      *Log
	policy   *Policy
	folds    int
	balanced bool
	models   []rewardModel // by fold: fitted without it

	share                        []float64 // by pair: the probability with which the log's policies chose, in the mean
	covariate                    []float64 // by pair: π ÷ share, at most the cap
	logged, weight, direct, rest []float64 // by row of the sample: π ÷ propensity; π ÷ share; Σπq; reward − q
	last                         struct {
		effective, plain, most, mean, slope float64
		clipped                             int
		strength                            [2]float64
	}
}

func newSample(l *Log, p *Policy, folds int) *sample {
	n, cells := len(l.Action), l.Contexts*l.Actions
	return &sample{log: l, policy: p, folds: folds, balanced: l.changing(), models: make([]rewardModel, folds),
		share: make([]float64, cells), covariate: make([]float64, cells),
		logged: make([]float64, n), weight: make([]float64, n), direct: make([]float64, n), rest: make([]float64, n)}
}

// rowsPerPair is how many rows a pair of context and action must have, in the
// mean, for their counts to stand for its probability.
const rowsPerPair = 20

// changing says whether the policy that wrote the log changed on the way (one
// pair was chosen with different probabilities), and there are rows enough to count its mean.
func (l *Log) changing() bool {
	cells := l.Contexts * l.Actions
	if len(l.Action) < rowsPerPair*cells {
		return false
	}
	first := make([]float64, cells)
	for i, a := range l.Action {
		k := int(l.Context[i])*l.Actions + int(a)
		if first[k] == 0 {
			first[k] = l.Propensity[i]
		}
		if math.Abs(first[k]-l.Propensity[i]) > 1e-6 {
			return true
		}
	}
	return false
}

// estimate applies every estimator to the rows.
//
// With w = π(a|x) ÷ propensity, q a reward model fitted without the row's fold, and Q = Σπq:
//
//	DM         mean of Q
//	IPS        mean of w·r                       (Horvitz and Thompson 1952)
//	clipped    IPS with w capped at √n            (Ionides 2008)
//	SNIPS      Σw·r ÷ Σw                          (Swaminathan and Joachims 2015)
//	balanced   IPS with the mean propensity of all policies that took turns
//	           in writing the log                 (Agarwal, Basu, Schnabel, Joachims 2017)
//	DR         mean of Q + w·(r − q)              (Dudík, Langford, Li 2011)
//	SNDR       mean of Q + Σw·(r − q) ÷ Σw
//	switch-DR  DR, without the rows with w > τ    (Wang, Agarwal, Dudík 2017)
//	DRos       DR with λw ÷ (w² + λ) for w        (Su et al. 2020, optimistic shrinkage)
//
// Where one policy wrote the log, balanced is IPS. The last four use the
// balanced weights.
func (s *sample) estimate(rows []int32) []Estimate {
	s.prepare(rows)
	n := float64(len(rows))
	limit := math.Sqrt(n)
	var direct, ips, clipped, plain, plainSquares, balanced, correction, weights, squares float64
	s.last.most, s.last.clipped = 0, 0
	for i, r := range rows {
		w, b, reward := s.logged[i], s.weight[i], s.log.Reward[r]
		direct += s.direct[i]
		ips += w * reward
		clipped += math.Min(w, limit) * reward
		plain += w
		plainSquares += w * w
		balanced += b * reward
		correction += b * s.rest[i]
		weights += b
		squares += b * b
		s.last.most = math.Max(s.last.most, w)
		if w > limit {
			s.last.clipped++
		}
	}
	s.last.mean, s.last.effective, s.last.plain = plain/n, 0, 0
	snips, normal := direct/n, 0.0 // no row of the log could be the policy's: the model alone speaks
	if weights > 0 && plain > 0 {
		s.last.plain, s.last.effective = plain*plain/plainSquares, weights*weights/squares
		snips, normal = ips/plain, correction/weights
	}
	tau, switched := s.choose(len(rows), switching)
	lambda, shrunk := s.choose(len(rows), shrinking)
	return []Estimate{
		{Name: "DM", Value: direct / n},
		{Name: "IPS", Value: ips / n},
		{Name: "IPS clipped", Value: clipped / n, Parameter: limit},
		{Name: "SNIPS", Value: snips},
		{Name: "balanced", Value: balanced / n},
		{Name: "DR", Value: (direct + correction) / n},
		{Name: "SNDR", Value: direct/n + normal},
		{Name: "switch-DR", Value: switched, Parameter: tau},
		{Name: "DRos", Value: shrunk, Parameter: lambda},
	}
}

// prepare fits the models and fills in what each row brings.
func (s *sample) prepare(rows []int32) {
	s.count(rows)
	for f := range s.models {
		s.models[f].reset(s.log.Contexts, s.log.Actions)
	}
	for _, r := range rows {
		for f := range s.models {
			if int(r)%s.folds != f {
				s.models[f].add(s.log.Context[r], s.log.Action[r], s.log.Reward[r])
			}
		}
	}
	for f := range s.models {
		s.models[f].fit(s.policy, s.covariate)
	}
	s.last.strength, s.last.slope = s.models[0].strength, s.models[0].slope
	actions := s.log.Actions
	for i, r := range rows {
		c, a := int(s.log.Context[r]), int(s.log.Action[r])
		m := &s.models[int(r)%s.folds]
		pi := s.policy.Probability[c*actions+a]
		s.logged[i] = pi / s.log.Propensity[r]
		s.weight[i] = s.logged[i]
		if s.balanced {
			s.weight[i] = pi / s.share[c*actions+a]
		}
		s.direct[i] = m.value[c]
		s.rest[i] = s.log.Reward[r] - m.predict(c, a)
	}
}

// count finds the mean probability of each pair: of changing policies the
// share of rows, else what was logged; and the covariate of the reward model.
func (s *sample) count(rows []int32) {
	limit := math.Sqrt(float64(len(rows)))
	clear(s.share)
	contexts := make([]float64, s.log.Contexts)
	for _, r := range rows {
		c := int(s.log.Context[r])
		k := c*s.log.Actions + int(s.log.Action[r])
		contexts[c]++
		if s.balanced {
			s.share[k]++
		} else {
			s.share[k] = s.log.Propensity[r]
		}
	}
	for k, pi := range s.policy.Probability {
		if n := contexts[k/s.log.Actions]; s.balanced && n > 0 {
			s.share[k] /= n
		}
		s.covariate[k] = limit
		if pi == 0 {
			s.covariate[k] = 0
		} else if s.share[k] > 0 {
			s.covariate[k] = math.Min(limit, pi/s.share[k])
		}
	}
}

func switching(w, tau float64) float64 {
	if w > tau {
		return 0
	}
	return w
}

func shrinking(w, lambda float64) float64 { return w * lambda / (w*w + lambda) }

// choose tries a weight function over a grid of its parameter and takes the value
// with the least mean squared error, as the log alone estimates it (Su et al. 2020): the
// variance of the estimate plus the square of its bias, |mean of (w − ŵ)·(r − q)|.
// Their bound adds a term for rewards up to 1, which for clicks of half a percent
// is many times the value and would leave every weight as it is.
func (s *sample) choose(n int, weigh func(w, parameter float64) float64) (parameter, value float64) {
	count := float64(n)
	least := math.Inf(1)
	for exponent := 0; exponent <= 20; exponent++ {
		p := math.Pow(10, float64(exponent)/4) // 1 to 100,000
		var sum, squares, bias float64
		for i, w := range s.weight[:n] {
			hat := weigh(w, p)
			x := s.direct[i] + hat*s.rest[i]
			sum += x
			squares += x * x
			bias += (w - hat) * s.rest[i]
		}
		mean := sum / count
		bias /= count
		if mse := (squares/count-mean*mean)/count + bias*bias; mse < least {
			least, parameter, value = mse, p, mean
		}
	}
	return parameter, value
}

// report says what the last rows that were estimated on were worth.
func (s *sample) report() *Report {
	seen := make([]bool, len(s.policy.Probability))
	for i, a := range s.log.Action {
		seen[int(s.log.Context[i])*s.log.Actions+int(a)] = true
	}
	uncovered := 0.0
	for k, p := range s.policy.Probability {
		if !seen[k] {
			uncovered += p / float64(s.log.Contexts)
		}
	}
	return &Report{Rows: len(s.log.Action), Logged: s.log.Mean(), Effective: s.last.effective, MaxWeight: s.last.most, MeanW: s.last.mean,
		Plain: s.last.plain, Balanced: s.balanced, Clipped: s.last.clipped, Uncovered: uncovered, Strength: s.last.strength, Slope: s.last.slope}
}
