package console

import (
	"fmt"
	"image"
	"image/color"
	"math"

	"github.com/hajimehoshi/ebiten/v2"
	"github.com/hajimehoshi/ebiten/v2/vector"

	"souk/world/wire"
)

var (
	ground   = color.RGBA{0x12, 0x15, 0x1c, 0xff}
	panel    = color.RGBA{0x1b, 0x20, 0x2b, 0xff}
	floorTop = color.RGBA{0x20, 0x26, 0x32, 0xff}
	stall    = color.RGBA{0x3a, 0x43, 0x55, 0xff}
	ink      = color.RGBA{0xec, 0xee, 0xf2, 0xff}
	faint    = color.RGBA{0x9a, 0xa4, 0xb5, 0xff}
	accent   = color.RGBA{0xf2, 0xa6, 0x3c, 0xff}
	person   = color.RGBA{0x58, 0xd0, 0xff, 0xff}
	alarm    = color.RGBA{0xff, 0x6b, 0x5e, 0xff}
)

// Draw draws the floor and the panel beside it.
func (c *Console) Draw(dst *ebiten.Image) {
	dst.Fill(ground)
	w, h := float64(c.w), float64(c.h)
	side := math.Min(340, w*0.36)
	if c.floor.Plan != nil {
		c.drawFloor(dst.SubImage(image.Rect(0, 0, int(w-side), c.h)).(*ebiten.Image), w-side, h)
	}
	c.drawPanel(dst, w-side, side, h)
	c.count(dst)
}

// count keeps the tale of frames, tells that heat has been seen, and takes the picture.
func (c *Console) count(dst *ebiten.Image) {
	warm := c.floor.Warm()
	if warm && !c.noticed {
		c.noticed = true
		if c.opt.Notice != nil {
			c.opt.Notice()
		}
	}
	if c.opt.Frames > 0 && (warm || !c.opt.Wait) {
		c.drawn++
	}
	if c.opt.Frames > 0 && c.drawn >= c.opt.Frames && !c.shot && c.opt.Shot != nil {
		c.shot = true
		img := image.NewRGBA(dst.Bounds())
		dst.ReadPixels(img.Pix)
		c.opt.Shot(img)
	}
}

// view maps the floor's metres to pixels.
type view struct{ k, x, y float64 }

func (v view) at(x, z float64) (float32, float32) {
	return float32(x*v.k + v.x), float32(z*v.k + v.y)
}

func (v view) rect(dst *ebiten.Image, r *wire.Rect, col color.Color) {
	x0, y0 := v.at(float64(r.GetMinX()), float64(r.GetMinZ()))
	x1, y1 := v.at(float64(r.GetMaxX()), float64(r.GetMaxZ()))
	vector.FillRect(dst, x0, y0, x1-x0, y1-y0, col, true)
}

// view fits the plan's bounds into w × h pixels, then applies the camera. The
// north of the picture is −z.
func (c *Console) view(w, h float64) view {
	b := c.floor.Plan.GetBounds()
	bw, bh := float64(b.GetMaxX()-b.GetMinX()), float64(b.GetMaxZ()-b.GetMinZ())
	if !(bw > 0) || !(bh > 0) {
		return view{k: 1}
	}
	const margin = 24
	k := math.Min((w-2*margin)/bw, (h-2*margin)/bh)
	v := view{k: k, x: (w-k*bw)/2 - k*float64(b.GetMinX()), y: (h-k*bh)/2 - k*float64(b.GetMinZ())}
	return view{k: v.k * c.cam.zoom, x: v.x*c.cam.zoom + c.cam.dx, y: v.y*c.cam.zoom + c.cam.dy}
}

func (c *Console) drawFloor(dst *ebiten.Image, w, h float64) {
	v := c.view(w, h)
	p := c.floor.Plan
	v.rect(dst, p.GetBounds(), floorTop)
	for _, d := range p.GetDistricts() {
		v.rect(dst, d.GetRect(), districtColour(d, 0.16))
	}
	for _, s := range p.GetStalls() {
		col := stall
		if i := int(s.GetDistrict()); i >= 0 && i < len(p.GetDistricts()) {
			col = districtColour(p.GetDistricts()[i], 0.5)
		}
		v.rect(dst, s.GetRect(), col)
	}
	for i := 0; i+1 < len(p.GetPedestals()); i += 2 {
		x, y := v.at(float64(p.Pedestals[i]), float64(p.Pedestals[i+1]))
		vector.FillCircle(dst, x, y, float32(math.Max(1.2, 0.3*v.k)), faint, true)
	}
	c.drawHeat(dst, v)
	for i, d := range p.GetDistricts() {
		c.drawDistrictName(dst, v, d, i)
	}
	for i := range c.floor.People {
		c.drawPerson(dst, v, &c.floor.People[i])
	}
}

func (c *Console) drawHeat(dst *ebiten.Image, v view) {
	f := &c.floor
	if f.W == 0 {
		return
	}
	if c.heat == nil || c.heat.Bounds().Dx() != f.W || c.heat.Bounds().Dy() != f.H {
		c.heat = ebiten.NewImage(f.W, f.H)
	}
	c.pixels = f.Paint(c.pixels)
	c.heat.WritePixels(c.pixels)
	op := &ebiten.DrawImageOptions{Filter: ebiten.FilterLinear}
	op.GeoM.Scale(f.CellM*v.k, f.CellM*v.k)
	x, y := v.at(float64(f.x0)*f.CellM, float64(f.z0)*f.CellM)
	op.GeoM.Translate(float64(x), float64(y))
	dst.DrawImage(c.heat, op)
}

func (c *Console) drawDistrictName(dst *ebiten.Image, v view, d *wire.FloorDistrict, i int) {
	r := d.GetRect()
	x0, y0 := v.at(float64(r.GetMinX()), float64(r.GetMinZ()))
	x1, _ := v.at(float64(r.GetMaxX()), float64(r.GetMaxZ()))
	size := math.Min(18, math.Max(11, v.k*2))
	name := c.in(d.GetName())
	if name == "" {
		name = fmt.Sprint(i + 1)
	}
	c.letters.put(dst, name, float64(x0)+4, float64(y0)+2, size, float64(x1-x0)-8, true, color.RGBA{0xec, 0xee, 0xf2, 0xc0})
}

// drawPerson is a dot with a wedge along the yaw and the name.
func (c *Console) drawPerson(dst *ebiten.Image, v view, p *Person) {
	x, y := v.at(p.X, p.Z)
	r := float32(math.Max(4, math.Min(12, 0.45*v.k)))
	dx, dy := float32(-math.Sin(p.Yaw)), float32(-math.Cos(p.Yaw))
	vector.StrokeLine(dst, x, y, x+dx*r*2.4, y+dy*r*2.4, r*0.6, color.RGBA{0x2c, 0x68, 0x80, 0x80}, true)
	vector.FillCircle(dst, x, y, r+1.5, ground, true)
	vector.FillCircle(dst, x, y, r, person, true)
	c.letters.put(dst, p.Name, float64(x+r)+5, float64(y)-8, 13, 0, false, ink)
}

// districtColour mixes a district's colour into the floor's.
func districtColour(d *wire.FloorDistrict, k float64) color.RGBA {
	c := d.GetColour()
	if len(c) < 3 {
		return stall
	}
	mix := func(a uint8, b float32) uint8 {
		return uint8(float64(a)*(1-k) + 255*k*math.Min(1, math.Max(0, float64(b))))
	}
	return color.RGBA{mix(floorTop.R, c[0]), mix(floorTop.G, c[1]), mix(floorTop.B, c[2]), 255}
}

func (c *Console) drawPanel(dst *ebiten.Image, x, w, h float64) {
	vector.FillRect(dst, float32(x), 0, float32(w), float32(h), panel, false)
	x, w = x+22, w-44
	l := c.letters
	y := 20.0
	l.put(dst, c.say().title, x, y, 24, w, true, ink)
	y += 38
	state, col := c.say().live, person
	if c.status != "" {
		state, col = c.status, alarm
	}
	vector.FillCircle(dst, float32(x+5), float32(y+9), 5, col, true)
	y += l.block(dst, state, x+18, y, 15, w-18, 3, faint) + 16
	for i, s := range []struct {
		label string
		n     uint64
	}{{c.say().people, uint64(len(c.floor.People))}, {c.say().events, c.floor.Events}, {c.say().purchases, c.floor.Purchases}} {
		cx := x + float64(i)*w/3
		l.put(dst, fmt.Sprint(s.n), cx, y, 26, w/3-6, true, ink)
		l.put(dst, s.label, cx, y+32, 13, w/3-6, false, faint)
	}
	y += 72
	l.put(dst, c.say().top, x, y, 17, w, true, ink)
	y += 28
	c.drawTop(dst, x, y, w, h-110)
	c.drawLegend(dst, x, h-84, w)
}

func (c *Console) drawTop(dst *ebiten.Image, x, y, w, limit float64) {
	if len(c.floor.Top) == 0 {
		c.letters.put(dst, c.say().nothing, x, y, 14, w, false, faint)
	}
	for _, t := range c.floor.Top {
		if y+34 > limit {
			break
		}
		name := t.Item
		if n := c.in(t.Name); n != "" {
			name = n
		}
		secs := fmt.Sprintf("%.1f s", t.Seconds)
		c.letters.put(dst, name, x, y, 14, w-66, false, ink)
		c.letters.put(dst, secs, x+w-58, y, 14, 58, false, faint)
		share := t.Seconds / math.Max(1e-9, c.floor.Top[0].Seconds)
		vector.FillRect(dst, float32(x), float32(y+20), float32(w), 5, ground, false)
		vector.FillRect(dst, float32(x), float32(y+20), float32(w*share), 5, accent, false)
		y += 34
	}
}

// drawLegend says what the colours mean.
func (c *Console) drawLegend(dst *ebiten.Image, x, y, w float64) {
	if c.legend == nil {
		const n = 128
		pix := make([]byte, 0, 4*n)
		for i := range n {
			v := float32(i) / (n - 1)
			k := ramp(v * v)
			pix = append(pix, k.R, k.G, k.B, k.A)
		}
		c.legend = ebiten.NewImage(n, 1)
		c.legend.WritePixels(pix)
	}
	op := &ebiten.DrawImageOptions{}
	op.GeoM.Scale(w/float64(c.legend.Bounds().Dx()), 12)
	op.GeoM.Translate(x, y)
	dst.DrawImage(c.legend, op)
	c.letters.put(dst, "0", x, y+16, 12, 0, false, faint)
	c.letters.put(dst, fmt.Sprintf(c.say().scale, c.floor.Scale()), x+16, y+16, 12, w-16, false, faint)
	c.letters.put(dst, c.say().keys, x, y+40, 11, w, false, faint)
}
