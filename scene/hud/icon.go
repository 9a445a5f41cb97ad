package hud

import (
	"image"
	"math"
)

// iconID names a sign.
type iconID uint8

const (
	iconNone iconID = iota
	iconHeart
	iconHeartFull
	iconHide
	iconCart
	iconBag
	iconClose
	iconEye
	iconPause
	iconPlay
	iconTrash
	iconDot
	iconLink
	iconUnlink
	iconPeople
	iconTalk
	iconCheck
	iconInfo
	iconCamera
	iconSpark
	iconPlus
	iconMinus
	iconGlobe
	iconSearch
	iconMap
	iconGear
	iconMenu
	iconLeft
	iconRight
	iconGo
	iconSound
	iconErase
	iconKeyboard
	iconMouse
	iconExit
	iconScreen
)

// stroke is a line through points of a 24 × 24 grid; a dot where there is one.
type stroke []([2]float64)

// arcStroke is a part of a circle as a stroke, from angle a to b, radians,
// clockwise from the right.
func arcStroke(cx, cy, r, a, b float64) stroke {
	n := 20
	s := make(stroke, 0, n+1)
	for i := range n + 1 {
		sin, cos := math.Sincos(a + (b-a)*float64(i)/float64(n))
		s = append(s, [2]float64{cx + r*cos, cy + r*sin})
	}
	return s
}

// heart is the outline of a heart: two arcs and a tip.
func heart() stroke {
	s := arcStroke(7.6, 8.8, 4.6, math.Pi*0.83, math.Pi*1.86)
	s = append(s, arcStroke(16.4, 8.8, 4.6, math.Pi*1.14, math.Pi*2.17)...)
	return append(s, [2]float64{12, 20.2}, s[0])
}

// eye is the outline of an eye.
func eye() stroke {
	var s stroke
	for i := range 25 {
		t := float64(i) / 24
		s = append(s, [2]float64{2 + 20*t, 12 - 6.6*math.Sin(math.Pi*t)})
	}
	for i := range 25 {
		t := 1 - float64(i)/24
		s = append(s, [2]float64{2 + 20*t, 12 + 6.6*math.Sin(math.Pi*t)})
	}
	return s
}

// drawing is what a sign consists of; filled closes its strokes and fills them.
type drawing struct {
	strokes []stroke
	filled  bool
}

const turn = 2 * math.Pi

// drawings are the signs, drawn for Souk on a 24 × 24 grid.
var drawings = map[iconID]drawing{
	iconHeart:     {strokes: []stroke{heart()}},
	iconHeartFull: {strokes: []stroke{heart()}, filled: true},
	iconHide:      {strokes: []stroke{eye(), {{4, 20}, {20, 4}}}},
	iconEye:       {strokes: []stroke{eye(), arcStroke(12, 12, 2.6, 0, turn)}},
	iconCart:      {strokes: []stroke{{{2, 4}, {5, 4}, {8, 15}, {18, 15}, {21, 7}, {6, 7}}, arcStroke(9, 19.4, 1.1, 0, turn), arcStroke(17, 19.4, 1.1, 0, turn)}},
	iconBag:       {strokes: []stroke{{{5, 8}, {19, 8}, {20, 21}, {4, 21}, {5, 8}}, arcStroke(12, 8, 4, math.Pi, turn)}},
	iconClose:     {strokes: []stroke{{{6, 6}, {18, 18}}, {{18, 6}, {6, 18}}}},
	iconPause:     {strokes: []stroke{{{8.5, 6}, {8.5, 18}}, {{15.5, 6}, {15.5, 18}}}},
	iconPlay:      {strokes: []stroke{{{8, 5.5}, {18.5, 12}, {8, 18.5}, {8, 5.5}}}, filled: true},
	iconTrash:     {strokes: []stroke{{{4, 6.5}, {20, 6.5}}, {{6, 6.5}, {7, 20.5}, {17, 20.5}, {18, 6.5}}, {{9, 6.5}, {9.6, 3.5}, {14.4, 3.5}, {15, 6.5}}, {{10, 10.5}, {10, 16.5}}, {{14, 10.5}, {14, 16.5}}}},
	iconDot:       {strokes: []stroke{arcStroke(12, 12, 6, 0, turn)}, filled: true},
	iconLink:      {strokes: []stroke{{{4, 19}, {4, 16}}, {{9.3, 19}, {9.3, 12.5}}, {{14.6, 19}, {14.6, 9}}, {{20, 19}, {20, 5}}}},
	iconUnlink:    {strokes: []stroke{{{4, 19}, {4, 16}}, {{9.3, 19}, {9.3, 12.5}}, {{14, 18}, {20, 12}}, {{14, 12}, {20, 18}}}},
	iconPeople:    {strokes: []stroke{arcStroke(9, 8, 3.6, 0, turn), arcStroke(9, 20.5, 6.5, math.Pi, turn), arcStroke(16.5, 8, 3.2, -math.Pi*0.6, math.Pi*0.45), arcStroke(16.4, 20.5, 5.6, -math.Pi*0.42, 0)}},
	iconTalk:      {strokes: []stroke{{{4, 5}, {20, 5}, {20, 16}, {11, 16}, {7, 20}, {7, 16}, {4, 16}, {4, 5}}}},
	iconCheck:     {strokes: []stroke{{{5, 12.5}, {10, 17.5}, {19.5, 7}}}},
	iconInfo:      {strokes: []stroke{arcStroke(12, 12, 9, 0, turn), {{12, 11}, {12, 16.5}}, {{12, 7.4}, {12, 7.5}}}},
	iconCamera:    {strokes: []stroke{{{3, 7.5}, {8, 7.5}, {9.5, 5}, {14.5, 5}, {16, 7.5}, {21, 7.5}, {21, 19}, {3, 19}, {3, 7.5}}, arcStroke(12, 13, 3.5, 0, turn)}},
	iconSearch:    {strokes: []stroke{arcStroke(10.5, 10.5, 6.5, 0, turn), {{15.4, 15.4}, {20.5, 20.5}}}},
	iconMap:       {strokes: []stroke{{{3, 6}, {9, 3.5}, {15, 6}, {21, 3.5}, {21, 18}, {15, 20.5}, {9, 18}, {3, 20.5}, {3, 6}}, {{9, 3.5}, {9, 18}}, {{15, 6}, {15, 20.5}}}},
	iconGear:      {strokes: []stroke{{{3, 7}, {21, 7}}, {{3, 17}, {21, 17}}, arcStroke(15.5, 7, 2.4, 0, turn), arcStroke(8.5, 17, 2.4, 0, turn)}},
	iconMenu:      {strokes: []stroke{{{4, 6.5}, {20, 6.5}}, {{4, 12}, {20, 12}}, {{4, 17.5}, {20, 17.5}}}},
	iconLeft:      {strokes: []stroke{{{15, 5}, {8, 12}, {15, 19}}}},
	iconRight:     {strokes: []stroke{{{9, 5}, {16, 12}, {9, 19}}}},
	iconGo:        {strokes: []stroke{{{4, 12}, {19, 12}}, {{13, 6}, {19, 12}, {13, 18}}}},
	iconSound:     {strokes: []stroke{{{4, 9.5}, {8, 9.5}, {12.5, 5.5}, {12.5, 18.5}, {8, 14.5}, {4, 14.5}, {4, 9.5}}, arcStroke(12.5, 12, 4, -0.9, 0.9), arcStroke(12.5, 12, 7.6, -0.9, 0.9)}},
	iconErase:     {strokes: []stroke{{{8.5, 5.5}, {21, 5.5}, {21, 18.5}, {8.5, 18.5}, {2.5, 12}, {8.5, 5.5}}, {{12, 9.5}, {17, 14.5}}, {{17, 9.5}, {12, 14.5}}}},
	iconKeyboard:  {strokes: []stroke{{{2.5, 6}, {21.5, 6}, {21.5, 18}, {2.5, 18}, {2.5, 6}}, {{6.5, 10}, {6.6, 10}}, {{10.2, 10}, {10.3, 10}}, {{13.8, 10}, {13.9, 10}}, {{17.5, 10}, {17.6, 10}}, {{8, 14.3}, {16, 14.3}}}},
	iconMouse:     {strokes: []stroke{{{6, 3.5}, {6, 18.5}, {10, 14.8}, {12.8, 20.5}, {15.2, 19.3}, {12.5, 13.8}, {17.5, 13.4}, {6, 3.5}}}},
	iconScreen:    {strokes: []stroke{{{3.5, 9}, {3.5, 4.5}, {9, 4.5}}, {{15, 4.5}, {20.5, 4.5}, {20.5, 9}}, {{20.5, 15}, {20.5, 19.5}, {15, 19.5}}, {{9, 19.5}, {3.5, 19.5}, {3.5, 15}}}},
	iconExit:      {strokes: []stroke{{{13, 4}, {5, 4}, {5, 20}, {13, 20}}, {{10, 12}, {21, 12}}, {{16.5, 7.5}, {21, 12}, {16.5, 16.5}}}},
	iconSpark:     {strokes: []stroke{{{12, 2.5}, {14.2, 9.8}, {21.5, 12}, {14.2, 14.2}, {12, 21.5}, {9.8, 14.2}, {2.5, 12}, {9.8, 9.8}, {12, 2.5}}}, filled: true},
	iconPlus:      {strokes: []stroke{{{12, 5.5}, {12, 18.5}}, {{5.5, 12}, {18.5, 12}}}},
	iconMinus:     {strokes: []stroke{{{5.5, 12}, {18.5, 12}}}},
	iconGlobe:     {strokes: []stroke{arcStroke(12, 12, 9, 0, turn), {{3, 12}, {21, 12}}, arcStroke(4, 12, 12.04, -0.845, 0.845), arcStroke(20, 12, 12.04, math.Pi-0.845, math.Pi+0.845)}},
}

// iconKey is a sign at a size.
type iconKey struct {
	id   iconID
	size int
}

// stamp draws a sign into its box.
func (p *painter) stamp(o *op, clip image.Rectangle) {
	size := max(1, int(math.Round(o.box.w)))
	key := iconKey{o.icon, size}
	mask, ok := p.icons[key]
	if !ok {
		mask = drawings[o.icon].mask(size)
		p.icons[key] = mask
	}
	x0, y0 := int(math.Round(o.box.x)), int(math.Round(o.box.y))
	clip = clip.Intersect(image.Rect(x0, y0, x0+size, y0+size))
	for y := clip.Min.Y; y < clip.Max.Y; y++ {
		row := p.dst.Pix[p.dst.PixOffset(clip.Min.X, y):]
		for x := clip.Min.X; x < clip.Max.X; x++ {
			blend(row[(x-clip.Min.X)*4:], o.colour, float64(mask.Pix[(y-y0)*mask.Stride+x-x0])/255)
		}
	}
}

// mask draws a sign with round pens: a pixel is covered by how near it is to a
// stroke.
func (d drawing) mask(size int) *image.Alpha {
	m := image.NewAlpha(image.Rect(0, 0, size, size))
	scale := float64(size) / 24
	pen := max(0.65, 0.95*scale)
	for y := range size {
		for x := range size {
			px, py := (float64(x)+0.5)/scale, (float64(y)+0.5)/scale
			near := math.Inf(1)
			inside := false
			for _, s := range d.strokes {
				near = min(near, s.distance(px, py))
				inside = inside || d.filled && s.contains(px, py)
			}
			v := cover(near*scale - pen)
			if inside {
				v = 1
			}
			m.Pix[y*m.Stride+x] = uint8(v*255 + 0.5)
		}
	}
	return m
}

// distance is how far a point is from the stroke.
func (s stroke) distance(x, y float64) float64 {
	best := math.Inf(1)
	for i := 1; i < len(s); i++ {
		best = math.Min(best, toSegment(x, y, s[i-1], s[i]))
	}
	return best
}

// contains says whether a point is inside the closed stroke (even-odd).
func (s stroke) contains(x, y float64) bool {
	in := false
	for i := range s {
		a, b := s[i], s[(i+1)%len(s)]
		if (a[1] > y) != (b[1] > y) && x < a[0]+(y-a[1])*(b[0]-a[0])/(b[1]-a[1]) {
			in = !in
		}
	}
	return in
}
