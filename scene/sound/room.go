package sound

import "math"

// room is what comes back from walls and awnings: a network of four delays that
// feed one another through a reflection (Jot and Chaigne 1991), each losing its
// highs on the way. A lane between stalls is open above: it is short and soft.
type room struct {
	lines [4][]float32
	at    [4]int
	loss  [4]float32 // on one way through a line
	low   [4]float32 // of the one-pole low-pass in each
	quiet int        // samples since anything was sent
}

// ringing is seconds until the room is 60 dB down, damping what a pass lets
// through of the highs.
const (
	ringing = .55
	damping = .38
)

func (r *room) init() {
	for i, n := range [...]int{1049, 1373, 1709, 2131} { // primes: 22 to 44 ms, no common echo
		r.lines[i] = make([]float32, n)
		r.loss[i] = float32(math.Pow(10, -3*float64(n)/(ringing*Rate)))
	}
	r.quiet = 10 * Rate
}

// silent says whether all of it has died away, nothing being sent for so many
// samples.
func (r *room) silent(sent bool, samples int) bool {
	if sent {
		r.quiet = 0
		return false
	}
	r.quiet = min(r.quiet+samples, Rate*10)
	return float64(r.quiet) > 2*ringing*Rate
}

// mix adds the room's answer to both ears.
func (r *room) mix(left, right, send []float32) {
	a, b, c, d := r.lines[0], r.lines[1], r.lines[2], r.lines[3]
	ia, ib, ic, id := r.at[0], r.at[1], r.at[2], r.at[3]
	for i, x := range send {
		r.low[0] += damping * (a[ia] - r.low[0])
		r.low[1] += damping * (b[ib] - r.low[1])
		r.low[2] += damping * (c[ic] - r.low[2])
		r.low[3] += damping * (d[id] - r.low[3])
		y0, y1, y2, y3 := r.low[0]*r.loss[0], r.low[1]*r.loss[1], r.low[2]*r.loss[2], r.low[3]*r.loss[3]
		left[i] += y0 + y2
		right[i] += y1 + y3
		x -= .5 * (y0 + y1 + y2 + y3) // Householder's reflection
		a[ia], b[ib], c[ic], d[id] = x+y0, x+y1, x+y2, x+y3
		ia, ib, ic, id = after(ia, len(a)), after(ib, len(b)), after(ic, len(c)), after(id, len(d))
	}
	r.at = [4]int{ia, ib, ic, id}
}

// after is the next place of a line of n.
func after(i, n int) int {
	if i++; i == n {
		return 0
	}
	return i
}

// limiter keeps the sum of many voices below 1: it turns all of them down at
// once and up again slowly, and rounds off what is left of the first peak.
type limiter struct{ gain float32 }

const (
	ceiling = .85  // above it the limiter turns down
	regain  = .004 // of the way back up, each chunk
)

// mix writes both ears as they are played, with the volume on its way from one
// value to another.
func (l *limiter) mix(out, left, right []float32, from, to float32) {
	n := float32(len(left))
	top := max(highest(left), highest(right))
	want := float32(1)
	if top *= max(from, to); top > ceiling {
		want = ceiling / top
	}
	next := min(want, l.gain+(1-l.gain)*regain)
	gain, step := from*l.gain, (to*next-from*l.gain)/n
	l.gain = next
	for i, x := range left {
		gain += step
		out[2*i], out[2*i+1] = rounded(gain*x), rounded(gain*right[i])
	}
}

// highest is the largest magnitude.
func highest(s []float32) (h float32) {
	for _, x := range s {
		if x < 0 {
			x = -x
		}
		if x > h {
			h = x
		}
	}
	return h
}

// rounded is x up to the ceiling, and bends towards 1 above it.
func rounded(x float32) float32 {
	if x <= ceiling && x >= -ceiling {
		return x
	}
	if x != x {
		return 0
	}
	y := math.Abs(float64(x))
	y = ceiling + (1-ceiling)*math.Tanh((y-ceiling)/(1-ceiling))
	return float32(math.Copysign(min(y, 1), float64(x)))
}
