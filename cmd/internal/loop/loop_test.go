package loop_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"souk/attention"
	"souk/attention/record"
	"souk/attention/train"
	"souk/cmd/internal/loop"
	"souk/input/shopper"
	"souk/world"
)

const small = "demo:seed=3,items=300"

var openSmall = sync.OnceValues(func() (*loop.Market, error) { return loop.OpenMarket(small, 1, "") })

func mustMarket(tb testing.TB) *loop.Market {
	tb.Helper()
	m, err := openSmall()
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

func TestMarketWithoutModelGoesByContentAndSaysSo(t *testing.T) {
	m := mustMarket(t)
	if m.ModelName != loop.ModelContent || m.Note == "" {
		t.Errorf("model %q, note %q", m.ModelName, m.Note)
	}
	for _, name := range loop.Policies {
		if p, err := loop.NewPolicy(name, m, 1); err != nil || (p == nil) != (name == "none") {
			t.Errorf("policy %s: %v, %v", name, p, err)
		}
	}
}

func TestBadInputGetsASentence(t *testing.T) {
	m := mustMarket(t)
	other := filepath.Join(t.TempDir(), "other.safetensors")
	if err := train.SaveModel(other, m.Model); err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(t.TempDir(), "broken.safetensors")
	if err := os.WriteFile(broken, []byte("this is no model"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		call func() error
		says string
	}{
		{"no such catalogue", func() error { _, err := loop.OpenMarket("nowhere.csv", 1, ""); return err }, "nowhere.csv"},
		{"no such model", func() error { _, err := loop.OpenMarket(small, 1, "gone.safetensors"); return err }, "gone.safetensors"},
		{"no model", func() error { _, err := loop.OpenMarket(small, 1, broken); return err }, "model"},
		{"another's model", func() error { _, err := loop.OpenMarket("demo:seed=4,items=200", 1, other); return err }, "another catalogue"},
		{"no such policy", func() error { _, err := loop.NewPolicy("magic", m, 1); return err }, "ranker, popularity, random or none"},
		{"people who were learned from", func() error {
			p := loop.Proof{Market: m, Policies: []string{"none"}, Noise: []float64{1}, Shoppers: 2, Minutes: 1, Seed: loop.DemoSeeds}
			_, err := p.Run(context.Background())
			return err
		}, "trained on"},
		{"no place for events", func() error { _, err := loop.CreateEvents(filepath.Join(t.TempDir(), "no", "such.csv")); return err }, "-events"},
	} {
		err := c.call()
		if err == nil {
			t.Errorf("%s: no error", c.name)
			continue
		}
		if !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %q does not say %q in one line", c.name, err, c.says)
		}
	}
}

func proof(m *loop.Market, workers int) loop.Proof {
	return loop.Proof{
		Market: m, Shopper: shopper.DefaultConfig(), Engine: attention.DefaultConfig(),
		Policies: []string{"ranker", "popularity", "random", "none", loop.PolicyOracle}, Noise: []float64{0.5, 3},
		Shoppers: 3, Minutes: 1, Seed: 10, Workers: workers,
	}
}

// TestProofDoesNotHangOnWorkers: the report is the same, byte for byte, with one
// worker and with three.
func TestProofDoesNotHangOnWorkers(t *testing.T) {
	var reports [][]byte
	for _, workers := range []int{1, 3} {
		p := proof(mustMarket(t), workers)
		r, err := p.Run(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		reports = append(reports, data)
	}
	if !bytes.Equal(reports[0], reports[1]) {
		t.Error("the report with three workers differs from that with one")
	}
}

// TestTruthStaysWithTheTally: the ceiling that knows the taste places relevant items, no
// placement places none, and the tables and the plot can be written.
func TestProofReports(t *testing.T) {
	p := proof(mustMarket(t), 2)
	r, err := p.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if want := len(p.Policies) * len(p.Noise); len(r.Conditions) != want {
		t.Fatalf("%d conditions, want %d", len(r.Conditions), want)
	}
	for _, c := range r.Conditions {
		placed, relevant := 0, 0
		for _, y := range c.Tallies {
			for i := range y.Placed {
				placed, relevant = placed+y.Placed[i], relevant+y.PlacedRelevant[i]
			}
			if y.Dwell <= 0 || y.DwellRelevant > y.Dwell || y.ExposurePedestal > y.Exposure {
				t.Errorf("%s, shopper %d: %.1f s of dwell, %.1f relevant; exposure %.2f, %.2f on pedestals", c.Policy, y.Seed, y.Dwell, y.DwellRelevant, y.Exposure, y.ExposurePedestal)
			}
		}
		switch {
		case c.Policy == "none" && placed != 0:
			t.Errorf("no placement placed %d items", placed)
		case c.Policy != "none" && placed == 0:
			t.Errorf("%s placed nothing", c.Policy)
		case c.Policy == loop.PolicyOracle && relevant*2 < placed:
			t.Errorf("the ceiling placed %d relevant of %d", relevant, placed)
		}
	}
	var text strings.Builder
	if err := r.Print(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Gaze noise 0.5°", "Gaze noise 3°", "attention on relevant items", "Gini", "ahead"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the tables do not say %q:\n%s", want, text.String())
		}
	}
	png := filepath.Join(t.TempDir(), "curves.png")
	if err := r.Plot(png); err != nil {
		t.Error(err)
	}
	if data, err := os.ReadFile(png); err != nil || !bytes.HasPrefix(data, []byte("\x89PNG")) {
		t.Errorf("the plot is no PNG: %v", err)
	}
}

// TestSimulationWritesItsRows: the file can be read back, says the same
// whatever the number of workers, and names nobody.
func TestSimulationWritesItsRows(t *testing.T) {
	m := mustMarket(t)
	var files [][]byte
	for _, workers := range []int{1, 2} {
		path := filepath.Join(t.TempDir(), "events.csv")
		out, err := loop.CreateEvents(path)
		if err != nil {
			t.Fatal(err)
		}
		sim := loop.Simulation{Market: m, Shopper: shopper.DefaultConfig(), Engine: attention.DefaultConfig(), Policy: "random",
			Shoppers: 3, Minutes: 1, Seed: loop.DemoSeeds, Epoch: 1767225600, Workers: workers, Events: out}
		if _, err := sim.Run(context.Background()); err != nil {
			t.Fatal(err)
		}
		if err := out.Close(); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, data)
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("the rows depend on the number of workers")
	}
	rows, reading, err := train.ReadCSV(bytes.NewReader(files[0]), "events.csv")
	if err != nil || reading.Bad != 0 || len(rows) == 0 {
		t.Fatalf("%d rows, %d bad, %v", len(rows), reading.Bad, err)
	}
	kinds, visitors := map[world.EventKind]int{}, map[string]bool{}
	for _, r := range rows {
		kinds[r.Kind]++
		visitors[r.Visitor] = true
		if r.Time < 1767225600 || r.Source != world.SourceSimulated && (r.Kind == world.EventDwell || r.Kind == world.EventExposure) {
			t.Fatalf("row %+v", r)
		}
	}
	if len(visitors) != 3 || kinds[world.EventDwell] == 0 || kinds[world.EventExposure] == 0 || kinds[world.EventPlace] == 0 {
		t.Errorf("%d visitors, kinds %v", len(visitors), kinds)
	}
}

// TestInterruptKeepsWhatIsDone: a cancelled simulation returns the context's
// error, and its rows are those of the sessions that were finished.
func TestInterruptKeepsWhatIsDone(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	var rows []world.Event
	sim := loop.Simulation{Market: mustMarket(t), Shopper: shopper.DefaultConfig(), Engine: attention.DefaultConfig(), Policy: "none",
		Shoppers: 40, Minutes: 0.5, Seed: 1, Workers: 2,
		Keep: func(r []world.Event) error { rows = append(rows, r...); return nil },
		Done: func(*loop.Tally) { cancel() }}
	sum, err := sim.Run(ctx)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v", err)
	}
	if sum.Sessions == 0 || sum.Sessions >= 40 || len(rows) == 0 {
		t.Errorf("%d sessions and %d rows are kept", sum.Sessions, len(rows))
	}
}

// TestRecordingOfAWalkReplays: what the shopper went through is replayed equal.
func TestRecordingOfAWalkReplays(t *testing.T) {
	m := mustMarket(t)
	path := filepath.Join(t.TempDir(), "walk.mcap")
	cfg := loop.EngineFor(attention.DefaultConfig(), 1.5)
	w := loop.Walk{Market: m, Shopper: shopper.DefaultConfig(), Policy: "ranker", Seed: 5, PolicySeed: 77, Minutes: 0.5, Engine: cfg, Record: path, Session: "test"}
	if _, err := w.Go(context.Background()); err != nil {
		t.Fatal(err)
	}
	r, err := record.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	policy, err := loop.NewPolicy(r.Header().Policy, m, r.Header().PolicySeed)
	if err != nil {
		t.Fatal(err)
	}
	var again attention.Config
	if err := json.Unmarshal(r.Header().Config, &again); err != nil || !reflect.DeepEqual(again, cfg) {
		t.Fatalf("the recording keeps another configuration: %v", err)
	}
	engine, err := attention.New(again, m.Plan, policy, r.Header().Seed)
	if err != nil {
		t.Fatal(err)
	}
	res, err := record.Replay(r, engine, nil)
	if err != nil || res.Frames < 900 || res.Different != 0 {
		t.Errorf("%+v, %v", res, err)
	}
}

func TestLearnNeedsPeople(t *testing.T) {
	m, err := loop.OpenMarket("demo:seed=3,items=200", 1, "")
	if err != nil {
		t.Fatal(err)
	}
	lesson := loop.Lesson{Shoppers: 24, Minutes: 1, Seed: loop.TrainSeeds, Workers: 2, Shopper: shopper.DefaultConfig(),
		Engine: attention.DefaultConfig(), NoiseDeg: 1.5, Train: train.DefaultConfig()}
	lesson.Train.ALS.Dim, lesson.Train.ALS.Epochs = 8, 2
	if _, err := m.Learn(context.Background(), lesson); err != nil {
		t.Fatal(err)
	}
	if m.Model.Catalogue != m.Catalog.Fingerprint() || m.Note != "" || !strings.Contains(m.ModelName, "24 shoppers") {
		t.Errorf("model of %q, named %q, note %q", m.Model.Catalogue, m.ModelName, m.Note)
	}
	if _, err := loop.NewPolicy("ranker", m, 1); err != nil {
		t.Error(err)
	}
}

func TestGini(t *testing.T) {
	for _, c := range []struct {
		amounts []float64
		want    float64
	}{
		{nil, 0}, {[]float64{0, 0}, 0}, {[]float64{3, 3, 3}, 0}, {[]float64{0, 0, 0, 8}, 0.75}, {[]float64{1, 3}, 0.25},
	} {
		if got := loop.Gini(c.amounts); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("Gini(%v) = %v, want %v", c.amounts, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.SliceOfN(rapid.Float64Range(0, 1e6), 1, 40).Draw(t, "amounts")
		g := loop.Gini(v)
		if g < -1e-9 || g >= 1 {
			t.Fatalf("Gini %v", g)
		}
		twice := slices.Clone(v)
		for i := range twice {
			twice[i] *= 2
		}
		if math.Abs(loop.Gini(twice)-g) > 1e-9 {
			t.Fatal("the unit matters")
		}
	})
}

func TestIntervals(t *testing.T) {
	per := make([]loop.Ratio, 200)
	for i := range per {
		per[i] = loop.Ratio{Num: float64(i % 10), Den: 10}
	}
	e := loop.Share(per, 1)
	if math.Abs(e.Value-0.45) > 1e-12 || e.Low >= e.Value || e.High <= e.Value || e.High-e.Low > 0.12 || e.N != 200 {
		t.Errorf("share %+v", e)
	}
	// SD 0.287 over √200: a 95 % interval of ±0.040.
	if half := (e.High - e.Low) / 2; math.Abs(half-0.040) > 0.006 {
		t.Errorf("half the interval is %.3f, theory says 0.040", half)
	}
	if e != loop.Share(per, 1) {
		t.Error("the same seed gives another interval")
	}
	if d := loop.Difference(per, per, 1); d.Value != 0 || d.Low != 0 || d.High != 0 {
		t.Errorf("a difference to itself of %+v", d)
	}
	none := loop.Share([]loop.Ratio{{}, {}}, 1)
	if !math.IsNaN(none.Value) {
		t.Errorf("a share of nothing is %+v", none)
	}
	if data, err := json.Marshal(none); err != nil || !strings.Contains(string(data), "null") {
		t.Errorf("%s, %v", data, err)
	}
}

// BenchmarkWalk is one shopper's minute in the demo market: divide 60 s by the
// time per operation for the factor over real time.
func BenchmarkWalk(b *testing.B) {
	m, err := loop.OpenMarket("demo", 1, "")
	if err != nil {
		b.Fatal(err)
	}
	crowd := shopper.NewCrowd(shopper.DefaultConfig(), m.Plan)
	for _, policy := range []string{"none", "random", "ranker"} {
		b.Run(policy, func(b *testing.B) {
			b.ReportAllocs()
			seed := uint64(0)
			for b.Loop() {
				seed++
				w := loop.Walk{Market: m, Crowd: crowd, Policy: policy, Seed: seed, Minutes: 1, Engine: attention.DefaultConfig()}
				if _, err := w.Go(context.Background()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(60/b.Elapsed().Seconds()*float64(b.N), "×real-time")
		})
	}
}
