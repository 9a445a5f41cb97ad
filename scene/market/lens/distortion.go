package lens

import "math"

// Distortion is what a lens does to a direction: a point of the screen at the
// tangent r from the lens's middle is seen at r·(1 + K1·r² + K2·r⁴). Above 0
// the lens stretches towards its edge, as magnifiers do. It is Brown's radial
// model (1966) in tangents, with the two coefficients of a Cardboard profile.
type Distortion struct{ K1, K2 float64 }

// Forward is the tangent at which the screen's tangent r is seen; odd in r.
func (d Distortion) Forward(r float64) float64 {
	q := r * r
	return r * (1 + q*(d.K1+q*d.K2))
}

// slope is the derivative of Forward.
func (d Distortion) slope(r float64) float64 {
	q := r * r
	return 1 + q*(3*d.K1+5*q*d.K2)
}

// folds says whether Forward stops growing somewhere in [0, r]: then two
// places of the screen would be seen in one direction.
func (d Distortion) folds(r float64) bool {
	// The slope is a parabola in q = r²: it is least at an end or at its top.
	const least = 1e-3
	if d.slope(r) < least {
		return true
	}
	if d.K2 == 0 {
		return false
	}
	q := -3 * d.K1 / (10 * d.K2)
	return q > 0 && q < r*r && 1+q*(3*d.K1+5*q*d.K2) < least
}

// Inverse is the tangent on the screen that is seen at the tangent seen: the
// inverse of Forward, by Newton's method held between bounds that it always
// keeps (so that it cannot run away where the polynomial is nearly flat),
// within 1e-12 of it. Where the polynomial never reaches so far, the answer is
// the place where it comes nearest. It does not allocate.
func (d Distortion) Inverse(seen float64) float64 {
	if seen == 0 || math.IsNaN(seen) || math.IsInf(seen, 0) {
		return seen
	}
	want := math.Abs(seen)
	lo, hi, ok := d.bracket(want)
	if !ok {
		return math.Copysign(hi, seen)
	}
	r := min(hi, max(lo, want))
	for range 100 {
		e := d.Forward(r) - want
		if e > 0 {
			hi = r
		} else {
			lo = r
		}
		next := r - e/d.slope(r)
		if !(next >= lo && next <= hi) {
			next = (lo + hi) / 2
		}
		if math.Abs(next-r) <= 1e-13*(1+r) {
			return math.Copysign(next, seen)
		}
		r = next
	}
	return math.Copysign(r, seen)
}

// bracket finds the first lo and hi between which Forward passes want while it
// grows; not ok where it turns back before, at hi.
func (d Distortion) bracket(want float64) (lo, hi float64, ok bool) {
	top := math.Inf(1) // where the slope first becomes 0
	if in := 9*d.K1*d.K1 - 20*d.K2; in >= 0 {
		// The roots in the form that keeps its digits where K2 is small.
		root := math.Sqrt(in)
		for _, under := range [...]float64{-3*d.K1 + root, -3*d.K1 - root} {
			if under > 0 {
				top = min(top, math.Sqrt(2/under))
			}
		}
	}
	if !math.IsInf(top, 1) && !(d.Forward(top) >= want) {
		return 0, top, false
	}
	hi = min(top, want)
	for d.Forward(hi) < want {
		lo, hi = hi, min(top, 2*hi)
	}
	return lo, hi, true
}
