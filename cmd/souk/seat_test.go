package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/input"
	"souk/input/look"
	"souk/input/tracker"
	"souk/world"
)

// What a head tracker sends turns and leans the head, not the body; recentring
// makes it straight ahead; others and the recording see the pose and nothing more.
func TestHeadTrackerMovesTheHeadOnTheBody(t *testing.T) {
	s, said := visitFor(t, t.TempDir(), "-consent", "local", "-head", "opentrack:0")
	body, yaw := s.head.Pos, s.yaw
	walk(t, s, .1)
	if s.head.Pos != body {
		t.Errorf("without a packet the head is at %v", s.head.Pos)
	}
	source := s.seat.source.(*tracker.Source)
	out, err := net.Dial("udp", source.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	send := func(h input.Head) {
		t.Helper()
		want := source.Stats().Packets + 1
		if _, err := out.Write(tracker.AppendOpentrack(nil, h)); err != nil {
			t.Fatal(err)
		}
		for range 1000 {
			if source.Stats().Packets >= want {
				return
			}
			time.Sleep(time.Millisecond)
		}
		t.Fatal("the packet never came")
	}
	turned := input.Head{Pos: r3.Vec{X: .2, Y: -.1, Z: -.3}, Yaw: .5, Pitch: .2, Roll: .1}
	send(turned)
	walk(t, s, 1.0/30)
	gotYaw, gotPitch := s.head.YawPitch()
	if math.Abs(gotYaw-yaw-.5) > 1e-9 || math.Abs(gotPitch-s.pitch-.2) > 1e-9 {
		t.Errorf("the head looks along %v %v", gotYaw, gotPitch)
	}
	// The left ear is down by the roll.
	if tilt := math.Asin(s.head.Rotate(r3.Vec{X: 1}).Y); math.Abs(tilt-.1) > .01 {
		t.Errorf("the head is tilted by %v", tilt)
	}
	sin, cos := math.Sincos(yaw)
	want := r3.Add(body, r3.Vec{X: .2*cos - .3*sin, Y: -.1, Z: -.2*sin - .3*cos})
	if d := r3.Norm(r3.Sub(s.head.Pos, want)); d > 1e-6 {
		t.Errorf("the head is at %v, %v m from where it leans to", s.head.Pos, d)
	}
	for range 30 {
		send(turned)
		walk(t, s, 1.0/30)
	}
	if d := r3.Norm(r3.Sub(s.seat.body, body)); d > 1e-9 {
		t.Errorf("the lean has carried the body %v m away", d)
	}
	s.recentreHead()
	walk(t, s, 1.0/30)
	if gotYaw, gotPitch = s.head.YawPitch(); math.Abs(gotYaw-yaw) > 1e-9 || math.Abs(gotPitch-.2) > 1e-9 || r3.Norm(r3.Sub(s.head.Pos, body)) > 1e-9 {
		t.Errorf("recentred, the head is at %v along %v %v", s.head.Pos, gotYaw, gotPitch)
	}
	send(input.Head{Pos: r3.Vec{X: 9, Y: 9, Z: 9}})
	walk(t, s, 1.0/30)
	if d := r3.Sub(s.head.Pos, body); math.Abs(d.X) > look.Lean+1e-6 || math.Abs(d.Y) > look.Lean+1e-6 || math.Abs(d.Z) > look.Lean+1e-6 {
		t.Errorf("the head left its seat by %v", d)
	}
	if !strings.Contains(said.String(), "awaited on 127.0.0.1:") {
		t.Errorf("said %q", said)
	}
	close1(t, s)
	if res := replay(t, s.recPath); res.Different != 0 || res.Truncated {
		t.Errorf("replay: %+v", res)
	}
}

// Held and let go of, the key carries the body to where the arc led; it is a
// change of pose between two frames, and replays.
func TestTeleportCarriesTheBody(t *testing.T) {
	for _, fade := range []bool{false, true} {
		s, _ := visitFor(t, t.TempDir(), "-consent", "local")
		s.seat.fade = fade
		walk(t, s, .2)
		from := s.head.Pos
		s.hands.KeyDown(look.KeyG)
		walk(t, s, .5)
		arc := &s.seat.teleport
		if !arc.Aiming() || !arc.Valid || s.head.Pos != from {
			t.Fatalf("aiming %v, valid %v, at %v from %v", arc.Aiming(), arc.Valid, s.head.Pos, from)
		}
		to := arc.Target
		s.hands.KeyUp(look.KeyG)
		walk(t, s, 1)
		if s.head.Pos.X != to.X || s.head.Pos.Z != to.Z || s.head.Pos.Y != from.Y || !s.market.Plan.Walkable(s.head.Pos) {
			t.Errorf("aimed at %v, is at %v", to, s.head.Pos)
		}
		// It walks on from there.
		s.hands.KeyDown(look.KeyS)
		walk(t, s, .3)
		s.hands.KeyUp(look.KeyS)
		if d := r3.Norm(r3.Sub(s.head.Pos, r3.Vec{X: to.X, Y: from.Y, Z: to.Z})); d < .1 || d > 1 {
			t.Errorf("walking on leads %v m away", d)
		}
		// A question that is asked meanwhile cancels.
		s.hands.KeyDown(look.KeyG)
		walk(t, s, .1)
		s.hands.SetMode(look.Modal)
		s.hands.KeyUp(look.KeyG)
		at := s.head.Pos
		walk(t, s, .5)
		if d := r3.Norm(r3.Sub(s.head.Pos, at)); d > .5 || arc.Aiming() {
			t.Errorf("a cancelled teleport carries %v m", d)
		}
		close1(t, s)
		if res := replay(t, s.recPath); res.Different != 0 || res.Truncated {
			t.Errorf("replay: %+v", res)
		}
	}
}

// Before two eyes the session reckons with what either sees, and the pointer
// with the panel.
func TestStereoLensHoldsBothEyes(t *testing.T) {
	s, _ := visitFor(t, t.TempDir(), "-consent", "none", "-stereo", "-lens", "cardboard", "-ipd", "61")
	defer close1(t, s)
	if s.o.optics.IPD != .061 {
		t.Errorf("the eyes are %v m apart", s.o.optics.IPD)
	}
	up := math.Tan(s.lens.FovY / 2)
	for _, e := range s.o.optics.Eyes(1280, 720) {
		if f := e.Frustum; up < f.Up-1e-9 || up < f.Down-1e-9 || up*s.lens.Aspect < f.Left-1e-9 || up*s.lens.Aspect < f.Right-1e-9 {
			t.Errorf("a lens of %v does not hold %+v", s.lens, f)
		}
	}
	s.released, s.pointing, s.pointer = true, true, [2]float64{1, 0}
	if p := s.sample(); math.Abs(p.Dir.X/-p.Dir.Z-s.panel[0]) > 1e-9 {
		t.Errorf("the panel's edge is at %v, the pointer at %v", s.panel[0], p.Dir)
	}
}

func TestSwayNeedsNoTracker(t *testing.T) {
	s, _ := visitFor(t, t.TempDir(), "-consent", "local", "-head", "sway")
	defer close1(t, s)
	seen := map[world.Pose]bool{}
	for range 20 {
		walk(t, s, .1)
		seen[s.head] = true
	}
	if len(seen) < 19 {
		t.Errorf("%d poses in 20", len(seen))
	}
}

func TestWrongViewersGetASentence(t *testing.T) {
	for args, want := range map[string]string{
		"-lens tv":                      "with -stereo only",
		"-ipd 63":                       "with -stereo only",
		"-stereo -lens rift":            `"rift" is unknown`,
		"-stereo -lens /nowhere/x.json": "/nowhere/x.json",
		"-stereo -ipd 6":                "ipd_mm is 6 mm",
		"-stereo -ipd NaN":              "ipd_mm is NaN",
	} {
		if _, err := parse(strings.Fields(args), io.Discard); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", args, err)
		}
	}
	o, err := parse([]string{"-catalogue", "demo:seed=1,items=300", "-data", filepath.Join(t.TempDir(), "d"), "-head", "vive"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	s, err := openSession(context.Background(), o, func(f string, a ...any) { _ = fmt.Sprintf(f, a...) })
	if err == nil || !strings.Contains(err.Error(), `"vive" is unknown`) {
		t.Errorf("%v", err)
		s.Close()
	}
}
