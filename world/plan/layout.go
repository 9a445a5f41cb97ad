package plan

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
	"souk/world/catalog"
)

// New lays out the market for a catalogue: the same catalogue and seed give
// the same plan. The seed decides where each district goes and in what order its stalls stand.
//
// Seen from above, a main street runs along z through a plaza at the origin.
// Four quarters hang on it, left and right of it, ahead of the plaza (−z) and behind it. A
// quarter is a stack of rows of stalls along x: the first row faces the plaza, then come pairs of
// rows that face each other over an aisle, back to back with the next pair.
// Aisles are broken into blocks by cross streets. A district owns whole aisles;
// districts are dealt out to the shortest quarter.
func New(c *catalog.Catalog, seed uint64) (*Plan, error) {
	if c == nil || len(c.Items) == 0 {
		return nil, fmt.Errorf("laying out the market: there is no catalogue, or it is empty; make one with catalog.Open")
	}
	p := &Plan{Seed: seed, EyeHeight: EyeHeight, catalog: c}
	l := &layout{p: p, c: c, rng: rand.New(rand.NewPCG(seed, 0x706c616e))}
	l.build()
	p.Spawn = world.Upright(r3.Vec{Y: EyeHeight, Z: spawnZ}, 0, 0)
	p.sizes = make([]r3.Vec, p.firstFeature)
	for i := range p.sizes {
		p.sizes[i] = p.ItemSize(world.SlotIndex(i), p.Slots[i].Item)
	}
	p.ground.build(p)
	p.walk.build(p)
	p.fingerprint = fingerprint(p)
	return p, nil
}

// booth is a stall before it has a place.
type booth struct {
	kind     StallKind
	seller   world.SellerIndex
	category world.CategoryIndex
	items    []world.ItemIndex
}

const (
	blockStalls = 8 // stalls of one side of an aisle between two cross streets
	stallPitch  = StallWidth + StallGap
	blockLength = blockStalls * stallPitch
	spawnZ      = PlazaDepth/2 - 3
)

type layout struct {
	p        *Plan
	c        *catalog.Catalog
	rng      *rand.Rand
	columns  int // blocks along an aisle
	features []Slot
}

// quarter is one of the four stacks of rows.
type quarter struct {
	east, south int     // ±1: on which side of the main street and of the plaza it lies
	z           float64 // distance from the plaza's middle to where the next row begins
	faces       bool    // whether the row that faces the plaza is still free
}

func (l *layout) build() {
	byRoot, roots := l.booths()
	total := 0
	for _, bs := range byRoot {
		total += len(bs)
	}
	// A block is blockLength along x and one pair of rows along z; as many
	// columns as make a quarter about square.
	pair := AisleWidth + 2*StallDepth + BackGap
	l.columns = max(1, int(math.Round(math.Sqrt(float64(total)/(8*blockStalls)*pair/blockLength))))
	qs := [4]quarter{{1, -1, PlazaDepth / 2, true}, {-1, -1, PlazaDepth / 2, true}, {1, 1, PlazaDepth / 2, true}, {-1, 1, PlazaDepth / 2, true}}
	l.rng.Shuffle(len(roots), func(i, j int) { roots[i], roots[j] = roots[j], roots[i] })
	// The largest first, so that the quarters come out about equally deep.
	slices.SortStableFunc(roots, func(a, b world.CategoryIndex) int { return cmp.Compare(len(byRoot[b])/8, len(byRoot[a])/8) })
	for _, root := range roots {
		// A root with most of the market, as in a list with one category, makes
		// several districts of the same name, so that the plaza has all its sides.
		bs := byRoot[root]
		parts := 1
		if len(bs) > max(total/3, 12) {
			parts = (4*len(bs) + total - 1) / total
		}
		for k := range parts {
			q := &qs[0]
			for i := range qs {
				if qs[i].z < q.z-1e-9 {
					q = &qs[i]
				}
			}
			l.district(root, bs[k*len(bs)/parts:(k+1)*len(bs)/parts], q)
		}
	}
	l.welcome()
	l.p.firstFeature = world.SlotIndex(len(l.p.Slots))
	l.p.Slots = append(l.p.Slots, l.features...)
	l.bounds()
}

// booths groups the items into stalls: by root, leaf and kind of stall, then
// by seller. A seller with enough items of a leaf has stalls alone; the rest of a
// leaf share.
func (l *layout) booths() (byRoot map[world.CategoryIndex][]booth, roots []world.CategoryIndex) {
	type key struct {
		root, leaf world.CategoryIndex
		kind       StallKind
	}
	groups := map[key][]world.ItemIndex{}
	for i := range l.c.Items {
		it := &l.c.Items[i]
		k := key{l.c.Root(it.Category), it.Category, kindFor(it.Look.Size)}
		groups[k] = append(groups[k], world.ItemIndex(i))
	}
	keys := make([]key, 0, len(groups))
	for k := range groups {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b key) int {
		return cmp.Or(cmp.Compare(a.root, b.root), cmp.Compare(a.leaf, b.leaf), cmp.Compare(a.kind, b.kind))
	})
	byRoot = map[world.CategoryIndex][]booth{}
	var odd [2][]world.ItemIndex // by kind: too few of their leaf to fill a good part of a stall
	for i, k := range keys {
		bs, rest := l.share(groups[k], k.leaf, k.kind)
		odd[k.kind] = append(odd[k.kind], rest...)
		l.rng.Shuffle(len(bs), func(i, j int) { bs[i], bs[j] = bs[j], bs[i] })
		byRoot[k.root] = append(byRoot[k.root], bs...)
		if i+1 < len(keys) && keys[i+1].root == k.root {
			continue
		}
		for kind := range odd {
			byRoot[k.root] = append(byRoot[k.root], l.pack(odd[kind], StallKind(kind))...)
			odd[kind] = nil
		}
		roots = append(roots, k.root)
	}
	return byRoot, roots
}

// capacity is how many items a stall of that kind has room for.
func capacity(kind StallKind) (n int) {
	for _, r := range kind.Rows() {
		n += r.Slots
	}
	return n
}

// pack puts items into as few stalls as they need, in their order.
func (l *layout) pack(items []world.ItemIndex, kind StallKind) (bs []booth) {
	for k := (len(items) + capacity(kind) - 1) / max(1, capacity(kind)); k > 0; k-- {
		n := (len(items) + k - 1) / k
		leaf := mostly(items[:n], func(i world.ItemIndex) world.CategoryIndex { return l.c.Items[i].Category })
		seller := mostly(items[:n], func(i world.ItemIndex) world.SellerIndex { return l.c.Items[i].Seller })
		bs = append(bs, booth{kind, seller, leaf, items[:n]})
		items = items[n:]
	}
	return bs
}

// kindFor says which stall an item of that size goes to.
func kindFor(size r3.Vec) StallKind {
	if max(size.X, size.Y, size.Z) > 0.5 {
		return Podium
	}
	return Shelved
}

// share divides the items of one leaf into stalls, and returns those that
// are too few for one of their own.
func (l *layout) share(items []world.ItemIndex, leaf world.CategoryIndex, kind StallKind) (bs []booth, odd []world.ItemIndex) {
	slices.SortStableFunc(items, func(a, b world.ItemIndex) int { return cmp.Compare(l.c.Items[a].Seller, l.c.Items[b].Seller) })
	room := capacity(kind)
	var rest []world.ItemIndex
	for len(items) > 0 {
		s := l.c.Items[items[0]].Seller
		n := 1
		for n < len(items) && l.c.Items[items[n]].Seller == s {
			n++
		}
		for own := items[:n]; len(own) > 0; {
			k := min(room, len(own))
			if k < room*3/5 {
				rest = append(rest, own...)
				break
			}
			bs = append(bs, booth{kind, s, leaf, own[:k]})
			own = own[k:]
		}
		items = items[n:]
	}
	if n := len(rest) % room; n < room*2/5 {
		rest, odd = rest[:len(rest)-n], rest[len(rest)-n:]
	}
	return append(bs, l.pack(rest, kind)...), odd
}

// mostly is the value that most of a stall's few items have; the first of
// several.
func mostly[T comparable](items []world.ItemIndex, of func(world.ItemIndex) T) (best T) {
	most := 0
	for i := range items {
		n := 0
		for j := range items {
			if of(items[j]) == of(items[i]) {
				n++
			}
		}
		if n > most {
			best, most = of(items[i]), n
		}
	}
	return best
}

// district builds a district's aisles outwards from the plaza.
func (l *layout) district(root world.CategoryIndex, bs []booth, q *quarter) {
	d := int32(len(l.p.Districts))
	l.p.Districts = append(l.p.Districts, District{Name: l.c.Categories[root].Name, Category: root, Colour: districtColour(int(d))})
	first := len(l.p.Stalls)
	perRow := l.columns * blockStalls
	if q.faces { // the row that faces the plaza
		q.faces = false
		n := min(len(bs), perRow, max(3, len(bs)/3))
		l.row(d, bs[:n], q, q.z, true)
		l.aisles(d, n, 0, q, q.z-2, AisleWidth, true)
		bs, q.z = bs[n:], q.z+StallDepth+BackGap
	}
	for k := (len(bs) + 2*perRow - 1) / (2 * perRow); k > 0; k-- {
		n := (len(bs) + k - 1) / k // so that all its aisles are about equally long
		near := (n + 1) / 2
		l.row(d, bs[:near], q, q.z, false)
		far := q.z + StallDepth + AisleWidth
		l.row(d, bs[near:n], q, far, true)
		l.aisles(d, near, n-near, q, q.z+StallDepth+AisleWidth/2, AisleWidth, false)
		bs, q.z = bs[n:], far+StallDepth+BackGap
	}
	box := l.p.Stalls[first].Box
	for i := first; i < len(l.p.Stalls); i++ {
		box = union(box, l.p.Stalls[i].Box)
	}
	l.p.Districts[d].Box = box
}

// along is the x of a place so far along an aisle, in stalls from the main street.
func (q *quarter) along(stalls float64) float64 {
	block := math.Floor(stalls / blockStalls)
	return float64(q.east) * (StreetWidth/2 + stalls*stallPitch + block*CrossWidth)
}

// row builds a row of stalls whose nearer edge lies at the distance z from
// the plaza's middle, and which faces the plaza or away from it.
func (l *layout) row(d int32, bs []booth, q *quarter, z float64, facesPlaza bool) {
	z0 := float64(q.south) * z
	z1 := z0 + float64(q.south)*StallDepth
	yaw := 0.0 // towards −z
	if (q.south < 0) == facesPlaza {
		yaw = math.Pi
	}
	for i, b := range bs {
		x0 := q.along(float64(i)) + float64(q.east)*StallGap/2
		x1 := x0 + float64(q.east)*StallWidth
		s := Stall{Yaw: yaw, Kind: b.kind, Seller: b.seller, Category: b.category, District: d,
			Aisle: int32(len(l.p.Aisles) + i/blockStalls), FirstSlot: world.SlotIndex(len(l.p.Slots)), Slots: int32(len(b.items)),
			Box: world.Box{Min: r3.Vec{X: min(x0, x1), Z: min(z0, z1)}, Max: r3.Vec{X: max(x0, x1), Y: StallHeight, Z: max(z0, z1)}}}
		l.p.Stalls = append(l.p.Stalls, s)
		l.fill(&s, b.items)
	}
}

// fill puts the items on the rows of a stall, the lowest first, spread so
// that a row that is not full is as even as a full one.
func (l *layout) fill(s *Stall, items []world.ItemIndex) {
	front := s.Front()
	out := world.Upright(r3.Vec{}, s.Yaw, 0)
	right, back := out.Rotate(r3.Vec{X: 1}), out.Rotate(r3.Vec{Z: 1})
	left, free := len(items), capacity(s.Kind)
	for _, r := range s.Kind.Rows() {
		n := min(r.Slots, (left*r.Slots+free-1)/free) // this row's fair part of what is left
		free -= r.Slots
		left -= n
		const border = 0.08
		pitch := (StallWidth - 2*border) / float64(r.Slots)
		for k := range n {
			side := (float64(k) - float64(n-1)/2) * min(pitch*float64(r.Slots)/float64(n), pitch*1.6)
			pos := r3.Add(front, r3.Add(r3.Scale(side, right), r3.Scale(r.Inset, back)))
			pos.Y = r.Height
			l.p.Slots = append(l.p.Slots, Slot{Kind: Shelf, Pos: pos, Yaw: s.Yaw, Item: items[0], Stall: int32(len(l.p.Stalls) - 1), Aisle: s.Aisle, Room: r.Room})
			items = items[1:]
		}
	}
}

// aisles adds the blocks of an aisle with so many stalls on its two sides,
// its middle line at the distance z from the plaza's middle, and their pedestals.
func (l *layout) aisles(d int32, near, far int, q *quarter, z, width float64, plaza bool) {
	n := max(near, far)
	zz := float64(q.south) * z
	for from := 0; from < n; from += blockStalls {
		to := min(n, from+blockStalls)
		a := Aisle{From: r3.Vec{X: q.along(float64(from)), Z: zz}, To: r3.Vec{X: q.along(float64(to) - 1e-6), Z: zz}, Width: width, District: d}
		l.pedestals(int32(len(l.p.Aisles)), a, q, plaza)
		l.p.Aisles = append(l.p.Aisles, a)
	}
}

// pedestals sets feature slots along an aisle, on alternate sides of its
// middle line, turned half to those who come from the plaza. Before the plaza's stalls they stand in one line
// and face the plaza.
func (l *layout) pedestals(aisle int32, a Aisle, q *quarter, plaza bool) {
	length := math.Abs(a.To.X - a.From.X)
	n := max(1, int(length/PedestalStep))
	for k := range n {
		x := a.From.X + float64(q.east)*length*(float64(k)+.5)/float64(n)
		side := PedestalAside
		if k%2 == 1 {
			side = -side
		}
		// Across the aisle to its middle, and back along it.
		face := r3.Vec{X: -float64(q.east), Z: -math.Copysign(1, side)}
		z := a.From.Z + side
		if plaza {
			z = a.From.Z + float64(q.south)*(2-PlazaAside)
			face = r3.Vec{Z: -float64(q.south)}
		}
		l.features = append(l.features, Slot{Kind: Feature, Pos: r3.Vec{X: x, Y: PedestalHeight, Z: z}, Yaw: math.Atan2(-face.X, -face.Z),
			Item: world.NoItem, Stall: -1, Aisle: aisle, Room: r3.Vec{X: pedestalRoom, Y: pedestalRoom, Z: pedestalRoom}})
	}
}

// welcome sets pedestals on the plaza in a bow before the spawn, so that
// there is something to see at once; the way ahead stays free. They count with the first aisle.
func (l *layout) welcome() {
	const distance = 4.5
	for _, turn := range [...]float64{-.72, -.32, .32, .72} {
		to := world.Upright(r3.Vec{}, turn, 0).Ahead()
		pos := r3.Add(r3.Vec{Y: PedestalHeight, Z: spawnZ}, r3.Scale(distance, to))
		l.features = append(l.features, Slot{Kind: Feature, Pos: pos, Yaw: turn + math.Pi, Item: world.NoItem, Stall: -1,
			Room: r3.Vec{X: pedestalRoom, Y: pedestalRoom, Z: pedestalRoom}})
	}
}

func (l *layout) bounds() {
	b := world.Box{Min: r3.Vec{X: -StreetWidth, Z: -PlazaDepth / 2}, Max: r3.Vec{X: StreetWidth, Z: PlazaDepth / 2}}
	for i := range l.p.Stalls {
		b = union(b, l.p.Stalls[i].Box)
	}
	m := r3.Vec{X: Margin, Z: Margin}
	l.p.Bounds = world.Box{Min: r3.Sub(b.Min, m), Max: r3.Add(r3.Vec{X: b.Max.X, Y: StallHeight, Z: b.Max.Z}, m)}
}

func union(a, b world.Box) world.Box {
	return world.Box{Min: r3.Vec{X: min(a.Min.X, b.Min.X), Y: min(a.Min.Y, b.Min.Y), Z: min(a.Min.Z, b.Min.Z)},
		Max: r3.Vec{X: max(a.Max.X, b.Max.X), Y: max(a.Max.Y, b.Max.Y), Z: max(a.Max.Z, b.Max.Z)}}
}

// districtColour spreads hues by the golden angle, all about equally light.
func districtColour(i int) world.RGB {
	h := math.Mod(.05+float64(i)*.6180339887, 1) * 2 * math.Pi
	part := func(shift float64) float32 { return float32(.60 + .28*math.Cos(h-shift)) }
	return world.RGB{R: part(0), G: part(2 * math.Pi / 3), B: part(4 * math.Pi / 3)}
}
