package place_test

import (
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/attention/place"
	"souk/attention/rank"
	"souk/attention/signal"
	"souk/world"
	"souk/world/catalog"
	"souk/world/plan"
)

// market is a real plan of a real catalogue, made once.
var market = sync.OnceValues(func() (*plan.Plan, error) {
	c, err := catalog.Generate(2000, 1)
	if err != nil {
		return nil, err
	}
	return plan.New(c, 1)
})

func mustMarket(tb testing.TB) *plan.Plan {
	tb.Helper()
	p, err := market()
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// fickle is the policy that is hardest on a placer: a new taste at each call.
type fickle struct {
	rng   *rand.Rand
	items []world.ItemIndex
	draw  []rank.Candidate
	calls int
}

func newFickle(items int, seed uint64) *fickle {
	f := &fickle{rng: rand.New(rand.NewPCG(seed, 7))}
	for i := range items {
		f.items = append(f.items, world.ItemIndex(i))
	}
	return f
}

func (f *fickle) Name() string                { return "fickle" }
func (f *fickle) Observe(signal.Signal)       {}
func (f *fickle) Rank(int) []rank.Scored      { return nil }
func (f *fickle) Forget()                     {}
func (f *fickle) RestoreState([]byte) error   { return nil }
func (f *fickle) AppendState(b []byte) []byte { return b }
func (f *fickle) Explain(dst []rank.Reason, _ world.ItemIndex, _ int) []rank.Reason {
	return dst
}

func (f *fickle) Propose(n int) []rank.Candidate {
	f.calls++
	f.draw = f.draw[:0]
	for i := range min(n, len(f.items)) {
		j := i + f.rng.IntN(len(f.items)-i)
		f.items[i], f.items[j] = f.items[j], f.items[i]
		f.draw = append(f.draw, rank.Candidate{Scored: rank.Scored{Item: f.items[i], Score: float32(n - i)},
			Propensity: float32(n) / float32(len(f.items)), Explored: i%8 == 0})
	}
	return f.draw
}

// walker walks, turns and looks about at random, in a market whose pedestals a
// placer fills.
type walker struct {
	p       *plan.Plan
	viewer  *plan.Viewer
	placer  *place.Placer
	policy  rank.Policy
	rng     *rand.Rand
	holding []world.ItemIndex
	head    world.Pose
	lens    world.Lens
	yaw     float64
	turn    float64
	speed   float64
	look    [2]float64 // of the gaze from the view's centre: right and up, radians
	gazeOK  bool
	t       float64
	views   []plan.View
}

func newWalker(p *plan.Plan, cfg place.Config, policy rank.Policy, seed uint64) *walker {
	yaw, _ := p.Spawn.YawPitch()
	return &walker{p: p, viewer: p.NewViewer(), placer: place.NewPlacer(cfg, p, p.Catalog()), policy: policy,
		rng: rand.New(rand.NewPCG(seed, 3)), holding: p.NewHolding(), head: p.Spawn, lens: world.DesktopLens(), yaw: yaw, gazeOK: true}
}

// move takes one tick of dt seconds and returns what the placer is to know.
func (w *walker) move(dt float64) place.Input {
	w.t += dt
	if w.rng.Float64() < dt { // about once a second
		w.turn = w.rng.NormFloat64() * 0.6
		w.speed = max(0, 1.2+w.rng.NormFloat64())
	}
	if w.rng.Float64() < 3*dt { // a saccade
		w.look = [2]float64{w.rng.NormFloat64() * 0.2, w.rng.NormFloat64() * 0.1}
		w.gazeOK = w.rng.Float64() < 0.9
	}
	w.yaw += w.turn * dt
	head := world.Upright(w.head.Pos, w.yaw, -0.05)
	ahead := head.Ahead()
	pos := w.p.Move(w.head.Pos, r3.Vec{X: ahead.X * w.speed * dt, Z: ahead.Z * w.speed * dt})
	if r3.Norm(r3.Sub(pos, w.head.Pos)) < 0.2*w.speed*dt { // against a stall
		w.turn = 1.5
	}
	w.head = world.Upright(pos, w.yaw, -0.05)
	w.views = w.viewer.Visible(w.views[:0], w.holding, w.head, w.lens)
	gaze := w.head.Rotate(r3.Unit(r3.Vec{X: math.Tan(w.look[0]), Y: math.Tan(w.look[1]), Z: -1}))
	return place.Input{T: w.t, Head: w.head, Lens: w.lens, Visible: w.views, GazeDir: gaze, GazeOK: w.gazeOK,
		Holding: w.holding, Policy: w.policy}
}

// apply carries placements out.
func (w *walker) apply(ps []place.Placement) {
	for _, p := range ps {
		w.holding[p.Slot] = p.Item
	}
}
