package market

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/market/model"
	"souk/world"
	"souk/world/plan"
)

// roofHigh is where what stands on the stalls' roofs begins, metres.
const roofHigh = 2.52

// landmark is a district's tower: it stands on the roofs of four stalls, back
// to back, and is seen from all over the market.
type landmark struct {
	at       r3.Vec
	district int
}

// nearStreet is how far from the main street landmarks stand at most, metres:
// so that all are seen from it, and it is found by them.
const nearStreet = 27.0

// landmarksOf finds each district's place for a landmark: the gap between
// stalls nearest to its middle, as near to the main street as nearStreet says.
func landmarksOf(p *plan.Plan, gaps []gap) []landmark {
	var all []landmark
	for d := range p.Districts {
		middle := p.Districts[d].Box.Center()
		middle.X = max(-nearStreet, min(nearStreet, middle.X))
		best, far := -1, math.Inf(1)
		for i := range gaps {
			l := r3.Norm(r3.Sub(gaps[i].at, v3(middle.X, 0, middle.Z)))
			if gaps[i].district != d {
				l += 12 // a neighbour's gap, where a district has none of its own
			}
			if !gaps[i].used && l < far {
				best, far = i, l
			}
		}
		if best < 0 || far > 40 {
			all = append(all, landmark{onOwnRoof(p, d), d})
			continue
		}
		gaps[best].used = true
		all = append(all, landmark{gaps[best].at, d})
	}
	return all
}

// onOwnRoof is the middle of the stall nearest to a district's middle, for
// markets with fewer gaps than districts.
func onOwnRoof(p *plan.Plan, d int) (at r3.Vec) {
	middle, far := p.Districts[d].Box.Center(), math.Inf(1)
	for i := range p.Stalls {
		c := p.Stalls[i].Box.Center()
		if l := r3.Norm(r3.Sub(c, middle)); int(p.Stalls[i].District) == d && l < far {
			at, far = v3(c.X, 0, c.Z), l
		}
	}
	return at
}

// towers are the shapes of landmarks, by the district's number.
var towers = [...]func(t *tower){
	clockTower, onionDome, pagoda, windmill, lanternMast, minaret, beacon, belfry, obelisk, kiosk, pigeonTower, ship, crown,
}

// tower builds a landmark with its foot on the roofs.
type tower struct {
	*model.Builder
	near   bool
	sides  int // of what is round
	colour world.RGB
	pale   world.RGB
	roof   world.RGB
}

// build adds a landmark: a platform of timber on posts, and the tower.
func (l landmark) build(b *model.Builder, p *plan.Plan, near bool) {
	c := p.Districts[l.district].Colour
	grey := (c.R + c.G + c.B) / 3
	pull := func(x float32) float32 { return max(.05, min(.95, grey+(x-grey)*1.5)) }
	c = world.RGB{R: pull(c.R), G: pull(c.G), B: pull(c.B)}
	t := tower{Builder: b, near: near, sides: 7, colour: c, pale: model.Mix(plaster, cream, .6), roof: model.Dim(c, .8)}
	if near {
		t.sides = 10
	}
	from := len(b.Mesh.Vertices)
	b.At(l.at)
	b.Paint(timber, model.Wood)
	for _, x := range []float64{-.05, .05} {
		t.post(x, 0, 0, roofHigh, .05)
	}
	t.block(1.25, roofHigh, roofHigh+.28)
	b.Paint(model.Mix(c, cream, .2), model.Cloth)
	t.skirt(1.27, roofHigh-.27, roofHigh+.08)
	towers[l.district%len(towers)](&t)
	// In a large market they are seen from farther, and so are larger.
	k := float32(max(1, min(1.8, (p.Bounds.Max.Z-p.Bounds.Min.Z)/90)))
	for i := from; i < len(b.Mesh.Vertices); i++ {
		v := &b.Mesh.Vertices[i]
		if v.Y < roofHigh-.3 {
			continue // the posts
		}
		v.X, v.Z = float32(l.at.X)+(v.X-float32(l.at.X))*k, float32(l.at.Z)+(v.Z-float32(l.at.Z))*k
		if v.Y > roofHigh {
			v.Y = roofHigh + (v.Y-roofHigh)*k
		}
	}
}

// block is a square block without a floor, half wide each way.
func (t *tower) block(half, y0, y1 float64) { t.taper(half, half, y0, y1) }

func (t *tower) taper(half, top, y0, y1 float64) {
	c := [4][2]float64{{-1, 1}, {1, 1}, {1, -1}, {-1, -1}}
	for i := range c {
		p, q := c[i], c[(i+1)%4]
		t.Quad(v3(p[0]*half, y0, p[1]*half), v3(q[0]*half, y0, q[1]*half), v3(q[0]*top, y1, q[1]*top), v3(p[0]*top, y1, p[1]*top))
	}
	if top > .02 {
		t.Quad(v3(-top, y1, top), v3(top, y1, top), v3(top, y1, -top), v3(-top, y1, -top))
	}
}

// skirt is a cloth around a block, hanging in a zigzag.
func (t *tower) skirt(half, y0, y1 float64) {
	for k := range 4 {
		t.Turn(math.Pi/2, v3(0, 1, 0))
		n := 1
		if t.near {
			n = 5
		}
		for i := range n {
			x0, x1 := half*(2*float64(i)/float64(n)-1), half*(2*float64(i+1)/float64(n)-1)
			t.Quad(v3(x0, y0+.12, half), v3(x1, y0+.12, half), v3(x1, y1, half), v3(x0, y1, half))
			if t.near {
				t.Tri(v3((x0+x1)/2, y0, half), v3(x1, y0+.12, half), v3(x0, y0+.12, half))
			}
		}
		_ = k
	}
}

// post is an upright beam without ends.
func (t *tower) post(x, z, y0, y1, half float64) {
	c := [4][2]float64{{-1, 1}, {1, 1}, {1, -1}, {-1, -1}}
	for i := range c {
		p, q := c[i], c[(i+1)%4]
		t.Quad(v3(x+p[0]*half, y0, z+p[1]*half), v3(x+q[0]*half, y0, z+q[1]*half), v3(x+q[0]*half, y1, z+q[1]*half), v3(x+p[0]*half, y1, z+p[1]*half))
	}
}

// posts are four, at the corners of a square.
func (t *tower) posts(at, y0, y1, half float64) {
	for _, x := range []float64{-at, at} {
		for _, z := range []float64{-at, at} {
			t.post(x, z, y0, y1, half)
		}
	}
}

// opening is a dark arch in each of the four sides of a block.
func (t *tower) opening(half, y0, y1, wide float64, glow bool) {
	for range 4 {
		t.Turn(math.Pi/2, v3(0, 1, 0))
		t.Paint(world.RGB{R: .20, G: .15, B: .13}, model.Matt)
		if glow {
			t.Paint(model.Mix(candle, t.colour, .1), model.Glow)
		}
		z := half + .012
		t.Quad(v3(-wide, y0, z), v3(wide, y0, z), v3(wide, y1, z), v3(-wide, y1, z))
		if t.near {
			t.Tri(v3(-wide, y1, z), v3(wide, y1, z), v3(0, y1+wide*1.2, z))
		}
	}
}

// finial is a ball and a spike of brass.
func (t *tower) finial(y float64) {
	t.Paint(brassKnob, model.Metal)
	if !t.near {
		t.Lathe(4, rim(0, y), rim(.10, y+.18), rim(0, y+.9))
		return
	}
	t.Lathe(6, rim(0, y), rim(.13, y+.14), rim(.03, y+.28), rim(.07, y+.4), rim(0, y+1))
}
