package picture

import (
	"image"
	"image/draw"
	"math"
	"slices"
)

// vec is a colour of three channels, in the space that the name beside it says.
type vec [3]float64

// linear is the light of each of the 256 values of an sRGB channel
// (IEC 61966-2-1).
var linear = func() (t [256]float64) {
	for i := range t {
		v := float64(i) / 255
		if v <= .04045 {
			t[i] = v / 12.92
		} else {
			t[i] = math.Pow((v+.055)/1.055, 2.4)
		}
	}
	return t
}()

// white is the XYZ of the linear RGB (1, 1, 1), D65.
var white = xyz(vec{1, 1, 1})

// xyz is CIE XYZ of linear light with sRGB's primaries.
func xyz(c vec) vec {
	return vec{
		.4123907992659595*c[0] + .3575843393838780*c[1] + .1804807884018343*c[2],
		.2126390058715104*c[0] + .7151686787677559*c[1] + .0721923153607337*c[2],
		.0193308187155918*c[0] + .1191947797946259*c[1] + .9505321522496608*c[2],
	}
}

// rgb is the inverse of xyz.
func rgb(c vec) vec {
	return vec{
		3.2409699419045213*c[0] - 1.5373831775700935*c[1] - .4986107602930033*c[2],
		-.9692436362808798*c[0] + 1.8759675015077206*c[1] + .0415550574071756*c[2],
		.0556300796969936*c[0] - .2039769588889765*c[1] + 1.0569715142428786*c[2],
	}
}

// opponent is YCxCz: lightness, red against green, yellow against blue; linear
// in the light, so that what the eye blurs may be blurred in it.
func opponent(c vec) vec {
	x, y, z := c[0]/white[0], c[1]/white[1], c[2]/white[2]
	return vec{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

// fromOpponent is the inverse of opponent.
func fromOpponent(c vec) vec {
	y := (c[0] + 16) / 116
	return vec{(y + c[1]/500) * white[0], y * white[1], (y - c[2]/200) * white[2]}
}

// lab is CIE L*a*b* after Hunt: chroma counts less where it is dark.
func lab(c vec) vec {
	const cut = 6.0 / 29
	f := func(t float64) float64 {
		if t > cut*cut*cut {
			return math.Cbrt(t)
		}
		return t/(3*cut*cut) + 4.0/29
	}
	x, y, z := f(c[0]/white[0]), f(c[1]/white[1]), f(c[2]/white[2])
	l := 116*y - 16
	return vec{l, .01 * l * 500 * (x - y), .01 * l * 200 * (y - z)}
}

// hyAB is the distance of two colours that are far apart: city-block between
// lightness and chroma, Euclidean within chroma (S. Abasi, M. Amani Tehran, M.
// Fairchild 2020).
func hyAB(p, q vec) float64 {
	return math.Abs(p[0]-q[0]) + math.Hypot(p[1]-q[1], p[2]-q[2])
}

// The paper's constants: the exponent on the colour distance, the part of the
// largest distance that gets the first 95 % of the scale, and that 95 %.
const (
	colourPower = .7
	knee        = .4
	kneeAt      = .95
)

// farthest is the distance of the two colours of a screen that are farthest
// apart, to the power: green and blue.
var farthest = math.Pow(hyAB(lab(xyz(vec{0, 1, 0})), lab(xyz(vec{0, 0, 1}))), colourPower)

// spread brings a colour distance into [0,1]; small ones get most of the
// scale.
func spread(distance float64) float64 {
	d := math.Pow(distance, colourPower)
	if d < knee*farthest {
		return kneeAt * d / (knee * farthest)
	}
	return math.Min(1, kneeAt+(d-knee*farthest)/(farthest-knee*farthest)*(1-kneeAt))
}

// view is a picture as the eye gets it.
type view struct {
	// channels are the opponent colours, and after resolve L*a*b*.
	channels [3]plane
	// edges and points are how strongly each is seen at a pixel.
	edges, points []float32
}

func newView(img image.Image) *view {
	b := img.Bounds()
	rgba, ok := img.(*image.RGBA)
	if !ok {
		rgba = image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
		draw.Draw(rgba, rgba.Rect, img, b.Min, draw.Src)
		b = rgba.Rect
	}
	v := &view{}
	for k := range v.channels {
		v.channels[k] = newPlane(b.Dx(), b.Dy())
	}
	i := 0
	for y := b.Min.Y; y < b.Max.Y; y++ {
		row := rgba.Pix[rgba.PixOffset(b.Min.X, y):]
		for x := range b.Dx() {
			p := row[4*x : 4*x+3]
			c := opponent(xyz(vec{linear[p[0]], linear[p[1]], linear[p[2]]}))
			for k := range c {
				v.channels[k].pix[i] = float32(c[k])
			}
			i++
		}
	}
	return v
}

// same says whether two views are of the same picture, before they are resolved.
func (v *view) same(w *view) bool {
	for k := range v.channels {
		if !slices.Equal(v.channels[k].pix, w.channels[k].pix) {
			return false
		}
	}
	return true
}

// at is the colour of a pixel.
func (v *view) at(i int) vec {
	return vec{float64(v.channels[0].pix[i]), float64(v.channels[1].pix[i]), float64(v.channels[2].pix[i])}
}
