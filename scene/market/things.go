//go:build cgo

package market

import (
	"image"
	"math"

	"github.com/go-gl/gl/v3.3-core/gl"
	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/lettering"
	"souk/scene/market/model"
	"souk/world"
	"souk/world/plan"
)

const (
	fadeTime  = .5 // seconds for a thing to come or go
	turnRate  = .5 // radians a second of a pedestal's turning
	labelWide = 512
	labelHigh = 128
	labelRows = pageSize / labelHigh
	labelCols = pageSize / labelWide
	// labelFields is how many labels can be there at once: pedestals' signs
	// and people's names.
	labelFields = labelRows * labelCols * 2
)

// thing is what stands on a pedestal, or is fading from it.
type thing struct {
	slot     world.SlotIndex
	item     world.ItemIndex
	mesh     mesh
	size     r3.Vec
	text     world.Text
	field    int // of the labels' texture, −1 for none
	fade     float64
	leaving  bool
	distance float64
}

// things are the pedestals' contents, and the labels that follow the visitor.
type things struct {
	all    []thing
	holds  map[world.SlotIndex]world.ItemIndex
	labels uint32
	used   [labelFields]bool
	quad   mesh
	card   *letters
	pix    []byte
}

func (h *things) load(g *gpu, p *plan.Plan) {
	h.holds = map[world.SlotIndex]world.ItemIndex{}
	h.labels = g.texture(gl.TEXTURE_2D_ARRAY)
	gl.TexImage3D(gl.TEXTURE_2D_ARRAY, 0, gl.R8, pageSize, pageSize, 2, 0, gl.RED, gl.UNSIGNED_BYTE, nil)
	filter(gl.TEXTURE_2D_ARRAY, gl.LINEAR, gl.LINEAR, gl.CLAMP_TO_EDGE)
	h.pix = make([]byte, labelWide*labelHigh)
}

func (h *things) free(g *gpu) {
	for i := range h.all {
		g.freeMesh(&h.all[i].mesh)
	}
	h.all = nil
	g.freeTexture(&h.labels)
	g.freeMesh(&h.quad)
}

// SetHolding says what stands on a pedestal (NoItem: nothing) and what its
// sign says, in both languages; the change fades over half a second. Saying
// the same again changes nothing. Slots that are no pedestals are left alone:
// their goods never change.
func (s *Scene) SetHolding(slot world.SlotIndex, item world.ItemIndex, label world.Text) {
	p := s.plan
	if slot < p.FirstFeature() || int(slot) >= len(p.Slots) || int(item) >= len(p.Catalog().Items) || item < world.NoItem {
		return
	}
	h := &s.things
	if had, ok := h.holds[slot]; ok && had == item || !ok && item == world.NoItem {
		for i := range h.all {
			if t := &h.all[i]; t.slot == slot && !t.leaving && t.text != label {
				t.text = label
				s.write(t)
			}
		}
		return
	}
	for i := range h.all {
		if h.all[i].slot == slot {
			h.all[i].leaving = true
		}
	}
	h.holds[slot] = item
	if item == world.NoItem {
		return
	}
	it := &p.Catalog().Items[item]
	spec := model.SpecOf(it, p.Catalog().Categories[it.Category].Family)
	spec.Look.Size = p.ItemSize(slot, item)
	m := model.Build(spec, model.Near)
	t := thing{slot: slot, item: item, mesh: upload(&s.gpu, m.Vertices, m.Indices), size: spec.Look.Size, text: label, field: -1}
	s.write(&t)
	h.all = append(h.all, t)
}

// relabel writes all signs again, after a change of language.
func (h *things) relabel(s *Scene) {
	for i := range h.all {
		s.write(&h.all[i])
	}
}

// write sets a thing's sign: two lines in the first language, one in the other.
func (s *Scene) write(t *thing) {
	first, second := t.text.EN, t.text.ZH
	if s.opt.Lang == "zh" {
		first, second = second, first
	}
	if first == "" {
		first, second = second, ""
	}
	var lines []line
	style := lettering.Style{Size: 31, Weight: lettering.Bold}
	for i, l := range s.opt.Faces.WrapAtMost(nil, style, labelWide-32, 2, first) {
		if i > 0 {
			style = lettering.Style{Size: 27, Weight: lettering.Medium}
		}
		lines = append(lines, line{l, style})
	}
	if second != "" {
		lines = append(lines, line{second, lettering.Style{Size: 22}})
	}
	s.things.field(s, &t.field, lines)
}

// field draws lines into a label field, taking one where at has none yet;
// where all are taken there is no label.
func (h *things) field(s *Scene, at *int, lines []line) {
	if len(lines) == 0 {
		h.release(at)
		return
	}
	for i := 0; *at < 0 && i < labelFields; i++ {
		if !h.used[i] {
			h.used[i], *at = true, i
		}
	}
	if *at < 0 {
		return
	}
	if h.card == nil {
		h.card = newLetters(s.opt.Faces)
	}
	img := h.card.board(labelWide, labelHigh, lines...)
	copyAlpha(h.pix, img)
	x, y, page := fieldAt(*at)
	gl.ActiveTexture(gl.TEXTURE5)
	gl.BindTexture(gl.TEXTURE_2D_ARRAY, h.labels)
	gl.PixelStorei(gl.UNPACK_ALIGNMENT, 1)
	gl.TexSubImage3D(gl.TEXTURE_2D_ARRAY, 0, int32(x), int32(y), int32(page), labelWide, labelHigh, 1, gl.RED, gl.UNSIGNED_BYTE, gl.Ptr(h.pix))
	gl.ActiveTexture(gl.TEXTURE0)
}

func copyAlpha(dst []byte, img *image.RGBA) {
	for i := range dst {
		dst[i] = img.Pix[4*i+3]
	}
}

func fieldAt(i int) (x, y, page int) {
	return i % labelCols * labelWide, i / labelCols % labelRows * labelHigh, i / (labelCols * labelRows)
}

func (h *things) release(at *int) {
	if *at >= 0 {
		h.used[*at] = false
		*at = -1
	}
}

// step moves the fades on and drops what has gone.
func (h *things) step(s *Scene, t, dt float64) {
	kept := h.all[:0]
	for i := range h.all {
		x := h.all[i]
		x.distance = r3.Norm(r3.Sub(s.plan.Slots[x.slot].Pos, s.cam.eye))
		if x.leaving {
			x.fade -= dt / fadeTime
			if x.fade <= 0 {
				s.gpu.freeMesh(&x.mesh)
				h.release(&x.field)
				continue
			}
		} else {
			x.fade = min(1, x.fade+dt/fadeTime)
		}
		kept = append(kept, x)
	}
	h.all = kept
}

// spin is the model matrix of a thing at time t.
func spin(at r3.Vec, yaw float64) matrix {
	sn, c := math.Sincos(yaw)
	return matrix{float32(c), 0, float32(-sn), 0, 0, 1, 0, 0, float32(sn), 0, float32(c), 0, float32(at.X), float32(at.Y), float32(at.Z), 1}
}

// draw draws the things in view with the moving program.
func (h *things) draw(s *Scene) {
	p := s.moving
	for i := range h.all {
		x := &h.all[i]
		slot := &s.plan.Slots[x.slot]
		centre := slot.Pos
		centre.Y += x.size.Y / 2
		half := v3(x.size.X, x.size.Y/2, x.size.X+x.size.Z)
		if x.distance > 45 || !s.cam.sees(centre, half) {
			continue
		}
		at := slot.Pos
		at.Y += .006
		m := spin(at, slot.Yaw+math.Pi+s.last*turnRate)
		gl.UniformMatrix4fv(p.at("uModel"), 1, false, &m[0])
		gl.Uniform1f(p.at("uFade"), float32(x.fade*x.fade*(3-2*x.fade))*1.001)
		glow := 0.0
		if s.focus.slot == x.slot && !x.leaving {
			glow = s.focus.level
		}
		gl.Uniform4f(p.at("uGlow"), glowLight[0], glowLight[1], glowLight[2], float32(glow)*.5)
		s.drawMesh(&x.mesh)
	}
}

// drawLabels draws the pedestals' signs and people's names, turned to the
// visitor.
func (s *Scene) drawLabels() {
	h := &s.things
	if h.quad.array == 0 {
		h.quad = labelQuad(&s.gpu)
	}
	began := false
	begin := func() {
		if began {
			return
		}
		began = true
		gl.Enable(gl.BLEND)
		gl.BlendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA)
		s.use(s.label)
		gl.Uniform1i(s.label.at("uLetters"), 5)
	}
	for i := range h.all {
		x := &h.all[i]
		if x.field < 0 || x.distance > 14 {
			continue
		}
		begin()
		slot := &s.plan.Slots[x.slot]
		at := slot.Pos
		wide := max(.55, min(1.1, .3*x.distance))
		at.Y += x.size.Y + .06 + wide*.17
		s.drawLabel(at, x.field, wide, x.fade*min(1, (14-x.distance)/3))
	}
	for i := range s.people.all {
		if f := &s.people.all[i]; f.field >= 0 && f.there {
			if d := r3.Norm(r3.Sub(f.pose.Pos, s.cam.eye)); d < 22 && d > .6 {
				begin()
				s.drawLabel(r3.Add(f.pose.Pos, v3(0, .28, 0)), f.field, max(.4, min(.9, .16*d)), min(1, (22-d)/4))
			}
		}
	}
	if began {
		gl.Disable(gl.BLEND)
	}
}

// drawLabel draws a label field around a point, wide metres wide, facing the eye.
func (s *Scene) drawLabel(at r3.Vec, field int, wide, alpha float64) {
	d := r3.Sub(s.cam.eye, at)
	m := spin(at, math.Atan2(d.X, d.Z))
	w := float32(wide)
	for i := 0; i < 8; i++ {
		m[i] *= w
	}
	x, y, page := fieldAt(field)
	gl.UniformMatrix4fv(s.label.at("uModel"), 1, false, &m[0])
	gl.Uniform3f(s.label.at("uField"), float32(x)/pageSize, float32(y)/pageSize, float32(page))
	gl.Uniform1f(s.label.at("uFade"), float32(max(0, alpha)))
	s.drawMesh(&s.things.quad)
}

// labelQuad is a rectangle one unit wide around the origin, with rounded ends.
func labelQuad(g *gpu) mesh {
	const wide, high = float64(labelWide) / pageSize, float64(labelHigh) / pageSize
	ground, ink := [4]uint8{250, 244, 230, 225}, [4]uint8{52, 36, 24, 255}
	var v []printVertex
	var idx []uint32
	const h = float64(labelHigh) / labelWide / 2
	add := func(x, y float64) {
		v = append(v, printVertex{X: float32(x), Y: float32(y), U: float32((x + .5) * wide), V: float32((h - y) / (2 * h) * high), Normal: [4]int8{0, 0, 127, 127}, Ground: ground, Ink: ink})
	}
	add(0, 0)
	const r, n = .05, 5
	for _, c := range [4][3]float64{{.5 - r, h - r, 0}, {-.5 + r, h - r, 1}, {-.5 + r, -h + r, 2}, {.5 - r, -h + r, 3}} {
		for k := 0; k <= n; k++ {
			sn, co := math.Sincos((c[2] + float64(k)/n) * math.Pi / 2)
			add(c[0]+r*co, c[1]+r*sn)
		}
	}
	for i := 1; i < len(v); i++ {
		j := i + 1
		if j == len(v) {
			j = 1
		}
		idx = append(idx, 0, uint32(i), uint32(j))
	}
	return upload(g, v, idx)
}
