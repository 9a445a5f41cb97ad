package gaze

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/attention/internal/snap"
)

// noiseSpan is over how many second differences the noise is measured: about a
// second at 60 Hz.
const noiseSpan = 63

// noiseMeter measures the noise of a source on line: the median length of the
// second differences of neighbouring samples. A second difference cancels
// steady motion (a pan, a pursuit), and a median the few samples of a saccade,
// so that what remains is noise. For white noise of standard deviation σ per
// axis, a second difference has √6·σ per axis, its length is Rayleigh, and the
// median of that is √(2·ln 2) times as long. Noise that the device has smoothed
// is underestimated.
type noiseMeter struct {
	prev, prev2 r3.Vec
	seen        int // samples since the last reset of prev, at most 2
	ring        [noiseSpan]float64
	sorted      [noiseSpan]float64 // ring, in order: only the first n count
	n, next     int
}

var rayleighMedian = math.Sqrt(6) * math.Sqrt(2*math.Ln2)

// interrupt forgets the neighbours, not the measure: called where samples are missing.
func (m *noiseMeter) interrupt() { m.seen = 0 }

func (m *noiseMeter) add(dir r3.Vec) {
	if m.seen >= 2 {
		d := r3.Norm(r3.Add(r3.Sub(dir, r3.Scale(2, m.prev)), m.prev2))
		m.insert(d)
	} else {
		m.seen++
	}
	m.prev2, m.prev = m.prev, dir
}

func (m *noiseMeter) insert(d float64) {
	if m.n == noiseSpan {
		old := m.ring[m.next]
		i, _ := slices.BinarySearch(m.sorted[:m.n], old)
		copy(m.sorted[i:], m.sorted[i+1:m.n])
		m.n--
	}
	i, _ := slices.BinarySearch(m.sorted[:m.n], d)
	copy(m.sorted[i+1:m.n+1], m.sorted[i:m.n])
	m.sorted[i] = d
	m.n++
	m.ring[m.next] = d
	m.next = (m.next + 1) % noiseSpan
}

// sigma is the noise per axis, radians: what is assumed until 5 differences
// are in, no less than that until 15 are, then what is measured.
func (m *noiseMeter) sigma(assumed float64) float64 {
	if m.n < 5 {
		return assumed
	}
	s := m.sorted[m.n/2] / rayleighMedian
	if m.n < 15 {
		return max(assumed, s)
	}
	return s
}

func (m *noiseMeter) save(w *snap.Writer) {
	w.Vec(m.prev)
	w.Vec(m.prev2)
	w.I64(int64(m.seen))
	w.I64(int64(m.n))
	w.I64(int64(m.next))
	for _, v := range m.ring {
		w.F64(v)
	}
}

func (m *noiseMeter) load(r *snap.Reader) {
	m.prev, m.prev2 = r.Vec(), r.Vec()
	m.seen, m.n, m.next = int(r.I64()), int(r.I64()), int(r.I64())
	for i := range m.ring {
		m.ring[i] = r.F64()
	}
	if m.seen < 0 || m.seen > 2 || m.n < 0 || m.n > noiseSpan || m.next < 0 || m.next >= noiseSpan {
		r.Fail("a noise ring of %d at %d", m.n, m.next)
		*m = noiseMeter{}
		return
	}
	// Until the ring is full, next == n and the first n hold; after that all do.
	copy(m.sorted[:], m.ring[:m.n])
	slices.Sort(m.sorted[:m.n])
}
