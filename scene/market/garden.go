package market

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/market/model"
	"souk/world"
	"souk/world/plan"
)

// treeSize is a market tree's size: its crown is above the roofs.
const treeSize = 1.45

// treesAt are the gaps in which trees stand: many around the plaza, some
// everywhere. Their trunks rise between the roofs.
func treesAt(p *plan.Plan, gaps []gap) (at []r3.Vec) {
	for i := range gaps {
		g := &gaps[i]
		die := chance(p.Seed, i, 20)
		plaza := math.Abs(g.at.Z) < plan.PlazaDepth/2+2
		if g.used || plaza && i%2 == 1 || !plaza && die > .09 {
			continue
		}
		g.used = true
		at = append(at, g.at)
	}
	return at
}

// trees are the market's trees.
func trees(p *plan.Plan, gaps []gap) (all []standing) {
	for i, at := range treesAt(p, gaps) {
		die := chance(p.Seed, i, 27)
		all = append(all, standing{reach: 55, build: func(b *model.Builder, near bool) { tree(b, at, treeSize*(.9+.25*die), die, near) },
			lamp: func(y float64) float64 { return .40 * math.Exp(-max(0, y-2.8)/1.6) }})
	}
	return all
}

// tree adds a tree; only near ones have leaves.
func tree(b *model.Builder, at r3.Vec, size, die float64, near bool) {
	b.At(at).Turn(die*6, v3(0, 1, 0))
	h := (3.1 + die) * size
	b.Paint(world.RGB{R: .42, G: .31, B: .22}, model.Wood)
	thick := .08 + .05*size // fits between stalls
	if !near {
		b.Tube(3, thick, thick*.6, v3(0, 0, 0), v3(0, h*.8, 0))
	} else {
		b.Tube(6, thick, thick*.55, v3(0, 0, 0), v3(.05, h*.4, .02), v3(.02, h*.8, .04))
		for i := range 4 {
			s, c := math.Sincos(float64(i)*1.6 + die)
			b.Tube(3, thick*.45, thick*.25, v3(0, h*.5, 0), v3(s*.7*size, h*.74, c*.7*size))
		}
	}
	foliage(b, h, size, die, near)
}

// foliage adds a tree's crown: clumps, near by with leaves all over them.
func foliage(b *model.Builder, h, size, die float64, near bool) {
	green := model.Mix(world.RGB{R: .33, G: .48, B: .18}, world.RGB{R: .52, G: .58, B: .22}, float32(die))
	seed := uint64(die * 1e6)
	from := len(b.Mesh.Vertices)
	clumps, round := 3, 5
	if near {
		clumps, round = 6, 6
	}
	for i := range clumps {
		s, c := math.Sincos(float64(i)*2.39996 + die*3)
		t := float64(i) / float64(clumps)
		r := .95 * size * math.Sqrt(max(0, 1-t*t)) * min(1, .45+t*2)
		q := (.86 - .26*t) * size
		if !near {
			r, q = r*.6, q*1.22
		}
		mid := v3(s*r, h*(.80+.34*t), c*r)
		tone := model.Dim(green, float32(.85+.25*chance(seed, i, 21)))
		b.Paint(tone, model.Leaf)
		if near {
			b.Paint(model.Dim(tone, .74), model.Leaf)
		}
		b.Ball(mid, v3(q, q*.8, q), round)
		if near {
			leaves(b, mid, q, size, tone, seed, i)
		}
	}
	for i := from; i < len(b.Mesh.Vertices); i++ {
		v := &b.Mesh.Vertices[i]
		low := (float64(v.Y) - h*.62) / (h * .6)
		v.Open = int8(float64(v.Open) * max(.5, min(1, .55+.5*low)))
	}
}

// leaves set quadrangles on a clump where a golden spiral meets it.
func leaves(b *model.Builder, mid r3.Vec, q, size float64, tone world.RGB, seed uint64, clump int) {
	const n = 26
	for k := range n {
		y := 1 - 2*(float64(k)+.5)/n
		sk, ck := math.Sincos(float64(k)*2.39996 + float64(clump))
		out := v3(math.Sqrt(1-y*y)*sk, y, math.Sqrt(1-y*y)*ck)
		at := r3.Add(mid, v3(out.X*q*1.02, out.Y*q*.82, out.Z*q*1.02))
		side := r3.Unit(r3.Cross(out, v3(chance(seed, k, 22)-.5, .3, chance(seed, k, 23)-.5)))
		tip := r3.Unit(r3.Add(r3.Cross(side, out), r3.Scale(.25+.4*chance(seed, k+clump*80, 24), out)))
		long, wide := (.25+.15*chance(seed, k, 25))*size, .115*size
		b.Paint(model.Dim(tone, float32(.8+.5*chance(seed, k+clump*80, 26))), model.Leaf)
		mid2 := r3.Add(at, r3.Scale(.45*long, tip))
		p0, p1 := r3.Sub(mid2, r3.Scale(wide, side)), r3.Add(mid2, r3.Scale(wide, side))
		first := len(b.Mesh.Vertices)
		end := r3.Add(at, r3.Scale(long, tip))
		if r3.Dot(r3.Cross(r3.Sub(end, at), r3.Sub(p0, p1)), out) < 0 { // each looks out of the crown
			p0, p1 = p1, p0
		}
		b.Quad(at, p1, end, p0)
		// Lit like the clump, not like a scatter of mirrors.
		for j := first; j < len(b.Mesh.Vertices); j++ {
			b.Mesh.Vertices[j].Normal = [3]int8{int8(out.X * 127), int8(out.Y * 127), int8(out.Z * 127)}
		}
	}
}
