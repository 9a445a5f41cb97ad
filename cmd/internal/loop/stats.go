package loop

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
)

// Ratio is one shopper's part of a quotient: a share is the sum of Num over the
// sum of Den, so that a shopper who bought once does not weigh as much as one
// who bought ten things.
type Ratio struct{ Num, Den float64 }

// Estimate is a figure over shoppers with its 95 % bootstrap interval. N is how
// many shoppers it rests on. Value is NaN where there was nothing to divide by.
type Estimate struct {
	Value, Low, High float64
	N                int
}

// resamples is how many bootstrap samples an interval is read from.
const resamples = 4000

// Share estimates Σ Num / Σ Den over shoppers, by the percentile bootstrap with
// shoppers as the unit (Efron, Tibshirani 1993, ch. 13). The seed makes it repeat.
func Share(per []Ratio, seed uint64) Estimate {
	return bootstrap(len(per), seed, func(pick []int) float64 { return quotient(per, pick) })
}

// Difference estimates Share(a) − Share(b) where row i of both is the same shopper: the
// two are drawn together, so that what makes shoppers differ cancels out.
func Difference(a, b []Ratio, seed uint64) Estimate {
	if len(a) != len(b) {
		return Estimate{Value: math.NaN(), Low: math.NaN(), High: math.NaN()}
	}
	return bootstrap(len(a), seed, func(pick []int) float64 { return quotient(a, pick) - quotient(b, pick) })
}

func quotient(per []Ratio, pick []int) float64 {
	var n, d float64
	for _, i := range pick {
		n += per[i].Num
		d += per[i].Den
	}
	return n / d
}

func bootstrap(n int, seed uint64, of func(pick []int) float64) Estimate {
	e := Estimate{N: n, Value: math.NaN(), Low: math.NaN(), High: math.NaN()}
	if n == 0 {
		return e
	}
	pick := make([]int, n)
	for i := range pick {
		pick[i] = i
	}
	e.Value = of(pick)
	rng := rand.New(rand.NewPCG(seed, 0x626f6f74))
	values := make([]float64, 0, resamples)
	for range resamples {
		for i := range pick {
			pick[i] = rng.IntN(n)
		}
		if v := of(pick); !math.IsNaN(v) && !math.IsInf(v, 0) {
			values = append(values, v)
		}
	}
	if len(values) == 0 {
		return e
	}
	slices.Sort(values)
	e.Low, e.High = quantile(values, 0.025), quantile(values, 0.975)
	return e
}

// quantile of sorted values, by linear interpolation (type 7 of Hyndman and Fan 1996).
func quantile(sorted []float64, q float64) float64 {
	x := q * float64(len(sorted)-1)
	i := int(x)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (x-float64(i))*(sorted[i+1]-sorted[i])
}

// Gini is the Gini coefficient of amounts ≥ 0: 0 where all have the same, towards
// 1 where one has all. It is 0 for no amounts. The slice is left as it is.
func Gini(amounts []float64) float64 {
	v := slices.Clone(amounts)
	slices.Sort(v)
	var sum, weighted float64
	for i, x := range v {
		sum += x
		weighted += float64(i+1) * x
	}
	if sum <= 0 {
		return 0
	}
	n := float64(len(v))
	return 2*weighted/(n*sum) - (n+1)/n
}

// MarshalJSON writes a figure that is not a number as null, which JSON can hold.
func (e Estimate) MarshalJSON() ([]byte, error) {
	num := func(v float64) any {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
		return v
	}
	return json.Marshal(map[string]any{"value": num(e.Value), "low": num(e.Low), "high": num(e.High), "n": e.N})
}
