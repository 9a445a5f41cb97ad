package transformer

import (
	"math"

	"souk/attention/internal/kernel"
	"souk/attention/rank/selfattention"
)

// dense is y = xW + b for all tokens, forward and backward. Its panels are
// packed again with each step, since the weights have moved.
type dense struct {
	in, out       int
	forward, back kernel.Panels
	gradient      kernel.Panels // of the output
	partial       []float32     // sums of the bias's gradient by grain
}

func newDense(in, out int) *dense { return &dense{in: in, out: out} }

// prepare packs the weights; back as well where gradients will be asked for.
func (l *dense) prepare(w []float32, back bool) {
	l.forward.Pack(w, l.out, l.in, l.out, false)
	if back {
		l.back.Pack(w, l.out, l.out, l.in, true)
	}
}

// rows computes the outputs of some rows.
func (l *dense) rows(y, x, bias []float32, rows int) {
	l.forward.Multiply(kernel.Product{C: y, Ldc: l.out, A: x, Lda: l.in, M: rows})
	for r := range rows {
		row := y[r*l.out : (r+1)*l.out]
		for i, b := range bias {
			row[i] += b
		}
	}
}

// learn adds the gradients of weights and bias, given the layer's n inputs and
// the gradients of its outputs.
func (l *dense) learn(dw, dbias, x, dy []float32, n int) {
	l.gradient.Resize(n, l.out)
	l.partial = resize(l.partial, (n+grain-1)/grain*l.out)
	packs := (n + kernel.PackGrain - 1) / kernel.PackGrain
	each(packs, func(_, i int) {
		l.gradient.PackRows(dy, l.out, false, i*kernel.PackGrain, min(n, (i+1)*kernel.PackGrain))
	})
	const rows = 16
	tasks := (l.in + rows - 1) / rows
	sums := (n + grain - 1) / grain
	each(tasks+sums, func(_, i int) {
		if i >= tasks {
			g := i - tasks
			part := l.partial[g*l.out : (g+1)*l.out]
			clear(part)
			for r := g * grain; r < min(n, (g+1)*grain); r++ {
				kernel.AddScaled(part, 1, dy[r*l.out:(r+1)*l.out])
			}
			return
		}
		l.gradient.Multiply(kernel.Product{C: dw[i*rows*l.out:], Ldc: l.out, A: x[i*rows:], Lda: l.in, Transposed: true,
			M: min(rows, l.in-i*rows), Accumulate: true})
	})
	for g := range sums {
		kernel.AddScaled(dbias, 1, l.partial[g*l.out:(g+1)*l.out])
	}
}

// normalise writes (x − mean)/deviation to hat and hat·gain + bias to y, and
// returns 1/deviation (Ba, Kiros and Hinton 2016).
func normalise(y, hat, x, gain, bias []float32) float32 {
	d := float32(len(x))
	sum := float32(0)
	for _, v := range x {
		sum += v
	}
	mean := sum / d
	square := float32(0)
	for _, v := range x {
		square += (v - mean) * (v - mean)
	}
	scale := float32(1 / math.Sqrt(float64(square/d+selfattention.NormEpsilon)))
	hat, y, gain, bias = hat[:len(x)], y[:len(x)], gain[:len(x)], bias[:len(x)]
	for i, v := range x {
		h := (v - mean) * scale
		hat[i] = h
		y[i] = h*gain[i] + bias[i]
	}
	return scale
}

// normaliseBack adds the gradient of the input to dx and those of gain and bias to dgain and dbias.
func normaliseBack(dx, dy, hat, gain, dgain, dbias []float32, scale float32) {
	n := len(dx)
	dy, hat, gain, dgain, dbias = dy[:n], hat[:n], gain[:n], dgain[:n], dbias[:n]
	a, b := float32(0), float32(0)
	for i, g := range dy {
		dgain[i] += g * hat[i]
		dbias[i] += g
		t := g * gain[i]
		a += t
		b += t * hat[i]
	}
	a /= float32(n)
	b /= float32(n)
	for i, g := range dy {
		dx[i] += scale * (g*gain[i] - a - hat[i]*b)
	}
}

// activate writes f(z) to y: max(0,z), or GELU in the form with tanh
// (Hendrycks and Gimpel 2016).
func activate(y, z []float32, gelu bool) {
	y = y[:len(z)]
	if !gelu {
		for i, v := range z {
			y[i] = max(0, v)
		}
		return
	}
	for i, v := range z {
		y[i] = v * geluGate(v)
	}
}

const geluSlope = 1.5957691216057308 // 2·√(2/π)

// geluGate is (1 + tanh(√(2/π)·(v + 0.044715v³)))/2, a sigmoid.
func geluGate(v float32) float32 {
	return 1 / (1 + kernel.Exp(-geluSlope*(v+0.044715*v*v*v)))
}

// activateBack multiplies dy by f'(z).
func activateBack(dy, z []float32, gelu bool) {
	dy = dy[:len(z)]
	if !gelu {
		for i, v := range z { // half of them at random: a branch would be guessed wrong as often
			b := math.Float32bits(v)
			dead := uint32(int32(b|(b-1)) >> 31) // all ones where v ≤ 0
			dy[i] = math.Float32frombits(math.Float32bits(dy[i]) &^ dead)
		}
		return
	}
	for i, v := range z {
		g := geluGate(v)
		dy[i] *= g + v*g*(1-g)*geluSlope*(1+3*0.044715*v*v)
	}
}

// resize gives x at least n numbers; what was in it is lost where it has to grow.
func resize[T any](x []T, n int) []T {
	if cap(x) < n {
		return make([]T, n+n/8)[:n]
	}
	return x[:n]
}
