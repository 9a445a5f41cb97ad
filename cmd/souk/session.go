package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/attention"
	"souk/attention/privacy"
	"souk/attention/rank"
	"souk/attention/record"
	"souk/cmd/internal/loop"
	"souk/input"
	"souk/input/look"
	"souk/input/shopper"
	"souk/scene/hud"
	"souk/world"
	"souk/world/client"
	"souk/world/plan"
)

// maxPitch is how far the head bends, radians; maxStep is the longest frame
// that is lived through in one step, seconds: after a pause of the machine
// nobody must have walked through a wall; saveEvery is seconds between profiles.
const (
	maxPitch  = 1.2
	maxStep   = 0.1
	saveEvery = 60.0
)

// session is one visit to the market: everything but the window. One
// goroutine, the frame loop's, owns it.
type session struct {
	o      options
	market *loop.Market
	home   *home
	set    settings
	tier   privacy.Tier
	say    func(format string, args ...any) // to the terminal

	engine  *attention.Engine
	policy  rank.Policy
	viewer  *plan.Viewer
	hands   *look.State
	shopper *shopper.Shopper // nil: a person
	thought time.Duration    // that the shopper took for thinking, so far
	gate    *privacy.Gate
	net     *network
	rec     *record.Writer
	recPath string
	profile string // file; "" keeps none

	known      bool    // a profile was restored
	t, began   float64 // the session's clock, and where it stood at the start; seconds
	epoch      float64 // Unix time at its 0
	savedT     float64
	saving     chan error // of the profile being written, nil where none is
	head       world.Pose
	seat       seat
	panel      [2]float64 // half the display's width and height before two eyes, tangents
	yaw, pitch float64
	lens       world.Lens
	views      []plan.View
	samples    []input.Sample
	frame      attention.Frame
	decision   *attention.Decision
	events     []world.Event
	stale      bool // the views are of another holding

	paused, erase, modal bool
	pointer              [2]float64 // the mouse in the window, [−1,1] right and up
	pointing             bool       // it points at the market
	released             bool       // the mouse is a pointer
	gaze                 r3.Vec     // the latest valid direction, head frame
	gazeOK               bool
	eyes                 bool // the direction is eyes', not the view's middle or the mouse
	actions              []attention.Action
	lastItem             world.ItemIndex // last attended to
	lastItemT            float64
	card                 world.ItemIndex // on the card; NoItem where it is closed
	opened               world.ItemIndex // by the simulated shopper, and when
	openedT              float64
	buying               map[string]world.ItemIndex
	want                 map[string]int32 // of the cart, asked for and not answered yet
	cartChanged, placed  bool             // since the display last asked
	journey              journey
	slotOf               []world.SlotIndex // the shelf of each item; nil until one is gone to
	stock                map[world.ItemIndex]int32
	memory               hud.Memory
	chats                []client.Chat // arrived and not shown yet
	numbers              numbers
	company              []client.Avatar // people of a film, who are nobody
}

// openSession opens the market, the network and the profile. say prints a
// sentence for the terminal.
func openSession(ctx context.Context, o options, say func(string, ...any)) (s *session, err error) {
	s = &session{o: o, say: say, card: world.NoItem, opened: world.NoItem, lastItem: world.NoItem, buying: map[string]world.ItemIndex{}, stock: map[world.ItemIndex]int32{}, want: map[string]int32{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	data := o.data
	if data == "" && o.shopper && o.report != "" {
		data = filepath.Join(o.report, "data") // a simulated shopper is not the user
	}
	if s.home, err = openHome(data); err != nil {
		return s, err
	}
	var note string
	if s.set, note = loadSettings(s.home.settings); note != "" {
		say("%s", note)
	}
	s.consent()
	if err = s.openMarket(ctx); err != nil {
		return s, err
	}
	s.market.Model.ReleaseFactors() // the visit's ranker has what stands for them
	for _, line := range strings.Split(s.market.Note, "\n") {
		if line != "" {
			say("%s", line)
		}
	}
	if err = s.openEngine(); err != nil {
		return s, err
	}
	s.epoch = float64(time.Now().UnixNano())/1e9 - s.t
	s.net.begin(s)
	if err = s.openHead(); err != nil {
		return s, err
	}
	return s, s.startRecording()
}

// consent takes the tier from the flag, from the settings, or, for a simulated
// shopper, assumes what makes it useful: it is nobody.
func (s *session) consent() {
	s.tier, _ = s.set.tier()
	if s.o.shopper {
		s.tier = privacy.Local
	}
	if s.o.consent != "" {
		s.tier, _ = privacy.ParseTier(s.o.consent)
	}
	s.gate = privacy.NewGate(s.tier)
}

// mustAsk says whether the visitor is to be asked what may be noticed.
func (s *session) mustAsk() bool {
	_, asked := s.set.tier()
	return !asked && s.o.consent == "" && !s.o.shopper && s.o.frames == 0
}

// openEngine makes the engine and restores what it knows of the visitor.
func (s *session) openEngine() (err error) {
	m := s.market
	if s.policy, err = loop.NewPolicy(s.o.ranker, m, s.o.seed); err != nil {
		return err
	}
	cfg := s.config()
	if s.engine, err = attention.New(cfg, m.Plan, s.policy, s.o.seed); err != nil {
		return err
	}
	if !s.o.shopper {
		key := strings.Join([]string{m.Catalog.Fingerprint(), m.Plan.Fingerprint(), m.Model.Fingerprint, s.o.ranker, fmt.Sprint(s.o.seed)}, "\n")
		s.profile = profilePath(s.home.place, key)
	}
	if s.profile != "" && s.tier.Learns() {
		var note string
		if s.t, _, note = restoreProfile(s.profile, s.engine); note != "" {
			s.say("%s", note)
		}
	}
	s.began, s.savedT, s.known = s.t, s.t, s.t > 0
	s.viewer = m.Plan.NewViewer()
	s.hands = look.New(look.DefaultConfig())
	if s.o.shopper {
		s.shopper = shopper.New(shopper.DefaultConfig(), m.Plan, s.o.person)
	}
	s.head = m.Plan.Spawn
	s.yaw, s.pitch = s.head.YawPitch()
	s.lens = world.DesktopLens()
	s.resize(s.o.width, s.o.height)
	s.stale = true
	return nil
}

// config is what the engine is told: with a simulated shopper, how well it is tracked.
func (s *session) config() attention.Config {
	cfg := attention.DefaultConfig()
	if s.o.shopper {
		cfg = loop.EngineFor(cfg, shopper.DefaultConfig().Noise*180/math.Pi)
	}
	return cfg
}

// resize tells the lens of the window's size.
func (s *session) resize(width, height int) {
	switch {
	case s.o.stereo:
		s.stereoLens(width, height)
	case width > 0 && height > 0:
		s.lens.Aspect = float64(width) / float64(height)
	}
}

// startRecording begins the recording where consent and flags allow. Nobody's
// name is in the file's.
func (s *session) startRecording() error {
	if s.rec != nil || s.o.noRecord || !s.tier.Learns() {
		return nil
	}
	dir := s.o.record
	if dir == "" {
		dir = filepath.Join(s.home.place, "recordings")
		if s.o.report != "" {
			dir = s.o.report
		}
	}
	session := s.net.session()
	h := s.market.Header(s.o.ranker, s.o.seed, s.config(), session)
	h.Started = s.epoch
	if s.t > 0 {
		h.Snapshot = s.engine.Snapshot()
	}
	path := filepath.Join(dir, time.Now().Format("20060102-150405")+"-"+strings.ToLower(session)+".mcap")
	if _, err := os.Stat(path); err == nil {
		path = strings.TrimSuffix(path, ".mcap") + fmt.Sprintf("-%d.mcap", time.Now().UnixNano()%1e9)
	}
	rec, err := record.Create(path, h)
	if err != nil {
		return fmt.Errorf("starting the recording: %w; choose a folder with -record, or -no-record", err)
	}
	s.rec, s.recPath = rec, path
	return nil
}

// stopRecording finishes the recording.
func (s *session) stopRecording() error {
	if s.rec == nil {
		return nil
	}
	rec := s.rec
	s.rec = nil
	if err := rec.Close(); err != nil {
		return fmt.Errorf("finishing the recording %s: %w", s.recPath, err)
	}
	return nil
}

// step lives through dt seconds: what is in view, where the eyes are, what was
// done, what the engine decides, what is recorded and told; then the body moves.
func (s *session) step(dt float64) error {
	dt = math.Max(0, math.Min(maxStep, dt))
	s.t += dt
	holding := s.engine.Holding()
	s.views = s.viewer.Visible(s.views[:0], holding, s.head, s.lens)
	motion := s.sense(dt, holding)
	s.frame = attention.Frame{
		T: s.t, Head: s.head, Lens: s.lens, Samples: s.samples, Visible: s.views, Actions: s.actions,
		Paused: s.paused || s.modal || s.journey.on || !s.tier.Learns(), Erase: s.erase,
	}
	s.decision = s.engine.Step(&s.frame)
	if s.rec != nil {
		if err := s.rec.Write(&s.frame, s.decision); err != nil {
			s.rec.Close() // its error is the one at hand
			s.rec = nil
			s.say("The recording %s ends here: %v.", s.recPath, err)
		}
	}
	if s.erase {
		s.memory.Forget()
		s.known = false
		s.savedT = math.Inf(-1) // what is forgotten must not wait on the disk
	}
	s.actions, s.erase = s.actions[:0], false
	if f := &s.decision.Focus; f.Item != world.NoItem && !f.Uncertain {
		s.lastItem, s.lastItemT = f.Item, s.t
	}
	s.memory.Add(s.decision.Events)
	s.events = s.gate.Filter(s.events[:0], s.decision.Events)
	s.net.exchange(s)
	s.numbers.add(s, dt)
	for i := range s.decision.Placements {
		s.placed = s.placed || s.decision.Placements[i].Item != world.NoItem
	}
	s.ride(dt, motion)
	return s.keep(false)
}

// sense asks the hands, or the shopper, for motion and for where attention
// points.
func (s *session) sense(dt float64, holding []world.ItemIndex) input.Motion {
	if s.shopper == nil {
		s.samples = append(s.samples[:0], s.sample())
		s.note()
		return s.hands.Step(dt)
	}
	began := time.Now()
	motion, samples, acts := s.shopper.Step(s.t, dt, s.head, s.views, holding)
	s.thought += time.Since(began)
	s.samples = append(s.samples[:0], samples...)
	s.note()
	for _, a := range acts {
		if a.Kind == world.EventOpen {
			s.opened, s.openedT = a.Item, s.t
		}
		s.tell(s.act(a.Kind, a.Item))
	}
	return motion
}

// sample is where attention points without a tracker: along the view's centre
// while the mouse turns the head, at the pointer while it is free, nowhere
// where the pointer is on a panel. The source says which.
func (s *session) sample() input.Sample {
	if !s.released {
		return input.Centre(s.t)
	}
	p := input.Sample{T: s.t, Dir: r3.Vec{Z: -1}, Confidence: 1, Source: world.SourcePointer}
	if s.pointing {
		x, y := s.glass()
		p.Dir = r3.Unit(r3.Vec{X: s.pointer[0] * x, Y: s.pointer[1] * y, Z: -1})
		p.Valid = true
	}
	return p
}

// note keeps the latest direction of the eyes, for the display.
func (s *session) note() {
	s.gazeOK = false
	for i := range s.samples {
		if s.samples[i].Valid {
			s.gaze, s.gazeOK = s.samples[i].Dir, true
			s.eyes = s.samples[i].Source == world.SourceEye || s.samples[i].Source == world.SourceSimulated
		}
	}
}

// move walks and turns, along the stalls where they are in the way.
func (s *session) move(m input.Motion) {
	s.yaw = math.Remainder(s.yaw+m.Yaw, 2*math.Pi)
	s.pitch = math.Max(-maxPitch, math.Min(maxPitch, s.pitch+m.Pitch))
	pos := s.head.Pos
	if m.Forward != 0 || m.Right != 0 {
		sin, cos := math.Sincos(s.yaw)
		pos = s.market.Plan.Move(pos, r3.Vec{X: -sin*m.Forward + cos*m.Right, Z: -cos*m.Forward - sin*m.Right})
	}
	s.head = world.Upright(pos, s.yaw, s.pitch)
}

// Close ends the visit: what is under way becomes events, everything is saved.
// It may be called on a session that opened in part.
func (s *session) Close() error {
	var errs []error
	if s.engine != nil && s.decision != nil {
		s.frame = attention.Frame{T: s.t, Head: s.head, Lens: s.lens, Paused: true, Actions: s.actions}
		d := s.engine.Step(&s.frame)
		if s.rec != nil {
			errs = append(errs, s.rec.Write(&s.frame, d))
		}
		s.events = s.gate.Filter(s.events[:0], d.Events)
		s.net.add(s.events)
		errs = append(errs, s.keep(true))
	}
	errs = append(errs, s.stopRecording(), s.closeHead(), s.net.Close())
	if s.home != nil {
		errs = append(errs, s.home.Close())
		s.home = nil
	}
	return errors.Join(errs...)
}

// others are the people nearby.
func (s *session) others() []client.Avatar {
	if len(s.company) > 0 {
		return s.company
	}
	return s.net.in.Avatars
}
