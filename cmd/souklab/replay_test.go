package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"souk/attention"
	"souk/attention/rank"
	"souk/attention/record"
	"souk/attention/signal"
	"souk/cmd/internal/loop"
	"souk/input/shopper"
	"souk/world"
)

// replayMarket is the market of the tests, small and made once.
var replayMarket = sync.OnceValues(func() (*loop.Market, error) { return loop.OpenMarket("demo:seed=3,items=300", 2, "") })

// recordWalk records two minutes of a shopper under a policy.
func recordWalk(t *testing.T, policy string, seed uint64) string {
	t.Helper()
	m, err := replayMarket()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), policy+".mcap")
	walk := loop.Walk{Market: m, Shopper: shopper.DefaultConfig(), Policy: policy, Seed: seed, Minutes: 2,
		Engine: loop.EngineFor(attention.DefaultConfig(), 1.5), Record: path, Session: "test"}
	if _, err := walk.Go(t.Context()); err != nil {
		t.Fatal(err)
	}
	return path
}

func replayOut(c replayCmd) (string, error) {
	var out bytes.Buffer
	if c.Rows == 0 {
		c.Rows = 20
	}
	err := c.run(context.Background(), &out)
	return out.String(), err
}

func TestThreeRecordingsReplayEqual(t *testing.T) {
	for seed, policy := range []string{"ranker", "popularity", "random"} {
		out, err := replayOut(replayCmd{File: recordWalk(t, policy, uint64(seed))})
		if err != nil || !strings.Contains(out, "3601 decisions equal, 0 different") {
			t.Errorf("%s: %v\n%s", policy, err, out)
		}
	}
}

func TestAnotherRankerIsShownBesideTheRecordedOne(t *testing.T) {
	file := recordWalk(t, "ranker", 5)
	for _, policy := range []string{"popularity", "random", "none", "ranker"} {
		out, err := replayOut(replayCmd{File: file, Ranker: policy, Rows: 3})
		if err != nil {
			t.Fatalf("%s: %v", policy, err)
		}
		for _, want := range []string{"recorded (ranker)", "Overlap: the same item", "stays as recorded"} {
			if !strings.Contains(out, want) {
				t.Errorf("%s: no %q in\n%s", policy, want, out)
			}
		}
		if policy != "none" && !strings.Contains(out, "Items looked at (") {
			t.Errorf("%s: no ranks in\n%s", policy, out)
		}
		if policy == "ranker" && !strings.Contains(out, "the same item 100.0 %") {
			t.Errorf("the recorded ranker differs from itself:\n%s", out)
		}
	}
}

func TestACutRecordingSaysSoAndReplays(t *testing.T) {
	file := recordWalk(t, "ranker", 6)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	cut := filepath.Join(t.TempDir(), "cut.mcap")
	if err := os.WriteFile(cut, data[:len(data)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := replayOut(replayCmd{File: cut})
	if err != nil || !strings.Contains(out, "ends early") || !strings.Contains(out, " 0 different") {
		t.Errorf("%v\n%s", err, out)
	}
}

// rewritten copies a recording with changes.
func rewritten(t *testing.T, file string, header func(*record.Header), entry func(*record.Entry)) string {
	t.Helper()
	r, err := record.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	h := r.Header()
	if header != nil {
		header(&h)
	}
	out := filepath.Join(t.TempDir(), "rewritten.mcap")
	w, err := record.Create(out, h)
	if err != nil {
		t.Fatal(err)
	}
	for {
		var e record.Entry
		if err := r.Next(&e); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if entry != nil {
			entry(&e)
		}
		if err := w.Write(&e.Frame, &e.Decision); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestADifferenceIsNamedAndFails(t *testing.T) {
	file := rewritten(t, recordWalk(t, "ranker", 7), nil, func(e *record.Entry) {
		if e.Number == 30 {
			e.Decision.Budget.Swaps++
		}
	})
	out, err := replayOut(replayCmd{File: file})
	if err == nil || !strings.Contains(out, "3600 decisions equal, 1 different") ||
		!strings.Contains(err.Error(), "1 of 3601 decisions differ, first in frame 30 (1.033 s): Budget.Swaps was ") {
		t.Errorf("%v\n%s", err, out)
	}
	if code := run([]string{"replay", file}); code != 1 {
		t.Errorf("exit status %d, want 1", code)
	}
}

func TestWhatCannotBeReplayedSaysWhyAndWhatToDo(t *testing.T) {
	file := recordWalk(t, "ranker", 8)
	torn := filepath.Join(t.TempDir(), "torn.mcap")
	if err := os.WriteFile(torn, []byte("no recording"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		cmd  replayCmd
		want string
	}{
		"missing file":         {replayCmd{File: file + "x"}, "no such file"},
		"no recording":         {replayCmd{File: torn}, "not an MCAP file"},
		"other catalogue":      {replayCmd{File: file, Catalogue: "demo:seed=4,items=300"}, "give the catalogue of then with -catalogue"},
		"missing catalogue":    {replayCmd{File: rewritten(t, file, func(h *record.Header) { h.Catalogue = "/none/c.csv" }, nil)}, "-catalogue"},
		"unsaid catalogue":     {replayCmd{File: rewritten(t, file, func(h *record.Header) { h.Catalogue = "" }, nil)}, "give it with -catalogue"},
		"other plan":           {replayCmd{File: rewritten(t, file, func(h *record.Header) { h.PlanFingerprint = "other" }, nil)}, "floor plan is another"},
		"missing model":        {replayCmd{File: rewritten(t, file, func(h *record.Header) { h.Model = "/none/m.safetensors" }, nil)}, "give its place with -model"},
		"unknown policy":       {replayCmd{File: rewritten(t, file, func(h *record.Header) { h.Policy = "oracle" }, nil)}, `no placement "oracle"`},
		"unknown ranker":       {replayCmd{File: file, Ranker: "oracle"}, `no placement "oracle"`},
		"config of the future": {replayCmd{File: rewritten(t, file, func(h *record.Header) { h.Config = []byte(`{"Warp":1}`) }, nil)}, "replay it with the build that made it"},
	} {
		if _, err := replayOut(c.cmd); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want one with %q", name, err, c.want)
		}
	}
}

// TestARecordingFromBeforeSideInformationReplaysWithoutIt: its settings do not name what was not there, and what Souk ships
// today must not stand in for that.
func TestARecordingFromBeforeSideInformationReplaysWithoutIt(t *testing.T) {
	m, err := loop.OpenMarket("demo", 1, "")
	if err != nil {
		t.Fatal(err)
	}
	before := rank.DefaultConfig()
	before.Side, before.Itself = false, 0
	settings, err := json.Marshal(before)
	if err != nil {
		t.Fatal(err)
	}
	var named map[string]any
	if err := json.Unmarshal(settings, &named); err != nil {
		t.Fatal(err)
	}
	delete(named, "Side")
	delete(named, "Itself")
	if settings, err = json.Marshal(named); err != nil {
		t.Fatal(err)
	}
	got, err := recordedPolicy(&record.Header{Policy: "ranker", PolicyConfig: settings, PolicySeed: 1}, m)
	if err != nil {
		t.Fatal(err)
	}
	want, err := rank.New(m.Model, m.Catalog, before, 1)
	if err != nil {
		t.Fatal(err)
	}
	today, err := rank.New(m.Model, m.Catalog, rank.DefaultConfig(), 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []rank.Policy{got, want, today} {
		p.Observe(signal.Signal{T: 1, Item: 7, Kind: world.EventLike, Preference: 1, Confidence: 3})
	}
	a, b := got.Rank(50), want.Rank(50)
	if !slices.Equal(a, b) {
		t.Errorf("the recorded ranker ranks %v, want %v", a, b)
	}
	if slices.Equal(a, today.Rank(50)) {
		t.Error("today's ranker ranks the same: the test shows nothing")
	}
}
