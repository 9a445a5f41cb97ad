package tracker_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/input"
	"souk/input/tracker"
)

var (
	_ input.HeadSource = (*tracker.Source)(nil)
	_ input.HeadSource = tracker.Sway{}
)

// bench is a source on a free port, a sender, and a clock that the test moves.
type bench struct {
	*tracker.Source
	t    *testing.T
	out  net.Conn
	mu   sync.Mutex
	now  time.Duration
	said []string
}

func open(t *testing.T, euro tracker.Euro) *bench {
	t.Helper()
	b := &bench{t: t}
	s, err := tracker.Open("opentrack:0", tracker.Config{
		Euro:  euro,
		Clock: func() time.Duration { b.mu.Lock(); defer b.mu.Unlock(); return b.now },
		Say:   func(f string, a ...any) { b.said = append(b.said, fmt.Sprintf(f, a...)) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	b.Source = s
	if b.out, err = net.Dial("udp", s.Addr().String()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.out.Close() })
	return b
}

// tick moves the clock.
func (b *bench) tick(seconds float64) {
	b.mu.Lock()
	b.now += time.Duration(seconds * 1e9)
	b.mu.Unlock()
}

// session is the session's clock: another zero than the machine's.
func (b *bench) session() float64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return 1000 + b.now.Seconds()
}

// send sends a datagram over the loopback and waits until it was counted.
func (b *bench) send(packet []byte) {
	b.t.Helper()
	want := b.Stats().Packets + 1
	if _, err := b.out.Write(packet); err != nil {
		b.t.Fatal(err)
	}
	for range 2000 {
		if b.Stats().Packets >= want {
			return
		}
		time.Sleep(time.Millisecond)
	}
	b.t.Fatal("the packet never came")
}

func (b *bench) head() input.Head {
	b.t.Helper()
	h, ok := b.Poll(b.session())
	if !ok {
		b.t.Fatal("nothing was measured")
	}
	return h
}

func near(a, b input.Head, by float64) bool {
	return r3.Norm(r3.Sub(a.Pos, b.Pos)) <= by && math.Abs(a.Yaw-b.Yaw) <= by && math.Abs(a.Pitch-b.Pitch) <= by && math.Abs(a.Roll-b.Roll) <= by
}

func TestPacketsArriveOverASocket(t *testing.T) {
	b := open(t, tracker.Euro{})
	if _, ok := b.Poll(b.session()); ok {
		t.Error("a head before any packet")
	}
	want := input.Head{Pos: r3.Vec{X: .1, Y: -.02, Z: .3}, Yaw: .5, Pitch: -.2, Roll: .1}
	b.send(tracker.AppendOpentrack(nil, want))
	if got := b.head(); !near(got, want, 1e-12) {
		t.Errorf("%+v came as %+v", want, got)
	}
	// Of several between two frames the newest counts.
	b.send(tracker.AppendOpentrack(nil, input.Head{Yaw: .6}))
	b.send(tracker.AppendOpentrack(nil, input.Head{Yaw: .7}))
	if got := b.head(); !near(got, input.Head{Yaw: .7}, 1e-12) {
		t.Errorf("the newest is %+v", got)
	}
}

// What opentrack sends when a head turns right, nods up, tilts right and leans
// right, up and back, by the numbers.
func TestSignsAndUnitsAreOpentracks(t *testing.T) {
	raw := []byte{
		0, 0, 0, 0, 0, 0, 0x24, 0x40, // 10 cm right
		0, 0, 0, 0, 0, 0, 0x14, 0x40, // 5 cm up
		0, 0, 0, 0, 0, 0, 0x34, 0x40, // 20 cm back
		0, 0, 0, 0, 0, 0x80, 0x46, 0x40, // 45° right
		0, 0, 0, 0, 0, 0, 0x3e, 0x40, // 30° up
		0, 0, 0, 0, 0, 0, 0x24, 0x40, // 10° right
	}
	h, err := tracker.ParseOpentrack(raw)
	want := input.Head{Pos: r3.Vec{X: .1, Y: .05, Z: .2}, Yaw: -math.Pi / 4, Pitch: math.Pi / 6, Roll: -math.Pi / 18}
	if err != nil || !near(h, want, 1e-12) {
		t.Errorf("%+v, %v", h, err)
	}
}

func TestBadPacketsAreCountedAndSaidOnce(t *testing.T) {
	b := open(t, tracker.Euro{})
	good := tracker.AppendOpentrack(nil, input.Head{Yaw: .3})
	b.send(good)
	for _, p := range [][]byte{{}, []byte("hello"), good[:47], append(good[:48:48], 0), tracker.AppendOpentrack(nil, input.Head{Yaw: math.NaN()}),
		tracker.AppendOpentrack(nil, input.Head{Pitch: math.Inf(1)}), tracker.AppendOpentrack(nil, input.Head{Pos: r3.Vec{Z: 11}})} {
		b.send(p)
		if got := b.head(); !near(got, input.Head{Yaw: .3}, 1e-12) {
			t.Errorf("%v moved the head to %+v", p, got)
		}
	}
	if s := b.Stats(); s.Packets != 8 || s.Bad != 7 {
		t.Errorf("%+v", s)
	}
	if len(b.said) != 1 || !strings.Contains(b.said[0], "0 bytes instead of 48") {
		t.Errorf("said %q", b.said)
	}
}

func TestLostSourceReturnsSmoothlyToTheMiddleAndComesBack(t *testing.T) {
	b := open(t, tracker.DefaultEuro())
	b.send(tracker.AppendOpentrack(nil, input.Head{Pos: r3.Vec{X: .2}, Yaw: 1, Pitch: .3}))
	last := b.head()
	for range 40 { // 0.4 s of silence is no loss
		b.tick(.01)
		if h := b.head(); h != last {
			t.Fatalf("the head moved to %+v", h)
		}
	}
	for range 400 {
		b.tick(.01)
		h := b.head()
		if h.Yaw > last.Yaw || h.Yaw < 0 || last.Yaw-h.Yaw > .04 {
			t.Fatalf("from %+v to %+v in 10 ms", last, h)
		}
		last = h
	}
	if !near(last, input.Head{}, 1e-3) {
		t.Errorf("the head stays at %+v", last)
	}
	// It comes back without a jump.
	for i := range 200 {
		b.tick(.01)
		b.send(tracker.AppendOpentrack(nil, input.Head{Yaw: -1}))
		h := b.head()
		if math.Abs(h.Yaw-last.Yaw) > .04 {
			t.Fatalf("frame %d: from %v to %v", i, last.Yaw, h.Yaw)
		}
		last = h
	}
	if !near(last, input.Head{Yaw: -1}, 1e-2) {
		t.Errorf("it comes back to %+v", last)
	}
	if len(b.said) != 2 || !strings.Contains(b.said[0], "silent") || !strings.Contains(b.said[1], "back") {
		t.Errorf("said %q", b.said)
	}
}

// At rest the filter takes most of the noise; a quick turn passes with little
// lag, and a turn through ±180° goes the short way.
func TestEuroFilterRestsAndFollows(t *testing.T) {
	run := func(euro tracker.Euro, yaw func(i int) float64, n int) []float64 {
		b := open(t, euro)
		var out []float64
		for i := range n {
			b.tick(1.0 / 60)
			b.send(tracker.AppendOpentrack(nil, input.Head{Yaw: yaw(i)}))
			out = append(out, b.head().Yaw)
		}
		return out
	}
	noise := func(v []float64) float64 {
		sum := 0.0
		for i := 60; i < len(v); i++ {
			sum += (v[i] - v[i-1]) * (v[i] - v[i-1])
		}
		return math.Sqrt(sum / float64(len(v)-60))
	}
	rng := rand.New(rand.NewPCG(1, 2))
	shake := make([]float64, 240)
	for i := range shake {
		shake[i] = .01 * rng.NormFloat64()
	}
	raw := run(tracker.Euro{}, func(i int) float64 { return shake[i] }, len(shake))
	still := run(tracker.DefaultEuro(), func(i int) float64 { return shake[i] }, len(shake))
	if noise(still) > .5*noise(raw) {
		t.Errorf("at rest %v of %v is left", noise(still), noise(raw))
	}
	turn := run(tracker.DefaultEuro(), func(i int) float64 { return 2 * float64(i) / 60 }, 60)
	if lag := (2*59.0/60 - turn[59]) / 2; lag < 0 || lag > .02 {
		t.Errorf("a turn of 2 rad/s lags by %.0f ms", 1e3*lag)
	}
	round := run(tracker.DefaultEuro(), func(i int) float64 { return math.Remainder(3+.02*float64(i), 2*math.Pi) }, 60)
	for i := 1; i < len(round); i++ {
		if d := math.Abs(math.Remainder(round[i]-round[i-1], 2*math.Pi)); d > .05 {
			t.Fatalf("through the back it jumps by %v", d)
		}
	}
}

func TestWrongSpecificationsGetASentence(t *testing.T) {
	taken, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, port, _ := net.SplitHostPort(taken.LocalAddr().String())
	for spec, want := range map[string]string{
		"vive": `"vive" is unknown`, "": `"" is unknown`, "opentrack:x": `the port "x"`, "opentrack:70000": `the port "70000"`,
		"opentrack:here:4242": `"here", which is no address`, "opentrack:" + port: "another program may hold the port",
	} {
		s, err := tracker.Open(spec, tracker.Config{})
		if err == nil {
			s.Close()
		}
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v", spec, err)
		}
	}
}

func TestPollAllocatesNothing(t *testing.T) {
	b := open(t, tracker.DefaultEuro())
	b.send(tracker.AppendOpentrack(nil, input.Head{Yaw: .3}))
	now := b.session()
	if n := testing.AllocsPerRun(1000, func() { b.Poll(now) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestSwayStaysInTheSeat(t *testing.T) {
	last, _ := tracker.Sway{}.Poll(0)
	for i := range 6000 {
		h, ok := tracker.Sway{}.Poll(float64(i+1) / 60)
		if !ok || r3.Norm(h.Pos) > .08 || math.Abs(h.Yaw) > .36 || math.Abs(h.Pitch) > .11 || math.Abs(h.Yaw-last.Yaw)*60 > .5 {
			t.Fatalf("%+v after %+v", h, last)
		}
		last = h
	}
}

// Whatever comes over the socket, a head that is believed is one.
func FuzzParseOpentrack(f *testing.F) {
	f.Add(tracker.AppendOpentrack(nil, input.Head{Yaw: 1, Pos: r3.Vec{X: .1}}))
	f.Add([]byte("x"))
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := tracker.ParseOpentrack(b)
		if err != nil {
			return
		}
		if r3.Norm(h.Pos) > 20 || !(math.Abs(h.Yaw)+math.Abs(h.Pitch)+math.Abs(h.Roll) < 20) {
			t.Fatalf("%+v", h)
		}
		back, err := tracker.ParseOpentrack(tracker.AppendOpentrack(nil, h))
		// A value at the very bound may be rounded out of it.
		if err == nil && !near(back, h, 1e-9) {
			t.Fatalf("%+v comes back as %+v", h, back)
		}
	})
}

func BenchmarkPoll(b *testing.B) {
	s, err := tracker.Open("opentrack:0", tracker.Config{Euro: tracker.DefaultEuro()})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		s.Poll(float64(i))
	}
}

// The baseline: what the frame loop would do without the goroutine, one read
// of an empty socket a frame.
func BenchmarkNaiveRead(b *testing.B) {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	var buf [64]byte
	b.ReportAllocs()
	for b.Loop() {
		_ = conn.SetReadDeadline(time.Now().Add(-1))
		_, _, _ = conn.ReadFrom(buf[:])
	}
}
