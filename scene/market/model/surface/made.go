package surface

import "math"

// woven is plain weave: threads over and under one another, no two alike.
func woven(f field) func(u, v float64) texel {
	const n = 36 // threads each way, even: the weave repeats
	return func(u, v float64) texel {
		wu, wv := u+.002*f.noise(u, v, 10, 10, 1), v+.002*f.noise(u, v, 10, 10, 2)
		x, y := wu*n, wv*n
		i, j := int(math.Floor(x)), int(math.Floor(y))
		dx, dy := x-float64(i)-.5, y-float64(j)-.5
		i, j = wrap(i, n), wrap(j, n)
		over := (i+j)%2 == 0
		// across is the way over the upper thread's width, along its length.
		across, along := dx, dy
		thread, slub := f.part(i, 0, 5), f.noise(v, f.part(i, 1, 6), 14, 64, 7)
		if !over {
			across, along = dy, dx
			thread, slub = f.part(0, j, 8), f.noise(u, f.part(1, j, 9), 14, 64, 10)
		}
		round := math.Sqrt(max(0, 1-across*across*4.2)) // the thread's cross-section
		arch := math.Cos(along * math.Pi)               // it dives at its ends
		t := -.42 + .40*round + .24*arch*round + .14*(thread-.5) + .12*slub
		// Twisted fibres lie askew on the thread.
		t += .05 * math.Sin((across*1.4+along*2.2)*2*math.Pi) * round
		t += .05 * f.layers(u, v, 3, 3, 2, 20)
		return grey(t, max(0, .4+.6*arch*round))
	}
}

// wicker is cane woven around stakes.
func wicker(f field) func(u, v float64) texel {
	const stakes, rows = 6, 14
	return func(u, v float64) texel {
		x, y := u*stakes, v*rows
		i, j := int(math.Floor(x)), int(math.Floor(y))
		dx, dy := x-float64(i)-.5, y-float64(j)-.5
		over := (i+j)%2 == 0
		own := f.part(0, wrap(j, rows), 1)
		lift := math.Cos(dx * math.Pi) // the cane's way over this stake
		round := math.Sqrt(max(0, 1-dy*dy*4.1))
		fibre := f.noise(u, v, 10, 140, 3)
		var t, gloss float64
		if over {
			t = -.40 + round*(.42+.26*lift) + .2*(own-.5) + .07*fibre
			gloss = round * (.5 + .5*lift)
		} else {
			// Behind the stake: the cane sinks and the stake shows.
			stake := step(.24, .16, math.Abs(dx))
			back := -.46 + round*(.36-.2*lift) + .2*(own-.5) + .07*fibre
			post := .02 + .26*math.Sqrt(max(0, 1-dx*dx*16)) + .07*f.noise(u, v, 90, 8, 4)
			t = back + (post-back)*stake
			gloss = .3 + .4*stake
		}
		return texel{t * .96, t, t * 1.1, gloss}
	}
}

// brushed is metal with the fine lines of its polishing, and a few scratches.
func brushed(f field) func(u, v float64) texel {
	return func(u, v float64) texel {
		lines := .6*f.noise(u, v, 128, 3, 1) + .5*f.noise(u, v, 64, 2, 2) + .3*f.noise(u, v, 20, 1, 3)
		scratch := step(.04, 0, math.Abs(f.noise(u, v, 5, 5, 4))) * step(.35, .6, f.noise(u, v, 7, 7, 5))
		t := .13*lines + .06*f.layers(u, v, 3, 3, 3, 6) + .12*scratch
		return grey(t, max(0, min(1, .82+.16*lines-.3*scratch)))
	}
}

// glaze has run and pooled, has a few specks, and a net of fine cracks.
func glaze(f field) func(u, v float64) texel {
	return func(u, v float64) texel {
		wu, wv := u+.015*f.noise(u, v, 8, 8, 1), v+.015*f.noise(u, v, 8, 8, 2)
		a, b, own := f.cells(wu, wv, 11, 3)
		crack := step(.045, .01, b-a)
		c, _, speck := f.cells(u, v, 34, 4)
		spot := 0.0
		if speck > .9 {
			spot = step(.28, .12, c)
		}
		t := .10*f.layers(u, v, 3, 2, 3, 5) + .03*(own-.5) - .17*crack - .22*spot
		return texel{t + .03*spot, t, t - .03*spot, 1 - .35*crack - .3*spot}
	}
}

// glass is all but clear: slow swirls, and a bubble here and there.
func glass(f field) func(u, v float64) texel {
	return func(u, v float64) texel {
		swirl := f.noise(u+.12*f.noise(u, v, 3, 3, 1), v+.05*f.noise(u, v, 3, 3, 2), 5, 2, 3)
		a, _, own := f.cells(u, v, 16, 4)
		bubble := 0.0
		if own > .86 {
			size := .1 + .5*(own-.86)
			bubble = step(size, size*.8, a) - 1.4*step(size*.85, size*.5, a)
		}
		return grey(.06*swirl+.12*bubble, 1)
	}
}

// shade is the cloth of a lamp's shade: fine ribs with the light behind them.
func shade(f field) func(u, v float64) texel {
	const ribs = 40
	return func(u, v float64) texel {
		rib := math.Cos(2 * math.Pi * u * ribs)
		t := .04*rib + .04*f.noise(u, v, 60, 4, 1) + .03*f.noise(u, v, 6, 90, 2) + .05*f.layers(u, v, 3, 3, 2, 3)
		return grey(t, 1)
	}
}
