// Package tracker reads head trackers: a file a protocol, and what they share.
// A device sends when it likes, from another process or machine; a goroutine
// receives, and the frame loop takes what has come without waiting.
//
// A head tracker measures the head, not the eyes: what it says moves the pose
// and is nothing else. It is on the wire and in recordings only as the pose is.
//
// Read [Open] first, then [Source]; opentrack.go is the protocol that nearly
// every head tracker can be had through.
package tracker

import (
	"errors"
	"fmt"
	"math"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/input"
)

// Config says how a source behaves. The zero value is usual: the machine's own
// clock, no filter.
type Config struct {
	// Euro smooths what a shaky tracker measures; zero does not.
	Euro Euro
	// Timeout is after how many seconds of silence the source counts as lost;
	// 0 means 0.5. The head then goes back to rest within about a second.
	Timeout float64
	// Clock is the time since some moment, as the machine counts it; nil is
	// its monotonic clock. It is called from several goroutines.
	Clock func() time.Duration
	// Say takes a sentence for the terminal: the first bad packet, the loss of
	// the source and its return. nil is silence. It is called from Poll.
	Say func(format string, args ...any)
}

// home is the time constant with which a lost head goes back to rest, seconds.
const home = 0.35

// Source is a head tracker on a socket.
type Source struct {
	cfg  Config
	name string
	conn net.PacketConn
	done chan struct{}

	mu       sync.Mutex // guards what the receiving goroutine writes
	latest   input.Head
	arrived  time.Duration // on the clock
	packets  uint64
	bad      uint64
	firstBad string

	// What follows is the frame loop's.
	smooth     smoother
	seen       uint64 // packets taken by Poll
	at         float64
	head       input.Head // measured, or on its way to rest
	from       input.Head // where it was when the source came back, and how much of
	fade       float64    // that still shows, in [0,1]
	any        bool
	lost       bool
	complained bool
}

// Stats count what came.
type Stats struct{ Packets, Bad uint64 }

// Open opens the source that a specification names: "opentrack" or
// "opentrack:PORT", which listens on that UDP port of this machine only, or
// "opentrack:HOST:PORT", which listens on the address given (0.0.0.0 for all).
// Port 0 takes any free one. The error is one sentence.
func Open(spec string, cfg Config) (*Source, error) {
	kind, where, _ := strings.Cut(spec, ":")
	if kind != "opentrack" {
		return nil, fmt.Errorf("the head tracker %q is unknown: give opentrack or opentrack:PORT", spec)
	}
	host, port := "127.0.0.1", strconv.Itoa(OpentrackPort)
	if where != "" {
		port = where
		if h, p, err := net.SplitHostPort(where); err == nil {
			host, port = h, p
		}
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil {
		return nil, fmt.Errorf("the head tracker %q names the port %q: give a number from 0 to 65535", spec, port)
	} else if net.ParseIP(host) == nil && host != "localhost" && host != "" {
		return nil, fmt.Errorf("the head tracker %q listens on %q, which is no address: give one of this machine's, or 0.0.0.0, and port %d", spec, host, n)
	}
	conn, err := net.ListenPacket("udp", net.JoinHostPort(host, port))
	if err != nil {
		return nil, fmt.Errorf("listen for the head tracker %q: %w; another program may hold the port: close it, or give opentrack:PORT and set the same port in opentrack", spec, err)
	}
	if cfg.Clock == nil {
		began := time.Now()
		cfg.Clock = func() time.Duration { return time.Since(began) }
	}
	if cfg.Timeout <= 0 {
		cfg.Timeout = .5
	}
	if cfg.Say == nil {
		cfg.Say = func(string, ...any) {}
	}
	s := &Source{cfg: cfg, name: kind, conn: conn, done: make(chan struct{})}
	s.smooth.euro = cfg.Euro
	go s.receive()
	return s, nil
}

// Name is the protocol's.
func (s *Source) Name() string { return s.name }

// Addr is the address on which the source listens.
func (s *Source) Addr() net.Addr { return s.conn.LocalAddr() }

// Stats count the packets that came, and the bad ones among them.
func (s *Source) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Stats{Packets: s.packets + s.bad, Bad: s.bad}
}

// Close stops listening.
func (s *Source) Close() error {
	err := s.conn.Close()
	<-s.done
	return err
}

// receive takes packets until the socket is closed. Of several that come
// between two frames the newest counts: a head is where it is now.
func (s *Source) receive() {
	defer close(s.done)
	var b [opentrackSize + 1]byte // one more, so that a longer one shows
	for {
		n, _, err := s.conn.ReadFrom(b[:])
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			// A sender that went away may be reported here; it may come back.
			time.Sleep(10 * time.Millisecond)
			continue
		}
		now := s.cfg.Clock()
		h, err := ParseOpentrack(b[:n])
		s.mu.Lock()
		if err != nil {
			if s.bad == 0 {
				s.firstBad = err.Error()
			}
			s.bad++
		} else {
			s.latest, s.arrived = h, now
			s.packets++
		}
		s.mu.Unlock()
	}
}

// Poll is the head at session time now. A packet's time is that of its
// arrival, carried over from the machine's clock to the session's at each call:
// the protocol brings none of its own, and on one machine a datagram is there within a fraction of a
// millisecond.
func (s *Source) Poll(now float64) (input.Head, bool) {
	s.mu.Lock()
	latest, arrived, packets, bad, why := s.latest, s.arrived, s.packets, s.bad, s.firstBad
	s.mu.Unlock()
	age := max(0, (s.cfg.Clock() - arrived).Seconds())
	if bad > 0 && !s.complained {
		s.complained = true
		s.cfg.Say("A packet for the head tracker on %s was no head: %s. Such packets are left out and counted; set opentrack's output to \"UDP over network\".", s.conn.LocalAddr(), why)
	}
	dt := max(0, now-s.at)
	s.at = now
	switch {
	case packets > s.seen:
		if s.lost {
			s.cfg.Say("The head tracker is back.")
			s.from, s.fade = s.head, 1
		}
		s.seen, s.any, s.lost = packets, true, false
		s.head = s.smooth.step(latest, now-age)
	case !s.any:
		return input.Head{}, false
	case age > s.cfg.Timeout:
		if !s.lost {
			s.lost = true
			s.smooth.any = false
			s.cfg.Say("The head tracker has been silent for %.1f s: the head goes back to its middle until it speaks again.", age)
		}
		s.head = settle(s.head, dt)
	}
	if s.fade *= math.Exp(-dt / home); s.fade < 1e-3 {
		s.fade = 0
		return s.head, true
	}
	return between(s.head, s.from, s.fade), true
}

// between is the part k of the way from a to b.
func between(a, b input.Head, k float64) input.Head {
	turn := func(a, b float64) float64 { return a + k*math.Remainder(b-a, 2*math.Pi) }
	return input.Head{
		Pos: r3.Add(a.Pos, r3.Scale(k, r3.Sub(b.Pos, a.Pos))),
		Yaw: turn(a.Yaw, b.Yaw), Pitch: turn(a.Pitch, b.Pitch), Roll: turn(a.Roll, b.Roll),
	}
}

// settle brings a head nearer to its rest.
func settle(h input.Head, dt float64) input.Head {
	if r3.Norm(h.Pos) < 1e-4 && math.Abs(h.Yaw)+math.Abs(h.Pitch)+math.Abs(h.Roll) < 1e-4 {
		return input.Head{}
	}
	return between(input.Head{}, h, math.Exp(-dt/home))
}
