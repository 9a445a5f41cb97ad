// Package picture says how different two pictures look to a person: what a
// golden picture is held against. Pure Go, no graphics card.
//
// The measure is made in the spirit of ꟻLIP (P. Andersson, J. Nilsson, T.
// Akenine-Möller, M. Oskarsson, K. Åström, M. Fairchild, "FLIP: A Difference
// Evaluator for Alternating Images", 2020), written anew from the paper: what
// the eye cannot resolve at the viewing distance is filtered away in an
// opponent colour space, what is left is compared as colours (HyAB) and as
// edges and points, and both become one error in [0,1] a pixel. Beside the
// paper's mean and weighted median there is [Difference.Worst], the mean over
// the worst small window: a sign that is missing from a market is a thousandth
// of the picture, and all of a window.
//
// Read [Compare] first.
package picture

import (
	"fmt"
	"image"
	"math"
	"slices"
)

// Desktop is the pixels a degree at which the market is seen on a desk: a
// window of 1280 pixels, 0.40 m wide, from 0.60 m.
var Desktop = PixelsPerDegree(.60, .40, 1280)

// PixelsPerDegree is how many pixels lie in a degree of the eye's field, in
// the middle of a picture shown so many metres wide and seen from so many
// metres.
func PixelsPerDegree(distance, width float64, pixels int) float64 {
	return distance * float64(pixels) / width * math.Pi / 180
}

// Difference is how different two pictures look.
type Difference struct {
	// Map is the error of each pixel in [0,1], row by row: 0 looks the same, 1
	// is green for blue beside it.
	Map           []float32
	Width, Height int
	// Mean is the mean of the map. Median is its weighted median: half of all
	// the error there is lies in pixels of at most this error. Both in [0,1].
	Mean, Median float64
	// Most is the largest error.
	Most float64
}

// Compare says how different got looks from want at so many pixels a degree
// (see [PixelsPerDegree]; 10 to 200). The alpha of the pictures is ignored.
// Pictures of different sizes, or without a pixel, are an error. It may be
// called from anywhere.
func Compare(want, got image.Image, pixelsPerDegree float64) (*Difference, error) {
	a, b := want.Bounds(), got.Bounds()
	if a.Dx() != b.Dx() || a.Dy() != b.Dy() {
		return nil, fmt.Errorf("compare two pictures: one has %d×%d pixels and the other %d×%d; give two of one size", a.Dx(), a.Dy(), b.Dx(), b.Dy())
	}
	if a.Empty() {
		return nil, fmt.Errorf("compare two pictures: they have no pixels; give pictures of at least 1×1")
	}
	if !(pixelsPerDegree >= 10 && pixelsPerDegree <= 200) {
		return nil, fmt.Errorf("compare two pictures: %v pixels a degree is no way to look at them; give 10 to 200", pixelsPerDegree)
	}
	w, h := a.Dx(), a.Dy()
	d := &Difference{Width: w, Height: h, Map: make([]float32, w*h)}
	p, q := newView(want), newView(got)
	if p.same(q) {
		return d, nil
	}
	work := newPlane(w, h)
	p.detect(pixelsPerDegree, work)
	q.detect(pixelsPerDegree, work)
	p.resolve(pixelsPerDegree, work)
	q.resolve(pixelsPerDegree, work)
	for i := range d.Map {
		distance := hyAB(p.at(i), q.at(i))
		if distance == 0 {
			continue
		}
		colour := spread(distance)
		edge := math.Abs(float64(p.edges[i] - q.edges[i]))
		point := math.Abs(float64(p.points[i] - q.points[i]))
		feature := math.Min(1, math.Sqrt(math.Max(edge, point)/math.Sqrt2))
		d.Map[i] = float32(math.Pow(colour, 1-feature))
	}
	d.pool()
	return d, nil
}

// pool sums the map up.
func (d *Difference) pool() {
	sum := 0.0
	for _, e := range d.Map {
		sum += float64(e)
		d.Most = math.Max(d.Most, float64(e))
	}
	d.Mean = sum / float64(len(d.Map))
	sorted := slices.Clone(d.Map)
	slices.Sort(sorted)
	part := 0.0
	for _, e := range sorted {
		if part += float64(e); part >= sum/2 {
			d.Median = float64(e)
			break
		}
	}
}

// Worst is the window of w × h pixels (cut to the picture) with the largest
// mean error, among those whose corners are multiples of a quarter of its
// edges, and that mean. The rectangle is relative to the picture's upper left.
func (d *Difference) Worst(w, h int) (image.Rectangle, float64) {
	w, h = max(1, min(w, d.Width)), max(1, min(h, d.Height))
	// sums[y][x] is the sum of all above and left of the corner (x, y).
	stride := d.Width + 1
	sums := make([]float64, stride*(d.Height+1))
	for y := range d.Height {
		row := 0.0
		for x := range d.Width {
			row += float64(d.Map[y*d.Width+x])
			sums[(y+1)*stride+x+1] = sums[y*stride+x+1] + row
		}
	}
	at, most := image.Rect(0, 0, w, h), -1.0
	for _, y := range corners(d.Height, h) {
		for _, x := range corners(d.Width, w) {
			s := sums[(y+h)*stride+x+w] - sums[y*stride+x+w] - sums[(y+h)*stride+x] + sums[y*stride+x]
			if s > most {
				at, most = image.Rect(x, y, x+w, y+h), s
			}
		}
	}
	return at, math.Max(0, most) / float64(w*h)
}

// corners are where windows of an edge begin along a length: every quarter of
// the edge, and the last that fits.
func corners(length, edge int) []int {
	step := max(1, edge/4)
	var at []int
	for i := 0; i < length-edge; i += step {
		at = append(at, i)
	}
	return append(at, length-edge)
}
