// Package speaker plays a mixer's sound on the machine's sound device, through
// Oto (ALSA on Linux, and what Windows and macOS have). Whatever the device
// does, nobody waits for it: it is opened, silenced and left by a goroutine of
// its own. Where there is none, nothing is ever mixed.
package speaker

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"sync"
	"time"
)

// Mixer writes the next stereo samples, left before right: [sound.Mixer].
type Mixer interface{ Mix(out []float32) }

// device is what Oto gives us; the tests have others.
type device interface {
	// Suspend stops asking for samples, Resume goes on. Both may take as long as
	// the device likes.
	Suspend() error
	Resume() error
	// Err is what befell the device since it was opened.
	Err() error
}

// opening opens a device that reads stereo float32, little endian, until the
// program ends. It may take long.
type opening func(from io.Reader, rate int, ready func()) (device, error)

// Speaker is the machine's sound device, or the lack of one.
type Speaker struct {
	wants chan bool // the latest wish: to be heard. One is kept; older ones are dropped
	done  chan struct{}
	once  sync.Once

	mu   sync.Mutex
	err  error
	open bool
}

// watchEvery is how often a device that plays is asked how it is: one that was
// unplugged.
const watchEvery = 2 * time.Second

// fading is how long a device still plays when it is to be silent: the mixer's
// volume, which was turned down before, gets there, and nothing clicks.
const fading = 120 * time.Millisecond

// Open begins to open the device and returns at once. Before the first sample
// is asked for, ready is called by another goroutine: what only a machine with
// sound needs is made there. A process can open one speaker; a second fails.
func Open(m Mixer, rate int, ready func()) *Speaker { return start(m, rate, ready, openDevice) }

func start(m Mixer, rate int, ready func(), open opening) *Speaker {
	s := &Speaker{wants: make(chan bool, 1), done: make(chan struct{})}
	go s.run(&reader{m: m}, rate, ready, open)
	return s
}

// run owns the device.
func (s *Speaker) run(from io.Reader, rate int, ready func(), open opening) {
	d, err := open(from, rate, ready)
	if err != nil {
		s.fail(err)
		return
	}
	s.mu.Lock()
	s.open = true
	s.mu.Unlock()
	watch := time.NewTicker(watchEvery)
	defer watch.Stop()
	heard := true
	for {
		select {
		case <-s.done:
			if heard {
				time.Sleep(fading)
				_ = d.Suspend() // the program leaves it anyway
			}
			return
		case want := <-s.wants:
			if want == heard {
				continue
			}
			heard = want
			if want {
				err = d.Resume()
			} else {
				time.Sleep(fading)
				err = d.Suspend()
			}
		case <-watch.C:
			err = d.Err()
		}
		if err != nil {
			s.fail(err)
			return
		}
	}
}

func (s *Speaker) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err, s.open = explain(err), false
}

// explain makes one short sentence of what a device says: where none opens, Oto
// lists every device that it tried, the usual one first.
func explain(err error) error {
	said := strings.TrimPrefix(err.Error(), "oto: ")
	if _, tried, ok := strings.Cut(said, "snd_pcm_open: "); ok {
		first, _, _ := strings.Cut(tried, ", ")
		_, why, _ := strings.Cut(first, ": ")
		return fmt.Errorf("no sound device could be opened (ALSA: %s)", why)
	}
	said, _, _ = strings.Cut(said, "\n")
	return fmt.Errorf("the sound device cannot be used (%s)", said)
}

// errNone is where the program was built without what plays.
var errNone = errors.New("the program was built without sound")

// Heard says whether anything is to be played: while it is not, nothing is
// mixed and the processor is left alone. It returns at once.
func (s *Speaker) Heard(on bool) {
	for {
		select {
		case s.wants <- on:
			return
		default:
		}
		select {
		case <-s.wants: // an older wish
		default:
		}
	}
}

// Err is one sentence, without its stop, where there is no device or it was
// lost; nil before that is known.
func (s *Speaker) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// Playing says whether a device is open.
func (s *Speaker) Playing() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open
}

// Close lets go of the device. It returns at once, and may be called again.
func (s *Speaker) Close() { s.once.Do(func() { close(s.done) }) }

// reader is a mixer as the bytes that Oto reads.
type reader struct {
	m   Mixer
	buf [1024]float32
}

// Read fills p with whole pairs of samples.
func (r *reader) Read(p []byte) (int, error) {
	n := 0
	for len(p)-n >= 8 {
		part := r.buf[:min(len(r.buf), (len(p)-n)/8*2)]
		r.m.Mix(part)
		for _, v := range part {
			b := math.Float32bits(v)
			p[n], p[n+1], p[n+2], p[n+3] = byte(b), byte(b>>8), byte(b>>16), byte(b>>24)
			n += 4
		}
	}
	return n, nil
}
