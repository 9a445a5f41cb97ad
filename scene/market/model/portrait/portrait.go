// Package portrait draws models as pictures without a graphics card: a small
// studio with a key light, a sky, soft shadows on a table, and the materials' textures.
//
// It is for sheets of many models, for looking at one, and for tests that judge
// what a model looks like. Read [New] and [Studio.Draw].
package portrait

import (
	"image"
	"math"
	"sync"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/market/model"
	"souk/scene/market/model/surface"
	"souk/world"
)

// textureSize is the side of the materials' textures, texels.
const textureSize = 256

// samples is how many samples a pixel has each way.
const samples = 3

// Studio has the light and the textures. It is safe for concurrent use.
type Studio struct {
	textures [model.Materials]mips
}

// New makes a studio; the seed is of the textures.
func New(seed uint64) *Studio {
	s := &Studio{}
	var all sync.WaitGroup
	for m := range model.Materials {
		all.Go(func() { s.textures[m] = reduce(surface.Texture(m, textureSize, seed)) })
	}
	all.Wait()
	return s
}

// View is from where a model is looked at, and on what.
type View struct {
	// Yaw turns the model before the camera, radians; 0 shows its front, positive
	// turns its right-hand side to the front. Pitch is how far the camera looks down, radians.
	Yaw, Pitch float64
	// Fill is the part of the picture's shorter side that the model takes; 0 is 0.8.
	Fill float64
	// Table is the colour of the table and of what is behind it.
	Table world.RGB
}

// Draw draws a mesh into a part of dst, whatever was there. An empty mesh leaves an
// empty table.
func (s *Studio) Draw(dst *image.RGBA, part image.Rectangle, m *model.Mesh, v View) {
	part = part.Intersect(dst.Rect)
	if part.Empty() {
		return
	}
	if v.Fill <= 0 {
		v.Fill = .8
	}
	var turned model.Mesh
	turned.Append(m, r3.Vec{}, -v.Yaw)
	f := &frame{studio: s, mesh: &turned, wide: part.Dx() * samples, high: part.Dy() * samples, table: linear(v.Table)}
	f.aim(v)
	f.light()
	f.raster()
	f.develop(dst, part)
}

// frame is one picture in the making.
type frame struct {
	studio     *Studio
	mesh       *model.Mesh
	wide, high int // samples

	// The camera: right, up and towards the scene; zoom and middle in samples.
	eye, right, up, ahead r3.Vec
	zoom, midX, midY      float64

	size  float64 // half the diagonal of the model
	mid   r3.Vec
	table colour

	open []float64 // of each vertex: the part of the sky that it sees
	sun  shadow
	sky  []shadow

	depth []float32 // of each sample: 1 / distance, larger is nearer
	which []int32   // its triangle, −1 for none
	at    [][2]float32
}

// lens is the distance of the camera in half diagonals of the model: far enough
// for little perspective.
const lens = 4.6

// aim places the camera so that the model fills the picture.
func (f *frame) aim(v View) {
	b := f.mesh.Bounds()
	f.mid = b.Center()
	f.size = max(1e-4, r3.Norm(r3.Sub(b.Max, b.Min))/2)
	sp, cp := math.Sincos(v.Pitch)
	f.ahead = r3.Vec{Y: -sp, Z: -cp}
	f.right = r3.Vec{X: 1}
	f.up = r3.Cross(f.right, f.ahead)
	f.eye = r3.Sub(f.mid, r3.Scale(lens*f.size, f.ahead))
	lo, hi := [2]float64{math.Inf(1), math.Inf(1)}, [2]float64{math.Inf(-1), math.Inf(-1)}
	f.zoom = 1
	for i := range f.mesh.Vertices {
		x, y, _ := f.project(place(&f.mesh.Vertices[i]))
		lo, hi = [2]float64{min(lo[0], x), min(lo[1], y)}, [2]float64{max(hi[0], x), max(hi[1], y)}
	}
	if len(f.mesh.Vertices) == 0 {
		lo, hi = [2]float64{-.2, -.2}, [2]float64{.2, .2}
	}
	f.zoom = v.Fill * min(float64(f.wide)/max(1e-9, hi[0]-lo[0]), float64(f.high)/max(1e-9, hi[1]-lo[1]))
	f.midX = float64(f.wide)/2 - f.zoom*(lo[0]+hi[0])/2
	f.midY = float64(f.high)/2 - f.zoom*(lo[1]+hi[1])/2
}

// project is where a point falls, in samples, and how far ahead it is.
func (f *frame) project(p r3.Vec) (x, y, far float64) {
	d := r3.Sub(p, f.eye)
	far = r3.Dot(d, f.ahead)
	return f.midX + f.zoom*r3.Dot(d, f.right)/far, f.midY - f.zoom*r3.Dot(d, f.up)/far, far
}

// ray is the direction in which a sample looks.
func (f *frame) ray(x, y float64) r3.Vec {
	return r3.Unit(r3.Add(f.ahead, r3.Add(r3.Scale((x-f.midX)/f.zoom, f.right), r3.Scale(-(y-f.midY)/f.zoom, f.up))))
}

func place(v *model.Vertex) r3.Vec {
	return r3.Vec{X: float64(v.X), Y: float64(v.Y), Z: float64(v.Z)}
}

func normal(v *model.Vertex) r3.Vec {
	return r3.Vec{X: float64(v.Normal[0]) / 127, Y: float64(v.Normal[1]) / 127, Z: float64(v.Normal[2]) / 127}
}

// raster finds the nearest triangle of every sample.
func (f *frame) raster() {
	n := f.wide * f.high
	f.depth, f.which, f.at = make([]float32, n), make([]int32, n), make([][2]float32, n)
	for i := range f.which {
		f.which[i] = -1
	}
	type corner struct{ x, y, w float64 }
	corners := make([]corner, len(f.mesh.Vertices))
	for i := range f.mesh.Vertices {
		x, y, far := f.project(place(&f.mesh.Vertices[i]))
		corners[i] = corner{x, y, 1 / far}
	}
	for t := 0; t+2 < len(f.mesh.Indices); t += 3 {
		p, q, r := corners[f.mesh.Indices[t]], corners[f.mesh.Indices[t+1]], corners[f.mesh.Indices[t+2]]
		area := (q.x-p.x)*(r.y-p.y) - (q.y-p.y)*(r.x-p.x)
		glass := f.mesh.Vertices[f.mesh.Indices[t]].Material == model.Glass
		if area >= 0 && !glass || area == 0 { // from behind: y runs down
			continue
		}
		x0, x1 := int(max(0, math.Floor(min(p.x, q.x, r.x)))), int(min(float64(f.wide-1), math.Ceil(max(p.x, q.x, r.x))))
		y0, y1 := int(max(0, math.Floor(min(p.y, q.y, r.y)))), int(min(float64(f.high-1), math.Ceil(max(p.y, q.y, r.y))))
		for y := y0; y <= y1; y++ {
			sy := float64(y) + .5
			for x := x0; x <= x1; x++ {
				sx := float64(x) + .5
				a := ((q.x-sx)*(r.y-sy) - (q.y-sy)*(r.x-sx)) / area
				b := ((r.x-sx)*(p.y-sy) - (r.y-sy)*(p.x-sx)) / area
				c := 1 - a - b
				if a < 0 || b < 0 || c < 0 || glass && clear(x, y, area > 0) {
					continue
				}
				w := a*p.w + b*q.w + c*r.w
				i := y*f.wide + x
				if float32(w) <= f.depth[i] {
					continue
				}
				f.depth[i], f.which[i] = float32(w), int32(t)
				f.at[i] = [2]float32{float32(b * q.w / w), float32(c * r.w / w)}
			}
		}
	}
}

// clear says whether glass lets a sample through: the near side five of a pixel's
// nine, and the far side shows in one of those.
func clear(x, y int, behind bool) bool {
	k := x%samples + samples*(y%samples)
	if behind {
		return k != 1 && k != 6
	}
	return k%2 == 0
}

// develop shades the samples and puts their means into the picture.
func (f *frame) develop(dst *image.RGBA, part image.Rectangle) {
	ground := f.groundLight()
	for y := range part.Dy() {
		for x := range part.Dx() {
			var sum colour
			for j := range samples {
				for i := range samples {
					sx, sy := x*samples+i, y*samples+j
					var c colour
					if k := sy*f.wide + sx; f.which[k] >= 0 {
						c = f.shade(k, f.ray(float64(sx)+.5, float64(sy)+.5))
					} else {
						c = f.backdrop(ground, float64(sx)+.5, float64(sy)+.5)
					}
					sum = sum.plus(film(c))
				}
			}
			o := dst.PixOffset(part.Min.X+x, part.Min.Y+y)
			// A grain of less than a step hides the bands of slow gradients.
			grain := float64((x*7+y*13+x*y)%16)/16 - .5
			for c := range 3 {
				dst.Pix[o+c] = uint8(max(0, min(255, model.Encoded(sum[c]/(samples*samples))*255+.5+grain)))
			}
			dst.Pix[o+3] = 255
		}
	}
}
