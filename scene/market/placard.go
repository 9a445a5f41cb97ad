//go:build cgo

package market

import (
	"cmp"
	"math"
	"slices"

	"github.com/go-gl/gl/v3.3-core/gl"
	"gonum.org/v1/gonum/spatial/r3"
)

// Placards are the pedestals' signs and people's names, turned to the visitor.
// Of those that would cover one another the nearer shows, and the other fades until there is room.
const (
	labelWide   = 512.0 // of a label's sheet, in the unit of its styles
	labelHigh   = 128.0
	signsWithin = 14.0 // metres to which pedestals' signs are shown,
	namesWithin = 22.0 // and people's names
	placardFade = .25  // seconds for one to give way, or to come back
	covered     = .06  // part of a placard that another may cover
)

// placard is a label where it hangs in this frame, and how much of it shows.
type placard struct {
	x0, x1, y0, y1 float64 // of its plate, for a label one unit wide
	level          float64 // part that shows: 0 where it gives way to another
	at             r3.Vec  // the middle of its sheet
	wide           float64 // metres
	alpha          float64 // by distance and by what it belongs to
	rank           float64 // the lower the more important
	array          uint32
	label          span
}

// measure takes the size of a label's plate from its triangles.
func (q *placard) measure(p *prints) {
	q.x0, q.x1, q.y0, q.y1 = 0, 0, 0, 0
	for _, v := range p.vertices {
		q.x0, q.x1 = min(q.x0, float64(v.X)), max(q.x1, float64(v.X))
		q.y0, q.y1 = min(q.y0, float64(v.Y)), max(q.y1, float64(v.Y))
	}
}

// pane is a rectangle of the view, in tangents of angles from its middle.
type pane struct{ x0, x1, y0, y1 float64 }

func (a *pane) area() float64 { return max(0, a.x1-a.x0) * max(0, a.y1-a.y0) }

// shared is the area that two have in common.
func (a *pane) shared(b *pane) float64 {
	c := pane{max(a.x0, b.x0), min(a.x1, b.x1), max(a.y0, b.y0), min(a.y1, b.y1)}
	return c.area()
}

// seen is where the placard is in the view; false where it is behind the eye.
func (q *placard) seen(c *camera) (pane, bool) {
	d := r3.Sub(q.at, c.eye)
	z := r3.Dot(d, c.ahead)
	if z < .2 {
		return pane{}, false
	}
	x, y, w := r3.Dot(d, c.right)/z, r3.Dot(d, c.up)/z, q.wide/z
	return pane{x + q.x0*w, x + q.x1*w, y + q.y0*w, y + q.y1*w}, true
}

// hang lists the placards of the frame, the most important first, and lets each
// fade in or out by dt seconds.
func (s *Scene) hang(dt float64) {
	s.placards = s.placards[:0]
	for i := range s.things.all {
		x := &s.things.all[i]
		if !x.label.there() || x.distance > signsWithin || !s.stands.sees(s, x.slot) {
			continue
		}
		q := &x.placard
		q.array, q.label = s.prints.array, x.label.all()
		q.wide = max(.6, min(1.35, .36*x.distance))
		q.at = r3.Add(s.plan.Slots[x.slot].Pos, v3(0, x.size.Y+.06+q.wide*.17, 0))
		q.alpha = x.fade * min(1, (signsWithin-x.distance)/3)
		q.rank = x.distance
		if s.focus.slot == x.slot {
			q.rank = 0
		}
		s.placards = append(s.placards, q)
	}
	for i := range s.people.all {
		f := &s.people.all[i]
		d := r3.Norm(r3.Sub(f.pose.Pos, s.cam.eye))
		if f.label.array == 0 || !f.there || d >= namesWithin || d <= .6 {
			continue
		}
		q := &f.placard
		q.array, q.label = f.label.array, span{0, f.label.count}
		q.wide = max(.4, min(.9, .16*d))
		q.at = r3.Add(f.pose.Pos, v3(0, .28, 0))
		q.alpha, q.rank = min(1, (namesWithin-d)/4), d
		s.placards = append(s.placards, q)
	}
	slices.SortFunc(s.placards, func(a, b *placard) int { return cmp.Compare(a.rank, b.rank) })
	s.giveWay(dt)
}

// giveWay lets those placards fade of which more important ones would cover too much.
func (s *Scene) giveWay(dt float64) {
	s.taken = s.taken[:0]
	for _, q := range s.placards {
		w, ok := q.seen(&s.cam)
		want := 1.0
		if ok {
			allowed := covered * w.area()
			if q.level > .5 { // what shows does not go for a trifle
				allowed *= 2
			}
			for i := range s.taken {
				if w.shared(&s.taken[i]) > allowed {
					want = 0
				}
			}
			if want > 0 {
				s.taken = append(s.taken, w)
			}
		}
		if step := dt / placardFade; !s.drawn || s.opt.ReducedMotion {
			q.level = want
		} else {
			q.level = max(min(want, q.level+step), q.level-step)
		}
	}
}

// drawLabels draws the placards, the least important first.
func (s *Scene) drawLabels() {
	began := false
	for i := len(s.placards) - 1; i >= 0; i-- {
		q := s.placards[i]
		if q.level*q.alpha <= 0 {
			continue
		}
		if !began {
			began = true
			gl.Enable(gl.BLEND)
			// The picture's alpha says where ambient occlusion may darken: not words.
			gl.BlendFuncSeparate(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA, gl.ZERO, gl.ONE_MINUS_SRC_ALPHA)
			s.use(s.label)
			gl.DepthMask(false)
		}
		d := r3.Sub(s.cam.eye, q.at)
		s.model = spin(q.at, math.Atan2(d.X, d.Z))
		for k := range 8 {
			s.model[k] *= float32(q.wide)
		}
		gl.UniformMatrix4fv(s.label.at("uModel"), 1, false, &s.model[0])
		gl.Uniform1f(s.label.at("uFade"), float32(q.level*q.alpha))
		s.drawSpan(q.array, q.label)
	}
	if began {
		gl.DepthMask(true)
		gl.Disable(gl.BLEND)
	}
}

// labelOf are the triangles of a label one unit wide around the origin, with
// rounded ends and lines of text, just as wide as they need; no lines make no label.
func labelOf(l *letters, lines []line) (p prints) {
	if len(lines) == 0 {
		return p
	}
	ground, ink := [4]uint8{250, 244, 230, 225}, [4]uint8{52, 36, 24, 255}
	t := sheet{v3(-.5, -.125, 0), v3(1, 0, 0), v3(0, .25, 0), labelWide, labelHigh}
	letters := l.lay(nil, t.w, t.h, lines...)
	x0, x1, y0, y1 := t.w/2, t.w/2, t.h/2, t.h/2
	for _, q := range letters {
		x0, x1, y0, y1 = min(x0, q.x0), max(x1, q.x1), min(y0, q.y0), max(y1, q.y1)
	}
	const border = 12 / labelWide
	v, idx := rounded(x0/labelWide-.5-border, y0/labelWide-.125-border/2, x1/labelWide-.5+border, y1/labelWide-.125+border/2, ground)
	for _, q := range letters {
		v, idx = t.quad(v, idx, q.x0, q.y0, q.x1, q.y1, q.region, ground, ink)
	}
	return prints{v, idx}
}

// rounded is a plate with round corners.
func rounded(x0, y0, x1, y1 float64, c [4]uint8) (v []printVertex, idx []uint32) {
	add := func(x, y float64) {
		v = append(v, printVertex{X: float32(x), Y: float32(y), U: plate.U0, V: plate.V0, Normal: [4]int8{0, 0, 127, 127}, Ground: c, Ink: c})
	}
	add((x0+x1)/2, (y0+y1)/2)
	const n = 4
	r := min(.05, (y1-y0)/2)
	for _, c := range [4][3]float64{{x1 - r, y1 - r, 0}, {x0 + r, y1 - r, 1}, {x0 + r, y0 + r, 2}, {x1 - r, y0 + r, 3}} {
		for k := 0; k <= n; k++ {
			sn, co := math.Sincos((c[2] + float64(k)/n) * math.Pi / 2)
			add(c[0]+r*co, c[1]+r*sn)
		}
	}
	for i := 1; i < len(v); i++ {
		j := i + 1
		if j == len(v) {
			j = 1
		}
		idx = append(idx, 0, uint32(i), uint32(j))
	}
	return v, idx
}
