package kernel

import "math"

// The exponential's constants: ln 2 in two parts, and the polynomial for
// |r| ≤ ln 2 / 2 of Cephes' expf (Moshier 1989); the error is below 2 units in the last place.
const (
	log2E  = 1.44269504088896341
	ln2Hi  = 0.693359375
	ln2Lo  = -2.12194440e-4
	lowest = -87 // below it the result would be denormal: exp stays at 1.6e-38
	most   = 88
	poly0  = 1.9875691500e-4
	poly1  = 1.3981999507e-3
	poly2  = 8.3334519073e-3
	poly3  = 4.1665795894e-2
	poly4  = 1.6666665459e-1
	poly5  = 5.0000001201e-1
)

// Exp is e to the power of x, x cut to [−87,88]. Each product is rounded by itself: the same bits
// on every processor and in every build.
func Exp(x float32) float32 {
	x = min(max(x, lowest), most)
	n := float32(math.RoundToEven(float64(float32(x * log2E))))
	r := x - float32(n*ln2Hi) - float32(n*ln2Lo)
	p := float32(poly0)
	p = float32(p*r) + poly1
	p = float32(p*r) + poly2
	p = float32(p*r) + poly3
	p = float32(p*r) + poly4
	p = float32(p*r) + poly5
	p = float32(float32(p*r)*r) + r + 1
	return p * math.Float32frombits(uint32(int32(n)+127)<<23)
}

// Largest is the largest of x; −Inf of none.
func Largest(x []float32) float32 {
	m := float32(math.Inf(-1))
	if len(x) >= 16 {
		m, x = largestVector(x)
	}
	for _, v := range x {
		m = max(m, v)
	}
	return m
}

// ExpSum replaces each x by exp(x − shift) and returns their sum, which is in an order that only len(x) decides.
func ExpSum(x []float32, shift float32) float32 {
	sum := float32(0)
	if len(x) >= 16 {
		sum, x = expSumVector(x, shift)
	}
	for i, v := range x {
		e := Exp(v - shift)
		x[i] = e
		sum += e
	}
	return sum
}

// Scale multiplies each of x by a.
func Scale(x []float32, a float32) {
	if len(x) >= 16 {
		x = scaleVector(x, a)
	}
	for i := range x {
		x[i] *= a
	}
}

// AddScaled adds a·x to y, which is as long.
func AddScaled(y []float32, a float32, x []float32) {
	x = x[:len(y)]
	if len(y) >= 8 {
		y, x = addScaledVector(y, a, x)
	}
	for i, v := range x {
		y[i] += a * v
	}
}

// Adam holds the numbers of one step of the optimiser (Kingma and Ba 2015,
// algorithm 1; the decay apart from the gradient as in Loshchilov and Hutter 2019).
type Adam struct {
	Beta1, Beta2 float32 // of the means of gradient and square
	Rate         float32 // step, with the correction of both means in it
	Epsilon      float32 // with the correction of the second mean in it
	Decay        float32 // part of the parameter itself that a step takes away
}

// Step moves parameters p against their gradients g and updates both means.
func (o Adam) Step(p, g, mean, square []float32) {
	g, mean, square = g[:len(p)], mean[:len(p)], square[:len(p)]
	n := 0
	if len(p) >= 8 {
		n = o.stepVector(p, g, mean, square)
	}
	for i := n; i < len(p); i++ {
		m := o.Beta1*mean[i] + (1-o.Beta1)*g[i]
		s := o.Beta2*square[i] + (1-o.Beta2)*g[i]*g[i]
		mean[i], square[i] = m, s
		p[i] -= o.Rate*m/(float32(math.Sqrt(float64(s)))+o.Epsilon) + o.Decay*p[i]
	}
}

// AddConstant adds a to each of x.
func AddConstant(x []float32, a float32) {
	for i := range x {
		x[i] += a
	}
}
