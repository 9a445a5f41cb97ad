package hud

import (
	"image"
	"image/color"
	"math"

	"souk/scene/lettering"
)

// rect is a rectangle, pixels.
type rect struct{ x, y, w, h float64 }

// inset is the rectangle made smaller on all sides.
func (r rect) inset(d float64) rect { return rect{r.x + d, r.y + d, r.w - 2*d, r.h - 2*d} }

// image is the smallest pixel rectangle around it.
func (r rect) image() image.Rectangle {
	return image.Rect(int(math.Floor(r.x)), int(math.Floor(r.y)), int(math.Ceil(r.x+r.w)), int(math.Ceil(r.y+r.h)))
}

// snapped has whole pixels as edges, so that it is crisp.
func (r rect) snapped() rect {
	x, y := math.Round(r.x), math.Round(r.y)
	return rect{x, y, math.Round(r.x+r.w) - x, math.Round(r.y+r.h) - y}
}

// opKind is a kind of shape.
type opKind uint8

const (
	opRound    opKind = iota // rounded rectangle
	opFrame                  // its outline, line wide, inside the box
	opShadow                 // soft shadow around the box, line wide
	opText                   // at the baseline (box.x, box.y)
	opIcon                   // in the box
	opImage                  // an opaque picture, at the box's corner
	opLine                   // from the first point to the second, line wide, round ends
	opTriangle               // of three points
	opArc                    // ring in the box, line wide, from 12 o'clock to share of the whole
)

// op is one shape of a layer.
type op struct {
	kind   opKind
	icon   iconID
	colour color.RGBA // premultiplied
	box    rect
	radius float64
	line   float64
	share  float64
	style  lettering.Style
	text   string
	width  float64 // of the text
	img    *image.RGBA
	points [3][2]float64
	within image.Rectangle // lines and triangles are cut off at it
}

// bounds are the pixels that the shape may touch.
func (o *op) bounds() image.Rectangle {
	switch o.kind {
	case opLine, opTriangle:
		return o.spread().Intersect(o.within)
	case opShadow:
		return o.box.inset(-o.line - 1).image()
	case opText:
		return rect{o.box.x - 2, o.box.y - 1.1*o.style.Size, o.width + 4, 1.5 * o.style.Size}.image()
	}
	return o.box.inset(-1).image()
}

// premultiplied turns a colour of the theme into what is blended.
func premultiplied(c color.NRGBA) color.RGBA {
	part := func(v uint8) uint8 { return uint8((uint32(v)*uint32(c.A) + 127) / 255) }
	return color.RGBA{part(c.R), part(c.G), part(c.B), c.A}
}

// painter draws shapes into the picture.
type painter struct {
	dst   *image.RGBA
	faces *lettering.Faces
	icons map[iconKey]*image.Alpha
}

// clear makes a part transparent.
func (p *painter) clear(part image.Rectangle) {
	for y := part.Min.Y; y < part.Max.Y; y++ {
		i := p.dst.PixOffset(part.Min.X, y)
		clear(p.dst.Pix[i : i+4*part.Dx()])
	}
}

// draw draws shapes where they touch the part, and nothing outside it.
func (p *painter) draw(ops []op, part image.Rectangle) {
	for i := range ops {
		o := &ops[i]
		clip := o.bounds().Intersect(part)
		if clip.Empty() {
			continue
		}
		switch o.kind {
		case opRound:
			p.round(o, clip)
		case opFrame:
			p.field(o, clip, func(d float64) float64 { return min(cover(d), cover(-d-o.line)) })
		case opShadow:
			p.field(o, clip, func(d float64) float64 {
				if d < 0 {
					return 0
				}
				t := max(0, 1-d/o.line)
				return t * t
			})
		case opText:
			p.faces.DrawIn(p.dst, clip, o.box.x, o.box.y, o.style, o.colour, o.text)
		case opIcon:
			p.stamp(o, clip)
		case opArc:
			p.arc(o, clip)
		case opImage:
			p.picture(o, clip)
		case opLine, opTriangle:
			p.strokes(o, clip)
		}
	}
}

// cover is how much of a pixel lies inside a shape whose edge is at distance d
// from the pixel's middle (negative inside).
func cover(d float64) float64 { return max(0, min(1, 0.5-d)) }

// blend puts a premultiplied colour, covered in part, over a pixel.
func blend(px []uint8, c color.RGBA, part float64) {
	if part <= 0 {
		return
	}
	k := uint32(part*256 + 0.5)
	rest := 65280 - uint32(c.A)*k // of 255·256
	px[0] = uint8((uint32(c.R)*k*255 + uint32(px[0])*rest) / 65280)
	px[1] = uint8((uint32(c.G)*k*255 + uint32(px[1])*rest) / 65280)
	px[2] = uint8((uint32(c.B)*k*255 + uint32(px[2])*rest) / 65280)
	px[3] = uint8((uint32(c.A)*k*255 + uint32(px[3])*rest) / 65280)
}

// fill puts a premultiplied colour over a row of pixels that it covers whole.
func fill(row []uint8, c color.RGBA) {
	if c.A == 255 {
		for i := 0; i+3 < len(row); i += 4 {
			row[i], row[i+1], row[i+2], row[i+3] = c.R, c.G, c.B, 255
		}
		return
	}
	rest := uint32(255 - c.A)
	r, g, b, a := uint32(c.R)*255, uint32(c.G)*255, uint32(c.B)*255, uint32(c.A)*255
	for i := 0; i+3 < len(row); i += 4 {
		px := row[i : i+4 : i+4]
		px[0] = uint8((r + uint32(px[0])*rest) / 255)
		px[1] = uint8((g + uint32(px[1])*rest) / 255)
		px[2] = uint8((b + uint32(px[2])*rest) / 255)
		px[3] = uint8((a + uint32(px[3])*rest) / 255)
	}
}

// distance is how far a point is outside a rounded box, negative inside.
func distance(b rect, radius, x, y float64) float64 {
	r := max(0, min(radius, min(b.w, b.h)/2))
	qx := math.Abs(x-b.x-b.w/2) - b.w/2 + r
	qy := math.Abs(y-b.y-b.h/2) - b.h/2 + r
	if qx <= 0 || qy <= 0 {
		return max(qx, qy) - r
	}
	return math.Sqrt(qx*qx+qy*qy) - r
}

// span is the pixels of a row, of x in [from, to), between which a box of this
// inset is certainly within itself; empty where the row is not.
func (o *op) span(cy, inset float64) (from, to int) {
	if in := o.box.inset(inset); cy > in.y && cy < in.y+in.h {
		return int(math.Ceil(in.x)), int(math.Floor(in.x + in.w))
	}
	return 0, 0
}

// round fills a rounded box: what is certainly within it by rows, the rest
// pixel by pixel.
func (p *painter) round(o *op, clip image.Rectangle) {
	r := max(0, min(o.radius, min(o.box.w, o.box.h)/2))
	for y := clip.Min.Y; y < clip.Max.Y; y++ {
		cy := float64(y) + 0.5
		row := p.dst.Pix[p.dst.PixOffset(clip.Min.X, y):]
		var from, to int
		if cy >= o.box.y+r+1 && cy <= o.box.y+o.box.h-r-1 { // between the corners
			from, to = o.span(cy, 1)
		} else if cy >= o.box.y+1 && cy <= o.box.y+o.box.h-1 { // between the corners' circles
			from, to = int(math.Ceil(o.box.x+r)), int(math.Floor(o.box.x+o.box.w-r))
		}
		from, to = max(from, clip.Min.X), min(to, clip.Max.X)
		if from < to {
			fill(row[4*(from-clip.Min.X):4*(to-clip.Min.X)], o.colour)
		}
		for x := clip.Min.X; x < clip.Max.X; x++ {
			if x == from && from < to {
				x = to - 1
				continue
			}
			blend(row[(x-clip.Min.X)*4:], o.colour, cover(distance(o.box, r, float64(x)+0.5, cy)))
		}
	}
}

// field fills by a function of the distance from the box's edge, which is 0
// deep inside: what is certainly there is skipped.
func (p *painter) field(o *op, clip image.Rectangle, f func(float64) float64) {
	deep := max(o.radius, o.line) + 1
	if o.kind == opShadow { // nothing but outside
		deep = max(0, min(o.radius, min(o.box.w, o.box.h)/2)) + 1
	}
	for y := clip.Min.Y; y < clip.Max.Y; y++ {
		cy := float64(y) + 0.5
		row := p.dst.Pix[p.dst.PixOffset(clip.Min.X, y):]
		from, to := o.span(cy, deep)
		if from < to && o.kind == opShadow {
			from, to = int(math.Ceil(o.box.x)), int(math.Floor(o.box.x+o.box.w))
		}
		for x := clip.Min.X; x < clip.Max.X; x++ {
			if x >= from && x < to {
				x = to - 1
				continue
			}
			blend(row[(x-clip.Min.X)*4:], o.colour, f(distance(o.box, o.radius, float64(x)+0.5, cy)))
		}
	}
}

// arc draws a part of a ring, clockwise from the top.
func (p *painter) arc(o *op, clip image.Rectangle) {
	cx, cy, r := o.box.x+o.box.w/2, o.box.y+o.box.h/2, o.box.w/2-o.line/2
	for y := clip.Min.Y; y < clip.Max.Y; y++ {
		row := p.dst.Pix[p.dst.PixOffset(clip.Min.X, y):]
		for x := clip.Min.X; x < clip.Max.X; x++ {
			dx, dy := float64(x)+0.5-cx, float64(y)+0.5-cy
			part := cover(math.Abs(math.Hypot(dx, dy)-r) - o.line/2)
			if part <= 0 {
				continue
			}
			if o.share < 1 {
				turn := math.Atan2(dx, -dy) / (2 * math.Pi)
				if turn < 0 {
					turn++
				}
				if turn > o.share {
					continue
				}
			}
			blend(row[(x-clip.Min.X)*4:], o.colour, part)
		}
	}
}

// spread are the pixels that a line or a triangle may touch.
func (o *op) spread() image.Rectangle {
	n := 2
	if o.kind == opTriangle {
		n = 3
	}
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, q := range o.points[:n] {
		x0, y0, x1, y1 = min(x0, q[0]), min(y0, q[1]), max(x1, q[0]), max(y1, q[1])
	}
	return rect{x0, y0, x1 - x0, y1 - y0}.inset(-o.line/2 - 1).image()
}

// picture copies a picture.
func (p *painter) picture(o *op, clip image.Rectangle) {
	x0, y0 := int(o.box.x), int(o.box.y)
	clip = clip.Intersect(o.img.Rect.Add(image.Pt(x0, y0)))
	for y := clip.Min.Y; y < clip.Max.Y; y++ {
		from := o.img.PixOffset(clip.Min.X-x0, y-y0)
		copy(p.dst.Pix[p.dst.PixOffset(clip.Min.X, y):], o.img.Pix[from:from+4*clip.Dx()])
	}
}

// strokes draws a line or fills a triangle.
func (p *painter) strokes(o *op, clip image.Rectangle) {
	for y := clip.Min.Y; y < clip.Max.Y; y++ {
		row := p.dst.Pix[p.dst.PixOffset(clip.Min.X, y):]
		for x := clip.Min.X; x < clip.Max.X; x++ {
			cx, cy := float64(x)+0.5, float64(y)+0.5
			d := 0.0
			if o.kind == opLine {
				d = toSegment(cx, cy, o.points[0], o.points[1]) - o.line/2
			} else {
				d = outside(cx, cy, &o.points)
			}
			blend(row[(x-clip.Min.X)*4:], o.colour, cover(d))
		}
	}
}

// toSegment is how far a point is from the line between two.
func toSegment(x, y float64, a, b [2]float64) float64 {
	dx, dy := b[0]-a[0], b[1]-a[1]
	t := 0.0
	if n := dx*dx + dy*dy; n > 0 {
		t = max(0, min(1, ((x-a[0])*dx+(y-a[1])*dy)/n))
	}
	return math.Hypot(x-a[0]-t*dx, y-a[1]-t*dy)
}

// outside is how far a point is outside a triangle, negative inside.
func outside(x, y float64, t *[3][2]float64) float64 {
	d := math.Inf(-1)
	area := (t[1][0]-t[0][0])*(t[2][1]-t[0][1]) - (t[2][0]-t[0][0])*(t[1][1]-t[0][1])
	for i := range t {
		a, b := t[i], t[(i+1)%3]
		ex, ey := b[0]-a[0], b[1]-a[1]
		side := (ey*(x-a[0]) - ex*(y-a[1])) / max(math.Hypot(ex, ey), 1e-9)
		d = max(d, math.Copysign(1, area)*side)
	}
	return d
}
