package record_test

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/attention"
	"souk/attention/rank"
	"souk/attention/record"
	"souk/input"
	"souk/world"
	"souk/world/catalog"
	"souk/world/plan"
)

// market is a real plan of a real catalogue, made once.
var market = sync.OnceValues(func() (*plan.Plan, error) {
	c, err := catalog.Generate(400, 1)
	if err != nil {
		return nil, err
	}
	return plan.New(c, 1)
})

// engine is a real one with a real ranker for an unknown visitor.
func engine(tb testing.TB, seed uint64) (*attention.Engine, *plan.Plan) {
	tb.Helper()
	p, err := market()
	if err != nil {
		tb.Fatal(err)
	}
	m, err := rank.ContentModel(p.Catalog())
	if err != nil {
		tb.Fatal(err)
	}
	policy, err := rank.New(m, p.Catalog(), rank.DefaultConfig(), seed)
	if err != nil {
		tb.Fatal(err)
	}
	e, err := attention.New(attention.DefaultConfig(), p, policy, seed)
	if err != nil {
		tb.Fatal(err)
	}
	return e, p
}

// stroll walks an engine at 60 Hz from stall to stall, looking from side to
// side and acting now and then.
func stroll(tb testing.TB, e *attention.Engine, p *plan.Plan, from, to int, each func(*attention.Frame, *attention.Decision)) {
	tb.Helper()
	rng := rand.New(rand.NewPCG(uint64(from), 5))
	viewer, pos, yaw := p.NewViewer(), p.Spawn.Pos, 0.3
	var way []r3.Vec
	f := attention.Frame{Lens: world.DesktopLens()}
	for i := from; i < to; i++ {
		if len(way) == 0 {
			way = p.Path(nil, pos, p.Approach(world.SlotIndex(rng.IntN(len(p.Slots)))).Pos)
		}
		if len(way) > 0 {
			to := r3.Sub(way[0], pos)
			to.Y = 0
			if d := r3.Norm(to); d < 0.1 {
				way = way[1:]
			} else if i/240%4 != 0 { // else stand and look
				yaw += 0.03 * math.Remainder(math.Atan2(-to.X, -to.Z)-yaw, 2*math.Pi)
				pos = p.Move(pos, r3.Scale(min(d, 0.025)/d, to))
			}
		}
		f.T, f.Head = float64(i)/60, world.Upright(pos, yaw+0.8*math.Sin(float64(i)/100), -0.1)
		f.Visible = viewer.Visible(f.Visible[:0], e.Holding(), f.Head, f.Lens)
		f.Samples = append(f.Samples[:0], input.Centre(f.T), input.Centre(f.T))
		f.Samples[1].Source, f.Samples[1].Dir.X = world.SourceEye, rng.NormFloat64()*0.01
		f.Actions = f.Actions[:0]
		if len(f.Visible) > 0 && i%100 == 0 {
			v := f.Visible[rng.IntN(len(f.Visible))]
			f.Actions = append(f.Actions, attention.Action{T: f.T, Kind: world.EventLike, Item: v.Item})
		}
		f.Paused, f.Erase = i%900 > 850, i == 1500
		each(&f, e.Step(&f))
	}
}

// recorded is a session of the real engine as a file, begun from a snapshot
// where warm.
func recorded(tb testing.TB, frames int, warm bool) []byte {
	tb.Helper()
	e, p := engine(tb, 7)
	h := header()
	h.Snapshot, h.Items = nil, nil
	from := 0
	if warm {
		from = 600
		stroll(tb, e, p, 0, from, func(*attention.Frame, *attention.Decision) {})
		h.Snapshot = e.Snapshot()
	}
	path := tb.TempDir() + "/s.mcap"
	w, err := record.Create(path, h)
	if err != nil {
		tb.Fatal(err)
	}
	stroll(tb, e, p, from, from+frames, func(f *attention.Frame, d *attention.Decision) {
		if err := w.Write(f, d); err != nil {
			tb.Fatal(err)
		}
	})
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return mustRead(tb, path)
}

func replay(tb testing.TB, data []byte, seed uint64, each func(*record.Entry, *attention.Decision) error) (record.Result, error) {
	tb.Helper()
	r, err := record.NewReader(bytes.NewReader(data), "test")
	if err != nil {
		tb.Fatal(err)
	}
	defer r.Close()
	e, _ := engine(tb, seed)
	return record.Replay(r, e, each)
}

func TestARecordingReplaysByteForByte(t *testing.T) {
	for name, warm := range map[string]bool{"unknown visitor": false, "from a snapshot": true} {
		t.Run(name, func(t *testing.T) {
			const frames = 2400 // 40 s, with pauses, and an erasure
			data := recorded(t, frames, warm)
			placed, focused, rankings := 0, 0, 0
			res, err := replay(t, data, 7, func(e *record.Entry, got *attention.Decision) error {
				placed += len(got.Placements)
				if got.Focus.Item != world.NoItem {
					focused++
				}
				if got.Reranked {
					rankings++
				}
				return nil
			})
			if err != nil || res.Frames != frames || res.Equal != frames || res.Different != 0 || res.First != nil || res.Truncated {
				t.Errorf("%+v, %v; want %d equal", res, err, frames)
			}
			if res.First != nil {
				t.Error(res.First)
			}
			if placed == 0 || focused == 0 || rankings == 0 {
				t.Errorf("%d placements, %d frames with a focus, %d rankings: the session proves nothing", placed, focused, rankings)
			}
		})
	}
}

func TestACutRecordingReplaysUpToTheCut(t *testing.T) {
	data := recorded(t, 1200, false)
	res, err := replay(t, data[:len(data)*2/3], 7, nil)
	if err != nil || !res.Truncated || res.Frames < 300 || res.Frames >= 1200 || res.Equal != res.Frames {
		t.Errorf("%+v, %v", res, err)
	}
}

func TestTheFirstDifferenceIsNamed(t *testing.T) {
	data := recorded(t, 600, false)
	r, err := record.NewReader(bytes.NewReader(data), "test")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var entries []record.Entry
	for {
		var e record.Entry
		if r.Next(&e) != nil {
			break
		}
		entries = append(entries, e)
	}
	entries[300].Decision.Focus.P = math.Nextafter32(entries[300].Decision.Focus.P, 2)
	entries[400].Decision.Budget.Swaps++
	h := r.Header()
	res, err := replay(t, write(t, h, entries), 7, nil)
	if err != nil || res.Different != 2 || res.Equal != 598 || res.First == nil {
		t.Fatalf("%+v, %v; want 2 different", res, err)
	}
	if d := res.First; d.Frame != 300 || d.Field != "Focus.P" || d.T != 5 || !strings.Contains(d.String(), "frame 300 (5.000 s): Focus.P was ") {
		t.Errorf("first difference: %v", d)
	}
	// Another seed of the ranker is another session.
	res, err = replay(t, data, 8, nil)
	if err != nil || res.Different == 0 {
		t.Errorf("another seed: %+v, %v; want differences", res, err)
	}
}

func TestReplayEndsOnAnErrorOfItsCaller(t *testing.T) {
	stop := errors.New("stop")
	res, err := replay(t, recorded(t, 120, false), 7, func(e *record.Entry, _ *attention.Decision) error {
		if e.Number == 50 {
			return stop
		}
		return nil
	})
	if !errors.Is(err, stop) || res.Frames != 51 {
		t.Errorf("%d frames, %v", res.Frames, err)
	}
}

func TestReplayRefusesWhatTheEngineCannotKnow(t *testing.T) {
	for name, spoil := range map[string]func(*attention.Frame){
		"slot":        func(f *attention.Frame) { f.Visible[0].Slot = 1 << 30 },
		"action item": func(f *attention.Frame) { f.Actions = []attention.Action{{Item: -2}} },
	} {
		e := record.Entry{}
		e.Frame.Visible = make([]plan.View, 1)
		spoil(&e.Frame)
		if _, err := replay(t, write(t, record.Header{}, []record.Entry{e}), 7, nil); !errors.Is(err, record.ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
