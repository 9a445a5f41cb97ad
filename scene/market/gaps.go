package market

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world/plan"
)

// gap is a place between four stalls, side by side and back to back, that is
// too narrow for people: what stands there is in nobody's way.
type gap struct {
	at       r3.Vec // on the ground
	district int
	used     bool
}

// gapsOf lists a market's gaps in the order of its stalls.
func gapsOf(p *plan.Plan) []gap {
	type spot struct{ x, z int }
	key := func(x, z float64) spot { return spot{int(math.Round(x * 20)), int(math.Round(z * 20))} }
	there := map[spot]bool{}
	for i := range p.Stalls {
		c := p.Stalls[i].Box.Center()
		there[key(c.X, c.Z)] = true
	}
	var all []gap
	const pitch, back = plan.StallWidth + plan.StallGap, plan.StallDepth + plan.BackGap
	for i := range p.Stalls {
		s := &p.Stalls[i]
		if faceSouth(s) { // each pair of rows once: from the row whose back is at its larger z
			continue
		}
		c := s.Box.Center()
		if there[key(c.X+pitch, c.Z)] && there[key(c.X, c.Z+back)] && there[key(c.X+pitch, c.Z+back)] {
			all = append(all, gap{at: v3(c.X+pitch/2, 0, c.Z+back/2), district: int(s.District)})
		}
	}
	return all
}

// streetRows are where pairs of rows end at the main street on both sides: the z
// of the gap between them.
func streetRows(p *plan.Plan) []float64 {
	const first, back = plan.StreetWidth/2 + plan.StallGap/2 + plan.StallWidth/2, plan.StallDepth + plan.BackGap
	type spot struct{ x, z int }
	there := map[spot]bool{}
	side := func(x float64) int { return int(math.Round(x * 20)) }
	for i := range p.Stalls {
		c := p.Stalls[i].Box.Center()
		there[spot{side(c.X), side(c.Z)}] = true
	}
	var rows []float64
	for i := range p.Stalls {
		s := &p.Stalls[i]
		c := s.Box.Center()
		if faceSouth(s) || side(c.X) != side(first) {
			continue
		}
		if there[spot{side(first), side(c.Z + back)}] && there[spot{side(-first), side(c.Z)}] && there[spot{side(-first), side(c.Z + back)}] {
			rows = append(rows, c.Z+back/2)
		}
	}
	return rows
}
