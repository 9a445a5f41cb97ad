package market

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/market/model"
	"souk/world"
)

func clockTower(t *tower) {
	t.Paint(t.pale, model.Stone)
	t.taper(.95, .85, 2.8, 9)
	t.Paint(t.colour, model.Wood)
	t.block(1.05, 9, 9.25)
	t.Paint(t.pale, model.Stone)
	t.block(.95, 9.25, 11)
	for range 4 { // the faces say about ten to two, as clocks in pictures do
		t.Turn(math.Pi/2, v3(0, 1, 0))
		n := t.sides + 2
		at := func(r float64, k int, z float64) r3.Vec {
			s, c := math.Sincos(float64(k) / float64(n) * 2 * math.Pi)
			return v3(r*s, 10.1+r*c, z)
		}
		for i := range n {
			t.Paint(world.RGB{R: 1, G: .95, B: .80}, model.Glow)
			t.Tri(v3(0, 10.1, .965), at(.62, i+1, .965), at(.62, i, .965))
			if t.near {
				t.Paint(t.roof, model.Matt)
				t.Quad(at(.62, i, .97), at(.62, i+1, .97), at(.72, i+1, .97), at(.72, i, .97))
			}
		}
		t.Paint(darkest, model.Matt)
		t.Quad(v3(-.03, 10.08, .98), v3(.03, 10.1, .98), v3(-.30, 10.42, .98), v3(-.36, 10.38, .98))
		t.Quad(v3(-.03, 10.1, .98), v3(.03, 10.08, .98), v3(.46, 10.36, .98), v3(.42, 10.40, .98))
	}
	t.Paint(t.roof, model.Ceramic)
	t.taper(1.15, .05, 11, 13)
	t.finial(12.9)
}

func onionDome(t *tower) {
	t.Paint(t.pale, model.Stone)
	t.Facets(8, rim(1.15, 2.8), rim(1.0, 7.2), rim(1.15, 7.3), rim(1.15, 7.6))
	t.opening(1.0, 5.2, 6.4, .28, true)
	t.Paint(t.roof, model.Ceramic)
	t.Lathe(t.sides, rim(1.0, 7.6), rim(1.45, 8.3), rim(1.5, 9.0), rim(1.1, 10.0), rim(.5, 10.7), rim(.14, 11.4), rim(0, 11.7))
	t.finial(11.5)
}

func pagoda(t *tower) {
	for i := range 4 {
		y, w := 2.8+2.05*float64(i), 1.15-.2*float64(i)
		t.Paint(model.Mix(t.pale, world.RGB{R: .62, G: .18, B: .12}, .55), model.Wood)
		t.block(w*.72, y, y+1.3)
		t.opening(w*.72, y+.25, y+.85, w*.3, true)
		t.Paint(t.roof, model.Ceramic)
		t.taper(w*1.5, w*.6, y+1.25, y+2.0)
		if t.near { // eaves turn up
			for range 4 {
				t.Turn(math.Pi/2, v3(0, 1, 0))
				e := w * 1.5
				t.Tri(v3(e*.6, y+1.26, e), v3(e*1.08, y+1.62, e*1.08), v3(e*.9, y+1.5, e*.9))
				t.Tri(v3(e, y+1.26, e*.6), v3(e*.9, y+1.5, e*.9), v3(e*1.08, y+1.62, e*1.08))
			}
		}
	}
	t.finial(10.9)
}

func windmill(t *tower) {
	t.Paint(t.pale, model.Stone)
	t.Lathe(t.sides, rim(1.2, 2.8), rim(.85, 8.4))
	t.opening(.98, 5, 5.9, .22, true)
	t.Paint(t.roof, model.Wood)
	t.Lathe(t.sides, rim(1.05, 8.4), rim(.75, 9.4), rim(0, 10))
	t.Paint(timber, model.Wood)
	for k := range 4 { // sails of lattice and cloth, a little turned
		a := .35 + float64(k)*math.Pi/2
		s, c := math.Sincos(a)
		at := func(r, side float64) r3.Vec { return v3(r*s+side*c, 8.7+r*c-side*s, 1.28) }
		t.Paint(timber, model.Wood)
		t.Quad(at(0, -.05), at(0, .05), at(3.6, .05), at(3.6, -.05))
		t.Quad(at(0, .05), at(0, -.05), at(3.6, -.05), at(3.6, .05))
		t.Paint(model.Mix(t.colour, cream, .35), model.Cloth)
		t.Quad(at(.8, .05), at(.8, .75), at(3.5, .75), at(3.5, .05))
		t.Quad(at(.8, .75), at(.8, .05), at(3.5, .05), at(3.5, .75))
	}
	t.Paint(darkest, model.Metal)
	t.Quad(v3(-.18, 8.52, 1.32), v3(.18, 8.52, 1.32), v3(.18, 8.88, 1.32), v3(-.18, 8.88, 1.32))
}

func lanternMast(t *tower) {
	t.Paint(timber, model.Wood)
	t.posts(.75, 2.8, 5.6, .09)
	t.block(.95, 5.6, 5.8)
	t.post(0, 0, 5.8, 12.4, .10)
	for i, y := range []float64{11.2, 8.9, 6.7} {
		r := .75 + .22*float64(i)
		t.Paint(model.Mix(candle, t.colour, .35), model.Glow)
		t.Lathe(t.sides, rim(r*.45, y-.75), rim(r*.9, y-.5), rim(r, y), rim(r*.9, y+.5), rim(r*.45, y+.75))
		t.Paint(t.roof, model.Wood)
		t.Lathe(t.sides, rim(r*.6, y+.72), rim(r*.35, y+.95), rim(0, y+1))
	}
	t.finial(12.2)
}

func minaret(t *tower) {
	t.Paint(t.pale, model.Stone)
	t.Lathe(t.sides, rim(.95, 2.8), rim(.72, 9.2), rim(1.15, 9.7), rim(1.15, 10.1), rim(.55, 10.15))
	t.Paint(t.colour, model.Ceramic)
	for _, y := range []float64{4.4, 6.8} {
		r := .96 - (y-2.8)*.036
		t.Lathe(t.sides, rim(r+.02, y), rim(r, y+.45))
	}
	t.Paint(model.Mix(candle, t.colour, .15), model.Glow)
	t.Lathe(6, rim(.5, 10.1), rim(.5, 11.4))
	t.Paint(t.roof, model.Ceramic)
	t.Lathe(t.sides, rim(.75, 11.4), rim(.55, 12.2), rim(0, 13.4))
	t.finial(13.2)
}

func beacon(t *tower) {
	t.Paint(model.Dim(timber, .8), model.Wood)
	for range 4 { // four legs lean together
		t.Turn(math.Pi/2, v3(0, 1, 0))
		t.Quad(v3(.85, 2.8, 1.05), v3(1.05, 2.8, .85), v3(.46, 9, .30), v3(.30, 9, .46))
		t.Quad(v3(1.05, 2.8, .85), v3(.85, 2.8, 1.05), v3(.30, 9, .46), v3(.46, 9, .30))
		for _, y := range []float64{4.6, 6.6} {
			r := .98 - (y-2.8)*.092
			t.Quad(v3(-r, y, r), v3(r, y, r), v3(r, y+.14, r), v3(-r, y+.14, r))
			t.Quad(v3(r, y, r-.03), v3(-r, y, r-.03), v3(-r, y+.14, r-.03), v3(r, y+.14, r-.03))
		}
	}
	t.Paint(world.RGB{R: .72, G: .42, B: .24}, model.Metal)
	t.Lathe(t.sides, rim(.2, 8.8), rim(.9, 9.3), rim(1.15, 9.9))
	t.Lathe(t.sides, rim(1.15, 9.9), rim(.2, 9.5))
	t.Paint(world.RGB{R: 1, G: .62, B: .22}, model.Glow)
	for i := range 3 {
		s, c := math.Sincos(float64(i) * 2.1)
		from := v3(.35*s, 9.6, .35*c)
		t.Ball(r3.Add(from, v3(0, .4, 0)), v3(.34, .75-.12*float64(i), .34), 5)
	}
}

func belfry(t *tower) {
	t.Paint(t.pale, model.Stone)
	t.block(1.0, 2.8, 7.6)
	t.Paint(t.colour, model.Stone)
	t.block(1.12, 7.6, 7.85)
	t.Paint(t.pale, model.Stone)
	t.posts(.8, 7.85, 10, .16)
	t.Paint(world.RGB{R: .74, G: .56, B: .26}, model.Metal)
	t.Lathe(t.sides, rim(.52, 8.35), rim(.40, 8.7), rim(.30, 9.3), rim(.10, 9.55), rim(0, 9.6))
	t.Paint(t.roof, model.Ceramic)
	t.taper(1.25, .95, 10, 10.4)
	t.taper(.95, .04, 10.4, 12.6)
	t.finial(12.5)
}

func obelisk(t *tower) {
	t.Paint(model.Mix(stone, t.colour, .12), model.Stone)
	t.block(1.05, 2.8, 3.7)
	t.taper(.80, .46, 3.7, 11.2)
	t.Paint(brassKnob, model.Metal)
	t.taper(.46, .01, 11.2, 12.2)
	t.Paint(t.colour, model.Ceramic)
	for _, y := range []float64{5.2, 7.4, 9.6} {
		h := .80 - (y-3.7)*.0453
		t.taper(h+.03, h+.01, y, y+.5)
	}
}

func kiosk(t *tower) {
	t.Paint(t.pale, model.Wood)
	t.posts(.9, 2.8, 6.2, .10)
	t.Paint(model.Mix(candle, t.colour, .2), model.Glow)
	t.Ball(v3(0, 4.7, 0), v3(.55, .6, .55), t.sides)
	t.Paint(t.roof, model.Ceramic)
	t.Facets(8, rim(1.6, 6.1), rim(.9, 7.4), rim(.55, 7.6))
	t.Paint(t.pale, model.Stone)
	t.Facets(8, rim(.55, 7.6), rim(.55, 8.8))
	t.Paint(t.roof, model.Ceramic)
	t.Facets(8, rim(.95, 8.7), rim(.4, 9.8), rim(0, 11.2))
	t.finial(11)
}

func pigeonTower(t *tower) {
	t.Paint(model.Mix(t.pale, world.RGB{R: .78, G: .55, B: .36}, .5), model.Stone)
	t.Lathe(t.sides, rim(1.15, 2.8), rim(1.05, 6.5), rim(1.25, 6.7), rim(.95, 7.0), rim(.90, 9.6), rim(1.05, 9.8), rim(.75, 10.1), rim(.55, 11.6), rim(0, 11.8))
	t.Paint(world.RGB{R: .22, G: .16, B: .13}, model.Matt)
	if t.near {
		for i := range 16 {
			a := float64(i) * math.Pi / 4
			y := 7.6 + float64(i/8)*.9
			s, c := math.Sincos(a + float64(i/8)*.39)
			r := .96
			side := v3(c*.1, 0, -s*.1)
			q := v3(s*r, y, c*r)
			t.Quad(r3.Sub(q, side), r3.Add(q, side), r3.Add(r3.Add(q, side), v3(0, .24, 0)), r3.Add(r3.Sub(q, side), v3(0, .24, 0)))
		}
	}
	t.Paint(t.colour, model.Ceramic)
	t.Lathe(t.sides, rim(1.08, 5.2), rim(1.08, 5.8))
	t.finial(11.7)
}

func ship(t *tower) {
	t.Paint(timber, model.Wood)
	t.post(0, 0, 2.8, 12.6, .09)
	t.Paint(darkest, model.Wood)
	t.Quad(v3(-1.7, 10.2, 0), v3(1.7, 10.2, 0), v3(1.7, 10.32, 0), v3(-1.7, 10.32, 0))
	t.Quad(v3(1.7, 10.2, 0), v3(-1.7, 10.2, 0), v3(-1.7, 10.32, 0), v3(1.7, 10.32, 0))
	n := 1
	if t.near {
		n = 5
	}
	// A sail of the district's colour bellies in the wind, with stripes.
	at := func(u, v float64) r3.Vec {
		return v3((u*2-1)*(1.6-.25*v), 10.2-5.4*v, .75*math.Sin(math.Pi*u)*math.Sin(math.Pi*v*.9))
	}
	for i := range n {
		for j := range n {
			c := t.colour
			if i%2 == 1 {
				c = model.Mix(t.colour, cream, .85)
			}
			t.Paint(c, model.Cloth)
			u0, u1, w0, w1 := float64(i)/float64(n), float64(i+1)/float64(n), float64(j)/float64(n), float64(j+1)/float64(n)
			t.Quad(at(u0, w1), at(u1, w1), at(u1, w0), at(u0, w0))
			t.Quad(at(u1, w1), at(u0, w1), at(u0, w0), at(u1, w0))
		}
	}
	t.Paint(t.roof, model.Cloth)
	for _, s := range []float64{1, -1} {
		t.Tri(v3(.09*s, 12.5, 0), v3(1.5*s, 12.2, .2*s), v3(.09*s, 11.9, 0))
		t.Tri(v3(.09*s, 11.9, 0), v3(1.5*s, 12.2, .2*s), v3(.09*s, 12.5, 0))
	}
}

func crown(t *tower) {
	t.Paint(t.pale, model.Stone)
	t.Facets(8, rim(1.0, 2.8), rim(.85, 8.6), rim(1.3, 9.2), rim(1.3, 9.6))
	t.opening(.9, 6, 7.1, .22, true)
	t.Paint(brassKnob, model.Metal)
	for i := range 8 {
		s0, c0 := math.Sincos(float64(i) * math.Pi / 4)
		s1, c1 := math.Sincos(float64(i+1) * math.Pi / 4)
		sm, cm := math.Sincos((float64(i) + .5) * math.Pi / 4)
		p, q, tip := v3(1.25*s0, 9.6, 1.25*c0), v3(1.25*s1, 9.6, 1.25*c1), v3(1.45*sm, 11, 1.45*cm)
		t.Tri(p, q, tip)
		t.Tri(q, p, tip)
	}
	t.Paint(t.colour, model.Glass)
	t.Lathe(t.sides, rim(.7, 9.6), rim(.85, 10.1), rim(.7, 10.7), rim(.3, 11.2), rim(0, 11.5))
	t.finial(11.4)
}
