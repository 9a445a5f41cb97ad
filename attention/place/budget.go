package place

import "math"

// window is the span that the budget looks back over, seconds.
const window = 60.0

// spent is one entry of the budget's account.
type spent struct{ t, cost float64 }

// account is what the swaps of the last minute have cost, oldest first.
type account struct {
	entries []spent
	sum     float64
}

// expire drops what is older than the window. Sums are formed anew rather than
// subtracted from, so that rounding cannot add up over a long session.
func (a *account) expire(t float64) {
	n := 0
	for n < len(a.entries) && a.entries[n].t <= t-window {
		n++
	}
	if n == 0 {
		return
	}
	a.entries = a.entries[:copy(a.entries, a.entries[n:])]
	a.sum = 0
	for _, e := range a.entries {
		a.sum += e.cost
	}
}

func (a *account) spend(t, cost float64) {
	if cost <= 0 {
		return
	}
	a.entries = append(a.entries, spent{t, cost})
	a.sum += cost
}

// fits says whether a swap of that cost stays within the limit.
func (a *account) fits(cost, limit float64) bool {
	return a.sum+cost <= limit+1e-9
}

// swaps is the account as a whole number, rounded up.
func (a *account) swaps() int32 { return int32(math.Ceil(a.sum - 1e-9)) }
