package signal

import (
	"math"
	"sort"

	"souk/attention/internal/snap"
)

// The sketch: buckets of exposure, each a histogram of log dwell.
const (
	buckets     = 8
	leastArea   = 0.002 // sr·s: below is the first bucket; each next one begins at 4 times that
	areaFactor  = 4
	bins        = 40
	leastDwell  = 0.1 // seconds, the first bin's lower edge
	mostDwell   = 30  // seconds, the last bin's upper edge
	priorWeight = 30  // visits that the population's distribution counts for in each bucket
)

// Normaliser says how long a dwell is among visits to items with like
// exposure: a quantile. It starts from a population's distribution and learns
// the visitor's own.
//
// The population's distribution is log-normal with a spread of 0.9 in natural
// logarithms, and a median that grows from 0.35 s in the least exposure to
// about 1.2 s in the greatest: the more there was to see, the longer a look is
// without special interest. The numbers are assumptions, and thirty visits of the visitor's
// own weigh as much.
//
// A quantile sketch of fixed bins is exact in its counts, the same on every
// run, and monotone in dwell, which the ends of adaptive sketches (P², t-digest)
// do not all promise.
type Normaliser struct {
	counts [buckets][bins]float64
	totals [buckets]float64
	seen   uint64
}

// NewNormaliser is a normaliser that knows the population alone.
func NewNormaliser() *Normaliser {
	n := new(Normaliser)
	n.Reset()
	return n
}

// Reset forgets the visitor.
func (n *Normaliser) Reset() {
	*n = Normaliser{}
	for b := range n.counts {
		median := 0.35 * math.Pow(1.2/0.35, float64(b)/(buckets-1))
		below := 0.0
		for i := range n.counts[b] {
			upto := 1.0
			if i < bins-1 {
				upto = 0.5 * math.Erfc(-math.Log(edge(i+1)/median)/(0.9*math.Sqrt2))
			}
			n.counts[b][i] = priorWeight * (upto - below)
			n.totals[b] += n.counts[b][i]
			below = upto
		}
	}
}

// edge is the lower edge of a bin, seconds.
func edge(i int) float64 {
	return leastDwell * math.Pow(mostDwell/leastDwell, float64(i)/bins)
}

// edges[i] is edge(i), made once: Quantile is called while a look goes on.
var edges = func() (e [bins + 1]float64) {
	for i := range e {
		e[i] = edge(i)
	}
	return e
}()

func bucket(exposure float64) int {
	limit := leastArea
	for b := range buckets - 1 {
		if !(exposure >= limit) {
			return b
		}
		limit *= areaFactor
	}
	return buckets - 1
}

// place is the bin of a dwell, and how far through it the dwell lies, in [0,1].
func place(dwell float64) (bin int, part float64) {
	switch {
	case !(dwell > leastDwell):
		return 0, 0
	case dwell >= mostDwell:
		return bins - 1, 1
	}
	i := sort.SearchFloat64s(edges[:], dwell)
	if edges[i] > dwell {
		i--
	}
	i = min(i, bins-1)
	return i, math.Log(dwell/edges[i]) / math.Log(edges[i+1]/edges[i])
}

// Quantile is the share of visits with like exposure (sr·s) that were shorter
// than dwell (seconds), in [0,1]; it never falls as dwell grows.
func (n *Normaliser) Quantile(dwell, exposure float64) float64 {
	c, total := &n.counts[bucket(exposure)], n.totals[bucket(exposure)]
	i, part := place(dwell)
	below := 0.0
	for _, v := range c[:i] {
		below += v
	}
	return min(1, (below+part*c[i])/total)
}

// Observe counts a finished visit.
func (n *Normaliser) Observe(dwell, exposure float64) {
	if math.IsNaN(dwell) || math.IsNaN(exposure) {
		return
	}
	b := bucket(exposure)
	i, _ := place(dwell)
	n.counts[b][i]++
	n.totals[b]++
	n.seen++
}

// Seen is how many visits were counted since the start or the last Reset.
func (n *Normaliser) Seen() uint64 { return n.seen }

// AppendState appends the exact state.
func (n *Normaliser) AppendState(dst []byte) []byte {
	w := &snap.Writer{Buf: dst}
	w.U64(n.seen)
	for b := range n.counts {
		for _, v := range n.counts[b] {
			w.F64(v)
		}
		w.F64(n.totals[b])
	}
	return w.Buf
}

// RestoreState takes a state that AppendState wrote. On an error the
// normaliser is as new.
func (n *Normaliser) RestoreState(src []byte) error {
	r := snap.NewReader(src, "the dwell normaliser")
	n.seen = r.U64()
	for b := range n.counts {
		for i := range n.counts[b] {
			n.counts[b][i] = r.F64()
			if !(n.counts[b][i] >= 0) {
				r.Fail("a count of %v", n.counts[b][i])
			}
		}
		if n.totals[b] = r.F64(); !(n.totals[b] > 0) {
			r.Fail("a total of %v", n.totals[b])
		}
	}
	if err := r.Done(); err != nil {
		n.Reset()
		return err
	}
	return nil
}
