package focus

import (
	"math"

	"souk/attention/gaze"
	"souk/world"
	"souk/world/plan"
)

// clue is the evidence for one slot: the mean log-likelihood of gaze, given
// that its item is attended, over the recent part of the fixation.
type clue struct {
	mean  float64
	round uint32          // when it was last brought up to date
	item  world.ItemIndex // whose it is: a swap makes it void
}

// nearby is a view close enough to gaze to matter.
type nearby struct {
	view  int32
	score float64 // log of prior × likelihood
}

// farAway is how many S from a silhouette gaze says nothing any more.
const farAway = 5

// farLikelihood is the log-likelihood out there.
const farLikelihood = -farAway * farAway / 2.0

// leastVisible keeps an item that is all but hidden from having no prior at all.
const leastVisible = 0.05

// posterior is the probability of each item in view, and of none of them,
// given the fixation so far; step is how much of it is new, seconds.
//
// The likelihood of gaze at angle d from an item's silhouette is
// exp(−d²/2S²), with a slight preference for its middle (Nuthmann and
// Henderson 2010 found looks to land there); "nothing" explains gaze as well as
// an item does that is Config.Nothing·S away. Samples of one fixation are
// correlated, so their log-likelihoods are averaged (over Memory), and count as
// so many independent looks as time and the source's bias allow: between the one of
// a single sample and the sum that would pretend independence. The prior knows
// how visible an item is and which one was in focus last.
func (k *Tracker) posterior(t float64, e *gaze.Event, step float64) Focus {
	src := k.cfg.For(e.Source)
	age := max(0, t-e.T0)
	fresh := !k.fixOK || k.fixT0 != e.T0
	if fresh {
		k.fixOK, k.fixT0 = true, e.T0
		k.round++ // no clue is of the round before: all start anew
	}
	k.round++
	share := 1.0
	if !fresh && age > 0 {
		share = min(1, step/min(age, k.cfg.Memory))
	}
	looks := min(src.Looks, 1+age/k.cfg.LookTime)

	dir := [3]float64{e.Latest.X, e.Latest.Y, e.Latest.Z}
	reach := farAway * src.S
	held := k.held
	if t-k.heldT > k.cfg.Aside {
		held = world.NoItem
	}
	sticky := math.Log(k.cfg.Sticky)

	k.near = k.near[:0]
	nothing := -looks*k.cfg.Nothing*k.cfg.Nothing/2 + math.Log(k.cfg.NothingPrior)
	top := nothing
	for i := range k.views {
		v := &k.views[i]
		// 2·(1−cos θ) is a little less than θ², so that nothing near is missed.
		gap := reach + float64(max(v.HalfWidth, v.HalfHeight))
		cos := dir[0]*float64(v.Dir[0]) + dir[1]*float64(v.Dir[1]) + dir[2]*float64(v.Dir[2])
		if 2*(1-cos) > gap*gap {
			continue
		}
		dist, inside := silhouette(v, dir)
		d := dist / src.S
		like := max(farLikelihood, -d*d/2-k.cfg.Centre*inside)
		c := &k.clues[v.Slot]
		if fresh || c.round != k.round-1 || c.item != v.Item {
			c.mean = farLikelihood
		}
		c.mean += share * (like - c.mean)
		c.round, c.item = k.round, v.Item
		score := looks*c.mean + math.Log(max(leastVisible, 1-float64(v.Occluded)))
		if v.Item == held {
			score += sticky
		}
		k.near = append(k.near, nearby{view: int32(i), score: score})
		top = max(top, score)
	}
	return k.decide(t, nothing, top, e.Source)
}

// decide turns the scores into probabilities and the best of them into a focus.
func (k *Tracker) decide(t, nothing, top float64, source world.AttentionSource) Focus {
	total := math.Exp(nothing - top)
	pNothing := total
	best, second := -1, -1
	for i := range k.near {
		n := &k.near[i]
		n.score = math.Exp(n.score - top)
		total += n.score
		switch {
		case best < 0 || n.score > k.near[best].score:
			if best >= 0 && k.item(best) != k.item(i) {
				second = best
			}
			best = i
		case k.item(i) != k.item(best) && (second < 0 || n.score > k.near[second].score):
			second = i
		}
	}
	f := None(source)
	f.P = float32(pNothing / total)
	if best < 0 {
		return f
	}
	p := k.near[best].score / total
	if p < k.cfg.Certain {
		f.RunnerUp, f.RunnerP = k.item(best), float32(p)
		f.Uncertain = pNothing/total < k.cfg.Certain
		return f
	}
	f.Item, f.Slot, f.P = k.item(best), k.views[k.near[best].view].Slot, float32(p)
	if second >= 0 {
		f.RunnerUp, f.RunnerP = k.item(second), float32(k.near[second].score/total)
	}
	k.held, k.heldT = f.Item, t
	return f
}

func (k *Tracker) item(i int) world.ItemIndex { return k.views[k.near[i].view].Item }

// silhouette is the angle between a direction and an item's silhouette (an
// upright ellipse), 0 inside; and how far from the middle towards the edge the
// direction is, squared, at most 1.
//
// The distance to an ellipse has no closed form. With r the scaled radius (1 on
// the edge), (r−1)/|∇r| is its first-order approximation (Sampson 1982): exact
// on the axes and for circles, elsewhere a little less than the truth, as r is convex.
func silhouette(v *plan.View, dir [3]float64) (dist, inside float64) {
	vx, vy, vz := float64(v.Dir[0]), float64(v.Dir[1]), float64(v.Dir[2])
	// right = Dir × up, level; above = right × Dir.
	h := math.Hypot(vx, vz)
	rx, rz := 1.0, 0.0
	if h > 1e-9 {
		rx, rz = -vz/h, vx/h
	}
	ax, ay, az := -rz*vy, rz*vx-rx*vz, rx*vy
	ahead := dir[0]*vx + dir[1]*vy + dir[2]*vz
	x := math.Atan2(dir[0]*rx+dir[2]*rz, ahead)
	y := math.Atan2(dir[0]*ax+dir[1]*ay+dir[2]*az, ahead)
	const least = 1e-4 // radians: an item of no size is a point
	a, b := max(least, float64(v.HalfWidth)), max(least, float64(v.HalfHeight))
	r2 := x*x/(a*a) + y*y/(b*b)
	if r2 <= 1 {
		return 0, r2
	}
	r := math.Sqrt(r2)
	return (r - 1) * r / math.Hypot(x/(a*a), y/(b*b)), 1
}
