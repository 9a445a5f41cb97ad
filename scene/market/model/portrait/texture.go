package portrait

import (
	"image"
	"math"

	"souk/scene/market/model"
)

// mips are a texture and its halvings, texels in [0,1].
type mips []level

type level struct {
	n   int
	pix [][4]float32
}

// reduce halves a square texture down to one texel.
func reduce(img *image.NRGBA) mips {
	n := img.Rect.Dx()
	l := level{n, make([][4]float32, n*n)}
	for i := range l.pix {
		for c := range 4 {
			l.pix[i][c] = float32(img.Pix[4*i+c]) / 255
		}
	}
	out := mips{l}
	for n > 1 {
		half := level{n / 2, make([][4]float32, n*n/4)}
		for y := range n / 2 {
			for x := range n / 2 {
				for c := range 4 {
					half.pix[y*n/2+x][c] = (l.pix[2*y*n+2*x][c] + l.pix[2*y*n+2*x+1][c] + l.pix[(2*y+1)*n+2*x][c] + l.pix[(2*y+1)*n+2*x+1][c]) / 4
				}
			}
		}
		out = append(out, half)
		l, n = half, n/2
	}
	return out
}

// read is the texture at (u, v), from the halving that is nearest, between its four texels.
func (m mips) read(u, v float64, at int) (out [4]float64) {
	l := &m[max(0, min(len(m)-1, at))]
	x, y := u*float64(l.n)-.5, v*float64(l.n)-.5
	fx, fy := math.Floor(x), math.Floor(y)
	a, b := float32(x-fx), float32(y-fy)
	mask := l.n - 1
	i, j := int(fx)&mask, int(fy)&mask
	i1, j1 := (i+1)&mask, (j+1)&mask
	p, q, r, s := &l.pix[j*l.n+i], &l.pix[j*l.n+i1], &l.pix[j1*l.n+i], &l.pix[j1*l.n+i1]
	for c := range 4 {
		out[c] = float64((1-b)*((1-a)*p[c]+a*q[c]) + b*((1-a)*r[c]+a*s[c]))
	}
	return out
}

// level is the halving whose texels are about as large as the samples of a triangle.
func (f *frame) level(p, q, r *model.Vertex) int {
	cross := func(ax, ay, bx, by float64) float64 { return math.Abs(ax*by - ay*bx) }
	px, py, _ := f.project(place(p))
	qx, qy, _ := f.project(place(q))
	rx, ry, _ := f.project(place(r))
	area := cross(qx-px, qy-py, rx-px, ry-py)
	texels := cross(float64(q.U)-float64(p.U), float64(q.V)-float64(p.V), float64(r.U)-float64(p.U), float64(r.V)-float64(p.V)) *
		(textureSize * textureSize) / (model.Repeats * model.Repeats)
	if area < 1e-9 || texels < 1e-9 {
		return 0
	}
	return int(math.Round(.5 * math.Log2(texels/area)))
}
