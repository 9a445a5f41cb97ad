package sound

import "math"

// biquad is a filter by its coefficients, the first of the denominator 1.
type biquad struct{ b0, b1, b2, a1, a2, x1, x2, y1, y2 float64 }

func (f *biquad) step(x float64) float64 {
	y := f.b0*x + f.b1*f.x1 + f.b2*f.x2 - f.a1*f.y1 - f.a2*f.y2
	f.x1, f.x2, f.y1, f.y2 = x, f.x1, y, f.y1
	return y
}

// weighting is the head and the ear at 48 kHz, as ITU-R BS.1770-4 gives them in
// its tables 1 and 2 ("K-weighting").
func weighting() (head, ear biquad) {
	return biquad{b0: 1.53512485958697, b1: -2.69169618940638, b2: 1.19839281085285, a1: -1.69065929318241, a2: .73248077421585},
		biquad{b0: 1, b1: -2, b2: 1, a1: -1.99004745483398, a2: .99007225036621}
}

// A block of loudness is 400 ms long and begins every 100 ms.
const (
	gateBlock = Rate * 4 / 10
	gateHop   = Rate / 10
)

// Loudness measures sound as it is heard, in LUFS (ITU-R BS.1770-4): most is its
// loudest 400 ms, mean all of it but the pauses. What is shorter than a block is
// taken with silence after it. Sides are the channels; one alone is a
// source straight ahead. Silence is −Inf.
func Loudness(sides ...[]float32) (most, mean float64) {
	var blocks []float64
	for _, s := range sides {
		head, ear := weighting()
		squares := make([]float64, max(len(s), gateBlock)+1) // summed up
		for i := range len(squares) - 1 {
			x := 0.0
			if i < len(s) {
				x = float64(s[i])
			}
			y := ear.step(head.step(x))
			squares[i+1] = squares[i] + y*y
		}
		for b := 0; b*gateHop+gateBlock < len(squares); b++ {
			if b == len(blocks) {
				blocks = append(blocks, 0)
			}
			blocks[b] += (squares[b*gateHop+gateBlock] - squares[b*gateHop]) / gateBlock
		}
	}
	gated := func(over float64) (mean float64) {
		n := 0
		for _, z := range blocks {
			if lufs(z) > over {
				mean += z
				n++
			}
		}
		return mean / float64(max(1, n))
	}
	loudest := 0.0
	for _, z := range blocks {
		loudest = max(loudest, z)
	}
	return lufs(loudest), lufs(gated(lufs(gated(-70)) - 10))
}

func lufs(power float64) float64 { return -.691 + 10*math.Log10(power) }

// decibel is a level as a factor of amplitude.
func decibel(db float64) float64 { return math.Pow(10, db/20) }
