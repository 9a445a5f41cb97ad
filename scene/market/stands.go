//go:build cgo

package market

import (
	"math"
	"unsafe"

	"github.com/go-gl/gl/v3.3-core/gl"
	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/market/model"
	"souk/world"
	"souk/world/plan"
)

// stands draws what the market has hundreds of in few shapes, stalls and
// pedestals, as instances: the triangles of a shape lie on the card once, and a
// frame sends where each of those in view stands and its three colours. A market of any size
// takes the same memory and starts at once.
type stands struct {
	shapes  mesh // of all shapes, with the instances' buffer beside it
	spans   []span
	buffer  uint32 // instances of the frame
	places  []instance
	first   int   // of the pedestals in places
	seen    []int // frame in which a pedestal was last in view
	frame   int
	batches [2][][]instance // far ones and near ones, by shape
	stream  []instance
}

// instance is where a shape stands and its colours: 28 bytes.
type instance struct {
	X, Z, Cos, Sin    float32
	Cloth, Wood, Back [4]uint8
}

// shapes lie in this order: stalls by kind, side, variant and form, then the
// pedestals near and far.
const (
	stallShapes   = 2 * 2 * variants * int(forms)
	pedestalNear  = stallShapes
	pedestalFar   = stallShapes + 1
	shapeCount    = stallShapes + 2
	instanceBytes = int32(unsafe.Sizeof(instance{}))
)

// stallShape is the row of a stall's shape.
func stallShape(kind plan.StallKind, south bool, variant int, f form) int {
	side := 0
	if south {
		side = 1
	}
	return ((int(kind)*2+side)*variants+variant)*int(forms) + int(f)
}

// faceSouth says whether a stall's front is at its larger z.
func faceSouth(s *plan.Stall) bool { return math.Cos(s.Yaw) < 0 }

// variantOf is the variant that a stall is built as.
func variantOf(p *plan.Plan, n int) int { return int(chance(p.Seed, n, 8) * variants) }

// toStall turns a direction of the world into a stall's frame; see [carpenter].
func toStall(d r3.Vec, south bool) r3.Vec {
	if south {
		return d
	}
	return r3.Vec{X: -d.X, Y: d.Y, Z: -d.Z}
}

// load builds the shapes for a direction of the sun and the places of all
// stalls and pedestals.
func (h *stands) load(g *gpu, p *plan.Plan, sun r3.Vec) {
	h.build(g, sun)
	for k := range h.batches {
		h.batches[k] = make([][]instance, shapeCount)
	}
	for n := range p.Stalls {
		s := &p.Stalls[n]
		f := s.Front()
		colour := stallColour(p, s, n)
		h.places = append(h.places, place(f, s.Yaw+math.Pi, colour, woodOf(p, n), backColour(colour)))
	}
	h.first = len(h.places)
	for i := p.FirstFeature(); int(i) < len(p.Slots); i++ {
		s := &p.Slots[i]
		h.places = append(h.places, place(s.Pos, s.Yaw, p.Districts[p.Aisles[s.Aisle].District].Colour, timber, cream))
	}
}

func place(at r3.Vec, yaw float64, cloth, wood, back world.RGB) instance {
	sin, cos := math.Sincos(yaw)
	return instance{float32(at.X), float32(at.Z), float32(cos), float32(sin), rgba(cloth), rgba(wood), rgba(back)}
}

// build makes the shapes' triangles; again where the sun has moved.
func (h *stands) build(g *gpu, sun r3.Vec) {
	var all pieces
	h.spans = h.spans[:0]
	for _, kind := range []plan.StallKind{plan.Shelved, plan.Podium} {
		for _, south := range []bool{false, true} {
			for v := range variants {
				for f := range forms {
					h.spans = append(h.spans, buildStall(&all, kind, v, f, toStall(sun, south)))
				}
			}
		}
	}
	for _, n := range []int{20, 7} {
		h.spans = append(h.spans, buildPedestal(&all, n))
	}
	g.freeMesh(&h.shapes)
	h.shapes = upload(g, all.vertices, all.indices)
	if h.buffer == 0 {
		gl.GenBuffers(1, &h.buffer)
		g.buffers++
	}
	gl.BindVertexArray(h.shapes.array)
	for i := uint32(instanceAttribute); i < instanceAttribute+4; i++ {
		gl.EnableVertexAttribArray(i)
		gl.VertexAttribDivisor(i, 1)
	}
	gl.BindVertexArray(0)
}

func (h *stands) free(g *gpu) {
	g.freeMesh(&h.shapes)
	if h.buffer != 0 {
		gl.DeleteBuffers(1, &h.buffer)
		h.buffer = 0
		g.buffers--
	}
}

// saw notes which pedestals are in view in this frame.
func (h *stands) saw(p *plan.Plan, pedestals []world.SlotIndex) {
	if h.seen == nil {
		h.seen = make([]int, len(p.Slots)-int(p.FirstFeature()))
	}
	h.frame++
	for _, s := range pedestals {
		h.seen[s-p.FirstFeature()] = h.frame
	}
}

// sees says whether a pedestal is in view in this frame.
func (h *stands) sees(s *Scene, pedestal world.SlotIndex) bool {
	return h.seen[pedestal-s.plan.FirstFeature()] == h.frame
}

// begin empties the frame's list.
func (h *stands) begin() {
	for k := range h.batches {
		for i := range h.batches[k] {
			h.batches[k][i] = h.batches[k][i][:0]
		}
	}
}

// put adds the thing at a row of places in the given shape; near ones are drawn
// with their materials' patterns.
func (h *stands) put(shape, row int, near bool) {
	b := &h.batches[side(near)][shape]
	*b = append(*b, h.places[row])
}

func side(near bool) int {
	if near {
		return 1
	}
	return 0
}

// send sends the frame's instances.
func (h *stands) send() {
	h.stream = h.stream[:0]
	for k := range h.batches {
		for _, b := range h.batches[k] {
			h.stream = append(h.stream, b...)
		}
	}
	if len(h.stream) == 0 {
		return
	}
	gl.BindBuffer(gl.ARRAY_BUFFER, h.buffer)
	gl.BufferData(gl.ARRAY_BUFFER, len(h.stream)*int(instanceBytes), unsafe.Pointer(&h.stream[0]), gl.STREAM_DRAW)
}

// draw draws the near or the far instances sent, with the program in use.
func (h *stands) draw(s *Scene, near bool) {
	gl.BindVertexArray(h.shapes.array)
	gl.BindBuffer(gl.ARRAY_BUFFER, h.buffer)
	at := 0
	for k := range h.batches {
		for i, b := range h.batches[k] {
			if len(b) > 0 && k == side(near) {
				h.drawBatch(s, i, at, len(b))
			}
			at += len(b)
		}
	}
}

func (h *stands) drawBatch(s *Scene, shape, first, n int) {
	at := uintptr(first) * uintptr(instanceBytes)
	gl.VertexAttribPointerWithOffset(instanceAttribute, 4, gl.FLOAT, false, instanceBytes, at)
	for k := range uint32(3) {
		gl.VertexAttribPointerWithOffset(instanceAttribute+1+k, 4, gl.UNSIGNED_BYTE, true, instanceBytes, at+16+4*uintptr(k))
	}
	p := h.spans[shape]
	//lint:ignore SA1019 the binding has no call for instances that takes an offset as a number
	gl.DrawElementsInstanced(gl.TRIANGLES, p.count, gl.UNSIGNED_INT, gl.PtrOffset(int(p.first)*4), int32(n))
	s.stats.DrawCalls++
	s.stats.Triangles += int(p.count) / 3 * n
}

// buildPedestal makes a plinth with n sides; its upper face is
// plan.PedestalHeight high.
func buildPedestal(dst *pieces, n int) span {
	var c carpenter
	if n < 10 {
		c.Detail = model.Far
	}
	c.Home()
	h := plan.PedestalHeight
	c.own(model.Mix(stone, cream, .5), model.Stone)
	c.Lathe(n, model.Rim{R: .29, Y: 0}, model.Rim{R: .29, Y: .05}, model.Rim{R: .24, Y: .08}, model.Rim{R: .24, Y: .11}, model.Rim{R: .15, Y: .17}, model.Rim{R: .135, Y: h - .34}, model.Rim{R: .17, Y: h - .22}, model.Rim{R: .27, Y: h - .1}, model.Rim{R: .27, Y: h - .075})
	c.paint(paletteCloth, 1, .25, model.Cloth)
	c.Lathe(n, model.Rim{R: .27, Y: h - .1}, model.Rim{R: .33, Y: h - .085}, model.Rim{R: .33, Y: h - .02}, model.Rim{R: .31, Y: h}, model.Rim{R: .24, Y: h})
	c.own(world.RGB{R: .80, G: .64, B: .32}, model.Metal)
	c.Lathe(n, model.Rim{R: .245, Y: h}, model.Rim{R: .24, Y: h + .004}, model.Rim{R: 0, Y: h + .004})
	// Pedestals stand between lanterns.
	return c.finish(dst, func(_, _, _ float32) (sun, lamp uint8) { return 255, 90 }, nil)
}
