//go:build cgo

package market

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/lettering"
	"souk/scene/market/model"
	"souk/world"
	"souk/world/plan"
)

// span is a run of indices in the static mesh.
type span struct{ first, count int32 }

// chunk is a part of the market that is drawn or left out as a whole: a stall
// with its goods, or what stands around in a cell of the ground.
type chunk struct {
	centre r3.Vec
	half   r3.Vec
	// full and simple are the chunk's woodwork near and far; a chunk without
	// a simple form is drawn full or not at all.
	full, simple span
	// goods are the far models, cards what stands for them still farther; the
	// near models are made when somebody comes.
	goods, cards span
	// reach is the distance beyond which the chunk is not drawn, 0 is never.
	reach float64
	// glossy chunks are drawn with all the shader has.
	glossy bool
	stall  int // row in Plan.Stalls, −1 for other chunks
	// near is what the visitor's coming has brought: models and price tags.
	near      mesh
	contacts  int32 // indices of the near mesh that are the goods' soft shadows
	tags      mesh
	starts    []uint32 // of the near models' indices, by slot of the stall
	farStarts []uint32 // of the far models' in the static mesh
	board     span     // the lettered boards, in the static print mesh
	distance  float64  // from the eye, in this frame
}

// static is all that never moves.
type static struct {
	mesh   mesh
	prints mesh
	chunks []chunk
	ground mesh
}

// buildStatic makes the market's merged geometry.
func buildStatic(g *gpu, p *plan.Plan, l *letters) static {
	var s static
	all := &model.Mesh{}
	begin := func() int32 { return int32(len(all.Indices)) }
	add := func(m *model.Mesh) span {
		first := begin()
		base := uint32(len(all.Vertices))
		all.Vertices = append(all.Vertices, m.Vertices...)
		for _, i := range m.Indices {
			all.Indices = append(all.Indices, base+i)
		}
		return span{first, int32(len(m.Indices))}
	}
	var b model.Builder
	var goods model.Mesh
	var pv []printVertex
	var pi []uint32
	for n := range p.Stalls {
		st := &p.Stalls[n]
		c := chunk{stall: n}
		b.Mesh.Reset()
		buildStall(&b, p, n, false)
		c.full = add(&b.Mesh)
		box := b.Mesh.Bounds()
		b.Mesh.Reset()
		buildStall(&b, p, n, true)
		c.simple = add(&b.Mesh)
		goods.Reset()
		first := begin()
		c.farStarts = buildItems(&goods, nil, p, n, true)
		for i := range c.farStarts {
			c.farStarts[i] += uint32(first)
		}
		c.goods = add(&goods)
		b.Mesh.Reset()
		buildCards(&b, p, n)
		c.cards = add(&b.Mesh)
		c.board.first = int32(len(pi))
		pv, pi = stallSign(pv, pi, p, st, n, l)
		c.board.count = int32(len(pi)) - c.board.first
		c.centre, c.half = box.Center(), r3.Scale(.5, r3.Sub(box.Max, box.Min))
		s.chunks = append(s.chunks, c)
	}
	b.Mesh.Reset()
	buildPlace(&b, p)
	s.cells(&b.Mesh, 14, 0, add)
	s.standing(p, add)
	b.Mesh.Reset()
	buildGarlands(&b, p)
	s.cells(&b.Mesh, 14, 26, add)
	for i := range p.Districts {
		c := chunk{stall: -1, board: span{first: int32(len(pi))}}
		var box world.Box
		pv, pi, box = districtBanner(pv, pi, p, i, l)
		c.board.count = int32(len(pi)) - c.board.first
		c.centre, c.half = box.Center(), r3.Scale(.5, r3.Sub(box.Max, box.Min))
		s.chunks = append(s.chunks, c)
	}
	s.mesh = upload(g, all.Vertices, all.Indices)
	s.prints = upload(g, pv, pi)
	s.ground = groundMesh(g, p)
	return s
}

// standing adds what has a near and a far form of its own: pedestals and the
// plaza's trees.
func (s *static) standing(p *plan.Plan, add func(*model.Mesh) span) {
	var b model.Builder
	one := func(build func(near bool)) {
		c := chunk{stall: -1, glossy: true}
		b.Mesh.Reset()
		build(true)
		box := b.Mesh.Bounds()
		c.full = add(&b.Mesh)
		b.Mesh.Reset()
		build(false)
		c.simple = add(&b.Mesh)
		c.centre, c.half = box.Center(), r3.Scale(.5, r3.Sub(box.Max, box.Min))
		s.chunks = append(s.chunks, c)
	}
	for i := p.FirstFeature(); int(i) < len(p.Slots); i++ {
		slot := &p.Slots[i]
		colour := p.Districts[p.Aisles[slot.Aisle].District].Colour
		one(func(near bool) {
			n := 20
			if !near {
				n, b.Detail = 6, model.Far
			}
			pedestal(&b, slot, colour, n)
			b.Detail = model.Near
		})
	}
	for i, t := range trees {
		at := v3(t[0], 0, t[1])
		if p.Bounds.Contains(at) {
			one(func(near bool) { tree(&b, at, 1, chance(p.Seed, i, 20), true, near) })
		}
	}
}

// cells cuts a mesh into chunks by the cell of the ground in which its
// triangles' middles lie.
func (s *static) cells(m *model.Mesh, size, reach float64, add func(*model.Mesh) span) {
	type key struct{ x, z int }
	parts := map[key]*model.Mesh{}
	moved := map[key]map[uint32]uint32{}
	var order []key
	for i := 0; i+2 < len(m.Indices); i += 3 {
		v := m.Vertices[m.Indices[i]]
		k := key{int(math.Floor(float64(v.X) / size)), int(math.Floor(float64(v.Z) / size))}
		part := parts[k]
		if part == nil {
			part = &model.Mesh{}
			parts[k], moved[k] = part, map[uint32]uint32{}
			order = append(order, k)
		}
		for _, j := range m.Indices[i : i+3] {
			to, ok := moved[k][j]
			if !ok {
				to = uint32(len(part.Vertices))
				part.Vertices = append(part.Vertices, m.Vertices[j])
				moved[k][j] = to
			}
			part.Indices = append(part.Indices, to)
		}
	}
	slices.SortFunc(order, func(a, b key) int {
		if a.x != b.x {
			return a.x - b.x
		}
		return a.z - b.z
	})
	for _, k := range order {
		box := parts[k].Bounds()
		s.chunks = append(s.chunks, chunk{stall: -1, full: add(parts[k]), reach: reach,
			centre: box.Center(), half: r3.Scale(.5, r3.Sub(box.Max, box.Min))})
	}
}

// groundMesh is the ground out to where the haze hides it.
func groundMesh(g *gpu, p *plan.Plan) mesh {
	c := p.Bounds.Center()
	var b model.Builder
	b.Home()
	const n, size = 8, 60.0
	for i := -n; i < n; i++ {
		for j := -n; j < n; j++ {
			x0, z0 := c.X+float64(i)*size, c.Z+float64(j)*size
			b.Quad(v3(x0, 0, z0+size), v3(x0+size, 0, z0+size), v3(x0+size, 0, z0), v3(x0, 0, z0))
		}
	}
	return upload(g, b.Mesh.Vertices, b.Mesh.Indices)
}

// rgba is a colour as four bytes, opaque.
func rgba(c world.RGB) [4]uint8 {
	f := func(x float32) uint8 { return uint8(max(0, min(255, x*255+.5))) }
	return [4]uint8{f(c.R), f(c.G), f(c.B), 255}
}

// board adds a lettered rectangle: corner at, edges right and up. Both is
// also from behind.
func board(v []printVertex, idx []uint32, at, right, up r3.Vec, r region, ground, ink [4]uint8, both bool) ([]printVertex, []uint32) {
	n := r3.Unit(r3.Cross(right, up))
	sides := 1
	if both {
		sides = 2
	}
	for s := 0; s < sides; s++ {
		if s == 1 {
			at, right, n = r3.Add(at, right), r3.Scale(-1, right), r3.Scale(-1, n)
		}
		base := uint32(len(v))
		normal := [4]int8{int8(n.X * 127), int8(n.Y * 127), int8(n.Z * 127), 127}
		for _, c := range [4][2]float64{{0, 0}, {1, 0}, {1, 1}, {0, 1}} {
			q := r3.Add(at, r3.Add(r3.Scale(c[0], right), r3.Scale(c[1], up)))
			v = append(v, printVertex{X: float32(q.X), Y: float32(q.Y), Z: float32(q.Z),
				U: r.U0 + (r.U1-r.U0)*float32(c[0]), V: r.V1 + (r.V0-r.V1)*float32(c[1]), Layer: r.Layer,
				Normal: normal, Ground: ground, Ink: ink})
		}
		idx = append(idx, base, base+1, base+2, base, base+2, base+3)
	}
	return v, idx
}

// Sizes of the texts in texels.
const (
	signWide, signHigh     = 512, 84
	bannerWide, bannerHigh = 512, 128
	tagWide, tagHigh       = 112, 40
)

func bold(size float64) lettering.Style { return lettering.Style{Size: size, Weight: lettering.Bold} }

// stallSign adds the board with the seller's and the category's name, hung
// under the edge of the awning.
func stallSign(v []printVertex, idx []uint32, p *plan.Plan, s *plan.Stall, n int, l *letters) ([]printVertex, []uint32) {
	c := p.Catalog()
	seller, category := c.Sellers[s.Seller].Name, c.Categories[s.Category].Name
	top := seller.EN
	if seller.ZH != "" && seller.ZH != top {
		top += "  " + seller.ZH
	}
	low := category.EN
	if category.ZH != "" && category.ZH != low {
		low += " · " + category.ZH
	}
	r := l.set("sign "+top+"\n"+low, signWide, signHigh, line{top, bold(38)}, line{low, lettering.Style{Size: 26, Weight: lettering.Medium}})
	colour := model.Dim(stallColour(p, s, n), .42)
	turn := r3.NewRotation(s.Yaw+math.Pi, v3(0, 1, 0))
	const wide, high = 1.86, .305
	at := r3.Add(s.Front(), turn.Rotate(v3(-wide/2, 1.92, awningOut+.035)))
	right, up := turn.Rotate(v3(wide, 0, 0)), v3(0, high, 0)
	v, idx = board(v, idx, at, right, up, r, rgba(colour), rgba(world.RGB{R: .98, G: .90, B: .70}), true)
	// A gilt rim: four thin boards without text, a little behind.
	blank := region{r.U0, r.V0, r.U0, r.V0, r.Layer}
	back := turn.Rotate(v3(0, 0, -.006))
	const rim = .022
	ux := r3.Scale(rim/wide, right)
	gilt := rgba(world.RGB{R: .80, G: .62, B: .30})
	v, idx = board(v, idx, r3.Add(r3.Sub(r3.Sub(at, ux), v3(0, rim, 0)), back), r3.Add(right, r3.Scale(2, ux)), v3(0, high+2*rim, 0), blank, gilt, gilt, true)
	return v, idx
}

// districtBanner hangs cloths with the district's name over the entrances of
// its aisles from the main street.
func districtBanner(v []printVertex, idx []uint32, p *plan.Plan, d int, l *letters) ([]printVertex, []uint32, world.Box) {
	dist := &p.Districts[d]
	key := "district " + dist.Name.EN + "/" + dist.Name.ZH
	r := l.set(key, bannerWide, bannerHigh, line{dist.Name.EN, bold(58)}, line{dist.Name.ZH, bold(44)})
	box := world.Box{Min: dist.Box.Min, Max: dist.Box.Max}
	ground, ink := rgba(model.Dim(dist.Colour, .62)), rgba(world.RGB{R: 1, G: .95, B: .84})
	for i := range p.Aisles {
		a := &p.Aisles[i]
		if int(a.District) != d || math.Abs(a.From.X) > plan.StreetWidth/2+1 {
			continue
		}
		x := a.From.X
		wide := 2.6
		if math.Abs(a.From.Z) < plan.PlazaDepth/2 { // above the row that faces the plaza
			z := math.Copysign(plan.PlazaDepth/2+.25, a.From.Z)
			s := math.Copysign(1, -a.From.Z)
			mid := x + math.Copysign(4.7, x)
			v, idx = board(v, idx, v3(mid-s*wide/2, 2.95, z), v3(s*wide, 0, 0), v3(0, .66, 0), r, ground, ink, true)
			box = union(box, v3(mid-wide, 2.5, z), v3(mid+wide, 3.8, z))
			continue
		}
		s := math.Copysign(1, x)
		v, idx = board(v, idx, v3(x, 2.62, a.From.Z+s*wide/2), v3(0, 0, -s*wide), v3(0, .66, 0), r, ground, ink, true)
		box = union(box, v3(x-.1, 2.5, a.From.Z-wide), v3(x+.1, 3.8, a.From.Z+wide))
	}
	return v, idx, box
}

func union(b world.Box, ps ...r3.Vec) world.Box {
	for _, q := range ps {
		b.Min = r3.Vec{X: min(b.Min.X, q.X), Y: min(b.Min.Y, q.Y), Z: min(b.Min.Z, q.Z)}
		b.Max = r3.Vec{X: max(b.Max.X, q.X), Y: max(b.Max.Y, q.Y), Z: max(b.Max.Z, q.Z)}
	}
	return b
}

// priceKey names a price's text.
func priceKey(c world.Cents) string { return "price " + c.String() }

// setPrices writes every price once.
func setPrices(p *plan.Plan, l *letters) {
	for i := range p.Catalog().Items {
		price := p.Catalog().Items[i].Price
		l.set(priceKey(price), tagWide, tagHigh, line{price.String(), bold(30)})
	}
}

// tagMesh makes the price tags of a stall, one at the foot of each item.
func tagMesh(g *gpu, p *plan.Plan, n int, l *letters) mesh {
	s := &p.Stalls[n]
	var v []printVertex
	var idx []uint32
	turn := r3.NewRotation(s.Yaw+math.Pi, v3(0, 1, 0))
	for i := s.FirstSlot; i < s.FirstSlot+world.SlotIndex(s.Slots); i++ {
		slot := &p.Slots[i]
		price := p.Catalog().Items[slot.Item].Price
		depth := .16
		for _, row := range s.Kind.Rows() {
			if math.Abs(row.Height-slot.Pos.Y) < .01 {
				depth = row.Board / 2
				if row == s.Kind.Rows()[0] { // in front of the cloth
					depth += .03
				}
			}
		}
		const wide, high = .125, .045
		at := r3.Add(slot.Pos, turn.Rotate(v3(-wide/2, -.043, depth+.034)))
		v, idx = board(v, idx, at, turn.Rotate(v3(wide, 0, 0)), r3.Add(v3(0, high, 0), turn.Rotate(v3(0, 0, -.012))), l.known[priceKey(price)],
			rgba(world.RGB{R: .97, G: .95, B: .89}), rgba(world.RGB{R: .16, G: .12, B: .10}), false)
	}
	return upload(g, v, idx)
}
