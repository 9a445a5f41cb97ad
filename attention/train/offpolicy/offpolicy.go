// Package offpolicy says what another policy would have earned, from the log
// of the one that ran: each row a decision with the probability with which it
// was taken, and what came of it.
//
// Read [Log] and [Policy] first, then [Evaluate]; docs/offpolicy.md says what
// each estimator assumes.
package offpolicy

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Log holds the decisions of one policy, row by row: in which of Contexts
// situations (a position on the page) it chose which of Actions things, how likely that was, and the
// reward. The slices are of one length.
type Log struct {
	Contexts, Actions int
	Context, Action   []int32
	Propensity        []float64 // of the choice, in (0,1]
	Reward            []float64 // finite; 0 or 1 where it is a click
}

// Check says which row is out of range, in a sentence; nil if none is.
func (l *Log) Check() error {
	n := len(l.Action)
	if n == 0 {
		return fmt.Errorf("off-policy log: it has no rows: nothing can be estimated from it")
	}
	if len(l.Context) != n || len(l.Propensity) != n || len(l.Reward) != n {
		return fmt.Errorf("off-policy log: %d contexts, %d actions, %d propensities and %d rewards: their numbers must be the same", len(l.Context), n, len(l.Propensity), len(l.Reward))
	}
	for i := range n {
		switch {
		case l.Context[i] < 0 || int(l.Context[i]) >= l.Contexts:
			return fmt.Errorf("off-policy log, row %d: context %d, must be 0 to %d", i+1, l.Context[i], l.Contexts-1)
		case l.Action[i] < 0 || int(l.Action[i]) >= l.Actions:
			return fmt.Errorf("off-policy log, row %d: action %d, must be 0 to %d", i+1, l.Action[i], l.Actions-1)
		case !(l.Propensity[i] > 0 && l.Propensity[i] <= 1):
			return fmt.Errorf("off-policy log, row %d: a propensity of %v, must be above 0 and at most 1", i+1, l.Propensity[i])
		case l.Reward[i]-l.Reward[i] != 0:
			return fmt.Errorf("off-policy log, row %d: the reward is %v, no finite number", i+1, l.Reward[i])
		}
	}
	return nil
}

// Mean is what the policy that wrote the log earned per row.
func (l *Log) Mean() float64 {
	sum := 0.0
	for _, r := range l.Reward {
		sum += r
	}
	return sum / float64(max(1, len(l.Reward)))
}

// Policy is the policy that is asked about: the probability of each action in
// each context, Contexts × Actions, row by row.
type Policy struct {
	Contexts, Actions int
	Probability       []float64
}

// Uniform chooses all actions alike.
func Uniform(contexts, actions int) *Policy {
	p := &Policy{contexts, actions, make([]float64, contexts*actions)}
	for i := range p.Probability {
		p.Probability[i] = 1 / float64(actions)
	}
	return p
}

// Frequencies is the policy that wrote a log, in the mean over the log's time:
// the share of each action in each context. Rewards and propensities are not looked at: the mean
// of the logged propensities of the rows that chose an action would be too
// high, since it is chosen more often when it is likely. A context without rows is uniform.
func Frequencies(l *Log) *Policy {
	p := &Policy{l.Contexts, l.Actions, make([]float64, l.Contexts*l.Actions)}
	rows := make([]float64, l.Contexts)
	for i, a := range l.Action {
		p.Probability[int(l.Context[i])*l.Actions+int(a)]++
		rows[l.Context[i]]++
	}
	for c, n := range rows {
		for a := range l.Actions {
			at := &p.Probability[c*l.Actions+a]
			if n == 0 {
				*at = 1 / float64(l.Actions)
			} else {
				*at /= n
			}
		}
	}
	return p
}

// Check says whether each context's probabilities sum to 1.
func (p *Policy) Check() error {
	if p.Contexts < 1 || p.Actions < 1 || len(p.Probability) != p.Contexts*p.Actions {
		return fmt.Errorf("policy: %d probabilities for %d contexts × %d actions", len(p.Probability), p.Contexts, p.Actions)
	}
	for c := range p.Contexts {
		sum := 0.0
		for _, x := range p.Probability[c*p.Actions:][:p.Actions] {
			if !(x >= 0) {
				return fmt.Errorf("policy, context %d: a probability of %v, must be at least 0", c, x)
			}
			sum += x
		}
		if math.Abs(sum-1) > 1e-6 {
			return fmt.Errorf("policy, context %d: the probabilities sum to %v, must sum to 1", c, sum)
		}
	}
	return nil
}

// Config holds the settings; start from [DefaultConfig].
type Config struct {
	Folds     int // of the cross-fitting of the reward model, ≥ 2
	Resamples int // bootstraps of the intervals, ≥ 1
	Seed      uint64
}

// DefaultConfig is 5 folds and 1,000 resamples.
func DefaultConfig() Config { return Config{Folds: 5, Resamples: 1000, Seed: 1} }

// Estimate is what one estimator says the policy earns per row.
type Estimate struct {
	Name      string
	Value     float64
	Low, High float64 // 95 % bootstrap interval over rows
	// Parameter is what was chosen from the log: the cap of clipping, λ of
	// shrinkage, τ of the switch; 0 where there is none.
	Parameter float64
	// Resampled holds the estimate on each resample of the log.
	Resampled []float64
}

// Report is what a log says of a policy.
type Report struct {
	Rows      int
	Logged    float64 // what the log's own policy earned per row
	Plain     float64 // (Σw)² ÷ Σw², the effective sample size, with the logged propensities
	Effective float64 // the same with the weights that DR uses
	Balanced  bool    // those are balanced: several policies took turns in writing the log
	MaxWeight float64
	MeanW     float64 // near 1 where the log covers what the policy does
	Clipped   int     // rows whose weight is above the cap
	// Uncovered is the probability, in the mean over contexts, with which the policy does
	// what the log never did: nothing but the reward model speaks for it.
	Uncovered float64
	// Strength is how many rewards of prior each action and each context has in the
	// reward model, and Slope its β: see reward.go.
	Strength  [2]float64
	Slope     float64
	Estimates []Estimate
}

// Evaluate estimates what the policy would have earned from the log of
// another. All that is chosen (the reward model, the cap, λ, τ) is chosen by rules from the log
// alone; each bootstrap chooses anew. The same log, settings and seed give the same report.
func Evaluate(l *Log, p *Policy, cfg Config) (*Report, error) {
	if err := l.Check(); err != nil {
		return nil, err
	}
	if err := p.Check(); err != nil {
		return nil, err
	}
	if p.Contexts != l.Contexts || p.Actions != l.Actions {
		return nil, fmt.Errorf("off-policy evaluation: the log has %d contexts and %d actions, the policy %d and %d: they must be of the same world", l.Contexts, l.Actions, p.Contexts, p.Actions)
	}
	if cfg.Folds < 2 || cfg.Resamples < 1 {
		return nil, fmt.Errorf("off-policy evaluation: %d folds and %d resamples, must be at least 2 and 1", cfg.Folds, cfg.Resamples)
	}
	rows := make([]int32, len(l.Action))
	for i := range rows {
		rows[i] = int32(i)
	}
	s := newSample(l, p, cfg.Folds)
	values := s.estimate(rows)
	rep := s.report()
	rep.Estimates = values
	rng := rand.New(rand.NewPCG(cfg.Seed, 0x6f7065))
	for range cfg.Resamples {
		for i := range rows {
			rows[i] = rng.Int32N(int32(len(rows)))
		}
		slices.Sort(rows) // the folds keep their meaning
		for k, e := range s.estimate(rows) {
			rep.Estimates[k].Resampled = append(rep.Estimates[k].Resampled, e.Value)
		}
	}
	for k := range rep.Estimates {
		e := &rep.Estimates[k]
		sorted := slices.Clone(e.Resampled)
		slices.Sort(sorted)
		at := func(q float64) float64 { return sorted[int(q*float64(len(sorted)-1)+0.5)] }
		e.Low, e.High = at(0.025), at(0.975)
	}
	return rep, nil
}
