package hud

import (
	"image"
	"math"
	"slices"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/lettering"
	"souk/world"
	"souk/world/plan"
)

// Marks are what moves on the map.
type Marks struct {
	You     world.Pose
	Others  []r3.Vec
	ForYou  []r3.Vec // pedestals with something for the visitor
	Target  r3.Vec   // what is looked for, where HasTarget
	Path    []r3.Vec // to it, from You on
	Looking string   // its name
	// HasTarget says whether something is looked for.
	HasTarget bool
}

// same says whether two states look the same on a map of so many pixels a metre.
func (m *Marks) same(o *Marks, scale float64) bool {
	near := func(a, b r3.Vec) bool { return math.Abs(a.X-b.X)*scale < 0.5 && math.Abs(a.Z-b.Z)*scale < 0.5 }
	yaw, _ := m.You.YawPitch()
	was, _ := o.You.YawPitch()
	return near(m.You.Pos, o.You.Pos) && math.Abs(math.Remainder(yaw-was, 2*math.Pi)) < 0.05 && m.HasTarget == o.HasTarget && m.Looking == o.Looking &&
		near(m.Target, o.Target) && slices.EqualFunc(m.Others, o.Others, near) && slices.EqualFunc(m.ForYou, o.ForYou, near) && slices.EqualFunc(m.Path, o.Path, near)
}

// maxZoom is how often the map is made twice as large.
const maxZoom = 4

// mapView is the map's screen.
type mapView struct {
	list   // of districts
	plan   *plan.Plan
	marks  Marks
	zoom   int
	centre r3.Vec          // of what is shown, where it is not all
	at     image.Rectangle // where the map is drawn
	scale  float64         // pixels a metre
	ground *image.RGBA     // as last drawn
	drawn  mapKey
	// drawings counts how often it was: the same picture with something else.
	drawings int
	place    r3.Vec // last clicked
}

// mapKey says what a drawn ground shows.
type mapKey struct {
	size   image.Point
	scale  float64
	centre r3.Vec
}

// SetMap gives the map its floor plan.
func (h *HUD) SetMap(p *plan.Plan) {
	h.market.plan = p
	h.market.n = len(p.Districts)
	h.market.ground = nil
	h.touch(layerMap, layerMarks)
}

// SetMarks changes what moves on the map.
func (h *HUD) SetMarks(m Marks) {
	v := &h.market
	if v.marks.same(&m, max(1, v.scale)) {
		return
	}
	old := v.marks
	v.marks = m
	v.marks.Others = append(old.Others[:0], m.Others...)
	v.marks.ForYou = append(old.ForYou[:0], m.ForYou...)
	v.marks.Path = append(old.Path[:0], m.Path...)
	if h.screen == ScreenMap {
		h.touch(layerMarks)
		if old.Looking != m.Looking || old.HasTarget != m.HasTarget {
			h.touch(layerMap) // its name is told beside the map
		}
	}
}

// Place is where the map was last clicked, on the ground of the market.
func (h *HUD) Place() r3.Vec { return h.market.place }

// open begins with the whole market, and chooses the district that one is in.
func (v *mapView) open() {
	v.zoom, v.centre = 0, v.marks.You.Pos
	if v.plan == nil {
		return
	}
	for i := range v.plan.Districts {
		d := v.plan.Districts[i].Box
		if p := v.marks.You.Pos; p.X >= d.Min.X && p.X <= d.Max.X && p.Z >= d.Min.Z && p.Z <= d.Max.Z {
			v.sel = i
		}
	}
}

// Zoom makes the map larger or smaller by steps, about the visitor or, once
// one was chosen, about the chosen district.
func (h *HUD) Zoom(steps int) {
	v := &h.market
	v.zoom = max(0, min(maxZoom, v.zoom+steps))
	h.touch(layerMap, layerMarks)
}

// zoomAt zooms so that what is under the pointer stays there.
func (h *HUD) zoomAt(steps, x, y int) {
	v := &h.market
	if !image.Pt(x, y).In(v.at) {
		v.list.wheel(-3 * steps)
		h.touch(layerMap)
		return
	}
	under := v.ground3(x, y)
	h.Zoom(steps)
	_, scale := v.frame()
	mid := v.at.Min.Add(v.at.Size().Div(2))
	v.centre = r3.Vec{X: under.X - float64(x-mid.X)/scale, Z: under.Z - float64(y-mid.Y)/scale}
}

// mapAt keeps where the map was clicked.
func (h *HUD) mapAt(x, y int) { h.market.place = h.market.ground3(x, y) }

// ground3 is the place in the market under a pixel of the window.
func (v *mapView) ground3(x, y int) r3.Vec {
	centre, scale := v.frame()
	mid := v.at.Min.Add(v.at.Size().Div(2))
	return r3.Vec{X: centre.X + (float64(x-mid.X)+0.5)/scale, Z: centre.Z + (float64(y-mid.Y)+0.5)/scale}
}

// pixel is the point of the window where a place of the market is drawn.
func (v *mapView) pixel(p r3.Vec) [2]float64 {
	centre, scale := v.frame()
	mid := v.at.Min.Add(v.at.Size().Div(2))
	return [2]float64{float64(mid.X) + (p.X-centre.X)*scale, float64(mid.Y) + (p.Z-centre.Z)*scale}
}

// frame is the middle of what is shown and the pixels a metre: the whole
// market, or a part about the centre that does not look beyond its bounds.
func (v *mapView) frame() (centre r3.Vec, scale float64) {
	b := v.plan.Bounds
	size := v.at.Size()
	whole := math.Min(float64(size.X)/(b.Max.X-b.Min.X), float64(size.Y)/(b.Max.Z-b.Min.Z))
	scale = whole * math.Pow(2, float64(v.zoom))
	hold := func(c, lo, hi, half float64) float64 {
		if hi-lo <= 2*half {
			return (lo + hi) / 2
		}
		return math.Max(lo+half, math.Min(hi-half, c))
	}
	return r3.Vec{X: hold(v.centre.X, b.Min.X, b.Max.X, float64(size.X)/2/scale), Z: hold(v.centre.Z, b.Min.Z, b.Max.Z, float64(size.Y)/2/scale)}, scale
}

// navigateMap moves among the districts, zooms and travels.
func (h *HUD) navigateMap(n Nav) Action {
	v := &h.market
	before := v.sel
	switch {
	case v.n == 0:
	case n == NavAccept:
		return ActDistrict.Of(v.sel)
	case n == NavRight:
		h.Zoom(1)
	case n == NavLeft:
		h.Zoom(-1)
	case n == NavNext:
		v.sel = (v.sel + 1) % v.n
		v.fit(v.rows)
	default:
		v.move(n)
	}
	if v.sel != before {
		d := v.plan.Districts[v.sel].Box
		v.centre = r3.Scale(0.5, r3.Add(d.Min, d.Max))
		h.touch(layerMarks)
	}
	return ActNone
}

// buildMap lays the map out: the districts at the left, the ground beside them.
func (h *HUD) buildMap(b *builder) {
	v := &h.market
	if h.screen != ScreenMap || v.plan == nil {
		return
	}
	u, m := b.u, margin*b.u
	box := rect{m, m, b.width - 2*m, b.height - 2*m}
	b.panel(box)
	y := b.header(box, iconMap, b.w.Map)
	keys := []legend{{"↑ ↓  Enter", b.w.KeyGo}, {"← →", b.w.KeyZoom}, {"Esc", b.w.KeyClose}}
	if h.search.pad {
		keys = []legend{{"D-pad  A", b.w.KeyGo}, {"◂ ▸", b.w.KeyZoom}, {"B", b.w.KeyClose}}
	}
	column := math.Min(300*u, box.w*0.34)
	x := box.x + 14*u
	foot := b.legends(0, 0, column-20*u, keys, true)
	bottom := box.y + box.h - 14*u
	b.legends(x+10*u, bottom, column-20*u, keys, false)
	foot += h.mapKey(b, x+10*u, bottom-foot-6*u, column-20*u) + 6*u
	h.districts(b, rect{x, y, column, bottom - foot - 8*u - y})
	ground := rect{x + column + 10*u, y, box.x + box.w - 16*u - x - column - 10*u, box.y + box.h - 16*u - y}.snapped()
	v.at = ground.image()
	if v.at.Empty() {
		return
	}
	h.drawGround()
	b.ops = append(b.ops, op{kind: opImage, box: ground, img: v.ground, share: float64(v.drawings)})
	b.hit(ground, ActPlace)
	if v.scale*plan.StallWidth > 50*u {
		h.stallNames(b)
	} else {
		h.districtNames(b)
	}
	b.frame(ground, 0, u, colBorder)
	size := 40 * u
	for i, a := range [...]Action{actZoomIn, actZoomOut} {
		r := rect{ground.x + ground.w - 10*u - size, ground.y + 10*u + float64(i)*(size+6*u), size, size}
		b.box(r, 10*u, colPanel)
		b.square(r, a, [...]iconID{iconPlus, iconMinus}[i], false, false)
	}
}

// districts lists the districts with their colours, and what is looked for.
func (h *HUD) districts(b *builder, r rect) {
	u, v := b.u, &h.market
	line, sub := b.lineHeight(styleLabel), b.lineHeight(styleSmall)
	rowH := math.Ceil(line + sub + 6*u)
	v.fit(int(r.h / rowH))
	b.scrollBar(r.x+r.w-4*u, r.y, rowH*float64(v.rows), &v.list)
	for i := v.top; i < v.shown(); i++ {
		d := &v.plan.Districts[i]
		row := rect{r.x, r.y + float64(i-v.top)*rowH, r.w - 8*u, rowH - 3*u}
		b.row(row, ActDistrict.Of(i), i == v.sel)
		chip := rect{row.x + 14*u, row.y + (row.h-18*u)/2, 18 * u, 18 * u}
		b.box(chip, 5*u, rgb(d.Colour))
		b.frame(chip, 5*u, 1.2*u, colText)
		first, second := bothNames(d.Name, h.lang)
		tx := row.x + 44*u
		room := row.x + row.w - 8*u - tx
		top := row.y + (row.h-line-sub)/2
		if second == "" {
			top += sub / 2
		}
		b.text(tx, top, line, room, b.squeeze(styleLabel, room, first), colText, first)
		if second != "" {
			b.text(tx, top+line, sub, room, b.squeeze(styleSmall, room, second), colMuted, second)
		}
	}
}

// bothNames are a text in the visitor's language and in the other, "" where
// there is none.
func bothNames(t world.Text, lang string) (first, second string) {
	first, second = t.In(lang), t.EN
	if lang != "zh" {
		second = t.ZH
	}
	if second == first {
		second = ""
	}
	return first, second
}

// districtNames writes the districts' names on the ground where they fit.
func (h *HUD) districtNames(b *builder) {
	u, v := b.u, &h.market
	style := lettering.Style{Size: 18, Weight: lettering.Bold}
	for i := range v.plan.Districts {
		d := &v.plan.Districts[i]
		p, q := v.pixel(d.Box.Min), v.pixel(d.Box.Max)
		x0, x1 := math.Max(p[0], float64(v.at.Min.X)), math.Min(q[0], float64(v.at.Max.X))
		y0, y1 := math.Max(p[1], float64(v.at.Min.Y)), math.Min(q[1], float64(v.at.Max.Y))
		first, second := bothNames(d.Name, h.lang)
		line, sub := b.lineHeight(style), b.lineHeight(styleSmall)
		w := math.Max(b.measure(style, first), b.measure(styleSmall, second)) + 20*u
		height := line + 6*u
		if second != "" && y1-y0 > line+sub+10*u {
			height += sub
		} else {
			second = ""
		}
		if w > x1-x0 || height > y1-y0 {
			continue
		}
		r := rect{(x0+x1)/2 - w/2, (y0+y1)/2 - height/2, w, height}.snapped()
		b.box(r, 8*u, colPanel)
		if i == v.sel {
			b.frame(r, 8*u, 2*u, b.accent)
		}
		b.centred(r.x, r.y+3*u, line, r.w, style, colText, first)
		if second != "" {
			b.centred(r.x, r.y+3*u+line, sub, r.w, styleSmall, colMuted, second)
		}
	}
}

// mapKey explains the marks, from the bottom up, and returns its height.
func (h *HUD) mapKey(b *builder, x, bottom, width float64) float64 {
	u, v := b.u, &h.market
	line := b.lineHeight(styleSmall) + 2*u
	type entry struct {
		text string
		sign func(x, y float64)
	}
	all := b.h.img.Rect
	entries := []entry{
		{b.w.You, func(x, y float64) { b.arrowhead([2]float64{x, y + 2*u}, math.Pi/2, 8*u, all) }},
		{b.w.Others, func(x, y float64) { b.dot([2]float64{x, y}, 4.5*u, b.blue) }},
		{b.w.ForYou, func(x, y float64) { b.icon(iconSpark, x-8*u, y-8*u, 16*u, b.accent) }},
	}
	if v.marks.HasTarget {
		entries = append(entries, entry{v.marks.Looking, func(x, y float64) { b.target([2]float64{x, y}, 0.8*u) }})
	}
	help := 2 * b.lineHeight(styleSmall)
	height := line*float64(len(entries)) + help + 16*u
	y := bottom - height
	b.box(rect{x, y, width, math.Max(1, u)}, 0, colBorder)
	y += 8 * u
	for _, e := range entries {
		e.sign(x+12*u, y+line/2)
		b.text(x+34*u, y, line, width-34*u, b.squeeze(styleSmall, width-34*u, e.text), colText, e.text)
		y += line
	}
	b.para(x, y+2*u, width, 2, styleSmall, colMuted, b.w.MapHelp)
	return height
}

// stallNames writes on the stalls what they sell, where it fits.
func (h *HUD) stallNames(b *builder) {
	v, p := &h.market, h.market.plan
	line := b.lineHeight(styleSmall)
	for i := range p.Stalls {
		s := &p.Stalls[i]
		q, r := v.pixel(s.Box.Min), v.pixel(s.Box.Max)
		if q[0] < float64(v.at.Min.X) || r[0] > float64(v.at.Max.X) || q[1] < float64(v.at.Min.Y) || r[1] > float64(v.at.Max.Y) || r[1]-q[1] < line {
			continue
		}
		name := p.Catalog().Categories[s.Category].Name.In(h.lang)
		room := r[0] - q[0] - 6*b.u
		style := b.squeeze(styleSmall, room, name)
		if b.measure(style, name) <= room {
			b.centred(q[0]+3*b.u, (q[1]+r[1]-line)/2, line, room, style, inkStall, name)
		}
	}
}
