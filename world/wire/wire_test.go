package wire_test

import (
	"errors"
	"flag"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/spatial/r3"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/testing/protocmp"
	"pgregory.net/rapid"

	"souk/world"
	"souk/world/wire"
)

var update = flag.Bool("update", false, "write the golden files")

func TestSnapshotByHandEqualsTheGeneratedCode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var parts wire.SnapshotParts
		want := &wire.Snapshot{Tick: rapid.Uint64().Draw(t, "tick")}
		parts.Tick = want.Tick
		for range rapid.IntRange(0, 5).Draw(t, "moves") {
			m := wire.Move{ID: rapid.Uint32Min(1).Draw(t, "id"), Place: wire.Place{X: rapid.Int32().Draw(t, "x"), Z: rapid.Int32().Draw(t, "z"), Yaw: rapid.Uint8().Draw(t, "yaw")}}
			parts.Moves = wire.AppendMove(parts.Moves, m)
			got, rest, err := wire.NextMove(wire.AppendMove(nil, m))
			if err != nil || len(rest) != 0 || got != m {
				t.Fatalf("a move %v comes back as %v, %d bytes, %v", m, got, len(rest), err)
			}
		}
		want.Moves = parts.Moves
		for range rapid.IntRange(0, 3).Draw(t, "names") {
			n := &wire.AvatarName{Id: rapid.Uint32Min(1).Draw(t, "id"), Name: rapid.StringN(0, 10, 40).Draw(t, "name")}
			want.Names = append(want.Names, n)
			parts.Names = wire.AppendName(parts.Names, n.Id, n.Name)
		}
		want.Gone = rapid.SliceOfN(rapid.Uint32Min(1), 0, 4).Draw(t, "gone")
		parts.Gone = want.Gone
		b := wire.AppendSnapshot(nil, &parts)
		f, err := wire.Decode(b)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, f.GetSnapshot(), protocmp.Transform()); d != "" {
			t.Fatal(d)
		}
		gen, err := wire.Encode(nil, f)
		if err != nil || !slices.Equal(gen, b) {
			t.Fatalf("by hand %x, generated %x, %v", b, gen, err)
		}
	})
}

func TestPlaceKeepsAPoseToACentimetreAndAStep(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pos := r3.Vec{X: rapid.Float64Range(-5000, 5000).Draw(t, "x"), Y: 1.7, Z: rapid.Float64Range(-5000, 5000).Draw(t, "z")}
		yaw, pitch := rapid.Float64Range(-math.Pi, math.Pi).Draw(t, "yaw"), rapid.Float64Range(-1.5, 1.5).Draw(t, "pitch")
		got := wire.Quantise(world.Upright(pos, yaw, pitch)).Pose(1.7)
		if r3.Norm(r3.Sub(got.Pos, pos)) > 0.0071 {
			t.Fatalf("%v comes back as %v", pos, got.Pos)
		}
		back, gotPitch := got.YawPitch()
		if d := math.Abs(math.Remainder(back-yaw, 2*math.Pi)); d > math.Pi/256+1e-6 || math.Abs(gotPitch) > 1e-9 {
			t.Fatalf("yaw %g comes back as %g, pitch %g", yaw, back, gotPitch)
		}
	})
}

func TestQuantiseTakesNonsense(t *testing.T) {
	for _, p := range []world.Pose{{}, world.Upright(r3.Vec{X: math.NaN(), Z: math.Inf(1)}, math.NaN(), 0)} {
		q := wire.Quantise(p)
		if m := q.Presence(); m.GetYaw() > 255 {
			t.Errorf("%v becomes %v", p, m)
		}
	}
}

func TestEventSurvivesTheWire(t *testing.T) {
	e := world.Event{ID: "01HZXW5K7QZ0V9T6Y3R8N2M4PB", Visitor: "v", Session: "s", Time: 1.7e9, Kind: world.EventDwell, Item: "lamp-1",
		Dwell: 1.5, Exposure: 0.25, InView: 3, Eccentricity: 0.1, Propensity: 0.5, Slot: 12, Source: world.SourceViewCentre, Amount: 990}
	got, err := wire.ToEvent(wire.EventOf(&e), "v", "other")
	if err != nil || got != e {
		t.Errorf("%+v comes back as %+v, %v", e, got, err)
	}
	e.Slot = world.NoSlot
	m := wire.EventOf(&e)
	m.Session = ""
	if got, err = wire.ToEvent(m, "v", "other"); err != nil || got.Session != "other" || got.Slot != world.NoSlot {
		t.Errorf("without a session: %+v, %v", got, err)
	}
}

func TestEventOutOfBoundsIsRefusedWithItsField(t *testing.T) {
	nan := float32(math.NaN())
	for say, change := range map[string]func(*wire.Event){
		"no ULID":          func(e *wire.Event) { e.Id = "01hzxw5k7qz0v9t6y3r8n2m4pb" },
		"item":             func(e *wire.Event) { e.Item = "" },
		"kind 99":          func(e *wire.Event) { e.Kind = 99 },
		"source 9":         func(e *wire.Event) { e.Source = 9 },
		"time":             func(e *wire.Event) { e.Time = math.NaN() },
		"dwell or in_view": func(e *wire.Event) { e.Dwell = nan },
		"exposure":         func(e *wire.Event) { e.Exposure = -1 },
		"eccentricity":     func(e *wire.Event) { e.Eccentricity = 4 },
		"propensity":       func(e *wire.Event) { e.Propensity = 1.5 },
		"slot or amount":   func(e *wire.Event) { e.Amount = -1 },
	} {
		e := &wire.Event{Id: "01HZXW5K7QZ0V9T6Y3R8N2M4PB", Time: 1.7e9, Kind: 2, Item: "a", Slot: -1}
		if _, err := wire.ToEvent(e, "v", "s"); err != nil {
			t.Fatal(err)
		}
		change(e)
		if _, err := wire.ToEvent(e, "v", "s"); err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("%s: %v", say, err)
		}
	}
}

func TestDecodeRefusesWithACode(t *testing.T) {
	frame := func(f *wire.Frame) []byte { b, _ := proto.Marshal(f); return b }
	for _, tc := range []struct {
		name string
		b    []byte
		code wire.Code
	}{
		{"too large", make([]byte, wire.MaxMessage+1), wire.CodeTooLarge},
		{"empty", nil, wire.CodeMalformed},
		{"unknown kind", []byte{0xfa, 0x07, 0x00}, wire.CodeMalformed},
		{"cut", frame(&wire.Frame{Body: &wire.Frame_ChatSend{ChatSend: &wire.ChatSend{Text: "hello"}}})[:4], wire.CodeMalformed},
		{"yaw", frame(&wire.Frame{Body: &wire.Frame_Presence{Presence: &wire.Presence{Yaw: 256}}}), wire.CodeMalformed},
		{"moves", frame(&wire.Frame{Body: &wire.Frame_Snapshot{Snapshot: &wire.Snapshot{Moves: []byte{1, 2, 2}}}}), wire.CodeMalformed},
		{"control character", frame(&wire.Frame{Body: &wire.Frame_ChatSend{ChatSend: &wire.ChatSend{Text: "\x1b[2J"}}}), wire.CodeMalformed},
		{"batch", frame(&wire.Frame{Body: &wire.Frame_EventBatch{EventBatch: &wire.EventBatch{Events: make([]*wire.Event, wire.MaxEvents+1)}}}), wire.CodeMalformed},
		{"quantity", frame(&wire.Frame{Body: &wire.Frame_Purchase{Purchase: &wire.Purchase{Id: "p", Lines: []*wire.CartLine{{Item: "a"}}}}}), wire.CodeMalformed},
		{"no lines", frame(&wire.Frame{Body: &wire.Frame_Purchase{Purchase: &wire.Purchase{Id: "p"}}}), wire.CodeMalformed},
	} {
		_, err := wire.Decode(tc.b)
		var r *wire.Refusal
		if !errors.As(err, &r) || r.Code != tc.code {
			t.Errorf("%s: %v, want code %v", tc.name, err, tc.code)
		}
	}
	if _, err := wire.Encode(nil, &wire.Frame{Body: &wire.Frame_ChatSend{ChatSend: &wire.ChatSend{Text: strings.Repeat("x", wire.MaxMessage)}}}); err == nil {
		t.Error("a frame that is too large is encoded")
	}
}

func TestCodesKeepToTheirRanges(t *testing.T) {
	for c := range wire.Code(4000) {
		if c.String() == "other" {
			continue
		}
		if c.Closes() != (c >= 3000) || c.Reconnect() != (c < 3500) {
			t.Errorf("code %d (%v): closes %v, reconnect %v", c, c, c.Closes(), c.Reconnect())
		}
	}
}

// TestNothingOnTheWireCanHoldGaze lists every number that a client may send.
// A new field fails here until somebody has said what it is: nothing about
// where eyes or head point but the yaw that others see, and aggregates per item.
func TestNothingOnTheWireCanHoldGaze(t *testing.T) {
	var fields []string
	seen := map[protoreflect.FullName]bool{}
	var walk func(m protoreflect.MessageDescriptor)
	walk = func(m protoreflect.MessageDescriptor) {
		if seen[m.FullName()] {
			return
		}
		seen[m.FullName()] = true
		for i := range m.Fields().Len() {
			f := m.Fields().Get(i)
			if f.Message() != nil {
				walk(f.Message())
				continue
			}
			line := string(f.FullName()) + " " + f.Kind().String()
			if f.IsList() {
				line += " list"
			}
			fields = append(fields, line)
			if f.Kind() == protoreflect.BytesKind {
				t.Errorf("%s is bytes: a client could send anything in it", f.FullName())
			}
		}
	}
	for _, m := range []proto.Message{&wire.Hello{}, &wire.Presence{}, &wire.ChatSend{}, &wire.EventBatch{}, &wire.CartSet{}, &wire.Purchase{}, &wire.Watch{}} {
		walk(m.ProtoReflect().Descriptor())
	}
	slices.Sort(fields)
	got := strings.Join(fields, "\n") + "\n"
	golden := filepath.Join("testdata", "client-fields.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("what a client can send has changed; see that it holds no gaze, then run with -update:\n%s", cmp.Diff(string(want), got))
	}
}

func FuzzDecode(f *testing.F) {
	for _, m := range []*wire.Frame{
		{Body: &wire.Frame_Hello{Hello: &wire.Hello{Version: 1, Visitor: "v", Session: "s", Token: "t"}}},
		{Body: &wire.Frame_EventBatch{EventBatch: &wire.EventBatch{Batch: 1, Events: []*wire.Event{{Id: "01HZXW5K7QZ0V9T6Y3R8N2M4PB", Time: 1.7e9, Kind: 2, Item: "a"}}}}},
		{Body: &wire.Frame_Purchase{Purchase: &wire.Purchase{Id: "p", Lines: []*wire.CartLine{{Item: "a", Quantity: 1}}}}},
		{Body: &wire.Frame_Snapshot{Snapshot: &wire.Snapshot{Tick: 3, Moves: wire.AppendMove(nil, wire.Move{ID: 1, Place: wire.Place{X: -1, Z: 300, Yaw: 9}}), Gone: []uint32{7}}}},
	} {
		b, err := wire.Encode(nil, m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := wire.Decode(b)
		if err != nil {
			var r *wire.Refusal
			if !errors.As(err, &r) || !r.Code.Closes() {
				t.Fatalf("an error without a code: %v", err)
			}
			return
		}
		again, err := wire.Encode(nil, m)
		if err != nil {
			return // unknown fields may make it larger than it came
		}
		if n, err := wire.Decode(again); err != nil || !proto.Equal(m, n) {
			t.Fatalf("a frame does not survive: %v", err)
		}
		for _, e := range m.GetEventBatch().GetEvents() {
			if w, err := wire.ToEvent(e, "v", "s"); err == nil && wire.EventOf(&w).GetId() != e.GetId() {
				t.Fatal("an event changed its id")
			}
		}
	})
}
