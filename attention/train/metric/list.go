package metric

import (
	"math"
	"slices"
)

// Top writes the k best items by score into dst, best first, those touched left
// out; fewer where there are not as many. Of equal scores the smaller index stands
// first; what scores NaN or −Inf is never listed. scores is left as it was.
func Top(dst []int32, scores []float32, touched []int32, k int) []int32 {
	dst = dst[:0]
	if k <= 0 {
		return dst
	}
	worse := func(a, b int32) bool { return scores[a] < scores[b] || scores[a] == scores[b] && a > b }
	floor := float32(math.Inf(-1))
	down := func(p int) {
		for {
			c := 2*p + 1
			if c >= len(dst) {
				return
			}
			if c+1 < len(dst) && worse(dst[c+1], dst[c]) {
				c++
			}
			if !worse(dst[c], dst[p]) {
				return
			}
			dst[c], dst[p] = dst[p], dst[c]
			p = c
		}
	}
	for i, s := range scores {
		if !(s > floor) || slices.Contains(touched, int32(i)) {
			continue
		}
		if len(dst) < k {
			dst = append(dst, int32(i))
			for c := len(dst) - 1; c > 0 && worse(dst[c], dst[(c-1)/2]); c = (c - 1) / 2 {
				dst[c], dst[(c-1)/2] = dst[(c-1)/2], dst[c]
			}
		} else {
			dst[0] = int32(i)
			down(0)
		}
		if len(dst) == k {
			floor = scores[dst[0]]
		}
	}
	slices.SortFunc(dst, func(a, b int32) int {
		if worse(b, a) {
			return -1
		}
		return 1
	})
	return dst
}

// Coverage is the share of all items that stand in at least one list, in [0,1].
func Coverage(lists [][]int32, items int) float64 {
	seen := make([]bool, items)
	n := 0
	for _, l := range lists {
		for _, i := range l {
			if !seen[i] {
				seen[i] = true
				n++
			}
		}
	}
	return float64(n) / float64(max(1, items))
}

// Exposure counts in how many lists each item stands.
func Exposure(lists [][]int32, items int) []float64 {
	out := make([]float64, items)
	for _, l := range lists {
		for _, i := range l {
			out[i]++
		}
	}
	return out
}

// Gini is how unequally exposure is spread (Gini 1912): 0 where all have the
// same, towards 1 where one has all. exposure is ≥ 0 each; 0 where the sum is.
func Gini(exposure []float64) float64 {
	x := slices.Clone(exposure)
	slices.Sort(x)
	weighted, sum := 0.0, 0.0
	for i, v := range x {
		weighted += float64(2*(i+1)-len(x)-1) * v
		sum += v
	}
	if sum == 0 {
		return 0
	}
	return weighted / (float64(len(x)) * sum)
}

// IntraListDistance is the mean distance over all pairs of a list (Ziegler et
// al. 2005); 0 where the list has no pair.
func IntraListDistance(list []int32, distance func(i, j int32) float64) float64 {
	sum, pairs := 0.0, 0
	for a, i := range list {
		for _, j := range list[:a] {
			sum += distance(i, j)
			pairs++
		}
	}
	return sum / float64(max(1, pairs))
}

// CosineOf is 1 − cosine of items' vectors, row by row and dim wide, in [0,2]; a
// pair with a zero vector is at distance 1.
func CosineOf(vectors []float32, dim int) func(i, j int32) float64 {
	return func(i, j int32) float64 {
		x, y := vectors[int(i)*dim:][:dim], vectors[int(j)*dim:][:dim]
		var xy, xx, yy float64
		for d := range x {
			xy += float64(x[d]) * float64(y[d])
			xx += float64(x[d]) * float64(x[d])
			yy += float64(y[d]) * float64(y[d])
		}
		if xx == 0 || yy == 0 {
			return 1
		}
		return 1 - xy/math.Sqrt(xx*yy)
	}
}

// CosineOfSets is 1 − cosine of the sets of people who touched the items, each
// ascending without repeats, in [0,1]: |A∩B| ÷ √(|A|·|B|). It needs no model and no
// content, so that it is the same for all that are compared.
func CosineOfSets(people [][]int32) func(i, j int32) float64 {
	return func(i, j int32) float64 {
		a, b := people[i], people[j]
		if len(a) == 0 || len(b) == 0 {
			return 1
		}
		both := 0
		for x, y := 0, 0; x < len(a) && y < len(b); {
			switch {
			case a[x] < b[y]:
				x++
			case a[x] > b[y]:
				y++
			default:
				both++
				x++
				y++
			}
		}
		return 1 - float64(both)/math.Sqrt(float64(len(a))*float64(len(b)))
	}
}

// Novelty is the mean surprise −log₂ of the items of a list, in bits (Zhou et al.
// 2010): popularity is each item's count among the people who could have had it.
// An item that nobody had counts as one that half a person had; 0 for an empty list.
func Novelty(list []int32, popularity []float64, people int) float64 {
	sum := 0.0
	for _, i := range list {
		sum -= math.Log2(max(0.5, popularity[i]) / float64(max(1, people)))
	}
	return sum / float64(max(1, len(list)))
}

// Thirds sorts items into head (0), middle (1) and tail (2) so that each group
// has a third of all interactions: the groups of popularity that calibration takes where
// a catalogue has no categories (Abdollahpouri et al. 2020 group by popularity likewise).
func Thirds(popularity []float64) []int {
	order := make([]int, len(popularity))
	total := 0.0
	for i, p := range popularity {
		order[i] = i
		total += p
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case popularity[a] > popularity[b]:
			return -1
		case popularity[a] < popularity[b]:
			return 1
		}
		return 0
	})
	out := make([]int, len(popularity))
	sum := 0.0
	for _, i := range order {
		out[i] = min(2, int(3*sum/max(total, 1e-300)))
		sum += popularity[i]
	}
	return out
}

// Miscalibration is how far the groups of a list are from those of a history
// (Steck 2018, equation 6): KL(p ‖ (1−α)q + αp), α = 0.01, in nats; p and q are the
// shares of the groups in history and list. 0 is calibrated, and where either is empty.
func Miscalibration(history, list []int32, group []int, groups int) float64 {
	if len(history) == 0 || len(list) == 0 {
		return 0
	}
	p, q := make([]float64, groups), make([]float64, groups)
	for _, i := range history {
		p[group[i]] += 1 / float64(len(history))
	}
	for _, i := range list {
		q[group[i]] += 1 / float64(len(list))
	}
	const alpha = 0.01
	kl := 0.0
	for g := range p {
		if p[g] > 0 {
			kl += p[g] * math.Log(p[g]/((1-alpha)*q[g]+alpha*p[g]))
		}
	}
	return kl
}
