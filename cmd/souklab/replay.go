package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"souk/attention"
	"souk/attention/rank"
	"souk/attention/record"
	"souk/cmd/internal/loop"
)

// replayCmd runs a recorded session through the engine again: with the same
// ranker, to see that every decision is the same to the byte, or with another,
// to see what that would have placed.
type replayCmd struct {
	File      string `arg:"" help:"The recording (.mcap)." type:"path"`
	Ranker    string `help:"Show what this one would have placed instead: ranker, popularity, random or none."`
	Catalogue string `help:"The catalogue, if it is elsewhere than the recording says."`
	Model     string `help:"The model file, if it is elsewhere than the recording says." type:"path"`
	Rows      int    `help:"How many pedestals the table of -ranker shows." default:"20"`
}

// Run is called by kong.
func (c *replayCmd) Run(ctx context.Context) error { return c.run(ctx, os.Stdout) }

func (c *replayCmd) run(ctx context.Context, w io.Writer) error {
	r, err := record.Open(c.File)
	if err != nil {
		return err
	}
	defer r.Close()
	h := r.Header()
	market, err := c.market(&h)
	if err != nil {
		return err
	}
	engine, err := recordedEngine(&h, market)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "Recording %s: session %s, placement by %s, catalogue %s, model %s\n", c.File, orNone(h.Session), orNone(h.Policy), h.Catalogue, orNone(h.Model))
	if c.Ranker != "" {
		return c.other(ctx, r, engine, market, w)
	}
	return c.same(ctx, r, engine, w)
}

// same replays with the same ranker and says whether all decisions are equal.
func (c *replayCmd) same(ctx context.Context, r *record.Reader, engine *attention.Engine, w io.Writer) error {
	start := time.Now()
	res, err := record.Replay(r, engine, func(e *record.Entry, _ *attention.Decision) error {
		if e.Number%1024 == 0 {
			return ctx.Err()
		}
		return nil
	})
	wall := max(time.Since(start).Seconds(), 1e-9)
	if err != nil {
		return fmt.Errorf("replay stopped after %d frames (%d equal, %d different): %w", res.Frames, res.Equal, res.Different, err)
	}
	if res.Truncated {
		fmt.Fprintln(w, "The file ends early: it was cut, or its session was killed. All of it up to there is replayed.")
	}
	fmt.Fprintf(w, "%d decisions equal, %d different; %.1f s of session in %.2f s: %.0f frames a second, %.0f times real time\n",
		res.Equal, res.Different, res.Seconds, wall, float64(res.Frames)/wall, res.Seconds/wall)
	if res.Frames == 0 {
		return fmt.Errorf("%s holds no frame: there is nothing to compare", c.File)
	}
	if res.Different > 0 {
		why := "the engine has changed without its build saying so: look for a map's order, a clock or memory shared between sessions"
		if h := r.Header(); h.Build != loop.Build() {
			why = fmt.Sprintf("the recording was made by build %s, this is %s: replay it with the build that made it", orNone(h.Build), loop.Build())
		}
		return fmt.Errorf("%d of %d decisions differ, first in %s; %s", res.Different, res.Frames, res.First, why)
	}
	return nil
}

// market opens what the recording was made with, and refuses anything else.
func (c *replayCmd) market(h *record.Header) (*loop.Market, error) {
	spec, model := h.Catalogue, h.Model
	if c.Catalogue != "" {
		spec = c.Catalogue
	}
	if model == loop.ModelDemo || model == loop.ModelContent {
		model = ""
	}
	if c.Model != "" {
		model = c.Model
	}
	if spec == "" {
		return nil, fmt.Errorf("the recording %s does not say which catalogue it belongs to: give it with -catalogue", c.File)
	}
	if c.Model == "" && model != "" {
		if _, err := os.Stat(model); err != nil {
			return nil, fmt.Errorf("the recording %s was made with the model %s, which is not there: give its place with -model", c.File, model)
		}
	}
	m, err := loop.OpenMarket(spec, h.PlanSeed, model)
	if err != nil {
		return nil, fmt.Errorf("open what %s was recorded with: %w; -catalogue and -model say where they are now", c.File, err)
	}
	for _, f := range []struct{ what, recorded, is, cure string }{
		{"catalogue " + spec, h.CatalogueFingerprint, m.Catalog.Fingerprint(), "give the catalogue of then with -catalogue"},
		{"floor plan", h.PlanFingerprint, m.Plan.Fingerprint(), "replay it with the build that made it (" + orNone(h.Build) + ")"},
		{"model " + m.ModelName, h.ModelFingerprint, m.Model.Fingerprint, "give the model of then with -model"},
	} {
		if f.recorded != "" && f.is != "" && f.recorded != f.is {
			return nil, fmt.Errorf("the %s is another than %s was recorded with (fingerprint %.12s, then %.12s): %s", f.what, c.File, f.is, f.recorded, f.cure)
		}
	}
	return m, nil
}

// recordedEngine is the engine as it was before the first frame.
func recordedEngine(h *record.Header, m *loop.Market) (*attention.Engine, error) {
	policy, err := recordedPolicy(h, m)
	if err != nil {
		return nil, err
	}
	return engineWith(h, m, policy)
}

func engineWith(h *record.Header, m *loop.Market, policy rank.Policy) (*attention.Engine, error) {
	cfg := attention.DefaultConfig()
	if err := strict(h.Config, &cfg); err != nil {
		return nil, fmt.Errorf("the engine's configuration in the recording: %w; replay it with the build that made it (%s)", err, orNone(h.Build))
	}
	return attention.New(cfg, m.Plan, policy, h.Seed)
}

// recordedPolicy is the policy as it was before the first frame.
func recordedPolicy(h *record.Header, m *loop.Market) (rank.Policy, error) {
	if h.Policy != "ranker" || len(h.PolicyConfig) == 0 {
		p, err := loop.NewPolicy(h.Policy, m, h.PolicySeed)
		if err != nil {
			return nil, fmt.Errorf("the placement in the recording: %w", err)
		}
		return p, nil
	}
	cfg := rank.DefaultConfig()
	cfg.Side, cfg.Itself = false, 0 // a recording that says nothing of them is from before they were there
	if err := strict(h.PolicyConfig, &cfg); err != nil {
		return nil, fmt.Errorf("the ranker's configuration in the recording: %w; replay it with the build that made it (%s)", err, orNone(h.Build))
	}
	r, err := rank.New(m.Model, m.Catalog, cfg, h.PolicySeed)
	if err != nil {
		return nil, fmt.Errorf("make the ranker of the recording: %w", err)
	}
	return r, nil
}

// strict reads JSON over v; a field that v does not have is an error, for it
// would be ignored where it once counted. Nothing to read changes nothing.
func strict(data json.RawMessage, v any) error {
	if len(data) == 0 {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	return d.Decode(v)
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
