package attention_test

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/attention"
	"souk/attention/signal"
	"souk/input"
	"souk/world"
	"souk/world/plan"
)

func newNormaliser() *signal.Normaliser { return signal.NewNormaliser() }

func TestBadInputIsIgnoredAndCounted(t *testing.T) {
	p := market(t, 300)
	slot, _ := neighbours(t, p)
	nan := math.NaN()
	for what, c := range map[string]struct {
		spoil func(*attention.Frame)
		count func(attention.Rejected) uint64
	}{
		"time is no number": {func(f *attention.Frame) { f.T = nan }, func(r attention.Rejected) uint64 { return r.Frames }},
		"time is infinite":  {func(f *attention.Frame) { f.T = math.Inf(1) }, func(r attention.Rejected) uint64 { return r.Frames }},
		"time is absurd":    {func(f *attention.Frame) { f.T = 1e12 }, func(r attention.Rejected) uint64 { return r.Frames }},
		"time goes back":    {func(f *attention.Frame) { f.T -= 0.5 }, func(r attention.Rejected) uint64 { return r.Frames }},
		"head is nowhere":   {func(f *attention.Frame) { f.Head.Pos.X = nan }, func(r attention.Rejected) uint64 { return r.Poses }},
		"head is no turn":   {func(f *attention.Frame) { f.Head.Rot.Real, f.Head.Rot.Jmag = 0, 0 }, func(r attention.Rejected) uint64 { return r.Poses }},
		"lens is none":      {func(f *attention.Frame) { f.Lens = world.Lens{} }, func(r attention.Rejected) uint64 { return r.Poses }},
		"unknown item in view": {func(f *attention.Frame) {
			f.Visible = append([]plan.View{{Slot: 1, Item: 1 << 20, Dir: [3]float32{0, 0, -1}}}, f.Visible...)
		}, func(r attention.Rejected) uint64 { return r.Views }},
		"unknown slot in view": {func(f *attention.Frame) {
			f.Visible = append(f.Visible[:len(f.Visible):len(f.Visible)], plan.View{Slot: -5, Item: 1, Dir: [3]float32{0, 0, -1}})
		}, func(r attention.Rejected) uint64 { return r.Views }},
		"view without direction": {func(f *attention.Frame) {
			f.Visible = append(f.Visible[:len(f.Visible):len(f.Visible)], plan.View{Slot: 1, Item: 1, Dir: [3]float32{float32(nan), 0, 0}})
		}, func(r attention.Rejected) uint64 { return r.Views }},
		"sample without direction": {func(f *attention.Frame) {
			f.Samples = append(f.Samples[:1:1], input.Sample{T: f.T + 0.001, Valid: true, Source: world.SourceSimulated})
		}, func(r attention.Rejected) uint64 { return r.Samples }},
		"action on an unknown item": {func(f *attention.Frame) {
			f.Actions = []attention.Action{{T: f.T, Kind: world.EventLike, Item: 1 << 20}}
		}, func(r attention.Rejected) uint64 { return r.Actions }},
		"action that is none": {func(f *attention.Frame) {
			f.Actions = []attention.Action{{T: f.T, Kind: world.EventPlace, Item: 1}, {T: f.T, Kind: 99, Item: 1}}
		}, func(r attention.Rejected) uint64 { return r.Actions / 2 }},
		"action at no time": {func(f *attention.Frame) {
			f.Actions = []attention.Action{{T: nan, Kind: world.EventLike, Item: 1}}
		}, func(r attention.Rejected) uint64 { return r.Actions }},
	} {
		v := newVisitor(t, p, ranker(t, p, 1), 0.3, 1).stand(slot).at(slot).wait(1)
		bad := *v.next()
		c.spoil(&bad)
		d := v.engine.Step(&bad)
		if r := v.engine.Rejected(); c.count(r) != 1 || r.Total() == 0 {
			t.Errorf("%s: counted %+v, want 1", what, r)
		}
		if d.Focus.Slot != slot {
			t.Errorf("%s: focus %+v, want what it was", what, d.Focus)
		}
		// The session goes on as if nothing had happened.
		v.wait(1).away().wait(1)
		if e := v.of(world.EventDwell); len(e) != 1 || e[0].Dwell < 1.7 {
			t.Errorf("%s: visits afterwards %+v, want the whole look", what, e)
		}
	}
}

// TestViewsWorkedOutBeforeAStepAreAimedAnew holds that a client may work out
// visibility every few frames only: what is looked at while walking past is
// found where it is, not where it was.
func TestViewsWorkedOutBeforeAStepAreAimedAnew(t *testing.T) {
	p := market(t, 300)
	slot, _ := neighbours(t, p)
	v := newVisitor(t, p, nil, 0.3, 1).stand(slot)
	var old []plan.View
	right := 0
	for i := range 60 {
		aside := v.frame.Head.Rotate(r3.Vec{X: 1.0 / 60}) // a stroll of 1 m/s to the right
		v.frame.Head.Pos = r3.Add(v.frame.Head.Pos, aside)
		v.at(slot)
		f := v.next()
		if i%10 == 0 {
			old = append(old[:0], f.Visible...)
		}
		f.Visible = old // as they were up to 10 frames ago: 0.15 m, some 7° at this distance
		before := append([]plan.View(nil), old...)
		if d := v.engine.Step(f); d.Focus.Slot == slot {
			right++
		}
		if !slices.Equal(old, before) {
			t.Fatal("the engine has changed the caller's views")
		}
	}
	if right < 50 {
		t.Errorf("focus was right in %d of 60 frames, want at least 50", right)
	}
}

// wild turns bytes into frames, most of them nearly right.
type wild struct{ b []byte }

func (w *wild) byte() byte {
	if len(w.b) == 0 {
		return 0
	}
	b := w.b[0]
	w.b = w.b[1:]
	return b
}

func (w *wild) number() float64 {
	switch b := w.byte(); {
	case b < 4:
		return []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e300}[b]
	default:
		return (float64(b) - 128) / 32
	}
}

func (w *wild) frame(f *attention.Frame, items, slots int) {
	f.Samples, f.Visible, f.Actions = f.Samples[:0], f.Visible[:0], f.Actions[:0]
	if b := w.byte(); b < 8 {
		f.T += w.number()
	} else {
		f.T += float64(b) / 2000
	}
	f.Head = world.Upright(r3.Vec{X: w.number(), Y: 1.6, Z: w.number()}, w.number(), w.number()/4)
	if w.byte() < 4 {
		f.Head.Rot.Real = w.number()
	}
	f.Lens = world.DesktopLens()
	if w.byte() < 4 {
		f.Lens = world.Lens{FovY: w.number(), Aspect: w.number(), Far: w.number()}
	}
	flags := w.byte()
	f.Paused, f.Erase = flags < 10, flags > 250
	for range w.byte() % 4 {
		f.Samples = append(f.Samples, input.Sample{
			T: f.T + w.number()/50, Dir: r3.Vec{X: w.number() / 10, Y: w.number() / 10, Z: -1},
			Valid: w.byte() > 20, Source: world.AttentionSource(w.byte() % 8),
		})
	}
	for range w.byte() % 8 {
		d := world.Upright(r3.Vec{}, w.number()/8, w.number()/8).Ahead()
		v := plan.View{
			Slot: world.SlotIndex(int(w.byte())*slots/250 - 1), Item: world.ItemIndex(int(w.byte())*items/250 - 2),
			Dir: [3]float32{float32(d.X), float32(d.Y), float32(d.Z)}, HalfWidth: float32(w.byte()) / 1000, HalfHeight: float32(w.byte()) / 1000,
			SolidAngle: float32(w.byte()) / 1000, Eccentricity: float32(w.byte()) / 200, Distance: float32(w.byte()) / 10, Occluded: float32(w.byte()) / 250,
		}
		if w.byte() < 4 {
			v.SolidAngle, v.HalfWidth, v.Eccentricity = float32(w.number()), float32(w.number()), float32(w.number())
		}
		f.Visible = append(f.Visible, v)
	}
	for range w.byte() % 3 {
		f.Actions = append(f.Actions, attention.Action{T: f.T + w.number(), Kind: world.EventKind(w.byte() % 14), Item: world.ItemIndex(int(w.byte())*items/250 - 2)})
	}
}

// FuzzStep holds that no frame makes the engine panic, and that it says only
// what can be true afterwards.
func FuzzStep(f *testing.F) {
	f.Add([]byte("a quiet walk through the market, with a look here and a look there"))
	f.Add([]byte{0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 255, 255, 255, 255})
	seed := make([]byte, 600)
	for i := range seed {
		seed[i] = byte(i*i*7 + i*31)
	}
	f.Add(seed)
	f.Fuzz(func(t *testing.T, b []byte) {
		p := market(t, 60)
		e, err := attention.New(attention.DefaultConfig(), p, ranker(t, p, 1), 1)
		if err != nil {
			t.Fatal(err)
		}
		w := &wild{b: b}
		var frame attention.Frame
		last := math.Inf(-1)
		for len(w.b) > 0 {
			w.frame(&frame, len(p.Catalog().Items), len(p.Slots))
			refused := e.Rejected().Frames
			d := e.Step(&frame)
			if e.Rejected().Frames == refused {
				if d.T < last || d.T != frame.T {
					t.Fatalf("time %v in a frame of %v after %v", d.T, frame.T, last)
				}
				last = d.T
			}
			if !(math.Abs(frame.T) < 1e9) {
				frame.T = max(0, last) // or nothing would be believed again
			}
			if d.Focus.P < 0 || d.Focus.P > 1 || d.Focus.Dwell < 0 || d.Focus.Dwell > 30 {
				t.Fatalf("focus %+v", d.Focus)
			}
			if len(d.Reasons) != len(d.Placements) {
				t.Fatalf("%d reasons for %d placements", len(d.Reasons), len(d.Placements))
			}
			for _, ev := range d.Events {
				if ev.Item == "" || !finiteFrame(ev.Time) || !finiteFrame(float64(ev.Dwell+ev.Exposure+ev.InView+ev.Eccentricity)) || ev.Exposure < 0 {
					t.Fatalf("event %+v", ev)
				}
			}
		}
		if err := e.Restore(e.Snapshot()); err != nil {
			t.Fatal(err)
		}
	})
}

func finiteFrame(v float64) bool { return v-v == 0 }

// FuzzRestore holds that no snapshot makes the engine panic, then or later.
func FuzzRestore(f *testing.F) {
	p := market(f, 60)
	v := newVisitor(f, p, ranker(f, p, 1), 0.5, 1).stand(3).at(3).wait(1)
	f.Add(v.engine.Snapshot())
	f.Add(v.engine.Snapshot()[:100])
	f.Fuzz(func(t *testing.T, b []byte) {
		v := newVisitor(t, p, ranker(t, p, 1), 0.5, 1)
		if v.engine.Restore(b) != nil {
			return
		}
		v.stand(3).at(3).wait(0.3)
	})
}
