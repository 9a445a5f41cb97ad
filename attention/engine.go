package attention

import (
	"errors"
	"fmt"
	"math"

	"souk/attention/focus"
	"souk/attention/gaze"
	"souk/attention/place"
	"souk/attention/rank"
	"souk/attention/signal"
	"souk/world"
	"souk/world/catalog"
	"souk/world/plan"
)

// Engine is the closed loop for one visitor. Make one with [New]; it belongs to
// the goroutine of the frame loop, owns no other, and allocates nothing in
// steady state.
type Engine struct {
	cfg    Config
	plan   *plan.Plan
	cat    *catalog.Catalog
	policy rank.Policy // nil: none
	seed   uint64

	t        float64 // of the last good frame
	began    bool
	paused   bool
	rejected Rejected

	gaze   *gaze.Detector
	focus  *focus.Tracker
	norm   *signal.Normaliser
	placer *place.Placer

	holding []world.ItemIndex // by slot
	flags   []uint8           // by item: what the visitor has said of it
	given   given

	fresh   bool // evidence has come since the last ranking
	ranked  bool // there has been one
	rankedT float64
	top     []rank.Scored

	d       Decision
	reasons []rank.Reason // scratch: an item's explanation
	views   []plan.View   // scratch: the frame's views without bad ones, and aimed anew
}

// endOfTime bounds the session's clock, seconds: a glitch beyond it must not
// make every later frame look as if time had gone back.
const endOfTime = 1e9

// What the visitor has said of an item.
const (
	liked uint8 = 1 << iota
	hidden
	carted
	opened
)

// New makes an engine for the market of a plan, with a policy that ranks and
// proposes (nil: none, nothing is placed). The seed is the session's: the
// engine itself draws nothing at random today, the policy has a seed of its own, and
// a snapshot is only taken back under the same seed. The error says which field of
// cfg is out of range.
func New(cfg Config, p *plan.Plan, policy rank.Policy, seed uint64) (*Engine, error) {
	if p == nil {
		return nil, errors.New("make the engine: there is no floor plan: make one with plan.New")
	}
	if err := cfg.Check(); err != nil {
		return nil, fmt.Errorf("make the engine: %w", err)
	}
	c := p.Catalog()
	e := &Engine{
		cfg: cfg, plan: p, cat: c, policy: policy, seed: seed,
		gaze:    gaze.NewDetector(cfg.Gaze),
		focus:   focus.NewTracker(cfg.Focus, len(c.Items), len(p.Slots)),
		norm:    signal.NewNormaliser(),
		placer:  place.NewPlacer(cfg.Place, p, c),
		holding: p.NewHolding(),
		flags:   make([]uint8, len(c.Items)),
		given:   none,
	}
	e.d.Focus = focus.None(world.SourceNone)
	return e, nil
}

// Holding says what stands in each slot now, by world.SlotIndex: what to give
// to plan.Viewer.Visible. It belongs to the engine; do not change it. It
// changes with Step, as the Decision's Placements say.
func (e *Engine) Holding() []world.ItemIndex { return e.holding }

// Liked says whether the visitor likes the item, as far as actions told.
func (e *Engine) Liked(item world.ItemIndex) bool { return e.flag(item, liked) }

// Hidden says whether the visitor has hidden the item.
func (e *Engine) Hidden(item world.ItemIndex) bool { return e.flag(item, hidden) }

// InCart says whether the item is in the cart, as far as actions told.
func (e *Engine) InCart(item world.ItemIndex) bool { return e.flag(item, carted) }

func (e *Engine) flag(item world.ItemIndex, f uint8) bool {
	return item >= 0 && int(item) < len(e.flags) && e.flags[item]&f != 0
}

// Rejected counts the input that was ignored because it cannot be true.
func (e *Engine) Rejected() Rejected {
	r := e.rejected
	r.Samples += e.gaze.Rejected()
	return r
}

// GazeNoise is the noise of the gaze source as measured of late, radians per axis.
func (e *Engine) GazeNoise() float64 { return e.gaze.Noise() }

// Step takes in one frame and decides. The order of work is:
//
//  1. Erase: taste, likes, hides, dwell statistics and what was noticed are
//     forgotten. What stands on the pedestals stays until its turn comes: an
//     emptied market would startle.
//  2. The frame is checked. If its time is no number, absurd, or has gone back, nothing
//     more happens. If its head or lens is none, its samples and views
//     are ignored; single samples, views and actions that cannot be true are
//     ignored too. All of that is counted in Rejected.
//  3. Actions become events and signals. A like of what is liked, a hide of
//     what is hidden, an unlike of what is not liked change nothing and make neither.
//  4. Unless paused: samples become eye movements, these a focus, visits and passes;
//     visits (at the milestones of Config while they last, and at their end) and
//     passes become signals, and at their end events. A pause ends what is under way:
//     send a paused frame at the end of a session to have the rest of its events.
//  5. If there is new evidence and Config.RankEvery has gone by, all items are ranked.
//  6. Unless paused: the placer may change pedestals; each change is explained.
//
// The decision is valid until the next Step; f is not kept.
func (e *Engine) Step(f *Frame) *Decision {
	if f.Erase {
		e.erase()
	}
	e.begin()
	if !(math.Abs(f.T) <= endOfTime) || e.began && f.T < e.t {
		e.rejected.Frames++
		return &e.d
	}
	last := e.t
	if !e.began {
		last = f.T
	}
	e.began, e.t, e.d.T = true, f.T, f.T

	e.act(f.Actions, last)
	switch {
	case f.Paused:
		e.pause()
	case !goodPose(f.Head) || !goodLens(f.Lens):
		e.paused = false
		e.rejected.Poses++
	default:
		e.paused = false
		e.notice(f)
	}
	e.rank()
	if e.policy != nil && len(e.top) > 0 {
		e.d.Ranked = e.top
	}
	e.d.Budget = e.placer.Budget()
	return &e.d
}

// begin empties the decision of the frame before; focus, ranking and budget hold on.
func (e *Engine) begin() {
	e.d.Reranked = false
	e.d.Placements = e.d.Placements[:0]
	e.d.Reasons = e.d.Reasons[:0]
	e.d.Gaze = e.d.Gaze[:0]
	e.d.Events = e.d.Events[:0]
}

// notice is what the eyes and the view say.
func (e *Engine) notice(f *Frame) {
	views := e.aim(e.goodViews(f.Visible), f.Head.Pos)
	e.gaze.SetDepth(e.depth(views))
	e.d.Gaze = e.gaze.Step(e.d.Gaze, f.T, f.Head, f.Samples)
	now, ok := e.gaze.Current()
	e.d.Focus = e.focus.Step(f.T, now, ok, views)
	e.learn()
	// Ranking comes before placement, so that a look counts in its own frame.
	e.rank()
	changes := e.placer.Step(place.Input{
		T: f.T, Head: f.Head, Lens: f.Lens, Visible: views,
		GazeDir: now.Latest, GazeOK: ok && now.Kind != gaze.Gap,
		Holding: e.holding, Policy: e.policy,
	})
	e.d.Placements = append(e.d.Placements, changes...)
	e.carryOut()
}

// depth is how far away the thing is that gaze was nearest to a frame ago; 0
// where nothing was near.
func (e *Engine) depth(views []plan.View) float64 {
	const near = 8 * math.Pi / 180
	now, ok := e.gaze.Current()
	if !ok || now.Kind == gaze.Gap {
		return 0
	}
	x, y, z := float32(now.Latest.X), float32(now.Latest.Y), float32(now.Latest.Z)
	best, depth := float32(math.Inf(-1)), float32(0)
	for i := range views {
		v := &views[i]
		if cos := x*v.Dir[0] + y*v.Dir[1] + z*v.Dir[2]; cos > best {
			best, depth = cos, 0
			// 2·(1−cos θ) is θ² for small angles.
			if r := near + max(v.HalfWidth, v.HalfHeight); 2*(1-cos) < r*r {
				depth = v.Distance
			}
		}
	}
	return float64(depth)
}

// pause ends what is under way and forgets where the eyes were.
func (e *Engine) pause() {
	if !e.paused {
		e.focus.Flush()
		e.learn()
		e.gaze.Reset()
		e.paused = true
	}
	e.d.Focus = focus.None(world.SourceNone)
}

func (e *Engine) erase() {
	e.gaze.Reset()
	e.focus.Reset()
	e.norm.Reset()
	clear(e.flags)
	e.given = none
	e.d.Focus = focus.None(world.SourceNone)
	if e.policy != nil {
		e.policy.Forget()
	}
	e.fresh, e.ranked = true, false
}

// rank orders all items, if there is reason to and the time has come.
func (e *Engine) rank() {
	if e.policy == nil || e.ranked && (!e.fresh || e.t-e.rankedT < e.cfg.RankEvery) {
		return
	}
	e.top = append(e.top[:0], e.policy.Rank(e.cfg.Top)...)
	e.fresh, e.ranked, e.rankedT = false, true, e.t
	e.d.Reranked = true
}

// carryOut puts the frame's placements into the holding, and says why.
func (e *Engine) carryOut() {
	source := e.d.Focus.Source
	for _, p := range e.d.Placements {
		e.holding[p.Slot] = p.Item
		why := rank.Reason{Item: world.NoItem}
		if p.Item != world.NoItem {
			why = e.why(p.Item)
			e.d.Events = append(e.d.Events, world.Event{
				Time: e.t, Kind: world.EventPlace, Item: e.cat.Items[p.Item].ID,
				Propensity: p.Propensity, Slot: p.Slot, Source: source,
			})
		}
		e.d.Reasons = append(e.d.Reasons, why)
	}
}

// ownShare is the share of an item's score from which on something that the
// visitor did is named before what people in general like: of several true
// reasons the visitor's own says more, and is the one that can be taken back.
const ownShare = 0.15

// why is the reason that an item's sign names: the largest of the visitor's
// own if it carries enough, else the largest. The card shows them all.
func (e *Engine) why(item world.ItemIndex) rank.Reason {
	e.reasons = e.policy.Explain(e.reasons[:0], item, 4)
	for _, r := range e.reasons {
		if r.Item != world.NoItem && r.Share >= ownShare {
			return r
		}
	}
	if len(e.reasons) > 0 {
		return e.reasons[0]
	}
	return rank.Reason{Item: world.NoItem}
}
