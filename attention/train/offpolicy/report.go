package offpolicy

import (
	"fmt"
	"math"
	"strings"
)

// Error is how far the estimate is from the truth, relative to the truth.
func (e Estimate) Error(truth float64) float64 { return math.Abs(e.Value-truth) / truth }

// MeanError is the mean of that over the first resamples of the log, at most
// 30, as the Open Bandit Pipeline reports it.
func (e Estimate) MeanError(truth float64) float64 {
	some := e.Resampled[:min(30, len(e.Resampled))]
	sum := 0.0
	for _, v := range some {
		sum += math.Abs(v-truth) / truth
	}
	return sum / float64(max(1, len(some)))
}

// Table is the report for people. A truth above 0 (what the policy really
// earned, where it is known) adds the errors against it.
func (r *Report) Table(truth float64) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d rows, worth %.0f of the policy's own (effective sample size); the logging policy earned %.5f a row\n", r.Rows, r.Plain, r.Logged)
	if r.Balanced {
		fmt.Fprintf(&b, "the logging policy changed on the way: with its mean propensities the rows are worth %.0f\n", r.Effective)
	}
	fmt.Fprintf(&b, "weights: mean %.3f (1 where the log covers the policy), largest %.1f, %d rows above the cap of clipping; %.1f %% of what the policy does was never logged\n",
		r.MeanW, r.MaxWeight, r.Clipped, 100*r.Uncovered)
	fmt.Fprintf(&b, "reward model: slope %.3g on the weight, a prior of %.3g rewards for each action and %.3g for each context\n", r.Slope, r.Strength[0], r.Strength[1])
	if truth > 0 {
		fmt.Fprintf(&b, "the policy really earned %.5f\n", truth)
	}
	fmt.Fprintf(&b, "%-12s %8s  %-22s %9s", "", "a row", "95 % interval", "parameter")
	if truth > 0 {
		fmt.Fprintf(&b, " %10s %16s", "error", "mean of 30")
	}
	b.WriteByte('\n')
	for _, e := range r.Estimates {
		parameter := ""
		if e.Parameter > 0 {
			parameter = fmt.Sprintf("%.4g", e.Parameter)
		}
		fmt.Fprintf(&b, "%-12s %8.5f  [%.5f, %.5f]    %9s", e.Name, e.Value, e.Low, e.High, parameter)
		if truth > 0 {
			fmt.Fprintf(&b, " %9.1f%% %15.1f%%", 100*e.Error(truth), 100*e.MeanError(truth))
		}
		b.WriteByte('\n')
	}
	return b.String()
}
