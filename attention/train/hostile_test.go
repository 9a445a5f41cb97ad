package train_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"souk/attention/train"
	"souk/attention/train/table"
	"souk/world"
)

func TestATrainingGoesOnWhereItWasStoppedAndEndsWithTheSameBytes(t *testing.T) {
	cfg := train.DefaultConfig()
	cfg.ALS.Dim, cfg.ALS.Epochs = 8, 5
	cfg.Latent.Dim, cfg.Latent.Rounds = 0, 4
	t.Run("als", func(t *testing.T) { goesOn(t, cfg) })
	cfg.Latent.Dim = 6
	t.Run("tastes", func(t *testing.T) { goesOn(t, cfg) })
}

func goesOn(t *testing.T, cfg train.Config) {
	c := mustGenerate(t, 120)
	events := population(c, 80, 60, 8)
	whole, _, err := train.Train(t.Context(), events, c, cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := mustWrite(t, whole)
	for stop := 1; stop <= 9; stop += 2 {
		cfg.Work = filepath.Join(t.TempDir(), "m.work")
		ctx, cancel := context.WithCancel(t.Context())
		seen := 0
		_, rep, err := train.Train(ctx, events, c, cfg, func(train.Progress) {
			if seen++; seen == stop {
				cancel()
			}
		})
		cancel()
		if err != nil {
			t.Fatalf("stopped after %d epochs: %v", stop, err)
		}
		if !rep.Interrupted {
			continue // it was over before
		}
		m, rep, err := train.Train(t.Context(), events, c, cfg, nil)
		if err != nil {
			t.Fatal(err)
		}
		if rep.Resumed == 0 {
			t.Errorf("stopped after %d epochs: it began anew", stop)
		}
		if !bytes.Equal(mustWrite(t, m), want) {
			t.Errorf("stopped after %d epochs and gone on: other bytes than in one go", stop)
		}
		if _, err := os.Stat(cfg.Work); err == nil {
			t.Error("the work file is still there")
		}
	}
}

func TestTheWorkOfAnotherTrainingIsNotTaken(t *testing.T) {
	c := mustGenerate(t, 60)
	cfg := train.DefaultConfig()
	cfg.ALS.Dim, cfg.ALS.Epochs = 4, 3
	cfg.Work = filepath.Join(t.TempDir(), "m.work")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if _, _, err := train.Train(ctx, population(c, 60, 40, 1), c, cfg, func(train.Progress) { cancel() }); err != nil {
		t.Fatal(err)
	}
	_, rep, err := train.Train(t.Context(), population(c, 60, 40, 2), c, cfg, nil)
	if err != nil || rep.Resumed != 0 {
		t.Errorf("other data: %d epochs taken over, %v", rep.Resumed, err)
	}
	if err := os.WriteFile(cfg.Work, []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, rep, err := train.Train(t.Context(), population(c, 60, 40, 2), c, cfg, nil); err != nil || rep.Resumed != 0 {
		t.Errorf("a damaged work file: %+v, %v", rep, err)
	}
}

func TestLogsOfNextToNothingAreTrainedOnOrRefusedInASentence(t *testing.T) {
	c := mustGenerate(t, 30)
	like := func(visitor string, item int, at float64) world.Event {
		return world.Event{Visitor: visitor, Session: visitor, Kind: world.EventLike, Item: c.Items[item].ID, Time: at}
	}
	cfg := train.DefaultConfig()
	cfg.ALS.Dim = 4
	var ten, oneUser, oneItem []world.Event
	for k := range 30 {
		if k < 10 {
			ten = append(ten, like(fmt.Sprint("v", k), k, float64(k)))
		}
		oneUser = append(oneUser, like("v", k, float64(60*k)))
		oneItem = append(oneItem, like(fmt.Sprint("v", k), 7, float64(k)))
	}
	for name, events := range map[string][]world.Event{"ten events": ten, "one user": oneUser, "one item": oneItem} {
		m, rep, err := train.Train(t.Context(), events, c, cfg, nil)
		if err != nil || m.Check() != nil || rep.Note == "" {
			t.Errorf("%s: %+v, %v", name, rep, err)
		}
	}
	for name, events := range map[string][]world.Event{"no events": nil, "unknown items": {{Visitor: "v", Kind: world.EventLike, Item: "gone"}}} {
		if _, _, err := train.Train(t.Context(), events, c, cfg, nil); err == nil || !strings.Contains(err.Error(), "check that the events and the catalogue belong together") {
			t.Errorf("%s: %v", name, err)
		}
	}
	one := mustGenerate(t, 1)
	if m, _, err := train.Train(t.Context(), []world.Event{{Visitor: "v", Kind: world.EventLike, Item: one.Items[0].ID}}, one, cfg, nil); err != nil || m.Check() != nil {
		t.Errorf("a catalogue of one item: %v", err)
	}
}

func TestJumpsOfTheClockAndIdleRowsAreCounted(t *testing.T) {
	c := mustGenerate(t, 20)
	row := func(session string, at float64) world.Event {
		return world.Event{Visitor: "v", Session: session, Kind: world.EventLike, Item: c.Items[1].ID, Time: at}
	}
	idle := row("a", 5)
	idle.Kind, idle.InView = world.EventExposure, 5000
	_, got := train.Clean([]world.Event{row("a", 1), row("a", 2), row("a", 3), row("a", 9e8), row("a", -9e8), row("b", 9e8), row("", 5e8), idle}, c, train.DefaultClean())
	if got.Kept != 5 || got.Refused[train.ClockJump] != 2 || got.Refused[train.Idle] != 1 {
		t.Errorf("%v", got)
	}
}

func TestAnEventLogIsReadAlikeInEveryForm(t *testing.T) {
	c := mustGenerate(t, 40)
	events := population(c, 10, 20, 3)
	dir := t.TempDir()
	var text bytes.Buffer
	if err := train.WriteCSV(&text, events); err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write(text.Bytes()) //nolint:errcheck // into memory
	z.Close()
	w, err := table.WriteEvents(filepath.Join(dir, "e.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range events {
		if err := w.Event(&events[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	parquet, err := os.ReadFile(filepath.Join(dir, "e.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	for name, whole := range map[string][]byte{"e.csv": text.Bytes(), "e.csv.gz": packed.Bytes(), "e.parquet": parquet} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, whole, 0o600); err != nil {
			t.Fatal(err)
		}
		got, rep, err := train.ReadFiles(path)
		if err != nil || rep.Bad != 0 {
			t.Fatalf("%s: %+v, %v", name, rep, err)
		}
		if diff := cmp.Diff(events, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if err := os.WriteFile(path, whole[:len(whole)*2/3], 0o600); err != nil {
			t.Fatal(err)
		}
		got, rep, err = train.ReadFiles(path)
		if name == "e.csv" { // whole rows are rows; the one that was cut is named
			if err != nil || rep.Bad != 1 || !strings.Contains(rep.First[0].Reason, "cut") || len(got) != rep.Rows-1 {
				t.Errorf("%s, cut: %d rows, %+v, %v", name, len(got), rep, err)
			}
		} else if err == nil || !strings.Contains(err.Error(), "cut") || !strings.Contains(err.Error(), name) {
			t.Errorf("%s, cut: %v", name, err)
		}
	}
}

func TestFactorsOfAnotherProgramBecomeAModel(t *testing.T) {
	c := mustGenerate(t, 150)
	l := train.NewLog(c)
	events := population(c, 150, 60, 4)
	for i := range events {
		l.Append(&events[i])
	}
	cfg := train.DefaultConfig()
	cfg.ALS.Dim, cfg.ALS.Epochs, cfg.Latent.Dim = 8, 6, 0
	ours, rep, err := train.TrainLog(t.Context(), l, cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	factors := append([]float32(nil), ours.Factors...)
	clear(factors[5*8 : 6*8]) // as an item without a rating
	m, adopted, err := train.Adopt(t.Context(), l, factors, 8, 100, cfg)
	if err != nil || m.Check() != nil {
		t.Fatal(err)
	}
	if !(adopted.Metrics[0].NDCG.Mean > rep.Metrics[1].NDCG.High) || adopted.Judged != rep.Judged {
		t.Errorf("adopted factors are no better than popularity:\n%s%s", rep.Table(), adopted.Table())
	}
	norm := float32(0)
	for _, x := range m.Factors[5*8 : 6*8] {
		norm += x * x
	}
	if norm == 0 {
		t.Error("the item without factors has none of its content either")
	}
	if _, _, err := train.Adopt(t.Context(), l, factors[:80], 8, 100, cfg); err == nil || !strings.Contains(err.Error(), "150 items") {
		t.Errorf("factors of other items: %v", err)
	}
	if _, err := train.Bare(c, factors, 8, 0, cfg); err == nil || !strings.Contains(err.Error(), "alpha") {
		t.Errorf("alpha 0: %v", err)
	}
	if m, err := train.Bare(c, factors, 8, 10, cfg); err != nil || m.Base != 0.1 {
		t.Errorf("%+v, %v", m, err)
	}
}
