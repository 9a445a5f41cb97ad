package speaker

import (
	"encoding/binary"
	"errors"
	"io"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// ramp is a mixer that counts its samples.
type ramp struct {
	mu sync.Mutex
	n  int
}

func (r *ramp) Mix(out []float32) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range out {
		out[i] = float32(r.n)
		r.n++
	}
}

func (r *ramp) mixed() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.n
}

// fake is a device that does what a test says.
type fake struct {
	mu     sync.Mutex
	did    []string
	broken error
}

func (f *fake) do(what string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if what != "" {
		f.did = append(f.did, what)
	}
	return f.broken
}
func (f *fake) Suspend() error { return f.do("suspend") }
func (f *fake) Resume() error  { return f.do("resume") }
func (f *fake) Err() error     { return f.do("") }

func (f *fake) done() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return strings.Join(f.did, " ")
}

// comes waits until something is so.
func comes(t *testing.T, what string, is func() bool) {
	t.Helper()
	for range 2000 {
		if is() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("it never comes to be that %s", what)
}

// Where no device opens there is one short sentence, and nothing is ever made or mixed.
func TestNoDeviceIsOneSentence(t *testing.T) {
	m := &ramp{}
	s := start(m, 48000, func() { t.Error("sounds are made") }, func(io.Reader, int, func()) (device, error) {
		return nil, errors.New(`oto: ALSA error at snd_pcm_open: "default": No such file or directory, "plug:default": No such file or directory, "jack": x`)
	})
	defer s.Close()
	comes(t, "it is said", func() bool { return s.Err() != nil })
	if got := s.Err().Error(); got != `no sound device could be opened (ALSA: No such file or directory)` {
		t.Errorf("%q", got)
	}
	for range 100 { // nobody is there to hear the wishes
		s.Heard(true)
		s.Heard(false)
	}
	if m.mixed() != 0 || s.Playing() {
		t.Errorf("%d samples are mixed for nobody", m.mixed())
	}
}

// A device that hangs while it opens keeps nobody waiting.
func TestHangingDeviceKeepsNobodyWaiting(t *testing.T) {
	hang := make(chan struct{})
	s := start(&ramp{}, 48000, func() {}, func(io.Reader, int, func()) (device, error) {
		<-hang
		return nil, errNone
	})
	for range 1000 {
		s.Heard(true)
		s.Heard(false)
	}
	if s.Err() != nil || s.Playing() {
		t.Errorf("it is known already: %v", s.Err())
	}
	s.Close()
	s.Close()
	close(hang)
	comes(t, "it gives up", func() bool { return s.Err() != nil })
}

// The latest wish counts, and what is so already is not done again.
func TestTheLatestWishCounts(t *testing.T) {
	f, opened := &fake{}, make(chan struct{})
	s := start(&ramp{}, 48000, func() {}, func(_ io.Reader, _ int, ready func()) (device, error) {
		<-opened
		ready()
		return f, nil
	})
	s.Heard(true)
	s.Heard(false)
	s.Heard(true)
	s.Heard(false)
	close(opened)
	comes(t, "it is silent", func() bool { return f.done() == "suspend" })
	s.Heard(false)
	s.Heard(true)
	comes(t, "it is heard", func() bool { return f.done() == "suspend resume" })
	s.Close()
	comes(t, "it is left", func() bool { return f.done() == "suspend resume suspend" })
}

// A device that is lost while it plays is told of like one that never was.
func TestLostDevice(t *testing.T) {
	f := &fake{}
	s := start(&ramp{}, 48000, func() {}, func(io.Reader, int, func()) (device, error) { return f, nil })
	defer s.Close()
	comes(t, "it plays", s.Playing)
	f.mu.Lock()
	f.broken = errors.New("oto: ALSA error at snd_pcm_writei or snd_pcm_recover: No such device")
	f.mu.Unlock()
	s.Heard(false)
	comes(t, "it is said", func() bool { return s.Err() != nil })
	if s.Playing() || !strings.Contains(s.Err().Error(), "No such device") {
		t.Errorf("%v", s.Err())
	}
}

// The bytes are the mixer's samples, little endian, in whole pairs, and reading
// allocates nothing.
func TestReader(t *testing.T) {
	r := &reader{m: &ramp{}}
	p := make([]byte, 8*3000+5)
	n, err := r.Read(p)
	if n != 8*3000 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	for i := range 6000 {
		if v := math.Float32frombits(binary.LittleEndian.Uint32(p[4*i:])); v != float32(i) {
			t.Fatalf("sample %d is %v", i, v)
		}
	}
	if a := testing.AllocsPerRun(20, func() { _, _ = r.Read(p) }); a != 0 {
		t.Errorf("%v allocations", a)
	}
}
