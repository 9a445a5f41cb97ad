package kernel

import "math"

// The polynomial for 2^−f, 0 ≤ f < 1, found by Remez's exchange with the relative
// error as the measure: at most 2.6 parts in a million.
const (
	halving0 = 0.9999974066293347
	halving1 = -0.6930302008736962
	halving2 = 0.23934107310677308
	halving3 = -0.05307406613293676
	halving4 = 0.006767083955857637
	// Below 2^−126 there is nothing but denormal numbers: what is less counts as that.
	deepest = 126
)

// chunk is how many terms a sum in float32 has before it goes on in float64.
const chunk = 1024

// SumExp2 is Σ 2^((x[k] − most)·octaves), for no x above most and octaves ≥ 0: the denominator of
// a softmax. An x of −Inf counts 2^−126. Terms are right to 3 parts in a million, and are summed
// in eight lanes of float32, which are emptied into a float64 every 1,024 terms; the
// portable form gives the same bits.
func SumExp2(x []float32, most, octaves float32) float64 {
	total := 0.0
	for len(x) > 0 {
		part := x[:min(chunk, len(x))]
		x = x[len(part):]
		var s [Lanes]float32
		done := 0
		if SIMD {
			done = sumExp2SIMD(&s, part, most, octaves)
		}
		sumExp2(&s, part[done:], most, octaves)
		total += float64(((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7])))
	}
	return total
}

func sumExp2(s *[Lanes]float32, x []float32, most, octaves float32) {
	for ; len(x) >= Lanes; x = x[Lanes:] {
		for l, v := range x[:Lanes] {
			s[l] += halving(float32(float32(most-v) * octaves))
		}
	}
	for l, v := range x {
		s[l] += halving(float32(float32(most-v) * octaves))
	}
}

// halving is 2^−x for x ≥ 0, no step of it fused with another.
func halving(x float32) float32 {
	if !(x < deepest) {
		x = deepest
	}
	n := int32(x)
	f := x - float32(n)
	p := float32(float32(halving4*f)+halving3) * f
	p = float32(float32(p+halving2) * f)
	p = float32(float32(p+halving1) * f)
	return float32(p+halving0) * math.Float32frombits(uint32(127-n)<<23)
}
