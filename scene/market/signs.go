//go:build cgo

package market

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/lettering"
	"souk/scene/market/model"
	"souk/world"
	"souk/world/plan"
)

// legible is how far away signs have words, metres; farther ones are plates.
// The shader fades them before.
const legible = 19.0

// sheet is a rectangle in space that is written on: its lower left corner, its
// edges, and its size in the unit of the styles of what is written.
type sheet struct {
	at, right, up r3.Vec
	w, h          float64
}

// raised is the sheet moved towards its reader.
func (s sheet) raised(by float64) sheet {
	s.at = r3.Add(s.at, r3.Scale(by, r3.Unit(r3.Cross(s.right, s.up))))
	return s
}

// behind is the sheet as its other side sees it.
func (s sheet) behind() sheet {
	s.at, s.right = r3.Add(s.at, s.right), r3.Scale(-1, s.right)
	return s
}

// grown is the sheet with a margin around it, metres.
func (s sheet) grown(by float64) sheet {
	x, y := r3.Scale(by, r3.Unit(s.right)), r3.Scale(by, r3.Unit(s.up))
	s.at = r3.Sub(r3.Sub(s.at, x), y)
	s.right, s.up = r3.Add(s.right, r3.Scale(2, x)), r3.Add(s.up, r3.Scale(2, y))
	return s
}

// quad adds the part x0 … x1, y0 … y1 of the sheet, in its own unit.
func (s sheet) quad(v []printVertex, idx []uint32, x0, y0, x1, y1 float64, r region, ground, ink [4]uint8) ([]printVertex, []uint32) {
	n := r3.Unit(r3.Cross(s.right, s.up))
	normal := [4]int8{int8(n.X * 127), int8(n.Y * 127), int8(n.Z * 127), 127}
	base := uint32(len(v))
	for _, c := range [4][2]float64{{0, 0}, {1, 0}, {1, 1}, {0, 1}} {
		q := r3.Add(s.at, r3.Add(r3.Scale((x0+(x1-x0)*c[0])/s.w, s.right), r3.Scale((y0+(y1-y0)*c[1])/s.h, s.up)))
		v = append(v, printVertex{X: float32(q.X), Y: float32(q.Y), Z: float32(q.Z),
			U: r.U0 + (r.U1-r.U0)*float32(c[0]), V: r.V1 + (r.V0-r.V1)*float32(c[1]), Layer: r.Layer,
			Normal: normal, Ground: ground, Ink: ink})
	}
	return v, append(idx, base, base+1, base+2, base, base+2, base+3)
}

// plain adds the sheet itself.
func (s sheet) plain(v []printVertex, idx []uint32, c [4]uint8) ([]printVertex, []uint32) {
	return s.quad(v, idx, 0, 0, s.w, s.h, plate, c, c)
}

// write adds lines of text a little above the sheet.
func (s sheet) write(v []printVertex, idx []uint32, l *letters, ground, ink [4]uint8, lines ...line) ([]printVertex, []uint32) {
	s = s.raised(.003)
	for _, q := range l.lay(nil, s.w, s.h, lines...) {
		v, idx = s.quad(v, idx, q.x0, q.y0, q.x1, q.y1, q.region, ground, ink)
	}
	return v, idx
}

// arrow adds an arrow head in the middle of the sheet's part around x, turned
// by a quarter turn for each step: 0 up, 1 right, 2 down, 3 left.
func (s sheet) arrow(v []printVertex, idx []uint32, x, size float64, turn int, ink [4]uint8) ([]printVertex, []uint32) {
	s = s.raised(.003)
	n := r3.Unit(r3.Cross(s.right, s.up))
	normal := [4]int8{int8(n.X * 127), int8(n.Y * 127), int8(n.Z * 127), 127}
	sn, c := math.Sincos(float64(turn) * math.Pi / 2)
	base := uint32(len(v))
	for _, p := range [7][2]float64{{0, .5}, {-.42, .02}, {.42, .02}, {-.14, .02}, {.14, .02}, {-.14, -.5}, {.14, -.5}} {
		px, py := x+size*(p[0]*c+p[1]*sn), s.h/2+size*(p[1]*c-p[0]*sn)
		q := r3.Add(s.at, r3.Add(r3.Scale(px/s.w, s.right), r3.Scale(py/s.h, s.up)))
		v = append(v, printVertex{X: float32(q.X), Y: float32(q.Y), Z: float32(q.Z), U: plate.U0, V: plate.V0, Normal: normal, Ground: ink, Ink: ink})
	}
	for _, i := range [9]uint32{0, 1, 2, 3, 5, 6, 3, 6, 4} {
		idx = append(idx, base+i)
	}
	return v, idx
}

// Sizes of the texts' sheets, in the unit of their styles.
const (
	signWide, signHigh     = 512, 84
	bannerWide, bannerHigh = 512, 128
	tagWide, tagHigh       = 112, 40
)

func bold(size float64) lettering.Style { return lettering.Style{Size: size, Weight: lettering.Bold} }

var (
	gilt     = rgba(world.RGB{R: .80, G: .62, B: .30})
	signInk  = rgba(world.RGB{R: .98, G: .90, B: .70})
	tagPaper = rgba(world.RGB{R: .97, G: .95, B: .89})
	tagInk   = rgba(world.RGB{R: .16, G: .12, B: .10})
)

// signSheet is where a stall's sign hangs: under the edge of the awning.
func signSheet(s *plan.Stall) sheet {
	turn := r3.NewRotation(s.Yaw+math.Pi, v3(0, 1, 0))
	const wide, high = 1.86, .305
	return sheet{r3.Add(s.Front(), turn.Rotate(v3(-wide/2, 1.92, awningOut+.035))), turn.Rotate(v3(wide, 0, 0)), v3(0, high, 0), signWide, signHigh}
}

func signColour(p *plan.Plan, s *plan.Stall, n int) [4]uint8 {
	return rgba(model.Dim(stallColour(p, s, n), .42))
}

// stallSign adds the board of a stall's sign with its gilt rim.
func stallSign(v []printVertex, idx []uint32, p *plan.Plan, s *plan.Stall, n int) ([]printVertex, []uint32) {
	t := signSheet(s)
	v, idx = t.plain(v, idx, signColour(p, s, n))
	v, idx = t.behind().plain(v, idx, signColour(p, s, n))
	return t.raised(-.006).grown(.022).plain(v, idx, gilt)
}

// stallWords adds the seller's and the category's name on a stall's sign.
func stallWords(v []printVertex, idx []uint32, p *plan.Plan, s *plan.Stall, n int, l *letters) ([]printVertex, []uint32) {
	c := p.Catalog()
	seller, category := c.Sellers[s.Seller].Name, c.Categories[s.Category].Name
	return signSheet(s).write(v, idx, l, signColour(p, s, n), signInk,
		line{both(seller, "  "), bold(38)}, line{both(category, " · "), lettering.Style{Size: 26, Weight: lettering.Medium}})
}

// both are a name's two languages, one where they are the same or the other is missing.
func both(t world.Text, between string) string {
	switch {
	case t.ZH == "" || t.ZH == t.EN:
		return t.EN
	case t.EN == "":
		return t.ZH
	}
	return t.EN + between + t.ZH
}

// districtBanner hangs cloths with the district's name over the entrances of
// its aisles from the main street.
func districtBanner(v []printVertex, idx []uint32, p *plan.Plan, d int, l *letters) ([]printVertex, []uint32, world.Box) {
	dist := &p.Districts[d]
	box := world.Box{Min: dist.Box.Min, Max: dist.Box.Max}
	ground, ink := rgba(model.Dim(dist.Colour, .62)), rgba(world.RGB{R: 1, G: .95, B: .84})
	hang := func(t sheet) {
		for _, t := range [2]sheet{t, t.behind()} {
			v, idx = t.plain(v, idx, ground)
			v, idx = t.write(v, idx, l, ground, ink, line{dist.Name.EN, bold(58)}, line{dist.Name.ZH, bold(44)})
		}
	}
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
			hang(sheet{v3(mid-s*wide/2, 2.95, z), v3(s*wide, 0, 0), v3(0, .66, 0), bannerWide, bannerHigh})
			box = union(box, v3(mid-wide, 2.5, z), v3(mid+wide, 3.8, z))
			continue
		}
		s := math.Copysign(1, x)
		hang(sheet{v3(x, 2.62, a.From.Z+s*wide/2), v3(0, 0, -s*wide), v3(0, .66, 0), bannerWide, bannerHigh})
		box = union(box, v3(x-.1, 2.5, a.From.Z-wide), v3(x+.1, 3.8, a.From.Z+wide))
	}
	return v, idx, box
}

// price makes the price tags of a stall, one at the foot of each item. It
// reuses what t holds.
func (t *prints) price(p *plan.Plan, n int, l *letters) {
	s := &p.Stalls[n]
	v, idx := t.vertices[:0], t.indices[:0]
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
		paper := sheet{r3.Add(slot.Pos, turn.Rotate(v3(-wide/2, -.043, depth+.034))), turn.Rotate(v3(wide, 0, 0)), r3.Add(v3(0, high, 0), turn.Rotate(v3(0, 0, -.012))), tagWide, tagHigh}
		v, idx = paper.plain(v, idx, tagPaper)
		v, idx = paper.write(v, idx, l, tagPaper, tagInk, line{price.String(), bold(30)})
	}
	t.vertices, t.indices = v, idx
}

// signpost is a beam over the main street with boards that say where the
// districts are: left, ahead, right, and on its back the way to the plaza.
type signpost struct {
	z     float64 // of the beam
	out   float64 // ±1: away from the plaza along z
	left  string  // as those read who leave the plaza
	right string
	ahead string
}

// Measures of a signpost: its boards hang over people's heads.
const (
	beamHigh             = 3.55
	boardWide, boardHigh = 1.75, .40
)

// signposts stand where the districts at the main street change.
func signposts(p *plan.Plan) (all []signpost) {
	name := func(d int) string { return both(p.Districts[d].Name, " ") }
	// The districts at a row's end, east and west.
	at := func(z float64, x float64) int {
		for i := range p.Stalls {
			c := p.Stalls[i].Box.Center()
			if math.Abs(c.Z-z) < plan.StallDepth && math.Abs(c.X-x) < plan.StallWidth/2 {
				return int(p.Stalls[i].District)
			}
		}
		return -1
	}
	const first = plan.StreetWidth/2 + plan.StallGap/2 + plan.StallWidth/2
	rows := streetRows(p)
	for _, out := range []float64{-1, 1} {
		had := [2]int{-1, -1}
		for i := range rows {
			z := rows[i]
			if out < 0 {
				z = rows[len(rows)-1-i]
			}
			if z*out < 0 {
				continue
			}
			beyond := z + out*(plan.StallDepth/2+plan.BackGap/2) // the row on the far side of the gap
			east, west := at(beyond, first), at(beyond, -first)
			if east < 0 || west < 0 || had == [2]int{east, west} {
				continue
			}
			had = [2]int{east, west}
			s := signpost{z: z, out: out, left: name(west), right: name(east)}
			if out > 0 {
				s.left, s.right = s.right, s.left
			}
			// Ahead is what comes next that is neither.
			for d := range p.Districts {
				m := p.Districts[d].Box.Center().Z
				if d != east && d != west && m*out > z*out+4 && s.ahead == "" {
					s.ahead = name(d)
				}
			}
			all = append(all, s)
		}
	}
	return all
}

// boards are a signpost's sheets: of those who leave the plaza, and of those
// who come back, from their left.
func (s signpost) boards() (leaving, coming [3]sheet) {
	for i := range 3 {
		x := (float64(i) - 1) * (boardWide + .18)
		// Read by who looks along out: their right is −out·x.
		left := v3(s.out*(-x+boardWide/2), beamHigh-.14-boardHigh, s.z-s.out*.055)
		leaving[i] = sheet{left, v3(-s.out*boardWide, 0, 0), v3(0, boardHigh, 0), 440, 100}
		left = v3(-s.out*(-x+boardWide/2), beamHigh-.14-boardHigh, s.z+s.out*.055)
		coming[i] = sheet{left, v3(s.out*boardWide, 0, 0), v3(0, boardHigh, 0), 440, 100}
	}
	return leaving, coming
}

var (
	guideGround = rgba(world.RGB{R: .13, G: .22, B: .24})
	plazaName   = world.Text{EN: "Plaza", ZH: "广场"}
)

// write adds a signpost's boards and words.
func (s signpost) write(v []printVertex, idx []uint32, l *letters) ([]printVertex, []uint32, world.Box) {
	leaving, coming := s.boards()
	put := func(t sheet, turn int, text string) {
		if text == "" {
			return
		}
		v, idx = t.grown(.025).raised(-.004).plain(v, idx, gilt)
		v, idx = t.plain(v, idx, guideGround)
		x := 40.0
		if turn == 1 {
			x = t.w - 40
		}
		v, idx = t.arrow(v, idx, x, 44, turn, signInk)
		words := t
		words.w = t.w - 76
		words.right = r3.Scale(words.w/t.w, t.right)
		if turn != 1 {
			words.at = r3.Add(t.at, r3.Scale(76/t.w, t.right))
		}
		v, idx = words.write(v, idx, l, guideGround, signInk, line{text, bold(50)})
	}
	put(leaving[0], 3, s.left)
	put(leaving[1], 0, s.ahead)
	put(leaving[2], 1, s.right)
	put(coming[0], 3, s.right)
	put(coming[1], 0, both(plazaName, " "))
	put(coming[2], 1, s.left)
	return v, idx, world.Box{Min: v3(-3.7, beamHigh-.7, s.z-.1), Max: v3(3.7, beamHigh+.1, s.z+.1)}
}
