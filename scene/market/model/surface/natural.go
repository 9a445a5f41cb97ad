package surface

import "math"

// wood is four boards glued side by side: the rings of the trunk cut lengthwise,
// fine fibres, and here and there a knot around which the grain flows. The knots are
// small and pale: on a wall the eye finds what repeats.
func wood(f field) func(u, v float64) texel {
	const boards = 4
	type knot struct{ board, u, v, size float64 }
	var knots []knot
	for i := range 2 {
		board := float64(wrap(int(f.hash(i, 0, 90)), boards))
		if i == 1 && board == knots[0].board {
			board = math.Mod(board+2, boards)
		}
		knots = append(knots, knot{board, (board + .3 + .4*f.part(i, 1, 91)) / boards, (float64(i) + .8*f.part(i, 2, 92)) / 2, .007 + .006*f.part(i, 3, 93)})
	}
	return func(u, v float64) texel {
		at := u * boards
		board := int(at)
		x := at - float64(board) - .5
		own := f.part(board, 0, 94)
		// How far the cut lies from the trunk's middle decides between
		// straight lines and flames.
		centre := (own - .5) * 1.3
		sway := .16 * f.noise(.5, v, 1, 2, uint64(100+board))
		bend := .55 * f.noise(u, v, 8, 3, 110)
		ring := math.Abs(x-centre+sway)*9 + bend + 1.4*math.Sin(2*math.Pi*v+own*20)*own
		knotted, dark := 0.0, 0.0
		for _, k := range knots {
			if int(k.board) != board {
				continue
			}
			du, dv := u-k.u, v-k.v
			dv -= math.Round(dv)
			d := math.Hypot(du, dv*.45) / k.size
			if d > 8 {
				continue
			}
			pull := math.Exp(-d * d / 9)
			ring += 1.9 * pull
			knotted = max(knotted, step(1.5, .9, d))
			dark = max(dark, math.Exp(-d*d/2.2)*(.75+.25*math.Sin(d*9)))
		}
		rest := ring - math.Floor(ring)
		late := rest * rest * rest * step(1, .93, rest) // dark late wood ends sharply
		fibre := f.noise(u, v, 128, 6, 120) + .6*f.noise(u, v, 72, 3, 121)
		pores := step(.45, .9, f.noise(u, v, 96, 10, 122))
		t := .17 - .42*late + .10*fibre - .16*pores + .16*(own-.5) + .07*f.layers(u, v, 4, 2, 2, 130)
		t -= .26*dark + .06*knotted
		edge := .5 - math.Abs(x)
		t -= .28 * step(.018, .004, edge)
		// Dark wood is redder.
		return texel{t * .94, t, t*1.08 - .02*late, max(.35, .85-.3*late-.25*pores)}
	}
}

// stone is grains of several minerals, with a thin vein.
func stone(f field) func(u, v float64) texel {
	return func(u, v float64) texel {
		cloud := f.layers(u, v, 4, 4, 3, 1)
		a, b, big := f.cells(u, v, 56, 10)
		near, _, small := f.cells(u, v, 90, 20)
		soft := step(0, .3, b-a)
		t := .12*cloud + .06*f.noise(u, v, 128, 128, 30)
		warm := 0.0
		switch {
		case big > .9:
			t -= .22 * soft
		case big > .74:
			t += .13 * soft
			warm = .04
		case big > .62:
			t -= .09 * soft
			warm = -.02
		}
		if small > .92 {
			t -= .26 * step(.5, .2, near)
		}
		vein := math.Abs(f.layers(u, v, 2, 2, 3, 40))
		t += .12 * step(.03, .0, vein)
		return texel{t + warm, t + .5*warm, t - .4*warm, .8 + .2*big}
	}
}

// leather is a hide: swollen cells with creases between them.
func leather(f field) func(u, v float64) texel {
	return func(u, v float64) texel {
		wu, wv := u+.01*f.noise(u, v, 12, 12, 1), v+.01*f.noise(u, v, 12, 12, 2)
		a, b, own := f.cells(wu, wv, 34, 3)
		c, d, _ := f.cells(wu, wv, 76, 4)
		crease := step(.16, .0, b-a)
		fine := step(.2, .0, d-c)
		t := .10 - .24*crease - .08*fine + .07*(own-.5) + .09*(.4-a) + .10*f.layers(u, v, 3, 3, 2, 5)
		return grey(t, 1-.6*crease-.25*fine)
	}
}

// leaf is one leaf: a rib along the middle, veins that leave it, and between
// them a fine net.
func leaf(f field) func(u, v float64) texel {
	return func(u, v float64) texel {
		side := math.Abs(u - .5)
		rib := step(.028, .008, side)
		line := v*9 - side*7 + .12*f.noise(u, v, 6, 6, 1)
		vein := math.Abs(line - math.Round(line))
		veins := step(.16, .03, vein) * step(.5, .38, side)
		a, b, _ := f.cells(u, v, 40, 2)
		net := step(.14, .02, b-a)
		t := .22*rib + .17*veins + .05*net - .09*vein + .08*f.layers(u, v, 4, 4, 3, 3)
		return texel{t*1.05 + .05*rib, t, t * .9, .9 - .3*veins - .2*net}
	}
}

// paper is fibres in all directions, faint.
func paper(f field) func(u, v float64) texel {
	return func(u, v float64) texel {
		t := .04*f.layers(u, v, 6, 6, 3, 1) + .03*f.noise(u, v, 120, 120, 5)
		for i, salt := range []uint64{11, 12, 13, 14} {
			// Fibres are the zero lines of slow noise, here and there.
			n := 9 + 4*i
			line := math.Abs(f.noise(u, v, n, n, salt))
			there := step(.1, .5, f.noise(u, v, n+3, n+3, salt+10))
			t += (.10 - .2*float64(i%2)) * step(.05, 0, line) * there
		}
		return grey(t, 1)
	}
}

// plaster is clouds and a fine grain, with small pits.
func plaster(f field) func(u, v float64) texel {
	return func(u, v float64) texel {
		a, _, own := f.cells(u, v, 42, 3)
		pit := 0.0
		if own > .9 {
			pit = step(.32, .1, a)
		}
		t := .12*f.layers(u, v, 3, 3, 5, 1) + .05*f.noise(u, v, 128, 128, 2) - .2*pit
		return grey(t, .9-.4*pit)
	}
}
