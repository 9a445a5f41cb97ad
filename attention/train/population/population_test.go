package population_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"souk/attention/train"
	"souk/attention/train/population"
	"souk/world"
	"souk/world/catalog"
)

func draw(t *testing.T, c *catalog.Catalog, cfg population.Config) []world.Event {
	t.Helper()
	var rows []world.Event
	if err := population.Draw(t.Context(), c, cfg, func(ev *world.Event) error {
		rows = append(rows, *ev)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestTheTasteOfADrawnPopulationCanBeLearned(t *testing.T) {
	c, err := catalog.Generate(500, 1)
	if err != nil {
		t.Fatal(err)
	}
	rows := draw(t, c, population.Config{People: 400, Events: 40_000, Seed: 1})
	if len(rows) != 40_000 {
		t.Errorf("%d rows", len(rows))
	}
	cfg := train.DefaultConfig()
	cfg.ALS.Dim, cfg.ALS.Epochs = 16, 6
	_, rep, err := train.Train(t.Context(), rows, c, cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	if rep.Cleaning.Kept != rep.Cleaning.Rows {
		t.Errorf("clean rows are refused: %v", rep.Cleaning)
	}
	if !(rep.Metrics[0].NDCG.Low > rep.Metrics[1].NDCG.High) {
		t.Errorf("the model is not ahead of popularity:\n%s", rep.Table())
	}
}

func TestDirtIsFoundByReason(t *testing.T) {
	c, err := catalog.Generate(200, 1)
	if err != nil {
		t.Fatal(err)
	}
	cfg := population.Config{People: 500, Events: 50_000, Seed: 2, Dirt: 0.05}
	rows := draw(t, c, cfg)
	_, cleaning := train.Clean(rows, c, train.DefaultClean())
	for _, reason := range []train.Reason{train.UnknownItem, train.BadDwell, train.Duplicate, train.Idle, train.ClockJump, train.Robot} {
		if cleaning.Refused[reason] == 0 {
			t.Errorf("no row is refused as %v: %v", reason, cleaning)
		}
	}
	if cleaning.Kept < 49_900 || cleaning.Kept > 50_000 {
		t.Errorf("50,000 good rows, kept are %v", cleaning)
	}
	if diff := cmp.Diff(rows[:1000], draw(t, c, cfg)[:1000]); diff != "" {
		t.Errorf("the same seed gives other rows: %s", diff)
	}
}

func TestDrawingStopsWhenItIsTold(t *testing.T) {
	c, err := catalog.Generate(20, 1)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cfg := population.Config{People: 100, Events: 1000, Seed: 1}
	if err := population.Draw(ctx, c, cfg, func(*world.Event) error { cancel(); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	full := errors.New("full")
	if err := population.Draw(t.Context(), c, cfg, func(*world.Event) error { return full }); !errors.Is(err, full) {
		t.Errorf("error %v", err)
	}
	cfg.Dirt = 2
	if err := population.Draw(t.Context(), c, cfg, nil); err == nil {
		t.Error("a share of 2 is accepted")
	}
}
