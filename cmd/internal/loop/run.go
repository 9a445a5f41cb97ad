package loop

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/attention"
	"souk/attention/rank"
	"souk/attention/record"
	"souk/input/shopper"
	"souk/world"
	"souk/world/plan"
)

// Walk is one session of one simulated shopper.
type Walk struct {
	Market *Market
	Crowd  *shopper.Crowd // of the market; made from Shopper where nil
	// Shopper is what people are like; used only where Crowd is nil.
	Shopper shopper.Config
	// Policy fills the pedestals: see NewPolicy.
	Policy string
	// Seed is the shopper; PolicySeed the chance of the policy and the engine
	// (0: worked out from Seed).
	Seed, PolicySeed uint64
	Minutes          float64
	Engine           attention.Config
	Lens             world.Lens // the desktop's where zero
	// Record is a file for the recording, or empty.
	Record  string
	Session string // pseudonym, for the recording and the rows
	Visitor string
	Epoch   float64 // Unix seconds at the session's start, of the rows
	// Rows receives the rows for the event log, filled in, frame by frame; the
	// slice is valid during the call. nil: no rows are wanted.
	Rows func([]world.Event) error
}

// Rates of the simulation. A frame is half as often as the screen's, and the
// view is worked out at a third of that: what is in view changes slowly against how the eyes
// move, and it is what takes the time.
const (
	TickRate  = 30.0
	LookEvery = 3
)

// Go walks the session and returns what came of it. It ends early, with what
// there is and the context's error, where the context does. The same Walk gives the same
// Tally, whatever runs beside it.
func (w *Walk) Go(ctx context.Context) (*Tally, error) {
	m := w.Market
	crowd := w.Crowd
	if crowd == nil {
		crowd = shopper.NewCrowd(w.Shopper, m.Plan)
	}
	policySeed := w.PolicySeed
	if policySeed == 0 {
		policySeed = w.Seed*0x9e3779b97f4a7c15 + 1
	}
	who := crowd.Shopper(w.Seed)
	policy, err := w.policy(who, policySeed)
	if err != nil {
		return nil, err
	}
	engine, err := attention.New(w.Engine, m.Plan, policy, policySeed)
	if err != nil {
		return nil, fmt.Errorf("make the engine for shopper %d: %w", w.Seed, err)
	}
	if w.Lens == (world.Lens{}) {
		w.Lens = world.DesktopLens()
	}
	var rec *record.Writer
	if w.Record != "" {
		if rec, err = record.Create(w.Record, m.Header(w.Policy, policySeed, w.Engine, w.Session)); err != nil {
			return nil, fmt.Errorf("record shopper %d: %w", w.Seed, err)
		}
		defer rec.Close()
	}
	viewer := m.Plan.NewViewer()
	tally := newTally(m, w)
	head := m.Plan.Spawn
	yaw, pitch := head.YawPitch()
	var (
		views []plan.View
		frame = attention.Frame{Lens: w.Lens}
		rows  []world.Event
		stale = true
	)
	ticks := int(math.Round(w.Minutes * 60 * TickRate))
	const dt = 1 / TickRate
	for tick := 1; tick <= ticks; tick++ {
		if tick%256 == 1 {
			if err := ctx.Err(); err != nil {
				return tally, err
			}
		}
		t := float64(tick) / TickRate
		holding := engine.Holding()
		if stale || tick%LookEvery == 0 {
			views = viewer.Visible(views[:0], holding, head, w.Lens)
			stale = false
		}
		motion, samples, acts := who.Step(t, dt, head, views, holding)
		frame.T, frame.Head, frame.Samples, frame.Visible = t, head, samples, views
		frame.Actions = frame.Actions[:0]
		for _, a := range acts {
			frame.Actions = append(frame.Actions, attention.Action{T: t, Kind: a.Kind, Item: a.Item})
		}
		d := engine.Step(&frame)
		stale = stale || len(d.Placements) > 0
		if rec != nil {
			if err := rec.Write(&frame, d); err != nil {
				return tally, fmt.Errorf("record shopper %d at %.1f s: %w", w.Seed, t, err)
			}
		}
		tally.add(t, dt, who, views, acts, d)
		if err := w.pass(d.Events, &rows); err != nil {
			return tally, err
		}
		yaw = math.Remainder(yaw+motion.Yaw, 2*math.Pi)
		pitch = max(-1.2, min(1.2, pitch+motion.Pitch))
		pos := head.Pos
		if motion.Forward != 0 || motion.Right != 0 {
			sin, cos := math.Sincos(yaw)
			pos = m.Plan.Move(pos, r3.Vec{
				X: -sin*motion.Forward + cos*motion.Right,
				Z: -cos*motion.Forward - sin*motion.Right,
			})
		}
		head = world.Upright(pos, yaw, pitch)
	}
	// A paused frame ends the visit under way, so that its rows are not lost.
	frame.Paused, frame.Samples, frame.Visible, frame.Actions = true, nil, nil, nil
	d := engine.Step(&frame)
	tally.add(frame.T, 0, who, nil, nil, d)
	if err := w.pass(d.Events, &rows); err != nil {
		return tally, err
	}
	if rec != nil {
		if err := rec.Write(&frame, d); err != nil {
			return tally, fmt.Errorf("record shopper %d at its end: %w", w.Seed, err)
		}
		if err := rec.Close(); err != nil {
			return tally, fmt.Errorf("finish the recording %s: %w", w.Record, err)
		}
	}
	return tally, nil
}

// pass fills the rows in and hands them on.
func (w *Walk) pass(events []world.Event, rows *[]world.Event) error {
	if w.Rows == nil || len(events) == 0 {
		return nil
	}
	r := append((*rows)[:0], events...)
	for i := range r {
		r[i].Visitor, r[i].Session = w.Visitor, w.Session
		r[i].Time += w.Epoch
	}
	*rows = r
	return w.Rows(r)
}

func (w *Walk) policy(who *shopper.Shopper, seed uint64) (rank.Policy, error) {
	if w.Policy == PolicyOracle {
		return newOracle(who, len(w.Market.Catalog.Items)), nil
	}
	return NewPolicy(w.Policy, w.Market, seed)
}
