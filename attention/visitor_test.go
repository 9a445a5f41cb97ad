package attention_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/attention"
	"souk/attention/rank"
	"souk/attention/signal"
	"souk/input"
	"souk/world"
	"souk/world/catalog"
	"souk/world/plan"
)

const degree = math.Pi / 180

// market is a floor plan of so many items, made once.
var market = func() func(testing.TB, int) *plan.Plan {
	var mu sync.Mutex
	made := map[int]*plan.Plan{}
	return func(tb testing.TB, items int) *plan.Plan {
		tb.Helper()
		mu.Lock()
		defer mu.Unlock()
		if p := made[items]; p != nil {
			return p
		}
		c, err := catalog.Generate(items, 1)
		if err != nil {
			tb.Fatal(err)
		}
		p, err := plan.New(c, 1)
		if err != nil {
			tb.Fatal(err)
		}
		made[items] = p
		return p
	}
}()

// ranker is the real one, on a model of the catalogue's content.
func ranker(tb testing.TB, p *plan.Plan, seed uint64) *rank.Ranker {
	tb.Helper()
	m, err := rank.ContentModel(p.Catalog())
	if err != nil {
		tb.Fatal(err)
	}
	r, err := rank.New(m, p.Catalog(), rank.DefaultConfig(), seed)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// heard is a policy that lets one listen to what it is told.
type heard struct {
	rank.Policy
	signals []signal.Signal
	ranked  int
}

func (h *heard) Observe(s signal.Signal) {
	h.signals = append(h.signals, s)
	h.Policy.Observe(s)
}

func (h *heard) Rank(k int) []rank.Scored {
	h.ranked++
	return h.Policy.Rank(k)
}

// visitor stands in the market and looks at things, 60 frames a second, with
// an eye tracker of so many degrees of noise per axis.
type visitor struct {
	tb     testing.TB
	plan   *plan.Plan
	engine *attention.Engine
	viewer *plan.Viewer
	rng    *rand.Rand
	noise  float64
	source world.AttentionSource

	frame  attention.Frame
	look   r3.Vec // where the eyes point, world frame
	views  []plan.View
	sample [1]input.Sample

	last   *attention.Decision
	events []world.Event
	tape   bytes.Buffer // every decision, as bytes
}

func newVisitor(tb testing.TB, p *plan.Plan, policy rank.Policy, noise float64, seed uint64) *visitor {
	tb.Helper()
	cfg := attention.DefaultConfig()
	cfg.Focus.Simulated.S = max(0.5, noise) * degree
	e, err := attention.New(cfg, p, policy, seed)
	if err != nil {
		tb.Fatal(err)
	}
	v := &visitor{
		tb: tb, plan: p, engine: e, viewer: p.NewViewer(), rng: rand.New(rand.NewPCG(seed, 3)), noise: noise, source: world.SourceSimulated,
		frame: attention.Frame{Head: p.Spawn, Lens: world.DesktopLens()},
	}
	v.look = v.frame.Head.Ahead()
	return v
}

// stand goes before a slot and turns to it.
func (v *visitor) stand(s world.SlotIndex) *visitor {
	v.frame.Head = v.plan.Approach(s)
	v.look = v.frame.Head.Ahead()
	return v
}

// at points the eyes at what stands in a slot.
func (v *visitor) at(s world.SlotIndex) *visitor {
	v.look = r3.Unit(r3.Sub(v.plan.SlotItemCentre(s, v.engine.Holding()[s]), v.frame.Head.Pos))
	return v
}

// away points the eyes at the sky behind.
func (v *visitor) away() *visitor {
	v.look = r3.Unit(r3.Vec{X: -v.frame.Head.Ahead().X, Y: 2, Z: -v.frame.Head.Ahead().Z})
	return v
}

// next makes the frame that comes next, without stepping.
func (v *visitor) next() *attention.Frame {
	f := &v.frame
	f.T += 1.0 / 60
	v.views = v.viewer.Visible(v.views[:0], v.engine.Holding(), f.Head, f.Lens)
	f.Visible = v.views
	side := r3.Unit(r3.Cross(v.look, r3.Vec{Y: 1}))
	up := r3.Cross(side, v.look)
	n := v.noise * degree
	d := r3.Unit(r3.Add(v.look, r3.Add(r3.Scale(n*v.rng.NormFloat64(), side), r3.Scale(n*v.rng.NormFloat64(), up))))
	q := f.Head.Rot
	q.Imag, q.Jmag, q.Kmag = -q.Imag, -q.Jmag, -q.Kmag
	v.sample[0] = input.Sample{T: f.T, Dir: r3.Rotation(q).Rotate(d), Valid: true, Confidence: 1, Source: v.source}
	f.Samples = v.sample[:]
	return f
}

func (v *visitor) step() *attention.Decision {
	v.last = v.engine.Step(v.next())
	v.events = append(v.events, v.last.Events...)
	encode(&v.tape, v.last)
	v.frame.Actions = v.frame.Actions[:0]
	v.frame.Erase = false
	return v.last
}

func (v *visitor) wait(seconds float64) *visitor {
	for range int(seconds*60 + 0.5) {
		v.step()
	}
	return v
}

// do acts in the next frame.
func (v *visitor) do(kind world.EventKind, item world.ItemIndex) *visitor {
	v.frame.Actions = append(v.frame.Actions, attention.Action{T: v.frame.T + 1.0/60, Kind: kind, Item: item})
	return v
}

// of picks the events of a kind.
func (v *visitor) of(kind world.EventKind) (out []world.Event) {
	for _, e := range v.events {
		if e.Kind == kind {
			out = append(out, e)
		}
	}
	return out
}

// stroll looks at shelves and pedestals here and there: a session that has
// everything in it.
func (v *visitor) stroll(frames int, rng *rand.Rand) {
	shelves := len(v.plan.Slots) - 1
	for i := range frames {
		switch {
		case i%240 == 0:
			v.stand(world.SlotIndex(rng.IntN(shelves)))
		case i%45 == 0 && len(v.views) > 0:
			v.at(v.views[rng.IntN(len(v.views))].Slot)
		case i%100 == 50 && v.last != nil && v.last.Focus.Item != world.NoItem:
			kinds := []world.EventKind{world.EventOpen, world.EventLike, world.EventHide, world.EventCart, world.EventPurchase, world.EventUnlike}
			v.do(kinds[rng.IntN(len(kinds))], v.last.Focus.Item)
		}
		v.frame.Paused = i%500 > 480
		v.frame.Erase = i == 1300
		v.step()
	}
}

// encode writes a decision so that two that differ in any bit differ here: %v
// of floats is exact, and NaN would show.
func encode(w *bytes.Buffer, d *attention.Decision) {
	fmt.Fprintf(w, "%v %v %v %v %v %v %v %v %v\n", d.T, d.Focus, d.Reranked, d.Ranked, d.Placements, d.Reasons, d.Gaze, d.Events, d.Budget)
}

// neighbours finds two shelf slots side by side of which both are seen from
// the first's approach.
func neighbours(tb testing.TB, p *plan.Plan) (a, b world.SlotIndex) {
	tb.Helper()
	viewer, holding := p.NewViewer(), p.NewHolding()
	for i := range p.Slots {
		if p.Slots[i].Kind != plan.Shelf {
			break
		}
		here := world.SlotIndex(i)
		head := p.Approach(here)
		ahead := head.Ahead()
		for _, v := range viewer.Visible(nil, holding, head, world.DesktopLens()) {
			d := r3.Vec{X: float64(v.Dir[0]), Y: float64(v.Dir[1]), Z: float64(v.Dir[2])}
			if off := math.Acos(min(1, r3.Dot(d, ahead))); v.Slot != here && off < 25*degree && v.Occluded < 0.1 && p.Slots[v.Slot].Stall == p.Slots[here].Stall {
				return here, v.Slot
			}
		}
	}
	tb.Fatal("no two slots side by side")
	return 0, 0
}
