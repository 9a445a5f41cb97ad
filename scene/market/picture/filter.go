package picture

import "math"

// plane is one channel of a picture.
type plane struct {
	pix  []float32
	w, h int
}

func newPlane(w, h int) plane { return plane{make([]float32, w*h), w, h} }

// kernel is a filter along a line, odd in length around its middle.
type kernel []float32

// gauss is a bell of the standard deviation in pixels, cut off at three of
// them; its sum is 1.
func gauss(deviation float64) kernel {
	r := int(math.Ceil(3 * deviation))
	k := make(kernel, 2*r+1)
	sum := 0.0
	for i := range k {
		x := float64(i - r)
		v := 1.0
		if deviation > 0 {
			v = math.Exp(-x * x / (2 * deviation * deviation))
		}
		k[i] = float32(v)
		sum += v
	}
	for i := range k {
		k[i] = float32(float64(k[i]) / sum)
	}
	return k
}

// derivative is the first (n = 1) or second derivative of a bell, its positive
// and its negative weights each with the sum 1.
func derivative(deviation float64, n int) kernel {
	r := int(math.Ceil(3 * deviation))
	k := make(kernel, 2*r+1)
	var plus, minus float64
	for i := range k {
		x := float64(i - r)
		v := -x * math.Exp(-x*x/(2*deviation*deviation))
		if n == 2 {
			v = (x*x/(deviation*deviation) - 1) * math.Exp(-x*x/(2*deviation*deviation))
		}
		k[i] = float32(v)
		plus, minus = plus+math.Max(0, v), minus-math.Min(0, v)
	}
	for i := range k {
		if k[i] > 0 {
			k[i] = float32(float64(k[i]) / plus)
		} else {
			k[i] = float32(float64(k[i]) / minus)
		}
	}
	return k
}

// across filters the rows of src into dst, down its columns. Beyond the border
// the nearest pixel stands.
func (k kernel) across(dst, src plane) {
	r := len(k) / 2
	for y := range src.h {
		row, out := src.pix[y*src.w:(y+1)*src.w], dst.pix[y*src.w:(y+1)*src.w]
		for x := range out {
			var s float32
			if x >= r && x+r < len(row) {
				for i, v := range row[x-r : x+r+1] {
					s += k[i] * v
				}
			} else {
				for i, v := range k {
					s += v * row[min(max(x+i-r, 0), len(row)-1)]
				}
			}
			out[x] = s
		}
	}
}

func (k kernel) down(dst, src plane) {
	r := len(k) / 2
	for y := range src.h {
		out := dst.pix[y*src.w : (y+1)*src.w]
		clear(out)
		for i, v := range k {
			at := min(max(y+i-r, 0), src.h-1)
			row := src.pix[at*src.w : (at+1)*src.w]
			for x := range out {
				out[x] += v * row[x]
			}
		}
	}
}

// bell is a term of a contrast sensitivity function as the paper fits it: in
// degrees, weight·√(π/width)·exp(−π²·x²/width).
type bell struct{ weight, width float64 }

// sensitivity is how finely the eye sees each channel: lightness, red against
// green, yellow against blue.
var sensitivity = [3][]bell{{{1, .0047}}, {{1, .0053}}, {{34.1, .04}, {13.5, .025}}}

// deviation is the bell's standard deviation, pixels.
func (b bell) deviation(pixelsPerDegree float64) float64 {
	return math.Sqrt(b.width/2) / math.Pi * pixelsPerDegree
}

// resolve blurs away what the eye cannot resolve and makes the channels
// L*a*b*. work is overwritten.
func (v *view) resolve(pixelsPerDegree float64, work plane) {
	for c, bells := range sensitivity {
		src := v.channels[c]
		sum, total := newPlane(src.w, src.h), 0.0
		part := newPlane(src.w, src.h)
		for _, b := range bells {
			// The volume under the bell is its share: the kernel's own sum is 1.
			share := b.weight * math.Sqrt(math.Pi/b.width) * b.width
			total += share
			k := gauss(b.deviation(pixelsPerDegree))
			k.across(work, src)
			k.down(part, work)
			for i, x := range part.pix {
				sum.pix[i] += float32(share) * x
			}
		}
		for i := range sum.pix {
			sum.pix[i] /= float32(total)
		}
		v.channels[c] = sum
	}
	for i := range v.channels[0].pix {
		light := rgb(fromOpponent(v.at(i)))
		for k := range light {
			light[k] = math.Max(0, math.Min(1, light[k]))
		}
		c := lab(xyz(light))
		for k := range c {
			v.channels[k].pix[i] = float32(c[k])
		}
	}
}

// featureWidth is the width of an edge as the paper takes it, degrees.
const featureWidth = .082

// detect finds how strongly edges and points are seen. It is to be called
// before resolve. work is overwritten.
func (v *view) detect(pixelsPerDegree float64, work plane) {
	w, h := work.w, work.h
	grey := newPlane(w, h)
	for i, y := range v.channels[0].pix {
		grey.pix[i] = (y + 16) / 116
	}
	deviation := .5 * featureWidth * pixelsPerDegree
	smooth := gauss(deviation)
	along, up := newPlane(w, h), newPlane(w, h)
	both := func(n int) []float32 {
		k := derivative(deviation, n)
		k.across(work, grey)
		smooth.down(along, work)
		smooth.across(work, grey)
		k.down(up, work)
		out := make([]float32, w*h)
		for i := range out {
			out[i] = float32(math.Hypot(float64(along.pix[i]), float64(up.pix[i])))
		}
		return out
	}
	v.edges, v.points = both(1), both(2)
}
