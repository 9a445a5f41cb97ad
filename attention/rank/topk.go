package rank

import (
	"math"
	"slices"
)

// top keeps the k best of a stream of scores. Ties go to the smaller index, so that an order
// is total.
//
// A score and its index are one whole number, the smaller the better, so that one comparison decides.
// What may be among the best is collected without a branch that the processor could
// guess wrong; whenever twice as many as wanted have come together, the better half is kept and the
// worst of it is the floor for what follows. At 50,000 scores that is half the
// time of a heap.
type top struct {
	keys []uint64
}

// pick finds the k best of scores, −Inf left out, best first. The result is valid until the next call.
func (t *top) pick(scores []float32, k int) []uint64 {
	t.choose(scores, k)
	slices.Sort(t.keys)
	return t.keys
}

// choose is pick in no order.
func (t *top) choose(scores []float32, k int) []uint64 {
	t.keys = t.keys[:0]
	if k <= 0 {
		return t.keys
	}
	stretch := min(max(k, 32), 512) // so many scores are compared with one floor
	t.keys = slices.Grow(t.keys, 2*k+stretch)
	floor := float32(math.Inf(-1))
	for from := 0; from < len(scores); from += stretch {
		// A tie with the floor loses, since its index is larger.
		t.collect(scores[from:min(from+stretch, len(scores))], from, floor)
		if len(t.keys) >= 2*k {
			t.keep(k)
			floor = keyScore(slices.Max(t.keys))
		}
	}
	t.keep(k)
	return t.keys
}

// collect adds the scores above the floor.
func (t *top) collect(scores []float32, from int, floor float32) {
	for i, s := range scores {
		if s > floor {
			t.keys = append(t.keys, key(s, int32(from+i)))
		}
	}
}

// keep drops all but the k best.
func (t *top) keep(k int) {
	if k < len(t.keys) {
		split(t.keys, k)
		t.keys = t.keys[:k]
	}
}

// key is smaller for a better score, and for a smaller index where scores are equal.
func key(score float32, index int32) uint64 {
	b := math.Float32bits(score + 0) // −0 becomes 0
	// The bits of a float are in the order of its value but for the sign: flipped for what
	// is above 0, they fall as it rises.
	b ^= ^uint32(int32(b)>>31) & 0x7fffffff
	return uint64(b)<<32 | uint64(uint32(index))
}

func keyIndex(k uint64) int32 { return int32(uint32(k)) }

func keyScore(k uint64) float32 {
	b := uint32(k >> 32)
	return math.Float32frombits(b ^ ^uint32(int32(b)>>31)&0x7fffffff)
}

// split moves the k smallest keys to the front (Hoare 1961, "Find"); 0 < k < len(keys), no two are equal.
func split(keys []uint64, k int) {
	for len(keys) > 16 {
		n := len(keys)
		a, b, c := keys[0], keys[n/2], keys[n-1]
		pivot := max(min(a, b), min(max(a, b), c)) // the median of three
		i, j := 0, n-1
		for {
			for keys[i] < pivot {
				i++
			}
			for keys[j] > pivot {
				j--
			}
			if i >= j {
				break
			}
			keys[i], keys[j] = keys[j], keys[i]
			i, j = i+1, j-1
		}
		// keys[:i] are below the pivot or it, the rest is not below.
		switch {
		case k < i:
			keys = keys[:i]
		case k > i:
			keys, k = keys[i:], k-i
		default:
			return
		}
	}
	slices.Sort(keys)
}
