package focus

import (
	"souk/attention/gaze"
	"souk/world"
	"souk/world/plan"
)

// holdViews is how long the views of a step stand in for those of steps that
// bring none, seconds: visibility may be computed every few frames only.
const holdViews = 0.25

// Tracker follows one visitor's attention over the items of one market. Make
// one with [NewTracker]; it belongs to one goroutine.
//
// Its memory is dense by item and by slot, its work is in proportion to what
// is in view, and in steady state it allocates nothing.
type Tracker struct {
	cfg Config

	t      float64 // of the last step
	began  bool
	step   uint32      // counts steps, for stamps
	views  []plan.View // of the last step that brought any
	viewsT float64
	source world.AttentionSource // of the last current event

	// Posterior: see posterior.go.
	clues    []clue // by slot
	round    uint32 // counts posteriors; a clue of the round before carries on
	near     []nearby
	fixT0    float64 // start of the fixation that the clues belong to
	fixOK    bool
	credited float64 // time up to which dwell has been given
	owed     float64 // dwell that was taken back, and may be the next fixation's
	last     Focus   // of the last fixation
	lastT    float64
	held     world.ItemIndex // item of the last certain focus, NoItem before
	heldT    float64

	// Visits: main is under way, side is a look aside that may become one.
	main, side look

	spans  []span  // by item
	active []int32 // items whose span is open

	visits []Visit
	passes []Passed
}

// NewTracker makes a tracker for a market of so many items and slots. Fields of
// cfg that are zero or out of range take their defaults.
func NewTracker(cfg Config, items, slots int) *Tracker {
	k := &Tracker{
		cfg:    cfg.withDefaults(),
		clues:  make([]clue, slots),
		spans:  make([]span, items),
		views:  make([]plan.View, 0, 512),
		near:   make([]nearby, 0, 512),
		active: make([]int32, 0, 1024),
		visits: make([]Visit, 0, 8),
		passes: make([]Passed, 0, 1024),
	}
	k.clear()
	return k
}

func (k *Tracker) clear() {
	k.last, k.held = None(world.SourceNone), world.NoItem
	k.main, k.side = noLook, noLook
}

// Reset forgets everything, the visits of the session included.
func (k *Tracker) Reset() {
	clear(k.clues)
	clear(k.spans)
	*k = Tracker{
		cfg: k.cfg, clues: k.clues, spans: k.spans, views: k.views[:0], near: k.near[:0],
		active: k.active[:0], visits: k.visits[:0], passes: k.passes[:0],
	}
	k.clear()
}

// Step moves on to time t (seconds, not going back) with the eye movement
// under way (ok: there is one) and what is in view. It copies what it keeps.
// Where views is empty, those of the last 0.25 s hold on. Views of items or
// slots that the market does not have, and empty pedestals, are left out.
//
// In a fixation the focus is the item with the greatest posterior, if that is
// at least Config.Certain. Through saccades and gaps the last focus holds on for
// Config.Hold, without counting as dwell.
func (k *Tracker) Step(t float64, current gaze.Event, ok bool, views []plan.View) Focus {
	k.visits, k.passes = k.visits[:0], k.passes[:0]
	dt := 0.0
	if k.began {
		dt = min(max(0, t-k.t), k.cfg.MaxStep)
	} else {
		k.credited = t
	}
	k.began, k.t = true, t
	k.step++
	k.hold(t, views)
	k.expose(t, dt)
	if ok {
		k.source = current.Source
	}

	if ok && k.fixOK && (current.Kind != gaze.Fixation || current.T0 != k.fixT0) && current.T0 < k.credited {
		k.takeBack(k.credited - max(current.T0, k.fixT0))
	}
	f := None(k.source)
	if ok && current.Kind == gaze.Fixation && !current.Ended {
		credit := min(t-max(current.T0, k.credited), k.cfg.MaxStep+k.owed)
		k.owed = 0
		f = k.posterior(t, &current, max(0, credit))
		k.look(t, max(0, credit), f)
		k.credited = t
		k.last, k.lastT = f, t
	} else {
		k.fixOK = false
		if t-k.lastT <= k.cfg.Hold && k.last.Item != world.NoItem {
			f = k.last
		}
		k.look(t, 0, None(k.source))
	}
	k.depart(t)
	switch f.Item {
	case world.NoItem:
	case k.main.item:
		f.Dwell = k.main.dwell
	case k.side.item:
		f.Dwell = k.side.dwell
	}
	return f
}

func (k *Tracker) hold(t float64, views []plan.View) {
	if len(views) > 0 {
		k.viewsT = t
	} else if t-k.viewsT <= holdViews {
		return
	}
	k.views = k.views[:0]
	for i := range views {
		v := &views[i]
		if v.Item >= 0 && int(v.Item) < len(k.spans) && v.Slot >= 0 && int(v.Slot) < len(k.clues) {
			k.views = append(k.views, *v)
		}
	}
}

// Visits are those that ended with the last Step or Flush; valid until the next.
func (k *Tracker) Visits() []Visit { return k.visits }

// Passes are the items that left the view unlooked-at with the last Step or
// Flush; valid until the next.
func (k *Tracker) Passes() []Passed { return k.passes }

// Looking is the visit under way as it would be if it ended now; ok is false
// where there is none, or none of Config.MinVisit yet.
func (k *Tracker) Looking() (v Visit, ok bool) {
	if k.main.item == world.NoItem || k.main.dwell < k.cfg.MinVisit {
		return Visit{}, false
	}
	return k.visit(&k.main), true
}

// Flush ends every visit and every exposure at the last step's time, as at the
// end of a session or before a pause: Visits and Passes then hold the rest.
// The time until the next Step counts for nothing.
func (k *Tracker) Flush() {
	k.visits, k.passes = k.visits[:0], k.passes[:0]
	k.close(&k.side)
	k.close(&k.main)
	for _, item := range k.active {
		k.leave(item)
	}
	k.active = k.active[:0]
	k.views = k.views[:0]
	k.last, k.held, k.fixOK = None(k.source), world.NoItem, false
	k.began, k.owed = false, 0
}
