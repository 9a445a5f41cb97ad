package metric

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// Impression is an item that was shown, what became of it, and what a model said before.
type Impression struct {
	Examined, Clicked bool
	// Examination and Click are the model's probabilities, in [0,1]: that the
	// item is looked at, and that it is clicked (looked at and chosen).
	Examination, Click float64
}

// Fit is how well probabilities match what happened.
type Fit struct {
	Events     int     `json:"events"`
	Rate       float64 `json:"rate"`       // share that happened
	Predicted  float64 `json:"predicted"`  // mean probability
	LogLoss    float64 `json:"logLoss"`    // mean −log of what was said of what happened, nats; the lower the better
	Constant   float64 `json:"constant"`   // that of always saying the rate
	AUC        float64 `json:"auc"`        // chance that what happened was said likelier than what did not; 0.5 without both kinds
	Deviation  float64 `json:"deviation"`  // expected calibration error over ten bins of equal counts
	Perplexity float64 `json:"perplexity"` // 2^(log₂ loss)
}

// Clicks judges examination and click apart, each by what was observed of it: a
// good fit of clicks does not make the implied examination true, since attractiveness may stand
// in for it. Attraction is the click among what was examined, with Click ÷
// Examination as its probability, so that an error of one does not hide in the other. A
// probability outside of [0,1], or a click without examination, is an error.
func Clicks(log []Impression) (examination, click, attraction Fit, err error) {
	var pe, pc, pa []float64
	var e, c, a []bool
	for i, im := range log {
		if !(im.Examination >= 0 && im.Examination <= 1) || !(im.Click >= 0 && im.Click <= 1) {
			return Fit{}, Fit{}, Fit{}, fmt.Errorf("metric: impression %d has probabilities %v and %v, must be in [0,1]", i, im.Examination, im.Click)
		}
		if im.Clicked && !im.Examined {
			return Fit{}, Fit{}, Fit{}, fmt.Errorf("metric: impression %d was clicked but not examined; mark what is clicked as examined", i)
		}
		pe, e = append(pe, im.Examination), append(e, im.Examined)
		pc, c = append(pc, im.Click), append(c, im.Clicked)
		if im.Examined {
			p := 0.0
			if im.Examination > 0 {
				p = min(1, im.Click/im.Examination)
			}
			pa, a = append(pa, p), append(a, im.Clicked)
		}
	}
	if len(log) == 0 {
		return Fit{}, Fit{}, Fit{}, errors.New("metric: the log has no impressions to judge by")
	}
	return fit(pe, e), fit(pc, c), fit(pa, a), nil
}

func fit(p []float64, happened []bool) Fit {
	f := Fit{Events: len(p), AUC: 0.5}
	if len(p) == 0 {
		return f
	}
	n := float64(len(p))
	for i, q := range p {
		if happened[i] {
			f.Rate += 1 / n
		}
		f.Predicted += q / n
		f.LogLoss -= logLikelihood(q, happened[i]) / n
	}
	for _, h := range happened {
		f.Constant -= logLikelihood(f.Rate, h) / n
	}
	f.Perplexity = math.Exp(f.LogLoss)
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case p[a] < p[b]:
			return -1
		case p[a] > p[b]:
			return 1
		}
		return 0
	})
	f.AUC = auc(p, happened, order)
	f.Deviation = deviation(p, happened, order)
	return f
}

// logLikelihood keeps a sure but wrong probability finite.
func logLikelihood(p float64, happened bool) float64 {
	const least = 1e-12
	if !happened {
		p = 1 - p
	}
	return math.Log(max(least, p))
}

// auc is the Mann–Whitney statistic; equal probabilities count half.
func auc(p []float64, happened []bool, order []int) float64 {
	pos, neg, won := 0.0, 0.0, 0.0
	for i := 0; i < len(order); {
		j, yes, no := i, 0.0, 0.0
		for ; j < len(order) && p[order[j]] == p[order[i]]; j++ {
			if happened[order[j]] {
				yes++
			} else {
				no++
			}
		}
		won += yes * (neg + no/2)
		pos, neg, i = pos+yes, neg+no, j
	}
	if pos == 0 || neg == 0 {
		return 0.5
	}
	return won / (pos * neg)
}

// deviation is the expected calibration error: the mean over bins, by count, of how far
// the share that happened is from the mean probability.
func deviation(p []float64, happened []bool, order []int) float64 {
	const bins = 10
	sum := 0.0
	for b := range bins {
		said, did := 0.0, 0.0
		for _, i := range order[b*len(order)/bins : (b+1)*len(order)/bins] {
			said += p[i]
			if happened[i] {
				did++
			}
		}
		sum += math.Abs(said - did)
	}
	return sum / float64(len(p))
}
