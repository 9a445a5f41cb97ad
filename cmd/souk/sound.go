package main

import (
	"math"
	"sync/atomic"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/hud"
	"souk/scene/sound"
	"souk/scene/sound/speaker"
	"souk/world"
	"souk/world/plan"
)

// volumeNames are the values of -volume, and volumes what they are as factors
// of amplitude: steps of 7 dB, which one hears as a step.
var volumeNames = []string{"off", "low", "medium", "high"}

var volumes = map[string]float64{"low": .2, "medium": .45, "high": 1}

// sounds says whether this visit may be heard: time that does not go by the
// clock, and a window that nobody sees, are silent.
func (o *options) sounds() bool {
	return !o.hidden && o.frames == 0 && o.filmed.path == "" && o.soaked.time == 0 && o.paced.time == 0
}

// soundscape is what the visitor hears: who speaks and walks where, the own
// steps, the air. The frame loop's goroutine owns it; a nil one is silent.
type soundscape struct {
	say     func(format string, args ...any) // to the terminal
	mixer   *sound.Mixer
	speaker *speaker.Speaker // nil until the volume is not off
	bank    atomic.Pointer[sound.Bank]
	lost    bool // there is no device: nothing is worked out any more
	off     bool
	taped   bool // someone else than a device mixes it
	hour    float64

	air   sound.Air
	airT  float64
	feet  feet
	heard [hud.CueCount]struct {
		t  float64 // when last
		ok bool
	}
	strode map[uint32]float64 // how far others have walked since their last step, metres
}

// feet are the visitor's own.
type feet struct {
	pos    r3.Vec
	t      float64
	strode float64 // since the last step, metres
	steps  int
	begun  bool
}

// airEvery is how often the air is worked out, seconds; earshot how far away
// others' steps are heard and crowd how far people and stalls count, metres.
const (
	airEvery = .25
	earshot  = 8.0
	crowd    = 16.0
)

// newSoundscape opens no device yet: obey does.
func newSoundscape(say func(string, ...any)) *soundscape {
	return &soundscape{say: say, mixer: sound.NewMixer(), off: true, airT: math.Inf(-1), strode: map[uint32]float64{}}
}

// obey follows the settings. The device is opened beside the frames when it is
// first needed, and the sounds are made only where there is one.
func (c *soundscape) obey(p *preferences) {
	if c == nil {
		return
	}
	gain := volumes[p.Volume]
	c.hour = p.Hour
	c.off = gain == 0
	c.mixer.SetVolume(gain)
	if c.speaker == nil {
		if c.off || c.taped {
			return
		}
		c.speaker = speaker.Open(c.mixer, sound.Rate, func() {
			b := sound.NewBank(1)
			c.mixer.SetBank(b)
			c.bank.Store(b)
		})
	}
	c.speaker.Heard(!c.off)
}

// close ends all sound; it waits for nothing.
func (c *soundscape) close() {
	if c == nil || c.speaker == nil {
		return
	}
	c.mixer.SetVolume(0)
	c.speaker.Close()
}

// trouble is what is wrong with the device, if there is one.
func (c *soundscape) trouble() error {
	if c.speaker == nil {
		return nil
	}
	return c.speaker.Err()
}

// ready is the bank where something would be heard.
func (c *soundscape) ready() *sound.Bank {
	if c == nil || c.off || c.lost {
		return nil
	}
	return c.bank.Load()
}

// sound tells of a moment: by its caption, and by its sound at its place.
func (d *display) sound(cue hud.Cue, who string) {
	d.h.Sound(cue, who)
	b := d.scape.ready()
	if b == nil || int(cue) >= len(b.Cues) {
		return
	}
	if !d.scape.due(cue, d.s.t) {
		return
	}
	at, placed := d.s.whereabouts(cue, who)
	d.scape.mixer.Play(sound.Source{Clip: b.Cues[cue], Gain: 1, At: at, Placed: placed})
}

// rests are seconds before a moment may be heard again: what comes by itself, and
// often while a stranger's taste is found out, must not tire.
var rests = [hud.CueCount]float64{hud.CuePlaced: 12, hud.CueNear: 4, hud.CueChat: .8, hud.CueCart: .15, hud.CueRefused: .3}

// due says whether a moment is to be heard at session time t.
func (c *soundscape) due(cue hud.Cue, t float64) bool {
	if last := c.heard[cue]; last.ok && t-last.t < rests[cue] {
		return false
	}
	c.heard[cue].t, c.heard[cue].ok = t, true
	return true
}

// whereabouts is where a moment happens; false where that is with the visitor.
func (s *session) whereabouts(cue hud.Cue, who string) (at r3.Vec, ok bool) {
	switch cue {
	case hud.CueChat, hud.CueNear:
		for _, a := range s.others() {
			if a.Name == who {
				return a.Pose.Pos, true
			}
		}
	case hud.CuePlaced:
		if s.decision == nil {
			break
		}
		for _, p := range s.decision.Placements {
			if p.Item != world.NoItem {
				return s.market.Plan.SlotItemCentre(p.Slot, p.Item), true
			}
		}
	}
	return at, false
}

// hear goes on with what is heard all the time, after a frame's steps.
func (c *soundscape) hear(s *session) {
	if c == nil || c.off || c.lost {
		return
	}
	b := c.bank.Load()
	if s.t-c.airT >= airEvery || s.t < c.airT {
		c.airT = s.t
		if err := c.trouble(); err != nil {
			c.lost = true
			c.say("The market is silent: %v; -volume in souk -help says more.", err)
			return
		}
		c.air = sound.AirAt(c.hour, busy(s))
	}
	if b == nil {
		return
	}
	c.mixer.Hear(s.head, c.air)
	dt := s.t - c.feet.t
	if n := c.feet.step(s.t, s.bodyPose().Pos); n > 0 {
		c.tread(b, s.bodyPose(), n, 1)
	}
	for _, a := range s.others() {
		if a.Speed < .3 || r3.Norm(r3.Sub(a.Pose.Pos, s.head.Pos)) > earshot {
			delete(c.strode, a.ID)
			continue
		}
		way := c.strode[a.ID] + a.Speed*dt
		if stride := strideAt(a.Speed); way > stride {
			way = math.Mod(way, stride)
			c.tread(b, a.Pose, int(a.ID)+int(s.t*8), 1.4)
		}
		c.strode[a.ID] = way
	}
}

// tread sounds a step under somebody; n says which foot and which of the sounds.
func (c *soundscape) tread(b *sound.Bank, body world.Pose, n int, gain float64) {
	foot := r3.Add(body.Pos, body.Rotate(r3.Vec{X: .11 * float64(1-2*(n&1))}))
	foot.Y = body.Pos.Y - plan.EyeHeight
	which := (n*5 + n/8) % len(b.Steps) // never the same twice in a row
	c.mixer.Play(sound.Source{Clip: b.Steps[which], Gain: gain, At: foot, Placed: true, Minor: true})
}

// step follows the body, and returns the number of the step that it makes, from
// 1 on, or 0. Who is carried faster than one can run, is somewhere else at once or in the air, has
// no feet on the ground.
func (f *feet) step(t float64, pos r3.Vec) int {
	dt, way := t-f.t, math.Hypot(pos.X-f.pos.X, pos.Z-f.pos.Z)
	f.t, f.pos = t, pos
	if !f.begun || !(dt > 0) || way/dt > 6 || math.Abs(pos.Y-plan.EyeHeight) > .4 {
		f.begun, f.strode = true, 0
		return 0
	}
	if way/dt < .2 {
		f.strode = max(f.strode, .6*strideAt(0)) // the first step comes soon
		return 0
	}
	f.strode += way
	if f.strode < strideAt(way/dt) {
		return 0
	}
	f.strode = 0
	f.steps++
	return f.steps
}

// strideAt is how long a step is, metres: it grows with the speed, as people's do
// (about 0.7 m at 1.4 m/s: Grieve and Gear 1966).
func strideAt(speed float64) float64 { return .42 + .2*speed }

// busy is how much market there is around, from 0 to 1: stalls, and people all
// the more the nearer they are.
func busy(s *session) float64 {
	stalls := 0
	for i := range s.market.Plan.Stalls {
		if m := s.market.Plan.Stalls[i].Box.Center(); math.Hypot(m.X-s.head.Pos.X, m.Z-s.head.Pos.Z) < crowd {
			stalls++
		}
	}
	sum := .55 * min(1, float64(stalls)/20)
	for _, a := range s.others() {
		if d := r3.Norm(r3.Sub(a.Pose.Pos, s.head.Pos)); d < crowd {
			sum += .25 / (1 + d/2)
		}
	}
	return min(1, sum)
}
