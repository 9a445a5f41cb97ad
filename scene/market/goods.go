package market

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/market/model"
	"souk/scene/market/model/library"
	"souk/world"
	"souk/world/plan"
)

// goods are a stall's items, ready for the graphics card: what a loader makes
// off the frame's thread. Starts hold, slot by slot, where an item's indices
// begin, and the end behind the last.
type goods struct {
	stall     int
	cardsOnly bool // the pieces are what stands for the items far away, and there is nothing else
	pieces
	near, far []int32 // starts of the near and the far models
	glass     []int32 // where what is clear of each near model begins; it ends with the model
	contacts  span    // the soft shadows at their feet
	tags      prints  // their price tags
	workshop  model.Workshop
	one       model.Mesh // the item that is being set out
}

// make makes the cards of a stall's goods, or all that is drawn of them near by,
// in world coordinates. It reuses what g holds.
func (g *goods) make(p *plan.Plan, n int, cardsOnly bool, sun r3.Vec, models *library.Library, l *letters) {
	g.stall, g.cardsOnly = n, cardsOnly
	g.reset()
	s := &p.Stalls[n]
	light := goodsLight(p, n, sun)
	var b model.Builder
	if cardsOnly {
		buildCards(&b, p, n)
		g.add(&b.Mesh, light)
		return
	}
	g.near = g.items(g.near[:0], p, s, light, models, model.Near)
	g.glass = g.glass[:0]
	for k := range int(s.Slots) {
		g.glass = append(g.glass, g.clearLast(g.near[k], g.near[k+1]))
	}
	g.far = g.items(g.far[:0], p, s, light, models, model.Far)
	for i := s.FirstSlot; i < s.FirstSlot+world.SlotIndex(s.Slots); i++ {
		contact(&b, p.Slots[i].Pos, p.ItemSize(i, p.Slots[i].Item))
	}
	g.contacts = g.add(&b.Mesh, light)
	g.tags.price(p, n, l)
}

// goodsLight is the light of a stall in the world's frame.
func goodsLight(p *plan.Plan, n int, sun r3.Vec) lit {
	s := &p.Stalls[n]
	south := faceSouth(s)
	l := stallLight(toStall(sun, south), variantOf(p, n))
	f, sign := s.Front(), float32(-1)
	if south {
		sign = 1
	}
	fx, fz := float32(f.X), float32(f.Z)
	return func(x, y, z float32) (uint8, uint8) { return l(sign*(x-fx), y, sign*(z-fz)) }
}

// items adds a model of each item.
func (g *goods) items(starts []int32, p *plan.Plan, s *plan.Stall, l lit, models *library.Library, d model.Detail) []int32 {
	front := s.Front()
	for i := s.FirstSlot; i < s.FirstSlot+world.SlotIndex(s.Slots); i++ {
		slot := &p.Slots[i]
		starts = append(starts, int32(len(g.indices)))
		g.one.Reset()
		// Nobody sets goods out with a ruler.
		g.one.Append(models.Lend(&g.workshop, slot.Item, p.ItemSize(i, slot.Item), d), slot.Pos, slot.Yaw+math.Pi+(chance(p.Seed, int(i), 7)-.5)*.5)
		shade := float32(1 - .18*math.Abs(slot.Pos.Z-front.Z)/plan.StallDepth)
		g.one.Shade(0, func(_, _, _ float32) float32 { return shade })
		g.add(&g.one, l)
	}
	return append(starts, int32(len(g.indices)))
}

// square are the families that look like a box from far; the others look round.
var square = map[string]bool{"book": true, "notebook": true, "box": true, "frame": true, "mirror": true, "chair": true, "table": true,
	"bag": true, "radio": true, "camera": true, "cushion": true, "scarf": true, "rug": true, "knife": true}

// buildCards adds what stands for a stall's goods far away: three faces in
// the item's colours, at most six triangles.
func buildCards(b *model.Builder, p *plan.Plan, n int) {
	s := &p.Stalls[n]
	c := p.Catalog()
	for i := s.FirstSlot; i < s.FirstSlot+world.SlotIndex(s.Slots); i++ {
		slot := &p.Slots[i]
		size := p.ItemSize(i, slot.Item)
		look := &c.Items[slot.Item].Look
		b.At(slot.Pos).Turn(slot.Yaw+math.Pi, v3(0, 1, 0))
		x, y, z := size.X*.42, size.Y*.94, size.Z*.42
		from := len(b.Mesh.Vertices)
		b.Paint(model.Mix(look.Primary, look.Accent, .15), model.Matt)
		if !square[c.Categories[c.Items[slot.Item].Category].Family] {
			// Eight corners, the middle ones nearer.
			outline := [8]r3.Vec{v3(-.5*x, 0, 0), v3(.5*x, 0, 0), v3(x, .28*y, -z), v3(x, .72*y, -z), v3(.5*x, y, 0), v3(-.5*x, y, 0), v3(-x, .72*y, -z), v3(-x, .28*y, -z)}
			b.Quad(outline[0], outline[1], outline[4], outline[5])
			b.Quad(outline[1], outline[2], outline[3], outline[4])
			b.Quad(outline[7], outline[0], outline[5], outline[6])
		} else {
			b.Quad(v3(-x, 0, -z), v3(0, 0, z), v3(0, y, z), v3(-x, y, -z))
			b.Quad(v3(0, 0, z), v3(x, 0, -z), v3(x, y, -z), v3(0, y, z))
			b.Paint(model.Mix(look.Primary, look.Accent, .5), model.Matt)
			b.Tri(v3(-x, y, -z), v3(0, y, z), v3(x, y, -z))
		}
		depth := math.Abs(slot.Pos.Z-s.Front().Z) / plan.StallDepth
		shade := float32(1 - .18*depth)
		b.Mesh.Shade(from, func(_, _, _ float32) float32 { return shade })
	}
}

// contact adds the soft shadow at an item's foot: a rectangle on the board
// whose corners are told apart by their colour, from which the program for
// contacts makes an ellipse that multiplies what lies under it.
func contact(b *model.Builder, at, size r3.Vec) {
	from := len(b.Mesh.Vertices)
	b.At(r3.Add(at, v3(0, .003, 0)))
	b.Paint(world.RGB{}, model.Matt)
	rx, rz := size.X*.5+.05, size.Z*.5+.05
	b.Quad(v3(-rx, 0, rz), v3(rx, 0, rz), v3(rx, 0, -rz), v3(-rx, 0, -rz))
	for k, v := range b.Mesh.Vertices[from:] {
		v.Colour = [3]uint8{uint8(255 * ((k + 1) / 2 % 2)), uint8(255 * (k / 2)), 0}
		b.Mesh.Vertices[from+k] = v
	}
}
