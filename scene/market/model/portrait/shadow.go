package portrait

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/market/model"
)

// shadow is what a distant light sees: how far along it the model begins, on a
// raster (Williams 1978).
type shadow struct {
	from, right, up r3.Vec
	mid             r3.Vec
	half            float64
	n               int
	soft            float64 // the radius of its blur, metres
	far             []float32
}

// cast renders the model from a light.
func (f *frame) cast(from r3.Vec, n int, soft float64) shadow {
	side := r3.Vec{X: 1}
	if math.Abs(from.X) > .9 {
		side = r3.Vec{Z: 1}
	}
	right := r3.Unit(r3.Cross(side, from))
	s := shadow{from: from, right: right, up: r3.Cross(from, right), mid: f.mid, half: f.size * 1.02, n: n, soft: soft, far: make([]float32, n*n)}
	for i := range s.far {
		s.far[i] = float32(math.Inf(-1))
	}
	type corner struct{ x, y, z float64 }
	corners := make([]corner, len(f.mesh.Vertices))
	for i := range f.mesh.Vertices {
		x, y, z := s.place(place(&f.mesh.Vertices[i]))
		corners[i] = corner{x, y, z}
	}
	for t := 0; t+2 < len(f.mesh.Indices); t += 3 {
		p, q, r := corners[f.mesh.Indices[t]], corners[f.mesh.Indices[t+1]], corners[f.mesh.Indices[t+2]]
		area := (q.x-p.x)*(r.y-p.y) - (q.y-p.y)*(r.x-p.x)
		if math.Abs(area) < 1e-12 {
			continue
		}
		glass := f.mesh.Vertices[f.mesh.Indices[t]].Material == model.Glass
		x0, x1 := int(max(0, math.Floor(min(p.x, q.x, r.x)))), int(min(float64(n-1), math.Ceil(max(p.x, q.x, r.x))))
		y0, y1 := int(max(0, math.Floor(min(p.y, q.y, r.y)))), int(min(float64(n-1), math.Ceil(max(p.y, q.y, r.y))))
		for y := y0; y <= y1; y++ {
			for x := x0; x <= x1; x++ {
				sx, sy := float64(x)+.5, float64(y)+.5
				a := ((q.x-sx)*(r.y-sy) - (q.y-sy)*(r.x-sx)) / area
				b := ((r.x-sx)*(p.y-sy) - (r.y-sy)*(p.x-sx)) / area
				if a < 0 || b < 0 || a+b > 1 || glass && (x+y)%2 == 0 { // glass shades half
					continue
				}
				if z := float32(a*p.z + b*q.z + (1-a-b)*r.z); z > s.far[y*n+x] {
					s.far[y*n+x] = z
				}
			}
		}
	}
	return s
}

// place is where a point falls on the raster, and how near to the light it is.
func (s *shadow) place(p r3.Vec) (x, y, z float64) {
	d := r3.Sub(p, s.mid)
	k := float64(s.n) / (2 * s.half)
	return (r3.Dot(d, s.right) + s.half) * k, (r3.Dot(d, s.up) + s.half) * k, r3.Dot(d, s.from)
}

// blocked says whether the model is between a place of the raster and the light.
func (s *shadow) blocked(x, y, z float64) bool {
	i, j := int(math.Floor(x)), int(math.Floor(y))
	if i < 0 || j < 0 || i >= s.n || j >= s.n {
		return false
	}
	return float64(s.far[j*s.n+i]) > z
}

// lit is the part of the light that comes to a point: four looks at the raster on a
// disc that is turned by the sample's own number, the further apart the higher what shades is.
func (s *shadow) lit(p r3.Vec, sample uint32) float64 {
	x, y, z := s.place(p)
	h := sample*2654435761 ^ sample>>13
	h = (h ^ h>>16) * 2246822519
	turn := float64(h>>8) / (1 << 24) * 2 * math.Pi
	radius := s.soft * float64(s.n) / (2 * s.half)
	lit := 0.0
	for k := range 4 {
		sin, cos := math.Sincos(turn + float64(k)*math.Pi/2)
		r := radius * math.Sqrt((float64(k)+.5)/4)
		if !s.blocked(x+r*cos, y+r*sin, z+.006*s.half) {
			lit += .25
		}
	}
	return lit
}

// skyLights is how many directions of the sky are looked at.
const skyLights = 40

// light casts the shadows and finds how open each vertex is.
func (f *frame) light() {
	f.sun = f.cast(keyFrom, 400, .035*f.size)
	for i := range skyLights {
		// Directions spread evenly, by the golden angle, with the weight of the cosine.
		y := math.Sqrt((float64(i) + .5) / skyLights)
		r := math.Sqrt(1 - y*y)
		sin, cos := math.Sincos(float64(i) * 2.399963229728653)
		f.sky = append(f.sky, f.cast(r3.Vec{X: r * cos, Y: y, Z: r * sin}, 80, 0))
	}
	f.open = make([]float64, len(f.mesh.Vertices))
	for i := range f.mesh.Vertices {
		v := &f.mesh.Vertices[i]
		n := normal(v)
		f.open[i] = f.openness(r3.Add(place(v), r3.Scale(.05*f.size, n)), n)
	}
}

// openness is the part of the sky in front of a surface that its point sees; the
// table below counts as half a sky.
func (f *frame) openness(p, n r3.Vec) float64 {
	seen, all := 0.0, 0.0
	for i := range f.sky {
		s := &f.sky[i]
		w := max(0, r3.Dot(s.from, n))
		all += w
		if x, y, z := s.place(p); w > 0 && !s.blocked(x, y, z+.03*s.half) {
			seen += w
		}
	}
	if all < 1e-9 {
		return .5
	}
	below := max(0, -n.Y)
	return (seen/all)*(1-below) + .5*below
}
