package sound

import (
	"sync"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/world"
)

// Source is a sound that begins.
type Source struct {
	Clip Clip
	Gain float64 // 1 is as the bank has it
	At   r3.Vec  // where it sounds from, if Placed
	// Placed says that it is somewhere in the market; otherwise it is in the
	// middle of the head.
	Placed bool
	// Minor says that it may be left out where much is heard at once.
	Minor bool
}

// Air is how much there is of what is always heard, each from 0 to 1.
type Air struct{ Murmur, Wind, Crickets float64 }

// Voices are the sources that sound at once; what begins beyond them is not
// heard. A minor one begins only where less than half of them sound.
const Voices = 32

// Mixer plays sources around a head. All methods may be called from several
// goroutines; those but Mix take a moment and never wait for a whole block.
// A nil Mixer hears nothing.
type Mixer struct {
	mu    sync.Mutex // of what is told and not taken over by Mix yet
	queue [Voices]Source
	n     int
	told  scenery

	mixing sync.Mutex // one Mix at a time: of all below
	now    scenery
	voices [Voices]voice
	busy   int
	loops  [3]looped
	volume float32
	room   room
	limit  limiter
	left   [chunk]float32
	right  [chunk]float32
	send   [chunk]float32
}

// scenery is where the head is and what is always heard.
type scenery struct {
	head   world.Pose
	air    Air
	bank   *Bank
	volume float64
}

// NewMixer is a mixer with the volume at 1 and no bank.
func NewMixer() *Mixer {
	m := &Mixer{volume: 1}
	m.told.volume = 1
	m.told.head = world.Upright(r3.Vec{}, 0, 0)
	m.now = m.told
	m.limit.gain = 1
	m.room.init()
	return m
}

// SetBank says where the loops of [Air] are.
func (m *Mixer) SetBank(b *Bank) { m.tell(func(s *scenery) { s.bank = b }) }

// SetVolume is a factor of amplitude for all of it, from 0 to 1; it is reached
// within some hundredths of a second.
func (m *Mixer) SetVolume(v float64) { m.tell(func(s *scenery) { s.volume = max(0, min(1, v)) }) }

// Hear says where the head is and how the air sounds there.
func (m *Mixer) Hear(head world.Pose, air Air) {
	m.tell(func(s *scenery) { s.head, s.air = head, air })
}

func (m *Mixer) tell(change func(*scenery)) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	change(&m.told)
}

// Play begins a source with the next block. It is forgotten where as many begin
// already as there are voices: nobody mixes, or it would not be heard.
func (m *Mixer) Play(s Source) {
	if m == nil || len(s.Clip.padded) == 0 || !(s.Gain > 0) {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.n < len(m.queue) {
		m.queue[m.n] = s
		m.n++
	}
}

// chunk is how many samples are mixed with one state of the head; a block may
// have any length.
const chunk = 240

// Mix writes the next len(out)/2 samples of both ears, left before right, each
// between −1 and 1. It allocates nothing.
func (m *Mixer) Mix(out []float32) {
	m.mixing.Lock()
	defer m.mixing.Unlock()
	m.take()
	for len(out) >= 2 {
		n := min(chunk, len(out)/2)
		m.mixChunk(out[:2*n])
		out = out[2*n:]
	}
	clear(out)
}

// take takes over what was told.
func (m *Mixer) take() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = m.told
	for i := range m.queue[:m.n] {
		s := &m.queue[i]
		if m.busy < Voices && !(s.Minor && m.busy >= Voices/2) {
			m.voices[m.busy].begin(s)
			m.busy++
		}
		*s = Source{}
	}
	m.n = 0
	if b := m.now.bank; b != nil {
		m.loops[0].loop, m.loops[1].loop, m.loops[2].loop = &b.Murmur, &b.Wind, &b.Crickets
	}
}

// mixChunk mixes at most chunk samples.
func (m *Mixer) mixChunk(out []float32) {
	n := len(out) / 2
	left, right, send := m.left[:n], m.right[:n], m.send[:n]
	clear(left)
	clear(right)
	clear(send)
	sent := false
	for i := 0; i < m.busy; {
		v := &m.voices[i]
		sent = sent || v.heard.room > 0
		if v.mix(left, right, send, m.now.head) {
			i++
			continue
		}
		m.busy--
		*v = m.voices[m.busy]
		m.voices[m.busy] = voice{}
	}
	audible := m.busy > 0
	if !m.room.silent(sent, n) {
		m.room.mix(left, right, send)
		audible = true
	}
	for i, level := range [...]float64{m.now.air.Murmur, m.now.air.Wind, m.now.air.Crickets} {
		if m.loops[i].mix(left, right, float32(max(0, min(1, level)))) {
			audible = true
		}
	}
	to := m.volume + (float32(m.now.volume)-m.volume)*.12
	if d := to - float32(m.now.volume); d < 1e-5 && d > -1e-5 {
		to = float32(m.now.volume)
	}
	if audible || sent {
		m.limit.mix(out, left, right, m.volume, to)
	} else {
		clear(out)
	}
	m.volume = to
}
